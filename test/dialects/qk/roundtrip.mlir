// Every attribute and operator of qk is printed as it was read, on tensors and on memrefs, in text and in bytecode.
// RUN: %qcc-opt %s --verify-roundtrip | FileCheck %s

!q = !quant.uniform<i8:f32, 5.0e-02:3>
!p = !quant.uniform<i8:f32, 3.906250e-03:-128>
#conv = #qk.window<batch = 1, input = [4, 4], output = [2, 2], kernel = [3, 3], strides = [2, 2], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [2, 3]>
#dense = #qk.window<batch = 2, input = [1, 1], output = [1, 1], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [5, 2]>
#pool = #qk.window<batch = 1, input = [4, 4], output = [2, 2], kernel = [2, 2], strides = [2, 2], dilations = [1, 1], pads = [0, 0], groups = 2, channels = [1, 1]>
#flat = #qk.access<format = !q, offset = 0, strides = [1]>

// CHECK-LABEL: func private @attributes
// CHECK-SAME: test.a = #qk.window<batch = 1, input = [4, 4], output = [2, 2], kernel = [3, 3], strides = [2, 2], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [2, 3]>
// CHECK-SAME: test.b = #qk.access<format = !quant.uniform<i8:f32, 5.000000e-02:3>, offset = 7, strides = [0, 2, 1]>
// CHECK-SAME: test.c = #qk.access<format = f32, offset = 0, strides = []>
// CHECK-SAME: test.d = #qk.schedule<tile = "generic.int", m = 1, n = 2, k = 0, tiles = 2>
// CHECK-SAME: test.e = [#qk.pool<max>, #qk.pool<sum>]
func.func private @attributes() attributes {
  test.a = #conv, test.b = #qk.access<format = !q, offset = 7, strides = [0, 2, 1]>,
  test.c = #qk.access<format = f32, offset = 0, strides = []>,
  test.d = #qk.schedule<tile = "generic.int", m = 1, n = 2, k = 0, tiles = 2>, test.e = [#qk.pool<max>, #qk.pool<sum>]}

// CHECK-LABEL: func @storage
func.func @storage(%m: memref<6xi8>) -> (tensor<3xi16>, tensor<2xf32>, tensor<6xi8>) {
  // CHECK: qk.constant dense<[1, 2, 3]> : tensor<3xi16> {name = "stem"} : tensor<3xi16>
  %0 = qk.constant dense<[1, 2, 3]> : tensor<3xi16> {name = "stem"} : tensor<3xi16>
  // CHECK: qk.constant dense_resource<two> : tensor<2xf32> : tensor<2xf32>
  %1 = qk.constant dense_resource<two> : tensor<2xf32> : tensor<2xf32>
  // CHECK: qk.constant dense<1> : tensor<4xi8> : memref<4xi8>
  %2 = qk.constant dense<1> : tensor<4xi8> : memref<4xi8>
  // CHECK: qk.view %{{.*}} : tensor<3xi16> -> tensor<6xi8>
  %3 = qk.view %0 : tensor<3xi16> -> tensor<6xi8>
  // CHECK: qk.view %{{.*}} : memref<6xi8> -> memref<2x3xi8>
  %4 = qk.view %m : memref<6xi8> -> memref<2x3xi8>
  return %0, %1, %3 : tensor<3xi16>, tensor<2xf32>, tensor<6xi8>
}

// CHECK-LABEL: func @contract
func.func @contract(%x: tensor<1x4x4x2xi8>, %w: tensor<3x3x3x2xi8>, %bias: tensor<3xi32>, %shift: tensor<3xi8>,
                    %init: tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8> {
  // CHECK: qk.contract(%{{.*}}, %{{.*}} params %{{.*}}, %{{.*}} into %{{.*}}) attributes {
  // CHECK-SAME: lhs_zero = 3 : i64
  // CHECK-SAME: rhs_strides = array<i64: 0, 18, 6, 2, 1>
  // CHECK-SAME: schedule = #qk.schedule<tile = "generic.int", m = 1, n = 1, k = 0>
  // CHECK-SAME: window = #qk.window<
  // CHECK-NEXT: ^bb0(%{{.*}}: i32, %{{.*}}: i32, %{{.*}}: i8):
  // CHECK: qk.requantize %{{.*}}, %{{.*}} left %{{.*}} right %{{.*}} {rounding = #qnn.rounding<single>}
  // CHECK-NEXT: qk.yield %{{.*}} : i32
  // CHECK-NEXT: } : (tensor<1x4x4x2xi8>, tensor<3x3x3x2xi8>, tensor<3xi32>, tensor<3xi8>, tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8>
  %0 = qk.contract(%x, %w params %bias, %shift into %init) attributes {
      window = #conv, rhs_strides = array<i64: 0, 18, 6, 2, 1>, lhs_format = !q, rhs_format = i8, out_format = !q, lhs_zero = 3,
      schedule = #qk.schedule<tile = "generic.int", m = 1, n = 1, k = 0>} {
  ^bb0(%acc: i32, %b: i32, %s: i8):
    %c0 = arith.constant 0 : i32
    %m = arith.constant 1717986918 : i32
    %sum = arith.addi %acc, %b : i32
    %right = arith.extui %s : i8 to i32
    %code = qk.requantize %sum, %m left %c0 right %right {rounding = #qnn.rounding<single>}
    qk.yield %code : i32
  } : (tensor<1x4x4x2xi8>, tensor<3x3x3x2xi8>, tensor<3xi32>, tensor<3xi8>, tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8>
  return %0 : tensor<1x2x2x3xi8>
}

// Weights in a tile's order, codes of the border, scratch memory; on tensors and on memrefs.
// CHECK-LABEL: func @contract_packed
func.func @contract_packed(%x: tensor<1x4x4x2xi8>, %w: tensor<256xi8>, %bias: tensor<3xi32>, %init: tensor<1x2x2x3xi32>,
                           %m: memref<1x4x4x2xi8>, %b: memref<5xi32>, %s: memref<64xi8>, %y: memref<1x2x2x5xi32>) -> tensor<1x2x2x3xi32> {
  // CHECK: %[[SCRATCH:.*]] = tensor.empty() : tensor<64xi8>
  %scratch = tensor.empty() : tensor<64xi8>
  // CHECK: qk.contract(%{{.*}}, %{{.*}} params %{{.*}} scratch %[[SCRATCH]] into %{{.*}}) attributes {
  // CHECK-SAME: lhs_zero = -128 : i64
  // CHECK-SAME: packed, pad_code = 3 : i64
  // CHECK-SAME: schedule = #qk.schedule<tile = "x86.avx512vnni", m = 2, n = 16, k = 4, lines = 3>
  %0 = qk.contract(%x, %w params %bias scratch %scratch into %init) attributes {
      window = #conv, rhs_strides = array<i64: 0, 18, 6, 2, 1>, lhs_format = !q, rhs_format = i8, out_format = i32, lhs_zero = -128,
      packed, pad_code = 3 : i64, schedule = #qk.schedule<tile = "x86.avx512vnni", m = 2, n = 16, k = 4, lines = 3>} {
  ^bb0(%acc: i32, %b0: i32):
    %sum = arith.addi %acc, %b0 : i32
    qk.yield %sum : i32
  } : (tensor<1x4x4x2xi8>, tensor<256xi8>, tensor<3xi32>, tensor<64xi8>, tensor<1x2x2x3xi32>) -> tensor<1x2x2x3xi32>
  %v = qk.constant dense<1> : tensor<256xi8> : memref<256xi8>
  // CHECK: qk.contract(%{{.*}}, %{{.*}} params %{{.*}} scratch %{{.*}} into %{{.*}}) attributes {
  // CHECK-SAME: part = #qk.part<first = 2, of = 5>
  // CHECK: } : (memref<1x4x4x2xi8>, memref<256xi8>, memref<5xi32>, memref<64xi8>, memref<1x2x2x5xi32>) -> ()
  qk.contract(%m, %v params %b scratch %s into %y) attributes {
      window = #conv, rhs_strides = array<i64: 0, 18, 6, 2, 1>, lhs_format = !q, rhs_format = i8, out_format = i32, lhs_zero = -128,
      packed, pad_code = 3 : i64, part = #qk.part<first = 2, of = 5>, schedule = #qk.schedule<tile = "x86.avx512vnni", m = 2, n = 16, k = 4, lines = 3>} {
  ^bb0(%acc: i32, %b0: i32):
    %sum = arith.addi %acc, %b0 : i32
    qk.yield %sum : i32
  } : (memref<1x4x4x2xi8>, memref<256xi8>, memref<5xi32>, memref<64xi8>, memref<1x2x2x5xi32>) -> ()
  return %0 : tensor<1x2x2x3xi32>
}

// CHECK-LABEL: func @contract_groups
func.func @contract_groups(%x: memref<2x5xi8>, %w: memref<5xi8>, %scales: memref<6xf32>, %y: memref<2x2xf32>) {
  // CHECK: qk.contract(%{{.*}}, %{{.*}} group_params %{{.*}} into %{{.*}}) attributes {{.*}} scale_group = 2 : i64
  // CHECK: ^bb0(%{{.*}}: f32):
  // CHECK: } combine {
  // CHECK-NEXT: ^bb0(%{{.*}}: f32, %{{.*}}: i32, %{{.*}}: f32):
  // CHECK: } : (memref<2x5xi8>, memref<5xi8>, memref<6xf32>, memref<2x2xf32>) -> ()
  qk.contract(%x, %w group_params %scales into %y) attributes {
      window = #dense, rhs_strides = array<i64: 0, 5, 0, 0, 1>, lhs_format = !q, rhs_format = i4, out_format = f32, scale_group = 2} {
  ^bb0(%total: f32):
    qk.yield %total : f32
  } combine {
  ^bb0(%total: f32, %sum: i32, %scale: f32):
    %0 = arith.sitofp %sum : i32 to f32
    %1 = arith.mulf %0, %scale : f32
    %2 = arith.addf %total, %1 : f32
    qk.yield %2 : f32
  } : (memref<2x5xi8>, memref<5xi8>, memref<6xf32>, memref<2x2xf32>) -> ()
  return
}

// CHECK-LABEL: func @pool
func.func @pool(%x: tensor<1x4x4x2xi8>, %init: tensor<1x2x2x2xi8>, %m: memref<1x4x4x2xf32>, %n: memref<1x2x2x2xf32>) -> tensor<1x2x2x2xi8> {
  // CHECK: qk.pool(%{{.*}} into %{{.*}}) attributes {{{.*}}kind = #qk.pool<max>
  // CHECK-NEXT: ^bb0(%{{.*}}: i32, %{{.*}}: i32):
  %0 = qk.pool(%x into %init) attributes {window = #pool, kind = #qk.pool<max>, in_format = !q, out_format = !q} {
  ^bb0(%value: i32, %count: i32):
    qk.yield %value : i32
  } : (tensor<1x4x4x2xi8>, tensor<1x2x2x2xi8>) -> tensor<1x2x2x2xi8>
  // CHECK: qk.pool(%{{.*}} into %{{.*}}) attributes {{{.*}}kind = #qk.pool<sum>
  // CHECK-NEXT: ^bb0(%{{.*}}: f32, %{{.*}}: i32):
  qk.pool(%m into %n) attributes {window = #pool, kind = #qk.pool<sum>, in_format = f32, out_format = f32} {
  ^bb0(%value: f32, %count: i32):
    qk.yield %value : f32
  } : (memref<1x4x4x2xf32>, memref<1x2x2x2xf32>) -> ()
  return %0 : tensor<1x2x2x2xi8>
}

// CHECK-LABEL: func @map
func.func @map(%x: tensor<6xi8>, %y: tensor<6xi8>, %init: tensor<6xi8>, %m: memref<6xf32>) -> tensor<6xi8> {
  // CHECK: qk.map(%{{.*}}, %{{.*}} into %{{.*}}) attributes {accesses = [#qk.access<{{.*}}>, #qk.access<{{.*}}>, #qk.access<{{.*}}>], shape = array<i64: 6>} {
  %0 = qk.map(%x, %y into %init) attributes {shape = array<i64: 6>, accesses = [#flat, #flat, #flat]} {
  ^bb0(%a: i32, %b: i32):
    %sum = arith.addi %a, %b : i32
    qk.yield %sum : i32
  } : (tensor<6xi8>, tensor<6xi8>, tensor<6xi8>) -> tensor<6xi8>
  // CHECK: qk.map( into %{{.*}}) attributes
  qk.map(into %m) attributes {shape = array<i64: 2, 3>, accesses = [#qk.access<format = f32, offset = 0, strides = [3, 1]>]} {
    %c = arith.constant 1.5 : f32
    qk.yield %c : f32
  } : (memref<6xf32>) -> ()
  // CHECK: qk.round %{{.*}}
  %1 = qk.map(%x into %init) attributes {shape = array<i64: 6>, accesses = [#flat, #flat]} {
  ^bb0(%a: i32):
    %real = arith.sitofp %a : i32 to f32
    %code = qk.round %real
    // CHECK: qk.round_product %{{.*}}, %{{.*}}
    %product = qk.round_product %real, %real
    %sum = arith.addi %code, %product : i32
    qk.yield %sum : i32
  } : (tensor<6xi8>, tensor<6xi8>) -> tensor<6xi8>
  return %1 : tensor<6xi8>
}

// CHECK-LABEL: func @tables
func.func @tables(%x: tensor<6xi8>, %t: tensor<256xi8>, %init: tensor<6xi8>, %r: tensor<4xi32>, %c: tensor<2xi32>,
                  %image: tensor<1x2x3x1xi8>, %large: tensor<1x4x2x1xi8>, %m: memref<6xi8>, %n: memref<256xi8>) -> (tensor<6xi8>, tensor<1x4x2x1xi8>) {
  // CHECK: qk.lookup(%{{.*}}, %{{.*}} into %{{.*}}) {count = 6 : i64, in_format = !quant.uniform{{.*}}, out_format = !quant.uniform{{.*}}} : (
  %0 = qk.lookup(%x, %t into %init) {count = 6, in_format = !q, out_format = !p} : (tensor<6xi8>, tensor<256xi8>, tensor<6xi8>) -> tensor<6xi8>
  // CHECK: qk.lookup({{.*}}) -> ()
  qk.lookup(%m, %n into %m) {count = 6, in_format = !q, out_format = !p} : (memref<6xi8>, memref<256xi8>, memref<6xi8>) -> ()
  // CHECK: qk.gather(%{{.*}}, %{{.*}}, %{{.*}} into %{{.*}}) {format = !quant{{.*}}, input_shape = array<i64: 2, 3>, shape = array<i64: 1, 4, 2, 1>} : (
  %1 = qk.gather(%image, %r, %c into %large) {shape = array<i64: 1, 4, 2, 1>, input_shape = array<i64: 2, 3>, format = !q} : (tensor<1x2x3x1xi8>, tensor<4xi32>, tensor<2xi32>, tensor<1x4x2x1xi8>) -> tensor<1x4x2x1xi8>
  // CHECK: qk.fetch(%{{.*}} into %{{.*}}) : (tensor<6xi8>, tensor<6xi8>) -> tensor<6xi8>
  %2 = qk.fetch(%0 into %x) : (tensor<6xi8>, tensor<6xi8>) -> tensor<6xi8>
  // CHECK: qk.fetch(%{{.*}} into %{{.*}}) {offset = 250 : i64} : (tensor<256xi8>, tensor<6xi8>) -> tensor<6xi8>
  %3 = qk.fetch(%t into %2) {offset = 250 : i64} : (tensor<256xi8>, tensor<6xi8>) -> tensor<6xi8>
  return %3, %1 : tensor<6xi8>, tensor<1x4x2x1xi8>
}

// CHECK-LABEL: func @stream
// CHECK: qk.stream(%{{.*}} scratch %{{.*}} into %{{.*}}) attributes {offsets = array<i64: 0, 12, 0, 0>, stages = [#qk.stage<height = 4, rows = 4, stride = 1, pad = 1, pad_code = 0>, #qk.stage<{{.*}}>]} {
// CHECK-NEXT: ^bb0(%[[ROWS:.*]]: tensor<12xi8>, %[[ROW:.*]]: tensor<8xi8>, %{{.*}}: tensor<8xi8>, %{{.*}}: tensor<4xi8>):
// CHECK: qk.contract(%[[ROWS]], %{{.*}} into %[[ROW]])
func.func @stream(%x: tensor<16xi8>, %s: tensor<20xi8>, %e: tensor<16xi8>) -> tensor<16xi8> {
  %0 = qk.stream(%x scratch %s into %e) attributes {stages = [#qk.stage<height = 4, rows = 4, stride = 1, pad = 1, pad_code = 0>, #qk.stage<height = 4, rows = 4, stride = 1, pad = 0, pad_code = 0>], offsets = array<i64: 0, 12, 0, 0>} {
  ^bb0(%r0: tensor<12xi8>, %d0: tensor<8xi8>, %r1: tensor<8xi8>, %d1: tensor<4xi8>):
    %c0 = qk.constant dense<1> : tensor<18xi8> : tensor<18xi8>
    %c1 = qk.constant dense<1> : tensor<2xi8> : tensor<2xi8>
    %a = qk.contract(%r0, %c0 into %d0) attributes {window = #qk.window<batch = 1, input = [3, 4], output = [1, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [0, 1], groups = 1, channels = [1, 2]>, rhs_strides = array<i64: 0, 9, 3, 1, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
    ^bb0(%acc: i32):
      qk.yield %acc : i32
    } : (tensor<12xi8>, tensor<18xi8>, tensor<8xi8>) -> tensor<8xi8>
    %b = qk.contract(%r1, %c1 into %d1) attributes {window = #qk.window<batch = 1, input = [1, 4], output = [1, 4], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [2, 1]>, rhs_strides = array<i64: 0, 2, 0, 0, 1>, lhs_format = !q, rhs_format = i8, out_format = !q} {
    ^bb0(%acc: i32):
      qk.yield %acc : i32
    } : (tensor<8xi8>, tensor<2xi8>, tensor<4xi8>) -> tensor<4xi8>
  } : (tensor<16xi8>, tensor<20xi8>, tensor<16xi8>) -> tensor<16xi8>
  return %0 : tensor<16xi8>
}

// CHECK-LABEL: func @rows
func.func @rows(%x: tensor<2x3xi8>, %init: tensor<2x3xi8>, %f: memref<6xf32>, %index: tensor<3xi32>) -> (tensor<2x3xi8>, tensor<3xi32>) {
  // CHECK: qk.softmax(%{{.*}} into %{{.*}}) {columns = 3 : i64, in_format = {{.*}}, left = 21 : i64, multiplier = 1073741824 : i64, out_format = {{.*}}, radius = 31 : i64, right = 0 : i64, rows = 2 : i64} : (
  %0 = qk.softmax(%x into %init) {rows = 2, columns = 3, in_format = !q, out_format = !p, multiplier = 1073741824, left = 21, right = 0, radius = 31} : (tensor<2x3xi8>, tensor<2x3xi8>) -> tensor<2x3xi8>
  // CHECK: qk.float_softmax(%{{.*}} into %{{.*}}) {beta = 1.000000e+00 : f32, columns = 3 : i64, rows = 2 : i64} : (memref<6xf32>, memref<6xf32>) -> ()
  qk.float_softmax(%f into %f) {rows = 2, columns = 3, beta = 1.0 : f32} : (memref<6xf32>, memref<6xf32>) -> ()
  // CHECK: qk.float_softmax({{.*}}) {beta = 5.000000e-01 : f32, columns = 6 : i64, logarithm, rows = 1 : i64}
  qk.float_softmax(%f into %f) {rows = 1, columns = 6, beta = 0.5 : f32, logarithm} : (memref<6xf32>, memref<6xf32>) -> ()
  // CHECK: qk.argmax(%{{.*}} into %{{.*}}) {format = {{.*}}, shape = array<i64: 1, 2, 3>} : (
  %1 = qk.argmax(%x into %index) {shape = array<i64: 1, 2, 3>, format = !q} : (tensor<2x3xi8>, tensor<3xi32>) -> tensor<3xi32>
  return %0, %1 : tensor<2x3xi8>, tensor<3xi32>
}

{-# dialect_resources: { builtin: { two: "0x040000000000803f0000803f" } } #-}
