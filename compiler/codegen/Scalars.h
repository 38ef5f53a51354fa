// Scalar operators of regions as plain arithmetic, so that no target needs a library for them.
#ifndef QCC_COMPILER_CODEGEN_SCALARS_H
#define QCC_COMPILER_CODEGEN_SCALARS_H

#include "compiler/codegen/KernelBuilder.h"

namespace qcc::codegen {

/// The value of `op` (qk.requantize, qk.round_product, qk.round, math.copysign, math.fma, math.exp, math.tanh,
/// math.log) for operands that are scalars, or all vectors of equal length; nothing for other operators.
std::optional<Val> expandScalar(KernelBuilder &k, mlir::Operation *op, llvm::ArrayRef<Val> operands);

/// round(a * b / 2^31), ties upwards, of i32, not both the least number. Scalars or vectors of an even number of lanes.
Val doublingHighMultiply(KernelBuilder &k, Val a, Val b);

/// `qk.requantize` with double rounding.
Val requantizeDouble(KernelBuilder &k, Val x, Val multiplier, Val left, Val shift);

} // namespace qcc::codegen

#endif // QCC_COMPILER_CODEGEN_SCALARS_H
