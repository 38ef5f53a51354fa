// Formats; to more and fewer dimensions, none, no elements.
!x8 = !quant.uniform<i8:f32, 5.0e-02:-3>
!x3 = !quant.uniform<u3:f32, 1.0:2>
!x12 = !quant.uniform<i12:f32, 2.0e-03:100>
!b = !qnn.binary<alpha = [2.5e-01]>

func.func @reshape(%x: tensor<2x3x4x!x8>, %x3: tensor<3x3x!x3>, %x12: tensor<1x5x!x12>, %b: tensor<3x3x!b>, %i: tensor<4xi32>,
            %f: tensor<6xf32>, %y: tensor<1x!x8>, %z: tensor<0x3x!x8>)
    -> (tensor<6x4x!x8>, tensor<2x2x2x3x!x8>, tensor<9x!x3>, tensor<5x1x!x12>, tensor<9x1x!b>, tensor<2x2xi32>, tensor<2x3xf32>,
        tensor<!x8>, tensor<7x0x!x8>) {
  %0 = qnn.reshape %x : (tensor<2x3x4x!x8>) -> tensor<6x4x!x8>
  %1 = qnn.reshape %x : (tensor<2x3x4x!x8>) -> tensor<2x2x2x3x!x8>
  %2 = qnn.reshape %x3 : (tensor<3x3x!x3>) -> tensor<9x!x3>
  %3 = qnn.reshape %x12 : (tensor<1x5x!x12>) -> tensor<5x1x!x12>
  %4 = qnn.reshape %b : (tensor<3x3x!b>) -> tensor<9x1x!b>
  %5 = qnn.reshape %i : (tensor<4xi32>) -> tensor<2x2xi32>
  %6 = qnn.reshape %f : (tensor<6xf32>) -> tensor<2x3xf32>
  %7 = qnn.reshape %y : (tensor<1x!x8>) -> tensor<!x8>
  %8 = qnn.reshape %z : (tensor<0x3x!x8>) -> tensor<7x0x!x8>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8
    : tensor<6x4x!x8>, tensor<2x2x2x3x!x8>, tensor<9x!x3>, tensor<5x1x!x12>, tensor<9x1x!b>, tensor<2x2xi32>, tensor<2x3xf32>, tensor<!x8>,
      tensor<7x0x!x8>
}
