#include "compiler/quantize/Passes.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"

using namespace mlir;
using namespace qcc;

void quantize::registerQuantizePasses() {
  registerPass(createFoldBatchNormPass);
  registerPass(createFoldThresholdsPass);
  registerPass(createFuseActivationPass);
  registerPass(createFuseBiasPass);
  registerPass(createMatmulToDensePass);
  registerPass(createPoolToMeanPass);
}

LogicalResult quantize::simplifyFloatModel(ModuleOp module) {
  PassManager passes(module.getContext());
  passes.addPass(createMatmulToDensePass());
  passes.addPass(createFoldBatchNormPass());
  passes.addPass(createFuseBiasPass());
  passes.addPass(createFuseActivationPass());
  passes.addPass(createPoolToMeanPass());
  return passes.run(module);
}
