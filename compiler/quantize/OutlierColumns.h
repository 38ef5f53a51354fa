// Dense layers whose inputs have a few columns of large numbers, in two parts: LLM.int8() (Dettmers et al. 2022, eq.
// 8).
#ifndef QCC_COMPILER_QUANTIZE_OUTLIERCOLUMNS_H
#define QCC_COMPILER_QUANTIZE_OUTLIERCOLUMNS_H

#include "compiler/quantize/Calibrate.h"

#include "llvm/ADT/DenseSet.h"

namespace qcc::quantize {

struct QuantizeOptions;

/// What quantizeModel has to know of a model in which splitOutliers has divided layers.
struct OutlierLayers {
  /// The parts of layers that are for integers. Their weights for outlier columns are zero; the statistics are those of
  /// the input's other columns.
  llvm::DenseMap<mlir::Operation *, Statistics> inliers;
  /// Operators that compute in f32.
  llvm::DenseSet<mlir::Operation *> floatOps;
  /// Arguments, and results of contractions of integers, that are f32 and not codes.
  llvm::DenseSet<mlir::Value> floatValues;
  /// Results inside divided layers: nothing but the layer reads them, and they get no format.
  llvm::DenseSet<mlir::Value> parts;
};

/// Finds the input columns of dense layers whose largest magnitude on the samples reaches the layer's threshold
/// (Precision::outliers), O, and replaces `y = act(W x + b)` by `act(W' x + (W_O x_O + b))`, where W' has zeros for O.
/// In real arithmetic the model stays the same. Without such columns a layer stays as it is; where all are, it is left
/// to f32 as a whole. What a divided layer reads stays f32, up to the contractions that it is computed from. The
/// statistics of a layer's result stay the result's. Fails, with a diagnostic, if there are no samples, or if a rule
/// asks for outliers, but matches no dense layer with constant weights.
mlir::FailureOr<OutlierLayers> splitOutliers(mlir::func::FuncOp model, const QuantizeOptions &options,
                                             ModelStatistics &statistics, SampleSource &samples,
                                             const PrepareModel &prepare = prepareInterpreted);

/// Has a value stay f32, and all between it and the contractions of integers that it is computed from.
void keepFloat(mlir::Value value, OutlierLayers &result);

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_OUTLIERCOLUMNS_H
