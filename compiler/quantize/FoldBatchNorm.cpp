// qnn-fold-batch-norm: batch norms become part of weights, or a multiplication and an addition.
#include "compiler/quantize/Constants.h"
#include "compiler/quantize/Passes.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::quantize;

namespace {

/// A batch norm as `x * scale + shift` for each channel.
struct ScaleAndShift {
  std::vector<double> scale, mean, shift;
};

/// batch_norm(x) == (x - mean) * scale + shift with scale == gamma / sqrt(variance + epsilon), shift == beta
FailureOr<ScaleAndShift> getScaleAndShift(qnn::BatchNormOp op) {
  std::vector<float> parameters[4];
  for (auto [values, operand] : llvm::zip(parameters, op->getOperands().drop_front())) {
    qnn::ConstantOp constant = getFloatConstant(operand);
    if (!constant)
      return failure();
    values = getFloats(constant);
  }
  const auto &[gamma, beta, mean, variance] = parameters;
  double epsilon = op.getEpsilon().convertToDouble();
  ScaleAndShift result;
  for (size_t c = 0; c < gamma.size(); ++c) {
    result.scale.push_back(gamma[c] / std::sqrt(double(variance[c]) + epsilon));
    result.mean.push_back(mean[c]);
    result.shift.push_back(beta[c]);
  }
  return result;
}

/// (w * x + b - mean) * scale + shift == (w * scale) * x + (b - mean) * scale + shift
template <typename Contraction> struct FoldIntoWeights : OpRewritePattern<qnn::BatchNormOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qnn::BatchNormOp op, PatternRewriter &rewriter) const override {
    auto producer = op.getInput().template getDefiningOp<Contraction>();
    if (!producer || !producer->hasOneUse() || producer.getActivation() != qnn::Activation::None)
      return failure();
    qnn::ConstantOp filter = getFloatConstant(producer.getFilter()), bias = getFloatConstant(producer.getBias());
    if (!filter || (producer.getBias() && !bias))
      return failure();
    FailureOr<ScaleAndShift> norm = getScaleAndShift(op);
    if (failed(norm))
      return failure();
    rewriter.setInsertionPoint(producer);
    Value weights = scaleFilter(filter, norm->scale, rewriter);
    Value offsets = foldBias(op, bias, *norm, rewriter);
    rewriter.modifyOpInPlace(producer, [&] {
      producer.getFilterMutable().assign(weights);
      producer.getBiasMutable().assign(offsets);
    });
    rewriter.replaceOp(op, producer.getOutput());
    return success();
  }

private:
  static Value scaleFilter(qnn::ConstantOp filter, ArrayRef<double> scale, PatternRewriter &rewriter) {
    ArrayRef<int64_t> shape = llvm::cast<RankedTensorType>(filter.getType()).getShape();
    std::vector<float> values = getFloats(filter);
    int64_t inner = 1;
    for (int64_t size : shape.drop_front(Contraction::filterChannelAxis + 1))
      inner *= size;
    for (size_t i = 0; i < values.size(); ++i)
      values[i] = static_cast<float>(values[i] * scale[i / inner % scale.size()]);
    return makeFloatConstant(rewriter, filter.getLoc(), shape, values, filter.getNameAttr());
  }

  static Value foldBias(qnn::BatchNormOp op, qnn::ConstantOp bias, const ScaleAndShift &norm,
                        PatternRewriter &rewriter) {
    std::vector<float> old = bias ? getFloats(bias) : std::vector<float>(norm.scale.size()), values;
    for (size_t c = 0; c < norm.scale.size(); ++c)
      values.push_back(static_cast<float>((old[c] - norm.mean[c]) * norm.scale[c] + norm.shift[c]));
    return makeFloatConstant(rewriter, bias ? bias.getLoc() : op.getLoc(), static_cast<int64_t>(values.size()), values,
                             bias ? bias.getNameAttr() : StringAttr());
  }
};

/// (x - mean) * scale + shift == x * scale + (shift - mean * scale)
struct ExpandToMulAdd : OpRewritePattern<qnn::BatchNormOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qnn::BatchNormOp op, PatternRewriter &rewriter) const override {
    FailureOr<ScaleAndShift> norm = getScaleAndShift(op);
    if (failed(norm))
      return failure();
    std::vector<float> scale(norm->scale.begin(), norm->scale.end()), shift;
    for (size_t c = 0; c < scale.size(); ++c)
      shift.push_back(static_cast<float>(norm->shift[c] - norm->mean[c] * norm->scale[c]));
    auto type = op.getOutput().getType();
    auto makeVector = [&](ArrayRef<float> values) {
      return makeFloatConstant(rewriter, op.getLoc(), static_cast<int64_t>(values.size()), values, StringAttr());
    };
    auto scaled = qnn::MulOp::create(rewriter, op.getLoc(), type, op.getInput(), makeVector(scale));
    rewriter.replaceOpWithNewOp<qnn::AddOp>(op, type, scaled, makeVector(shift));
    return success();
  }
};

class FoldBatchNormPass : public PassWrapper<FoldBatchNormPass, OperationPass<>> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(FoldBatchNormPass)
  StringRef getArgument() const override { return "qnn-fold-batch-norm"; }
  StringRef getDescription() const override { return "fold batch norms into weights, or make them mul and add"; }

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns
        .add<FoldIntoWeights<qnn::Conv2dOp>, FoldIntoWeights<qnn::DepthwiseConv2dOp>, FoldIntoWeights<qnn::DenseOp>>(
            &getContext(), /*benefit=*/2);
    patterns.add<ExpandToMulAdd>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace

std::unique_ptr<Pass> quantize::createFoldBatchNormPass() { return std::make_unique<FoldBatchNormPass>(); }
