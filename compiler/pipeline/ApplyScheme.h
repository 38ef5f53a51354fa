// Makes a float model one of integers: as a scheme of the model file says, or by options, on given samples.
#ifndef QCC_COMPILER_PIPELINE_APPLYSCHEME_H
#define QCC_COMPILER_PIPELINE_APPLYSCHEME_H

#include "compiler/frontend/Scheme.h"
#include "compiler/pipeline/Samples.h"
#include "compiler/quantize/QuantizeModel.h"
#include "compiler/support/OnStep.h"

namespace qcc {

/// A scheme as options of the quantizer. What cannot be done yet (group scales, weights of other layers staying float,
/// more than 8 bits) is an error at its place.
mlir::FailureOr<quantize::QuantizeOptions> toQuantizeOptions(mlir::MLIRContext *context, const QuantizeScheme &scheme);

/// An error if an input of the model is not f32 (it is quantized already), or if the model has state.
mlir::LogicalResult checkFloatInputs(mlir::func::FuncOp model);

/// What calibration found out about a model; see CalibrationFile.h.
struct Calibration {
  struct Tensor {
    std::string name; ///< of the layer that computes it, or of the input
    quantize::Statistics statistics;
  };
  /// In the order of `quantize::valuesToCalibrate`; none before calibration.
  std::vector<Tensor> tensors;
};

/// Simplifies, calibrates and quantizes the model of a module in place, and fits its weights. The inputs are f32.
/// `prepare` says what runs the float model. If `calibration` has tensors, of the same float model with the same
/// equalization, they are taken, else it gets them; with them and options that want no samples for anything else there
/// may be none.
mlir::LogicalResult quantizeOnSamples(mlir::ModuleOp module, const quantize::QuantizeOptions &options,
                                      SampleSource &samples, const quantize::PrepareModel &prepare,
                                      Calibration &calibration, OnStep onStep = nullptr);

/// Gives convolutions of a quantized model algorithms with results of their own, fitted to samples of its inputs, which
/// may have labels.
mlir::LogicalResult fitAlgorithms(mlir::ModuleOp module, llvm::ArrayRef<std::string> rules, SampleSource &samples,
                                  const quantize::PrepareModel &prepare, llvm::ArrayRef<int64_t> labels = {},
                                  OnStep onStep = nullptr);

/// The rules of a scheme for algorithms, as `--algorithm` has them.
std::vector<std::string> algorithmRules(const QuantizeScheme &scheme);

/// Quantizes a model by its scheme and the samples that the scheme names, whose arrays are those of `qcc run`.
mlir::LogicalResult applyScheme(mlir::ModuleOp module, const QuantizeScheme &scheme, qnn::Rounding rounding,
                                const quantize::PrepareModel &prepare);

} // namespace qcc

#endif // QCC_COMPILER_PIPELINE_APPLYSCHEME_H
