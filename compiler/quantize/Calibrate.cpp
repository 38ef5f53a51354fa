#include "compiler/quantize/Calibrate.h"

#include "compiler/interpret/Interpreter.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::quantize;

Value qcc::quantize::observedValue(Operation *op, unsigned index) {
  if (auto function = llvm::dyn_cast<func::FuncOp>(op))
    return function.getArgument(index);
  return op->getResult(index);
}

static LogicalResult checkFinite(func::FuncOp model, const ModelStatistics &statistics) {
  for (BlockArgument argument : model.getArguments())
    if (statistics.contains(argument) && statistics.at(argument).nonFinite)
      return model.emitError() << "input " << argument.getArgNumber() << " has " << statistics.at(argument).nonFinite
                               << " calibration values that are not finite";
  // In order, so that the first operator at fault is named.
  for (Operation &op : model.getBody().getOps())
    for (Value result : op.getResults())
      if (statistics.contains(result) && statistics.at(result).nonFinite)
        return op.emitError() << "gives " << statistics.at(result).nonFinite
                              << " values that are not finite on the calibration samples";
  return success();
}

FailureOr<ModelStatistics> qcc::quantize::calibrate(func::FuncOp model, int64_t count, SampleSource getSample,
                                                    int64_t sampleLimit) {
  if (count < 1)
    return model.emitError() << "expects at least 1 calibration sample, but got " << count;
  FailureOr<interpret::Interpreter> interpreter = interpret::Interpreter::create(model);
  if (failed(interpreter))
    return failure();
  ModelStatistics statistics;
  auto observe = [&](Operation *op, unsigned index, const interpret::Tensor &tensor) {
    if (tensor.isFloat())
      statistics.try_emplace(observedValue(op, index), sampleLimit).first->second.add(tensor.floats);
  };
  for (int64_t index = 0; index < count; ++index) {
    FailureOr<std::vector<HostTensor>> sample = getSample(index);
    if (failed(sample) || failed(interpreter->run(*sample, observe)))
      return failure();
  }
  if (failed(checkFinite(model, statistics)))
    return failure();
  return statistics;
}
