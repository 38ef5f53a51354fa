// qk-emit-kernels: what it refuses.
// RUN: %qcc-opt %s --qk-emit-kernels=target=cortex-m4 -verify-diagnostics -split-input-file
// RUN: not %qcc-opt %s --qk-emit-kernels=target=pdp-11 -split-input-file 2>&1 | FileCheck %s --check-prefix=TARGET
// TARGET: error: unknown target 'pdp-11'

// expected-error @+1 {{has no attribute qk.inputs; run qk-plan-arena first}}
func.func @unplanned(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

// -----

// expected-error @+1 {{expects one block with the arena as argument}}
func.func @two(%a: memref<4xi8>, %b: memref<4xi8>) attributes {qk.inputs = [], qk.outputs = []} {
  return
}

// -----

func.func @other(%a: memref<4xi8>) attributes {qk.inputs = [], qk.outputs = []} {
  // expected-error @+1 {{is no kernel; run convert-qnn-to-qk and qk-plan-arena first}}
  %0 = memref.alloc() : memref<4xi8>
  return
}

// -----

#flat = #qk.access<format = i8, offset = 0, strides = [1]>
func.func @elsewhere(%a: memref<4xi8>) attributes {qk.inputs = [], qk.outputs = []} {
  // expected-error @+1 {{expects constants and views of the arena at constant offsets; run qk-plan-arena first}}
  qk.map(into %a) attributes {shape = array<i64: 4>, accesses = [#flat]} {
    %c = arith.constant 5 : i32
    qk.yield %c : i32
  } : (memref<4xi8>) -> ()
  return
}

// -----

#w = #qk.window<batch = 1, input = [1, 1], output = [1, 1], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [4, 1]>
func.func @unscheduled(%arena: memref<8xi8>) attributes {qk.inputs = [], qk.outputs = []} {
  %c0 = arith.constant 0 : index
  %x = memref.view %arena[%c0][] : memref<8xi8> to memref<4xi8>
  // expected-error @+1 {{has no schedule; run qk-schedule first}}
  qk.contract(%x, %x into %x) attributes {window = #w, rhs_strides = array<i64: 0, 4, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (memref<4xi8>, memref<4xi8>, memref<4xi8>) -> ()
  return
}

// -----

#w = #qk.window<batch = 1, input = [1, 1], output = [1, 1], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [4, 1]>
func.func @foreign(%arena: memref<8xi8>) attributes {qk.inputs = [], qk.outputs = []} {
  %c0 = arith.constant 0 : index
  %x = memref.view %arena[%c0][] : memref<8xi8> to memref<4xi8>
  // expected-error @+1 {{target 'cortex-m4' has no tile instruction 'x86.vnni'}}
  qk.contract(%x, %x into %x) attributes {window = #w, rhs_strides = array<i64: 0, 4, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, schedule = #qk.schedule<tile = "x86.vnni", m = 1, n = 16, k = 4>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (memref<4xi8>, memref<4xi8>, memref<4xi8>) -> ()
  return
}

// -----

// Weights in their own order, but a tile that reads packed ones.
#w = #qk.window<batch = 1, input = [1, 1], output = [1, 1], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [4, 1]>
func.func @packed(%arena: memref<8xi8>) attributes {qk.inputs = [], qk.outputs = []} {
  %c0 = arith.constant 0 : index
  %x = memref.view %arena[%c0][] : memref<8xi8> to memref<4xi8>
  // expected-error @+1 {{has weights that are packed for 'generic.int'; run qk-pack-weights after qk-schedule}}
  qk.contract(%x, %x into %x) attributes {window = #w, rhs_strides = array<i64: 0, 4, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, packed, schedule = #qk.schedule<tile = "generic.int", m = 1, n = 1, k = 0>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (memref<4xi8>, memref<4xi8>, memref<4xi8>) -> ()
  return
}
