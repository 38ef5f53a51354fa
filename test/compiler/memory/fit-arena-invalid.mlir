// qk-fit-arena: budgets that cannot be met.
// RUN: %qcc-opt %s --qk-schedule --qk-fit-arena="budget=1500 stack=400" -verify-diagnostics -split-input-file
// RUN: %qcc-opt %s --qk-schedule --qk-fit-arena="least-memory budget=1500 stack=400" -verify-diagnostics -split-input-file

!q = !quant.uniform<i8:f32, 1.0>
#window = #qk.window<batch = 1, input = [8, 8], output = [8, 8], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [16, 16]>

func.func @too_large(%x: tensor<1024xi8> {qnn.type = tensor<1x8x8x16x!q>}) -> (tensor<1024xi8> {qnn.type = tensor<1x8x8x16x!q>}) {
  %w = qk.constant dense<1> : tensor<2304xi8> : tensor<2304xi8>
  %e = tensor.empty() : tensor<1024xi8>
  // expected-remark @+2 {{computed by x86.avx2.byte}}
  // expected-error @+1 {{expects at most 1500 bytes of ram, but this layer needs 1184 bytes of the arena, and the stack has 400; the smallest budget that can be met is 1584}}
  %0 = qk.contract(%x, %w into %e) attributes {window = #window, rhs_strides = array<i64: 0, 144, 48, 16, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<1024xi8>, tensor<2304xi8>, tensor<1024xi8>) -> tensor<1024xi8>
  return %0 : tensor<1024xi8>
}
