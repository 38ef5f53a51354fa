// qnn-pool-to-mean: an average pool over all positions of a float model becomes a mean.
#include "compiler/quantize/Constants.h"
#include "compiler/quantize/Passes.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace qcc;

namespace {

/// Both are the sum over height and width divided by the number of positions, rounded once. The codes of a pool have
/// the format of its input, whose range is that of single positions; a mean has a format of its own.
struct PoolToMean : OpRewritePattern<qnn::AvgPool2dOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qnn::AvgPool2dOp op, PatternRewriter &rewriter) const override {
    ArrayRef<int64_t> input = shapeOf(op.getInput());
    bool coversAll =
        op.getKernel() == input.slice(1, 2) && llvm::all_of(op.getPads(), [](int64_t pad) { return !pad; });
    if (!quantize::isFloatTensor(op.getInput()) || !coversAll || op.getActivation() != qnn::Activation::None)
      return failure();
    rewriter.replaceOpWithNewOp<qnn::MeanOp>(op, op.getOutput().getType(), op.getInput(),
                                             rewriter.getDenseI64ArrayAttr({1, 2}), rewriter.getUnitAttr());
    return success();
  }
};

class PoolToMeanPass : public PassWrapper<PoolToMeanPass, OperationPass<>> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(PoolToMeanPass)
  StringRef getArgument() const override { return "qnn-pool-to-mean"; }
  StringRef getDescription() const override { return "make average pools of floats over all positions means"; }

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<PoolToMean>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace

std::unique_ptr<Pass> quantize::createPoolToMeanPass() { return std::make_unique<PoolToMeanPass>(); }
