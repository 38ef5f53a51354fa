// Inputs are spread to where a function changes; log and sqrt get what is not negative, and at small numbers, too. One element, none.
func.func @apply(%x: tensor<3x17xf32>, %one: tensor<f32>, %none: tensor<0x3xf32>)
    -> (tensor<3x17xf32>, tensor<3x17xf32>, tensor<3x17xf32>, tensor<3x17xf32>, tensor<3x17xf32>, tensor<3x17xf32>, tensor<3x17xf32>,
        tensor<3x17xf32>, tensor<3x17xf32>, tensor<3x17xf32>, tensor<3x17xf32>, tensor<3x17xf32>, tensor<f32>, tensor<0x3xf32>) {
  %square = qnn.mul %x, %x : (tensor<3x17xf32>, tensor<3x17xf32>) -> tensor<3x17xf32>
  %least = qnn.constant dense<1.0e-06> : tensor<f32> : tensor<f32>
  %positive = qnn.add %square, %least : (tensor<3x17xf32>, tensor<f32>) -> tensor<3x17xf32>
  %abs = qnn.apply <abs> %x : (tensor<3x17xf32>) -> tensor<3x17xf32>
  %s_atan = qnn.constant dense<4.0> : tensor<f32> : tensor<f32>
  %x_atan = qnn.mul %x, %s_atan : (tensor<3x17xf32>, tensor<f32>) -> tensor<3x17xf32>
  %atan = qnn.apply <atan> %x_atan : (tensor<3x17xf32>) -> tensor<3x17xf32>
  %s_ceil = qnn.constant dense<4.0> : tensor<f32> : tensor<f32>
  %x_ceil = qnn.mul %x, %s_ceil : (tensor<3x17xf32>, tensor<f32>) -> tensor<3x17xf32>
  %ceil = qnn.apply <ceil> %x_ceil : (tensor<3x17xf32>) -> tensor<3x17xf32>
  %s_erf = qnn.constant dense<3.0> : tensor<f32> : tensor<f32>
  %x_erf = qnn.mul %x, %s_erf : (tensor<3x17xf32>, tensor<f32>) -> tensor<3x17xf32>
  %erf = qnn.apply <erf> %x_erf : (tensor<3x17xf32>) -> tensor<3x17xf32>
  %s_exp = qnn.constant dense<8.0> : tensor<f32> : tensor<f32>
  %x_exp = qnn.mul %x, %s_exp : (tensor<3x17xf32>, tensor<f32>) -> tensor<3x17xf32>
  %exp = qnn.apply <exp> %x_exp : (tensor<3x17xf32>) -> tensor<3x17xf32>
  %s_floor = qnn.constant dense<4.0> : tensor<f32> : tensor<f32>
  %x_floor = qnn.mul %x, %s_floor : (tensor<3x17xf32>, tensor<f32>) -> tensor<3x17xf32>
  %floor = qnn.apply <floor> %x_floor : (tensor<3x17xf32>) -> tensor<3x17xf32>
  %log = qnn.apply <log> %positive : (tensor<3x17xf32>) -> tensor<3x17xf32>
  %s_round = qnn.constant dense<4.0> : tensor<f32> : tensor<f32>
  %x_round = qnn.mul %x, %s_round : (tensor<3x17xf32>, tensor<f32>) -> tensor<3x17xf32>
  %round = qnn.apply <round> %x_round : (tensor<3x17xf32>) -> tensor<3x17xf32>
  %s_sin = qnn.constant dense<50.0> : tensor<f32> : tensor<f32>
  %x_sin = qnn.mul %x, %s_sin : (tensor<3x17xf32>, tensor<f32>) -> tensor<3x17xf32>
  %sin = qnn.apply <sin> %x_sin : (tensor<3x17xf32>) -> tensor<3x17xf32>
  %sqrt = qnn.apply <sqrt> %square : (tensor<3x17xf32>) -> tensor<3x17xf32>
  // Not a number and infinite where it has to be.
  %log_of_any = qnn.apply <log> %x : (tensor<3x17xf32>) -> tensor<3x17xf32>
  %root_of_any = qnn.apply <sqrt> %x : (tensor<3x17xf32>) -> tensor<3x17xf32>
  %single = qnn.apply <exp> %one : (tensor<f32>) -> tensor<f32>
  %empty = qnn.apply <sin> %none : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %abs, %atan, %ceil, %erf, %exp, %floor, %log, %round, %sin, %sqrt, %log_of_any, %root_of_any, %single, %empty
    : tensor<3x17xf32>, tensor<3x17xf32>, tensor<3x17xf32>, tensor<3x17xf32>, tensor<3x17xf32>, tensor<3x17xf32>, tensor<3x17xf32>,
      tensor<3x17xf32>, tensor<3x17xf32>, tensor<3x17xf32>, tensor<3x17xf32>, tensor<3x17xf32>, tensor<f32>, tensor<0x3xf32>
}
