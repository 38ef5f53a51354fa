// Scalar operators of regions as plain arithmetic, so that no target needs a library for them.
#ifndef QCC_COMPILER_CODEGEN_SCALARS_H
#define QCC_COMPILER_CODEGEN_SCALARS_H

#include "compiler/codegen/KernelBuilder.h"

namespace qcc::codegen {

/// The value of `op` (qk.requantize, qk.round_product, qk.round, and what `expandElementary` knows) for operands that
/// are scalars, or all vectors of equal length; nothing for other operators.
std::optional<Val> expandScalar(KernelBuilder &k, mlir::Operation *op, llvm::ArrayRef<Val> operands);

/// The same for the functions of the math dialect that `qnn` has: within a few units in the last place, but for
/// `math.powf`, whose relative error grows with the exponent's magnitude, and `math.sin`, whose absolute one does.
std::optional<Val> expandElementary(KernelBuilder &k, mlir::Operation *op, llvm::ArrayRef<Val> operands);

/// f32 of magnitude below 2^31 to i32: nearest, ties away from zero or to even.
Val roundInRange(KernelBuilder &k, Val x, bool tiesToEven = false);

/// round(a * b / 2^31), ties upwards, of i32, not both the least number. Scalars or vectors of an even number of lanes.
Val doublingHighMultiply(KernelBuilder &k, Val a, Val b);

/// `qk.requantize` with double rounding.
Val requantizeDouble(KernelBuilder &k, Val x, Val multiplier, Val left, Val shift);

} // namespace qcc::codegen

#endif // QCC_COMPILER_CODEGEN_SCALARS_H
