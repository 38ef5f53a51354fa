#include "compiler/compress/Passes.h"

#include "mlir/Pass/PassRegistry.h"

using namespace mlir;
using namespace qcc;

void compress::registerPasses() { registerPass(createRemoveDeadChannelsPass); }
