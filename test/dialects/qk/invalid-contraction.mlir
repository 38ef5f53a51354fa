// Contractions and pools: one case per numbered constraint, those of all kernels included.
// RUN: %qcc-opt %s -verify-diagnostics -split-input-file

// kernel_c1, tensors and memrefs
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 3]>
func.func @f(%x: tensor<1x2x2x2xi8>, %w: memref<3x2xi8>, %init: tensor<1x2x2x3xi8>) {
  // expected-error @+1 {{expects only tensors, or only memrefs of row-major layout, but got}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %c = arith.constant 0 : i32
    qk.yield %c : i32
  } : (tensor<1x2x2x2xi8>, memref<3x2xi8>, tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8>
  return
}

// -----

// kernel_c1, layout
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 3]>
func.func @f(%x: memref<1x2x2x2xi8, strided<[16, 8, 4, 2]>>, %w: memref<3x2xi8>, %init: memref<1x2x2x3xi8>) {
  // expected-error @+1 {{expects only tensors, or only memrefs of row-major layout, but got}}
  qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %c = arith.constant 0 : i32
    qk.yield %c : i32
  } : (memref<1x2x2x2xi8, strided<[16, 8, 4, 2]>>, memref<3x2xi8>, memref<1x2x2x3xi8>) -> ()
  return
}

// -----

// kernel_c2, no result
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 3]>
func.func @f(%x: tensor<1x2x2x2xi8>, %w: tensor<3x2xi8>, %init: tensor<1x2x2x3xi8>) {
  // expected-error @+1 {{expects one result for a destination of type}}
  qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %c = arith.constant 0 : i32
    qk.yield %c : i32
  } : (tensor<1x2x2x2xi8>, tensor<3x2xi8>, tensor<1x2x2x3xi8>) -> ()
  return
}

// -----

// kernel_c2, a result of memrefs
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 3]>
func.func @f(%x: memref<1x2x2x2xi8>, %w: memref<3x2xi8>, %init: memref<1x2x2x3xi8>) {
  // expected-error @+1 {{expects no result for a destination of type}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %c = arith.constant 0 : i32
    qk.yield %c : i32
  } : (memref<1x2x2x2xi8>, memref<3x2xi8>, memref<1x2x2x3xi8>) -> memref<1x2x2x3xi8>
  return
}

// -----

// kernel_c2, another type
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 3]>
func.func @f(%x: tensor<1x2x2x2xi8>, %w: tensor<3x2xi8>, %init: tensor<1x2x2x3xi8>) {
  // expected-error @+1 {{expects a result of the destination's type 'tensor<1x2x2x3xi8>', but got 'tensor<12xi8>'}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %c = arith.constant 0 : i32
    qk.yield %c : i32
  } : (tensor<1x2x2x2xi8>, tensor<3x2xi8>, tensor<1x2x2x3xi8>) -> tensor<12xi8>
  return
}

// -----

// kernel_c3, no format
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 3]>
func.func @f(%x: tensor<1x2x2x2xi8>, %w: tensor<3x2xi8>, %init: tensor<1x2x2x3xi8>) {
  // expected-error @+1 {{expects a number format for the left-hand side, but got 'index'}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = index, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %c = arith.constant 0 : i32
    qk.yield %c : i32
  } : (tensor<1x2x2x2xi8>, tensor<3x2xi8>, tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8>
  return
}

// -----

// kernel_c3, width
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 3]>
func.func @f(%x: tensor<1x2x2x2xi8>, %w: tensor<3x2xi8>, %init: tensor<1x2x2x3xi64>) {
  // expected-error @+1 {{expects codes of at most 25 bits or of 32 for the destination, but 'i64' has 64}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i64} {
  ^bb0(%acc: i32):
    %c = arith.constant 0 : i32
    qk.yield %c : i32
  } : (tensor<1x2x2x2xi8>, tensor<3x2xi8>, tensor<1x2x2x3xi64>) -> tensor<1x2x2x3xi64>
  return
}

// -----

// kernel_c4, input
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 3]>
func.func @f(%x: tensor<7xi8>, %w: tensor<3x2xi8>, %init: tensor<1x2x2x3xi8>) {
  // expected-error @+1 {{expects at least 8 bytes for the left-hand side, but 'tensor<7xi8>' has 7}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %c = arith.constant 0 : i32
    qk.yield %c : i32
  } : (tensor<7xi8>, tensor<3x2xi8>, tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8>
  return
}

// -----

// kernel_c4, filter
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 3]>
func.func @f(%x: tensor<1x2x2x2xi8>, %w: tensor<5xi8>, %init: tensor<1x2x2x3xi8>) {
  // expected-error @+1 {{expects at least 6 bytes for the right-hand side, but 'tensor<5xi8>' has 5}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %c = arith.constant 0 : i32
    qk.yield %c : i32
  } : (tensor<1x2x2x2xi8>, tensor<5xi8>, tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8>
  return
}

// -----

// kernel_c4, strides of a filter
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 3]>
func.func @f(%x: tensor<1x2x2x2xi8>, %w: tensor<3x2xi8>, %init: tensor<1x2x2x3xi8>) {
  // expected-error @+1 {{expects at least 8 bytes for the right-hand side, but 'tensor<3x2xi8>' has 6}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 3, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %c = arith.constant 0 : i32
    qk.yield %c : i32
  } : (tensor<1x2x2x2xi8>, tensor<3x2xi8>, tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8>
  return
}

// -----

// kernel_c4, a filter beyond 64 bits
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 3]>
func.func @f(%x: tensor<1x2x2x2xi8>, %w: tensor<3x2xi8>, %init: tensor<1x2x2x3xi8>) {
  // expected-error @+1 {{reaches beyond any memory in the right-hand side}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 4611686018427387904, 0, 0, 4611686018427387904>, lhs_format = i8, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %c = arith.constant 0 : i32
    qk.yield %c : i32
  } : (tensor<1x2x2x2xi8>, tensor<3x2xi8>, tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8>
  return
}

// -----

// kernel_c4, output
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 3]>
func.func @f(%x: tensor<1x2x2x2xi8>, %w: tensor<3x2xi8>, %init: tensor<11xi8>) {
  // expected-error @+1 {{expects at least 12 bytes for the destination, but 'tensor<11xi8>' has 11}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %c = arith.constant 0 : i32
    qk.yield %c : i32
  } : (tensor<1x2x2x2xi8>, tensor<3x2xi8>, tensor<11xi8>) -> tensor<11xi8>
  return
}

// -----

// kernel_c5, arguments
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 3]>
func.func @f(%x: tensor<1x2x2x2xi8>, %w: tensor<3x2xi8>, %init: tensor<1x2x2x3xi8>) {
  // expected-error @+1 {{expects region arguments of types (}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: f32):
    %c = arith.constant 0 : i32
    qk.yield %c : i32
  } : (tensor<1x2x2x2xi8>, tensor<3x2xi8>, tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8>
  return
}

// -----

// kernel_c5, result
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 3]>
func.func @f(%x: tensor<1x2x2x2xi8>, %w: tensor<3x2xi8>, %init: tensor<1x2x2x3xi8>) {
  // expected-error @+1 {{expects the region to end in qk.yield of type 'i32'}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %c = arith.constant 0.0 : f32
    qk.yield %c : f32
  } : (tensor<1x2x2x2xi8>, tensor<3x2xi8>, tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8>
  return
}

// -----

// contract_c1, count
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 3]>
func.func @f(%x: tensor<1x2x2x2xi8>, %w: tensor<3x2xi8>, %init: tensor<1x2x2x3xi8>) {
  // expected-error @+1 {{expects 5 rhs_strides, but got 2}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 1, 2>, lhs_format = i8, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %c = arith.constant 0 : i32
    qk.yield %c : i32
  } : (tensor<1x2x2x2xi8>, tensor<3x2xi8>, tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8>
  return
}

// -----

// contract_c1, sign
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 3]>
func.func @f(%x: tensor<1x2x2x2xi8>, %w: tensor<3x2xi8>, %init: tensor<1x2x2x3xi8>) {
  // expected-error @+1 {{expects rhs_strides of at least 0, but got -1}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, -1, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %c = arith.constant 0 : i32
    qk.yield %c : i32
  } : (tensor<1x2x2x2xi8>, tensor<3x2xi8>, tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8>
  return
}

// -----

// contract_c2, formats
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 3]>
func.func @f(%x: tensor<1x2x2x2xi8>, %w: tensor<3x2xf32>, %init: tensor<1x2x2x3xi8>) {
  // expected-error @+1 {{expects an integer format as right-hand side of another, but got 'i8' and 'f32'}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = f32, out_format = i8} {
  ^bb0(%acc: i32):
    %c = arith.constant 0 : i32
    qk.yield %c : i32
  } : (tensor<1x2x2x2xi8>, tensor<3x2xf32>, tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8>
  return
}

// -----

// contract_c2, groups of floats
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 3]>
func.func @f(%x: tensor<1x2x2x2xf32>, %w: tensor<3x2xf32>, %init: tensor<1x2x2x3xi8>) {
  // expected-error @+1 {{takes a scale_group only for integers, but got 'f32'}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = f32, rhs_format = f32, out_format = i8, scale_group = 2} {
  ^bb0(%acc: f32):
    %c = arith.constant 0 : i32
    qk.yield %c : i32
  } combine {
  ^bb0(%t: f32, %s: f32):
    qk.yield %t : f32
  } : (tensor<1x2x2x2xf32>, tensor<3x2xf32>, tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8>
  return
}

// -----

// contract_c3
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 3]>
func.func @f(%x: tensor<1x2x2x2xi8>, %w: tensor<3x2xi8>, %init: tensor<1x2x2x3xi8>, %p: tensor<2xi32>) {
  // expected-error @+1 {{expects parameters with 3 elements, but got 'tensor<2xi32>'}}
  %0 = qk.contract(%x, %w params %p into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32, %b: i32):
    %c = arith.constant 0 : i32
    qk.yield %c : i32
  } : (tensor<1x2x2x2xi8>, tensor<3x2xi8>, tensor<2xi32>, tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8>
  return
}

// -----

// contract_c4, sign
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 3]>
func.func @f(%x: tensor<1x2x2x2xi8>, %w: tensor<3x2xi8>, %init: tensor<1x2x2x3xi8>) {
  // expected-error @+1 {{expects a scale_group of at least 0, but got -1}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, scale_group = -1} {
  ^bb0(%acc: i32):
    %c = arith.constant 0 : i32
    qk.yield %c : i32
  } : (tensor<1x2x2x2xi8>, tensor<3x2xi8>, tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8>
  return
}

// -----

// contract_c4, no region
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 3]>
func.func @f(%x: tensor<1x2x2x2xi8>, %w: tensor<3x2xi8>, %init: tensor<1x2x2x3xi8>) {
  // expected-error @+1 {{expects a region combine with a scale_group}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, scale_group = 2} {
  ^bb0(%acc: i32):
    %c = arith.constant 0 : i32
    qk.yield %c : i32
  } : (tensor<1x2x2x2xi8>, tensor<3x2xi8>, tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8>
  return
}

// -----

// contract_c4, no group
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 3]>
func.func @f(%x: tensor<1x2x2x2xi8>, %w: tensor<3x2xi8>, %init: tensor<1x2x2x3xi8>) {
  // expected-error @+1 {{takes group_params and combine only with a scale_group}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %c = arith.constant 0 : i32
    qk.yield %c : i32
  } combine {
  ^bb0(%t: i32, %s: i32):
    qk.yield %t : i32
  } : (tensor<1x2x2x2xi8>, tensor<3x2xi8>, tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8>
  return
}

// -----

// contract_c5
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 3]>
func.func @f(%x: tensor<1x2x2x2xi8>, %w: tensor<3x2xi8>, %init: tensor<1x2x2x3xi8>, %g: tensor<2xi32>) {
  // expected-error @+1 {{expects group_params with 3 elements, but got 'tensor<2xi32>'}}
  %0 = qk.contract(%x, %w group_params %g into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, scale_group = 2} {
  ^bb0(%acc: i32):
    %c = arith.constant 0 : i32
    qk.yield %c : i32
  } combine {
  ^bb0(%t: i32, %s: i32, %g0: i32):
    qk.yield %t : i32
  } : (tensor<1x2x2x2xi8>, tensor<3x2xi8>, tensor<2xi32>, tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8>
  return
}

// -----

// contract_c6
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 3]>
func.func @f(%x: tensor<1x2x2x2xi8>, %w: tensor<3x2xi8>, %init: tensor<1x2x2x3xi8>) {
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, scale_group = 2} {
  ^bb0(%acc: f64):
    %c = arith.constant 0 : i32
    qk.yield %c : i32
  } combine {
  ^bb0(%t: f64, %s: i32):
    // expected-error @+1 {{operand #0 must be 32-bit signless integer or 32-bit float, but got 'f64'}}
    qk.yield %t : f64
  } : (tensor<1x2x2x2xi8>, tensor<3x2xi8>, tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8>
  return
}

// -----

// contract_c7
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 3]>
func.func @f(%x: tensor<1x2x2x2xi8>, %w: tensor<3x2xi8>, %init: tensor<1x2x2x3xi8>) {
  // expected-error @+1 {{expects zero points and a pad_code in the range of i32, but got 4294967296}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, lhs_zero = 4294967296} {
  ^bb0(%acc: i32):
    %c = arith.constant 0 : i32
    qk.yield %c : i32
  } : (tensor<1x2x2x2xi8>, tensor<3x2xi8>, tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8>
  return
}

// -----

// contract_c7
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 3]>
func.func @f(%x: tensor<1x2x2x2xi8>, %w: tensor<3x2xi8>, %init: tensor<1x2x2x3xi8>) {
  // expected-error @+1 {{expects zero points and a pad_code in the range of i32, but got -2147483649}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, pad_code = -2147483649 : i64} {
  ^bb0(%acc: i32):
    %c = arith.constant 0 : i32
    qk.yield %c : i32
  } : (tensor<1x2x2x2xi8>, tensor<3x2xi8>, tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8>
  return
}

// -----

// contract_c8: the numbers of groups are packed with their weights.
#w = #qk.window<batch = 1, input = [1, 1], output = [1, 1], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [4, 1]>
func.func @f(%x: tensor<4xi8>, %w: tensor<64xi8>, %p: tensor<2xi32>, %init: tensor<1xi32>) {
  // expected-error @+1 {{takes no group_params where they are packed with the right-hand side}}
  %0 = qk.contract(%x, %w group_params %p into %init) attributes {window = #w, rhs_strides = array<i64: 0, 4, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i32, scale_group = 2, packed, schedule = #qk.schedule<tile = "t", m = 1, n = 1, k = 1>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } combine {
  ^bb0(%total: i32, %sum: i32, %p0: i32):
    qk.yield %total : i32
  } : (tensor<4xi8>, tensor<64xi8>, tensor<2xi32>, tensor<1xi32>) -> tensor<1xi32>
  return
}

// -----

// contract_c8: the bytes of packed weights have the order of a tile instruction, so it has to be known.
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 3]>
func.func @f(%x: tensor<1x2x2x2xi8>, %w: tensor<64xi8>, %init: tensor<1x2x2x3xi8>) {
  // expected-error @+1 {{expects a schedule, whose tile instruction gives the order of the packed right-hand side}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, packed} {
  ^bb0(%acc: i32):
    %c = arith.constant 0 : i32
    qk.yield %c : i32
  } : (tensor<1x2x2x2xi8>, tensor<64xi8>, tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8>
  return
}

// -----

// pool_c1
func.func @f(%x: tensor<1x2x2x3xi8>, %init: tensor<1x2x2x3xi8>) {
  // expected-error @+1 {{expects one input and one output channel per group}}
  %0 = qk.pool(%x into %init) attributes {window = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [3, 3]>, kind = #qk.pool<max>, in_format = i8, out_format = i8} {
  ^bb0(%a: i32, %n: i32):
    qk.yield %a : i32
  } : (tensor<1x2x2x3xi8>, tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8>
  return
}

// -----

// kernel_c4
func.func @f(%x: tensor<11xi8>, %init: tensor<1x2x2x3xi8>) {
  // expected-error @+1 {{expects at least 12 bytes for the input, but 'tensor<11xi8>' has 11}}
  %0 = qk.pool(%x into %init) attributes {window = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 3, channels = [1, 1]>, kind = #qk.pool<max>, in_format = i8, out_format = i8} {
  ^bb0(%a: i32, %n: i32):
    qk.yield %a : i32
  } : (tensor<11xi8>, tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8>
  return
}

// -----

// kernel_c5
func.func @f(%x: tensor<1x2x2x3xi8>, %init: tensor<1x2x2x3xi8>) {
  // expected-error @+1 {{expects region arguments of types (}}
  %0 = qk.pool(%x into %init) attributes {window = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 3, channels = [1, 1]>, kind = #qk.pool<max>, in_format = i8, out_format = i8} {
  ^bb0(%a: i32):
    qk.yield %a : i32
  } : (tensor<1x2x2x3xi8>, tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8>
  return
}

// -----

// contract_c9
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 2, channels = [2, 1]>
func.func @f(%x: tensor<64xi8>, %w: tensor<64xi8>, %b: tensor<3xi32>, %init: tensor<12xi8>) {
  // expected-error @+1 {{takes a part only with one group of channels and without scale_group, but got 2 and 0}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, part = #qk.part<first = 0, of = 3>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<64xi8>, tensor<64xi8>, tensor<12xi8>) -> tensor<12xi8>
  return
}

// -----

// contract_c9
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 2]>
func.func @f(%x: tensor<64xi8>, %w: tensor<64xi8>, %b: tensor<3xi32>, %init: tensor<12xi8>) {
  // expected-error @+1 {{takes a part only with one group of channels and without scale_group, but got 1 and 2}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, scale_group = 2, part = #qk.part<first = 0, of = 3>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<64xi8>, tensor<64xi8>, tensor<12xi8>) -> tensor<12xi8>
  return
}

// -----

// contract_c9
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 2]>
func.func @f(%x: tensor<64xi8>, %w: tensor<64xi8>, %b: tensor<3xi32>, %init: tensor<12xi8>) {
  // expected-error @+1 {{expects a part from channel 2 on to have 1 to 1 channels, but the window has 2}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, part = #qk.part<first = 2, of = 3>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<64xi8>, tensor<64xi8>, tensor<12xi8>) -> tensor<12xi8>
  return
}

// -----

// contract_c9
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 2]>
func.func @f(%x: tensor<64xi8>, %w: tensor<64xi8>, %b: tensor<3xi32>, %init: tensor<12xi8>) {
  // expected-error @+1 {{expects a part from channel 4 on to have 1 to -1 channels, but the window has 2}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, part = #qk.part<first = 4, of = 3>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<64xi8>, tensor<64xi8>, tensor<12xi8>) -> tensor<12xi8>
  return
}

// -----

// contract_c9
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 0]>
func.func @f(%x: tensor<64xi8>, %w: tensor<64xi8>, %b: tensor<3xi32>, %init: tensor<12xi8>) {
  // expected-error @+1 {{expects a part from channel 0 on to have 1 to 3 channels, but the window has 0}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, part = #qk.part<first = 0, of = 3>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<64xi8>, tensor<64xi8>, tensor<12xi8>) -> tensor<12xi8>
  return
}

// -----

// contract_c9: the destination has all channels
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 2]>
func.func @f(%x: tensor<64xi8>, %w: tensor<64xi8>, %b: tensor<3xi32>, %init: tensor<11xi8>) {
  // expected-error @+1 {{expects at least 12 bytes for the destination, but 'tensor<11xi8>' has 11}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, part = #qk.part<first = 1, of = 3>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<64xi8>, tensor<64xi8>, tensor<11xi8>) -> tensor<11xi8>
  return
}

// -----

// contract_c9
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 2]>
func.func @f(%x: tensor<64xi8>, %w: tensor<64xi8>, %b: tensor<3xi32>, %init: tensor<12xi8>) {
  // expected-error @+1 {{takes a part only with output codes of whole bytes, but 'i4' has 4 bits}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i4, part = #qk.part<first = 0, of = 4>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<64xi8>, tensor<64xi8>, tensor<12xi8>) -> tensor<12xi8>
  return
}

// -----

// contract_c3: parameters of all channels
#w = #qk.window<batch = 1, input = [2, 2], output = [2, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 3]>
func.func @f(%x: tensor<64xi8>, %w: tensor<64xi8>, %b: tensor<3xi32>, %init: tensor<16xi8>) {
  // expected-error @+1 {{expects parameters with 4 elements, but got 'tensor<3xi32>'}}
  %0 = qk.contract(%x, %w params %b into %init) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, part = #qk.part<first = 1, of = 4>} {
  ^bb0(%acc: i32, %p: i32):
    qk.yield %acc : i32
  } : (tensor<64xi8>, tensor<64xi8>, tensor<3xi32>, tensor<16xi8>) -> tensor<16xi8>
  return
}

// -----

// contract_c10: the window
#w = #qk.window<batch = 1, input = [4, 4], output = [2, 4], kernel = [3, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [1, 1]>
func.func @f(%x: tensor<64xi8>, %w: tensor<64xi8>, %init: tensor<16xi8>) {
  // expected-error @+1 {{expects a 3x3, 1x3 or 3x1 window with strides and dilations of 1 that Winograd's algorithm computes, but got #qk.window<batch = 1,}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 9, 3, 1, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, algorithm = #qnn.algorithm<winograd = F_2_3, exact>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<64xi8>, tensor<64xi8>, tensor<16xi8>) -> tensor<16xi8>
  return
}

// -----

// contract_c10: the same of a schedule
#w = #qk.window<batch = 1, input = [4, 4], output = [2, 4], kernel = [3, 2], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [1, 1]>
func.func @f(%x: tensor<64xi8>, %w: tensor<64xi8>, %init: tensor<16xi8>) {
  // expected-error @+1 {{expects a 3x3, 1x3 or 3x1 window with strides and dilations of 1 that Winograd's algorithm computes, but got #qk.window<batch = 1,}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 9, 3, 1, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, schedule = #qk.schedule<tile = "t", m = 1, n = 1, k = 1, tiles = 1>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<64xi8>, tensor<64xi8>, tensor<16xi8>) -> tensor<16xi8>
  return
}

// -----

// contract_c10: integers
#w = #qk.window<batch = 1, input = [4, 4], output = [2, 2], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 1]>
func.func @f(%x: tensor<64xi8>, %w: tensor<64xi8>, %init: tensor<16xi8>) {
  // expected-error @+1 {{expects floats for #qnn.algorithm<winograd = F_4_3, float>, but got 'i8'}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 18, 6, 2, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, algorithm = #qnn.algorithm<winograd = F_4_3, float>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<64xi8>, tensor<64xi8>, tensor<16xi8>) -> tensor<16xi8>
  return
}

// -----

// contract_c10: floats and codes
#w = #qk.window<batch = 1, input = [4, 4], output = [2, 2], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 1]>
func.func @f(%x: tensor<64xf32>, %w: tensor<64xi8>, %init: tensor<16xf32>) {
  // expected-error @+1 {{expects two integer formats or two floats for Winograd's algorithm, but got 'f32' and 'i8'}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 9, 3, 1, 1>, lhs_format = f32, rhs_format = i8, out_format = f32, algorithm = #qnn.algorithm<winograd = F_4_3, float>} {
  ^bb0(%acc: f32):
    qk.yield %acc : f32
  } : (tensor<64xf32>, tensor<64xi8>, tensor<16xf32>) -> tensor<16xf32>
  return
}

// -----

// contract_c10: floats
#w = #qk.window<batch = 1, input = [4, 4], output = [2, 2], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 1]>
func.func @f(%x: tensor<64xf32>, %w: tensor<64xf32>, %init: tensor<16xf32>) {
  // expected-error @+1 {{expects integers without scale_group for Winograd's algorithm, but got 'f32' and 0}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 9, 3, 1, 1>, lhs_format = f32, rhs_format = f32, out_format = f32, algorithm = #qnn.algorithm<winograd = F_2_3, exact>} {
  ^bb0(%acc: f32):
    qk.yield %acc : f32
  } : (tensor<64xf32>, tensor<64xf32>, tensor<16xf32>) -> tensor<16xf32>
  return
}

// -----

// contract_c11: as many bytes
#w = #qk.window<batch = 1, input = [4, 4], output = [2, 2], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 1]>
func.func @f(%x: tensor<64xi8>, %w: tensor<64xi8>, %init: tensor<16xi8>) {
  // expected-error @+1 {{expects an init_format with as many bytes as 'i8', but got 'i16'}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 9, 3, 1, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, init_format = i16} {
  ^bb0(%acc: i32, %held: i32):
    qk.yield %acc : i32
  } : (tensor<64xi8>, tensor<64xi8>, tensor<16xi8>) -> tensor<16xi8>
  return
}

// -----

// contract_c11: whole bytes
#w = #qk.window<batch = 1, input = [4, 4], output = [2, 2], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 1]>
func.func @f(%x: tensor<64xi8>, %w: tensor<64xi8>, %init: tensor<16xi8>) {
  // expected-error @+1 {{expects an init_format with as many bytes as 'i4', but got 'i4'}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 9, 3, 1, 1>, lhs_format = i8, rhs_format = i8, out_format = i4, init_format = i4} {
  ^bb0(%acc: i32, %held: i32):
    qk.yield %acc : i32
  } : (tensor<64xi8>, tensor<64xi8>, tensor<16xi8>) -> tensor<16xi8>
  return
}

// -----

// contract_c11: no part
#w = #qk.window<batch = 1, input = [4, 4], output = [2, 2], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 1]>
func.func @f(%x: tensor<64xi8>, %w: tensor<64xi8>, %init: tensor<16xi8>) {
  // expected-error @+1 {{expects no part with an init_format}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 9, 3, 1, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, init_format = i8, part = #qk.part<first = 0, of = 2>} {
  ^bb0(%acc: i32, %held: i32):
    qk.yield %acc : i32
  } : (tensor<64xi8>, tensor<64xi8>, tensor<16xi8>) -> tensor<16xi8>
  return
}

// -----

// contract_c11: what the epilogue receives
#w = #qk.window<batch = 1, input = [4, 4], output = [2, 2], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 1]>
func.func @f(%x: tensor<64xi8>, %w: tensor<64xi8>, %init: tensor<16xi8>) {
  // expected-error @+1 {{expects}}
  %0 = qk.contract(%x, %w into %init) attributes {window = #w, rhs_strides = array<i64: 0, 9, 3, 1, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, init_format = i8} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<64xi8>, tensor<64xi8>, tensor<16xi8>) -> tensor<16xi8>
  return
}
