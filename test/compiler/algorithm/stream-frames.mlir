// qnn-stream-frames: a model of the new frames, with what its layers need of those before as state.
// RUN: %qcc-opt %s --qnn-stream-frames --split-input-file | FileCheck %s
// RUN: %qcc-opt %s --qnn-stream-frames --split-input-file --mlir-disable-threading 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK
// RUN: %qcc-opt %s '--pass-pipeline=builtin.module(func.func(qnn-stream-frames{axis=1 hop=2}))' --split-input-file | FileCheck %s --check-prefix=HOP

!q = !quant.uniform<i8:f32, 1.0>

// A window of 3 frames keeps 3 of them; what comes after sees one new frame; a mean keeps all 6.
// CHECK-LABEL: func @conv
// CHECK-SAME: (%[[X:.*]]: tensor<1x1x2x4x!{{[^>]*}}>> {qnn.name = "x"}, %[[S0:.*]]: tensor<1x3x2x4x!{{[^>]*}}>> {qnn.name = "dw", qnn.state = 0.000000e+00 : f64}, %[[S1:.*]]: tensor<1x6x2x4x{{.*}} {qnn.name = "all", qnn.state = 0.000000e+00 : f64})
// CHECK-SAME: -> (tensor<1x4x!{{[^>]*}}>> {qnn.name = "y"}, tensor<1x3x2x4x{{.*}} {qnn.state}, tensor<1x6x2x4x{{.*}} {qnn.state})
// CHECK: %[[K0:.*]] = qnn.slice %[[S0]] {starts = array<i64: 0, 1, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : {{.*}} -> tensor<1x2x2x4x
// CHECK: %[[W0:.*]] = qnn.concat %[[K0]], %[[X]] {axis = 1 : i64}
// CHECK: %[[D:.*]] = qnn.depthwise_conv2d %[[W0]], {{.*}} -> tensor<1x1x2x4x
// CHECK: %[[R:.*]] = qnn.relu %[[D]] : {{.*}} -> tensor<1x1x2x4x
// CHECK: %[[K1:.*]] = qnn.slice %[[S1]] {starts = array<i64: 0, 1, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : {{.*}} -> tensor<1x5x2x4x
// CHECK: %[[W1:.*]] = qnn.concat %[[K1]], %[[R]]
// CHECK: %[[M:.*]] = qnn.mean %[[W1]]
// CHECK: return %[[M]], %[[W0]], %[[W1]]
// REMARK: keeps 3 frames of its input, 24 bytes of state
// REMARK: keeps 6 frames of its input, 48 bytes of state
// REMARK: is computed as a whole in each run: it is a mean over all frames
// REMARK: remark: 24 products in a run instead of 144
// Two new frames: windows of 4, of which 2 positions are computed.
// HOP-LABEL: func @conv
// HOP-SAME: tensor<1x2x2x4x{{.*}}tensor<1x4x2x4x{{.*}}tensor<1x6x2x4x
// HOP: qnn.slice %{{.*}} {starts = array<i64: 0, 2, 0, 0>, {{.*}} -> tensor<1x2x2x4x
// HOP: qnn.depthwise_conv2d {{.*}} -> tensor<1x2x2x4x
func.func @conv(%x: tensor<1x8x2x4x!q> {qnn.name = "x"}) -> (tensor<1x4x!q> {qnn.name = "y"}) {
  %w = qnn.constant dense<1> : tensor<1x3x1x4xi8> : tensor<1x3x1x4x!q>
  %0 = qnn.depthwise_conv2d %x, %w : (tensor<1x8x2x4x!q>, tensor<1x3x1x4x!q>) -> tensor<1x6x2x4x!q> loc("dw")
  %1 = qnn.relu %0 : (tensor<1x6x2x4x!q>) -> tensor<1x6x2x4x!q>
  %2 = qnn.mean %1 {axes = array<i64: 1, 2>} : (tensor<1x6x2x4x!q>) -> tensor<1x4x!q> loc("all")
  return %2 : tensor<1x4x!q>
}

// -----

!q = !quant.uniform<i8:f32, 1.0>

// A dilated window reaches over 5 frames. The second one's 6th frame is left over by its stride: with one new frame it
// goes on by two and is computed from all; with two, it waits for the frame that the original leaves out.
// CHECK-LABEL: func @strided
// CHECK-SAME: tensor<1x1x1x4x{{.*}}tensor<1x5x1x4x{{.*}}tensor<1x6x1x4x
// CHECK: qnn.conv2d {{.*}}dilations{{.*}} -> tensor<1x1x1x4x
// CHECK: qnn.max_pool2d {{.*}} -> tensor<1x2x1x4x
// CHECK: return
// REMARK: keeps 5 frames of its input
// REMARK: keeps 6 frames of its input
// REMARK: is computed as a whole in each run: it goes on by 2 frames, but a run has 1 new ones
// HOP-LABEL: func @strided
// HOP-SAME: tensor<1x2x1x4x{{.*}}tensor<1x6x1x4x{{.*}}tensor<1x4x1x4x{{.*}} -> (tensor<1x1x4x
// HOP: qnn.conv2d {{.*}} -> tensor<1x2x1x4x
// HOP: qnn.max_pool2d {{.*}} -> tensor<1x1x1x4x
func.func @strided(%x: tensor<1x10x1x4x!q>) -> tensor<1x2x4x!q> {
  %w = qnn.constant dense<1> : tensor<4x3x1x4xi8> : tensor<4x3x1x4x!q>
  %0 = qnn.conv2d %x, %w {dilations = array<i64: 2, 1>} : (tensor<1x10x1x4x!q>, tensor<4x3x1x4x!q>) -> tensor<1x6x1x4x!q>
  %1 = qnn.max_pool2d %0 {kernel = array<i64: 3, 1>, strides = array<i64: 2, 1>} : (tensor<1x6x1x4x!q>) -> tensor<1x2x1x4x!q>
  %2 = qnn.reshape %1 : (tensor<1x2x1x4x!q>) -> tensor<1x2x4x!q>
  return %2 : tensor<1x2x4x!q>
}

// -----

// Borders in time are those of the window, which a stream has not: all frames are kept, and the layer is as before. Both
// readers share one state. The output's frames are its new ones.
// CHECK-LABEL: func @borders
// CHECK-SAME: (%[[X:.*]]: tensor<1x1x1x2xf32>, %[[S:.*]]: tensor<1x5x1x2xf32> {qnn.state = 0.000000e+00 : f64})
// CHECK-SAME: -> (tensor<1x5x1x2xf32>, tensor<1x1x1x2xf32>, tensor<1x5x1x2xf32> {qnn.state})
// CHECK: %[[W:.*]] = qnn.concat
// CHECK: %[[A:.*]] = qnn.avg_pool2d %[[W]] {{.*}} -> tensor<1x5x1x2xf32>
// CHECK: %[[L:.*]] = qnn.slice %[[W]] {starts = array<i64: 0, 4, 0, 0>, {{.*}} -> tensor<1x1x1x2xf32>
// CHECK: %[[R:.*]] = qnn.relu %[[L]]
// CHECK: return %[[A]], %[[R]], %[[W]]
// REMARK: keeps 5 frames of its input, 40 bytes of state
// REMARK: is computed as a whole in each run: it has borders: 1 frames before the first, 1 after the last
func.func @borders(%x: tensor<1x5x1x2xf32>) -> (tensor<1x5x1x2xf32>, tensor<1x5x1x2xf32>) {
  %0 = qnn.avg_pool2d %x {kernel = array<i64: 3, 1>, pads = array<i64: 1, 1, 0, 0>} : (tensor<1x5x1x2xf32>) -> tensor<1x5x1x2xf32>
  %1 = qnn.relu %x : (tensor<1x5x1x2xf32>) -> tensor<1x5x1x2xf32>
  return %0, %1 : tensor<1x5x1x2xf32>, tensor<1x5x1x2xf32>
}

// -----

// A shortcut past a window: its frames are two behind.
// CHECK-LABEL: func @shortcut
// CHECK-SAME: (%[[X:.*]]: tensor<1x1x1x2xf32>, %[[S:.*]]: tensor<1x3x1x2xf32>
// CHECK: %[[W:.*]] = qnn.concat
// CHECK: %[[P:.*]] = qnn.avg_pool2d %[[W]]
// CHECK: %[[O:.*]] = qnn.slice %[[W]] {starts = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : {{.*}} -> tensor<1x1x1x2xf32>
// CHECK: qnn.add %[[P]], %[[O]] : {{.*}} -> tensor<1x1x1x2xf32>
func.func @shortcut(%x: tensor<1x5x1x2xf32>) -> tensor<1x3x1x2xf32> {
  %0 = qnn.avg_pool2d %x {kernel = array<i64: 3, 1>} : (tensor<1x5x1x2xf32>) -> tensor<1x3x1x2xf32>
  %1 = qnn.slice %x {starts = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x5x1x2xf32>) -> tensor<1x3x1x2xf32>
  %2 = qnn.add %0, %1 : (tensor<1x3x1x2xf32>, tensor<1x3x1x2xf32>) -> tensor<1x3x1x2xf32>
  return %2 : tensor<1x3x1x2xf32>
}

// -----

!q = !quant.uniform<i8:f32, 1.0>

// Tiles of 4x4 outputs begin at the first frame of the window.
// CHECK-LABEL: func @tapwise
// CHECK: qnn.conv2d {{.*}} : (tensor<1x8x6x2x!
// REMARK: is computed as a whole in each run: it is computed in tiles of 4x4 outputs, whose results depend on where they begin
func.func @tapwise(%x: tensor<1x8x6x2x!q> {qnn.name = "x"}) -> (tensor<1x6x4x1x!q> {qnn.name = "y"}) {
  %w = qnn.constant dense<1> : tensor<1x3x3x2xi8> : tensor<1x3x3x2x!q>
  %0 = qnn.conv2d %x, %w {algorithm = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5], weights = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], fraction = 0>}
    : (tensor<1x8x6x2x!q>, tensor<1x3x3x2x!q>) -> tensor<1x6x4x1x!q> loc("tapwise")
  return %0 : tensor<1x6x4x1x!q>
}
