// qk-plan-arena: buffers, their life spans, writing in place, offsets.
#include "compiler/memory/Passes.h"
#include "compiler/memory/Placer.h"
#include "dialects/qk/QkOps.h"

using namespace mlir;
using namespace qcc;

namespace {

constexpr int64_t bufferAlign = 4; // enough for every scalar access of a 32-bit machine

int64_t byteSize(Type type) {
  auto shaped = llvm::cast<ShapedType>(type);
  return shaped.getNumElements() * shaped.getElementTypeBitWidth() / 8;
}

class Planner {
public:
  explicit Planner(func::FuncOp model) : model(model), body(model.getBody().front()) {}
  LogicalResult run();

private:
  struct Buffer {
    int64_t begin, end, size;
  };
  int newBuffer(int64_t begin, int64_t size) {
    buffers.push_back({begin, begin, size});
    return static_cast<int>(buffers.size()) - 1;
  }
  int64_t stepOf(Operation *op) const { return steps.lookup(op); }
  int64_t lastUse(Value value) const;
  LogicalResult verifyModel();
  LogicalResult assignBuffers();
  int chooseInPlace(qk::Kernel kernel);
  void rewrite(const memory::Placement &placement);
  Attribute describe(OpBuilder &b, StringRef name, TypeAttr type, int64_t offset) const;

  func::FuncOp model;
  Block &body;
  llvm::DenseMap<Operation *, int64_t> steps;
  llvm::DenseMap<Value, int> bufferOf;
  std::vector<Buffer> buffers;
};

/// The last step that reads a value, directly or through views.
int64_t Planner::lastUse(Value value) const {
  int64_t last = -1;
  for (Operation *user : value.getUsers()) {
    last = std::max(last, stepOf(user));
    if (auto view = llvm::dyn_cast<qk::ViewOp>(user))
      last = std::max(last, lastUse(view.getResult()));
  }
  return last;
}

/// The buffer that `kernel` may write over, or -1: all values in it are dead afterwards, and the kernel
/// reads each code no later than it writes in its place.
int Planner::chooseInPlace(qk::Kernel kernel) {
  Operation *op = kernel;
  int64_t size = byteSize(op->getResult(0).getType()), step = stepOf(op);
  for (OpOperand &operand : op->getOpOperands().drop_back()) {
    auto found = bufferOf.find(operand.get());
    if (found == bufferOf.end() || !kernel.mayOverwrite(operand))
      continue;
    int candidate = found->second;
    bool isFree = buffers[candidate].end == step && buffers[candidate].size >= size;
    for (OpOperand &other : op->getOpOperands().drop_back())
      if (auto shared = bufferOf.find(other.get()); shared != bufferOf.end() && shared->second == candidate)
        isFree &= kernel.mayOverwrite(other);
    if (isFree)
      return candidate;
  }
  return -1;
}

/// One block of kernels from storage to storage, as `convert-qnn-to-qk` leaves it.
LogicalResult Planner::verifyModel() {
  if (!model.getBody().hasOneBlock())
    return model.emitError() << "expects a model of one block, but got " << model.getBody().getBlocks().size();
  for (Operation &op : body.without_terminator())
    if (!llvm::isa<qk::Kernel, qk::ConstantOp, qk::ViewOp, tensor::EmptyOp>(op))
      return op.emitError() << "is no kernel; run convert-qnn-to-qk first";
  auto verifyPort = [&](Type type, TypeAttr format, StringRef what, size_t index) -> LogicalResult {
    if (!llvm::isa<RankedTensorType>(type))
      return model.emitError() << "expects a tensor as " << what << ' ' << index << ", but got " << type;
    if (!format)
      return model.emitError() << "expects the attribute qnn.type on " << what << ' ' << index
                               << "; convert-qnn-to-qk sets it";
    return success();
  };
  for (auto [index, type] : llvm::enumerate(model.getArgumentTypes()))
    if (failed(verifyPort(type, model.getArgAttrOfType<TypeAttr>(index, "qnn.type"), "input", index)))
      return failure();
  for (auto [index, type] : llvm::enumerate(model.getResultTypes()))
    if (failed(verifyPort(type, model.getResultAttrOfType<TypeAttr>(index, "qnn.type"), "output", index)))
      return failure();
  return success();
}

LogicalResult Planner::assignBuffers() {
  int64_t step = 0;
  for (Operation &op : body)
    steps[&op] = step++;
  auto extend = [&](Value value, int buffer) {
    bufferOf[value] = buffer;
    buffers[buffer].end = std::max(buffers[buffer].end, lastUse(value));
  };
  for (BlockArgument argument : body.getArguments())
    extend(argument, newBuffer(-1, byteSize(argument.getType())));
  for (Operation &op : body.without_terminator()) {
    if (auto view = llvm::dyn_cast<qk::ViewOp>(op)) {
      if (auto found = bufferOf.find(view.getInput()); found != bufferOf.end())
        extend(view.getResult(), found->second);
      continue;
    }
    auto kernel = llvm::dyn_cast<qk::Kernel>(op);
    if (!kernel)
      continue;
    if (op.getNumResults() == 0)
      return op.emitError() << "writes to memory that is planned already";
    Value init = kernel.getDestination().get(), result = op.getResult(0);
    if (!init.getDefiningOp<tensor::EmptyOp>()) {
      // A further write to a tensor that earlier kernels began.
      if (!init.hasOneUse() || !bufferOf.count(init))
        return op.emitError() << "writes to a tensor that is used elsewhere, or that no kernel made";
      extend(result, bufferOf[init]);
      continue;
    }
    // Other empty tensors are scratch of this kernel.
    for (Value operand : op.getOperands().drop_back())
      if (operand.getDefiningOp<tensor::EmptyOp>())
        extend(operand, newBuffer(stepOf(&op), byteSize(operand.getType())));
    int buffer = chooseInPlace(kernel);
    extend(result, buffer >= 0 ? buffer : newBuffer(stepOf(&op), byteSize(result.getType())));
  }
  for (OpOperand &output : body.getTerminator()->getOpOperands())
    if (!bufferOf.count(output.get()))
      return model.emitError() << "expects a kernel's result or an input as output " << output.getOperandNumber()
                               << ", which needs memory of its own";
  return success();
}

Attribute Planner::describe(OpBuilder &b, StringRef name, TypeAttr type, int64_t offset) const {
  return b.getDictionaryAttr({b.getNamedAttr("name", b.getStringAttr(name)), b.getNamedAttr("type", type),
                              b.getNamedAttr("offset", b.getI64IntegerAttr(offset))});
}

void Planner::rewrite(const memory::Placement &placement) {
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
                              placement.offsets[bufferOf[argument]]));
  for (auto [index, value] : llvm::enumerate(terminator.getOperands()))
    outputs.push_back(describe(b, nameOf(model.getResultAttrDict(index), "output", index),
                               model.getResultAttrOfType<TypeAttr>(index, "qnn.type"),
                               placement.offsets[bufferOf[value]]));

  size_t oldArguments = body.getNumArguments();
  auto arenaType = MemRefType::get({placement.total}, b.getI8Type());
  Value arena = body.addArgument(arenaType, model.getLoc());
  auto viewOf = [&](Value value) -> Value {
    auto type = llvm::cast<RankedTensorType>(value.getType());
    Value offset = arith::ConstantIndexOp::create(b, value.getLoc(), placement.offsets[bufferOf[value]]);
    return memref::ViewOp::create(b, value.getLoc(), MemRefType::get(type.getShape(), type.getElementType()), arena,
                                  offset, ValueRange());
  };
  SmallVector<Operation *> old(llvm::make_pointer_range(body.without_terminator()));
  // Writes to one tensor share the view of their destination: the later ones are known by it.
  llvm::DenseMap<Value, Value> constants, destinations;
  for (Operation *op : old) {
    b.setInsertionPoint(op);
    if (auto constant = llvm::dyn_cast<qk::ConstantOp>(op)) {
      auto type = llvm::cast<RankedTensorType>(constant.getType());
      constants[constant] =
          qk::ConstantOp::create(b, op->getLoc(), MemRefType::get(type.getShape(), type.getElementType()),
                                 constant.getValue(), constant.getNameAttr());
    }
    if (!llvm::isa<qk::Kernel>(op))
      continue;
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
    OperationState state(op->getLoc(), op->getName(), operands, TypeRange(), op->getAttrs());
    for (Region &region : op->getRegions())
      state.addRegion()->takeBody(region);
    b.create(state);
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
}

LogicalResult Planner::run() {
  if (failed(verifyModel()) || failed(assignBuffers()))
    return failure();
  std::vector<memory::Buffer> lives;
  for (const Buffer &buffer : buffers)
    lives.push_back({buffer.begin, buffer.end, buffer.size, bufferAlign});
  std::optional<memory::Placement> placement = memory::place(lives);
  if (!placement)
    return model.emitError() << "has tensors of more than " << INT64_MAX << " bytes in all, but offsets reach only "
                             << INT32_MAX;
  model.emitRemark() << "arena of " << placement->total << " bytes for " << buffers.size()
                     << " buffers; no placement of these needs less than " << placement->lowerBound;
  if (placement->total > INT32_MAX)
    return model.emitError() << "needs an arena of " << placement->total << " bytes, but offsets reach only "
                             << INT32_MAX;
  rewrite(*placement);
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
void memory::registerPasses() { PassRegistration<PlanArenaPass>(); }
