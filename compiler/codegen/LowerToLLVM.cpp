// qk-lower-to-llvm: loops to branches, arithmetic to LLVM.
#include "compiler/codegen/Passes.h"

#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/LLVMCommon/ConversionTarget.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"

using namespace mlir;
using namespace qcc;

namespace {
struct LowerToLLVMPass : PassWrapper<LowerToLLVMPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(LowerToLLVMPass)
  StringRef getArgument() const override { return "qk-lower-to-llvm"; }
  StringRef getDescription() const override { return "Lower kernel functions to the LLVM dialect"; }
  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<LLVM::LLVMDialect, cf::ControlFlowDialect>();
  }
  void runOnOperation() override {
    MLIRContext *context = &getContext();
    {
      RewritePatternSet patterns(context);
      populateSCFToControlFlowConversionPatterns(patterns);
      ConversionTarget target(*context);
      target.addIllegalDialect<scf::SCFDialect>();
      target.markUnknownOpDynamicallyLegal([](Operation *) { return true; });
      if (failed(applyPartialConversion(getOperation(), target, std::move(patterns))))
        return signalPassFailure();
    }
    // No value of type `index` exists, so the converter's index width does not matter.
    LLVMTypeConverter converter(context);
    RewritePatternSet patterns(context);
    arith::populateArithToLLVMConversionPatterns(converter, patterns);
    cf::populateControlFlowToLLVMConversionPatterns(converter, patterns);
    LLVMConversionTarget target(*context);
    target.addLegalOp<ModuleOp>();
    if (failed(applyPartialConversion(getOperation(), target, std::move(patterns))))
      return signalPassFailure();
    // The conversions carry a loop's annotation along as an attribute of the back edge; LLVM reads its property.
    getOperation().walk([](LLVM::BrOp branch) {
      if (auto annotation = branch->getDiscardableAttr(loopAnnotation)) {
        branch.setLoopAnnotationAttr(llvm::cast<LLVM::LoopAnnotationAttr>(annotation));
        branch->removeDiscardableAttr(loopAnnotation);
      }
    });
  }
  static constexpr StringLiteral loopAnnotation = "llvm.loop_annotation";
};
} // namespace

std::unique_ptr<Pass> codegen::createLowerToLLVMPass() { return std::make_unique<LowerToLLVMPass>(); }
