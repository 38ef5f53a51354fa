// qk-emit-kernels: a function with loops per kernel, and the function that calls them.
// RUN: %qcc-opt %s --qk-emit-kernels=target=cortex-m4 | FileCheck %s -DINT=i32 --implicit-check-not='arith.{{.*}}i64' --implicit-check-not=index
// RUN: %qcc-opt %s --qk-emit-kernels=target=aarch64 | FileCheck %s -DINT=i64

#flat = #qk.access<format = i8, offset = 0, strides = [1]>
#bits = #qk.access<format = i4, offset = 0, strides = [1]>
#w = #qk.window<batch = 1, input = [1, 1], output = [1, 1], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [4, 2]>

// Inputs are copied to their place unless they lie there; weights are read-only, in a section of their own.
// CHECK-LABEL: llvm.func @net_run(%arg0: !llvm.ptr, %arg1: !llvm.ptr, %arg2: !llvm.ptr) -> i32 attributes {no_unwind}
// CHECK: %[[THEIRS:.*]] = llvm.load
// CHECK: %[[OURS:.*]] = llvm.getelementptr %arg2[8]
// CHECK: %[[DIFFERS:.*]] = llvm.icmp "ne" %[[THEIRS]], %[[OURS]]
// CHECK: scf.if %[[DIFFERS]] {
// CHECK: llvm.mlir.constant(4 : [[INT]])
// CHECK: "llvm.intr.memcpy"(%[[OURS]], %[[THEIRS]],
// CHECK: }
// CHECK: %[[W:.*]] = llvm.mlir.addressof @net.stem
// CHECK: llvm.call @net.contract0(%{{.*}}, %[[W]], %{{.*}})
// The last byte of a packed tensor of three codes has four bits left: they are zero. Only the first write clears them.
// CHECK: %[[LAST:.*]] = llvm.getelementptr %{{.*}}[1]
// CHECK: llvm.store %{{.*}}, %[[LAST]]
// CHECK: llvm.call @net.map1(
// CHECK-NOT: llvm.store
// CHECK: llvm.call @net.map2(
// CHECK: llvm.return %{{.*}} : i32
// CHECK: llvm.mlir.global internal constant @net.stem(dense<1> : tensor<8xi8>) {{.*}}section = ".rodata.qcc.weights.net"
// CHECK-LABEL: llvm.func internal @net.contract0(
// CHECK-SAME: !llvm.ptr {llvm.noalias, llvm.readonly}
// CHECK-SAME: no_inline, no_unwind
// CHECK-COUNT-8: scf.for {{.*}} : [[INT]]
// CHECK: arith.muli
// CHECK-LABEL: llvm.func internal @net.map1(
// CHECK-LABEL: llvm.func internal @net.map2(
// CHECK-NOT: func.func
func.func @net(%arena: memref<12xi8>) attributes {qk.inputs = [{name = "x", offset = 8 : i64, type = tensor<4xi8>}], qk.outputs = [{name = "y", offset = 4 : i64, type = tensor<3xi4>}]} {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  %weights = qk.constant dense<1> : tensor<2x4xi8> {name = "stem"} : memref<2x4xi8>
  %x = memref.view %arena[%c8][] : memref<12xi8> to memref<4xi8>
  %y = memref.view %arena[%c0][] : memref<12xi8> to memref<2xi8>
  qk.contract(%x, %weights into %y) attributes {window = #w, rhs_strides = array<i64: 0, 4, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, schedule = #qk.schedule<tile = "generic.int", m = 1, n = 1, k = 0>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (memref<4xi8>, memref<2x4xi8>, memref<2xi8>) -> ()
  %z = memref.view %arena[%c4][] : memref<12xi8> to memref<2xi8>
  qk.map(into %z) attributes {shape = array<i64: 3>, accesses = [#bits]} {
    %c = arith.constant 5 : i32
    qk.yield %c : i32
  } : (memref<2xi8>) -> ()
  qk.map(%y into %z) attributes {shape = array<i64: 2>, accesses = [#flat, #bits]} {
  ^bb0(%a: i32):
    qk.yield %a : i32
  } : (memref<2xi8>, memref<2xi8>) -> ()
  return
}
func.func private @declared(tensor<4xf32>)
