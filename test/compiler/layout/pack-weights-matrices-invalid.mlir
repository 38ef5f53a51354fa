// qk-pack-weights: blocks that tiles of matrices do not have.
// RUN: split-file %s %t
// RUN: %qcc-opt %t/amx.mlir --qk-pack-weights=target=x86-64-v4-amx -verify-diagnostics -split-input-file
// RUN: %qcc-opt %t/pairs.mlir --qk-pack-weights=target=aarch64-v8.6 -verify-diagnostics

//--- amx.mlir
// Of eight tiles, two have codes.
#w = #qk.window<batch = 1, input = [1, 48], output = [1, 48], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [64, 16]>
func.func @positions(%x: tensor<3072xi8>, %init: tensor<768xi32>) -> tensor<768xi32> {
  %w = qk.constant dense<1> : tensor<1024xi8> : tensor<1024xi8>
  // expected-error @+1 {{expects a block that 'x86.amx' has, but the schedule has 33 positions and 16 channels}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 64, 0, 0, 1>, lhs_format = ui8, rhs_format = i8, out_format = i32, schedule = #qk.schedule<tile = "x86.amx", m = 33, n = 16, k = 64>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<3072xi8>, tensor<1024xi8>, tensor<768xi32>) -> tensor<768xi32>
  return %0 : tensor<768xi32>
}

// -----

// And four have sums.
#w = #qk.window<batch = 1, input = [1, 32], output = [1, 32], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [64, 48]>
func.func @channels(%x: tensor<2048xi8>, %init: tensor<1536xi32>) -> tensor<1536xi32> {
  %w = qk.constant dense<1> : tensor<3072xi8> : tensor<3072xi8>
  // expected-error @+1 {{expects a block that 'x86.amx' has, but the schedule has 17 positions and 48 channels}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 64, 0, 0, 1>, lhs_format = ui8, rhs_format = i8, out_format = i32, schedule = #qk.schedule<tile = "x86.amx", m = 17, n = 48, k = 64>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<2048xi8>, tensor<3072xi8>, tensor<1536xi32>) -> tensor<1536xi32>
  return %0 : tensor<1536xi32>
}

//--- pairs.mlir
#w = #qk.window<batch = 1, input = [1, 32], output = [1, 32], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [64, 4]>
func.func @odd(%x: tensor<2048xi8>, %init: tensor<128xi32>) -> tensor<128xi32> {
  %w = qk.constant dense<1> : tensor<256xi8> : tensor<256xi8>
  // expected-error @+1 {{expects a block that 'neon.i8mm' has, but the schedule has 3 positions and 4 channels}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 64, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i32, schedule = #qk.schedule<tile = "neon.i8mm", m = 3, n = 4, k = 8>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<2048xi8>, tensor<256xi8>, tensor<128xi32>) -> tensor<128xi32>
  return %0 : tensor<128xi32>
}
