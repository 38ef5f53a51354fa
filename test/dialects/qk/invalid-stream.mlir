// Each constraint of qk.stream in turn.
// RUN: %qcc-opt %s -verify-diagnostics -split-input-file

// stream_c1
!q = !quant.uniform<i8:f32, 1.0>
#w0 = #qk.window<batch = 1, input = [3, 4], output = [1, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [0, 1], groups = 1, channels = [1, 2]>
#w1 = #qk.window<batch = 1, input = [1, 4], output = [1, 4], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 1]>
#s0 = #qk.stage<height = 4, rows = 4, stride = 1, pad = 1, pad_code = 0>
#s1 = #qk.stage<height = 4, rows = 4, stride = 1, pad = 0, pad_code = 0>
func.func @stream(%x: tensor<16xi8>, %v: tensor<18xi8>) -> tensor<16xi8> {
  %s = tensor.empty() : tensor<20xi8>
  %e = tensor.empty() : tensor<16xi8>
  // expected-error @+1 {{expects one kernel and two arguments for each stage, but got 1 stages, 2 kernels and 5 arguments}}
  %0 = qk.stream(%x scratch %s into %e) attributes {stages = [#s0], offsets = array<i64: 0, 12, 0, 0>} {
  ^bb0(%r0: tensor<12xi8>, %d0: tensor<8xi8>, %r1: tensor<8xi8>, %d1: tensor<4xi8>, %z: tensor<18xi8>):
    %c0 = qk.constant dense<1> : tensor<18xi8> : tensor<18xi8>
    %c1 = qk.constant dense<1> : tensor<2xi8> : tensor<2xi8>
    %a = qk.contract(%r0, %c0 into %d0) attributes {window = #w0, rhs_strides = array<i64: 0, 9, 3, 1, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
    ^bb0(%acc: i32):
      qk.yield %acc : i32
    } : (tensor<12xi8>, tensor<18xi8>, tensor<8xi8>) -> tensor<8xi8>
    %b = qk.contract(%r1, %c1 into %d1) attributes {window = #w1, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
    ^bb0(%acc: i32):
      qk.yield %acc : i32
    } : (tensor<8xi8>, tensor<2xi8>, tensor<4xi8>) -> tensor<4xi8>
  } : (tensor<16xi8>, tensor<20xi8>, tensor<16xi8>) -> tensor<16xi8>
  return %0 : tensor<16xi8>
}

// -----

// stream_c2
!q = !quant.uniform<i8:f32, 1.0>
#w0 = #qk.window<batch = 1, input = [3, 4], output = [1, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [0, 1], groups = 1, channels = [1, 2]>
#w1 = #qk.window<batch = 1, input = [1, 4], output = [1, 4], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 1]>
#s0 = #qk.stage<height = 4, rows = 4, stride = 1, pad = 1, pad_code = 0>
#s1 = #qk.stage<height = 4, rows = 4, stride = 1, pad = 0, pad_code = 0>
func.func @stream(%x: tensor<16xi8>, %v: tensor<18xi8>) -> tensor<16xi8> {
  %s = tensor.empty() : tensor<20xi8>
  %e = tensor.empty() : tensor<16xi8>
  %0 = qk.stream(%x scratch %s into %e) attributes {stages = [#s0, #s1], offsets = array<i64: 0, 12, 0, 0>} {
  ^bb0(%r0: tensor<12xi8>, %d0: tensor<8xi8>, %r1: tensor<8xi8>, %d1: tensor<4xi8>, %z: tensor<18xi8>):
    %c0 = qk.constant dense<1> : tensor<18xi8> : tensor<18xi8>
    %c1 = qk.constant dense<1> : tensor<2xi8> : tensor<2xi8>
    %a = qk.contract(%r0, %c0 into %d0) attributes {window = #w0, rhs_strides = array<i64: 0, 9, 3, 1, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
    ^bb0(%acc: i32):
      qk.yield %acc : i32
    } : (tensor<12xi8>, tensor<18xi8>, tensor<8xi8>) -> tensor<8xi8>
    // expected-error @+1 {{expects the rows and the row of its stage as image and destination}}
    %b = qk.contract(%d0, %c1 into %d1) attributes {window = #w1, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
    ^bb0(%acc: i32):
      qk.yield %acc : i32
    } : (tensor<8xi8>, tensor<2xi8>, tensor<4xi8>) -> tensor<4xi8>
  } : (tensor<16xi8>, tensor<20xi8>, tensor<16xi8>) -> tensor<16xi8>
  return %0 : tensor<16xi8>
}

// -----

// stream_c2
!q = !quant.uniform<i8:f32, 1.0>
#w0 = #qk.window<batch = 1, input = [3, 4], output = [1, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [0, 1], groups = 1, channels = [1, 2]>
#w1 = #qk.window<batch = 1, input = [1, 4], output = [1, 4], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 1]>
#s0 = #qk.stage<height = 4, rows = 4, stride = 1, pad = 1, pad_code = 0>
#s1 = #qk.stage<height = 4, rows = 4, stride = 1, pad = 0, pad_code = 0>
func.func @stream(%x: tensor<16xi8>, %v: tensor<18xi8>) -> tensor<16xi8> {
  %s = tensor.empty() : tensor<20xi8>
  %e = tensor.empty() : tensor<16xi8>
  %0 = qk.stream(%x scratch %s into %e) attributes {stages = [#s0, #s1], offsets = array<i64: 0, 12, 0, 0>} {
  ^bb0(%r0: tensor<12xi8>, %d0: tensor<8xi8>, %r1: tensor<8xi8>, %d1: tensor<4xi8>, %z: tensor<18xi8>):
    %c0 = qk.constant dense<1> : tensor<18xi8> : tensor<18xi8>
    %c1 = qk.constant dense<1> : tensor<2xi8> : tensor<2xi8>
    // expected-error @+1 {{expects constants beside the rows of a stream}}
    %a = qk.contract(%r0, %z into %d0) attributes {window = #w0, rhs_strides = array<i64: 0, 9, 3, 1, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
    ^bb0(%acc: i32):
      qk.yield %acc : i32
    } : (tensor<12xi8>, tensor<18xi8>, tensor<8xi8>) -> tensor<8xi8>
    %b = qk.contract(%r1, %c1 into %d1) attributes {window = #w1, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
    ^bb0(%acc: i32):
      qk.yield %acc : i32
    } : (tensor<8xi8>, tensor<2xi8>, tensor<4xi8>) -> tensor<4xi8>
  } : (tensor<16xi8>, tensor<20xi8>, tensor<16xi8>) -> tensor<16xi8>
  return %0 : tensor<16xi8>
}

// -----

// stream_c3
!q = !quant.uniform<i8:f32, 1.0>
#w0 = #qk.window<batch = 1, input = [3, 4], output = [1, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [0, 1], groups = 1, channels = [1, 2]>
#w1 = #qk.window<batch = 1, input = [1, 4], output = [1, 4], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 1]>
#s0 = #qk.stage<height = 4, rows = 4, stride = 1, pad = 1, pad_code = 0>
#s1 = #qk.stage<height = 4, rows = 4, stride = 1, pad = 0, pad_code = 0>
func.func @stream(%x: tensor<16xi8>, %v: tensor<18xi8>) -> tensor<16xi8> {
  %s = tensor.empty() : tensor<20xi8>
  %e = tensor.empty() : tensor<16xi8>
  %0 = qk.stream(%x scratch %s into %e) attributes {stages = [#s0, #s1], offsets = array<i64: 0, 12, 0, 0>} {
  ^bb0(%r0: tensor<12xi8>, %d0: tensor<8xi8>, %r1: tensor<8xi8>, %d1: tensor<4xi8>, %z: tensor<18xi8>):
    %c0 = qk.constant dense<1> : tensor<18xi8> : tensor<18xi8>
    %c1 = qk.constant dense<1> : tensor<2xi8> : tensor<2xi8>
    // expected-error @+1 {{expects a window of rows of output that divide 4, over the 3 rows of input that these need, without a border above or below}}
    %a = qk.contract(%r0, %c0 into %d0) attributes {window = #qk.window<batch = 1, input = [2, 4], output = [1, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [0, 1], groups = 1, channels = [1, 2]>, rhs_strides = array<i64: 0, 9, 3, 1, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
    ^bb0(%acc: i32):
      qk.yield %acc : i32
    } : (tensor<12xi8>, tensor<18xi8>, tensor<8xi8>) -> tensor<8xi8>
    %b = qk.contract(%r1, %c1 into %d1) attributes {window = #w1, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
    ^bb0(%acc: i32):
      qk.yield %acc : i32
    } : (tensor<8xi8>, tensor<2xi8>, tensor<4xi8>) -> tensor<4xi8>
  } : (tensor<16xi8>, tensor<20xi8>, tensor<16xi8>) -> tensor<16xi8>
  return %0 : tensor<16xi8>
}

// -----

// stream_c3
!q = !quant.uniform<i8:f32, 1.0>
#w0 = #qk.window<batch = 1, input = [3, 4], output = [1, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [0, 1], groups = 1, channels = [1, 2]>
#w1 = #qk.window<batch = 1, input = [1, 4], output = [1, 4], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 1]>
#s0 = #qk.stage<height = 4, rows = 4, stride = 1, pad = 1, pad_code = 0>
#s1 = #qk.stage<height = 4, rows = 4, stride = 1, pad = 0, pad_code = 0>
func.func @stream(%x: tensor<16xi8>, %v: tensor<18xi8>) -> tensor<16xi8> {
  %s = tensor.empty() : tensor<20xi8>
  %e = tensor.empty() : tensor<16xi8>
  %0 = qk.stream(%x scratch %s into %e) attributes {stages = [#qk.stage<height = 4, rows = 4, stride = 1, pad = 3, pad_code = 0>, #s1], offsets = array<i64: 0, 12, 0, 0>} {
  ^bb0(%r0: tensor<12xi8>, %d0: tensor<8xi8>, %r1: tensor<8xi8>, %d1: tensor<4xi8>, %z: tensor<18xi8>):
    %c0 = qk.constant dense<1> : tensor<18xi8> : tensor<18xi8>
    %c1 = qk.constant dense<1> : tensor<2xi8> : tensor<2xi8>
    // expected-error @+1 {{expects a window of at least 1 rows and more than 3, but it has 3}}
    %a = qk.contract(%r0, %c0 into %d0) attributes {window = #w0, rhs_strides = array<i64: 0, 9, 3, 1, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
    ^bb0(%acc: i32):
      qk.yield %acc : i32
    } : (tensor<12xi8>, tensor<18xi8>, tensor<8xi8>) -> tensor<8xi8>
    %b = qk.contract(%r1, %c1 into %d1) attributes {window = #w1, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
    ^bb0(%acc: i32):
      qk.yield %acc : i32
    } : (tensor<8xi8>, tensor<2xi8>, tensor<4xi8>) -> tensor<4xi8>
  } : (tensor<16xi8>, tensor<20xi8>, tensor<16xi8>) -> tensor<16xi8>
  return %0 : tensor<16xi8>
}

// -----

// stream_c4
!q = !quant.uniform<i8:f32, 1.0>
#w0 = #qk.window<batch = 1, input = [3, 4], output = [1, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [0, 1], groups = 1, channels = [1, 2]>
#w1 = #qk.window<batch = 1, input = [1, 4], output = [1, 4], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 1]>
#s0 = #qk.stage<height = 4, rows = 4, stride = 1, pad = 1, pad_code = 0>
#s1 = #qk.stage<height = 4, rows = 4, stride = 1, pad = 0, pad_code = 0>
func.func @stream(%x: tensor<16xi8>, %v: tensor<18xi8>) -> tensor<16xi8> {
  %s = tensor.empty() : tensor<20xi8>
  %e = tensor.empty() : tensor<16xi8>
  %0 = qk.stream(%x scratch %s into %e) attributes {stages = [#qk.stage<height = 4, rows = 2, stride = 1, pad = 1, pad_code = 0>, #s1], offsets = array<i64: 0, 12, 0, 0>} {
  ^bb0(%r0: tensor<12xi8>, %d0: tensor<8xi8>, %r1: tensor<8xi8>, %d1: tensor<4xi8>, %z: tensor<18xi8>):
    %c0 = qk.constant dense<1> : tensor<18xi8> : tensor<18xi8>
    %c1 = qk.constant dense<1> : tensor<2xi8> : tensor<2xi8>
    // expected-error @+1 {{expects windows over all of 5 rows, but 2 windows end at row 4}}
    %a = qk.contract(%r0, %c0 into %d0) attributes {window = #w0, rhs_strides = array<i64: 0, 9, 3, 1, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
    ^bb0(%acc: i32):
      qk.yield %acc : i32
    } : (tensor<12xi8>, tensor<18xi8>, tensor<8xi8>) -> tensor<8xi8>
    %b = qk.contract(%r1, %c1 into %d1) attributes {window = #w1, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
    ^bb0(%acc: i32):
      qk.yield %acc : i32
    } : (tensor<8xi8>, tensor<2xi8>, tensor<4xi8>) -> tensor<4xi8>
  } : (tensor<16xi8>, tensor<20xi8>, tensor<16xi8>) -> tensor<16xi8>
  return %0 : tensor<16xi8>
}

// -----

// stream_c5
!q = !quant.uniform<i8:f32, 1.0>
#w0 = #qk.window<batch = 1, input = [3, 4], output = [1, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [0, 1], groups = 1, channels = [1, 2]>
#w1 = #qk.window<batch = 1, input = [1, 4], output = [1, 4], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 1]>
#s0 = #qk.stage<height = 4, rows = 4, stride = 1, pad = 1, pad_code = 0>
#s1 = #qk.stage<height = 4, rows = 4, stride = 1, pad = 0, pad_code = 0>
func.func @stream(%x: tensor<16xi8>, %v: tensor<18xi8>) -> tensor<16xi8> {
  %s = tensor.empty() : tensor<20xi8>
  %e = tensor.empty() : tensor<16xi8>
  %0 = qk.stream(%x scratch %s into %e) attributes {stages = [#s0, #qk.stage<height = 3, rows = 3, stride = 1, pad = 0, pad_code = 0>], offsets = array<i64: 0, 12, 0, 0>} {
  ^bb0(%r0: tensor<12xi8>, %d0: tensor<8xi8>, %r1: tensor<8xi8>, %d1: tensor<4xi8>, %z: tensor<18xi8>):
    %c0 = qk.constant dense<1> : tensor<18xi8> : tensor<18xi8>
    %c1 = qk.constant dense<1> : tensor<2xi8> : tensor<2xi8>
    // expected-error @+1 {{writes 4 rows of 8 bytes, but the next stage reads 3 of 8}}
    %a = qk.contract(%r0, %c0 into %d0) attributes {window = #w0, rhs_strides = array<i64: 0, 9, 3, 1, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
    ^bb0(%acc: i32):
      qk.yield %acc : i32
    } : (tensor<12xi8>, tensor<18xi8>, tensor<8xi8>) -> tensor<8xi8>
    %b = qk.contract(%r1, %c1 into %d1) attributes {window = #w1, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
    ^bb0(%acc: i32):
      qk.yield %acc : i32
    } : (tensor<8xi8>, tensor<2xi8>, tensor<4xi8>) -> tensor<4xi8>
  } : (tensor<16xi8>, tensor<20xi8>, tensor<16xi8>) -> tensor<16xi8>
  return %0 : tensor<16xi8>
}

// -----

// stream_c6
!q = !quant.uniform<i8:f32, 1.0>
#w0 = #qk.window<batch = 1, input = [3, 4], output = [1, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [0, 1], groups = 1, channels = [1, 2]>
#w1 = #qk.window<batch = 1, input = [1, 4], output = [1, 4], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 1]>
#s0 = #qk.stage<height = 4, rows = 4, stride = 1, pad = 1, pad_code = 0>
#s1 = #qk.stage<height = 4, rows = 4, stride = 1, pad = 0, pad_code = 0>
func.func @stream(%x: tensor<20xi8>, %v: tensor<18xi8>) -> tensor<16xi8> {
  %s = tensor.empty() : tensor<20xi8>
  %e = tensor.empty() : tensor<16xi8>
  // expected-error @+1 {{expects an input of 4 rows of 4 bytes and a destination of 4 rows of 4}}
  %0 = qk.stream(%x scratch %s into %e) attributes {stages = [#s0, #s1], offsets = array<i64: 0, 12, 0, 0>} {
  ^bb0(%r0: tensor<12xi8>, %d0: tensor<8xi8>, %r1: tensor<8xi8>, %d1: tensor<4xi8>, %z: tensor<18xi8>):
    %c0 = qk.constant dense<1> : tensor<18xi8> : tensor<18xi8>
    %c1 = qk.constant dense<1> : tensor<2xi8> : tensor<2xi8>
    %a = qk.contract(%r0, %c0 into %d0) attributes {window = #w0, rhs_strides = array<i64: 0, 9, 3, 1, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
    ^bb0(%acc: i32):
      qk.yield %acc : i32
    } : (tensor<12xi8>, tensor<18xi8>, tensor<8xi8>) -> tensor<8xi8>
    %b = qk.contract(%r1, %c1 into %d1) attributes {window = #w1, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
    ^bb0(%acc: i32):
      qk.yield %acc : i32
    } : (tensor<8xi8>, tensor<2xi8>, tensor<4xi8>) -> tensor<4xi8>
  } : (tensor<20xi8>, tensor<20xi8>, tensor<16xi8>) -> tensor<16xi8>
  return %0 : tensor<16xi8>
}

// -----

// stream_c7
!q = !quant.uniform<i8:f32, 1.0>
#w0 = #qk.window<batch = 1, input = [3, 4], output = [1, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [0, 1], groups = 1, channels = [1, 2]>
#w1 = #qk.window<batch = 1, input = [1, 4], output = [1, 4], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 1]>
#s0 = #qk.stage<height = 4, rows = 4, stride = 1, pad = 1, pad_code = 0>
#s1 = #qk.stage<height = 4, rows = 4, stride = 1, pad = 0, pad_code = 0>
func.func @stream(%x: tensor<16xi8>, %v: tensor<18xi8>) -> tensor<16xi8> {
  %s = tensor.empty() : tensor<20xi8>
  %e = tensor.empty() : tensor<16xi8>
  %0 = qk.stream(%x scratch %s into %e) attributes {stages = [#s0, #s1], offsets = array<i64: 0, 13, 0, 0>} {
  ^bb0(%r0: tensor<12xi8>, %d0: tensor<8xi8>, %r1: tensor<8xi8>, %d1: tensor<4xi8>, %z: tensor<18xi8>):
    %c0 = qk.constant dense<1> : tensor<18xi8> : tensor<18xi8>
    %c1 = qk.constant dense<1> : tensor<2xi8> : tensor<2xi8>
    %a = qk.contract(%r0, %c0 into %d0) attributes {window = #w0, rhs_strides = array<i64: 0, 9, 3, 1, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
    ^bb0(%acc: i32):
      qk.yield %acc : i32
    } : (tensor<12xi8>, tensor<18xi8>, tensor<8xi8>) -> tensor<8xi8>
    // expected-error @+1 {{expects its rows and scratch memory within the stream's 20 bytes, but they lie at 13 and 0}}
    %b = qk.contract(%r1, %c1 into %d1) attributes {window = #w1, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
    ^bb0(%acc: i32):
      qk.yield %acc : i32
    } : (tensor<8xi8>, tensor<2xi8>, tensor<4xi8>) -> tensor<4xi8>
  } : (tensor<16xi8>, tensor<20xi8>, tensor<16xi8>) -> tensor<16xi8>
  return %0 : tensor<16xi8>
}

// -----

// stream_c7
!q = !quant.uniform<i8:f32, 1.0>
#w0 = #qk.window<batch = 1, input = [3, 4], output = [1, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [0, 1], groups = 1, channels = [1, 2]>
#w1 = #qk.window<batch = 1, input = [1, 4], output = [1, 4], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 1]>
#s0 = #qk.stage<height = 4, rows = 4, stride = 1, pad = 1, pad_code = 0>
#s1 = #qk.stage<height = 4, rows = 4, stride = 1, pad = 0, pad_code = 0>
func.func @stream(%x: tensor<16xi8>, %v: tensor<18xi8>) -> tensor<16xi8> {
  %s = tensor.empty() : tensor<20xi8>
  %e = tensor.empty() : tensor<16xi8>
  // expected-error @+1 {{expects two offsets for each of 2 stages, but got 3}}
  %0 = qk.stream(%x scratch %s into %e) attributes {stages = [#s0, #s1], offsets = array<i64: 0, 12, 0>} {
  ^bb0(%r0: tensor<12xi8>, %d0: tensor<8xi8>, %r1: tensor<8xi8>, %d1: tensor<4xi8>, %z: tensor<18xi8>):
    %c0 = qk.constant dense<1> : tensor<18xi8> : tensor<18xi8>
    %c1 = qk.constant dense<1> : tensor<2xi8> : tensor<2xi8>
    %a = qk.contract(%r0, %c0 into %d0) attributes {window = #w0, rhs_strides = array<i64: 0, 9, 3, 1, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
    ^bb0(%acc: i32):
      qk.yield %acc : i32
    } : (tensor<12xi8>, tensor<18xi8>, tensor<8xi8>) -> tensor<8xi8>
    %b = qk.contract(%r1, %c1 into %d1) attributes {window = #w1, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
    ^bb0(%acc: i32):
      qk.yield %acc : i32
    } : (tensor<8xi8>, tensor<2xi8>, tensor<4xi8>) -> tensor<4xi8>
  } : (tensor<16xi8>, tensor<20xi8>, tensor<16xi8>) -> tensor<16xi8>
  return %0 : tensor<16xi8>
}

// -----

// stream_c3
!q = !quant.uniform<i8:f32, 1.0>
#w0 = #qk.window<batch = 1, input = [5, 4], output = [3, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [0, 1], groups = 1, channels = [1, 2]>
#w1 = #qk.window<batch = 1, input = [1, 4], output = [1, 4], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 1]>
#s0 = #qk.stage<height = 4, rows = 4, stride = 1, pad = 1, pad_code = 0>
#s1 = #qk.stage<height = 4, rows = 4, stride = 1, pad = 0, pad_code = 0>
func.func @stream(%x: tensor<16xi8>, %v: tensor<18xi8>) -> tensor<16xi8> {
  %s = tensor.empty() : tensor<64xi8>
  %e = tensor.empty() : tensor<16xi8>
  %0 = qk.stream(%x scratch %s into %e) attributes {stages = [#s0, #s1], offsets = array<i64: 0, 24, 0, 0>} {
  ^bb0(%r0: tensor<20xi8>, %d0: tensor<24xi8>, %r1: tensor<8xi8>, %d1: tensor<4xi8>):
    %c0 = qk.constant dense<1> : tensor<18xi8> : tensor<18xi8>
    %c1 = qk.constant dense<1> : tensor<2xi8> : tensor<2xi8>
    // expected-error @+1 {{expects a window of rows of output that divide 4, over the 5 rows of input that these need, without a border above or below}}
    %a = qk.contract(%r0, %c0 into %d0) attributes {window = #w0, rhs_strides = array<i64: 0, 9, 3, 1, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
    ^bb0(%acc: i32):
      qk.yield %acc : i32
    } : (tensor<20xi8>, tensor<18xi8>, tensor<24xi8>) -> tensor<24xi8>
    %b = qk.contract(%r1, %c1 into %d1) attributes {window = #w1, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
    ^bb0(%acc: i32):
      qk.yield %acc : i32
    } : (tensor<8xi8>, tensor<2xi8>, tensor<4xi8>) -> tensor<4xi8>
  } : (tensor<16xi8>, tensor<64xi8>, tensor<16xi8>) -> tensor<16xi8>
  return %0 : tensor<16xi8>
}

// -----

// stream_c3
!q = !quant.uniform<i8:f32, 1.0>
#w0 = #qk.window<batch = 1, input = [5, 4], output = [2, 4], kernel = [3, 3], strides = [2, 1], dilations = [1, 1], pads = [0, 1], groups = 1, channels = [1, 2]>
#w1 = #qk.window<batch = 1, input = [1, 4], output = [1, 4], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 1]>
#s0 = #qk.stage<height = 4, rows = 4, stride = 1, pad = 1, pad_code = 0>
#s1 = #qk.stage<height = 4, rows = 4, stride = 1, pad = 0, pad_code = 0>
func.func @stream(%x: tensor<16xi8>, %v: tensor<18xi8>) -> tensor<16xi8> {
  %s = tensor.empty() : tensor<64xi8>
  %e = tensor.empty() : tensor<16xi8>
  %0 = qk.stream(%x scratch %s into %e) attributes {stages = [#s0, #s1], offsets = array<i64: 0, 24, 0, 0>} {
  ^bb0(%r0: tensor<20xi8>, %d0: tensor<16xi8>, %r1: tensor<8xi8>, %d1: tensor<4xi8>):
    %c0 = qk.constant dense<1> : tensor<18xi8> : tensor<18xi8>
    %c1 = qk.constant dense<1> : tensor<2xi8> : tensor<2xi8>
    // expected-error @+1 {{expects a window with a stride of 1 like its stage, but got 2}}
    %a = qk.contract(%r0, %c0 into %d0) attributes {window = #w0, rhs_strides = array<i64: 0, 9, 3, 1, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
    ^bb0(%acc: i32):
      qk.yield %acc : i32
    } : (tensor<20xi8>, tensor<18xi8>, tensor<16xi8>) -> tensor<16xi8>
    %b = qk.contract(%r1, %c1 into %d1) attributes {window = #w1, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
    ^bb0(%acc: i32):
      qk.yield %acc : i32
    } : (tensor<8xi8>, tensor<2xi8>, tensor<4xi8>) -> tensor<4xi8>
  } : (tensor<16xi8>, tensor<64xi8>, tensor<16xi8>) -> tensor<16xi8>
  return %0 : tensor<16xi8>
}

// -----

// stream_c5
!q = !quant.uniform<i8:f32, 1.0>
#w0 = #qk.window<batch = 1, input = [4, 4], output = [2, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [0, 1], groups = 1, channels = [1, 2]>
#w1 = #qk.window<batch = 1, input = [1, 4], output = [1, 4], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 1]>
#s0 = #qk.stage<height = 4, rows = 4, stride = 1, pad = 1, pad_code = 0>
#s1 = #qk.stage<height = 4, rows = 4, stride = 1, pad = 0, pad_code = 0>
func.func @stream(%x: tensor<16xi8>, %v: tensor<18xi8>) -> tensor<16xi8> {
  %s = tensor.empty() : tensor<64xi8>
  %e = tensor.empty() : tensor<16xi8>
  // expected-error @+1 {{expects the rows that a stage writes together to end with what the next one sees}}
  %0 = qk.stream(%x scratch %s into %e) attributes {stages = [#s0, #s1], offsets = array<i64: 0, 24, 0, 0>} {
  ^bb0(%r0: tensor<16xi8>, %d0: tensor<16xi8>, %r1: tensor<8xi8>, %d1: tensor<4xi8>):
    %c0 = qk.constant dense<1> : tensor<18xi8> : tensor<18xi8>
    %c1 = qk.constant dense<1> : tensor<2xi8> : tensor<2xi8>
    %a = qk.contract(%r0, %c0 into %d0) attributes {window = #w0, rhs_strides = array<i64: 0, 9, 3, 1, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
    ^bb0(%acc: i32):
      qk.yield %acc : i32
    } : (tensor<16xi8>, tensor<18xi8>, tensor<16xi8>) -> tensor<16xi8>
    %b = qk.contract(%r1, %c1 into %d1) attributes {window = #w1, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
    ^bb0(%acc: i32):
      qk.yield %acc : i32
    } : (tensor<8xi8>, tensor<2xi8>, tensor<4xi8>) -> tensor<4xi8>
  } : (tensor<16xi8>, tensor<64xi8>, tensor<16xi8>) -> tensor<16xi8>
  return %0 : tensor<16xi8>
}
