// Formats; strides, asymmetric pads, a batch, an activation, nothing.
!x8 = !quant.uniform<i8:f32, 5.0e-02:-3>
!x2 = !quant.uniform<i2<-1:1>:f32, 1.0>
!x12 = !quant.uniform<u12:f32, 2.0e-03:100>
!b = !qnn.binary<alpha = [2.5e-01]>

func.func @max_pool2d(%x: tensor<2x5x4x3x!x8>, %x2: tensor<1x3x3x3x!x2>, %x12: tensor<1x3x3x3x!x12>, %b: tensor<1x3x3x3x!b>, %f: tensor<1x5x4x1xf32>,
                      %none: tensor<1x2x2x0x!x8>)
    -> (tensor<2x2x2x3x!x8>, tensor<2x6x2x3x!x8>, tensor<1x2x2x3x!x2>, tensor<1x1x1x3x!x12>, tensor<1x2x3x3x!b>, tensor<1x2x3x3x!b>,
        tensor<1x5x5x1xf32>, tensor<1x1x1x0x!x8>) {
  %0 = qnn.max_pool2d %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<2x5x4x3x!x8>) -> tensor<2x2x2x3x!x8>
  %1 = qnn.max_pool2d %x {kernel = array<i64: 3, 3>, strides = array<i64: 1, 3>, pads = array<i64: 2, 1, 0, 2>, activation = #qnn.activation<relu6>}
    : (tensor<2x5x4x3x!x8>) -> tensor<2x6x2x3x!x8>
  %2 = qnn.max_pool2d %x2 {kernel = array<i64: 2, 2>} : (tensor<1x3x3x3x!x2>) -> tensor<1x2x2x3x!x2>
  %3 = qnn.max_pool2d %x12 {kernel = array<i64: 3, 3>} : (tensor<1x3x3x3x!x12>) -> tensor<1x1x1x3x!x12>
  %4 = qnn.max_pool2d %b {kernel = array<i64: 2, 1>} : (tensor<1x3x3x3x!b>) -> tensor<1x2x3x3x!b>
  %5 = qnn.max_pool2d %b {kernel = array<i64: 2, 1>, activation = #qnn.activation<relu>} : (tensor<1x3x3x3x!b>) -> tensor<1x2x3x3x!b>
  %6 = qnn.max_pool2d %f {kernel = array<i64: 2, 2>, pads = array<i64: 1, 0, 1, 1>, activation = #qnn.activation<relu_n1_to_1>}
    : (tensor<1x5x4x1xf32>) -> tensor<1x5x5x1xf32>
  %7 = qnn.max_pool2d %none {kernel = array<i64: 2, 2>} : (tensor<1x2x2x0x!x8>) -> tensor<1x1x1x0x!x8>
  return %0, %1, %2, %3, %4, %5, %6, %7
    : tensor<2x2x2x3x!x8>, tensor<2x6x2x3x!x8>, tensor<1x2x2x3x!x2>, tensor<1x1x1x3x!x12>, tensor<1x2x3x3x!b>, tensor<1x2x3x3x!b>,
      tensor<1x5x5x1xf32>, tensor<1x1x1x0x!x8>
}
