// A variance of zero, negative factors; a vector, an image, no rows.
func.func @batch_norm(%x: tensor<1x2x3x4xf32>, %v: tensor<4xf32>, %none: tensor<0x4xf32>) -> (tensor<1x2x3x4xf32>, tensor<4xf32>, tensor<0x4xf32>) {
  %gamma = qnn.constant dense<[1.0, -0.5, 0.0, 3.0]> : tensor<4xf32> : tensor<4xf32>
  %beta = qnn.constant dense<[0.0, 1.0, -2.0, 0.25]> : tensor<4xf32> : tensor<4xf32>
  %mean = qnn.constant dense<[0.5, -0.5, 10.0, 0.0]> : tensor<4xf32> : tensor<4xf32>
  %variance = qnn.constant dense<[1.0, 0.0, 100.0, 0.01]> : tensor<4xf32> : tensor<4xf32>
  %0 = qnn.batch_norm %x, %gamma, %beta, %mean, %variance {epsilon = 1.0e-03 : f64}
    : (tensor<1x2x3x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x2x3x4xf32>
  %1 = qnn.batch_norm %v, %gamma, %beta, %mean, %variance {epsilon = 1.0e-05 : f64}
    : (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %2 = qnn.batch_norm %none, %gamma, %beta, %mean, %variance {epsilon = 1.0e-05 : f64}
    : (tensor<0x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<0x4xf32>
  return %0, %1, %2 : tensor<1x2x3x4xf32>, tensor<4xf32>, tensor<0x4xf32>
}
