// qk-simplify-loops: loops that run once, or never, are none.
#include "compiler/codegen/Passes.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace qcc;

namespace {
struct SimplifyLoopsPass : PassWrapper<SimplifyLoopsPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(SimplifyLoopsPass)
  StringRef getArgument() const override { return "qk-simplify-loops"; }
  StringRef getDescription() const override { return "Remove loops that run at most once"; }

  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    // Inner loops first: a body that moves has been simplified.
    getOperation().walk([&](scf::ForOp loop) {
      APInt low, high;
      if (!matchPattern(loop.getLowerBound(), m_ConstantInt(&low)) ||
          !matchPattern(loop.getUpperBound(), m_ConstantInt(&high)))
        return;
      if (low.sge(high))
        rewriter.replaceOp(loop, loop.getInitArgs());
      else
        (void)loop.promoteIfSingleIteration(rewriter); // which counts its iterations itself
    });
  }
};
} // namespace

std::unique_ptr<Pass> codegen::createSimplifyLoopsPass() { return std::make_unique<SimplifyLoopsPass>(); }
