// Broadcasting of each operand; a condition that is computed; one element, none.
func.func @select(%c: tensor<2x3xf32>, %a: tensor<3xf32>, %b: tensor<2x1xf32>, %one: tensor<f32>, %none: tensor<0x3xf32>)
    -> (tensor<2x3xf32>, tensor<2x3xf32>, tensor<f32>, tensor<0x3xf32>) {
  %zero = qnn.constant dense<0.0> : tensor<f32> : tensor<f32>
  %isNegative = qnn.combine <less> %c, %zero : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %0 = qnn.select %isNegative, %a, %b : (tensor<2x3xf32>, tensor<3xf32>, tensor<2x1xf32>) -> tensor<2x3xf32>
  %1 = qnn.select %a, %c, %one : (tensor<3xf32>, tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = qnn.select %one, %zero, %one : (tensor<f32>, tensor<f32>, tensor<f32>) -> tensor<f32>
  %3 = qnn.select %none, %a, %none : (tensor<0x3xf32>, tensor<3xf32>, tensor<0x3xf32>) -> tensor<0x3xf32>
  return %0, %1, %2, %3 : tensor<2x3xf32>, tensor<2x3xf32>, tensor<f32>, tensor<0x3xf32>
}
