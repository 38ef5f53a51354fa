// Tile instructions of x86 reach machine code: in the innermost loop a code of each position is repeated in all lanes and
// multiplied by vectors of weights, and no accumulator leaves its register.
// RUN: split-file %s %t
// RUN: %qcc compile %t/int8.mlir --target=x86-64-v4 --mattr=+avx512vnni --emit=asm -o - | FileCheck %t/int8.mlir --implicit-check-not='(%%rsp), %%zmm'
// RUN: %qcc compile %t/float.mlir --target=x86-64-v4 --emit=asm -o - | FileCheck %t/float.mlir --check-prefixes=CHECK,V4
// RUN: %qcc compile %t/float.mlir --target=x86-64-v3 --emit=asm -o - | FileCheck %t/float.mlir --check-prefixes=CHECK,V3
// RUN: %qcc compile %t/depthwise.mlir --target=x86-64-v4 --mattr=+avx512vnni --emit=asm -o - | FileCheck %t/depthwise.mlir --implicit-check-not='vpmovusdb'
// RUN: %qcc compile %t/rest.mlir --target=x86-64-v4 --mattr=+avx512vnni --emit=asm -o - | FileCheck %t/rest.mlir
// RUN: %qcc compile %t/eight.mlir --target=x86-64-v4 --mattr=+avx512vnni --emit=asm -o - | FileCheck %t/eight.mlir --implicit-check-not='vpdpbusd {{.*}}zmm'

//--- eight.mlir
// No lane is empty: eight channels are a vector of 256 bits, if there are such products.
// CHECK-LABEL: net.contract0:
// CHECK-COUNT-9: vpdpbusd {{.*}}, %ymm{{[0-9]+}}
!u = !quant.uniform<u8:f32, 5.0e-02>
!w = !quant.uniform<i8:f32, 1.0e-02>
func.func @net(%x: tensor<1x16x16x3x!u>) -> tensor<1x16x16x8x!u> {
  %w = qnn.constant dense<-128> : tensor<8x3x3x3xi8> : tensor<8x3x3x3x!w>
  %0 = qnn.conv2d %x, %w {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x16x16x3x!u>, tensor<8x3x3x3x!w>) -> tensor<1x16x16x8x!u>
  return %0 : tensor<1x16x16x8x!u>
}

//--- int8.mlir
// CHECK-LABEL: net.contract0:
// CHECK: [[LOOP:\.LBB[0-9_]+]]:{{[[:space:]]+}}v{{movdq|pbroadcastd}}
// CHECK: vpbroadcastd {{.*}}(%{{.*}}), %[[CODES:zmm[0-9]+]]
// CHECK: vpdpbusd %{{zmm[0-9]+}}, %[[CODES]], %{{zmm[0-9]+}}
// CHECK-COUNT-15: vpdpbusd %{{zmm[0-9]+}}, %{{zmm[0-9]+}}, %{{zmm[0-9]+}}
// CHECK: jne [[LOOP]]
// Four sums become one vector of bytes, which packing clamps.
// CHECK: vpackssdw {{.*}}%zmm
// CHECK: vpackuswb {{.*}}%zmm
// CHECK-NOT: vpm{{axsd|ovusdb}}
!u = !quant.uniform<u8:f32, 5.0e-02>
!w = !quant.uniform<i8:f32, 1.0e-02>
func.func @net(%x: tensor<1x16x16x32x!u>) -> tensor<1x16x16x32x!u> {
  %w = qnn.constant dense<-128> : tensor<32x3x3x32xi8> : tensor<32x3x3x32x!w>
  %0 = qnn.conv2d %x, %w {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x16x16x32x!u>, tensor<32x3x3x32x!w>) -> tensor<1x16x16x32x!u>
  return %0 : tensor<1x16x16x32x!u>
}

//--- float.mlir
// CHECK-LABEL: net.contract0:
// V4: [[LOOP:\.LBB[0-9_]+]]:{{[[:space:]]+}}v{{mov|broadcastss}}
// V4-NOT: %rsp
// V4: vfmadd231ps {{.*}}, %zmm{{[0-9]+}}
// V4-NOT: %rsp
// V4: vfmadd231ps {{.*}}, %zmm{{[0-9]+}}
// V4-NOT: %rsp
// V4: jne [[LOOP]]
// V3: [[LOOP:\.LBB[0-9_]+]]:{{[[:space:]]+}}v{{mov|broadcastss}}
// V3-NOT: %rsp
// V3: vfmadd231ps {{.*}}, %ymm{{[0-9]+}}
// V3-NOT: %rsp
// V3: vfmadd231ps {{.*}}, %ymm{{[0-9]+}}
// V3-NOT: %rsp
// V3: jne [[LOOP]]
func.func @net(%x: tensor<1x16x16x64xf32>) -> tensor<1x16x16x64xf32> {
  %w = qnn.constant dense<1.5> : tensor<64x1x1x64xf32> : tensor<64x1x1x64xf32>
  %0 = qnn.conv2d %x, %w : (tensor<1x16x16x64xf32>, tensor<64x1x1x64xf32>) -> tensor<1x16x16x64xf32>
  return %0 : tensor<1x16x16x64xf32>
}

//--- depthwise.mlir
// A column of the window at a time: the codes of its rows are interleaved in registers and multiplied for the three positions
// that see it; the sums of 64 channels become one vector of codes, whose range clamps them.
// CHECK-LABEL: net.contract0:
// CHECK: [[LOOP:\.LBB[0-9_]+]]:{{[[:space:]]+}}v{{movdq|punpck}}
// CHECK: vpunpcklbw {{.*}}%zmm
// CHECK: vpunpckhwd {{.*}}%zmm
// CHECK: vpdpbusd {{.*}}, %zmm{{[0-9]+}}
// CHECK: vpackssdw {{.*}}%zmm
// CHECK-NOT: vpmaxsd
// CHECK: vpackuswb {{.*}}%zmm
// CHECK: jne [[LOOP]]
!u = !quant.uniform<u8:f32, 5.0e-02>
!w = !quant.uniform<i8:f32, 1.0e-02>
func.func @net(%x: tensor<1x16x16x64x!u>) -> tensor<1x16x16x64x!u> {
  %w = qnn.constant dense<-128> : tensor<1x3x3x64xi8> : tensor<1x3x3x64x!w>
  %0 = qnn.depthwise_conv2d %x, %w {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x16x16x64x!u>, tensor<1x3x3x64x!w>) -> tensor<1x16x16x64x!u>
  return %0 : tensor<1x16x16x64x!u>
}

//--- rest.mlir
// Eight channels behind 64 have vectors of 256 bits.
// CHECK-LABEL: net.contract0:
// CHECK: vpdpbusd {{.*}}, %zmm{{[0-9]+}}
// CHECK: vpackuswb {{.*}}%zmm
// CHECK-NOT: vpdpbusd {{.*}}, %zmm{{[0-9]+}}
// CHECK: vpdpbusd {{.*}}, %ymm{{[0-9]+}}
// CHECK: vpackuswb {{.*}}%ymm
!u = !quant.uniform<u8:f32, 5.0e-02>
!w = !quant.uniform<i8:f32, 1.0e-02>
func.func @net(%x: tensor<1x16x16x72x!u>) -> tensor<1x16x16x72x!u> {
  %w = qnn.constant dense<-128> : tensor<1x3x3x72xi8> : tensor<1x3x3x72x!w>
  %0 = qnn.depthwise_conv2d %x, %w {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x16x16x72x!u>, tensor<1x3x3x72x!w>) -> tensor<1x16x16x72x!u>
  return %0 : tensor<1x16x16x72x!u>
}
