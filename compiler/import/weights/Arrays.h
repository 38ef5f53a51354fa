// Named arrays, as weight files and sample files hold them.
#ifndef QCC_COMPILER_IMPORT_WEIGHTS_ARRAYS_H
#define QCC_COMPILER_IMPORT_WEIGHTS_ARRAYS_H

#include "mlir/IR/Location.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>
#include <vector>

namespace qcc {

/// A dense array with a name, in the machine-independent form of the files.
struct NamedArray {
  std::string name;
  /// 'f' IEEE float, 'i' two's complement, 'u' unsigned, 'b' bool (bytes 0 and 1).
  char kind = 'f';
  unsigned bytesPerElement = 4;
  llvm::SmallVector<int64_t> shape;
  /// Little endian, row-major (C order); `size() * bytesPerElement` bytes.
  std::vector<char> bytes;

  int64_t size() const;
  bool isFloat32() const { return kind == 'f' && bytesPerElement == 4; }
  /// Element `index` of a float array (f32 or f64).
  double getFloat(int64_t index) const;
  /// Element `index` of an integer or bool array; u64 wraps to negative numbers.
  int64_t getInteger(int64_t index) const;
  /// `f32[64, 3]`, for messages.
  std::string describe() const;
  bool operator==(const NamedArray &) const = default;
};

/// Bytes of an array, or nothing if a dimension is negative or the size does not fit 63 bits.
std::optional<int64_t> checkedByteSize(llvm::ArrayRef<int64_t> shape, unsigned bytesPerElement);

/// Widens an array of 2-byte floats (IEEE half, or bfloat16) to f32; exact.
void widenToFloat32(NamedArray &array, bool isBfloat16);

/// Reads an `.npz`, `.npy` or `.safetensors` file, told apart by the extension. Errors are at the file's
/// location, or at `loc` if the file cannot be opened.
mlir::FailureOr<std::vector<NamedArray>> readArrays(mlir::Location loc, llvm::StringRef path);

} // namespace qcc

#endif // QCC_COMPILER_IMPORT_WEIGHTS_ARRAYS_H
