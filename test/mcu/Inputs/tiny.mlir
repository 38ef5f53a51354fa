// Of three numbers, the first: zeros (code 0 is 128) give the codes 0, -128, -128.
!x = !quant.uniform<i8:f32, 1.0:-128>
!w = !quant.uniform<i8:f32, 1.0>
func.func @tiny(%x: tensor<1x3x!x> {qnn.name = "in"}) -> (tensor<1x3x!x> {qnn.name = "first.one"}) {
  %w = qnn.constant dense<[[1, 0, 0], [0, 0, 0], [0, 0, 0]]> : tensor<3x3xi8> {name = "w"} : tensor<3x3x!w>
  %0 = qnn.dense %x, %w : (tensor<1x3x!x>, tensor<3x3x!w>) -> tensor<1x3x!x>
  return %0 : tensor<1x3x!x>
}
