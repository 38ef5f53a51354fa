// qk-schedule: what it refuses.
// RUN: %qcc-opt %s --pass-pipeline='builtin.module(func.func(qk-schedule{target=pdp-11}))' -verify-diagnostics

// expected-error @+1 {{unknown target 'pdp-11'}}
func.func @f() {
  return
}
