#include "compiler/quantize/Calibrate.h"

#include "dialects/qnn/QnnOps.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::quantize;

SmallVector<Value> qcc::quantize::valuesToCalibrate(func::FuncOp model) {
  SmallVector<Value> values(model.getArguments());
  for (Operation &op : model.getBody().getOps())
    if (!llvm::isa<qnn::ConstantOp>(op))
      llvm::append_range(values, op.getResults());
  llvm::erase_if(values, [](Value value) { return !getElementTypeOrSelf(value).isF32(); });
  return values;
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

FailureOr<ModelStatistics> qcc::quantize::calibrate(func::FuncOp model, SampleSource &samples,
                                                    const PrepareModel &prepare) {
  if (samples.size() < 1)
    return model.emitError() << "expects at least 1 calibration sample, but got " << samples.size();
  FailureOr<std::unique_ptr<ObservableModel>> observable = prepare(model, valuesToCalibrate(model));
  if (failed(observable))
    return failure();
  ModelStatistics statistics;
  auto observe = [&](Value value, const interpret::Tensor &tensor) { statistics[value].add(tensor.floats); };
  if (failed(runOnAll(**observable, samples, observe)) || failed(checkFinite(model, statistics)))
    return failure();
  return statistics;
}
