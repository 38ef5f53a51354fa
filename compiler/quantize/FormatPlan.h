// Which format each activation of a float model gets.
#ifndef QCC_COMPILER_QUANTIZE_FORMATPLAN_H
#define QCC_COMPILER_QUANTIZE_FORMATPLAN_H

#include "compiler/quantize/OutlierColumns.h"
#include "compiler/quantize/QuantizeModel.h"

namespace qcc::quantize {

using Precisions = llvm::DenseMap<mlir::Operation *, LayerPrecision>;

/// True for f32 operators that have an integer meaning once their operands are quantized.
bool hasIntegerForm(mlir::Operation *op);

/// True for operands that are weights and not activations: filter, bias.
bool isWeight(mlir::OpOperand &operand);

/// The format that an operator's result has by its nature, whatever its values are: softmax, logistic, tanh.
/// Null for all others.
mlir::Type getNaturalFormat(mlir::Operation *op, Precision precision);

/// True for operators whose results have codes of their operands, or means of them.
bool keepsCodes(mlir::Operation *op);

/// The thresholds that a layer's result was trained with and that the options have; null if there are none.
const GivenThresholds *findThresholds(mlir::Operation *op, const Precision &precision, const QuantizeOptions &options);

/// The formats of all f32 values of a model that are activations. Operators that move or choose codes, like
/// reshape, concat and the pools, have one format for operands and results, fitted to all of their values;
/// its width is that of the widest operator which computes one of them.
class FormatPlan {
public:
  /// Fails, with a diagnostic, if a value has no statistics, or if an operator cannot have binary codes.
  static mlir::FailureOr<FormatPlan> create(mlir::func::FuncOp model, const ModelStatistics &statistics,
                                            const Quantizer &quantizer, const QuantizeOptions &options,
                                            const Precisions &precisions, const OutlierLayers &outliers);

  /// Null for what stays f32.
  mlir::Type getFormat(mlir::Value value) const { return formats.lookup(value); }
  /// A format of 8 bits for the same values; null for those of bf16 that no samples say anything of.
  mlir::Type getByteFormat(mlir::Value value) const { return byteFormats.lookup(value); }
  /// The format, fitted to the columns without outliers, in which a divided layer takes its input; null for all others.
  mlir::Type getInlierFormat(mlir::Operation *op) const { return inlierFormats.lookup(op); }

private:
  llvm::DenseMap<mlir::Value, mlir::Type> formats, byteFormats;
  llvm::DenseMap<mlir::Operation *, mlir::Type> inlierFormats;
};

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_FORMATPLAN_H
