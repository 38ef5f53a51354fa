// Named arrays, as weight files and sample files hold them.
#ifndef QCC_COMPILER_IMPORT_WEIGHTS_ARRAYS_H
#define QCC_COMPILER_IMPORT_WEIGHTS_ARRAYS_H

#include "mlir/IR/Location.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/MemoryBuffer.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace qcc {

/// A dense array with a name, in the machine-independent form of the files.
struct NamedArray {
  std::string name;
  /// 'f' IEEE float, or bfloat16 of 2 bytes, which arrays that are read never have, 'i' two's complement, 'u' unsigned,
  /// 'b' bool (bytes 0 and 1).
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

/// An array of a file, of which a part is in memory at a time.
class ArrayReader {
public:
  /// Gives the file's bytes from an offset in the array's elements on. Fails with a diagnostic.
  using ReadBytes = std::function<mlir::LogicalResult(uint64_t offset, llvm::MutableArrayRef<char> out)>;
  /// What 2-byte floats of a file, which are f32 in arrays, are.
  enum class Half { None, Ieee, Bfloat };

  /// `form` is the array as it is read, without its bytes.
  ArrayReader(NamedArray form, Half half, ReadBytes readBytes)
      : form(std::move(form)), half(half), readBytes(std::move(readBytes)) {}
  /// An array that is in memory.
  explicit ArrayReader(NamedArray array);

  /// The array without its bytes.
  const NamedArray &getForm() const { return form; }
  /// `count` elements of the first axis from number `first` on. Fails, with a diagnostic, if the file is damaged.
  /// Fastest in ascending order, as files may be compressed.
  mlir::FailureOr<NamedArray> read(int64_t first, int64_t count) const;
  mlir::FailureOr<NamedArray> readAll() const;

private:
  mlir::FailureOr<NamedArray> read(llvm::ArrayRef<int64_t> shape, uint64_t firstElement) const;

  NamedArray form;
  Half half;
  ReadBytes readBytes;
};

/// The bytes of a file, and what keeps them; null for bytes that outlive all readers.
struct FileBytes {
  llvm::StringRef bytes;
  std::shared_ptr<const llvm::MemoryBuffer> owner = nullptr;
  /// Reads them, and keeps their owner.
  ArrayReader::ReadBytes reader() const;
};

/// Opens an `.npz`, `.npy` or `.safetensors` file, told apart by the extension. Errors, also later ones, are at the
/// file's location, or at `loc` if the file cannot be opened.
mlir::FailureOr<std::vector<ArrayReader>> openArrays(mlir::Location loc, llvm::StringRef path);

/// All arrays, whole.
mlir::FailureOr<std::vector<NamedArray>> readAll(llvm::ArrayRef<ArrayReader> readers);

/// Reads an `.npz`, `.npy` or `.safetensors` file, told apart by the extension. Errors are at the file's
/// location, or at `loc` if the file cannot be opened.
mlir::FailureOr<std::vector<NamedArray>> readArrays(mlir::Location loc, llvm::StringRef path);

} // namespace qcc

#endif // QCC_COMPILER_IMPORT_WEIGHTS_ARRAYS_H
