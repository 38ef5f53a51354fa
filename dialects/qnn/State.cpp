#include "dialects/qnn/State.h"
#include "dialects/qnn/QnnDialect.h"

using namespace mlir;
using namespace qcc::qnn;

unsigned qcc::qnn::stateCount(FunctionOpInterface model) {
  unsigned count = 0;
  while (count < model.getNumArguments() && model.getArgAttr(model.getNumArguments() - 1 - count, stateAttrName))
    ++count;
  return count;
}

double qcc::qnn::initialState(FunctionOpInterface model, unsigned argument) {
  return model.getArgAttrOfType<FloatAttr>(argument, stateAttrName).getValueAsDouble();
}

/// All types from `index` on have the attribute. `what` is an argument or a result.
static LogicalResult verifyLast(Operation *op, StringRef what, unsigned index, unsigned count,
                                llvm::function_ref<Attribute(unsigned)> attributeOf) {
  for (unsigned later = index + 1; later < count; ++later)
    if (!attributeOf(later)) // state_c2
      return op->emitOpError() << "expects state after all that is none, but " << what << ' ' << index << " has "
                               << stateAttrName << " and " << what << ' ' << later << " has not";
  return success();
}

LogicalResult QnnDialect::verifyRegionArgAttribute(Operation *op, unsigned, unsigned index, NamedAttribute attribute) {
  auto model = llvm::dyn_cast<FunctionOpInterface>(op);
  if (!model || attribute.getName() != stateAttrName)
    return success();
  auto value = llvm::dyn_cast<FloatAttr>(attribute.getValue());
  if (!value || !value.getType().isF64() || !value.getValue().isFinite()) // state_c1
    return op->emitOpError() << "expects a finite f64 as " << stateAttrName << " of argument " << index
                             << ", the first value of its elements, but got " << attribute.getValue();
  auto attributeOf = [&](unsigned i) { return model.getArgAttr(i, stateAttrName); };
  if (failed(verifyLast(op, "argument", index, model.getNumArguments(), attributeOf)))
    return failure();
  unsigned behind = model.getNumArguments() - index, results = model.getNumResults();
  if (behind > results || !model.getResultAttr(results - behind, stateAttrName)) // state_c3
    return op->emitOpError() << "expects a result with " << stateAttrName << " for the state of argument " << index
                             << ", as far from the end, but there is none";
  Type next = model.getResultTypes()[results - behind], type = model.getArgumentTypes()[index];
  if (next != type) // state_c3
    return op->emitOpError() << "expects state of one type, but argument " << index << " has " << type << " and result "
                             << results - behind << " has " << next;
  return success();
}

LogicalResult QnnDialect::verifyRegionResultAttribute(Operation *op, unsigned, unsigned index,
                                                      NamedAttribute attribute) {
  auto model = llvm::dyn_cast<FunctionOpInterface>(op);
  if (!model || attribute.getName() != stateAttrName)
    return success();
  if (!llvm::isa<UnitAttr>(attribute.getValue())) // state_c1
    return op->emitOpError() << "expects a unit attribute as " << stateAttrName << " of result " << index
                             << ", but got " << attribute.getValue();
  auto attributeOf = [&](unsigned i) { return model.getResultAttr(i, stateAttrName); };
  if (failed(verifyLast(op, "result", index, model.getNumResults(), attributeOf)))
    return failure();
  unsigned behind = model.getNumResults() - index, arguments = model.getNumArguments();
  if (behind > arguments || !model.getArgAttr(arguments - behind, stateAttrName)) // state_c3
    return op->emitOpError() << "expects an argument with " << stateAttrName << " for the state of result " << index
                             << ", as far from the end, but there is none";
  return success();
}
