// qnn-fuse-bias: a constant for each channel that is added to a contraction of floats becomes its bias.
// RUN: %qcc-opt %s --qnn-fuse-bias | FileCheck %s

// CHECK-LABEL: func.func @new_bias
// CHECK:         %[[Y:.*]] = qnn.dense %{{.*}}, %{{.*}} bias %{{.*}} {activation = #qnn.activation<relu>}
// CHECK-NEXT:    return %[[Y]]
func.func @new_bias(%x: tensor<2x3xf32>) -> tensor<2x4xf32> {
  %w = qnn.constant dense<0.5> : tensor<4x3xf32> : tensor<4x3xf32>
  %b = qnn.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32> : tensor<4xf32>
  %y = qnn.dense %x, %w : (tensor<2x3xf32>, tensor<4x3xf32>) -> tensor<2x4xf32>
  %z = qnn.add %b, %y {activation = #qnn.activation<relu>} : (tensor<4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  return %z : tensor<2x4xf32>
}

// CHECK-LABEL: func.func @known_bias
// CHECK:         qnn.conv2d {{.*}} bias
// CHECK-NOT:     qnn.add
func.func @known_bias(%x: tensor<1x3x3x1xf32>) -> tensor<1x3x3x2xf32> {
  %w = qnn.constant dense<0.5> : tensor<2x1x1x1xf32> : tensor<2x1x1x1xf32>
  %b = qnn.constant dense<[0.5, 0.25]> : tensor<2xf32> : tensor<2xf32>
  %c = qnn.constant dense<1.0> : tensor<1x1x1x1xf32> : tensor<1x1x1x1xf32>
  %y = qnn.conv2d %x, %w bias %b : (tensor<1x3x3x1xf32>, tensor<2x1x1x1xf32>, tensor<2xf32>) -> tensor<1x3x3x2xf32>
  %z = qnn.add %y, %c : (tensor<1x3x3x2xf32>, tensor<1x1x1x1xf32>) -> tensor<1x3x3x2xf32>
  return %z : tensor<1x3x3x2xf32>
}

// A number for each row, a sum that others read, and one behind a clamp stay.
// CHECK-LABEL: func.func @others
// CHECK-COUNT-3: qnn.add
func.func @others(%x: tensor<2x3xf32>) -> (tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>) {
  %w = qnn.constant dense<0.5> : tensor<2x3xf32> : tensor<2x3xf32>
  %b = qnn.constant dense<1.0> : tensor<2xf32> : tensor<2xf32>
  %r = qnn.constant dense<1.0> : tensor<2x1xf32> : tensor<2x1xf32>
  %1 = qnn.dense %x, %w : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x2xf32>
  %2 = qnn.add %1, %r : (tensor<2x2xf32>, tensor<2x1xf32>) -> tensor<2x2xf32>
  %3 = qnn.dense %x, %w : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x2xf32>
  %4 = qnn.add %3, %b : (tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  %5 = qnn.dense %x, %w {activation = #qnn.activation<relu>} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x2xf32>
  %6 = qnn.add %5, %b : (tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  return %2, %3, %4, %6 : tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>
}
