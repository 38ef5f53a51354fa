// qnn-stream-frames: what it refuses.
// RUN: %qcc-opt %s --qnn-stream-frames -verify-diagnostics -split-input-file

// expected-error @+1 {{cannot stream 'state', which has state already}}
func.func @state(%x: tensor<1x4xf32>, %s: tensor<1x4xf32> {qnn.state = 0.0 : f64}) -> (tensor<1x4xf32>, tensor<1x4xf32> {qnn.state}) {
  return %s, %x : tensor<1x4xf32>, tensor<1x4xf32>
}

// -----

// expected-error @+1 {{expects one input to stream, a tensor of a number format, but the model has 2 inputs}}
func.func @inputs(%x: tensor<1x4xf32>, %y: tensor<1x4xf32>) -> tensor<1x4xf32> {
  return %x : tensor<1x4xf32>
}

// -----

// expected-error @+1 {{expects an axis from 0 to 0 of the input [4] to stream, but got 1}}
func.func @axis(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

// -----

// expected-error @+1 {{expects fewer new frames in a run than the 1 of the input [4, 1] along axis 1, and at least 1, but got 1}}
func.func @hop(%x: tensor<4x1xf32>) -> tensor<4x1xf32> {
  return %x : tensor<4x1xf32>
}

// -----

// expected-error @+1 {{expects a model of one block, but it has 2}}
func.func @blocks(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  cf.br ^bb1
^bb1:
  return %x : tensor<1x4xf32>
}

// -----

!c = !quant.uniform<i8:f32:2, {1.0, 2.0}>
// expected-error @+1 {{cannot stream frames of 'tensor<1x4x2x!quant.uniform<i8:f32:2, {1.000000e+00,2.000000e+00}>>'; expects a format without channel parameters}}
func.func @channels(%x: tensor<1x4x2x!c>) -> tensor<1x4x2x!c> {
  return %x : tensor<1x4x2x!c>
}
