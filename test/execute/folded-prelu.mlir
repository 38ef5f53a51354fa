// PReLUs with a slope for each channel behind sums of integers, in two forms, folded into thresholds: the same bits.
!u8 = !quant.uniform<u8:f32, 3.9215686274509803e-03>
!u2 = !quant.uniform<u2:f32, 0.33333333333333331>
!b = !qnn.binary
!wb = !qnn.binary<axis = 0, alpha = [1.0e-01, 3.0e-01, 7.0e-02, 1.3e-01, 2.0e-02]>
!a = !qnn.basis<steps = [5, 11, 40], alpha = [1.0e-02]>
func.func @prelus(%u: tensor<1x5x6x3x!u8>, %bits: tensor<2x45x!b>)
    -> (tensor<1x5x6x5x!u2>, tensor<2x5x!b>, tensor<1x2x3x5x!a>) {
  %minus = qnn.constant dense<-1.0> : tensor<f32> : tensor<f32>
  %zero = qnn.constant dense<0.0> : tensor<f32> : tensor<f32>
  %slope = qnn.constant dense<[0.25, 0.0, 1.7, 0.01, 0.3]> : tensor<5xf32> : tensor<5xf32>
  %falling = qnn.constant dense<[-0.25, -0.1, -1.7, -0.01, 0.0]> : tensor<5xf32> : tensor<5xf32>
  %shift = qnn.constant dense<[0.15, -0.3, 0.01, 0.4, -0.02]> : tensor<5xf32> : tensor<5xf32>
  %w0 = qnn.constant dense<"0xEDBF88465F03ADED29AB14C256E7D85056"> : tensor<17xi8> : tensor<5x3x3x3x!wb>
  %s0 = qnn.conv2d %u, %w0 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x5x6x3x!u8>, tensor<5x3x3x3x!wb>) -> tensor<1x5x6x5xf32>
  %y0 = qnn.sub %s0, %shift : (tensor<1x5x6x5xf32>, tensor<5xf32>) -> tensor<1x5x6x5xf32>
  %r0 = qnn.relu %y0 : (tensor<1x5x6x5xf32>) -> tensor<1x5x6x5xf32>
  %m0 = qnn.mul %y0, %minus : (tensor<1x5x6x5xf32>, tensor<f32>) -> tensor<1x5x6x5xf32>
  %n0 = qnn.relu %m0 : (tensor<1x5x6x5xf32>) -> tensor<1x5x6x5xf32>
  %f0 = qnn.mul %slope, %n0 : (tensor<5xf32>, tensor<1x5x6x5xf32>) -> tensor<1x5x6x5xf32>
  %p0 = qnn.sub %r0, %f0 : (tensor<1x5x6x5xf32>, tensor<1x5x6x5xf32>) -> tensor<1x5x6x5xf32>
  %a0 = qnn.add %p0, %shift : (tensor<1x5x6x5xf32>, tensor<5xf32>) -> tensor<1x5x6x5xf32>
  %0 = qnn.quantize %a0 : (tensor<1x5x6x5xf32>) -> tensor<1x5x6x5x!u2>

  // Both products fall.
  %w1 = qnn.constant dense<"0x791A384320C434956872D72C886BCB8FAE166602D21CC1FB470C79D901"> : tensor<29xi8> : tensor<5x45x!wb>
  %s1 = qnn.dense %bits, %w1 : (tensor<2x45x!b>, tensor<5x45x!wb>) -> tensor<2x5xf32>
  %l1 = qnn.combine <less> %s1, %zero : (tensor<2x5xf32>, tensor<f32>) -> tensor<2x5xf32>
  %f1 = qnn.mul %s1, %falling : (tensor<2x5xf32>, tensor<5xf32>) -> tensor<2x5xf32>
  %m1 = qnn.mul %s1, %minus : (tensor<2x5xf32>, tensor<f32>) -> tensor<2x5xf32>
  %p1 = qnn.select %l1, %f1, %m1 : (tensor<2x5xf32>, tensor<2x5xf32>, tensor<2x5xf32>) -> tensor<2x5xf32>
  %a1 = qnn.sub %p1, %shift : (tensor<2x5xf32>, tensor<5xf32>) -> tensor<2x5xf32>
  %1 = qnn.quantize %a1 : (tensor<2x5xf32>) -> tensor<2x5x!b>

  // Before a pool, and codes of a learned basis.
  %w2 = qnn.constant dense<"0x013E6567A9042A44082BFE65D723CB622F"> : tensor<17xi8> : tensor<5x3x3x3x!wb>
  %s2 = qnn.conv2d %u, %w2 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x5x6x3x!u8>, tensor<5x3x3x3x!wb>) -> tensor<1x5x6x5xf32>
  %l2 = qnn.combine <less> %s2, %zero : (tensor<1x5x6x5xf32>, tensor<f32>) -> tensor<1x5x6x5xf32>
  %f2 = qnn.mul %s2, %slope : (tensor<1x5x6x5xf32>, tensor<5xf32>) -> tensor<1x5x6x5xf32>
  %c2 = qnn.select %l2, %f2, %s2 : (tensor<1x5x6x5xf32>, tensor<1x5x6x5xf32>, tensor<1x5x6x5xf32>) -> tensor<1x5x6x5xf32>
  %p2 = qnn.max_pool2d %c2 {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x5x6x5xf32>) -> tensor<1x2x3x5xf32>
  %a2 = qnn.add %p2, %shift : (tensor<1x2x3x5xf32>, tensor<5xf32>) -> tensor<1x2x3x5xf32>
  %2 = qnn.quantize %a2 : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5x!a>
  return %0, %1, %2 : tensor<1x5x6x5x!u2>, tensor<2x5x!b>, tensor<1x2x3x5x!a>
}
