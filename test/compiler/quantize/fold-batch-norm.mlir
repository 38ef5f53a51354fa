// qnn-fold-batch-norm: into weights where nothing else sees the result, else a multiplication and an addition.
// RUN: %qcc-opt %s --qnn-fold-batch-norm | FileCheck %s

// scale == gamma / sqrt(variance + epsilon) == 4 / sqrt(3 + 1) == 2: the weight 1.5 becomes 3, the bias
// (0.5 - mean) * 2 + beta == (0.5 - 1) * 2 + 8 == 7.
// CHECK-LABEL: func.func @into_weights
// CHECK-DAG:     %[[W:.*]] = qnn.constant dense_resource<kernel> : tensor<1x1x1x1xf32> {name = "kernel"} : tensor<1x1x1x1xf32>
// CHECK-DAG:     %[[B:.*]] = qnn.constant dense_resource<bias> : tensor<1xf32> {name = "bias"} : tensor<1xf32>
// CHECK:         %[[Y:.*]] = qnn.conv2d %{{.*}}, %[[W]] bias %[[B]]
// CHECK-NEXT:    return %[[Y]]
func.func @into_weights(%x: tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32> {
  %w = qnn.constant dense<1.5> : tensor<1x1x1x1xf32> {name = "kernel"} : tensor<1x1x1x1xf32>
  %c = qnn.constant dense<0.5> : tensor<1xf32> {name = "bias"} : tensor<1xf32>
  %gamma = qnn.constant dense<4.0> : tensor<1xf32> : tensor<1xf32>
  %beta = qnn.constant dense<8.0> : tensor<1xf32> : tensor<1xf32>
  %mean = qnn.constant dense<1.0> : tensor<1xf32> : tensor<1xf32>
  %variance = qnn.constant dense<3.0> : tensor<1xf32> : tensor<1xf32>
  %y = qnn.conv2d %x, %w bias %c : (tensor<1x2x2x1xf32>, tensor<1x1x1x1xf32>, tensor<1xf32>) -> tensor<1x2x2x1xf32>
  %z = qnn.batch_norm %y, %gamma, %beta, %mean, %variance {epsilon = 1.0} : (tensor<1x2x2x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x1xf32>
  return %z : tensor<1x2x2x1xf32>
}

// CHECK-LABEL: func.func @without_producer
// CHECK:         %[[SCALED:.*]] = qnn.mul %{{.*}}, %{{.*}} : (tensor<3x1xf32>, tensor<1xf32>) -> tensor<3x1xf32>
// CHECK-NEXT:    %[[SHIFTED:.*]] = qnn.add %[[SCALED]], %{{.*}} : (tensor<3x1xf32>, tensor<1xf32>) -> tensor<3x1xf32>
// CHECK-NEXT:    return %[[SHIFTED]]
func.func @without_producer(%x: tensor<3x1xf32>) -> tensor<3x1xf32> {
  %one = qnn.constant dense<1.0> : tensor<1xf32> : tensor<1xf32>
  %z = qnn.batch_norm %x, %one, %one, %one, %one {epsilon = 0.0} : (tensor<3x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3x1xf32>
  return %z : tensor<3x1xf32>
}

// The convolution's result is clamped before the batch norm.
// CHECK-LABEL: func.func @after_activation
// CHECK:         qnn.dense %{{.*}}, %{{.*}} {activation = #qnn.activation<relu>}
// CHECK-NEXT:    qnn.mul
// CHECK-NEXT:    qnn.add
func.func @after_activation(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  %w = qnn.constant dense<1.5> : tensor<1x1xf32> : tensor<1x1xf32>
  %one = qnn.constant dense<1.0> : tensor<1xf32> : tensor<1xf32>
  %y = qnn.dense %x, %w {activation = #qnn.activation<relu>} : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %z = qnn.batch_norm %y, %one, %one, %one, %one {epsilon = 0.0} : (tensor<1x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1xf32>
  return %z : tensor<1x1xf32>
}

// Parameters that are not known stay in a batch norm.
// CHECK-LABEL: func.func @unknown_parameters
// CHECK:         qnn.batch_norm
func.func @unknown_parameters(%x: tensor<1x1xf32>, %p: tensor<1xf32>) -> tensor<1x1xf32> {
  %z = qnn.batch_norm %x, %p, %p, %p, %p {epsilon = 0.0} : (tensor<1x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1xf32>
  return %z : tensor<1x1xf32>
}

// CHECK-DAG: bias: "0x080000000000E040"
// CHECK-DAG: kernel: "0x0800000000004040"
