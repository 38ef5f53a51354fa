// Blocks of two or three channels, of which few lanes are stored, with sums that are products of words and of bytes.
!x = !quant.uniform<i8<-128:-70>:f32, 3.5e-02:-70>
!w = !quant.uniform<u8:f32, 1.8e-03:248>
!s = !quant.uniform<i8:f32, 1.8e-03>
!y = !quant.uniform<u9:f32, 7.6e-04>
!z = !quant.uniform<i8:f32, 7.6e-04:3>

func.func @net(%x: tensor<6x4x12x5x!x>) -> (tensor<6x4x12x2x!y>, tensor<6x4x12x3x!z>, tensor<6x4x12x2x!y>) {
  %two = qnn.constant dense<[[3, -6, 17, 99, -1], [0, 1, -8, 77, 31]]> : tensor<2x5xi8> : tensor<2x5x!w>
  %three = qnn.constant dense<[[3, 20, -17, 9, 5], [0, 1, 4, -60, 31], [-64, 63, 2, 7, 11]]> : tensor<3x5xi8> : tensor<3x5x!s>
  %0 = qnn.dense %x, %two {rescale = #qnn.rescale<rounding = single, overflow = wrap>} : (tensor<6x4x12x5x!x>, tensor<2x5x!w>) -> tensor<6x4x12x2x!y>
  %1 = qnn.dense %x, %three {rescale = #qnn.rescale<rounding = single>} : (tensor<6x4x12x5x!x>, tensor<3x5x!s>) -> tensor<6x4x12x3x!z>
  %2 = qnn.dense %x, %two : (tensor<6x4x12x5x!x>, tensor<2x5x!w>) -> tensor<6x4x12x2x!y>
  return %0, %1, %2 : tensor<6x4x12x2x!y>, tensor<6x4x12x3x!z>, tensor<6x4x12x2x!y>
}
