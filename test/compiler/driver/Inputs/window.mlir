// A window of 6 frames of 4 numbers: a layer that sees 3 of them, a pool over all that it gives.
!q = !quant.uniform<i8:f32, 5.0e-02:-3>
!w = !quant.uniform<i8:f32, 1.0e-02>
func.func @window(%x: tensor<1x6x1x4x!q> {qnn.name = "frames"}) -> (tensor<1x1x1x2x!q> {qnn.name = "scores"}) {
  %w = qnn.constant dense<[[[[90, -3, 40, 7]], [[1, 80, -9, 4]], [[5, 5, 60, -5]]],
                           [[[-70, 30, 4, 8]], [[10, -80, 9, 40]], [[50, 9, -6, 75]]]]> : tensor<2x3x1x4xi8> : tensor<2x3x1x4x!w>
  %0 = qnn.conv2d %x, %w : (tensor<1x6x1x4x!q>, tensor<2x3x1x4x!w>) -> tensor<1x4x1x2x!q> loc("conv")
  %1 = qnn.max_pool2d %0 {kernel = array<i64: 4, 1>} : (tensor<1x4x1x2x!q>) -> tensor<1x1x1x2x!q> loc("pool")
  return %1 : tensor<1x1x1x2x!q>
}
