// qk-simplify-loops: a loop of one round is its body, one of no round is what it began with, and others stay.
// RUN: %qcc-opt %s --qk-simplify-loops | FileCheck %s

// CHECK-LABEL: func @once
// CHECK-NOT: scf.for
// CHECK: %[[C4:.*]] = arith.constant 4 : i64
// CHECK: %[[SUM:.*]] = arith.addi %arg0, %[[C4]]
// CHECK-NOT: scf.for
// CHECK: return %[[SUM]]
func.func @once(%x: i64) -> i64 {
  %low = arith.constant 4 : i64
  %high = arith.constant 5 : i64
  %step = arith.constant 1 : i64
  %0 = scf.for %i = %low to %high step %step iter_args(%sum = %x) -> (i64) : i64 {
    %next = arith.addi %sum, %i : i64
    scf.yield %next : i64
  }
  return %0 : i64
}

// A step beyond the end is one round, too; so is a loop around such a loop.
// CHECK-LABEL: func @nested
// CHECK-NOT: scf.for
// CHECK: llvm.store
// CHECK-NOT: scf.for
// CHECK: return
func.func @nested(%p: !llvm.ptr) {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %three = arith.constant 3 : i32
  %seven = arith.constant 7 : i32
  scf.for %i = %zero to %three step %seven : i32 {
    scf.for %j = %zero to %one step %one : i32 {
      llvm.store %j, %p : i32, !llvm.ptr
    }
  }
  return
}

// CHECK-LABEL: func @never
// CHECK-NOT: scf.for
// CHECK: return %arg0
func.func @never(%x: i64) -> i64 {
  %low = arith.constant 5 : i64
  %high = arith.constant 5 : i64
  %step = arith.constant 1 : i64
  %0 = scf.for %i = %low to %high step %step iter_args(%sum = %x) -> (i64) : i64 {
    %next = arith.addi %sum, %i : i64
    scf.yield %next : i64
  }
  return %0 : i64
}

// CHECK-LABEL: func @twice
// CHECK: scf.for
// CHECK-LABEL: func @unknown
// CHECK: scf.for
func.func @twice(%p: !llvm.ptr) {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %two = arith.constant 2 : i32
  scf.for %i = %zero to %two step %one : i32 {
    llvm.store %i, %p : i32, !llvm.ptr
  }
  return
}
func.func @unknown(%p: !llvm.ptr, %n: i32) {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  scf.for %i = %zero to %n step %one : i32 {
    llvm.store %i, %p : i32, !llvm.ptr
  }
  return
}
