// A constant as an output, as a splat, packed, from a resource, used twice, with no elements.
!x8 = !quant.uniform<i8:f32, 5.0e-02:-3>
!x3 = !quant.uniform<i3:f32, 1.0>
!x12 = !quant.uniform<u12:f32, 2.0e-03:100>

func.func @constant(%x: tensor<4x!x8>)
    -> (tensor<4x!x8>, tensor<2x2x!x8>, tensor<5x!x3>, tensor<3x!x12>, tensor<9x!qnn.binary>, tensor<2xf32>, tensor<2xi32>, tensor<0x!x8>,
        tensor<2x2x!x8>, tensor<4x!x8>) {
  %splat = qnn.constant dense<7> : tensor<4xi8> : tensor<4x!x8>
  %0 = qnn.add %x, %splat : (tensor<4x!x8>, tensor<4x!x8>) -> tensor<4x!x8>
  %1 = qnn.constant dense<[[127, -128], [0, 1]]> : tensor<2x2xi8> : tensor<2x2x!x8>
  %2 = qnn.constant dense<[-91, 47]> : tensor<2xi8> : tensor<5x!x3>
  %3 = qnn.constant dense<[-91, 47, 1, 2, 15]> : tensor<5xi8> : tensor<3x!x12>
  %4 = qnn.constant dense<[-91, 1]> : tensor<2xi8> : tensor<9x!qnn.binary>
  %5 = qnn.constant dense<[1.0e-30, -3.0e+30]> : tensor<2xf32> : tensor<2xf32>
  %6 = qnn.constant dense_resource<numbers> : tensor<2xi32> : tensor<2xi32>
  %7 = qnn.constant dense<> : tensor<0xi8> : tensor<0x!x8>
  %8 = qnn.reshape %splat : (tensor<4x!x8>) -> tensor<2x2x!x8>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %splat
    : tensor<4x!x8>, tensor<2x2x!x8>, tensor<5x!x3>, tensor<3x!x12>, tensor<9x!qnn.binary>, tensor<2xf32>, tensor<2xi32>, tensor<0x!x8>,
      tensor<2x2x!x8>, tensor<4x!x8>
}

{-#
  dialect_resources: { builtin: { numbers: "0x040000000100000002000080" } }
#-}
