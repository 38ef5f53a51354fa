// Winograd F(4x4, 3x3) of f32: sizes that 4 divides and does not, one tile and many, channels that fill no vector, groups, a
// batch, wide borders, and an activation.
#f4 = #qnn.algorithm<winograd = F_4_3, float>

func.func @net(%x: tensor<1x5x7x3xf32>, %even: tensor<2x6x8x4xf32>, %one: tensor<1x1x2x6xf32>, %many: tensor<1x13x16x20xf32>,
               %row: tensor<1x1x9x1xf32>)
    -> (tensor<1x5x7x3xf32>, tensor<2x4x6x5xf32>, tensor<2x6x8x4xf32>, tensor<1x1x2x9xf32>, tensor<1x13x16x37xf32>,
        tensor<1x4x12x1xf32>) {
  %cut = qnn.constant dense<"0xCDCC4C3ECDCCCCBE9A99193FCDCCCCBD0000803FCDCC4CBE3333B33E6666263F000000BFCDCCCC3D9A9999BE0000003E6666E63ECDCC4CBD9A99193FCDCCCCBE0000403F333333BFCDCC4C3ECDCCCC3EEC51383DCDCCCCBD9A99993E000080BE0000C03ECDCC4C3F9A9919BF"> : tensor<3x3x3x1xf32> : tensor<3x3x3x1xf32>
  %b3 = qnn.constant dense<[1.0, -7.5e-1, 12.0]> : tensor<3xf32> : tensor<3xf32>
  %most = qnn.constant dense<1.25e-1> : tensor<5x3x3x4xf32> : tensor<5x3x3x4xf32>
  %pair = qnn.constant dense<[[[[1.0, -2.0], [3.0, 4.0], [5.0, 6.0]], [[7.0, -8.0], [-0.5, 0.25], [0.0, 9.0]], [[1.5, 1.1], [1.2, 1.3], [1.4, 1.5]]],
                              [[[-1.0, 2.0], [-3.0, -4.0], [-5.0, 6.0]], [[7.0, 8.0], [1.27, -1.28], [0.0, 9.0]], [[1.0, 1.0], [2.0, 3.0], [4.0, -5.0]]],
                              [[[0.0, 0.0], [0.0, 0.0], [0.0, 1.0]], [[0.0, 0.0], [1.0, 0.0], [0.0, 0.0]], [[0.0, 1.0], [0.0, 0.0], [0.0, 0.0]]],
                              [[[9.0, -9.0], [8.0, -8.0], [7.0, 0.7]], [[0.6, -0.6], [5.0, 4.0], [0.3, 0.2]], [[-0.1, 0.0], [9.9, -9.9], [9.8, 0.1]]]]>
    : tensor<4x3x3x2xf32> : tensor<4x3x3x2xf32>
  %small = qnn.constant dense<-3.7e-1> : tensor<9x3x3x6xf32> : tensor<9x3x3x6xf32>
  %wide = qnn.constant dense<3.0e-2> : tensor<37x3x3x20xf32> : tensor<37x3x3x20xf32>
  %single = qnn.constant dense<[[[[-1.28], [1.27], [0.05]], [[-0.06], [1.27], [1.27]], [[0.0], [-1.28], [0.01]]]]> : tensor<1x3x3x1xf32> : tensor<1x3x3x1xf32>

  %0 = qnn.conv2d %x, %cut bias %b3 {pads = array<i64: 1, 1, 1, 1>, groups = 3, activation = #qnn.activation<relu>}
    : (tensor<1x5x7x3xf32>, tensor<3x3x3x1xf32>, tensor<3xf32>) -> tensor<1x5x7x3xf32>
  %1 = qnn.conv2d %even, %most {algorithm = #f4} : (tensor<2x6x8x4xf32>, tensor<5x3x3x4xf32>) -> tensor<2x4x6x5xf32>
  %2 = qnn.conv2d %even, %pair {pads = array<i64: 1, 1, 1, 1>, groups = 2, algorithm = #f4}
    : (tensor<2x6x8x4xf32>, tensor<4x3x3x2xf32>) -> tensor<2x6x8x4xf32>
  %3 = qnn.conv2d %one, %small {pads = array<i64: 1, 1, 1, 1>, algorithm = #f4} : (tensor<1x1x2x6xf32>, tensor<9x3x3x6xf32>) -> tensor<1x1x2x9xf32>
  %4 = qnn.conv2d %many, %wide {pads = array<i64: 1, 1, 1, 1>, algorithm = #f4, activation = #qnn.activation<relu6>}
    : (tensor<1x13x16x20xf32>, tensor<37x3x3x20xf32>) -> tensor<1x13x16x37xf32>
  %5 = qnn.conv2d %row, %single {pads = array<i64: 2, 3, 3, 2>, algorithm = #f4} : (tensor<1x1x9x1xf32>, tensor<1x3x3x1xf32>) -> tensor<1x4x12x1xf32>
  return %0, %1, %2, %3, %4, %5 : tensor<1x5x7x3xf32>, tensor<2x4x6x5xf32>, tensor<2x6x8x4xf32>, tensor<1x1x2x9xf32>,
    tensor<1x13x16x37xf32>, tensor<1x4x12x1xf32>
}
