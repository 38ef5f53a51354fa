// Sums of codes without a sign as floats: where nothing is below 0, compilers convert unsigned numbers, by a function on machines without
// floats.
func.func @unsigned(%in5: tensor<1x6x7x16x!quant.uniform<u2:f32, 5.950285e-01:1>>) -> tensor<1x7x9x16xf32> {
  %30 = qnn.constant dense<"0x0000000000000000000000000000000000000000000000000000000000000000"> : tensor<32xi8> : tensor<16x1x1x16x!qnn.binary<alpha = [1.5625e-02]>>
  %31 = qnn.constant dense<"0x09030000090300000903000009030000090300000903000009030000090300000903000009030000090300000903000009030000090300000903000009030000"> : tensor<16xi32> : tensor<16xi32>
  %32 = qnn.conv2d %in5, %30 bias %31 {activation = #qnn.activation<relu_n1_to_1>, strides = array<i64: 1, 1>, dilations = array<i64: 2, 3>, pads = array<i64: 1, 0, 0, 2>, groups = 1, rescale = #qnn.rescale<rounding = single, overflow = saturate>} : (tensor<1x6x7x16x!quant.uniform<u2:f32, 5.950285e-01:1>>, tensor<16x1x1x16x!qnn.binary<alpha = [1.5625e-02]>>, tensor<16xi32>) -> tensor<1x7x9x16xf32>
  return %32 : tensor<1x7x9x16xf32>
}
