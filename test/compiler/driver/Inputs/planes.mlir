// A layer of bits with thresholds, one of two by two bits, a pool of bits and a layer of bytes.
!b = !qnn.binary
!u2 = !quant.uniform<u2:f32, 5.0e-01:0>
!i2 = !quant.uniform<i2:f32, 5.0e-01>
!q = !quant.uniform<i8:f32, 5.0e-02:3>
!w = !quant.uniform<i8:f32, 5.0e-02>
func.func @planes(%x: tensor<1x4x4x256x!b>, %y: tensor<1x4x4x64x!u2>, %z: tensor<1x4x4x8x!q>)
    -> (tensor<1x2x2x64x!b>, tensor<1x4x4x16x!q>, tensor<1x4x4x8x!q>) {
  %w0 = qnn.constant dense<85> : tensor<18432xi8> : tensor<64x3x3x256x!b>
  %t0 = qnn.constant dense<[[5]]> : tensor<1x1xi32> : tensor<1x1xi32>
  %0 = qnn.conv2d %x, %w0 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x4x4x256x!b>, tensor<64x3x3x256x!b>) -> tensor<1x4x4x64xi32> loc("bits")
  %1 = qnn.threshold %0, %t0 : (tensor<1x4x4x64xi32>, tensor<1x1xi32>) -> tensor<1x4x4x64x!b> loc("sign")
  %2 = qnn.max_pool2d %1 {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x4x4x64x!b>) -> tensor<1x2x2x64x!b> loc("pool")
  %w1 = qnn.constant dense<-101> : tensor<2304xi8> : tensor<16x3x3x64x!i2>
  %3 = qnn.conv2d %y, %w1 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x4x4x64x!u2>, tensor<16x3x3x64x!i2>) -> tensor<1x4x4x16x!q> loc("planes")
  %w2 = qnn.constant dense<7> : tensor<8x1x1x8xi8> : tensor<8x1x1x8x!w>
  %4 = qnn.conv2d %z, %w2 : (tensor<1x4x4x8x!q>, tensor<8x1x1x8x!w>) -> tensor<1x4x4x8x!q> loc("bytes")
  return %2, %3, %4 : tensor<1x2x2x64x!b>, tensor<1x4x4x16x!q>, tensor<1x4x4x8x!q>
}
