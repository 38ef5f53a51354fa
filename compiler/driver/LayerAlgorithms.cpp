#include "compiler/driver/LayerAlgorithms.h"

#include "compiler/algorithm/FitTapwise.h"
#include "compiler/driver/ComparedModels.h"
#include "compiler/driver/Progress.h"
#include "compiler/driver/Report.h"
#include "compiler/emit/ObserveCompiled.h"
#include "dialects/qnn/Winograd.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;

static constexpr StringRef candidateNames[] = {"winograd(f4,single,8)", "winograd(f4,tapwise,8)",
                                               "winograd(f4,tapwise,9)", "winograd(f4,tapwise,10)"};

namespace {
/// A convolution, the layer of the reference that it is compared with, and what was seen of them.
struct ComparedConvolution {
  std::string layer;
  StringRef exact; // of Winograd's algorithms, the one that is
  Operation *reference;
  SmallVector<Value> values;    // of the direct convolution and its variants, null where there is none
  std::vector<double> expected; // of the reference, for one sample
  SmallVector<SignalSums> sums; // of each value
};
} // namespace

static std::vector<algorithm::TapwiseOptions> readCandidates(Location location) {
  std::vector<algorithm::TapwiseOptions> options;
  for (StringRef name : candidateNames)
    options.push_back(*algorithm::parseAlgorithmRule((".*=" + name).str(), location)->tapwise);
  return options;
}

/// F(2x2, 3x3), or F(4, 3) of a window along one axis.
static StringRef exactNameOf(qnn::Conv2dOp op) {
  auto kind = qnn::AlgorithmKind::WinogradF2;
  ArrayRef<int64_t> filter = shapeOf(op.getFilter());
  return algorithm::ruleNameOf(
      qnn::winograd::computes(kind, filter[1], filter[2]) ? kind : qnn::AlgorithmKind::WinogradF4Exact);
}

/// The layers of the reference for those of a model whose last operator is a convolution.
static llvm::DenseMap<Operation *, Operation *> matchConvolutions(func::FuncOp model, func::FuncOp reference) {
  llvm::DenseMap<Operation *, Operation *> matches;
  Layers others = findLayers(reference);
  for (auto [name, op] : findLayers(model))
    if (Operation *other = others.lookup(name);
        other && llvm::isa<qnn::Conv2dOp>(op) && shapeOf(op->getResult(0)) == shapeOf(other->getResult(0)))
      matches[op] = other;
  return matches;
}

/// The first samples, which algorithms are fitted to, and those behind them, which are compared.
static std::pair<ArrayRef<std::vector<HostTensor>>, ArrayRef<std::vector<HostTensor>>> divide(const Samples &samples,
                                                                                              int64_t most) {
  constexpr size_t mostFitted = 512; // that tiles are taken from
  ArrayRef<std::vector<HostTensor>> all(samples);
  if (all.size() == 1)
    return {all, all};
  ArrayRef<std::vector<HostTensor>> fitted = all.take_front(std::min(all.size() / 2, mostFitted));
  return {fitted, all.drop_front(fitted.size()).take_front(most)};
}

/// Gives the model the variants of its convolutions.
static FailureOr<std::vector<algorithm::ConvolutionVariants>> fit(func::FuncOp model,
                                                                  ArrayRef<std::vector<HostTensor>> samples) {
  SampleList list(samples);
  WorkProgress progress;
  auto onStep = [&](StringRef work, int64_t steps) { progress.step(work, steps); };
  return algorithm::fitVariants(model, readCandidates(model.getLoc()), list, prepareCompiled, onStep);
}

/// The first of them whose filters have so few elements together that the code of all variants fits memory; at least
/// one.
static size_t countTogether(ArrayRef<ComparedConvolution> convolutions) {
  constexpr int64_t mostElements = int64_t(1) << 22;
  int64_t elements = 0;
  size_t count = 0;
  for (const ComparedConvolution &each : convolutions) {
    auto op = each.values.front().getDefiningOp<qnn::Conv2dOp>();
    elements += llvm::cast<RankedTensorType>(op.getFilter().getType()).getNumElements();
    if (count > 0 && elements > mostElements)
      break;
    ++count;
  }
  return count;
}

static LogicalResult compareOnSamples(func::FuncOp model, func::FuncOp reference,
                                      MutableArrayRef<ComparedConvolution> convolutions,
                                      ArrayRef<std::vector<HostTensor>> samples) {
  llvm::DenseMap<Value, std::pair<ComparedConvolution *, size_t>> placeOf;
  llvm::DenseMap<Value, ComparedConvolution *> ofReference;
  SmallVector<Value> values, references;
  for (ComparedConvolution &each : convolutions) {
    references.push_back(each.reference->getResult(0));
    ofReference[references.back()] = &each;
    for (auto [index, value] : llvm::enumerate(each.values))
      if (value) {
        values.push_back(value);
        placeOf[value] = {&each, index};
      }
  }
  auto own = prepareCompiled(model, values), other = prepareCompiled(reference, references);
  if (failed(own) || failed(other))
    return failure();
  std::vector<ModelPort> ports = modelInputs(reference);
  auto remember = [&](Value value, const interpret::Tensor &tensor) {
    ofReference.at(value)->expected = tensor.reals();
  };
  auto compare = [&](Value value, const interpret::Tensor &tensor) {
    auto [each, index] = placeOf.at(value);
    for (auto [expected, got] : llvm::zip_equal(each->expected, tensor.reals()))
      each->sums[index].add(expected, got);
  };
  Progress progress("compare algorithms", static_cast<int64_t>(samples.size()));
  for (const std::vector<HostTensor> &sample : samples) {
    if (failed((*other)->run(convertSamples({sample}, ports).front(), remember)) ||
        failed((*own)->run(sample, compare)))
      return failure();
    progress.step();
  }
  return success();
}

static LayerAlgorithms resultOf(const ComparedConvolution &convolution) {
  LayerAlgorithms result{convolution.layer, convolution.exact.str(), convolution.sums.front().decibels(), {}};
  for (auto [value, sums] : llvm::drop_begin(llvm::zip_equal(convolution.values, convolution.sums)))
    result.fitted.push_back(value ? std::optional(sums.decibels()) : std::nullopt);
  return result;
}

FailureOr<AlgorithmComparison> qcc::driver::compareAlgorithms(ModuleOp model, ModuleOp reference,
                                                              const Samples &samples, int64_t most) {
  FailureOr<ComparedModels> models = cloneToCompare(model, reference);
  if (failed(models))
    return failure();
  func::FuncOp function = *findModel(*models->model), other = *findModel(*models->reference);
  llvm::DenseMap<Operation *, Operation *> matches = matchConvolutions(function, other);
  auto [fitted, compared] = divide(samples, most);
  FailureOr<std::vector<algorithm::ConvolutionVariants>> found = fit(function, fitted);
  if (failed(found))
    return failure();
  AlgorithmComparison result{{std::begin(candidateNames), std::end(candidateNames)},
                             {},
                             0,
                             static_cast<int64_t>(fitted.size()),
                             static_cast<int64_t>(compared.size())};
  std::vector<ComparedConvolution> convolutions;
  for (algorithm::ConvolutionVariants &each : *found) {
    Operation *match = matches.lookup(each.op);
    if (!match) {
      ++result.unmatched;
      continue;
    }
    ComparedConvolution &convolution = convolutions.emplace_back();
    convolution.layer = nameOfLayer(match);
    convolution.exact = exactNameOf(each.op);
    convolution.reference = match;
    convolution.values.push_back(each.op.getOutput());
    for (qnn::Conv2dOp variant : each.variants)
      convolution.values.push_back(variant ? variant.getOutput() : Value());
    convolution.sums.resize(convolution.values.size());
  }
  if (convolutions.empty()) {
    qnn::Conv2dOp first = found->front().op;
    return other.emitError() << "has no layer of the name and shape of a convolution of '" << function.getName()
                             << "' that winograd(f4) may compute, such as '" << nameOfLayer(first) << "' "
                             << showShape(shapeOf(first.getOutput()));
  }
  for (MutableArrayRef<ComparedConvolution> rest = convolutions; !rest.empty();) {
    size_t count = countTogether(rest);
    if (failed(compareOnSamples(function, other, rest.take_front(count), compared)))
      return failure();
    rest = rest.drop_front(count);
  }
  llvm::append_range(result.layers, llvm::map_range(convolutions, resultOf));
  return result;
}

//===-- As text and as JSON ---------------------------------------------------------------------===//

void qcc::driver::printAlgorithms(raw_ostream &stream, const AlgorithmComparison &comparison) {
  auto show = [](std::optional<double> ratio) {
    return !ratio ? "too large" : std::isinf(*ratio) ? "no noise" : llvm::formatv("{0:f1} dB", *ratio).str();
  };
  std::vector<Row> rows = {{"layer", "direct, exact"}};
  std::vector<size_t> numbers = {1};
  for (StringRef name : comparison.candidates) {
    name.consume_front("winograd(f4,");
    name.consume_back(")");
    rows.front().push_back("F4 " + name.str());
    numbers.push_back(rows.front().size() - 1);
  }
  for (const LayerAlgorithms &layer : comparison.layers) {
    Row &row = rows.emplace_back(Row{shorten(layer.layer), show(layer.direct)});
    llvm::append_range(row, llvm::map_range(layer.fitted, show));
  }
  printColumns(stream, rows, numbers);
  if (comparison.unmatched)
    stream << "not compared: " << comparison.unmatched << " convolutions for which the other model has no layer of "
           << "their name and shape\n";
  stream
      << "exact: winograd(f2,exact), or winograd(f4,exact) of 1x3 and 3x1, gives the direct results; each layer alone, "
         "fitted to "
      << comparison.fittedTo << " samples and compared on " << comparison.compared << '\n';
}

llvm::json::Object qcc::driver::toJson(const AlgorithmComparison &comparison) {
  auto number = [](std::optional<double> ratio) {
    return ratio && std::isfinite(*ratio) ? llvm::json::Value(*ratio) : nullptr;
  };
  llvm::json::Array layers;
  for (const LayerAlgorithms &layer : comparison.layers) {
    llvm::json::Object ratios{{"direct", number(layer.direct)}, {layer.exact, number(layer.direct)}};
    for (auto [name, ratio] : llvm::zip_equal(comparison.candidates, layer.fitted))
      ratios[name] = number(ratio);
    layers.push_back(llvm::json::Object{{"layer", llvm::json::fixUTF8(layer.layer)}, {"sqnr_db", std::move(ratios)}});
  }
  return llvm::json::Object{{"layers", std::move(layers)},
                            {"fitted_to", comparison.fittedTo},
                            {"compared", comparison.compared},
                            {"unmatched_layers", comparison.unmatched}};
}
