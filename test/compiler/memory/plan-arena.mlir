// qk-plan-arena: tensors become views of one arena, kernels write in place where they may.
// RUN: %qcc-opt %s --qk-plan-arena | FileCheck %s
// RUN: %qcc-opt %s --qk-plan-arena --mlir-disable-threading 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

!q = !quant.uniform<i8:f32, 1.0>
#flat = #qk.access<format = !q, offset = 0, strides = [1]>

// Element by element, the result may take the input's place; the second kernel reads both, so it may not, until the
// last use of each.
// CHECK-LABEL: func @in_place
// CHECK-SAME: (%[[ARENA:.*]]: memref<12xi8>) attributes
// CHECK-SAME: qk.inputs = [{name = "image", offset = 0 : i64, type = tensor<12x!quant.uniform<i8:f32, 1.000000e+00>>}]
// CHECK-SAME: qk.outputs = [{name = "output0", offset = 0 : i64, type = tensor<12x!quant.uniform<i8:f32, 1.000000e+00>>}]
// REMARK: arena of 12 bytes for 1 buffers; no placement of these needs less than 12
func.func @in_place(%x: tensor<12xi8> {qnn.name = "image", qnn.type = tensor<12x!q>}) -> (tensor<12xi8> {qnn.type = tensor<12x!q>}) {
  // CHECK: %[[TABLE:.*]] = qk.constant dense<0> : tensor<256xi8> : memref<256xi8>
  %t = qk.constant dense<0> : tensor<256xi8> : tensor<256xi8>
  %e = tensor.empty() : tensor<12xi8>
  // CHECK: %[[OFFSET:.*]] = arith.constant 0 : index
  // CHECK: %[[IN:.*]] = memref.view %[[ARENA]][%[[OFFSET]]][] : memref<12xi8> to memref<12xi8>
  // CHECK: %[[OUT:.*]] = memref.view %[[ARENA]]
  // CHECK: qk.lookup(%[[IN]], %[[TABLE]] into %[[OUT]]) {{.*}} -> ()
  %0 = qk.lookup(%x, %t into %e) {count = 12, in_format = !q, out_format = !q} : (tensor<12xi8>, tensor<256xi8>, tensor<12xi8>) -> tensor<12xi8>
  // CHECK: return{{$}}
  return %0 : tensor<12xi8>
}

// %x is read again later, so %0 lies beside it; then both are dead and the sum takes a place.
// CHECK-LABEL: func @kept
// CHECK-SAME: memref<24xi8>
// REMARK: arena of 24 bytes for 2 buffers
func.func @kept(%x: tensor<12xi8> {qnn.type = tensor<12x!q>}) -> (tensor<12xi8> {qnn.type = tensor<12x!q>}) {
  %e = tensor.empty() : tensor<12xi8>
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

// A transposition reads after it wrote: no place of its own input. The view keeps its buffer alive.
// CHECK-LABEL: func @not_in_place
// CHECK-SAME: memref<24xi8>
// REMARK: arena of 24 bytes for 2 buffers
func.func @not_in_place(%x: tensor<3x4xi8> {qnn.type = tensor<3x4x!q>}) -> (tensor<12xi8> {qnn.type = tensor<12x!q>}) {
  %e = tensor.empty() : tensor<12xi8>
  %v = qk.view %x : tensor<3x4xi8> -> tensor<12xi8>
  %0 = qk.map(%v into %e) attributes {shape = array<i64: 4, 3>, accesses = [#qk.access<format = !q, offset = 0, strides = [1, 4]>, #qk.access<format = !q, offset = 0, strides = [3, 1]>]} {
  ^bb0(%a: i32):
    qk.yield %a : i32
  } : (tensor<12xi8>, tensor<12xi8>) -> tensor<12xi8>
  return %0 : tensor<12xi8>
}

// Several writes to one tensor share its view, by which qk-emit-kernels knows the first one.
// CHECK-LABEL: func @concat
// CHECK-SAME: memref<24xi8>
func.func @concat(%x: tensor<8xi8> {qnn.type = tensor<8x!q>}) -> (tensor<16xi8> {qnn.type = tensor<16x!q>}) {
  %e = tensor.empty() : tensor<16xi8>
  // CHECK: qk.map(%{{.*}} into %[[VIEW:.*]]) attributes
  %0 = qk.map(%x into %e) attributes {shape = array<i64: 8>, accesses = [#flat, #flat]} {
  ^bb0(%a: i32):
    qk.yield %a : i32
  } : (tensor<8xi8>, tensor<16xi8>) -> tensor<16xi8>
  // CHECK: qk.map(%{{.*}} into %[[VIEW]]) attributes
  %1 = qk.map(%x into %0) attributes {shape = array<i64: 8>, accesses = [#flat, #qk.access<format = !q, offset = 8, strides = [1]>]} {
  ^bb0(%a: i32):
    qk.yield %a : i32
  } : (tensor<8xi8>, tensor<16xi8>) -> tensor<16xi8>
  return %1 : tensor<16xi8>
}

// CHECK: func private @declared(tensor<4xf32>)
func.func private @declared(tensor<4xf32>)
