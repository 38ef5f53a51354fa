// qk-split-kernels: which kernels are computed in pieces, in how many, and contractions in what scratch memory.
// RUN: %qcc-opt %s --mlir-disable-threading --pass-pipeline='builtin.module(func.func(qk-schedule{target=x86-64-v4 features=+avx512vnni},qk-split-kernels{target=x86-64-v4 threads=4 least-macs=1 least-elements=1}))' 2>%t | FileCheck %s
// RUN: FileCheck %s --check-prefix=REMARK < %t
// Pieces are not made smaller than it pays: products, or bytes of weights.
// RUN: %qcc-opt %s --pass-pipeline='builtin.module(func.func(qk-schedule{target=x86-64-v4},qk-split-kernels{target=x86-64-v4 threads=4}))' | FileCheck %s --check-prefix=LARGE
// LARGE-NOT: pieces
// LARGE-LABEL: func @weights
// LARGE: pieces = {{[2-4]}}, of_channels = true>
#conv = #qk.window<batch = 1, input = [9, 4], output = [9, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [4, 16]>
#bits = #qk.window<batch = 1, input = [9, 4], output = [9, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [32, 5]>
#images = #qk.window<batch = 2, input = [9, 4], output = [9, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [4, 16]>
#dense = #qk.window<batch = 1, input = [1, 1], output = [1, 1], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [8, 40]>
#channels = #qk.window<batch = 1, input = [1, 1], output = [1, 1], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [9, 600]>
#weights = #qk.window<batch = 1, input = [1, 1], output = [1, 1], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [512, 512]>
#depthwise = #qk.window<batch = 1, input = [4, 4], output = [2, 2], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 17, channels = [1, 1]>
#pool = #qk.window<batch = 1, input = [9, 4], output = [9, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 4, channels = [1, 1]>
#odd = #qk.window<batch = 1, input = [9, 4], output = [9, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [1, 1]>

// Nine rows: three pieces of three take as long as four would, and each has lines of its own.
// CHECK-LABEL: func @conv
// CHECK: %[[SCRATCH:.*]] = tensor.empty() : tensor<[[#BYTES:]]xi8>
// CHECK: qk.contract(%{{.*}}, %{{.*}} scratch %[[SCRATCH]] into
// CHECK-SAME: pieces = 3>
// REMARK: remark: computed in 3 pieces of its rows, staged in {{[0-9]+}} bytes
func.func @conv(%x: tensor<144xi8>, %init: tensor<576xi32>) -> tensor<576xi32> {
  %w = qk.constant dense<-128> : tensor<576xi8> : tensor<576xi8>
  %0 = qk.contract(%x, %w into %init) attributes {window = #conv, rhs_strides = array<i64: 0, 36, 12, 4, 1>, pad_code = 0 : i64, lhs_format = ui8, rhs_format = i8, out_format = i32} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<144xi8>, tensor<576xi8>, tensor<576xi32>) -> tensor<576xi32>
  return %0 : tensor<576xi32>
}

// Bits of 5 channels: two positions share a byte.
// CHECK-LABEL: func @bits
// CHECK-NOT: pieces
func.func @bits(%x: tensor<36xi32>, %init: tensor<23xi8>) -> tensor<23xi8> {
  %w = qk.constant dense<-86> : tensor<180xi8> : tensor<180xi8>
  %0 = qk.contract(%x, %w into %init) attributes {window = #bits, rhs_strides = array<i64: 0, 288, 96, 32, 1>, lhs_format = !qnn.binary, rhs_format = !qnn.binary, out_format = !qnn.binary} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<36xi32>, tensor<180xi8>, tensor<23xi8>) -> tensor<23xi8>
  return %0 : tensor<23xi8>
}

// Images come one after the other, and one block has all channels.
// CHECK-LABEL: func @images
// CHECK-NOT: pieces
func.func @images(%x: tensor<288xi8>, %init: tensor<1152xi32>) -> tensor<1152xi32> {
  %w = qk.constant dense<-128> : tensor<576xi8> : tensor<576xi8>
  %0 = qk.contract(%x, %w into %init) attributes {window = #images, rhs_strides = array<i64: 0, 36, 12, 4, 1>, pad_code = 0 : i64, lhs_format = ui8, rhs_format = i8, out_format = i32} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<288xi8>, tensor<576xi8>, tensor<1152xi32>) -> tensor<1152xi32>
  return %0 : tensor<1152xi32>
}

// One position, and one block.
// CHECK-LABEL: func @dense
// CHECK-NOT: pieces
func.func @dense(%x: tensor<8xi8>, %init: tensor<40xi32>) -> tensor<40xi32> {
  %w = qk.constant dense<-128> : tensor<320xi8> : tensor<320xi8>
  %0 = qk.contract(%x, %w into %init) attributes {window = #dense, rhs_strides = array<i64: 0, 8, 8, 8, 1>, lhs_format = ui8, rhs_format = i8, out_format = i32} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<8xi8>, tensor<320xi8>, tensor<40xi32>) -> tensor<40xi32>
  return %0 : tensor<40xi32>
}

// The channels of one position; each piece stages it for itself.
// CHECK-LABEL: func @channels
// CHECK: pieces = 3, of_channels = true>
// REMARK: remark: computed in 3 pieces of its channels, staged in {{[0-9]+}} bytes
func.func @channels(%x: tensor<9xi8>, %init: tensor<600xi32>) -> tensor<600xi32> {
  %w = qk.constant dense<-128> : tensor<5400xi8> : tensor<5400xi8>
  %0 = qk.contract(%x, %w into %init) attributes {window = #channels, rhs_strides = array<i64: 0, 9, 9, 9, 1>, lhs_format = i8, rhs_format = i8, out_format = i32} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<9xi8>, tensor<5400xi8>, tensor<600xi32>) -> tensor<600xi32>
  return %0 : tensor<600xi32>
}

// Channels of 4 bits may share a byte.
// CHECK-LABEL: func @nibbles
// CHECK-NOT: pieces
func.func @nibbles(%x: tensor<9xi8>, %init: tensor<300xi8>) -> tensor<300xi8> {
  %w = qk.constant dense<-128> : tensor<5400xi8> : tensor<5400xi8>
  %0 = qk.contract(%x, %w into %init) attributes {window = #channels, rhs_strides = array<i64: 0, 9, 9, 9, 1>, lhs_format = i8, rhs_format = i8, out_format = i4} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<9xi8>, tensor<5400xi8>, tensor<300xi8>) -> tensor<300xi8>
  return %0 : tensor<300xi8>
}

// CHECK-LABEL: func @weights
func.func @weights(%x: tensor<512xi8>, %init: tensor<512xi32>) -> tensor<512xi32> {
  %w = qk.constant dense<-128> : tensor<262144xi8> : tensor<262144xi8>
  %0 = qk.contract(%x, %w into %init) attributes {window = #weights, rhs_strides = array<i64: 0, 512, 512, 512, 1>, lhs_format = ui8, rhs_format = i8, out_format = i32} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<512xi8>, tensor<262144xi8>, tensor<512xi32>) -> tensor<512xi32>
  return %0 : tensor<512xi32>
}

// CHECK-LABEL: func @depthwise
// CHECK: pieces = 2>
// REMARK: remark: computed in 2 pieces of its rows, staged in {{[0-9]+}} bytes
func.func @depthwise(%x: tensor<272xi8>, %init: tensor<68xi32>) -> tensor<68xi32> {
  %w = qk.constant dense<-128> : tensor<153xi8> : tensor<153xi8>
  %0 = qk.contract(%x, %w into %init) attributes {window = #depthwise, rhs_strides = array<i64: 0, 1, 51, 17, 1>, lhs_format = ui8, rhs_format = i8, out_format = i32} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<272xi8>, tensor<153xi8>, tensor<68xi32>) -> tensor<68xi32>
  return %0 : tensor<68xi32>
}

// Other kernels: rows of a pool and of a softmax, elements, rows of a map's box.
// CHECK-LABEL: func @pool
// CHECK: pieces = 3 : i64
// REMARK: remark: computed in 3 pieces
func.func @pool(%x: tensor<144xi8>, %init: tensor<144xi8>) -> tensor<144xi8> {
  %0 = qk.pool(%x into %init) attributes {window = #pool, kind = #qk.pool<max>, in_format = i8, out_format = i8} {
  ^bb0(%a: i32, %n: i32):
    qk.yield %a : i32
  } : (tensor<144xi8>, tensor<144xi8>) -> tensor<144xi8>
  return %0 : tensor<144xi8>
}

// Two rows share a byte.
// CHECK-LABEL: func @pool_of_bits
// CHECK-NOT: pieces
func.func @pool_of_bits(%x: tensor<144xi8>, %init: tensor<5xi8>) -> tensor<5xi8> {
  %0 = qk.pool(%x into %init) attributes {window = #odd, kind = #qk.pool<max>, in_format = i8, out_format = !qnn.binary} {
  ^bb0(%a: i32, %n: i32):
    qk.yield %a : i32
  } : (tensor<144xi8>, tensor<5xi8>) -> tensor<5xi8>
  return %0 : tensor<5xi8>
}

// CHECK-LABEL: func @softmax
// CHECK: pieces = 4 : i64
func.func @softmax(%x: tensor<40xi8>, %init: tensor<40xi8>) -> tensor<40xi8> {
  %0 = qk.softmax(%x into %init) {rows = 8, columns = 5, in_format = i8, out_format = i8, multiplier = 1, left = 0, right = 0, radius = 0} : (tensor<40xi8>, tensor<40xi8>) -> tensor<40xi8>
  return %0 : tensor<40xi8>
}

// CHECK-LABEL: func @lookup
// CHECK: pieces = 2 : i64
func.func @lookup(%x: tensor<100xi8>, %init: tensor<50xi8>) -> tensor<50xi8> {
  %t = qk.constant dense<0> : tensor<256xi8> : tensor<256xi8>
  %0 = qk.lookup(%x, %t into %init) {count = 100, in_format = i8, out_format = i4} : (tensor<100xi8>, tensor<256xi8>, tensor<50xi8>) -> tensor<50xi8>
  return %0 : tensor<50xi8>
}

// All elements of both, 64 together; each row of the first with the same row of the second.
// CHECK-LABEL: func @maps
// CHECK: qk.map{{.*}}pieces = 3 : i64, shape = array<i64: 5, 30>
// CHECK: qk.map{{.*}}pieces = 4 : i64, shape = array<i64: 4, 2, 3>
func.func @maps(%x: tensor<150xi8>, %y: tensor<24xi8>, %init: tensor<150xi8>, %init2: tensor<24xi8>) -> (tensor<150xi8>, tensor<24xi8>) {
  %0 = qk.map(%x into %init) attributes {shape = array<i64: 5, 30>, accesses = [#qk.access<format = i8, offset = 0, strides = [30, 1]>, #qk.access<format = i8, offset = 0, strides = [30, 1]>]} {
  ^bb0(%a: i32):
    %s = arith.addi %a, %a : i32
    qk.yield %s : i32
  } : (tensor<150xi8>, tensor<150xi8>) -> tensor<150xi8>
  %1 = qk.map(%y into %init2) attributes {shape = array<i64: 4, 2, 3>, accesses = [#qk.access<format = i8, offset = 0, strides = [6, 1, 2]>, #qk.access<format = i8, offset = 0, strides = [6, 3, 1]>]} {
  ^bb0(%a: i32):
    qk.yield %a : i32
  } : (tensor<24xi8>, tensor<24xi8>) -> tensor<24xi8>
  return %0, %1 : tensor<150xi8>, tensor<24xi8>
}

// Of codes of 4 bits, 64 together and rows of 6 begin a byte; rows of 5 do not.
// CHECK-LABEL: func @nibble_maps
// CHECK: qk.map{{.*}}pieces = 2 : i64, shape = array<i64: 100>
// CHECK: qk.map{{.*}}pieces = 4 : i64, shape = array<i64: 4, 3, 2>
// CHECK: qk.map
// CHECK-NOT: pieces
func.func @nibble_maps(%x: tensor<100xi8>, %init: tensor<50xi8>, %init2: tensor<12xi8>, %init3: tensor<10xi8>) -> (tensor<50xi8>, tensor<12xi8>, tensor<10xi8>) {
  %0 = qk.map(%x into %init) attributes {shape = array<i64: 100>, accesses = [#qk.access<format = i8, offset = 0, strides = [1]>, #qk.access<format = i4, offset = 0, strides = [1]>]} {
  ^bb0(%a: i32):
    qk.yield %a : i32
  } : (tensor<100xi8>, tensor<50xi8>) -> tensor<50xi8>
  %1 = qk.map(%x into %init2) attributes {shape = array<i64: 4, 3, 2>, accesses = [#qk.access<format = i8, offset = 0, strides = [6, 1, 3]>, #qk.access<format = i4, offset = 0, strides = [6, 2, 1]>]} {
  ^bb0(%a: i32):
    qk.yield %a : i32
  } : (tensor<100xi8>, tensor<12xi8>) -> tensor<12xi8>
  %2 = qk.map(%x into %init3) attributes {shape = array<i64: 4, 5>, accesses = [#qk.access<format = i8, offset = 0, strides = [1, 4]>, #qk.access<format = i4, offset = 0, strides = [5, 1]>]} {
  ^bb0(%a: i32):
    qk.yield %a : i32
  } : (tensor<100xi8>, tensor<10xi8>) -> tensor<10xi8>
  return %0, %1, %2 : tensor<50xi8>, tensor<12xi8>, tensor<10xi8>
}

// Rows of a resize, unless two of them share a byte; positions of an argmax.
// CHECK-LABEL: func @gather
// CHECK: qk.gather{{.*}}pieces = 4 : i64
// CHECK: qk.gather
// CHECK-NOT: pieces
// CHECK: qk.argmax{{.*}}pieces = 3 : i64
// CHECK: qk.argmax{{.*}}pieces = 2 : i64
func.func @gather(%x: tensor<24xi8>, %init: tensor<96xi8>, %init2: tensor<18xi8>, %init3: tensor<3xi32>, %init4: tensor<120xi32>, %y: tensor<360xi8>) -> (tensor<96xi8>, tensor<18xi8>, tensor<3xi32>, tensor<120xi32>) {
  %t = qk.constant dense<[0, 0, 1, 1]> : tensor<4xi32> : tensor<4xi32>
  %u = qk.constant dense<[0, 1, 1]> : tensor<3xi32> : tensor<3xi32>
  %0 = qk.gather(%x, %t, %t into %init) {shape = array<i64: 2, 4, 4, 3>, input_shape = array<i64: 2, 2>, format = i8} : (tensor<24xi8>, tensor<4xi32>, tensor<4xi32>, tensor<96xi8>) -> tensor<96xi8>
  %1 = qk.gather(%x, %t, %u into %init2) {shape = array<i64: 1, 4, 3, 3>, input_shape = array<i64: 2, 2>, format = i4} : (tensor<24xi8>, tensor<4xi32>, tensor<3xi32>, tensor<18xi8>) -> tensor<18xi8>
  %2 = qk.argmax(%x into %init3) {shape = array<i64: 3, 8, 1>, format = i8} : (tensor<24xi8>, tensor<3xi32>) -> tensor<3xi32>
  %3 = qk.argmax(%y into %init4) {shape = array<i64: 1, 3, 120>, format = i8} : (tensor<360xi8>, tensor<120xi32>) -> tensor<120xi32>
  return %0, %1, %2, %3 : tensor<96xi8>, tensor<18xi8>, tensor<3xi32>, tensor<120xi32>
}

// A move by one distance may have nothing to do.
// CHECK-LABEL: func @whole_map
// CHECK-NOT: pieces
func.func @whole_map(%x: tensor<100xi8>, %init: tensor<200xi8>) -> tensor<200xi8> {
  %0 = qk.map(%x into %init) attributes {shape = array<i64: 100>, accesses = [#qk.access<format = i8, offset = 0, strides = [1]>, #qk.access<format = i8, offset = 100, strides = [1]>]} {
  ^bb0(%a: i32):
    qk.yield %a : i32
  } : (tensor<100xi8>, tensor<200xi8>) -> tensor<200xi8>
  return %0 : tensor<200xi8>
}
