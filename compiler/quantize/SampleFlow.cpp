#include "compiler/quantize/SampleFlow.h"

#include "dialects/qnn/QnnOps.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::quantize;

/// Whether neither `op` nor an operator after it uses a value.
static bool isDeadAt(Value value, Operation *op) {
  return llvm::all_of(value.getUsers(), [&](Operation *user) { return user->isBeforeInBlock(op); });
}

int64_t qcc::quantize::liveBytes(func::FuncOp model) {
  auto bytesOf = [](Value value) {
    return static_cast<int64_t>(HostTensor(llvm::cast<RankedTensorType>(value.getType())).bytes.size());
  };
  int64_t live = 0, most = 0;
  for (Value argument : model.getArguments())
    live += bytesOf(argument);
  for (Operation &op : model.getBody().front().without_terminator()) {
    if (llvm::isa<qnn::ConstantOp>(op))
      continue;
    for (Value result : op.getResults())
      live += bytesOf(result);
    most = std::max(most, live);
    llvm::SmallPtrSet<Value, 4> operands(op.operand_begin(), op.operand_end());
    for (Value value : llvm::concat<const Value>(llvm::to_vector(operands), llvm::to_vector<4>(op.getResults())))
      if (!value.getDefiningOp<qnn::ConstantOp>() && isDeadAt(value, op.getNextNode()))
        live -= bytesOf(value);
  }
  return most;
}

SampleFlow::SampleFlow(func::FuncOp model, std::vector<std::vector<HostTensor>> samples, PrepareModel prepare)
    : count(samples.size()), prepare(std::move(prepare)), next(&model.getBody().front().front()) {
  for (BlockArgument argument : model.getArguments())
    for (std::vector<HostTensor> &sample : samples)
      values[argument].push_back(std::move(sample[argument.getArgNumber()]));
}

LogicalResult SampleFlow::runUntil(Operation *op) {
  SmallVector<Operation *> ops;
  for (; next != op; next = next->getNextNode())
    if (!llvm::isa<qnn::ConstantOp>(next))
      ops.push_back(next);
  return ops.empty() ? success() : run(ops, op);
}

namespace {
/// A function of some operators, with constants of its own.
struct Stretch {
  Stretch(ArrayRef<Operation *> ops, Operation *end);

  /// What the operators read and what later ones read of them.
  llvm::SetVector<Value> inputs, outputs;
  OwningOpRef<ModuleOp> module;
  IRMapping mapping;
};
} // namespace

Stretch::Stretch(ArrayRef<Operation *> ops, Operation *end) : module(ModuleOp::create(end->getLoc())) {
  llvm::SmallPtrSet<Operation *, 8> inside(ops.begin(), ops.end());
  for (Operation *op : ops) {
    for (Value operand : op->getOperands())
      if (!operand.getDefiningOp<qnn::ConstantOp>() && !inside.contains(operand.getDefiningOp()))
        inputs.insert(operand);
    for (Value result : op->getResults())
      if (!isDeadAt(result, end))
        outputs.insert(result);
  }
  auto builder = OpBuilder::atBlockEnd(module->getBody());
  auto type = builder.getFunctionType(ValueRange(inputs.getArrayRef()).getTypes(), {});
  auto function = func::FuncOp::create(builder, end->getLoc(), "stretch", type);
  builder.setInsertionPointToEnd(function.addEntryBlock());
  mapping.map(inputs.getArrayRef(), function.getArguments());
  for (Operation *op : ops) {
    for (Value operand : op->getOperands())
      if (!mapping.contains(operand))
        builder.clone(*operand.getDefiningOp(), mapping);
    builder.clone(*op, mapping);
  }
  func::ReturnOp::create(builder, end->getLoc());
}

LogicalResult SampleFlow::run(ArrayRef<Operation *> ops, Operation *end) {
  Stretch stretch(ops, end);
  SmallVector<Value> shown;
  llvm::DenseMap<Value, Value> originals;
  for (Value output : stretch.outputs) {
    shown.push_back(stretch.mapping.lookup(output));
    originals[shown.back()] = output;
  }
  FailureOr<std::unique_ptr<ObservableModel>> model = prepare(*stretch.module->getOps<func::FuncOp>().begin(), shown);
  if (failed(model))
    return failure();
  for (size_t sample = 0; sample < count; ++sample) {
    std::vector<HostTensor> inputs;
    for (Value input : stretch.inputs)
      inputs.push_back(values[input][sample]);
    auto keep = [&](Value value, const interpret::Tensor &tensor) {
      values[originals.lookup(value)].push_back(tensor.pack());
    };
    if (failed((*model)->run(inputs, keep)))
      return failure();
  }
  values.remove_if([&](const auto &entry) { return isDeadAt(entry.first, end); });
  return success();
}
