// qnn-pool-to-mean: an average pool over all positions of a float model becomes a mean, which has a format of its own.
// RUN: %qcc-opt %s --qnn-pool-to-mean | FileCheck %s

// CHECK-LABEL: func.func @all_positions
// CHECK:         %[[Y:.*]] = qnn.mean %{{.*}} {axes = array<i64: 1, 2>, keep_dims} : (tensor<2x3x4x5xf32>) -> tensor<2x1x1x5xf32>
// CHECK-NEXT:    return %[[Y]]
func.func @all_positions(%x: tensor<2x3x4x5xf32>) -> tensor<2x1x1x5xf32> {
  %y = qnn.avg_pool2d %x {kernel = array<i64: 3, 4>, strides = array<i64: 3, 4>} : (tensor<2x3x4x5xf32>) -> tensor<2x1x1x5xf32>
  return %y : tensor<2x1x1x5xf32>
}

// CHECK-LABEL: func.func @some_positions
// CHECK:         qnn.avg_pool2d
func.func @some_positions(%x: tensor<1x4x4x1xf32>) -> tensor<1x2x2x1xf32> {
  %y = qnn.avg_pool2d %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x4x4x1xf32>) -> tensor<1x2x2x1xf32>
  return %y : tensor<1x2x2x1xf32>
}

// CHECK-LABEL: func.func @with_a_clamp
// CHECK:         qnn.avg_pool2d
func.func @with_a_clamp(%x: tensor<1x2x2x1xf32>) -> tensor<1x1x1x1xf32> {
  %y = qnn.avg_pool2d %x {kernel = array<i64: 2, 2>, activation = #qnn.activation<relu>} : (tensor<1x2x2x1xf32>) -> tensor<1x1x1x1xf32>
  return %y : tensor<1x1x1x1xf32>
}

// Codes keep their meaning.
// CHECK-LABEL: func.func @codes
// CHECK:         qnn.avg_pool2d
func.func @codes(%x: tensor<1x2x2x1x!quant.uniform<i8:f32, 0.5>>) -> tensor<1x1x1x1x!quant.uniform<i8:f32, 0.5>> {
  %y = qnn.avg_pool2d %x {kernel = array<i64: 2, 2>} : (tensor<1x2x2x1x!quant.uniform<i8:f32, 0.5>>) -> tensor<1x1x1x1x!quant.uniform<i8:f32, 0.5>>
  return %y : tensor<1x1x1x1x!quant.uniform<i8:f32, 0.5>>
}
