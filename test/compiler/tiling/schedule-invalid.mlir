// qk-schedule: what it refuses.
// RUN: %qcc-opt %s --pass-pipeline='builtin.module(func.func(qk-schedule{target=pdp-11}))' -verify-diagnostics
// RUN: not %qcc-opt %s --pass-pipeline='builtin.module(func.func(qk-schedule{target=x86-64-v3 features=+warp}))' 2>&1 | FileCheck %s --check-prefix=FEATURE
// FEATURE: error: unknown feature 'warp' for x86_64-unknown-linux-gnu
// RUN: not %qcc-opt %s --pass-pipeline='builtin.module(func.func(qk-schedule{target=cortex-m55 features=-mve}))' 2>&1 | FileCheck %s --check-prefix=NEEDED
// NEEDED: error: target 'cortex-m55' needs feature 'mve', which cortex-m55 with '-mve' lacks
// RUN: not %qcc-opt %s --pass-pipeline='builtin.module(func.func(qk-schedule{target=x86-64-v3 features=fma}))' 2>&1 | FileCheck %s --check-prefix=SIGN
// SIGN: error: expects '+' or '-' before each feature, but got 'fma'

// expected-error @+1 {{unknown target 'pdp-11'; the targets are host, x86-64, x86-64-v3, }}
func.func @f() {
  return
}
