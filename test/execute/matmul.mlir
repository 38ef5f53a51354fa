// Formats, both orders of the right side, batches, one element, nothing to sum.
!x8 = !quant.uniform<i8:f32, 5.0e-02:-3>
!u8 = !quant.uniform<u8:f32, 2.0e-02:200>
!x4 = !quant.uniform<i4:f32, 2.5e-01:2>
!x16 = !quant.uniform<i16:f32, 1.0e-04>
!b = !qnn.binary<alpha = [2.5e-01]>
!y = !quant.uniform<i8:f32, 1.5e-01:4>

func.func @matmul(%a: tensor<2x3x4x!x8>, %c: tensor<2x4x2x!u8>, %t: tensor<2x2x4x!u8>, %x4: tensor<3x4x!x4>, %b: tensor<4x3x!b>,
                  %s: tensor<4x1x!x16>, %one: tensor<1x1x!x8>, %f: tensor<2x3xf32>, %g: tensor<2x3xf32>, %n: tensor<2x0x!x8>, %m: tensor<0x3x!x8>)
    -> (tensor<2x3x2x!y>, tensor<2x3x2x!y>, tensor<3x3x!x4>, tensor<3x1x!x16>, tensor<1x1x!y>, tensor<2x3x2xi32>, tensor<2x3x2xf32>,
        tensor<2x2xf32>, tensor<3x3x!b>, tensor<2x3x!y>) {
  %0 = qnn.matmul %a, %c : (tensor<2x3x4x!x8>, tensor<2x4x2x!u8>) -> tensor<2x3x2x!y>
  %1 = qnn.matmul %a, %t {transpose_rhs, rescale = #qnn.rescale<rounding = single>, activation = #qnn.activation<relu6>}
    : (tensor<2x3x4x!x8>, tensor<2x2x4x!u8>) -> tensor<2x3x2x!y>
  %2 = qnn.matmul %x4, %b : (tensor<3x4x!x4>, tensor<4x3x!b>) -> tensor<3x3x!x4>
  %3 = qnn.matmul %x4, %s : (tensor<3x4x!x4>, tensor<4x1x!x16>) -> tensor<3x1x!x16>
  %4 = qnn.matmul %one, %one {transpose_rhs} : (tensor<1x1x!x8>, tensor<1x1x!x8>) -> tensor<1x1x!y>
  %5 = qnn.matmul %a, %c : (tensor<2x3x4x!x8>, tensor<2x4x2x!u8>) -> tensor<2x3x2xi32>
  %6 = qnn.matmul %a, %c : (tensor<2x3x4x!x8>, tensor<2x4x2x!u8>) -> tensor<2x3x2xf32>
  %7 = qnn.matmul %f, %g {transpose_rhs, activation = #qnn.activation<relu_n1_to_1>} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x2xf32>
  %8 = qnn.matmul %x4, %b : (tensor<3x4x!x4>, tensor<4x3x!b>) -> tensor<3x3x!b>
  %9 = qnn.matmul %n, %m : (tensor<2x0x!x8>, tensor<0x3x!x8>) -> tensor<2x3x!y>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9
    : tensor<2x3x2x!y>, tensor<2x3x2x!y>, tensor<3x3x!x4>, tensor<3x1x!x16>, tensor<1x1x!y>, tensor<2x3x2xi32>, tensor<2x3x2xf32>,
      tensor<2x2xf32>, tensor<3x3x!b>, tensor<2x3x!y>
}
