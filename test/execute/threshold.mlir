// By themselves and behind a contraction; one row for all channels, one for each, falling ones; each number of codes.
!x8 = !quant.uniform<i8:f32, 5.0e-01:3>
!u2 = !quant.uniform<u2:f32, 5.0e-01>
!t2 = !quant.uniform<i2<-1:1>:f32, 1.0>
!i3 = !quant.uniform<i3:f32, 1.0:1>
!u4 = !quant.uniform<u4:f32, 1.0>
!b = !qnn.binary
!t = !qnn.ternary<alpha = [2.5e-01]>
func.func @threshold(%x: tensor<1x3x5x3xf32>, %v: tensor<7xf32>, %n: tensor<2x3xi32>, %q: tensor<1x5x6x4x!x8>, %bits: tensor<2x37x!b>,
                     %none: tensor<0x3xf32>)
    -> (tensor<1x3x5x3x!u2>, tensor<7x!b>, tensor<2x3x!t2>, tensor<2x3x!u4>, tensor<1x5x6x5x!b>, tensor<1x5x6x5x!u2>, tensor<1x5x6x4x!i3>,
        tensor<2x3x!t>, tensor<2x3x!b>, tensor<0x3x!b>) {
  %0 = qnn.constant dense<[[-0.5, 0.0, 0.5], [-1.0, -1.0, 3.0e+38], [0.25, 0.5, 0.75]]> : tensor<3x3xf32> : tensor<3x3xf32>
  %x0 = qnn.threshold %x, %0 : (tensor<1x3x5x3xf32>, tensor<3x3xf32>) -> tensor<1x3x5x3x!u2>
  %1 = qnn.constant dense<[[-0.0]]> : tensor<1x1xf32> : tensor<1x1xf32>
  %x1 = qnn.threshold %v, %1 : (tensor<7xf32>, tensor<1x1xf32>) -> tensor<7x!b>
  %2 = qnn.constant dense<[[-1000000000, 5], [1000000000, -7], [-2147483648, 2147483647]]> : tensor<3x2xi32> : tensor<3x2xi32>
  %x2 = qnn.threshold %n, %2 {falling = array<i1: false, true, true>} : (tensor<2x3xi32>, tensor<3x2xi32>) -> tensor<2x3x!t2>
  %3 = qnn.constant dense<[[-2000000000, -1500000000, -1000000000, -500000000, -100000000, -1000, -1, 0, 1, 1000, 100000000, 500000000,
                            1000000000, 1500000000, 2000000000]]> : tensor<1x15xi32> : tensor<1x15xi32>
  %x3 = qnn.threshold %n, %3 : (tensor<2x3xi32>, tensor<1x15xi32>) -> tensor<2x3x!u4>

  // Behind sums: 16 bits, 32 bits, some falling.
  %w = qnn.constant dense<"0x7942BDF22106F0847762F0F3CB4D764DC7072051159A0F89F2C6DACAE344BB311245FD6F84DF9AD7C5B3D076AC0E8F53A7356C88913F20F6F72DB022D24D0A96DAD43C1617C1A98E78129E0327371065D095864F15ADA0B846C1C0EBC5348ADC799ADF849BAD05D4A10AC0441EAAEEB4B48EFA0B1F0ABD80E998A35ABA5EA0BD8799C1350D439E71897AA75FDE3134A4AA72E05628AC6FE68A733D1161A15D8EAE2BB042D7958AEDB1D594D6D112D34F6602F4DE"> : tensor<5x3x3x4xi8> : tensor<5x3x3x4x!quant.uniform<i8:f32, 1.0>>
  %s = qnn.conv2d %q, %w {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x5x6x4x!x8>, tensor<5x3x3x4x!quant.uniform<i8:f32, 1.0>>) -> tensor<1x5x6x5xi32>
  %4 = qnn.constant dense<[[0], [-3000], [3000], [-32768], [32767]]> : tensor<5x1xi32> : tensor<5x1xi32>
  %x4 = qnn.threshold %s, %4 {falling = array<i1: false, true, false, true, false>} : (tensor<1x5x6x5xi32>, tensor<5x1xi32>) -> tensor<1x5x6x5x!b>
  %s5 = qnn.conv2d %q, %w {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x5x6x4x!x8>, tensor<5x3x3x4x!quant.uniform<i8:f32, 1.0>>) -> tensor<1x5x6x5xi32>
  %5 = qnn.constant dense<[[-9000, 0, 9000], [-40000, 0, 40000], [-1, 0, 1], [0, 0, 0], [5000, 6000, 7000]]> : tensor<5x3xi32> : tensor<5x3xi32>
  %x5 = qnn.threshold %s5, %5 : (tensor<1x5x6x5xi32>, tensor<5x3xi32>) -> tensor<1x5x6x5x!u2>
  %d = qnn.constant dense<"0x01FF037F80FE11F2230455660788990AABBCCDD0EEF10213F4152617F819A1B2C3D4E5F6"> : tensor<1x3x3x4xi8> : tensor<1x3x3x4x!quant.uniform<i8:f32, 1.0>>
  %c = qnn.constant dense<[100, -100, 0, 5000]> : tensor<4xi32> : tensor<4xi32>
  %s6 = qnn.depthwise_conv2d %q, %d bias %c {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x5x6x4x!x8>, tensor<1x3x3x4x!quant.uniform<i8:f32, 1.0>>, tensor<4xi32>) -> tensor<1x5x6x4xi32>
  %6 = qnn.constant dense<[[-6000, -4000, -2000, 0, 2000, 4000, 6000]]> : tensor<1x7xi32> : tensor<1x7xi32>
  %x6 = qnn.threshold %s6, %6 : (tensor<1x5x6x4xi32>, tensor<1x7xi32>) -> tensor<1x5x6x4x!i3>

  // Bits times bits; sums that are used twice are stored.
  %k = qnn.constant dense<"0x0123456789ABCDEF0123456789AB"> : tensor<14xi8> : tensor<3x37x!b>
  %s7 = qnn.dense %bits, %k : (tensor<2x37x!b>, tensor<3x37x!b>) -> tensor<2x3xi32>
  %7 = qnn.constant dense<[[-2, 2], [0, 4], [-5, -5]]> : tensor<3x2xi32> : tensor<3x2xi32>
  %x7 = qnn.threshold %s7, %7 : (tensor<2x3xi32>, tensor<3x2xi32>) -> tensor<2x3x!t>
  %8 = qnn.constant dense<[[1]]> : tensor<1x1xi32> : tensor<1x1xi32>
  %x8 = qnn.threshold %s7, %8 : (tensor<2x3xi32>, tensor<1x1xi32>) -> tensor<2x3x!b>

  %9 = qnn.constant dense<[[0.0], [1.0], [2.0]]> : tensor<3x1xf32> : tensor<3x1xf32>
  %x9 = qnn.threshold %none, %9 : (tensor<0x3xf32>, tensor<3x1xf32>) -> tensor<0x3x!b>
  return %x0, %x1, %x2, %x3, %x4, %x5, %x6, %x7, %x8, %x9
    : tensor<1x3x5x3x!u2>, tensor<7x!b>, tensor<2x3x!t2>, tensor<2x3x!u4>, tensor<1x5x6x5x!b>, tensor<1x5x6x5x!u2>, tensor<1x5x6x4x!i3>,
      tensor<2x3x!t>, tensor<2x3x!b>, tensor<0x3x!b>
}
