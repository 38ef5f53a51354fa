// Tap-wise Winograd F(4x4, 3x3) of 8, 9 and 10 bits: sizes that 4 divides and does not, one tile and many, channels that
// fill no step and no vector, groups, a batch, wide borders, one scale for all taps, shifts of each channel's own, sums
// that are rounded before they are added, both kinds of points, offsets,
// weights that are stated, all kinds of results, and codes and weights as large as they can be.
!x = !quant.uniform<i8:f32, 5.0e-02:-3>
!u = !quant.uniform<u8:f32, 5.0e-02:255>
!w = !quant.uniform<i8:f32, 1.0e-02>
!wc = !quant.uniform<i8<-127:127>:f32:0, {1.0e-02, 3.0e-02, 2.0e-03}>
!wu = !quant.uniform<u8:f32, 1.0e-02:255>
!y = !quant.uniform<i8:f32, 1.5e-01:4>
!z = !quant.uniform<u8:f32, 9.0:7>
#f4_0 = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [7, 7, 7, 6, 6, 7, 7, 7, 7, 6, 6, 7, 7, 7, 7, 6,
  6, 7, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 7, 7, 7, 6, 6, 7], weights = [3, 2, 2, 3, 3, 1, 2, 1, 1, 2, 2, 0, 2, 1, 1,
  2, 2, 0, 3, 2, 2, 3, 3, 1, 3, 2, 2, 3, 3, 1, 1, 0, 0, 1, 1, -1], fraction = -3>
#f4_1 = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 10, codes = [6, 6, 6, 5, 5, 6, 6, 6, 6, 5, 5, 6, 6, 6, 6, 5,
  5, 6, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 6, 6, 6, 5, 5, 6], weights = [5, 4, 4, 5, 5, 3, 4, 3, 3, 4, 4, 2, 4, 3, 3,
  4, 4, 2, 5, 4, 4, 5, 5, 3, 5, 4, 4, 5, 5, 3, 3, 2, 2, 3, 3, 1], fraction = 0>
#f4_2 = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 9, codes = [7, 7, 7, 6, 6, 7, 7, 7, 7, 6, 6, 7, 7, 7, 7, 6,
  6, 7, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 7, 7, 7, 6, 6, 7], weights = [4, 3, 3, 4, 4, 2, 3, 2, 2, 3, 3, 1, 3, 2, 2,
  3, 3, 1, 4, 3, 3, 4, 4, 2, 4, 3, 3, 4, 4, 2, 2, 1, 1, 2, 2, 0], fraction = -4>
#f4_3 = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
  7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7], weights = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
  1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], fraction = -6>
#f4_4 = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [8, 8, 8, 7, 7, 8, 8, 8, 8, 7, 7, 8, 8, 8, 8, 7,
  7, 8, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 8, 8, 7, 7, 8], weights = [3, 2, 2, 3, 3, 1, 2, 1, 1, 2, 2, 0, 2, 1, 1,
  2, 2, 0, 3, 2, 2, 3, 3, 1, 3, 2, 2, 3, 3, 1, 1, 0, 0, 1, 1, -1], fraction = -4>
#f4_5 = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [7, 5, 5, 4, 4, 7, 7, 5, 7, 7, 4, 5, 8, 8, 8, 6,
  7, 7, 6, 6, 7, 7, 7, 6, 6, 4, 4, 6, 7, 6, 5, 7, 7, 6, 4, 8], weights = [3, 1, 3, 2, 4, 2, 3, 2, 1, 1, 3, -1, 3, 2,
  0, 3, 3, 0, 2, 3, 1, 2, 2, 0, 4, 2, 3, 2, 3, 2, 2, 0, 1, 1, 1, 0, 4, 1, 3, 2, 3, 2, 1, 2, 2, 2, 3, 1, 3, 2, 0, 3, 2,
  1, 4, 2, 3, 4, 2, 2, 2, 2, 3, 4, 4, 0, 2, -1, 1, 2, 1, -1, 3, 1, 2, 3, 4, 2, 3, 2, 2, 1, 3, 0, 2, 2, 0, 3, 3, 0, 4,
  3, 3, 4, 4, 0, 4, 3, 1, 3, 3, 1, 0, 1, -1, 0, 0, -2, 4, 1, 3, 3, 4, 0, 2, 2, 2, 1, 2, 0, 3, 1, 2, 3, 3, 1, 4, 3, 1,
  2, 4, 2, 4, 3, 2, 4, 2, 2, 1, 1, -1, 1, 0, 0, 3, 1, 2, 4, 4, 1, 3, 1, 0, 3, 3, 1, 1, 2, 1, 2, 1, 1, 2, 1, 3, 4, 3,
  2, 4, 2, 1, 2, 3, 2, 1, -1, 1, 1, 2, -2, 3, 3, 2, 4, 2, 2, 3, 2, 0, 3, 3, 1, 1, 1, 1, 3, 2, 1, 4, 2, 3, 2, 4, 2, 4,
  2, 1, 2, 2, 1, 1, 0, 0, 2, 2, 0, 4, 3, 3, 2, 4, 1, 3, 1, 0, 3, 1, 1, 1, 2, 1, 2, 3, -1, 4, 1, 2, 2, 4, 2, 4, 1, 3,
  4, 2, 0, 2, -1, -1, 0, 2, -2, 2, 2, 2, 4, 3, 0, 3, 1, 1, 2, 1, 1, 3, 2, 2, 3, 3, -1, 3, 3, 1, 2, 2, 2, 4, 3, 3, 4,
  4, 0, 0, 1, 1, 0, 2, -1, 4, 3, 3, 3, 3, 2, 2, 1, 2, 1, 3, -1, 3, 0, 2, 2, 3, 1, 2, 3, 2, 4, 4, 1, 4, 1, 1, 3, 3, 0,
  1, 1, -1, 2, 0, -2, 2, 1, 3, 4, 4, 2, 2, 0, 2, 1, 2, 0, 2, 1, 2, 3, 1, 1, 3, 2, 2, 2, 4, 1, 3, 3, 3, 3, 2, 1, 2, -1,
  1, 2, 2, 0, 4, 1, 3, 4, 3, 2, 3, 0, 2, 1, 1, 1, 2, 1, 1, 3, 3, 1, 4, 2, 1, 3, 4, 0, 3, 3, 3, 3, 3, 2, 2, 1, 0, 2, 2,
  0, 3, 1, 1, 4, 3, 1, 3, 2, 2, 3, 2, 1, 1, 0, 2, 2, 2, 1, 4, 2, 1, 4, 4, 2, 4, 2, 1, 2, 4, 0, 2, -1, 0, 0, 2, -1, 4,
  3, 3, 3, 4, 2, 2, 2, 1, 1, 3, 1, 1, 2, 2, 2, 3, -1, 3, 3, 1, 2, 3, 2, 3, 2, 3, 3, 3, 2, 2, 1, 1, 1, 2, 0, 4, 1, 2,
  4, 3, 2, 1, 0, 0, 1, 3, 0, 1, 2, 2, 3, 3, 1, 2, 1, 3, 4, 4, 2, 4, 3, 3, 2, 4, 2, 1, -1, 1, 1, 2, 0, 4, 2, 3, 3, 4,
  0, 3, 2, 2, 3, 1, 1, 2, 2, 0, 3, 2, 1, 4, 2, 1, 2, 4, 2, 4, 3, 2, 4, 4, 2, 1, 1, -1, 2, 0, 0, 2, 3, 1, 4, 2, 1, 2,
  0, 2, 3, 3, 0, 2, 1, 2, 3, 1, -1, 4, 3, 1, 3, 4, 2, 4, 2, 3, 4, 3, 2, 2, 1, 0, 2, 1, -2, 4, 3, 3, 3, 4, 1, 1, 1, 2,
  2, 3, 1, 2, 1, 1, 3, 3, 1, 4, 2, 1, 3, 4, 0, 2, 2, 3, 4, 4, 0, 1, -1, -1, 0, 1, -2], fraction = 0>
#f4_6 = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 10, codes = [6, 6, 6, 5, 5, 6, 6, 6, 6, 5, 5, 6, 6, 6, 6, 5,
  5, 6, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 6, 6, 6, 5, 5, 6], weights = [5, 4, 4, 4, 4, 3, 4, 3, 3, 3, 3, 2, 4, 3, 3,
  3, 3, 2, 4, 3, 3, 4, 4, 2, 4, 3, 3, 4, 4, 2, 3, 2, 2, 2, 2, 1], fraction = -1>
#f4_7 = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 10, codes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], weights = [7, 6, 6, 7, 7, 5, 6, 5, 5, 6, 6, 4, 6, 5, 5,
  6, 6, 4, 7, 6, 6, 7, 7, 5, 7, 6, 6, 7, 7, 5, 5, 4, 4, 5, 5, 3], fraction = 7>
#f4_8 = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [15, 14, 14, 14, 14, 15, 14, 13, 13, 13, 13, 14,
  14, 13, 13, 13, 13, 14, 14, 13, 13, 13, 13, 14, 14, 13, 13, 13, 13, 14, 15, 14, 14, 14, 14, 15], weights = [10, 13,
  13, 13, 13, 10, 13, 15, 15, 15, 15, 13, 13, 15, 15, 15, 15, 13, 13, 15, 15, 15, 15, 13, 13, 15, 15, 15, 15, 13, 10,
  13, 13, 13, 13, 10], fraction = -3, points = reciprocal>
#f4_9 = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [16, 15, 15, 15, 15, 16, 15, 14, 14, 14, 14, 15,
  15, 14, 14, 14, 14, 15, 15, 14, 14, 14, 14, 15, 15, 14, 14, 14, 14, 15, 16, 15, 15, 15, 15, 16], weights = [10, 13,
  13, 13, 13, 10, 13, 15, 15, 15, 15, 13, 13, 15, 15, 15, 15, 13, 13, 15, 15, 15, 15, 13, 13, 15, 15, 15, 15, 13, 10,
  13, 13, 13, 13, 10], fraction = -8, points = reciprocal, factors = [1, 3, 5, 7, 1, 3, 1, 3, 5, 7, 1, 3, 7, 7, 5, 3,
  1, 1, 1, 3, 5, 7, 1, 3, 3, 3, 5, 7, 1, 3, 1, 3, 5, 7, 1, 3]>
#f4_10 = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 10, codes = [11, 10, 10, 10, 10, 11, 10, 9, 9, 9, 9, 10, 10,
  9, 9, 9, 9, 10, 10, 9, 9, 9, 9, 10, 10, 9, 9, 9, 9, 10, 11, 10, 10, 10, 10, 11], weights = [13, 16, 16, 16, 16, 13,
  16, 18, 18, 18, 18, 16, 16, 18, 18, 18, 18, 16, 16, 18, 18, 18, 18, 16, 16, 18, 18, 18, 18, 16, 13, 16, 16, 16, 16,
  13], fraction = -4, points = reciprocal>
#f4_11 = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [16, 15, 15, 15, 15, 16, 15, 14, 14, 14, 14, 15,
  15, 14, 14, 14, 14, 15, 15, 14, 14, 14, 14, 15, 15, 14, 14, 14, 14, 15, 16, 15, 15, 15, 15, 16], weights = [10, 13,
  13, 13, 13, 10, 13, 15, 15, 15, 15, 13, 13, 15, 15, 15, 15, 13, 13, 15, 15, 15, 15, 13, 13, 15, 15, 15, 15, 13, 10,
  13, 13, 13, 13, 10], fraction = -8, points = reciprocal, factors = [1, 3, 5, 7, 1, 3, 1, 3, 5, 7, 1, 3, 7, 7, 5, 3,
  1, 1, 1, 3, 5, 7, 1, 3, 3, 3, 5, 7, 1, 3, 1, 3, 5, 7, 1, 3], offsets = [-128, 127, 0, 1, -1, 64, -64, 16, -16, 48,
  -48, 100, 127, -128, 3, 0, 0, 0, 9, -9, 33, -33, 77, -77, 127, 127, 127, -128, -128, -128, 5, 6, 7, 8, 9, 10],
  transformed = dense<-128> : tensor<17x36x16xi8>>
#f4_12 = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [15, 14, 14, 14, 14, 15, 14, 13, 13, 13, 13, 14,
  14, 13, 13, 13, 13, 14, 14, 13, 13, 13, 13, 14, 14, 13, 13, 13, 13, 14, 15, 14, 14, 14, 14, 15], weights = [10, 13,
  13, 13, 13, 10, 13, 15, 15, 15, 15, 13, 13, 15, 15, 15, 15, 13, 13, 15, 15, 15, 15, 13, 13, 15, 15, 15, 15, 13, 10,
  13, 13, 13, 13, 10], fraction = -3, points = reciprocal, offsets = [16, -16, 0, 1, -1, 64, -64, 16, -16, 48,
  -48, 100, 127, -128, 3, 0, 0, 0, 9, -9, 33, -33, 77, -77, 127, 127, 127, -128, -128, -128, 5, 6, 7, 8, 9, 10]>

func.func @net(%x: tensor<1x5x7x3x!x>, %even: tensor<2x6x8x4x!x>, %one: tensor<1x1x2x6x!x>, %u: tensor<1x9x10x16x!u>,
               %row: tensor<1x1x9x1x!u>)
    -> (tensor<1x5x7x3x!y>, tensor<2x4x6x5x!y>, tensor<2x6x8x4x!y>, tensor<1x1x2x9xi32>, tensor<1x9x10x17xi32>,
        tensor<1x9x10x17x!z>, tensor<1x9x10x8xf32>, tensor<1x4x12x1x!y>, tensor<1x5x7x3x!y>, tensor<1x9x10x17xi32>,
        tensor<2x6x8x4xi32>, tensor<1x4x12x1xi32>, tensor<1x9x10x17xi32>, tensor<2x6x8x4xi32>) {
  %cut = qnn.constant dense<"0x8199D27FCDFC9CAD3B36D27F7F471394EF1A4D7FAB7FD12F4CAA1A2B45816BB68174113E6E7FEF812B7C7F8981637FB0B0757F817F81817B161BA0AD156AF6E169BE337F7F813D23817F81D381705ED60F"> : tensor<3x3x3x3xi8> : tensor<3x3x3x3x!wc>
  %b3 = qnn.constant dense<[1000, -70000, 12]> : tensor<3xi32> : tensor<3xi32>
  %least = qnn.constant dense<-128> : tensor<17x3x3x16xi8> : tensor<17x3x3x16x!w>
  %far = qnn.constant dense<0> : tensor<8x3x3x16xi8> : tensor<8x3x3x16x!wu>
  %most = qnn.constant dense<127> : tensor<5x3x3x4xi8> : tensor<5x3x3x4x!w>
  %pair = qnn.constant dense<[[[[1, -2], [3, 4], [5, 6]], [[7, -8], [-128, 127], [0, 9]], [[10, 11], [12, 13], [14, 15]]],
                              [[[-1, 2], [-3, -4], [-5, 6]], [[7, 8], [127, -128], [0, 9]], [[1, 1], [2, 3], [4, -5]]],
                              [[[0, 0], [0, 0], [0, 1]], [[0, 0], [1, 0], [0, 0]], [[0, 1], [0, 0], [0, 0]]],
                              [[[90, -90], [80, -80], [70, 7]], [[6, -6], [50, 40], [3, 2]], [[-1, 0], [99, -99], [98, 1]]]]>
    : tensor<4x3x3x2xi8> : tensor<4x3x3x2x!w>
  %small = qnn.constant dense<-37> : tensor<9x3x3x6xi8> : tensor<9x3x3x6x!w>
  %single = qnn.constant dense<[[[[-128], [127], [5]], [[-6], [127], [127]], [[0], [-128], [1]]]]> : tensor<1x3x3x1xi8> : tensor<1x3x3x1x!w>

  %0 = qnn.conv2d %x, %cut bias %b3 {pads = array<i64: 1, 1, 1, 1>, algorithm = #f4_0, activation = #qnn.activation<relu>}
    : (tensor<1x5x7x3x!x>, tensor<3x3x3x3x!wc>, tensor<3xi32>) -> tensor<1x5x7x3x!y>
  %1 = qnn.conv2d %even, %most {algorithm = #f4_1} : (tensor<2x6x8x4x!x>, tensor<5x3x3x4x!w>) -> tensor<2x4x6x5x!y>
  %2 = qnn.conv2d %even, %pair {pads = array<i64: 1, 1, 1, 1>, groups = 2, algorithm = #f4_2}
    : (tensor<2x6x8x4x!x>, tensor<4x3x3x2x!w>) -> tensor<2x6x8x4x!y>
  %3 = qnn.conv2d %one, %small {pads = array<i64: 1, 1, 1, 1>, algorithm = #f4_3} : (tensor<1x1x2x6x!x>, tensor<9x3x3x6x!w>) -> tensor<1x1x2x9xi32>
  %4 = qnn.conv2d %u, %least {pads = array<i64: 1, 1, 1, 1>, algorithm = #f4_4} : (tensor<1x9x10x16x!u>, tensor<17x3x3x16x!w>) -> tensor<1x9x10x17xi32>
  %5 = qnn.conv2d %u, %least {pads = array<i64: 1, 1, 1, 1>, algorithm = #f4_5, rescale = #qnn.rescale<rounding = single>}
    : (tensor<1x9x10x16x!u>, tensor<17x3x3x16x!w>) -> tensor<1x9x10x17x!z>
  %6 = qnn.conv2d %u, %far {pads = array<i64: 1, 1, 1, 1>, algorithm = #f4_6} : (tensor<1x9x10x16x!u>, tensor<8x3x3x16x!wu>) -> tensor<1x9x10x8xf32>
  %7 = qnn.conv2d %row, %single {pads = array<i64: 2, 3, 3, 2>, algorithm = #f4_7} : (tensor<1x1x9x1x!u>, tensor<1x3x3x1x!w>) -> tensor<1x4x12x1x!y>
  %8 = qnn.conv2d %x, %cut bias %b3 {pads = array<i64: 1, 1, 1, 1>, algorithm = #f4_8, activation = #qnn.activation<relu>}
    : (tensor<1x5x7x3x!x>, tensor<3x3x3x3x!wc>, tensor<3xi32>) -> tensor<1x5x7x3x!y>
  %9 = qnn.conv2d %u, %least {pads = array<i64: 1, 1, 1, 1>, algorithm = #f4_9} : (tensor<1x9x10x16x!u>, tensor<17x3x3x16x!w>) -> tensor<1x9x10x17xi32>
  %10 = qnn.conv2d %even, %pair {pads = array<i64: 1, 1, 1, 1>, groups = 2, algorithm = #f4_10}
    : (tensor<2x6x8x4x!x>, tensor<4x3x3x2x!w>) -> tensor<2x6x8x4xi32>
  %11 = qnn.conv2d %row, %single {pads = array<i64: 2, 3, 3, 2>, algorithm = #f4_8} : (tensor<1x1x9x1x!u>, tensor<1x3x3x1x!w>) -> tensor<1x4x12x1xi32>
  %12 = qnn.conv2d %u, %least {pads = array<i64: 1, 1, 1, 1>, algorithm = #f4_11} : (tensor<1x9x10x16x!u>, tensor<17x3x3x16x!w>) -> tensor<1x9x10x17xi32>
  %13 = qnn.conv2d %even, %pair {pads = array<i64: 1, 1, 1, 1>, groups = 2, algorithm = #f4_12}
    : (tensor<2x6x8x4x!x>, tensor<4x3x3x2x!w>) -> tensor<2x6x8x4xi32>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13 : tensor<1x5x7x3x!y>, tensor<2x4x6x5x!y>, tensor<2x6x8x4x!y>, tensor<1x1x2x9xi32>,
    tensor<1x9x10x17xi32>, tensor<1x9x10x17x!z>, tensor<1x9x10x8xf32>, tensor<1x4x12x1x!y>, tensor<1x5x7x3x!y>, tensor<1x9x10x17xi32>,
    tensor<2x6x8x4xi32>, tensor<1x4x12x1xi32>, tensor<1x9x10x17xi32>, tensor<2x6x8x4xi32>
}
