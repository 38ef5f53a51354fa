// Formats, then geometries: strides, dilations, pads on each side, groups, a batch of 2, nothing at all.
!x8 = !quant.uniform<i8:f32, 5.0e-02:-3>
!u8 = !quant.uniform<u8:f32, 2.0e-02:128>
!x4 = !quant.uniform<i4:f32, 2.5e-01:1>
!x2 = !quant.uniform<i2<-1:1>:f32, 1.0>
!x5 = !quant.uniform<u5:f32, 1.0e-01:7>
!x12 = !quant.uniform<i12:f32, 2.0e-03:100>
!x16 = !quant.uniform<i16:f32, 1.0e-04>
!w8 = !quant.uniform<i8<-127:127>:f32, 1.0e-02>
!wc = !quant.uniform<i8<-127:127>:f32:0, {1.0e-02, 3.0e-02, 2.0e-03}>
!wz = !quant.uniform<u8:f32:0, {1.0e-02:128, 3.0e-02:0, 2.0e-03:255}>
!w4 = !quant.uniform<i4<-7:7>:f32, 1.0e-01>
!w2 = !quant.uniform<i2<-1:1>:f32, 5.0e-01>
!w5 = !quant.uniform<i5<-15:15>:f32, 1.0e-02>
!wb = !qnn.binary<axis = 0, alpha = [2.5e-01, 5.0e-01, 1.25e-01]>
!wg = !qnn.grouped<bits = 4, group = 2>
!y = !quant.uniform<i8:f32, 1.5e-01:4>
#single = #qnn.rescale<rounding = single>

func.func @conv2d(%x8: tensor<1x4x5x3x!x8>, %u8: tensor<1x4x5x3x!u8>, %x4: tensor<1x3x3x3x!x4>, %x2: tensor<1x3x3x3x!x2>,
                  %x5: tensor<1x3x3x3x!x5>, %x12: tensor<1x3x3x3x!x12>, %x16: tensor<1x3x3x3x!x16>,
                  %xb: tensor<1x3x3x3x!qnn.binary>, %f: tensor<1x4x5x3xf32>, %x6: tensor<2x5x4x6x!x8>,
                  %e: tensor<0x4x5x3x!x8>, %n: tensor<1x2x2x0x!x8>)
    -> (tensor<1x4x5x2x!y>, tensor<1x4x5x3x!y>, tensor<1x3x4x3x!u8>, tensor<1x3x3x3x!x4>, tensor<1x3x3x3x!x2>, tensor<1x3x3x3x!x5>,
        tensor<1x3x3x3x!x12>, tensor<1x3x3x3x!x16>, tensor<1x3x3x3x!qnn.binary>, tensor<1x4x5x3xi32>, tensor<1x4x5x3xf32>,
        tensor<1x4x5x3xf32>, tensor<1x2x3x3x!y>, tensor<2x3x2x4x!y>, tensor<1x4x5x3x!y>, tensor<1x4x5x3xf32>,
        tensor<1x4x5x3x!y>, tensor<1x4x5x3x!y>, tensor<0x4x5x3x!y>, tensor<1x2x2x2x!y>) {
  %w8 = qnn.constant dense<"0x7F8101FE03FC05FA07F809F60BF40DF20FF011EE13EC15EA17E819E61BE41DE21FE021DE23DC25DA27D829D62BD42DD22FD031CE33CC"> : tensor<2x3x3x3xi8> : tensor<2x3x3x3x!w8>
  %wc = qnn.constant dense<[[[[127, -127, 3]]], [[[-5, 60, 7]]], [[[-90, 1, 100]]]]> : tensor<3x1x1x3xi8> : tensor<3x1x1x3x!wc>
  %wz = qnn.constant dense<[[[[127, -127, 3], [9, 0, -1]], [[1, 2, 3], [4, 5, 6]]], [[[-5, 60, 7], [8, 8, 8]], [[0, 0, 0], [1, 1, 1]]],
                            [[[-90, 1, 100], [50, 50, 50]], [[-128, -128, -128], [-1, -1, -1]]]]> : tensor<3x2x2x3xi8> : tensor<3x2x2x3x!wz>
  %w4 = qnn.constant dense<[113, -46, 87, 30, 1]> : tensor<5xi8> : tensor<3x1x1x3x!w4>
  %w2 = qnn.constant dense<[-3, 93, 3]> : tensor<3xi8> : tensor<3x1x1x3x!w2>
  %w5 = qnn.constant dense<[47, -90, 33, 100, -1, 15]> : tensor<6xi8> : tensor<3x1x1x3x!w5>
  %wb = qnn.constant dense<[-91, 1]> : tensor<2xi8> : tensor<3x1x1x3x!wb>
  %wf = qnn.constant dense<[[[[0.5, -1.25, 3.0]]], [[[0.1, 0.2, 0.3]]], [[[-1.0, 7.0, 0.01]]]]> : tensor<3x1x1x3xf32> : tensor<3x1x1x3xf32>
  %wg = qnn.constant dense<[113, -46, 87, 30, 1]> : tensor<5xi8> : tensor<3x1x1x3x!wg>
  %scales = qnn.constant dense<[[[[0.1, 0.02]]], [[[0.01, 0.3]]], [[[0.05, 0.05]]]]> : tensor<3x1x1x2xf32> : tensor<3x1x1x2xf32>
  %w6 = qnn.constant dense<"0x7F8101FE03FC05FA07F809F60BF40DF20FF011EE13EC15EA17E819E61BE41DE21FE021DE23DC25DA27D829D62BD42DD2"> : tensor<4x2x2x3xi8> : tensor<4x2x2x3x!w8>
  %wn = qnn.constant dense<> : tensor<2x1x1x0xi8> : tensor<2x1x1x0x!w8>
  %b2 = qnn.constant dense<[1000, -70000]> : tensor<2xi32> : tensor<2xi32>
  %b3 = qnn.constant dense<[2147483647, -2147483648, 12]> : tensor<3xi32> : tensor<3xi32>
  %bf = qnn.constant dense<[0.5, -2.0, 1.0e-3]> : tensor<3xf32> : tensor<3xf32>

  // Affine per tensor and per channel, with zero points everywhere; a sum that wraps.
  %0 = qnn.conv2d %x8, %w8 bias %b2 {pads = array<i64: 1, 1, 1, 1>, activation = #qnn.activation<relu>}
    : (tensor<1x4x5x3x!x8>, tensor<2x3x3x3x!w8>, tensor<2xi32>) -> tensor<1x4x5x2x!y>
  %1 = qnn.conv2d %x8, %wc bias %b3 : (tensor<1x4x5x3x!x8>, tensor<3x1x1x3x!wc>, tensor<3xi32>) -> tensor<1x4x5x3x!y>
  %2 = qnn.conv2d %u8, %wz {rescale = #single, activation = #qnn.activation<relu6>}
    : (tensor<1x4x5x3x!u8>, tensor<3x2x2x3x!wz>) -> tensor<1x3x4x3x!u8>
  // Other widths.
  %3 = qnn.conv2d %x4, %w4 : (tensor<1x3x3x3x!x4>, tensor<3x1x1x3x!w4>) -> tensor<1x3x3x3x!x4>
  %4 = qnn.conv2d %x2, %w2 : (tensor<1x3x3x3x!x2>, tensor<3x1x1x3x!w2>) -> tensor<1x3x3x3x!x2>
  %5 = qnn.conv2d %x5, %w5 {activation = #qnn.activation<relu_n1_to_1>} : (tensor<1x3x3x3x!x5>, tensor<3x1x1x3x!w5>) -> tensor<1x3x3x3x!x5>
  %6 = qnn.conv2d %x12, %w5 : (tensor<1x3x3x3x!x12>, tensor<3x1x1x3x!w5>) -> tensor<1x3x3x3x!x12>
  %7 = qnn.conv2d %x16, %wc {rescale = #single} : (tensor<1x3x3x3x!x16>, tensor<3x1x1x3x!wc>) -> tensor<1x3x3x3x!x16>
  %8 = qnn.conv2d %xb, %wb : (tensor<1x3x3x3x!qnn.binary>, tensor<3x1x1x3x!wb>) -> tensor<1x3x3x3x!qnn.binary>
  // The accumulator itself, reals, floats.
  %9 = qnn.conv2d %x8, %wc : (tensor<1x4x5x3x!x8>, tensor<3x1x1x3x!wc>) -> tensor<1x4x5x3xi32>
  %10 = qnn.conv2d %x8, %wc {activation = #qnn.activation<relu6>} : (tensor<1x4x5x3x!x8>, tensor<3x1x1x3x!wc>) -> tensor<1x4x5x3xf32>
  %11 = qnn.conv2d %f, %wf bias %bf {activation = #qnn.activation<relu>} : (tensor<1x4x5x3xf32>, tensor<3x1x1x3xf32>, tensor<3xf32>) -> tensor<1x4x5x3xf32>
  // Geometry.
  %12 = qnn.conv2d %x8, %wz {strides = array<i64: 3, 2>, dilations = array<i64: 2, 3>, pads = array<i64: 2, 1, 0, 3>}
    : (tensor<1x4x5x3x!x8>, tensor<3x2x2x3x!wz>) -> tensor<1x2x3x3x!y>
  %13 = qnn.conv2d %x6, %w6 {groups = 2, strides = array<i64: 2, 2>, pads = array<i64: 1, 0, 0, 1>}
    : (tensor<2x5x4x6x!x8>, tensor<4x2x2x3x!w8>) -> tensor<2x3x2x4x!y>
  // Grouped scales: quantized and real results.
  %14 = qnn.conv2d %x8, %wg bias %b3 scales %scales : (tensor<1x4x5x3x!x8>, tensor<3x1x1x3x!wg>, tensor<3xi32>, tensor<3x1x1x2xf32>) -> tensor<1x4x5x3x!y>
  %15 = qnn.conv2d %x8, %wg scales %scales : (tensor<1x4x5x3x!x8>, tensor<3x1x1x3x!wg>, tensor<3x1x1x2xf32>) -> tensor<1x4x5x3xf32>
  // Overflow, and the scales' product in f32.
  %16 = qnn.conv2d %x8, %wc {rescale = #qnn.rescale<overflow = wrap>} : (tensor<1x4x5x3x!x8>, tensor<3x1x1x3x!wc>) -> tensor<1x4x5x3x!y>
  %17 = qnn.conv2d %x8, %wc {rescale = #qnn.rescale<product = f32_quotient>} : (tensor<1x4x5x3x!x8>, tensor<3x1x1x3x!wc>) -> tensor<1x4x5x3x!y>
  // An empty batch; no channels.
  %18 = qnn.conv2d %e, %wc : (tensor<0x4x5x3x!x8>, tensor<3x1x1x3x!wc>) -> tensor<0x4x5x3x!y>
  %19 = qnn.conv2d %n, %wn bias %b2 : (tensor<1x2x2x0x!x8>, tensor<2x1x1x0x!w8>, tensor<2xi32>) -> tensor<1x2x2x2x!y>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18, %19
    : tensor<1x4x5x2x!y>, tensor<1x4x5x3x!y>, tensor<1x3x4x3x!u8>, tensor<1x3x3x3x!x4>, tensor<1x3x3x3x!x2>, tensor<1x3x3x3x!x5>,
      tensor<1x3x3x3x!x12>, tensor<1x3x3x3x!x16>, tensor<1x3x3x3x!qnn.binary>, tensor<1x4x5x3xi32>, tensor<1x4x5x3xf32>,
      tensor<1x4x5x3xf32>, tensor<1x2x3x3x!y>, tensor<2x3x2x4x!y>, tensor<1x4x5x3x!y>, tensor<1x4x5x3xf32>,
      tensor<1x4x5x3x!y>, tensor<1x4x5x3x!y>, tensor<0x4x5x3x!y>, tensor<1x2x2x2x!y>
}
