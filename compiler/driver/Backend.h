// The ways to run a model on samples.
#ifndef QCC_COMPILER_DRIVER_BACKEND_H
#define QCC_COMPILER_DRIVER_BACKEND_H

#include "compiler/driver/Driver.h"
#include "compiler/driver/Samples.h"

namespace qcc::driver {

/// Adds `--backend=jit|reference`.
void addBackendOption(CLI::App &verb, std::string &backend);

/// The outputs of the reference interpreter. `verb` names the work on a terminal.
mlir::FailureOr<Samples> runReference(mlir::func::FuncOp model, const Samples &samples, llvm::StringRef verb);

} // namespace qcc::driver

#endif // QCC_COMPILER_DRIVER_BACKEND_H
