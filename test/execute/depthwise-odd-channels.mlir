// More channels than a vector has lanes, but no multiple of them: the last vector takes some channels again.
!x = !quant.uniform<i8:f32, 5.0e-02:-3>
!w = !quant.uniform<i8:f32, 1.0e-02>

func.func @odd_channels(%f: tensor<1x4x5x21xf32>, %x: tensor<1x4x5x21x!x>) -> (tensor<1x4x2x21xf32>, tensor<1x4x2x21x!x>) {
  %wf = qnn.constant dense<[[[[-2.5, -0.75, 1.0, 2.75, -1.25, 0.5, 2.25, -1.75, 0.0, 1.75, -2.25, -0.5, 1.25, 3.0, -1.0, 0.75, 2.5, -1.5, 0.25, 2.0, -2.0],
                              [-1.25, 0.5, 2.25, -1.75, 0.0, 1.75, -2.25, -0.5, 1.25, 3.0, -1.0, 0.75, 2.5, -1.5, 0.25, 2.0, -2.0, -0.25, 1.5, -2.5, -0.75]]]]> : tensor<1x1x2x21xf32> : tensor<1x1x2x21xf32>
  %wx = qnn.constant dense<[[[[-99, -36, 27, 90, -54, 9, 72, -72, -9, 54, -90, -27, 36, 99, -45, 18, 81, -63, 0, 63, -81],
                              [-90, -45, 0, 45, 90, -54, -9, 36, 81, -63, -18, 27, 72, -72, -27, 18, 63, -81, -36, 9, 54]]]]> : tensor<1x1x2x21xi8> : tensor<1x1x2x21x!w>
  %0 = qnn.depthwise_conv2d %f, %wf {strides = array<i64: 1, 2>, dilations = array<i64: 1, 2>}
    : (tensor<1x4x5x21xf32>, tensor<1x1x2x21xf32>) -> tensor<1x4x2x21xf32>
  %1 = qnn.depthwise_conv2d %x, %wx {strides = array<i64: 1, 2>, dilations = array<i64: 1, 2>}
    : (tensor<1x4x5x21x!x>, tensor<1x1x2x21x!w>) -> tensor<1x4x2x21x!x>
  return %0, %1 : tensor<1x4x2x21xf32>, tensor<1x4x2x21x!x>
}
