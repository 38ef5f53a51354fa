// qk-share-kernels in `qcc compile`: both forms of each class of alike kernels are measured, and the smaller is made.
// RUN: %qcc compile %s --target=cortex-m4 --until=codegen --verbose 2>&1 | FileCheck %s
// RUN: %qcc compile %s --target=cortex-m4 --until=codegen -O3 --verbose 2>&1 | FileCheck %s --check-prefix=SPEED
// RUN: %qcc compile %s --target=x86-64-v3 --until=codegen --verbose 2>&1 | FileCheck %s --check-prefix=SPEED

// -Os is the choice on every target, and size is no aim at -O3 or, by default, on a PC.
// RUN: %qcc compile %s --target=x86-64-v3 -Os --until=codegen --verbose 2>&1 | FileCheck %s --check-prefix=SIZE

// The loops of a pool are worth one function; a table and a call with its address are more than a slice.
// CHECK: [[@LINE+11]]:8: remark: 3 alike kernels share one function: {{[0-9]+}} bytes with the arrays they read, {{[0-9]+}} if each had its own
// CHECK: [[@LINE+13]]:8: remark: 2 alike kernels have a function each: {{[0-9]+}} bytes with the arrays they read, {{[0-9]+}} if they shared one
// CHECK-COUNT-3: llvm.call @net.pool0(
// CHECK: llvm.call @net.map3(
// CHECK: llvm.call @net.map4(
// SPEED-NOT: alike kernels
// SPEED: llvm.call @net.pool1(
// SIZE: alike kernels

!q = !quant.uniform<i8:f32, 5.0e-02:-12>
func.func @net(%x: tensor<1x16x!q>, %y: tensor<1x6x6x2x!q>) -> (tensor<1x1x1x2x!q>, tensor<1x3x!q>, tensor<1x5x!q>) {
  %p = qnn.avg_pool2d %y {kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>} : (tensor<1x6x6x2x!q>) -> tensor<1x6x6x2x!q>
  %0 = qnn.avg_pool2d %p {kernel = array<i64: 2, 2>, strides = array<i64: 3, 3>, pads = array<i64: 1, 1, 1, 1>} : (tensor<1x6x6x2x!q>) -> tensor<1x3x3x2x!q>
  %1 = qnn.avg_pool2d %0 {kernel = array<i64: 4, 4>, strides = array<i64: 2, 2>, pads = array<i64: 1, 1, 1, 1>} : (tensor<1x3x3x2x!q>) -> tensor<1x1x1x2x!q>
  %2 = qnn.slice %x {starts = array<i64: 0, 1>, strides = array<i64: 1, 1>} : (tensor<1x16x!q>) -> tensor<1x3x!q>
  %3 = qnn.slice %x {starts = array<i64: 0, 9>, strides = array<i64: 1, 1>} : (tensor<1x16x!q>) -> tensor<1x5x!q>
  return %1, %2, %3 : tensor<1x1x1x2x!q>, tensor<1x3x!q>, tensor<1x5x!q>
}
