// Formats; windows cut by the border, ties of both signs, a global pool, an activation, nothing.
!x8 = !quant.uniform<i8:f32, 5.0e-02:-3>
!u8 = !quant.uniform<u8:f32, 2.0e-02:200>
!x3 = !quant.uniform<i3:f32, 1.0>
!x16 = !quant.uniform<i16:f32, 1.0e-04>

func.func @avg_pool2d(%x: tensor<2x5x4x3x!x8>, %u: tensor<1x5x4x3x!u8>, %x3: tensor<1x3x3x3x!x3>, %x16: tensor<1x3x3x3x!x16>, %f: tensor<1x5x4x1xf32>,
                      %none: tensor<0x2x2x1x!x8>)
    -> (tensor<2x2x2x3x!x8>, tensor<2x6x2x3x!x8>, tensor<1x1x1x3x!u8>, tensor<1x2x2x3x!x3>, tensor<1x3x3x3x!x16>, tensor<1x5x5x1xf32>,
        tensor<0x1x1x1x!x8>) {
  %0 = qnn.avg_pool2d %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<2x5x4x3x!x8>) -> tensor<2x2x2x3x!x8>
  %1 = qnn.avg_pool2d %x {kernel = array<i64: 3, 3>, strides = array<i64: 1, 3>, pads = array<i64: 2, 1, 0, 2>, activation = #qnn.activation<relu6>}
    : (tensor<2x5x4x3x!x8>) -> tensor<2x6x2x3x!x8>
  %2 = qnn.avg_pool2d %u {kernel = array<i64: 5, 4>} : (tensor<1x5x4x3x!u8>) -> tensor<1x1x1x3x!u8>
  %3 = qnn.avg_pool2d %x3 {kernel = array<i64: 2, 2>} : (tensor<1x3x3x3x!x3>) -> tensor<1x2x2x3x!x3>
  %4 = qnn.avg_pool2d %x16 {kernel = array<i64: 3, 3>, pads = array<i64: 1, 1, 1, 1>} : (tensor<1x3x3x3x!x16>) -> tensor<1x3x3x3x!x16>
  %5 = qnn.avg_pool2d %f {kernel = array<i64: 2, 2>, pads = array<i64: 1, 0, 1, 1>, activation = #qnn.activation<relu>}
    : (tensor<1x5x4x1xf32>) -> tensor<1x5x5x1xf32>
  %6 = qnn.avg_pool2d %none {kernel = array<i64: 2, 2>} : (tensor<0x2x2x1x!x8>) -> tensor<0x1x1x1x!x8>
  return %0, %1, %2, %3, %4, %5, %6
    : tensor<2x2x2x3x!x8>, tensor<2x6x2x3x!x8>, tensor<1x1x1x3x!u8>, tensor<1x2x2x3x!x3>, tensor<1x3x3x3x!x16>, tensor<1x5x5x1xf32>,
      tensor<0x1x1x1x!x8>
}
