#include "compiler/interpret/Interpreter.h"

#include "dialects/qnn/State.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::interpret;

static RankedTensorType tensorType(Value value) { return llvm::cast<RankedTensorType>(value.getType()); }

static std::shared_ptr<const Tensor> unpackConstant(qnn::ConstantOp op) {
  auto tensor = std::make_shared<Tensor>(tensorType(op.getOutput()));
  SmallVector<int64_t> codes = op.getCodes();
  if (!tensor->isFloat()) {
    tensor->codes.assign(codes.begin(), codes.end());
    return tensor;
  }
  for (auto [value, code] : llvm::zip(tensor->floats, codes))
    value = static_cast<float>(tensor->format().decode(code));
  return tensor;
}

static FailureOr<Kernel> prepare(Operation *op, const Constants &constants) {
  FailureOr<Kernel> contraction = prepareContraction(op, constants);
  if (failed(contraction) || *contraction)
    return contraction;
  for (auto prepareFamily : {prepareElementwise, prepareFormat, preparePool, prepareRow, prepareShape})
    if (Kernel kernel = prepareFamily(op))
      return kernel;
  return op->emitError() << "cannot interpret '" << op->getName() << "'; expects operators of the qnn dialect";
}

FailureOr<Interpreter> Interpreter::create(func::FuncOp model) {
  if (!model.getBody().hasOneBlock())
    return model.emitError() << "expects a model of one block, but it has " << model.getBody().getBlocks().size();
  Interpreter interpreter(model);
  for (BlockArgument argument : model.getArguments()) {
    if (!qnn::isFormatTensor(argument.getType()))
      return model.emitError() << "expects arguments that are tensors of a number format, but got "
                               << argument.getType();
    interpreter.addSlot(argument);
  }
  for (Operation &op : model.getBody().front())
    if (failed(interpreter.addStep(&op)))
      return failure();
  return interpreter;
}

unsigned Interpreter::addSlot(Value value) {
  fixed.emplace_back();
  return slotOf[value] = fixed.size() - 1;
}

LogicalResult Interpreter::addStep(Operation *op) {
  if (auto constant = llvm::dyn_cast<qnn::ConstantOp>(op)) {
    auto tensor = constants[constant.getOutput()] = unpackConstant(constant);
    fixed[addSlot(constant.getOutput())] = tensor;
    return success();
  }
  SmallVector<unsigned, 4> operands;
  for (Value operand : op->getOperands())
    operands.push_back(slotOf.lookup(operand));
  if (llvm::isa<func::ReturnOp>(op)) {
    returned = operands;
    return success();
  }
  FailureOr<Kernel> kernel = prepare(op, constants);
  if (failed(kernel))
    return failure();
  unsigned firstResult = fixed.size();
  for (Value result : op->getResults())
    addSlot(result);
  steps.push_back({op, std::move(*kernel), std::move(operands), firstResult});
  return success();
}

LogicalResult Interpreter::checkInputs(ArrayRef<HostTensor> inputs) const {
  func::FuncOp function = model;
  if (inputs.size() != function.getNumArguments())
    return function.emitError() << "expects " << function.getNumArguments() << " inputs, but got " << inputs.size();
  for (auto [index, input] : llvm::enumerate(inputs)) {
    Type expected = function.getArgumentTypes()[index];
    if (input.type != expected)
      return function.emitError() << "expects input " << index << " to be of type " << expected << ", but got "
                                  << input.type;
    int64_t bytes = input.format().getPackedBytes(input.size());
    if (static_cast<int64_t>(input.bytes.size()) != bytes)
      return function.emitError() << "expects " << bytes << " bytes for input " << index << ", but got "
                                  << input.bytes.size();
  }
  return success();
}

FailureOr<std::vector<HostTensor>> Interpreter::run(ArrayRef<HostTensor> inputs, Observer observer) const {
  if (failed(checkInputs(inputs)))
    return failure();
  std::vector<Tensor> computed(fixed.size());
  auto at = [&](unsigned slot) { return fixed[slot] ? fixed[slot].get() : &computed[slot]; };

  for (auto [index, input] : llvm::enumerate(inputs)) {
    computed[index] = Tensor(input);
    if (observer)
      observer(model, index, computed[index]);
  }
  for (const Step &step : steps) {
    SmallVector<const Tensor *, 4> operands(llvm::map_range(step.operands, at));
    MutableArrayRef<Tensor> results(computed.data() + step.firstResult, step.op->getNumResults());
    for (auto [result, value] : llvm::zip(results, step.op->getResults()))
      result = Tensor(tensorType(value));
    step.kernel(operands, results);
    for (Tensor &result : results)
      result.roundFloats();
    if (observer)
      for (auto [index, result] : llvm::enumerate(results))
        observer(step.op, index, result);
  }
  std::vector<HostTensor> outputs;
  for (unsigned slot : returned)
    outputs.push_back(at(slot)->pack());
  return outputs;
}

std::vector<HostTensor> Interpreter::initialState() const {
  func::FuncOp function = model;
  std::vector<HostTensor> state;
  unsigned count = function.getNumArguments();
  for (unsigned index = count - qnn::stateCount(function); index < count; ++index)
    state.push_back(filledTensor(llvm::cast<RankedTensorType>(function.getArgumentTypes()[index]),
                                 qnn::initialState(function, index)));
  return state;
}

FailureOr<std::vector<HostTensor>> Interpreter::step(ArrayRef<HostTensor> inputs, std::vector<HostTensor> &state,
                                                     Observer observer) const {
  std::vector<HostTensor> arguments(inputs);
  llvm::append_range(arguments, state);
  FailureOr<std::vector<HostTensor>> results = run(arguments, observer);
  if (failed(results))
    return failure();
  auto next = results->end() - static_cast<std::ptrdiff_t>(state.size());
  state.assign(std::make_move_iterator(next), std::make_move_iterator(results->end()));
  results->erase(next, results->end());
  return results;
}
