#include "compiler/memory/ArenaPlan.h"

#include "compiler/memory/Accesses.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::memory;

size_t ArenaPlan::newBuffer(int64_t begin, Type type) {
  list.push_back({begin, begin, qk::bytesOf(type), align});
  return list.size() - 1;
}

/// The last step that reads a value, directly or through views.
int64_t ArenaPlan::lastUse(Value value) const {
  int64_t last = -1;
  for (Operation *user : value.getUsers()) {
    last = std::max(last, stepOf(user));
    if (auto view = llvm::dyn_cast<qk::ViewOp>(user))
      last = std::max(last, lastUse(view.getResult()));
  }
  return last;
}

void ArenaPlan::extend(Value value, size_t buffer) {
  valueBuffers[value] = buffer;
  list[buffer].end = std::max(list[buffer].end, lastUse(value));
}

LogicalResult ArenaPlan::verifyModel() {
  if (!model.getBody().hasOneBlock())
    return model.emitError() << "expects a model of one block, but got " << model.getBody().getBlocks().size();
  for (Operation &op : model.front().without_terminator())
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

LogicalResult ArenaPlan::assignBuffers(qk::Kernel kernel) {
  Operation *op = kernel;
  if (op->getNumResults() == 0)
    return op->emitError() << "writes to memory that is planned already";
  Value init = kernel.getDestination().get(), result = op->getResult(0);
  // Empty tensors beside it are scratch of this kernel.
  for (Value operand : op->getOperands().drop_back())
    if (operand.getDefiningOp<tensor::EmptyOp>())
      extend(operand, newBuffer(stepOf(op), operand.getType()));
  if (!init.getDefiningOp<tensor::EmptyOp>()) {
    // A further write to a tensor that earlier kernels began.
    bool isState = statePlan.find(init) && llvm::isa<OpResult>(init);
    bool isLast = llvm::all_of(init.getUsers(), [&](Operation *user) {
      return user == op ? llvm::count(op->getOperands(), init) == 1 : user->isBeforeInBlock(op);
    });
    if (!isLast || (!isState && !valueBuffers.contains(init)))
      return op->emitError() << "writes to a tensor that is used elsewhere, or that no kernel made";
    if (!isState)
      extend(result, bufferOf(init));
    return success();
  }
  if (statePlan.find(result))
    return success();
  for (OpOperand &operand : op->getOpOperands().drop_back()) {
    auto found = valueBuffers.find(operand.get());
    if (found == valueBuffers.end() || list[found->second].end != stepOf(op) || !kernel.mayReplace(operand))
      continue;
    list[found->second].size = std::max(list[found->second].size, qk::bytesOf(result.getType()));
    extend(result, found->second);
    return success();
  }
  extend(result, newBuffer(stepOf(op), result.getType()));
  return success();
}

LogicalResult ArenaPlan::assignBuffers() {
  for (BlockArgument argument : model.getArguments())
    if (!statePlan.find(argument))
      extend(argument, newBuffer(-1, argument.getType()));
  for (Operation &op : model.front().without_terminator()) {
    if (auto view = llvm::dyn_cast<qk::ViewOp>(op)) {
      if (auto found = valueBuffers.find(view.getInput()); found != valueBuffers.end())
        extend(view.getResult(), found->second);
    } else if (auto kernel = llvm::dyn_cast<qk::Kernel>(op); kernel && failed(assignBuffers(kernel))) {
      return failure();
    }
  }
  for (OpOperand &output : model.front().getTerminator()->getOpOperands())
    if (!valueBuffers.contains(output.get()) && !statePlan.isNextValue(output))
      return model.emitError() << "expects a kernel's result or an input as output " << output.getOperandNumber()
                               << ", which needs memory of its own";
  return success();
}

/// A kernel's result may overlap an operand if this step is the first of the one and the last of the other.
void ArenaPlan::findOverlaps(qk::Kernel kernel) {
  Operation *op = kernel;
  int64_t step = stepOf(op);
  if (statePlan.find(op->getResult(0)))
    return;
  size_t second = bufferOf(op->getResult(0));
  if (list[second].begin != step)
    return;
  llvm::MapVector<size_t, qk::Distances> distances;
  for (OpOperand &operand : op->getOpOperands().drop_back()) {
    auto found = valueBuffers.find(operand.get());
    if (found == valueBuffers.end() || found->second == second || list[found->second].end != step)
      continue;
    // Of operands in one buffer, the strictest counts.
    qk::Distances its = kernel.distancesTo(operand);
    auto [known, isNew] = distances.insert({found->second, its});
    if (!isNew)
      known->second = {std::max(known->second.below, its.below), std::max(known->second.above, its.above)};
  }
  for (auto [first, its] : distances)
    if (its.below < list[second].size || its.above < list[first].size)
      pairs.push_back({first, second, std::min(its.below, list[second].size), std::min(its.above, list[first].size)});
}

FailureOr<ArenaPlan> ArenaPlan::create(func::FuncOp model, int64_t align) {
  ArenaPlan plan(model, align);
  if (failed(plan.verifyModel()))
    return failure();
  int64_t step = 0;
  for (Operation &op : model.front())
    plan.steps[&op] = step++;
  plan.statePlan = StatePlan(model);
  if (failed(plan.assignBuffers()))
    return failure();
  for (auto kernel : model.front().getOps<qk::Kernel>())
    plan.findOverlaps(kernel);
  return plan;
}

int64_t ArenaPlan::liveBytes(Operation *kernel) const {
  int64_t step = stepOf(kernel);
  std::vector<Buffer> live;
  llvm::DenseMap<size_t, size_t> numbers;
  for (auto [index, buffer] : llvm::enumerate(list))
    if (buffer.begin <= step && step <= buffer.end) {
      numbers[index] = live.size();
      live.push_back({step, step, buffer.size, buffer.align});
    }
  std::vector<Overlap> overlapping;
  for (auto [first, second, below, above] : pairs)
    if (numbers.contains(first) && numbers.contains(second))
      overlapping.push_back({numbers[first], numbers[second], below, above});
  return memory::liveBytes(live, overlapping).value_or(INT64_MAX);
}

FailureOr<Placement> ArenaPlan::place(const PlaceOptions &options) const {
  std::optional<Placement> placement = memory::place(list, pairs, options);
  if (!placement)
    return reportOverflow();
  return std::move(*placement);
}

InFlightDiagnostic ArenaPlan::reportOverflow() const {
  return emitError(func::FuncOp(model).getLoc())
         << "has tensors of more than " << INT64_MAX << " bytes in all, but offsets reach only " << INT32_MAX;
}

std::vector<Heat> ArenaPlan::heats() const {
  std::vector<Heat> result(list.size());
  for (auto kernel : func::FuncOp(model).front().getOps<qk::Kernel>()) {
    for (OpOperand &operand : kernel->getOpOperands().drop_back())
      if (auto found = valueBuffers.find(operand.get()); found != valueBuffers.end())
        result[found->second].accessesPerByte += accessedBytes(kernel, operand);
    if (statePlan.find(kernel->getResult(0)))
      continue;
    size_t destination = bufferOf(kernel->getResult(0));
    result[destination].accessesPerByte += accessedBytes(kernel, kernel.getDestination());
    result[destination].isOptional |= llvm::isa<qk::FetchOp>(*kernel);
  }
  for (auto [heat, buffer] : llvm::zip(result, list)) {
    heat.accessesPerByte /= static_cast<double>(std::max<int64_t>(buffer.size, 1));
    // What a copy saves is less than what is read from it: it is written first, and read from elsewhere.
    if (heat.isOptional)
      heat.accessesPerByte -= 3;
  }
  return result;
}

double ArenaPlan::accessCost(ArrayRef<size_t> memories) const {
  double cost = 0;
  for (auto kernel : func::FuncOp(model).front().getOps<qk::Kernel>())
    for (OpOperand &operand : kernel->getOpOperands()) {
      bool isDestination = &operand == &kernel.getDestination();
      auto found = valueBuffers.find(isDestination ? kernel->getResult(0) : operand.get());
      bool isFast = found != valueBuffers.end() && memories[found->second] == 0;
      cost += accessedBytes(kernel, operand) * (isFast ? 1 : 2);
    }
  return cost;
}

bool ArenaPlan::mustDescend(qk::Kernel kernel, const MemoryLayout &layout) const {
  Operation *op = kernel;
  if (statePlan.find(op->getResult(0)))
    return false;
  size_t result = bufferOf(op->getResult(0));
  for (auto [first, second, below, above] : pairs) {
    if (second != result || list[first].end != stepOf(op) || layout.memories[first] != layout.memories[second])
      continue;
    int64_t down = layout.offsets[first] - layout.offsets[second];
    bool isApart = down >= list[second].size || -down >= list[first].size;
    if (!isApart && down < below)
      return true;
  }
  return false;
}

FailureOr<int64_t> memory::arenaBytes(func::FuncOp model, const PlaceOptions &options) {
  FailureOr<ArenaPlan> plan = ArenaPlan::create(model);
  if (failed(plan))
    return failure();
  FailureOr<Placement> placement = plan->place(options);
  if (failed(placement))
    return failure();
  return placement->total;
}
