// NumPy's .npz (a zip of .npy files) and single .npy files.
#ifndef QCC_COMPILER_IMPORT_WEIGHTS_NPZ_H
#define QCC_COMPILER_IMPORT_WEIGHTS_NPZ_H

#include "compiler/import/weights/Arrays.h"

namespace qcc {

/// Reads all arrays of an `.npz` file (stored or deflated, zip64, CRC checked), or the one of an `.npy` file,
/// which is named as the file without its extension. f16 is widened to f32, Fortran order transposed;
/// big-endian, structured, string and complex arrays are refused, and more than 8 GiB of deflated ones. Errors are at
/// the file's location.
mlir::FailureOr<std::vector<NamedArray>> readNpz(mlir::MLIRContext *context, llvm::StringRef path);

/// Opens the same arrays, of which those in Fortran order are read at once. `path` is for messages and the name of a
/// single array.
mlir::FailureOr<std::vector<ArrayReader>> openNpz(mlir::MLIRContext *context, llvm::StringRef path, FileBytes file);

/// The same from memory.
mlir::FailureOr<std::vector<NamedArray>> parseNpz(mlir::MLIRContext *context, llvm::StringRef path,
                                                  llvm::StringRef buffer);

/// Writes arrays in their order, stored uncompressed and without times, so that equal arrays give equal files.
mlir::LogicalResult writeNpz(mlir::MLIRContext *context, llvm::StringRef path, llvm::ArrayRef<NamedArray> arrays);

} // namespace qcc

#endif // QCC_COMPILER_IMPORT_WEIGHTS_NPZ_H
