// qnn-matmul-to-dense: a product of a float model with a constant matrix becomes a dense layer.
#include "compiler/quantize/Constants.h"
#include "compiler/quantize/Passes.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace qcc;

namespace {

/// `[k, n]` as `[n, k]`.
std::vector<float> transpose(ArrayRef<float> matrix, int64_t rows, int64_t columns) {
  std::vector<float> result;
  for (int64_t column = 0; column < columns; ++column)
    for (int64_t row = 0; row < rows; ++row)
      result.push_back(matrix[row * columns + column]);
  return result;
}

/// Both are the same sums. The codes of a dense layer's weights have a scale for each output and may be fitted to the
/// layer's inputs; those of an activation, which the right factor of a matmul is, have one scale.
struct MatmulToDense : OpRewritePattern<qnn::MatmulOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qnn::MatmulOp op, PatternRewriter &rewriter) const override {
    qnn::ConstantOp constant = quantize::getFloatConstant(op.getRhs());
    if (!constant || quantize::getFloatConstant(op.getLhs()) || !quantize::isFloatTensor(op.getLhs()))
      return failure();
    ArrayRef<int64_t> shape = shapeOf(constant);
    if (llvm::any_of(shape.drop_back(2), [](int64_t batch) { return batch != 1; }))
      return failure();
    int64_t rows = shape[shape.size() - 2], columns = shape.back();
    std::vector<float> weights = quantize::getFloats(constant);
    if (!op.getTransposeRhs()) {
      weights = transpose(weights, rows, columns);
      std::swap(rows, columns);
    }
    auto filter =
        quantize::makeFloatConstant(rewriter, constant.getLoc(), {rows, columns}, weights, constant.getNameAttr());
    auto dense =
        qnn::DenseOp::create(rewriter, op.getLoc(), op.getOutput().getType(), op.getLhs(), filter, Value(), Value());
    dense.setActivation(op.getActivation());
    rewriter.replaceOp(op, dense);
    return success();
  }
};

class MatmulToDensePass : public PassWrapper<MatmulToDensePass, OperationPass<>> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(MatmulToDensePass)
  StringRef getArgument() const override { return "qnn-matmul-to-dense"; }
  StringRef getDescription() const override { return "make products of floats with constant matrices dense layers"; }

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<MatmulToDense>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace

std::unique_ptr<Pass> quantize::createMatmulToDensePass() { return std::make_unique<MatmulToDensePass>(); }
