// To each format; ties, saturation at both ends, zero.
!x8 = !quant.uniform<i8:f32, 7.812500e-03:-3>
!narrow = !quant.uniform<i8<-127:127>:f32, 1.0e-03>
!u8 = !quant.uniform<u8:f32, 2.0e-02:200>
!x2 = !quant.uniform<i2<-1:1>:f32, 5.0e-01>
!x5 = !quant.uniform<u5:f32, 1.0e-01:7>
!x12 = !quant.uniform<i12:f32, 2.0e-03:100>
!x16 = !quant.uniform<i16:f32, 1.0e-08>
!b = !qnn.binary<alpha = [2.5e-01]>

func.func @quantize(%x: tensor<3x7xf32>, %v: tensor<9xf32>, %none: tensor<0xf32>)
    -> (tensor<3x7x!x8>, tensor<3x7x!narrow>, tensor<3x7x!u8>, tensor<9x!x2>, tensor<9x!x5>, tensor<9x!x12>, tensor<9x!x16>, tensor<9x!b>,
        tensor<0x!x8>, tensor<9x!narrow>) {
  %extremes = qnn.constant dense<[0.0, -0.0, 0.0005, -0.0005, 0.0015, -0.0015, 3.0e+38, -3.0e+38, 1.0e-40]> : tensor<9xf32> : tensor<9xf32>
  %0 = qnn.quantize %x : (tensor<3x7xf32>) -> tensor<3x7x!x8>
  %1 = qnn.quantize %x : (tensor<3x7xf32>) -> tensor<3x7x!narrow>
  %2 = qnn.quantize %x : (tensor<3x7xf32>) -> tensor<3x7x!u8>
  %3 = qnn.quantize %v : (tensor<9xf32>) -> tensor<9x!x2>
  %4 = qnn.quantize %v : (tensor<9xf32>) -> tensor<9x!x5>
  %5 = qnn.quantize %v : (tensor<9xf32>) -> tensor<9x!x12>
  %6 = qnn.quantize %v : (tensor<9xf32>) -> tensor<9x!x16>
  %7 = qnn.quantize %v : (tensor<9xf32>) -> tensor<9x!b>
  %8 = qnn.quantize %none : (tensor<0xf32>) -> tensor<0x!x8>
  %9 = qnn.quantize %extremes : (tensor<9xf32>) -> tensor<9x!narrow>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9
    : tensor<3x7x!x8>, tensor<3x7x!narrow>, tensor<3x7x!u8>, tensor<9x!x2>, tensor<9x!x5>, tensor<9x!x12>, tensor<9x!x16>, tensor<9x!b>,
      tensor<0x!x8>, tensor<9x!narrow>
}
