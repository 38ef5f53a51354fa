#include "compiler/driver/LayerNoise.h"

#include "compiler/driver/ComparedModels.h"
#include "compiler/driver/Progress.h"
#include "compiler/emit/ObserveCompiled.h"
#include "dialects/qnn/QnnOps.h"
#include "llvm/ADT/BitVector.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;

//===-- What is counted of a layer ------------------------------------------------------------===//

namespace {
/// Which codes were taken.
class CodeCounter {
public:
  static constexpr unsigned maxBits = 16;

  explicit CodeCounter(RankedTensorType type)
      : format(qnn::getFormat(type)), channel(type), low(format.getCodeRange().first),
        high(format.getCodeRange().second), taken(high - low + 1) {}

  void add(int64_t element, int64_t code, double expected) {
    ++count;
    taken.set(code - low);
    if (format.isAffine() && (code == low || code == high) && isBeyond(channel(element), code, expected))
      ++saturated;
  }
  CodeUse get() const {
    return {static_cast<int64_t>(taken.size()), static_cast<int64_t>(taken.size() - taken.count()),
            count ? static_cast<double>(saturated) / static_cast<double>(count) : 0};
  }

private:
  bool isBeyond(int64_t channel, int64_t code, double expected) {
    double distance = expected - format.decode(code, channel), half = format.getScale(channel) / 2;
    return code == low ? distance < -half : distance > half;
  }

  qnn::NumberFormat format;
  ChannelIndex channel;
  int64_t low, high, count = 0, saturated = 0;
  llvm::BitVector taken;
};

/// A layer that is in both models.
struct Pair {
  Operation *op, *reference;
  SignalSums sums;
  std::optional<CodeCounter> codes;
  std::vector<double> expected; // of the reference, for one sample
  quantize::Statistics values;
};
} // namespace

//===-- Which layers are compared -------------------------------------------------------------===//

static std::string showNames(const Layers &layers) {
  constexpr size_t most = 4;
  std::string text;
  for (auto [name, op] : llvm::make_range(layers.begin(), layers.begin() + std::min(layers.size(), most)))
    text += (text.empty() ? "'" : ", '") + name.str() + "' " + showShape(shapeOf(op->getResult(0)));
  return text.empty() ? "no layers with names" : text + (layers.size() > most ? ", ..." : "");
}

static InFlightDiagnostic noPairsError(func::FuncOp model, func::FuncOp reference) {
  InFlightDiagnostic error = reference.emitError()
                             << "has no layer of the name and shape of one of '" << model.getName() << "'";
  error.attachNote(reference.getLoc()) << "it has " << showNames(findLayers(reference));
  error.attachNote(model.getLoc()) << "'" << model.getName() << "' has " << showNames(findLayers(model))
                                   << "; a model that qcc quantize writes keeps the names of the float one";
  return error;
}

//===-- The comparison ------------------------------------------------------------------------===//

namespace {
class Comparison {
public:
  Comparison(func::FuncOp model, func::FuncOp reference) : model(model), reference(reference) {}

  LogicalResult findPairs();
  LogicalResult run(const Samples &samples);
  std::vector<LayerNoise> takeResult();
  int64_t countUnmatched() const { return unmatched; }

private:
  SmallVector<Value> valuesOf(func::FuncOp function, Operation *Pair::*op) const;
  void remember(Value value, const interpret::Tensor &tensor);
  void compare(Value value, const interpret::Tensor &tensor);
  double noiseBefore(Operation *op) const;

  func::FuncOp model, reference;
  std::vector<Pair> pairs;
  llvm::DenseMap<Operation *, Pair *> pairOf; // by either operator
  std::vector<SignalSums> inputs;
  std::vector<std::vector<double>> expectedInputs;
  int64_t unmatched = 0;
};
} // namespace

LogicalResult Comparison::findPairs() {
  Layers layers = findLayers(model);
  for (auto [name, op] : findLayers(reference)) {
    Operation *own = layers.lookup(name);
    if (!own || shapeOf(own->getResult(0)) != shapeOf(op->getResult(0))) {
      ++unmatched;
      continue;
    }
    Pair pair{own, op, {}, {}, {}, quantize::Statistics()};
    auto type = cast<RankedTensorType>(own->getResult(0).getType());
    if (qnn::NumberFormat format = qnn::getFormat(type); !format.isFloat() && format.getBits() <= CodeCounter::maxBits)
      pair.codes.emplace(type);
    pairs.push_back(std::move(pair));
  }
  if (pairs.empty())
    return noPairsError(model, reference);
  for (Pair &pair : pairs)
    pairOf[pair.op] = pairOf[pair.reference] = &pair;
  inputs.resize(model.getNumArguments());
  expectedInputs.resize(model.getNumArguments());
  return success();
}

/// What is seen of a function: its arguments and the results of compared layers.
SmallVector<Value> Comparison::valuesOf(func::FuncOp function, Operation *Pair::*op) const {
  SmallVector<Value> values(function.getArguments());
  for (const Pair &pair : pairs)
    values.push_back((pair.*op)->getResult(0));
  return values;
}

void Comparison::remember(Value value, const interpret::Tensor &tensor) {
  if (auto argument = llvm::dyn_cast<BlockArgument>(value)) {
    expectedInputs[argument.getArgNumber()] = tensor.reals();
    return;
  }
  Pair &pair = *pairOf.at(value.getDefiningOp());
  pair.expected = tensor.reals();
  pair.values.add(std::vector<float>(pair.expected.begin(), pair.expected.end()));
}

void Comparison::compare(Value value, const interpret::Tensor &tensor) {
  auto argument = llvm::dyn_cast<BlockArgument>(value);
  Pair *pair = argument ? nullptr : pairOf.at(value.getDefiningOp());
  SignalSums &sums = pair ? pair->sums : inputs[argument.getArgNumber()];
  ArrayRef<double> expected = pair ? pair->expected : expectedInputs[argument.getArgNumber()];
  for (auto [element, got] : llvm::enumerate(tensor.reals())) {
    sums.add(expected[element], got);
    if (pair && pair->codes)
      pair->codes->add(static_cast<int64_t>(element), tensor.codes[element], expected[element]);
  }
}

LogicalResult Comparison::run(const Samples &samples) {
  auto own = prepareCompiled(model, valuesOf(model, &Pair::op)),
       other = prepareCompiled(reference, valuesOf(reference, &Pair::reference));
  if (failed(own) || failed(other))
    return failure();
  std::vector<ModelPort> ports = modelInputs(model), referencePorts = modelInputs(reference);
  Progress progress("compare", static_cast<int64_t>(samples.size()));
  auto rememberAll = [&](Value value, const interpret::Tensor &tensor) { remember(value, tensor); };
  auto compareAll = [&](Value value, const interpret::Tensor &tensor) { compare(value, tensor); };
  for (const std::vector<HostTensor> &sample : samples) {
    if (failed((*other)->run(convertSamples({sample}, referencePorts).front(), rememberAll)) ||
        failed((*own)->run(convertSamples({sample}, ports).front(), compareAll)))
      return failure();
    progress.step();
  }
  return success();
}

/// The greatest ratio of noise to signal of the compared layers and inputs that an operator is computed from.
double Comparison::noiseBefore(Operation *op) const {
  double most = 0;
  for (Value operand : op->getOperands()) {
    Operation *producer = operand.getDefiningOp();
    if (!producer)
      most = std::max(most, inputs[cast<BlockArgument>(operand).getArgNumber()].noiseRatio());
    else if (const Pair *pair = pairOf.lookup(producer))
      most = std::max(most, pair->sums.noiseRatio());
    else
      most = std::max(most, noiseBefore(producer));
  }
  return most;
}

std::vector<LayerNoise> Comparison::takeResult() {
  std::vector<LayerNoise> result;
  for (Pair &pair : pairs) {
    LayerNoise layer;
    layer.layer = nameOfLayer(pair.reference);
    layer.signalToNoise = pair.sums.decibels();
    layer.cosine = pair.sums.cosine();
    layer.addedNoise = pair.sums.noiseRatio() - noiseBefore(pair.op);
    if (pair.codes)
      layer.codeUse = pair.codes->get();
    layer.op = pair.op;
    layer.reference = pair.reference;
    layer.values = std::move(pair.values);
    result.push_back(std::move(layer));
  }
  return result;
}

FailureOr<ModelComparison> qcc::driver::compareLayers(ModuleOp model, ModuleOp reference, const Samples &samples) {
  FailureOr<ComparedModels> models = cloneToCompare(model, reference);
  if (failed(models))
    return failure();
  ModelComparison result;
  result.model = std::move(models->model);
  result.reference = std::move(models->reference);
  Comparison comparison(*findModel(*result.model), *findModel(*result.reference));
  if (failed(comparison.findPairs()) || failed(comparison.run(samples)))
    return failure();
  result.layers = comparison.takeResult();
  result.samples = static_cast<int64_t>(samples.size());
  result.unmatched = comparison.countUnmatched();
  return result;
}

std::vector<const LayerNoise *> qcc::driver::findHurting(ArrayRef<LayerNoise> layers) {
  constexpr size_t most = 5;
  std::vector<const LayerNoise *> worst;
  double all = 0;
  for (const LayerNoise &layer : layers)
    // A softmax has no choice of formats, and magnifies what noise reaches it.
    if (layer.addedNoise > 0 && !llvm::isa<qnn::SoftmaxOp>(layer.op)) {
      worst.push_back(&layer);
      all += layer.addedNoise;
    }
  llvm::sort(worst, [](const LayerNoise *a, const LayerNoise *b) { // Of equals, the earlier layer.
    return std::pair(-a->addedNoise, a) < std::pair(-b->addedNoise, b);
  });
  double sum = 0;
  size_t count = 0;
  while (count < std::min(worst.size(), most) && sum < all / 2)
    sum += worst[count++]->addedNoise;
  worst.resize(count);
  return worst;
}

//===-- As JSON -------------------------------------------------------------------------------===//

llvm::json::Object qcc::driver::toJson(const LayerNoise &layer) {
  auto number = [](double value) { return std::isfinite(value) ? llvm::json::Value(value) : nullptr; };
  llvm::json::Object object{{"layer", llvm::json::fixUTF8(layer.layer)},
                            {"sqnr_db", number(layer.signalToNoise)},
                            {"cosine", layer.cosine},
                            {"added_noise", number(layer.addedNoise)}};
  if (layer.codeUse) {
    object["saturated"] = layer.codeUse->saturated;
    object["codes"] = layer.codeUse->codes;
    object["dead_codes"] = layer.codeUse->dead;
  }
  return object;
}

llvm::json::Array qcc::driver::hurtingToJson(ArrayRef<LayerNoise> layers) {
  return llvm::json::Array(
      llvm::map_range(findHurting(layers), [](const LayerNoise *layer) { return llvm::json::fixUTF8(layer->layer); }));
}
