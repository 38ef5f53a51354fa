// A contraction with constant weights, as the analysis of channels sees it.
#ifndef QCC_COMPILER_COMPRESS_CONTRACTION_H
#define QCC_COMPILER_COMPRESS_CONTRACTION_H

#include "dialects/qnn/QnnOps.h"

#include <optional>

namespace qcc::compress {

/// The codes of a constant, read where they lie.
class Codes {
public:
  explicit Codes(qnn::ConstantOp constant);
  int64_t operator[](int64_t index) const;

private:
  qnn::NumberFormat format;
  int64_t period; ///< code i is that at i mod period
  bool isByte, isSigned;
  llvm::ArrayRef<char> bytes;
  llvm::SmallVector<char> repeated; ///< the bytes of a period, if they are one byte that repeats
};

/// A convolution, depthwise convolution or dense layer of affine integers whose filter and bias are constants: for each
/// output channel, a sum over kernel taps and a range of input channels. All numbers are 32-bit integers that wrap.
class Contraction {
public:
  /// Nothing if the operator is no contraction of that kind, or has a grouped filter.
  static std::optional<Contraction> get(mlir::Operation *op);

  mlir::Operation *op;
  mlir::Value input, output;
  qnn::ConstantOp filter, bias; ///< the bias may be missing
  int64_t outputs, inputs, taps;
  bool isDepthwise = false;

  /// False for a convolution of several groups: its channels depend on each other by their numbers.
  bool isSeparable() const { return groups == 1; }

  /// The input channels that an output channel has weights for.
  llvm::iota_range<int64_t> inputsOf(int64_t output) const;
  /// Where a weight lies in the filter.
  int64_t weightIndex(int64_t output, int64_t tap, int64_t input) const;
  /// Whether a weight for the input channel that some position of the result uses differs from zero.
  bool reads(int64_t output, int64_t input) const;
  int32_t biasOf(int64_t output) const;
  /// `integer(code) - zero` of a code of the input.
  int32_t inputInteger(int64_t code) const;

  /// What an input channel that holds `integer` everywhere adds to the output channel's sums. Positions of the result
  /// differ in the taps that lie outside the input: one number for each set of taps inside that occurs, in a fixed
  /// order. Nothing if there are too many such sets (or no position at all).
  std::optional<llvm::SmallVector<int32_t>> contributions(int64_t output, int64_t input, int32_t integer) const;
  size_t numCases() const { return cases.size(); }

  /// The codes of the result in channels `outputs[i]` for the sums `sums[i]`, biases included: by the interpreter.
  llvm::SmallVector<int64_t> resultCodes(llvm::ArrayRef<int64_t> outputs, llvm::ArrayRef<int32_t> sums) const;

private:
  Contraction(mlir::Operation *op, mlir::Value input, mlir::Value output, qnn::ConstantOp filter, qnn::ConstantOp bias);
  int32_t weight(int64_t output, int64_t tap, int64_t input) const;
  template <typename Op> void findCases(Op op);

  Codes weights;
  llvm::SmallVector<int64_t> zeros; ///< of the filter: one, or one per output channel
  int64_t depth, groups = 1;
  std::vector<std::vector<bool>> cases; ///< each: which taps lie inside
  std::vector<bool> reachable;          ///< taps that lie inside somewhere
};

} // namespace qcc::compress

#endif // QCC_COMPILER_COMPRESS_CONTRACTION_H
