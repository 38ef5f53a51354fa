#include "compiler/pipeline/Model.h"

#include "dialects/qnn/QnnDialect.h"
#include "dialects/qnn/State.h"

using namespace mlir;
using namespace qcc;

static constexpr StringLiteral portName = "qnn.name";

FailureOr<func::FuncOp> qcc::findModel(ModuleOp module) {
  func::FuncOp model;
  for (auto function : module.getOps<func::FuncOp>()) {
    if (function.isPrivate() || function.isDeclaration())
      continue;
    if (model) {
      InFlightDiagnostic error = function.emitOpError()
                                 << "is a second public function beside '" << model.getName() << "'";
      return error.attachNote() << "a model is one public function; make the others private";
    }
    model = function;
  }
  if (!model)
    return module.emitError() << "expects one public function, the model, but there is none";
  if (model.getNumResults() == qnn::stateCount(model))
    return model.emitOpError() << "expects at least one result, the model's output";
  auto check = [&](TypeRange types, StringRef what) -> LogicalResult {
    for (auto [index, type] : llvm::enumerate(types))
      if (!qnn::isFormatTensor(type))
        return model.emitOpError() << "expects a tensor of static shape with a number format as " << what << ' '
                                   << index << ", but got " << type;
    return success();
  };
  if (failed(check(model.getArgumentTypes(), "input")) || failed(check(model.getResultTypes(), "output")))
    return failure();
  return model;
}

using GetName = llvm::function_ref<StringAttr(unsigned)>;

static std::vector<ModelPort> listPorts(TypeRange types, StringRef fallback, GetName getName) {
  std::vector<ModelPort> ports;
  for (auto [index, type] : llvm::enumerate(types)) {
    StringAttr given = getName(index);
    std::string name = given ? given.str() : "";
    if (name.empty() || llvm::is_contained(llvm::map_range(ports, std::mem_fn(&ModelPort::name)), name))
      name = (fallback + Twine(index)).str();
    ports.push_back({name, cast<RankedTensorType>(type)});
  }
  return ports;
}

std::vector<ModelPort> qcc::modelInputs(func::FuncOp model) {
  return listPorts(model.getArgumentTypes().drop_back(qnn::stateCount(model)), "input",
                   [&](unsigned index) { return model.getArgAttrOfType<StringAttr>(index, portName); });
}

std::vector<ModelPort> qcc::modelOutputs(func::FuncOp model) {
  return listPorts(model.getResultTypes().drop_back(qnn::stateCount(model)), "output",
                   [&](unsigned index) { return model.getResultAttrOfType<StringAttr>(index, portName); });
}

std::vector<ModelState> qcc::modelStates(func::FuncOp model) {
  unsigned count = qnn::stateCount(model), first = model.getNumArguments() - count;
  std::vector<ModelState> states;
  for (auto [index, port] :
       llvm::enumerate(listPorts(model.getArgumentTypes().take_back(count), "state", [&](unsigned index) {
         return model.getArgAttrOfType<StringAttr>(first + index, portName);
       })))
    states.push_back({port, qnn::initialState(model, first + index)});
  return states;
}

void qcc::namePorts(func::FuncOp model) {
  OpBuilder builder(model.getContext());
  for (auto [index, port] : llvm::enumerate(modelInputs(model)))
    model.setArgAttr(index, portName, builder.getStringAttr(port.name));
  for (auto [index, port] : llvm::enumerate(modelOutputs(model)))
    model.setResultAttr(index, portName, builder.getStringAttr(port.name));
  for (auto [index, state] : llvm::enumerate(modelStates(model)))
    model.setArgAttr(modelInputs(model).size() + index, portName, builder.getStringAttr(state.name));
}
