// Operators of bf16 beside contractions: arithmetic in f32 that is rounded once, functions, pools, means, codes.
!q = !quant.uniform<i8:f32, 5.0e-02:-3>
func.func @elements(%x: tensor<3x5x35xf32>, %a: tensor<3x5x35xbf16>, %p: tensor<1x6x5x19xbf16>)
    -> (tensor<3x5x35xbf16>, tensor<3x5x35xf32>, tensor<3x5x35xbf16>, tensor<1x6x5x19xbf16>, tensor<1x19xbf16>, tensor<3x5xi32>, tensor<3x5x35xbf16>, tensor<3x5x35x!q>) {
  %0 = qnn.add %a, %a {activation = #qnn.activation<relu6>} : (tensor<3x5x35xbf16>, tensor<3x5x35xbf16>) -> tensor<3x5x35xbf16>
  %1 = qnn.mul %a, %x : (tensor<3x5x35xbf16>, tensor<3x5x35xf32>) -> tensor<3x5x35xf32>
  %2 = qnn.leaky_relu %a {alpha = 0.1 : f64} : (tensor<3x5x35xbf16>) -> tensor<3x5x35xbf16>
  %3 = qnn.avg_pool2d %p {kernel = array<i64: 3, 3>, pads = array<i64: 1, 1, 1, 1>} : (tensor<1x6x5x19xbf16>) -> tensor<1x6x5x19xbf16>
  %4 = qnn.mean %p {axes = array<i64: 1, 2>} : (tensor<1x6x5x19xbf16>) -> tensor<1x19xbf16>
  %5 = qnn.argmax %a {axis = 2 : i64} : (tensor<3x5x35xbf16>) -> tensor<3x5xi32>
  %6 = qnn.logistic %a : (tensor<3x5x35xbf16>) -> tensor<3x5x35xbf16>
  %7 = qnn.quantize %1 : (tensor<3x5x35xf32>) -> tensor<3x5x35x!q>
  return %0, %1, %2, %3, %4, %5, %6, %7 : tensor<3x5x35xbf16>, tensor<3x5x35xf32>, tensor<3x5x35xbf16>, tensor<1x6x5x19xbf16>, tensor<1x19xbf16>, tensor<3x5xi32>, tensor<3x5x35xbf16>, tensor<3x5x35x!q>
}
