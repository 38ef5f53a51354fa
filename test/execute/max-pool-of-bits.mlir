// Largest codes of one bit: words of channels, bytes of them, and channels that fill none; windows that overlap, and borders.
!b = !qnn.binary<alpha = [5.0e-01]>
!u = !quant.uniform<u1:f32, 1.0>
func.func @pools(%a: tensor<2x6x7x64x!b>, %b: tensor<1x5x5x24x!b>, %c: tensor<1x5x4x13x!b>, %d: tensor<1x4x4x32x!u>, %e: tensor<1x1x1x8x!u>, %f: tensor<1x3x3x160x!b>)
    -> (tensor<2x3x3x64x!b>, tensor<1x5x5x24x!b>, tensor<1x2x2x13x!b>, tensor<1x4x4x32x!u>, tensor<1x1x1x8x!u>, tensor<1x1x1x160x!b>) {
  %0 = qnn.max_pool2d %a {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<2x6x7x64x!b>) -> tensor<2x3x3x64x!b>
  %1 = qnn.max_pool2d %b {kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>} : (tensor<1x5x5x24x!b>) -> tensor<1x5x5x24x!b>
  %2 = qnn.max_pool2d %c {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x5x4x13x!b>) -> tensor<1x2x2x13x!b>
  %3 = qnn.max_pool2d %d {kernel = array<i64: 2, 2>, strides = array<i64: 1, 1>, pads = array<i64: 0, 1, 0, 1>} : (tensor<1x4x4x32x!u>) -> tensor<1x4x4x32x!u>
  %4 = qnn.max_pool2d %e {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>} : (tensor<1x1x1x8x!u>) -> tensor<1x1x1x8x!u>
  %5 = qnn.max_pool2d %f {kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>} : (tensor<1x3x3x160x!b>) -> tensor<1x1x1x160x!b>
  return %0, %1, %2, %3, %4, %5 : tensor<2x3x3x64x!b>, tensor<1x5x5x24x!b>, tensor<1x2x2x13x!b>, tensor<1x4x4x32x!u>, tensor<1x1x1x8x!u>, tensor<1x1x1x160x!b>
}
