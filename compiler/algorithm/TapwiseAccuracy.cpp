#include "compiler/algorithm/TapwiseAccuracy.h"

#include "compiler/quantize/Constants.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::algorithm;

//===-- One layer -------------------------------------------------------------------------------------===//

/// Adds numbers to a bias, or has one made of them; a bias that is no constant stays. Sums wrap.
static void addToBias(qnn::Conv2dOp op, ArrayRef<int32_t> numbers, bool subtracts) {
  auto bias = op.getBias() ? op.getBias().getDefiningOp<qnn::ConstantOp>() : qnn::ConstantOp();
  if (numbers.empty() || (op.getBias() && !bias))
    return;
  SmallVector<int64_t> codes = bias ? bias.getCodes() : SmallVector<int64_t>(numbers.size(), 0);
  for (auto [code, number] : llvm::zip_equal(codes, numbers)) {
    auto before = static_cast<uint32_t>(code), change = static_cast<uint32_t>(number);
    code = static_cast<int32_t>(subtracts ? before - change : before + change);
  }
  quantize::setBias(op, codes);
}

FittedLayer::FittedLayer(qnn::Conv2dOp op, TapwiseLayer &layer)
    : op(op), algorithm(layer.algorithm().value_or(qnn::AlgorithmAttr())), corrections(layer.biasCorrections()),
      hadBias(op.getBias() != nullptr), ratio(layer.signalToNoise()) {}

void FittedLayer::apply() {
  op.setAlgorithmAttr(algorithm);
  addToBias(op, corrections, /*subtracts=*/false);
}

void FittedLayer::takeBack() {
  op.removeAlgorithmAttr();
  addToBias(op, corrections, /*subtracts=*/true);
  if (hadBias || !op.getBias())
    return;
  auto zeros = op.getBias().getDefiningOp<qnn::ConstantOp>();
  op.getBiasMutable().clear();
  if (zeros->use_empty())
    zeros->erase();
}

std::string FittedLayer::describe() const {
  return llvm::formatv("{0} with {1:f1} dB of signal to noise", name, ratio);
}

//===-- The model -------------------------------------------------------------------------------------===//

/// The index of the largest number, the first of equals.
static int64_t indexOfLargest(const interpret::Tensor &tensor) {
  std::vector<double> numbers = tensor.reals();
  return llvm::max_element(numbers) - numbers.begin();
}

FailureOr<std::vector<int64_t>> Predictor::predict() const {
  func::FuncOp function = model;
  Value output = function.front().getTerminator()->getOperand(0);
  FailureOr<std::unique_ptr<quantize::ObservableModel>> observable = prepare(model, output);
  if (failed(observable))
    return failure();
  std::vector<int64_t> classes;
  auto observe = [&](Value, const interpret::Tensor &tensor) { classes.push_back(indexOfLargest(tensor)); };
  if (failed(quantize::runOnAll(**observable, samples, observe)))
    return failure();
  return classes;
}

LogicalResult Predictor::rememberDirect() {
  if (llvm::cast<RankedTensorType>(model.getResultTypes().front()).getNumElements() < 2)
    return model.emitError() << "has one number as its first output, and no classes that accuracy could be measured by";
  if (!labels.empty() && static_cast<int64_t>(labels.size()) != samples.size())
    return model.emitError() << "expects a label for each of " << samples.size() << " samples, but got "
                             << labels.size();
  FailureOr<std::vector<int64_t>> classes = predict();
  if (failed(classes))
    return failure();
  direct = std::move(*classes);
  return success();
}

FailureOr<ClassLoss> Predictor::loss() const {
  FailureOr<std::vector<int64_t>> classes = predict();
  if (failed(classes))
    return failure();
  int64_t changed = 0, lost = 0;
  for (auto [number, got] : llvm::enumerate(*classes)) {
    changed += got != direct[number];
    if (!labels.empty())
      lost += (direct[number] == labels[number]) - (got == labels[number]);
  }
  int64_t counted = labels.empty() ? changed : lost;
  return ClassLoss{changed, 100 * static_cast<double>(counted) / static_cast<double>(classes->size())};
}

StringRef Predictor::unit() const {
  return labels.empty() ? "points of agreement with the direct model" : "points of accuracy";
}

//===-- Which layers go back ----------------------------------------------------------------------------===//

/// The order in which layers go back.
static FailureOr<std::vector<FittedLayer *>> rankByCost(ArrayRef<FittedLayer *> layers, const Predictor &predictor,
                                                        OnStep onStep) {
  std::vector<std::tuple<int64_t, double, size_t>> costs; // the classes that change without it, its ratio, its place
  for (auto [place, layer] : llvm::enumerate(layers)) {
    layer->takeBack();
    FailureOr<ClassLoss> loss = predictor.loss();
    layer->apply();
    if (failed(loss))
      return failure();
    costs.push_back({loss->changed, layer->ratio, place});
    if (onStep)
      onStep("weigh layers", static_cast<int64_t>(layers.size()));
  }
  llvm::sort(costs);
  std::vector<FittedLayer *> ranked;
  for (auto [changed, ratio, place] : costs)
    ranked.push_back(layers[place]);
  return ranked;
}

/// What became of the layers that are left, in the model that they make.
static void reportKept(ArrayRef<FittedLayer> layers, const Predictor &predictor, const ClassLoss &loss) {
  double least = std::numeric_limits<double>::infinity(); // of all tolerances
  for (const FittedLayer &layer : layers) {
    if (!layer.tolerance)
      continue;
    least = std::min(least, *layer.tolerance);
    qnn::Conv2dOp op = layer.op;
    if (op.getAlgorithm())
      op.emitRemark() << llvm::formatv("computed by {0}; the model loses {1:f2} {2}, where {3:f2} may be lost",
                                       layer.describe(), loss.points, predictor.unit(), *layer.tolerance)
                             .str();
  }
  if (loss.points > least)
    predictor.getModel().emitWarning() << llvm::formatv(
                                              "loses {0:f2} {1} by layers of winograd(f4) without a tolerance",
                                              loss.points, predictor.unit())
                                              .str();
}

LogicalResult algorithm::keepWithinTolerance(MutableArrayRef<FittedLayer> layers, const Predictor &predictor,
                                             OnStep onStep) {
  std::vector<FittedLayer *> kept;
  for (FittedLayer &layer : layers)
    if (layer.tolerance)
      kept.push_back(&layer);
  FailureOr<ClassLoss> loss = predictor.loss();
  if (failed(loss))
    return failure();
  auto isOver = [&](FittedLayer *layer) { return loss->points > *layer->tolerance; };
  if (llvm::any_of(kept, isOver)) {
    FailureOr<std::vector<FittedLayer *>> ranked = rankByCost(kept, predictor, onStep);
    if (failed(ranked))
      return failure();
    kept = std::move(*ranked);
  }
  for (auto next = llvm::find_if(kept, isOver); next != kept.end(); next = llvm::find_if(kept, isOver)) {
    FittedLayer *layer = *next;
    double before = loss->points;
    layer->takeBack();
    if (failed(loss = predictor.loss()))
      return failure();
    layer->op.emitRemark() << llvm::formatv("stays direct: by {0} the model loses {1:f2} {2}, where {3:f2} may be "
                                            "lost, and {4:f2} without it",
                                            layer->describe(), before, predictor.unit(), *layer->tolerance,
                                            loss->points)
                                  .str();
    kept.erase(next);
  }
  reportKept(layers, predictor, *loss);
  return success();
}
