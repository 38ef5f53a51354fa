// How far the outputs of a quantized model are from those of the float model.
#ifndef QCC_COMPILER_DRIVER_OUTPUTLOSS_H
#define QCC_COMPILER_DRIVER_OUTPUTLOSS_H

#include "compiler/pipeline/Samples.h"

namespace qcc::driver {

/// Whether the first output is a softmax, or its logarithm.
bool endsInSoftmax(mlir::func::FuncOp model);

/// The elements of the first output's last axis.
int64_t classesOf(mlir::func::FuncOp model);

/// Runs a model on this machine and shows the real numbers of its outputs, one behind the other, for each sample; of
/// those that are a softmax, or its logarithm, what that is taken of: probabilities of 8 bits hide small errors.
mlir::LogicalResult runToLogits(mlir::func::FuncOp model, SampleSource &samples,
                                llvm::function_ref<void(size_t sample, llvm::ArrayRef<double> outputs)> see);

/// Sums over samples.
class OutputLoss {
public:
  /// `classes` numbers behind one another have a softmax of their own.
  explicit OutputLoss(int64_t classes) : classes(classes) {}
  void add(llvm::ArrayRef<double> reference, llvm::ArrayRef<double> outputs);
  /// Power of the differences over that of the reference; 0 without differences.
  double getNoise() const { return noise == 0 ? 0 : noise / std::max(signal, std::numeric_limits<double>::min()); }
  /// The mean Kullback-Leibler divergence of the outputs' softmax from the reference's, in nats.
  double getDivergence() const { return rows == 0 ? 0 : divergence / rows; }

private:
  int64_t classes;
  double signal = 0, noise = 0, divergence = 0;
  int64_t rows = 0;
};

} // namespace qcc::driver

#endif // QCC_COMPILER_DRIVER_OUTPUTLOSS_H
