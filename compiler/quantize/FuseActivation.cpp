// qnn-fuse-activation: relu operators become the clamp of the operator before them.
#include "compiler/quantize/Constants.h"
#include "compiler/quantize/Passes.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::quantize;

namespace {

/// clamp(saturate(x)) is one clamp, so rounding is not affected. Codes of a wrapping producer are not ordered.
template <typename Producer> struct FuseRelu : OpRewritePattern<qnn::ReluOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qnn::ReluOp op, PatternRewriter &rewriter) const override {
    auto producer = op.getInput().getDefiningOp<Producer>();
    if (!producer || !producer->hasOneUse() || producer.getActivation() != qnn::Activation::None)
      return failure();
    if (op.getInput().getType() != op.getOutput().getType() || !clampsExactly(producer))
      return failure();
    qnn::Activation activation = op.getActivation();
    rewriter.modifyOpInPlace(producer, [&] {
      producer.setActivation(activation == qnn::Activation::None ? qnn::Activation::Relu : activation);
    });
    rewriter.replaceOp(op, producer.getOutput());
    return success();
  }

private:
  static bool clampsExactly(Producer producer) {
    qnn::NumberFormat format = qnn::getFormat(producer.getOutput());
    if (format.isFloat())
      return true;
    if constexpr (requires { producer.getRescale(); })
      if (producer.getRescale().getOverflow() == qnn::Overflow::Wrap)
        return false;
    return format.isAffine();
  }
};

class FuseActivationPass : public PassWrapper<FuseActivationPass, OperationPass<>> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(FuseActivationPass)
  StringRef getArgument() const override { return "qnn-fuse-activation"; }
  StringRef getDescription() const override { return "fuse relu operators into their producers"; }

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FuseRelu<qnn::Conv2dOp>, FuseRelu<qnn::DepthwiseConv2dOp>, FuseRelu<qnn::DenseOp>,
                 FuseRelu<qnn::MatmulOp>, FuseRelu<qnn::AddOp>, FuseRelu<qnn::SubOp>, FuseRelu<qnn::MulOp>,
                 FuseRelu<qnn::MaxPool2dOp>, FuseRelu<qnn::AvgPool2dOp>>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace

std::unique_ptr<Pass> quantize::createFuseActivationPass() { return std::make_unique<FuseActivationPass>(); }
