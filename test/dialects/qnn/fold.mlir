// What qnn simplifies by itself, and what it must leave alone.
// RUN: %qcc-opt %s -canonicalize | FileCheck %s

!q = !quant.uniform<i8:f32, 5.0e-02:3>
!r = !quant.uniform<i8:f32, 4.0e-02:3>
!wide = !quant.uniform<i24:f32, 5.0e-02>

// CHECK-LABEL: func @reshape_to_itself
// CHECK-SAME: (%[[X:.*]]: tensor
// CHECK-NEXT: return %[[X]]
func.func @reshape_to_itself(%x: tensor<2x3x!q>) -> tensor<2x3x!q> {
  %0 = qnn.reshape %x : (tensor<2x3x!q>) -> tensor<2x3x!q>
  return %0 : tensor<2x3x!q>
}

// CHECK-LABEL: func @reshape_of_reshape
// CHECK-SAME: (%[[X:.*]]: tensor
// CHECK-NEXT: %[[Y:.*]] = qnn.reshape %[[X]] : (tensor<2x3x{{.*}}>) -> tensor<3x2x
// CHECK-NEXT: return %[[Y]]
func.func @reshape_of_reshape(%x: tensor<2x3x!q>) -> tensor<3x2x!q> {
  %0 = qnn.reshape %x : (tensor<2x3x!q>) -> tensor<6x!q>
  %1 = qnn.reshape %0 : (tensor<6x!q>) -> tensor<3x2x!q>
  return %1 : tensor<3x2x!q>
}

// CHECK-LABEL: func @reshape_there_and_back
// CHECK-SAME: (%[[X:.*]]: tensor
// CHECK-NEXT: return %[[X]]
func.func @reshape_there_and_back(%x: tensor<2x3x!q>) -> tensor<2x3x!q> {
  %0 = qnn.reshape %x : (tensor<2x3x!q>) -> tensor<6x!q>
  %1 = qnn.reshape %0 : (tensor<6x!q>) -> tensor<2x3x!q>
  return %1 : tensor<2x3x!q>
}

// CHECK-LABEL: func @quantize_of_dequantize
// CHECK-SAME: (%[[X:.*]]: tensor
// CHECK-NEXT: return %[[X]]
func.func @quantize_of_dequantize(%x: tensor<4x!q>) -> tensor<4x!q> {
  %0 = qnn.dequantize %x : (tensor<4x!q>) -> tensor<4xf32>
  %1 = qnn.quantize %0 : (tensor<4xf32>) -> tensor<4x!q>
  return %1 : tensor<4x!q>
}

// Another format rounds.
// CHECK-LABEL: func @quantize_to_another_format
// CHECK: qnn.dequantize
// CHECK: qnn.quantize
func.func @quantize_to_another_format(%x: tensor<4x!q>) -> tensor<4x!r> {
  %0 = qnn.dequantize %x : (tensor<4x!q>) -> tensor<4xf32>
  %1 = qnn.quantize %0 : (tensor<4xf32>) -> tensor<4x!r>
  return %1 : tensor<4x!r>
}

// A product of 24-bit codes and a scale does not fit f32.
// CHECK-LABEL: func @quantize_of_wide_codes
// CHECK: qnn.dequantize
// CHECK: qnn.quantize
func.func @quantize_of_wide_codes(%x: tensor<4x!wide>) -> tensor<4x!wide> {
  %0 = qnn.dequantize %x : (tensor<4x!wide>) -> tensor<4xf32>
  %1 = qnn.quantize %0 : (tensor<4xf32>) -> tensor<4x!wide>
  return %1 : tensor<4x!wide>
}

// Dequantizing and quantizing back is lossless, quantizing and dequantizing is not.
// CHECK-LABEL: func @dequantize_of_quantize
// CHECK: qnn.quantize
// CHECK: qnn.dequantize
func.func @dequantize_of_quantize(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = qnn.quantize %x : (tensor<4xf32>) -> tensor<4x!q>
  %1 = qnn.dequantize %0 : (tensor<4x!q>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// Equal constants become one, constants of another format do not; unused operators go.
// CHECK-LABEL: func @constants
// CHECK-COUNT-2: qnn.constant
// CHECK-NOT: qnn.
func.func @constants() -> (tensor<2x!q>, tensor<2x!q>, tensor<2x!r>) {
  %0 = qnn.constant dense<[1, 2]> : tensor<2xi8> : tensor<2x!q>
  %1 = qnn.constant dense<[1, 2]> : tensor<2xi8> : tensor<2x!q>
  %2 = qnn.constant dense<[1, 2]> : tensor<2xi8> : tensor<2x!r>
  %3 = qnn.add %0, %1 : (tensor<2x!q>, tensor<2x!q>) -> tensor<2x!q>
  return %0, %1, %2 : tensor<2x!q>, tensor<2x!q>, tensor<2x!r>
}
