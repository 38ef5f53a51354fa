// qk-plan-arena: state lies in the caller's memory. New values are computed in the place of the old ones where the kernels'
// order allows it, in the arena otherwise.
// RUN: %qcc-opt %s --qk-plan-arena | FileCheck %s
// RUN: %qcc-opt %s --qk-plan-arena --qk-emit-kernels | FileCheck %s --check-prefix=EMIT

!q = !quant.uniform<i8:f32, 1.0:-128>
#flat = #qk.access<format = !q, offset = 0, strides = [1]>

// The second state begins behind 12 bytes. The sum is its own next value, element by element. The first state's next value
// is there before its old one is read for the last time: it is copied from the arena.
// CHECK-LABEL: func @places
// CHECK-SAME: (%[[ARENA:.*]]: memref<{{[0-9]+}}xi8>, %[[STATE:.*]]: memref<24xi8>) attributes
// CHECK-SAME: qk.states = [{initial = 0.000000e+00 : f64, name = "old", offset = 0 : i64, source = [[SOURCE:[0-9]+]] : i64, type = tensor<10x
// CHECK-SAME: {initial = 2.000000e+00 : f64, name = "state1", offset = 12 : i64, type = tensor<10x
// CHECK: %[[SUM:.*]] = memref.view %[[STATE]][%c12{{.*}}][] : memref<24xi8> to memref<10xi8>
// CHECK: %[[TO:.*]] = memref.view %[[STATE]][%c12
// CHECK: qk.map(%{{.*}}, %[[SUM]] into %[[TO]])
// CHECK: memref.view %[[ARENA]]
// CHECK: memref.view %[[STATE]][%c0
// CHECK: return{{$}}
// EMIT-LABEL: llvm.func @places_run
// EMIT-SAME: (%arg0: !llvm.ptr, %[[OUT:.*]]: !llvm.ptr, %[[ARENA:.*]]: !llvm.ptr, %[[STATE:.*]]: !llvm.ptr) -> i32
// EMIT: llvm.getelementptr %[[STATE]][12]
// EMIT: llvm.call @places.map
// The output first: it may be what lay where state is written.
// EMIT: llvm.getelementptr %[[OUT]]
// EMIT: scf.if
// EMIT: llvm.getelementptr %[[STATE]][0]
// EMIT: "llvm.intr.memcpy"
// EMIT: llvm.return
// EMIT-LABEL: llvm.func @places_reset
// EMIT: llvm.mlir.constant(-128 : i8)
// EMIT: "llvm.intr.memset"
// EMIT: llvm.mlir.constant(-126 : i8)
// EMIT: "llvm.intr.memset"
func.func @places(%x: tensor<10xi8> {qnn.type = tensor<10x!q>},
                  %old: tensor<10xi8> {qnn.type = tensor<10x!q>, qnn.name = "old", qnn.state = 0.0 : f64},
                  %sum: tensor<10xi8> {qnn.type = tensor<10x!q>, qnn.state = 2.0 : f64})
    -> (tensor<10xi8> {qnn.type = tensor<10x!q>}, tensor<10xi8> {qnn.type = tensor<10x!q>, qnn.state},
        tensor<10xi8> {qnn.type = tensor<10x!q>, qnn.state}) {
  %e = tensor.empty() : tensor<10xi8>
  %0 = qk.map(%x, %sum into %e) attributes {shape = array<i64: 10>, accesses = [#flat, #flat, #flat]} {
  ^bb0(%a: i32, %b: i32):
    %s = arith.addi %a, %b : i32
    qk.yield %s : i32
  } : (tensor<10xi8>, tensor<10xi8>, tensor<10xi8>) -> tensor<10xi8>
  %1 = qk.map(%x, %0 into %e) attributes {shape = array<i64: 10>, accesses = [#flat, #flat, #flat]} {
  ^bb0(%a: i32, %b: i32):
    %s = arith.subi %a, %b : i32
    qk.yield %s : i32
  } : (tensor<10xi8>, tensor<10xi8>, tensor<10xi8>) -> tensor<10xi8>
  %2 = qk.map(%1, %old into %e) attributes {shape = array<i64: 10>, accesses = [#flat, #flat, #flat]} {
  ^bb0(%a: i32, %b: i32):
    %s = arith.addi %a, %b : i32
    qk.yield %s : i32
  } : (tensor<10xi8>, tensor<10xi8>, tensor<10xi8>) -> tensor<10xi8>
  return %2, %1, %0 : tensor<10xi8>, tensor<10xi8>, tensor<10xi8>
}

// A window that goes on by a frame of 4: moved within its place, in parts of a frame; then the new one behind it.
// CHECK-LABEL: func @window
// CHECK-SAME: (%{{.*}}: memref<4xi8>, %[[STATE:.*]]: memref<12xi8>) attributes
// CHECK-NOT: source
// CHECK: qk.map
// EMIT: llvm.func internal @window.map0(%[[FROM:.*]]: !llvm.ptr, %[[TO:.*]]: !llvm.ptr)
// EMIT: scf.for
// EMIT: "llvm.intr.memcpy"
func.func @window(%x: tensor<4xi8> {qnn.type = tensor<4x!q>},
                  %old: tensor<12xi8> {qnn.type = tensor<12x!q>, qnn.state = 0.0 : f64})
    -> (tensor<4xi8> {qnn.type = tensor<4x!q>}, tensor<12xi8> {qnn.type = tensor<12x!q>, qnn.state}) {
  %e = tensor.empty() : tensor<12xi8>
  %0 = qk.map(%old into %e) attributes {shape = array<i64: 8>, accesses = [#qk.access<format = !q, offset = 4, strides = [1]>, #flat]} {
  ^bb0(%a: i32):
    qk.yield %a : i32
  } : (tensor<12xi8>, tensor<12xi8>) -> tensor<12xi8>
  %1 = qk.map(%x into %0) attributes {shape = array<i64: 4>, accesses = [#flat, #qk.access<format = !q, offset = 8, strides = [1]>]} {
  ^bb0(%a: i32):
    qk.yield %a : i32
  } : (tensor<4xi8>, tensor<12xi8>) -> tensor<12xi8>
  return %x, %1 : tensor<4xi8>, tensor<12xi8>
}
