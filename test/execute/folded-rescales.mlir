// What compiled models fold into rescalings of sums and the interpreter does not: the same codes of 5 to 16 bits, with all
// roundings of f32. Batch norms that rise, fall and stand still; activations, before and behind; pools; no negative weights.
!b = !qnn.binary
!wb = !qnn.binary<axis = 0, alpha = [1.0e-01, 3.0e-01, 7.0e-02, 1.3e-01]>
!t = !qnn.ternary<alpha = [1.0e-01]>
!u2 = !quant.uniform<u2:f32, 0.33333333333333331>
!w2 = !quant.uniform<i2:f32, 5.0e-01>
!y8 = !quant.uniform<i8:f32, 3.0e-02:-7>
!n8 = !quant.uniform<i8<-100:90>:f32, 2.0e-02:5>
!v8 = !quant.uniform<u8:f32, 4.0e-02:100>
!u5 = !quant.uniform<u5:f32, 2.1e-01:9>
!z16 = !quant.uniform<i16:f32, 7.0e-04>
func.func @folded(%bits: tensor<1x4x6x32x!b>, %one: tensor<1x1x1x5x!b>, %codes: tensor<3x20x!u2>)
    -> (tensor<1x4x6x4x!y8>, tensor<1x2x3x4x!v8>, tensor<1x2x3x4x!n8>, tensor<3x4x!u5>, tensor<1x1x1x4x!z16>, tensor<3x4x!n8>, tensor<1x1x1x1x!y8>, tensor<1x4x6x4x!y8>, tensor<3x4x!u5>) {
  %gamma = qnn.constant dense<[1.5, -0.75, 0.0, 0.3]> : tensor<4xf32> : tensor<4xf32>
  %positive = qnn.constant dense<[1.5, 0.75, 0.01, 0.3]> : tensor<4xf32> : tensor<4xf32>
  %beta = qnn.constant dense<[0.25, 0.1, -0.5, 1.0]> : tensor<4xf32> : tensor<4xf32>
  %mean = qnn.constant dense<[0.125, -0.3, 2.0, 1.1]> : tensor<4xf32> : tensor<4xf32>
  %variance = qnn.constant dense<[0.7, 1.3, 4.0, 0.6]> : tensor<4xf32> : tensor<4xf32>

  // A falling channel whose weights can be negated, and zeros at the border.
  %w0 = qnn.constant dense<"0xA54DCA182530BB1D6D132CDED6237B2ED91E3F721FCB1971174494D6493C9D5C3460BE31201E69FEDAA0EEE8B9997F5C7C2999FDAFE593253CD654AF4DFAD71427A0AEB3FEE9232F8AF2211F9EE491C5B10BECB5563BFC1E6F93427ECBC8FE2955E5CD8E46DC8ED4B7C2764D2A5A4D767706F85D8690024AD6BDA3401BE9C8CBCCC935F6CD1F61226AE15338AE1A3400"> : tensor<144xi8> : tensor<4x3x3x32x!wb>
  %c0 = qnn.constant dense<[100, -20, 30, 0]> : tensor<4xi32> : tensor<4xi32>
  %s0 = qnn.conv2d %bits, %w0 bias %c0 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x4x6x32x!b>, tensor<4x3x3x32x!wb>, tensor<4xi32>) -> tensor<1x4x6x4xf32>
  %n0 = qnn.batch_norm %s0, %gamma, %beta, %mean, %variance {epsilon = 1.0e-03 : f64} : (tensor<1x4x6x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x4x6x4xf32>
  %0 = qnn.quantize %n0 : (tensor<1x4x6x4xf32>) -> tensor<1x4x6x4x!y8>

  // An activation before the batch norm: bounds for each channel. The pool behind both, so that it is one of codes.
  %w1 = qnn.constant dense<"0x4D33BA0D246AC04C81B1BAF23E3BF9EE"> : tensor<16xi8> : tensor<4x1x1x32x!wb>
  %s1 = qnn.conv2d %bits, %w1 {activation = #qnn.activation<relu>} : (tensor<1x4x6x32x!b>, tensor<4x1x1x32x!wb>) -> tensor<1x4x6x4xf32>
  %n1 = qnn.batch_norm %s1, %positive, %beta, %mean, %variance {epsilon = 1.0e-03 : f64} : (tensor<1x4x6x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x4x6x4xf32>
  %p1 = qnn.max_pool2d %n1 {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x4x6x4xf32>) -> tensor<1x2x3x4xf32>
  %1 = qnn.quantize %p1 {ties_to_even} : (tensor<1x2x3x4xf32>) -> tensor<1x2x3x4x!v8>

  // The pool before a batch norm that falls: of sums. An activation behind.
  %s2 = qnn.conv2d %bits, %w1 : (tensor<1x4x6x32x!b>, tensor<4x1x1x32x!wb>) -> tensor<1x4x6x4xf32>
  %p2 = qnn.max_pool2d %s2 {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x4x6x4xf32>) -> tensor<1x2x3x4xf32>
  %n2 = qnn.batch_norm %p2, %gamma, %beta, %mean, %variance {epsilon = 1.0e-03 : f64} : (tensor<1x2x3x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x2x3x4xf32>
  %r2 = qnn.relu %n2 : (tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32>
  %2 = qnn.quantize %r2 : (tensor<1x2x3x4xf32>) -> tensor<1x2x3x4x!n8>

  // Weights of which not all can be negated; arithmetic with constants.
  %w3 = qnn.constant dense<"0xF5F79F2B4934AF87F5520B69B94B0D982E85BB55"> : tensor<20xi8> : tensor<4x20x!w2>
  %s3 = qnn.dense %codes, %w3 : (tensor<3x20x!u2>, tensor<4x20x!w2>) -> tensor<3x4xf32>
  %half = qnn.constant dense<0.3> : tensor<f32> : tensor<f32>
  %m3 = qnn.mul %gamma, %s3 : (tensor<4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  %a3 = qnn.sub %half, %m3 : (tensor<f32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  %3 = qnn.quantize %a3 : (tensor<3x4xf32>) -> tensor<3x4x!u5>

  // Few sums and many codes: steps of hundreds of codes between two sums.
  %w4 = qnn.constant dense<"0xB67208"> : tensor<3xi8> : tensor<4x1x1x5x!wb>
  %s4 = qnn.conv2d %one, %w4 : (tensor<1x1x1x5x!b>, tensor<4x1x1x5x!wb>) -> tensor<1x1x1x4xf32>
  %n4 = qnn.batch_norm %s4, %gamma, %beta, %mean, %variance {epsilon = 1.0e-03 : f64} : (tensor<1x1x1x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x1x1x4xf32>
  %4 = qnn.quantize %n4 : (tensor<1x1x1x4xf32>) -> tensor<1x1x1x4x!z16>

  // Ternary weights.
  %w5 = qnn.constant dense<"0x77FFC440D10C53047C0000C50F5314443D7F541D"> : tensor<20xi8> : tensor<4x20x!t>
  %s5 = qnn.dense %codes, %w5 : (tensor<3x20x!u2>, tensor<4x20x!t>) -> tensor<3x4xf32>
  %n5 = qnn.batch_norm %s5, %gamma, %beta, %mean, %variance {epsilon = 1.0e-03 : f64} : (tensor<3x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  %5 = qnn.quantize %n5 : (tensor<3x4xf32>) -> tensor<3x4x!n8>

  // One channel, one sum, by way of 8 bits.
  %w6 = qnn.constant dense<"0x12"> : tensor<1xi8> : tensor<1x1x1x5x!b>
  %s6 = qnn.conv2d %one, %w6 : (tensor<1x1x1x5x!b>, tensor<1x1x1x5x!b>) -> tensor<1x1x1x1x!n8>
  %d6 = qnn.dequantize %s6 : (tensor<1x1x1x1x!n8>) -> tensor<1x1x1x1xf32>
  %m6 = qnn.mul %d6, %half : (tensor<1x1x1x1xf32>, tensor<f32>) -> tensor<1x1x1x1xf32>
  %6 = qnn.quantize %m6 : (tensor<1x1x1x1xf32>) -> tensor<1x1x1x1x!y8>

  // A PReLU with a slope for each channel: two lines. Of what lies exactly between two codes, too, below and above 0.
  %slope = qnn.constant dense<[0.25, 0.01, 1.7, 0.0]> : tensor<4xf32> : tensor<4xf32>
  %zero = qnn.constant dense<0.0> : tensor<f32> : tensor<f32>
  %s7 = qnn.conv2d %bits, %w0 bias %c0 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x4x6x32x!b>, tensor<4x3x3x32x!wb>, tensor<4xi32>) -> tensor<1x4x6x4xf32>
  %n7 = qnn.batch_norm %s7, %gamma, %beta, %mean, %variance {epsilon = 1.0e-03 : f64} : (tensor<1x4x6x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x4x6x4xf32>
  %l7 = qnn.combine <less> %n7, %zero : (tensor<1x4x6x4xf32>, tensor<f32>) -> tensor<1x4x6x4xf32>
  %f7 = qnn.mul %n7, %slope : (tensor<1x4x6x4xf32>, tensor<4xf32>) -> tensor<1x4x6x4xf32>
  %p7 = qnn.select %l7, %f7, %n7 : (tensor<1x4x6x4xf32>, tensor<1x4x6x4xf32>, tensor<1x4x6x4xf32>) -> tensor<1x4x6x4xf32>
  %7 = qnn.quantize %p7 : (tensor<1x4x6x4xf32>) -> tensor<1x4x6x4x!y8>
  %quarter = qnn.constant dense<0.75> : tensor<f32> : tensor<f32>
  %s8 = qnn.dense %codes, %w3 : (tensor<3x20x!u2>, tensor<4x20x!w2>) -> tensor<3x4xf32>
  %m8 = qnn.mul %s8, %quarter : (tensor<3x4xf32>, tensor<f32>) -> tensor<3x4xf32>
  %8 = qnn.quantize %m8 : (tensor<3x4xf32>) -> tensor<3x4x!u5>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8
    : tensor<1x4x6x4x!y8>, tensor<1x2x3x4x!v8>, tensor<1x2x3x4x!n8>, tensor<3x4x!u5>, tensor<1x1x1x4x!z16>, tensor<3x4x!n8>, tensor<1x1x1x1x!y8>, tensor<1x4x6x4x!y8>, tensor<3x4x!u5>
}
