// Inner, outer, parted and all axes, and none; kept and removed; formats; changes of scale.
!x8 = !quant.uniform<i8:f32, 5.0e-02:-3>
!u8 = !quant.uniform<u8:f32, 2.0e-02:200>
!x4 = !quant.uniform<i4:f32, 2.5e-01:2>
!x16 = !quant.uniform<u16:f32, 1.0e-04:30000>
!b = !qnn.binary<alpha = [2.5e-01]>

func.func @mean(%x: tensor<2x3x5x4x!x8>, %x4: tensor<3x5x!x4>, %x16: tensor<3x5x!x16>, %b: tensor<3x5x!b>, %f: tensor<2x3x5x4xf32>, %none: tensor<0x3x!x8>)
    -> (tensor<2x4x!x8>, tensor<2x1x1x4x!u8>, tensor<2x3x5x!u8>, tensor<3x4x!x8>, tensor<!x8>, tensor<2x3x5x4x!u8>, tensor<3x!x4>, tensor<5x!x16>,
        tensor<3x!x8>, tensor<3x!b>, tensor<2x4xf32>, tensor<1x3x1x4xf32>, tensor<0x1x!x8>) {
  %0 = qnn.mean %x {axes = array<i64: 1, 2>} : (tensor<2x3x5x4x!x8>) -> tensor<2x4x!x8>
  %1 = qnn.mean %x {axes = array<i64: 1, 2>, keep_dims, rescale = #qnn.rescale<rounding = single>} : (tensor<2x3x5x4x!x8>) -> tensor<2x1x1x4x!u8>
  %2 = qnn.mean %x {axes = array<i64: 3>} : (tensor<2x3x5x4x!x8>) -> tensor<2x3x5x!u8>
  %3 = qnn.mean %x {axes = array<i64: 0, 2>} : (tensor<2x3x5x4x!x8>) -> tensor<3x4x!x8>
  %4 = qnn.mean %x {axes = array<i64: 0, 1, 2, 3>} : (tensor<2x3x5x4x!x8>) -> tensor<!x8>
  %5 = qnn.mean %x {axes = array<i64>} : (tensor<2x3x5x4x!x8>) -> tensor<2x3x5x4x!u8>
  %6 = qnn.mean %x4 {axes = array<i64: 1>} : (tensor<3x5x!x4>) -> tensor<3x!x4>
  %7 = qnn.mean %x16 {axes = array<i64: 0>} : (tensor<3x5x!x16>) -> tensor<5x!x16>
  %8 = qnn.mean %b {axes = array<i64: 1>} : (tensor<3x5x!b>) -> tensor<3x!x8>
  %9 = qnn.mean %x4 {axes = array<i64: 1>} : (tensor<3x5x!x4>) -> tensor<3x!b>
  %10 = qnn.mean %f {axes = array<i64: 1, 2>} : (tensor<2x3x5x4xf32>) -> tensor<2x4xf32>
  %11 = qnn.mean %f {axes = array<i64: 0, 2>, keep_dims} : (tensor<2x3x5x4xf32>) -> tensor<1x3x1x4xf32>
  %12 = qnn.mean %none {axes = array<i64: 1>, keep_dims} : (tensor<0x3x!x8>) -> tensor<0x1x!x8>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12
    : tensor<2x4x!x8>, tensor<2x1x1x4x!u8>, tensor<2x3x5x!u8>, tensor<3x4x!x8>, tensor<!x8>, tensor<2x3x5x4x!u8>, tensor<3x!x4>, tensor<5x!x16>,
      tensor<3x!x8>, tensor<3x!b>, tensor<2x4xf32>, tensor<1x3x1x4xf32>, tensor<0x1x!x8>
}
