// qk-emit-kernels: blocks that it refuses.
// RUN: %qcc-opt %s --qk-emit-kernels=target=x86-64-v4 -verify-diagnostics -split-input-file

#w = #qk.window<batch = 1, input = [1, 1], output = [1, 1], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [4, 1]>
func.func @unpacked(%arena: memref<8xi8>) attributes {qk.inputs = [], qk.outputs = []} {
  %c0 = arith.constant 0 : index
  %x = memref.view %arena[%c0][] : memref<8xi8> to memref<4xi8>
  // expected-error @+1 {{has weights that are not packed for 'x86.avx512vnni'; run qk-pack-weights after qk-schedule}}
  qk.contract(%x, %x into %x) attributes {window = #w, rhs_strides = array<i64: 0, 4, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, schedule = #qk.schedule<tile = "x86.avx512vnni", m = 1, n = 16, k = 4>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (memref<4xi8>, memref<4xi8>, memref<4xi8>) -> ()
  return
}

// -----

// A name that no table has.
#w = #qk.window<batch = 1, input = [1, 1], output = [1, 1], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [4, 1]>
func.func @unknown(%arena: memref<8xi8>) attributes {qk.inputs = [], qk.outputs = []} {
  %c0 = arith.constant 0 : index
  %x = memref.view %arena[%c0][] : memref<8xi8> to memref<4xi8>
  // expected-error @+1 {{target 'x86-64-v4' has no tile instruction 'x86.mmx'}}
  qk.contract(%x, %x into %x) attributes {window = #w, rhs_strides = array<i64: 0, 4, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, packed, schedule = #qk.schedule<tile = "x86.mmx", m = 1, n = 16, k = 4>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (memref<4xi8>, memref<4xi8>, memref<4xi8>) -> ()
  return
}
