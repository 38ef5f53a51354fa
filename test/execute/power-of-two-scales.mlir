// Scales that are powers of two between integers and floats, for which some machines have one instruction.
!a3 = !quant.uniform<u3:f32, 5.0e-01>
!w1 = !qnn.binary<alpha = [1.250000e-01]>
!x = !quant.uniform<i8:f32, 6.25e-02:-3>
!y = !quant.uniform<u8:f32, 2.5e-01>

func.func @net(%a: tensor<1x3x5x7x!a3>, %x: tensor<1x67x!x>, %f: tensor<1x67xf32>)
    -> (tensor<1x2x4x9xf32>, tensor<1x67xf32>, tensor<1x67x!x>, tensor<1x67x!y>) {
  %w = qnn.constant dense<"0x06D9926E906673F5000FD85DE479D9BAF8BD656A0D394BEA6C47FCBC8D76F10E"> : tensor<32xi8> : tensor<9x2x2x7x!w1>
  %0 = qnn.conv2d %a, %w : (tensor<1x3x5x7x!a3>, tensor<9x2x2x7x!w1>) -> tensor<1x2x4x9xf32>
  %1 = qnn.dequantize %x : (tensor<1x67x!x>) -> tensor<1x67xf32>
  %2 = qnn.quantize %f : (tensor<1x67xf32>) -> tensor<1x67x!x>
  %3 = qnn.quantize %f : (tensor<1x67xf32>) -> tensor<1x67x!y>
  return %0, %1, %2, %3 : tensor<1x2x4x9xf32>, tensor<1x67xf32>, tensor<1x67x!x>, tensor<1x67x!y>
}
