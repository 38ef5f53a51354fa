// Pools and means: one case per numbered constraint.
// RUN: %qcc-opt %s -verify-diagnostics -split-input-file

// max_pool2d_c1, rank
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<4x4x2x!q>) {
  // expected-error @+1 {{expects input and result of rank 4, but got 3 and 3}}
  %0 = qnn.max_pool2d %x {kernel = array<i64: 2, 2>} : (tensor<4x4x2x!q>) -> tensor<3x3x2x!q>
  return
}

// -----

// max_pool2d_c1, size
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>) {
  // expected-error @+1 {{expects a result of shape [1, 2, 2, 2]}}
  %0 = qnn.max_pool2d %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x4x4x2x!q>) -> tensor<1x3x2x2x!q>
  return
}

// -----

// max_pool2d_c2
!q = !quant.uniform<i8:f32, 1.0>
!r = !quant.uniform<i8:f32, 2.0>
func.func @f(%x: tensor<1x4x4x2x!q>) {
  // expected-error @+1 {{expects one format per tensor for input and result}}
  %0 = qnn.max_pool2d %x {kernel = array<i64: 2, 2>} : (tensor<1x4x4x2x!q>) -> tensor<1x3x3x2x!r>
  return
}

// -----

// max_pool2d_c3, kernel
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>) {
  // expected-error @+1 {{expects a kernel from 1 to 2^24, but got 0}}
  %0 = qnn.max_pool2d %x {kernel = array<i64: 0, 2>} : (tensor<1x4x4x2x!q>) -> tensor<1x3x3x2x!q>
  return
}

// -----

// max_pool2d_c3, strides
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>) {
  // expected-error @+1 {{expects strides from 1 to 2^24, but got -1}}
  %0 = qnn.max_pool2d %x {kernel = array<i64: 2, 2>, strides = array<i64: 1, -1>} : (tensor<1x4x4x2x!q>) -> tensor<1x3x3x2x!q>
  return
}

// -----

// max_pool2d_c3, a huge kernel
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>) {
  // expected-error @+1 {{expects a kernel from 1 to 2^24, but got 16777217}}
  %0 = qnn.max_pool2d %x {kernel = array<i64: 2, 16777217>} : (tensor<1x4x4x2x!q>) -> tensor<1x3x3x2x!q>
  return
}

// -----

// max_pool2d_c3, huge strides
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>) {
  // expected-error @+1 {{expects strides from 1 to 2^24, but got 16777217}}
  %0 = qnn.max_pool2d %x {kernel = array<i64: 2, 2>, strides = array<i64: 16777217, 1>} : (tensor<1x4x4x2x!q>) -> tensor<1x1x3x2x!q>
  return
}

// -----

// max_pool2d_c3, pads
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>) {
  // expected-error @+1 {{expects pads from 0 to 1, but got 2}}
  %0 = qnn.max_pool2d %x {kernel = array<i64: 2, 2>, pads = array<i64: 0, 2, 0, 0>} : (tensor<1x4x4x2x!q>) -> tensor<1x5x3x2x!q>
  return
}

// -----

// avg_pool2d_c1, rank
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<4x4x2x!q>) {
  // expected-error @+1 {{expects input and result of rank 4, but got 3 and 3}}
  %0 = qnn.avg_pool2d %x {kernel = array<i64: 2, 2>} : (tensor<4x4x2x!q>) -> tensor<3x3x2x!q>
  return
}

// -----

// avg_pool2d_c1, size
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>) {
  // expected-error @+1 {{expects a result of shape [1, 2, 2, 2]}}
  %0 = qnn.avg_pool2d %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x4x4x2x!q>) -> tensor<1x3x2x2x!q>
  return
}

// -----

// avg_pool2d_c2
!q = !quant.uniform<i8:f32, 1.0>
!r = !quant.uniform<i8:f32, 2.0>
func.func @f(%x: tensor<1x4x4x2x!q>) {
  // expected-error @+1 {{expects one format per tensor for input and result}}
  %0 = qnn.avg_pool2d %x {kernel = array<i64: 2, 2>} : (tensor<1x4x4x2x!q>) -> tensor<1x3x3x2x!r>
  return
}

// -----

// avg_pool2d_c3, kernel
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>) {
  // expected-error @+1 {{expects a kernel from 1 to 2^24, but got 0}}
  %0 = qnn.avg_pool2d %x {kernel = array<i64: 0, 2>} : (tensor<1x4x4x2x!q>) -> tensor<1x3x3x2x!q>
  return
}

// -----

// avg_pool2d_c3, strides
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>) {
  // expected-error @+1 {{expects strides from 1 to 2^24, but got -1}}
  %0 = qnn.avg_pool2d %x {kernel = array<i64: 2, 2>, strides = array<i64: 1, -1>} : (tensor<1x4x4x2x!q>) -> tensor<1x3x3x2x!q>
  return
}

// -----

// avg_pool2d_c3, a huge kernel
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>) {
  // expected-error @+1 {{expects a kernel from 1 to 2^24, but got 16777217}}
  %0 = qnn.avg_pool2d %x {kernel = array<i64: 2, 16777217>} : (tensor<1x4x4x2x!q>) -> tensor<1x3x3x2x!q>
  return
}

// -----

// avg_pool2d_c3, huge strides
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>) {
  // expected-error @+1 {{expects strides from 1 to 2^24, but got 16777217}}
  %0 = qnn.avg_pool2d %x {kernel = array<i64: 2, 2>, strides = array<i64: 16777217, 1>} : (tensor<1x4x4x2x!q>) -> tensor<1x1x3x2x!q>
  return
}

// -----

// avg_pool2d_c3, pads
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x4x4x2x!q>) {
  // expected-error @+1 {{expects pads from 0 to 1, but got 2}}
  %0 = qnn.avg_pool2d %x {kernel = array<i64: 2, 2>, pads = array<i64: 0, 2, 0, 0>} : (tensor<1x4x4x2x!q>) -> tensor<1x5x3x2x!q>
  return
}

// -----

// avg_pool2d_c4, a format without a mean
func.func @f(%x: tensor<1x4x4x2x!qnn.binary>) {
  // expected-error @+1 {{expects f32 or affine integers of at most 16 bits, but got '!qnn.binary'}}
  %0 = qnn.avg_pool2d %x {kernel = array<i64: 2, 2>} : (tensor<1x4x4x2x!qnn.binary>) -> tensor<1x3x3x2x!qnn.binary>
  return
}

// -----

// avg_pool2d_c4, width
func.func @f(%x: tensor<1x4x4x2xi32>) {
  // expected-error @+1 {{expects f32 or affine integers of at most 16 bits, but got 'i32'}}
  %0 = qnn.avg_pool2d %x {kernel = array<i64: 2, 2>} : (tensor<1x4x4x2xi32>) -> tensor<1x3x3x2xi32>
  return
}

// -----

// avg_pool2d_c4, the sum
!q = !quant.uniform<i16:f32, 1.0>
func.func @f(%x: tensor<1x256x256x1x!q>) {
  // expected-error @+2 {{expects at most 65534 elements of '!quant.uniform<i16:f32, 1.000000e+00>' in a mean, whose sum has 32 bits, but got 65536}}
  // expected-note @+1 {{take the mean in two steps, or over smaller windows}}
  %0 = qnn.avg_pool2d %x {kernel = array<i64: 256, 256>} : (tensor<1x256x256x1x!q>) -> tensor<1x1x1x1x!q>
  return
}

// -----

// mean_c1, order
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x3x4x!q>) {
  // expected-error @+1 {{expects ascending axes below 3, but got 0 after 1}}
  %0 = qnn.mean %x {axes = array<i64: 1, 0>} : (tensor<2x3x4x!q>) -> tensor<4x!q>
  return
}

// -----

// mean_c1, twice
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x3x4x!q>) {
  // expected-error @+1 {{expects ascending axes below 3, but got 1 after 1}}
  %0 = qnn.mean %x {axes = array<i64: 1, 1>} : (tensor<2x3x4x!q>) -> tensor<4x!q>
  return
}

// -----

// mean_c1, range
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x3x4x!q>) {
  // expected-error @+1 {{expects ascending axes below 3, but got 3}}
  %0 = qnn.mean %x {axes = array<i64: 3>} : (tensor<2x3x4x!q>) -> tensor<4x!q>
  return
}

// -----

// mean_c2
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x3x4x!q>) {
  // expected-error @+1 {{expects a result of shape [2, 4]}}
  %0 = qnn.mean %x {axes = array<i64: 1>} : (tensor<2x3x4x!q>) -> tensor<2x1x4x!q>
  return
}

// -----

// mean_c2, kept
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x3x4x!q>) {
  // expected-error @+1 {{expects a result of shape [2, 1, 4]}}
  %0 = qnn.mean %x {axes = array<i64: 1>, keep_dims} : (tensor<2x3x4x!q>) -> tensor<2x4x!q>
  return
}

// -----

// mean_c3
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x3x!q>) {
  // expected-error @+1 {{expects two integer formats or f32, but got '!quant.uniform<i8:f32, 1.000000e+00>' and 'f32'}}
  %0 = qnn.mean %x {axes = array<i64: 1>} : (tensor<2x3x!q>) -> tensor<2xf32>
  return
}

// -----

// mean_c3, per tensor
!q = !quant.uniform<i8:f32, 1.0>
!w = !quant.uniform<i8:f32:0, {1.0, 2.0}>
func.func @f(%x: tensor<2x3x!w>) {
  // expected-error @+1 {{expects formats per tensor of at most 16 bits}}
  %0 = qnn.mean %x {axes = array<i64: 1>} : (tensor<2x3x!w>) -> tensor<2x!q>
  return
}

// -----

// mean_c4
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x0x!q>) {
  // expected-error @+1 {{cannot take a mean over zero elements}}
  %0 = qnn.mean %x {axes = array<i64: 1>} : (tensor<2x0x!q>) -> tensor<2x!q>
  return
}

// -----

// mean_c4, more elements than a tensor holds
func.func @f(%x: tensor<2147483647x0x4xf32>) {
  // expected-error @+1 {{cannot take a mean over more than 2^31 elements}}
  %0 = qnn.mean %x {axes = array<i64: 0, 2>} : (tensor<2147483647x0x4xf32>) -> tensor<0xf32>
  return
}

// -----

// mean_c5
!q = !quant.uniform<u16:f32, 1.0>
func.func @f(%x: tensor<1x256x128x1x!q>) {
  // expected-error @+2 {{expects at most 32767 elements of '!quant.uniform<u16:f32, 1.000000e+00>' in a mean, whose sum has 32 bits, but got 32768}}
  // expected-note @+1 {{take the mean in two steps, or over smaller windows}}
  %0 = qnn.mean %x {axes = array<i64: 1, 2>} : (tensor<1x256x128x1x!q>) -> tensor<1x1x!q>
  return
}

// -----

// mean_c5, a far zero point
!q = !quant.uniform<i8:f32, 1.0:-128>
!z = !quant.uniform<i16:f32, 1.0:32767>
func.func @f(%x: tensor<256x128x!z>) {
  // expected-error @+2 {{expects at most 32767 elements}}
  // expected-note @+1 {{take the mean in two steps, or over smaller windows}}
  %0 = qnn.mean %x {axes = array<i64: 0, 1>} : (tensor<256x128x!z>) -> tensor<!q>
  return
}
