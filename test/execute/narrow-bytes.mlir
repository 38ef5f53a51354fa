// Codes of bytes that leave some bytes out: instructions that pack sums clamp to all bytes there are, and bounds of the
// format come after them.
!x = !quant.uniform<i8:f32, 5.0e-02:-3>
!w = !quant.uniform<i8:f32, 1.0e-02>
!s = !quant.uniform<i8<-127:127>:f32, 2.0e-02>
!u = !quant.uniform<u8<1:254>:f32, 2.0e-02:128>

func.func @net(%a: tensor<1x5x6x64x!x>, %b: tensor<1x6x3x!x>)
    -> (tensor<1x5x6x64x!s>, tensor<1x5x6x64x!u>, tensor<1x5x6x64x!s>, tensor<1x5x6x64x!u>, tensor<1x6x5x!s>, tensor<1x6x64x!s>) {
  %point = qnn.constant dense<3> : tensor<64x1x1x64xi8> : tensor<64x1x1x64x!w>
  %window = qnn.constant dense<100> : tensor<1x3x3x64xi8> : tensor<1x3x3x64x!w>
  %few = qnn.constant dense<100> : tensor<5x3xi8> : tensor<5x3x!w>
  %many = qnn.constant dense<-100> : tensor<64x3xi8> : tensor<64x3x!w>
  %0 = qnn.conv2d %a, %point : (tensor<1x5x6x64x!x>, tensor<64x1x1x64x!w>) -> tensor<1x5x6x64x!s>
  %1 = qnn.conv2d %a, %point : (tensor<1x5x6x64x!x>, tensor<64x1x1x64x!w>) -> tensor<1x5x6x64x!u>
  %2 = qnn.depthwise_conv2d %a, %window {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x5x6x64x!x>, tensor<1x3x3x64x!w>) -> tensor<1x5x6x64x!s>
  %3 = qnn.depthwise_conv2d %a, %window {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x5x6x64x!x>, tensor<1x3x3x64x!w>) -> tensor<1x5x6x64x!u>
  %4 = qnn.dense %b, %few : (tensor<1x6x3x!x>, tensor<5x3x!w>) -> tensor<1x6x5x!s>
  %5 = qnn.dense %b, %many : (tensor<1x6x3x!x>, tensor<64x3x!w>) -> tensor<1x6x64x!s>
  return %0, %1, %2, %3, %4, %5 : tensor<1x5x6x64x!s>, tensor<1x5x6x64x!u>, tensor<1x5x6x64x!s>, tensor<1x5x6x64x!u>, tensor<1x6x5x!s>, tensor<1x6x64x!s>
}
