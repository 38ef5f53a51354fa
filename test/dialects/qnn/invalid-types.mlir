// Types: parameters that mean nothing.
// RUN: %qcc-opt %s -verify-diagnostics -split-input-file

// expected-error @+1 {{expects alpha with one value per index of axis 0}}
func.func private @f(tensor<2x!qnn.binary<axis = 0>>)

// -----

// expected-error @+1 {{expects one alpha without an axis, but got 2}}
func.func private @f(tensor<2x!qnn.binary<alpha = [1.0, 2.0]>>)

// -----

// expected-error @+1 {{expects finite positive alpha, but got 0}}
func.func private @f(tensor<2x!qnn.binary<alpha = [0.0]>>)

// -----

// expected-error @+1 {{expects finite positive alpha, but got -1}}
func.func private @f(tensor<2x!qnn.binary<alpha = [-1.0]>>)

// -----

// expected-error @+1 {{expects an axis of at least 0, or none, but got -2}}
func.func private @f(tensor<2x!qnn.binary<axis = -2, alpha = [1.0]>>)

// -----

// expected-error @+1 {{expects 1 to 16 bits, but got 0}}
func.func private @f(tensor<2x!qnn.grouped<bits = 0, group = 4>>)

// -----

// expected-error @+1 {{expects 1 to 16 bits, but got 17}}
func.func private @f(tensor<2x!qnn.grouped<bits = 17, group = 4>>)

// -----

// expected-error @+1 {{expects a group of at least 1 element, but got 0}}
func.func private @f(tensor<2x!qnn.grouped<bits = 4, group = 0>>)
