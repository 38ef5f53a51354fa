// qk-plan-arena: what it refuses.
// RUN: %qcc-opt %s --qk-plan-arena -verify-diagnostics -split-input-file
// RUN: not %qcc-opt %s --qk-plan-arena="align=24" -split-input-file 2>&1 | FileCheck %s
// CHECK: error: expects a power of two as alignment, but got 24

func.func @not_lowered(%x: tensor<4xf32> {qnn.type = tensor<4xf32>}) -> (tensor<4xf32> {qnn.type = tensor<4xf32>}) {
  // expected-error @+1 {{is no kernel; run convert-qnn-to-qk first}}
  %0 = qnn.relu %x : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// expected-error @+1 {{expects a tensor as input 0, but got 'index'}}
func.func @port(%x: index) -> index {
  return %x : index
}

// -----

// expected-error @+1 {{expects the attribute qnn.type on input 0; convert-qnn-to-qk sets it}}
func.func @no_type(%x: tensor<4xf32>) -> (tensor<4xf32> {qnn.type = tensor<4xf32>}) {
  return %x : tensor<4xf32>
}

// -----

// expected-error @+1 {{expects the attribute qnn.type on output 0; convert-qnn-to-qk sets it}}
func.func @no_type(%x: tensor<4xf32> {qnn.type = tensor<4xf32>}) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

// -----

// expected-error @+1 {{expects a model of one block, but got 2}}
func.func @blocks(%x: tensor<4xf32> {qnn.type = tensor<4xf32>}) -> (tensor<4xf32> {qnn.type = tensor<4xf32>}) {
  cf.br ^next
^next:
  return %x : tensor<4xf32>
}

// -----

// expected-error @+1 {{expects a kernel's result or an input as output 0, which needs memory of its own}}
func.func @constant() -> (tensor<4xf32> {qnn.type = tensor<4xf32>}) {
  %0 = qk.constant dense<1.0> : tensor<4xf32> : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// The second write would change what the third kernel reads from %0.
#one = #qk.access<format = f32, offset = 0, strides = [1]>
func.func @shared(%x: tensor<4xf32> {qnn.type = tensor<4xf32>}) -> (tensor<4xf32> {qnn.type = tensor<4xf32>}, tensor<4xf32> {qnn.type = tensor<4xf32>}) {
  %e = tensor.empty() : tensor<4xf32>
  %0 = qk.map(%x into %e) attributes {shape = array<i64: 2>, accesses = [#one, #one]} {
  ^bb0(%a: f32):
    qk.yield %a : f32
  } : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  // expected-error @+1 {{writes to a tensor that is used elsewhere, or that no kernel made}}
  %1 = qk.map(%x into %0) attributes {shape = array<i64: 2>, accesses = [#one, #one]} {
  ^bb0(%a: f32):
    qk.yield %a : f32
  } : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}

// -----

#one = #qk.access<format = f32, offset = 0, strides = [1]>
func.func @planned() {
  %x = qk.constant dense<1.0> : tensor<4xf32> : memref<4xf32>
  // expected-error @+1 {{writes to memory that is planned already}}
  qk.map(%x into %x) attributes {shape = array<i64: 4>, accesses = [#one, #one]} {
  ^bb0(%a: f32):
    qk.yield %a : f32
  } : (memref<4xf32>, memref<4xf32>) -> ()
  return
}

// -----

#one = #qk.access<format = f32, offset = 0, strides = [1]>
// expected-remark @+2 {{arena of 2147483648 bytes for 2 buffers}}
// expected-error @+1 {{needs an arena of 2147483648 bytes, but offsets reach only 2147483647}}
func.func @huge(%x: tensor<536870912xf32> {qnn.type = tensor<536870912xf32>}) -> (tensor<536870912xf32> {qnn.type = tensor<536870912xf32>}) {
  %e = tensor.empty() : tensor<536870912xf32>
  %0 = qk.map(%x into %e) attributes {shape = array<i64: 2>, accesses = [#one, #one]} {
  ^bb0(%a: f32):
    qk.yield %a : f32
  } : (tensor<536870912xf32>, tensor<536870912xf32>) -> tensor<536870912xf32>
  return %0 : tensor<536870912xf32>
}

// -----

!f = tensor<536870912xf32>
// expected-remark @+2 {{arena of}}
// expected-error @+1 {{needs 2147483648 bytes of state, but offsets reach only 2147483647}}
func.func @huge_state(%x: tensor<1xf32> {qnn.type = tensor<1xf32>}, %s: !f {qnn.type = !f, qnn.state = 0.0 : f64})
    -> (tensor<1xf32> {qnn.type = tensor<1xf32>}, !f {qnn.type = !f, qnn.state}) {
  return %x, %s : tensor<1xf32>, !f
}

// -----

// One state's value as another's next value would be overwritten before it is copied.
!f = tensor<2xf32>
// expected-error @+1 {{expects a kernel's result or an input as output 0, which needs memory of its own}}
func.func @swapped(%s: !f {qnn.type = !f, qnn.state = 0.0 : f64}, %t: !f {qnn.type = !f, qnn.state = 0.0 : f64})
    -> (!f {qnn.type = !f, qnn.state}, !f {qnn.type = !f, qnn.state}) {
  return %t, %s : !f, !f
}
