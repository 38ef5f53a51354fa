// qk-schedule: blocks of positions and channels, the lines that are staged, and their scratch memory.
// The weights are as large as vpdpbusd alone takes them.
// RUN: %qcc-opt %s --mlir-disable-threading --pass-pipeline='builtin.module(func.func(qk-schedule{target=x86-64-v4 features=+avx512vnni}))' 2>%t | FileCheck %s
// RUN: FileCheck %s --check-prefix=REMARK < %t
// Without the feature, integers are not multiplied by it.
// RUN: %qcc-opt %s --pass-pipeline='builtin.module(func.func(qk-schedule{target=x86-64-v4}))' 2>&1 | FileCheck %s --check-prefix=WITHOUT
// WITHOUT-NOT: vnni
// Candidates that are worse by the cost model, for measuring.
// RUN: %qcc-opt %s --pass-pipeline='builtin.module(func.func(qk-schedule{target=x86-64-v4 features=+avx512vnni rank=1}))' | FileCheck %s --check-prefix=SECOND
// RUN: %qcc-opt %s --pass-pipeline='builtin.module(func.func(qk-schedule{target=x86-64-v4 features=+avx512vnni rank=100}))' | FileCheck %s --check-prefix=LAST
// SECOND-LABEL: func @dense
// SECOND: schedule = #qk.schedule<tile = "x86.avx512vnni.256", m = 1, n = 40, k = 4, lines = 1>
// LAST-LABEL: func @dense
// LAST: schedule = #qk.schedule<tile = "x86.avx2", m = 1, n = 8, k = 2, lines = 1>

#dense = #qk.window<batch = 1, input = [1, 1], output = [1, 1], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [8, 40]>
#pointwise = #qk.window<batch = 1, input = [4, 4], output = [4, 4], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [8, 16]>
#conv = #qk.window<batch = 1, input = [4, 4], output = [4, 4], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [4, 16]>
#dilated = #qk.window<batch = 1, input = [6, 4], output = [2, 4], kernel = [3, 1], strides = [1, 1], dilations = [2, 1], pads = [0, 0], groups = 1, channels = [3, 16]>
#depthwise = #qk.window<batch = 1, input = [4, 4], output = [2, 2], kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 17, channels = [1, 1]>

// One position has one row of a block; all 40 channels are 3 vectors of 16.
// CHECK-LABEL: func @dense
// CHECK-NOT: tensor.empty
// CHECK: qk.contract(%{{.*}}, %{{.*}} into
// CHECK-SAME: schedule = #qk.schedule<tile = "x86.avx512vnni", m = 1, n = {{16|32|48}}, k = 4>
// REMARK: remark: computed by x86.avx512vnni, 1 x {{16|32|48}} at a time{{$}}
func.func @dense(%x: tensor<8xi8>, %init: tensor<40xi32>) -> tensor<40xi32> {
  %w = qk.constant dense<-128> : tensor<320xi8> : tensor<320xi8>
  %0 = qk.contract(%x, %w into %init) attributes {window = #dense, rhs_strides = array<i64: 0, 8, 8, 8, 1>, lhs_format = ui8, rhs_format = i8, out_format = i32} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<8xi8>, tensor<320xi8>, tensor<40xi32>) -> tensor<40xi32>
  return %0 : tensor<40xi32>
}

// A window of 1x1 over unsigned codes reads them where they lie, all rows as one; of 3 codes, a step would read a fourth.
// CHECK-LABEL: func @in_place
// CHECK-NOT: tensor.empty
// CHECK: qk.contract(%{{.*}}, %{{.*}} into
// CHECK-SAME: schedule = #qk.schedule<tile = "x86.avx512vnni", m = {{[0-9]+}}, n = 16, k = 4>
// REMARK: remark: computed by x86.avx512vnni, {{[0-9]+}} x 16 at a time{{$}}
func.func @in_place(%x: tensor<4x4x8xi8>, %init: tensor<256xi32>) -> tensor<256xi32> {
  %w = qk.constant dense<-128> : tensor<128xi8> : tensor<128xi8>
  %0 = qk.contract(%x, %w into %init) attributes {window = #pointwise, rhs_strides = array<i64: 0, 8, 8, 8, 1>, lhs_format = ui8, rhs_format = i8, out_format = i32} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<4x4x8xi8>, tensor<128xi8>, tensor<256xi32>) -> tensor<256xi32>
  return %0 : tensor<256xi32>
}

// Signed codes are staged. Where each position sees only itself, rows are as long as the tile likes: here all 16 x 8 codes.
// CHECK-LABEL: func @signed
// CHECK: %[[SCRATCH:.*]] = tensor.empty() : tensor<128xi8>
// CHECK: qk.contract(%{{.*}}, %{{.*}} scratch %[[SCRATCH]] into
// CHECK-SAME: lines = 1>
// REMARK: remark: computed by x86.avx512vnni, {{[0-9]+}} x 16 at a time, 1 lines staged in 128 bytes{{$}}
func.func @signed(%x: tensor<4x4x8xi8>, %init: tensor<256xi32>) -> tensor<256xi32> {
  %w = qk.constant dense<-128> : tensor<128xi8> : tensor<128xi8>
  %0 = qk.contract(%x, %w into %init) attributes {window = #pointwise, rhs_strides = array<i64: 0, 8, 8, 8, 1>, lhs_format = i8, rhs_format = i8, out_format = i32} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<4x4x8xi8>, tensor<128xi8>, tensor<256xi32>) -> tensor<256xi32>
  return %0 : tensor<256xi32>
}

// Three lines of 6 positions, borders included: 24 codes, rounded up to 32 bytes.
// CHECK-LABEL: func @borders
// CHECK: tensor.empty() : tensor<96xi8>
// CHECK: lines = 3>
// REMARK: remark: computed by x86.avx512vnni{{(.256)?}}, {{[0-9]+}} x 16 at a time, 3 lines staged in 96 bytes{{$}}
func.func @borders(%x: tensor<4x4x4xi8>, %init: tensor<256xi32>) -> tensor<256xi32> {
  %w = qk.constant dense<-128> : tensor<576xi8> : tensor<576xi8>
  %0 = qk.contract(%x, %w into %init) attributes {window = #conv, rhs_strides = array<i64: 0, 36, 12, 4, 1>, lhs_format = ui8, rhs_format = i8, out_format = i32} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<4x4x4xi8>, tensor<576xi8>, tensor<256xi32>) -> tensor<256xi32>
  return %0 : tensor<256xi32>
}

// Rows 0, 2 and 4 of the input: five lines. A line has 4 x 3 codes and one that fills up the last step.
// CHECK-LABEL: func @dilated
// CHECK: tensor.empty() : tensor<80xi8>
// CHECK: lines = 5>
// REMARK: remark: computed by x86.avx512vnni, {{[0-9]+}} x 16 at a time, 5 lines staged in 80 bytes{{$}}
func.func @dilated(%x: tensor<6x4x3xi8>, %init: tensor<128xi32>) -> tensor<128xi32> {
  %w = qk.constant dense<-128> : tensor<144xi8> : tensor<144xi8>
  %0 = qk.contract(%x, %w into %init) attributes {window = #dilated, rhs_strides = array<i64: 0, 9, 3, 3, 1>, lhs_format = ui8, rhs_format = i8, out_format = i32} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<6x4x3xi8>, tensor<144xi8>, tensor<128xi32>) -> tensor<128xi32>
  return %0 : tensor<128xi32>
}

// Depthwise: vectors of channels; the width has no more than 2 positions.
// CHECK-LABEL: func @depthwise
// CHECK: %[[SCRATCH:.*]] = tensor.empty() : tensor<{{[0-9]+}}xi8>
// CHECK: qk.contract(%{{.*}}, %{{.*}} scratch %[[SCRATCH]] into
// CHECK-SAME: schedule = #qk.schedule<tile = "x86.avx512vnni", m = {{1|2}}, n = 16, k = 4, lines = 3>
// REMARK: remark: computed by x86.avx512vnni, {{1|2}} x 16 at a time, 3 lines staged in {{[0-9]+}} bytes{{$}}
func.func @depthwise(%x: tensor<4x4x17xi8>, %init: tensor<68xi32>) -> tensor<68xi32> {
  %w = qk.constant dense<-128> : tensor<153xi8> : tensor<153xi8>
  %0 = qk.contract(%x, %w into %init) attributes {window = #depthwise, rhs_strides = array<i64: 0, 1, 51, 17, 1>, lhs_format = ui8, rhs_format = i8, out_format = i32} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<4x4x17xi8>, tensor<153xi8>, tensor<68xi32>) -> tensor<68xi32>
  return %0 : tensor<68xi32>
}

// Weights that are no constant, which no block has. Codes of 4 bits, unpacked while they are staged.
// CHECK-LABEL: func @generic
// CHECK: schedule = #qk.schedule<tile = "generic.int", m = 1, n = 1, k = 0>
// CHECK: schedule = #qk.schedule<tile = "x86.avx512vnni", m = 1, n = 48, k = 4, lines = 1>
// REMARK: remark: computed by generic.int{{$}}
// REMARK: remark: computed by x86.avx512vnni, 1 x 48 at a time, 1 lines staged in {{[0-9]+}} bytes{{$}}
func.func @generic(%x: tensor<32xi8>, %w: tensor<320xi8>, %init: tensor<40xi32>) -> (tensor<40xi32>, tensor<40xi32>) {
  %u = qk.constant dense<-128> : tensor<320xi8> : tensor<320xi8>
  %1 = qk.contract(%x, %w into %init) attributes {window = #dense, rhs_strides = array<i64: 0, 8, 8, 8, 1>, lhs_format = ui8, rhs_format = i8, out_format = i32} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<32xi8>, tensor<320xi8>, tensor<40xi32>) -> tensor<40xi32>
  %2 = qk.contract(%x, %u into %init) attributes {window = #dense, rhs_strides = array<i64: 0, 8, 8, 8, 1>, lhs_format = i4, rhs_format = i8, out_format = i32} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<32xi8>, tensor<320xi8>, tensor<40xi32>) -> tensor<40xi32>
  return %1, %2 : tensor<40xi32>, tensor<40xi32>
}

// Weights of 9 bits fit the tile's 8 if all of them do: 127 - 0, but not 128.
// CHECK-LABEL: func @ranges
// REMARK: remark: computed by x86.avx512vnni
// REMARK: remark: computed by
// CHECK: "x86.avx512vnni"
// CHECK-NOT: "x86.avx512vnni"
func.func @ranges(%x: tensor<8xi8>, %init: tensor<40xi32>) -> (tensor<40xi32>, tensor<40xi32>) {
  %fits = qk.constant dense<127> : tensor<320xi16> : tensor<320xi16>
  %large = qk.constant dense<128> : tensor<320xi16> : tensor<320xi16>
  %0 = qk.contract(%x, %fits into %init) attributes {window = #dense, rhs_strides = array<i64: 0, 8, 8, 8, 1>, lhs_format = ui8, rhs_format = i16, out_format = i32} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<8xi8>, tensor<320xi16>, tensor<40xi32>) -> tensor<40xi32>
  %1 = qk.contract(%x, %large into %init) attributes {window = #dense, rhs_strides = array<i64: 0, 8, 8, 8, 1>, lhs_format = ui8, rhs_format = i16, out_format = i32} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<8xi8>, tensor<320xi16>, tensor<40xi32>) -> tensor<40xi32>
  return %0, %1 : tensor<40xi32>, tensor<40xi32>
}

// An explicit schedule stays, and nothing is added to it.
// CHECK-LABEL: func @explicit
// CHECK-NOT: tensor.empty
// CHECK: schedule = #qk.schedule<tile = "generic.int", m = 1, n = 1, k = 0>
// REMARK-NOT: computed by
func.func @explicit(%x: tensor<8xi8>, %init: tensor<40xi32>) -> tensor<40xi32> {
  %w = qk.constant dense<-128> : tensor<320xi8> : tensor<320xi8>
  %0 = qk.contract(%x, %w into %init) attributes {window = #dense, rhs_strides = array<i64: 0, 8, 8, 8, 1>, lhs_format = ui8, rhs_format = i8, out_format = i32, schedule = #qk.schedule<tile = "generic.int", m = 1, n = 1, k = 0>} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<8xi8>, tensor<320xi8>, tensor<40xi32>) -> tensor<40xi32>
  return %0 : tensor<40xi32>
}
