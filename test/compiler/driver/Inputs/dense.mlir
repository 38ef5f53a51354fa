// A classifier of 3 classes: the identity.
!x = !quant.uniform<i8:f32, 1.0:-128>
!w = !quant.uniform<i8:f32, 1.0>
func.func @dense(%x: tensor<1x3x!x> {qnn.name = "image"}) -> (tensor<1x3x!x> {qnn.name = "scores"}) {
  %w = qnn.constant dense<[[1, 0, 0], [0, 1, 0], [0, 0, 1]]> : tensor<3x3xi8> {name = "w"} : tensor<3x3x!w>
  %0 = qnn.dense %x, %w : (tensor<1x3x!x>, tensor<3x3x!w>) -> tensor<1x3x!x>
  return %0 : tensor<1x3x!x>
}
