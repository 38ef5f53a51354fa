// A tensor in the compiler's own memory: model inputs, outputs, weights, samples.
#ifndef QCC_COMPILER_SUPPORT_HOSTTENSOR_H
#define QCC_COMPILER_SUPPORT_HOSTTENSOR_H

#include "dialects/qnn/QnnDialect.h"

namespace qcc {

/// Codes of a format tensor, packed as NumberFormat says: exactly the bytes that
/// a compiled model reads and writes.
struct HostTensor {
  mlir::RankedTensorType type;
  std::vector<char> bytes;

  HostTensor() = default;
  /// All bytes zero.
  explicit HostTensor(mlir::RankedTensorType type);
  HostTensor(mlir::RankedTensorType type, llvm::ArrayRef<int64_t> codes);
  /// Each code by its row-major index, in this order: of a large tensor, codes take eight times the bytes of i8.
  HostTensor(mlir::RankedTensorType type, llvm::function_ref<int64_t(int64_t)> codeOf);

  qnn::NumberFormat format() const { return qnn::getFormat(type); }
  int64_t size() const { return type.getNumElements(); }
  /// All codes, extended by the format's signedness (floats: bit patterns).
  std::vector<int64_t> codes() const;
};

/// The channel of an element, by its row-major index; always 0 for a format per tensor.
class ChannelIndex {
public:
  explicit ChannelIndex(mlir::RankedTensorType type);
  int64_t operator()(int64_t element) const { return element / inner % count; }

private:
  int64_t inner = 1, count = 1;
};

/// A tensor whose elements all are the code of `number`.
HostTensor filledTensor(mlir::RankedTensorType type, double number);

/// Adds `key` to the context's resource manager and returns an attribute that refers to it, of the
/// storage type of `type`. The bytes are moved, not copied.
mlir::DenseResourceElementsAttr makeResource(mlir::RankedTensorType type, llvm::StringRef key, std::vector<char> bytes);

/// Frees the bytes of a resource. Attributes that refer to it are of no further use.
void releaseResource(mlir::MLIRContext *context, llvm::StringRef key);

} // namespace qcc

#endif // QCC_COMPILER_SUPPORT_HOSTTENSOR_H
