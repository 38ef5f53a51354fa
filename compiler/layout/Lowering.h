// The state of `convert-qnn-to-qk`: a walk over a model that maps each qnn value
// to its storage. One function per operator, in one file per family.
#ifndef QCC_COMPILER_LAYOUT_LOWERING_H
#define QCC_COMPILER_LAYOUT_LOWERING_H

#include "dialects/qk/QkOps.h"
#include "dialects/qnn/QnnOps.h"
#include "dialects/qnn/Rescale.h"

namespace qcc::layout {

/// A multiplier as the operands of qk.requantize: shifts are not negative and one of them is 0.
struct RequantizeShift {
  int32_t mantissa, left, right;
  explicit RequantizeShift(qnn::Multiplier m)
      : mantissa(m.mantissa), left(std::max(m.exponent, 0)), right(std::max(-m.exponent, 0)) {}
};

/// The two codes of a format of one bit of information: they stand for opposite integers around a zero point of 0, so
/// that the nearest code is the sign of a number, zero counted as positive. Nothing for all other formats.
struct SignCodes {
  int64_t negative, positive;
};
std::optional<SignCodes> getSignCodes(qnn::NumberFormat format);

/// True for an operator of one operand whose codes are few enough for a table of its results: any format will do.
inline bool isLookedUp(mlir::Operation *op) {
  qnn::NumberFormat input = qnn::getFormat(op->getOperand(0));
  return !input.isFloat() && input.getBits() <= 16;
}

/// For each channel, 0, or -1 if it is falling: x <= t == ~x >= ~t, and ~x == x ^ -1. Empty where none is.
llvm::SmallVector<int32_t> flipsOf(llvm::ArrayRef<bool> falling);

/// The numbers of a line of `qnn.rescale` for one channel, as i32 in a region.
struct LineNumbers {
  mlir::Value offset, multiplier, shift;
};

class Lowering {
public:
  explicit Lowering(mlir::func::FuncOp model) : model(model), b(model.getContext()) {}
  mlir::LogicalResult run();

private:
  bool needsCopy(mlir::OpOperand &returned, mlir::Value value);
  // Families of operators; each maps the op's results.
  mlir::LogicalResult lower(mlir::Operation *op);
  mlir::LogicalResult lowerContraction(mlir::Operation *op);
  void lowerConv2d(qnn::Conv2dOp op);
  void lowerDepthwise(qnn::DepthwiseConv2dOp op);
  void lowerDense(qnn::DenseOp op);
  void lowerMatmul(qnn::MatmulOp op);
  void lowerPool(mlir::Operation *op, qk::PoolKind kind, mlir::ArrayRef<int64_t> kernel,
                 mlir::ArrayRef<int64_t> strides, mlir::ArrayRef<int64_t> pads, qnn::Activation activation);
  void lowerMean(qnn::MeanOp op);
  void lowerArithmetic(mlir::Operation *op, qnn::Activation activation, qnn::RescaleAttr rescale);
  void lowerUnary(mlir::Operation *op);
  void lowerApply(qnn::ApplyOp op);
  void lowerCombine(qnn::CombineOp op);
  void lowerSelect(qnn::SelectOp op);
  void lowerBatchNorm(qnn::BatchNormOp op);
  void lowerThreshold(qnn::ThresholdOp op);
  void lowerRescale(qnn::RescaleOp op);
  void lowerSoftmax(qnn::SoftmaxOp op);
  void lowerLogSoftmax(qnn::LogSoftmaxOp op);
  void lowerArgmax(qnn::ArgmaxOp op);
  void lowerQuantize(qnn::QuantizeOp op);
  void lowerDequantize(qnn::DequantizeOp op);
  void lowerConstant(qnn::ConstantOp op);
  void lowerReshape(qnn::ReshapeOp op);
  void lowerTranspose(qnn::TransposeOp op);
  void lowerPad(qnn::PadOp op);
  qk::AccessAttr sliceAccess(qnn::SliceOp op);
  void lowerSlice(qnn::SliceOp op);
  void lowerConcat(qnn::ConcatOp op);
  void lowerSplit(qnn::SplitOp op);
  void lowerGather(qnn::GatherOp op);
  void lowerResize(qnn::ResizeNearestOp op);

  //===-- A contraction in the making ------------------------------------------------===//
  struct Contraction {
    mlir::Operation *op;
    mlir::Value lhs, rhs, bias, scales; // qnn values; bias and scales may be null
    qk::WindowAttr window;
    llvm::SmallVector<int64_t> rhsStrides;
    qnn::Activation activation;
    qnn::RescaleAttr rescale;
    qnn::AlgorithmAttr algorithm = {}; // none where it is left to the compiler
  };
  void emitContraction(const Contraction &contraction);
  /// The thresholds or the rescaling that all sums of a contraction go to, which its epilogue then has; or null.
  static mlir::Operation *sumReaderOf(mlir::Operation *contraction);
  class ContractionBuilder;
  mlir::Value zeroFreeFilter(mlir::Value filter, mlir::Type &format);

  //===-- Buffers -----------------------------------------------------------------------===//
  mlir::Value stored(mlir::Value value) const { return storage.lookup(value); }
  mlir::Value emptyFor(mlir::Value value);
  mlir::Value constantI32(mlir::Location loc, mlir::ArrayRef<int32_t> values, llvm::StringRef name);
  mlir::Value constantI8(mlir::Location loc, mlir::ArrayRef<int8_t> values, llvm::StringRef name);
  mlir::Value constantF32(mlir::Location loc, mlir::ArrayRef<float> values, llvm::StringRef name);
  /// A table of the unpacked codes of `format`.
  mlir::Value constantCodes(mlir::Location loc, qnn::NumberFormat format, mlir::ArrayRef<int64_t> codes,
                            llvm::StringRef name);

  //===-- Kernels -------------------------------------------------------------------------===//
  using Body = llvm::function_ref<mlir::Value(mlir::ValueRange)>;
  /// A map over `shape`; `body` gets the inputs' codes and returns the output's.
  mlir::Value emitMap(mlir::Location loc, mlir::ValueRange inputs, mlir::Value init, mlir::ArrayRef<int64_t> shape,
                      mlir::ArrayRef<qk::AccessAttr> accesses, Body body);
  qk::AccessAttr access(mlir::Type format, int64_t offset, mlir::ArrayRef<int64_t> strides) {
    return qk::AccessAttr::get(b.getContext(), format, offset, strides);
  }
  /// A map that copies a box of codes from one place to another.
  mlir::Value emitMove(mlir::Location loc, mlir::Value input, mlir::Value init, mlir::ArrayRef<int64_t> shape,
                       qk::AccessAttr from, qk::AccessAttr to);
  /// An elementwise map over operands that broadcast to the result's shape.
  void emitElementwise(mlir::Operation *op, mlir::ValueRange operands, Body body);
  void emitLookup(mlir::Operation *op, llvm::function_ref<int64_t(int64_t code)> function);

  //===-- Scalars in regions ------------------------------------------------------------------===//
  mlir::Value i32(int64_t value);
  mlir::Value f32(double value);
  mlir::Value addInt(mlir::Value a, int64_t constant);
  /// The integer that a code stands for, minus the zero point; of formats without a table.
  mlir::Value centred(mlir::Value code, qnn::NumberFormat format);
  mlir::Value requantize(mlir::Value value, qnn::Multiplier m, qnn::Rounding rounding);
  /// The nearest code to a number in units of the scale: for affine formats, adds the zero point and clamps as
  /// activation and overflow say; for formats of two codes, takes the sign.
  mlir::Value finishCode(mlir::Value value, qnn::NumberFormat format, qnn::Activation activation,
                         qnn::Overflow overflow);
  mlir::Value clampFloat(mlir::Value value, qnn::Activation activation);
  /// `lowest` plus the number of thresholds that are not above a value.
  mlir::Value nearestOf(mlir::Value value, qnn::NumberFormat format);
  mlir::Value countReached(mlir::Value value, mlir::ValueRange thresholds, int64_t lowest);
  /// The line of a sum in `qnn.rescale`.
  LineNumbers chooseLine(mlir::Value sum, mlir::Value knee, const LineNumbers &below, const LineNumbers &other);
  /// The code that `qnn.rescale` gives for a sum between two codes.
  mlir::Value codeOnLine(mlir::Value sum, const LineNumbers &line, mlir::Value low, mlir::Value high,
                         qnn::RescaleOp op);

  mlir::func::FuncOp model;
  mlir::OpBuilder b;
  mlir::IRMapping storage;
  llvm::SmallVector<mlir::Value> storedArguments;
};

} // namespace qcc::layout

#endif // QCC_COMPILER_LAYOUT_LOWERING_H
