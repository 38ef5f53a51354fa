// qk-pack-weights: constant weights in the order in which the schedule's tile instruction reads them, and zero points in
// the bias. The bytes are at the end; each blob begins with its alignment.
// RUN: %qcc-opt %s --qk-pack-weights=target=x86-64-v4 | FileCheck %s

// x86.avx512vnni has 16 channels in a vector and 4 products in a step.
#vnni = #qk.schedule<tile = "x86.avx512vnni", m = 1, n = 16, k = 4, lines = 1>
#rows = #qk.schedule<tile = "x86.avx512vnni", m = 1, n = 16, k = 4, lines = 2>
#fma = #qk.schedule<tile = "x86.fma", m = 1, n = 8, k = 1>
#dense = #qk.window<batch = 1, input = [1, 1], output = [1, 1], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [5, 2]>
#conv = #qk.window<batch = 1, input = [2, 3], output = [1, 2], kernel = [2, 2], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [1, 1]>
#dilated = #qk.window<batch = 1, input = [1, 3], output = [1, 1], kernel = [1, 2], strides = [1, 1], dilations = [1, 2], pads = [0, 0], groups = 1, channels = [1, 1]>
#grouped = #qk.window<batch = 1, input = [1, 1], output = [1, 1], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 2, channels = [2, 1]>
#depthwise = #qk.window<batch = 1, input = [1, 5], output = [1, 1], kernel = [1, 5], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 2, channels = [1, 1]>
#float = #qk.window<batch = 1, input = [1, 1], output = [1, 1], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 3]>
#wide = #qk.window<batch = 1, input = [1, 1], output = [1, 1], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [1, 18]>

// Signed codes are staged as unsigned ones, 128 more. For codes x with the zero point 3,
//   sum (x - 3) w = sum (x + 128) w - 131 sum w
// The sums of weights are 15 and 40: 100 - 1965 and 200 - 5240. Positions outside the input hold the zero point.
// CHECK-LABEL: func @bias
func.func @bias(%x: tensor<5xi8>, %init: tensor<2xi32>) -> tensor<2xi32> {
  %w = qk.constant dense<[[1, 2, 3, 4, 5], [6, 7, 8, 9, 10]]> : tensor<2x5xi8> {name = "bias"} : tensor<2x5xi8>
  %b = qk.constant dense<[100, 200]> : tensor<2xi32> {name = "b"} : tensor<2xi32>
  // CHECK-DAG: %[[B:.*]] = qk.constant dense<[-1865, -5040]> : tensor<2xi32> {name = "b"}
  // CHECK-DAG: %[[W:.*]] = qk.constant dense_resource<[[BIAS:.*]]> : tensor<128xi8> {name = "bias"}
  // CHECK-NOT: qk.constant
  // CHECK: qk.contract(%{{.*}}, %[[W]] params %[[B]] scratch
  // CHECK-SAME: lhs_zero = -128 : i64
  // CHECK-SAME: packed, pad_code = 3 : i64
  %s = tensor.empty() : tensor<256xi8>
  %0 = qk.contract(%x, %w params %b scratch %s into %init) attributes {window = #dense, rhs_strides = array<i64: 0, 5, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i32, lhs_zero = 3, schedule = #vnni} {
  ^bb0(%acc: i32, %b0: i32):
    %sum = arith.addi %acc, %b0 : i32
    qk.yield %sum : i32
  } : (tensor<5xi8>, tensor<2x5xi8>, tensor<2xi32>, tensor<256xi8>, tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// One number for all channels becomes one for each: 7 - 131 * 15, 7 - 131 * 40.
// CHECK-LABEL: func @splat_bias
func.func @splat_bias(%x: tensor<5xi8>, %init: tensor<2xi32>) -> tensor<2xi32> {
  %w = qk.constant dense<[[1, 2, 3, 4, 5], [6, 7, 8, 9, 10]]> : tensor<2x5xi8> : tensor<2x5xi8>
  %b = qk.constant dense<7> : tensor<2xi32> : tensor<2xi32>
  // CHECK: qk.constant dense<[-1958, -5233]> : tensor<2xi32>
  %s = tensor.empty() : tensor<256xi8>
  %0 = qk.contract(%x, %w params %b scratch %s into %init) attributes {window = #dense, rhs_strides = array<i64: 0, 5, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i32, lhs_zero = 3, schedule = #vnni} {
  ^bb0(%acc: i32, %b0: i32):
    %sum = arith.addi %acc, %b0 : i32
    qk.yield %sum : i32
  } : (tensor<5xi8>, tensor<2x5xi8>, tensor<2xi32>, tensor<256xi8>, tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// Without a bias the epilogue begins with a sum of its own.
// CHECK-LABEL: func @no_bias
func.func @no_bias(%x: tensor<5xi8>, %init: tensor<2xi32>) -> tensor<2xi32> {
  %w = qk.constant dense<[[1, 2, 3, 4, 5], [6, 7, 8, 9, 10]]> : tensor<2x5xi8> : tensor<2x5xi8>
  // CHECK: %[[ZERO:.*]] = qk.constant dense<[-1965, -5240]> : tensor<2xi32> {name = "zero"}
  // CHECK: qk.contract(%{{.*}}, %{{.*}} params %[[ZERO]] scratch
  // CHECK-NEXT: ^bb0(%[[ACC:.*]]: i32, %[[PARAM:.*]]: i32):
  // CHECK: %[[SUM:.*]] = arith.addi %[[ACC]], %[[PARAM]]
  // CHECK: arith.maxsi %[[SUM]],
  %s = tensor.empty() : tensor<256xi8>
  %0 = qk.contract(%x, %w scratch %s into %init) attributes {window = #dense, rhs_strides = array<i64: 0, 5, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i32, lhs_zero = 3, schedule = #vnni} {
  ^bb0(%acc: i32):
    %c = arith.constant 0 : i32
    %relu = arith.maxsi %acc, %c : i32
    qk.yield %relu : i32
  } : (tensor<5xi8>, tensor<2x5xi8>, tensor<256xi8>, tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// A number that other sums need, too, is no bias of the accumulator.
// CHECK-LABEL: func @used_twice
func.func @used_twice(%x: tensor<5xi8>, %init: tensor<2xi32>) -> tensor<2xi32> {
  %w = qk.constant dense<[[1, 2, 3, 4, 5], [6, 7, 8, 9, 10]]> : tensor<2x5xi8> : tensor<2x5xi8>
  %b = qk.constant dense<[100, 200]> : tensor<2xi32> : tensor<2xi32>
  // CHECK-DAG: %[[B:.*]] = qk.constant dense<[100, 200]>
  // CHECK-DAG: %[[ZERO:.*]] = qk.constant dense<[-1965, -5240]>
  // CHECK: qk.contract(%{{.*}}, %{{.*}} params %[[B]], %[[ZERO]] scratch
  %s = tensor.empty() : tensor<256xi8>
  %0 = qk.contract(%x, %w params %b scratch %s into %init) attributes {window = #dense, rhs_strides = array<i64: 0, 5, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i32, lhs_zero = 3, schedule = #vnni} {
  ^bb0(%acc: i32, %b0: i32):
    %sum = arith.addi %acc, %b0 : i32
    %twice = arith.addi %sum, %b0 : i32
    qk.yield %twice : i32
  } : (tensor<5xi8>, tensor<2x5xi8>, tensor<2xi32>, tensor<256xi8>, tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// Unsigned codes with the zero point 0 need no correction. Weights are stored without their zero point: 200 - 128 = 72, all of
// them one splat.
// CHECK-LABEL: func @unsigned
func.func @unsigned(%x: tensor<5xi8>, %init: tensor<2xi32>) -> tensor<2xi32> {
  %w = qk.constant dense<-56> : tensor<2x5xi8> {name = "unsigned"} : tensor<2x5xi8>
  // CHECK: %[[W:.*]] = qk.constant dense_resource<[[UNSIGNED:.*]]> : tensor<128xi8>
  // CHECK: qk.contract(%{{.*}}, %[[W]] scratch
  // CHECK-NOT: lhs_zero
  // CHECK-SAME: pad_code = 0 : i64
  %s = tensor.empty() : tensor<256xi8>
  %0 = qk.contract(%x, %w scratch %s into %init) attributes {window = #dense, rhs_strides = array<i64: 0, 5, 0, 0, 1>, lhs_format = ui8, rhs_format = ui8, out_format = i32, rhs_zero = 128, schedule = #vnni} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<5xi8>, tensor<2x5xi8>, tensor<256xi8>, tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// A splat of bytes that hold codes of 3 bits is no splat of codes: 0x49 again and again is 1, 1, -3, -4, -4, 2, 2, 2, ...
// CHECK-LABEL: func @splat_bytes
func.func @splat_bytes(%x: tensor<5xi8>, %init: tensor<2xi32>) -> tensor<2xi32> {
  %w = qk.constant dense<73> : tensor<4xi8> {name = "splat"} : tensor<4xi8>
  // CHECK: qk.constant dense_resource<[[SPLAT:.*]]> : tensor<128xi8>
  %s = tensor.empty() : tensor<256xi8>
  %0 = qk.contract(%x, %w scratch %s into %init) attributes {window = #dense, rhs_strides = array<i64: 0, 5, 0, 0, 1>, lhs_format = ui8, rhs_format = i3, out_format = i32, schedule = #vnni} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<5xi8>, tensor<4xi8>, tensor<256xi8>, tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// The taps of a row lie one behind the other in the input, and are one run: two steps of two rows.
// CHECK-LABEL: func @conv
func.func @conv(%x: tensor<6xi8>, %init: tensor<2xi32>) -> tensor<2xi32> {
  %w = qk.constant dense<[1, 2, 3, 4]> : tensor<4xi8> {name = "conv"} : tensor<4xi8>
  // CHECK: qk.constant dense_resource<[[CONV:.*]]> : tensor<128xi8>
  %s = tensor.empty() : tensor<256xi8>
  %0 = qk.contract(%x, %w scratch %s into %init) attributes {window = #conv, rhs_strides = array<i64: 0, 4, 2, 1, 1>, lhs_format = ui8, rhs_format = i8, out_format = i32, schedule = #rows} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<6xi8>, tensor<4xi8>, tensor<256xi8>, tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// With codes between the taps, each tap is a run.
// CHECK-LABEL: func @dilated
func.func @dilated(%x: tensor<3xi8>, %init: tensor<1xi32>) -> tensor<1xi32> {
  %w = qk.constant dense<[1, 2]> : tensor<2xi8> {name = "dilated"} : tensor<2xi8>
  // CHECK: qk.constant dense_resource<[[DILATED:.*]]> : tensor<128xi8>
  %s = tensor.empty() : tensor<256xi8>
  %0 = qk.contract(%x, %w scratch %s into %init) attributes {window = #dilated, rhs_strides = array<i64: 0, 2, 2, 1, 1>, lhs_format = ui8, rhs_format = i8, out_format = i32, schedule = #vnni} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<3xi8>, tensor<2xi8>, tensor<256xi8>, tensor<1xi32>) -> tensor<1xi32>
  return %0 : tensor<1xi32>
}

// Each group has vectors of its own.
// CHECK-LABEL: func @groups
func.func @groups(%x: tensor<4xi8>, %init: tensor<2xi32>) -> tensor<2xi32> {
  %w = qk.constant dense<[1, 2, 3, 4]> : tensor<4xi8> {name = "groups"} : tensor<4xi8>
  // CHECK: qk.constant dense_resource<[[GROUPS:.*]]> : tensor<128xi8>
  %s = tensor.empty() : tensor<256xi8>
  %0 = qk.contract(%x, %w scratch %s into %init) attributes {window = #grouped, rhs_strides = array<i64: 0, 2, 2, 2, 1>, lhs_format = ui8, rhs_format = i8, out_format = i32, schedule = #vnni} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<4xi8>, tensor<4xi8>, tensor<256xi8>, tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// With one scale per group of 4 products, behind the weights of each group what `combine` takes: the scales, and -131 times the sums of
// weights, which are 10, 5 and 30, 10, in 16 bits.
// CHECK-LABEL: func @scale_groups
func.func @scale_groups(%x: tensor<5xi8>, %init: tensor<2xf32>) -> tensor<2xf32> {
  %w = qk.constant dense<[[1, 2, 3, 4, 5], [6, 7, 8, 9, 10]]> : tensor<2x5xi8> {name = "scales"} : tensor<2x5xi8>
  %scales = qk.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32> : tensor<2x2xf32>
  // CHECK: qk.constant dense_resource<[[SCALES:.*]]> : tensor<320xi8>
  // CHECK-NOT: group_params
  %s = tensor.empty() : tensor<256xi8>
  // CHECK: } combine {
  // CHECK-NEXT: ^bb0(%[[TOTAL:.*]]: f32, %[[PRODUCTS:.*]]: i32, %[[SCALE:.*]]: f32, %[[ZERO:.*]]: i16):
  // CHECK-NEXT: %[[WIDE:.*]] = arith.extsi %[[ZERO]] : i16 to i32
  // CHECK-NEXT: arith.addi %[[PRODUCTS]], %[[WIDE]] : i32
  %0 = qk.contract(%x, %w group_params %scales scratch %s into %init) attributes {window = #dense, rhs_strides = array<i64: 0, 5, 5, 5, 1>, lhs_format = i8, rhs_format = i8, out_format = f32, lhs_zero = 3, scale_group = 4, schedule = #vnni} {
  ^bb0(%total: f32):
    qk.yield %total : f32
  } combine {
  ^bb0(%total: f32, %sum: i32, %scale: f32):
    %products = arith.sitofp %sum : i32 to f32
    %real = arith.mulf %scale, %products : f32
    %next = arith.addf %total, %real : f32
    qk.yield %next : f32
  } : (tensor<5xi8>, tensor<2x5xi8>, tensor<2x2xf32>, tensor<256xi8>, tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// Sums that are multiplied by bytes and added up lack nothing but a number for each channel: -131 times 1 * 10 + 2 * 5, and
// times 3 * 30 + 255 * 10.
// CHECK-LABEL: func @scale_groups_of_integers
func.func @scale_groups_of_integers(%x: tensor<5xi8>, %init: tensor<2xi32>) -> tensor<2xi32> {
  %w = qk.constant dense<[[1, 2, 3, 4, 5], [6, 7, 8, 9, 10]]> : tensor<2x5xi8> {name = "factors"} : tensor<2x5xi8>
  %factors = qk.constant dense<[[1, 2], [3, -1]]> : tensor<2x2xi8> : tensor<2x2xi8>
  %s = tensor.empty() : tensor<256xi8>
  // CHECK: %[[ZERO:.*]] = qk.constant dense<[-2620, -345840]> : tensor<2xi32> {name = "zero"}
  // CHECK: qk.contract({{.*}} params %[[ZERO]] scratch
  // CHECK: ^bb0(%[[SUM:.*]]: i32, %[[OWN:.*]]: i32):
  // CHECK-NEXT: arith.addi %[[SUM]], %[[OWN]] : i32
  // CHECK: } combine {
  // CHECK-NEXT: ^bb0(%{{.*}}: i32, %{{.*}}: i32, %{{.*}}: i8):
  %0 = qk.contract(%x, %w group_params %factors scratch %s into %init) attributes {window = #dense, rhs_strides = array<i64: 0, 5, 5, 5, 1>, lhs_format = i8, rhs_format = i8, out_format = i32, lhs_zero = 3, scale_group = 4, schedule = #vnni} {
  ^bb0(%total: i32):
    qk.yield %total : i32
  } combine {
  ^bb0(%total: i32, %sum: i32, %factor: i8):
    %wide = arith.extui %factor : i8 to i32
    %product = arith.muli %sum, %wide : i32
    %next = arith.addi %total, %product : i32
    qk.yield %next : i32
  } : (tensor<5xi8>, tensor<2x5xi8>, tensor<2x2xi8>, tensor<256xi8>, tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// Depthwise: a lane is a channel, its products are taps of a row; the fifth begins a second block.
// CHECK-LABEL: func @depthwise
func.func @depthwise(%x: tensor<10xi8>, %init: tensor<2xi32>) -> tensor<2xi32> {
  %w = qk.constant dense<[[1, 17], [2, 18], [3, 19], [4, 20], [5, 21]]> : tensor<5x2xi8> {name = "depthwise"} : tensor<5x2xi8>
  // CHECK: qk.constant dense_resource<[[DEPTHWISE:.*]]> : tensor<128xi8>
  %s = tensor.empty() : tensor<256xi8>
  %0 = qk.contract(%x, %w scratch %s into %init) attributes {window = #depthwise, rhs_strides = array<i64: 0, 1, 10, 2, 1>, lhs_format = ui8, rhs_format = i8, out_format = i32, schedule = #vnni} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<10xi8>, tensor<5x2xi8>, tensor<256xi8>, tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// Floats have no zero point: the bits of 8 channels for each product.
// CHECK-LABEL: func @float
func.func @float(%x: tensor<2xf32>, %init: tensor<3xf32>) -> tensor<3xf32> {
  %w = qk.constant dense<[[1.0, 2.0], [-1.0, 0.5], [3.0, 4.0]]> : tensor<3x2xf32> {name = "float"} : tensor<3x2xf32>
  // CHECK: qk.constant dense_resource<[[FLOAT:.*]]> : tensor<64xi8>
  // CHECK-NOT: lhs_zero
  // CHECK-NOT: pad_code
  // CHECK: packed
  %0 = qk.contract(%x, %w into %init) attributes {window = #float, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = f32, rhs_format = f32, out_format = f32, schedule = #fma} {
  ^bb0(%acc: f32):
    qk.yield %acc : f32
  } : (tensor<2xf32>, tensor<3x2xf32>, tensor<3xf32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// Two blocks of 16 channels: all steps of one, then those of the other, which ends with the last channel and has 14 channels of
// the first again.
// CHECK-LABEL: func @blocks
func.func @blocks(%x: tensor<1xi8>, %init: tensor<18xi32>) -> tensor<18xi32> {
  %w = qk.constant dense<[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]> : tensor<18xi8> {name = "blocks"} : tensor<18xi8>
  // CHECK: qk.constant dense_resource<[[BLOCKS:.*]]> : tensor<128xi8>
  %s = tensor.empty() : tensor<256xi8>
  %0 = qk.contract(%x, %w scratch %s into %init) attributes {window = #wide, rhs_strides = array<i64: 0, 1, 1, 1, 1>, lhs_format = ui8, rhs_format = i8, out_format = i32, schedule = #vnni} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<1xi8>, tensor<18xi8>, tensor<256xi8>, tensor<18xi32>) -> tensor<18xi32>
  return %0 : tensor<18xi32>
}

// What has no block tile, or is packed, stays.
// CHECK-LABEL: func @stays
func.func @stays(%x: tensor<5xi8>, %p: tensor<128xi8>, %init: tensor<2xi32>) -> (tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) {
  // CHECK: %[[W:.*]] = qk.constant dense<1> : tensor<2x5xi8>
  %w = qk.constant dense<1> : tensor<2x5xi8> : tensor<2x5xi8>
  // CHECK: qk.contract(%{{.*}}, %[[W]] into
  // CHECK-NOT: packed
  %0 = qk.contract(%x, %w into %init) attributes {window = #dense, rhs_strides = array<i64: 0, 5, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i32, lhs_zero = 3} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<5xi8>, tensor<2x5xi8>, tensor<2xi32>) -> tensor<2xi32>
  // CHECK: qk.contract(%{{.*}}, %[[W]] into
  // CHECK-NOT: packed
  %1 = qk.contract(%x, %w into %init) attributes {window = #dense, rhs_strides = array<i64: 0, 5, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i32, lhs_zero = 3, schedule = #qk.schedule<tile = "generic.int", m = 1, n = 1, k = 0>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<5xi8>, tensor<2x5xi8>, tensor<2xi32>) -> tensor<2xi32>
  // CHECK: qk.contract(%{{.*}}, %arg1 into
  // CHECK-SAME: lhs_zero = 3
  %2 = qk.contract(%x, %p into %init) attributes {window = #dense, rhs_strides = array<i64: 0, 5, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i32, lhs_zero = 3, packed, schedule = #vnni} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<5xi8>, tensor<128xi8>, tensor<2xi32>) -> tensor<2xi32>
  return %0, %1, %2 : tensor<2xi32>, tensor<2xi32>, tensor<2xi32>
}

// CHECK: dialect_resources
// CHECK: [[BIAS]]: "0x0800000001020304060708090000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000050000000A0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
// CHECK: [[UNSIGNED]]: "0x080000004848484848484848000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000048000000480000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
// CHECK: [[SPLAT]]: "0x080000000101FDFC020202010000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000FC000000010000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
// CHECK: [[CONV]]: "0x080000000102000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000003040000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
// CHECK: [[DILATED]]: "0x080000000100000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000002000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
// CHECK: [[GROUPS]]: "0x080000000102000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000003040000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
// CHECK: [[SCALES]]: "0x08000000010203040607080900000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000803F000040400000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000E2FAA6F000000000000000000000000000000000000000000000000000000000050000000A00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000004000008040000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000071FDE2FA00000000000000000000000000000000000000000000000000000000"
// CHECK: [[DEPTHWISE]]: "0x080000000102030411121314000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000005000000150000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
// CHECK: [[FLOAT]]: "0x080000000000803F000080BF000040400000000000000000000000000000000000000000000000400000003F000080400000000000000000000000000000000000000000"
// CHECK: [[BLOCKS]]: "0x080000000100000002000000030000000400000005000000060000000700000008000000090000000A0000000B0000000C0000000D0000000E0000000F00000010000000030000000400000005000000060000000700000008000000090000000A0000000B0000000C0000000D0000000E0000000F000000100000001100000012000000"
