// qk-schedule: each contraction gets a tile instruction of the target; an explicit choice stays.
// RUN: %qcc-opt %s --pass-pipeline='builtin.module(func.func(qk-schedule{target=cortex-m4}))' | FileCheck %s
// RUN: %qcc-opt %s --pass-pipeline='builtin.module(func.func(qk-schedule{target=rv64gcv}))' 2>&1 | FileCheck %s --check-prefix=REMARK

#w = #qk.window<batch = 1, input = [1, 1], output = [1, 1], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [4, 2]>

// CHECK-LABEL: func @choose
func.func @choose(%x: tensor<4xi8>, %w: tensor<8xi8>, %init: tensor<2xi32>, %a: tensor<4xf32>, %b: tensor<8xf32>,
                  %sums: tensor<2xf32>) -> (tensor<2xi32>, tensor<2xf32>, tensor<2xi32>) {
  // REMARK: remark: computed by {{.*}}int
  // CHECK: qk.contract({{.*}}schedule = #qk.schedule<tile = "{{.*}}int", m = {{[1-9][0-9]*}}, n = {{[1-9][0-9]*}}, k = {{[0-9]+}}>
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 4, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i32} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<4xi8>, tensor<8xi8>, tensor<2xi32>) -> tensor<2xi32>
  // REMARK: remark: computed by {{.*}}float
  // CHECK: qk.contract({{.*}}schedule = #qk.schedule<tile = "{{.*}}float"
  %1 = qk.contract(%a, %b into %sums) attributes {window = #w, rhs_strides = array<i64: 0, 4, 0, 0, 1>, lhs_format = f32, rhs_format = f32, out_format = f32} {
  ^bb0(%acc: f32):
    qk.yield %acc : f32
  } : (tensor<4xf32>, tensor<8xf32>, tensor<2xf32>) -> tensor<2xf32>
  // REMARK-NOT: computed by
  // CHECK: qk.contract({{.*}}schedule = #qk.schedule<tile = "mine", m = 3, n = 2, k = 1>
  %2 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 4, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i32, schedule = #qk.schedule<tile = "mine", m = 3, n = 2, k = 1>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<4xi8>, tensor<8xi8>, tensor<2xi32>) -> tensor<2xi32>
  return %0, %1, %2 : tensor<2xi32>, tensor<2xf32>, tensor<2xi32>
}
