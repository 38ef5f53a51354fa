// Calibration: running a float model on samples and recording what values its tensors take.
#ifndef QCC_COMPILER_QUANTIZE_CALIBRATE_H
#define QCC_COMPILER_QUANTIZE_CALIBRATE_H

#include "compiler/quantize/ObservableModel.h"
#include "compiler/quantize/Statistics.h"

namespace qcc::quantize {

/// The statistics of each f32 argument and operator result of a model.
using ModelStatistics = llvm::DenseMap<mlir::Value, Statistics>;

/// Gives the inputs of sample `index`, or fails with a diagnostic.
using SampleSource = llvm::function_ref<mlir::FailureOr<std::vector<HostTensor>>(int64_t index)>;

/// Runs the model on `count` samples. Fails, with a diagnostic, without samples or if a tensor takes a value that is
/// not finite.
mlir::FailureOr<ModelStatistics> calibrate(mlir::func::FuncOp model, int64_t count, SampleSource getSample,
                                           const PrepareModel &prepare = prepareInterpreted);

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_CALIBRATE_H
