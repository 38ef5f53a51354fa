// Copies of weights in a fast memory.
#ifndef QCC_COMPILER_MEMORY_STAGEWEIGHTS_H
#define QCC_COMPILER_MEMORY_STAGEWEIGHTS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace qcc::memory {

/// Puts a `qk.fetch` before each contraction that reads its constant weights often enough for a copy to pay.
void stageWeights(mlir::func::FuncOp model);

/// The contraction reads its weights where they are again.
void unstageWeights(mlir::Operation *fetch);

} // namespace qcc::memory

#endif // QCC_COMPILER_MEMORY_STAGEWEIGHTS_H
