// Reads a model from any of the files that qcc knows.
#ifndef QCC_COMPILER_PIPELINE_LOADMODEL_H
#define QCC_COMPILER_PIPELINE_LOADMODEL_H

#include "compiler/import/tflite/ImportTflite.h"
#include "compiler/pipeline/Model.h"

#include <optional>

namespace qcc {

struct LoadOptions {
  /// Whose rounding an imported model has. A `.mlir` file states the rounding of each operator itself.
  std::optional<RoundingProfile> rounding;
  /// Which of the schemes of a `.qm` file is applied; if empty, the only one.
  std::string scheme;
  /// Name of the function and prefix of C names; if empty, the file's own.
  std::string modelName;
};

/// Reads the model at `path`, by its extension `.qm`, `.tflite` or `.mlir`. The module has one public function,
/// whose arguments and results have names. Null after one diagnostic.
mlir::OwningOpRef<mlir::ModuleOp> loadModel(mlir::MLIRContext &context, llvm::StringRef path,
                                            const LoadOptions &options);

} // namespace qcc

#endif // QCC_COMPILER_PIPELINE_LOADMODEL_H
