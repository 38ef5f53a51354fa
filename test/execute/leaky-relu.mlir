// Formats by their widths, floats, one element, none.
!x8 = !quant.uniform<i8:f32, 5.0e-02:-3>
!u8 = !quant.uniform<u8:f32, 2.0e-02:200>
!x2 = !quant.uniform<i2<-1:1>:f32, 1.0>
!x5 = !quant.uniform<u5:f32, 1.0e-01:7>
!x12 = !quant.uniform<i12:f32, 2.0e-03:100>
!x16 = !quant.uniform<i16:f32, 1.0e-04>
!b = !qnn.binary<alpha = [2.5e-01]>
!y = !quant.uniform<i8:f32, 7.8125e-03:-10>

func.func @leaky_relu(%x8: tensor<5x9x!x8>, %u8: tensor<17x!u8>, %x2: tensor<7x!x2>, %x5: tensor<13x!x5>, %x12: tensor<9x!x12>, %x16: tensor<9x!x16>,
  %b: tensor<9x!b>, %f: tensor<2x9xf32>, %one: tensor<!x8>, %none: tensor<0x3x!x8>)
    -> (tensor<5x9x!y>, tensor<5x9x!x8>, tensor<17x!y>, tensor<7x!x5>, tensor<13x!b>, tensor<9x!x12>, tensor<9x!x16>, tensor<9x!y>, tensor<9x!b>,
        tensor<2x9xf32>, tensor<!y>, tensor<0x3x!y>, tensor<5x9x!y>, tensor<5x9x!b>) {
  %0 = qnn.leaky_relu %x8 {alpha = 0.3 : f64} : (tensor<5x9x!x8>) -> tensor<5x9x!y>
  %1 = qnn.leaky_relu %x8 {alpha = 0.3 : f64} : (tensor<5x9x!x8>) -> tensor<5x9x!x8>
  %2 = qnn.leaky_relu %u8 {alpha = 0.3 : f64} : (tensor<17x!u8>) -> tensor<17x!y>
  %3 = qnn.leaky_relu %x2 {alpha = 0.3 : f64} : (tensor<7x!x2>) -> tensor<7x!x5>
  %4 = qnn.leaky_relu %x5 {alpha = 0.3 : f64} : (tensor<13x!x5>) -> tensor<13x!b>
  %5 = qnn.leaky_relu %x12 {alpha = 0.3 : f64} : (tensor<9x!x12>) -> tensor<9x!x12>
  %6 = qnn.leaky_relu %x16 {alpha = 0.3 : f64} : (tensor<9x!x16>) -> tensor<9x!x16>
  %7 = qnn.leaky_relu %b {alpha = 0.3 : f64} : (tensor<9x!b>) -> tensor<9x!y>
  %8 = qnn.leaky_relu %b {alpha = 0.3 : f64} : (tensor<9x!b>) -> tensor<9x!b>
  %9 = qnn.leaky_relu %f {alpha = 0.3 : f64} : (tensor<2x9xf32>) -> tensor<2x9xf32>
  %10 = qnn.leaky_relu %one {alpha = 0.3 : f64} : (tensor<!x8>) -> tensor<!y>
  %11 = qnn.leaky_relu %none {alpha = 0.3 : f64} : (tensor<0x3x!x8>) -> tensor<0x3x!y>
  // A slope above 1, none, and one rounding.
  %12 = qnn.leaky_relu %x8 {alpha = 7.5 : f64, rescale = #qnn.rescale<rounding = single>} : (tensor<5x9x!x8>) -> tensor<5x9x!y>
  %13 = qnn.leaky_relu %x8 {alpha = 0.0 : f64} : (tensor<5x9x!x8>) -> tensor<5x9x!b>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13
    : tensor<5x9x!y>, tensor<5x9x!x8>, tensor<17x!y>, tensor<7x!x5>, tensor<13x!b>, tensor<9x!x12>, tensor<9x!x16>, tensor<9x!y>, tensor<9x!b>,
      tensor<2x9xf32>, tensor<!y>, tensor<0x3x!y>, tensor<5x9x!y>, tensor<5x9x!b>
}
