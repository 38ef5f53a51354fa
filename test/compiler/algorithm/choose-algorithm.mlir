// qnn-choose-algorithm: rules in their order, for the convolutions that they name and that can have it.
// RUN: %qcc-opt %s --mlir-print-debuginfo --pass-pipeline='builtin.module(func.func(qnn-choose-algorithm{rule=.*=winograd(f2,exact)},qnn-choose-algorithm{rule=b=direct}))' 2>%t | FileCheck %s
// RUN: FileCheck %s --check-prefix=REMARK < %t

!q = !quant.uniform<i8:f32, 1.0>
// CHECK-LABEL: func @net
func.func @net(%x: tensor<1x4x4x2x!q>) -> tensor<1x2x2x2x!q> {
  %w = qnn.constant dense<1> : tensor<2x3x3x2xi8> : tensor<2x3x3x2x!q> loc("a.weights")
  %p = qnn.constant dense<1> : tensor<2x1x1x2xi8> : tensor<2x1x1x2x!q> loc("p.weights")
  // CHECK: qnn.conv2d {{.*}}algorithm = #qnn.algorithm<winograd = F_2_3, exact>
  %0 = qnn.conv2d %x, %w {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x4x4x2x!q>, tensor<2x3x3x2x!q>) -> tensor<1x4x4x2x!q> loc("a")
  // CHECK: qnn.conv2d {{.*}}algorithm = #qnn.algorithm<direct>
  %1 = qnn.conv2d %0, %w {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x4x4x2x!q>, tensor<2x3x3x2x!q>) -> tensor<1x4x4x2x!q> loc("b")
  // CHECK: qnn.conv2d
  // CHECK-NOT: algorithm =
  // REMARK: remark: loc("c"): has strides or dilations other than 1, which #qnn.algorithm<winograd = F_2_3, exact> needs: its algorithm is left open
  %2 = qnn.conv2d %1, %w {pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>} : (tensor<1x4x4x2x!q>, tensor<2x3x3x2x!q>) -> tensor<1x2x2x2x!q> loc("c")
  // REMARK: remark: loc("p"): has no 3x3 filter, which
  %3 = qnn.conv2d %2, %p : (tensor<1x2x2x2x!q>, tensor<2x1x1x2x!q>) -> tensor<1x2x2x2x!q> loc("p")
  return %3 : tensor<1x2x2x2x!q>
}
