// Each axis; formats; the first of equal elements.
!x8 = !quant.uniform<i8:f32, 5.0e-02:-3>
!u8 = !quant.uniform<u8:f32, 2.0e-02:200>
!x2 = !quant.uniform<i2:f32, 1.0>
!x12 = !quant.uniform<u12:f32, 2.0e-03:100>

func.func @argmax(%x: tensor<2x3x4x!x8>, %u: tensor<11x!u8>, %x2: tensor<3x9x!x2>, %x12: tensor<9x!x12>, %b: tensor<2x9x!qnn.binary>,
                  %i: tensor<3x5xi32>, %f: tensor<3x5xf32>, %none: tensor<0x5x!x8>)
    -> (tensor<3x4xi32>, tensor<2x4xi32>, tensor<2x3xi32>, tensor<i32>, tensor<3xi32>, tensor<i32>, tensor<2xi32>, tensor<5xi32>, tensor<3xi32>,
        tensor<0xi32>) {
  %0 = qnn.argmax %x {axis = 0} : (tensor<2x3x4x!x8>) -> tensor<3x4xi32>
  %1 = qnn.argmax %x {axis = 1} : (tensor<2x3x4x!x8>) -> tensor<2x4xi32>
  %2 = qnn.argmax %x {axis = 2} : (tensor<2x3x4x!x8>) -> tensor<2x3xi32>
  %3 = qnn.argmax %u {axis = 0} : (tensor<11x!u8>) -> tensor<i32>
  %4 = qnn.argmax %x2 {axis = 1} : (tensor<3x9x!x2>) -> tensor<3xi32>
  %5 = qnn.argmax %x12 {axis = 0} : (tensor<9x!x12>) -> tensor<i32>
  %6 = qnn.argmax %b {axis = 1} : (tensor<2x9x!qnn.binary>) -> tensor<2xi32>
  %7 = qnn.argmax %i {axis = 0} : (tensor<3x5xi32>) -> tensor<5xi32>
  %8 = qnn.argmax %f {axis = 1} : (tensor<3x5xf32>) -> tensor<3xi32>
  %9 = qnn.argmax %none {axis = 1} : (tensor<0x5x!x8>) -> tensor<0xi32>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9
    : tensor<3x4xi32>, tensor<2x4xi32>, tensor<2x3xi32>, tensor<i32>, tensor<3xi32>, tensor<i32>, tensor<2xi32>, tensor<5xi32>, tensor<3xi32>,
      tensor<0xi32>
}
