// Two inputs and two outputs: int8 and 4 bits.
!i8 = !quant.uniform<i8:f32, 0.5>
!i4 = !quant.uniform<i4:f32, 0.5>
func.func @pair(%a: tensor<1x2x3x!i8> {qnn.name = "a"}, %b: tensor<2x4x!i4>)
    -> (tensor<1x2x3x!i8> {qnn.name = "y"}, tensor<2x4x!i4>) {
  %0 = qnn.relu %a : (tensor<1x2x3x!i8>) -> tensor<1x2x3x!i8>
  %1 = qnn.relu %b : (tensor<2x4x!i4>) -> tensor<2x4x!i4>
  return %0, %1 : tensor<1x2x3x!i8>, tensor<2x4x!i4>
}
