// Options of custom operators.
#ifndef QCC_COMPILER_IMPORT_TFLITE_CUSTOMOPTIONS_H
#define QCC_COMPILER_IMPORT_TFLITE_CUSTOMOPTIONS_H

#include "compiler/import/tflite/Importer.h"

namespace qcc::tflite {

/// An integer option and the values that it may have.
struct CustomOption {
  const char *name;
  int64_t least, most;
};

/// Reads options from the flexbuffer map that `op` has for them, in the order of `options`; others in the map are
/// ignored.
mlir::FailureOr<llvm::SmallVector<int64_t>> readCustomOptions(OperatorImport &op, llvm::ArrayRef<CustomOption> options);

} // namespace qcc::tflite

#endif // QCC_COMPILER_IMPORT_TFLITE_CUSTOMOPTIONS_H
