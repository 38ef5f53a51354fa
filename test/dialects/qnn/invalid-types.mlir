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

// -----

// expected-error @+1 {{expects a table of 2, 4, 8, ... or 256 integers, but got 3}}
func.func private @f(tensor<2x!qnn.codebook<table = [1, 2, 3]>>)

// -----

// expected-error @+1 {{expects a table of 2, 4, 8, ... or 256 integers, but got 0}}
func.func private @f(tensor<2x!qnn.codebook<table = []>>)

// -----

// expected-error @+1 {{expects a table of 2, 4, 8, ... or 256 integers, but got 1}}
func.func private @f(tensor<2x!qnn.codebook<table = [1]>>)

// -----

// expected-error @+1 {{expects a table of integers from -128 to 127, but got 128}}
func.func private @f(tensor<2x!qnn.codebook<table = [0, 128]>>)

// -----

// expected-error @+1 {{expects a table in rising order, but got -1 behind 0}}
func.func private @f(tensor<2x!qnn.codebook<table = [0, -1]>>)

// -----

// expected-error @+1 {{expects alpha with one value per index of axis 0}}
func.func private @f(tensor<2x!qnn.codebook<table = [0, 1], axis = 0>>)

// -----

// expected-error @+1 {{expects 1 to 8 steps, but got 0}}
func.func private @f(tensor<2x!qnn.basis<steps = []>>)

// -----

// expected-error @+1 {{expects 1 to 8 steps, but got 9}}
func.func private @f(tensor<2x!qnn.basis<steps = [1, 1, 2, 4, 8, 16, 32, 64, 128]>>)

// -----

// expected-error @+1 {{expects steps from 1 to 255, but got 0}}
func.func private @f(tensor<2x!qnn.basis<steps = [0]>>)

// -----

// expected-error @+1 {{expects steps from 1 to 127, but got 128}}
func.func private @f(tensor<2x!qnn.basis<signs = true, steps = [128]>>)

// -----

// expected-error @+1 {{expects no step less than the sum of those before it, but got 4 after 5: a larger code would be a smaller number}}
func.func private @f(tensor<2x!qnn.basis<steps = [2, 3, 4]>>)

// -----

// expected-error @+1 {{expects steps with a sum of at most 255, but got 256}}
func.func private @f(tensor<2x!qnn.basis<steps = [128, 128]>>)

// -----

// expected-error @+1 {{expects finite positive alpha, but got 0}}
func.func private @f(tensor<2x!qnn.codebook<table = [0, 1], alpha = [0.0]>>)

// -----

// expected-error @+1 {{expects finite positive alpha, but got 0}}
func.func private @f(tensor<2x!qnn.basis<steps = [1], alpha = [0.0]>>)

// -----

// expected-error @+1 {{expects alpha with one value per index of axis 0}}
func.func private @f(tensor<2x!qnn.basis<steps = [1], axis = 0>>)
