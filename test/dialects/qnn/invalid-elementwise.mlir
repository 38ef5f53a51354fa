// Elementwise and row operators: one case per numbered constraint.
// RUN: %qcc-opt %s -verify-diagnostics -split-input-file

// add_c1
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%a: tensor<2x3x!q>, %b: tensor<2x!q>) {
  // expected-error @+1 {{cannot broadcast 'tensor<2x3x!quant.uniform<i8:f32, 1.000000e+00>>' with 'tensor<2x!quant.uniform<i8:f32, 1.000000e+00>>'}}
  %0 = qnn.add %a, %b : (tensor<2x3x!q>, tensor<2x!q>) -> tensor<2x3x!q>
  return
}

// -----

// add_c1, result
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%a: tensor<2x1x!q>, %b: tensor<3x!q>) {
  // expected-error @+1 {{expects a result of shape [2, 3]}}
  %0 = qnn.add %a, %b : (tensor<2x1x!q>, tensor<3x!q>) -> tensor<2x1x!q>
  return
}

// -----

// add_c2
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%a: tensor<2x!q>, %b: tensor<2xf32>) {
  // expected-error @+1 {{expects only f32 or only integer formats, but got 'f32' beside '!quant.uniform<i8:f32, 1.000000e+00>'}}
  %0 = qnn.add %a, %b : (tensor<2x!q>, tensor<2xf32>) -> tensor<2x!q>
  return
}

// -----

// add_c3
!q = !quant.uniform<i8:f32, 1.0>
!w = !quant.uniform<i8:f32:0, {1.0, 2.0}>
func.func @f(%a: tensor<2x!w>, %b: tensor<2x!q>) {
  // expected-error @+1 {{expects formats per tensor}}
  %0 = qnn.add %a, %b : (tensor<2x!w>, tensor<2x!q>) -> tensor<2x!q>
  return
}

// -----

// sub_c1
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%a: tensor<2x3x!q>, %b: tensor<2x!q>) {
  // expected-error @+1 {{cannot broadcast 'tensor<2x3x!quant.uniform<i8:f32, 1.000000e+00>>' with 'tensor<2x!quant.uniform<i8:f32, 1.000000e+00>>'}}
  %0 = qnn.sub %a, %b : (tensor<2x3x!q>, tensor<2x!q>) -> tensor<2x3x!q>
  return
}

// -----

// sub_c1, result
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%a: tensor<2x1x!q>, %b: tensor<3x!q>) {
  // expected-error @+1 {{expects a result of shape [2, 3]}}
  %0 = qnn.sub %a, %b : (tensor<2x1x!q>, tensor<3x!q>) -> tensor<2x1x!q>
  return
}

// -----

// sub_c2
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%a: tensor<2x!q>, %b: tensor<2xf32>) {
  // expected-error @+1 {{expects only f32 or only integer formats, but got 'f32' beside '!quant.uniform<i8:f32, 1.000000e+00>'}}
  %0 = qnn.sub %a, %b : (tensor<2x!q>, tensor<2xf32>) -> tensor<2x!q>
  return
}

// -----

// sub_c3
!q = !quant.uniform<i8:f32, 1.0>
!w = !quant.uniform<i8:f32:0, {1.0, 2.0}>
func.func @f(%a: tensor<2x!w>, %b: tensor<2x!q>) {
  // expected-error @+1 {{expects formats per tensor}}
  %0 = qnn.sub %a, %b : (tensor<2x!w>, tensor<2x!q>) -> tensor<2x!q>
  return
}

// -----

// mul_c1
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%a: tensor<2x3x!q>, %b: tensor<2x!q>) {
  // expected-error @+1 {{cannot broadcast 'tensor<2x3x!quant.uniform<i8:f32, 1.000000e+00>>' with 'tensor<2x!quant.uniform<i8:f32, 1.000000e+00>>'}}
  %0 = qnn.mul %a, %b : (tensor<2x3x!q>, tensor<2x!q>) -> tensor<2x3x!q>
  return
}

// -----

// mul_c1, result
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%a: tensor<2x1x!q>, %b: tensor<3x!q>) {
  // expected-error @+1 {{expects a result of shape [2, 3]}}
  %0 = qnn.mul %a, %b : (tensor<2x1x!q>, tensor<3x!q>) -> tensor<2x1x!q>
  return
}

// -----

// mul_c2
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%a: tensor<2x!q>, %b: tensor<2xf32>) {
  // expected-error @+1 {{expects only f32 or only integer formats, but got 'f32' beside '!quant.uniform<i8:f32, 1.000000e+00>'}}
  %0 = qnn.mul %a, %b : (tensor<2x!q>, tensor<2xf32>) -> tensor<2x!q>
  return
}

// -----

// mul_c3
!q = !quant.uniform<i8:f32, 1.0>
!w = !quant.uniform<i8:f32:0, {1.0, 2.0}>
func.func @f(%a: tensor<2x!w>, %b: tensor<2x!q>) {
  // expected-error @+1 {{expects formats per tensor}}
  %0 = qnn.mul %a, %b : (tensor<2x!w>, tensor<2x!q>) -> tensor<2x!q>
  return
}

// -----

// add_c3, groups
!q = !quant.uniform<i8:f32, 1.0>
!g = !qnn.grouped<bits = 4, group = 3>
func.func @f(%a: tensor<2x!g>, %b: tensor<2x!q>) {
  // expected-error @+1 {{expects formats per tensor}}
  %0 = qnn.add %a, %b : (tensor<2x!g>, tensor<2x!q>) -> tensor<2x!q>
  return
}

// -----

// add_c2, plain i32 beside a scaled format
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%a: tensor<2xi32>, %b: tensor<2x!q>) {
  // expected-error @+1 {{expects plain i32 operands exactly for a plain i32 result}}
  %0 = qnn.add %a, %b : (tensor<2xi32>, tensor<2x!q>) -> tensor<2x!q>
  return
}

// -----

// add_c2, wide
!q = !quant.uniform<i8:f32, 1.0>
!w = !quant.uniform<i24:f32, 1.0>
func.func @f(%a: tensor<2x!w>, %b: tensor<2x!q>) {
  // expected-error @+1 {{expects formats of at most 16 bits}}
  %0 = qnn.add %a, %b : (tensor<2x!w>, tensor<2x!q>) -> tensor<2x!q>
  return
}

// -----

// relu_c1
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x!q>) {
  // expected-error @+1 {{expects equal shapes}}
  %0 = qnn.relu %x : (tensor<2x!q>) -> tensor<3x!q>
  return
}

// -----

// relu_c2
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x!q>) {
  // expected-error @+1 {{expects only f32 or only integer formats}}
  %0 = qnn.relu %x : (tensor<2x!q>) -> tensor<2xf32>
  return
}

// -----

// relu_c3
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2xi32>) {
  // expected-error @+1 {{expects an integer input of at most 16 bits, but got 'i32'}}
  %0 = qnn.relu %x : (tensor<2xi32>) -> tensor<2x!q>
  return
}

// -----

// leaky_relu_c1
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x!q>) {
  // expected-error @+1 {{expects equal shapes}}
  %0 = qnn.leaky_relu %x {alpha = 1.0e-01 : f64} : (tensor<2x!q>) -> tensor<3x!q>
  return
}

// -----

// leaky_relu_c2
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x!q>) {
  // expected-error @+1 {{expects only f32 or only integer formats}}
  %0 = qnn.leaky_relu %x {alpha = 1.0e-01 : f64} : (tensor<2x!q>) -> tensor<2xf32>
  return
}

// -----

// leaky_relu_c3
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2xi32>) {
  // expected-error @+1 {{expects an integer input of at most 16 bits, but got 'i32'}}
  %0 = qnn.leaky_relu %x {alpha = 1.0e-01 : f64} : (tensor<2xi32>) -> tensor<2x!q>
  return
}

// -----

// logistic_c1
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x!q>) {
  // expected-error @+1 {{expects equal shapes}}
  %0 = qnn.logistic %x : (tensor<2x!q>) -> tensor<3x!q>
  return
}

// -----

// logistic_c2
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x!q>) {
  // expected-error @+1 {{expects only f32 or only integer formats}}
  %0 = qnn.logistic %x : (tensor<2x!q>) -> tensor<2xf32>
  return
}

// -----

// logistic_c3
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2xi32>) {
  // expected-error @+1 {{expects an integer input of at most 16 bits, but got 'i32'}}
  %0 = qnn.logistic %x : (tensor<2xi32>) -> tensor<2x!q>
  return
}

// -----

// tanh_c1
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x!q>) {
  // expected-error @+1 {{expects equal shapes}}
  %0 = qnn.tanh %x : (tensor<2x!q>) -> tensor<3x!q>
  return
}

// -----

// tanh_c2
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x!q>) {
  // expected-error @+1 {{expects only f32 or only integer formats}}
  %0 = qnn.tanh %x : (tensor<2x!q>) -> tensor<2xf32>
  return
}

// -----

// tanh_c3
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2xi32>) {
  // expected-error @+1 {{expects an integer input of at most 16 bits, but got 'i32'}}
  %0 = qnn.tanh %x : (tensor<2xi32>) -> tensor<2x!q>
  return
}

// -----

// leaky_relu, negative alpha
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x!q>) {
  // expected-error @+1 {{expects an alpha of at least 0, but got -1.000000e+00}}
  %0 = qnn.leaky_relu %x {alpha = -1.0 : f64} : (tensor<2x!q>) -> tensor<2x!q>
  return
}

// -----

// leaky_relu, alpha that is no number
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x!q>) {
  // expected-error @+1 {{expects a finite alpha}}
  %0 = qnn.leaky_relu %x {alpha = 0x7FF8000000000000 : f64} : (tensor<2x!q>) -> tensor<2x!q>
  return
}

// -----

// softmax_c1
!q = !quant.uniform<i8:f32, 1.0>
!p = !quant.uniform<i8:f32, 3.906250e-03:-128>
func.func @f(%x: tensor<2x3x!q>) {
  // expected-error @+1 {{expects equal shapes}}
  %0 = qnn.softmax %x : (tensor<2x3x!q>) -> tensor<3x2x!p>
  return
}

// -----

// softmax_c1, a scalar
func.func @f(%x: tensor<f32>) {
  // expected-error @+1 {{expects a rank of at least 1}}
  %0 = qnn.softmax %x : (tensor<f32>) -> tensor<f32>
  return
}

// -----

// softmax_c2, bf16
func.func @f(%x: tensor<2x3xbf16>) {
  // expected-error @+1 {{expects f32, but got 'tensor<2x3xbf16>'}}
  %0 = qnn.softmax %x : (tensor<2x3xbf16>) -> tensor<2x3xbf16>
  return
}

// -----

// softmax_c2, mixed
!p = !quant.uniform<i8:f32, 3.906250e-03:-128>
func.func @f(%x: tensor<2xf32>) {
  // expected-error @+1 {{expects only f32 or only integer formats}}
  %0 = qnn.softmax %x : (tensor<2xf32>) -> tensor<2x!p>
  return
}

// -----

// softmax_c2, bits
!p = !quant.uniform<i8:f32, 3.906250e-03:-128>
!w = !quant.uniform<i16:f32, 1.0>
func.func @f(%x: tensor<2x!w>) {
  // expected-error @+1 {{expects affine integers of 8 bits, but got '!quant.uniform<i16:f32, 1.000000e+00>'}}
  %0 = qnn.softmax %x : (tensor<2x!w>) -> tensor<2x!p>
  return
}

// -----

// softmax_c3, scale
!q = !quant.uniform<i8:f32, 1.0>
!p = !quant.uniform<i8:f32, 1.0e-02:-128>
func.func @f(%x: tensor<2x!q>) {
  // expected-error @+1 {{expects an integer result of scale 1/256 with its smallest code as zero point}}
  %0 = qnn.softmax %x : (tensor<2x!q>) -> tensor<2x!p>
  return
}

// -----

// softmax_c3, zero point
!q = !quant.uniform<i8:f32, 1.0>
!p = !quant.uniform<i8:f32, 3.906250e-03>
func.func @f(%x: tensor<2x!q>) {
  // expected-error @+1 {{expects an integer result of scale 1/256 with its smallest code as zero point}}
  %0 = qnn.softmax %x : (tensor<2x!q>) -> tensor<2x!p>
  return
}

// -----

// softmax_c4
func.func @f(%x: tensor<2xf32>) {
  // expected-error @+1 {{expects a positive beta, but got 0.000000e+00}}
  %0 = qnn.softmax %x {beta = 0.0 : f64} : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// softmax_c5
!q = !quant.uniform<i8:f32, 1.0>
!p = !quant.uniform<i8:f32, 3.906250e-03:-128>
func.func @f(%x: tensor<2x4097x!q>) {
  // expected-error @+1 {{expects rows of at most 4096 integers, but got 4097}}
  %0 = qnn.softmax %x : (tensor<2x4097x!q>) -> tensor<2x4097x!p>
  return
}

// -----

// log_softmax_c1
func.func @f(%x: tensor<2xf32>) {
  // expected-error @+1 {{expects equal shapes}}
  %0 = qnn.log_softmax %x : (tensor<2xf32>) -> tensor<3xf32>
  return
}

// -----

// log_softmax_c2
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x!q>) {
  // expected-error @+1 {{expects f32 of rank at least 1}}
  %0 = qnn.log_softmax %x : (tensor<2x!q>) -> tensor<2x!q>
  return
}

// -----

// argmax_c1
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x3x!q>) {
  // expected-error @+1 {{expects an axis from 0 to 1, but got 2}}
  %0 = qnn.argmax %x {axis = 2} : (tensor<2x3x!q>) -> tensor<2xi32>
  return
}

// -----

// argmax_c1, negative
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x3x!q>) {
  // expected-error @+1 {{expects an axis from 0 to 1, but got -1}}
  %0 = qnn.argmax %x {axis = -1} : (tensor<2x3x!q>) -> tensor<2xi32>
  return
}

// -----

// argmax_c1, empty
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x0x!q>) {
  // expected-error @+1 {{cannot choose from axis 1}}
  %0 = qnn.argmax %x {axis = 1} : (tensor<2x0x!q>) -> tensor<2xi32>
  return
}

// -----

// argmax_c2
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x3x!q>) {
  // expected-error @+1 {{expects the input's shape without axis 0 as result, but got 'tensor<2xi32>'}}
  %0 = qnn.argmax %x {axis = 0} : (tensor<2x3x!q>) -> tensor<2xi32>
  return
}

// -----

// argmax_c2, element type
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x3x!q>) {
  // expected-error @+1 {{result #0 must be tensor of i32 of static shape}}
  %0 = qnn.argmax %x {axis = 0} : (tensor<2x3x!q>) -> tensor<3xi64>
  return
}

// -----

// batch_norm_c1
func.func @f(%x: tensor<2x4xf32>, %p: tensor<4xf32>, %r: tensor<3xf32>) {
  // expected-error @+1 {{expects equal shapes}}
  %0 = qnn.batch_norm %x, %p, %p, %p, %p {epsilon = 1.0e-03 : f64} : (tensor<2x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4x2xf32>
  return
}

// -----

// batch_norm_c1, integers
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x4x!q>, %p: tensor<4xf32>) {
  // expected-error @+1 {{operand #0 must be tensor of f32 of static shape}}
  %0 = qnn.batch_norm %x, %p, %p, %p, %p {epsilon = 1.0e-03 : f64} : (tensor<2x4x!q>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  return
}

// -----

// batch_norm_c2
func.func @f(%x: tensor<2x4xf32>, %p: tensor<4xf32>, %r: tensor<3xf32>) {
  // expected-error @+1 {{expects parameters of 4 elements, but got 'tensor<3xf32>'}}
  %0 = qnn.batch_norm %x, %p, %p, %r, %p {epsilon = 1.0e-03 : f64} : (tensor<2x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<3xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  return
}

// -----

// batch_norm_c3
func.func @f(%x: tensor<2x4xf32>, %p: tensor<4xf32>, %r: tensor<3xf32>) {
  // expected-error @+1 {{expects an epsilon of at least 0, but got -1.000000e+00}}
  %0 = qnn.batch_norm %x, %p, %p, %p, %p {epsilon = -1.0 : f64} : (tensor<2x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  return
}

// -----

// threshold_c1
func.func @f(%x: tensor<2x4xf32>, %t: tensor<1x1xf32>) {
  // expected-error @+1 {{expects equal shapes}}
  %0 = qnn.threshold %x, %t : (tensor<2x4xf32>, tensor<1x1xf32>) -> tensor<4x2x!qnn.binary>
  return
}

// -----

// threshold_c1, no channels
func.func @f(%x: tensor<f32>, %t: tensor<1x1xf32>) {
  // expected-error @+1 {{expects a rank of at least 1}}
  %0 = qnn.threshold %x, %t : (tensor<f32>, tensor<1x1xf32>) -> tensor<!qnn.binary>
  return
}

// -----

// threshold_c2
func.func @f(%x: tensor<2x4xf32>, %t: tensor<1x1xi32>) {
  // expected-error @+1 {{expects f32 or i32 for input and thresholds alike, but got 'f32' and 'i32'}}
  %0 = qnn.threshold %x, %t : (tensor<2x4xf32>, tensor<1x1xi32>) -> tensor<2x4x!qnn.binary>
  return
}

// -----

// threshold_c2, neither
func.func @f(%x: tensor<2x4xi8>, %t: tensor<1x1xi8>) {
  // expected-error @+1 {{expects f32 or i32 for input and thresholds alike, but got 'i8' and 'i8'}}
  %0 = qnn.threshold %x, %t : (tensor<2x4xi8>, tensor<1x1xi8>) -> tensor<2x4x!qnn.binary>
  return
}

// -----

// threshold_c3
func.func @f(%x: tensor<2x4xf32>, %t: tensor<1x31xf32>) {
  // expected-error @+1 {{expects a result of at most 4 bits, per tensor and with codes in the order of their numbers}}
  %0 = qnn.threshold %x, %t : (tensor<2x4xf32>, tensor<1x31xf32>) -> tensor<2x4x!quant.uniform<u5:f32, 1.0>>
  return
}

// -----

// threshold_c3, per channel
func.func @f(%x: tensor<4xf32>, %t: tensor<1x1xf32>) {
  // expected-error @+1 {{expects a result of at most 4 bits, per tensor and with codes in the order of their numbers}}
  %0 = qnn.threshold %x, %t : (tensor<4xf32>, tensor<1x1xf32>) -> tensor<4x!qnn.binary<axis = 0, alpha = [1.0, 2.0, 3.0, 4.0]>>
  return
}

// -----

// threshold_c4
func.func @f(%x: tensor<2x4xf32>, %t: tensor<2x1xf32>) {
  // expected-error @+1 {{expects thresholds of shape [4, 1] or [1, 1], but got 'tensor<2x1xf32>'}}
  %0 = qnn.threshold %x, %t : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4x!qnn.binary>
  return
}

// -----

// threshold_c4, codes
func.func @f(%x: tensor<2x4xf32>, %t: tensor<4x1xf32>) {
  // expected-error @+1 {{expects thresholds of shape [4, 2] or [1, 2], but got 'tensor<4x1xf32>'}}
  %0 = qnn.threshold %x, %t : (tensor<2x4xf32>, tensor<4x1xf32>) -> tensor<2x4x!qnn.ternary>
  return
}

// -----

// threshold_c5
func.func @f(%x: tensor<2x4xi32>, %t: tensor<4x1xi32>) {
  // expected-error @+1 {{expects falling for i32 and each of 4 channels, but got 'i32' and 1 channels}}
  %0 = qnn.threshold %x, %t {falling = array<i1: true>} : (tensor<2x4xi32>, tensor<4x1xi32>) -> tensor<2x4x!qnn.binary>
  return
}

// -----

// threshold_c5, floats
func.func @f(%x: tensor<2x1xf32>, %t: tensor<1x1xf32>) {
  // expected-error @+1 {{expects falling for i32 and each of 1 channels, but got 'f32' and 1 channels}}
  %0 = qnn.threshold %x, %t {falling = array<i1: true>} : (tensor<2x1xf32>, tensor<1x1xf32>) -> tensor<2x1x!qnn.binary>
  return
}

// -----

// rescale_c1
func.func @f(%x: tensor<2x1xi32>) {
  // expected-error @+1 {{expects equal shapes}}
  %0 = qnn.rescale %x {fraction = 3, offset = array<i32: 1>, multiplier = array<i32: 5>, exponent = array<i32: -1>, low = array<i32: -128>, high = array<i32: 126>} : (tensor<2x1xi32>) -> tensor<1x2x!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

// rescale_c1, no channels
func.func @f(%x: tensor<i32>) {
  // expected-error @+1 {{expects a rank of at least 1}}
  %0 = qnn.rescale %x {fraction = 3, offset = array<i32: 1>, multiplier = array<i32: 5>, exponent = array<i32: -1>, low = array<i32: -128>, high = array<i32: 126>} : (tensor<i32>) -> tensor<!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

// rescale_c2
func.func @f(%x: tensor<2x1xf32>) {
  // expected-error @+1 {{expects i32, but got 'f32'}}
  %0 = qnn.rescale %x {fraction = 3, offset = array<i32: 1>, multiplier = array<i32: 5>, exponent = array<i32: -1>, low = array<i32: -128>, high = array<i32: 126>} : (tensor<2x1xf32>) -> tensor<2x1x!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

// rescale_c2, no codes to scale
func.func @f(%x: tensor<2x1xi32>) {
  // expected-error @+1 {{expects an affine result of at most 16 bits, per tensor, but got '!qnn.binary'}}
  %0 = qnn.rescale %x {fraction = 3, offset = array<i32: 1>, multiplier = array<i32: 5>, exponent = array<i32: -1>, low = array<i32: -128>, high = array<i32: 126>} : (tensor<2x1xi32>) -> tensor<2x1x!qnn.binary>
  return
}

// -----

// rescale_c3
func.func @f(%x: tensor<2x1xi32>) {
  // expected-error @+1 {{expects 1 numbers in offset, but got 2}}
  %0 = qnn.rescale %x {fraction = 3, offset = array<i32: 1, 2>, multiplier = array<i32: 5>, exponent = array<i32: -1>, low = array<i32: -128>, high = array<i32: 126>} : (tensor<2x1xi32>) -> tensor<2x1x!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

// rescale_c3, falling
func.func @f(%x: tensor<2x1xi32>) {
  // expected-error @+1 {{expects 1 numbers in falling, but got 2}}
  %0 = qnn.rescale %x {fraction = 3, offset = array<i32: 1>, multiplier = array<i32: 5>, exponent = array<i32: -1>, low = array<i32: -128>, high = array<i32: 126>, falling = array<i1: true, false>} : (tensor<2x1xi32>) -> tensor<2x1x!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

// rescale_c3, two lines
func.func @f(%x: tensor<2x1xi32>) {
  // expected-error @+1 {{expects 2 numbers in multiplier, but got 1}}
  %0 = qnn.rescale %x {knee = array<i32: 4>, fraction = 3, offset = array<i32: 1, 1>, multiplier = array<i32: 5>, exponent = array<i32: -1, -1>, low = array<i32: -128>, high = array<i32: 126>} : (tensor<2x1xi32>) -> tensor<2x1x!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

// rescale_c4
func.func @f(%x: tensor<2x1xi32>) {
  // expected-error @+1 {{expects multipliers of at least 0 and exponents from -31 to -1, but got 5 and 0}}
  %0 = qnn.rescale %x {fraction = 3, offset = array<i32: 1>, multiplier = array<i32: 5>, exponent = array<i32: 0>, low = array<i32: -128>, high = array<i32: 126>} : (tensor<2x1xi32>) -> tensor<2x1x!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

// rescale_c4, a multiplier
func.func @f(%x: tensor<2x1xi32>) {
  // expected-error @+1 {{expects multipliers of at least 0 and exponents from -31 to -1, but got -5 and -31}}
  %0 = qnn.rescale %x {fraction = 3, offset = array<i32: 1>, multiplier = array<i32: -5>, exponent = array<i32: -31>, low = array<i32: -128>, high = array<i32: 126>} : (tensor<2x1xi32>) -> tensor<2x1x!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

// rescale_c4, a fraction
func.func @f(%x: tensor<2x1xi32>) {
  // expected-error @+1 {{attribute 'fraction' failed to satisfy constraint}}
  %0 = qnn.rescale %x {fraction = 31, offset = array<i32: 1>, multiplier = array<i32: 5>, exponent = array<i32: -1>, low = array<i32: -128>, high = array<i32: 126>} : (tensor<2x1xi32>) -> tensor<2x1x!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

// rescale_c5
func.func @f(%x: tensor<2x1xi32>) {
  // expected-error @+1 {{expects bounds of codes from -128 to 127, but got -127 to 128}}
  %0 = qnn.rescale %x {fraction = 3, offset = array<i32: 1>, multiplier = array<i32: 5>, exponent = array<i32: -1>, low = array<i32: -128>, high = array<i32: 127>} : (tensor<2x1xi32>) -> tensor<2x1x!quant.uniform<i8:f32, 1.0:1>>
  return
}

// -----

// rescale_c5, none between
func.func @f(%x: tensor<2x1xi32>) {
  // expected-error @+1 {{expects bounds of codes from -128 to 127, but got 5 to 4}}
  %0 = qnn.rescale %x {fraction = 3, offset = array<i32: 1>, multiplier = array<i32: 5>, exponent = array<i32: -1>, low = array<i32: 5>, high = array<i32: 4>} : (tensor<2x1xi32>) -> tensor<2x1x!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

// apply_c1
func.func @f(%x: tensor<2xf32>) {
  // expected-error @+1 {{expects equal shapes, but got 'tensor<2xf32>' and 'tensor<3xf32>'}}
  %0 = qnn.apply <exp> %x : (tensor<2xf32>) -> tensor<3xf32>
  return
}

// -----

// combine_c1
func.func @f(%a: tensor<2x3xf32>, %b: tensor<2xf32>) {
  // expected-error @+1 {{cannot broadcast 'tensor<2x3xf32>' with 'tensor<2xf32>'}}
  %0 = qnn.combine <divide> %a, %b : (tensor<2x3xf32>, tensor<2xf32>) -> tensor<2x3xf32>
  return
}

// -----

// select_c1
func.func @f(%c: tensor<3xf32>, %a: tensor<2x1xf32>, %b: tensor<f32>) {
  // expected-error @+1 {{expects a result of shape [2, 3], but got 'tensor<3xf32>'}}
  %0 = qnn.select %c, %a, %b : (tensor<3xf32>, tensor<2x1xf32>, tensor<f32>) -> tensor<3xf32>
  return
}
