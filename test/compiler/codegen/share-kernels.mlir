// qk-share-kernels: kernels that differ in numbers only become one function with a table of numbers.
// RUN: %qcc-opt %s --qk-share-kernels | FileCheck %s
// RUN: %qcc-opt %s --qk-share-kernels=only-equal | FileCheck %s --check-prefix=EQUAL

// Where numbers stay, @second needs a function of its own; @again is equal to @other.
// EQUAL-LABEL: llvm.func @run
// EQUAL: llvm.call @first(%arg0)
// EQUAL: llvm.call @second(%arg0)
// EQUAL-COUNT-2: llvm.call @other(%arg0)
// EQUAL: llvm.call @forward
// EQUAL: llvm.call @backward
// EQUAL-NOT: .numbers
// EQUAL-NOT: @again

// Both calls go to the first kernel; what differs (10 and 20, 1.5 and 2.5) is in a table, what is equal (7) is not.
// CHECK-LABEL: llvm.func @run
// CHECK: %[[A:.*]] = llvm.mlir.addressof @first.numbers
// CHECK: llvm.call @first(%arg0, %[[A]])
// CHECK: %[[B:.*]] = llvm.mlir.addressof @second.numbers
// CHECK: llvm.call @first(%arg0, %[[B]])
// CHECK-COUNT-2: llvm.call @other(%arg0) :
// CHECK: llvm.call @forward
// CHECK: llvm.call @backward
llvm.func @run(%arg0: !llvm.ptr) {
  llvm.call @first(%arg0) : (!llvm.ptr) -> ()
  llvm.call @second(%arg0) : (!llvm.ptr) -> ()
  llvm.call @other(%arg0) : (!llvm.ptr) -> ()
  llvm.call @again(%arg0) : (!llvm.ptr) -> ()
  llvm.call @forward(%arg0, %arg0) : (!llvm.ptr, !llvm.ptr) -> ()
  llvm.call @backward(%arg0, %arg0) : (!llvm.ptr, !llvm.ptr) -> ()
  llvm.return
}
// CHECK: llvm.mlir.global internal constant @first.numbers(dense<[10, 1069547520]> : tensor<2xi32>)
// CHECK: llvm.func internal @first(%arg0: !llvm.ptr, %[[T:.*]]: !llvm.ptr
// CHECK: %[[P0:.*]] = llvm.getelementptr %[[T]][0]
// CHECK: %[[N:.*]] = llvm.load %[[P0]] {alignment = 4 : i64} : !llvm.ptr -> i32
// CHECK: %[[P1:.*]] = llvm.getelementptr %[[T]][1]
// CHECK: %[[F:.*]] = llvm.load %[[P1]] {alignment = 4 : i64} : !llvm.ptr -> f32
// CHECK: %[[SEVEN:.*]] = arith.constant 7 : i32
// CHECK: arith.addi %[[N]], %[[SEVEN]]
// CHECK: llvm.store %[[F]]
llvm.func internal @first(%arg0: !llvm.ptr) {
  %a = arith.constant 10 : i32
  %b = arith.constant 7 : i32
  %c = arith.constant 1.5 : f32
  %d = arith.addi %a, %b : i32
  llvm.store %d, %arg0 : i32, !llvm.ptr
  llvm.store %c, %arg0 : f32, !llvm.ptr
  llvm.return
}
// CHECK: @second.numbers(dense<[20, 1075838976]>
// CHECK-NOT: llvm.func internal @second
llvm.func internal @second(%arg0: !llvm.ptr) {
  %a = arith.constant 20 : i32
  %b = arith.constant 7 : i32
  %c = arith.constant 2.5 : f32
  %d = arith.addi %a, %b : i32
  llvm.store %d, %arg0 : i32, !llvm.ptr
  llvm.store %c, %arg0 : f32, !llvm.ptr
  llvm.return
}
// Another operation is another kernel.
// CHECK: llvm.func internal @other(%arg0: !llvm.ptr) {
llvm.func internal @other(%arg0: !llvm.ptr) {
  %a = arith.constant 20 : i32
  %b = arith.constant 7 : i32
  %c = arith.constant 2.5 : f32
  %d = arith.subi %a, %b : i32
  llvm.store %d, %arg0 : i32, !llvm.ptr
  llvm.store %c, %arg0 : f32, !llvm.ptr
  llvm.return
}
llvm.func internal @again(%arg0: !llvm.ptr) {
  %a = arith.constant 20 : i32
  %b = arith.constant 7 : i32
  %c = arith.constant 2.5 : f32
  %d = arith.subi %a, %b : i32
  llvm.store %d, %arg0 : i32, !llvm.ptr
  llvm.store %c, %arg0 : f32, !llvm.ptr
  llvm.return
}
// Arguments in another order are other arguments.
llvm.func internal @forward(%a: !llvm.ptr, %b: !llvm.ptr) {
  %0 = llvm.load %a : !llvm.ptr -> i32
  llvm.store %0, %b : i32, !llvm.ptr
  llvm.return
}
llvm.func internal @backward(%a: !llvm.ptr, %b: !llvm.ptr) {
  %0 = llvm.load %b : !llvm.ptr -> i32
  llvm.store %0, %a : i32, !llvm.ptr
  llvm.return
}
