// Rows of several elements, of one, none.
func.func @log_softmax(%x: tensor<2x3x5xf32>, %one: tensor<4x1xf32>, %none: tensor<0x3xf32>)
    -> (tensor<2x3x5xf32>, tensor<4x1xf32>, tensor<0x3xf32>) {
  %0 = qnn.log_softmax %x : (tensor<2x3x5xf32>) -> tensor<2x3x5xf32>
  %1 = qnn.log_softmax %one : (tensor<4x1xf32>) -> tensor<4x1xf32>
  %2 = qnn.log_softmax %none : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %0, %1, %2 : tensor<2x3x5xf32>, tensor<4x1xf32>, tensor<0x3xf32>
}
