// Scalar operators of regions as plain arithmetic, so that no target needs a library for them.
#ifndef QCC_COMPILER_CODEGEN_SCALARS_H
#define QCC_COMPILER_CODEGEN_SCALARS_H

#include "compiler/codegen/KernelBuilder.h"

namespace qcc::codegen {

/// The value of `op` (qk.requantize, qk.round, math.exp, math.tanh, math.log) for operands that
/// are scalars, or all vectors of equal length; nothing for other operators.
std::optional<Val> expandScalar(KernelBuilder &k, mlir::Operation *op, llvm::ArrayRef<Val> operands);

} // namespace qcc::codegen

#endif // QCC_COMPILER_CODEGEN_SCALARS_H
