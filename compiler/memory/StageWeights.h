// Copies of weights in a fast memory.
#ifndef QCC_COMPILER_MEMORY_STAGEWEIGHTS_H
#define QCC_COMPILER_MEMORY_STAGEWEIGHTS_H

#include "compiler/memory/Memories.h"
#include "compiler/target/Target.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace qcc::memory {

/// Puts a `qk.fetch` before each contraction that reads its constant weights often enough for a copy to pay, where the
/// first of `memories` has room for them. Where it has none for all weights of a contraction, this becomes several,
/// each with a part of the output's channels and a fetch of the part's weights, if that makes memory accesses cheaper.
/// Says in a remark which do. Leaves a model alone that the memories are too small for.
mlir::LogicalResult stageWeights(mlir::func::FuncOp model, const target::Target &target,
                                 llvm::ArrayRef<Memory> memories);

} // namespace qcc::memory

#endif // QCC_COMPILER_MEMORY_STAGEWEIGHTS_H
