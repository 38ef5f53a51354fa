// Attributes of qk: one case per numbered constraint.
// RUN: %qcc-opt %s -verify-diagnostics -split-input-file

// window_c1
// expected-error @+1 {{expects two numbers as kernel, but got 3}}
func.func private @f() attributes {test.w = #qk.window<batch = 1, input = [4, 4], output = [2, 2], kernel = [3, 3, 3], strides = [2, 2], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [2, 3]>}

// -----

// window_c2
// expected-error @+1 {{expects strides from 1 to 16777216, but got 0}}
func.func private @f() attributes {test.w = #qk.window<batch = 1, input = [4, 4], output = [2, 2], kernel = [3, 3], strides = [2, 0], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [2, 3]>}

// -----

// window_c2
// expected-error @+1 {{expects dilations from 1 to 16777216, but got 16777217}}
func.func private @f() attributes {test.w = #qk.window<batch = 1, input = [4, 4], output = [2, 2], kernel = [3, 3], strides = [2, 2], dilations = [16777217, 1], pads = [1, 1], groups = 1, channels = [2, 3]>}

// -----

// window_c2
// expected-error @+1 {{expects pads from 0 to 16777216, but got -1}}
func.func private @f() attributes {test.w = #qk.window<batch = 1, input = [4, 4], output = [2, 2], kernel = [3, 3], strides = [2, 2], dilations = [1, 1], pads = [-1, 1], groups = 1, channels = [2, 3]>}

// -----

// window_c2
// expected-error @+1 {{expects input from 0 to 2147483648, but got -4}}
func.func private @f() attributes {test.w = #qk.window<batch = 1, input = [-4, 4], output = [2, 2], kernel = [3, 3], strides = [2, 2], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [2, 3]>}

// -----

// window_c2
// expected-error @+1 {{expects batch and groups from 0 to 2147483648, but got -1}}
func.func private @f() attributes {test.w = #qk.window<batch = 1, input = [4, 4], output = [2, 2], kernel = [3, 3], strides = [2, 2], dilations = [1, 1], pads = [1, 1], groups = -1, channels = [2, 3]>}

// -----

// window_c3, whose product has more than 64 bits
// expected-error @+1 {{expects input and output of at most 2147483648 elements}}
func.func private @f() attributes {test.w = #qk.window<batch = 2147483648, input = [2147483648, 2147483648], output = [2, 2], kernel = [3, 3], strides = [2, 2], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [2, 3]>}

// -----

// window_c3
// expected-error @+1 {{expects input and output of at most 2147483648 elements}}
func.func private @f() attributes {test.w = #qk.window<batch = 1, input = [4, 4], output = [65536, 65536], kernel = [3, 3], strides = [2, 2], dilations = [1, 1], pads = [1, 1], groups = 1, channels = [2, 3]>}

// -----

// access_c1
// expected-error @+1 {{expects a number format, but got 'index'}}
func.func private @f() attributes {test.a = #qk.access<format = index, offset = 0, strides = [1]>}

// -----

// access_c2
// expected-error @+1 {{expects an offset and strides of at least 0, but got -1 and [1]}}
func.func private @f() attributes {test.a = #qk.access<format = i8, offset = -1, strides = [1]>}

// -----

// access_c2
// expected-error @+1 {{expects an offset and strides of at least 0, but got 0 and [2, -1]}}
func.func private @f() attributes {test.a = #qk.access<format = i8, offset = 0, strides = [2, -1]>}

// -----

// part_c1
// expected-error @+1 {{expects a first channel of at least 0, of 1 to 2147483648, but got -1 of 3}}
func.func private @f() attributes {test.p = #qk.part<first = -1, of = 3>}

// -----

// part_c1
// expected-error @+1 {{expects a first channel of at least 0, of 1 to 2147483648, but got 0 of 0}}
func.func private @f() attributes {test.p = #qk.part<first = 0, of = 0>}

// -----

// schedule_c1
// expected-error @+1 {{expects m and n of at least 1, k, lines, row, rows, channels and tiles of at least 0, but got 0, 1, 0, 0, 0, 0, 0 and 0}}
func.func private @f() attributes {test.s = #qk.schedule<tile = "t", m = 0, n = 1, k = 0>}

// -----

// schedule_c1
// expected-error @+1 {{expects m and n of at least 1, k, lines, row, rows, channels and tiles of at least 0, but got 1, 1, -1, 0, 0, 0, 0 and 0}}
func.func private @f() attributes {test.s = #qk.schedule<tile = "t", m = 1, n = 1, k = -1>}

// -----

// schedule_c1
// expected-error @+1 {{expects m and n of at least 1, k, lines, row, rows, channels and tiles of at least 0, but got 1, 1, 0, -1, 0, 0, 0 and 0}}
func.func private @f() attributes {test.s = #qk.schedule<tile = "t", m = 1, n = 1, k = 0, lines = -1>}

// -----

// schedule_c1
// expected-error @+1 {{but got 1, 1, 0, 0, -4, 0, 0 and 0}}
func.func private @f() attributes {test.s = #qk.schedule<tile = "t", m = 1, n = 1, k = 0, row = -4>}

// -----

// schedule_c1
// expected-error @+1 {{but got 1, 1, 0, 0, 0, 0, -1 and 0}}
func.func private @f() attributes {test.s = #qk.schedule<tile = "t", m = 1, n = 1, k = 0, channels = -1>}

// -----

// schedule_c1
// expected-error @+1 {{but got 1, 1, 0, 0, 0, 0, 0 and -2}}
func.func private @f() attributes {test.s = #qk.schedule<tile = "t", m = 1, n = 1, k = 0, tiles = -2>}

// -----

// schedule_c1
// expected-error @+1 {{expects at least one piece, but got 0}}
func.func private @f() attributes {test.s = #qk.schedule<tile = "t", m = 1, n = 1, k = 0, pieces = 0>}

// -----

// schedule_c2
// expected-error @+1 {{expects tiles that small_weights are transformed for}}
func.func private @f() attributes {test.s = #qk.schedule<tile = "t", m = 1, n = 1, k = 0, small_weights = true>}

// -----

// schedule_c3
// expected-error @+1 {{expects several pieces of_channels, and no tiles, but got 1 and 0}}
func.func private @f() attributes {test.s = #qk.schedule<tile = "t", m = 1, n = 1, k = 0, of_channels = true>}

// -----

// expected-error @+1 {{expects several pieces of_channels, and no tiles, but got 2 and 4}}
func.func private @f() attributes {test.s = #qk.schedule<tile = "t", m = 1, n = 1, k = 0, tiles = 4, pieces = 2, of_channels = true>}

// -----

// stage_c1
// expected-error @+1 {{expects height, rows and stride from 1 to 16777216, but got 0}}
func.func private @f() attributes {test.s = #qk.stage<height = 4, rows = 2, stride = 0, pad = 0, pad_code = 0>}

// -----

// stage_c1
// expected-error @+1 {{expects a pad from 0 to 16777216, but got -1}}
func.func private @f() attributes {test.s = #qk.stage<height = 4, rows = 2, stride = 1, pad = -1, pad_code = 0>}
