// Changes of format and moves of bf16, of which no result may differ by anything: ties to either side, the largest numbers of
// f32, what no bf16 tells from 0, infinity and no number; one element.
func.func @rounding(%x: tensor<3x5x35xf32>, %a: tensor<3x5x35xbf16>, %p: tensor<1x6x5x19xbf16>, %one: tensor<1xf32>)
    -> (tensor<3x5x35xbf16>, tensor<3x5x35xf32>, tensor<8xbf16>, tensor<4xf32>, tensor<5xf32>, tensor<5xf32>, tensor<35x3x10xbf16>, tensor<3x5x73xbf16>, tensor<3x2x17xbf16>, tensor<1x3x2x19xbf16>, tensor<1xbf16>) {
  %0 = qnn.quantize %x : (tensor<3x5x35xf32>) -> tensor<3x5x35xbf16>
  %1 = qnn.dequantize %a : (tensor<3x5x35xbf16>) -> tensor<3x5x35xf32>
  %ties = qnn.constant dense<[1.00390625, 1.01171875, -1.00390625, -1.01171875, 1.00390637, 1.00390613, 1.0, -0.0]> : tensor<8xf32> : tensor<8xf32>
  %2 = qnn.quantize %ties : (tensor<8xf32>) -> tensor<8xbf16>
  %large = qnn.constant dense<[3.38953139E+38, 3.39615125E+38, -3.40282347E+38, 65535.0]> : tensor<4xf32> : tensor<4xf32>
  %large16 = qnn.quantize %large : (tensor<4xf32>) -> tensor<4xbf16>
  %3 = qnn.dequantize %large16 : (tensor<4xbf16>) -> tensor<4xf32>
  %small = qnn.constant dense<[1.0E-41, -1.0E-45, 9.3E-39, 4.7E-41, 1.38E-40]> : tensor<5xf32> : tensor<5xf32>
  %small16 = qnn.quantize %small : (tensor<5xf32>) -> tensor<5xbf16>
  %4 = qnn.dequantize %small16 : (tensor<5xbf16>) -> tensor<5xf32>
  %none = qnn.constant dense<[0x7F800000, 0xFF800000, 0x7FC00000, 0x7F800001, 0xFFFFFFFF]> : tensor<5xf32> : tensor<5xf32>
  %none16 = qnn.quantize %none : (tensor<5xf32>) -> tensor<5xbf16>
  %5 = qnn.dequantize %none16 : (tensor<5xbf16>) -> tensor<5xf32>
  %t = qnn.reshape %a : (tensor<3x5x35xbf16>) -> tensor<3x35x5xbf16>
  %both = qnn.concat %t, %t {axis = 2 : i64} : (tensor<3x35x5xbf16>, tensor<3x35x5xbf16>) -> tensor<3x35x10xbf16>
  %6 = qnn.transpose %both {permutation = array<i64: 1, 0, 2>} : (tensor<3x35x10xbf16>) -> tensor<35x3x10xbf16>
  %pad = qnn.pad %a {low = array<i64: 0, 0, 1>, high = array<i64: 0, 0, 2>, value = 0.3 : f64} : (tensor<3x5x35xbf16>) -> tensor<3x5x38xbf16>
  %7 = qnn.concat %pad, %0 {axis = 2 : i64} : (tensor<3x5x38xbf16>, tensor<3x5x35xbf16>) -> tensor<3x5x73xbf16>
  %8 = qnn.slice %a {starts = array<i64: 0, 1, 2>, strides = array<i64: 1, 2, 2>} : (tensor<3x5x35xbf16>) -> tensor<3x2x17xbf16>
  %9 = qnn.max_pool2d %p {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x6x5x19xbf16>) -> tensor<1x3x2x19xbf16>
  %10 = qnn.quantize %one : (tensor<1xf32>) -> tensor<1xbf16>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10 : tensor<3x5x35xbf16>, tensor<3x5x35xf32>, tensor<8xbf16>, tensor<4xf32>, tensor<5xf32>, tensor<5xf32>, tensor<35x3x10xbf16>, tensor<3x5x73xbf16>, tensor<3x2x17xbf16>, tensor<1x3x2x19xbf16>, tensor<1xbf16>
}
