#include "compiler/memory/StatePlan.h"

#include "dialects/qnn/State.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::memory;

/// Each state begins at a multiple of what the widest access of a 32-bit machine needs, and has a byte at least, as in
/// the struct of the header.
static int64_t slotBytes(Type type) {
  constexpr int64_t align = 4;
  return llvm::alignTo(std::max<int64_t>(1, qk::bytesOf(type)), align);
}

static Value withoutViews(Value value) {
  while (auto view = value.getDefiningOp<qk::ViewOp>())
    value = view.getInput();
  return value;
}

/// Calls `visit` for all that reads a value, directly or through views.
static void forEachUse(Value value, llvm::function_ref<void(OpOperand &)> visit) {
  for (OpOperand &use : value.getUses()) {
    visit(use);
    if (auto view = llvm::dyn_cast<qk::ViewOp>(use.getOwner()))
      forEachUse(view.getResult(), visit);
  }
}

/// The kernels that write a value one after the other, from the last to the first; none if no kernel made it.
static SmallVector<qk::Kernel> writersOf(Value value) {
  SmallVector<qk::Kernel> writers;
  while (auto kernel = value.getDefiningOp<qk::Kernel>()) {
    writers.push_back(kernel);
    value = kernel.getDestination().get();
  }
  return value.getDefiningOp<tensor::EmptyOp>() ? writers : SmallVector<qk::Kernel>();
}

/// True if `first`, which begins a new value in the place of `state`, and all that comes after it find there what they
/// look for.
static bool mayOverwrite(BlockArgument state, qk::Kernel first) {
  bool may = true;
  forEachUse(state, [&](OpOperand &use) {
    if (use.getOwner() == first)
      may &= &use != &first.getDestination() && (first.distancesTo(use).below == 0 || first.mayReplace(use));
    else
      may &= use.getOwner()->isBeforeInBlock(first);
  });
  return may;
}

void StatePlan::computeInPlace(BlockArgument state, OpOperand &next) {
  Value value = withoutViews(next.get());
  SmallVector<qk::Kernel> writers = writersOf(value);
  if (writers.empty() || places.contains(value) || !mayOverwrite(state, writers.back()))
    return;
  // What is returned besides needs its own place.
  int64_t returned = 0;
  forEachUse(value, [&](OpOperand &use) { returned += use.getOwner() == next.getOwner(); });
  if (returned > 1)
    return;
  for (qk::Kernel writer : writers)
    places[writer->getResult(0)] = places.at(state);
}

StatePlan::StatePlan(func::FuncOp model) {
  unsigned count = qnn::stateCount(model);
  auto states = model.getArguments().take_back(count);
  for (BlockArgument state : states) {
    places[state] = total;
    total += slotBytes(state.getType());
  }
  Operation *terminator = model.front().getTerminator();
  for (auto [state, next] : llvm::zip_equal(states, terminator->getOpOperands().take_back(count)))
    computeInPlace(state, next);
}

std::optional<int64_t> StatePlan::find(Value value) const {
  auto found = places.find(withoutViews(value));
  return found == places.end() ? std::nullopt : std::optional(found->second);
}

bool StatePlan::isNextValue(OpOperand &returned) const {
  auto model = llvm::cast<func::FuncOp>(returned.getOwner()->getParentOp());
  unsigned fromEnd = returned.getOwner()->getNumOperands() - returned.getOperandNumber();
  return fromEnd <= qnn::stateCount(model) &&
         find(returned.get()) == find(model.getArgument(model.getNumArguments() - fromEnd));
}
