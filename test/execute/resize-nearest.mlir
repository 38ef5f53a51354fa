// Formats; to larger, smaller, odd and equal sizes; both conventions.
!x8 = !quant.uniform<i8:f32, 5.0e-02:-3>
!x3 = !quant.uniform<u3:f32, 1.0:2>
!x12 = !quant.uniform<i12:f32, 2.0e-03:100>
!b = !qnn.binary<alpha = [2.5e-01]>

func.func @resize_nearest(%x: tensor<2x3x5x2x!x8>, %x3: tensor<1x2x3x3x!x3>, %x12: tensor<1x2x3x3x!x12>, %b: tensor<1x2x3x3x!b>,
            %i: tensor<1x2x2x1xi32>, %f: tensor<1x2x2x1xf32>, %y: tensor<1x2x2x0x!x8>)
    -> (tensor<2x6x10x2x!x8>, tensor<2x2x7x2x!x8>, tensor<2x7x3x2x!x8>, tensor<2x5x4x2x!x8>, tensor<2x1x1x2x!x8>, tensor<1x5x3x3x!x3>,
        tensor<1x3x7x3x!x12>, tensor<1x4x4x3x!b>, tensor<1x3x3x1xi32>, tensor<1x3x5x1xf32>, tensor<1x4x4x0x!x8>) {
  %0 = qnn.resize_nearest %x : (tensor<2x3x5x2x!x8>) -> tensor<2x6x10x2x!x8>
  %1 = qnn.resize_nearest %x : (tensor<2x3x5x2x!x8>) -> tensor<2x2x7x2x!x8>
  %2 = qnn.resize_nearest %x {align_corners} : (tensor<2x3x5x2x!x8>) -> tensor<2x7x3x2x!x8>
  %3 = qnn.resize_nearest %x {half_pixel_centers} : (tensor<2x3x5x2x!x8>) -> tensor<2x5x4x2x!x8>
  %4 = qnn.resize_nearest %x {align_corners} : (tensor<2x3x5x2x!x8>) -> tensor<2x1x1x2x!x8>
  %5 = qnn.resize_nearest %x3 : (tensor<1x2x3x3x!x3>) -> tensor<1x5x3x3x!x3>
  %6 = qnn.resize_nearest %x12 {half_pixel_centers} : (tensor<1x2x3x3x!x12>) -> tensor<1x3x7x3x!x12>
  %7 = qnn.resize_nearest %b {align_corners} : (tensor<1x2x3x3x!b>) -> tensor<1x4x4x3x!b>
  %8 = qnn.resize_nearest %i : (tensor<1x2x2x1xi32>) -> tensor<1x3x3x1xi32>
  %9 = qnn.resize_nearest %f : (tensor<1x2x2x1xf32>) -> tensor<1x3x5x1xf32>
  %10 = qnn.resize_nearest %y : (tensor<1x2x2x0x!x8>) -> tensor<1x4x4x0x!x8>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10
    : tensor<2x6x10x2x!x8>, tensor<2x2x7x2x!x8>, tensor<2x7x3x2x!x8>, tensor<2x5x4x2x!x8>, tensor<2x1x1x2x!x8>, tensor<1x5x3x3x!x3>,
      tensor<1x3x7x3x!x12>, tensor<1x4x4x3x!b>, tensor<1x3x3x1xi32>, tensor<1x3x5x1xf32>, tensor<1x4x4x0x!x8>
}
