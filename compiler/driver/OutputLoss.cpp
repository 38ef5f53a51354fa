#include "compiler/driver/OutputLoss.h"

#include "compiler/emit/ObserveCompiled.h"
#include "dialects/qnn/QnnOps.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;

static bool isSoftmax(Operation *op) { return llvm::isa_and_present<qnn::SoftmaxOp, qnn::LogSoftmaxOp>(op); }

/// What a value is without changes of its format behind it.
static Value withoutFormats(Value value) {
  while (llvm::isa_and_present<qnn::QuantizeOp, qnn::DequantizeOp, qnn::RequantizeOp>(value.getDefiningOp()))
    value = value.getDefiningOp()->getOperand(0);
  return value;
}

static OperandRange outputsOf(func::FuncOp model) { return model.front().getTerminator()->getOperands(); }

bool qcc::driver::endsInSoftmax(func::FuncOp model) {
  return isSoftmax(withoutFormats(outputsOf(model).front()).getDefiningOp());
}

int64_t qcc::driver::classesOf(func::FuncOp model) {
  ArrayRef<int64_t> shape = modelOutputs(model).front().type.getShape();
  return shape.empty() ? 1 : std::max<int64_t>(shape.back(), 1);
}

LogicalResult qcc::driver::runToLogits(func::FuncOp model, SampleSource &samples,
                                       llvm::function_ref<void(size_t, ArrayRef<double>)> see) {
  llvm::SmallSetVector<Value, 2> values;
  for (Value output : outputsOf(model)) {
    Value inner = withoutFormats(output);
    values.insert(isSoftmax(inner.getDefiningOp()) ? inner.getDefiningOp()->getOperand(0) : output);
  }
  auto prepared = prepareCompiled(model, values.getArrayRef());
  if (failed(prepared))
    return failure();
  std::vector<double> outputs;
  for (int64_t number = 0; number < samples.size(); ++number) {
    FailureOr<std::vector<HostTensor>> sample = samples.get(number);
    outputs.clear();
    if (failed(sample) || failed((*prepared)->run(*sample, [&](Value, const interpret::Tensor &tensor) {
          llvm::append_range(outputs, tensor.reals());
        })))
      return failure();
    see(number, outputs);
  }
  return success();
}

/// The logarithm of the sum of exponentials.
static double logSum(ArrayRef<double> logits) {
  double most = *llvm::max_element(logits), sum = 0;
  for (double logit : logits)
    sum += std::exp(logit - most);
  return most + std::log(sum);
}

/// sum p (log p - log q), where log p = logit - logSum(logits).
static double divergenceOf(ArrayRef<double> reference, ArrayRef<double> outputs) {
  double ofReference = logSum(reference), ofOutputs = logSum(outputs), sum = 0;
  for (auto [expected, got] : llvm::zip_equal(reference, outputs)) {
    double logP = expected - ofReference, logQ = got - ofOutputs;
    sum += std::exp(logP) * (logP - logQ);
  }
  return sum;
}

void OutputLoss::add(ArrayRef<double> reference, ArrayRef<double> outputs) {
  for (auto [expected, got] : llvm::zip_equal(reference, outputs)) {
    signal += expected * expected;
    noise += (expected - got) * (expected - got);
  }
  for (; static_cast<int64_t>(reference.size()) >= classes;
       reference = reference.drop_front(classes), outputs = outputs.drop_front(classes), ++rows)
    divergence += divergenceOf(reference.take_front(classes), outputs.take_front(classes));
}
