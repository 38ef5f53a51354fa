// qk-pack-weights: what it refuses.
// RUN: %qcc-opt %s --qk-pack-weights=target=pdp-11 -verify-diagnostics

// expected-error @+1 {{unknown target 'pdp-11'}}
module {}
