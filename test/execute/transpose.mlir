// Formats; permutations that keep the last axis and that move it; codes that are not bytes.
!x8 = !quant.uniform<i8:f32, 5.0e-02:-3>
!x3 = !quant.uniform<u3:f32, 1.0:2>
!x12 = !quant.uniform<i12:f32, 2.0e-03:100>
!b = !qnn.binary<alpha = [2.5e-01]>

func.func @transpose(%x: tensor<2x3x4x!x8>, %x3: tensor<3x5x!x3>, %x12: tensor<3x5x!x12>, %b: tensor<3x5x!b>,
            %i: tensor<2x3xi32>, %f: tensor<2x3x2x2xf32>, %y: tensor<!x8>, %z: tensor<0x3x!x8>)
    -> (tensor<4x2x3x!x8>, tensor<3x2x4x!x8>, tensor<2x3x4x!x8>, tensor<5x3x!x3>, tensor<5x3x!x12>, tensor<5x3x!b>, tensor<3x2xi32>,
        tensor<2x3x2x2xf32>, tensor<!x8>, tensor<3x0x!x8>) {
  %0 = qnn.transpose %x {permutation = array<i64: 2, 0, 1>} : (tensor<2x3x4x!x8>) -> tensor<4x2x3x!x8>
  %1 = qnn.transpose %x {permutation = array<i64: 1, 0, 2>} : (tensor<2x3x4x!x8>) -> tensor<3x2x4x!x8>
  %2 = qnn.transpose %x {permutation = array<i64: 0, 1, 2>} : (tensor<2x3x4x!x8>) -> tensor<2x3x4x!x8>
  %3 = qnn.transpose %x3 {permutation = array<i64: 1, 0>} : (tensor<3x5x!x3>) -> tensor<5x3x!x3>
  %4 = qnn.transpose %x12 {permutation = array<i64: 1, 0>} : (tensor<3x5x!x12>) -> tensor<5x3x!x12>
  %5 = qnn.transpose %b {permutation = array<i64: 1, 0>} : (tensor<3x5x!b>) -> tensor<5x3x!b>
  %6 = qnn.transpose %i {permutation = array<i64: 1, 0>} : (tensor<2x3xi32>) -> tensor<3x2xi32>
  %7 = qnn.transpose %f {permutation = array<i64: 3, 1, 0, 2>} : (tensor<2x3x2x2xf32>) -> tensor<2x3x2x2xf32>
  %8 = qnn.transpose %y {permutation = array<i64>} : (tensor<!x8>) -> tensor<!x8>
  %9 = qnn.transpose %z {permutation = array<i64: 1, 0>} : (tensor<0x3x!x8>) -> tensor<3x0x!x8>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9
    : tensor<4x2x3x!x8>, tensor<3x2x4x!x8>, tensor<2x3x4x!x8>, tensor<5x3x!x3>, tensor<5x3x!x12>, tensor<5x3x!b>, tensor<3x2xi32>,
      tensor<2x3x2x2xf32>, tensor<!x8>, tensor<3x0x!x8>
}
