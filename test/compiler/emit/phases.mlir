// qcc compile --until=<phase>: the IR after each phase of compiler/emit/Compile.h.
// RUN: %qcc compile %s --target=cortex-m4 --until=import | FileCheck %s --check-prefix=QNN
// RUN: %qcc compile %s --target=cortex-m4 --until=compress | FileCheck %s --check-prefix=QNN
// RUN: %qcc compile %s --target=cortex-m4 --until=quantize | FileCheck %s --check-prefix=QNN
// RUN: %qcc compile %s --target=cortex-m4 --until=algorithm | FileCheck %s --check-prefix=QNN
// RUN: %qcc compile %s --target=cortex-m4 --until=layout | FileCheck %s --check-prefix=LAYOUT
// RUN: %qcc compile %s --target=cortex-m4 --until=tile | FileCheck %s --check-prefix=TILE
// RUN: %qcc compile %s --target=cortex-m4 --until=plan | FileCheck %s --check-prefix=PLAN
// RUN: %qcc compile %s --target=cortex-m4 --until=codegen | FileCheck %s --check-prefix=CODEGEN
// RUN: %qcc compile %s --target=cortex-m4 --until=object -o %t.o
// RUN: llvm-readelf -h %t.o | FileCheck %s --check-prefix=OBJECT
// RUN: not %qcc compile %s --until=nowhere 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// QNN: func.func @net(%{{.*}}: tensor<1x4x!quant.uniform<i8:f32, 5.000000e-01>> {qnn.name = "x"}
// QNN: qnn.dense
// QNN-NOT: qk.

// LAYOUT: func.func @net(%{{.*}}: tensor<1x4xi8>
// LAYOUT: qk.contract
// LAYOUT-NOT: schedule
// LAYOUT: qk.requantize
// LAYOUT-NOT: qnn.dense

// TILE: schedule = #qk.schedule<tile =

// PLAN: func.func @net(%{{.*}}: memref<20xi8>) attributes {qk.align = 16 : i64, qk.inputs
// PLAN: qk.contract({{.*}}schedule = #qk.schedule
// PLAN: -> ()

// CODEGEN-NOT: qk.
// CODEGEN: llvm.func @net_run(
// CODEGEN: llvm.func internal @net.contract0(
// CODEGEN-NOT: scf.

// OBJECT: Machine: ARM

// UNKNOWN: nowhere

!q = !quant.uniform<i8:f32, 5.0e-01>
func.func @net(%x: tensor<1x4x!q> {qnn.name = "x"}) -> tensor<1x2x!q> {
  %w = qnn.constant dense<[[1, 2, 3, 4], [5, 6, 7, 8]]> : tensor<2x4xi8> : tensor<2x4x!q>
  %y = qnn.dense %x, %w : (tensor<1x4x!q>, tensor<2x4x!q>) -> tensor<1x2x!q>
  return %y : tensor<1x2x!q>
}
