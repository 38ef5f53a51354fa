// Names that would be markup if they were not escaped.
!q = !quant.uniform<i8:f32, 0.5>
func.func @hostile(%x: tensor<1x8x8x4x!q> {qnn.name = "</title><script>alert(1)</script>"})
    -> (tensor<1x8x8x4x!q> {qnn.name = "\22 onload=\22alert(1)"}) {
  %0 = qnn.tanh %x : (tensor<1x8x8x4x!q>) -> tensor<1x8x8x4x!quant.uniform<i8:f32, 7.812500e-03>> loc("</svg><img src=x onerror=alert(1)>\00\FF")
  %1 = qnn.requantize %0 : (tensor<1x8x8x4x!quant.uniform<i8:f32, 7.812500e-03>>) -> tensor<1x8x8x4x!q> loc("a'b\22><b>")
  return %1 : tensor<1x8x8x4x!q>
}
