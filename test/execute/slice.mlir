// Formats; starts and strides; codes that are not bytes; one element, none.
!x8 = !quant.uniform<i8:f32, 5.0e-02:-3>
!x3 = !quant.uniform<u3:f32, 1.0:2>
!x12 = !quant.uniform<i12:f32, 2.0e-03:100>
!b = !qnn.binary<alpha = [2.5e-01]>

func.func @slice(%x: tensor<4x6x!x8>, %x3: tensor<3x5x!x3>, %x12: tensor<3x5x!x12>, %b: tensor<3x5x!b>, %i: tensor<5xi32>,
            %f: tensor<5xf32>)
    -> (tensor<2x3x!x8>, tensor<2x1x!x8>, tensor<1x3x!x8>, tensor<2x2x!x3>, tensor<2x4x!x12>, tensor<2x3x!b>, tensor<2xi32>, tensor<3xf32>,
        tensor<0x6x!x8>) {
  %0 = qnn.slice %x {starts = array<i64: 1, 2>, strides = array<i64: 1, 1>} : (tensor<4x6x!x8>) -> tensor<2x3x!x8>
  %1 = qnn.slice %x {starts = array<i64: 0, 5>, strides = array<i64: 3, 7>} : (tensor<4x6x!x8>) -> tensor<2x1x!x8>
  %2 = qnn.slice %x {starts = array<i64: 3, 1>, strides = array<i64: 1, 2>} : (tensor<4x6x!x8>) -> tensor<1x3x!x8>
  %3 = qnn.slice %x3 {starts = array<i64: 1, 1>, strides = array<i64: 1, 2>} : (tensor<3x5x!x3>) -> tensor<2x2x!x3>
  %4 = qnn.slice %x12 {starts = array<i64: 0, 1>, strides = array<i64: 2, 1>} : (tensor<3x5x!x12>) -> tensor<2x4x!x12>
  %5 = qnn.slice %b {starts = array<i64: 1, 2>, strides = array<i64: 1, 1>} : (tensor<3x5x!b>) -> tensor<2x3x!b>
  %6 = qnn.slice %i {starts = array<i64: 1>, strides = array<i64: 3>} : (tensor<5xi32>) -> tensor<2xi32>
  %7 = qnn.slice %f {starts = array<i64: 0>, strides = array<i64: 2>} : (tensor<5xf32>) -> tensor<3xf32>
  %8 = qnn.slice %x {starts = array<i64: 4, 0>, strides = array<i64: 1, 1>} : (tensor<4x6x!x8>) -> tensor<0x6x!x8>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8
    : tensor<2x3x!x8>, tensor<2x1x!x8>, tensor<1x3x!x8>, tensor<2x2x!x3>, tensor<2x4x!x12>, tensor<2x3x!b>, tensor<2xi32>, tensor<3xf32>,
      tensor<0x6x!x8>
}
