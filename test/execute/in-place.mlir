// Contractions that may write over what they read, and some that must not, in chains whose values nobody else sees.
!a = !quant.uniform<i8:f32, 5.0e-02>
!w = !quant.uniform<i8:f32, 1.0e-02>

func.func @in_place(%x: tensor<1x1x196x32x!a>, %y: tensor<1x9x5x8x!a>, %z: tensor<1x9x5x16x!a>)
    -> (tensor<1x1x196x30x!a>, tensor<1x9x5x8x!a>, tensor<1x9x5x4x!a>, tensor<1x9x5x16x!a>) {
  // One row, which is staged in parts: 30 channels take more place than 15, and the input of the first layer has enough.
  %w0 = qnn.constant dense<3> : tensor<15x1x1x32xi8> : tensor<15x1x1x32x!w>
  %w1 = qnn.constant dense<100> : tensor<30x1x1x15xi8> : tensor<30x1x1x15x!w>
  %0 = qnn.conv2d %x, %w0 : (tensor<1x1x196x32x!a>, tensor<15x1x1x32x!w>) -> tensor<1x1x196x15x!a>
  %1 = qnn.conv2d %0, %w1 : (tensor<1x1x196x15x!a>, tensor<30x1x1x15x!w>) -> tensor<1x1x196x30x!a>
  // Three lines are staged ahead of the row that is written; with fewer channels, and with as many.
  %w2 = qnn.constant dense<7> : tensor<8x3x3x8xi8> : tensor<8x3x3x8x!w>
  %w3 = qnn.constant dense<-9> : tensor<4x3x3x8xi8> : tensor<4x3x3x8x!w>
  %w4 = qnn.constant dense<5> : tensor<1x3x3x8xi8> : tensor<1x3x3x8x!w>
  %2 = qnn.conv2d %y, %w2 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x9x5x8x!a>, tensor<8x3x3x8x!w>) -> tensor<1x9x5x8x!a>
  %3 = qnn.depthwise_conv2d %2, %w4 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x9x5x8x!a>, tensor<1x3x3x8x!w>) -> tensor<1x9x5x8x!a>
  %4 = qnn.conv2d %3, %w2 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x9x5x8x!a>, tensor<8x3x3x8x!w>) -> tensor<1x9x5x8x!a>
  %5 = qnn.conv2d %2, %w3 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x9x5x8x!a>, tensor<4x3x3x8x!w>) -> tensor<1x9x5x4x!a>
  // The place is large enough for 16 channels, but their rows would overtake those of 8.
  %w5 = qnn.constant dense<2> : tensor<8x3x3x16xi8> : tensor<8x3x3x16x!w>
  %w6 = qnn.constant dense<-3> : tensor<16x3x3x8xi8> : tensor<16x3x3x8x!w>
  %6 = qnn.conv2d %z, %w5 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x9x5x16x!a>, tensor<8x3x3x16x!w>) -> tensor<1x9x5x8x!a>
  %7 = qnn.conv2d %6, %w6 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x9x5x8x!a>, tensor<16x3x3x8x!w>) -> tensor<1x9x5x16x!a>
  return %1, %4, %5, %7 : tensor<1x1x196x30x!a>, tensor<1x9x5x8x!a>, tensor<1x9x5x4x!a>, tensor<1x9x5x16x!a>
}
