// From a qnn module back to the model language.
#ifndef QCC_COMPILER_FRONTEND_MODELWRITER_H
#define QCC_COMPILER_FRONTEND_MODELWRITER_H

#include "mlir/IR/BuiltinOps.h"

namespace qcc {

/// Writes the one function of a qnn module as `<path>` (a `.qm` file) and its constants as a `.safetensors` file
/// beside it. Reading them back gives the same operators, formats and constant bytes; layers keep the names of
/// their locations, made unique. An error names what the language cannot say; then nothing is written.
mlir::LogicalResult writeModel(mlir::ModuleOp module, llvm::StringRef path);

} // namespace qcc

#endif // QCC_COMPILER_FRONTEND_MODELWRITER_H
