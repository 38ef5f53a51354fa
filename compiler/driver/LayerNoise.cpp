#include "compiler/driver/LayerNoise.h"

#include "compiler/driver/Progress.h"
#include "compiler/interpret/Interpreter.h"
#include "compiler/quantize/Precision.h"
#include "dialects/qnn/QnnOps.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;

/// The last operator of each layer. Of names that TensorFlow Lite has joined by semicolons, a model file keeps the
/// first.
static llvm::MapVector<StringRef, Operation *> findLayers(func::FuncOp model) {
  llvm::MapVector<StringRef, Operation *> layers;
  for (Operation &op : model.front().without_terminator()) {
    StringRef name = quantize::getLayerName(&op).split(';').first;
    if (!name.empty() && op.getNumResults() == 1 && !llvm::isa<qnn::ConstantOp>(op))
      layers[name] = &op;
  }
  return layers;
}

namespace {
/// A layer that is in both models, and sums of squares.
struct Pair {
  StringRef name;
  Operation *op, *reference;
  std::vector<double> numbers; // of the reference, for one sample
  double signal = 0, noise = 0;
};
} // namespace

static LogicalResult checkInputs(func::FuncOp model, func::FuncOp reference) {
  auto shapesOf = [](func::FuncOp function) {
    return llvm::map_to_vector(modelInputs(function), [](const ModelPort &port) { return port.type.getShape(); });
  };
  if (shapesOf(model) != shapesOf(reference))
    return reference.emitError() << "expects the inputs of '" << model.getName()
                                 << "', which it is compared with, in number and shape";
  return success();
}

FailureOr<std::vector<LayerNoise>> qcc::driver::compareLayers(func::FuncOp model, func::FuncOp reference,
                                                              const Samples &samples) {
  if (failed(checkInputs(model, reference)))
    return failure();
  llvm::MapVector<StringRef, Operation *> layers = findLayers(model);
  std::vector<Pair> pairs;
  for (auto [name, op] : findLayers(reference))
    if (Operation *own = layers.lookup(name); own && shapeOf(own->getResult(0)) == shapeOf(op->getResult(0)))
      pairs.push_back({name, own, op, {}});
  if (pairs.empty())
    return reference.emitError() << "has no layer of the name and shape of one of '" << model.getName() << "'";
  FailureOr<interpret::Interpreter> own = interpret::Interpreter::create(model),
                                    other = interpret::Interpreter::create(reference);
  if (failed(own) || failed(other))
    return failure();
  Samples converted = convertSamples(samples, modelInputs(reference));
  Progress progress("compare", static_cast<int64_t>(samples.size()));
  for (auto [sample, same] : llvm::zip_equal(samples, converted)) {
    auto remember = [&](Operation *op, unsigned, const interpret::Tensor &tensor) {
      for (Pair &pair : pairs)
        if (pair.reference == op)
          pair.numbers = tensor.reals();
    };
    auto compare = [&](Operation *op, unsigned, const interpret::Tensor &tensor) {
      for (Pair &pair : pairs)
        if (pair.op == op)
          for (auto [expected, got] : llvm::zip_equal(pair.numbers, tensor.reals())) {
            pair.signal += expected * expected;
            pair.noise += (expected - got) * (expected - got);
          }
    };
    if (failed(other->run(same, remember)) || failed(own->run(sample, compare)))
      return failure();
    progress.step();
  }
  std::vector<LayerNoise> result;
  for (const Pair &pair : pairs)
    result.push_back({pair.name.str(), 10 * std::log10(pair.signal / pair.noise)});
  return result;
}
