// Each on equal shapes and with broadcasting on both sides; powers of what is positive, and integer powers of any; one element, none.
func.func @combine(%x: tensor<2x1x3xf32>, %y: tensor<4x1xf32>, %a: tensor<17xf32>, %b: tensor<17xf32>, %one: tensor<f32>, %none: tensor<0x3xf32>)
    -> (tensor<2x4x3xf32>, tensor<2x4x3xf32>, tensor<2x4x3xf32>, tensor<2x4x3xf32>, tensor<2x4x3xf32>, tensor<2x4x3xf32>, tensor<17xf32>, tensor<17xf32>,
        tensor<17xf32>, tensor<17xf32>, tensor<17xf32>, tensor<17xf32>, tensor<17xf32>, tensor<17xf32>, tensor<17xf32>, tensor<f32>, tensor<0x3xf32>) {
  %two = qnn.constant dense<2.0> : tensor<f32> : tensor<f32>
  %three = qnn.constant dense<3.0> : tensor<f32> : tensor<f32>
  %above = qnn.add %y, %two : (tensor<4x1xf32>, tensor<f32>) -> tensor<4x1xf32>
  %divide = qnn.combine <divide> %x, %above : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  %equal = qnn.combine <equal> %x, %y : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  %less = qnn.combine <less> %x, %y : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  %less_equal = qnn.combine <less_equal> %x, %y : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  %maximum = qnn.combine <maximum> %x, %y : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  %minimum = qnn.combine <minimum> %x, %y : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  %e_divide = qnn.combine <divide> %a, %b : (tensor<17xf32>, tensor<17xf32>) -> tensor<17xf32>
  %e_equal = qnn.combine <equal> %a, %b : (tensor<17xf32>, tensor<17xf32>) -> tensor<17xf32>
  %e_less = qnn.combine <less> %a, %b : (tensor<17xf32>, tensor<17xf32>) -> tensor<17xf32>
  %e_less_equal = qnn.combine <less_equal> %a, %b : (tensor<17xf32>, tensor<17xf32>) -> tensor<17xf32>
  %e_maximum = qnn.combine <maximum> %a, %b : (tensor<17xf32>, tensor<17xf32>) -> tensor<17xf32>
  %e_minimum = qnn.combine <minimum> %a, %b : (tensor<17xf32>, tensor<17xf32>) -> tensor<17xf32>
  %square = qnn.mul %a, %a : (tensor<17xf32>, tensor<17xf32>) -> tensor<17xf32>
  %wide = qnn.mul %b, %three : (tensor<17xf32>, tensor<f32>) -> tensor<17xf32>
  %positive = qnn.add %square, %two : (tensor<17xf32>, tensor<f32>) -> tensor<17xf32>
  %power = qnn.combine <power> %positive, %wide : (tensor<17xf32>, tensor<17xf32>) -> tensor<17xf32>
  %cube = qnn.combine <power> %a, %three : (tensor<17xf32>, tensor<f32>) -> tensor<17xf32>
  %any = qnn.combine <power> %a, %b : (tensor<17xf32>, tensor<17xf32>) -> tensor<17xf32>
  %single = qnn.combine <maximum> %one, %two : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %empty = qnn.combine <divide> %none, %one : (tensor<0x3xf32>, tensor<f32>) -> tensor<0x3xf32>
  return %divide, %equal, %less, %less_equal, %maximum, %minimum, %e_divide, %e_equal, %e_less, %e_less_equal, %e_maximum, %e_minimum, %power, %cube, %any, %single, %empty
    : tensor<2x4x3xf32>, tensor<2x4x3xf32>, tensor<2x4x3xf32>, tensor<2x4x3xf32>, tensor<2x4x3xf32>, tensor<2x4x3xf32>, tensor<17xf32>, tensor<17xf32>,
      tensor<17xf32>, tensor<17xf32>, tensor<17xf32>, tensor<17xf32>, tensor<17xf32>, tensor<17xf32>, tensor<17xf32>, tensor<f32>, tensor<0x3xf32>
}
