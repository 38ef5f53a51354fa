// Reads a TFLite file into qnn: the same operators, number formats and rounding, with the file's names.
#ifndef QCC_COMPILER_IMPORT_TFLITE_IMPORTTFLITE_H
#define QCC_COMPILER_IMPORT_TFLITE_IMPORTTFLITE_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"

#include <string>

namespace qcc {

/// Whose rounding an imported model has; docs/rounding.md has the table.
enum class RoundingProfile {
  Tflm,   ///< TensorFlow Lite Micro and CMSIS-NN
  Litert, ///< LiteRT's reference kernels
  Single  ///< one rounding everywhere
};

struct ImportOptions {
  RoundingProfile rounding = RoundingProfile::Tflm;
  std::string modelName = {}; ///< name of the function; if empty, the file's, made a C identifier
};

/// Reads the file at `path`: a module with one public function `@<model name>`, whose arguments and results carry
/// the names of the file's tensors as `qnn.name`. The file is not trusted. Null after one diagnostic.
mlir::OwningOpRef<mlir::ModuleOp> importTflite(mlir::MLIRContext &context, llvm::StringRef path,
                                               const ImportOptions &options);

/// The same from a buffer in memory; `path` is for names and diagnostics only.
mlir::OwningOpRef<mlir::ModuleOp> importTfliteBuffer(mlir::MLIRContext &context, llvm::StringRef bytes,
                                                     llvm::StringRef path, const ImportOptions &options);

} // namespace qcc

#endif // QCC_COMPILER_IMPORT_TFLITE_IMPORTTFLITE_H
