// Rows longer than a vector, with a rest: maps in place and with broadcasts, moves, pools over many channels with and
// without borders, softmax of several vectors.
!x8 = !quant.uniform<i8:f32, 5.0e-02:-3>
!u8 = !quant.uniform<u8:f32, 2.0e-02:200>
!y8 = !quant.uniform<i8:f32, 7.3e-02:11>
!x16 = !quant.uniform<i16:f32, 1.0e-04>
!p8 = !quant.uniform<i8:f32, 3.90625e-03:-128>

func.func @long_rows(%x: tensor<1x5x7x37x!x8>, %u: tensor<1x5x7x37x!u8>, %row: tensor<37x!u8>, %pixel: tensor<1x5x7x1x!x8>, %wide: tensor<1x5x7x37x!x16>,
                     %f: tensor<1x5x7x37xf32>, %g: tensor<37xf32>, %i: tensor<3x53x!x8>, %j: tensor<3x53xf32>, %many: tensor<1x6x5x150x!x8>)
    -> (tensor<1x5x7x37x!y8>, tensor<1x5x7x37x!u8>, tensor<1x5x7x37x!x16>, tensor<1x5x7x37xf32>, tensor<1x7x10x37x!x8>, tensor<1x5x7x74x!x8>,
        tensor<3x53x!p8>, tensor<3x53xf32>, tensor<1x6x5x150x!x8>, tensor<1x6x5x150x!x8>, tensor<1x3x2x150x!x8>, tensor<1x1x1x150x!x8>,
        tensor<1x5x7x37xf32>, tensor<1x2x3x37x!u8>, tensor<1x150x!y8>, tensor<1x10x14x37x!u8>) {
  %0 = qnn.add %x, %u {activation = #qnn.activation<relu>} : (tensor<1x5x7x37x!x8>, tensor<1x5x7x37x!u8>) -> tensor<1x5x7x37x!y8>
  %1 = qnn.sub %0, %row : (tensor<1x5x7x37x!y8>, tensor<37x!u8>) -> tensor<1x5x7x37x!y8>
  %2 = qnn.mul %pixel, %u : (tensor<1x5x7x1x!x8>, tensor<1x5x7x37x!u8>) -> tensor<1x5x7x37x!u8>
  %3 = qnn.add %wide, %x : (tensor<1x5x7x37x!x16>, tensor<1x5x7x37x!x8>) -> tensor<1x5x7x37x!x16>
  %4 = qnn.mul %f, %g : (tensor<1x5x7x37xf32>, tensor<37xf32>) -> tensor<1x5x7x37xf32>
  %5 = qnn.pad %x {low = array<i64: 0, 1, 2, 0>, high = array<i64: 0, 1, 1, 0>} : (tensor<1x5x7x37x!x8>) -> tensor<1x7x10x37x!x8>
  %6 = qnn.concat %x, %x {axis = 3} : (tensor<1x5x7x37x!x8>, tensor<1x5x7x37x!x8>) -> tensor<1x5x7x74x!x8>
  %7 = qnn.softmax %i : (tensor<3x53x!x8>) -> tensor<3x53x!p8>
  %8 = qnn.softmax %j : (tensor<3x53xf32>) -> tensor<3x53xf32>
  %9 = qnn.avg_pool2d %many {kernel = array<i64: 3, 3>, pads = array<i64: 1, 1, 1, 1>} : (tensor<1x6x5x150x!x8>) -> tensor<1x6x5x150x!x8>
  %10 = qnn.max_pool2d %many {kernel = array<i64: 3, 3>, pads = array<i64: 1, 1, 1, 1>} : (tensor<1x6x5x150x!x8>) -> tensor<1x6x5x150x!x8>
  %11 = qnn.max_pool2d %many {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x6x5x150x!x8>) -> tensor<1x3x2x150x!x8>
  %12 = qnn.avg_pool2d %many {kernel = array<i64: 6, 5>} : (tensor<1x6x5x150x!x8>) -> tensor<1x1x1x150x!x8>
  %13 = qnn.avg_pool2d %f {kernel = array<i64: 3, 3>, pads = array<i64: 1, 1, 1, 1>} : (tensor<1x5x7x37xf32>) -> tensor<1x5x7x37xf32>
  %14 = qnn.max_pool2d %u {kernel = array<i64: 3, 2>, strides = array<i64: 2, 2>} : (tensor<1x5x7x37x!u8>) -> tensor<1x2x3x37x!u8>
  %15 = qnn.mean %many {axes = array<i64: 1, 2>} : (tensor<1x6x5x150x!x8>) -> tensor<1x150x!y8>
  %16 = qnn.resize_nearest %u : (tensor<1x5x7x37x!u8>) -> tensor<1x10x14x37x!u8>
  return %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16
    : tensor<1x5x7x37x!y8>, tensor<1x5x7x37x!u8>, tensor<1x5x7x37x!x16>, tensor<1x5x7x37xf32>, tensor<1x7x10x37x!x8>, tensor<1x5x7x74x!x8>,
      tensor<3x53x!p8>, tensor<3x53xf32>, tensor<1x6x5x150x!x8>, tensor<1x6x5x150x!x8>, tensor<1x3x2x150x!x8>, tensor<1x1x1x150x!x8>,
      tensor<1x5x7x37xf32>, tensor<1x2x3x37x!u8>, tensor<1x150x!y8>, tensor<1x10x14x37x!u8>
}
