#include "compiler/driver/ComparedModels.h"

#include "compiler/quantize/Passes.h"
#include "compiler/quantize/Precision.h"
#include "dialects/qnn/QnnOps.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;

StringRef qcc::driver::nameOfLayer(Operation *op) {
  StringRef name = quantize::getLayerName(op).split(';').first;
  auto [base, number] = name.rsplit('#');
  bool isNumber = !number.empty() && llvm::all_of(number, llvm::isDigit);
  return isNumber ? base : name;
}

Layers qcc::driver::findLayers(func::FuncOp model) {
  Layers layers;
  for (Operation &op : model.front().without_terminator()) {
    StringRef name = nameOfLayer(&op);
    if (!name.empty() && op.getNumResults() == 1 && !llvm::isa<qnn::ConstantOp>(op))
      layers[name] = &op;
  }
  return layers;
}

static LogicalResult checkInputs(func::FuncOp model, func::FuncOp reference) {
  for (func::FuncOp each : {model, reference})
    if (!modelStates(each).empty())
      return each.emitError() << "cannot compare the layers of '" << each.getName()
                              << "', which has state; compare the model that sees all frames";
  auto shapesOf = [](func::FuncOp function) {
    return llvm::map_to_vector(modelInputs(function), [](const ModelPort &port) { return port.type.getShape(); });
  };
  if (shapesOf(model) != shapesOf(reference))
    return reference.emitError() << "expects the inputs of '" << model.getName()
                                 << "', which it is compared with, in number and shape";
  return success();
}

/// A clone of a module whose one function is a model.
static OwningOpRef<ModuleOp> cloneModel(ModuleOp module, bool simplifies) {
  OwningOpRef<ModuleOp> clone = module.clone();
  if (simplifies && failed(quantize::simplifyFloatModel(*clone)))
    return nullptr;
  return clone;
}

FailureOr<ComparedModels> qcc::driver::cloneToCompare(ModuleOp model, ModuleOp reference) {
  if (failed(checkInputs(*findModel(model), *findModel(reference))))
    return failure();
  // What quantization does to a float model first: batch norms and activations are no layers of their own then.
  bool simplifies = llvm::any_of(modelInputs(*findModel(reference)),
                                 [](const ModelPort &port) { return qnn::getFormat(port.type).isFloat(); });
  ComparedModels clones{cloneModel(model, simplifies), cloneModel(reference, simplifies)};
  if (!clones.model || !clones.reference)
    return failure();
  return clones;
}
