// qk-fit-arena: where the smallest schedules are not enough, layers are computed row by row; only those that have to be.
// RUN: %qcc-opt %s --qk-schedule --qk-fit-arena="budget=700" | FileCheck %s
// RUN: %qcc-opt %s --qk-schedule --qk-fit-arena="budget=700" --qk-pack-weights --qk-plan-arena | FileCheck %s --check-prefix=PLAN
// RUN: %qcc-opt %s --qk-schedule --qk-fit-arena="budget=570" --qk-pack-weights --qk-plan-arena | FileCheck %s --check-prefix=TIGHT
// RUN: %qcc-opt %s --qk-schedule --qk-fit-arena="budget=1400" | FileCheck %s --check-prefix=WHOLE
// RUN: %qcc-opt %s --qk-schedule --qk-fit-arena="budget=700" --mlir-disable-threading 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

!q = !quant.uniform<i8:f32, 1.0:-5>
#grow = #qk.window<batch = 1, input = [8, 8], output = [8, 8], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [2, 16]>
#shrink = #qk.window<batch = 1, input = [8, 8], output = [4, 4], kernel = [3, 3], strides = [2, 2], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [16, 4]>
#last = #qk.window<batch = 1, input = [4, 4], output = [4, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [4, 4]>

// Between 128 bytes and 64 there are 1,024, of which the stream has three rows of 128. The input's rows have borders of the zero
// point above and below, and the second stage's one below, as its last window begins with row 6.
// With 700 bytes, there is room for lines that the first stage stages; with 570 there is none.
// CHECK-LABEL: func @chain
// CHECK: qk.stream(%arg0 scratch %{{.*}} into %{{.*}}) attributes {offsets = array<i64: {{.*}}>, stages = [#qk.stage<height = 8, rows = 8, stride = 1, pad = 1, pad_code = -5>, #qk.stage<height = 8, rows = 4, stride = 2, pad = 0, pad_code = -5>]} {
// CHECK: ^bb0(%[[ROWS:.*]]: tensor<48xi8>, %[[ROW:.*]]: tensor<128xi8>, %{{.*}}: tensor<384xi8>, %{{.*}}: tensor<16xi8>):
// CHECK: qk.constant
// CHECK: qk.contract(%[[ROWS]], %{{.*}} into %[[ROW]]) attributes {{{.*}} window = #qk.window<batch = 1, input = [3, 8], output = [1, 8], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [0, 1], groups = 1, channels = [2, 16]>
// CHECK: qk.contract
// CHECK: }
// CHECK: qk.contract{{.*}} scratch {{.*}} lines = 3
// REMARK: computed row by row with 1 layers after it, through {{[0-9]+}} bytes; no product is computed twice
// WHOLE-LABEL: func @chain
// WHOLE-NOT: qk.stream
// WHOLE: return
// PLAN: qk.stream(%{{.*}} scratch %{{.*}} into %{{.*}}) attributes
// PLAN: ^bb0(%{{.*}}: memref<48xi8>, %{{.*}}: memref<128xi8>, %{{.*}}: memref<384xi8>, %{{.*}}: memref<16xi8>, %[[SCRATCH:.*]]: memref<96xi8>):
// PLAN: qk.constant {{.*}} : memref<
// PLAN: qk.contract{{.*}} scratch %[[SCRATCH]] into
// TIGHT-LABEL: func @chain
// TIGHT: qk.stream
// TIGHT-NEXT: ^bb0(%{{.*}}: memref<48xi8>, %{{.*}}: memref<128xi8>, %{{.*}}: memref<384xi8>, %{{.*}}: memref<16xi8>):
func.func @chain(%x: tensor<128xi8> {qnn.type = tensor<1x8x8x2x!q>}) -> (tensor<64xi8> {qnn.type = tensor<1x4x4x4x!q>}) {
  %w0 = qk.constant dense<1> : tensor<288xi8> : tensor<288xi8>
  %e0 = tensor.empty() : tensor<1024xi8>
  %0 = qk.contract(%x, %w0 into %e0) attributes {window = #grow, rhs_strides = array<i64: 0, 18, 6, 2, 1>, lhs_format = !q, lhs_zero = -5, rhs_format = i8, out_format = !q} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<128xi8>, tensor<288xi8>, tensor<1024xi8>) -> tensor<1024xi8>
  %w1 = qk.constant dense<1> : tensor<576xi8> : tensor<576xi8>
  %e1 = tensor.empty() : tensor<64xi8>
  %1 = qk.contract(%0, %w1 into %e1) attributes {window = #shrink, rhs_strides = array<i64: 0, 144, 48, 16, 1>, lhs_format = !q, lhs_zero = -5, rhs_format = i8, out_format = !q} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<1024xi8>, tensor<576xi8>, tensor<64xi8>) -> tensor<64xi8>
  %w2 = qk.constant dense<1> : tensor<144xi8> : tensor<144xi8>
  %2 = qk.contract(%1, %w2 into %e1) attributes {window = #last, rhs_strides = array<i64: 0, 36, 12, 4, 1>, lhs_format = !q, lhs_zero = -5, rhs_format = i8, out_format = !q} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<64xi8>, tensor<144xi8>, tensor<64xi8>) -> tensor<64xi8>
  return %2 : tensor<64xi8>
}
