// qk-plan-arena: tensors become views of one arena, results overlap operands as far as their kernels allow it.
// RUN: %qcc-opt %s --qk-plan-arena | FileCheck %s
// RUN: %qcc-opt %s --qk-plan-arena="align=64" | FileCheck %s --check-prefix=LINES
// RUN: %qcc-opt %s --qk-plan-arena --mlir-disable-threading 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

!q = !quant.uniform<i8:f32, 1.0>
#flat = #qk.access<format = !q, offset = 0, strides = [1]>
#image = #qk.window<batch = 1, input = [8, 8], output = [8, 8], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [4, 4]>
#doubled = #qk.window<batch = 1, input = [8, 8], output = [8, 8], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [4, 8]>
#column = #qk.window<batch = 1, input = [12, 1], output = [12, 1], kernel = [3, 1], strides = [1, 1], dilations = [1, 1], pads = [1, 0], groups = 1, channels = [1, 1]>
#images = #qk.window<batch = 2, input = [4, 8], output = [4, 8], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [4, 4]>

// Element by element, the result may take the input's place; the second kernel reads both, so it may not, until the
// last use of each.
// CHECK-LABEL: func @in_place
// CHECK-SAME: (%[[ARENA:.*]]: memref<12xi8>) attributes
// CHECK-SAME: qk.inputs = [{name = "image", offset = 0 : i64, type = tensor<12x!quant.uniform<i8:f32, 1.000000e+00>>}]
// CHECK-SAME: qk.outputs = [{name = "output0", offset = 0 : i64, type = tensor<12x!quant.uniform<i8:f32, 1.000000e+00>>}]
// REMARK: arena of 12 bytes for 2 buffers; no placement of these needs less than 12
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

// Pieces have no order, so each may only write what it has read: a whole row of a softmax, or the element of the same
// number of a lookup and a map.
// CHECK-LABEL: func @pieces
// CHECK-SAME: (%{{.*}}: memref<12xi8>) attributes
// REMARK: arena of 12 bytes for 1 buffers
func.func @pieces(%x: tensor<12xi8> {qnn.type = tensor<12x!q>}) -> (tensor<12xi8> {qnn.type = tensor<12x!q>}) {
  %t = qk.constant dense<0> : tensor<256xi8> : tensor<256xi8>
  %e = tensor.empty() : tensor<12xi8>
  %0 = qk.lookup(%x, %t into %e) {count = 12, in_format = !q, out_format = !q, pieces = 2} : (tensor<12xi8>, tensor<256xi8>, tensor<12xi8>) -> tensor<12xi8>
  %1 = qk.map(%0, %0 into %e) attributes {shape = array<i64: 12>, accesses = [#flat, #flat, #flat], pieces = 2} {
  ^bb0(%a: i32, %b: i32):
    %s = arith.addi %a, %b : i32
    qk.yield %s : i32
  } : (tensor<12xi8>, tensor<12xi8>, tensor<12xi8>) -> tensor<12xi8>
  %2 = qk.softmax(%1 into %e) {rows = 3, columns = 4, in_format = i8, out_format = i8, multiplier = 1, left = 0, right = 0, radius = 0, pieces = 2} : (tensor<12xi8>, tensor<12xi8>) -> tensor<12xi8>
  return %2 : tensor<12xi8>
}

// A tensor that is read at other places, too, is not written by pieces.
// CHECK-LABEL: func @pieces_of_transposition
// CHECK-SAME: (%{{.*}}: memref<24xi8>) attributes {qk.align = 16 : i64
// REMARK: arena of 24 bytes for 2 buffers
// Of lines of the cache, the second begins with the second one.
// LINES-LABEL: func @pieces_of_transposition
// LINES-SAME: (%{{.*}}: memref<76xi8>) attributes {qk.align = 64 : i64
func.func @pieces_of_transposition(%x: tensor<12xi8> {qnn.type = tensor<12x!q>}) -> (tensor<12xi8> {qnn.type = tensor<12x!q>}) {
  %e = tensor.empty() : tensor<12xi8>
  %v = qk.view %x : tensor<12xi8> -> tensor<12xi8>
  %0 = qk.map(%x, %v into %e) attributes {shape = array<i64: 4, 3>, accesses = [#qk.access<format = !q, offset = 0, strides = [3, 1]>, #qk.access<format = !q, offset = 0, strides = [1, 4]>, #qk.access<format = !q, offset = 0, strides = [3, 1]>], pieces = 2} {
  ^bb0(%a: i32, %b: i32):
    %s = arith.addi %a, %b : i32
    qk.yield %s : i32
  } : (tensor<12xi8>, tensor<12xi8>, tensor<12xi8>) -> tensor<12xi8>
  return %0 : tensor<12xi8>
}

// Nor are codes of other widths, and rows that a pool's windows share.
// CHECK-LABEL: func @pieces_apart
// CHECK-SAME: (%{{.*}}: memref<60xi8>) attributes
// REMARK: arena of 60 bytes for 3 buffers
func.func @pieces_apart(%x: tensor<12xi8> {qnn.type = tensor<12x!q>}) -> (tensor<12xi8> {qnn.type = tensor<12x!q>}) {
  %t = qk.constant dense<0> : tensor<256xi32> : tensor<256xi32>
  %e = tensor.empty() : tensor<12xi8>
  %w = tensor.empty() : tensor<12xi32>
  %1 = qk.lookup(%x, %t into %w) {count = 12, in_format = !q, out_format = i32, pieces = 2} : (tensor<12xi8>, tensor<256xi32>, tensor<12xi32>) -> tensor<12xi32>
  %2 = qk.pool(%1 into %e) attributes {window = #column, kind = #qk.pool<max>, in_format = i32, out_format = i8, pieces = 2} {
  ^bb0(%a: i32, %n: i32):
    qk.yield %a : i32
  } : (tensor<12xi32>, tensor<12xi8>) -> tensor<12xi8>
  return %2 : tensor<12xi8>
}

// %x is read again later, so %0 lies beside it; then both are dead and the sum takes a place.
// CHECK-LABEL: func @kept
// CHECK-SAME: memref<24xi8>
// REMARK: arena of 24 bytes for 3 buffers
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

// A contraction that stages its lines has read rows 0 to y + 1 when it writes row y: the result takes the input's place. The
// scratch memory has its own.
// CHECK-LABEL: func @staged
// CHECK-SAME: memref<400xi8>
// REMARK: arena of 400 bytes for 3 buffers
func.func @staged(%x: tensor<256xi8> {qnn.type = tensor<256x!q>}) -> (tensor<256xi8> {qnn.type = tensor<256x!q>}) {
  // CHECK: %[[IN:.*]] = memref.view %{{.*}}[%c0{{.*}}][] : memref<400xi8> to memref<256xi8>
  // CHECK: memref.view {{.*}} to memref<144xi8>
  // CHECK: %[[OUT:.*]] = memref.view {{.*}}[%c0{{.*}} to memref<256xi8>
  // CHECK: qk.contract(%[[IN]], %{{.*}} scratch %{{.*}} into %[[OUT]]) attributes {lhs_format
  %w = qk.constant dense<1> : tensor<576xi8> : tensor<576xi8>
  %e = tensor.empty() : tensor<256xi8>
  %s = tensor.empty() : tensor<144xi8>
  %0 = qk.contract(%x, %w scratch %s into %e) attributes {window = #image, rhs_strides = array<i64: 0, 36, 12, 4, 1>, lhs_format = ui8, rhs_format = i8, out_format = i8, packed, pad_code = 0 : i64, schedule = #qk.schedule<tile = "x86.avx512vnni", m = 4, n = 16, k = 4, lines = 3>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<256xi8>, tensor<576xi8>, tensor<144xi8>, tensor<256xi8>) -> tensor<256xi8>
  return %0 : tensor<256xi8>
}

// Two images: the lines begin anew, behind what has been written.
// CHECK-LABEL: func @staged_batch
// CHECK-SAME: memref<400xi8>
// REMARK: arena of 400 bytes for 3 buffers
func.func @staged_batch(%x: tensor<256xi8> {qnn.type = tensor<256x!q>}) -> (tensor<256xi8> {qnn.type = tensor<256x!q>}) {
  %w = qk.constant dense<1> : tensor<576xi8> : tensor<576xi8>
  %e = tensor.empty() : tensor<256xi8>
  %s = tensor.empty() : tensor<144xi8>
  %0 = qk.contract(%x, %w scratch %s into %e) attributes {window = #images, rhs_strides = array<i64: 0, 36, 12, 4, 1>, lhs_format = ui8, rhs_format = i8, out_format = i8, packed, pad_code = 0 : i64, schedule = #qk.schedule<tile = "x86.avx512vnni", m = 4, n = 16, k = 4, lines = 3>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<256xi8>, tensor<576xi8>, tensor<144xi8>, tensor<256xi8>) -> tensor<256xi8>
  return %0 : tensor<256xi8>
}

// Without lines, rows above are read again: a row of 8 pixels and two pixels more of 4 bytes, less one byte.
// CHECK-LABEL: func @unstaged
// CHECK-SAME: memref<296xi8>
// REMARK: arena of 296 bytes for 2 buffers
func.func @unstaged(%x: tensor<256xi8> {qnn.type = tensor<256x!q>}) -> (tensor<256xi8> {qnn.type = tensor<256x!q>}) {
  // CHECK: %[[IN:.*]] = memref.view %{{.*}}[%c40][] : memref<296xi8> to memref<256xi8>
  // CHECK: %[[OUT:.*]] = memref.view %{{.*}}[%c0{{.*}} to memref<256xi8>
  // CHECK: qk.contract(%[[IN]], %{{.*}} into %[[OUT]]) attributes {lhs_format
  %w = qk.constant dense<1> : tensor<576xi8> : tensor<576xi8>
  %e = tensor.empty() : tensor<256xi8>
  %0 = qk.contract(%x, %w into %e) attributes {window = #image, rhs_strides = array<i64: 0, 36, 12, 4, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, schedule = #qk.schedule<tile = "generic.int", m = 1, n = 1, k = 0>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<256xi8>, tensor<576xi8>, tensor<256xi8>) -> tensor<256xi8>
  return %0 : tensor<256xi8>
}

// Upwards, each of the two would begin 40 bytes before the one before it; the second descends instead.
// CHECK-LABEL: func @descends
// CHECK-SAME: memref<296xi8>
// REMARK: arena of 296 bytes for 3 buffers
func.func @descends(%x: tensor<256xi8> {qnn.type = tensor<256x!q>}) -> (tensor<256xi8> {qnn.type = tensor<256x!q>}) {
  // CHECK: qk.contract({{.*}} attributes {
  // CHECK-NOT: descending
  // CHECK: qk.contract({{.*}} attributes {descending
  %w = qk.constant dense<1> : tensor<576xi8> : tensor<576xi8>
  %e = tensor.empty() : tensor<256xi8>
  %0 = qk.contract(%x, %w into %e) attributes {window = #image, rhs_strides = array<i64: 0, 36, 12, 4, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, schedule = #qk.schedule<tile = "generic.int", m = 1, n = 1, k = 0>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<256xi8>, tensor<576xi8>, tensor<256xi8>) -> tensor<256xi8>
  %1 = qk.contract(%0, %w into %e) attributes {window = #image, rhs_strides = array<i64: 0, 36, 12, 4, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, schedule = #qk.schedule<tile = "generic.int", m = 1, n = 1, k = 0>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<256xi8>, tensor<576xi8>, tensor<256xi8>) -> tensor<256xi8>
  return %1 : tensor<256xi8>
}

// The first result's channels are twice as many as the input's: the input is its end. The sum takes its place, whose value it
// reads through two operands.
// CHECK-LABEL: func @grows
// CHECK-SAME: memref<516xi8>
// REMARK: arena of 516 bytes for 3 buffers
func.func @grows(%x: tensor<256xi8> {qnn.type = tensor<256x!q>}) -> (tensor<512xi8> {qnn.type = tensor<512x!q>}) {
  %w = qk.constant dense<1> : tensor<32xi8> : tensor<32xi8>
  %e = tensor.empty() : tensor<512xi8>
  %0 = qk.contract(%x, %w into %e) attributes {window = #doubled, rhs_strides = array<i64: 0, 4, 4, 4, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, schedule = #qk.schedule<tile = "generic.int", m = 1, n = 1, k = 0>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<256xi8>, tensor<32xi8>, tensor<512xi8>) -> tensor<512xi8>
  %1 = qk.map(%0, %0 into %e) attributes {shape = array<i64: 512>, accesses = [#flat, #flat, #flat]} {
  ^bb0(%a: i32, %b: i32):
    %s = arith.addi %a, %b : i32
    qk.yield %s : i32
  } : (tensor<512xi8>, tensor<512xi8>, tensor<512xi8>) -> tensor<512xi8>
  return %1 : tensor<512xi8>
}

// Two outputs. The first is read again by a later kernel, and none may lie over it, as it is needed to the end: what lies
// between has other places, and the second output takes one of these.
// CHECK-LABEL: func @two_outputs
// CHECK-SAME: (%[[ARENA:.*]]: memref<36xi8>) attributes
// CHECK-SAME: qk.lower_bound = 36 : i64
// CHECK-SAME: qk.outputs = [{name = "early", offset = [[EARLY:[0-9]+]] : i64, type = {{[^}]*}}}, {name = "late", offset = [[LATE:[0-9]+]] : i64
// REMARK: arena of 36 bytes for 5 buffers; no placement of these needs less than 36
func.func @two_outputs(%x: tensor<12xi8> {qnn.type = tensor<12x!q>}) -> (tensor<12xi8> {qnn.name = "early", qnn.type = tensor<12x!q>}, tensor<12xi8> {qnn.name = "late", qnn.type = tensor<12x!q>}) {
  %t = qk.constant dense<0> : tensor<256xi8> : tensor<256xi8>
  %e = tensor.empty() : tensor<12xi8>
  // CHECK: qk.lookup
  // CHECK: qk.lookup
  %0 = qk.lookup(%x, %t into %e) {count = 12, in_format = !q, out_format = !q} : (tensor<12xi8>, tensor<256xi8>, tensor<12xi8>) -> tensor<12xi8>
  %1 = qk.lookup(%0, %t into %e) {count = 12, in_format = !q, out_format = !q} : (tensor<12xi8>, tensor<256xi8>, tensor<12xi8>) -> tensor<12xi8>
  // CHECK: %[[FIRST:.*]] = memref.view %[[ARENA]][%c[[EARLY]]{{[_0-9]*}}][] : memref<36xi8> to memref<12xi8>
  // CHECK: qk.map(%[[FIRST]], %{{.*}} into
  %2 = qk.map(%0, %1 into %e) attributes {shape = array<i64: 12>, accesses = [#flat, #flat, #flat]} {
  ^bb0(%a: i32, %b: i32):
    %s = arith.addi %a, %b : i32
    qk.yield %s : i32
  } : (tensor<12xi8>, tensor<12xi8>, tensor<12xi8>) -> tensor<12xi8>
  // The first output for the last time, beside both tensors between.
  // CHECK: %[[AGAIN:.*]] = memref.view %[[ARENA]][%c[[EARLY]]{{[_0-9]*}}][] : memref<36xi8> to memref<12xi8>
  // CHECK: %[[SECOND:.*]] = memref.view %[[ARENA]][%c[[LATE]]{{[_0-9]*}}][] : memref<36xi8> to memref<12xi8>
  // CHECK: qk.map(%[[AGAIN]], %{{.*}}, %{{.*}} into %{{.*}}) attributes
  %3 = qk.map(%0, %1, %2 into %e) attributes {shape = array<i64: 12>, accesses = [#flat, #flat, #flat, #flat]} {
  ^bb0(%a: i32, %b: i32, %c: i32):
    %s = arith.addi %a, %b : i32
    %u = arith.addi %s, %c : i32
    qk.yield %u : i32
  } : (tensor<12xi8>, tensor<12xi8>, tensor<12xi8>, tensor<12xi8>) -> tensor<12xi8>
  return %0, %3 : tensor<12xi8>, tensor<12xi8>
}

// CHECK: func private @declared(tensor<4xf32>)
func.func private @declared(tensor<4xf32>)

// Channel by channel, the output takes the input's place, and no other in the same memory: here 512 bytes and 4 lines.
// The input of the second kernel is an output, too, so its output lies apart.
#depthwise = #qk.window<batch = 1, input = [8, 8], output = [8, 8], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 8, channels = [1, 1]>
// CHECK-LABEL: func @channels
// CHECK-SAME: (%[[ARENA:.*]]: memref<1104xi8>) attributes
// CHECK-SAME: qk.inputs = [{name = "input0", offset = [[#PLACE:]] : i64
// CHECK-SAME: qk.outputs = [{name = "output0", offset = [[#PLACE]] : i64
// CHECK-SAME: {name = "output1", offset = {{[0-9]+}} : i64
func.func @channels(%x: tensor<512xi8> {qnn.type = tensor<1x8x8x8x!q>}) -> (tensor<512xi8> {qnn.type = tensor<1x8x8x8x!q>}, tensor<512xi8> {qnn.type = tensor<1x8x8x8x!q>}) {
  %w = qk.constant dense<1> : tensor<72xi8> : tensor<72xi8>
  %s0 = tensor.empty() : tensor<80xi8>
  %e0 = tensor.empty() : tensor<512xi8>
  %0 = qk.contract(%x, %w scratch %s0 into %e0) attributes {window = #depthwise, rhs_strides = array<i64: 0, 1, 24, 8, 0>, lhs_format = !q, rhs_format = i8, out_format = !q, schedule = #qk.schedule<tile = "t", m = 2, n = 1, k = 1, channels = 4>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<512xi8>, tensor<72xi8>, tensor<80xi8>, tensor<512xi8>) -> tensor<512xi8>
  %s1 = tensor.empty() : tensor<80xi8>
  %e1 = tensor.empty() : tensor<512xi8>
  %1 = qk.contract(%0, %w scratch %s1 into %e1) attributes {window = #depthwise, rhs_strides = array<i64: 0, 1, 24, 8, 0>, lhs_format = !q, rhs_format = i8, out_format = !q, schedule = #qk.schedule<tile = "t", m = 2, n = 1, k = 1, channels = 4>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<512xi8>, tensor<72xi8>, tensor<80xi8>, tensor<512xi8>) -> tensor<512xi8>
  return %0, %1 : tensor<512xi8>, tensor<512xi8>
}

// Two images that grow: the first one's output would lie over the second one's input.
#growing = #qk.window<batch = 2, input = [4, 4], output = [6, 6], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [2, 2], groups = 8, channels = [1, 1]>
// CHECK-LABEL: func @growing
// CHECK-SAME: (%[[ARENA:.*]]: memref<912xi8>) attributes
func.func @growing(%x: tensor<256xi8> {qnn.type = tensor<2x4x4x8x!q>}) -> (tensor<576xi8> {qnn.type = tensor<2x6x6x8x!q>}) {
  %w = qk.constant dense<1> : tensor<72xi8> : tensor<72xi8>
  %s0 = tensor.empty() : tensor<80xi8>
  %e0 = tensor.empty() : tensor<576xi8>
  %0 = qk.contract(%x, %w scratch %s0 into %e0) attributes {window = #growing, rhs_strides = array<i64: 0, 1, 24, 8, 0>, lhs_format = !q, rhs_format = i8, out_format = !q, schedule = #qk.schedule<tile = "t", m = 2, n = 1, k = 1, channels = 4>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<256xi8>, tensor<72xi8>, tensor<80xi8>, tensor<576xi8>) -> tensor<576xi8>
  return %0 : tensor<576xi8>
}
