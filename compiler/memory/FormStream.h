// Chains of kernels as one kernel that goes over them row by row.
#ifndef QCC_COMPILER_MEMORY_FORMSTREAM_H
#define QCC_COMPILER_MEMORY_FORMSTREAM_H

#include "compiler/target/Target.h"
#include "dialects/qk/QkOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace qcc::memory {

/// Kernels of which each reads only what the one before it writes, and nobody else reads that.
using Chain = std::vector<qk::WindowKernel>;

/// The longest chains that a stream can compute.
std::vector<Chain> findChains(mlir::func::FuncOp model);

/// Of how a stage's contraction is computed.
enum class RowSchedule { Smallest, Fastest };

/// Replaces neighbours in a chain by a stream whose stages compute so many rows together.
qk::StreamOp formStream(llvm::ArrayRef<qk::WindowKernel> chain, llvm::ArrayRef<int64_t> rowsTogether,
                        RowSchedule schedule, const target::Machine &machine);

/// Replaces layers of the model by qk.stream, where their inputs, outputs and what lives beside them take more than
/// `target` bytes: in a chain in which each layer reads only what the one before it writes, and nobody else reads
/// that, from the first such layer to the last, and then their neighbours, until what comes in and what goes out
/// is small enough. Links of a chain are contractions and pools. Contractions get the schedules that are fastest for a
/// row, where these have room, and otherwise those that need no memory beside the rows. Returns the bytes of the arena,
/// which may be more than `target`.
mlir::FailureOr<int64_t> formStreams(mlir::func::FuncOp model, int64_t target, const target::Machine &machine);

} // namespace qcc::memory

#endif // QCC_COMPILER_MEMORY_FORMSTREAM_H
