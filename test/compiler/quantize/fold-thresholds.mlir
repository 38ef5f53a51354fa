// qnn-fold-thresholds: what stands between integer sums and few codes becomes integers to compare the sums with.
// RUN: %qcc-opt %s --split-input-file --qnn-fold-thresholds | FileCheck %s

// Sums are -2, 0 or 2. sign(x - 0.5): x >= 1. sign(0.5 - x): x <= 0, so that -x >= 0 with negated weights. A gamma of 0: always
// (from the lowest sum on) or never (above the highest).
// CHECK-LABEL: func.func @batch_norm
// CHECK:         %[[W:.*]] = qnn.constant dense_resource<w> : tensor<1xi8>
// CHECK:         %[[S:.*]] = qnn.dense %{{.*}}, %[[W]] : (tensor<1x2x!qnn.binary>, tensor<4x2x!qnn.binary>) -> tensor<1x4xi32>
// CHECK-NEXT:    %[[T:.*]] = qnn.constant dense_resource<w.thresholds> : tensor<4x1xi32>
// CHECK-NEXT:    %[[Y:.*]] = qnn.threshold %[[S]], %[[T]] : (tensor<1x4xi32>, tensor<4x1xi32>) -> tensor<1x4x!qnn.binary>
// CHECK-NEXT:    return %[[Y]]
// CHECK:         w: "0x08000000F3"
// CHECK:         w.thresholds: "0x080000000100000000000000FEFFFFFF03000000"
func.func @batch_norm(%x: tensor<1x2x!qnn.binary>) -> tensor<1x4x!qnn.binary> {
  %w = qnn.constant dense<-1> : tensor<1xi8> {name = "w"} : tensor<4x2x!qnn.binary>
  %gamma = qnn.constant dense<[1.0, -1.0, 0.0, 0.0]> : tensor<4xf32> : tensor<4xf32>
  %beta = qnn.constant dense<[0.0, 0.0, 1.0, -1.0]> : tensor<4xf32> : tensor<4xf32>
  %mean = qnn.constant dense<0.5> : tensor<4xf32> : tensor<4xf32>
  %variance = qnn.constant dense<1.0> : tensor<4xf32> : tensor<4xf32>
  %0 = qnn.dense %x, %w : (tensor<1x2x!qnn.binary>, tensor<4x2x!qnn.binary>) -> tensor<1x4xf32>
  %1 = qnn.batch_norm %0, %gamma, %beta, %mean, %variance {epsilon = 0.0} : (tensor<1x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  %2 = qnn.quantize %1 : (tensor<1x4xf32>) -> tensor<1x4x!qnn.binary>
  return %2 : tensor<1x4x!qnn.binary>
}

// -----

// Two bits: round(x / 2) reaches 1, 2 and 3 at 1, 3 and 5; less the bias of 10. One row for all channels.
// CHECK-LABEL: func.func @bias
// CHECK:         %[[S:.*]] = qnn.conv2d %{{.*}}, %{{[^ ]*}} : (
// CHECK-NEXT:    qnn.constant dense_resource<sums.thresholds> : tensor<1x3xi32>
// CHECK-NEXT:    qnn.threshold %[[S]]
// CHECK:         sums.thresholds: "0x08000000F7FFFFFFF9FFFFFFFBFFFFFF"
!u2 = !quant.uniform<u2:f32, 2.0>
func.func @bias(%x: tensor<1x2x2x1xi8>) -> tensor<1x2x2x2x!u2> {
  %w = qnn.constant dense<1> : tensor<2x1x1x1xi8> : tensor<2x1x1x1xi8>
  %bias = qnn.constant dense<10> : tensor<2xi32> : tensor<2xi32>
  %0 = qnn.conv2d %x, %w bias %bias {activation = #qnn.activation<relu>} : (tensor<1x2x2x1xi8>, tensor<2x1x1x1xi8>, tensor<2xi32>) -> tensor<1x2x2x2xf32>
  %1 = qnn.quantize %0 : (tensor<1x2x2x2xf32>) -> tensor<1x2x2x2x!u2>
  return %1 : tensor<1x2x2x2x!u2>
}

// -----

// Weights of -2 have no negative: the channel stays falling. A rising one lets the pool have codes, a falling one sums.
// CHECK-LABEL: func.func @falling
// CHECK:         qnn.dense {{.*}} -> tensor<1x1xi32>
// CHECK:         qnn.threshold {{.*}} {falling = array<i1: true>}
// CHECK-LABEL: func.func @pools
// CHECK:         %[[S:.*]] = qnn.conv2d
// CHECK:         %[[B:.*]] = qnn.threshold %[[S]]
// CHECK-NEXT:    qnn.max_pool2d %[[B]] {{.*}} : (tensor<1x2x2x1x!qnn.binary>) -> tensor<1x1x1x1x!qnn.binary>
// CHECK:         %[[S:.*]] = qnn.conv2d
// CHECK-NEXT:    %[[P:.*]] = qnn.max_pool2d %[[S]] {{.*}} : (tensor<1x2x2x1xi32>) -> tensor<1x1x1x1xi32>
// CHECK:         qnn.threshold %[[P]], %{{.*}} {falling = array<i1: true>}
!w2 = !quant.uniform<i2:f32, 1.0>
func.func @falling(%x: tensor<1x4x!qnn.binary>) -> tensor<1x1x!qnn.binary> {
  %w = qnn.constant dense<-86> : tensor<1xi8> : tensor<1x4x!w2>
  %minus = qnn.constant dense<-1.0> : tensor<f32> : tensor<f32>
  %0 = qnn.dense %x, %w : (tensor<1x4x!qnn.binary>, tensor<1x4x!w2>) -> tensor<1x1xf32>
  %1 = qnn.mul %0, %minus : (tensor<1x1xf32>, tensor<f32>) -> tensor<1x1xf32>
  %2 = qnn.quantize %1 : (tensor<1x1xf32>) -> tensor<1x1x!qnn.binary>
  return %2 : tensor<1x1x!qnn.binary>
}
func.func @pools(%x: tensor<1x2x2x1x!qnn.binary>) -> (tensor<1x1x1x1x!qnn.binary>, tensor<1x1x1x1x!qnn.binary>) {
  %w = qnn.constant dense<1> : tensor<1xi8> : tensor<1x1x1x1x!qnn.binary>
  %minus = qnn.constant dense<-1.0> : tensor<f32> : tensor<f32>
  %0 = qnn.conv2d %x, %w : (tensor<1x2x2x1x!qnn.binary>, tensor<1x1x1x1x!qnn.binary>) -> tensor<1x2x2x1xf32>
  %1 = qnn.max_pool2d %0 {kernel = array<i64: 2, 2>} : (tensor<1x2x2x1xf32>) -> tensor<1x1x1x1xf32>
  %2 = qnn.quantize %1 : (tensor<1x1x1x1xf32>) -> tensor<1x1x1x1x!qnn.binary>
  %3 = qnn.conv2d %x, %w : (tensor<1x2x2x1x!qnn.binary>, tensor<1x1x1x1x!qnn.binary>) -> tensor<1x2x2x1xf32>
  %4 = qnn.max_pool2d %3 {kernel = array<i64: 2, 2>} : (tensor<1x2x2x1xf32>) -> tensor<1x1x1x1xf32>
  %5 = qnn.mul %4, %minus : (tensor<1x1x1x1xf32>, tensor<f32>) -> tensor<1x1x1x1xf32>
  %6 = qnn.quantize %5 : (tensor<1x1x1x1xf32>) -> tensor<1x1x1x1x!qnn.binary>
  return %2, %6 : tensor<1x1x1x1x!qnn.binary>, tensor<1x1x1x1x!qnn.binary>
}

// -----

// A pool before a batch norm that falls in channel 1: the opposite of its bit, sum >= 0 + 1, is pooled, and the weights that read it are
// negated, behind a reshape, too.
// CHECK-LABEL: func.func @opposite
// CHECK:         %[[S:.*]] = qnn.conv2d
// CHECK:         %[[B:.*]] = qnn.threshold %[[S]], %{{.*}} -> tensor<1x2x4x2x!qnn.binary>
// CHECK-NEXT:    %[[P:.*]] = qnn.max_pool2d %[[B]]
// CHECK-NEXT:    %[[R:.*]] = qnn.reshape %[[P]]
// CHECK-NEXT:    qnn.dense %[[R]]
// CHECK:         constant: "0x080000000A"
// CHECK:         sums.thresholds: "0x080000000000000001000000"
func.func @opposite(%x: tensor<1x2x4x2x!qnn.binary>) -> tensor<1x1xi32> {
  %w = qnn.constant dense<9> : tensor<1xi8> : tensor<2x1x1x2x!qnn.binary>
  %v = qnn.constant dense<0> : tensor<1xi8> : tensor<1x4x!qnn.binary>
  %factors = qnn.constant dense<[1.0, -1.0]> : tensor<2xf32> : tensor<2xf32>
  %0 = qnn.conv2d %x, %w : (tensor<1x2x4x2x!qnn.binary>, tensor<2x1x1x2x!qnn.binary>) -> tensor<1x2x4x2xf32>
  %1 = qnn.max_pool2d %0 {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x2x4x2xf32>) -> tensor<1x1x2x2xf32>
  %2 = qnn.mul %1, %factors : (tensor<1x1x2x2xf32>, tensor<2xf32>) -> tensor<1x1x2x2xf32>
  %3 = qnn.quantize %2 : (tensor<1x1x2x2xf32>) -> tensor<1x1x2x2x!qnn.binary>
  %4 = qnn.reshape %3 : (tensor<1x1x2x2x!qnn.binary>) -> tensor<1x4x!qnn.binary>
  %5 = qnn.dense %4, %v : (tensor<1x4x!qnn.binary>, tensor<1x4x!qnn.binary>) -> tensor<1x1xi32>
  return %5 : tensor<1x1xi32>
}

// -----

// What stays: sums of floats, a tensor that something else sees, a function that may go up and down, a batch norm of NaN, another
// layout of channels, sums that may not fit 32 bits, more than 4 bits, 4 bits that one rescaling gives.
// CHECK-LABEL: func.func @stays
// CHECK-NOT:     qnn.threshold
!u4 = !quant.uniform<u4:f32, 2.0>
!u5 = !quant.uniform<u5:f32, 2.0>
!b = !qnn.binary
func.func @stays(%f: tensor<1x2xf32>, %x: tensor<1x2x!b>, %i: tensor<1x65536xi16>) -> (tensor<1x2x!b>, tensor<1x2x!b>, tensor<1x2xf32>, tensor<1x2x!b>, tensor<1x2x!b>,
    tensor<2x!b>, tensor<1x2x!b>, tensor<1x2x!u5>, tensor<1x2x!u4>) {
  %wf = qnn.constant dense<1.0> : tensor<2x2xf32> : tensor<2x2xf32>
  %w = qnn.constant dense<6> : tensor<1xi8> : tensor<2x2x!b>
  %0 = qnn.dense %f, %wf : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %r0 = qnn.quantize %0 : (tensor<1x2xf32>) -> tensor<1x2x!b>
  %1 = qnn.dense %x, %w : (tensor<1x2x!b>, tensor<2x2x!b>) -> tensor<1x2xf32>
  %r1 = qnn.quantize %1 : (tensor<1x2xf32>) -> tensor<1x2x!b>
  %2 = qnn.dense %x, %w : (tensor<1x2x!b>, tensor<2x2x!b>) -> tensor<1x2xf32>
  %n2 = qnn.mul %2, %2 : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  %r2 = qnn.quantize %n2 : (tensor<1x2xf32>) -> tensor<1x2x!b>
  %one = qnn.constant dense<1.0> : tensor<2xf32> : tensor<2xf32>
  %negative = qnn.constant dense<-1.0> : tensor<2xf32> : tensor<2xf32>
  %3 = qnn.dense %x, %w : (tensor<1x2x!b>, tensor<2x2x!b>) -> tensor<1x2xf32>
  %n3 = qnn.batch_norm %3, %one, %one, %one, %negative {epsilon = 0.0} : (tensor<1x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %r3 = qnn.quantize %n3 : (tensor<1x2xf32>) -> tensor<1x2x!b>
  %4 = qnn.dense %x, %w : (tensor<1x2x!b>, tensor<2x2x!b>) -> tensor<1x2xf32>
  %n4 = qnn.reshape %4 : (tensor<1x2xf32>) -> tensor<2xf32>
  %r4 = qnn.quantize %n4 : (tensor<2xf32>) -> tensor<2x!b>
  %w5 = qnn.constant dense<32767> : tensor<2x65536xi16> : tensor<2x65536xi16>
  %5 = qnn.dense %i, %w5 : (tensor<1x65536xi16>, tensor<2x65536xi16>) -> tensor<1x2xf32>
  %r5 = qnn.quantize %5 : (tensor<1x2xf32>) -> tensor<1x2x!b>
  %6 = qnn.dense %x, %w : (tensor<1x2x!b>, tensor<2x2x!b>) -> tensor<1x2xf32>
  %r6 = qnn.quantize %6 : (tensor<1x2xf32>) -> tensor<1x2x!u5>
  %r7 = qnn.dense %x, %w : (tensor<1x2x!b>, tensor<2x2x!b>) -> tensor<1x2x!u4>
  return %r0, %r1, %1, %r2, %r3, %r4, %r5, %r6, %r7 : tensor<1x2x!b>, tensor<1x2x!b>, tensor<1x2xf32>, tensor<1x2x!b>, tensor<1x2x!b>, tensor<2x!b>, tensor<1x2x!b>,
    tensor<1x2x!u5>, tensor<1x2x!u4>
}

// -----

// A PReLU with a slope for each channel, as a difference of two functions of the sum, and as a choice between products: sums are -2, 0 or 2,
// and 0.1 x >= -0.1 and x >= 0.5 are x >= -1 and x >= 1. A slope of 0 is one that falls nowhere.
// CHECK-LABEL: func.func @prelu
// CHECK-NOT:     qnn.relu
// CHECK-NOT:     qnn.select
// CHECK:         %[[S0:.*]] = qnn.dense %{{.*}} -> tensor<1x2xi32>
// CHECK:         %[[Y0:.*]] = qnn.threshold %[[S0]]
// CHECK:         %[[S1:.*]] = qnn.dense %{{.*}} -> tensor<1x2xi32>
// CHECK:         %[[Y1:.*]] = qnn.threshold %[[S1]]
// CHECK:         return %[[Y0]], %[[Y1]]
// CHECK:         w.thresholds: "0x08000000FFFFFFFF01000000"
func.func @prelu(%x: tensor<1x2x!qnn.binary>) -> (tensor<1x2x!qnn.binary>, tensor<1x2x!qnn.binary>) {
  %w = qnn.constant dense<15> : tensor<1xi8> {name = "w"} : tensor<2x2x!qnn.binary>
  %minus = qnn.constant dense<-1.0> : tensor<f32> : tensor<f32>
  %zero = qnn.constant dense<0.0> : tensor<f32> : tensor<f32>
  %slope = qnn.constant dense<[0.1, 0.0]> : tensor<2xf32> : tensor<2xf32>
  %shift = qnn.constant dense<[0.1, -0.5]> : tensor<2xf32> : tensor<2xf32>
  %0 = qnn.dense %x, %w : (tensor<1x2x!qnn.binary>, tensor<2x2x!qnn.binary>) -> tensor<1x2xf32>
  %1 = qnn.relu %0 : (tensor<1x2xf32>) -> tensor<1x2xf32>
  %2 = qnn.mul %0, %minus : (tensor<1x2xf32>, tensor<f32>) -> tensor<1x2xf32>
  %3 = qnn.relu %2 : (tensor<1x2xf32>) -> tensor<1x2xf32>
  %4 = qnn.mul %slope, %3 : (tensor<2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  %5 = qnn.sub %1, %4 : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  %6 = qnn.add %5, %shift : (tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %7 = qnn.quantize %6 : (tensor<1x2xf32>) -> tensor<1x2x!qnn.binary>
  %8 = qnn.dense %x, %w : (tensor<1x2x!qnn.binary>, tensor<2x2x!qnn.binary>) -> tensor<1x2xf32>
  %9 = qnn.combine <less> %8, %zero : (tensor<1x2xf32>, tensor<f32>) -> tensor<1x2xf32>
  %10 = qnn.mul %8, %slope : (tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %11 = qnn.select %9, %10, %8 : (tensor<1x2xf32>, tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  %12 = qnn.add %11, %shift : (tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %13 = qnn.quantize %12 : (tensor<1x2xf32>) -> tensor<1x2x!qnn.binary>
  return %7, %13 : tensor<1x2x!qnn.binary>, tensor<1x2x!qnn.binary>
}

// -----

// One slope is negative: what falls and rises again has no threshold. Another reads a part; and a bound is not 0.
// CHECK-LABEL: func.func @no_prelu
// CHECK-NOT:     qnn.threshold
func.func @no_prelu(%x: tensor<1x2x!qnn.binary>) -> (tensor<1x2x!qnn.binary>, tensor<1x2x!qnn.binary>, tensor<1x2xf32>, tensor<1x2x!qnn.binary>) {
  %w = qnn.constant dense<15> : tensor<1xi8> {name = "w"} : tensor<2x2x!qnn.binary>
  %minus = qnn.constant dense<-1.0> : tensor<f32> : tensor<f32>
  %half = qnn.constant dense<0.5> : tensor<f32> : tensor<f32>
  %slope = qnn.constant dense<[0.1, -0.1]> : tensor<2xf32> : tensor<2xf32>
  %rising = qnn.constant dense<[0.1, 0.2]> : tensor<2xf32> : tensor<2xf32>
  %0 = qnn.dense %x, %w : (tensor<1x2x!qnn.binary>, tensor<2x2x!qnn.binary>) -> tensor<1x2xf32>
  %1 = qnn.relu %0 : (tensor<1x2xf32>) -> tensor<1x2xf32>
  %2 = qnn.mul %0, %minus : (tensor<1x2xf32>, tensor<f32>) -> tensor<1x2xf32>
  %3 = qnn.relu %2 : (tensor<1x2xf32>) -> tensor<1x2xf32>
  %4 = qnn.mul %slope, %3 : (tensor<2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  %5 = qnn.sub %1, %4 : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  %6 = qnn.quantize %5 : (tensor<1x2xf32>) -> tensor<1x2x!qnn.binary>
  %7 = qnn.dense %x, %w : (tensor<1x2x!qnn.binary>, tensor<2x2x!qnn.binary>) -> tensor<1x2xf32>
  %8 = qnn.relu %7 : (tensor<1x2xf32>) -> tensor<1x2xf32>
  %9 = qnn.mul %7, %rising : (tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %10 = qnn.add %8, %9 : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  %11 = qnn.quantize %10 : (tensor<1x2xf32>) -> tensor<1x2x!qnn.binary>
  %12 = qnn.dense %x, %w : (tensor<1x2x!qnn.binary>, tensor<2x2x!qnn.binary>) -> tensor<1x2xf32>
  %13 = qnn.combine <less> %12, %half : (tensor<1x2xf32>, tensor<f32>) -> tensor<1x2xf32>
  %14 = qnn.mul %12, %rising : (tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %15 = qnn.select %13, %14, %12 : (tensor<1x2xf32>, tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  %16 = qnn.quantize %15 : (tensor<1x2xf32>) -> tensor<1x2x!qnn.binary>
  return %6, %11, %9, %16 : tensor<1x2x!qnn.binary>, tensor<1x2x!qnn.binary>, tensor<1x2xf32>, tensor<1x2x!qnn.binary>
}

// -----

// Codes of a learned basis: the numbers 0, 3, 3 and 6. 1.5 and 4.5, in the middle, are sums of 6 and 18 quarters; of codes for the same number
// one is in use.
// CHECK-LABEL: func.func @basis
// CHECK:         %[[S:.*]] = qnn.dense %{{.*}} -> tensor<1x2xi32>
// CHECK:         qnn.threshold %[[S]]
// CHECK:         w.thresholds: "0x08000000060000001200000012000000"
func.func @basis(%x: tensor<1x8x!quant.uniform<u2:f32, 0.25>>) -> tensor<1x2x!qnn.basis<steps = [3, 3], alpha = [1.0]>> {
  %w = qnn.constant dense<-1> : tensor<2xi8> {name = "w"} : tensor<2x8x!qnn.binary>
  %0 = qnn.dense %x, %w : (tensor<1x8x!quant.uniform<u2:f32, 0.25>>, tensor<2x8x!qnn.binary>) -> tensor<1x2x!qnn.basis<steps = [3, 3], alpha = [1.0]>>
  return %0 : tensor<1x2x!qnn.basis<steps = [3, 3], alpha = [1.0]>>
}
