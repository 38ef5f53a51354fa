// qnn-fold-thresholds: what stands between integer sums and codes of more than four bits becomes a rescaling of the sums.
// RUN: %qcc-opt %s --split-input-file --qnn-fold-thresholds --verify-diagnostics | FileCheck %s

// Sums are 8 to 12 with their bias, and codes 20 to 30. A falling channel has negated weights. A gamma of 0 gives one code.
// CHECK-LABEL: func.func @batch_norm
// CHECK:         %[[W:.*]] = qnn.constant dense_resource<w> : tensor<1xi8>
// CHECK:         %[[S:.*]] = qnn.dense %{{.*}}, %[[W]] : (tensor<1x2x!qnn.binary>, tensor<3x2x!qnn.binary>) -> tensor<1x3xi32>
// CHECK-NEXT:    %[[Y:.*]] = qnn.rescale %[[S]] {
// CHECK-SAME:      high = array<i32: 30, -20, 5>, low = array<i32: 20, -30, 5>, multiplier = array<i32: {{[1-9][0-9]*}}, {{[1-9][0-9]*}}, 0>
// CHECK-SAME:      : (tensor<1x3xi32>) -> tensor<1x3x!quant.uniform<i8:f32, 1.000000e+00>>
// CHECK-NEXT:    return %[[Y]]
// CHECK:         w: "0x0800000033"
!i8 = !quant.uniform<i8:f32, 1.0>
func.func @batch_norm(%x: tensor<1x2x!qnn.binary>) -> tensor<1x3x!i8> {
  %w = qnn.constant dense<63> : tensor<1xi8> {name = "w"} : tensor<3x2x!qnn.binary>
  %bias = qnn.constant dense<10> : tensor<3xi32> : tensor<3xi32>
  %gamma = qnn.constant dense<[2.5, -2.5, 0.0]> : tensor<3xf32> : tensor<3xf32>
  %beta = qnn.constant dense<[0.0, 0.0, 5.0]> : tensor<3xf32> : tensor<3xf32>
  %mean = qnn.constant dense<0.0> : tensor<3xf32> : tensor<3xf32>
  %variance = qnn.constant dense<1.0> : tensor<3xf32> : tensor<3xf32>
  %0 = qnn.dense %x, %w bias %bias : (tensor<1x2x!qnn.binary>, tensor<3x2x!qnn.binary>, tensor<3xi32>) -> tensor<1x3xf32>
  %1 = qnn.batch_norm %0, %gamma, %beta, %mean, %variance {epsilon = 0.0} : (tensor<1x3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<1x3xf32>
  %2 = qnn.quantize %1 : (tensor<1x3xf32>) -> tensor<1x3x!i8>
  return %2 : tensor<1x3x!i8>
}

// -----

// A pool of sums before what falls, and of codes behind what rises.
// CHECK-LABEL: func.func @pools
// CHECK:         %[[S:.*]] = qnn.conv2d
// CHECK:         %[[C:.*]] = qnn.rescale %[[S]]
// CHECK-NEXT:    qnn.max_pool2d %[[C]]
// CHECK:         %[[S:.*]] = qnn.conv2d
// CHECK-NEXT:    %[[P:.*]] = qnn.max_pool2d %[[S]] {{.*}} -> tensor<1x1x1x1xi32>
// CHECK-NEXT:    qnn.rescale %[[P]] {{.*}}falling = array<i1: true>
!u8 = !quant.uniform<u8:f32, 0.3:100>
func.func @pools(%x: tensor<1x2x2x8x!qnn.binary>) -> (tensor<1x1x1x1x!u8>, tensor<1x1x1x1x!u8>) {
  %w = qnn.constant dense<-86> : tensor<1xi8> : tensor<1x1x1x8x!qnn.binary>
  %minus = qnn.constant dense<-1.0> : tensor<f32> : tensor<f32>
  %0 = qnn.conv2d %x, %w : (tensor<1x2x2x8x!qnn.binary>, tensor<1x1x1x8x!qnn.binary>) -> tensor<1x2x2x1xf32>
  %1 = qnn.max_pool2d %0 {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x2x2x1xf32>) -> tensor<1x1x1x1xf32>
  %2 = qnn.quantize %1 : (tensor<1x1x1x1xf32>) -> tensor<1x1x1x1x!u8>
  %s = qnn.conv2d %x, %w : (tensor<1x2x2x8x!qnn.binary>, tensor<1x1x1x8x!qnn.binary>) -> tensor<1x2x2x1xf32>
  %p = qnn.max_pool2d %s {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x2x2x1xf32>) -> tensor<1x1x1x1xf32>
  %n = qnn.mul %p, %minus : (tensor<1x1x1x1xf32>, tensor<f32>) -> tensor<1x1x1x1xf32>
  %q = qnn.quantize %n : (tensor<1x1x1x1xf32>) -> tensor<1x1x1x1x!u8>
  return %2, %q : tensor<1x1x1x1x!u8>, tensor<1x1x1x1x!u8>
}

// -----

// Integers all the way are left as they are, and so is what has too many sums to ask for each.
// CHECK-LABEL: func.func @left
// CHECK-NOT:     qnn.rescale
!i8 = !quant.uniform<i8:f32, 1.0>
func.func @left(%x: tensor<1x8x!qnn.binary>, %y: tensor<1x8x!i8>) -> (tensor<1x1x!i8>, tensor<1x1x!i8>) {
  %w = qnn.constant dense<-86> : tensor<1xi8> : tensor<1x8x!qnn.binary>
  %0 = qnn.dense %x, %w : (tensor<1x8x!qnn.binary>, tensor<1x8x!qnn.binary>) -> tensor<1x1x!i8>
  %v = qnn.constant dense<100> : tensor<1x8xi8> : tensor<1x8x!i8>
  %1 = qnn.dense %y, %v : (tensor<1x8x!i8>, tensor<1x8x!i8>) -> tensor<1x1xf32>
  %2 = qnn.quantize %1 : (tensor<1x1xf32>) -> tensor<1x1x!i8>
  return %0, %2 : tensor<1x1x!i8>, tensor<1x1x!i8>
}

// -----

// Two lines for what bends.
// CHECK-LABEL: func.func @bent
// CHECK:         qnn.rescale {{.*}}exponent = array<i32: -{{[0-9]+}}, -{{[0-9]+}}>, {{.*}}high = array<i32: 8>, knee = array<i32: {{-?[0-9]+}}>, low = array<i32: -2>
!i8 = !quant.uniform<i8:f32, 1.0>
func.func @bent(%x: tensor<1x8x!qnn.binary>) -> tensor<1x1x!i8> {
  %w = qnn.constant dense<-86> : tensor<1xi8> : tensor<1x8x!qnn.binary>
  %0 = qnn.dense %x, %w : (tensor<1x8x!qnn.binary>, tensor<1x8x!qnn.binary>) -> tensor<1x1xf32>
  %1 = qnn.leaky_relu %0 {alpha = 0.25 : f64} : (tensor<1x1xf32>) -> tensor<1x1xf32>
  %2 = qnn.quantize %1 : (tensor<1x1xf32>) -> tensor<1x1x!i8>
  return %2 : tensor<1x1x!i8>
}

// -----

// Steps that lie on no two lines.
// CHECK-LABEL: func.func @bent_twice
// CHECK-NOT:     qnn.rescale
!i8 = !quant.uniform<i8:f32, 1.0>
func.func @bent_twice(%x: tensor<1x40x!qnn.binary>) -> tensor<1x1x!i8> {
  %w = qnn.constant dense<"0x0123456789"> : tensor<5xi8> : tensor<1x40x!qnn.binary>
  %ten = qnn.constant dense<10.0> : tensor<f32> : tensor<f32>
  %0 = qnn.dense %x, %w : (tensor<1x40x!qnn.binary>, tensor<1x40x!qnn.binary>) -> tensor<1x1xf32>
  %1 = qnn.leaky_relu %0 {alpha = 0.5 : f64} : (tensor<1x1xf32>) -> tensor<1x1xf32>
  %2 = qnn.add %1, %ten : (tensor<1x1xf32>, tensor<f32>) -> tensor<1x1xf32>
  %3 = qnn.leaky_relu %2 {alpha = 0.5 : f64} : (tensor<1x1xf32>) -> tensor<1x1xf32>
  // expected-remark @+1 {{stays f32: no rescaling of integer sums found that gives all codes of 1 of 1 channels, in channel 0 not that of sum}}
  %4 = qnn.quantize %3 : (tensor<1x1xf32>) -> tensor<1x1x!i8>
  return %4 : tensor<1x1x!i8>
}
