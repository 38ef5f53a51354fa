// Weights and biases of a contraction as integers.
#ifndef QCC_COMPILER_QUANTIZE_QUANTIZEWEIGHTS_H
#define QCC_COMPILER_QUANTIZE_QUANTIZEWEIGHTS_H

#include "compiler/quantize/Constants.h"
#include "compiler/quantize/Quantizer.h"

namespace qcc::quantize {

struct WeightRequest {
  qnn::ConstantOp filter;
  /// May be null.
  qnn::ConstantOp bias;
  /// The axis of the filter that has a bias each.
  int64_t channelAxis;
  bool perChannel = true;
  Precision precision;
  qnn::NumberFormat input;
};

struct QuantizedWeights {
  mlir::Value filter, bias;
};

/// Symmetric weights, and biases of i32 with the scale of their products. The weights' scale is raised where
/// the bias would else exceed 2^30. Fails, with a diagnostic, if a weight or bias is not finite.
mlir::FailureOr<QuantizedWeights> quantizeWeights(mlir::OpBuilder &builder, const WeightRequest &request,
                                                  const Quantizer &quantizer);

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_QUANTIZEWEIGHTS_H
