// Channels that qnn-remove-dead-channels takes out: constants at borders, on both sides of a sum and through pools, and
// weights of zero. The interpreter runs the model as it is here.
!x = !quant.uniform<i8:f32, 5.0e-02:-3>
!w = !quant.uniform<i8<-127:127>:f32:0, {1.0e-02, 3.0e-02, 2.0e-02, 5.0e-02}>
!d = !quant.uniform<i8<-127:127>:f32:3, {1.0e-02, 3.0e-02, 2.0e-02, 5.0e-02}>
!v = !quant.uniform<i8<-127:127>:f32, 2.0e-02>

func.func @dead_channels(%x: tensor<1x5x4x2x!x>) -> (tensor<1x5x4x3x!x>, tensor<1x2x!x>, tensor<1x4x!x>) {
  %w = qnn.constant dense<[[[[9, 100]]], [[[0, 0]]], [[[0, 0]]], [[[-90, 33]]]]> : tensor<4x1x1x2xi8> : tensor<4x1x1x2x!w>
  %b = qnn.constant dense<[50, 7000, -3000, -9]> : tensor<4xi32> : tensor<4xi32>
  %f = qnn.constant dense<[[[[1, 99, 3, 4], [5, 90, 7, 8], [9, -90, 11, 12]], [[13, 80, 15, 16], [17, -70, 19, 20], [21, 60, 23, 24]], [[25, 50, 27, 28], [29, 40, 31, 32], [33, 30, 35, 36]]]]>
     : tensor<1x3x3x4xi8> : tensor<1x3x3x4x!d>
  %v = qnn.constant dense<[[[[11, 22, 33, 44]]], [[[-1, -2, -3, -4]]], [[[100, 50, 25, 12]]]]> : tensor<3x1x1x4xi8> : tensor<3x1x1x4x!v>
  %m = qnn.constant dense<[[1, 2, 3, 4], [50, -60, 70, 0]]> : tensor<2x4xi8> : tensor<2x4x!v>
  %n = qnn.constant dense<[100, -200]> : tensor<2xi32> : tensor<2xi32>
  %0 = qnn.conv2d %x, %w bias %b {activation = #qnn.activation<relu>} : (tensor<1x5x4x2x!x>, tensor<4x1x1x2x!w>, tensor<4xi32>) -> tensor<1x5x4x4x!x>
  %1 = qnn.depthwise_conv2d %0, %f bias %b {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x5x4x4x!x>, tensor<1x3x3x4x!d>, tensor<4xi32>) -> tensor<1x5x4x4x!x>
  %2 = qnn.conv2d %1, %v : (tensor<1x5x4x4x!x>, tensor<3x1x1x4x!v>) -> tensor<1x5x4x3x!x>
  %3 = qnn.conv2d %x, %w bias %b {activation = #qnn.activation<relu6>} : (tensor<1x5x4x2x!x>, tensor<4x1x1x2x!w>, tensor<4xi32>) -> tensor<1x5x4x4x!x>
  %4 = qnn.add %0, %3 : (tensor<1x5x4x4x!x>, tensor<1x5x4x4x!x>) -> tensor<1x5x4x4x!x>
  %5 = qnn.avg_pool2d %4 {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x5x4x4x!x>) -> tensor<1x2x2x4x!x>
  %6 = qnn.mean %5 {axes = array<i64: 1, 2>} : (tensor<1x2x2x4x!x>) -> tensor<1x4x!x>
  %7 = qnn.dense %6, %m bias %n : (tensor<1x4x!x>, tensor<2x4x!v>, tensor<2xi32>) -> tensor<1x2x!x>
  %8 = qnn.max_pool2d %1 {kernel = array<i64: 5, 4>} : (tensor<1x5x4x4x!x>) -> tensor<1x1x1x4x!x>
  %9 = qnn.reshape %8 : (tensor<1x1x1x4x!x>) -> tensor<1x4x!x>
  %k = qnn.constant dense<[[1, 0, 0, 0], [0, 0, 9, 0], [0, 0, 0, 0], [8, 0, 7, 6]]> : tensor<4x4xi8> : tensor<4x4x!w>
  %10 = qnn.dense %9, %k : (tensor<1x4x!x>, tensor<4x4x!w>) -> tensor<1x4x!x>
  return %2, %7, %10 : tensor<1x5x4x3x!x>, tensor<1x2x!x>, tensor<1x4x!x>
}
