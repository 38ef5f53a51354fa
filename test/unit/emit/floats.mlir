// f32 kernels: a dense layer, elementary functions, softmax, and the ways in and out.
!q = !quant.uniform<i8:f32, 5.0e-02:-12>
func.func @net(%x: tensor<2x4xf32>) -> (tensor<2x3xf32>, tensor<2x4x!q>, tensor<2x4xf32>) {
  %w = qnn.constant dense<[[0.5, -1.0, 0.25, 2.0], [1.5, 0.75, -0.5, 0.1], [-0.3, 0.2, 0.9, -0.7]]> : tensor<3x4xf32> : tensor<3x4xf32>
  %0 = qnn.dense %x, %w : (tensor<2x4xf32>, tensor<3x4xf32>) -> tensor<2x3xf32>
  %1 = qnn.tanh %0 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = qnn.softmax %1 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = qnn.quantize %x : (tensor<2x4xf32>) -> tensor<2x4x!q>
  %4 = qnn.dequantize %3 : (tensor<2x4x!q>) -> tensor<2x4xf32>
  return %2, %3, %4 : tensor<2x3xf32>, tensor<2x4x!q>, tensor<2x4xf32>
}
