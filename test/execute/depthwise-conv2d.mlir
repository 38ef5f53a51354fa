// Formats and geometries as in conv2d.mlir, and channel multipliers.
!x8 = !quant.uniform<i8:f32, 5.0e-02:-3>
!u8 = !quant.uniform<u8:f32, 2.0e-02:128>
!x3 = !quant.uniform<u3:f32, 2.5e-01:2>
!x16 = !quant.uniform<i16:f32, 1.0e-04>
!wc = !quant.uniform<i8<-127:127>:f32:3, {1.0e-02, 3.0e-02}>
!wz = !quant.uniform<u8:f32:3, {1.0e-02:128, 3.0e-02:0, 2.0e-03:255, 5.0e-03:7}>
!w4 = !quant.uniform<i4<-7:7>:f32, 1.0e-01>
!wb = !qnn.binary<axis = 3, alpha = [2.5e-01, 5.0e-01]>
!y = !quant.uniform<i8:f32, 1.5e-01:4>

func.func @depthwise_conv2d(%x8: tensor<2x4x5x2x!x8>, %u8: tensor<1x4x5x2x!u8>, %x3: tensor<1x3x3x2x!x3>, %x16: tensor<1x3x3x2x!x16>,
                            %xb: tensor<1x3x3x2x!qnn.binary>, %f: tensor<1x4x5x2xf32>, %n: tensor<1x2x2x0x!x8>)
    -> (tensor<2x4x5x2x!y>, tensor<1x2x2x4x!u8>, tensor<1x3x3x4x!x3>, tensor<1x3x3x2x!x16>, tensor<1x3x3x2x!qnn.binary>,
        tensor<2x4x5x2xi32>, tensor<2x4x5x2xf32>, tensor<1x5x3x2xf32>, tensor<1x2x2x0x!y>) {
  %wc = qnn.constant dense<[[[[127, -127], [3, 9], [0, -1]], [[1, 2], [3, 4], [5, 6]], [[-5, 60], [7, 8], [8, 8]]]]> : tensor<1x3x3x2xi8> : tensor<1x3x3x2x!wc>
  %wz = qnn.constant dense<[[[[127, -127, 3, 9], [0, -1, 1, 2]], [[3, 4, 5, 6], [-5, 60, 7, 8]]]]> : tensor<1x2x2x4xi8> : tensor<1x2x2x4x!wz>
  %w4 = qnn.constant dense<[113, -46]> : tensor<2xi8> : tensor<1x1x1x4x!w4>
  %wb = qnn.constant dense<[-91]> : tensor<1xi8> : tensor<1x2x2x2x!wb>
  %w1 = qnn.constant dense<[[[[127, -127]]]]> : tensor<1x1x1x2xi8> : tensor<1x1x1x2x!wc>
  %wf = qnn.constant dense<[[[[0.5, -1.25]], [[3.0, 0.1]]]]> : tensor<1x2x1x2xf32> : tensor<1x2x1x2xf32>
  %wn = qnn.constant dense<> : tensor<1x1x1x0xi8> : tensor<1x1x1x0xi8>
  %b = qnn.constant dense<[1000, -2147483648]> : tensor<2xi32> : tensor<2xi32>
  %bf = qnn.constant dense<[0.5, -2.0]> : tensor<2xf32> : tensor<2xf32>

  %0 = qnn.depthwise_conv2d %x8, %wc bias %b {pads = array<i64: 1, 1, 1, 1>}
    : (tensor<2x4x5x2x!x8>, tensor<1x3x3x2x!wc>, tensor<2xi32>) -> tensor<2x4x5x2x!y>
  %1 = qnn.depthwise_conv2d %u8, %wz {strides = array<i64: 3, 2>, dilations = array<i64: 1, 2>, pads = array<i64: 0, 1, 0, 0>,
                                      activation = #qnn.activation<relu6>, rescale = #qnn.rescale<rounding = single>}
    : (tensor<1x4x5x2x!u8>, tensor<1x2x2x4x!wz>) -> tensor<1x2x2x4x!u8>
  %2 = qnn.depthwise_conv2d %x3, %w4 : (tensor<1x3x3x2x!x3>, tensor<1x1x1x4x!w4>) -> tensor<1x3x3x4x!x3>
  %3 = qnn.depthwise_conv2d %x16, %w1 : (tensor<1x3x3x2x!x16>, tensor<1x1x1x2x!wc>) -> tensor<1x3x3x2x!x16>
  %4 = qnn.depthwise_conv2d %xb, %wb {pads = array<i64: 0, 1, 1, 0>} : (tensor<1x3x3x2x!qnn.binary>, tensor<1x2x2x2x!wb>) -> tensor<1x3x3x2x!qnn.binary>
  %5 = qnn.depthwise_conv2d %x8, %w1 : (tensor<2x4x5x2x!x8>, tensor<1x1x1x2x!wc>) -> tensor<2x4x5x2xi32>
  %6 = qnn.depthwise_conv2d %x8, %w1 {activation = #qnn.activation<relu_n1_to_1>} : (tensor<2x4x5x2x!x8>, tensor<1x1x1x2x!wc>) -> tensor<2x4x5x2xf32>
  %7 = qnn.depthwise_conv2d %f, %wf bias %bf {strides = array<i64: 1, 2>, pads = array<i64: 1, 1, 0, 0>}
    : (tensor<1x4x5x2xf32>, tensor<1x2x1x2xf32>, tensor<2xf32>) -> tensor<1x5x3x2xf32>
  %8 = qnn.depthwise_conv2d %n, %wn : (tensor<1x2x2x0x!x8>, tensor<1x1x1x0xi8>) -> tensor<1x2x2x0x!y>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8
    : tensor<2x4x5x2x!y>, tensor<1x2x2x4x!u8>, tensor<1x3x3x4x!x3>, tensor<1x3x3x2x!x16>, tensor<1x3x3x2x!qnn.binary>,
      tensor<2x4x5x2xi32>, tensor<2x4x5x2xf32>, tensor<1x5x3x2xf32>, tensor<1x2x2x0x!y>
}
