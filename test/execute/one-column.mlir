// Depthwise windows of one column over images of one column, which some machines turn into rows: few and many taps, of even
// and odd number, borders, strides, more channels than a multiple of four, and sums that are not rescaled to 8 bits.
!x = !quant.uniform<i8:f32, 5.0e-02:-3>
!u = !quant.uniform<u8:f32, 5.0e-02:131>
!w = !quant.uniform<i8<-127:127>:f32, 1.0e-02>
!y = !quant.uniform<i16:f32, 1.0e-03>

func.func @one_column(%x: tensor<1x24x1x13x!x>, %u: tensor<2x9x1x4x!u>, %long: tensor<1x40x1x8x!x>)
    -> (tensor<1x20x1x13x!x>, tensor<1x24x1x13x!x>, tensor<2x9x1x4x!u>, tensor<1x22x1x8x!x>, tensor<1x20x1x13x!y>, tensor<1x10x1x13x!x>, tensor<1x4x1x8x!x>) {
  %w5 = qnn.constant dense<[[[[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]], [[-127, 127, -3, 4, 5, -6, 7, -8, 9, 10, 11, -12, 13]], [[9, 8, 7, 6, 5, 4, 3, 2, 1, 0, -1, -2, -3]], [[100, 90, 80, 70, 60, 50, 40, 30, 20, 10, 0, -10, -20]], [[-5, 15, -25, 35, -45, 55, -65, 75, -85, 95, -105, 115, -125]]]]> : tensor<1x5x1x13xi8> : tensor<1x5x1x13x!w>
  %w2 = qnn.constant dense<[[[[1, -2, 3, -4]], [[50, 60, 70, 127]]]]> : tensor<1x2x1x4xi8> : tensor<1x2x1x4x!w>
  %w19 = qnn.constant dense<-9> : tensor<1x19x1x8xi8> : tensor<1x19x1x8x!w>
  %w37 = qnn.constant dense<7> : tensor<1x37x1x8xi8> : tensor<1x37x1x8x!w>
  %b = qnn.constant dense<[1, -200, 3000, 4, 5, 6, 7, 8, 9, 10, 11, 12, -13000]> : tensor<13xi32> : tensor<13xi32>
  %0 = qnn.depthwise_conv2d %x, %w5 bias %b : (tensor<1x24x1x13x!x>, tensor<1x5x1x13x!w>, tensor<13xi32>) -> tensor<1x20x1x13x!x>
  %1 = qnn.depthwise_conv2d %x, %w5 bias %b {activation = #qnn.activation<relu>, pads = array<i64: 2, 2, 0, 0>} : (tensor<1x24x1x13x!x>, tensor<1x5x1x13x!w>, tensor<13xi32>) -> tensor<1x24x1x13x!x>
  %2 = qnn.depthwise_conv2d %u, %w2 {pads = array<i64: 1, 0, 0, 0>} : (tensor<2x9x1x4x!u>, tensor<1x2x1x4x!w>) -> tensor<2x9x1x4x!u>
  %3 = qnn.depthwise_conv2d %long, %w19 : (tensor<1x40x1x8x!x>, tensor<1x19x1x8x!w>) -> tensor<1x22x1x8x!x>
  %4 = qnn.depthwise_conv2d %x, %w5 bias %b : (tensor<1x24x1x13x!x>, tensor<1x5x1x13x!w>, tensor<13xi32>) -> tensor<1x20x1x13x!y>
  %5 = qnn.depthwise_conv2d %x, %w5 bias %b {strides = array<i64: 2, 1>} : (tensor<1x24x1x13x!x>, tensor<1x5x1x13x!w>, tensor<13xi32>) -> tensor<1x10x1x13x!x>
  %6 = qnn.depthwise_conv2d %long, %w37 : (tensor<1x40x1x8x!x>, tensor<1x37x1x8x!w>) -> tensor<1x4x1x8x!x>
  return %0, %1, %2, %3, %4, %5, %6 : tensor<1x20x1x13x!x>, tensor<1x24x1x13x!x>, tensor<2x9x1x4x!u>, tensor<1x22x1x8x!x>, tensor<1x20x1x13x!y>, tensor<1x10x1x13x!x>, tensor<1x4x1x8x!x>
}
