// Bits to and from numbers of other widths: rows that fill bytes, and one that ends within a vector.
!b = !qnn.binary
!a = !qnn.binary<alpha = [2.5e-01]>
!q = !quant.uniform<i8:f32, 5.0e-02:3>
func.func @bits_of_numbers(%x: tensor<3x64xf32>, %q: tensor<3x72x!q>, %y: tensor<1x67xf32>)
    -> (tensor<3x64x!b>, tensor<3x64xf32>, tensor<3x72x!q>, tensor<1x67xf32>, tensor<3x72x!b>) {
  %0 = qnn.quantize %x : (tensor<3x64xf32>) -> tensor<3x64x!b>
  %1 = qnn.dequantize %0 : (tensor<3x64x!b>) -> tensor<3x64xf32>
  %2 = qnn.requantize %q : (tensor<3x72x!q>) -> tensor<3x72x!b>
  %3 = qnn.requantize %2 : (tensor<3x72x!b>) -> tensor<3x72x!q>
  %4 = qnn.quantize %y : (tensor<1x67xf32>) -> tensor<1x67x!a>
  %5 = qnn.dequantize %4 : (tensor<1x67x!a>) -> tensor<1x67xf32>
  return %0, %1, %3, %5, %2 : tensor<3x64x!b>, tensor<3x64xf32>, tensor<3x72x!q>, tensor<1x67xf32>, tensor<3x72x!b>
}
