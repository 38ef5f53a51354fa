#include "compiler/emit/Budgets.h"

#include "dialects/qnn/QnnOps.h"

using namespace mlir;
using namespace qcc;

int64_t qcc::flashBytes(const ModelReport &report) { return report.textBytes + report.rodataBytes; }

int64_t qcc::ramBytes(const ModelReport &report) {
  return report.arenaBytes + std::max<int64_t>(report.stackBytes, 0) + std::max<int64_t>(report.stateBytes, 0);
}

InFlightDiagnostic qcc::ramError(Location loc, int64_t budget, const ModelReport &report) {
  return emitError(loc) << "expects at most " << budget << " bytes of ram, but arena and stack"
                        << (report.stateBytes > 0 ? " and state" : "") << " take " << ramBytes(report);
}

/// The layer with most weights.
static Location heaviestLayer(ModuleOp module) {
  Location heaviest = module.getLoc();
  int64_t most = -1;
  module.walk([&](Operation *op) {
    int64_t bytes = 0;
    for (Value operand : op->getOperands())
      if (auto constant = operand.getDefiningOp<qnn::ConstantOp>())
        bytes += static_cast<int64_t>(constant.getBytes().size());
    if (bytes > most) {
      most = bytes;
      heaviest = op->getLoc();
    }
  });
  return heaviest;
}

InFlightDiagnostic qcc::flashError(ModuleOp module, int64_t budget, const ModelReport &report) {
  InFlightDiagnostic error = emitError(heaviestLayer(module))
                             << "expects at most " << budget << " bytes of flash, but code and read-only data take "
                             << flashBytes(report) << " with -Os";
  if (!report.versions.empty())
    error << " (";
  llvm::interleaveComma(report.versions, error, [&](const VersionReport &version) {
    error << version.flashBytes << " for " << version.target;
  });
  error << (report.versions.empty() ? "" : ")") << "; this layer has most of them";
  return error;
}

bool qcc::shrink(CompileOptions &options) {
  if (!options.optimizeSize) {
    options.optimizeSize = true;
    options.transformsFreely = options.optLevel > 2; // speed came first
    options.optLevel = 2;
    return true;
  }
  return std::exchange(options.transformsWeights, false);
}
