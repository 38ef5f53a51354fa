// Between Runner.cpp and the two ways to execute an object.
#ifndef QCC_COMPILER_VERIFY_EXECUTION_H
#define QCC_COMPILER_VERIFY_EXECUTION_H

#include "compiler/verify/Boards.h"
#include "compiler/verify/Runner.h"

namespace qcc {

namespace target {
struct Target;
}

using Samples = llvm::ArrayRef<std::vector<HostTensor>>;
using Outputs = std::vector<std::vector<HostTensor>>;

/// Bytes that a tensor takes in memory.
int64_t packedBytes(mlir::RankedTensorType type);

/// Harness bytes before and after every buffer: a multiple of its alignment.
int64_t guardBytes(const ModelBinary &model);

/// The parts of the arena; an arena in one piece is one.
std::vector<ModelBinary::Memory> memoriesOf(const ModelBinary &model);

/// What went wrong in sample `sample`; the same text for all ways of running.
mlir::LogicalResult statusError(mlir::Location loc, const ModelBinary &model, int64_t sample, int status);
/// `buffer` counts inputs, then outputs, then the parts of the arena, then the state.
mlir::LogicalResult guardError(mlir::Location loc, const ModelBinary &model, int64_t sample, size_t buffer);

/// What code for an x86 target may use, by LLVM's names.
llvm::SmallVector<llvm::StringRef> x86FeaturesOf(const target::Target &target);

mlir::FailureOr<Outputs> runOnHost(mlir::Location loc, const ModelBinary &model, Samples samples,
                                   const RunOptions &options, RunStatistics &statistics);
mlir::FailureOr<Outputs> runEmulated(mlir::Location loc, const Board &board, const ModelBinary &model, Samples samples,
                                     const RunOptions &options, RunStatistics &statistics);

} // namespace qcc

#endif // QCC_COMPILER_VERIFY_EXECUTION_H
