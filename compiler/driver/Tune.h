// `qcc compile --tune`: which of the blocks that the cost model thinks best are fastest.
#ifndef QCC_COMPILER_DRIVER_TUNE_H
#define QCC_COMPILER_DRIVER_TUNE_H

#include "compiler/driver/Driver.h"

namespace qcc::driver {

/// Measures the best candidates of each contraction of a model that the tuning file `path` does not have yet, and adds
/// them to it; the file may not exist. Of a target that runs in an emulator, what is measured are instructions. For
/// several targets, those that this machine can run are measured, and at least one has to be.
mlir::LogicalResult tuneModel(Session &session, mlir::ModuleOp module, const CompileOptions &options,
                              llvm::StringRef path);

} // namespace qcc::driver

#endif // QCC_COMPILER_DRIVER_TUNE_H
