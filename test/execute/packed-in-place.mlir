// Codes below 8 bits in the place of those that they come from: convolutions, pools and sums of two tensors, in outputs that
// end with a byte, and in one (18 bits) whose last byte has bits that must become zero without taking what is still to be read.
!b = !quant.uniform<i8:f32, 0.05:3>
!a = !quant.uniform<i4:f32, 0.5:-1>
!u = !quant.uniform<u4:f32, 0.4:5>
!c = !quant.uniform<i3:f32, 0.9>
!t = !quant.uniform<i2:f32, 1.1>
!w = !quant.uniform<i8:f32, 0.02>
func.func @packed_in_place(%x: tensor<1x6x6x8x!a>, %y: tensor<1x3x3x3x!b>, %z: tensor<1x5x7x3x!u>,
                           %v: tensor<1x5x7x6x!t>, %s: tensor<1x1x1x1x!t>)
    -> (tensor<1x3x3x8x!a>, tensor<1x2x1x3x!c>, tensor<1x5x7x6x!u>, tensor<1x5x7x6x!t>) {
  %w0 = qnn.constant dense<7> : tensor<8x3x3x8xi8> : tensor<8x3x3x8x!w>
  %w1 = qnn.constant dense<-9> : tensor<1x3x3x8xi8> : tensor<1x3x3x8x!w>
  %0 = qnn.conv2d %x, %w0 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x6x6x8x!a>, tensor<8x3x3x8x!w>) -> tensor<1x6x6x8x!a>
  %1 = qnn.depthwise_conv2d %0, %w1 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x6x6x8x!a>, tensor<1x3x3x8x!w>) -> tensor<1x6x6x8x!a>
  %2 = qnn.add %0, %1 : (tensor<1x6x6x8x!a>, tensor<1x6x6x8x!a>) -> tensor<1x6x6x8x!a>
  %3 = qnn.max_pool2d %2 {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x6x6x8x!a>) -> tensor<1x3x3x8x!a>

  %w2 = qnn.constant dense<7> : tensor<1x1x3x3xi8> : tensor<1x1x3x3x!w>
  %4 = qnn.depthwise_conv2d %y, %w2 {strides = array<i64: 2, 2>, dilations = array<i64: 2, 1>} : (tensor<1x3x3x3x!b>, tensor<1x1x3x3x!w>) -> tensor<1x2x1x3x!c>

  %w3 = qnn.constant dense<11> : tensor<3x1x1x3xi8> : tensor<3x1x1x3x!w>
  %w4 = qnn.constant dense<-8> : tensor<6x1x1x3xi8> : tensor<6x1x1x3x!w>
  %5 = qnn.conv2d %z, %w3 : (tensor<1x5x7x3x!u>, tensor<3x1x1x3x!w>) -> tensor<1x5x7x3x!u>
  %6 = qnn.conv2d %5, %w4 : (tensor<1x5x7x3x!u>, tensor<6x1x1x3x!w>) -> tensor<1x5x7x6x!u>

  // In vectors: 210 codes and what is left of them, with another width, and with one code for all.
  %7 = qnn.add %6, %v : (tensor<1x5x7x6x!u>, tensor<1x5x7x6x!t>) -> tensor<1x5x7x6x!u>
  %8 = qnn.mul %7, %s : (tensor<1x5x7x6x!u>, tensor<1x1x1x1x!t>) -> tensor<1x5x7x6x!t>
  return %3, %4, %7, %8 : tensor<1x3x3x8x!a>, tensor<1x2x1x3x!c>, tensor<1x5x7x6x!u>, tensor<1x5x7x6x!t>
}
