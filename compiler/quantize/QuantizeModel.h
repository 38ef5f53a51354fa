// From a float model to one of integers.
#ifndef QCC_COMPILER_QUANTIZE_QUANTIZEMODEL_H
#define QCC_COMPILER_QUANTIZE_QUANTIZEMODEL_H

#include "compiler/quantize/EqualizeChannels.h"
#include "compiler/quantize/GivenThresholds.h"
#include "compiler/quantize/OutlierColumns.h"
#include "compiler/quantize/Quantizer.h"
#include "compiler/quantize/WeightRounding.h"
#include "dialects/qnn/QnnOps.h"

namespace qcc::quantize {

struct QuantizeOptions {
  /// What holds for layers that no rule mentions, and for the model's inputs.
  LayerPrecision precision;
  /// Later rules win.
  std::vector<PrecisionRule> rules;
  /// One scale for each output channel of a filter, instead of one for all.
  bool perChannel = true;
  /// Inputs and outputs stay f32, with quantize and dequantize operators beside them.
  bool keepFloatInterface = false;
  /// The arithmetic of the new integer operators.
  qnn::Rounding rounding = qnn::Rounding::Double;
  /// Which quantizers (Quantizer.h) choose the ranges of activations and of weights.
  std::string quantizer = "auto", weightQuantizer = "auto";
  /// What the files of `Precision::thresholds` say.
  ThresholdFiles thresholds;
  /// All scales that quantizers choose are powers of two.
  bool powerOfTwoScales = false;
  /// Before anything is rounded.
  Equalization equalization = Equalization::None;
  /// See chooseWeightRounding.
  std::optional<WeightRounding> weightRounding;
};

/// Gives all f32 tensors of the module's functions formats that fit `statistics`, which were collected on the same
/// functions: per-channel symmetric weights, per-tensor affine activations, biases of i32. Operators without
/// an integer form stay float, and so do those of `outliers` and what lies between contractions and codes that are
/// found from f32. Run `simplifyFloatModel` before calibration and `splitOutliers` after it. Fails, with a diagnostic,
/// if a tensor has no statistics, a weight is not finite, or a rule matches no layer or asks for what an operator
/// cannot do; the module may then be partly rewritten.
mlir::LogicalResult quantizeModel(mlir::ModuleOp module, const ModelStatistics &statistics,
                                  const QuantizeOptions &options, const OutlierLayers &outliers = OutlierLayers());

/// True unless the options give all layers floats of 16 bits, so that nothing has to be fitted to samples. Fails as
/// `assignPrecisions` does.
mlir::FailureOr<bool> hasScales(mlir::func::FuncOp model, const QuantizeOptions &options);

/// What the options say, or else what pays for the formats of a quantized model: `gptq` if a contraction has weights or
/// codes of 2 to 7 bits, and `nearest` where all have 8 bits or are binary, or were trained for their quantizer.
WeightRounding chooseWeightRounding(mlir::func::FuncOp model, const QuantizeOptions &options);

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_QUANTIZEMODEL_H
