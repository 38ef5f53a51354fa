// Weights whose products in pairs just fit the 16 bits in which some instructions add them up, and others that do not,
// as convolutions, depthwise convolutions and dense layers.
!u = !quant.uniform<u8:f32, 5.0e-02:128>
!x = !quant.uniform<i8:f32, 5.0e-02:-3>
!w = !quant.uniform<i8:f32, 1.0e-02>

func.func @net(%u: tensor<1x4x5x4x!u>, %x: tensor<1x4x5x4x!x>)
    -> (tensor<1x4x5x2xi32>, tensor<1x4x5x2xi32>, tensor<1x4x5x2xi32>, tensor<1x4x5x2xi32>, tensor<1x4x5x3xi32>,
        tensor<1x4x5x4xi32>, tensor<1x4x5x4xi32>, tensor<1x2xi32>) {
  // Unsigned codes: signs that differ always fit; with one sign, weights up to 128 together.
  %signs = qnn.constant dense<[[[[127, -128, -128, 127]]], [[[-128, 127, 127, -128]]]]> : tensor<2x1x1x4xi8> : tensor<2x1x1x4x!w>
  %limits = qnn.constant dense<[[[[127, 1, 1, 127]]], [[[-128, 0, 0, -128]]]]> : tensor<2x1x1x4xi8> : tensor<2x1x1x4x!w>
  %beyond = qnn.constant dense<[[[[127, 127, 127, 2]]], [[[-128, -1, -128, -128]]]]> : tensor<2x1x1x4xi8> : tensor<2x1x1x4x!w>
  %halves = qnn.constant dense<64> : tensor<2x3x3x4xi8> : tensor<2x3x3x4x!w>
  // Signed codes: only -128 twice, in the same half of four.
  %least = qnn.constant dense<[[[[-128, 0, -128, 0]]], [[[-128, -128, 0, 0]]], [[[-128, -127, -127, -128]]]]> : tensor<3x1x1x4xi8> : tensor<3x1x1x4x!w>
  %taps = qnn.constant dense<[[[[127, -128, 1, 64], [1, -128, 127, 64], [127, -128, 0, 64]]]]> : tensor<1x1x3x4xi8> : tensor<1x1x3x4x!w>
  %even = qnn.constant dense<64> : tensor<1x3x3x4xi8> : tensor<1x3x3x4x!w>
  %dense = qnn.constant dense<-128> : tensor<2x80xi8> : tensor<2x80x!w>
  %0 = qnn.conv2d %u, %signs : (tensor<1x4x5x4x!u>, tensor<2x1x1x4x!w>) -> tensor<1x4x5x2xi32>
  %1 = qnn.conv2d %u, %limits : (tensor<1x4x5x4x!u>, tensor<2x1x1x4x!w>) -> tensor<1x4x5x2xi32>
  %2 = qnn.conv2d %u, %beyond : (tensor<1x4x5x4x!u>, tensor<2x1x1x4x!w>) -> tensor<1x4x5x2xi32>
  %3 = qnn.conv2d %u, %halves {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x4x5x4x!u>, tensor<2x3x3x4x!w>) -> tensor<1x4x5x2xi32>
  %4 = qnn.conv2d %x, %least : (tensor<1x4x5x4x!x>, tensor<3x1x1x4x!w>) -> tensor<1x4x5x3xi32>
  %5 = qnn.depthwise_conv2d %u, %taps {pads = array<i64: 0, 0, 1, 1>} : (tensor<1x4x5x4x!u>, tensor<1x1x3x4x!w>) -> tensor<1x4x5x4xi32>
  %6 = qnn.depthwise_conv2d %u, %even {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x4x5x4x!u>, tensor<1x3x3x4x!w>) -> tensor<1x4x5x4xi32>
  %flat = qnn.reshape %x : (tensor<1x4x5x4x!x>) -> tensor<1x80x!x>
  %7 = qnn.dense %flat, %dense : (tensor<1x80x!x>, tensor<2x80x!w>) -> tensor<1x2xi32>
  return %0, %1, %2, %3, %4, %5, %6, %7 : tensor<1x4x5x2xi32>, tensor<1x4x5x2xi32>, tensor<1x4x5x2xi32>,
    tensor<1x4x5x2xi32>, tensor<1x4x5x3xi32>, tensor<1x4x5x4xi32>, tensor<1x4x5x4xi32>, tensor<1x2xi32>
}
