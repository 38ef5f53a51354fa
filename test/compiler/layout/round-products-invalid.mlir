// qk-round-products: a target that there is not.
// RUN: not %qcc-opt %s --pass-pipeline='builtin.module(func.func(qk-round-products{target=x86-64-v9}))' 2>&1 | FileCheck %s
// CHECK: error: unknown target 'x86-64-v9'
func.func @f() {
  return
}
