// Kernels of int8 images: contraction, depthwise, pools, a sum, a mean, with rounding of both kinds.
!q = !quant.uniform<i8:f32, 5.0e-02:-12>
!r = !quant.uniform<i8:f32, 9.0e-02:3>
!w = !quant.uniform<i8<-127:127>:f32:0, {1.0e-02, 2.0e-02, 3.0e-02, 1.5e-02}>
!d = !quant.uniform<i8<-127:127>:f32:3, {1.0e-02, 2.0e-02, 3.0e-02, 1.5e-02}>
func.func @net(%x: tensor<1x9x9x3x!q>) -> tensor<1x4x!r> {
  %w = qnn.constant dense<[[[[3, -5, 7], [1, 2, -9]], [[4, 4, 4], [-8, 60, 2]]], [[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [-1, -2, -3]]], [[[100, 0, 0], [0, -100, 0]], [[0, 0, 50], [5, 5, 5]]], [[[-127, 127, 1], [2, 3, 4]], [[9, 9, 9], [1, 1, 1]]]]> : tensor<4x2x2x3xi8> : tensor<4x2x2x3x!w>
  %b = qnn.constant dense<[100, -200, 300, -400]> : tensor<4xi32> : tensor<4xi32>
  %d = qnn.constant dense<[[[[1, 2, 3, 4], [5, 6, 7, 8], [9, 8, 7, 6]], [[-1, -2, -3, -4], [40, 40, 40, 40], [1, 0, 1, 0]], [[3, 3, 3, 3], [2, 2, 2, 2], [1, 1, 1, 1]]]]> : tensor<1x3x3x4xi8> : tensor<1x3x3x4x!d>
  %0 = qnn.conv2d %x, %w bias %b {strides = array<i64: 1, 1>, activation = #qnn.activation<relu>} : (tensor<1x9x9x3x!q>, tensor<4x2x2x3x!w>, tensor<4xi32>) -> tensor<1x8x8x4x!r>
  %1 = qnn.depthwise_conv2d %0, %d bias %b {pads = array<i64: 1, 1, 1, 1>, rescale = #qnn.rescale<rounding = single>} : (tensor<1x8x8x4x!r>, tensor<1x3x3x4x!d>, tensor<4xi32>) -> tensor<1x8x8x4x!r>
  %2 = qnn.add %0, %1 : (tensor<1x8x8x4x!r>, tensor<1x8x8x4x!r>) -> tensor<1x8x8x4x!r>
  %3 = qnn.max_pool2d %2 {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x8x8x4x!r>) -> tensor<1x4x4x4x!r>
  %4 = qnn.avg_pool2d %3 {kernel = array<i64: 3, 3>, pads = array<i64: 1, 1, 1, 1>} : (tensor<1x4x4x4x!r>) -> tensor<1x4x4x4x!r>
  %5 = qnn.mean %4 {axes = array<i64: 1, 2>} : (tensor<1x4x4x4x!r>) -> tensor<1x4x!r>
  return %5 : tensor<1x4x!r>
}
