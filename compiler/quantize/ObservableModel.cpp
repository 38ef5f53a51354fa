#include "compiler/quantize/ObservableModel.h"

#include "compiler/interpret/Interpreter.h"

#include "llvm/ADT/DenseSet.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::quantize;

namespace {
class InterpretedModel : public ObservableModel {
public:
  InterpretedModel(interpret::Interpreter interpreter, ArrayRef<Value> values)
      : interpreter(std::move(interpreter)), values(values.begin(), values.end()) {}

  LogicalResult run(ArrayRef<HostTensor> inputs, ValueObserver observe) override {
    return interpreter.run(inputs, [&](Operation *op, unsigned index, const interpret::Tensor &tensor) {
      auto function = llvm::dyn_cast<func::FuncOp>(op);
      Value value = function ? Value(function.getArgument(index)) : Value(op->getResult(index));
      if (values.contains(value))
        observe(value, tensor);
    });
  }

private:
  interpret::Interpreter interpreter;
  llvm::DenseSet<Value> values;
};
} // namespace

LogicalResult qcc::quantize::runOnAll(ObservableModel &model, SampleSource &samples, ValueObserver observe) {
  for (int64_t index = 0; index < samples.size(); ++index) {
    FailureOr<std::vector<HostTensor>> sample = samples.get(index);
    if (failed(sample) || failed(model.run(*sample, observe)))
      return failure();
  }
  return success();
}

FailureOr<std::unique_ptr<ObservableModel>> qcc::quantize::prepareInterpreted(func::FuncOp model,
                                                                              ArrayRef<Value> values) {
  FailureOr<interpret::Interpreter> interpreter = interpret::Interpreter::create(model);
  if (failed(interpreter))
    return failure();
  return std::unique_ptr<ObservableModel>(new InterpretedModel(std::move(*interpreter), values));
}
