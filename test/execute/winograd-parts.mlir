// Exact Winograd F(2x2, 3x3) of 49 tiles, whose codes are transformed in two parts on machines with caches: 25 tiles, which no
// whole rows of seven are, and the last one of these with the rest.
!x = !quant.uniform<i8:f32, 5.0e-02:-3>
!w = !quant.uniform<i8:f32, 1.0e-02>
!y = !quant.uniform<i8:f32, 3.0e+01:4>

func.func @net(%x: tensor<1x14x14x320x!x>) -> tensor<1x14x14x16x!y> {
  %w = qnn.constant dense<-7> : tensor<16x3x3x320xi8> : tensor<16x3x3x320x!w>
  %0 = qnn.conv2d %x, %w {pads = array<i64: 1, 1, 1, 1>, algorithm = #qnn.algorithm<winograd = F_2_3, exact>}
    : (tensor<1x14x14x320x!x>, tensor<16x3x3x320x!w>) -> tensor<1x14x14x16x!y>
  return %0 : tensor<1x14x14x16x!y>
}
