// qk-emit-kernels: maps and pools in vectors of the target's lanes, the rest of a row in a shorter one; scalars on microcontrollers.
// RUN: %qcc-opt %s --qk-emit-kernels=target=x86-64-v4 | FileCheck %s
// RUN: %qcc-opt %s --qk-emit-kernels=target=cortex-m4 | FileCheck %s --check-prefix=SCALAR --implicit-check-not=vector

#flat = #qk.access<format = i8, offset = 0, strides = [35, 1]>
#one = #qk.access<format = ui8, offset = 0, strides = [1, 0]>
#column = #qk.access<format = i8, offset = 0, strides = [1, 35]>
#max = #qk.window<batch = 1, input = [2, 2], output = [1, 1], kernel = [2, 2], strides = [2, 2], dilations = [1, 1], pads = [0, 0], groups = 35, channels = [1, 1]>

// 35 codes of a row are two vectors of 16 and one of 3 in 4; the other input is one code that repeats.
// CHECK-LABEL: llvm.func internal @net.map0(
// CHECK: scf.for
// CHECK: scf.for
// CHECK: llvm.load %{{.*}} {alignment = 1 : i64} : !llvm.ptr -> vector<16xi8>
// CHECK: arith.extsi %{{.*}} : vector<16xi8> to vector<16xi32>
// CHECK: arith.extui %{{.*}} : i8 to i32
// CHECK: llvm.shufflevector
// CHECK: arith.addi %{{.*}} : vector<16xi32>
// CHECK: arith.trunci %{{.*}} : vector<16xi32> to vector<16xi8>
// CHECK: llvm.store %{{.*}} : vector<16xi8>, !llvm.ptr
// CHECK: llvm.intr.masked.load %{{.*}} -> vector<4xi8>
// CHECK: llvm.intr.masked.store
// SCALAR-LABEL: llvm.func internal @net.map0(

// A copy of whole rows is a copy of memory.
// CHECK-LABEL: llvm.func internal @net.map1(
// CHECK-NOT: scf.for
// CHECK: "llvm.intr.memcpy"
// CHECK: llvm.return
// SCALAR-LABEL: llvm.func internal @net.map1(
// SCALAR: "llvm.intr.memcpy"

// Codes that are no neighbours are moved one by one.
// CHECK-LABEL: llvm.func internal @net.map2(
// CHECK-NOT: vector
// CHECK: llvm.return

// The largest of a window is compared as it is stored, 64 at a time if there are as many: here 35 in one vector.
// CHECK-LABEL: llvm.func internal @net.pool3(
// CHECK: llvm.intr.masked.load %{{.*}} -> vector<64xi8>
// CHECK: arith.maxsi %{{.*}} : vector<64xi8>
// CHECK: arith.extsi %{{.*}} : vector<64xi8> to vector<64xi32>
// CHECK: llvm.intr.masked.store
func.func @net(%arena: memref<1024xi8>) attributes {qk.inputs = [], qk.outputs = []} {
  %c0 = arith.constant 0 : index
  %c256 = arith.constant 256 : index
  %c512 = arith.constant 512 : index
  %c768 = arith.constant 768 : index
  %x = memref.view %arena[%c0][] : memref<1024xi8> to memref<4x35xi8>
  %s = memref.view %arena[%c512][] : memref<1024xi8> to memref<4xi8>
  %y = memref.view %arena[%c256][] : memref<1024xi8> to memref<4x35xi8>
  %z = memref.view %arena[%c768][] : memref<1024xi8> to memref<35xi8>
  qk.map(%x, %s into %x) attributes {shape = array<i64: 4, 35>, accesses = [#flat, #one, #flat]} {
  ^bb0(%a: i32, %b: i32):
    %sum = arith.addi %a, %b : i32
    qk.yield %sum : i32
  } : (memref<4x35xi8>, memref<4xi8>, memref<4x35xi8>) -> ()
  qk.map(%x into %y) attributes {shape = array<i64: 4, 35>, accesses = [#flat, #flat]} {
  ^bb0(%a: i32):
    qk.yield %a : i32
  } : (memref<4x35xi8>, memref<4x35xi8>) -> ()
  qk.map(%y into %x) attributes {shape = array<i64: 35, 4>, accesses = [#column, #qk.access<format = i8, offset = 0, strides = [4, 1]>]} {
  ^bb0(%a: i32):
    qk.yield %a : i32
  } : (memref<4x35xi8>, memref<4x35xi8>) -> ()
  qk.pool(%x into %z) attributes {window = #max, kind = #qk.pool<max>, in_format = i8, out_format = i8} {
  ^bb0(%largest: i32, %count: i32):
    qk.yield %largest : i32
  } : (memref<4x35xi8>, memref<35xi8>) -> ()
  return
}
