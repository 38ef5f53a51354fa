// The safetensors format: a 64-bit header length, a JSON header, the tensors' bytes.
#ifndef QCC_COMPILER_IMPORT_WEIGHTS_SAFETENSORS_H
#define QCC_COMPILER_IMPORT_WEIGHTS_SAFETENSORS_H

#include "compiler/import/weights/Arrays.h"

namespace qcc {

/// Reads all tensors in the order of their bytes. F16 and BF16 are widened to f32; the formats below 8 bits and
/// the 8-bit floats are refused. Tensors must cover the data exactly, without gaps or overlaps. Errors are at
/// the file's location.
mlir::FailureOr<std::vector<NamedArray>> readSafetensors(mlir::MLIRContext *context, llvm::StringRef path);

/// Opens the same tensors; `path` is for messages.
mlir::FailureOr<std::vector<ArrayReader>> openSafetensors(mlir::MLIRContext *context, llvm::StringRef path,
                                                          FileBytes file);

/// The same from memory.
mlir::FailureOr<std::vector<NamedArray>> parseSafetensors(mlir::MLIRContext *context, llvm::StringRef path,
                                                          llvm::StringRef buffer);

/// Writes arrays, wide elements first so that all are aligned, else in their order; equal arrays give equal files.
mlir::LogicalResult writeSafetensors(mlir::MLIRContext *context, llvm::StringRef path,
                                     llvm::ArrayRef<NamedArray> arrays);

} // namespace qcc

#endif // QCC_COMPILER_IMPORT_WEIGHTS_SAFETENSORS_H
