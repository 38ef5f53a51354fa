// qk-plan-arena: from tensors to views of one arena.
#include "compiler/memory/ArenaPlan.h"
#include "compiler/memory/Passes.h"

using namespace mlir;
using namespace qcc;

namespace {

class Planner {
public:
  explicit Planner(func::FuncOp model) : model(model), body(model.getBody().front()) {}
  LogicalResult run();

private:
  void rewrite(const memory::ArenaPlan &plan, const memory::Placement &placement);
  Attribute describe(OpBuilder &b, StringRef name, TypeAttr type, int64_t offset) const;

  func::FuncOp model;
  Block &body;
};

MemRefType memoryOf(Type tensor) {
  auto type = llvm::cast<RankedTensorType>(tensor);
  return MemRefType::get(type.getShape(), type.getElementType());
}

Value onMemory(OpBuilder &b, qk::ConstantOp op) {
  return qk::ConstantOp::create(b, op.getLoc(), memoryOf(op.getType()), op.getValue(), op.getNameAttr());
}

/// A kernel on memory, with the regions of the one on tensors.
Operation *onMemory(OpBuilder &b, qk::Kernel kernel, ArrayRef<Value> operands) {
  Operation *op = kernel;
  OperationState state(op->getLoc(), op->getName(), operands, TypeRange(), op->getAttrs());
  for (Region &region : op->getRegions())
    state.addRegion()->takeBody(region);
  return b.create(state);
}

/// The contractions of a stream on memory, too. Rows are arguments already; scratch memory becomes one.
void moveToMemory(qk::StreamOp stream) {
  Block &body = stream.getBody().front();
  for (BlockArgument argument : body.getArguments())
    argument.setType(memoryOf(argument.getType()));
  llvm::DenseMap<Value, Value> replaced;
  SmallVector<Operation *> old(llvm::make_pointer_range(body));
  for (Operation *op : old) {
    OpBuilder b(op);
    if (auto constant = llvm::dyn_cast<qk::ConstantOp>(op)) {
      replaced[constant] = onMemory(b, constant);
    } else if (auto empty = llvm::dyn_cast<tensor::EmptyOp>(op)) {
      replaced[empty] = body.addArgument(memoryOf(empty.getType()), op->getLoc());
    } else {
      SmallVector<Value> operands;
      for (Value operand : op->getOperands())
        operands.push_back(replaced.contains(operand) ? replaced[operand] : operand);
      onMemory(b, llvm::cast<qk::Kernel>(op), operands);
    }
  }
  for (Operation *op : llvm::reverse(old))
    op->erase();
}

Attribute Planner::describe(OpBuilder &b, StringRef name, TypeAttr type, int64_t offset) const {
  return b.getDictionaryAttr({b.getNamedAttr("name", b.getStringAttr(name)), b.getNamedAttr("type", type),
                              b.getNamedAttr("offset", b.getI64IntegerAttr(offset))});
}

void Planner::rewrite(const memory::ArenaPlan &plan, const memory::Placement &placement) {
  OpBuilder b(model.getContext());
  auto terminator = llvm::cast<func::ReturnOp>(body.getTerminator());
  auto nameOf = [](DictionaryAttr attributes, StringRef fallback, size_t index) {
    auto name = attributes ? attributes.getAs<StringAttr>("qnn.name") : StringAttr();
    return name ? name.str() : (fallback + llvm::Twine(index)).str();
  };
  SmallVector<Attribute> inputs, outputs;
  for (auto [index, argument] : llvm::enumerate(body.getArguments()))
    inputs.push_back(describe(b, nameOf(model.getArgAttrDict(index), "input", index),
                              model.getArgAttrOfType<TypeAttr>(index, "qnn.type"),
                              placement.offsets[plan.bufferOf(argument)]));
  for (auto [index, value] : llvm::enumerate(terminator.getOperands()))
    outputs.push_back(describe(b, nameOf(model.getResultAttrDict(index), "output", index),
                               model.getResultAttrOfType<TypeAttr>(index, "qnn.type"),
                               placement.offsets[plan.bufferOf(value)]));

  size_t oldArguments = body.getNumArguments();
  auto arenaType = MemRefType::get({placement.total}, b.getI8Type());
  Value arena = body.addArgument(arenaType, model.getLoc());
  auto viewOf = [&](Value value) -> Value {
    Value offset = arith::ConstantIndexOp::create(b, value.getLoc(), placement.offsets[plan.bufferOf(value)]);
    return memref::ViewOp::create(b, value.getLoc(), memoryOf(value.getType()), arena, offset, ValueRange());
  };
  SmallVector<Operation *> old(llvm::make_pointer_range(body.without_terminator()));
  // Writes to one tensor share the view of their destination: the later ones are known by it.
  llvm::DenseMap<Value, Value> constants, destinations;
  for (Operation *op : old) {
    b.setInsertionPoint(op);
    if (auto constant = llvm::dyn_cast<qk::ConstantOp>(op))
      constants[constant] = onMemory(b, constant);
    auto kernel = llvm::dyn_cast<qk::Kernel>(op);
    if (!kernel)
      continue;
    if (plan.mustDescend(kernel, placement))
      kernel.descend();
    SmallVector<Value> operands;
    for (Value operand : op->getOperands().drop_back()) {
      Value constant = constants.lookup(operand);
      operands.push_back(constant ? constant : viewOf(operand));
    }
    Value destination = destinations.lookup(op->getOperands().back());
    if (!destination)
      destination = viewOf(op->getResult(0));
    destinations[op->getResult(0)] = destination;
    operands.push_back(destination);
    if (auto stream = llvm::dyn_cast<qk::StreamOp>(onMemory(b, kernel, operands)))
      moveToMemory(stream);
  }
  terminator->setOperands({});
  for (Operation *op : llvm::reverse(old))
    op->erase();
  body.eraseArguments(0, oldArguments);
  model.setArgAttrsAttr(nullptr);
  model.setResAttrsAttr(nullptr);
  model.setFunctionType(b.getFunctionType({arenaType}, {}));
  model->setAttr("qk.inputs", b.getArrayAttr(inputs));
  model->setAttr("qk.outputs", b.getArrayAttr(outputs));
  model->setAttr("qk.lower_bound", b.getI64IntegerAttr(placement.lowerBound));
}

LogicalResult Planner::run() {
  FailureOr<memory::ArenaPlan> plan = memory::ArenaPlan::create(model);
  if (failed(plan))
    return failure();
  FailureOr<memory::Placement> placement = plan->placeUpwards();
  if (failed(placement))
    return failure();
  model.emitRemark() << "arena of " << placement->total << " bytes for " << plan->buffers().size()
                     << " buffers; no placement of these needs less than " << placement->lowerBound;
  if (placement->total > INT32_MAX)
    return model.emitError() << "needs an arena of " << placement->total << " bytes, but offsets reach only "
                             << INT32_MAX;
  rewrite(*plan, *placement);
  return success();
}

struct PlanArenaPass : PassWrapper<PlanArenaPass, OperationPass<func::FuncOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(PlanArenaPass)
  StringRef getArgument() const override { return "qk-plan-arena"; }
  StringRef getDescription() const override { return "Place all tensors in one arena"; }
  void runOnOperation() override {
    if (!getOperation().isExternal() && failed(Planner(getOperation()).run()))
      signalPassFailure();
  }
};
} // namespace

std::unique_ptr<Pass> memory::createPlanArenaPass() { return std::make_unique<PlanArenaPass>(); }
void memory::registerPasses() {
  PassRegistration<PlanArenaPass>();
  registerPass([] { return createFitArenaPass(nullptr, {}); });
}
