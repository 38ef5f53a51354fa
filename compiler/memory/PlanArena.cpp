// qk-plan-arena: from tensors to views of one arena.
#include "compiler/memory/ArenaPlan.h"
#include "compiler/memory/Passes.h"
#include "compiler/memory/StageWeights.h"
#include "compiler/target/MachinePass.h"
#include "dialects/qnn/State.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace qcc;
using memory::Memory;

namespace {

class Planner {
public:
  Planner(func::FuncOp model, const target::Target &target, ArrayRef<Memory> memories, int64_t align)
      : model(model), body(model.getBody().front()), target(target), memories(memories), align(align) {}
  LogicalResult run();

private:
  FailureOr<memory::MemoryLayout> layOutArena(const memory::ArenaPlan &plan);
  FailureOr<memory::MemoryLayout> layOutMemories(std::optional<memory::ArenaPlan> &plan);
  LogicalResult reportTooSmall(const memory::ArenaPlan &plan);
  void remark(const memory::ArenaPlan &plan, const memory::MemoryLayout &layout);
  void rewrite(const memory::ArenaPlan &plan, const memory::MemoryLayout &layout);
  Attribute describe(OpBuilder &b, StringRef name, TypeAttr type, size_t buffer,
                     const memory::MemoryLayout &layout) const;
  void describeMemories(OpBuilder &b, const memory::MemoryLayout &layout);
  ArrayAttr describeStates(OpBuilder &b, const memory::ArenaPlan &plan, const memory::MemoryLayout &layout);

  func::FuncOp model;
  Block &body;
  const target::Target &target;
  ArrayRef<Memory> memories; // none for one arena of any size
  int64_t align;             // of buffers
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

/// The kernels of a stream on memory, too. Rows are arguments already; scratch memory becomes one.
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

Attribute Planner::describe(OpBuilder &b, StringRef name, TypeAttr type, size_t buffer,
                            const memory::MemoryLayout &layout) const {
  SmallVector<NamedAttribute> fields = {b.getNamedAttr("name", b.getStringAttr(name)), b.getNamedAttr("type", type),
                                        b.getNamedAttr("offset", b.getI64IntegerAttr(layout.offsets[buffer]))};
  if (!memories.empty())
    fields.push_back(b.getNamedAttr("memory", b.getI64IntegerAttr(layout.memories[buffer])));
  return b.getDictionaryAttr(fields);
}

void Planner::describeMemories(OpBuilder &b, const memory::MemoryLayout &layout) {
  model->setAttr("qk.align", b.getI64IntegerAttr(std::max(align, memory::leastArenaAlign)));
  if (memories.empty()) {
    model->setAttr("qk.lower_bound", b.getI64IntegerAttr(layout.uses[0].lowerBound));
    return;
  }
  SmallVector<Attribute> list;
  for (auto [memory, use] : llvm::zip(memories, layout.uses))
    list.push_back(b.getDictionaryAttr({b.getNamedAttr("name", b.getStringAttr(memory.name)),
                                        b.getNamedAttr("bytes", b.getI64IntegerAttr(use.bytes)),
                                        b.getNamedAttr("capacity", b.getI64IntegerAttr(memory.bytes)),
                                        b.getNamedAttr("lower_bound", b.getI64IntegerAttr(use.lowerBound))}));
  model->setAttr("qk.memories", b.getArrayAttr(list));
}

std::string nameOf(DictionaryAttr attributes, StringRef fallback, size_t index) {
  auto name = attributes ? attributes.getAs<StringAttr>("qnn.name") : StringAttr();
  return name ? name.str() : (fallback + llvm::Twine(index)).str();
}

/// Each state's place among the caller's, and, if its next value is not computed there, from where it is copied.
ArrayAttr Planner::describeStates(OpBuilder &b, const memory::ArenaPlan &plan, const memory::MemoryLayout &layout) {
  Operation *terminator = body.getTerminator();
  unsigned count = qnn::stateCount(model), firstArgument = body.getNumArguments() - count,
           firstResult = terminator->getNumOperands() - count;
  SmallVector<Attribute> states;
  for (unsigned index = 0; index < count; ++index) {
    unsigned number = firstArgument + index;
    Value argument = body.getArgument(number), next = terminator->getOperand(firstResult + index);
    NamedAttrList attributes;
    attributes.set("name", b.getStringAttr(nameOf(model.getArgAttrDict(number), "state", index)));
    attributes.set("type", model.getArgAttr(number, "qnn.type"));
    attributes.set("offset", b.getI64IntegerAttr(*plan.states().find(argument)));
    attributes.set("initial", model.getArgAttr(number, qnn::stateAttrName));
    if (!plan.states().find(next)) {
      size_t buffer = plan.bufferOf(next);
      attributes.set("source", b.getI64IntegerAttr(layout.offsets[buffer]));
      if (!memories.empty())
        attributes.set("memory", b.getI64IntegerAttr(layout.memories[buffer]));
    }
    states.push_back(attributes.getDictionary(b.getContext()));
  }
  return b.getArrayAttr(states);
}

void Planner::rewrite(const memory::ArenaPlan &plan, const memory::MemoryLayout &layout) {
  OpBuilder b(model.getContext());
  auto terminator = llvm::cast<func::ReturnOp>(body.getTerminator());
  unsigned stateCount = qnn::stateCount(model);
  ArrayAttr states = describeStates(b, plan, layout);
  SmallVector<Attribute> inputs, outputs;
  for (auto [index, argument] : llvm::enumerate(body.getArguments().drop_back(stateCount)))
    inputs.push_back(describe(b, nameOf(model.getArgAttrDict(index), "input", index),
                              model.getArgAttrOfType<TypeAttr>(index, "qnn.type"), plan.bufferOf(argument), layout));
  for (auto [index, value] : llvm::enumerate(terminator.getOperands().drop_back(stateCount)))
    outputs.push_back(describe(b, nameOf(model.getResultAttrDict(index), "output", index),
                               model.getResultAttrOfType<TypeAttr>(index, "qnn.type"), plan.bufferOf(value), layout));

  size_t oldArguments = body.getNumArguments();
  SmallVector<Type> types;
  for (const memory::MemoryUse &use : layout.uses)
    types.push_back(MemRefType::get({use.bytes}, b.getI8Type()));
  if (stateCount > 0)
    types.push_back(MemRefType::get({plan.states().bytes()}, b.getI8Type()));
  SmallVector<Value> blocks;
  for (Type type : types)
    blocks.push_back(body.addArgument(type, model.getLoc()));
  auto viewOf = [&](Value value) -> Value {
    std::optional<int64_t> inState = plan.states().find(value);
    int64_t place = inState ? *inState : layout.offsets[plan.bufferOf(value)];
    Value block = inState ? blocks.back() : blocks[layout.memories[plan.bufferOf(value)]];
    Value offset = arith::ConstantIndexOp::create(b, value.getLoc(), place);
    return memref::ViewOp::create(b, value.getLoc(), memoryOf(value.getType()), block, offset, ValueRange());
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
    if (plan.mustDescend(kernel, layout))
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
  model.setFunctionType(b.getFunctionType(types, {}));
  model->setAttr("qk.inputs", b.getArrayAttr(inputs));
  model->setAttr("qk.outputs", b.getArrayAttr(outputs));
  describeMemories(b, layout);
  if (stateCount > 0)
    model->setAttr("qk.states", states);
}

FailureOr<memory::MemoryLayout> Planner::layOutArena(const memory::ArenaPlan &plan) {
  std::optional<memory::Placement> placement = memory::placeUpwards(plan.buffers(), plan.overlaps());
  if (!placement)
    return plan.reportOverflow();
  return memory::MemoryLayout{std::vector<size_t>(plan.buffers().size(), 0),
                              std::move(placement->offsets),
                              {{placement->total, placement->lowerBound}}};
}

/// Divides the buffers among the memories.
FailureOr<memory::MemoryLayout> Planner::layOutMemories(std::optional<memory::ArenaPlan> &plan) {
  if (memories.size() > 1 && failed(memory::stageWeights(model, target, memories)))
    return failure();
  FailureOr<memory::ArenaPlan> created = memory::ArenaPlan::create(model, align);
  if (failed(created))
    return failure();
  plan = std::move(*created);
  std::optional<memory::Assignment> assignment =
      memory::assign(plan->buffers(), plan->overlaps(), plan->heats(), memories);
  if (!assignment)
    return reportTooSmall(*plan);
  std::optional<memory::MemoryLayout> layout =
      memory::layOut(plan->buffers(), plan->overlaps(), assignment->memories, memories);
  if (!layout)
    return reportTooSmall(*plan);
  return std::move(*layout);
}

std::string showMemories(ArrayRef<Memory> memories) {
  return llvm::join(
      llvm::map_range(memories, [](const Memory &memory) { return memory.name + "=" + std::to_string(memory.bytes); }),
      ",");
}

/// An error at the layer that has most to hold, with a size of the last memory that is enough.
LogicalResult Planner::reportTooSmall(const memory::ArenaPlan &plan) {
  Operation *binding = nullptr;
  for (auto kernel : body.getOps<qk::Kernel>())
    if (!binding || plan.liveBytes(kernel) > plan.liveBytes(binding))
      binding = kernel;
  InFlightDiagnostic error = emitError(binding ? binding->getLoc() : model.getLoc())
                             << "expects memories with room for all tensors, but they are " << showMemories(memories);
  if (binding)
    error << ", and this layer needs " << plan.liveBytes(binding) << " bytes at a time";
  std::vector<Memory> enough = memories.vec();
  enough.back().bytes = INT32_MAX;
  std::vector<memory::Heat> heats = plan.heats();
  auto assigned = memory::assign(plan.buffers(), plan.overlaps(), heats, enough);
  auto layout = assigned ? memory::layOut(plan.buffers(), plan.overlaps(), assigned->memories, enough) : std::nullopt;
  if (!layout)
    return error;
  enough.back().bytes = std::max<int64_t>(layout->uses.back().bytes, 1);
  // With less room, buffers may be divided in another way.
  if (memory::assign(plan.buffers(), plan.overlaps(), heats, enough))
    error << "; " << showMemories(enough) << " can be met";
  return error;
}

void Planner::remark(const memory::ArenaPlan &plan, const memory::MemoryLayout &layout) {
  for (auto [number, use] : llvm::enumerate(layout.uses)) {
    std::string what = memories.empty() ? "arena" : "memory '" + memories[number].name + "'";
    model.emitRemark() << what << " of " << use.bytes << " bytes for " << llvm::count(layout.memories, number)
                       << " buffers; no placement of these needs less than " << use.lowerBound;
  }
  auto isWhole = [](qk::FetchOp fetch) { return fetch.getInput().getType() == fetch.getInit().getType(); };
  for (auto fetch : llvm::make_filter_range(body.getOps<qk::FetchOp>(), isWhole))
    emitRemark(fetch.getLoc()) << "weights of " << plan.buffers()[plan.bufferOf(fetch.getResult())].size
                               << " bytes are copied to '" << memories[0].name << "' before they are read";
}

LogicalResult Planner::run() {
  std::optional<memory::ArenaPlan> plan;
  FailureOr<memory::MemoryLayout> layout = failure();
  if (memories.empty()) {
    FailureOr<memory::ArenaPlan> created = memory::ArenaPlan::create(model, align);
    if (failed(created))
      return failure();
    plan = std::move(*created);
    layout = layOutArena(*plan);
  } else {
    layout = layOutMemories(plan);
  }
  if (failed(layout))
    return failure();
  remark(*plan, *layout);
  for (const memory::MemoryUse &use : layout->uses)
    if (use.bytes > INT32_MAX)
      return model.emitError() << "needs an arena of " << use.bytes << " bytes, but offsets reach only " << INT32_MAX;
  if (int64_t bytes = plan->states().bytes(); bytes > INT32_MAX)
    return model.emitError() << "needs " << bytes << " bytes of state, but offsets reach only " << INT32_MAX;
  rewrite(*plan, *layout);
  return success();
}

/// `name=bytes`, as a pass option has it.
std::optional<Memory> parseMemory(StringRef text) {
  auto [name, bytes] = text.split('=');
  Memory memory{name.str(), 0};
  if (name.empty() || bytes.getAsInteger(10, memory.bytes) || memory.bytes < 1)
    return std::nullopt;
  return memory;
}

struct PlanArenaPass : target::MachinePass<PlanArenaPass, func::FuncOp> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(PlanArenaPass)
  StringRef getArgument() const override { return "qk-plan-arena"; }
  StringRef getDescription() const override { return "Place all tensors in one arena"; }
  PlanArenaPass() = default;
  PlanArenaPass(const target::Machine *machine, std::vector<Memory> memories, int64_t align)
      : MachinePass(machine), memories(std::move(memories)) {
    this->align = align;
  }
  PlanArenaPass(const PlanArenaPass &other) : MachinePass(other), memories(other.memories) {}
  void getDependentDialects(DialectRegistry &registry) const override { registry.insert<tensor::TensorDialect>(); }

  void runOnOperation() override {
    if (getOperation().isExternal())
      return;
    std::vector<Memory> all = memories;
    for (const std::string &text : given) {
      std::optional<Memory> memory = parseMemory(text);
      if (!memory) {
        getOperation().emitError() << "expects memories as name=bytes, but got '" << text << "'";
        return signalPassFailure();
      }
      all.push_back(std::move(*memory));
    }
    if (align < 1 || !llvm::isPowerOf2_64(static_cast<uint64_t>(align))) {
      getOperation().emitError() << "expects a power of two as alignment, but got " << align.getValue();
      return signalPassFailure();
    }
    FailureOr<target::Machine> chosen = machine();
    if (failed(chosen) || failed(Planner(getOperation(), *chosen->target, all, align).run()))
      signalPassFailure();
  }

  std::vector<Memory> memories;
  Option<int64_t> align{*this, "align", llvm::cl::desc("alignment of tensors in bytes"),
                        llvm::cl::init(memory::scalarAlign)};
  ListOption<std::string> given{*this, "memories", llvm::cl::desc("name=bytes of each memory, the fastest first")};
};
} // namespace

std::unique_ptr<Pass> memory::createPlanArenaPass(const target::Machine *machine, std::vector<Memory> memories,
                                                  int64_t align) {
  return std::make_unique<PlanArenaPass>(machine, std::move(memories), align);
}
void memory::registerPasses() {
  PassRegistration<PlanArenaPass>();
  registerPass([] { return createFitArenaPass(nullptr, {}); });
  registerPass([] { return createFuseRowsPass(nullptr); });
  registerPass([] { return createFuseMapsPass(nullptr); });
}
