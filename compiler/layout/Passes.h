// Passes that lower qnn to qk.
#ifndef QCC_COMPILER_LAYOUT_PASSES_H
#define QCC_COMPILER_LAYOUT_PASSES_H

#include "mlir/Pass/Pass.h"

namespace qcc::layout {

/// `convert-qnn-to-qk`: each qnn operator becomes kernels on storage; formats leave the types and become
/// attributes, changes of scale become fixed-point multipliers, and functions of one code of at most 8
/// bits become tables.
std::unique_ptr<mlir::Pass> createConvertQnnToQkPass();

void registerPasses();

} // namespace qcc::layout

#endif // QCC_COMPILER_LAYOUT_PASSES_H
