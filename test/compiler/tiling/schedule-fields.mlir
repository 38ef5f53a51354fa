// qk-schedule: weights of 4 bits share numbers where their bytes count. An i8 that has no larger weights may be computed so, too, but its
// bytes do not count.
// RUN: %qcc-opt %s --mlir-disable-threading --pass-pipeline='builtin.module(func.func(qk-schedule{target=cortex-m4}))' | FileCheck %s
// RUN: %qcc-opt %s --mlir-disable-threading --pass-pipeline='builtin.module(func.func(qk-schedule{target=cortex-m4 weights-may-grow=true}))' | FileCheck %s --check-prefix=FAST

#w = #qk.window<batch = 1, input = [1, 1], output = [1, 1], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [64, 8]>
!i4 = !quant.uniform<i4:f32, 1.0>

func.func @choose(%x: tensor<64xi8>, %init: tensor<8xi32>) -> (tensor<8xi32>, tensor<8xi32>) {
  // CHECK: qk.contract({{.*}}schedule = #qk.schedule<tile = "arm.dsp.w4", m = 1, n = 8, k = 2
  // FAST: qk.contract({{.*}}schedule = #qk.schedule<tile = "arm.dsp", m = 1, n = 8, k = 2
  %w = qk.constant dense<17> : tensor<256xi8> : tensor<256xi8>
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 64, 0, 0, 1>, lhs_format = i8, rhs_format = !i4, out_format = i32} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<64xi8>, tensor<256xi8>, tensor<8xi32>) -> tensor<8xi32>
  // CHECK: qk.contract({{.*}}schedule = #qk.schedule<tile = "arm.dsp", m = 1, n = 8, k = 2
  %v = qk.constant dense<1> : tensor<512xi8> : tensor<512xi8>
  %1 = qk.contract(%x, %v into %init) attributes {window = #w, rhs_strides = array<i64: 0, 64, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i32} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<64xi8>, tensor<512xi8>, tensor<8xi32>) -> tensor<8xi32>
  return %0, %1 : tensor<8xi32>, tensor<8xi32>
}
