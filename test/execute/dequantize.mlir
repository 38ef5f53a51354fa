// From each format; scales that f32 holds and ones that it does not.
!x8 = !quant.uniform<i8:f32, 7.812500e-03:-3>
!inexact = !quant.uniform<i8:f32, 1.0e-01:-3>
!u8 = !quant.uniform<u8:f32, 2.0e-02:200>
!x2 = !quant.uniform<i2<-1:1>:f32, 5.0e-01>
!x12 = !quant.uniform<i12:f32, 2.0e-03:100>
!x16 = !quant.uniform<u16:f32, 1.0e-04:65535>
!b = !qnn.binary<alpha = [2.5e-01]>

func.func @dequantize(%x8: tensor<3x7x!x8>, %inexact: tensor<9x!inexact>, %u8: tensor<9x!u8>, %x2: tensor<9x!x2>, %x12: tensor<9x!x12>,
                      %x16: tensor<9x!x16>, %b: tensor<9x!b>, %i: tensor<9xi32>, %none: tensor<0x!x8>)
    -> (tensor<3x7xf32>, tensor<9xf32>, tensor<9xf32>, tensor<9xf32>, tensor<9xf32>, tensor<9xf32>, tensor<9xf32>, tensor<9xf32>, tensor<0xf32>) {
  %0 = qnn.dequantize %x8 : (tensor<3x7x!x8>) -> tensor<3x7xf32>
  %1 = qnn.dequantize %inexact : (tensor<9x!inexact>) -> tensor<9xf32>
  %2 = qnn.dequantize %u8 : (tensor<9x!u8>) -> tensor<9xf32>
  %3 = qnn.dequantize %x2 : (tensor<9x!x2>) -> tensor<9xf32>
  %4 = qnn.dequantize %x12 : (tensor<9x!x12>) -> tensor<9xf32>
  %5 = qnn.dequantize %x16 : (tensor<9x!x16>) -> tensor<9xf32>
  %6 = qnn.dequantize %b : (tensor<9x!b>) -> tensor<9xf32>
  %7 = qnn.dequantize %i : (tensor<9xi32>) -> tensor<9xf32>
  %8 = qnn.dequantize %none : (tensor<0x!x8>) -> tensor<0xf32>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8
    : tensor<3x7xf32>, tensor<9xf32>, tensor<9xf32>, tensor<9xf32>, tensor<9xf32>, tensor<9xf32>, tensor<9xf32>, tensor<9xf32>, tensor<0xf32>
}
