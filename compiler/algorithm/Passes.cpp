#include "compiler/algorithm/Passes.h"

#include "mlir/Pass/PassRegistry.h"

using namespace mlir;
using namespace qcc;

void algorithm::registerPasses() {
  registerPass([] { return createStreamFramesPass({}); });
  registerPass([] { return createChooseAlgorithmPass({}); });
}
