// qnn-fuse-bias: a constant for each channel that is added to a contraction of floats becomes its bias.
#include "compiler/quantize/Constants.h"
#include "compiler/quantize/Passes.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::quantize;

namespace {

/// (w * x + b) + c == w * x + (b + c), whose result has a format, where the sum in between would have another. ONNX has
/// its dense layers' biases in operators of their own.
template <typename Contraction> struct FuseBias : OpRewritePattern<qnn::AddOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qnn::AddOp op, PatternRewriter &rewriter) const override {
    for (auto [sum, added] : {std::pair(op.getLhs(), op.getRhs()), std::pair(op.getRhs(), op.getLhs())}) {
      auto producer = sum.template getDefiningOp<Contraction>();
      qnn::ConstantOp constant = getFloatConstant(added);
      if (producer && constant && canFuse(producer, constant, op)) {
        fuse(producer, constant, op, rewriter);
        return success();
      }
    }
    return failure();
  }

private:
  static bool canFuse(Contraction producer, qnn::ConstantOp constant, qnn::AddOp op) {
    ArrayRef<int64_t> shape = shapeOf(constant);
    // One number for each channel, or one for all.
    bool isRow = llvm::all_of(shape.drop_back(shape.empty() ? 0 : 1), [](int64_t size) { return size == 1; });
    return isRow && producer->hasOneUse() && producer.getActivation() == qnn::Activation::None &&
           producer.getOutput().getType() == op.getOutput().getType() && isFloatTensor(producer.getInput()) &&
           (!producer.getBias() || getFloatConstant(producer.getBias()));
  }

  static void fuse(Contraction producer, qnn::ConstantOp constant, qnn::AddOp op, PatternRewriter &rewriter) {
    std::vector<float> added = getFloats(constant), values(shapeOf(producer.getOutput()).back());
    qnn::ConstantOp bias = getFloatConstant(producer.getBias());
    if (bias)
      values = getFloats(bias);
    for (auto [channel, value] : llvm::enumerate(values))
      value += added[channel % added.size()];
    rewriter.setInsertionPoint(producer);
    auto fresh = makeFloatConstant(rewriter, constant.getLoc(), static_cast<int64_t>(values.size()), values,
                                   (bias ? bias : constant).getNameAttr());
    rewriter.modifyOpInPlace(producer, [&] {
      producer.getBiasMutable().assign(fresh);
      producer.setActivation(op.getActivation());
    });
    rewriter.replaceOp(op, producer.getOutput());
  }
};

class FuseBiasPass : public PassWrapper<FuseBiasPass, OperationPass<>> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(FuseBiasPass)
  StringRef getArgument() const override { return "qnn-fuse-bias"; }
  StringRef getDescription() const override { return "fuse additions of constants into contractions of floats"; }

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FuseBias<qnn::Conv2dOp>, FuseBias<qnn::DepthwiseConv2dOp>, FuseBias<qnn::DenseOp>>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace

std::unique_ptr<Pass> quantize::createFuseBiasPass() { return std::make_unique<FuseBiasPass>(); }
