// qk-fit-regions: rescaled sums and means as one sum of products and one shift, for every code.
// RUN: %qcc-opt %s --qk-fit-regions --verify-diagnostics | FileCheck %s

#i8 = #qk.access<format = i8, offset = 0, strides = [1]>
#u8 = #qk.access<format = ui8, offset = 0, strides = [1]>
#i16 = #qk.access<format = i16, offset = 0, strides = [1]>
#inside = #qk.window<batch = 1, input = [8, 8], output = [1, 1], kernel = [8, 8], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 4, channels = [1, 1]>
#border = #qk.window<batch = 1, input = [8, 8], output = [8, 8], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 4, channels = [1, 1]>

// One input has twice the scale of the other: two rescalings before the sum, one after it.
// CHECK-LABEL: func.func @add
// CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32):
// CHECK-NOT: qk.requantize
// CHECK: %[[A:.*]] = arith.muli %[[X]], %{{.*}} : i32
// CHECK: %[[B:.*]] = arith.muli %[[Y]], %{{.*}} : i32
// CHECK: %[[SUM:.*]] = arith.addi %[[A]], %[[B]] : i32
// CHECK: %[[ALL:.*]] = arith.addi %[[SUM]], %{{.*}} : i32
// CHECK: %[[CODE:.*]] = arith.shrsi %[[ALL]], %{{.*}} : i32
// CHECK: %[[LOW:.*]] = arith.maxsi %[[CODE]], %c-128{{.*}} : i32
// CHECK: %[[HIGH:.*]] = arith.minsi %[[LOW]], %c127{{.*}} : i32
// CHECK-NEXT: qk.yield %[[HIGH]] : i32
func.func @add(%x: tensor<64xi8>, %y: tensor<64xi8>) -> tensor<64xi8> {
  %init = tensor.empty() : tensor<64xi8>
  // expected-remark @+1 {{the same for all 65536 codes}}
  %0 = qk.map(%x, %y into %init) attributes {shape = array<i64: 64>, accesses = [#i8, #u8, #i8]} {
  ^bb0(%a: i32, %b: i32):
    %c0 = arith.constant 0 : i32
    %c1 = arith.constant 1 : i32
    %c18 = arith.constant 18 : i32
    %c20 = arith.constant 20 : i32
    %q = arith.constant 1073741824 : i32
    %r = arith.constant 1431655765 : i32
    %lowest = arith.constant -128 : i32
    %highest = arith.constant 127 : i32
    %wide_a = arith.shli %a, %c20 : i32
    %wide_b = arith.shli %b, %c20 : i32
    %same = qk.requantize %wide_a, %q left %c0 right %c0 {rounding = #qnn.rounding<double>}
    %half = qk.requantize %wide_b, %q left %c0 right %c1 {rounding = #qnn.rounding<double>}
    %sum = arith.addi %same, %half : i32
    %scaled = qk.requantize %sum, %r left %c0 right %c18 {rounding = #qnn.rounding<double>}
    %low = arith.maxsi %scaled, %lowest : i32
    %code = arith.minsi %low, %highest : i32
    qk.yield %code : i32
  } : (tensor<64xi8>, tensor<64xi8>, tensor<64xi8>) -> tensor<64xi8>
  return %0 : tensor<64xi8>
}

// A product is no plane.
// CHECK-LABEL: func.func @mul
// CHECK: qk.requantize
func.func @mul(%x: tensor<64xi8>, %y: tensor<64xi8>) -> tensor<64xi8> {
  %init = tensor.empty() : tensor<64xi8>
  // expected-remark @+1 {{no sum of products with one shift found that gives all 65536 codes}}
  %0 = qk.map(%x, %y into %init) attributes {shape = array<i64: 64>, accesses = [#i8, #i8, #i8]} {
  ^bb0(%a: i32, %b: i32):
    %c0 = arith.constant 0 : i32
    %c6 = arith.constant 6 : i32
    %q = arith.constant 1073741824 : i32
    %product = arith.muli %a, %b : i32
    %code = qk.requantize %product, %q left %c0 right %c6 {rounding = #qnn.rounding<double>}
    qk.yield %code : i32
  } : (tensor<64xi8>, tensor<64xi8>, tensor<64xi8>) -> tensor<64xi8>
  return %0 : tensor<64xi8>
}

// Too many codes to try, and nothing that costs anything: both stay without a word.
// CHECK-LABEL: func.func @stay
// CHECK: qk.requantize
// CHECK: arith.addi
// CHECK-NEXT: qk.yield
func.func @stay(%x: tensor<64xi16>, %y: tensor<64xi8>) -> (tensor<64xi16>, tensor<64xi8>) {
  %init = tensor.empty() : tensor<64xi16>
  %0 = qk.map(%x, %y into %init) attributes {shape = array<i64: 64>, accesses = [#i16, #i8, #i16]} {
  ^bb0(%a: i32, %b: i32):
    %c0 = arith.constant 0 : i32
    %q = arith.constant 1073741824 : i32
    %sum = arith.addi %a, %b : i32
    %code = qk.requantize %sum, %q left %c0 right %c0 {rounding = #qnn.rounding<double>}
    qk.yield %code : i32
  } : (tensor<64xi16>, tensor<64xi8>, tensor<64xi16>) -> tensor<64xi16>
  %init8 = tensor.empty() : tensor<64xi8>
  %1 = qk.map(%y into %init8) attributes {shape = array<i64: 64>, accesses = [#i8, #i8]} {
  ^bb0(%a: i32):
    %sum = arith.addi %a, %a : i32
    qk.yield %sum : i32
  } : (tensor<64xi8>, tensor<64xi8>) -> tensor<64xi8>
  return %0, %1 : tensor<64xi16>, tensor<64xi8>
}

// All windows have 64 codes, so the mean is a product and a shift; at a border the numbers differ.
// CHECK-LABEL: func.func @mean
// CHECK: qk.pool
// CHECK-NOT: arith.divsi
// CHECK: arith.shrsi
// CHECK: qk.pool
// CHECK: arith.divsi
func.func @mean(%x: tensor<1x8x8x4xi8>) -> (tensor<1x1x1x4xi8>, tensor<1x8x8x4xi8>) {
  %init = tensor.empty() : tensor<1x1x1x4xi8>
  // expected-remark @+1 {{the same for all 16321 codes}}
  %0 = qk.pool(%x into %init) attributes {window = #inside, kind = #qk.pool<sum>, in_format = ui8, out_format = ui8} {
  ^bb0(%sum: i32, %count: i32):
    %mean = arith.divsi %sum, %count : i32
    qk.yield %mean : i32
  } : (tensor<1x8x8x4xi8>, tensor<1x1x1x4xi8>) -> tensor<1x1x1x4xi8>
  %init1 = tensor.empty() : tensor<1x8x8x4xi8>
  %1 = qk.pool(%x into %init1) attributes {window = #border, kind = #qk.pool<sum>, in_format = ui8, out_format = ui8} {
  ^bb0(%sum: i32, %count: i32):
    %mean = arith.divsi %sum, %count : i32
    qk.yield %mean : i32
  } : (tensor<1x8x8x4xi8>, tensor<1x8x8x4xi8>) -> tensor<1x8x8x4xi8>
  return %0, %1 : tensor<1x1x1x4xi8>, tensor<1x8x8x4xi8>
}
