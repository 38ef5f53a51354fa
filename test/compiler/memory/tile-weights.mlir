// qk-plan-arena where the first memory has no room for all weights of a contraction: these are fetched and computed in parts of the
// output's channels, as large as there is room for, all of one size but the last.
// RUN: %qcc-opt %s --split-input-file --qk-plan-arena="memories=fast=20,slow=640" --mlir-disable-threading 2>%t.remarks | FileCheck %s
// RUN: FileCheck %s --check-prefix=REMARK < %t.remarks
// RUN: %qcc-opt %s --split-input-file --qk-plan-arena="memories=fast=20,slow=630" --mlir-disable-threading 2>/dev/null | FileCheck %s --check-prefix=FULL

!q = !quant.uniform<i8:f32, 1.0>
#w = #qk.window<batch = 1, input = [8, 8], output = [8, 8], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [4, 6]>
#s = #qk.schedule<tile = "generic.int", m = 1, n = 1, k = 0>

// Six channels of four weights each. The output takes none of the input's place: the second part reads all of it again. Without room
// for both, the layer stays whole, and its output begins just before its input.
// CHECK-LABEL: func @two
// CHECK-SAME: (%[[FAST:.*]]: memref<12xi8>, %[[SLOW:.*]]: memref<640xi8>) attributes
// CHECK: %[[W:.*]] = qk.constant dense<1> : tensor<24xi8>
// CHECK: %[[B:.*]] = qk.constant dense<[1, 2, 3, 4, 5, 6]>
// CHECK: %[[T0:.*]] = memref.view %[[FAST]]{{.*}} to memref<12xi8>
// CHECK-NEXT: qk.fetch(%[[W]] into %[[T0]]) : (memref<24xi8>, memref<12xi8>) -> ()
// CHECK: %[[Y:.*]] = memref.view %[[SLOW]]{{.*}} to memref<384xi8>
// CHECK-NEXT: qk.contract(%{{.*}}, %{{.*}} params %[[B]] into %[[Y]])
// CHECK-SAME: part = #qk.part<first = 0, of = 6>
// CHECK-SAME: channels = [4, 3]
// CHECK: qk.fetch(%[[W]] into %{{.*}}) {offset = 12 : i64} : (memref<24xi8>, memref<12xi8>) -> ()
// CHECK: qk.contract(%{{.*}}, %{{.*}} params %[[B]] into %[[Y]])
// CHECK-SAME: part = #qk.part<first = 3, of = 6>
// CHECK-SAME: channels = [4, 3]
// REMARK: computed in 2 parts of its channels: weights of 12 bytes at a time are copied to 'fast'
// FULL-LABEL: func @two
// FULL-NOT: qk.fetch
// FULL: qk.contract
// FULL-NOT: qk.contract
// FULL: return
func.func @two(%x: tensor<256xi8> {qnn.type = tensor<256x!q>}) -> (tensor<384xi8> {qnn.type = tensor<384x!q>}) {
  %w = qk.constant dense<1> : tensor<24xi8> : tensor<24xi8>
  %b = qk.constant dense<[1, 2, 3, 4, 5, 6]> : tensor<6xi32> : tensor<6xi32>
  %e = tensor.empty() : tensor<384xi8>
  %0 = qk.contract(%x, %w params %b into %e) attributes {window = #w, rhs_strides = array<i64: 0, 4, 4, 4, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, schedule = #s} {
  ^bb0(%acc: i32, %bias: i32):
    %s = arith.addi %acc, %bias : i32
    qk.yield %s : i32
  } : (tensor<256xi8>, tensor<24xi8>, tensor<6xi32>, tensor<384xi8>) -> tensor<384xi8>
  return %0 : tensor<384xi8>
}

// -----

// Weights that are read at two positions: a copy does not pay, whole or in parts.
!q = !quant.uniform<i8:f32, 1.0>
#w = #qk.window<batch = 1, input = [1, 2], output = [1, 2], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [4, 6]>
#s = #qk.schedule<tile = "generic.int", m = 1, n = 1, k = 0>
// CHECK-LABEL: func @seldom
// CHECK-NOT: qk.fetch
// CHECK: return
func.func @seldom(%x: tensor<8xi8> {qnn.type = tensor<8x!q>}) -> (tensor<12xi8> {qnn.type = tensor<12x!q>}) {
  %w = qk.constant dense<1> : tensor<24xi8> : tensor<24xi8>
  %e = tensor.empty() : tensor<12xi8>
  %0 = qk.contract(%x, %w into %e) attributes {window = #w, rhs_strides = array<i64: 0, 4, 4, 4, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, schedule = #s} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<8xi8>, tensor<24xi8>, tensor<12xi8>) -> tensor<12xi8>
  return %0 : tensor<12xi8>
}

// -----

// The weights of a channel do not lie together.
!q = !quant.uniform<i8:f32, 1.0>
#w = #qk.window<batch = 1, input = [8, 8], output = [8, 8], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [4, 6]>
#s = #qk.schedule<tile = "generic.int", m = 1, n = 1, k = 0>
// CHECK-LABEL: func @mixed
// CHECK-NOT: qk.fetch
// CHECK: return
func.func @mixed(%x: tensor<256xi8> {qnn.type = tensor<256x!q>}) -> (tensor<384xi8> {qnn.type = tensor<384x!q>}) {
  %w = qk.constant dense<1> : tensor<24xi8> : tensor<24xi8>
  %e = tensor.empty() : tensor<384xi8>
  %0 = qk.contract(%x, %w into %e) attributes {window = #w, rhs_strides = array<i64: 0, 1, 6, 6, 6>, lhs_format = i8, rhs_format = i8, out_format = i8, schedule = #s} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<256xi8>, tensor<24xi8>, tensor<384xi8>) -> tensor<384xi8>
  return %0 : tensor<384xi8>
}

// -----

// Output codes that do not fill bytes: a channel has no place of its own.
!q = !quant.uniform<i8:f32, 1.0>
#w = #qk.window<batch = 1, input = [8, 8], output = [8, 8], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [4, 6]>
#s = #qk.schedule<tile = "generic.int", m = 1, n = 1, k = 0>
// CHECK-LABEL: func @nibbles
// CHECK-NOT: qk.fetch
// CHECK: return
func.func @nibbles(%x: tensor<256xi8> {qnn.type = tensor<256x!q>}) -> (tensor<192xi8> {qnn.type = tensor<192x!q>}) {
  %w = qk.constant dense<1> : tensor<24xi8> : tensor<24xi8>
  %e = tensor.empty() : tensor<192xi8>
  %0 = qk.contract(%x, %w into %e) attributes {window = #w, rhs_strides = array<i64: 0, 4, 4, 4, 1>, lhs_format = i8, rhs_format = i8, out_format = i4, schedule = #s} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<256xi8>, tensor<24xi8>, tensor<192xi8>) -> tensor<192xi8>
  return %0 : tensor<192xi8>
}
