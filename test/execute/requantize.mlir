// Between formats and scales: to finer and coarser ones, from accumulators, with both roundings, wrapping.
!x8 = !quant.uniform<i8:f32, 7.812500e-03:-3>
!u8 = !quant.uniform<u8:f32, 2.0e-02:200>
!x2 = !quant.uniform<i2<-1:1>:f32, 5.0e-01>
!x5 = !quant.uniform<u5:f32, 1.0e-01:7>
!x12 = !quant.uniform<i12:f32, 2.0e-03:100>
!x16 = !quant.uniform<i16:f32, 1.0e-04>
!b = !qnn.binary<alpha = [2.5e-01]>
!wide = !quant.uniform<i8:f32, 3.0e+07:5>
!fine = !quant.uniform<i8:f32, 1.0e-10:5>

func.func @requantize(%x8: tensor<3x7x!x8>, %u8: tensor<9x!u8>, %x2: tensor<9x!x2>, %x12: tensor<9x!x12>, %x16: tensor<9x!x16>, %b: tensor<9x!b>,
                      %i: tensor<9xi32>, %none: tensor<0x!x8>)
    -> (tensor<3x7x!u8>, tensor<3x7x!u8>, tensor<9x!x8>, tensor<9x!x5>, tensor<9x!x8>, tensor<9x!b>, tensor<9x!x12>, tensor<9x!wide>,
        tensor<9x!fine>, tensor<9x!b>, tensor<9xi32>, tensor<3x7x!x5>, tensor<9x!wide>, tensor<0x!u8>) {
  %0 = qnn.requantize %x8 : (tensor<3x7x!x8>) -> tensor<3x7x!u8>
  %1 = qnn.requantize %x8 {rescale = #qnn.rescale<rounding = single>} : (tensor<3x7x!x8>) -> tensor<3x7x!u8>
  %2 = qnn.requantize %u8 : (tensor<9x!u8>) -> tensor<9x!x8>
  %3 = qnn.requantize %x2 : (tensor<9x!x2>) -> tensor<9x!x5>
  %4 = qnn.requantize %x12 : (tensor<9x!x12>) -> tensor<9x!x8>
  %5 = qnn.requantize %x16 : (tensor<9x!x16>) -> tensor<9x!b>
  %6 = qnn.requantize %b : (tensor<9x!b>) -> tensor<9x!x12>
  %7 = qnn.requantize %i : (tensor<9xi32>) -> tensor<9x!wide>
  %8 = qnn.requantize %i : (tensor<9xi32>) -> tensor<9x!fine>
  %9 = qnn.requantize %i : (tensor<9xi32>) -> tensor<9x!b>
  %10 = qnn.requantize %u8 : (tensor<9x!u8>) -> tensor<9xi32>
  %11 = qnn.requantize %x8 {rescale = #qnn.rescale<overflow = wrap>} : (tensor<3x7x!x8>) -> tensor<3x7x!x5>
  %12 = qnn.requantize %i {rescale = #qnn.rescale<rounding = single>} : (tensor<9xi32>) -> tensor<9x!wide>
  %13 = qnn.requantize %none : (tensor<0x!x8>) -> tensor<0x!u8>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13
    : tensor<3x7x!u8>, tensor<3x7x!u8>, tensor<9x!x8>, tensor<9x!x5>, tensor<9x!x8>, tensor<9x!b>, tensor<9x!x12>, tensor<9x!wide>,
      tensor<9x!fine>, tensor<9x!b>, tensor<9xi32>, tensor<3x7x!x5>, tensor<9x!wide>, tensor<0x!u8>
}
