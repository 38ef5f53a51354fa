// qk-schedule: f32 by F(4x4, 3x3) where a contraction asks for it, or leaves it open, may be rounded otherwise, and is
// estimated to be faster so: not with 512 channels at 7x7, whose transformed weights come from memory.
// RUN: %qcc-opt %s --pass-pipeline='builtin.module(func.func(qk-schedule{target=x86-64-v4 weights-may-grow=true floats-may-transform=true}))' | FileCheck %s --check-prefixes=CHECK,MAY
// RUN: %qcc-opt %s --pass-pipeline='builtin.module(func.func(qk-schedule{target=x86-64-v4 weights-may-grow=true}))' | FileCheck %s --check-prefixes=CHECK,NOT
// RUN: %qcc-opt %s --pass-pipeline='builtin.module(func.func(qk-schedule{target=x86-64-v4}),qk-pack-weights{target=x86-64-v4})' | FileCheck %s --check-prefix=PACKED

#many = #qk.window<batch = 1, input = [56, 56], output = [56, 56], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [64, 64]>
#deep = #qk.window<batch = 1, input = [7, 7], output = [7, 7], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [512, 512]>

// CHECK-LABEL: func @asked
// CHECK: schedule = #qk.schedule<tile = "x86.avx512f", {{.*}} tiles = {{[0-9]+}}>
// 36 numbers of f32 for 64 * 64 pairs of channels.
// PACKED-LABEL: func @asked
// PACKED: tensor<589824xi8>
func.func @asked(%x: tensor<200704xf32>, %init: tensor<200704xf32>) -> tensor<200704xf32> {
  %w = qk.constant dense<1.5> : tensor<36864xf32> : tensor<36864xf32>
  %0 = qk.contract(%x, %w into %init) attributes {algorithm = #qnn.algorithm<winograd = F_4_3, float>, window = #many, rhs_strides = array<i64: 0, 576, 192, 64, 1>, lhs_format = f32, rhs_format = f32, out_format = f32} {
  ^bb0(%acc: f32):
    qk.yield %acc : f32
  } : (tensor<200704xf32>, tensor<36864xf32>, tensor<200704xf32>) -> tensor<200704xf32>
  return %0 : tensor<200704xf32>
}

// CHECK-LABEL: func @open
// MAY: tile = "x86.avx512f", {{.*}} tiles = {{[0-9]+}}>
// NOT-NOT: tiles
// CHECK: return
func.func @open(%x: tensor<200704xf32>, %init: tensor<200704xf32>) -> tensor<200704xf32> {
  %w = qk.constant dense<1.5> : tensor<36864xf32> : tensor<36864xf32>
  %0 = qk.contract(%x, %w into %init) attributes {window = #many, rhs_strides = array<i64: 0, 576, 192, 64, 1>, lhs_format = f32, rhs_format = f32, out_format = f32} {
  ^bb0(%acc: f32):
    qk.yield %acc : f32
  } : (tensor<200704xf32>, tensor<36864xf32>, tensor<200704xf32>) -> tensor<200704xf32>
  return %0 : tensor<200704xf32>
}

// CHECK-LABEL: func @deep
// CHECK-NOT: tiles
// CHECK: return
func.func @deep(%x: tensor<25088xf32>, %init: tensor<25088xf32>) -> tensor<25088xf32> {
  %w = qk.constant dense<1.5> : tensor<2359296xf32> : tensor<2359296xf32>
  %0 = qk.contract(%x, %w into %init) attributes {window = #deep, rhs_strides = array<i64: 0, 4608, 1536, 512, 1>, lhs_format = f32, rhs_format = f32, out_format = f32} {
  ^bb0(%acc: f32):
    qk.yield %acc : f32
  } : (tensor<25088xf32>, tensor<2359296xf32>, tensor<25088xf32>) -> tensor<25088xf32>
  return %0 : tensor<25088xf32>
}
