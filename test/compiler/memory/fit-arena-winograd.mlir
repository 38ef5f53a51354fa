// qk-fit-arena: where Winograd's algorithm was not asked for, and takes too much memory, there are direct blocks.
// RUN: %qcc-opt %s --pass-pipeline='builtin.module(func.func(qk-schedule{target=cortex-m4 weights-may-grow=true},qk-fit-arena{target=cortex-m4 weights-may-grow=true budget=40000}))' | FileCheck %s --check-prefix=LARGE
// RUN: %qcc-opt %s --pass-pipeline='builtin.module(func.func(qk-schedule{target=cortex-m4 weights-may-grow=true},qk-fit-arena{target=cortex-m4 weights-may-grow=true least-memory=true}))' | FileCheck %s --check-prefix=LEAST
// Weights that stay small take memory: what there is, fewer rows of tiles at a time the less there is.
// RUN: %qcc-opt %s --pass-pipeline='builtin.module(func.func(qk-schedule{target=cortex-m4 transforms-weights=true}))' | FileCheck %s --check-prefix=SMALL
// RUN: %qcc-opt %s --mlir-disable-threading --pass-pipeline='builtin.module(func.func(qk-schedule{target=cortex-m4 transforms-weights=true},qk-fit-arena{target=cortex-m4 transforms-weights=true budget=30000}))' 2>%t | FileCheck %s --check-prefix=FEWER
// RUN: FileCheck %s --check-prefix=REMARK < %t
// RUN: %qcc-opt %s --pass-pipeline='builtin.module(func.func(qk-schedule{target=cortex-m4}))' | FileCheck %s --check-prefix=NONE

!q = !quant.uniform<i8:f32, 1.0>
#conv = #qk.window<batch = 1, input = [8, 8], output = [8, 8], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [64, 64]>

// LARGE-LABEL: func @open
// LARGE: tiles = 2
// SMALL-LABEL: func @open
// SMALL: lines = 6, rows = 4, tiles = 8, small_weights = true
// FEWER-LABEL: func @open
// FEWER-NOT: tiles
// FEWER-LABEL: func @asked
// NONE-LABEL: func @open
// NONE-NOT: tiles
// NONE-LABEL: func @asked
// LEAST-LABEL: func @open
// LEAST-NOT: tiles
func.func @open(%x: tensor<1x8x8x64xi8> {qnn.name = "x", qnn.type = tensor<1x8x8x64x!q>})
    -> (tensor<1x8x8x64xi8> {qnn.name = "y", qnn.type = tensor<1x8x8x64x!q>}) {
  %w = qk.constant dense<2> : tensor<36864xi8> : tensor<36864xi8>
  %init = tensor.empty() : tensor<1x8x8x64xi8>
  %0 = qk.contract(%x, %w into %init) attributes {window = #conv, rhs_strides = array<i64: 0, 576, 192, 64, 1>, lhs_format = i8, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<1x8x8x64xi8>, tensor<36864xi8>, tensor<1x8x8x64xi8>) -> tensor<1x8x8x64xi8>
  return %0 : tensor<1x8x8x64xi8>
}

// LEAST-LABEL: func @asked
// LEAST: tiles = 2
func.func @asked(%x: tensor<1x8x8x64xi8> {qnn.name = "x", qnn.type = tensor<1x8x8x64x!q>})
    -> (tensor<1x8x8x64xi8> {qnn.name = "y", qnn.type = tensor<1x8x8x64x!q>}) {
  %w = qk.constant dense<2> : tensor<36864xi8> : tensor<36864xi8>
  %init = tensor.empty() : tensor<1x8x8x64xi8>
  %0 = qk.contract(%x, %w into %init) attributes {algorithm = #qnn.algorithm<winograd = F_2_3, exact>, window = #conv, rhs_strides = array<i64: 0, 576, 192, 64, 1>, lhs_format = i8, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<1x8x8x64xi8>, tensor<36864xi8>, tensor<1x8x8x64xi8>) -> tensor<1x8x8x64xi8>
  return %0 : tensor<1x8x8x64xi8>
}

// SMALL-LABEL: func @rows
// SMALL: lines = 6, rows = 4, tiles = 16, small_weights = true
// FEWER-LABEL: func @rows
// FEWER: lines = 4, rows = 2, tiles = 8, small_weights = true
// REMARK: remark: computed by arm.dsp.halves, 2 rows at a time, instead of arm.dsp.halves, to fit an arena of 30000 bytes
#wide = #qk.window<batch = 1, input = [16, 16], output = [16, 16], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [32, 32]>
func.func @rows(%x: tensor<1x16x16x32xi8> {qnn.name = "x", qnn.type = tensor<1x16x16x32x!q>})
    -> (tensor<1x16x16x32xi8> {qnn.name = "y", qnn.type = tensor<1x16x16x32x!q>}) {
  %w = qk.constant dense<2> : tensor<9216xi8> : tensor<9216xi8>
  %init = tensor.empty() : tensor<1x16x16x32xi8>
  %0 = qk.contract(%x, %w into %init) attributes {window = #wide, rhs_strides = array<i64: 0, 288, 96, 32, 1>, lhs_format = i8, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<1x16x16x32xi8>, tensor<9216xi8>, tensor<1x16x16x32xi8>) -> tensor<1x16x16x32xi8>
  return %0 : tensor<1x16x16x32xi8>
}
