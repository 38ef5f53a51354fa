// Constants, views, maps, tables and rows: one case per numbered constraint.
// RUN: %qcc-opt %s -verify-diagnostics -split-input-file

// constant_c1, shape
func.func @f() {
  // expected-error @+1 {{expects a value of the shape and element type of 'tensor<5xi8>', but got 'tensor<4xi8>'}}
  %0 = qk.constant dense<1> : tensor<4xi8> : tensor<5xi8>
  return
}

// -----

// constant_c1, element type
func.func @f() {
  // expected-error @+1 {{expects a value of the shape and element type of 'memref<4xi16>', but got 'tensor<4xi8>'}}
  %0 = qk.constant dense<1> : tensor<4xi8> : memref<4xi16>
  return
}

// -----

// constant_c2
func.func @f() {
  // expected-error @+1 {{refers to the resource 'absent', which is missing}}
  %0 = qk.constant dense_resource<absent> : tensor<4xi8> : tensor<4xi8>
  return
}

// -----

// constant_c2
func.func @f() {
  // expected-error @+1 {{expects 4 bytes in the resource 'three', but it has 3}}
  %0 = qk.constant dense_resource<three> : tensor<4xi8> : tensor<4xi8>
  return
}

{-# dialect_resources: { builtin: { three: "0x01000000010203" } } #-}

// -----

// view_c1
func.func @f(%x: tensor<4xi8>) {
  // expected-error @+1 {{expects only tensors, or only memrefs of row-major layout, but got 'tensor<4xi8>' and 'memref<4xi8>'}}
  %0 = qk.view %x : tensor<4xi8> -> memref<4xi8>
  return
}

// -----

// view_c2
func.func @f(%x: tensor<4xi8>) {
  // expected-error @+1 {{expects 4 bytes as in 'tensor<4xi8>', but 'tensor<3xi16>' has 6}}
  %0 = qk.view %x : tensor<4xi8> -> tensor<3xi16>
  return
}

// -----

// a buffer of unknown size
func.func @f(%x: tensor<?xi8>) {
  // expected-error @+1 {{operand #0 must be packed codes in a tensor or memref of static shape}}
  %0 = qk.view %x : tensor<?xi8> -> tensor<4xi8>
  return
}

// -----

// map_c1
func.func @f(%x: tensor<6xi8>, %init: tensor<6xi8>) {
  // expected-error @+1 {{expects 2 accesses, but got 1}}
  %0 = qk.map(%x into %init) attributes {shape = array<i64: 6>, accesses = [#qk.access<format = i8, offset = 0, strides = [1]>]} {
  ^bb0(%a: i32):
    qk.yield %a : i32
  } : (tensor<6xi8>, tensor<6xi8>) -> tensor<6xi8>
  return
}

// -----

// map_c2
func.func @f(%x: tensor<6xi8>, %init: tensor<6xi8>) {
  // expected-error @+1 {{expects 2 strides in access 0, but got 1}}
  %0 = qk.map(%x into %init) attributes {shape = array<i64: 2, 3>, accesses = [#qk.access<format = i8, offset = 0, strides = [1]>, #qk.access<format = i8, offset = 0, strides = [1]>]} {
  ^bb0(%a: i32):
    qk.yield %a : i32
  } : (tensor<6xi8>, tensor<6xi8>) -> tensor<6xi8>
  return
}

// -----

// map_c3, sign
func.func @f(%x: tensor<6xi8>, %init: tensor<6xi8>) {
  // expected-error @+1 {{expects sizes of at least 0 and at most 2^31 points, but got [-1]}}
  %0 = qk.map(%x into %init) attributes {shape = array<i64: -1>, accesses = [#qk.access<format = i8, offset = 0, strides = [1]>, #qk.access<format = i8, offset = 0, strides = [1]>]} {
  ^bb0(%a: i32):
    qk.yield %a : i32
  } : (tensor<6xi8>, tensor<6xi8>) -> tensor<6xi8>
  return
}

// -----

// map_c3, size
func.func @f(%x: tensor<6xi8>, %init: tensor<6xi8>) {
  // expected-error @+1 {{expects sizes of at least 0 and at most 2^31 points, but got [65536, 65536]}}
  %0 = qk.map(%x into %init) attributes {shape = array<i64: 65536, 65536>, accesses = [#qk.access<format = i8, offset = 0, strides = [1]>, #qk.access<format = i8, offset = 0, strides = [1]>]} {
  ^bb0(%a: i32):
    qk.yield %a : i32
  } : (tensor<6xi8>, tensor<6xi8>) -> tensor<6xi8>
  return
}

// -----

// kernel_c4, offset
func.func @f(%x: tensor<6xi8>, %init: tensor<6xi8>) {
  // expected-error @+1 {{expects at least 7 bytes for the input, but 'tensor<6xi8>' has 6}}
  %0 = qk.map(%x into %init) attributes {shape = array<i64: 6>, accesses = [#qk.access<format = i8, offset = 1, strides = [1]>, #qk.access<format = i8, offset = 0, strides = [1]>]} {
  ^bb0(%a: i32):
    qk.yield %a : i32
  } : (tensor<6xi8>, tensor<6xi8>) -> tensor<6xi8>
  return
}

// -----

// kernel_c4, stride
func.func @f(%x: tensor<6xi8>, %init: tensor<6xi8>) {
  // expected-error @+1 {{expects at least 11 bytes for the destination, but 'tensor<6xi8>' has 6}}
  %0 = qk.map(%x into %init) attributes {shape = array<i64: 6>, accesses = [#qk.access<format = i8, offset = 0, strides = [1]>, #qk.access<format = i8, offset = 0, strides = [2]>]} {
  ^bb0(%a: i32):
    qk.yield %a : i32
  } : (tensor<6xi8>, tensor<6xi8>) -> tensor<6xi8>
  return
}

// -----

// kernel_c4, beyond 64 bits
func.func @f(%x: tensor<6xi8>, %init: tensor<6xi8>) {
  // expected-error @+1 {{reaches beyond any memory in the input}}
  %0 = qk.map(%x into %init) attributes {shape = array<i64: 6>, accesses = [#qk.access<format = i8, offset = 9223372036854775807, strides = [9223372036854775807]>, #qk.access<format = i8, offset = 0, strides = [1]>]} {
  ^bb0(%a: i32):
    qk.yield %a : i32
  } : (tensor<6xi8>, tensor<6xi8>) -> tensor<6xi8>
  return
}

// -----

// kernel_c5
func.func @f(%x: tensor<6xi8>, %init: tensor<6xi8>) {
  // expected-error @+1 {{expects region arguments of types (}}
  %0 = qk.map(%x into %init) attributes {shape = array<i64: 6>, accesses = [#qk.access<format = i8, offset = 0, strides = [1]>, #qk.access<format = i8, offset = 0, strides = [1]>]} {
  ^bb0(%a: i8):
    %c = arith.constant 0 : i32
    qk.yield %c : i32
  } : (tensor<6xi8>, tensor<6xi8>) -> tensor<6xi8>
  return
}

// -----

// kernel_c5, a value from outside
func.func @f(%x: tensor<6xi8>, %init: tensor<6xi8>) {
  %c = arith.constant 1 : i32
  // expected-note @+1 {{required by region isolation constraints}}
  %0 = qk.map(%x into %init) attributes {shape = array<i64: 6>, accesses = [#qk.access<format = i8, offset = 0, strides = [1]>, #qk.access<format = i8, offset = 0, strides = [1]>]} {
  ^bb0(%a: i32):
    // expected-error @+1 {{using value defined outside the region}}
    qk.yield %c : i32
  } : (tensor<6xi8>, tensor<6xi8>) -> tensor<6xi8>
  return
}

// -----

// kernel_c5, qk.yield elsewhere
func.func @f(%x: i32) {
  // expected-error @+1 {{expects parent op to be one of 'qk.contract, qk.pool, qk.map'}}
  qk.yield %x : i32
}

// -----

// lookup_c1, entries
func.func @f(%x0: tensor<4xi8>, %x1: tensor<255xi8>, %x2: tensor<4xi8>) {
  // expected-error @+1 {{expects a table of one entry per code of at most 16 bits, but got 255 entries for 8 bits}}
  %0 = qk.lookup(%x0, %x1 into %x2) {count = 4, in_format = i8, out_format = i8} : (tensor<4xi8>, tensor<255xi8>, tensor<4xi8>) -> tensor<4xi8>
  return
}

// -----

// lookup_c1, width
func.func @f(%x0: tensor<4xf32>, %x1: tensor<256xi8>, %x2: tensor<4xi8>) {
  // expected-error @+1 {{expects a table of one entry per code of at most 16 bits, but got 256 entries for 32 bits}}
  %0 = qk.lookup(%x0, %x1 into %x2) {count = 4, in_format = f32, out_format = i8} : (tensor<4xf32>, tensor<256xi8>, tensor<4xi8>) -> tensor<4xi8>
  return
}

// -----

// lookup_c2
func.func @f(%x0: tensor<4xi8>, %x1: tensor<256xi16>, %x2: tensor<4xi8>) {
  // expected-error @+1 {{expects a table of 'i8', but got 'tensor<256xi16>'}}
  %0 = qk.lookup(%x0, %x1 into %x2) {count = 4, in_format = i8, out_format = i8} : (tensor<4xi8>, tensor<256xi16>, tensor<4xi8>) -> tensor<4xi8>
  return
}

// -----

// lookup_c3
func.func @f(%x0: tensor<4xi8>, %x1: tensor<256xi8>, %x2: tensor<4xi8>) {
  // expected-error @+1 {{expects a count of at least 0, but got -1}}
  %0 = qk.lookup(%x0, %x1 into %x2) {count = -1, in_format = i8, out_format = i8} : (tensor<4xi8>, tensor<256xi8>, tensor<4xi8>) -> tensor<4xi8>
  return
}

// -----

// kernel_c4
func.func @f(%x0: tensor<4xi8>, %x1: tensor<256xi8>, %x2: tensor<4xi8>) {
  // expected-error @+1 {{expects at least 5 bytes for the input, but 'tensor<4xi8>' has 4}}
  %0 = qk.lookup(%x0, %x1 into %x2) {count = 5, in_format = i8, out_format = i8} : (tensor<4xi8>, tensor<256xi8>, tensor<4xi8>) -> tensor<4xi8>
  return
}

// -----

// fetch_c1
func.func @f(%x0: tensor<4xi8>, %x1: tensor<1xi32>) {
  // expected-error @+1 {{expects an input of the destination's element type 'i32', but got 'i8'}}
  %0 = qk.fetch(%x0 into %x1) : (tensor<4xi8>, tensor<1xi32>) -> tensor<1xi32>
  return
}

// -----

// fetch_c2
func.func @f(%x0: tensor<4xi8>, %x1: tensor<5xi8>) {
  // expected-error @+1 {{expects an input of at least 5 bytes from byte 0 on, but 'tensor<4xi8>' has 4}}
  %0 = qk.fetch(%x0 into %x1) : (tensor<4xi8>, tensor<5xi8>) -> tensor<5xi8>
  return
}

// -----

// fetch_c2
func.func @f(%x0: tensor<4xi32>, %x1: tensor<3xi32>) {
  // expected-error @+1 {{expects an input of at least 12 bytes from byte 8 on, but 'tensor<4xi32>' has 16}}
  %0 = qk.fetch(%x0 into %x1) {offset = 8 : i64} : (tensor<4xi32>, tensor<3xi32>) -> tensor<3xi32>
  return
}

// -----

// fetch_c2
func.func @f(%x0: tensor<4xi8>, %x1: tensor<3xi8>) {
  // expected-error @+1 {{expects an input of at least 3 bytes from byte -1 on, but 'tensor<4xi8>' has 4}}
  %0 = qk.fetch(%x0 into %x1) {offset = -1 : i64} : (tensor<4xi8>, tensor<3xi8>) -> tensor<3xi8>
  return
}

// -----

// gather_c1, rank
func.func @f(%x0: tensor<3xi8>, %x1: tensor<2xi32>, %x2: tensor<2xi32>, %x3: tensor<4xi8>) {
  // expected-error @+1 {{expects a shape of 4 sizes and an input_shape of 2, but got 3 and 2}}
  %0 = qk.gather(%x0, %x1, %x2 into %x3) {shape = array<i64: 2, 2, 1>, input_shape = array<i64: 1, 3>, format = i8} : (tensor<3xi8>, tensor<2xi32>, tensor<2xi32>, tensor<4xi8>) -> tensor<4xi8>
  return
}

// -----

// gather_c1, sign
func.func @f(%x0: tensor<3xi8>, %x1: tensor<2xi32>, %x2: tensor<2xi32>, %x3: tensor<4xi8>) {
  // expected-error @+1 {{expects sizes of at least 0 and at most 2^31 elements}}
  %0 = qk.gather(%x0, %x1, %x2 into %x3) {shape = array<i64: 1, -2, 2, 1>, input_shape = array<i64: 1, 3>, format = i8} : (tensor<3xi8>, tensor<2xi32>, tensor<2xi32>, tensor<4xi8>) -> tensor<4xi8>
  return
}

// -----

// gather_c1, size
func.func @f(%x0: tensor<3xi8>, %x1: tensor<2xi32>, %x2: tensor<2xi32>, %x3: tensor<4xi8>) {
  // expected-error @+1 {{expects sizes of at least 0 and at most 2^31 elements}}
  %0 = qk.gather(%x0, %x1, %x2 into %x3) {shape = array<i64: 1, 2, 2, 65536>, input_shape = array<i64: 65536, 3>, format = i8} : (tensor<3xi8>, tensor<2xi32>, tensor<2xi32>, tensor<4xi8>) -> tensor<4xi8>
  return
}

// -----

// gather_c2, count
func.func @f(%x0: tensor<3xi8>, %x1: tensor<3xi32>, %x2: tensor<2xi32>, %x3: tensor<4xi8>) {
  // expected-error @+1 {{expects an index table of 2 elements of i32, but got 'tensor<3xi32>'}}
  %0 = qk.gather(%x0, %x1, %x2 into %x3) {shape = array<i64: 1, 2, 2, 1>, input_shape = array<i64: 1, 3>, format = i8} : (tensor<3xi8>, tensor<3xi32>, tensor<2xi32>, tensor<4xi8>) -> tensor<4xi8>
  return
}

// -----

// gather_c2, type
func.func @f(%x0: tensor<3xi8>, %x1: tensor<2xi32>, %x2: tensor<2xi8>, %x3: tensor<4xi8>) {
  // expected-error @+1 {{expects an index table of 2 elements of i32, but got 'tensor<2xi8>'}}
  %0 = qk.gather(%x0, %x1, %x2 into %x3) {shape = array<i64: 1, 2, 2, 1>, input_shape = array<i64: 1, 3>, format = i8} : (tensor<3xi8>, tensor<2xi32>, tensor<2xi8>, tensor<4xi8>) -> tensor<4xi8>
  return
}

// -----

// gather_c3
func.func @f(%x: tensor<3xi8>, %init: tensor<4xi8>) {
  %rows = qk.constant dense<0> : tensor<2xi32> : tensor<2xi32>
  %columns = qk.constant dense<[2, 3]> : tensor<2xi32> : tensor<2xi32>
  // expected-error @+1 {{expects indices from 0 to 2, but got 3}}
  %0 = qk.gather(%x, %rows, %columns into %init) {shape = array<i64: 1, 2, 2, 1>, input_shape = array<i64: 1, 3>, format = i8} : (tensor<3xi8>, tensor<2xi32>, tensor<2xi32>, tensor<4xi8>) -> tensor<4xi8>
  return
}

// -----

// softmax_c1
func.func @f(%x0: tensor<6xi8>, %x1: tensor<6xi8>) {
  // expected-error @+1 {{expects rows and columns of at least 0 and at most 2^31 elements, but got -1 and 3}}
  %0 = qk.softmax(%x0 into %x1) {rows = -1, columns = 3, in_format = i8, out_format = i8, multiplier = 5, left = 2, right = 0, radius = 9} : (tensor<6xi8>, tensor<6xi8>) -> tensor<6xi8>
  return
}

// -----

// softmax_c2, format
func.func @f(%x0: tensor<6xi16>, %x1: tensor<6xi16>) {
  // expected-error @+1 {{expects integers of 8 bits, but got 'i16'}}
  %0 = qk.softmax(%x0 into %x1) {rows = 2, columns = 3, in_format = i16, out_format = i16, multiplier = 5, left = 2, right = 0, radius = 9} : (tensor<6xi16>, tensor<6xi16>) -> tensor<6xi16>
  return
}

// -----

// softmax_c2, row
func.func @f(%x0: tensor<4097xi8>, %x1: tensor<4097xi8>) {
  // expected-error @+1 {{expects rows of at most 4096 integers, but got 4097}}
  %0 = qk.softmax(%x0 into %x1) {rows = 1, columns = 4097, in_format = i8, out_format = i8, multiplier = 5, left = 2, right = 0, radius = 9} : (tensor<4097xi8>, tensor<4097xi8>) -> tensor<4097xi8>
  return
}

// -----

// softmax_c3, radius
func.func @f(%x0: tensor<6xi8>, %x1: tensor<6xi8>) {
  // expected-error @+1 {{expects a radius from 0 to 2147483647, but got -1}}
  %0 = qk.softmax(%x0 into %x1) {rows = 2, columns = 3, in_format = i8, out_format = i8, multiplier = 5, left = 2, right = 0, radius = -1} : (tensor<6xi8>, tensor<6xi8>) -> tensor<6xi8>
  return
}

// -----

// softmax_c3, multiplier
func.func @f(%x0: tensor<6xi8>, %x1: tensor<6xi8>) {
  // expected-error @+1 {{expects a multiplier from 0 to 2147483647, but got -5}}
  %0 = qk.softmax(%x0 into %x1) {rows = 2, columns = 3, in_format = i8, out_format = i8, multiplier = -5, left = 2, right = 0, radius = 9} : (tensor<6xi8>, tensor<6xi8>) -> tensor<6xi8>
  return
}

// -----

// softmax_c3, shift
func.func @f(%x0: tensor<6xi8>, %x1: tensor<6xi8>) {
  // expected-error @+1 {{expects a shift to the left from 0 to 30, but got 31}}
  %0 = qk.softmax(%x0 into %x1) {rows = 2, columns = 3, in_format = i8, out_format = i8, multiplier = 5, left = 31, right = 0, radius = 9} : (tensor<6xi8>, tensor<6xi8>) -> tensor<6xi8>
  return
}

// -----

// softmax_c3, shifts
func.func @f(%x0: tensor<6xi8>, %x1: tensor<6xi8>) {
  // expected-error @+1 {{expects a shift in one direction, but got 2 to the left and 3 to the right}}
  %0 = qk.softmax(%x0 into %x1) {rows = 2, columns = 3, in_format = i8, out_format = i8, multiplier = 5, left = 2, right = 3, radius = 9} : (tensor<6xi8>, tensor<6xi8>) -> tensor<6xi8>
  return
}

// -----

// float_softmax_c1
func.func @f(%x0: tensor<6xf32>, %x1: tensor<6xf32>) {
  // expected-error @+1 {{expects rows and columns of at least 0 and at most 2^31 elements, but got 65536 and 65536}}
  %0 = qk.float_softmax(%x0 into %x1) {rows = 65536, columns = 65536, beta = 1.0 : f32} : (tensor<6xf32>, tensor<6xf32>) -> tensor<6xf32>
  return
}

// -----

// argmax_c1, count
func.func @f(%x0: tensor<6xi8>, %x1: tensor<3xi32>) {
  // expected-error @+1 {{expects a shape [outer, axis, inner], but got 2 numbers}}
  %0 = qk.argmax(%x0 into %x1) {shape = array<i64: 2, 3>, format = i8} : (tensor<6xi8>, tensor<3xi32>) -> tensor<3xi32>
  return
}

// -----

// argmax_c1, empty axis
func.func @f(%x0: tensor<6xi8>, %x1: tensor<3xi32>) {
  // expected-error @+1 {{expects sizes of at least 0, an axis of at least 1 and at most 2^31 elements, but got 1, 0 and 3}}
  %0 = qk.argmax(%x0 into %x1) {shape = array<i64: 1, 0, 3>, format = i8} : (tensor<6xi8>, tensor<3xi32>) -> tensor<3xi32>
  return
}

// -----

// kernel_c4, an index of 32 bits
func.func @f(%x0: tensor<6xi8>, %x1: tensor<3xi8>) {
  // expected-error @+1 {{expects at least 12 bytes for the destination, but 'tensor<3xi8>' has 3}}
  %0 = qk.argmax(%x0 into %x1) {shape = array<i64: 1, 2, 3>, format = i8} : (tensor<6xi8>, tensor<3xi8>) -> tensor<3xi8>
  return
}

// -----

// requantize_c1, multiplier
func.func @f(%x: tensor<6xi8>, %init: tensor<6xi8>) {
  %0 = qk.map(%x into %init) attributes {shape = array<i64: 6>, accesses = [#qk.access<format = i8, offset = 0, strides = [1]>, #qk.access<format = i8, offset = 0, strides = [1]>]} {
  ^bb0(%a: i32):
    %m = arith.constant -1 : i32
    %l = arith.constant 0 : i32
    %s = arith.constant 0 : i32
    // expected-error @+1 {{expects a multiplier from 0 to 2147483647, but got -1}}
    %code = qk.requantize %a, %m left %l right %s {rounding = #qnn.rounding<double>}
    qk.yield %code : i32
  } : (tensor<6xi8>, tensor<6xi8>) -> tensor<6xi8>
  return
}

// -----

// requantize_c1, left
func.func @f(%x: tensor<6xi8>, %init: tensor<6xi8>) {
  %0 = qk.map(%x into %init) attributes {shape = array<i64: 6>, accesses = [#qk.access<format = i8, offset = 0, strides = [1]>, #qk.access<format = i8, offset = 0, strides = [1]>]} {
  ^bb0(%a: i32):
    %m = arith.constant 1 : i32
    %l = arith.constant 31 : i32
    %s = arith.constant 0 : i32
    // expected-error @+1 {{expects a shift to the left from 0 to 30, but got 31}}
    %code = qk.requantize %a, %m left %l right %s {rounding = #qnn.rounding<double>}
    qk.yield %code : i32
  } : (tensor<6xi8>, tensor<6xi8>) -> tensor<6xi8>
  return
}

// -----

// requantize_c1, right
func.func @f(%x: tensor<6xi8>, %init: tensor<6xi8>) {
  %0 = qk.map(%x into %init) attributes {shape = array<i64: 6>, accesses = [#qk.access<format = i8, offset = 0, strides = [1]>, #qk.access<format = i8, offset = 0, strides = [1]>]} {
  ^bb0(%a: i32):
    %m = arith.constant 1 : i32
    %l = arith.constant 0 : i32
    %s = arith.constant 32 : i32
    // expected-error @+1 {{expects a shift to the right from 0 to 31, but got 32}}
    %code = qk.requantize %a, %m left %l right %s {rounding = #qnn.rounding<double>}
    qk.yield %code : i32
  } : (tensor<6xi8>, tensor<6xi8>) -> tensor<6xi8>
  return
}

// -----

// requantize_c2
func.func @f(%x: tensor<6xi8>, %init: tensor<6xi8>) {
  %0 = qk.map(%x into %init) attributes {shape = array<i64: 6>, accesses = [#qk.access<format = i8, offset = 0, strides = [1]>, #qk.access<format = i8, offset = 0, strides = [1]>]} {
  ^bb0(%a: i32):
    %m = arith.constant 1 : i32
    %l = arith.constant 1 : i32
    %s = arith.constant 1 : i32
    // expected-error @+1 {{expects a shift in one direction, but got 1 to the left and 1 to the right}}
    %code = qk.requantize %a, %m left %l right %s {rounding = #qnn.rounding<double>}
    qk.yield %code : i32
  } : (tensor<6xi8>, tensor<6xi8>) -> tensor<6xi8>
  return
}
