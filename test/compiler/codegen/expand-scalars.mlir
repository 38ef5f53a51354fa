// qk-expand-scalars: rescaling, rounding and elementary functions become plain arithmetic. What they compute is tested
// by test/execute; here is what they are made of, and what constants save.
// RUN: %qcc-opt %s --qk-expand-scalars | FileCheck %s --implicit-check-not=qk.requantize --implicit-check-not=qk.round --implicit-check-not=math.

#i32 = #qk.access<format = i32, offset = 0, strides = [1]>
#f32 = #qk.access<format = f32, offset = 0, strides = [1]>

// CHECK-LABEL: func @double
func.func @double(%x: memref<4xi32>) {
  // CHECK: ^bb0(%[[X:.*]]: i32):
  // CHECK-NOT: arith.shli %[[X]]
  // CHECK: arith.extsi %[[X]] : i32 to i64
  // CHECK: %[[P:.*]] = arith.muli
  // CHECK: %[[HALF:.*]] = arith.constant 1073741824 : i64
  // CHECK: arith.addi %[[P]], %[[HALF]]
  // CHECK: arith.shrsi
  // CHECK: arith.trunci
  // The second, rounding shift of 3 bits.
  // CHECK: arith.shli
  // CHECK: arith.cmpi sgt
  // CHECK: arith.extui
  // CHECK: qk.yield
  qk.map(%x into %x) attributes {shape = array<i64: 4>, accesses = [#i32, #i32]} {
  ^bb0(%a: i32):
    %m = arith.constant 1717986918 : i32
    %zero = arith.constant 0 : i32
    %three = arith.constant 3 : i32
    %r = qk.requantize %a, %m left %zero right %three {rounding = #qnn.rounding<double>}
    qk.yield %r : i32
  } : (memref<4xi32>, memref<4xi32>) -> ()
  // CHECK: ^bb0(%[[Y:.*]]: i32):
  // CHECK: arith.shli %[[Y]]
  // CHECK: arith.trunci
  // Without a shift to the right nothing follows.
  // CHECK-NEXT: qk.yield
  qk.map(%x into %x) attributes {shape = array<i64: 4>, accesses = [#i32, #i32]} {
  ^bb0(%a: i32):
    %m = arith.constant 1717986918 : i32
    %zero = arith.constant 0 : i32
    %three = arith.constant 3 : i32
    %r = qk.requantize %a, %m left %three right %zero {rounding = #qnn.rounding<double>}
    qk.yield %r : i32
  } : (memref<4xi32>, memref<4xi32>) -> ()
  return
}

// CHECK-LABEL: func @single
func.func @single(%x: memref<4xi32>) {
  // One rounding, in 64 bits: one shift to the right.
  // CHECK: arith.muli {{.*}} : i64
  // CHECK: arith.shli {{.*}} : i64
  // CHECK: arith.shrsi {{.*}} : i64
  // CHECK-NEXT: arith.trunci
  // CHECK-NEXT: qk.yield
  qk.map(%x into %x) attributes {shape = array<i64: 4>, accesses = [#i32, #i32]} {
  ^bb0(%a: i32):
    %m = arith.constant 1717986918 : i32
    %zero = arith.constant 0 : i32
    %three = arith.constant 3 : i32
    %r = qk.requantize %a, %m left %zero right %three {rounding = #qnn.rounding<single>}
    qk.yield %r : i32
  } : (memref<4xi32>, memref<4xi32>) -> ()
  return
}

// CHECK-LABEL: func @round
func.func @round(%x: memref<4xf32>, %y: memref<4xi32>) {
  // The conversion sees only what i32 can hold.
  // CHECK: %[[TOP:.*]] = arith.constant 2.14748365E+9 : f32
  // CHECK: %[[INSIDE:.*]] = arith.andi
  // CHECK: arith.cmpf oge
  // CHECK: arith.cmpf ole
  // CHECK: %[[SAFE:.*]] = arith.select %[[INSIDE]]
  // CHECK: arith.fptosi %[[SAFE]]
  // CHECK-DAG: arith.constant 2147483647 : i32
  // CHECK-DAG: arith.constant -2147483648 : i32
  // CHECK: qk.yield
  qk.map(%x into %y) attributes {shape = array<i64: 4>, accesses = [#f32, #i32]} {
  ^bb0(%a: f32):
    %r = qk.round %a
    qk.yield %r : i32
  } : (memref<4xf32>, memref<4xi32>) -> ()
  return
}

// Between 2^23 and 2^24 a float has no fraction: the sum's one rounding is that of the product.
// CHECK-LABEL: func @round_product
func.func @round_product(%x: memref<4xf32>, %y: memref<4xi32>) {
  // CHECK: ^bb0(%[[X:.*]]: f32):
  // CHECK: %[[FACTOR:.*]] = arith.constant 1.250000e-01 : f32
  // CHECK: %[[NEAR:.*]] = arith.constant 0x4B400000 : f32
  // CHECK: %[[SUM:.*]] = llvm.intr.fma(%[[X]], %[[FACTOR]], %[[NEAR]])
  // CHECK: %[[BITS:.*]] = arith.bitcast %[[SUM]] : f32 to i32
  // CHECK: %[[NONE:.*]] = arith.constant 1262485504 : i32
  // CHECK: arith.subi %[[BITS]], %[[NONE]]
  qk.map(%x into %y) attributes {shape = array<i64: 4>, accesses = [#f32, #i32]} {
  ^bb0(%a: f32):
    %factor = arith.constant 0.125 : f32
    %r = qk.round_product %a, %factor
    qk.yield %r : i32
  } : (memref<4xf32>, memref<4xi32>) -> ()
  return
}

// CHECK-LABEL: func @elementary
func.func @elementary(%x: memref<4xf32>) {
  // CHECK-NOT: call
  qk.map(%x into %x) attributes {shape = array<i64: 4>, accesses = [#f32, #f32]} {
  ^bb0(%a: f32):
    %0 = math.exp %a : f32
    %1 = math.tanh %0 : f32
    %2 = math.log %1 : f32
    // CHECK: qk.yield
    qk.yield %2 : f32
  } : (memref<4xf32>, memref<4xf32>) -> ()
  return
}
