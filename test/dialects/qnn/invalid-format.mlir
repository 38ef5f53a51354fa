// Constants and changes of format: one case per numbered constraint.
// RUN: %qcc-opt %s -verify-diagnostics -split-input-file

// constant_c1, shape
!q = !quant.uniform<i8:f32, 1.0>
func.func @f() {
  // expected-error @+1 {{expects a value of type 'tensor<2xi8>' for a result of type 'tensor<2x!quant.uniform<i8:f32, 1.000000e+00>>', but got 'tensor<3xi8>'}}
  %0 = qnn.constant dense<0> : tensor<3xi8> : tensor<2x!q>
  return
}

// -----

// constant_c1, storage type
!q = !quant.uniform<i8:f32, 1.0>
func.func @f() {
  // expected-error @+1 {{expects a value of type 'tensor<2xi8>'}}
  %0 = qnn.constant dense<0> : tensor<2xi16> : tensor<2x!q>
  return
}

// -----

// constant_c1, packed bytes
func.func @f() {
  // expected-error @+1 {{expects a value of type 'tensor<2xi8>' for a result of type 'tensor<9x!qnn.binary>', but got 'tensor<9xi8>'}}
  %0 = qnn.constant dense<0> : tensor<9xi8> : tensor<9x!qnn.binary>
  return
}

// -----

// constant_c2, missing resource
!q = !quant.uniform<i8:f32, 1.0>
func.func @f() {
  // expected-error @+1 {{refers to the resource 'nowhere', which is missing}}
  %0 = qnn.constant dense_resource<nowhere> : tensor<2xi8> : tensor<2x!q>
  return
}

// -----

// constant_c3, axis
!w = !quant.uniform<i8:f32:1, {1.0, 2.0}>
func.func @f() {
  // expected-error @+1 {{has channel parameters on axis 1, but the tensor has rank 1}}
  %0 = qnn.constant dense<0> : tensor<2xi8> : tensor<2x!w>
  return
}

// -----

// constant_c3, count
!w = !quant.uniform<i8:f32:0, {1.0, 2.0}>
func.func @f() {
  // expected-error @+1 {{has 2 channel parameters, but axis 0 has 3 elements}}
  %0 = qnn.constant dense<0> : tensor<3xi8> : tensor<3x!w>
  return
}

// -----

// quantize_c1
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2xf32>) {
  // expected-error @+1 {{expects equal shapes}}
  %0 = qnn.quantize %x : (tensor<2xf32>) -> tensor<3x!q>
  return
}

// -----

// quantize_c2, result
func.func @f(%x: tensor<2xf32>) {
  // expected-error @+1 {{expects an integer format or bf16 as result, but got 'tensor<2xf32>'}}
  %0 = qnn.quantize %x : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// quantize_c2, groups
!q = !quant.uniform<i8:f32, 1.0>
!g = !qnn.grouped<bits = 4, group = 3>
func.func @f(%x: tensor<2xf32>) {
  // expected-error @+1 {{does not take grouped formats}}
  %0 = qnn.quantize %x : (tensor<2xf32>) -> tensor<2x!g>
  return
}

// -----

// quantize_c2, input
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x!q>) {
  // expected-error @+1 {{operand #0 must be tensor of f32 of static shape}}
  %0 = qnn.quantize %x : (tensor<2x!q>) -> tensor<2x!q>
  return
}

// -----

// quantize_c3
!w = !quant.uniform<i8:f32:0, {1.0, 2.0}>
func.func @f(%x: tensor<3xf32>) {
  // expected-error @+1 {{has 2 channel parameters, but axis 0 has 3 elements}}
  %0 = qnn.quantize %x : (tensor<3xf32>) -> tensor<3x!w>
  return
}

// -----

// requantize_c3
!w = !quant.uniform<i8:f32:1, {1.0, 2.0}>
func.func @f(%x: tensor<2x!w>) {
  // expected-error @+1 {{has channel parameters on axis 1, but the tensor has rank 1}}
  %0 = qnn.requantize %x : (tensor<2x!w>) -> tensor<2x!w>
  return
}

// -----

// dequantize_c3
!w = !quant.uniform<i8:f32:0, {1.0, 2.0}>
func.func @f(%x: tensor<3x!w>) {
  // expected-error @+1 {{has 2 channel parameters, but axis 0 has 3 elements}}
  %0 = qnn.dequantize %x : (tensor<3x!w>) -> tensor<3xf32>
  return
}

// -----

// dequantize_c1
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x!q>) {
  // expected-error @+1 {{expects equal shapes}}
  %0 = qnn.dequantize %x : (tensor<2x!q>) -> tensor<3xf32>
  return
}

// -----

// dequantize_c2, input
func.func @f(%x: tensor<2xf32>) {
  // expected-error @+1 {{expects an integer format or bf16 as input, but got 'tensor<2xf32>'}}
  %0 = qnn.dequantize %x : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// dequantize_c2, result
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x!q>) {
  // expected-error @+1 {{expects an f32 result}}
  %0 = qnn.dequantize %x : (tensor<2x!q>) -> tensor<2x!q>
  return
}

// -----

// requantize_c1
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x!q>) {
  // expected-error @+1 {{expects equal shapes}}
  %0 = qnn.requantize %x : (tensor<2x!q>) -> tensor<3x!q>
  return
}

// -----

// requantize_c2, input
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2xf32>) {
  // expected-error @+1 {{expects an integer format as input, but got 'tensor<2xf32>'}}
  %0 = qnn.requantize %x : (tensor<2xf32>) -> tensor<2x!q>
  return
}

// -----

// requantize_c2, result
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x!q>) {
  // expected-error @+1 {{expects an integer format as result, but got 'tensor<2xf32>'}}
  %0 = qnn.requantize %x : (tensor<2x!q>) -> tensor<2xf32>
  return
}

// -----

// requantize_c2, bits
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2xi24>) {
  // expected-error @+1 {{expects an input of at most 16 bits or of 32, but got 24}}
  %0 = qnn.requantize %x : (tensor<2xi24>) -> tensor<2x!q>
  return
}

// -----

// requantize_c2, groups
!q = !quant.uniform<i8:f32, 1.0>
!g = !qnn.grouped<bits = 4, group = 3>
func.func @f(%x: tensor<2x!g>) {
  // expected-error @+1 {{does not take grouped formats}}
  %0 = qnn.requantize %x : (tensor<2x!g>) -> tensor<2x!q>
  return
}

// -----

// constant_c2, a resource of another size
!q = !quant.uniform<i8:f32, 1.0>
func.func @f() {
  // expected-error @+1 {{expects 3 bytes in the resource 'short', but it has 2}}
  %0 = qnn.constant dense_resource<short> : tensor<3xi8> : tensor<3x!q>
  return
}

{-#
  dialect_resources: { builtin: { short: "0x010000000102" } }
#-}

// -----

// dequantize_c2, result
func.func @f(%x: tensor<2xbf16>) {
  // expected-error @+1 {{expects an f32 result}}
  %0 = qnn.dequantize %x : (tensor<2xbf16>) -> tensor<2xbf16>
  return
}
