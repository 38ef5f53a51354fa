// qk-fuse-maps: a map of a contraction's result becomes a part of its epilogue, which may read what its destination holds.
// RUN: %qcc-opt %s --qk-schedule --qk-fuse-maps 2>%t | FileCheck %s
// RUN: FileCheck %s --check-prefix=REMARK --input-file=%t
// RUN: %qcc-opt %s --qk-schedule="target=cortex-m4" --qk-fuse-maps="target=cortex-m4" | FileCheck %s --check-prefix=SCALAR
// SCALAR-NOT: init_format
// SCALAR-COUNT-9: qk.map

#w = #qk.window<batch = 1, input = [4, 4], output = [4, 4], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [16, 16]>
#prime = #qk.window<batch = 1, input = [1, 1009], output = [1, 1009], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [16, 16]>
!u = !quant.uniform<u8:f32, 1.0>
#c = #qk.access<format = i8, offset = 0, strides = [1]>
#same = #qk.access<format = i8, offset = 0, strides = [0]>

// The second contraction writes over the first one's result, which the epilogue receives behind the sum.
// CHECK-LABEL: func @sum
// CHECK: %[[HELD:.*]] = qk.contract(%arg0
// CHECK: qk.contract({{.*}} into %[[HELD]]) attributes {init_format = i8,
// CHECK-NEXT: ^bb0(%[[ACC:.*]]: i32, %[[CODE:.*]]: i32):
// CHECK: %[[RESULT:.*]] = arith.minsi
// CHECK: %[[SUM:.*]] = arith.addi %[[RESULT]], %[[CODE]] : i32
// CHECK: qk.yield %[[SUM]]
// CHECK-NOT: qk.map
// REMARK: remark: computed in the epilogue of the contraction before it
func.func @sum(%x: tensor<256xi8> {qnn.type = tensor<256xi8>}) -> (tensor<256xi8> {qnn.type = tensor<256xi8>}) {
  %w = qk.constant dense<1> : tensor<256xi8> : tensor<256xi8>
  %e0 = tensor.empty() : tensor<256xi8>
  %e1 = tensor.empty() : tensor<256xi8>
  %e2 = tensor.empty() : tensor<256xi8>
  %e3 = tensor.empty() : tensor<256xi8>
  %a = qk.contract(%x, %w into %e0) attributes {window = #w, rhs_strides = array<i64: 0, 16, 0, 0, 1>, lhs_format = !u, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %low = arith.constant -128 : i32
    %high = arith.constant 127 : i32
    %above = arith.maxsi %acc, %low : i32
    %code = arith.minsi %above, %high : i32
    qk.yield %code : i32
  } : (tensor<256xi8>, tensor<256xi8>, tensor<256xi8>) -> tensor<256xi8>
  %b = qk.contract(%x, %w into %e1) attributes {window = #w, rhs_strides = array<i64: 0, 16, 0, 0, 1>, lhs_format = !u, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %low = arith.constant -128 : i32
    %high = arith.constant 127 : i32
    %above = arith.maxsi %acc, %low : i32
    %code = arith.minsi %above, %high : i32
    qk.yield %code : i32
  } : (tensor<256xi8>, tensor<256xi8>, tensor<256xi8>) -> tensor<256xi8>
  %y = qk.map(%b, %a into %e2) attributes {shape = array<i64: 256>, accesses = [#c, #c, #c]} {
  ^bb0(%p0: i32, %p1: i32):
    %s = arith.addi %p0, %p1 : i32
    qk.yield %s : i32
  } : (tensor<256xi8>, tensor<256xi8>, tensor<256xi8>) -> tensor<256xi8>
  %z = qk.contract(%y, %w into %e3) attributes {window = #w, rhs_strides = array<i64: 0, 16, 0, 0, 1>, lhs_format = !u, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %low = arith.constant -128 : i32
    %high = arith.constant 127 : i32
    %above = arith.maxsi %acc, %low : i32
    %code = arith.minsi %above, %high : i32
    qk.yield %code : i32
  } : (tensor<256xi8>, tensor<256xi8>, tensor<256xi8>) -> tensor<256xi8>
  return %z : tensor<256xi8>
}

// A map of the result alone.
// CHECK-LABEL: func @product
// CHECK: qk.contract
// CHECK-NOT: init_format
// CHECK: arith.minsi
// CHECK: arith.muli
// CHECK-NOT: qk.map
func.func @product(%x: tensor<256xi8> {qnn.type = tensor<256xi8>}) -> (tensor<256xi8> {qnn.type = tensor<256xi8>}) {
  %w = qk.constant dense<1> : tensor<256xi8> : tensor<256xi8>
  %e0 = tensor.empty() : tensor<256xi8>
  %e1 = tensor.empty() : tensor<256xi8>
  %e2 = tensor.empty() : tensor<256xi8>
  %e3 = tensor.empty() : tensor<256xi8>
  %a = qk.contract(%x, %w into %e0) attributes {window = #w, rhs_strides = array<i64: 0, 16, 0, 0, 1>, lhs_format = !u, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %low = arith.constant -128 : i32
    %high = arith.constant 127 : i32
    %above = arith.maxsi %acc, %low : i32
    %code = arith.minsi %above, %high : i32
    qk.yield %code : i32
  } : (tensor<256xi8>, tensor<256xi8>, tensor<256xi8>) -> tensor<256xi8>
  %y = qk.map(%a into %e1) attributes {shape = array<i64: 256>, accesses = [#c, #c]} {
  ^bb0(%p0: i32):
    %three = arith.constant 3 : i32
    %s = arith.muli %p0, %three : i32
    qk.yield %s : i32
  } : (tensor<256xi8>, tensor<256xi8>) -> tensor<256xi8>
  %z = qk.contract(%y, %w into %e2) attributes {window = #w, rhs_strides = array<i64: 0, 16, 0, 0, 1>, lhs_format = !u, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %low = arith.constant -128 : i32
    %high = arith.constant 127 : i32
    %above = arith.maxsi %acc, %low : i32
    %code = arith.minsi %above, %high : i32
    qk.yield %code : i32
  } : (tensor<256xi8>, tensor<256xi8>, tensor<256xi8>) -> tensor<256xi8>
  return %z : tensor<256xi8>
}

// Somebody reads the other tensor later.
// CHECK-LABEL: func @read_later
// CHECK-NOT: init_format
// CHECK: qk.map
// CHECK: qk.map
func.func @read_later(%x: tensor<256xi8> {qnn.type = tensor<256xi8>}) -> (tensor<256xi8> {qnn.type = tensor<256xi8>}) {
  %w = qk.constant dense<1> : tensor<256xi8> : tensor<256xi8>
  %e0 = tensor.empty() : tensor<256xi8>
  %e1 = tensor.empty() : tensor<256xi8>
  %e2 = tensor.empty() : tensor<256xi8>
  %e3 = tensor.empty() : tensor<256xi8>
  %a = qk.contract(%x, %w into %e0) attributes {window = #w, rhs_strides = array<i64: 0, 16, 0, 0, 1>, lhs_format = !u, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %low = arith.constant -128 : i32
    %high = arith.constant 127 : i32
    %above = arith.maxsi %acc, %low : i32
    %code = arith.minsi %above, %high : i32
    qk.yield %code : i32
  } : (tensor<256xi8>, tensor<256xi8>, tensor<256xi8>) -> tensor<256xi8>
  %b = qk.contract(%x, %w into %e1) attributes {window = #w, rhs_strides = array<i64: 0, 16, 0, 0, 1>, lhs_format = !u, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %low = arith.constant -128 : i32
    %high = arith.constant 127 : i32
    %above = arith.maxsi %acc, %low : i32
    %code = arith.minsi %above, %high : i32
    qk.yield %code : i32
  } : (tensor<256xi8>, tensor<256xi8>, tensor<256xi8>) -> tensor<256xi8>
  %y = qk.map(%b, %a into %e2) attributes {shape = array<i64: 256>, accesses = [#c, #c, #c]} {
  ^bb0(%p0: i32, %p1: i32):
    %s = arith.addi %p0, %p1 : i32
    qk.yield %s : i32
  } : (tensor<256xi8>, tensor<256xi8>, tensor<256xi8>) -> tensor<256xi8>
  %z = qk.map(%y, %a into %e3) attributes {shape = array<i64: 256>, accesses = [#c, #c, #c]} {
  ^bb0(%p0: i32, %p1: i32):
    %s = arith.addi %p0, %p1 : i32
    qk.yield %s : i32
  } : (tensor<256xi8>, tensor<256xi8>, tensor<256xi8>) -> tensor<256xi8>
  return %z : tensor<256xi8>
}

// The contraction itself reads it.
// CHECK-LABEL: func @own_input
// CHECK-NOT: init_format
// CHECK: qk.map
func.func @own_input(%x: tensor<256xi8> {qnn.type = tensor<256xi8>}) -> (tensor<256xi8> {qnn.type = tensor<256xi8>}) {
  %w = qk.constant dense<1> : tensor<256xi8> : tensor<256xi8>
  %e0 = tensor.empty() : tensor<256xi8>
  %e1 = tensor.empty() : tensor<256xi8>
  %e2 = tensor.empty() : tensor<256xi8>
  %e3 = tensor.empty() : tensor<256xi8>
  %a = qk.contract(%x, %w into %e0) attributes {window = #w, rhs_strides = array<i64: 0, 16, 0, 0, 1>, lhs_format = !u, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %low = arith.constant -128 : i32
    %high = arith.constant 127 : i32
    %above = arith.maxsi %acc, %low : i32
    %code = arith.minsi %above, %high : i32
    qk.yield %code : i32
  } : (tensor<256xi8>, tensor<256xi8>, tensor<256xi8>) -> tensor<256xi8>
  %b = qk.contract(%a, %w into %e1) attributes {window = #w, rhs_strides = array<i64: 0, 16, 0, 0, 1>, lhs_format = !u, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %low = arith.constant -128 : i32
    %high = arith.constant 127 : i32
    %above = arith.maxsi %acc, %low : i32
    %code = arith.minsi %above, %high : i32
    qk.yield %code : i32
  } : (tensor<256xi8>, tensor<256xi8>, tensor<256xi8>) -> tensor<256xi8>
  %y = qk.map(%b, %a into %e2) attributes {shape = array<i64: 256>, accesses = [#c, #c, #c]} {
  ^bb0(%p0: i32, %p1: i32):
    %s = arith.addi %p0, %p1 : i32
    qk.yield %s : i32
  } : (tensor<256xi8>, tensor<256xi8>, tensor<256xi8>) -> tensor<256xi8>
  %z = qk.contract(%y, %w into %e3) attributes {window = #w, rhs_strides = array<i64: 0, 16, 0, 0, 1>, lhs_format = !u, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %low = arith.constant -128 : i32
    %high = arith.constant 127 : i32
    %above = arith.maxsi %acc, %low : i32
    %code = arith.minsi %above, %high : i32
    qk.yield %code : i32
  } : (tensor<256xi8>, tensor<256xi8>, tensor<256xi8>) -> tensor<256xi8>
  return %z : tensor<256xi8>
}

// The model's output, and its input.
// CHECK-LABEL: func @output
// CHECK-NOT: init_format
// CHECK: qk.map
func.func @output(%x: tensor<256xi8> {qnn.type = tensor<256xi8>}) -> (tensor<256xi8> {qnn.type = tensor<256xi8>}) {
  %w = qk.constant dense<1> : tensor<256xi8> : tensor<256xi8>
  %e0 = tensor.empty() : tensor<256xi8>
  %e1 = tensor.empty() : tensor<256xi8>
  %e2 = tensor.empty() : tensor<256xi8>
  %e3 = tensor.empty() : tensor<256xi8>
  %a = qk.contract(%x, %w into %e0) attributes {window = #w, rhs_strides = array<i64: 0, 16, 0, 0, 1>, lhs_format = !u, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %low = arith.constant -128 : i32
    %high = arith.constant 127 : i32
    %above = arith.maxsi %acc, %low : i32
    %code = arith.minsi %above, %high : i32
    qk.yield %code : i32
  } : (tensor<256xi8>, tensor<256xi8>, tensor<256xi8>) -> tensor<256xi8>
  %b = qk.contract(%x, %w into %e1) attributes {window = #w, rhs_strides = array<i64: 0, 16, 0, 0, 1>, lhs_format = !u, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %low = arith.constant -128 : i32
    %high = arith.constant 127 : i32
    %above = arith.maxsi %acc, %low : i32
    %code = arith.minsi %above, %high : i32
    qk.yield %code : i32
  } : (tensor<256xi8>, tensor<256xi8>, tensor<256xi8>) -> tensor<256xi8>
  %z = qk.map(%b, %a into %e2) attributes {shape = array<i64: 256>, accesses = [#c, #c, #c]} {
  ^bb0(%p0: i32, %p1: i32):
    %s = arith.addi %p0, %p1 : i32
    qk.yield %s : i32
  } : (tensor<256xi8>, tensor<256xi8>, tensor<256xi8>) -> tensor<256xi8>
  return %z : tensor<256xi8>
}

// CHECK-LABEL: func @input
// CHECK-NOT: init_format
// CHECK: qk.map
func.func @input(%x: tensor<256xi8> {qnn.type = tensor<256xi8>}) -> (tensor<256xi8> {qnn.type = tensor<256xi8>}) {
  %w = qk.constant dense<1> : tensor<256xi8> : tensor<256xi8>
  %e0 = tensor.empty() : tensor<256xi8>
  %e1 = tensor.empty() : tensor<256xi8>
  %e2 = tensor.empty() : tensor<256xi8>
  %e3 = tensor.empty() : tensor<256xi8>
  %a = qk.contract(%x, %w into %e0) attributes {window = #w, rhs_strides = array<i64: 0, 16, 0, 0, 1>, lhs_format = !u, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %low = arith.constant -128 : i32
    %high = arith.constant 127 : i32
    %above = arith.maxsi %acc, %low : i32
    %code = arith.minsi %above, %high : i32
    qk.yield %code : i32
  } : (tensor<256xi8>, tensor<256xi8>, tensor<256xi8>) -> tensor<256xi8>
  %y = qk.map(%a, %x into %e2) attributes {shape = array<i64: 256>, accesses = [#c, #c, #c]} {
  ^bb0(%p0: i32, %p1: i32):
    %s = arith.addi %p0, %p1 : i32
    qk.yield %s : i32
  } : (tensor<256xi8>, tensor<256xi8>, tensor<256xi8>) -> tensor<256xi8>
  %z = qk.contract(%y, %w into %e3) attributes {window = #w, rhs_strides = array<i64: 0, 16, 0, 0, 1>, lhs_format = !u, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %low = arith.constant -128 : i32
    %high = arith.constant 127 : i32
    %above = arith.maxsi %acc, %low : i32
    %code = arith.minsi %above, %high : i32
    qk.yield %code : i32
  } : (tensor<256xi8>, tensor<256xi8>, tensor<256xi8>) -> tensor<256xi8>
  return %z : tensor<256xi8>
}

// All codes of one tensor with the first of the other.
// CHECK-LABEL: func @broadcast
// CHECK-NOT: init_format
// CHECK: qk.map
func.func @broadcast(%x: tensor<256xi8> {qnn.type = tensor<256xi8>}) -> (tensor<256xi8> {qnn.type = tensor<256xi8>}) {
  %w = qk.constant dense<1> : tensor<256xi8> : tensor<256xi8>
  %e0 = tensor.empty() : tensor<256xi8>
  %e1 = tensor.empty() : tensor<256xi8>
  %e2 = tensor.empty() : tensor<256xi8>
  %e3 = tensor.empty() : tensor<256xi8>
  %a = qk.contract(%x, %w into %e0) attributes {window = #w, rhs_strides = array<i64: 0, 16, 0, 0, 1>, lhs_format = !u, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %low = arith.constant -128 : i32
    %high = arith.constant 127 : i32
    %above = arith.maxsi %acc, %low : i32
    %code = arith.minsi %above, %high : i32
    qk.yield %code : i32
  } : (tensor<256xi8>, tensor<256xi8>, tensor<256xi8>) -> tensor<256xi8>
  %b = qk.contract(%x, %w into %e1) attributes {window = #w, rhs_strides = array<i64: 0, 16, 0, 0, 1>, lhs_format = !u, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %low = arith.constant -128 : i32
    %high = arith.constant 127 : i32
    %above = arith.maxsi %acc, %low : i32
    %code = arith.minsi %above, %high : i32
    qk.yield %code : i32
  } : (tensor<256xi8>, tensor<256xi8>, tensor<256xi8>) -> tensor<256xi8>
  %y = qk.map(%b, %a into %e2) attributes {shape = array<i64: 256>, accesses = [#c, #same, #c]} {
  ^bb0(%p0: i32, %p1: i32):
    %s = arith.addi %p0, %p1 : i32
    qk.yield %s : i32
  } : (tensor<256xi8>, tensor<256xi8>, tensor<256xi8>) -> tensor<256xi8>
  %z = qk.contract(%y, %w into %e3) attributes {window = #w, rhs_strides = array<i64: 0, 16, 0, 0, 1>, lhs_format = !u, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %low = arith.constant -128 : i32
    %high = arith.constant 127 : i32
    %above = arith.maxsi %acc, %low : i32
    %code = arith.minsi %above, %high : i32
    qk.yield %code : i32
  } : (tensor<256xi8>, tensor<256xi8>, tensor<256xi8>) -> tensor<256xi8>
  return %z : tensor<256xi8>
}

// No block divides the positions: the last one computes some again, over what they held.
// CHECK-LABEL: func @overlapping
// CHECK-NOT: init_format
// CHECK: qk.map
func.func @overlapping(%x: tensor<16144xi8> {qnn.type = tensor<16144xi8>}) -> (tensor<16144xi8> {qnn.type = tensor<16144xi8>}) {
  %w = qk.constant dense<1> : tensor<256xi8> : tensor<256xi8>
  %e0 = tensor.empty() : tensor<16144xi8>
  %e1 = tensor.empty() : tensor<16144xi8>
  %e2 = tensor.empty() : tensor<16144xi8>
  %e3 = tensor.empty() : tensor<16144xi8>
  %a = qk.contract(%x, %w into %e0) attributes {window = #prime, rhs_strides = array<i64: 0, 16, 0, 0, 1>, lhs_format = !u, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %low = arith.constant -128 : i32
    %high = arith.constant 127 : i32
    %above = arith.maxsi %acc, %low : i32
    %code = arith.minsi %above, %high : i32
    qk.yield %code : i32
  } : (tensor<16144xi8>, tensor<256xi8>, tensor<16144xi8>) -> tensor<16144xi8>
  %b = qk.contract(%x, %w into %e1) attributes {window = #prime, rhs_strides = array<i64: 0, 16, 0, 0, 1>, lhs_format = !u, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %low = arith.constant -128 : i32
    %high = arith.constant 127 : i32
    %above = arith.maxsi %acc, %low : i32
    %code = arith.minsi %above, %high : i32
    qk.yield %code : i32
  } : (tensor<16144xi8>, tensor<256xi8>, tensor<16144xi8>) -> tensor<16144xi8>
  %y = qk.map(%b, %a into %e2) attributes {shape = array<i64: 16144>, accesses = [#c, #c, #c]} {
  ^bb0(%p0: i32, %p1: i32):
    %s = arith.addi %p0, %p1 : i32
    qk.yield %s : i32
  } : (tensor<16144xi8>, tensor<16144xi8>, tensor<16144xi8>) -> tensor<16144xi8>
  %z = qk.contract(%y, %w into %e3) attributes {window = #prime, rhs_strides = array<i64: 0, 16, 0, 0, 1>, lhs_format = !u, rhs_format = i8, out_format = i8} {
  ^bb0(%acc: i32):
    %low = arith.constant -128 : i32
    %high = arith.constant 127 : i32
    %above = arith.maxsi %acc, %low : i32
    %code = arith.minsi %above, %high : i32
    qk.yield %code : i32
  } : (tensor<16144xi8>, tensor<256xi8>, tensor<16144xi8>) -> tensor<16144xi8>
  return %z : tensor<16144xi8>
}
