// What tap-wise Winograd F(4x4, 3x3) costs a classifier, and which layers go back to direct for it.
#ifndef QCC_COMPILER_ALGORITHM_TAPWISEACCURACY_H
#define QCC_COMPILER_ALGORITHM_TAPWISEACCURACY_H

#include "compiler/algorithm/TapwiseLayer.h"
#include "compiler/quantize/ObservableModel.h"
#include "compiler/support/OnStep.h"

namespace qcc::algorithm {

/// A convolution to which F(4x4, 3x3) was fitted.
struct FittedLayer {
  FittedLayer(qnn::Conv2dOp op, TapwiseLayer &layer);

  qnn::Conv2dOp op;
  qnn::AlgorithmAttr algorithm;     ///< null if its sums need more than 32 bits
  std::vector<int32_t> corrections; ///< what is added to its bias with it
  bool hadBias;                     ///< before
  double ratio;                     ///< of signal to noise, in dB
  std::string name;                 ///< of the algorithm
  std::optional<double> tolerance;  ///< the points that the model may lose

  /// Gives the convolution the algorithm, or takes it back, bias and all.
  void apply();
  void takeBack();
  /// `winograd(f4, tapwise, 8) with 25.1 dB of signal to noise`.
  std::string describe() const;
};

/// What a model loses of what it was.
struct ClassLoss {
  int64_t changed; ///< samples of another class
  double points;   ///< of 100: with labels the right classes that it has fewer, maybe below 0; else those that changed
};

/// The classes that a model gives samples: the largest element of its first output, the first of equals.
class Predictor {
public:
  /// `labels` has one for each sample, or none. The model, and what else is given, outlive it.
  Predictor(mlir::func::FuncOp model, SampleSource &samples, const quantize::PrepareModel &prepare,
            llvm::ArrayRef<int64_t> labels)
      : model(model), samples(samples), prepare(prepare), labels(labels) {}

  /// Remembers the classes that the model gives now. Fails, with a diagnostic, if the model's first output
  /// has fewer than two elements, or if there is another number of labels than of samples.
  mlir::LogicalResult rememberDirect();
  /// What the model as it is now loses of what was remembered.
  mlir::FailureOr<ClassLoss> loss() const;
  /// `points of accuracy`, or of what there is without labels.
  llvm::StringRef unit() const;
  mlir::func::FuncOp getModel() const { return model; }

private:
  mlir::FailureOr<std::vector<int64_t>> predict() const;

  mlir::func::FuncOp model;
  SampleSource &samples;
  const quantize::PrepareModel &prepare;
  llvm::ArrayRef<int64_t> labels;
  std::vector<int64_t> direct;
};

/// Takes layers back until none is left whose tolerance is less than what the model loses: first the one without which
/// fewest classes change, while the others are as they are; of equals, the one with least signal to noise. Labels have
/// no say in the order: of few samples that change their class, by chance more become right or wrong. A remark for each
/// layer with a tolerance.
mlir::LogicalResult keepWithinTolerance(llvm::MutableArrayRef<FittedLayer> layers, const Predictor &predictor,
                                        OnStep onStep);

} // namespace qcc::algorithm

#endif // QCC_COMPILER_ALGORITHM_TAPWISEACCURACY_H
