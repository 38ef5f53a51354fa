// qk-pack-weights: what it refuses.
// RUN: %qcc-opt %s --qk-pack-weights=target=x86-64-v4 -verify-diagnostics -split-input-file
// RUN: not %qcc-opt %s --qk-pack-weights=target=pdp-11 -split-input-file 2>&1 | FileCheck %s
// CHECK: error: unknown target 'pdp-11'

// Weights that are no constant.
#w = #qk.window<batch = 1, input = [1, 1], output = [1, 1], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [4, 2]>
func.func @f(%x: tensor<4xi8>, %w: tensor<8xi8>, %init: tensor<2xi32>) -> tensor<2xi32> {
  // expected-error @+1 {{has no form that 'x86.avx512vnni' computes: it needs constant weights and whole codes}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 4, 0, 0, 1>, lhs_format = ui8, rhs_format = i8, out_format = i32, schedule = #qk.schedule<tile = "x86.avx512vnni", m = 1, n = 16, k = 4>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<4xi8>, tensor<8xi8>, tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// -----

#w = #qk.window<batch = 1, input = [1, 1], output = [1, 1], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [4, 2]>
func.func @f(%x: tensor<4xi8>, %init: tensor<2xi32>) -> tensor<2xi32> {
  %w = qk.constant dense<128> : tensor<8xi16> : tensor<8xi16>
  // expected-error @+1 {{has weights that 'x86.avx512vnni' does not multiply exactly}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 4, 0, 0, 1>, lhs_format = ui8, rhs_format = i16, out_format = i32, schedule = #qk.schedule<tile = "x86.avx512vnni", m = 1, n = 16, k = 4>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<4xi8>, tensor<8xi16>, tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// -----

#w = #qk.window<batch = 1, input = [1, 1], output = [1, 1], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [4, 2]>
func.func @f(%x: tensor<4xi8>, %init: tensor<2xi32>) -> tensor<2xi32> {
  %w = qk.constant dense<1> : tensor<8xi8> : tensor<8xi8>
  // expected-error @+1 {{expects a multiple of 16 channels at a time for 'x86.avx512vnni', but the schedule has 8}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 4, 0, 0, 1>, lhs_format = ui8, rhs_format = i8, out_format = i32, schedule = #qk.schedule<tile = "x86.avx512vnni", m = 1, n = 8, k = 4>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<4xi8>, tensor<8xi8>, tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// -----

// Signed codes cannot be read as unsigned ones.
#w = #qk.window<batch = 1, input = [4, 4], output = [4, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [4, 2]>
func.func @f(%x: tensor<64xi8>, %init: tensor<32xi32>) -> tensor<32xi32> {
  %w = qk.constant dense<1> : tensor<72xi8> : tensor<72xi8>
  // expected-error @+1 {{expects 3 lines, but the schedule has 0}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 36, 12, 4, 1>, lhs_format = i8, rhs_format = i8, out_format = i32, schedule = #qk.schedule<tile = "x86.avx512vnni", m = 1, n = 16, k = 4>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<64xi8>, tensor<72xi8>, tensor<32xi32>) -> tensor<32xi32>
  return %0 : tensor<32xi32>
}

// -----

#w = #qk.window<batch = 1, input = [4, 4], output = [4, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [4, 2]>
func.func @f(%x: tensor<64xi8>, %init: tensor<32xi32>) -> tensor<32xi32> {
  %w = qk.constant dense<1> : tensor<72xi8> : tensor<72xi8>
  %s = tensor.empty() : tensor<95xi8>
  // expected-error @+1 {{expects at least 96 bytes of scratch memory for its lines, but has 95}}
  %0 = qk.contract(%x, %w scratch %s into %init) attributes {window = #w, rhs_strides = array<i64: 0, 36, 12, 4, 1>, lhs_format = i8, rhs_format = i8, out_format = i32, schedule = #qk.schedule<tile = "x86.avx512vnni", m = 1, n = 16, k = 4, lines = 3>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<64xi8>, tensor<72xi8>, tensor<95xi8>, tensor<32xi32>) -> tensor<32xi32>
  return %0 : tensor<32xi32>
}
