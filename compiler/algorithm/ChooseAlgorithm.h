// Which convolutions are computed by which algorithm.
#ifndef QCC_COMPILER_ALGORITHM_CHOOSEALGORITHM_H
#define QCC_COMPILER_ALGORITHM_CHOOSEALGORITHM_H

#include "dialects/qnn/QnnOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <string>

namespace qcc::algorithm {

/// How the shifts of F(4x4, 3x3) are found: so that nothing is clamped, or with the least squared error of each tap's
/// codes and weights, or from there on, one shift after the other, with the least squared error of the layer's results;
/// or likewise, for what the layers before give with their own errors, with offsets and weights that make up for each
/// other's errors.
enum class TapwiseFit { Max, Mse, Greedy, Refined };

/// Tap-wise Winograd F(4x4, 3x3), before its shifts are known.
struct TapwiseOptions {
  int64_t bits = 8;
  bool isSingleScale = false; ///< one shift for all taps' codes, one for all weights
  bool isPerChannel = false;  ///< shifts of weights for each output channel
  TapwiseFit fit = TapwiseFit::Greedy;
  qnn::WinogradPoints points = qnn::WinogradPoints::Integer;
  bool hasFactors = false;           ///< codes are multiplied before they are shifted, with reciprocal points
  std::optional<int64_t> leastRatio; ///< of signal to noise, in dB: layers with less stay direct
  std::optional<double> tolerance;   ///< the points, of 100, of right classes that the model may lose
};

/// The algorithm of the convolutions whose whole name matches a POSIX extended regular expression.
struct AlgorithmRule {
  std::string pattern;
  qnn::AlgorithmKind kind;
  std::optional<TapwiseOptions> tapwise; ///< of WinogradF4 of integers
};

/// Reads `regex=winograd(f2,exact)`, `regex=winograd(f4,float)`, `regex=direct`, or `regex=winograd(f4,SCALES,BITS)`
/// where SCALES is `tapwise`, `channelwise` (tap-wise, with weights also per output channel) or `single`, BITS 8 to 10;
/// the fit `,max`, `,mse`, `,greedy` or, with 8 bits, `,refined`, the points `,integer` or `,reciprocal`, the steps
/// `,shifts` or `,factors`, the least ratio of signal to noise `,25dB`, and what may be lost, `,0.5points`, may follow.
/// Points are reciprocal and the fit is refined if 8 bits have their scales by tap and nothing else is said, and
/// reciprocal points have factors unless scales are single or steps are said to be shifts. The expression ends before
/// the first `=`. Errors are reported at `location`.
mlir::FailureOr<AlgorithmRule> parseAlgorithmRule(llvm::StringRef text, mlir::Location location);

/// How rules write an algorithm that is not tap-wise: `winograd(f2,exact)`.
llvm::StringRef ruleNameOf(qnn::AlgorithmKind kind);

/// Why a convolution cannot be computed as a rule says; empty if it can, or if the rule is `direct`.
std::string problemOf(qnn::Conv2dOp op, const AlgorithmRule &rule);

/// Calls `visit` for the convolutions that a rule names and that can be computed so; a remark for each of the others.
/// Errors: its pattern is none, or names no convolution, or none that can.
mlir::LogicalResult forEachConvolution(const AlgorithmRule &rule, mlir::func::FuncOp model,
                                       llvm::function_ref<void(qnn::Conv2dOp)> visit);

} // namespace qcc::algorithm

#endif // QCC_COMPILER_ALGORITHM_CHOOSEALGORITHM_H
