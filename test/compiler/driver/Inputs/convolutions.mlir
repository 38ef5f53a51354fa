// A convolution that Winograd's algorithm computes, and one that it does not.
!q = !quant.uniform<i8:f32, 5.0e-02:-3>
!w = !quant.uniform<i8:f32, 1.0e-02>
func.func @net(%x: tensor<1x6x6x4x!q> {qnn.name = "image"}) -> (tensor<1x6x6x2x!q> {qnn.name = "scores"}) {
  %w = qnn.constant dense<[[[[90, -3, 40, 7], [1, 80, -9, 4], [5, 5, 60, -5]],
                            [[-70, 30, 4, 8], [10, -80, 9, 40], [50, 9, -6, 75]],
                            [[-7, 3, 14, 18], [11, 80, -9, 4], [-50, 19, 16, -75]]]]> : tensor<1x3x3x4xi8> : tensor<1x3x3x4x!w>
  %p = qnn.constant dense<[[[[90]]], [[[-128]]]]> : tensor<2x1x1x1xi8> : tensor<2x1x1x1x!w>
  %0 = qnn.conv2d %x, %w {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x6x6x4x!q>, tensor<1x3x3x4x!w>) -> tensor<1x6x6x1x!q> loc("block1/conv")
  %1 = qnn.conv2d %0, %p : (tensor<1x6x6x1x!q>, tensor<2x1x1x1x!w>) -> tensor<1x6x6x2x!q> loc("block1/point")
  return %1 : tensor<1x6x6x2x!q>
}
