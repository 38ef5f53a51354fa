// Contractions: one case per numbered constraint.
// RUN: %qcc-opt %s -verify-diagnostics -split-input-file

// conv2d_c1
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<4x4x2x!q>, %w: tensor<2x3x3x2x!q>) {
  // expected-error @+1 {{expects input, filter and result of rank 4, but got ranks 3, 4 and 4}}
  %0 = qnn.conv2d %x, %w : (tensor<4x4x2x!q>, tensor<2x3x3x2x!q>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// conv2d_c2
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x12x!q>, %w: tensor<2x3x3x16x!q>) {
  // expected-error @+1 {{expects 16 input channels times 1 groups from the filter, but the input has 12}}
  %0 = qnn.conv2d %x, %w : (tensor<1x4x4x12x!q>, tensor<2x3x3x16x!q>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// conv2d_c2, groups
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x4x!q>, %w: tensor<2x3x3x4x!q>) {
  // expected-error @+1 {{expects 4 input channels times 2 groups from the filter, but the input has 4}}
  %0 = qnn.conv2d %x, %w {groups = 2} : (tensor<1x4x4x4x!q>, tensor<2x3x3x4x!q>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// conv2d_c2, a product that overflows
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x0x!q>, %w: tensor<2x3x3x4x!q>) {
  // expected-error @+1 {{expects 4 input channels times 4611686018427387904 groups from the filter, but the input has 0}}
  %0 = qnn.conv2d %x, %w {groups = 4611686018427387904} : (tensor<1x4x4x0x!q>, tensor<2x3x3x4x!q>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// conv2d_c2, no group
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x4x!q>, %w: tensor<2x3x3x4x!q>) {
  // expected-error @+1 {{expects at least 1 group, but got 0}}
  %0 = qnn.conv2d %x, %w {groups = 0} : (tensor<1x4x4x4x!q>, tensor<2x3x3x4x!q>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// conv2d_c3, height
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>, %w: tensor<2x3x3x2x!q>) {
  // expected-error @+1 {{expects a result of shape [1, 2, 2, 2] from an input of [1, 4, 4, 2] and a kernel of 3x3, but it has [1, 3, 2, 2]}}
  %0 = qnn.conv2d %x, %w : (tensor<1x4x4x2x!q>, tensor<2x3x3x2x!q>) -> tensor<1x3x2x2x!q>
  return
}

// -----

// conv2d_c3, strides and pads
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x9x9x2x!q>, %w: tensor<2x3x3x2x!q>) {
  // expected-error @+1 {{expects a result of shape [1, 4, 3, 2]}}
  %0 = qnn.conv2d %x, %w {strides = array<i64: 2, 3>, pads = array<i64: 1, 0, 0, 1>} : (tensor<1x9x9x2x!q>, tensor<2x3x3x2x!q>) -> tensor<1x7x7x2x!q>
  return
}

// -----

// conv2d_c3, dilation
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x9x9x2x!q>, %w: tensor<2x3x3x2x!q>) {
  // expected-error @+1 {{expects a result of shape [1, 5, 1, 2]}}
  %0 = qnn.conv2d %x, %w {dilations = array<i64: 2, 4>} : (tensor<1x9x9x2x!q>, tensor<2x3x3x2x!q>) -> tensor<1x7x7x2x!q>
  return
}

// -----

// conv2d_c3, a window larger than the input
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x2x2x2x!q>, %w: tensor<2x3x3x2x!q>) {
  // expected-error @+1 {{expects a result of shape [1, 0, 0, 2]}}
  %0 = qnn.conv2d %x, %w : (tensor<1x2x2x2x!q>, tensor<2x3x3x2x!q>) -> tensor<1x1x1x2x!q>
  return
}

// -----

// conv2d_c3, channels of the result
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>, %w: tensor<2x3x3x2x!q>) {
  // expected-error @+1 {{expects a result of shape [1, 2, 2, 2]}}
  %0 = qnn.conv2d %x, %w : (tensor<1x4x4x2x!q>, tensor<2x3x3x2x!q>) -> tensor<1x2x2x4x!q>
  return
}

// -----

// conv2d_c4
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x4x!q>, %w: tensor<3x3x3x2x!q>) {
  // expected-error @+1 {{expects output channels divisible by 2 groups, but the filter has 3}}
  %0 = qnn.conv2d %x, %w {groups = 2} : (tensor<1x4x4x4x!q>, tensor<3x3x3x2x!q>) -> tensor<1x2x2x3x!q>
  return
}

// -----

// conv2d_c5, count
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>, %w: tensor<2x3x3x2x!q>, %b: tensor<3xi32>) {
  // expected-error @+1 {{expects a bias of 2 elements, but got 'tensor<3xi32>'}}
  %0 = qnn.conv2d %x, %w bias %b : (tensor<1x4x4x2x!q>, tensor<2x3x3x2x!q>, tensor<3xi32>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// conv2d_c5, integers
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>, %w: tensor<2x3x3x2x!q>, %b: tensor<2xf32>) {
  // expected-error @+1 {{expects a bias of i32, but got 'f32'}}
  %0 = qnn.conv2d %x, %w bias %b : (tensor<1x4x4x2x!q>, tensor<2x3x3x2x!q>, tensor<2xf32>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// conv2d_c5, floats
func.func @f(%x: tensor<1x4x4x2xf32>, %w: tensor<2x3x3x2xf32>, %b: tensor<2xi32>) {
  // expected-error @+1 {{expects a bias of f32, but got 'i32'}}
  %0 = qnn.conv2d %x, %w bias %b : (tensor<1x4x4x2xf32>, tensor<2x3x3x2xf32>, tensor<2xi32>) -> tensor<1x2x2x2xf32>
  return
}

// -----

// conv2d_c6, operands
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>, %w: tensor<2x3x3x2xf32>) {
  // expected-error @+1 {{expects two integer formats or two operands of floats, but got '!quant.uniform<i8:f32, 1.000000e+00>' and 'f32'}}
  %0 = qnn.conv2d %x, %w : (tensor<1x4x4x2x!q>, tensor<2x3x3x2xf32>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// conv2d_c6, groups of weights beside floats
func.func @f(%x: tensor<1x4x4x2xf32>, %w: tensor<2x3x3x2x!qnn.grouped<bits = 4, group = 2>>, %s: tensor<2x3x3x1xf32>) {
  // expected-error @+1 {{takes a grouped filter only with an integer format as input, but got 'f32' and}}
  %0 = qnn.conv2d %x, %w scales %s : (tensor<1x4x4x2xf32>, tensor<2x3x3x2x!qnn.grouped<bits = 4, group = 2>>, tensor<2x3x3x1xf32>) -> tensor<1x2x2x2xf32>
  return
}

// -----

// conv2d_c6, result of floats times codes
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2xf32>, %w: tensor<2x3x3x2x!qnn.binary>) {
  // expected-error @+1 {{expects a result of floats for an input of floats, but got '!quant.uniform<i8:f32, 1.000000e+00>'}}
  %0 = qnn.conv2d %x, %w : (tensor<1x4x4x2xf32>, tensor<2x3x3x2x!qnn.binary>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// conv2d_c6, integers from bf16
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2xbf16>, %w: tensor<2x3x3x2xbf16>) {
  // expected-error @+1 {{expects a result of floats for operands of floats, but got '!quant.uniform<i8:f32, 1.000000e+00>'}}
  %0 = qnn.conv2d %x, %w : (tensor<1x4x4x2xbf16>, tensor<2x3x3x2xbf16>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// conv2d_c5, a bias of bf16
func.func @f(%x: tensor<1x4x4x2xbf16>, %w: tensor<2x3x3x2xbf16>, %b: tensor<2xbf16>) {
  // expected-error @+1 {{expects a bias of f32, but got 'bf16'}}
  %0 = qnn.conv2d %x, %w bias %b : (tensor<1x4x4x2xbf16>, tensor<2x3x3x2xbf16>, tensor<2xbf16>) -> tensor<1x2x2x2xbf16>
  return
}

// -----

// conv2d_c6, an algorithm for bf16
func.func @f(%x: tensor<1x4x4x2xbf16>, %w: tensor<2x3x3x2xbf16>) {
  // expected-error @+1 {{expects two integer formats or two f32 operands for #qnn.algorithm<winograd = F_4_3, float>, but got 'bf16' and 'bf16'}}
  %0 = qnn.conv2d %x, %w {algorithm = #qnn.algorithm<winograd = F_4_3, float>} : (tensor<1x4x4x2xbf16>, tensor<2x3x3x2xbf16>) -> tensor<1x2x2x2xf32>
  return
}

// -----

// conv2d_c6, an algorithm for floats times codes
func.func @f(%x: tensor<1x4x4x2xf32>, %w: tensor<2x3x3x2x!qnn.binary>) {
  // expected-error @+1 {{expects two integer formats or two f32 operands for #qnn.algorithm<winograd = F_4_3, float>, but got 'f32' and '!qnn.binary'}}
  %0 = qnn.conv2d %x, %w {algorithm = #qnn.algorithm<winograd = F_4_3, float>} : (tensor<1x4x4x2xf32>, tensor<2x3x3x2x!qnn.binary>) -> tensor<1x2x2x2xf32>
  return
}

// -----

// conv2d_c5, a bias of codes beside floats
func.func @f(%x: tensor<1x4x4x2xf32>, %w: tensor<2x3x3x2x!qnn.binary>, %b: tensor<2xi32>) {
  // expected-error @+1 {{expects a bias of f32, but got 'i32'}}
  %0 = qnn.conv2d %x, %w bias %b : (tensor<1x4x4x2xf32>, tensor<2x3x3x2x!qnn.binary>, tensor<2xi32>) -> tensor<1x2x2x2xf32>
  return
}

// -----

// conv2d_c6, result
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2xf32>, %w: tensor<2x3x3x2xf32>) {
  // expected-error @+1 {{expects a result of floats for operands of floats, but got '!quant.uniform<i8:f32, 1.000000e+00>'}}
  %0 = qnn.conv2d %x, %w : (tensor<1x4x4x2xf32>, tensor<2x3x3x2xf32>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// conv2d_c6, wide operand
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2xi32>, %w: tensor<2x3x3x2x!q>) {
  // expected-error @+1 {{expects formats of at most 16 bits, but got 'i32'}}
  %0 = qnn.conv2d %x, %w : (tensor<1x4x4x2xi32>, tensor<2x3x3x2x!q>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// conv2d_c7, axis
!q = !quant.uniform<i8:f32, 1.0>
!w = !quant.uniform<i8:f32:3, {1.0, 2.0}>
func.func @f(%x: tensor<1x4x4x2x!q>, %w: tensor<2x3x3x2x!w>) {
  // expected-error @+1 {{expects the filter's channel parameters on axis 0, but they lie on axis 3}}
  %0 = qnn.conv2d %x, %w : (tensor<1x4x4x2x!q>, tensor<2x3x3x2x!w>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// conv2d_c7, count
!q = !quant.uniform<i8:f32, 1.0>
!w = !quant.uniform<i8:f32:0, {1.0, 2.0}>
func.func @f(%x: tensor<1x4x4x2x!q>, %w: tensor<4x3x3x2x!w>) {
  // expected-error @+1 {{expects 4 channel parameters for the filter, but got 2}}
  %0 = qnn.conv2d %x, %w : (tensor<1x4x4x2x!q>, tensor<4x3x3x2x!w>) -> tensor<1x2x2x4x!q>
  return
}

// -----

// conv2d_c7, input
!q = !quant.uniform<i8:f32, 1.0>
!w = !quant.uniform<i8:f32:3, {1.0, 2.0}>
func.func @f(%x: tensor<1x4x4x2x!w>, %w: tensor<2x3x3x2x!q>) {
  // expected-error @+1 {{expects input and result with a format per tensor, but got '!quant.uniform<i8:f32:3}}
  %0 = qnn.conv2d %x, %w : (tensor<1x4x4x2x!w>, tensor<2x3x3x2x!q>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// conv2d_c7, result
!q = !quant.uniform<i8:f32, 1.0>
!w = !quant.uniform<i8:f32:3, {1.0, 2.0}>
func.func @f(%x: tensor<1x4x4x2x!q>, %w: tensor<2x3x3x2x!q>) {
  // expected-error @+1 {{expects input and result with a format per tensor, but got '!quant.uniform<i8:f32:3}}
  %0 = qnn.conv2d %x, %w : (tensor<1x4x4x2x!q>, tensor<2x3x3x2x!q>) -> tensor<1x2x2x2x!w>
  return
}

// -----

// conv2d_c8, strides
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>, %w: tensor<2x3x3x2x!q>) {
  // expected-error @+1 {{expects strides from 1 to 2^24, but got 0}}
  %0 = qnn.conv2d %x, %w {strides = array<i64: 0, 1>} : (tensor<1x4x4x2x!q>, tensor<2x3x3x2x!q>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// conv2d_c8, dilations
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>, %w: tensor<2x3x3x2x!q>) {
  // expected-error @+1 {{expects dilations from 1 to 2^24, but got -1}}
  %0 = qnn.conv2d %x, %w {dilations = array<i64: 1, -1>} : (tensor<1x4x4x2x!q>, tensor<2x3x3x2x!q>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// conv2d_c8, pads
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>, %w: tensor<2x3x3x2x!q>) {
  // expected-error @+1 {{expects pads from 0 to 2^24, but got -1}}
  %0 = qnn.conv2d %x, %w {pads = array<i64: 0, 0, -1, 0>} : (tensor<1x4x4x2x!q>, tensor<2x3x3x2x!q>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// conv2d_c8, pads beyond all reason
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>, %w: tensor<2x3x3x2x!q>) {
  // expected-error @+1 {{expects pads from 0 to 2^24, but got 9223372036854775807}}
  %0 = qnn.conv2d %x, %w {pads = array<i64: 0, 0, 0, 9223372036854775807>} : (tensor<1x4x4x2x!q>, tensor<2x3x3x2x!q>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// conv2d_c9, none
!q = !quant.uniform<i8:f32, 1.0>
!g = !qnn.grouped<bits = 4, group = 3>
func.func @f(%x: tensor<1x4x4x2x!q>, %w: tensor<2x3x3x2x!g>) {
  // expected-error @+1 {{expects scales of shape [2, 3, 3, 1] for groups of 3, but there are none}}
  %0 = qnn.conv2d %x, %w : (tensor<1x4x4x2x!q>, tensor<2x3x3x2x!g>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// conv2d_c9, shape
!q = !quant.uniform<i8:f32, 1.0>
!g = !qnn.grouped<bits = 4, group = 3>
func.func @f(%x: tensor<1x4x4x2x!q>, %w: tensor<2x3x3x2x!g>, %s: tensor<2x3x3x2xf32>) {
  // expected-error @+1 {{expects scales of shape [2, 3, 3, 1] for groups of 3, but got 'tensor<2x3x3x2xf32>'}}
  %0 = qnn.conv2d %x, %w scales %s : (tensor<1x4x4x2x!q>, tensor<2x3x3x2x!g>, tensor<2x3x3x2xf32>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// conv2d_c9, not grouped
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>, %w: tensor<2x3x3x2x!q>, %s: tensor<2x3x3x2xf32>) {
  // expected-error @+1 {{takes scales only with a grouped filter, but the filter is '!quant.uniform<i8:f32, 1.000000e+00>'}}
  %0 = qnn.conv2d %x, %w scales %s : (tensor<1x4x4x2x!q>, tensor<2x3x3x2x!q>, tensor<2x3x3x2xf32>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// conv2d_c9, grouped activations
!q = !quant.uniform<i8:f32, 1.0>
!g = !qnn.grouped<bits = 4, group = 3>
func.func @f(%x: tensor<1x4x4x2x!g>, %w: tensor<2x3x3x2x!q>) {
  // expected-error @+1 {{takes grouped formats only as filter, but got '!qnn.grouped<bits = 4, group = 3>'}}
  %0 = qnn.conv2d %x, %w : (tensor<1x4x4x2x!g>, tensor<2x3x3x2x!q>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// conv2d_c9, i32 result
!q = !quant.uniform<i8:f32, 1.0>
!g = !qnn.grouped<bits = 4, group = 3>
func.func @f(%x: tensor<1x4x4x2x!q>, %w: tensor<2x3x3x2x!g>, %s: tensor<2x3x3x1xf32>) {
  // expected-error @+1 {{takes a grouped filter only with a quantized result, but got 'i32'}}
  %0 = qnn.conv2d %x, %w scales %s : (tensor<1x4x4x2x!q>, tensor<2x3x3x2x!g>, tensor<2x3x3x1xf32>) -> tensor<1x2x2x2xi32>
  return
}

// -----

// conv2d_c9, f32 result with a bias
!q = !quant.uniform<i8:f32, 1.0>
!g = !qnn.grouped<bits = 4, group = 3>
func.func @f(%x: tensor<1x4x4x2x!q>, %w: tensor<2x3x3x2x!g>, %b: tensor<2xi32>, %s: tensor<2x3x3x1xf32>) {
  // expected-error @+1 {{takes a grouped filter and a bias only with a quantized result, but got 'f32'}}
  %0 = qnn.conv2d %x, %w bias %b scales %s : (tensor<1x4x4x2x!q>, tensor<2x3x3x2x!g>, tensor<2xi32>, tensor<2x3x3x1xf32>) -> tensor<1x2x2x2xf32>
  return
}

// -----

// conv2d_c10
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>, %w: tensor<2x3x3x2x!q>) {
  // expected-error @+1 {{takes no activation with a result of i32, which is the accumulator itself, but got relu6}}
  %0 = qnn.conv2d %x, %w {activation = #qnn.activation<relu6>} : (tensor<1x4x4x2x!q>, tensor<2x3x3x2x!q>) -> tensor<1x2x2x2xi32>
  return
}

// -----

// the operand is no format tensor: a dynamic shape
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<?x4x4x2x!q>, %w: tensor<2x3x3x2x!q>) {
  // expected-error @+1 {{operand #0 must be tensor of static shape, at most 2^31 elements, with a number format as element type}}
  %0 = qnn.conv2d %x, %w : (tensor<?x4x4x2x!q>, tensor<2x3x3x2x!q>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// the operand is no format tensor: f64
func.func @f(%x: tensor<1x4x4x2xf64>, %w: tensor<2x3x3x2xf64>) {
  // expected-error @+1 {{operand #0 must be tensor of static shape, at most 2^31 elements, with a number format as element type}}
  %0 = qnn.conv2d %x, %w : (tensor<1x4x4x2xf64>, tensor<2x3x3x2xf64>) -> tensor<1x2x2x2xf64>
  return
}

// -----

// the operand is no format tensor: more elements than any memory
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<65536x65536x4x2x!q>, %w: tensor<2x3x3x2x!q>) {
  // expected-error @+1 {{operand #0 must be tensor of static shape, at most 2^31 elements}}
  %0 = qnn.conv2d %x, %w : (tensor<65536x65536x4x2x!q>, tensor<2x3x3x2x!q>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// attribute counts
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>, %w: tensor<2x3x3x2x!q>) {
  // expected-error @+1 {{attribute 'strides' failed to satisfy constraint: i64 dense array attribute with exactly 2 elements}}
  %0 = qnn.conv2d %x, %w {strides = array<i64: 1>} : (tensor<1x4x4x2x!q>, tensor<2x3x3x2x!q>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// depthwise_conv2d_c1
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>, %w: tensor<2x3x3x2x!q>) {
  // expected-error @+1 {{expects input, filter [1, h, w, c] and result of rank 4}}
  %0 = qnn.depthwise_conv2d %x, %w : (tensor<1x4x4x2x!q>, tensor<2x3x3x2x!q>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// depthwise_conv2d_c2
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>, %w: tensor<1x3x3x3x!q>) {
  // expected-error @+1 {{expects filter channels that are a multiple of the input's 2, but got 3}}
  %0 = qnn.depthwise_conv2d %x, %w : (tensor<1x4x4x2x!q>, tensor<1x3x3x3x!q>) -> tensor<1x2x2x3x!q>
  return
}

// -----

// depthwise_conv2d_c3
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>, %w: tensor<1x3x3x4x!q>) {
  // expected-error @+1 {{expects a result of shape [1, 2, 2, 4] from an input of [1, 4, 4, 2] and a kernel of 3x3, but it has [1, 2, 2, 2]}}
  %0 = qnn.depthwise_conv2d %x, %w : (tensor<1x4x4x2x!q>, tensor<1x3x3x4x!q>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// depthwise_conv2d_c4
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>, %w: tensor<1x3x3x4x!q>, %b: tensor<2xi32>) {
  // expected-error @+1 {{expects a bias of 4 elements, but got 'tensor<2xi32>'}}
  %0 = qnn.depthwise_conv2d %x, %w bias %b : (tensor<1x4x4x2x!q>, tensor<1x3x3x4x!q>, tensor<2xi32>) -> tensor<1x2x2x4x!q>
  return
}

// -----

// depthwise_conv2d_c5
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>, %w: tensor<1x3x3x2xf32>) {
  // expected-error @+1 {{expects two integer formats or two operands of floats}}
  %0 = qnn.depthwise_conv2d %x, %w : (tensor<1x4x4x2x!q>, tensor<1x3x3x2xf32>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// depthwise_conv2d_c6
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>, %w: tensor<1x3x3x2x!q>) {
  // expected-error @+1 {{expects strides from 1 to 2^24, but got -2}}
  %0 = qnn.depthwise_conv2d %x, %w {strides = array<i64: 1, -2>} : (tensor<1x4x4x2x!q>, tensor<1x3x3x2x!q>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// depthwise_conv2d_c7
!q = !quant.uniform<i8:f32, 1.0>
!w = !quant.uniform<i8:f32:0, {1.0}>
func.func @f(%x: tensor<1x4x4x2x!q>, %w: tensor<1x3x3x2x!w>) {
  // expected-error @+1 {{expects the filter's channel parameters on axis 3, but they lie on axis 0}}
  %0 = qnn.depthwise_conv2d %x, %w : (tensor<1x4x4x2x!q>, tensor<1x3x3x2x!w>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// depthwise_conv2d_c8
!q = !quant.uniform<i8:f32, 1.0>
!g = !qnn.grouped<bits = 4, group = 3>
func.func @f(%x: tensor<1x4x4x2x!q>, %w: tensor<1x3x3x2x!g>) {
  // expected-error @+1 {{does not take grouped formats, but the filter is '!qnn.grouped<bits = 4, group = 3>'}}
  %0 = qnn.depthwise_conv2d %x, %w : (tensor<1x4x4x2x!q>, tensor<1x3x3x2x!g>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// depthwise_conv2d_c9
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>, %w: tensor<1x3x3x2x!q>) {
  // expected-error @+1 {{takes no activation with a result of i32}}
  %0 = qnn.depthwise_conv2d %x, %w {activation = #qnn.activation<relu>} : (tensor<1x4x4x2x!q>, tensor<1x3x3x2x!q>) -> tensor<1x2x2x2xi32>
  return
}

// -----

// dense_c8
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x!q>, %w: tensor<2x4x!q>) {
  // expected-error @+1 {{takes no activation with a result of i32}}
  %0 = qnn.dense %x, %w {activation = #qnn.activation<relu>} : (tensor<1x4x!q>, tensor<2x4x!q>) -> tensor<1x2xi32>
  return
}

// -----

// matmul_c6
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<3x4x!q>, %w: tensor<4x5x!q>) {
  // expected-error @+1 {{takes no activation with a result of i32}}
  %0 = qnn.matmul %x, %w {activation = #qnn.activation<relu>} : (tensor<3x4x!q>, tensor<4x5x!q>) -> tensor<3x5xi32>
  return
}

// -----

// dense_c1
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x!q>, %w: tensor<2x2x4x!q>) {
  // expected-error @+1 {{expects a filter of rank 2 and an input of rank at least 1}}
  %0 = qnn.dense %x, %w : (tensor<1x4x!q>, tensor<2x2x4x!q>) -> tensor<1x2x!q>
  return
}

// -----

// dense_c1, a scalar
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<!q>, %w: tensor<2x4x!q>) {
  // expected-error @+1 {{expects a filter of rank 2 and an input of rank at least 1}}
  %0 = qnn.dense %x, %w : (tensor<!q>, tensor<2x4x!q>) -> tensor<1x2x!q>
  return
}

// -----

// dense_c2
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x3x!q>, %w: tensor<2x4x!q>) {
  // expected-error @+1 {{expects 4 input features from the filter, but the input has 3}}
  %0 = qnn.dense %x, %w : (tensor<1x3x!q>, tensor<2x4x!q>) -> tensor<1x2x!q>
  return
}

// -----

// dense_c3
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x!q>, %w: tensor<2x4x!q>) {
  // expected-error @+1 {{expects a result of 2 units in the input's shape}}
  %0 = qnn.dense %x, %w : (tensor<1x4x!q>, tensor<2x4x!q>) -> tensor<1x4x!q>
  return
}

// -----

// dense_c4
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x!q>, %w: tensor<2x4x!q>, %b: tensor<1x2xi32>) {
  // expected-error @+1 {{expects a bias of 2 elements, but got 'tensor<1x2xi32>'}}
  %0 = qnn.dense %x, %w bias %b : (tensor<1x4x!q>, tensor<2x4x!q>, tensor<1x2xi32>) -> tensor<1x2x!q>
  return
}

// -----

// dense_c5
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x!q>, %w: tensor<2x4xf32>) {
  // expected-error @+1 {{expects two integer formats or two operands of floats}}
  %0 = qnn.dense %x, %w : (tensor<1x4x!q>, tensor<2x4xf32>) -> tensor<1x2x!q>
  return
}

// -----

// dense_c6
!q = !quant.uniform<i8:f32, 1.0>
!w = !quant.uniform<i8:f32:1, {1.0, 2.0}>
func.func @f(%x: tensor<1x2x!q>, %w: tensor<2x2x!w>) {
  // expected-error @+1 {{expects the filter's channel parameters on axis 0, but they lie on axis 1}}
  %0 = qnn.dense %x, %w : (tensor<1x2x!q>, tensor<2x2x!w>) -> tensor<1x2x!q>
  return
}

// -----

// dense_c7
!q = !quant.uniform<i8:f32, 1.0>
!g = !qnn.grouped<bits = 4, group = 3>
func.func @f(%x: tensor<1x4x!q>, %w: tensor<2x4x!g>, %s: tensor<2x1xf32>) {
  // expected-error @+1 {{expects scales of shape [2, 2] for groups of 3, but got 'tensor<2x1xf32>'}}
  %0 = qnn.dense %x, %w scales %s : (tensor<1x4x!q>, tensor<2x4x!g>, tensor<2x1xf32>) -> tensor<1x2x!q>
  return
}

// -----

// matmul_c1, ranks
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x3x4x!q>, %w: tensor<4x5x!q>) {
  // expected-error @+1 {{expects equal ranks of at least 2 and equal batch dimensions}}
  %0 = qnn.matmul %x, %w : (tensor<2x3x4x!q>, tensor<4x5x!q>) -> tensor<2x3x5x!q>
  return
}

// -----

// matmul_c1, batch
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x3x4x!q>, %w: tensor<1x4x5x!q>) {
  // expected-error @+1 {{expects equal ranks of at least 2 and equal batch dimensions}}
  %0 = qnn.matmul %x, %w : (tensor<2x3x4x!q>, tensor<1x4x5x!q>) -> tensor<2x3x5x!q>
  return
}

// -----

// matmul_c2
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<3x4x!q>, %w: tensor<5x4x!q>) {
  // expected-error @+1 {{expects equal contracted dimensions, but got 4 and 5}}
  %0 = qnn.matmul %x, %w : (tensor<3x4x!q>, tensor<5x4x!q>) -> tensor<3x4x!q>
  return
}

// -----

// matmul_c2, transposed
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<3x4x!q>, %w: tensor<4x5x!q>) {
  // expected-error @+1 {{expects equal contracted dimensions, but got 4 and 5}}
  %0 = qnn.matmul %x, %w {transpose_rhs} : (tensor<3x4x!q>, tensor<4x5x!q>) -> tensor<3x4x!q>
  return
}

// -----

// matmul_c3
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<3x4x!q>, %w: tensor<4x5x!q>) {
  // expected-error @+1 {{expects 3x5 matrices as result}}
  %0 = qnn.matmul %x, %w : (tensor<3x4x!q>, tensor<4x5x!q>) -> tensor<5x3x!q>
  return
}

// -----

// matmul_c4
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<3x4xf32>, %w: tensor<4x5x!q>) {
  // expected-error @+1 {{expects two integer formats or two operands of floats}}
  %0 = qnn.matmul %x, %w : (tensor<3x4xf32>, tensor<4x5x!q>) -> tensor<3x5x!q>
  return
}

// -----

// matmul_c5, channels
!q = !quant.uniform<i8:f32, 1.0>
!w = !quant.uniform<i8:f32:1, {1.0, 2.0}>
func.func @f(%x: tensor<3x4x!q>, %w: tensor<4x2x!w>) {
  // expected-error @+1 {{expects formats per tensor}}
  %0 = qnn.matmul %x, %w : (tensor<3x4x!q>, tensor<4x2x!w>) -> tensor<3x2x!q>
  return
}

// -----

// matmul_c5, groups
!q = !quant.uniform<i8:f32, 1.0>
!g = !qnn.grouped<bits = 4, group = 3>
func.func @f(%x: tensor<3x4x!q>, %w: tensor<4x2x!g>) {
  // expected-error @+1 {{expects formats per tensor, but got '!qnn.grouped<bits = 4, group = 3>'}}
  %0 = qnn.matmul %x, %w : (tensor<3x4x!q>, tensor<4x2x!g>) -> tensor<3x2x!q>
  return
}

// -----

// conv2d_c11, one axis
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x5x5x2x!q>, %w: tensor<2x1x3x2x!q>) {
  // expected-error @+1 {{expects a 3x3 filter with strides and dilations of 1 for #qnn.algorithm<winograd = F_2_3, exact>, but got 1x3,}}
  %0 = qnn.conv2d %x, %w {algorithm = #qnn.algorithm<winograd = F_2_3, exact>} : (tensor<1x5x5x2x!q>, tensor<2x1x3x2x!q>) -> tensor<1x5x3x2x!q>
  return
}

// -----

// conv2d_c11, both axes
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x5x5x2x!q>, %w: tensor<2x3x3x2x!q>) {
  // expected-error @+1 {{expects a 1x3 or 3x1 filter with strides and dilations of 1 for #qnn.algorithm<winograd = F_4_3, exact>, but got 3x3,}}
  %0 = qnn.conv2d %x, %w {algorithm = #qnn.algorithm<winograd = F_4_3, exact>} : (tensor<1x5x5x2x!q>, tensor<2x3x3x2x!q>) -> tensor<1x3x3x2x!q>
  return
}

// -----

// conv2d_c11, neither
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x5x5x2x!q>, %w: tensor<2x3x2x2x!q>) {
  // expected-error @+1 {{expects a 3x3, 1x3 or 3x1 filter with strides and dilations of 1 for}}
  %0 = qnn.conv2d %x, %w {algorithm = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [0, 0, 0, 0, 0, 0], weights = [0, 0, 0, 0, 0, 0], fraction = 0>} : (tensor<1x5x5x2x!q>, tensor<2x3x2x2x!q>) -> tensor<1x3x4x2x!q>
  return
}

// -----

// conv2d_c12, taps
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x5x5x2x!q>, %w: tensor<2x3x3x2x!q>) {
  // expected-error @+1 {{expects shifts of codes for the 36 taps of a filter of 3x3, but got 6}}
  %0 = qnn.conv2d %x, %w {algorithm = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [0, 0, 0, 0, 0, 0], weights = [0, 0, 0, 0, 0, 0], fraction = 0>} : (tensor<1x5x5x2x!q>, tensor<2x3x3x2x!q>) -> tensor<1x3x3x2x!q>
  return
}

// -----

// conv2d_c11, window
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x5x5x2x!q>, %w: tensor<2x3x3x2x!q>) {
  // expected-error @+1 {{expects a 3x3 filter with strides and dilations of 1 for #qnn.algorithm<winograd = F_2_3, exact>, but got 3x3, [2, 1] and [1, 1]}}
  %0 = qnn.conv2d %x, %w {strides = array<i64: 2, 1>, algorithm = #qnn.algorithm<winograd = F_2_3, exact>} : (tensor<1x5x5x2x!q>, tensor<2x3x3x2x!q>) -> tensor<1x2x3x2x!q>
  return
}

// -----

// conv2d_c11, floats
func.func @f(%x: tensor<1x4x4x2xf32>, %w: tensor<2x3x3x2xf32>) {
  // expected-error @+1 {{expects integers without scales of groups for #qnn.algorithm<winograd = F_2_3, exact>, but got 'f32' and 'f32'}}
  %0 = qnn.conv2d %x, %w {algorithm = #qnn.algorithm<winograd = F_2_3, exact>} : (tensor<1x4x4x2xf32>, tensor<2x3x3x2xf32>) -> tensor<1x2x2x2xf32>
  return
}

// -----

// conv2d_c11, integers
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>, %w: tensor<2x3x3x2x!q>) {
  // expected-error @+1 {{expects floats for #qnn.algorithm<winograd = F_4_3, float>, but got '!quant.uniform<i8:f32, 1.000000e+00>'}}
  %0 = qnn.conv2d %x, %w {algorithm = #qnn.algorithm<winograd = F_4_3, float>} : (tensor<1x4x4x2x!q>, tensor<2x3x3x2x!q>) -> tensor<1x2x2x2x!q>
  return
}

// -----

// expected-error @+1 {{expects 'direct' or 'winograd', but got 'fourier'}}
func.func private @f() attributes {test.a = #qnn.algorithm<fourier>}

// -----

// expected-error @+1 {{expects 'F_2_3' or 'F_4_3', but got 'F_6_3'}}
func.func private @f() attributes {test.a = #qnn.algorithm<winograd = F_6_3, exact>}

// -----

// expected-error @+1 {{expected 'small'}}
func.func private @f() attributes {test.a = #qnn.algorithm<winograd = F_2_3, exact, large>}

// -----

// algorithm_c1
// expected-error @+1 {{expects 8, 9 or 10 bits, but got 11}}
func.func private @f() attributes {test.a = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 11, codes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], weights = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], fraction = 0>}

// -----

// algorithm_c2, number
// expected-error @+1 {{expects shifts of codes for 36 taps, or for 6 along one axis, but got 2}}
func.func private @f() attributes {test.a = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [1, 2], weights = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], fraction = 0>}

// -----

// algorithm_c2, range
// expected-error @+1 {{expects shifts of codes from 0 to 12, but got 13}}
func.func private @f() attributes {test.a = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 13], weights = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], fraction = 0>}

// -----

// algorithm_c3, number
// expected-error @+1 {{expects 36 shifts of weights, or as many for each channel, but got 35}}
func.func private @f() attributes {test.a = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], weights = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], fraction = 0>}

// -----

// algorithm_c3, range
// expected-error @+1 {{expects shifts of weights from -8 to 15, but got -9}}
func.func private @f() attributes {test.a = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], weights = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, -9], fraction = 0>}

// -----

// algorithm_c2, range with reciprocal points
// expected-error @+1 {{expects shifts of codes from 0 to 20, but got 21}}
func.func private @f() attributes {test.a = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21], weights = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], fraction = 0, points = reciprocal>}

// -----

// algorithm_c3, range with reciprocal points
// expected-error @+1 {{expects shifts of weights from -8 to 24, but got 25}}
func.func private @f() attributes {test.a = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20], weights = [25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25], fraction = 0, points = reciprocal>}

// -----

// expected-error @+1 {{expects points 'integer' or 'reciprocal', but got 'odd'}}
func.func private @f() attributes {test.a = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [0], weights = [0], fraction = 0, points = odd>}

// -----

// algorithm_c5
// expected-error @+1 {{expects no factors, or 36 with reciprocal points, but got 35}}
func.func private @f() attributes {test.a = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], weights = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], fraction = 0, points = reciprocal, factors = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]>}

// -----

// algorithm_c5, points
// expected-error @+1 {{expects no factors, or 36 with reciprocal points, but got 36}}
func.func private @f() attributes {test.a = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], weights = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], fraction = 0, points = integer, factors = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]>}

// -----

// algorithm_c6
// expected-error @+1 {{expects no offsets, or 36 with reciprocal points, but got 35}}
func.func private @f() attributes {test.a = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], weights = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], fraction = 0, points = reciprocal, offsets = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]>}

// -----

// algorithm_c6, points
// expected-error @+1 {{expects no offsets, or 36 with reciprocal points, but got 36}}
func.func private @f() attributes {test.a = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], weights = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], fraction = 0, offsets = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]>}

// -----

// algorithm_c6, range
// expected-error @+1 {{expects offsets from -128 to 127, but got 128}}
func.func private @f() attributes {test.a = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], weights = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], fraction = 0, points = reciprocal, offsets = [128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128]>}

// -----

// algorithm_c7
// expected-error @+1 {{expects transformed weights of 8 bits and type tensor<CHANNELSx36xDEPTHxi8>, but got 'tensor<2x35x4xi8>' for 8 bits}}
func.func private @f() attributes {test.a = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], weights = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], fraction = 0, transformed = dense<0> : tensor<2x35x4xi8>>}

// -----

// algorithm_c7, bits
// expected-error @+1 {{expects transformed weights of 8 bits and type tensor<CHANNELSx36xDEPTHxi8>, but got 'tensor<2x36x4xi8>' for 9 bits}}
func.func private @f() attributes {test.a = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 9, codes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], weights = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], fraction = 0, transformed = dense<0> : tensor<2x36x4xi8>>}

// -----

// What is no part of it
// expected-error @+1 {{expects 'points', 'factors', 'offsets' or 'transformed', but got 'odd'}}
func.func private @f() attributes {test.a = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], weights = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], fraction = 0, odd = 3>}

// -----

// algorithm_c5, factors
// expected-error @+1 {{expects factors 1, 3, 5 or 7, but got 2}}
func.func private @f() attributes {test.a = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], weights = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], fraction = 0, points = reciprocal, factors = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2]>}

// -----

// algorithm_c4
// expected-error @+1 {{expects a fraction from -15 to 15, but got 16}}
func.func private @f() attributes {test.a = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], weights = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], fraction = 16>}

// -----

// conv2d_c12, transformed weights
!q = !quant.uniform<i8:f32, 1.0>
#a = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], weights = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], fraction = 0, transformed = dense<0> : tensor<2x36x3xi8>>
func.func @f(%x: tensor<1x5x5x2x!q>, %w: tensor<2x3x3x2x!q>) {
  // expected-error @+1 {{expects transformed weights of shape [2, 36, 2], but got [2, 36, 3]}}
  %0 = qnn.conv2d %x, %w {algorithm = #a} : (tensor<1x5x5x2x!q>, tensor<2x3x3x2x!q>) -> tensor<1x3x3x2x!q>
  return
}

// -----

// conv2d_c12, channels
!q = !quant.uniform<i8:f32, 1.0>
#a = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], weights = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], fraction = 0>
func.func @f(%x: tensor<1x5x5x2x!q>, %w: tensor<2x3x3x2x!q>) {
  // expected-error @+1 {{expects shifts of weights for one channel or for 2, but got 3}}
  %0 = qnn.conv2d %x, %w {algorithm = #a} : (tensor<1x5x5x2x!q>, tensor<2x3x3x2x!q>) -> tensor<1x3x3x2x!q>
  return
}

// -----

// conv2d_c12, bits
!q = !quant.uniform<i8:f32, 1.0>
!x = !quant.uniform<i16:f32, 1.0>
#a = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], weights = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], fraction = 0>
func.func @f(%x: tensor<1x5x5x2x!x>, %w: tensor<2x3x3x2x!q>) {
  // expected-error @+1 {{expects codes and weights of at most 8 bits for F_4_3, but got '!quant.uniform<i16:f32, 1.000000e+00>' and '!quant.uniform<i8:f32, 1.000000e+00>'}}
  %0 = qnn.conv2d %x, %w {algorithm = #a} : (tensor<1x5x5x2x!x>, tensor<2x3x3x2x!q>) -> tensor<1x3x3x2x!q>
  return
}

// -----

// conv2d_c12, constant
!q = !quant.uniform<i8:f32, 1.0>
#a = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], weights = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], fraction = 0>
func.func @f(%x: tensor<1x5x5x2x!q>, %w: tensor<2x3x3x2x!q>) {
  // expected-error @+1 {{expects a constant filter for F_4_3}}
  %0 = qnn.conv2d %x, %w {algorithm = #a} : (tensor<1x5x5x2x!q>, tensor<2x3x3x2x!q>) -> tensor<1x3x3x2x!q>
  return
}

// -----

// conv2d_c13
!q = !quant.uniform<i8:f32, 1.0>
#a = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], weights = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], fraction = 15>
func.func @f(%x: tensor<1x5x5x64x!q>) {
  %w = qnn.constant dense<100> : tensor<1x3x3x64xi8> : tensor<1x3x3x64x!q>
  // expected-error-re @+1 {{has sums of F_4_3 of up to {{[0-9]+}} in output channel 0, which need more than 32 bits; with weights like these, at most 0 of its 64 input channels may be summed, or a smaller fraction than 15 is needed}}
  %0 = qnn.conv2d %x, %w {algorithm = #a} : (tensor<1x5x5x64x!q>, tensor<1x3x3x64x!q>) -> tensor<1x3x3x1x!q>
  return
}
