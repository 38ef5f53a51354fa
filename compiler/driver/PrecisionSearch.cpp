#include "compiler/driver/PrecisionSearch.h"

#include "compiler/driver/ModelCosts.h"
#include "compiler/driver/OutputLoss.h"
#include "compiler/driver/Progress.h"
#include "compiler/driver/WorkerProcesses.h"
#include "compiler/emit/ObserveCompiled.h"
#include "compiler/pipeline/ApplyScheme.h"
#include "compiler/quantize/FormatPlan.h"
#include "compiler/quantize/Passes.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Regex.h"
#include "llvm/Support/SHA256.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;
using quantize::LayerPrecision;
using quantize::PrecisionRule;

static bool isSame(const LayerPrecision &a, const LayerPrecision &b) {
  return a.weights == b.weights && a.activations == b.activations;
}

std::string qcc::driver::showPrecision(const LayerPrecision &precision) {
  const quantize::Precision &weights = precision.weights, &activations = precision.activations;
  if (precision.isBfloat())
    return "bf16";
  std::string text = weights.isBinaryCoded ? "wb" : weights.isCodebook ? "wc" : weights.isBasis ? "wl" : "w";
  auto showBits = [](const quantize::Precision &of) { return (of.isBfloat ? "bf" : "") + std::to_string(of.bits); };
  text += weights.isTernary ? "t" : showBits(weights);
  if (weights.group && weights.group != quantize::wholeRow)
    text += "g" + std::to_string(weights.group);
  text += (activations.isUnsigned ? "au" : activations.isBasis ? "al" : "a") + showBits(activations);
  if (weights.outliers)
    llvm::raw_string_ostream(text) << llvm::format("(outliers: %g)", *weights.outliers);
  return text;
}

//===-- Layers and choices ------------------------------------------------------------------===//

/// Those that a rule is about stay as the rule says.
LogicalResult PrecisionSearch::fixLayers(func::FuncOp model) {
  FailureOr<quantize::Precisions> precisions =
      quantize::assignPrecisions(model.getBody(), options.precision, options.rules);
  if (failed(precisions))
    return failure();
  llvm::StringSet<> fixed;
  for (const PrecisionRule &rule : options.rules)
    if (failed(quantize::forEachLayer(rule.pattern, rule.location, model.getBody(),
                                      [&](Operation *op) { fixed.insert(quantize::getLayerName(op)); })))
      return failure();
  for (Operation &op : model.getBody().getOps())
    for (SearchLayer &layer : layers)
      if (layer.name == quantize::getLayerName(&op) &&
          llvm::isa<qnn::Conv2dOp, qnn::DepthwiseConv2dOp, qnn::DenseOp>(op)) {
        layer.base = precisions->lookup(&op);
        layer.results = std::max(layer.results, llvm::cast<ShapedType>(op.getResult(0).getType()).getNumElements());
        layer.isDense = llvm::isa<qnn::DenseOp>(op);
        layer.isFixed = fixed.contains(layer.name);
      }
  return success();
}

LogicalResult PrecisionSearch::findLayers() {
  // Names and operators are those of the model that is quantized.
  OwningOpRef<ModuleOp> simplified = floatModel.clone();
  if (failed(quantize::simplifyFloatModel(*simplified)))
    return failure();
  func::FuncOp model = *findModel(*simplified);
  for (Operation &op : model.getBody().getOps()) {
    StringRef name = quantize::getLayerName(&op);
    bool isKnown = llvm::any_of(layers, [&](const SearchLayer &layer) { return layer.name == name; });
    if (llvm::isa<qnn::Conv2dOp, qnn::DepthwiseConv2dOp, qnn::DenseOp>(op) && quantize::hasIntegerForm(&op) &&
        !name.empty() && !isKnown)
      layers.push_back({name.str()});
  }
  if (failed(fixLayers(model)))
    return failure();
  for (auto [number, layer] : llvm::enumerate(layers)) {
    if (layer.isFixed)
      continue;
    items.push_back(number);
    for (StringRef candidate : settings.candidates) {
      FailureOr<PrecisionRule> rule = quantize::parsePrecisionRule(("layer=" + candidate).str(), session.nowhere());
      if (failed(rule))
        return failure();
      if (rule->weights && !layer.isDense)
        rule->weights->outliers.reset();
      layer.choices.push_back(
          {rule->weights.value_or(layer.base.weights), rule->activations.value_or(layer.base.activations)});
    }
  }
  if (items.empty())
    return model.emitError() << "has no layer with weights whose precision is left open by the rules";
  return success();
}

PrecisionSearch::Changes PrecisionSearch::changesFor(ArrayRef<unsigned> choices) const {
  Changes changes;
  for (auto [number, choice] : llvm::zip_equal(items, choices))
    if (const SearchLayer &layer = layers[number]; !isSame(layer.choices[choice], layer.base))
      changes.push_back({number, layer.choices[choice]});
  return changes;
}

/// Empty for none.
std::string PrecisionSearch::nameOf(const Changes &changes) const {
  return llvm::json::fixUTF8(llvm::join(llvm::map_range(changes,
                                                        [&](const Change &change) {
                                                          return layers[change.layer].name + "=" +
                                                                 showPrecision(change.precision);
                                                        }),
                                        "\n"));
}

std::vector<PrecisionRule> PrecisionSearch::rulesFor(const Changes &changes) const {
  std::vector<PrecisionRule> rules;
  for (const Change &change : changes)
    rules.push_back({llvm::Regex::escape(layers[change.layer].name), change.precision.weights,
                     change.precision.activations, session.nowhere()});
  return rules;
}

std::vector<PrecisionRule> PrecisionSearch::rulesFor(ArrayRef<unsigned> choices) const {
  return rulesFor(changesFor(choices));
}

//===-- Measuring ------------------------------------------------------------------------------===//

FailureOr<OwningOpRef<ModuleOp>> PrecisionSearch::quantized(const Changes &changes) {
  OwningOpRef<ModuleOp> module = floatModel.clone();
  quantize::QuantizeOptions changed = options;
  llvm::append_range(changed.rules, rulesFor(changes));
  // Fitting takes longer than all else. It is for the choice, unless it is asked for.
  if (!changed.weightRounding)
    changed.weightRounding = quantize::WeightRounding::Nearest;
  if (failed(quantizeOnSamples(*module, changed, samples, prepareCompiled, calibration)))
    return failure();
  return module;
}

LogicalResult PrecisionSearch::runFloatModel() {
  func::FuncOp model = *findModel(floatModel);
  endsInSoftmax = qcc::driver::endsInSoftmax(model);
  Progress progress("run the float model", samples.size());
  return runToLogits(model, samples, [&](size_t, ArrayRef<double> outputs) {
    reference.emplace_back(outputs.begin(), outputs.end());
    progress.step();
  });
}

LogicalResult PrecisionSearch::measureLoss(func::FuncOp model, Measurement &measurement) {
  OutputLoss loss(classesOf(model));
  ConvertedSamples converted(samples, modelInputs(model));
  if (failed(runToLogits(model, converted,
                         [&](size_t sample, ArrayRef<double> outputs) { loss.add(reference[sample], outputs); })))
    return failure();
  measurement.noise = loss.getNoise();
  measurement.divergence = loss.getDivergence();
  return success();
}

FailureOr<Measurement> PrecisionSearch::measureNow(const Changes &changes) {
  FailureOr<OwningOpRef<ModuleOp>> module = quantized(changes);
  if (failed(module))
    return failure();
  Measurement measurement;
  if (failed(measureLoss(*findModel(**module), measurement)))
    return failure();
  FailureOr<Costs> costs = measureCosts(**module, settings.compile);
  if (failed(costs))
    return failure();
  measurement.costs = *costs;
  return measurement;
}

/// Results depend on the quantized model, which shows the options in one where candidates take turns, on the samples
/// and on the target.
LogicalResult PrecisionSearch::openJournal() {
  Changes changes;
  for (auto [turn, number] : llvm::enumerate(items))
    changes.push_back({number, layers[number].choices[turn % settings.candidates.size()]});
  FailureOr<OwningOpRef<ModuleOp>> module = quantized(changes);
  if (failed(module))
    return failure();
  llvm::SHA256 sha;
  sha.update(contentHash(*findModel(**module)));
  for (int64_t index = 0; index < samples.size(); ++index) {
    FailureOr<std::vector<HostTensor>> sample = samples.get(index);
    if (failed(sample))
      return failure();
    for (const HostTensor &tensor : *sample)
      sha.update(StringRef(tensor.bytes.data(), tensor.bytes.size()));
  }
  const CompileOptions &compile = settings.compile;
  for (StringRef text :
       {StringRef(compile.target), StringRef(compile.cpu), StringRef(compile.features), StringRef(QCC_VERSION)}) {
    sha.update(text);
    sha.update("\n");
  }
  sha.update(std::to_string(compile.optLevel) + (compile.optimizeSize ? "s" : "") +
             qcc::nameOf(compile.optimize).str());
  std::string path = settings.journal;
  if (path.empty() && settings.jobs > 1) { // Processes have nothing else in common.
    SmallString<128> name;
    if (std::error_code error = llvm::sys::fs::createTemporaryFile("qcc-search", "jsonl", name))
      return session.error() << "cannot make a temporary file: " << error.message();
    temporary.setFile(name);
    path = name.str().str();
  }
  FailureOr<SearchJournal> opened =
      SearchJournal::open(session.nowhere(), path, llvm::toHex(sha.final(), /*LowerCase=*/true));
  if (failed(opened))
    return failure();
  journal.emplace(std::move(*opened));
  return success();
}

FailureOr<std::unique_ptr<PrecisionSearch>> PrecisionSearch::create(Session &session, ModuleOp floatModel,
                                                                    const quantize::QuantizeOptions &options,
                                                                    SampleSource &samples, Calibration &calibration,
                                                                    const SearchSettings &settings) {
  std::unique_ptr<PrecisionSearch> search(
      new PrecisionSearch(session, floatModel, options, samples, calibration, settings));
  if (failed(search->findLayers()) || failed(search->runFloatModel()) || failed(search->openJournal()))
    return failure();
  return search;
}

FailureOr<Measurement> PrecisionSearch::measure(const Changes &changes) {
  std::string name = nameOf(changes);
  if (const Measurement *known = journal->find(name))
    return *known;
  FailureOr<Measurement> measured = measureNow(changes);
  if (failed(measured) || failed(journal->add(name, *measured)))
    return failure();
  return measured;
}

LogicalResult PrecisionSearch::measureAll() {
  std::vector<Changes> all(1); // the model as it is
  for (size_t number : items)
    for (const LayerPrecision &choice : layers[number].choices)
      if (!isSame(choice, layers[number].base))
        all.push_back({{number, choice}});
  std::vector<Changes> pending;
  for (auto [index, changes] : llvm::enumerate(all))
    if (static_cast<int64_t>(index) % settings.parts == settings.part && !journal->find(nameOf(changes)))
      pending.push_back(changes);
  Progress progress("measure precisions", static_cast<int64_t>(pending.size()));
  LogicalResult result = runInProcesses(
      session, pending.size(), settings.jobs,
      [&](size_t index) -> LogicalResult {
        FailureOr<Measurement> measured = measureNow(pending[index]);
        return success(succeeded(measured) && succeeded(journal->add(nameOf(pending[index]), *measured)));
      },
      [&] { progress.step(); });
  return success(succeeded(result) && succeeded(journal->reread()));
}

const Measurement &PrecisionSearch::get(size_t item, size_t choice) const {
  const SearchLayer &layer = layers[items[item]];
  if (isSame(layer.choices[choice], layer.base))
    return getBase();
  return *journal->find(nameOf({{items[item], layer.choices[choice]}}));
}

int64_t PrecisionSearch::addedResultBytes(size_t item, size_t choice) const {
  const SearchLayer &layer = layers[items[item]];
  auto bytesWith = [&](const LayerPrecision &precision) {
    return llvm::divideCeil(layer.results * precision.activations.bits, 8);
  };
  return static_cast<int64_t>(bytesWith(layer.choices[choice])) - static_cast<int64_t>(bytesWith(layer.base));
}

quantize::Knapsack PrecisionSearch::makeKnapsack(Loss loss, ArrayRef<Resource> resources) const {
  quantize::Knapsack problem;
  const Measurement &base = getBase();
  problem.budgets.assign(resources.size(), 0);
  for (size_t item = 0; item < items.size(); ++item) {
    problem.items.emplace_back();
    for (size_t choice = 0; choice < settings.candidates.size(); ++choice) {
      const Measurement &measured = get(item, choice);
      quantize::KnapsackChoice added{measured.*loss - base.*loss, {}};
      for (Resource resource : resources)
        added.costs.push_back(measured.cost(resource) - base.cost(resource));
      problem.items.back().push_back(std::move(added));
    }
  }
  return problem;
}
