// convert-qnn-to-qk: each operator becomes kernels on stored codes.
// RUN: %qcc-opt %s --convert-qnn-to-qk | FileCheck %s

!act = !quant.uniform<i8:f32, 5.0e-01:-128>
!out = !quant.uniform<i8:f32, 2.5e-01:3>
!perAxis = !quant.uniform<i8<-127:127>:f32:0, {1.0, 0.25}>
!zeros = !quant.uniform<u8:f32:0, {1.0:128, 1.0:127}>
!four = !quant.uniform<i4:f32, 1.0:3>

// The types of the interface stay as attributes; per-channel shifts are an operand, equal multipliers a constant.
// CHECK-LABEL: func @conv2d
// CHECK-SAME: (%[[X:.*]]: tensor<1x4x4x2xi8> {qnn.type = tensor<1x4x4x2x!quant.uniform<i8:f32, 5.000000e-01:-128>>})
// CHECK-SAME: -> (tensor<1x2x2x2xi8> {qnn.type = tensor<1x2x2x2x!quant.uniform
func.func @conv2d(%x: tensor<1x4x4x2x!act>) -> tensor<1x2x2x2x!out> {
  // CHECK: %[[W:.*]] = qk.constant dense<1> : tensor<2x3x3x2xi8> {name = "w"} : tensor<2x3x3x2xi8>
  %w = qnn.constant dense<1> : tensor<2x3x3x2xi8> {name = "w"} : tensor<2x3x3x2x!perAxis>
  // CHECK: %[[B:.*]] = qk.constant dense<[1, 2]> : tensor<2xi32>
  %b = qnn.constant dense<[1, 2]> : tensor<2xi32> : tensor<2xi32>
  // 1.0 * 0.5 / 0.25 = 2 = 0.5 * 2^2; 0.25 * 0.5 / 0.25 = 0.5 * 2^0
  // CHECK: %[[L:.*]] = qk.constant dense<[2, 0]> : tensor<2xi8> {name = "w.left"}
  // CHECK: %[[INIT:.*]] = tensor.empty() : tensor<1x2x2x2xi8>
  // CHECK: qk.contract(%[[X]], %[[W]] params %[[B]], %[[L]] into %[[INIT]])
  // CHECK-SAME: lhs_zero = -128
  // CHECK-SAME: rhs_strides = array<i64: 0, 18, 6, 2, 1>
  // CHECK-SAME: window = #qk.window<batch = 1, input = [4, 4], output = [2, 2], kernel = [3, 3], strides = [2, 2], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 2]>
  // CHECK: ^bb0(%[[ACC:.*]]: i32, %[[BIAS:.*]]: i32, %[[LEFT:.*]]: i8):
  // CHECK: %[[SUM:.*]] = arith.addi %[[ACC]], %[[BIAS]]
  // CHECK: %[[M:.*]] = arith.constant 1073741824
  // CHECK: %[[SHIFT:.*]] = arith.extui %[[LEFT]]
  // CHECK: %[[R:.*]] = arith.constant 0
  // CHECK: qk.requantize %[[SUM]], %[[M]] left %[[SHIFT]] right %[[R]] {rounding = #qnn.rounding<double>}
  // CHECK: arith.constant 3
  // CHECK: arith.addi
  // CHECK: arith.maxsi
  // CHECK: arith.minsi
  // CHECK: qk.yield
  %y = qnn.conv2d %x, %w bias %b {strides = array<i64: 2, 2>, pads = array<i64: 0, 1, 0, 1>} : (tensor<1x4x4x2x!act>, tensor<2x3x3x2x!perAxis>, tensor<2xi32>) -> tensor<1x2x2x2x!out>
  return %y : tensor<1x2x2x2x!out>
}

// Zero points that differ are taken off at compile time; the difference needs 9 bits here.
// CHECK-LABEL: func @dense_zero_points
func.func @dense_zero_points(%x: tensor<1x2x!act>) -> tensor<1x2x!out> {
  %w = qnn.constant dense<[[0, -1], [1, -1]]> : tensor<2x2xi8> : tensor<2x2x!zeros>
  // CHECK: %[[W:.*]] = qk.constant dense<[-128, 127, -126, 128]> : tensor<4xi16>
  // CHECK: qk.contract(%{{.*}}, %[[W]] into
  // CHECK-SAME: rhs_format = i16
  // CHECK-NOT: rhs_zero
  // CHECK-SAME: rhs_strides = array<i64: 0, 2, 0, 0, 1>
  %y = qnn.dense %x, %w : (tensor<1x2x!act>, tensor<2x2x!zeros>) -> tensor<1x2x!out>
  return %y : tensor<1x2x!out>
}

// A function of one code of at most 16 bits is a table.
// CHECK-LABEL: func @lookup
func.func @lookup(%x: tensor<3x!four>) -> tensor<3x!four> {
  // CHECK: qk.constant dense<[3, 3, 3, 3, 4, 5, 6, 7, 3, 3, 3, 3, 3, 3, 3, 3]> : tensor<16xi8>
  // CHECK: qk.lookup(%{{.*}}, %{{.*}} into %{{.*}}) {count = 3
  %y = qnn.relu %x : (tensor<3x!four>) -> tensor<3x!four>
  return %y : tensor<3x!four>
}

// CHECK-LABEL: func @add
func.func @add(%x: tensor<2x3x!act>, %y: tensor<3x!act>) -> tensor<2x3x!out> {
  // CHECK: qk.map(%{{.*}}, %{{.*}} into %{{.*}}) attributes {accesses = [
  // CHECK-SAME: strides = [3, 1]>, #qk.access<{{.*}}strides = [0, 1]>, #qk.access<{{.*}}strides = [3, 1]>], shape = array<i64: 2, 3>
  %z = qnn.add %x, %y : (tensor<2x3x!act>, tensor<3x!act>) -> tensor<2x3x!out>
  return %z : tensor<2x3x!out>
}

// Two writes to one tensor: the border, then the inside.
// CHECK-LABEL: func @pad
func.func @pad(%x: tensor<2x2xf32>) -> tensor<3x3xf32> {
  // CHECK: %[[E:.*]] = tensor.empty() : tensor<3x3xf32>
  // CHECK: %[[F:.*]] = qk.map( into %[[E]]) attributes {{.*}} shape = array<i64: 9>
  // CHECK: qk.map(%{{.*}} into %[[F]]) attributes {{.*}}strides = [2, 1]>, #qk.access<format = f32, offset = 3, strides = [3, 1]>], shape = array<i64: 2, 2>
  %y = qnn.pad %x {low = array<i64: 1, 0>, high = array<i64: 0, 1>, value = 2.0 : f64} : (tensor<2x2xf32>) -> tensor<3x3xf32>
  return %y : tensor<3x3xf32>
}

// The code saturates before the zero point is added: 2^31 - 1 and 3 would wrap.
// CHECK-LABEL: func @quantize
func.func @quantize(%x: tensor<2xf32>) -> tensor<2x!out> {
  // CHECK: %[[C:.*]] = qk.round
  // CHECK: %[[LOW:.*]] = arith.constant -131
  // CHECK: %[[A:.*]] = arith.maxsi %[[C]], %[[LOW]]
  // CHECK: %[[HIGH:.*]] = arith.constant 124
  // CHECK: %[[B:.*]] = arith.minsi %[[A]], %[[HIGH]]
  // CHECK: %[[Z:.*]] = arith.constant 3
  // CHECK: arith.addi %[[B]], %[[Z]]
  %y = qnn.quantize %x : (tensor<2xf32>) -> tensor<2x!out>
  return %y : tensor<2x!out>
}

// CHECK-LABEL: func @moves
func.func @moves(%x: tensor<2x3xf32>) -> (tensor<3x2xf32>, tensor<6xf32>, tensor<2xf32>) {
  // CHECK: qk.map(%{{.*}}) attributes {accesses = [#qk.access<format = f32, offset = 0, strides = [1, 3]>, #qk.access<format = f32, offset = 0, strides = [2, 1]>], shape = array<i64: 3, 2>}
  %0 = qnn.transpose %x {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  // CHECK: qk.view %{{.*}} : tensor<2x3xf32> -> tensor<6xf32>
  %1 = qnn.reshape %x : (tensor<2x3xf32>) -> tensor<6xf32>
  // An output that is a constant is copied to memory of its own.
  // CHECK: %[[C:.*]] = qk.constant dense<1.000000e+00> : tensor<2xf32>
  %2 = qnn.constant dense<1.0> : tensor<2xf32> : tensor<2xf32>
  // CHECK: %[[COPY:.*]] = qk.map(%[[C]] into
  // CHECK: return %{{.*}}, %{{.*}}, %[[COPY]]
  return %0, %1, %2 : tensor<3x2xf32>, tensor<6xf32>, tensor<2xf32>
}

// A declaration has nothing to lower.
// CHECK: func private @declared(tensor<4xf32>)
func.func private @declared(tensor<4xf32>)

// A bias of zeros is nothing, one that is the same number in all channels a constant.
// CHECK-LABEL: func @uniform_bias
func.func @uniform_bias(%x: tensor<1x2x!act>, %y: tensor<1x2xf32>)
    -> (tensor<1x2x!out>, tensor<1x2x!out>, tensor<1x2xf32>) {
  %w = qnn.constant dense<1> : tensor<2x2xi8> : tensor<2x2x!perAxis>
  %v = qnn.constant dense<1.0> : tensor<2x2xf32> : tensor<2x2xf32>
  %zeros = qnn.constant dense<0> : tensor<2xi32> : tensor<2xi32>
  %fives = qnn.constant dense<5> : tensor<2xi32> : tensor<2xi32>
  %none = qnn.constant dense<0.0> : tensor<2xf32> : tensor<2xf32>
  // CHECK: ^bb0(%[[ACC:.*]]: i32, %{{.*}}: i8):
  // CHECK-NOT: addi %[[ACC]]
  // CHECK: qk.requantize %[[ACC]]
  %0 = qnn.dense %x, %w bias %zeros : (tensor<1x2x!act>, tensor<2x2x!perAxis>, tensor<2xi32>) -> tensor<1x2x!out>
  // CHECK: ^bb0(%[[ACC:.*]]: i32, %{{.*}}: i8):
  // CHECK: %[[FIVE:.*]] = arith.constant 5 : i32
  // CHECK: arith.addi %[[ACC]], %[[FIVE]]
  %1 = qnn.dense %x, %w bias %fives : (tensor<1x2x!act>, tensor<2x2x!perAxis>, tensor<2xi32>) -> tensor<1x2x!out>
  // -0.0 + 0.0 is 0.0, so this addition stays.
  // CHECK: ^bb0(%[[ACC:.*]]: f32):
  // CHECK: %[[NONE:.*]] = arith.constant 0.000000e+00 : f32
  // CHECK: arith.addf %[[ACC]], %[[NONE]]
  %2 = qnn.dense %y, %v bias %none : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %0, %1, %2 : tensor<1x2x!out>, tensor<1x2x!out>, tensor<1x2xf32>
}

// Thresholds behind sums are the epilogue: a number that all channels share is a constant, others have 16 bits where they can; falling
// channels compare complements, ~5 == -6.
// CHECK-LABEL: func @threshold
// CHECK-DAG: %[[F:.*]] = qk.constant dense<[0, -1]> : tensor<2xi8> {name = "contraction.falling"}
// CHECK-DAG: %[[T:.*]] = qk.constant dense<[4, -6]> : tensor<2xi16> {name = "contraction.threshold"}
// CHECK: qk.contract(%{{.*}}, %{{.*}} params %[[F]], %[[T]] into %{{.*}})
// CHECK-SAME: out_format = !quant.uniform<u2:f32
// CHECK: ^bb0(%[[ACC:.*]]: i32, %[[FLIP:.*]]: i8, %[[NUMBER:.*]]: i16):
// CHECK: %[[WIDE:.*]] = arith.extsi %[[FLIP]] : i8 to i32
// CHECK: %[[X:.*]] = arith.xori %[[ACC]], %[[WIDE]]
// CHECK: arith.cmpi sge, %[[X]], %{{.*}} : i32
// CHECK: arith.cmpi sge, %[[X]], %{{.*}} : i32
// CHECK: arith.cmpi sge, %[[X]], %{{.*}} : i32
// CHECK: qk.yield
// CHECK-NOT: qk.map
// CHECK: return
func.func @threshold(%x: tensor<1x2x!act>) -> tensor<1x2x!quant.uniform<u2:f32, 1.0>> {
  %w = qnn.constant dense<1> : tensor<2x2xi8> : tensor<2x2x!perAxis>
  %t = qnn.constant dense<[[0, 4, 9], [-1, 5, -10]]> : tensor<2x3xi32> : tensor<2x3xi32>
  %0 = qnn.dense %x, %w : (tensor<1x2x!act>, tensor<2x2x!perAxis>) -> tensor<1x2xi32>
  %1 = qnn.threshold %0, %t {falling = array<i1: false, true>} : (tensor<1x2xi32>, tensor<2x3xi32>) -> tensor<1x2x!quant.uniform<u2:f32, 1.0>>
  return %1 : tensor<1x2x!quant.uniform<u2:f32, 1.0>>
}

// Sums that something else sees are stored; then the thresholds are a map.
// CHECK-LABEL: func @stored_sums
// CHECK: %[[S:.*]] = qk.contract
// CHECK: qk.map(%[[S]], %{{.*}} into %{{.*}})
// CHECK: arith.cmpi sge
func.func @stored_sums(%x: tensor<1x2x!act>) -> (tensor<1x2xi32>, tensor<1x2x!qnn.binary>) {
  %w = qnn.constant dense<1> : tensor<2x2xi8> : tensor<2x2x!perAxis>
  %t = qnn.constant dense<7> : tensor<1x1xi32> : tensor<1x1xi32>
  %0 = qnn.dense %x, %w : (tensor<1x2x!act>, tensor<2x2x!perAxis>) -> tensor<1x2xi32>
  %1 = qnn.threshold %0, %t : (tensor<1x2xi32>, tensor<1x1xi32>) -> tensor<1x2x!qnn.binary>
  return %0, %1 : tensor<1x2xi32>, tensor<1x2x!qnn.binary>
}
