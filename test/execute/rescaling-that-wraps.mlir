// A multiplier that takes sums out of 32 bits, where they wrap: such codes do not rise with the sum, so that they follow from no
// thresholds, though they have two bits.
!x = !quant.uniform<i8:f32, 6.5076211467385292E-4>
!b = !qnn.binary<alpha = [0.2276340183151179]>
!y = !quant.uniform<i2:f32, 3.0113444290241764E-13:-2>
func.func @wraps(%x: tensor<6x4x3x!x>, %w: tensor<6x3x3x!b>) -> (tensor<6x4x3x!y>, tensor<6x4x3x!y>) {
  %0 = qnn.matmul %x, %w {activation = #qnn.activation<relu>, rescale = #qnn.rescale<rounding = single, product = f32>} : (tensor<6x4x3x!x>, tensor<6x3x3x!b>) -> tensor<6x4x3x!y>
  %1 = qnn.matmul %x, %w : (tensor<6x4x3x!x>, tensor<6x3x3x!b>) -> tensor<6x4x3x!y>
  return %0, %1 : tensor<6x4x3x!y>, tensor<6x4x3x!y>
}
