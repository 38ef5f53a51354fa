// qnn-choose-algorithm: rules that are none, and rules that nothing can follow.
// RUN: not %qcc-opt %s --pass-pipeline='builtin.module(func.func(qnn-choose-algorithm{rule=conv=fast}))' 2>&1 | FileCheck %s --check-prefix=NAME
// NAME: error: expects an algorithm like 'conv.*=winograd(f2,exact)', 'conv.*=winograd(f2,exact,small)', 'conv.*=winograd(f4,exact)', 'conv.*=winograd(f4,float)' or 'conv.*=direct', or for qcc quantize 'conv.*=winograd(f4,tapwise,10)', but got 'conv=fast'
// RUN: not %qcc-opt %s --pass-pipeline='builtin.module(func.func(qnn-choose-algorithm{rule=direct}))' 2>&1 | FileCheck %s --check-prefix=PATTERN
// PATTERN: error: expects an algorithm like {{.*}}, but got 'direct'
// RUN: not %qcc-opt %s --pass-pipeline='builtin.module(func.func(qnn-choose-algorithm{rule=*=direct}))' 2>&1 | FileCheck %s --check-prefix=REGEX
// REGEX: error: expects a regular expression, but '*' is none
// RUN: not %qcc-opt %s --pass-pipeline='builtin.module(func.func(qnn-choose-algorithm{rule=b=direct}))' 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: error: no layer's name matches 'b'
// RUN: not %qcc-opt %s --pass-pipeline='builtin.module(func.func(qnn-choose-algorithm{rule=weights=direct}))' 2>&1 | FileCheck %s --check-prefix=CONVOLUTION
// CONVOLUTION: error: no convolution's name matches 'weights'
// RUN: not %qcc-opt %s --pass-pipeline='builtin.module(func.func(qnn-choose-algorithm{rule=conv=winograd(f2,exact)}))' 2>&1 | FileCheck %s --check-prefix=CANNOT
// CANNOT: error: loc("conv"): has no 3x3 filter, which #qnn.algorithm<winograd = F_2_3, exact> needs
// RUN: not %qcc-opt %s --pass-pipeline='builtin.module(func.func(qnn-choose-algorithm{rule=conv=winograd(f4,tapwise,8)}))' 2>&1 | FileCheck %s --check-prefix=TAPWISE
// TAPWISE: error: winograd(f4) for 'conv' changes results and has to be fitted to samples: use qcc quantize --algorithm, and --calibrate

!q = !quant.uniform<i8:f32, 1.0>
func.func @net(%x: tensor<1x4x4x2x!q>) -> tensor<1x4x4x2x!q> {
  %w = qnn.constant dense<1> : tensor<2x1x1x2xi8> : tensor<2x1x1x2x!q> loc("weights")
  %0 = qnn.conv2d %x, %w : (tensor<1x4x4x2x!q>, tensor<2x1x1x2x!q>) -> tensor<1x4x4x2x!q> loc("conv")
  return %0 : tensor<1x4x4x2x!q>
}
