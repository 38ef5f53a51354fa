// qk-emit-kernels: contractions in blocks, their staged lines and the channels that fill no vector.
// RUN: %qcc-opt %s --qk-emit-kernels=target=x86-64-v4 | FileCheck %s

!q = !quant.uniform<u8:f32, 1.0>
#conv = #qk.window<batch = 1, input = [4, 4], output = [4, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [4, 17]>
#pointwise = #qk.window<batch = 1, input = [4, 4], output = [4, 4], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [4, 18]>
#depthwise = #qk.window<batch = 1, input = [4, 4], output = [4, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 18, channels = [1, 1]>

// Each row of the output stages the rows that are missing in the ring of 3; rows above and below the image hold the code of the
// border.
// CHECK-LABEL: llvm.func internal @conv.contract0(
// CHECK: scf.for
// CHECK: scf.for {{.*}} iter_args(%[[MISSING:.*]] = %{{.*}}, %[[TOP:.*]] = %{{.*}}) -> (i64, i64)
// CHECK: arith.maxsi %{{.*}}, %[[MISSING]] : i64
// CHECK: %[[INSIDE:.*]] = arith.cmpi ult
// CHECK: scf.if %[[INSIDE]]
// The line of a row is counted from that of the window's first row, and wraps after three.
// CHECK: %[[LINE:.*]] = arith.addi %[[TOP]], %{{.*}} : i64
// CHECK: arith.cmpi slt, %[[LINE]], %c3_i64
// CHECK: arith.constant 7 : i32
// CHECK: } else {
// CHECK: arith.constant 7 : i32
// 3 positions x 2 vectors stay in registers over the rows, runs and steps of the window.
// CHECK: scf.for {{.*}} -> (vector<16xi32>, vector<16xi32>, vector<16xi32>, vector<16xi32>, vector<16xi32>, vector<16xi32>)
// CHECK: %[[CODES:.*]] = llvm.load %{{.*}} {alignment = 1 : i64} : !llvm.ptr -> i32
// CHECK: llvm.shufflevector %{{.*}} [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
// CHECK: llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"(%{{.*}}) : (vector<16xi32>, vector<64xi8>, vector<64xi8>) -> vector<16xi32>
// Of the 17 channels the second vector has one: a scalar, whose store needs no mask.
// CHECK: arith.maxsi %{{.*}} : vector<16xi32>
// CHECK: arith.trunci %{{.*}} : vector<16xi32> to vector<16xi8>
// CHECK: llvm.store {{.*}} : vector<16xi8>, !llvm.ptr
// CHECK: llvm.extractelement
// CHECK: arith.maxsi %{{.*}} : i32
// CHECK: llvm.store {{.*}} : i8, !llvm.ptr
// CHECK-NOT: llvm.intr.masked.store
// CHECK: llvm.return
func.func @conv(%arena: memref<480xi8>) attributes {qk.inputs = [{name = "x", offset = 0 : i64, type = tensor<64x!q>}], qk.outputs = [{name = "y", offset = 208 : i64, type = tensor<272x!q>}]} {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  %c208 = arith.constant 208 : index
  %w = qk.constant dense<1> : tensor<2304xi8> {name = "w"} : memref<2304xi8>
  %x = memref.view %arena[%c0][] : memref<480xi8> to memref<64xi8>
  %s = memref.view %arena[%c64][] : memref<480xi8> to memref<144xi8>
  %y = memref.view %arena[%c208][] : memref<480xi8> to memref<272xi8>
  qk.contract(%x, %w scratch %s into %y) attributes {window = #conv, rhs_strides = array<i64: 0, 36, 12, 4, 1>, lhs_format = !q, rhs_format = i8, out_format = !q, packed, pad_code = 7 : i64, schedule = #qk.schedule<tile = "x86.avx512vnni", m = 3, n = 32, k = 4, lines = 3>} {
  ^bb0(%acc: i32):
    %c = arith.constant 0 : i32
    %r = arith.maxsi %acc, %c : i32
    qk.yield %r : i32
  } : (memref<64xi8>, memref<2304xi8>, memref<144xi8>, memref<272xi8>) -> ()
  return
}

// Without lines the codes are read where they lie, all rows as one: 16 positions, 5 at a time and one. Two codes are stored by a
// mask.
// CHECK-LABEL: llvm.func internal @pointwise.contract0(
// CHECK-NOT: arith.cmpi slt
// CHECK-COUNT-10: llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"
// CHECK: llvm.intr.masked.store {{.*}} : vector<16xi8>, vector<16xi1> into !llvm.ptr
// CHECK: llvm.return
func.func @pointwise(%arena: memref<352xi8>) attributes {qk.inputs = [{name = "x", offset = 0 : i64, type = tensor<64x!q>}], qk.outputs = [{name = "y", offset = 64 : i64, type = tensor<288x!q>}]} {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  %w = qk.constant dense<1> : tensor<128xi8> {name = "w"} : memref<128xi8>
  %x = memref.view %arena[%c0][] : memref<352xi8> to memref<64xi8>
  %y = memref.view %arena[%c64][] : memref<352xi8> to memref<288xi8>
  qk.contract(%x, %w into %y) attributes {window = #pointwise, rhs_strides = array<i64: 0, 4, 4, 4, 1>, lhs_format = !q, rhs_format = i8, out_format = !q, packed, pad_code = 0 : i64, schedule = #qk.schedule<tile = "x86.avx512vnni", m = 5, n = 32, k = 4>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (memref<64xi8>, memref<128xi8>, memref<288xi8>) -> ()
  return
}

// Depthwise: the taps of a row are staged beside each other for each channel, and a vector of channels is multiplied with its
// weights for each row of the window. Of 18 channels, the second vector has the last 16: no lane is empty.
// CHECK-LABEL: llvm.func internal @depthwise.contract0(
// CHECK-NOT: masked
// CHECK: arith.cmpi slt, %{{.*}}, %c3_i64
// CHECK: scf.for %[[VECTOR:.*]] = %{{.*}} to %c2_i64
// CHECK: %[[NUMBER:.*]] = arith.addi %{{.*}}, %[[VECTOR]]
// CHECK: %[[FIRST:.*]] = arith.muli %[[NUMBER]], %c16_i64
// CHECK: arith.minsi %[[FIRST]], %c2_i64
// CHECK-NOT: masked
// CHECK-COUNT-3: llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"
// CHECK-NOT: masked
// CHECK: llvm.return
func.func @depthwise(%arena: memref<4096xi8>) attributes {qk.inputs = [{name = "x", offset = 0 : i64, type = tensor<288x!q>}], qk.outputs = [{name = "y", offset = 288 : i64, type = tensor<288x!q>}]} {
  %c0 = arith.constant 0 : index
  %c288 = arith.constant 288 : index
  %c576 = arith.constant 576 : index
  %w = qk.constant dense<1> : tensor<384xi8> {name = "w"} : memref<384xi8>
  %x = memref.view %arena[%c0][] : memref<4096xi8> to memref<288xi8>
  %s = memref.view %arena[%c576][] : memref<4096xi8> to memref<3072xi8>
  %y = memref.view %arena[%c288][] : memref<4096xi8> to memref<288xi8>
  qk.contract(%x, %w scratch %s into %y) attributes {window = #depthwise, rhs_strides = array<i64: 0, 1, 54, 18, 1>, lhs_format = !q, rhs_format = i8, out_format = !q, packed, pad_code = 0 : i64, schedule = #qk.schedule<tile = "x86.avx512vnni", m = 4, n = 16, k = 4, lines = 3>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (memref<288xi8>, memref<384xi8>, memref<3072xi8>, memref<288xi8>) -> ()
  return
}
