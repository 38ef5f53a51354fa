// Calibration: running a float model on samples and recording what values its tensors take.
#ifndef QCC_COMPILER_QUANTIZE_CALIBRATE_H
#define QCC_COMPILER_QUANTIZE_CALIBRATE_H

#include "compiler/quantize/ObservableModel.h"
#include "compiler/quantize/Statistics.h"
#include "compiler/support/SampleSource.h"

namespace qcc::quantize {

/// The statistics of each f32 argument and operator result of a model.
using ModelStatistics = llvm::DenseMap<mlir::Value, Statistics>;

/// The tensors of a model that have statistics: its f32 arguments and, in their order, its operators' f32 results.
llvm::SmallVector<mlir::Value> valuesToCalibrate(mlir::func::FuncOp model);

/// Runs the model on all samples, one at a time. Fails, with a diagnostic, without samples or if a tensor takes a value
/// that is not finite.
mlir::FailureOr<ModelStatistics> calibrate(mlir::func::FuncOp model, SampleSource &samples,
                                           const PrepareModel &prepare = prepareInterpreted);

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_CALIBRATE_H
