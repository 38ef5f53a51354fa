// qk-plan-arena with memories that are too small.
// RUN: %qcc-opt %s --qk-plan-arena="memories=fast=8,slow=20" -verify-diagnostics

!q = !quant.uniform<i8:f32, 1.0>
#flat = #qk.access<format = !q, offset = 0, strides = [1]>
func.func @small(%x: tensor<12xi8> {qnn.type = tensor<12x!q>}) -> (tensor<12xi8> {qnn.type = tensor<12x!q>}) {
  %e = tensor.empty() : tensor<12xi8>
  // expected-error @+1 {{expects memories with room for all tensors, but they are fast=8,slow=20, and this layer needs 24 bytes at a time; fast=8,slow=24 can be met}}
  %0 = qk.map(%x into %e) attributes {shape = array<i64: 12>, accesses = [#flat, #flat]} {
  ^bb0(%a: i32):
    qk.yield %a : i32
  } : (tensor<12xi8>, tensor<12xi8>) -> tensor<12xi8>
  %1 = qk.map(%x, %0 into %e) attributes {shape = array<i64: 12>, accesses = [#flat, #flat, #flat]} {
  ^bb0(%a: i32, %b: i32):
    %s = arith.addi %a, %b : i32
    qk.yield %s : i32
  } : (tensor<12xi8>, tensor<12xi8>, tensor<12xi8>) -> tensor<12xi8>
  return %1 : tensor<12xi8>
}
