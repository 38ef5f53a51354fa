// Formats; a vector, a batch, no features; weights as an input.
!x8 = !quant.uniform<i8:f32, 5.0e-02:-3>
!u8 = !quant.uniform<u8:f32, 2.0e-02:128>
!x4 = !quant.uniform<u4:f32, 2.5e-01:2>
!x16 = !quant.uniform<i16:f32, 1.0e-04>
!w8 = !quant.uniform<i8<-127:127>:f32, 1.0e-02>
!wc = !quant.uniform<i8<-127:127>:f32:0, {1.0e-02, 3.0e+02}>
!wu = !quant.uniform<u8:f32, 1.0e-02:100>
!w4 = !quant.uniform<i4<-7:7>:f32:0, {1.0e-01, 2.0e-01}>
!w2 = !quant.uniform<i2<-1:1>:f32, 5.0e-01>
!w12 = !quant.uniform<i12<-2047:2047>:f32, 5.0e-04>
!wb = !qnn.binary<alpha = [2.5e-01]>
!g8 = !qnn.grouped<bits = 8, group = 4>
!g3 = !qnn.grouped<bits = 3, group = 8>
!y = !quant.uniform<i8:f32, 1.5e-01:4>

func.func @dense(%x8: tensor<2x5x!x8>, %u8: tensor<1x5x!u8>, %x4: tensor<5x!x4>, %x16: tensor<2x1x5x!x16>, %xb: tensor<1x5x!qnn.binary>,
                 %f: tensor<2x5xf32>, %w: tensor<3x5x!w8>, %n: tensor<2x0x!x8>)
    -> (tensor<2x2x!y>, tensor<1x2x!y>, tensor<2x!x4>, tensor<2x1x2x!x16>, tensor<1x2x!qnn.binary>, tensor<1x2x!y>, tensor<2x2x!y>,
        tensor<2x2xi32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x3x!y>, tensor<2x2x!y>, tensor<2x2xf32>, tensor<2x2x!y>, tensor<2x2x!x4>,
        tensor<2x0x!y>) {
  %wc = qnn.constant dense<[[127, -127, 3, 9, 0], [-1, 1, 2, 3, 4]]> : tensor<2x5xi8> : tensor<2x5x!wc>
  %wu = qnn.constant dense<[[127, -127, 3, 9, 0], [-1, 1, 2, 3, 4]]> : tensor<2x5xi8> : tensor<2x5x!wu>
  %w4 = qnn.constant dense<[113, -46, 87, 30, 17]> : tensor<5xi8> : tensor<2x5x!w4>
  %w2 = qnn.constant dense<[-3, 93, 3]> : tensor<3xi8> : tensor<2x5x!w2>
  %w12 = qnn.constant dense<[-1, 7, 93, 3, -128, 64, 32, 1, 7, 99, 100, -113, 4, 2, 127]> : tensor<15xi8> : tensor<2x5x!w12>
  %wb = qnn.constant dense<[-91, 1]> : tensor<2xi8> : tensor<2x5x!wb>
  %wf = qnn.constant dense<[[0.5, -1.25, 3.0, 0.1, 0.2], [0.3, -1.0, 7.0, 0.01, -8.0]]> : tensor<2x5xf32> : tensor<2x5xf32>
  %g8 = qnn.constant dense<[[127, -127, 3, 9, 0], [-1, 1, 2, 3, 4]]> : tensor<2x5xi8> : tensor<2x5x!g8>
  %s8 = qnn.constant dense<[[0.01, 0.02], [0.3, 0.004]]> : tensor<2x2xf32> : tensor<2x2xf32>
  %g3 = qnn.constant dense<[-37, 113, 5, 42]> : tensor<4xi8> : tensor<2x5x!g3>
  %s3 = qnn.constant dense<[[0.5], [0.25]]> : tensor<2x1xf32> : tensor<2x1xf32>
  %wn = qnn.constant dense<> : tensor<2x0xi8> : tensor<2x0xi8>
  %w0 = qnn.constant dense<> : tensor<0x5xi8> : tensor<0x5x!w8>
  %b = qnn.constant dense<[1000, -2147483648]> : tensor<2xi32> : tensor<2xi32>
  %bf = qnn.constant dense<[0.5, -2.0]> : tensor<2xf32> : tensor<2xf32>

  // Multipliers far below and far above 1.
  %0 = qnn.dense %x8, %wc bias %b : (tensor<2x5x!x8>, tensor<2x5x!wc>, tensor<2xi32>) -> tensor<2x2x!y>
  %1 = qnn.dense %u8, %wu {rescale = #qnn.rescale<rounding = single>, activation = #qnn.activation<relu>} : (tensor<1x5x!u8>, tensor<2x5x!wu>) -> tensor<1x2x!y>
  %2 = qnn.dense %x4, %w4 : (tensor<5x!x4>, tensor<2x5x!w4>) -> tensor<2x!x4>
  %3 = qnn.dense %x16, %wc : (tensor<2x1x5x!x16>, tensor<2x5x!wc>) -> tensor<2x1x2x!x16>
  %4 = qnn.dense %xb, %wb : (tensor<1x5x!qnn.binary>, tensor<2x5x!wb>) -> tensor<1x2x!qnn.binary>
  %5 = qnn.dense %u8, %w2 : (tensor<1x5x!u8>, tensor<2x5x!w2>) -> tensor<1x2x!y>
  %6 = qnn.dense %x8, %w12 {rescale = #qnn.rescale<product = f32>} : (tensor<2x5x!x8>, tensor<2x5x!w12>) -> tensor<2x2x!y>
  %7 = qnn.dense %x8, %wc : (tensor<2x5x!x8>, tensor<2x5x!wc>) -> tensor<2x2xi32>
  %8 = qnn.dense %x8, %wc {activation = #qnn.activation<relu6>} : (tensor<2x5x!x8>, tensor<2x5x!wc>) -> tensor<2x2xf32>
  %9 = qnn.dense %f, %wf bias %bf {activation = #qnn.activation<relu>} : (tensor<2x5xf32>, tensor<2x5xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  %10 = qnn.dense %x8, %w : (tensor<2x5x!x8>, tensor<3x5x!w8>) -> tensor<2x3x!y>
  // Grouped: the last group is not full; a group that is longer than the row.
  %11 = qnn.dense %x8, %g8 bias %b scales %s8 : (tensor<2x5x!x8>, tensor<2x5x!g8>, tensor<2xi32>, tensor<2x2xf32>) -> tensor<2x2x!y>
  %12 = qnn.dense %x8, %g8 scales %s8 {activation = #qnn.activation<relu>} : (tensor<2x5x!x8>, tensor<2x5x!g8>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %13 = qnn.dense %x8, %g3 scales %s3 {rescale = #qnn.rescale<rounding = single>} : (tensor<2x5x!x8>, tensor<2x5x!g3>, tensor<2x1xf32>) -> tensor<2x2x!y>
  // No features; no units.
  %14 = qnn.dense %n, %wn bias %b : (tensor<2x0x!x8>, tensor<2x0xi8>, tensor<2xi32>) -> tensor<2x2x!x4>
  %15 = qnn.dense %x8, %w0 : (tensor<2x5x!x8>, tensor<0x5x!w8>) -> tensor<2x0x!y>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15
    : tensor<2x2x!y>, tensor<1x2x!y>, tensor<2x!x4>, tensor<2x1x2x!x16>, tensor<1x2x!qnn.binary>, tensor<1x2x!y>, tensor<2x2x!y>,
      tensor<2x2xi32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x3x!y>, tensor<2x2x!y>, tensor<2x2xf32>, tensor<2x2x!y>, tensor<2x2x!x4>,
      tensor<2x0x!y>
}
