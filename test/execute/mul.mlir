// Formats, broadcasting on both sides, plain integers that wrap, one element, none.
!x8 = !quant.uniform<i8:f32, 5.0e-02:-3>
!u8 = !quant.uniform<u8:f32, 2.0e-02:200>
!x4 = !quant.uniform<i4:f32, 2.5e-01:2>
!x5 = !quant.uniform<u5:f32, 1.0e-01:7>
!x12 = !quant.uniform<i12:f32, 2.0e-03:100>
!x16 = !quant.uniform<i16:f32, 1.0e-04>
!b = !qnn.binary<alpha = [2.5e-01]>
!y = !quant.uniform<i8:f32, 1.5e-01:4>
!far = !quant.uniform<i8:f32, 1.0e+06>

func.func @mul(%x: tensor<2x3x!x8>, %u: tensor<2x3x!u8>, %row: tensor<3x!u8>, %column: tensor<2x1x!x4>, %x5: tensor<2x3x!x5>,
               %x12: tensor<3x!x12>, %x16: tensor<2x3x!x16>, %b: tensor<2x3x!b>, %i: tensor<2x3xi32>, %j: tensor<3xi32>,
               %f: tensor<2x1x3xf32>, %g: tensor<4x1xf32>, %far: tensor<1x!far>, %none: tensor<0x3x!x8>)
    -> (tensor<2x3x!y>, tensor<2x3x!u8>, tensor<2x3x!x4>, tensor<2x3x!y>, tensor<2x3x!x12>, tensor<2x3x!x16>, tensor<2x3x!b>, tensor<2x3xi32>,
        tensor<2x3xi32>, tensor<2x4x3xf32>, tensor<1x!far>, tensor<2x3x!x8>, tensor<0x3x!y>, tensor<2x3x!y>) {
  %constant = qnn.constant dense<[127, -128, 0]> : tensor<3xi8> : tensor<3x!x8>
  %0 = qnn.mul %x, %u : (tensor<2x3x!x8>, tensor<2x3x!u8>) -> tensor<2x3x!y>
  %1 = qnn.mul %row, %x {activation = #qnn.activation<relu>, rescale = #qnn.rescale<rounding = single>} : (tensor<3x!u8>, tensor<2x3x!x8>) -> tensor<2x3x!u8>
  %2 = qnn.mul %column, %row : (tensor<2x1x!x4>, tensor<3x!u8>) -> tensor<2x3x!x4>
  %3 = qnn.mul %x5, %constant {activation = #qnn.activation<relu6>} : (tensor<2x3x!x5>, tensor<3x!x8>) -> tensor<2x3x!y>
  %4 = qnn.mul %x12, %x5 : (tensor<3x!x12>, tensor<2x3x!x5>) -> tensor<2x3x!x12>
  %5 = qnn.mul %x16, %x {rescale = #qnn.rescale<product = f32>} : (tensor<2x3x!x16>, tensor<2x3x!x8>) -> tensor<2x3x!x16>
  %6 = qnn.mul %b, %x : (tensor<2x3x!b>, tensor<2x3x!x8>) -> tensor<2x3x!b>
  %7 = qnn.mul %i, %j : (tensor<2x3xi32>, tensor<3xi32>) -> tensor<2x3xi32>
  %8 = qnn.mul %i, %i {activation = #qnn.activation<relu6>} : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %9 = qnn.mul %f, %g {activation = #qnn.activation<relu_n1_to_1>} : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  // Scales far apart: everything saturates, or nothing is left.
  %10 = qnn.mul %far, %far : (tensor<1x!far>, tensor<1x!far>) -> tensor<1x!far>
  %11 = qnn.mul %far, %x : (tensor<1x!far>, tensor<2x3x!x8>) -> tensor<2x3x!x8>
  %12 = qnn.mul %none, %far : (tensor<0x3x!x8>, tensor<1x!far>) -> tensor<0x3x!y>
  %13 = qnn.mul %x, %x {rescale = #qnn.rescale<overflow = wrap>} : (tensor<2x3x!x8>, tensor<2x3x!x8>) -> tensor<2x3x!y>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13
    : tensor<2x3x!y>, tensor<2x3x!u8>, tensor<2x3x!x4>, tensor<2x3x!y>, tensor<2x3x!x12>, tensor<2x3x!x16>, tensor<2x3x!b>, tensor<2x3xi32>,
      tensor<2x3xi32>, tensor<2x4x3xf32>, tensor<1x!far>, tensor<2x3x!x8>, tensor<0x3x!y>, tensor<2x3x!y>
}
