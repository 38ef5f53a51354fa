// qk-schedule: Winograd's algorithm where a contraction asks for it, or leaves it open and it is worth it.
// RUN: %qcc-opt %s --mlir-disable-threading --pass-pipeline='builtin.module(func.func(qk-schedule{target=cortex-m4}))' 2>%t | FileCheck %s
// RUN: FileCheck %s --check-prefix=REMARK < %t
// RUN: %qcc-opt %s --pass-pipeline='builtin.module(func.func(qk-schedule{target=cortex-m55}))' | FileCheck %s --check-prefix=MVE
// RUN: %qcc-opt %s --pass-pipeline='builtin.module(func.func(qk-schedule{target=cortex-m4 weights-may-grow=true}))' | FileCheck %s --check-prefixes=MAY
// Candidates to measure are of all algorithms that a contraction leaves open.
// RUN: %qcc-opt %s --pass-pipeline='builtin.module(func.func(qk-schedule{target=cortex-m4 weights-may-grow=true rank=5}))' | FileCheck %s --check-prefixes=SIXTH
// RUN: %qcc-opt %s --pass-pipeline='builtin.module(func.func(qk-schedule{target=cortex-m4 weights-may-grow=true rank=6}))' | FileCheck %s --check-prefixes=SEVENTH
// Weights of 16 numbers for 9, in blocks of 4 channels, 8 KB for each.
// RUN: %qcc-opt %s --pass-pipeline='builtin.module(func.func(qk-schedule{target=cortex-m4}),qk-pack-weights{target=cortex-m4})' | FileCheck %s --check-prefix=PACKED

#conv = #qk.window<batch = 1, input = [7, 5], output = [7, 5], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [64, 8]>
#one = #qk.window<batch = 1, input = [2, 2], output = [1, 2], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [2, 1]>

// CHECK-LABEL: func @asked
// Lines of 8 columns and a step: 4 * 1040; codes of two tiles for 16 taps: 4096; sums of 2 x 4 for 16 taps: 512.
// CHECK: tensor.empty() : tensor<8768xi8>
// CHECK: schedule = #qk.schedule<tile = "arm.dsp.halves", m = 2, n = 4, k = 2, lines = 4, rows = 2, tiles = 2>
// REMARK: remark: computed by arm.dsp.halves, winograd(f2, exact), 2 tiles x 4 at a time, 4 lines staged in 8768 bytes
// PACKED-LABEL: func @asked
// PACKED: tensor<16384xi8>
// MVE-LABEL: func @asked
// MVE: schedule = #qk.schedule<tile = "mve.halves", m = 2, n = 4, k = 8, lines = 4, rows = 2, tiles = 2>
func.func @asked(%x: tensor<2240xi8>, %init: tensor<280xi32>) -> tensor<280xi32> {
  %w = qk.constant dense<-128> : tensor<4608xi8> : tensor<4608xi8>
  %0 = qk.contract(%x, %w into %init) attributes {algorithm = #qnn.algorithm<winograd = F_2_3, exact>, window = #conv, rhs_strides = array<i64: 0, 576, 192, 64, 1>, lhs_format = ui8, rhs_format = i8, out_format = i32} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<2240xi8>, tensor<4608xi8>, tensor<280xi32>) -> tensor<280xi32>
  return %0 : tensor<280xi32>
}

// CHECK-LABEL: func @open
// CHECK: tile = "arm.mla
// MAY-LABEL: func @open
// MAY: tile = "arm.dsp.halves", {{.*}} tiles = 2>
// SIXTH-LABEL: func @open
// SIXTH: tile = "arm.mla.transformed", m = 2, n = 3, {{.*}} tiles = 6>
// SEVENTH-LABEL: func @open
// SEVENTH: tile = "arm.mla", m = 5, n = 1, k = 1, lines = 3>
// MVE-LABEL: func @open
// MVE: tile = "mve", m = 1, n = 4
func.func @open(%x: tensor<2240xi8>, %init: tensor<280xi32>) -> tensor<280xi32> {
  %w = qk.constant dense<-128> : tensor<4608xi8> : tensor<4608xi8>
  %0 = qk.contract(%x, %w into %init) attributes {window = #conv, rhs_strides = array<i64: 0, 576, 192, 64, 1>, lhs_format = i8, rhs_format = i8, out_format = i32} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<2240xi8>, tensor<4608xi8>, tensor<280xi32>) -> tensor<280xi32>
  return %0 : tensor<280xi32>
}

// MAY-LABEL: func @direct
// MAY-NOT: tiles
func.func @direct(%x: tensor<2240xi8>, %init: tensor<280xi32>) -> tensor<280xi32> {
  %w = qk.constant dense<-128> : tensor<4608xi8> : tensor<4608xi8>
  %0 = qk.contract(%x, %w into %init) attributes {algorithm = #qnn.algorithm<direct>, window = #conv, rhs_strides = array<i64: 0, 576, 192, 64, 1>, lhs_format = i8, rhs_format = i8, out_format = i32} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<2240xi8>, tensor<4608xi8>, tensor<280xi32>) -> tensor<280xi32>
  return %0 : tensor<280xi32>
}

// One tile in a row: more channels instead.
// MAY-LABEL: func @one
// CHECK-LABEL: func @one
// CHECK: tile = "arm.dsp.halves", m = 1, n = 1, k = 2, lines = 4, rows = 2, tiles = 1>
// MVE-LABEL: func @one
// MVE: tile = "mve.halves", m = 1, n = 4, k = 8, lines = 4, rows = 2, tiles = 1>
func.func @one(%x: tensor<8xi8>, %init: tensor<2xi32>) -> tensor<2xi32> {
  %w = qk.constant dense<-128> : tensor<18xi8> : tensor<18xi8>
  %0 = qk.contract(%x, %w into %init) attributes {algorithm = #qnn.algorithm<winograd = F_2_3, exact>, window = #one, rhs_strides = array<i64: 0, 18, 6, 2, 1>, lhs_format = i8, rhs_format = i8, out_format = i32} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<8xi8>, tensor<18xi8>, tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// Weights stay 9 bytes. Of two rows of tiles, all codes are transformed at a time, so that a block's weights are, in the
// scratch memory, once for each two rows.
// Lines of 8 columns and a step: 6 * 1040; codes of 2 * 4 tiles for 16 taps: 16384; sums: 512; weights of four channels: 8192.
// CHECK-LABEL: func @small
// CHECK: tensor.empty() : tensor<31328xi8>
// CHECK: schedule = #qk.schedule<tile = "arm.dsp.halves", m = 2, n = 4, k = 2, lines = 6, rows = 4, tiles = 6, small_weights = true>
// REMARK: remark: computed by arm.dsp.halves, winograd(f2, exact, small), 2 tiles x 4 at a time, 6 lines staged in 31328 bytes
// MVE-LABEL: func @small
// MVE: schedule = #qk.schedule<tile = "mve.halves", m = 2, n = 4, k = 8, lines = 6, rows = 4, tiles = 6, small_weights = true>
// PACKED-LABEL: func @small
// PACKED: tensor<4608xi8>
func.func @small(%x: tensor<2240xi8>, %init: tensor<280xi32>) -> tensor<280xi32> {
  %w = qk.constant dense<-128> : tensor<4608xi8> : tensor<4608xi8>
  %0 = qk.contract(%x, %w into %init) attributes {algorithm = #qnn.algorithm<winograd = F_2_3, exact, small>, window = #conv, rhs_strides = array<i64: 0, 576, 192, 64, 1>, lhs_format = ui8, rhs_format = i8, out_format = i32} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<2240xi8>, tensor<4608xi8>, tensor<280xi32>) -> tensor<280xi32>
  return %0 : tensor<280xi32>
}
