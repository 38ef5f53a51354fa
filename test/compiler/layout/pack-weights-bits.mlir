// qk-pack-weights for tiles that count bits: planes of words of 32 channels, what is known of a channel's sum in the
// bias, and sums for the border where no code stands for the zero point. The bytes are at the end; each blob begins with
// its alignment.
// RUN: %qcc-opt %s --qk-pack-weights=target=cortex-m4 | FileCheck %s

#two = #qk.schedule<tile = "thumb2.bits", m = 1, n = 2, k = 1, lines = 1>
#one = #qk.schedule<tile = "thumb2.bits", m = 1, n = 1, k = 1, lines = 1>
#dense = #qk.window<batch = 1, input = [1, 1], output = [1, 1], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [5, 2]>
#long = #qk.window<batch = 1, input = [1, 1], output = [1, 1], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [33, 1]>
#three = #qk.window<batch = 1, input = [1, 1], output = [1, 1], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [3, 1]>
#border = #qk.window<batch = 1, input = [1, 2], output = [1, 2], kernel = [1, 3], strides = [1, 1], dilations = [1, 1], pads = [0, 1], groups = 1, channels = [1, 1]>

// Binary by binary: n - 2 popcount(a ^ w), so 5 for each channel. Weights + - + + - and - + + + +.
// CHECK-LABEL: func @binary
func.func @binary(%x: tensor<1xi8>, %init: tensor<2xi32>) -> tensor<2xi32> {
  %w = qk.constant dense<[-51, 3]> : tensor<2xi8> {name = "binary"} : tensor<2xi8>
  // CHECK-DAG: %[[N:.*]] = qk.constant dense<5> : tensor<2xi32>
  // CHECK-DAG: qk.constant dense_resource<binary> : tensor<8xi8>
  // CHECK: qk.contract(%{{.*}}, %{{.*}} params %[[N]] scratch
  %s = tensor.empty() : tensor<16xi8>
  %0 = qk.contract(%x, %w scratch %s into %init) attributes {window = #dense, rhs_strides = array<i64: 0, 5, 0, 0, 1>, lhs_format = !qnn.binary, rhs_format = !qnn.binary, out_format = i32, schedule = #two} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<1xi8>, tensor<2xi8>, tensor<16xi8>, tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// The bits behind the last channel are 0.
// CHECK-LABEL: func @tail
func.func @tail(%x: tensor<5xi8>, %init: tensor<1xi32>) -> tensor<1xi32> {
  %w = qk.constant dense<-1> : tensor<5xi8> {name = "tail"} : tensor<5xi8>
  // CHECK: qk.constant dense<33> : tensor<1xi32>
  %s = tensor.empty() : tensor<16xi8>
  %0 = qk.contract(%x, %w scratch %s into %init) attributes {window = #long, rhs_strides = array<i64: 0, 33, 0, 0, 1>, lhs_format = !qnn.binary, rhs_format = !qnn.binary, out_format = i32, schedule = #one} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<5xi8>, tensor<5xi8>, tensor<16xi8>, tensor<1xi32>) -> tensor<1xi32>
  return %0 : tensor<1xi32>
}

// Weights 1, -2, -1 of two bits: planes 1 0 1 and 0 1 1, the second of them negative. For codes with the zero point 1,
// sum (x - 1) w = sum x w + 2.
// CHECK-LABEL: func @planes
func.func @planes(%x: tensor<1xi8>, %init: tensor<1xi32>) -> tensor<1xi32> {
  %w = qk.constant dense<57> : tensor<1xi8> {name = "planes"} : tensor<1xi8>
  // CHECK: qk.constant dense<2> : tensor<1xi32>
  // CHECK: packed, pad_code = 1 : i64
  %s = tensor.empty() : tensor<32xi8>
  %0 = qk.contract(%x, %w scratch %s into %init) attributes {window = #three, rhs_strides = array<i64: 0, 3, 0, 0, 1>, lhs_format = ui2, rhs_format = i2, out_format = i32, lhs_zero = 1, schedule = #one} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<1xi8>, tensor<1xi8>, tensor<32xi8>, tensor<1xi32>) -> tensor<1xi32>
  return %0 : tensor<1xi32>
}

// Weights + - +. The border is staged as -1, so the left position has -1 from the first weight, and the right one from
// the last.
// CHECK-LABEL: func @border
func.func @border(%x: tensor<1xi8>, %init: tensor<2xi32>) -> tensor<2xi32> {
  %w = qk.constant dense<5> : tensor<1xi8> {name = "border"} : tensor<1xi8>
  // CHECK: qk.constant dense<3> : tensor<1xi32>
  // CHECK: qk.contract
  // CHECK-NOT: pad_code
  %s = tensor.empty() : tensor<16xi8>
  %0 = qk.contract(%x, %w scratch %s into %init) attributes {window = #border, rhs_strides = array<i64: 0, 3, 3, 1, 1>, lhs_format = !qnn.binary, rhs_format = !qnn.binary, out_format = i32, schedule = #one} {
  ^bb0(%acc: i32):
    qk.yield %acc : i32
  } : (tensor<1xi8>, tensor<1xi8>, tensor<16xi8>, tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// CHECK: dialect_resources
// CHECK-DAG: binary: "0x{{........}}0D0000001E000000"
// CHECK-DAG: tail: "0x{{........}}FFFFFFFF01000000"
// CHECK-DAG: planes: "0x{{........}}0500000006000000"
// CHECK-DAG: border: "0x{{........}}01000000000000000100000001000100"
