// qk-fit-arena: pools and bits, row by row.
// RUN: not %qcc-opt %s -split-input-file --qk-schedule --qk-fit-arena="budget=400" 2>%t.txt | FileCheck %s
// RUN: FileCheck %s --check-prefix=ERROR --input-file=%t.txt

#bits = #qk.window<batch = 1, input = [8, 8], output = [8, 8], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 64]>
#pool = #qk.window<batch = 1, input = [8, 8], output = [4, 4], kernel = [3, 3], strides = [2, 2], dilations = [1, 1], pads = [1, 1], groups = 64, channels = [1, 1]>

// Rows of bits are whole bytes, and above a pool there is the lowest code.
// CHECK-LABEL: func @pooled
// CHECK: qk.stream{{.*}} stages = [#qk.stage<height = 8, rows = 8, stride = 1, pad = 0, pad_code = 0>, #qk.stage<height = 8, rows = 4, stride = 2, pad = 1, pad_code = 0>]
// CHECK: ^bb0(%{{.*}}: tensor<16xi8>, %{{.*}}: tensor<64xi8>, %[[ROWS:.*]]: tensor<192xi8>, %[[ROW:.*]]: tensor<32xi8>):
// CHECK: qk.pool(%[[ROWS]] into %[[ROW]]) attributes {{.*}} input = [3, 8], output = [1, 4], kernel = [3, 3], strides = [2, 2], dilations = [1, 1], pads = [0, 1]
// CHECK: return
func.func @pooled(%x: tensor<128xi8> {qnn.type = tensor<1x8x8x2xi8>}) -> (tensor<128xi8> {qnn.type = tensor<1x4x4x64x!qnn.binary>}) {
  %w0 = qk.constant dense<1> : tensor<128xi8> : tensor<128xi8>
  %e0 = tensor.empty() : tensor<512xi8>
  %0 = qk.contract(%x, %w0 into %e0) attributes {window = #bits, rhs_strides = array<i64: 0, 2, 2, 2, 1>, lhs_format = i8, rhs_format = i8, out_format = !qnn.binary} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<128xi8>, tensor<128xi8>, tensor<512xi8>) -> tensor<512xi8>
  %e1 = tensor.empty() : tensor<128xi8>
  %1 = qk.pool(%0 into %e1) attributes {window = #pool, kind = #qk.pool<max>, in_format = !qnn.binary, out_format = !qnn.binary} {
  ^bb0(%r: i32, %count: i32):
    qk.yield %r : i32
  } : (tensor<512xi8>, tensor<128xi8>) -> tensor<128xi8>
  return %1 : tensor<128xi8>
}

// -----

#bits = #qk.window<batch = 1, input = [8, 8], output = [8, 8], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 64]>
#border = #qk.window<batch = 1, input = [8, 8], output = [8, 8], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [64, 1]>

// No bit contributes nothing, as a border does: there are no such rows.
// ERROR: this layer needs 524 bytes of the arena
func.func @border(%x: tensor<128xi8> {qnn.type = tensor<1x8x8x2xi8>}) -> (tensor<64xi8> {qnn.type = tensor<1x8x8x1xi8>}) {
  %w0 = qk.constant dense<1> : tensor<128xi8> : tensor<128xi8>
  %e0 = tensor.empty() : tensor<512xi8>
  %0 = qk.contract(%x, %w0 into %e0) attributes {window = #bits, rhs_strides = array<i64: 0, 2, 2, 2, 1>, lhs_format = i8, rhs_format = i8, out_format = !qnn.binary} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<128xi8>, tensor<128xi8>, tensor<512xi8>) -> tensor<512xi8>
  %w1 = qk.constant dense<1> : tensor<72xi8> : tensor<72xi8>
  %e1 = tensor.empty() : tensor<64xi8>
  %1 = qk.contract(%0, %w1 into %e1) attributes {window = #border, rhs_strides = array<i64: 0, 576, 192, 64, 1>, lhs_format = !qnn.binary, rhs_format = !qnn.binary, out_format = i8} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<512xi8>, tensor<72xi8>, tensor<64xi8>) -> tensor<64xi8>
  return %1 : tensor<64xi8>
}
