// qnn-matmul-to-dense: a product of a float model with a constant matrix becomes a dense layer, whose weights have formats
// of their own.
// RUN: %qcc-opt %s --qnn-matmul-to-dense | FileCheck %s

// CHECK-LABEL: func.func @columns
// CHECK-DAG:     %[[W:.*]] = qnn.constant
// CHECK:         %[[Y:.*]] = qnn.dense %{{.*}}, %[[W]] {activation = #qnn.activation<relu>} : (tensor<2x3xf32>, tensor<4x3xf32>) -> tensor<2x4xf32>
// CHECK-NEXT:    return %[[Y]]
func.func @columns(%x: tensor<2x3xf32>) -> tensor<2x4xf32> {
  %w = qnn.constant dense<[[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0], [8.0, 9.0, 10.0, 11.0]]> : tensor<3x4xf32> : tensor<3x4xf32>
  %y = qnn.matmul %x, %w {activation = #qnn.activation<relu>} : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// CHECK-LABEL: func.func @rows_in_a_batch
// CHECK:         qnn.dense %{{.*}} : (tensor<1x2x3xf32>, tensor<4x3xf32>) -> tensor<1x2x4xf32>
func.func @rows_in_a_batch(%x: tensor<1x2x3xf32>) -> tensor<1x2x4xf32> {
  %w = qnn.constant dense<0.5> : tensor<1x4x3xf32> : tensor<1x4x3xf32>
  %y = qnn.matmul %x, %w {transpose_rhs} : (tensor<1x2x3xf32>, tensor<1x4x3xf32>) -> tensor<1x2x4xf32>
  return %y : tensor<1x2x4xf32>
}

// Matrices of their own for each part of the batch, products of activations, a constant on the left, and codes stay.
// CHECK-LABEL: func.func @others
// CHECK-COUNT-4: qnn.matmul
// CHECK-NOT:     qnn.dense
func.func @others(%x: tensor<2x3x3xf32>, %q: tensor<3x3x!quant.uniform<i8:f32, 0.5>>) -> (tensor<2x3x3xf32>, tensor<3x3xf32>) {
  %w = qnn.constant dense<0.5> : tensor<2x3x3xf32> : tensor<2x3x3xf32>
  %c = qnn.constant dense<1> : tensor<3x3xi8> : tensor<3x3x!quant.uniform<i8:f32, 0.5>>
  %1 = qnn.matmul %x, %w : (tensor<2x3x3xf32>, tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
  %2 = qnn.matmul %1, %x : (tensor<2x3x3xf32>, tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
  %3 = qnn.matmul %w, %2 : (tensor<2x3x3xf32>, tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
  %4 = qnn.matmul %q, %c : (tensor<3x3x!quant.uniform<i8:f32, 0.5>>, tensor<3x3x!quant.uniform<i8:f32, 0.5>>) -> tensor<3x3xf32>
  return %3, %4 : tensor<2x3x3xf32>, tensor<3x3xf32>
}
