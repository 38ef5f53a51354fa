// Every type, attribute and operator of qnn is printed as it was read, in text and in bytecode.
// RUN: %qcc-opt %s --verify-roundtrip | FileCheck %s

!act = !quant.uniform<i8:f32, 5.0e-02:-128>
!out = !quant.uniform<i8:f32, 4.0e-02:3>
!unsigned = !quant.uniform<u8:f32, 5.0e-02:128>
!perAxis = !quant.uniform<i8<-127:127>:f32:0, {1.0e-02, 2.0e-02}>
!lastAxis = !quant.uniform<i8<-127:127>:f32:3, {1.0e-02, 2.0e-02}>
!probability = !quant.uniform<i8:f32, 3.906250e-03:-128>

// CHECK-LABEL: func private @types
// CHECK-SAME: tensor<2x3xf32>
// CHECK-SAME: tensor<ui8>
// CHECK-SAME: tensor<4x!quant.uniform<i4:f32, 5.000000e-01>>
// CHECK-SAME: tensor<2x!qnn.binary>
// CHECK-SAME: tensor<2x!qnn.binary<alpha = [5.000000e-01]>>
// CHECK-SAME: tensor<2x!qnn.binary<axis = 0, alpha = [5.000000e-01, 0.12345678901234566]>>
// CHECK-SAME: tensor<2x64x!qnn.grouped<bits = 4, group = 32>>
// CHECK-SAME: tensor<2x!qnn.ternary>
// CHECK-SAME: tensor<2x!qnn.ternary<axis = 0, alpha = [5.000000e-01, 0.12345678901234566]>>
// CHECK-SAME: tensor<2x!qnn.codebook<table = [-60, -17, 0, 22]>>
// CHECK-SAME: tensor<2x!qnn.codebook<table = [-5, 9], axis = 0, alpha = [5.000000e-01, 0.12345678901234566]>>
// CHECK-SAME: tensor<2x!qnn.basis<steps = [5, 11]>>
// CHECK-SAME: tensor<2x!qnn.basis<signs = true, steps = [1, 2], axis = 0, alpha = [5.000000e-01, 0.12345678901234566]>>
func.func private @types(tensor<2x3xf32>, tensor<ui8>, tensor<4x!quant.uniform<i4:f32, 5.0e-01>>, tensor<2x!qnn.binary>,
                         tensor<2x!qnn.binary<alpha = [5.0e-01]>>, tensor<2x!qnn.binary<axis = 0, alpha = [5.0e-01, 0.12345678901234566]>>,
                         tensor<2x64x!qnn.grouped<bits = 4, group = 32>>, tensor<2x!qnn.ternary>,
                         tensor<2x!qnn.ternary<axis = 0, alpha = [5.0e-01, 0.12345678901234566]>>,
                         tensor<2x!qnn.codebook<table = [-60, -17, 0, 22]>>,
                         tensor<2x!qnn.codebook<table = [-5, 9], axis = 0, alpha = [5.0e-01, 0.12345678901234566]>>,
                         tensor<2x!qnn.basis<steps = [5, 11]>>,
                         tensor<2x!qnn.basis<signs = true, steps = [1, 2], axis = 0, alpha = [5.0e-01, 0.12345678901234566]>>)

// CHECK-LABEL: func private @attributes
// CHECK-SAME: test.a = #qnn.rescale<>
// CHECK-SAME: test.b = #qnn.rescale<rounding = single, product = f32, overflow = wrap>
// CHECK-SAME: test.c = [#qnn.activation<none>, #qnn.activation<relu>, #qnn.activation<relu6>, #qnn.activation<relu_n1_to_1>]
func.func private @attributes() attributes {
  test.a = #qnn.rescale<rounding = double, product = f64, overflow = saturate>,
  test.b = #qnn.rescale<rounding = single, product = f32, overflow = wrap>,
  test.c = [#qnn.activation<none>, #qnn.activation<relu>, #qnn.activation<relu6>, #qnn.activation<relu_n1_to_1>]}

// CHECK-LABEL: func @constants
func.func @constants() -> (tensor<2x2x!act>, tensor<9x!qnn.binary>, tensor<3xf32>, tensor<2xi32>) {
  // CHECK: %cst = qnn.constant dense<{{\[\[}}1, 2], [3, -4]]> : tensor<2x2xi8> : tensor<2x2x!quant.uniform
  %0 = qnn.constant dense<[[1, 2], [3, -4]]> : tensor<2x2xi8> : tensor<2x2x!act>
  // CHECK: %stem_bits = qnn.constant dense<[1, -2]> : tensor<2xi8> {name = "stem/bits"} : tensor<9x!qnn.binary>
  %1 = qnn.constant dense<[1, -2]> : tensor<2xi8> {name = "stem/bits"} : tensor<9x!qnn.binary>
  // CHECK: qnn.constant dense<0.000000e+00> : tensor<3xf32> : tensor<3xf32>
  %2 = qnn.constant dense<0.0> : tensor<3xf32> : tensor<3xf32>
  // CHECK: qnn.constant dense_resource<bias> : tensor<2xi32> : tensor<2xi32>
  %3 = qnn.constant dense_resource<bias> : tensor<2xi32> : tensor<2xi32>
  return %0, %1, %2, %3 : tensor<2x2x!act>, tensor<9x!qnn.binary>, tensor<3xf32>, tensor<2xi32>
}

// CHECK-LABEL: func @casts
func.func @casts(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4x!qnn.binary>) {
  // CHECK: qnn.quantize %{{.*}} : (tensor<4xf32>) -> tensor<4x!quant.uniform<i8
  %0 = qnn.quantize %x : (tensor<4xf32>) -> tensor<4x!act>
  // CHECK: qnn.requantize %{{.*}} : (tensor<4x!quant.uniform<i8:f32, 5.000000e-02:-128>>) -> tensor<4x!quant.uniform<u8
  %1 = qnn.requantize %0 : (tensor<4x!act>) -> tensor<4x!unsigned>
  // CHECK: qnn.requantize %{{.*}} {rescale = #qnn.rescale<rounding = single, overflow = wrap>}
  %2 = qnn.requantize %1 {rescale = #qnn.rescale<rounding = single, overflow = wrap>} : (tensor<4x!unsigned>) -> tensor<4x!qnn.binary>
  // CHECK: qnn.dequantize %{{.*}} -> tensor<4xf32>
  %3 = qnn.dequantize %1 : (tensor<4x!unsigned>) -> tensor<4xf32>
  return %3, %2 : tensor<4xf32>, tensor<4x!qnn.binary>
}

// CHECK-LABEL: func @conv2d
func.func @conv2d(%x: tensor<2x8x8x4x!act>, %w: tensor<2x3x3x4x!perAxis>, %b: tensor<2xi32>) -> tensor<2x8x8x2x!out> {
  // CHECK: qnn.conv2d %{{.*}}, %{{.*}} bias %{{.*}} {pads = array<i64: 1, 1, 1, 1>} : (
  %0 = qnn.conv2d %x, %w bias %b {pads = array<i64: 1, 1, 1, 1>}
    : (tensor<2x8x8x4x!act>, tensor<2x3x3x4x!perAxis>, tensor<2xi32>) -> tensor<2x8x8x2x!out>
  // CHECK: qnn.conv2d %{{.*}}, %{{.*}} {activation = #qnn.activation<relu6>, dilations = array<i64: 2, 3>
  // CHECK-SAME: rescale = #qnn.rescale<rounding = single, product = f32>, strides = array<i64: 2, 1>}
  %1 = qnn.conv2d %x, %w {activation = #qnn.activation<relu6>, dilations = array<i64: 2, 3>, pads = array<i64: 0, 1, 2, 3>,
                          rescale = #qnn.rescale<rounding = single, product = f32>, strides = array<i64: 2, 1>}
    : (tensor<2x8x8x4x!act>, tensor<2x3x3x4x!perAxis>) -> tensor<2x3x7x2x!out>
  // CHECK: qnn.conv2d %{{.*}}, %{{.*}} {algorithm = #qnn.algorithm<winograd = F_2_3, exact>} :
  %3 = qnn.conv2d %x, %w {algorithm = #qnn.algorithm<winograd = F_2_3, exact>}
    : (tensor<2x8x8x4x!act>, tensor<2x3x3x4x!perAxis>) -> tensor<2x6x6x2xi32>
  // CHECK: qnn.conv2d %{{.*}}, %{{.*}} {algorithm = #qnn.algorithm<winograd = F_2_3, exact, small>} :
  %30 = qnn.conv2d %x, %w {algorithm = #qnn.algorithm<winograd = F_2_3, exact, small>}
    : (tensor<2x8x8x4x!act>, tensor<2x3x3x4x!perAxis>) -> tensor<2x6x6x2xi32>
  // CHECK: qnn.conv2d %{{.*}}, %{{.*}} {algorithm = #qnn.algorithm<direct>} :
  %4 = qnn.conv2d %x, %w {algorithm = #qnn.algorithm<direct>} : (tensor<2x8x8x4x!act>, tensor<2x3x3x4x!perAxis>) -> tensor<2x6x6x2xi32>
  %tapwise = qnn.constant dense<5> : tensor<2x3x3x4xi8> : tensor<2x3x3x4x!perAxis>
  // CHECK: qnn.conv2d %{{.*}}, %{{.*}} {algorithm = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 10, codes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], weights = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], fraction = -3>} :
  %5 = qnn.conv2d %x, %tapwise {algorithm = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 10, codes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], weights = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], fraction = -3>} : (tensor<2x8x8x4x!act>, tensor<2x3x3x4x!perAxis>) -> tensor<2x6x6x2xi32>
  // CHECK: qnn.conv2d %{{.*}}, %{{.*}} {algorithm = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 10, codes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], weights = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], fraction = -3, points = reciprocal, factors = [1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7]>} :
  %50 = qnn.conv2d %x, %tapwise {algorithm = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 10, codes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], weights = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], fraction = -3, points = reciprocal, factors = [1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7]>} : (tensor<2x8x8x4x!act>, tensor<2x3x3x4x!perAxis>) -> tensor<2x6x6x2xi32>
  // CHECK: qnn.conv2d %{{.*}}, %{{.*}} {algorithm = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], weights = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], fraction = -3, points = reciprocal, factors = [1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7], offsets = [-7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7], transformed = dense<3> : tensor<2x36x4xi8>>} :
  %51 = qnn.conv2d %x, %tapwise {algorithm = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], weights = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], fraction = -3, points = reciprocal, factors = [1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7], offsets = [-7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7], transformed = dense<3> : tensor<2x36x4xi8>>} : (tensor<2x8x8x4x!act>, tensor<2x3x3x4x!perAxis>) -> tensor<2x6x6x2xi32>
  %floats = qnn.constant dense<5.0> : tensor<2x3x3x4xf32> : tensor<2x3x3x4xf32>
  %real = qnn.dequantize %x : (tensor<2x8x8x4x!act>) -> tensor<2x8x8x4xf32>
  // CHECK: qnn.conv2d %{{.*}}, %{{.*}} {algorithm = #qnn.algorithm<winograd = F_4_3, float>} :
  %6 = qnn.conv2d %real, %floats {algorithm = #qnn.algorithm<winograd = F_4_3, float>}
    : (tensor<2x8x8x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x6x6x2xf32>
  // CHECK: qnn.conv2d %{{.*}}, %{{.*}} : ({{.*}}) -> tensor<2x6x6x2xi32>
  %2 = qnn.conv2d %x, %w : (tensor<2x8x8x4x!act>, tensor<2x3x3x4x!perAxis>) -> tensor<2x6x6x2xi32>
  return %0 : tensor<2x8x8x2x!out>
}

// CHECK-LABEL: func @conv2d_line
func.func @conv2d_line(%x: tensor<2x8x8x4x!act>, %w: tensor<2x1x3x4x!perAxis>) -> tensor<2x8x6x2xi32> {
  // CHECK: qnn.conv2d %{{.*}}, %{{.*}} {algorithm = #qnn.algorithm<winograd = F_4_3, exact>} :
  %0 = qnn.conv2d %x, %w {algorithm = #qnn.algorithm<winograd = F_4_3, exact>}
    : (tensor<2x8x8x4x!act>, tensor<2x1x3x4x!perAxis>) -> tensor<2x8x6x2xi32>
  return %0 : tensor<2x8x6x2xi32>
}

// CHECK-LABEL: func @conv2d_groups
func.func @conv2d_groups(%x: tensor<1x4x4x4x!act>, %w: tensor<2x1x1x2x!qnn.binary>, %g: tensor<2x1x1x4x!qnn.grouped<bits = 4, group = 3>>,
                         %s: tensor<2x1x1x2xf32>) -> tensor<1x4x4x2xf32> {
  // CHECK: qnn.conv2d %{{.*}}, %{{.*}} {groups = 2 : i64} : (
  %0 = qnn.conv2d %x, %w {groups = 2} : (tensor<1x4x4x4x!act>, tensor<2x1x1x2x!qnn.binary>) -> tensor<1x4x4x2xf32>
  // CHECK: qnn.conv2d %{{.*}}, %{{.*}} scales %{{.*}} : (
  %1 = qnn.conv2d %x, %g scales %s
    : (tensor<1x4x4x4x!act>, tensor<2x1x1x4x!qnn.grouped<bits = 4, group = 3>>, tensor<2x1x1x2xf32>) -> tensor<1x4x4x2x!out>
  return %0 : tensor<1x4x4x2xf32>
}

// CHECK-LABEL: func @depthwise_conv2d
func.func @depthwise_conv2d(%x: tensor<1x6x6x1x!act>, %w: tensor<1x3x3x2x!lastAxis>, %b: tensor<2xi32>) -> tensor<1x2x2x2x!out> {
  // CHECK: qnn.depthwise_conv2d %{{.*}}, %{{.*}} bias %{{.*}} {strides = array<i64: 2, 2>} : (
  %0 = qnn.depthwise_conv2d %x, %w bias %b {strides = array<i64: 2, 2>}
    : (tensor<1x6x6x1x!act>, tensor<1x3x3x2x!lastAxis>, tensor<2xi32>) -> tensor<1x2x2x2x!out>
  return %0 : tensor<1x2x2x2x!out>
}

// CHECK-LABEL: func @dense
func.func @dense(%x: tensor<3x64xf32>, %w: tensor<2x64xf32>, %b: tensor<2xf32>, %q: tensor<3x64x!act>,
                 %g: tensor<2x64x!qnn.grouped<bits = 4, group = 32>>, %s: tensor<2x2xf32>) -> tensor<3x2xf32> {
  // CHECK: qnn.dense %{{.*}}, %{{.*}} bias %{{.*}} {activation = #qnn.activation<relu>} : (
  %0 = qnn.dense %x, %w bias %b {activation = #qnn.activation<relu>} : (tensor<3x64xf32>, tensor<2x64xf32>, tensor<2xf32>) -> tensor<3x2xf32>
  // CHECK: qnn.dense %{{.*}}, %{{.*}} scales %{{.*}} : (
  %1 = qnn.dense %q, %g scales %s : (tensor<3x64x!act>, tensor<2x64x!qnn.grouped<bits = 4, group = 32>>, tensor<2x2xf32>) -> tensor<3x2x!out>
  return %0 : tensor<3x2xf32>
}

// CHECK-LABEL: func @matmul
func.func @matmul(%a: tensor<2x3x4x!act>, %b: tensor<2x4x5x!act>, %t: tensor<2x5x4x!act>) -> tensor<2x3x5x!out> {
  // CHECK: qnn.matmul %{{.*}}, %{{.*}} : (
  %0 = qnn.matmul %a, %b : (tensor<2x3x4x!act>, tensor<2x4x5x!act>) -> tensor<2x3x5x!out>
  // CHECK: qnn.matmul %{{.*}}, %{{.*}} {transpose_rhs} : (
  %1 = qnn.matmul %a, %t {transpose_rhs} : (tensor<2x3x4x!act>, tensor<2x5x4x!act>) -> tensor<2x3x5x!out>
  return %0 : tensor<2x3x5x!out>
}

// CHECK-LABEL: func @binary
func.func @binary(%a: tensor<2x1x4x!act>, %b: tensor<3x4x!unsigned>, %p: tensor<4xi32>) -> tensor<2x3x4x!out> {
  // CHECK: qnn.add %{{.*}}, %{{.*}} {activation = #qnn.activation<relu_n1_to_1>} : (
  %0 = qnn.add %a, %b {activation = #qnn.activation<relu_n1_to_1>} : (tensor<2x1x4x!act>, tensor<3x4x!unsigned>) -> tensor<2x3x4x!out>
  // CHECK: qnn.sub
  %1 = qnn.sub %a, %b : (tensor<2x1x4x!act>, tensor<3x4x!unsigned>) -> tensor<2x3x4x!out>
  // CHECK: qnn.mul
  %2 = qnn.mul %a, %b : (tensor<2x1x4x!act>, tensor<3x4x!unsigned>) -> tensor<2x3x4x!out>
  // CHECK: qnn.add %{{.*}}, %{{.*}} : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  %3 = qnn.add %p, %p : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  return %0 : tensor<2x3x4x!out>
}

// CHECK-LABEL: func @unary
func.func @unary(%x: tensor<2x4x!act>, %f: tensor<2x4xf32>) -> (tensor<2x4xf32>, tensor<4xi32>) {
  // CHECK: qnn.relu %{{.*}} : (
  %0 = qnn.relu %x : (tensor<2x4x!act>) -> tensor<2x4x!act>
  // CHECK: qnn.relu %{{.*}} {activation = #qnn.activation<relu6>} : (
  %1 = qnn.relu %x {activation = #qnn.activation<relu6>} : (tensor<2x4x!act>) -> tensor<2x4x!out>
  // CHECK: qnn.leaky_relu %{{.*}} {alpha = 1.000000e-01 : f64} : (
  %2 = qnn.leaky_relu %x {alpha = 1.0e-01 : f64} : (tensor<2x4x!act>) -> tensor<2x4x!out>
  // CHECK: qnn.logistic %{{.*}} : (
  %3 = qnn.logistic %x : (tensor<2x4x!act>) -> tensor<2x4x!out>
  // CHECK: qnn.tanh %{{.*}} : (
  %4 = qnn.tanh %x : (tensor<2x4x!act>) -> tensor<2x4x!out>
  // CHECK: qnn.softmax %{{.*}} {beta = 5.000000e-01 : f64} : (
  %5 = qnn.softmax %x {beta = 5.0e-01 : f64} : (tensor<2x4x!act>) -> tensor<2x4x!probability>
  // CHECK: qnn.log_softmax %{{.*}} : (
  %6 = qnn.log_softmax %f : (tensor<2x4xf32>) -> tensor<2x4xf32>
  // CHECK: qnn.argmax %{{.*}} {axis = 0 : i64} : (
  %7 = qnn.argmax %x {axis = 0} : (tensor<2x4x!act>) -> tensor<4xi32>
  return %6, %7 : tensor<2x4xf32>, tensor<4xi32>
}

// CHECK-LABEL: func @threshold
func.func @threshold(%x: tensor<2x4xf32>, %n: tensor<2x2xi32>, %t: tensor<1x3xf32>, %m: tensor<2x1xi32>) -> (tensor<2x4x!quant.uniform<u2:f32, 1.0>>, tensor<2x2x!qnn.binary>) {
  // CHECK: qnn.threshold %{{.*}}, %{{.*}} : (tensor<2x4xf32>, tensor<1x3xf32>) -> tensor<2x4x!quant.uniform<u2:f32, 1.000000e+00>>
  %0 = qnn.threshold %x, %t : (tensor<2x4xf32>, tensor<1x3xf32>) -> tensor<2x4x!quant.uniform<u2:f32, 1.0>>
  // CHECK: qnn.threshold %{{.*}}, %{{.*}} {falling = array<i1: true, false>} : (tensor<2x2xi32>, tensor<2x1xi32>) -> tensor<2x2x!qnn.binary>
  %1 = qnn.threshold %n, %m {falling = array<i1: true, false>} : (tensor<2x2xi32>, tensor<2x1xi32>) -> tensor<2x2x!qnn.binary>
  return %0, %1 : tensor<2x4x!quant.uniform<u2:f32, 1.0>>, tensor<2x2x!qnn.binary>
}

// CHECK-LABEL: func @rescale
func.func @rescale(%x: tensor<2x2xi32>) -> tensor<2x2x!quant.uniform<i8:f32, 1.0>> {
  // CHECK: qnn.rescale %{{.*}} {exponent = array<i32: -1, -31>, falling = array<i1: true, false>, fraction = 3 : i64, high = array<i32: 127, 5>, low = array<i32: -128, 5>, multiplier = array<i32: 0, 1073741824>, offset = array<i32: -7, 7>} : (tensor<2x2xi32>) -> tensor<2x2x!quant.uniform<i8:f32, 1.000000e+00>>
  %0 = qnn.rescale %x {fraction = 3, offset = array<i32: -7, 7>, multiplier = array<i32: 0, 1073741824>, exponent = array<i32: -1, -31>, low = array<i32: -128, 5>, high = array<i32: 127, 5>, falling = array<i1: true, false>} : (tensor<2x2xi32>) -> tensor<2x2x!quant.uniform<i8:f32, 1.0>>
  return %0 : tensor<2x2x!quant.uniform<i8:f32, 1.0>>
}

// CHECK-LABEL: func @batch_norm
func.func @batch_norm(%x: tensor<2x4xf32>, %p: tensor<4xf32>) -> tensor<2x4xf32> {
  // CHECK: qnn.batch_norm %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} {epsilon = 1.000000e-03 : f64} : (
  %0 = qnn.batch_norm %x, %p, %p, %p, %p {epsilon = 1.0e-03 : f64}
    : (tensor<2x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}

// CHECK-LABEL: func @pools
func.func @pools(%x: tensor<1x8x8x2x!act>) -> tensor<1x1x1x2x!out> {
  // CHECK: qnn.max_pool2d %{{.*}} {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (
  %0 = qnn.max_pool2d %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x8x8x2x!act>) -> tensor<1x4x4x2x!act>
  // CHECK: qnn.avg_pool2d %{{.*}} {activation = #qnn.activation<relu>, kernel = array<i64: 3, 3>, pads = array<i64: 1, 1, 1, 1>} : (
  %1 = qnn.avg_pool2d %x {activation = #qnn.activation<relu>, kernel = array<i64: 3, 3>, pads = array<i64: 1, 1, 1, 1>}
    : (tensor<1x8x8x2x!act>) -> tensor<1x8x8x2x!act>
  // CHECK: qnn.mean %{{.*}} {axes = array<i64: 1, 2>, keep_dims} : (
  %2 = qnn.mean %x {axes = array<i64: 1, 2>, keep_dims} : (tensor<1x8x8x2x!act>) -> tensor<1x1x1x2x!out>
  // CHECK: qnn.mean %{{.*}} {axes = array<i64: 1, 2>} : (
  %3 = qnn.mean %x {axes = array<i64: 1, 2>} : (tensor<1x8x8x2x!act>) -> tensor<1x2x!out>
  return %2 : tensor<1x1x1x2x!out>
}

// CHECK-LABEL: func @moves
func.func @moves(%x: tensor<1x4x6x2x!act>) -> (tensor<1x4x6x2x!act>) {
  // CHECK: qnn.reshape %{{.*}} : (tensor<1x4x6x2x{{.*}}>) -> tensor<48x
  %0 = qnn.reshape %x : (tensor<1x4x6x2x!act>) -> tensor<48x!act>
  // CHECK: qnn.transpose %{{.*}} {permutation = array<i64: 3, 0, 2, 1>} : (
  %1 = qnn.transpose %x {permutation = array<i64: 3, 0, 2, 1>} : (tensor<1x4x6x2x!act>) -> tensor<2x1x6x4x!act>
  // CHECK: qnn.pad %{{.*}} {high = array<i64: 0, 2, 2, 0>, low = array<i64: 0, 1, 0, 0>} : (
  %2 = qnn.pad %x {low = array<i64: 0, 1, 0, 0>, high = array<i64: 0, 2, 2, 0>} : (tensor<1x4x6x2x!act>) -> tensor<1x7x8x2x!act>
  // CHECK: qnn.pad %{{.*}} value = -1.500000e+00 : f64}
  %3 = qnn.pad %x {low = array<i64: 0, 0, 0, 0>, high = array<i64: 0, 0, 0, 1>, value = -1.5 : f64} : (tensor<1x4x6x2x!act>) -> tensor<1x4x6x3x!act>
  // CHECK: qnn.slice %{{.*}} {starts = array<i64: 0, 1, 0, 0>, strides = array<i64: 1, 2, 5, 1>} : (
  %4 = qnn.slice %x {starts = array<i64: 0, 1, 0, 0>, strides = array<i64: 1, 2, 5, 1>} : (tensor<1x4x6x2x!act>) -> tensor<1x2x2x2x!act>
  // CHECK: qnn.resize_nearest %{{.*}} {half_pixel_centers} : (
  %5 = qnn.resize_nearest %x {half_pixel_centers} : (tensor<1x4x6x2x!act>) -> tensor<1x8x12x2x!act>
  // CHECK: qnn.resize_nearest %{{.*}} {align_corners} : (
  %6 = qnn.resize_nearest %x {align_corners} : (tensor<1x4x6x2x!act>) -> tensor<1x3x3x2x!act>
  // CHECK: qnn.concat %{{.*}}, %{{.*}}, %{{.*}} {axis = 2 : i64} : (
  %7 = qnn.concat %x, %x, %x {axis = 2} : (tensor<1x4x6x2x!act>, tensor<1x4x6x2x!act>, tensor<1x4x6x2x!act>) -> tensor<1x4x18x2x!act>
  // CHECK: qnn.split %{{.*}} {axis = 2 : i64} : (
  %8:2 = qnn.split %x {axis = 2} : (tensor<1x4x6x2x!act>) -> (tensor<1x4x1x2x!act>, tensor<1x4x5x2x!act>)
  return %x : tensor<1x4x6x2x!act>
}

// CHECK-LABEL: func @functions
func.func @functions(%x: tensor<2x3xf32>, %r: tensor<3xf32>) -> (tensor<2x3xf32>, tensor<2x4xf32>) {
  // CHECK: qnn.apply <exp> %{{.*}} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %0 = qnn.apply <exp> %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: qnn.combine <less_equal> %{{.*}}, %{{.*}} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %1 = qnn.combine <less_equal> %x, %r : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  // CHECK: qnn.select %{{.*}}, %{{.*}}, %{{.*}} : (tensor<2x3xf32>, tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %2 = qnn.select %1, %0, %r : (tensor<2x3xf32>, tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  // CHECK: qnn.gather %{{.*}} {axis = 1 : i64, indices = array<i64: 2, 0, 0, 1>} : (tensor<2x3xf32>) -> tensor<2x4xf32>
  %3 = qnn.gather %x {axis = 1, indices = array<i64: 2, 0, 0, 1>} : (tensor<2x3xf32>) -> tensor<2x4xf32>
  return %2, %3 : tensor<2x3xf32>, tensor<2x4xf32>
}

{-#
  dialect_resources: { builtin: { bias: "0x040000000100000002000000" } }
#-}

// CHECK-LABEL: func @state
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[S:.*]]: tensor<4xf32> {qnn.name = "sum", qnn.state = 5.000000e-01 : f64})
// CHECK-SAME: -> (tensor<4xf32>, tensor<4xf32> {qnn.state})
func.func @state(%x: tensor<4xf32>, %s: tensor<4xf32> {qnn.name = "sum", qnn.state = 0.5 : f64})
    -> (tensor<4xf32>, tensor<4xf32> {qnn.state}) {
  %0 = qnn.add %x, %s : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0, %0 : tensor<4xf32>, tensor<4xf32>
}
