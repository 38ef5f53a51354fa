// Reads an ONNX file into qnn: the same real numbers, with the file's names.
#ifndef QCC_COMPILER_IMPORT_ONNX_IMPORTONNX_H
#define QCC_COMPILER_IMPORT_ONNX_IMPORTONNX_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"

namespace qcc {

/// Reads the file at `path`: a module with one public function (`modelName`, or the file's name as a C identifier if
/// that is empty), whose arguments and results carry the names of the file's tensors as `qnn.name`. The file is not
/// trusted; external data is read only from its folder. Null after one diagnostic.
mlir::OwningOpRef<mlir::ModuleOp> importOnnx(mlir::MLIRContext &context, llvm::StringRef path,
                                             llvm::StringRef modelName);

/// The same from a buffer in memory; `path` is for names, diagnostics, and the folder of external data.
mlir::OwningOpRef<mlir::ModuleOp> importOnnxBuffer(mlir::MLIRContext &context, llvm::StringRef bytes,
                                                   llvm::StringRef path, llvm::StringRef modelName);

} // namespace qcc

#endif // QCC_COMPILER_IMPORT_ONNX_IMPORTONNX_H
