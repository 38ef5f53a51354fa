// Loop-carried state: samples are steps of one sequence. Next values that are computed in the place of the old ones, those
// that must not be (the old ones are read later, or returned), two that change places, one that stays, one that is an
// output and another one's value, an input, a constant, codes that are not bytes, first values of several bytes.
!a = !quant.uniform<i8:f32, 5.0e-02:-3>
!w = !quant.uniform<i8:f32, 1.0e-02>
!four = !quant.uniform<i4:f32, 1.0>
!wide = !quant.uniform<i16:f32, 1.0e-03>

func.func @state(%x: tensor<1x1x4x8x!a>, %f: tensor<3xf32>, %i4: tensor<5x!four>, %i16: tensor<3x!wide>,
                 %window: tensor<1x5x4x8x!a> {qnn.state = 0.0 : f64}, %sum: tensor<1x1x4x8x!a> {qnn.state = 1.0 : f64},
                 %late: tensor<3xf32> {qnn.state = 0.25 : f64}, %first: tensor<3xf32> {qnn.state = -1.0 : f64},
                 %second: tensor<3xf32> {qnn.state = 2.0 : f64}, %kept: tensor<3xf32> {qnn.state = 7.0 : f64},
                 %four: tensor<5x!four> {qnn.state = 3.0 : f64}, %wide: tensor<3x!wide> {qnn.state = 0.3 : f64},
                 %twice: tensor<3x!wide> {qnn.state = 0.0 : f64}, %constant: tensor<3xf32> {qnn.state = 4.0 : f64},
                 %before: tensor<1x1x4x8x!a> {qnn.state = -0.5 : f64}, %dense: tensor<1x8x!a> {qnn.state = 1.5 : f64})
    -> (tensor<1x1x4x8x!a>, tensor<1x1x4x8x!a>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<5x!four>,
        tensor<3x!wide>, tensor<3x!wide>, tensor<1x1x4x8x!a>, tensor<1x8x!a>,
        tensor<1x5x4x8x!a> {qnn.state}, tensor<1x1x4x8x!a> {qnn.state}, tensor<3xf32> {qnn.state},
        tensor<3xf32> {qnn.state}, tensor<3xf32> {qnn.state}, tensor<3xf32> {qnn.state}, tensor<5x!four> {qnn.state},
        tensor<3x!wide> {qnn.state}, tensor<3x!wide> {qnn.state}, tensor<3xf32> {qnn.state},
        tensor<1x1x4x8x!a> {qnn.state}, tensor<1x8x!a> {qnn.state}) {
  // The last five rows: moved within their place.
  %0 = qnn.slice %window {starts = array<i64: 0, 1, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x5x4x8x!a>) -> tensor<1x4x4x8x!a>
  %1 = qnn.concat %0, %x {axis = 1 : i64} : (tensor<1x4x4x8x!a>, tensor<1x1x4x8x!a>) -> tensor<1x5x4x8x!a>
  %k = qnn.constant dense<3> : tensor<1x5x1x8xi8> : tensor<1x5x1x8x!w>
  %2 = qnn.depthwise_conv2d %1, %k : (tensor<1x5x4x8x!a>, tensor<1x5x1x8x!w>) -> tensor<1x1x4x8x!a>
  // A sum in its place; its next value is not what is returned.
  %3 = qnn.add %sum, %2 : (tensor<1x1x4x8x!a>, tensor<1x1x4x8x!a>) -> tensor<1x1x4x8x!a>
  %4 = qnn.relu %3 : (tensor<1x1x4x8x!a>) -> tensor<1x1x4x8x!a>
  // The old value is read after the new one is there.
  %5 = qnn.add %late, %f : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  %6 = qnn.mul %5, %late : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  %7 = qnn.sub %first, %second : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  %8 = qnn.relu %four : (tensor<5x!four>) -> tensor<5x!four>
  %9 = qnn.add %i4, %8 : (tensor<5x!four>, tensor<5x!four>) -> tensor<5x!four>
  %10 = qnn.add %wide, %i16 : (tensor<3x!wide>, tensor<3x!wide>) -> tensor<3x!wide>
  %11 = qnn.relu %twice : (tensor<3x!wide>) -> tensor<3x!wide>
  %c = qnn.constant dense<[1.5, -2.5, 3.5]> : tensor<3xf32> : tensor<3xf32>
  %12 = qnn.mul %constant, %kept : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  // A contraction reads each number of the state for all of the next ones.
  %m = qnn.constant dense<[[9, -3, 4, 100, 7, 1, 0, -50], [2, 8, -9, 4, 60, -70, 5, 3], [1, 2, 3, 4, 5, 6, 7, 8],
                           [-1, -2, -3, 4, 50, 6, 7, 8], [99, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 99, 0, 0, 0, 0],
                           [5, 5, 5, -5, -5, 50, 5, 5], [0, 0, 0, 0, 0, 0, 0, 90]]> : tensor<8x8xi8> : tensor<8x8x!w>
  %13 = qnn.dense %dense, %m : (tensor<1x8x!a>, tensor<8x8x!w>) -> tensor<1x8x!a>
  return %4, %2, %6, %7, %12, %9, %10, %11, %before, %dense,
         %1, %3, %5, %second, %first, %kept, %9, %10, %10, %c, %x, %13
    : tensor<1x1x4x8x!a>, tensor<1x1x4x8x!a>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<5x!four>,
      tensor<3x!wide>, tensor<3x!wide>, tensor<1x1x4x8x!a>, tensor<1x8x!a>,
      tensor<1x5x4x8x!a>, tensor<1x1x4x8x!a>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>,
      tensor<5x!four>, tensor<3x!wide>, tensor<3x!wide>, tensor<3xf32>, tensor<1x1x4x8x!a>, tensor<1x8x!a>
}
