// qk-schedule: F(4x4, 3x3) of 8 bits, tap by tap, by instructions that multiply bytes, several rows of tiles at a time; of 10
// bits by those of 16.
// RUN: %qcc-opt %s --mlir-disable-threading --pass-pipeline='builtin.module(func.func(qk-schedule{target=x86-64-v4 features=+avx512vnni}))' 2>%t | FileCheck %s
// RUN: FileCheck %s --check-prefix=REMARK < %t
// RUN: %qcc-opt %s --pass-pipeline='builtin.module(func.func(qk-schedule{target=x86-64-v4 features=+avx512vnni}),qk-pack-weights{target=x86-64-v4})' | FileCheck %s --check-prefix=PACKED

#conv = #qk.window<batch = 1, input = [12, 12], output = [12, 12], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [64, 16]>
#eight = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7], weights = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], fraction = -6>
#ten = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 10, codes = [7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7], weights = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], fraction = -6>

// CHECK-LABEL: func @eight
// CHECK: schedule = #qk.schedule<tile = "x86.avx512vnni", m = 9, n = 16, k = 4, lines = 14, rows = 12, tiles = 9>
// REMARK: remark: computed by x86.avx512vnni, winograd(f4, tapwise), 9 tiles x 16 at a time, 14 lines
// 36 taps of 16 channels: 64 bytes of weights, and 4 of what their sums begin with.
// PACKED-LABEL: func @eight
// PACKED: tensor<39168xi8>
func.func @eight(%x: tensor<9216xi8>, %init: tensor<2304xi32>) -> tensor<2304xi32> {
  %w = qk.constant dense<-128> : tensor<9216xi8> : tensor<9216xi8>
  %0 = qk.contract(%x, %w into %init) attributes {algorithm = #eight, window = #conv, rhs_strides = array<i64: 0, 576, 192, 64, 1>, lhs_format = i8, rhs_format = i8, out_format = i32} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<9216xi8>, tensor<9216xi8>, tensor<2304xi32>) -> tensor<2304xi32>
  return %0 : tensor<2304xi32>
}

// CHECK-LABEL: func @ten
// CHECK: tile = "x86.avx512bw", {{.*}} tiles = {{[0-9]+}}>
func.func @ten(%x: tensor<9216xi8>, %init: tensor<2304xi32>) -> tensor<2304xi32> {
  %w = qk.constant dense<-128> : tensor<9216xi8> : tensor<9216xi8>
  %0 = qk.contract(%x, %w into %init) attributes {algorithm = #ten, window = #conv, rhs_strides = array<i64: 0, 576, 192, 64, 1>, lhs_format = i8, rhs_format = i8, out_format = i32} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<9216xi8>, tensor<9216xi8>, tensor<2304xi32>) -> tensor<2304xi32>
  return %0 : tensor<2304xi32>
}
