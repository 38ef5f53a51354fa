// Both outputs' signs, large and small steps, rows of one element, none.
!x8 = !quant.uniform<i8:f32, 5.0e-02:-3>
!u8 = !quant.uniform<u8:f32, 2.0e-01:200>
!fine = !quant.uniform<i8:f32, 1.0e-06>
!coarse = !quant.uniform<i8:f32, 1.0e+03>
!y = !quant.uniform<i8:f32, 3.906250e-03:-128>
!v = !quant.uniform<u8:f32, 3.906250e-03>

func.func @softmax(%x: tensor<3x7x!x8>, %u: tensor<2x1x10x!u8>, %fine: tensor<9x!fine>, %coarse: tensor<9x!coarse>, %f: tensor<2x5xf32>,
                   %one: tensor<2x1x!x8>, %none: tensor<3x0x!x8>)
    -> (tensor<3x7x!y>, tensor<3x7x!v>, tensor<2x1x10x!y>, tensor<9x!y>, tensor<9x!v>, tensor<2x5xf32>, tensor<2x1x!y>, tensor<3x0x!y>) {
  %0 = qnn.softmax %x : (tensor<3x7x!x8>) -> tensor<3x7x!y>
  %1 = qnn.softmax %x {beta = 3.5 : f64} : (tensor<3x7x!x8>) -> tensor<3x7x!v>
  %2 = qnn.softmax %u : (tensor<2x1x10x!u8>) -> tensor<2x1x10x!y>
  %3 = qnn.softmax %fine : (tensor<9x!fine>) -> tensor<9x!y>
  %4 = qnn.softmax %coarse : (tensor<9x!coarse>) -> tensor<9x!v>
  %5 = qnn.softmax %f {beta = 0.5 : f64} : (tensor<2x5xf32>) -> tensor<2x5xf32>
  %6 = qnn.softmax %one : (tensor<2x1x!x8>) -> tensor<2x1x!y>
  %7 = qnn.softmax %none : (tensor<3x0x!x8>) -> tensor<3x0x!y>
  return %0, %1, %2, %3, %4, %5, %6, %7
    : tensor<3x7x!y>, tensor<3x7x!v>, tensor<2x1x10x!y>, tensor<9x!y>, tensor<9x!v>, tensor<2x5xf32>, tensor<2x1x!y>, tensor<3x0x!y>
}
