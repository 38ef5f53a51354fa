// Calibration of tap-wise Winograd F(4x4, 3x3): the shifts that `#qnn.algorithm` has for each tap.
#ifndef QCC_COMPILER_ALGORITHM_FITTAPWISE_H
#define QCC_COMPILER_ALGORITHM_FITTAPWISE_H

#include "compiler/algorithm/ChooseAlgorithm.h"
#include "compiler/quantize/Calibrate.h"
#include "compiler/support/OnStep.h"

namespace qcc::algorithm {

/// Gives the convolutions that rules of `winograd(f4, ...)` name that algorithm, with shifts that fit what the model
/// computes on samples, as it is meanwhile, run by `prepare`; the last rule wins, and `direct` takes back what
/// others give. Where a rule has a tolerance, layers go back to direct until the model is within it, on these samples,
/// with these labels if there are any. `onStep` is called after each fit, and each measurement that ranks layers, with
/// how many there are. A remark for each says how near its results are to those of the direct one. Errors: a rule whose
/// pattern names no convolution that can be computed so, no samples, weights whose sums need more than 32 bits whatever
/// the fraction is.
mlir::LogicalResult fitTapwise(mlir::func::FuncOp model, llvm::ArrayRef<AlgorithmRule> rules, SampleSource &samples,
                               const quantize::PrepareModel &prepare, llvm::ArrayRef<int64_t> labels = {},
                               OnStep onStep = nullptr);

/// A convolution and what becomes of it: clones of it behind it, which nothing reads.
struct ConvolutionVariants {
  qnn::Conv2dOp op;
  /// One for each candidate; null where sums need more than 32 bits whatever the fraction is.
  std::vector<qnn::Conv2dOp> variants;
};

/// Gives each convolution that can be computed by tap-wise F(4x4, 3x3) a clone for each candidate, computed so, with
/// shifts that fit what the model computes on samples. Each is fitted alone, on the inputs that the model gives it. The
/// tiles of a few convolutions at a time are in memory. `onStep` is called after each fit.
/// Errors: no convolution that can, one that has such an algorithm already, no samples.
mlir::FailureOr<std::vector<ConvolutionVariants>>
fitVariants(mlir::func::FuncOp model, llvm::ArrayRef<TapwiseOptions> candidates, SampleSource &samples,
            const quantize::PrepareModel &prepare, OnStep onStep = nullptr);

} // namespace qcc::algorithm

#endif // QCC_COMPILER_ALGORITHM_FITTAPWISE_H
