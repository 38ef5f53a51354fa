// qk-fuse-rows: neighbours whose tensor in between exceeds the cache, as many rows at a time as fit a quarter of it.
// RUN: %qcc-opt %s --qk-schedule --qk-fuse-rows="cache=5000" --mlir-disable-threading 2>%t | FileCheck %s
// RUN: FileCheck %s --check-prefix=REMARK --input-file=%t
// RUN: %qcc-opt %s --qk-schedule --qk-fuse-rows="cache=5120" | FileCheck %s --check-prefix=WHOLE
// RUN: %qcc-opt %s --qk-schedule --qk-fuse-rows | FileCheck %s --check-prefix=WHOLE
// RUN: %qcc-opt %s --qk-schedule="target=cortex-m4" --qk-fuse-rows="target=cortex-m4" | FileCheck %s --check-prefix=WHOLE

!q = !quant.uniform<i8:f32, 1.0:-5>
#grow = #qk.window<batch = 1, input = [32, 10], output = [32, 10], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [8, 16]>
#pool = #qk.window<batch = 1, input = [32, 10], output = [16, 5], kernel = [3, 3], strides = [2, 2], dilations = [1, 1], pads = [1, 1], groups = 16, channels = [1, 1]>
#last = #qk.window<batch = 1, input = [16, 5], output = [16, 5], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [16, 4]>

// Of 16 rows, 2 at a time: their 5 rows of input take 800 bytes. The first stage's come one by one.
// CHECK-LABEL: func @chain
// CHECK: qk.stream(%arg0 scratch %{{.*}} into %{{.*}}) attributes {offsets = {{.*}}, stages = [#qk.stage<height = 32, rows = 32, stride = 1, pad = 0, pad_code = -5>, #qk.stage<height = 32, rows = 16, stride = 2, pad = 1, pad_code = -128>]} {
// CHECK: ^bb0(%{{.*}}: tensor<80xi8>, %{{.*}}: tensor<160xi8>, %{{.*}}: tensor<800xi8>, %{{.*}}: tensor<160xi8>
// CHECK: window = #qk.window<batch = 1, input = [1, 10], output = [1, 10],
// CHECK: window = #qk.window<batch = 1, input = [5, 10], output = [2, 5],
// CHECK: }
// CHECK: qk.contract{{.*}} input = [16, 5]
// REMARK: computed with 1 layers after it, 2 rows of the last at a time: 5120 bytes between them exceed the cache
// WHOLE-LABEL: func @chain
// WHOLE-NOT: qk.stream
// WHOLE: return
func.func @chain(%x: tensor<2560xi8> {qnn.type = tensor<1x32x10x8x!q>}) -> (tensor<320xi8> {qnn.type = tensor<1x16x5x4x!q>}) {
  %w0 = qk.constant dense<1> : tensor<128xi8> : tensor<128xi8>
  %e0 = tensor.empty() : tensor<5120xi8>
  %0 = qk.contract(%x, %w0 into %e0) attributes {window = #grow, rhs_strides = array<i64: 0, 8, 0, 0, 1>, lhs_format = !q, lhs_zero = -5, rhs_format = i8, out_format = !q} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<2560xi8>, tensor<128xi8>, tensor<5120xi8>) -> tensor<5120xi8>
  %e1 = tensor.empty() : tensor<1280xi8>
  %1 = qk.pool(%0 into %e1) attributes {window = #pool, kind = #qk.pool<max>, in_format = !q, out_format = !q} {
  ^bb0(%r: i32, %count: i32):
    qk.yield %r : i32
  } : (tensor<5120xi8>, tensor<1280xi8>) -> tensor<1280xi8>
  %w2 = qk.constant dense<1> : tensor<64xi8> : tensor<64xi8>
  %e2 = tensor.empty() : tensor<320xi8>
  %2 = qk.contract(%1, %w2 into %e2) attributes {window = #last, rhs_strides = array<i64: 0, 16, 0, 0, 1>, lhs_format = !q, lhs_zero = -5, rhs_format = i8, out_format = !q} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<1280xi8>, tensor<64xi8>, tensor<320xi8>) -> tensor<320xi8>
  return %2 : tensor<320xi8>
}
