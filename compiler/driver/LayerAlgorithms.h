// What the algorithms that a convolution may have would cost it.
#ifndef QCC_COMPILER_DRIVER_LAYERALGORITHMS_H
#define QCC_COMPILER_DRIVER_LAYERALGORITHMS_H

#include "compiler/pipeline/Samples.h"
#include "llvm/Support/JSON.h"

namespace qcc::driver {

/// One convolution by each algorithm: its ratio of signal to noise in dB, over all samples that are compared. The
/// signal is the reference's result of the layer.
struct LayerAlgorithms {
  std::string layer;
  std::string exact; ///< the algorithm of Winograd's that gives the direct results, as `--algorithm` has it
  double direct = 0; ///< infinite without noise
  /// In the order of `candidates`; none where sums need more than 32 bits.
  std::vector<std::optional<double>> fitted;
};

struct AlgorithmComparison {
  /// Tap-wise F(4x4, 3x3), or F(4, 3), as `qcc quantize --algorithm` has it: `winograd(f4,tapwise,8)`.
  std::vector<std::string> candidates;
  std::vector<LayerAlgorithms> layers;
  int64_t unmatched = 0; ///< convolutions that the reference has no layer of their name and shape for
  int64_t fittedTo = 0;  ///< so many samples
  int64_t compared = 0;  ///< samples
};

/// Computes each convolution of 3x3, 1x3 or 3x1 with strides of 1 by all algorithms, alone, on the inputs that the
/// model with direct layers gives it. Shifts are fitted to the first half of the samples, at most 512, and `most` of
/// those behind them are compared; of a single sample, both. Fails, with a diagnostic, if the model has no such
/// convolution, one of F(4x4, 3x3) already, or if the models cannot be compared.
mlir::FailureOr<AlgorithmComparison> compareAlgorithms(mlir::ModuleOp model, mlir::ModuleOp reference,
                                                       const Samples &samples, int64_t most);

/// A row for each layer, a column for each algorithm.
void printAlgorithms(llvm::raw_ostream &stream, const AlgorithmComparison &comparison);

/// `layers`, each with its `layer` and `sqnr_db` by algorithm, null where it is infinite or there is none; `fitted_to`,
/// `compared`, `unmatched_layers`.
llvm::json::Object toJson(const AlgorithmComparison &comparison);

} // namespace qcc::driver

#endif // QCC_COMPILER_DRIVER_LAYERALGORITHMS_H
