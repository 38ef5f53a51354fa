// Formats; the first, a middle and the last axis; one input, the same twice, a constant, an empty part; codes that are not bytes.
!x8 = !quant.uniform<i8:f32, 5.0e-02:-3>
!x3 = !quant.uniform<u3:f32, 1.0:2>
!x12 = !quant.uniform<i12:f32, 2.0e-03:100>
!b = !qnn.binary<alpha = [2.5e-01]>

func.func @concat(%x: tensor<2x3x2x!x8>, %y: tensor<2x1x2x!x8>, %x3: tensor<3x3x!x3>, %y3: tensor<3x2x!x3>, %x12: tensor<3x3x!x12>, %b: tensor<3x3x!b>,
                  %i: tensor<2xi32>, %f: tensor<2x2xf32>, %none: tensor<2x0x2x!x8>)
    -> (tensor<4x3x2x!x8>, tensor<2x4x2x!x8>, tensor<2x3x4x!x8>, tensor<3x5x!x3>, tensor<6x3x!x12>, tensor<3x6x!b>, tensor<4xi32>, tensor<2x4xf32>,
        tensor<2x4x2x!x8>, tensor<2x3x2x!x8>) {
  %constant = qnn.constant dense<[[[127], [-128], [0]], [[1], [2], [3]]]> : tensor<2x3x1xi8> : tensor<2x3x1x!x8>
  %0 = qnn.concat %x, %x {axis = 0} : (tensor<2x3x2x!x8>, tensor<2x3x2x!x8>) -> tensor<4x3x2x!x8>
  %1 = qnn.concat %y, %x {axis = 1} : (tensor<2x1x2x!x8>, tensor<2x3x2x!x8>) -> tensor<2x4x2x!x8>
  %2 = qnn.concat %constant, %x, %constant {axis = 2} : (tensor<2x3x1x!x8>, tensor<2x3x2x!x8>, tensor<2x3x1x!x8>) -> tensor<2x3x4x!x8>
  %3 = qnn.concat %x3, %y3 {axis = 1} : (tensor<3x3x!x3>, tensor<3x2x!x3>) -> tensor<3x5x!x3>
  %4 = qnn.concat %x12, %x12 {axis = 0} : (tensor<3x3x!x12>, tensor<3x3x!x12>) -> tensor<6x3x!x12>
  %5 = qnn.concat %b, %b {axis = 1} : (tensor<3x3x!b>, tensor<3x3x!b>) -> tensor<3x6x!b>
  %6 = qnn.concat %i, %i {axis = 0} : (tensor<2xi32>, tensor<2xi32>) -> tensor<4xi32>
  %7 = qnn.concat %f, %f {axis = 1} : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x4xf32>
  %8 = qnn.concat %none, %x, %none, %y {axis = 1} : (tensor<2x0x2x!x8>, tensor<2x3x2x!x8>, tensor<2x0x2x!x8>, tensor<2x1x2x!x8>) -> tensor<2x4x2x!x8>
  %9 = qnn.concat %x {axis = 1} : (tensor<2x3x2x!x8>) -> tensor<2x3x2x!x8>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9
    : tensor<4x3x2x!x8>, tensor<2x4x2x!x8>, tensor<2x3x4x!x8>, tensor<3x5x!x3>, tensor<6x3x!x12>, tensor<3x6x!b>, tensor<4xi32>, tensor<2x4xf32>,
      tensor<2x4x2x!x8>, tensor<2x3x2x!x8>
}
