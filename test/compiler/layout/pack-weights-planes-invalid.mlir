// qk-pack-weights: schedules that tiles on planes refuse.
// RUN: %qcc-opt %s --qk-pack-weights=target=cortex-m4 -verify-diagnostics -split-input-file

#w = #qk.window<batch = 1, input = [4, 4], output = [4, 4], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [4, 2]>
func.func @f(%x: tensor<64xi8>, %init: tensor<32xi32>) -> tensor<32xi32> {
  %w = qk.constant dense<1> : tensor<8xi8> : tensor<8xi8>
  // expected-error @+1 {{expects 2 positions at a time, and as many channels as registers hold, but the schedule has 4 and 2}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 4, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i32, schedule = #qk.schedule<tile = "arm.dsp", m = 4, n = 2, k = 2, lines = 1>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<64xi8>, tensor<8xi8>, tensor<32xi32>) -> tensor<32xi32>
  return %0 : tensor<32xi32>
}

// -----

#w = #qk.window<batch = 1, input = [4, 4], output = [4, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 8, channels = [1, 1]>
func.func @f(%x: tensor<128xi8>, %init: tensor<128xi32>) -> tensor<128xi32> {
  %w = qk.constant dense<1> : tensor<72xi8> : tensor<72xi8>
  // expected-error @+1 {{expects 4 channels with all their rows at a time, but the schedule has 0}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 1, 24, 8, 0>, lhs_format = i8, rhs_format = i8, out_format = i32, schedule = #qk.schedule<tile = "arm.dsp.planes", m = 2, n = 1, k = 1>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<128xi8>, tensor<72xi8>, tensor<128xi32>) -> tensor<128xi32>
  return %0 : tensor<128xi32>
}
