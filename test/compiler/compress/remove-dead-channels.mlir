// qnn-remove-dead-channels: constant channels go into the biases of their readers, unread ones just go.
// RUN: %qcc-opt %s --qnn-remove-dead-channels --mlir-disable-threading | FileCheck %s
// RUN: %qcc-opt %s --qnn-remove-dead-channels --mlir-disable-threading | FileCheck %s --check-prefix=DATA
// RUN: %qcc-opt %s --qnn-remove-dead-channels --mlir-disable-threading 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

!a = !quant.uniform<i8:f32, 1.0>
!z = !quant.uniform<i8:f32, 1.0:-3>

// Channel 1 is 5 everywhere: 1 * y0 + 2 * 5 + 3 * y2. The new bias is 10.
// CHECK-LABEL: func.func @constant
// CHECK:         %[[Y:.*]] = qnn.conv2d %{{.*}}, %constant_w bias %constant_b : {{.*}} -> tensor<1x1x1x2x
// CHECK:         %[[BIAS:.*]] = qnn.constant dense_resource<constant> : tensor<1xi32>
// CHECK:         qnn.conv2d %[[Y]], %constant_v bias %[[BIAS]] : {{.*}} -> tensor<1x1x1x1x
// DATA-DAG:      constant_w: "0x0800000001020304"
// DATA-DAG:      constant_b: "0x080000000600000007000000"
// DATA-DAG:      constant_v: "0x080000000103"
// DATA-DAG:      constant: "0x080000000A000000"
// REMARK: remark: removed 1 of 3 channels
func.func @constant(%x: tensor<1x1x1x2x!a>) -> tensor<1x1x1x1x!a> {
  %w = qnn.constant dense<[[[[1, 2]]], [[[0, 0]]], [[[3, 4]]]]> : tensor<3x1x1x2xi8> {name = "constant_w"} : tensor<3x1x1x2x!a>
  %b = qnn.constant dense<[6, 5, 7]> : tensor<3xi32> {name = "constant_b"} : tensor<3xi32>
  %v = qnn.constant dense<[[[[1, 2, 3]]]]> : tensor<1x1x1x3xi8> {name = "constant_v"} : tensor<1x1x1x3x!a>
  %y = qnn.conv2d %x, %w bias %b : (tensor<1x1x1x2x!a>, tensor<3x1x1x2x!a>, tensor<3xi32>) -> tensor<1x1x1x3x!a>
  %r = qnn.conv2d %y, %v : (tensor<1x1x1x3x!a>, tensor<1x1x1x3x!a>) -> tensor<1x1x1x1x!a>
  return %r : tensor<1x1x1x1x!a>
}

// No weight reads channel 0; scales and zero points of a filter per channel go with its rows.
// CHECK-LABEL: func.func @unread
// CHECK:         qnn.dense %{{.*}}, %unread_w : ({{.*}}, tensor<2x2x!quant.uniform<i8:f32:0, {2.000000e+00:1,4.000000e+00:2}>>) -> tensor<1x2x
// DATA-DAG:      unread_w: "0x0800000003040506"
// DATA-DAG:      unread_v: "0x080000000405"
// REMARK: remark: removed 1 of 3 channels
func.func @unread(%x: tensor<1x2x!a>) -> tensor<1x1x!a> {
  %w = qnn.constant dense<[[1, 2], [3, 4], [5, 6]]> : tensor<3x2xi8> {name = "unread_w"}
     : tensor<3x2x!quant.uniform<i8:f32:0, {1.0, 2.0:1, 4.0:2}>>
  %v = qnn.constant dense<[[-3, 4, 5]]> : tensor<1x3xi8> {name = "unread_v"} : tensor<1x3x!z>
  %y = qnn.dense %x, %w : (tensor<1x2x!a>, tensor<3x2x!quant.uniform<i8:f32:0, {1.0, 2.0:1, 4.0:2}>>) -> tensor<1x3x!a>
  %r = qnn.dense %y, %v : (tensor<1x3x!a>, tensor<1x3x!z>) -> tensor<1x1x!a>
  return %r : tensor<1x1x!a>
}

// Channel 0 is the real number 0, as padding is. Channels 1 and 2 are 5, and their sums differ at the border: with the
// bias, they are 2, 12 and 27 or 20, 30 and 45, which the activation makes 2 and 6, or 6 everywhere.
// CHECK-LABEL: func.func @padded
// CHECK:         qnn.depthwise_conv2d {{.*}}, %padded_f bias {{.*}} -> tensor<1x3x3x2x
// CHECK:         qnn.conv2d {{.*}}, %padded_v bias {{.*}} -> tensor<1x3x3x1x
// DATA-DAG:      padded_v: "0x080000000204"
// DATA-DAG:      constant_4: "0x0800000012000000"
// REMARK: remark: removed 2 of 4 channels
// REMARK: remark: removed 2 of 4 channels
func.func @padded(%x: tensor<1x3x3x1x!z>) -> tensor<1x3x3x1x!z> {
  %w = qnn.constant dense<[[[[0]]], [[[0]]], [[[0]]], [[[1]]]]> : tensor<4x1x1x1xi8> : tensor<4x1x1x1x!a>
  %b = qnn.constant dense<[0, 5, 5, 0]> : tensor<4xi32> : tensor<4xi32>
  %f = qnn.constant dense<1> : tensor<1x3x3x4xi8> {name = "padded_f"} : tensor<1x3x3x4x!a>
  %c = qnn.constant dense<[0, -18, 0, 0]> : tensor<4xi32> : tensor<4xi32>
  %v = qnn.constant dense<[[[[1, 2, 3, 4]]]]> : tensor<1x1x1x4xi8> {name = "padded_v"} : tensor<1x1x1x4x!a>
  %y = qnn.conv2d %x, %w bias %b : (tensor<1x3x3x1x!z>, tensor<4x1x1x1x!a>, tensor<4xi32>) -> tensor<1x3x3x4x!z>
  %d = qnn.depthwise_conv2d %y, %f bias %c {pads = array<i64: 1, 1, 1, 1>, activation = #qnn.activation<relu6>}
     : (tensor<1x3x3x4x!z>, tensor<1x3x3x4x!a>, tensor<4xi32>) -> tensor<1x3x3x4x!z>
  %r = qnn.conv2d %d, %v : (tensor<1x3x3x4x!z>, tensor<1x1x1x4x!a>) -> tensor<1x3x3x1x!z>
  return %r : tensor<1x3x3x1x!z>
}

// A constant that is not the real number 0 stays where the windows of its reader have different weights for it inside
// the image: three rows or two. Where only the middle row has such weights, it goes.
// CHECK-LABEL: func.func @border
// CHECK:         qnn.conv2d {{.*}} -> tensor<1x3x1x2x
// CHECK:         qnn.conv2d {{.*}} -> tensor<1x3x1x1x
// CHECK:         qnn.conv2d {{.*}} -> tensor<1x3x1x1x
// CHECK:         qnn.conv2d {{.*}}, %border_v bias {{.*}} -> tensor<1x3x1x1x
// DATA-DAG:      border_v: "0x08000000010400"
// REMARK: remark: removed 1 of 2 channels
func.func @border(%x: tensor<1x3x1x1x!a>) -> (tensor<1x3x1x1x!a>, tensor<1x3x1x1x!a>) {
  %w = qnn.constant dense<[[[[1]]], [[[0]]]]> : tensor<2x1x1x1xi8> : tensor<2x1x1x1x!a>
  %b = qnn.constant dense<[0, 5]> : tensor<2xi32> : tensor<2xi32>
  %u = qnn.constant dense<1> : tensor<1x3x1x2xi8> : tensor<1x3x1x2x!a>
  %v = qnn.constant dense<[[[[1, 0]], [[4, 3]], [[0, 0]]]]> : tensor<1x3x1x2xi8> {name = "border_v"} : tensor<1x3x1x2x!a>
  %y = qnn.conv2d %x, %w bias %b : (tensor<1x3x1x1x!a>, tensor<2x1x1x1x!a>, tensor<2xi32>) -> tensor<1x3x1x2x!a>
  %r = qnn.conv2d %y, %u {pads = array<i64: 1, 1, 0, 0>} : (tensor<1x3x1x2x!a>, tensor<1x3x1x2x!a>) -> tensor<1x3x1x1x!a>
  %z = qnn.conv2d %x, %w bias %b : (tensor<1x3x1x1x!a>, tensor<2x1x1x1x!a>, tensor<2xi32>) -> tensor<1x3x1x2x!a>
  %s = qnn.conv2d %z, %v {pads = array<i64: 1, 1, 0, 0>} : (tensor<1x3x1x2x!a>, tensor<1x3x1x2x!a>) -> tensor<1x3x1x1x!a>
  return %r, %s : tensor<1x3x1x1x!a>, tensor<1x3x1x1x!a>
}

// Both sides of an addition have the same channels: 1 is a sum of constants, 5 + 7; 0 is a constant on one side only. A
// pool, a mean and a reshape pass them on, and the features 1 and 3 are channel 1.
// CHECK-LABEL: func.func @residual
// CHECK:         qnn.conv2d {{.*}} -> tensor<1x4x1x1x
// CHECK:         qnn.conv2d {{.*}} -> tensor<1x4x1x1x
// CHECK:         qnn.add {{.*}} -> tensor<1x4x1x1x
// CHECK:         qnn.max_pool2d {{.*}} -> tensor<1x2x1x1x
// CHECK:         qnn.reshape {{.*}} -> tensor<1x2x
// CHECK:         qnn.dense {{.*}}, %residual_v bias %residual_c
// CHECK:         qnn.mean {{.*}} -> tensor<1x1x
// CHECK:         qnn.dense {{.*}} -> tensor<1x1x
// DATA-DAG:      residual_v: "0x080000000103"
// DATA-DAG:      residual_c: "0x0800000049000000"
// REMARK-COUNT-2: remark: removed 1 of 2 channels
func.func @residual(%x: tensor<1x4x1x1x!a>) -> (tensor<1x1x!a>, tensor<1x1x!a>) {
  %w = qnn.constant dense<[[[[0]]], [[[0]]]]> : tensor<2x1x1x1xi8> : tensor<2x1x1x1x!a>
  %b = qnn.constant dense<[3, 5]> : tensor<2xi32> : tensor<2xi32>
  %u = qnn.constant dense<[[[[1]]], [[[0]]]]> : tensor<2x1x1x1xi8> : tensor<2x1x1x1x!a>
  %c = qnn.constant dense<[0, 7]> : tensor<2xi32> : tensor<2xi32>
  %v = qnn.constant dense<[[1, 2, 3, 4]]> : tensor<1x4xi8> {name = "residual_v"} : tensor<1x4x!a>
  %d = qnn.constant dense<[1]> : tensor<1xi32> {name = "residual_c"} : tensor<1xi32>
  %q = qnn.constant dense<[[1, 2]]> : tensor<1x2xi8> : tensor<1x2x!a>
  %l = qnn.conv2d %x, %w bias %b : (tensor<1x4x1x1x!a>, tensor<2x1x1x1x!a>, tensor<2xi32>) -> tensor<1x4x1x2x!a>
  %r = qnn.conv2d %x, %u bias %c : (tensor<1x4x1x1x!a>, tensor<2x1x1x1x!a>, tensor<2xi32>) -> tensor<1x4x1x2x!a>
  %s = qnn.add %l, %r : (tensor<1x4x1x2x!a>, tensor<1x4x1x2x!a>) -> tensor<1x4x1x2x!a>
  %p = qnn.max_pool2d %s {kernel = array<i64: 2, 1>, strides = array<i64: 2, 1>} : (tensor<1x4x1x2x!a>) -> tensor<1x2x1x2x!a>
  %f = qnn.reshape %p : (tensor<1x2x1x2x!a>) -> tensor<1x4x!a>
  %y = qnn.dense %f, %v bias %d : (tensor<1x4x!a>, tensor<1x4x!a>, tensor<1xi32>) -> tensor<1x1x!a>
  %m = qnn.mean %p {axes = array<i64: 1, 2>} : (tensor<1x2x1x2x!a>) -> tensor<1x2x!a>
  %z = qnn.dense %m, %q : (tensor<1x2x!a>, tensor<1x2x!a>) -> tensor<1x1x!a>
  return %y, %z : tensor<1x1x!a>, tensor<1x1x!a>
}

// A tensor keeps one channel, if need be one that nobody reads.
// CHECK-LABEL: func.func @one_stays
// CHECK:         qnn.concat {{.*}} -> tensor<1x2x
// CHECK:         qnn.dense {{.*}}, %one_v bias
// DATA-DAG:      one_v: "0x080000000105"
// REMARK: remark: removed 2 of 3 channels
func.func @one_stays(%x: tensor<1x2x!a>) -> tensor<1x1x!a> {
  %w = qnn.constant dense<0> : tensor<3x2xi8> : tensor<3x2x!a>
  %b = qnn.constant dense<[1, 2, 3]> : tensor<3xi32> : tensor<3xi32>
  %k = qnn.constant dense<[[7, 8]]> : tensor<1x2xi8> : tensor<1x2x!a>
  %v = qnn.constant dense<[[1, 2, 3, 5, 6]]> : tensor<1x5xi8> {name = "one_v"} : tensor<1x5x!a>
  %y = qnn.dense %x, %w bias %b : (tensor<1x2x!a>, tensor<3x2x!a>, tensor<3xi32>) -> tensor<1x3x!a>
  %c = qnn.concat %y, %k {axis = 1} : (tensor<1x3x!a>, tensor<1x2x!a>) -> tensor<1x5x!a>
  %r = qnn.dense %c, %v : (tensor<1x5x!a>, tensor<1x5x!a>) -> tensor<1x1x!a>
  return %r : tensor<1x1x!a>
}

// Results of the model keep their channels; so do floats (0 times infinity is no number), filters that are no
// constants, filters whose groups are rescaled one by one, and bits, which have no zero.
// CHECK-LABEL: func.func @stay
// CHECK:         qnn.dense {{.*}} -> tensor<1x2xf32>
// CHECK-COUNT-4: qnn.dense {{.*}} -> tensor<1x2x!quant
// REMARK-NOT: remark
func.func @stay(%f: tensor<1x2xf32>, %x: tensor<1x2x!a>, %w: tensor<2x2x!a>, %b: tensor<1x2x!qnn.binary>)
    -> (tensor<1x1xf32>, tensor<1x2x!a>, tensor<1x1x!a>, tensor<1x1x!a>, tensor<1x1x!a>) {
  %wf = qnn.constant dense<0.0> : tensor<2x2xf32> : tensor<2x2xf32>
  %vf = qnn.constant dense<1.0> : tensor<1x2xf32> : tensor<1x2xf32>
  %wa = qnn.constant dense<0> : tensor<2x2xi8> : tensor<2x2x!a>
  %va = qnn.constant dense<1> : tensor<1x2xi8> : tensor<1x2x!a>
  %wg = qnn.constant dense<0> : tensor<2x2xi8> : tensor<2x2x!qnn.grouped<bits = 8, group = 2>>
  %sg = qnn.constant dense<1.0> : tensor<2x1xf32> : tensor<2x1xf32>
  %wb = qnn.constant dense<0> : tensor<1xi8> : tensor<2x2x!qnn.binary>
  %0 = qnn.dense %f, %wf : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %1 = qnn.dense %0, %vf : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
  %2 = qnn.dense %x, %wa : (tensor<1x2x!a>, tensor<2x2x!a>) -> tensor<1x2x!a>
  %3 = qnn.dense %x, %w : (tensor<1x2x!a>, tensor<2x2x!a>) -> tensor<1x2x!a>
  %4 = qnn.dense %3, %va : (tensor<1x2x!a>, tensor<1x2x!a>) -> tensor<1x1x!a>
  %5 = qnn.dense %x, %wg scales %sg : (tensor<1x2x!a>, tensor<2x2x!qnn.grouped<bits = 8, group = 2>>, tensor<2x1xf32>) -> tensor<1x2x!a>
  %6 = qnn.dense %5, %va : (tensor<1x2x!a>, tensor<1x2x!a>) -> tensor<1x1x!a>
  %7 = qnn.dense %b, %wb : (tensor<1x2x!qnn.binary>, tensor<2x2x!qnn.binary>) -> tensor<1x2x!a>
  %8 = qnn.dense %7, %va : (tensor<1x2x!a>, tensor<1x2x!a>) -> tensor<1x1x!a>
  return %1, %2, %4, %6, %8 : tensor<1x1xf32>, tensor<1x2x!a>, tensor<1x1x!a>, tensor<1x1x!a>, tensor<1x1x!a>
}

// Channel 1 is 5 everywhere, but F(4x4, 3x3) rounds what comes of it before it is summed.
// CHECK-LABEL: func.func @tapwise
// CHECK:         qnn.conv2d %{{.*}}, %tapwise_v {algorithm = #qnn.algorithm<winograd = F_4_3{{.*}} : (tensor<1x6x6x3x
func.func @tapwise(%x: tensor<1x6x6x2x!a>) -> tensor<1x4x4x1x!a> {
  %w = qnn.constant dense<[[[[1, 2]]], [[[0, 0]]], [[[3, 4]]]]> : tensor<3x1x1x2xi8> {name = "tapwise_w"} : tensor<3x1x1x2x!a>
  %b = qnn.constant dense<[6, 5, 7]> : tensor<3xi32> {name = "tapwise_b"} : tensor<3xi32>
  %v = qnn.constant dense<3> : tensor<1x3x3x3xi8> {name = "tapwise_v"} : tensor<1x3x3x3x!a>
  %y = qnn.conv2d %x, %w bias %b : (tensor<1x6x6x2x!a>, tensor<3x1x1x2x!a>, tensor<3xi32>) -> tensor<1x6x6x3x!a>
  %r = qnn.conv2d %y, %v {algorithm = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5], weights = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], fraction = 0>}
    : (tensor<1x6x6x3x!a>, tensor<1x3x3x3x!a>) -> tensor<1x4x4x1x!a>
  return %r : tensor<1x4x4x1x!a>
}
