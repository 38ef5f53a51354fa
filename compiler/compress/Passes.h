// Passes that make a model smaller.
#ifndef QCC_COMPILER_COMPRESS_PASSES_H
#define QCC_COMPILER_COMPRESS_PASSES_H

#include "mlir/Pass/Pass.h"

namespace qcc::compress {

/// `qnn-remove-dead-channels`: channels of integer tensors that hold one code at every position, or that nobody
/// reads, are no longer computed; the constants go into the biases of their readers. The model's results do not change.
/// A remark at each layer that lost channels says how many.
std::unique_ptr<mlir::Pass> createRemoveDeadChannelsPass();

void registerPasses();

} // namespace qcc::compress

#endif // QCC_COMPILER_COMPRESS_PASSES_H
