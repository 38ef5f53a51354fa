// qk-plan-arena with several memories: what is used most goes to the first, and everything has a place.
// RUN: %qcc-opt %s --qk-plan-arena="memories=fast=300,slow=2000" --mlir-disable-threading 2>%t.remarks | FileCheck %s
// RUN: FileCheck %s --check-prefix=REMARK < %t.remarks
// RUN: %qcc-opt %s --qk-plan-arena="memories=fast=3000,slow=2000" | FileCheck %s --check-prefix=ROOM
// RUN: %qcc-opt %s --qk-plan-arena="memories=only=3000" | FileCheck %s --check-prefix=ONE

!q = !quant.uniform<i8:f32, 1.0>
#flat = #qk.access<format = !q, offset = 0, strides = [1]>
#one = #qk.window<batch = 1, input = [8, 8], output = [8, 8], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [4, 8]>
#wide = #qk.window<batch = 1, input = [8, 8], output = [8, 8], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [8, 8]>

// Weights are read 64 times, once at each position: they are copied to fast memory before. Beside those of the first contraction, the
// input has room there; those of the second take its place. The large tensors do not fit.
// CHECK-LABEL: func @hot
// CHECK-SAME: (%[[FAST:.*]]: memref<288xi8>, %[[SLOW:.*]]: memref<520xi8>) attributes
// CHECK-SAME: qk.inputs = [{memory = 0 : i64, name = "x", offset = 0 : i64
// CHECK-SAME: qk.memories = [{bytes = 288 : i64, capacity = 300 : i64, lower_bound = 288 : i64, name = "fast"}, {bytes = 520 : i64, capacity = 2000 : i64, lower_bound = 520 : i64, name = "slow"}]
// CHECK-SAME: qk.outputs = [{memory = 1 : i64, name = "y"
// REMARK: memory 'fast' of 288 bytes for 3 buffers; no placement of these needs less than 288
// REMARK: memory 'slow' of 520 bytes for 2 buffers
// REMARK: weights of 32 bytes are copied to 'fast' before they are read
// REMARK: weights of 64 bytes are copied to 'fast' before they are read
// ROOM-LABEL: func @hot
// ROOM-SAME: (%[[FAST:.*]]: memref<{{[0-9]+}}xi8>, %{{.*}}: memref<0xi8>)
// ONE-LABEL: func @hot
// ONE-SAME: (%[[ONLY:.*]]: memref<{{[0-9]+}}xi8>) attributes
// ONE-NOT: qk.fetch
func.func @hot(%x: tensor<256xi8> {qnn.name = "x", qnn.type = tensor<256x!q>}) -> (tensor<512xi8> {qnn.name = "y", qnn.type = tensor<512x!q>}) {
  %w = qk.constant dense<1> : tensor<32xi8> : tensor<32xi8>
  %v = qk.constant dense<1> : tensor<64xi8> : tensor<64xi8>
  %e = tensor.empty() : tensor<512xi8>
  // ROOM: %[[W:.*]] = qk.constant dense<1> : tensor<32xi8> : memref<32xi8>
  // ROOM: %[[COPY:.*]] = memref.view %[[FAST]][%{{.*}}][] : memref<{{[0-9]+}}xi8> to memref<32xi8>
  // ROOM-NEXT: qk.fetch(%[[W]] into %[[COPY]]) : (memref<32xi8>, memref<32xi8>) -> ()
  // ROOM: %[[READ:.*]] = memref.view %[[FAST]]{{.*}} to memref<32xi8>
  // ROOM: qk.contract(%{{.*}}, %[[READ]] into
  // ROOM: qk.fetch(
  // ROOM: qk.contract(
  // ONE: qk.contract(
  %0 = qk.contract(%x, %w into %e) attributes {window = #one, rhs_strides = array<i64: 0, 4, 4, 4, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, schedule = #qk.schedule<tile = "generic.int", m = 1, n = 1, k = 0>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<256xi8>, tensor<32xi8>, tensor<512xi8>) -> tensor<512xi8>
  %1 = qk.contract(%0, %v into %e) attributes {window = #wide, rhs_strides = array<i64: 0, 8, 8, 8, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, schedule = #qk.schedule<tile = "generic.int", m = 1, n = 1, k = 0>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<512xi8>, tensor<64xi8>, tensor<512xi8>) -> tensor<512xi8>
  return %1 : tensor<512xi8>
}
