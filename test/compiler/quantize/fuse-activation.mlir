// qnn-fuse-activation: relu operators become the clamp of the operator before them.
// RUN: %qcc-opt %s --qnn-fuse-activation | FileCheck %s

// CHECK-LABEL: func.func @floats
// CHECK:         %[[Y:.*]] = qnn.add %{{.*}}, %{{.*}} {activation = #qnn.activation<relu6>}
// CHECK-NEXT:    return %[[Y]]
func.func @floats(%x: tensor<2xf32>) -> tensor<2xf32> {
  %y = qnn.add %x, %x : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %z = qnn.relu %y {activation = #qnn.activation<relu6>} : (tensor<2xf32>) -> tensor<2xf32>
  return %z : tensor<2xf32>
}

// A relu without a kind is a relu.
// CHECK-LABEL: func.func @codes_of_one_format
// CHECK:         %[[Y:.*]] = qnn.max_pool2d %{{.*}} {activation = #qnn.activation<relu>,
// CHECK-NEXT:    return %[[Y]]
func.func @codes_of_one_format(%x: tensor<1x2x2x1x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<1x1x1x1x!quant.uniform<i8:f32, 0.5:3>> {
  %y = qnn.max_pool2d %x {kernel = array<i64: 2, 2>} : (tensor<1x2x2x1x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<1x1x1x1x!quant.uniform<i8:f32, 0.5:3>>
  %z = qnn.relu %y : (tensor<1x1x1x1x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<1x1x1x1x!quant.uniform<i8:f32, 0.5:3>>
  return %z : tensor<1x1x1x1x!quant.uniform<i8:f32, 0.5:3>>
}

// The relu changes the format, too: two roundings cannot become one.
// CHECK-LABEL: func.func @codes_of_two_formats
// CHECK:         qnn.relu
func.func @codes_of_two_formats(%x: tensor<2x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<2x!quant.uniform<i8:f32, 0.25>> {
  %y = qnn.add %x, %x : (tensor<2x!quant.uniform<i8:f32, 0.5:3>>, tensor<2x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<2x!quant.uniform<i8:f32, 0.5:3>>
  %z = qnn.relu %y : (tensor<2x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<2x!quant.uniform<i8:f32, 0.25>>
  return %z : tensor<2x!quant.uniform<i8:f32, 0.25>>
}

// A code that has wrapped is no longer ordered.
// CHECK-LABEL: func.func @wrapped
// CHECK:         qnn.relu
func.func @wrapped(%x: tensor<2xi8>) -> tensor<2xi8> {
  %y = qnn.add %x, %x {rescale = #qnn.rescale<overflow = wrap>} : (tensor<2xi8>, tensor<2xi8>) -> tensor<2xi8>
  %z = qnn.relu %y : (tensor<2xi8>) -> tensor<2xi8>
  return %z : tensor<2xi8>
}

// CHECK-LABEL: func.func @seen_elsewhere
// CHECK:         qnn.relu
func.func @seen_elsewhere(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
  %y = qnn.add %x, %x : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %z = qnn.relu %y : (tensor<2xf32>) -> tensor<2xf32>
  return %y, %z : tensor<2xf32>, tensor<2xf32>
}
