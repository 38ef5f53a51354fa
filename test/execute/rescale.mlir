// By themselves and behind a contraction: sums that wrap when they are shifted, multipliers and exponents at their bounds, bounds
// of codes for each channel, complements.
!x8 = !quant.uniform<i8:f32, 5.0e-01:3>
!w8 = !quant.uniform<i8:f32, 1.0>
!y8 = !quant.uniform<i8:f32, 5.0e-01:-128>
!u8 = !quant.uniform<u8:f32, 1.0:255>
!u5 = !quant.uniform<u5:f32, 1.0:4>
!i16 = !quant.uniform<i16:f32, 1.0>
!b = !qnn.binary
func.func @rescale(%n: tensor<5x3xi32>, %one: tensor<3x1xi32>, %q: tensor<1x5x6x4x!x8>, %bits: tensor<2x37x!b>, %none: tensor<0x3xi32>)
    -> (tensor<5x3x!i16>, tensor<3x1x!u8>, tensor<1x5x6x5x!y8>, tensor<2x5x!u5>, tensor<0x3x!u8>, tensor<5x3x!i16>, tensor<1x5x6x5x!y8>) {
  %0 = qnn.rescale %n {fraction = 0, offset = array<i32: 0, 2147483647, -2147483648>, multiplier = array<i32: 2147483647, 1073741824, 1518500250>, exponent = array<i32: -16, -1, -31>,
                       low = array<i32: -32768, -5, 0>, high = array<i32: 32767, 32767, 0>, falling = array<i1: false, true, true>} : (tensor<5x3xi32>) -> tensor<5x3x!i16>
  %1 = qnn.rescale %one {fraction = 30, offset = array<i32: 5>, multiplier = array<i32: 0>, exponent = array<i32: -1>, low = array<i32: -255>, high = array<i32: -1>} : (tensor<3x1xi32>) -> tensor<3x1x!u8>
  %w = qnn.constant dense<"0x7942BDF22106F0847762F0F3CB4D764DC7072051159A0F89F2C6DACAE344BB311245FD6F84DF9AD7C5B3D076AC0E8F53A7356C88913F20F6F72DB022D24D0A96DAD43C1617C1A98E78129E0327371065D095864F15ADA0B846C1C0EBC5348ADC799ADF849BAD05D4A10AC0441EAAEEB4B48EFA0B1F0ABD80E998A35ABA5EA0BD8799C1350D439E71897AA75FDE3134A4AA72E05628AC6FE68A733D1161A15D8EAE2BB042D7958AEDB1D594D6D112D34F6602F4DE"> : tensor<5x3x3x4xi8> : tensor<5x3x3x4x!w8>
  %s = qnn.conv2d %q, %w {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x5x6x4x!x8>, tensor<5x3x3x4x!w8>) -> tensor<1x5x6x5xi32>
  %2 = qnn.rescale %s {fraction = 9, offset = array<i32: 1000000000, -2000000000, 12345, 7, 0>, multiplier = array<i32: 1073741824, 2147483647, 1518500250, 1073741825, 2000000000>, exponent = array<i32: -23, -24, -22, -31, -21>,
                       low = array<i32: 0, 0, 100, 0, 0>, high = array<i32: 255, 255, 200, 255, 255>, falling = array<i1: true, false, true, false, false>} : (tensor<1x5x6x5xi32>) -> tensor<1x5x6x5x!y8>
  %v = qnn.constant dense<"0x7110E993AE7422923D7D171165DC1906F63D57997A0AD301"> : tensor<24xi8> : tensor<5x37x!b>
  %t = qnn.dense %bits, %v : (tensor<2x37x!b>, tensor<5x37x!b>) -> tensor<2x5xi32>
  %3 = qnn.rescale %t {fraction = 20, offset = array<i32: 300000, -2000000, 12345, 7, 0>, multiplier = array<i32: 1073741824, 2147483647, 1518500250, 1073741825, 2000000000>, exponent = array<i32: -20, -21, -19, -21, -20>,
                       low = array<i32: -4, -4, -4, -4, -4>, high = array<i32: 27, 27, 27, 27, 27>} : (tensor<2x5xi32>) -> tensor<2x5x!u5>
  %4 = qnn.rescale %none {fraction = 1, offset = array<i32: 0, 0, 0>, multiplier = array<i32: 0, 0, 0>, exponent = array<i32: -1, -1, -1>, low = array<i32: 0, 0, 0>, high = array<i32: 0, 0, 0>} : (tensor<0x3xi32>) -> tensor<0x3x!u8>

  // Two lines.
  %5 = qnn.rescale %n {fraction = 2, offset = array<i32: 0, 2147483647, -2147483648, 5, -7, 3>, multiplier = array<i32: 2147483647, 1073741824, 1518500250, 0, 1, 2000000000>, exponent = array<i32: -16, -1, -31, -1, -2, -9>,
                       low = array<i32: -32768, -5, 0>, high = array<i32: 32767, 32767, 0>, falling = array<i1: false, true, true>, knee = array<i32: 0, 2147483647, -2147483648>} : (tensor<5x3xi32>) -> tensor<5x3x!i16>
  %s6 = qnn.conv2d %q, %w {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x5x6x4x!x8>, tensor<5x3x3x4x!w8>) -> tensor<1x5x6x5xi32>
  %6 = qnn.rescale %s6 {fraction = 7, offset = array<i32: 1000000, -2000, 12345, 7, 0, 50000, -2000, 1, 2, 3>, multiplier = array<i32: 1073741824, 2147483647, 1518500250, 1073741825, 2000000000, 1173741824, 2147483647, 1418500250, 1073741825, 0>, exponent = array<i32: -13, -14, -12, -21, -11, -12, -14, -14, -10, -11>,
                       low = array<i32: 0, 0, 100, 0, 0>, high = array<i32: 255, 255, 200, 255, 255>, knee = array<i32: 0, -3000, 4000, 100, 5>} : (tensor<1x5x6x5xi32>) -> tensor<1x5x6x5x!y8>
  return %0, %1, %2, %3, %4, %5, %6 : tensor<5x3x!i16>, tensor<3x1x!u8>, tensor<1x5x6x5x!y8>, tensor<2x5x!u5>, tensor<0x3x!u8>, tensor<5x3x!i16>, tensor<1x5x6x5x!y8>
}
