// Formats; zeros, other values, values out of range; sides of each axis; codes that are not bytes.
!x8 = !quant.uniform<i8:f32, 5.0e-02:-3>
!x3 = !quant.uniform<u3:f32, 1.0:2>
!x4 = !quant.uniform<i4:f32, 0.5:1>
!x12 = !quant.uniform<i12:f32, 2.0e-03:100>
!b = !qnn.binary<alpha = [2.5e-01]>

func.func @pad(%x: tensor<2x3x!x8>, %x3: tensor<3x3x!x3>, %x12: tensor<3x3x!x12>, %b: tensor<3x3x!b>, %i: tensor<2xi32>,
            %f: tensor<2x3xf32>, %y: tensor<0x3x!x8>, %c: tensor<3x2x8x!b>, %x4: tensor<3x4x!x4>)
    -> (tensor<3x5x!x8>, tensor<2x3x!x8>, tensor<3x4x!x8>, tensor<4x6x!x3>, tensor<4x4x!x12>, tensor<5x5x!b>, tensor<4xi32>,
        tensor<3x4xf32>, tensor<2x3x!x8>, tensor<5x3x8x!b>, tensor<3x2x16x!b>, tensor<3x2x9x!b>, tensor<4x8x!x4>) {
  %0 = qnn.pad %x {low = array<i64: 1, 0>, high = array<i64: 0, 2>} : (tensor<2x3x!x8>) -> tensor<3x5x!x8>
  %1 = qnn.pad %x {low = array<i64: 0, 0>, high = array<i64: 0, 0>} : (tensor<2x3x!x8>) -> tensor<2x3x!x8>
  %2 = qnn.pad %x {low = array<i64: 0, 1>, high = array<i64: 1, 0>, value = -1.0e+09 : f64} : (tensor<2x3x!x8>) -> tensor<3x4x!x8>
  %3 = qnn.pad %x3 {low = array<i64: 1, 2>, high = array<i64: 0, 1>, value = 4.0 : f64} : (tensor<3x3x!x3>) -> tensor<4x6x!x3>
  %4 = qnn.pad %x12 {low = array<i64: 0, 1>, high = array<i64: 1, 0>, value = 0.33 : f64} : (tensor<3x3x!x12>) -> tensor<4x4x!x12>
  %5 = qnn.pad %b {low = array<i64: 1, 1>, high = array<i64: 1, 1>, value = -0.1 : f64} : (tensor<3x3x!b>) -> tensor<5x5x!b>
  %6 = qnn.pad %i {low = array<i64: 1>, high = array<i64: 1>, value = -70000.0 : f64} : (tensor<2xi32>) -> tensor<4xi32>
  %7 = qnn.pad %f {low = array<i64: 1, 0>, high = array<i64: 0, 1>, value = 0.1 : f64} : (tensor<2x3xf32>) -> tensor<3x4xf32>
  %8 = qnn.pad %y {low = array<i64: 1, 0>, high = array<i64: 1, 0>} : (tensor<0x3x!x8>) -> tensor<2x3x!x8>
  // Rows of whole bytes, which may lie behind each other, and rows that begin or end within one.
  %9 = qnn.pad %c {low = array<i64: 1, 0, 0>, high = array<i64: 1, 1, 0>, value = 1.0 : f64} : (tensor<3x2x8x!b>) -> tensor<5x3x8x!b>
  %10 = qnn.pad %c {low = array<i64: 0, 0, 8>, high = array<i64: 0, 0, 0>} : (tensor<3x2x8x!b>) -> tensor<3x2x16x!b>
  %11 = qnn.pad %c {low = array<i64: 0, 0, 1>, high = array<i64: 0, 0, 0>} : (tensor<3x2x8x!b>) -> tensor<3x2x9x!b>
  %12 = qnn.pad %x4 {low = array<i64: 1, 2>, high = array<i64: 0, 2>, value = -2.0 : f64} : (tensor<3x4x!x4>) -> tensor<4x8x!x4>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12
    : tensor<3x5x!x8>, tensor<2x3x!x8>, tensor<3x4x!x8>, tensor<4x6x!x3>, tensor<4x4x!x12>, tensor<5x5x!b>, tensor<4xi32>, tensor<3x4xf32>,
      tensor<2x3x!x8>, tensor<5x3x8x!b>, tensor<3x2x16x!b>, tensor<3x2x9x!b>, tensor<4x8x!x4>
}
