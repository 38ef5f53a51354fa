// Kernels of int8 rows: dense layers, tables, softmax, moves, an index.
!q = !quant.uniform<i8:f32, 5.0e-02:-12>
!s = !quant.uniform<i8:f32, 3.906250e-03:-128>
!w = !quant.uniform<i8:f32, 2.0e-02>
func.func @net(%x: tensor<3x4x!q>) -> (tensor<3x6x!s>, tensor<3xi32>, tensor<4x3x!s>) {
  %w = qnn.constant dense<[[1, 2, 3, 4], [-5, 6, -7, 8], [9, 10, 11, 12], [13, -14, 15, 16], [17, 18, 19, 20], [-21, 22, 23, 24]]> : tensor<6x4xi8> : tensor<6x4x!w>
  %0 = qnn.dense %x, %w : (tensor<3x4x!q>, tensor<6x4x!w>) -> tensor<3x6x!q>
  %1 = qnn.softmax %0 : (tensor<3x6x!q>) -> tensor<3x6x!s>
  %2 = qnn.argmax %0 {axis = 1} : (tensor<3x6x!q>) -> tensor<3xi32>
  %3 = qnn.logistic %x : (tensor<3x4x!q>) -> tensor<3x4x!s>
  %4 = qnn.transpose %3 {permutation = array<i64: 1, 0>} : (tensor<3x4x!s>) -> tensor<4x3x!s>
  return %1, %2, %4 : tensor<3x6x!s>, tensor<3xi32>, tensor<4x3x!s>
}
