// qk-pack-weights: weights that share numbers, as digits with borrows; what is missing is 0.
// RUN: %qcc-opt %s --qk-pack-weights=target=cortex-m4 | FileCheck %s

#dense = #qk.window<batch = 1, input = [1, 1], output = [1, 1], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 5]>
#halves = #qk.schedule<tile = "arm.dsp.w4", m = 1, n = 5, k = 2, lines = 1>
#bytes = #qk.schedule<tile = "arm.mla.w4", m = 1, n = 5, k = 1>

func.func @fields(%x: tensor<2xi8>, %init: tensor<5xi32>) -> (tensor<5xi32>, tensor<5xi32>) {
  // Product 0: 1 + 16 * 2 + 256 * 3 - 4096 * 4 = 0xc321, and -7; product 1: -1 - 16 * 2 + 256 * 7 + 4096 * 5 = 0x56df, and 6.
  // CHECK-DAG: qk.constant dense_resource<[[HALVES:.*]]> : tensor<8xi8> {name = "halves"}
  %w = qk.constant dense<[[1, -1], [2, -2], [3, 7], [-4, 5], [-7, 6]]> : tensor<5x2xi8> {name = "halves"} : tensor<5x2xi8>
  // Product 0: 1 + 16 * 2, 3 - 16 * 4, -7; then product 1.
  // CHECK-DAG: qk.constant dense_resource<[[BYTES:.*]]> : tensor<6xi8> {name = "bytes"}
  %v = qk.constant dense<[[1, -1], [2, -2], [3, 7], [-4, 5], [-7, 6]]> : tensor<5x2xi8> {name = "bytes"} : tensor<5x2xi8>
  %s = tensor.empty() : tensor<16xi8>
  %0 = qk.contract(%x, %w scratch %s into %init) attributes {window = #dense, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i32, schedule = #halves} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<2xi8>, tensor<5x2xi8>, tensor<16xi8>, tensor<5xi32>) -> tensor<5xi32>
  %1 = qk.contract(%x, %v into %init) attributes {window = #dense, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i32, schedule = #bytes} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<2xi8>, tensor<5x2xi8>, tensor<5xi32>) -> tensor<5xi32>
  return %0, %1 : tensor<5xi32>, tensor<5xi32>
}

// CHECK: dialect_resources
// CHECK-DAG: [[HALVES]]: "0x{{[0-9]+}}21C3DF56F9FF0600"
// CHECK-DAG: [[BYTES]]: "0x{{[0-9]+}}21C3F9DF5706"
