// convert-qnn-to-qk: what it refuses.
// RUN: %qcc-opt %s --convert-qnn-to-qk -verify-diagnostics -split-input-file

func.func @other(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{has no lowering to kernels}}
  %0 = arith.addf %x, %x : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// expected-error @+1 {{expects tensors of static shape with a number format, but got 'index'}}
func.func @port(%x: index) -> index {
  return %x : index
}

// -----

// expected-error @+1 {{expects a model of one block, but got 2}}
func.func @blocks(%x: tensor<4xf32>) -> tensor<4xf32> {
  cf.br ^next
^next:
  return %x : tensor<4xf32>
}

// -----

!q = !quant.uniform<i8:f32:1, {1.0, 2.0}>
func.func @quantize(%x: tensor<3x2xf32>) -> tensor<3x2x!q> {
  // expected-error @+1 {{has no lowering for channel parameters, but got 'tensor<3x2x!quant.uniform<i8:f32:1}}
  %0 = qnn.quantize %x : (tensor<3x2xf32>) -> tensor<3x2x!q>
  return %0 : tensor<3x2x!q>
}

// -----

!q = !quant.uniform<i8:f32:1, {1.0, 2.0}>
func.func @dequantize(%x: tensor<3x2x!q>) -> tensor<3x2xf32> {
  // expected-error @+1 {{has no lowering for channel parameters}}
  %0 = qnn.dequantize %x : (tensor<3x2x!q>) -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

// -----

!q = !quant.uniform<i8:f32:1, {1.0, 2.0}>
!r = !quant.uniform<i8:f32, 2.0>
func.func @requantize(%x: tensor<3x2x!q>) -> tensor<3x2x!r> {
  // expected-error @+1 {{has no lowering for channel parameters}}
  %0 = qnn.requantize %x : (tensor<3x2x!q>) -> tensor<3x2x!r>
  return %0 : tensor<3x2x!r>
}

// -----

func.func @wide(%x: tensor<3x2xi64>) -> tensor<2x3xi64> {
  // expected-error @+1 {{has no lowering for elements of 64 bits; there are kernels for at most 25 bits and for 32}}
  %0 = qnn.transpose %x {permutation = array<i64: 1, 0>} : (tensor<3x2xi64>) -> tensor<2x3xi64>
  return %0 : tensor<2x3xi64>
}

// -----

func.func @statistics(%x: tensor<3x2xf32>, %p: tensor<2xf32>) -> tensor<3x2xf32> {
  // expected-error @+1 {{expects a constant as statistics}}
  %0 = qnn.batch_norm %x, %p, %p, %p, %p {epsilon = 0.1 : f64} : (tensor<3x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

// -----

!q = !quant.uniform<i8:f32, 1.0>
!w = !quant.uniform<i8:f32:0, {1.0:1, 1.0:2}>
func.func @filter(%x: tensor<1x3x!q>, %w: tensor<2x3x!w>) -> tensor<1x2x!q> {
  // expected-error @+1 {{expects a constant as filter with different zero points}}
  %0 = qnn.dense %x, %w : (tensor<1x3x!q>, tensor<2x3x!w>) -> tensor<1x2x!q>
  return %0 : tensor<1x2x!q>
}

// -----

!q = !quant.uniform<i8:f32, 1.0>
!w = !qnn.grouped<bits = 4, group = 2>
func.func @scales(%x: tensor<1x4x!q>, %s: tensor<2x2xf32>) -> tensor<1x2x!q> {
  %w = qnn.constant dense<1> : tensor<4xi8> : tensor<2x4x!w>
  // expected-error @+1 {{expects a constant as scales}}
  %0 = qnn.dense %x, %w scales %s : (tensor<1x4x!q>, tensor<2x4x!w>, tensor<2x2xf32>) -> tensor<1x2x!q>
  return %0 : tensor<1x2x!q>
}
