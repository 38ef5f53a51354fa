// qk-pack-weights: schedules with tiles that cannot be, and weights that do not fit.
// RUN: %qcc-opt %s --qk-pack-weights=target=cortex-m4 -verify-diagnostics -split-input-file

#w = #qk.window<batch = 1, input = [4, 4], output = [4, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [2, 4]>
func.func @f(%x: tensor<32xi8>, %init: tensor<64xi32>) -> tensor<64xi32> {
  %w = qk.constant dense<1> : tensor<72xi8> : tensor<72xi8>
  // expected-error @+1 {{expects blocks of up to 2 tiles that registers hold, 4 lines and 2 rows at a time, but the schedule has #qk.schedule<tile = "arm.dsp.halves", m = 2, n = 4, k = 2, lines = 3, rows = 2, tiles = 2>}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 18, 6, 2, 1>, lhs_format = i8, rhs_format = i8, out_format = i32, schedule = #qk.schedule<tile = "arm.dsp.halves", m = 2, n = 4, k = 2, lines = 3, rows = 2, tiles = 2>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<32xi8>, tensor<72xi8>, tensor<64xi32>) -> tensor<64xi32>
  return %0 : tensor<64xi32>
}

// -----

#w = #qk.window<batch = 1, input = [4, 4], output = [4, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [2, 4]>
func.func @f(%x: tensor<32xi8>, %init: tensor<64xi32>) -> tensor<64xi32> {
  %w = qk.constant dense<1> : tensor<72xi8> : tensor<72xi8>
  // expected-error @+1 {{has no form that 'arm.dsp' computes by Winograd's algorithm}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 18, 6, 2, 1>, lhs_format = i8, rhs_format = i8, out_format = i32, schedule = #qk.schedule<tile = "arm.dsp", m = 2, n = 4, k = 2, lines = 4, rows = 2, tiles = 2>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<32xi8>, tensor<72xi8>, tensor<64xi32>) -> tensor<64xi32>
  return %0 : tensor<64xi32>
}

// -----

#w = #qk.window<batch = 1, input = [4, 4], output = [4, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [2, 4]>
func.func @f(%x: tensor<32xi8>, %init: tensor<64xi32>) -> tensor<64xi32> {
  %w = qk.constant dense<1> : tensor<72xi8> : tensor<72xi8>
  // expected-error @+1 {{has no form that 'arm.dsp.halves' computes}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 18, 6, 2, 1>, lhs_format = i8, rhs_format = i8, out_format = i32, schedule = #qk.schedule<tile = "arm.dsp.halves", m = 2, n = 4, k = 2, lines = 3>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<32xi8>, tensor<72xi8>, tensor<64xi32>) -> tensor<64xi32>
  return %0 : tensor<64xi32>
}

// -----

#w = #qk.window<batch = 1, input = [2, 4], output = [2, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [2, 4]>
func.func @f(%x: tensor<16xi8>, %init: tensor<32xi32>) -> tensor<32xi32> {
  %w = qk.constant dense<-32768> : tensor<72xi16> : tensor<72xi16>
  // expected-error @+1 {{has weights from -32768 to -32768, which transformed may need more than 16 bits}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 18, 6, 2, 1>, lhs_format = i8, rhs_format = i16, out_format = i32, schedule = #qk.schedule<tile = "arm.dsp.halves", m = 2, n = 4, k = 2, lines = 4, rows = 2, tiles = 2>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<16xi8>, tensor<72xi16>, tensor<32xi32>) -> tensor<32xi32>
  return %0 : tensor<32xi32>
}

// -----

#w = #qk.window<batch = 1, input = [1, 2], output = [1, 2], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [2000, 1]>
func.func @f(%x: tensor<4000xi8>, %init: tensor<2xi32>) -> tensor<2xi32> {
  %w = qk.constant dense<-128> : tensor<18000xi8> : tensor<18000xi8>
  // expected-error @+1 {{has sums of products of up to 587520000, which 4 times over need more than 32 bits}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 18000, 6000, 2000, 1>, lhs_format = ui8, rhs_format = i8, out_format = i32, schedule = #qk.schedule<tile = "arm.dsp.halves", m = 1, n = 1, k = 2, lines = 4, rows = 2, tiles = 1>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<4000xi8>, tensor<18000xi8>, tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// -----

// Along one axis, sums are 24 times too large, of which 8 is not taken off modulo 2^32.
#w = #qk.window<batch = 1, input = [1, 2], output = [1, 2], kernel = [1, 3], strides = [1, 1], dilations = [1, 1], pads = [0, 1], groups = 1, channels = [2800, 1]>
func.func @f(%x: tensor<5600xi8>, %init: tensor<2xi32>) -> tensor<2xi32> {
  %w = qk.constant dense<-128> : tensor<8400xi8> : tensor<8400xi8>
  // expected-error @+1 {{has sums of products of up to 274176000, which 8 times over need more than 32 bits}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 8400, 8400, 2800, 1>, lhs_format = ui8, rhs_format = i8, out_format = i32, schedule = #qk.schedule<tile = "arm.dsp.halves", m = 1, n = 1, k = 2, lines = 1, rows = 1, tiles = 1>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<5600xi8>, tensor<8400xi8>, tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// -----

// Two rows of tiles have all their codes transformed at a time.
#w = #qk.window<batch = 1, input = [4, 4], output = [4, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [2, 4]>
func.func @f(%x: tensor<32xi8>, %init: tensor<64xi32>) -> tensor<64xi32> {
  %w = qk.constant dense<1> : tensor<72xi8> : tensor<72xi8>
  // expected-error @+1 {{expects blocks of up to 4 tiles that registers hold, 6 lines and 4 rows at a time, but the schedule has}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 18, 6, 2, 1>, lhs_format = i8, rhs_format = i8, out_format = i32, schedule = #qk.schedule<tile = "arm.dsp.halves", m = 2, n = 4, k = 2, lines = 6, rows = 4, tiles = 2, small_weights = true>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<32xi8>, tensor<72xi8>, tensor<64xi32>) -> tensor<64xi32>
  return %0 : tensor<64xi32>
}

// -----

// With weights that are transformed already, a block of them is.
#w = #qk.window<batch = 1, input = [4, 4], output = [4, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [2, 4]>
func.func @f(%x: tensor<32xi8>, %init: tensor<64xi32>) -> tensor<64xi32> {
  %w = qk.constant dense<1> : tensor<72xi8> : tensor<72xi8>
  // expected-error @+1 {{expects blocks of up to 4 tiles that registers hold, 6 lines and 4 rows at a time, but the schedule has}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 18, 6, 2, 1>, lhs_format = i8, rhs_format = i8, out_format = i32, schedule = #qk.schedule<tile = "arm.dsp.halves", m = 2, n = 4, k = 2, lines = 6, rows = 4, tiles = 4>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<32xi8>, tensor<72xi8>, tensor<64xi32>) -> tensor<64xi32>
  return %0 : tensor<64xi32>
}

// -----

#w = #qk.window<batch = 1, input = [4, 4], output = [4, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [2, 4]>
func.func @f(%x: tensor<32xi8>, %init: tensor<64xi32>) -> tensor<64xi32> {
  %w = qk.constant dense<-1> : tensor<72xi8> : tensor<72xi8>
  // expected-error @+1 {{has weights from 255 to 255, which need more than the 8 bits of small ones}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 18, 6, 2, 1>, lhs_format = i8, rhs_format = ui8, out_format = i32, schedule = #qk.schedule<tile = "arm.dsp.halves", m = 2, n = 4, k = 2, lines = 4, rows = 2, tiles = 2, small_weights = true>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<32xi8>, tensor<72xi8>, tensor<64xi32>) -> tensor<64xi32>
  return %0 : tensor<64xi32>
}

// -----

#w = #qk.window<batch = 1, input = [4, 4], output = [4, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [2, 4]>
func.func @f(%x: tensor<32xf32>, %init: tensor<64xf32>) -> tensor<64xf32> {
  %w = qk.constant dense<1.0> : tensor<72xf32> : tensor<72xf32>
  // expected-error @+1 {{has small weights, which F(2x2, 3x3) alone transforms}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 18, 6, 2, 1>, lhs_format = f32, rhs_format = f32, out_format = f32, schedule = #qk.schedule<tile = "generic.transformed.float", m = 1, n = 1, k = 1, lines = 6, rows = 4, tiles = 1, small_weights = true>} {
  ^bb0(%acc: f32):
    qk.yield %acc : f32
  } : (tensor<32xf32>, tensor<72xf32>, tensor<64xf32>) -> tensor<64xf32>
  return %0 : tensor<64xf32>
}
