// Operators that move elements: one case per numbered constraint.
// RUN: %qcc-opt %s -verify-diagnostics -split-input-file

// reshape_c1
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x3x!q>) {
  // expected-error @+1 {{expects 6 elements as in the input, but the result [7] has 7}}
  %0 = qnn.reshape %x : (tensor<2x3x!q>) -> tensor<7x!q>
  return
}

// -----

// reshape_c2
!q = !quant.uniform<i8:f32, 1.0>
!r = !quant.uniform<i8:f32, 2.0>
func.func @f(%x: tensor<2x3x!q>) {
  // expected-error @+1 {{expects equal element types}}
  %0 = qnn.reshape %x : (tensor<2x3x!q>) -> tensor<6x!r>
  return
}

// -----

// reshape_c2, channels
!w = !quant.uniform<i8:f32:0, {1.0, 2.0}>
func.func @f(%x: tensor<2x3x!w>) {
  // expected-error @+1 {{expects a format per tensor}}
  %0 = qnn.reshape %x : (tensor<2x3x!w>) -> tensor<2x1x3x!w>
  return
}

// -----

// transpose_c1, count
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x3x!q>) {
  // expected-error @+1 {{expects a permutation of the 2 dimensions, but got [0]}}
  %0 = qnn.transpose %x {permutation = array<i64: 0>} : (tensor<2x3x!q>) -> tensor<2x3x!q>
  return
}

// -----

// transpose_c1, twice
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x3x!q>) {
  // expected-error @+1 {{expects a permutation of the 2 dimensions, but got [1, 1]}}
  %0 = qnn.transpose %x {permutation = array<i64: 1, 1>} : (tensor<2x3x!q>) -> tensor<3x3x!q>
  return
}

// -----

// transpose_c2
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x3x!q>) {
  // expected-error @+1 {{expects a result of shape [3, 2], but it has [2, 3]}}
  %0 = qnn.transpose %x {permutation = array<i64: 1, 0>} : (tensor<2x3x!q>) -> tensor<2x3x!q>
  return
}

// -----

// transpose_c3
!q = !quant.uniform<i8:f32, 1.0>
!r = !quant.uniform<i8:f32, 2.0>
func.func @f(%x: tensor<2x3x!q>) {
  // expected-error @+1 {{expects equal element types}}
  %0 = qnn.transpose %x {permutation = array<i64: 1, 0>} : (tensor<2x3x!q>) -> tensor<3x2x!r>
  return
}

// -----

// pad_c1, count
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x3x!q>) {
  // expected-error @+1 {{expects 2 entries in low, but got 1}}
  %0 = qnn.pad %x {low = array<i64: 0>, high = array<i64: 0, 0>} : (tensor<2x3x!q>) -> tensor<2x3x!q>
  return
}

// -----

// pad_c1, negative
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x3x!q>) {
  // expected-error @+1 {{expects pads from 0 to 2^31, but dimension 1 has 0 and -1}}
  %0 = qnn.pad %x {low = array<i64: 0, 0>, high = array<i64: 0, -1>} : (tensor<2x3x!q>) -> tensor<2x2x!q>
  return
}

// -----

// pad_c2
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x3x!q>) {
  // expected-error @+1 {{expects a result of shape [3, 5], but it has [3, 3]}}
  %0 = qnn.pad %x {low = array<i64: 1, 0>, high = array<i64: 0, 2>} : (tensor<2x3x!q>) -> tensor<3x3x!q>
  return
}

// -----

// pad_c2, a sum that overflows
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x3x!q>) {
  // expected-error @+1 {{expects pads from 0 to 2^31, but dimension 0 has 9223372036854775807 and 9223372036854775807}}
  %0 = qnn.pad %x {low = array<i64: 9223372036854775807, 0>, high = array<i64: 9223372036854775807, 0>} : (tensor<2x3x!q>) -> tensor<0x3x!q>
  return
}

// -----

// pad_c3
!q = !quant.uniform<i8:f32, 1.0>
!r = !quant.uniform<i8:f32, 2.0>
func.func @f(%x: tensor<2x3x!q>) {
  // expected-error @+1 {{expects equal element types}}
  %0 = qnn.pad %x {low = array<i64: 1, 0>, high = array<i64: 0, 0>} : (tensor<2x3x!q>) -> tensor<3x3x!r>
  return
}

// -----

// slice_c1, count
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x3x!q>) {
  // expected-error @+1 {{expects 2 entries in strides, but got 1}}
  %0 = qnn.slice %x {starts = array<i64: 0, 0>, strides = array<i64: 1>} : (tensor<2x3x!q>) -> tensor<2x3x!q>
  return
}

// -----

// slice_c1, rank of the result
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x3x!q>) {
  // expected-error @+1 {{expects 2 entries in the result's shape, but got 1}}
  %0 = qnn.slice %x {starts = array<i64: 0, 0>, strides = array<i64: 1, 1>} : (tensor<2x3x!q>) -> tensor<3x!q>
  return
}

// -----

// slice_c1, start
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x3x!q>) {
  // expected-error @+1 {{expects a start of at least 0 and a stride of at least 1, but dimension 1 has -1 and 1}}
  %0 = qnn.slice %x {starts = array<i64: 0, -1>, strides = array<i64: 1, 1>} : (tensor<2x3x!q>) -> tensor<2x3x!q>
  return
}

// -----

// slice_c1, stride
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x3x!q>) {
  // expected-error @+1 {{expects a start of at least 0 and a stride of at least 1, but dimension 0 has 0 and 0}}
  %0 = qnn.slice %x {starts = array<i64: 0, 0>, strides = array<i64: 0, 1>} : (tensor<2x3x!q>) -> tensor<2x3x!q>
  return
}

// -----

// slice_c2
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x3x!q>) {
  // expected-error @+1 {{takes 2 elements from 1 with stride 2, but dimension 1 has 3}}
  %0 = qnn.slice %x {starts = array<i64: 0, 1>, strides = array<i64: 1, 2>} : (tensor<2x3x!q>) -> tensor<2x2x!q>
  return
}

// -----

// slice_c2, a huge stride
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x3x!q>) {
  // expected-error @+1 {{takes 2 elements from 1 with stride 9223372036854775807, but dimension 1 has 3}}
  %0 = qnn.slice %x {starts = array<i64: 0, 1>, strides = array<i64: 1, 9223372036854775807>} : (tensor<2x3x!q>) -> tensor<2x2x!q>
  return
}

// -----

// slice_c3
!q = !quant.uniform<i8:f32, 1.0>
!r = !quant.uniform<i8:f32, 2.0>
func.func @f(%x: tensor<2x3x!q>) {
  // expected-error @+1 {{expects equal element types}}
  %0 = qnn.slice %x {starts = array<i64: 0, 0>, strides = array<i64: 1, 1>} : (tensor<2x3x!q>) -> tensor<2x3x!r>
  return
}

// -----

// resize_nearest_c1
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x2x2x3x!q>) {
  // expected-error @+1 {{expects rank 4 with equal batch and channels, but got [1, 2, 2, 3] and [1, 4, 4, 6]}}
  %0 = qnn.resize_nearest %x : (tensor<1x2x2x3x!q>) -> tensor<1x4x4x6x!q>
  return
}

// -----

// resize_nearest_c1, empty input
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x0x2x3x!q>) {
  // expected-error @+1 {{cannot take elements from an empty input [1, 0, 2, 3]}}
  %0 = qnn.resize_nearest %x : (tensor<1x0x2x3x!q>) -> tensor<1x4x4x3x!q>
  return
}

// -----

// resize_nearest_c2
!q = !quant.uniform<i8:f32, 1.0>
!r = !quant.uniform<i8:f32, 2.0>
func.func @f(%x: tensor<1x2x2x3x!q>) {
  // expected-error @+1 {{expects equal element types}}
  %0 = qnn.resize_nearest %x : (tensor<1x2x2x3x!q>) -> tensor<1x4x4x3x!r>
  return
}

// -----

// resize_nearest_c3
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<1x2x2x3x!q>) {
  // expected-error @+1 {{expects at most one of align_corners and half_pixel_centers}}
  %0 = qnn.resize_nearest %x {align_corners, half_pixel_centers} : (tensor<1x2x2x3x!q>) -> tensor<1x4x4x3x!q>
  return
}

// -----

// concat_c1
!q = !quant.uniform<i8:f32, 1.0>
func.func @f() {
  // expected-error @+1 {{expects at least one input}}
  %0 = "qnn.concat"() {axis = 0 : i64} : () -> tensor<2x!q>
  return
}

// -----

// concat_c2
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x!q>) {
  // expected-error @+1 {{expects an axis from 0 to 0, but got 1}}
  %0 = qnn.concat %x, %x {axis = 1} : (tensor<2x!q>, tensor<2x!q>) -> tensor<4x!q>
  return
}

// -----

// concat_c3, shapes
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x3x!q>, %y: tensor<2x4x!q>) {
  // expected-error @+1 {{input 1 has shape [2, 4], which does not fit [4, 3] along axis 0}}
  %0 = qnn.concat %x, %y {axis = 0} : (tensor<2x3x!q>, tensor<2x4x!q>) -> tensor<4x3x!q>
  return
}

// -----

// concat_c3, ranks
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x3x!q>, %y: tensor<3x!q>) {
  // expected-error @+1 {{input 1 has shape [3], which does not fit [3, 3] along axis 0}}
  %0 = qnn.concat %x, %y {axis = 0} : (tensor<2x3x!q>, tensor<3x!q>) -> tensor<3x3x!q>
  return
}

// -----

// concat_c3, sum
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x3x!q>) {
  // expected-error @+1 {{the inputs have 4 elements along axis 0, but [5, 3] has 5}}
  %0 = qnn.concat %x, %x {axis = 0} : (tensor<2x3x!q>, tensor<2x3x!q>) -> tensor<5x3x!q>
  return
}

// -----

// concat_c4
!q = !quant.uniform<i8:f32, 1.0>
!r = !quant.uniform<i8:f32, 2.0>
func.func @f(%x: tensor<2x!q>, %y: tensor<2x!r>) {
  // expected-error @+1 {{expects equal element types}}
  %0 = qnn.concat %x, %y {axis = 0} : (tensor<2x!q>, tensor<2x!r>) -> tensor<4x!q>
  return
}

// -----

// split_c1
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x!q>) {
  // expected-error @+1 {{expects at least one result}}
  "qnn.split"(%x) {axis = 0 : i64} : (tensor<2x!q>) -> ()
  return
}

// -----

// split_c2
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x!q>) {
  // expected-error @+1 {{expects an axis from 0 to 0, but got -1}}
  %0:2 = qnn.split %x {axis = -1} : (tensor<2x!q>) -> (tensor<1x!q>, tensor<1x!q>)
  return
}

// -----

// split_c3, shapes
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x3x!q>) {
  // expected-error @+1 {{result 1 has shape [1, 2], which does not fit [2, 3] along axis 0}}
  %0:2 = qnn.split %x {axis = 0} : (tensor<2x3x!q>) -> (tensor<1x3x!q>, tensor<1x2x!q>)
  return
}

// -----

// split_c3, sum
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x3x!q>) {
  // expected-error @+1 {{the results have 3 elements along axis 0, but [2, 3] has 2}}
  %0:2 = qnn.split %x {axis = 0} : (tensor<2x3x!q>) -> (tensor<1x3x!q>, tensor<2x3x!q>)
  return
}

// -----

// split_c4
!q = !quant.uniform<i8:f32, 1.0>
!r = !quant.uniform<i8:f32, 2.0>
func.func @f(%x: tensor<2x!q>) {
  // expected-error @+1 {{expects equal element types}}
  %0:2 = qnn.split %x {axis = 0} : (tensor<2x!q>) -> (tensor<1x!q>, tensor<1x!r>)
  return
}

// -----

// gather_c1
func.func @f(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{expects an axis from 0 to 1, but got 2}}
  %0 = qnn.gather %x {axis = 2, indices = array<i64: 0>} : (tensor<2x3xf32>) -> tensor<2x1xf32>
  return
}

// -----

// gather_c2
func.func @f(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{expects indices from 0 to 2, but got 3}}
  %0 = qnn.gather %x {axis = 1, indices = array<i64: 0, 3>} : (tensor<2x3xf32>) -> tensor<2x2xf32>
  return
}

// -----

// gather_c3
func.func @f(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{expects a result of shape [2, 2], but it has [2, 3]}}
  %0 = qnn.gather %x {axis = 1, indices = array<i64: 0, 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

// gather_c4
!q = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<2x!q>) {
  // expected-error @+1 {{expects equal element types}}
  %0 = qnn.gather %x {axis = 0, indices = array<i64: 0>} : (tensor<2x!q>) -> tensor<1xf32>
  return
}
