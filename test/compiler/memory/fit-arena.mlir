// qk-fit-arena: layers that decide how large the arena is get schedules that take less memory; the others stay as fast as they were.
// RUN: %qcc-opt %s --qk-schedule --qk-fit-arena | FileCheck %s --check-prefix=SPEED
// RUN: %qcc-opt %s --qk-schedule --qk-fit-arena="least-memory" | FileCheck %s --check-prefix=RAM
// RUN: %qcc-opt %s --qk-schedule --qk-fit-arena="budget=1400 stack=100" | FileCheck %s --check-prefix=BUDGET
// RUN: %qcc-opt %s --qk-schedule --qk-fit-arena="budget=4000" | FileCheck %s --check-prefix=SPEED
// RUN: %qcc-opt %s --qk-schedule --qk-fit-arena="least-memory" --mlir-disable-threading 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

!q = !quant.uniform<i8:f32, 1.0>
#large = #qk.window<batch = 1, input = [8, 8], output = [8, 8], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [16, 16]>
#small = #qk.window<batch = 1, input = [8, 8], output = [4, 4], kernel = [3, 3], strides = [2, 2], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [16, 16]>
#last = #qk.window<batch = 1, input = [4, 4], output = [4, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [16, 16]>

// The first layer needs 1,024 bytes, and beside them a row and two pixels of 16 bytes, or more for lines. The last one has
// room for lines, as its input and output are small. The one in between goes over its input.
// SPEED-LABEL: func @chain
// SPEED-COUNT-3: lines = 3
// RAM-LABEL: func @chain
// RAM: qk.contract{{.*}} schedule = #qk.schedule<tile = "generic.int", m = 1, n = 1, k = 0>, window = #qk.window<batch = 1, input = [8, 8], output = [8, 8]
// RAM: qk.contract{{.*}} schedule = #qk.schedule<tile = "generic.int", m = 1, n = 1, k = 0>, window = #qk.window<batch = 1, input = [8, 8], output = [4, 4]
// RAM: qk.contract{{.*}} scratch {{.*}} lines = 3
// REMARK: computed by generic.int instead of x86.avx2.byte, to fit an arena of 1184 bytes
// REMARK: computed by generic.int instead of x86.avx2.byte, to fit an arena of 1184 bytes
// BUDGET-LABEL: func @chain
// BUDGET-COUNT-2: generic.int
// BUDGET: x86.avx2.byte{{.*}} lines = 3
func.func @chain(%x: tensor<1024xi8> {qnn.type = tensor<1x8x8x16x!q>}) -> (tensor<256xi8> {qnn.type = tensor<1x4x4x16x!q>}) {
  %w = qk.constant dense<1> : tensor<2304xi8> : tensor<2304xi8>
  %e0 = tensor.empty() : tensor<1024xi8>
  %0 = qk.contract(%x, %w into %e0) attributes {window = #large, rhs_strides = array<i64: 0, 144, 48, 16, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<1024xi8>, tensor<2304xi8>, tensor<1024xi8>) -> tensor<1024xi8>
  %e1 = tensor.empty() : tensor<256xi8>
  %1 = qk.contract(%0, %w into %e1) attributes {window = #small, rhs_strides = array<i64: 0, 144, 48, 16, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<1024xi8>, tensor<2304xi8>, tensor<256xi8>) -> tensor<256xi8>
  %2 = qk.contract(%1, %w into %e1) attributes {window = #last, rhs_strides = array<i64: 0, 144, 48, 16, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<256xi8>, tensor<2304xi8>, tensor<256xi8>) -> tensor<256xi8>
  return %2 : tensor<256xi8>
}

// A schedule that was written by hand stays.
// RAM-LABEL: func @by_hand
// RAM: qk.contract{{.*}} schedule = #qk.schedule<tile = "x86.avx2", m = 2, n = 8, k = 2, lines = 3>
func.func @by_hand(%x: tensor<256xi8> {qnn.type = tensor<1x4x4x16x!q>}) -> (tensor<256xi8> {qnn.type = tensor<1x4x4x16x!q>}) {
  %w = qk.constant dense<1> : tensor<2304xi8> : tensor<2304xi8>
  %s = tensor.empty() : tensor<576xi8>
  %e = tensor.empty() : tensor<256xi8>
  %0 = qk.contract(%x, %w scratch %s into %e) attributes {window = #last, rhs_strides = array<i64: 0, 144, 48, 16, 1>, lhs_format = !q, rhs_format = i8, out_format = !q, schedule = #qk.schedule<tile = "x86.avx2", m = 2, n = 8, k = 2, lines = 3>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<256xi8>, tensor<2304xi8>, tensor<576xi8>, tensor<256xi8>) -> tensor<256xi8>
  return %0 : tensor<256xi8>
}

// SPEED: func private @declared(tensor<4xf32>)
func.func private @declared(tensor<4xf32>)
