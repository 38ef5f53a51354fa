// What compiled models fold into thresholds and the interpreter does not: the same bits, with all roundings of f32.
// Batch norms that rise, fall and stand still; scales per channel; biases; activations; pools before and behind.
!u8 = !quant.uniform<u8:f32, 3.9215686274509803e-03>
!x8 = !quant.uniform<i8:f32, 2.0e-02:-5>
!w8 = !quant.uniform<i8:f32:0, {1.0e-02, 3.0e-03, 2.0e-02, 7.0e-04}>
!w2 = !quant.uniform<i2:f32, 5.0e-01>
!u2 = !quant.uniform<u2:f32, 0.33333333333333331>
!u4 = !quant.uniform<u4:f32, 2.0e-01:3>
!i4 = !quant.uniform<i4:f32, 3.0e-01>
!b = !qnn.binary
!wb = !qnn.binary<axis = 0, alpha = [1.0e-01, 3.0e-01, 7.0e-02, 1.3e-01]>
!d8 = !quant.uniform<i8:f32:3, {1.0e-02, 3.0e-03, 2.0e-02, 7.0e-04}>
!t = !qnn.ternary<alpha = [1.0e-01]>
func.func @folded(%u: tensor<1x6x6x2x!u8>, %x: tensor<1x6x6x4x!x8>, %bits: tensor<1x4x6x32x!b>, %codes: tensor<3x20x!u2>)
    -> (tensor<1x6x6x4x!b>, tensor<1x3x3x4x!u2>, tensor<1x2x3x4x!b>, tensor<3x4x!u4>, tensor<1x6x6x4x!i4>, tensor<3x4x!u2>, tensor<1x3x3x4x!b>) {
  %gamma = qnn.constant dense<[1.5, -0.75, 0.0, 0.3]> : tensor<4xf32> : tensor<4xf32>
  %positive = qnn.constant dense<[1.5, 0.75, 0.01, 0.3]> : tensor<4xf32> : tensor<4xf32>
  %beta = qnn.constant dense<[0.25, 0.1, -0.5, 1.0]> : tensor<4xf32> : tensor<4xf32>
  %mean = qnn.constant dense<[0.125, -0.3, 2.0, 1.1]> : tensor<4xf32> : tensor<4xf32>
  %variance = qnn.constant dense<[0.7, 1.3, 4.0, 0.01]> : tensor<4xf32> : tensor<4xf32>

  // 8-bit input, binary weights; a falling channel whose weights can be negated.
  %w0 = qnn.constant dense<"0x0123456789ABCDEF5A"> : tensor<9xi8> : tensor<4x3x3x2x!b>
  %s0 = qnn.conv2d %u, %w0 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x6x6x2x!u8>, tensor<4x3x3x2x!b>) -> tensor<1x6x6x4xf32>
  %n0 = qnn.batch_norm %s0, %gamma, %beta, %mean, %variance {epsilon = 1.0e-03 : f64} : (tensor<1x6x6x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x6x6x4xf32>
  %0 = qnn.quantize %n0 : (tensor<1x6x6x4xf32>) -> tensor<1x6x6x4x!b>

  // A bias, a scale per channel, a clamp; the pool behind what falls nowhere, so that it is one of codes.
  %w1 = qnn.constant dense<"0x01FF037F80FE11F2230455660788990A"> : tensor<4x1x1x4xi8> : tensor<4x1x1x4x!w8>
  %c1 = qnn.constant dense<[100, -200, 300, 0]> : tensor<4xi32> : tensor<4xi32>
  %s1 = qnn.conv2d %x, %w1 bias %c1 {activation = #qnn.activation<relu6>} : (tensor<1x6x6x4x!x8>, tensor<4x1x1x4x!w8>, tensor<4xi32>) -> tensor<1x6x6x4xf32>
  %n1 = qnn.batch_norm %s1, %positive, %beta, %mean, %variance {epsilon = 1.0e-03 : f64} : (tensor<1x6x6x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x6x6x4xf32>
  %p1 = qnn.max_pool2d %n1 {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x6x6x4xf32>) -> tensor<1x3x3x4xf32>
  %1 = qnn.quantize %p1 {ties_to_even} : (tensor<1x3x3x4xf32>) -> tensor<1x3x3x4x!u2>

  // The pool before a batch norm that falls: of sums.
  %w2 = qnn.constant dense<"0x0123456789ABCDEF0123456789ABCDEF"> : tensor<16xi8> : tensor<4x1x1x32x!wb>
  %s2 = qnn.conv2d %bits, %w2 : (tensor<1x4x6x32x!b>, tensor<4x1x1x32x!wb>) -> tensor<1x4x6x4xf32>
  %p2 = qnn.max_pool2d %s2 {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x4x6x4xf32>) -> tensor<1x2x3x4xf32>
  %n2 = qnn.batch_norm %p2, %gamma, %beta, %mean, %variance {epsilon = 1.0e-03 : f64} : (tensor<1x2x3x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x2x3x4xf32>
  %2 = qnn.quantize %n2 : (tensor<1x2x3x4xf32>) -> tensor<1x2x3x4x!b>

  // Weights of which not all can be negated; 15 thresholds; arithmetic with constants.
  %w3 = qnn.constant dense<"0x1B2E4F93A6C05D718E1234567890ABCDEF0F1E2D"> : tensor<20xi8> : tensor<4x20x!w2>
  %s3 = qnn.dense %codes, %w3 : (tensor<3x20x!u2>, tensor<4x20x!w2>) -> tensor<3x4xf32>
  %half = qnn.constant dense<0.3> : tensor<f32> : tensor<f32>
  %m3 = qnn.mul %gamma, %s3 : (tensor<4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  %a3 = qnn.sub %half, %m3 : (tensor<f32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  %r3 = qnn.leaky_relu %a3 {alpha = 1.0e-01 : f64} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %3 = qnn.quantize %r3 : (tensor<3x4xf32>) -> tensor<3x4x!u4>

  // Each channel by itself, and learned thresholds of f32.
  %w4 = qnn.constant dense<"0x01FF037F80FE11F2230455660788990AABBCCDD0EEF10213F4152617F819A1B2C3D4E5F6"> : tensor<1x3x3x4xi8> : tensor<1x3x3x4x!d8>
  %s4 = qnn.depthwise_conv2d %x, %w4 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x6x6x4x!x8>, tensor<1x3x3x4x!d8>) -> tensor<1x6x6x4xf32>
  %n4 = qnn.batch_norm %s4, %gamma, %beta, %mean, %variance {epsilon = 1.0e-03 : f64} : (tensor<1x6x6x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x6x6x4xf32>
  %4 = qnn.quantize %n4 : (tensor<1x6x6x4xf32>) -> tensor<1x6x6x4x!i4>
  %w5 = qnn.constant dense<"0x77FFC440D10C53047C0000C50F5314443D7F541D"> : tensor<20xi8> : tensor<4x20x!t>
  %s5 = qnn.dense %codes, %w5 : (tensor<3x20x!u2>, tensor<4x20x!t>) -> tensor<3x4xf32>
  %t5 = qnn.constant dense<[[-0.1, 0.0, 0.1], [0.05, 0.05, 0.2], [-1.0, 0.3, 3.0e+38], [-0.2, -0.15, 0.3]]> : tensor<4x3xf32> : tensor<4x3xf32>
  %5 = qnn.threshold %s5, %t5 : (tensor<3x4xf32>, tensor<4x3xf32>) -> tensor<3x4x!u2>

  // By way of 8 bits.
  %s6 = qnn.conv2d %x, %w1 bias %c1 : (tensor<1x6x6x4x!x8>, tensor<4x1x1x4x!w8>, tensor<4xi32>) -> tensor<1x6x6x4x!x8>
  %p6 = qnn.max_pool2d %s6 {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x6x6x4x!x8>) -> tensor<1x3x3x4x!x8>
  %d6 = qnn.dequantize %p6 : (tensor<1x3x3x4x!x8>) -> tensor<1x3x3x4xf32>
  %n6 = qnn.batch_norm %d6, %gamma, %beta, %mean, %variance {epsilon = 1.0e-03 : f64} : (tensor<1x3x3x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x3x3x4xf32>
  %6 = qnn.quantize %n6 : (tensor<1x3x3x4xf32>) -> tensor<1x3x3x4x!b>
  return %0, %1, %2, %3, %4, %5, %6
    : tensor<1x6x6x4x!b>, tensor<1x3x3x4x!u2>, tensor<1x2x3x4x!b>, tensor<3x4x!u4>, tensor<1x6x6x4x!i4>, tensor<3x4x!u2>, tensor<1x3x3x4x!b>
}
