// Formats; the first, a middle and the last axis; one part, an empty one; codes that are not bytes.
!x8 = !quant.uniform<i8:f32, 5.0e-02:-3>
!x3 = !quant.uniform<u3:f32, 1.0:2>
!x12 = !quant.uniform<i12:f32, 2.0e-03:100>
!b = !qnn.binary<alpha = [2.5e-01]>

func.func @split(%x: tensor<2x5x3x!x8>, %x3: tensor<3x5x!x3>, %x12: tensor<3x3x!x12>, %b: tensor<3x5x!b>, %i: tensor<5xi32>, %f: tensor<2x3xf32>)
    -> (tensor<1x5x3x!x8>, tensor<1x5x3x!x8>, tensor<2x4x3x!x8>, tensor<2x0x3x!x8>, tensor<2x1x3x!x8>, tensor<2x5x1x!x8>, tensor<2x5x2x!x8>,
        tensor<3x2x!x3>, tensor<3x3x!x3>, tensor<1x3x!x12>, tensor<2x3x!x12>, tensor<3x1x!b>, tensor<3x4x!b>, tensor<2xi32>, tensor<3xi32>,
        tensor<2x3xf32>) {
  %0:2 = qnn.split %x {axis = 0} : (tensor<2x5x3x!x8>) -> (tensor<1x5x3x!x8>, tensor<1x5x3x!x8>)
  %1:3 = qnn.split %x {axis = 1} : (tensor<2x5x3x!x8>) -> (tensor<2x4x3x!x8>, tensor<2x0x3x!x8>, tensor<2x1x3x!x8>)
  %2:2 = qnn.split %x {axis = 2} : (tensor<2x5x3x!x8>) -> (tensor<2x5x1x!x8>, tensor<2x5x2x!x8>)
  %3:2 = qnn.split %x3 {axis = 1} : (tensor<3x5x!x3>) -> (tensor<3x2x!x3>, tensor<3x3x!x3>)
  %4:2 = qnn.split %x12 {axis = 0} : (tensor<3x3x!x12>) -> (tensor<1x3x!x12>, tensor<2x3x!x12>)
  %5:2 = qnn.split %b {axis = 1} : (tensor<3x5x!b>) -> (tensor<3x1x!b>, tensor<3x4x!b>)
  %6:2 = qnn.split %i {axis = 0} : (tensor<5xi32>) -> (tensor<2xi32>, tensor<3xi32>)
  %7 = qnn.split %f {axis = 1} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0#0, %0#1, %1#0, %1#1, %1#2, %2#0, %2#1, %3#0, %3#1, %4#0, %4#1, %5#0, %5#1, %6#0, %6#1, %7
    : tensor<1x5x3x!x8>, tensor<1x5x3x!x8>, tensor<2x4x3x!x8>, tensor<2x0x3x!x8>, tensor<2x1x3x!x8>, tensor<2x5x1x!x8>, tensor<2x5x2x!x8>,
      tensor<3x2x!x3>, tensor<3x3x!x3>, tensor<1x3x!x12>, tensor<2x3x!x12>, tensor<3x1x!b>, tensor<3x4x!b>, tensor<2xi32>, tensor<3xi32>,
      tensor<2x3xf32>
}
