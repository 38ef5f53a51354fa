// The sums of a convolution by tap-wise Winograd F(4x4, 3x3), or F(4, 3) along one axis, as `#qnn.algorithm` defines
// it.
#ifndef QCC_COMPILER_INTERPRET_TAPWISESUMS_H
#define QCC_COMPILER_INTERPRET_TAPWISESUMS_H

#include "compiler/interpret/Tensor.h"
#include "dialects/qnn/QnnOps.h"
#include "dialects/qnn/Winograd.h"

namespace qcc::interpret {

class TapwiseSums {
public:
  /// `filter` are the integers of `op`'s filter, less their zero.
  TapwiseSums(qnn::Conv2dOp op, const std::vector<int32_t> &filter);

  /// Sees the sum of an output channel at an output pixel, before a bias is added.
  using Visit = llvm::function_ref<void(int64_t pixel, int64_t channel, int32_t sum)>;
  /// `input` are the integers of the input, less their zero.
  void forEach(const std::vector<int32_t> &input, Visit visit) const;

private:
  void transformCodes(const std::vector<int32_t> &input, int64_t n, int64_t y, int64_t x, int64_t group,
                      std::vector<int32_t> &codes) const;
  int32_t alignedSum(const std::vector<int32_t> &codes, int64_t channel, int64_t tap) const;

  qnn::AlgorithmAttr algorithm;
  qnn::winograd::Transforms transforms;
  llvm::SmallVector<int64_t> inputShape, outputShape;
  int64_t padTop, padLeft, groups, depth;
  std::vector<int32_t> weights; // [channel][tap][depth]
};

} // namespace qcc::interpret

#endif // QCC_COMPILER_INTERPRET_TAPWISESUMS_H
