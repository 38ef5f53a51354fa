// Operators of bf16 beside contractions: changes of format with ties, moves, arithmetic in f32 that is rounded once, pools.
!q = !quant.uniform<i8:f32, 5.0e-02:-3>
func.func @elements(%x: tensor<3x5x35xf32>, %a: tensor<3x5x35xbf16>, %p: tensor<1x6x5x19xbf16>, %one: tensor<1xf32>)
    -> (tensor<3x5x35xbf16>, tensor<3x5x35xf32>, tensor<12xf32>, tensor<3x5x35xbf16>, tensor<3x5x35xf32>, tensor<3x5x35xbf16>, tensor<35x3x7xbf16>, tensor<3x5x73xbf16>, tensor<3x2x17xbf16>, tensor<1x3x2x19xbf16>, tensor<1x6x5x19xbf16>, tensor<1x19xbf16>, tensor<3x5xi32>, tensor<3x5x35xbf16>, tensor<1xbf16>, tensor<3x5x35x!q>) {
  %0 = qnn.quantize %x : (tensor<3x5x35xf32>) -> tensor<3x5x35xbf16>
  %1 = qnn.dequantize %a : (tensor<3x5x35xbf16>) -> tensor<3x5x35xf32>
  // Ties to either side, the largest number of f32, what no bf16 tells from 0, infinity and no number.
  %c = qnn.constant dense<[1.00390625, 1.01171875, -1.00390625, 3.40282347E+38, 1.0E-41, -1.0E-45, 0x7F800000, 0x7FC00000, 0x7F800001, -0.0, 65535.0, 9.3E-39]> : tensor<12xf32> : tensor<12xf32>
  %ones = qnn.constant dense<1.0> : tensor<12xf32> : tensor<12xf32>
  %c1 = qnn.mul %c, %ones : (tensor<12xf32>, tensor<12xf32>) -> tensor<12xf32>
  %c2 = qnn.quantize %c1 : (tensor<12xf32>) -> tensor<12xbf16>
  %2 = qnn.dequantize %c2 : (tensor<12xbf16>) -> tensor<12xf32>
  %3 = qnn.add %a, %0 {activation = #qnn.activation<relu6>} : (tensor<3x5x35xbf16>, tensor<3x5x35xbf16>) -> tensor<3x5x35xbf16>
  %4 = qnn.mul %a, %x : (tensor<3x5x35xbf16>, tensor<3x5x35xf32>) -> tensor<3x5x35xf32>
  %5 = qnn.leaky_relu %a {alpha = 0.1 : f64} : (tensor<3x5x35xbf16>) -> tensor<3x5x35xbf16>
  %t4 = qnn.reshape %a : (tensor<3x5x35xbf16>) -> tensor<3x35x5xbf16>
  %t6 = qnn.concat %t4, %t4 {axis = 2 : i64} : (tensor<3x35x5xbf16>, tensor<3x35x5xbf16>) -> tensor<3x35x10xbf16>
  %t7 = qnn.slice %t6 {starts = array<i64: 0, 0, 2>, strides = array<i64: 1, 1, 1>} : (tensor<3x35x10xbf16>) -> tensor<3x35x7xbf16>
  %6 = qnn.transpose %t7 {permutation = array<i64: 1, 0, 2>} : (tensor<3x35x7xbf16>) -> tensor<35x3x7xbf16>
  %pad = qnn.pad %a {low = array<i64: 0, 0, 1>, high = array<i64: 0, 0, 2>, value = 0.3 : f64} : (tensor<3x5x35xbf16>) -> tensor<3x5x38xbf16>
  %7 = qnn.concat %pad, %0 {axis = 2 : i64} : (tensor<3x5x38xbf16>, tensor<3x5x35xbf16>) -> tensor<3x5x73xbf16>
  %8 = qnn.slice %a {starts = array<i64: 0, 1, 2>, strides = array<i64: 1, 2, 2>} : (tensor<3x5x35xbf16>) -> tensor<3x2x17xbf16>
  %9 = qnn.max_pool2d %p {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x6x5x19xbf16>) -> tensor<1x3x2x19xbf16>
  %10 = qnn.avg_pool2d %p {kernel = array<i64: 3, 3>, pads = array<i64: 1, 1, 1, 1>} : (tensor<1x6x5x19xbf16>) -> tensor<1x6x5x19xbf16>
  %11 = qnn.mean %p {axes = array<i64: 1, 2>} : (tensor<1x6x5x19xbf16>) -> tensor<1x19xbf16>
  %12 = qnn.argmax %a {axis = 2 : i64} : (tensor<3x5x35xbf16>) -> tensor<3x5xi32>
  %13 = qnn.logistic %a : (tensor<3x5x35xbf16>) -> tensor<3x5x35xbf16>
  %14 = qnn.quantize %one : (tensor<1xf32>) -> tensor<1xbf16>
  %15 = qnn.quantize %4 : (tensor<3x5x35xf32>) -> tensor<3x5x35x!q>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15 : tensor<3x5x35xbf16>, tensor<3x5x35xf32>, tensor<12xf32>, tensor<3x5x35xbf16>, tensor<3x5x35xf32>, tensor<3x5x35xbf16>, tensor<35x3x7xbf16>, tensor<3x5x73xbf16>, tensor<3x2x17xbf16>, tensor<1x3x2x19xbf16>, tensor<1x6x5x19xbf16>, tensor<1x19xbf16>, tensor<3x5xi32>, tensor<3x5x35xbf16>, tensor<1xbf16>, tensor<3x5x35x!q>
}
