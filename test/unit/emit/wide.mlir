// Kernels of many channels, which machines that multiply matrices compute by these.
!q = !quant.uniform<i8:f32, 5.0e-02:-12>
!r = !quant.uniform<i8:f32, 9.0e-01:3>
!w = !quant.uniform<i8:f32, 1.0e-02>
func.func @net(%x: tensor<1x9x17x70x!q>) -> tensor<1x9x17x33x!r> {
  %w = qnn.constant dense<-3> : tensor<80x3x3x70xi8> : tensor<80x3x3x70x!w>
  %v = qnn.constant dense<117> : tensor<33x1x1x80xi8> : tensor<33x1x1x80x!w>
  %b = qnn.constant dense<1000> : tensor<80xi32> : tensor<80xi32>
  %0 = qnn.conv2d %x, %w bias %b {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x9x17x70x!q>, tensor<80x3x3x70x!w>, tensor<80xi32>) -> tensor<1x9x17x80x!q>
  %1 = qnn.conv2d %0, %v : (tensor<1x9x17x80x!q>, tensor<33x1x1x80x!w>) -> tensor<1x9x17x33x!r>
  return %1 : tensor<1x9x17x33x!r>
}
