// qk-expand-scalars: the scalar operators that regions left in kernels.
#include "compiler/codegen/Passes.h"
#include "compiler/codegen/Scalars.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;

namespace {
struct ExpandScalarsPass : PassWrapper<ExpandScalarsPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(ExpandScalarsPass)
  StringRef getArgument() const override { return "qk-expand-scalars"; }
  StringRef getDescription() const override { return "Expand rescaling and elementary functions to arithmetic"; }
  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<arith::ArithDialect, math::MathDialect, LLVM::LLVMDialect>();
  }
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    getOperation().walk([&](Operation *op) {
      rewriter.setInsertionPoint(op);
      KernelBuilder k(rewriter, op->getLoc(), 32);
      SmallVector<Val> operands;
      for (Value operand : op->getOperands())
        operands.push_back(k.val(operand));
      if (std::optional<Val> value = expandScalar(k, op, operands))
        rewriter.replaceOp(op, value->value);
    });
  }
};
} // namespace

std::unique_ptr<Pass> codegen::createExpandScalarsPass() { return std::make_unique<ExpandScalarsPass>(); }
