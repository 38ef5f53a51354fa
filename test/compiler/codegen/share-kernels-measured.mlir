// qk-share-kernels in `qcc compile`: both forms of each class of alike kernels are measured, and the smaller is made.
// RUN: %qcc compile %s --target=cortex-m4 --until=codegen --verbose 2>&1 | FileCheck %s
// RUN: %qcc compile %s --target=cortex-m4 --until=codegen -O3 --verbose 2>&1 | FileCheck %s --check-prefix=SPEED
// RUN: %qcc compile %s --target=x86-64-v3 --until=codegen --verbose 2>&1 | FileCheck %s --check-prefix=SPEED

// -Os is the choice on every target, and size is no aim at -O3 or, by default, on a PC.
// RUN: %qcc compile %s --target=x86-64-v3 -Os --until=codegen --verbose 2>&1 | FileCheck %s --check-prefix=SIZE

// The loops of a dense layer are worth one function; a table and a call with its address are more than a slice.
// CHECK: [[@LINE+18]]:8: remark: 2 alike kernels share one function: {{[0-9]+}} bytes with the arrays they read, {{[0-9]+}} if each had its own
// CHECK: [[@LINE+19]]:8: remark: 2 alike kernels have a function each: {{[0-9]+}} bytes with the arrays they read, {{[0-9]+}} if they shared one
// CHECK-COUNT-2: llvm.call @net.contract0(
// CHECK: llvm.call @net.map2(
// CHECK: llvm.call @net.map3(
// SPEED-NOT: alike kernels
// SPEED: llvm.call @net.contract1(
// SIZE: alike kernels

!q = !quant.uniform<i8:f32, 5.0e-02:-12>
!r = !quant.uniform<i8:f32, 9.0e-02:3>
!s = !quant.uniform<i8:f32, 7.0e-02:5>
!w = !quant.uniform<i8<-127:127>:f32, 1.0e-02>
func.func @net(%x: tensor<1x16x!q>) -> (tensor<1x4x!s>, tensor<1x3x!q>, tensor<1x5x!q>) {
  %w0 = qnn.constant dense<[[3, -5, 7, 1, 2, -9, 4, 4, 4, -8, 60, 2, 1, 2, 3, 4], [5, 6, 7, 8, 9, -1, -2, -3, 100, 0, 0, 0, -100, 0, 0, 0], [50, 5, 5, 5, -127, 127, 1, 2, 3, 4, 9, 9, 9, 1, 1, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9, 8, 7, 6, 5, 4, 3, 2], [1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2], [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]]> : tensor<6x16xi8> : tensor<6x16x!w>
  %b0 = qnn.constant dense<[100, -200, 300, -400, 500, -600]> : tensor<6xi32> : tensor<6xi32>
  %w1 = qnn.constant dense<[[3, -5, 7, 1, 2, -9], [5, 6, 7, 8, 9, -1], [50, 5, 5, 5, -127, 127], [1, 2, 3, 4, 5, 6]]> : tensor<4x6xi8> : tensor<4x6x!w>
  %b1 = qnn.constant dense<[1, 2, 3, 4]> : tensor<4xi32> : tensor<4xi32>
  %0 = qnn.dense %x, %w0 bias %b0 : (tensor<1x16x!q>, tensor<6x16x!w>, tensor<6xi32>) -> tensor<1x6x!r>
  %1 = qnn.dense %0, %w1 bias %b1 : (tensor<1x6x!r>, tensor<4x6x!w>, tensor<4xi32>) -> tensor<1x4x!s>
  %2 = qnn.slice %x {starts = array<i64: 0, 1>, strides = array<i64: 1, 1>} : (tensor<1x16x!q>) -> tensor<1x3x!q>
  %3 = qnn.slice %x {starts = array<i64: 0, 9>, strides = array<i64: 1, 1>} : (tensor<1x16x!q>) -> tensor<1x5x!q>
  return %1, %2, %3 : tensor<1x4x!s>, tensor<1x3x!q>, tensor<1x5x!q>
}
