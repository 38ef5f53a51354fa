// One array in NumPy's .npy form: magic, version, a header written as a Python dictionary, the elements.
#ifndef QCC_COMPILER_IMPORT_WEIGHTS_NPY_H
#define QCC_COMPILER_IMPORT_WEIGHTS_NPY_H

#include "compiler/import/weights/Arrays.h"

namespace qcc {

/// True if the bytes begin as an .npy file does.
bool isNpy(llvm::StringRef bytes);

/// Parses .npy bytes (versions 1 to 3) as the array `name`; errors are at `loc`.
mlir::FailureOr<NamedArray> parseNpy(mlir::Location loc, llvm::StringRef name, llvm::StringRef bytes);

/// The bytes that precede the elements in an .npy file; their number is a multiple of 64.
std::string npyHeader(const NamedArray &array);

} // namespace qcc

#endif // QCC_COMPILER_IMPORT_WEIGHTS_NPY_H
