// qk-round-products: the rescaling of sums as one product of floats, where a machine rounds it once.
// RUN: %qcc-opt %s --pass-pipeline='builtin.module(func.func(qk-round-products{target=x86-64-v4}))' --verify-diagnostics | FileCheck %s
// Other machines keep the rescaling.
// RUN: %qcc-opt %s --pass-pipeline='builtin.module(func.func(qk-round-products{target=cortex-m55}))' | FileCheck %s --check-prefix=KEPT

#vnni = #qk.schedule<tile = "x86.avx512vnni", m = 1, n = 16, k = 4, lines = 1>
#dense = #qk.window<batch = 1, input = [1, 1], output = [1, 1], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [4, 2]>

// Nothing below the zero point is left: sums of one sign. The numbers of each channel are parameters; those that nobody
// uses any more go.
// CHECK-LABEL: func @clamped
// KEPT-LABEL: func @clamped
// KEPT: qk.requantize
func.func @clamped(%x: tensor<4xi8>, %init: tensor<2xi8>) -> tensor<2xi8> {
  %w = qk.constant dense<[[1, 2, 3, 4], [5, 6, 7, 8]]> : tensor<2x4xi8> {name = "fc"} : tensor<2x4xi8>
  %b = qk.constant dense<[100, 200]> : tensor<2xi32> {name = "b"} : tensor<2xi32>
  %m = qk.constant dense<[1073741824, 1717986918]> : tensor<2xi32> {name = "fc.multiplier"} : tensor<2xi32>
  %r = qk.constant dense<[3, 5]> : tensor<2xi8> {name = "fc.right"} : tensor<2xi8>
  // CHECK-DAG: %[[OFFSET:.*]] = qk.constant dense<{{.*}}> : tensor<2xf32> {name = "fc.multiplier.offset"}
  // CHECK-DAG: %[[FACTOR:.*]] = qk.constant dense<[{{6.25[0-9]*e-02, 2.5[0-9]*e-02|0.0625[0-9]*, 0.025[0-9]*}}]> : tensor<2xf32> {name = "fc.multiplier.factor"}
  // CHECK: qk.contract(%{{.*}}, %{{.*}} params %{{.*}}, %[[OFFSET]], %[[FACTOR]] scratch
  // CHECK: ^bb0(%[[ACC:.*]]: i32, %[[B:.*]]: i32, %[[O:.*]]: f32, %[[F:.*]]: f32):
  // CHECK: %[[SUM:.*]] = arith.addi %[[ACC]], %[[B]]
  // CHECK-NEXT: %[[REAL:.*]] = arith.sitofp %[[SUM]] : i32 to f32
  // CHECK-NEXT: %[[MOVED:.*]] = arith.addf %[[REAL]], %[[O]]
  // CHECK-NEXT: %[[CODE:.*]] = qk.round_product %[[MOVED]], %[[F]]
  // CHECK-NEXT: arith.maxsi %[[CODE]]
  %s = tensor.empty() : tensor<256xi8>
  %0 = qk.contract(%x, %w params %b, %m, %r scratch %s into %init) attributes {window = #dense, rhs_strides = array<i64: 0, 4, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = ui8, schedule = #vnni} {
  ^bb0(%acc: i32, %b0: i32, %m0: i32, %r0: i8):
    %zero = arith.constant 0 : i32
    %high = arith.constant 255 : i32
    %sum = arith.addi %acc, %b0 : i32
    %right = arith.extui %r0 : i8 to i32
    %q = qk.requantize %sum, %m0 left %zero right %right {rounding = #qnn.rounding<double>}
    %q0 = arith.maxsi %q, %zero : i32
    %q1 = arith.minsi %q0, %high : i32
    qk.yield %q1 : i32
  } : (tensor<4xi8>, tensor<2x4xi8>, tensor<2xi32>, tensor<2xi32>, tensor<2xi8>, tensor<256xi8>, tensor<2xi8>) -> tensor<2xi8>
  return %0 : tensor<2xi8>
}

// Double rounding goes away from zero: the offset has the sign of the sum. Numbers of all channels are constants.
// CHECK-LABEL: func @signed
func.func @signed(%x: tensor<4xi8>, %init: tensor<2xi8>) -> tensor<2xi8> {
  %w = qk.constant dense<[[1, 2, 3, 4], [5, 6, 7, 8]]> : tensor<2x4xi8> {name = "fc"} : tensor<2x4xi8>
  // CHECK: ^bb0(%[[ACC:.*]]: i32):
  // CHECK: %[[REAL:.*]] = arith.sitofp %[[ACC]]
  // CHECK: %[[SIGNED:.*]] = math.copysign %{{.*}}, %[[REAL]]
  // CHECK: %[[MOVED:.*]] = arith.addf %[[REAL]], %[[SIGNED]]
  // CHECK: %[[CODE:.*]] = qk.round_product %[[MOVED]]
  // CHECK: arith.addi %[[CODE]]
  %s = tensor.empty() : tensor<256xi8>
  %0 = qk.contract(%x, %w scratch %s into %init) attributes {window = #dense, rhs_strides = array<i64: 0, 4, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, schedule = #vnni} {
  ^bb0(%acc: i32):
    %zero = arith.constant 0 : i32
    %three = arith.constant 3 : i32
    %m = arith.constant 1717986918 : i32
    %point = arith.constant -5 : i32
    %low = arith.constant -128 : i32
    %high = arith.constant 127 : i32
    %q = qk.requantize %acc, %m left %zero right %three {rounding = #qnn.rounding<double>}
    %sum = arith.addi %q, %point : i32
    %q0 = arith.maxsi %sum, %low : i32
    %q1 = arith.minsi %q0, %high : i32
    qk.yield %q1 : i32
  } : (tensor<4xi8>, tensor<2x4xi8>, tensor<256xi8>, tensor<2xi8>) -> tensor<2xi8>
  return %0 : tensor<2xi8>
}

// Each channel has sums of its own: of the first, none is near those whose codes no product of floats gives; the second
// has a large bias.
// CHECK-LABEL: func @own_sums
// CHECK: qk.round_product
func.func @own_sums(%x: tensor<4xi8>, %init: tensor<2xi8>) -> tensor<2xi8> {
  %w = qk.constant dense<[[1, 2, 3, 4], [5, 6, 7, 8]]> : tensor<2x4xi8> {name = "fc"} : tensor<2x4xi8>
  %b = qk.constant dense<[100, 5300000]> : tensor<2xi32> {name = "b"} : tensor<2xi32>
  %m = qk.constant dense<[1317819883, 1073741824]> : tensor<2xi32> {name = "fc.multiplier"} : tensor<2xi32>
  %s = tensor.empty() : tensor<256xi8>
  %0 = qk.contract(%x, %w params %b, %m scratch %s into %init) attributes {window = #dense, rhs_strides = array<i64: 0, 4, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = ui8, schedule = #vnni} {
  ^bb0(%acc: i32, %b0: i32, %m0: i32):
    %zero = arith.constant 0 : i32
    %right = arith.constant 14 : i32
    %high = arith.constant 255 : i32
    %sum = arith.addi %acc, %b0 : i32
    %q = qk.requantize %sum, %m0 left %zero right %right {rounding = #qnn.rounding<double>}
    %q0 = arith.maxsi %q, %zero : i32
    %q1 = arith.minsi %q0, %high : i32
    qk.yield %q1 : i32
  } : (tensor<4xi8>, tensor<2x4xi8>, tensor<2xi32>, tensor<2xi32>, tensor<256xi8>, tensor<2xi8>) -> tensor<2xi8>
  return %0 : tensor<2xi8>
}

// A code of 16 bits has too many steps, and a sum that is used twice has to stay.
// CHECK-LABEL: func @others
// CHECK-COUNT-2: qk.requantize
func.func @others(%x: tensor<4xi8>, %init: tensor<2xi16>, %bytes: tensor<2xi8>) -> (tensor<2xi16>, tensor<2xi8>) {
  %w = qk.constant dense<[[1, 2, 3, 4], [5, 6, 7, 8]]> : tensor<2x4xi8> {name = "fc"} : tensor<2x4xi8>
  %s = tensor.empty() : tensor<256xi8>
  %0 = qk.contract(%x, %w scratch %s into %init) attributes {window = #dense, rhs_strides = array<i64: 0, 4, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i16, schedule = #vnni} {
  ^bb0(%acc: i32):
    %zero = arith.constant 0 : i32
    %m = arith.constant 1717986918 : i32
    %low = arith.constant -32768 : i32
    %high = arith.constant 32767 : i32
    %q = qk.requantize %acc, %m left %zero right %zero {rounding = #qnn.rounding<double>}
    %q0 = arith.maxsi %q, %low : i32
    %q1 = arith.minsi %q0, %high : i32
    qk.yield %q1 : i32
  } : (tensor<4xi8>, tensor<2x4xi8>, tensor<256xi8>, tensor<2xi16>) -> tensor<2xi16>
  %1 = qk.contract(%x, %w scratch %s into %bytes) attributes {window = #dense, rhs_strides = array<i64: 0, 4, 0, 0, 1>, lhs_format = i8, rhs_format = i8, out_format = i8, schedule = #vnni} {
  ^bb0(%acc: i32):
    %zero = arith.constant 0 : i32
    %three = arith.constant 3 : i32
    %m = arith.constant 1717986918 : i32
    %low = arith.constant -128 : i32
    %high = arith.constant 127 : i32
    %q = qk.requantize %acc, %m left %zero right %three {rounding = #qnn.rounding<double>}
    %sum = arith.addi %q, %acc : i32
    %q0 = arith.maxsi %sum, %low : i32
    %q1 = arith.minsi %q0, %high : i32
    qk.yield %q1 : i32
  } : (tensor<4xi8>, tensor<2x4xi8>, tensor<256xi8>, tensor<2xi8>) -> tensor<2xi8>
  return %0, %1 : tensor<2xi16>, tensor<2xi8>
}
