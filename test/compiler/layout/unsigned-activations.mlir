// qnn-unsigned-activations: signed 8-bit activations become unsigned ones where only operators that use code - zero see
// them.
// RUN: %qcc-opt %s --pass-pipeline='builtin.module(func.func(qnn-unsigned-activations))' | FileCheck %s
// Twice is once.
// RUN: %qcc-opt %s --pass-pipeline='builtin.module(func.func(qnn-unsigned-activations))' > %t
// RUN: %qcc-opt %t --pass-pipeline='builtin.module(func.func(qnn-unsigned-activations))' | diff %t -

!x = !quant.uniform<i8:f32, 5.0e-01:-128>
!y = !quant.uniform<i8:f32, 2.5e-01:3>
!narrow = !quant.uniform<i8<-127:127>:f32, 2.5e-01>
!w = !quant.uniform<i8<-127:127>:f32:0, {1.0, 0.25}>
!u = !quant.uniform<u8:f32, 2.5e-01:7>
!x4 = !quant.uniform<i4:f32, 2.5e-01:1>
!x16 = !quant.uniform<i16:f32, 2.5e-01>
!small = !quant.uniform<i8:f32, 1.0e-06:3>
!tiny = !quant.uniform<i8:f32, 1.0e-08:3>
!half = !quant.uniform<i8:f32, 3.906250e-03:-128>

// Codes and zero point move by 128, and so do the bounds of the storage. Inputs, results and weights stay.
// CHECK-LABEL: func @moves
// CHECK-SAME: (%{{.*}}: tensor<1x2x2x2x!quant.uniform<i8:f32, 5.000000e-01:-128>>) -> tensor<1x2x2x2x!quant.uniform<i8:f32, 2.500000e-01:3>>
func.func @moves(%x: tensor<1x2x2x2x!x>) -> tensor<1x2x2x2x!y> {
  // CHECK: qnn.constant {{.*}}tensor<2x1x1x2x!quant.uniform<i8<-127:127>:f32:0, {1.000000e+00,2.500000e-01}>>
  %w = qnn.constant dense<1> : tensor<2x1x1x2xi8> : tensor<2x1x1x2x!w>
  // CHECK: qnn.conv2d {{.*}} -> tensor<1x2x2x2x!quant.uniform<u8:f32, 2.500000e-01:131>>
  %0 = qnn.conv2d %x, %w : (tensor<1x2x2x2x!x>, tensor<2x1x1x2x!w>) -> tensor<1x2x2x2x!y>
  // CHECK: qnn.conv2d {{.*}}(tensor<1x2x2x2x!quant.uniform<u8:f32, 2.500000e-01:131>>, {{.*}} -> tensor<1x2x2x2x!quant.uniform<u8<1:255>:f32, 2.500000e-01:128>>
  %1 = qnn.conv2d %0, %w : (tensor<1x2x2x2x!y>, tensor<2x1x1x2x!w>) -> tensor<1x2x2x2x!narrow>
  // CHECK: qnn.add {{.*}} -> tensor<1x2x2x2x!quant.uniform<u8:f32, 5.000000e-01>>
  %2 = qnn.add %0, %1 : (tensor<1x2x2x2x!y>, tensor<1x2x2x2x!narrow>) -> tensor<1x2x2x2x!x>
  // CHECK: qnn.conv2d {{.*}} -> tensor<1x2x2x2x!quant.uniform<i8:f32, 2.500000e-01:3>>
  %3 = qnn.conv2d %2, %w : (tensor<1x2x2x2x!x>, tensor<2x1x1x2x!w>) -> tensor<1x2x2x2x!y>
  return %3 : tensor<1x2x2x2x!y>
}

// Formats that are no signed 8 bits stay: unsigned codes, other widths, accumulators, floats.
// CHECK-LABEL: func @others
func.func @others(%x: tensor<1x2x!x>) -> (tensor<1x2x!y>, tensor<1x2x!y>, tensor<1x2x!y>, tensor<1x2xf32>) {
  %w = qnn.constant dense<1> : tensor<2x2xi8> : tensor<2x2x!w>
  // CHECK: qnn.dense {{.*}} -> tensor<1x2x!quant.uniform<u8:f32, 2.500000e-01:7>>
  %0 = qnn.dense %x, %w : (tensor<1x2x!x>, tensor<2x2x!w>) -> tensor<1x2x!u>
  // CHECK: qnn.dense {{.*}} -> tensor<1x2x!quant.uniform<i4:f32, 2.500000e-01:1>>
  %1 = qnn.dense %x, %w : (tensor<1x2x!x>, tensor<2x2x!w>) -> tensor<1x2x!x4>
  // CHECK: qnn.dense {{.*}} -> tensor<1x2x!quant.uniform<i16:f32, 2.500000e-01>>
  %2 = qnn.dense %x, %w : (tensor<1x2x!x>, tensor<2x2x!w>) -> tensor<1x2x!x16>
  %3 = qnn.dense %0, %w : (tensor<1x2x!u>, tensor<2x2x!w>) -> tensor<1x2x!y>
  %4 = qnn.dense %1, %w : (tensor<1x2x!x4>, tensor<2x2x!w>) -> tensor<1x2x!y>
  %5 = qnn.dense %2, %w : (tensor<1x2x!x16>, tensor<2x2x!w>) -> tensor<1x2x!y>
  // CHECK: qnn.dense {{.*}} -> tensor<1x2xf32>
  %6 = qnn.dense %x, %w : (tensor<1x2x!x>, tensor<2x2x!w>) -> tensor<1x2xf32>
  return %3, %4, %5, %6 : tensor<1x2x!y>, tensor<1x2x!y>, tensor<1x2x!y>, tensor<1x2xf32>
}

// A mean of codes rounds away from zero, so it is another number for other codes: what it reads and gives stays.
// CHECK-LABEL: func @average_pool
func.func @average_pool(%x: tensor<1x2x2x2x!x>) -> tensor<1x1x1x2x!y> {
  %w = qnn.constant dense<1> : tensor<2x1x1x2xi8> : tensor<2x1x1x2x!w>
  // CHECK: qnn.conv2d {{.*}} -> tensor<1x2x2x2x!quant.uniform<i8:f32, 2.500000e-01:3>>
  %0 = qnn.conv2d %x, %w : (tensor<1x2x2x2x!x>, tensor<2x1x1x2x!w>) -> tensor<1x2x2x2x!y>
  // CHECK: qnn.avg_pool2d {{.*}} -> tensor<1x1x1x2x!quant.uniform<i8:f32, 2.500000e-01:3>>
  %1 = qnn.avg_pool2d %0 {kernel = array<i64: 2, 2>} : (tensor<1x2x2x2x!y>) -> tensor<1x1x1x2x!y>
  %2 = qnn.conv2d %1, %w : (tensor<1x1x1x2x!y>, tensor<2x1x1x2x!w>) -> tensor<1x1x1x2x!y>
  return %2 : tensor<1x1x1x2x!y>
}

// Maximum pools, reshapes and concatenations have one format: all of a class move ...
// CHECK-LABEL: func @class_moves
func.func @class_moves(%x: tensor<1x2x2x2x!x>) -> tensor<1x2x!y> {
  %w = qnn.constant dense<1> : tensor<2x1x1x2xi8> : tensor<2x1x1x2x!w>
  %v = qnn.constant dense<1> : tensor<2x4xi8> : tensor<2x4x!w>
  %0 = qnn.conv2d %x, %w : (tensor<1x2x2x2x!x>, tensor<2x1x1x2x!w>) -> tensor<1x2x2x2x!y>
  %1 = qnn.conv2d %x, %w : (tensor<1x2x2x2x!x>, tensor<2x1x1x2x!w>) -> tensor<1x2x2x2x!y>
  // CHECK: qnn.concat {{.*}}u8{{.*}}u8{{.*}} -> tensor<1x2x2x4x!quant.uniform<u8:f32, 2.500000e-01:131>>
  %2 = qnn.concat %0, %1 {axis = 3} : (tensor<1x2x2x2x!y>, tensor<1x2x2x2x!y>) -> tensor<1x2x2x4x!y>
  // CHECK: qnn.max_pool2d {{.*}} -> tensor<1x1x1x4x!quant.uniform<u8:f32, 2.500000e-01:131>>
  %3 = qnn.max_pool2d %2 {kernel = array<i64: 2, 2>} : (tensor<1x2x2x4x!y>) -> tensor<1x1x1x4x!y>
  // CHECK: qnn.reshape {{.*}} -> tensor<1x4x!quant.uniform<u8:f32, 2.500000e-01:131>>
  %4 = qnn.reshape %3 : (tensor<1x1x1x4x!y>) -> tensor<1x4x!y>
  %5 = qnn.dense %4, %v : (tensor<1x4x!y>, tensor<2x4x!w>) -> tensor<1x2x!y>
  return %5 : tensor<1x2x!y>
}

// ... or none does: one value of this class is an input of the model.
// CHECK-LABEL: func @class_stays
// CHECK-NOT: <u8
func.func @class_stays(%x: tensor<1x2x2x2x!y>) -> tensor<1x2x2x2x!y> {
  %w = qnn.constant dense<1> : tensor<2x1x1x2xi8> : tensor<2x1x1x2x!w>
  %v = qnn.constant dense<1> : tensor<2x1x1x4xi8> : tensor<2x1x1x4x!w>
  %0 = qnn.conv2d %x, %w : (tensor<1x2x2x2x!y>, tensor<2x1x1x2x!w>) -> tensor<1x2x2x2x!y>
  %1 = qnn.concat %0, %x {axis = 3} : (tensor<1x2x2x2x!y>, tensor<1x2x2x2x!y>) -> tensor<1x2x2x4x!y>
  %2 = qnn.conv2d %1, %v : (tensor<1x2x2x4x!y>, tensor<2x1x1x4x!w>) -> tensor<1x2x2x2x!y>
  return %2 : tensor<1x2x2x2x!y>
}

// A value that a caller sees stays, although operators read it, too.
// CHECK-LABEL: func @result_is_read
func.func @result_is_read(%x: tensor<1x2x!x>) -> (tensor<1x2x!y>, tensor<1x2x!half>) {
  %w = qnn.constant dense<1> : tensor<2x2xi8> : tensor<2x2x!w>
  // CHECK: qnn.dense {{.*}} -> tensor<1x2x!quant.uniform<i8:f32, 2.500000e-01:3>>
  %0 = qnn.dense %x, %w : (tensor<1x2x!x>, tensor<2x2x!w>) -> tensor<1x2x!y>
  // CHECK: qnn.dense {{.*}} -> tensor<1x2x!quant.uniform<u8:f32, 2.500000e-01:131>>
  %1 = qnn.dense %0, %w : (tensor<1x2x!y>, tensor<2x2x!w>) -> tensor<1x2x!y>
  %2 = qnn.softmax %1 : (tensor<1x2x!y>) -> tensor<1x2x!half>
  return %0, %2 : tensor<1x2x!y>, tensor<1x2x!half>
}

// A number that a zero point makes wrap is another code with another zero point. With this multiplier, bias or the sums have
// to be large for it, or both not known.
// CHECK-LABEL: func @wraps
func.func @wraps(%x: tensor<1x2x!x>, %unknown: tensor<2xi32>) -> (tensor<1x2x!y>, tensor<1x2x!y>, tensor<1x2x!y>) {
  %w = qnn.constant dense<1> : tensor<2x2xi8> : tensor<2x2x!w>
  %large = qnn.constant dense<[0, 2147483647]> : tensor<2xi32> : tensor<2xi32>
  %small = qnn.constant dense<[0, 1000000]> : tensor<2xi32> : tensor<2xi32>
  // CHECK: qnn.dense {{.*}} -> tensor<1x2x!quant.uniform<i8:f32, 2.500000e-01:3>>
  %0 = qnn.dense %x, %w bias %large : (tensor<1x2x!x>, tensor<2x2x!w>, tensor<2xi32>) -> tensor<1x2x!y>
  // CHECK: qnn.dense {{.*}} -> tensor<1x2x!quant.uniform<i8:f32, 2.500000e-01:3>>
  %1 = qnn.dense %x, %w bias %unknown : (tensor<1x2x!x>, tensor<2x2x!w>, tensor<2xi32>) -> tensor<1x2x!y>
  // CHECK: qnn.dense {{.*}} -> tensor<1x2x!quant.uniform<u8:f32, 2.500000e-01:131>>
  %2 = qnn.dense %x, %w bias %small : (tensor<1x2x!x>, tensor<2x2x!w>, tensor<2xi32>) -> tensor<1x2x!y>
  %3 = qnn.dense %0, %w : (tensor<1x2x!y>, tensor<2x2x!w>) -> tensor<1x2x!y>
  %4 = qnn.dense %1, %w : (tensor<1x2x!y>, tensor<2x2x!w>) -> tensor<1x2x!y>
  %5 = qnn.dense %2, %w : (tensor<1x2x!y>, tensor<2x2x!w>) -> tensor<1x2x!y>
  return %3, %4, %5 : tensor<1x2x!y>, tensor<1x2x!y>, tensor<1x2x!y>
}

// The same of sums, whose operands would have to be millions of times as large as the result's unit.
// CHECK-LABEL: func @sums_wrap
func.func @sums_wrap(%x: tensor<1x2x!x>) -> (tensor<1x2x!y>, tensor<1x2x!y>) {
  %w = qnn.constant dense<1> : tensor<2x2xi8> : tensor<2x2x!w>
  // CHECK: qnn.add {{.*}} -> tensor<1x2x!quant.uniform<i8:f32, {{.*}}>>
  %0 = qnn.add %x, %x : (tensor<1x2x!x>, tensor<1x2x!x>) -> tensor<1x2x!tiny>
  // CHECK: qnn.add {{.*}} -> tensor<1x2x!quant.uniform<u8:f32, {{.*}}>>
  %1 = qnn.add %x, %x : (tensor<1x2x!x>, tensor<1x2x!x>) -> tensor<1x2x!small>
  %2 = qnn.dense %0, %w : (tensor<1x2x!tiny>, tensor<2x2x!w>) -> tensor<1x2x!y>
  %3 = qnn.dense %1, %w : (tensor<1x2x!small>, tensor<2x2x!w>) -> tensor<1x2x!y>
  return %2, %3 : tensor<1x2x!y>, tensor<1x2x!y>
}

// CHECK: func private @declared(tensor<1x!quant.uniform<i8:f32, 2.500000e-01:3>>)
func.func private @declared(tensor<1x!y>)
