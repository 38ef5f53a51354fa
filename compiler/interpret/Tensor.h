// A tensor as the interpreter holds it: unpacked.
#ifndef QCC_COMPILER_INTERPRET_TENSOR_H
#define QCC_COMPILER_INTERPRET_TENSOR_H

#include "compiler/support/HostTensor.h"

#include <vector>

namespace qcc::interpret {

/// Row-major elements of a format tensor: `floats` for f32 and bf16, otherwise `codes`, extended by the format's
/// signedness. The other vector is empty.
struct Tensor {
  mlir::RankedTensorType type;
  std::vector<float> floats;
  std::vector<int64_t> codes;

  Tensor() = default;
  /// All elements zero.
  explicit Tensor(mlir::RankedTensorType type);
  explicit Tensor(const HostTensor &host);
  HostTensor pack() const;

  qnn::NumberFormat format() const { return qnn::getFormat(type); }
  bool isFloat() const { return format().isFloat(); }
  llvm::ArrayRef<int64_t> shape() const { return type.getShape(); }
  int64_t size() const { return type.getNumElements(); }
  /// Rounds floats to those that the format has.
  void roundFloats();
  /// The real number that each element stands for.
  std::vector<double> reals() const;
};

/// The channel whose parameters hold for channel `index` of a tensor: 0 if the format is per tensor.
inline int64_t parameterChannel(qnn::NumberFormat format, int64_t index) {
  return format.getChannelAxis() < 0 ? 0 : index;
}

/// `integer(code) - zero` of each element, in 32 bits.
std::vector<int32_t> integersOf(const Tensor &tensor);

} // namespace qcc::interpret

#endif // QCC_COMPILER_INTERPRET_TENSOR_H
