// A bias at the ends of 32 bits, in results of which the zero point decides whether they wrap: values between layers keep
// it. The second layer shows what the first one gives, code by code.
!x = !quant.uniform<i8:f32, 5.0e-01:-3>
!y = !quant.uniform<i8:f32, 2.50000002e-01:-3>
!w = !quant.uniform<i8:f32, 5.0e-01>
!one = !quant.uniform<i8:f32, 1.0>
func.func @net(%x: tensor<5x4x!x>) -> tensor<5x6x!y> {
  %w = qnn.constant dense<[[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [1, 1, 1, 1], [-1, 1, -1, 1]]> : tensor<6x4xi8> : tensor<6x4x!w>
  %b = qnn.constant dense<[2147483647, 2147483520, -2147483648, -2147483520, 100, 2147483390]> : tensor<6xi32> : tensor<6xi32>
  %i = qnn.constant dense<[[1, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0], [0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 1, 0], [0, 0, 0, 0, 0, 1]]> : tensor<6x6xi8> : tensor<6x6x!one>
  %0 = qnn.dense %x, %w bias %b : (tensor<5x4x!x>, tensor<6x4x!w>, tensor<6xi32>) -> tensor<5x6x!y>
  %1 = qnn.dense %0, %i : (tensor<5x6x!y>, tensor<6x6x!one>) -> tensor<5x6x!y>
  return %1 : tensor<5x6x!y>
}
