// The qnn dialect, its types, attributes and the NumberFormat interface.
#ifndef QCC_DIALECTS_QNN_QNNDIALECT_H
#define QCC_DIALECTS_QNN_QNNDIALECT_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"

#include "dialects/qnn/QnnDialect.h.inc"
#include "dialects/qnn/QnnEnums.h.inc"

namespace qcc {

/// The sizes of a ranked tensor.
inline llvm::ArrayRef<int64_t> shapeOf(mlir::Value tensor) {
  return llvm::cast<mlir::RankedTensorType>(tensor.getType()).getShape();
}

/// `shape` as `[64, 3]`, for messages.
std::string showShape(llvm::ArrayRef<int64_t> shape);

} // namespace qcc

namespace qcc::qnn {

/// The code whose bits stand for the steps that are taken off a number, the largest first, as long as it is no less,
/// and what is left of it: 0 for sums of steps. No step is less than the sum of those before it.
inline std::pair<int64_t, int64_t> codeOfSteps(llvm::ArrayRef<int64_t> steps, int64_t number) {
  int64_t code = 0;
  for (size_t i = steps.size(); i-- > 0;)
    if (number >= steps[i]) {
      code |= int64_t(1) << i;
      number -= steps[i];
    }
  return {code, number};
}

/// The integer that a code stands for: `slope * code + offset` for the code
/// extended by its signedness, or `table[code]` where a table is given, or, where there are
/// steps, `offset` and `steps[i]` for each bit `i` that is 1. No step is less than the sum of
/// those before it.
struct IntegerDecode {
  int64_t slope = 1;
  int64_t offset = 0;
  std::vector<int64_t> table = {};
  llvm::SmallVector<int64_t, 4> steps = {};

  bool isLinear() const { return table.empty() && steps.empty(); }
  int64_t operator()(int64_t code) const {
    if (isLinear())
      return slope * code + offset;
    if (!table.empty())
      return table[code];
    int64_t sum = offset;
    for (auto [i, step] : llvm::enumerate(steps))
      sum += code >> i & 1 ? step : 0;
    return sum;
  }
  /// The code of an integer that has one; not of a table.
  int64_t invert(int64_t integer) const {
    return steps.empty() ? (integer - offset) / slope : codeOfSteps(steps, integer - offset).first;
  }
};

/// The first and the last of all codes of so many bits: numbers in two's complement, or from 0 on. Narrow ones leave
/// out the lowest if they are signed, so that they lie around 0, and else the highest, as QONNX has them. Of 64 bits
/// without a sign, those that an int64_t can hold.
inline std::pair<int64_t, int64_t> allCodes(unsigned bits, bool isSigned, bool isNarrow = false) {
  if (isSigned)
    return {llvm::minIntN(bits) + isNarrow, llvm::maxIntN(bits)};
  return {0, static_cast<int64_t>(llvm::maxUIntN(std::min(bits, 63u))) - isNarrow};
}

/// Prints numbers so that reading them gives the same bits.
void printExactNumbers(mlir::AsmPrinter &printer, mlir::DenseF64ArrayAttr numbers);

/// The most elements that a tensor may have.
inline constexpr int64_t maxElements = int64_t(1) << 31;

/// True for a ranked tensor of static shape with at most `maxElements` elements whose element type is a
/// NumberFormat of at most 64 bits.
bool isFormatTensor(mlir::Type type);

} // namespace qcc::qnn

#include "dialects/qnn/QnnInterfaces.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/qnn/QnnAttrs.h.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/qnn/QnnTypes.h.inc"

namespace qcc::qnn {

/// A format of magnitudes (binary, ternary, a code book) with one for each index of `axis`, all else as in `format`;
/// null for other formats.
mlir::Type withAlpha(mlir::Type format, int64_t axis, llvm::ArrayRef<double> alpha);

/// The NumberFormat of a tensor's element type.
NumberFormat getFormat(mlir::Type tensorType);
inline NumberFormat getFormat(mlir::Value value) { return getFormat(value.getType()); }

inline bool isWinograd(std::optional<AlgorithmAttr> algorithm) { return algorithm && algorithm->isWinograd(); }
/// True if the algorithm is a meaning of its own.
inline bool isTapwise(std::optional<AlgorithmAttr> algorithm) { return algorithm && algorithm->isTapwise(); }

/// The builtin tensor type that holds the packed codes of a constant: the shape
/// itself for elements of 8, 16, 32 or 64 bits, otherwise a vector of bytes.
mlir::RankedTensorType getStorageType(mlir::RankedTensorType type);

/// Checks that the value of a constant is dense, or a resource that is present and has exactly its type's bytes;
/// diagnoses at `op`.
mlir::LogicalResult verifyBytes(mlir::Operation *op, mlir::ElementsAttr value);

/// The bytes of a dense or dense_resource value; of a splat, those of one element.
mlir::ArrayRef<char> rawBytes(mlir::ElementsAttr value);

/// Registers qnn, quant and the models that give builtin and quant types the
/// NumberFormat interface.
void registerDialects(mlir::DialectRegistry &registry);

} // namespace qcc::qnn

#endif // QCC_DIALECTS_QNN_QNNDIALECT_H
