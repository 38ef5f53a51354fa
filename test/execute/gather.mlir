// Formats; axes at the begin, in the middle and at the end; repeated, missing and no indices; no elements.
!x8 = !quant.uniform<i8:f32, 5.0e-02:-3>
!x3 = !quant.uniform<u3:f32, 1.0:2>
!x12 = !quant.uniform<i12:f32, 2.0e-03:100>
!b = !qnn.binary<alpha = [2.5e-01]>

func.func @gather(%x: tensor<2x3x5x!x8>, %x3: tensor<7x!x3>, %x12: tensor<3x4x!x12>, %b: tensor<3x9x!b>, %i: tensor<2x2xi32>,
                  %f: tensor<1x4xf32>, %none: tensor<0x3x!x8>)
    -> (tensor<3x3x5x!x8>, tensor<2x2x5x!x8>, tensor<2x3x9x!x8>, tensor<4x!x3>, tensor<5x4x!x12>, tensor<3x4x!b>, tensor<1x2xi32>,
        tensor<1x4xf32>, tensor<0x5x!x8>, tensor<3x0x!b>) {
  %0 = qnn.gather %x {axis = 0, indices = array<i64: 1, 0, 1>} : (tensor<2x3x5x!x8>) -> tensor<3x3x5x!x8>
  %1 = qnn.gather %x {axis = 1, indices = array<i64: 2, 0>} : (tensor<2x3x5x!x8>) -> tensor<2x2x5x!x8>
  %2 = qnn.gather %x {axis = 2, indices = array<i64: 4, 3, 2, 1, 0, 0, 1, 2, 3>} : (tensor<2x3x5x!x8>) -> tensor<2x3x9x!x8>
  %3 = qnn.gather %x3 {axis = 0, indices = array<i64: 6, 6, 0, 3>} : (tensor<7x!x3>) -> tensor<4x!x3>
  %4 = qnn.gather %x12 {axis = 0, indices = array<i64: 2, 2, 2, 0, 1>} : (tensor<3x4x!x12>) -> tensor<5x4x!x12>
  %5 = qnn.gather %b {axis = 1, indices = array<i64: 8, 1, 0, 5>} : (tensor<3x9x!b>) -> tensor<3x4x!b>
  %6 = qnn.gather %i {axis = 0, indices = array<i64: 1>} : (tensor<2x2xi32>) -> tensor<1x2xi32>
  %7 = qnn.gather %f {axis = 1, indices = array<i64: 3, 2, 1, 0>} : (tensor<1x4xf32>) -> tensor<1x4xf32>
  %8 = qnn.gather %none {axis = 1, indices = array<i64: 0, 0, 1, 1, 2>} : (tensor<0x3x!x8>) -> tensor<0x5x!x8>
  %9 = qnn.gather %b {axis = 1, indices = array<i64>} : (tensor<3x9x!b>) -> tensor<3x0x!b>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9
    : tensor<3x3x5x!x8>, tensor<2x2x5x!x8>, tensor<2x3x9x!x8>, tensor<4x!x3>, tensor<5x4x!x12>, tensor<3x4x!b>, tensor<1x2xi32>, tensor<1x4xf32>,
      tensor<0x5x!x8>, tensor<3x0x!b>
}
