// qk-split-kernels: a target that there is not; and pieces that nobody computes.
// RUN: not %qcc-opt %s --pass-pipeline='builtin.module(func.func(qk-split-kernels{target=z80}))' 2>&1 | FileCheck %s --check-prefix=TARGET
// TARGET: error: unknown target 'z80'
// RUN: not %qcc-opt %s --qk-emit-kernels=target=x86-64-v4 2>&1 | FileCheck %s --check-prefix=PLAIN
// PLAIN: error: has pieces; set the option 'parallel' of qk-emit-kernels
// RUN: not %qcc-opt %s '--qk-emit-kernels=target=x86-64-v4 parallel' 2>&1 | FileCheck %s --check-prefix=ORDER
// ORDER: error: has pieces, but 'generic.int' computes its rows in their order
// RUN: sed 's/pieces = 2/pieces = 2, of_channels = true/' %s | not %qcc-opt - '--qk-emit-kernels=target=x86-64-v4 parallel' 2>&1 | FileCheck %s --check-prefix=TOGETHER
// TOGETHER: error: has pieces, but 'generic.int' computes its channels together

#w = #qk.window<batch = 1, input = [2, 1], output = [2, 1], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 1]>
func.func @pieces(%arena: memref<8xi8>) attributes {qk.inputs = [], qk.outputs = []} {
  %c0 = arith.constant 0 : index
  %x = memref.view %arena[%c0][] : memref<8xi8> to memref<4xi8>
  qk.contract(%x, %x into %x) attributes {window = #w, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, schedule = #qk.schedule<tile = "generic.int", m = 1, n = 1, k = 0, pieces = 2>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (memref<4xi8>, memref<4xi8>, memref<4xi8>) -> ()
  return
}
