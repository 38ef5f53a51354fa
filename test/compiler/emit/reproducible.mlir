// Two runs write the same bytes, on every kind of target; another weight gives another hash.
// RUN: %qcc compile %S/phases.mlir --target=cortex-m4 -o %t.m4.o
// RUN: %qcc compile %S/phases.mlir --target=cortex-m4 -o %t.again.m4.o
// RUN: cmp %t.m4.o %t.again.m4.o
// RUN: cmp %t.m4.h %t.again.m4.h
// RUN: %qcc compile %S/phases.mlir --target=aarch64 --emit=lib -o %t.a
// RUN: %qcc compile %S/phases.mlir --target=aarch64 --emit=lib -o %t.again.a
// RUN: cmp %t.a %t.again.a
// RUN: %qcc compile %S/phases.mlir --target=wasm32 -o %t.wasm.o
// RUN: %qcc compile %S/phases.mlir --target=wasm32 -o %t.again.wasm.o
// RUN: cmp %t.wasm.o %t.again.wasm.o
// RUN: sed 's/7, 8/7, 9/' %S/phases.mlir > %t.other.mlir
// RUN: %qcc compile %t.other.mlir --target=cortex-m4 --emit=header -o %t.other.h
// RUN: grep HASH %t.m4.h > %t.hash
// RUN: grep HASH %t.other.h > %t.other.hash
// RUN: not cmp %t.hash %t.other.hash
