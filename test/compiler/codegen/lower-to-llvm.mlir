// qk-lower-to-llvm: loops become branches, arithmetic becomes LLVM's, and 32-bit indices stay 32-bit.
// RUN: %qcc-opt %s --qk-lower-to-llvm | FileCheck %s --implicit-check-not=i64 --implicit-check-not=scf. --implicit-check-not=arith.

// CHECK-LABEL: llvm.func internal @sum
// CHECK: llvm.br ^bb1(
// CHECK: ^bb1(%[[I:.*]]: i32, %[[SUM:.*]]: i32):
// CHECK: %[[GOES:.*]] = llvm.icmp "slt" %[[I]],
// CHECK: llvm.cond_br %[[GOES]], ^bb2, ^bb3
// CHECK: ^bb2:
// CHECK: llvm.getelementptr %arg0[%[[I]]] : (!llvm.ptr, i32) -> !llvm.ptr, i8
// CHECK: llvm.sext %{{.*}} : i8 to i32
// CHECK: llvm.add
// CHECK: llvm.intr.smax
// CHECK: llvm.br ^bb1
// CHECK: llvm.return
llvm.func internal @sum(%x: !llvm.ptr) -> i32 {
  %low = arith.constant 0 : i32
  %high = arith.constant 10 : i32
  %one = arith.constant 1 : i32
  %total = scf.for %i = %low to %high step %one iter_args(%sum = %low) -> (i32) : i32 {
    %p = llvm.getelementptr %x[%i] : (!llvm.ptr, i32) -> !llvm.ptr, i8
    %c = llvm.load %p : !llvm.ptr -> i8
    %e = arith.extsi %c : i8 to i32
    %s = arith.addi %sum, %e : i32
    %m = arith.maxsi %s, %low : i32
    scf.yield %m : i32
  }
  llvm.return %total : i32
}
