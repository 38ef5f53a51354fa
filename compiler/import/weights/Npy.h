// One array in NumPy's .npy form: magic, version, a header written as a Python dictionary, the elements.
#ifndef QCC_COMPILER_IMPORT_WEIGHTS_NPY_H
#define QCC_COMPILER_IMPORT_WEIGHTS_NPY_H

#include "compiler/import/weights/Arrays.h"

namespace qcc {

/// True if the bytes begin as an .npy file does.
bool isNpy(llvm::StringRef bytes);

/// What precedes the elements in an .npy file says so much.
struct NpyForm {
  NamedArray array; ///< as it is stored, without its bytes
  bool isFortranOrder = false;
  uint64_t dataOffset = 0;
};

/// No header is longer.
constexpr uint64_t mostNpyHeaderBytes = 10012;

/// Parses the header of .npy bytes (versions 1 to 3) as the array `name`; `bytes` are the first of `size`, all or at
/// least `mostNpyHeaderBytes`. Errors, also of a size that does not fit the header, are at `loc`.
mlir::FailureOr<NpyForm> parseNpyForm(mlir::Location loc, llvm::StringRef name, llvm::StringRef bytes, uint64_t size);

/// Reorders elements from first-index-fastest to last-index-fastest.
void transposeFromFortran(NamedArray &array);

/// The bytes that precede the elements in an .npy file; their number is a multiple of 64.
std::string npyHeader(const NamedArray &array);

} // namespace qcc

#endif // QCC_COMPILER_IMPORT_WEIGHTS_NPY_H
