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
  bool powerOfTwoScales = false;
  /// Of the result; only biases beside weights with one scale per group depend on it.
  mlir::Type output = {};
};

struct QuantizedWeights {
  mlir::Value filter, bias, scales; // of groups
  /// The bias stays f32, and is to be added to the result: beside groups, a result of floats has none (C9 of
  /// qnn.conv2d).
  bool addsBiasAfter = false;
  /// How many times the last axis of the filter has the input's.
  int64_t copies = 1;
};

/// Symmetric weights, and biases of i32 with the scale of their products. The weights' scale is raised where the bias
/// would else exceed 2^30. With binary coding, filter and scales are those of its planes, one behind the other along
/// the last axis, in groups that divide the input's channels. With one scale per group, scales are legal
/// (legalGroupScales), and biases have `groupedBiasScale`. Fails, with a diagnostic, if a weight or bias is not finite.
mlir::FailureOr<QuantizedWeights> quantizeWeights(mlir::OpBuilder &builder, const WeightRequest &request,
                                                  const Quantizer &quantizer);

/// What biases count beside weights with one scale per group.
double groupedBiasScale(qnn::NumberFormat output);

/// A weight's scale has to be at least this, so that a real bias is at most 2^30 in units of its products.
double leastWeightScale(double bias, double inputScale);

/// The code of a real bias with the scale of the products, saturated to 32 bits.
int64_t encodeBias(double bias, double scale);

/// A format of weights with a scale for each channel along `axis`, all else as in `format`: affine, binary or ternary.
mlir::Type withScales(mlir::Type format, llvm::ArrayRef<double> scales, int64_t axis);

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_QUANTIZEWEIGHTS_H
