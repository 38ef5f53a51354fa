// State, the attribute qnn.state of arguments and results: one case per numbered constraint.
// RUN: %qcc-opt %s -verify-diagnostics -split-input-file

// state_c1
// expected-error @+1 {{expects a finite f64 as qnn.state of argument 0, the first value of its elements, but got unit}}
func.func @f(%s: tensor<2xf32> {qnn.state}) -> (tensor<2xf32> {qnn.state}) {
  return %s : tensor<2xf32>
}

// -----

// state_c1
// expected-error @+1 {{expects a finite f64 as qnn.state of argument 0, the first value of its elements, but got 0x7FF0000000000000 : f64}}
func.func @f(%s: tensor<2xf32> {qnn.state = 0x7FF0000000000000 : f64}) -> (tensor<2xf32> {qnn.state}) {
  return %s : tensor<2xf32>
}

// -----

// state_c1, of a result
// expected-error @+1 {{expects a unit attribute as qnn.state of result 0, but got 1.000000e+00 : f64}}
func.func @f(%s: tensor<2xf32> {qnn.state = 0.0 : f64}) -> (tensor<2xf32> {qnn.state = 1.0 : f64}) {
  return %s : tensor<2xf32>
}

// -----

// state_c2
// expected-error @+1 {{expects state after all that is none, but argument 0 has qnn.state and argument 1 has not}}
func.func @f(%s: tensor<2xf32> {qnn.state = 0.0 : f64}, %x: tensor<2xf32>) -> (tensor<2xf32> {qnn.state}) {
  return %s : tensor<2xf32>
}

// -----

// state_c2, of results
// expected-error @+1 {{expects state after all that is none, but result 0 has qnn.state and result 1 has not}}
func.func @f(%x: tensor<2xf32>, %s: tensor<2xf32>) -> (tensor<2xf32> {qnn.state}, tensor<2xf32>) {
  return %s, %x : tensor<2xf32>, tensor<2xf32>
}

// -----

// state_c3
// expected-error @+1 {{expects a result with qnn.state for the state of argument 1, as far from the end, but there is none}}
func.func @f(%x: tensor<2xf32>, %s: tensor<2xf32> {qnn.state = 0.0 : f64}) -> tensor<2xf32> {
  return %s : tensor<2xf32>
}

// -----

// state_c3, without an argument
// expected-error @+1 {{expects an argument with qnn.state for the state of result 1, as far from the end, but there is none}}
func.func @f(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32> {qnn.state}) {
  return %x, %x : tensor<2xf32>, tensor<2xf32>
}

// -----

// state_c3, types
// expected-error @+1 {{expects state of one type, but argument 1 has 'tensor<2xf32>' and result 0 has 'tensor<3xf32>'}}
func.func @f(%x: tensor<3xf32>, %s: tensor<2xf32> {qnn.state = 0.0 : f64}) -> (tensor<3xf32> {qnn.state}) {
  return %x : tensor<3xf32>
}
