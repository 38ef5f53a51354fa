// qcc evaluate: accuracy of a classifier on labelled data.
#include "compiler/driver/Backend.h"
#include "compiler/driver/LayerAlgorithms.h"
#include "compiler/driver/QuantizationReport.h"
#include "compiler/driver/Report.h"

#include "compiler/import/weights/Npz.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;

namespace {
struct EvaluateVerb {
  ModelOptions model;
  InputOptions input;
  std::string data, labels = "labels", predictions, against;
  std::optional<int64_t> compared;
  bool algorithms = false;
  BackendOptions backend;
  QuantizationReportOptions report;
  bool json = false;

  void check() const {
    input.check();
    if (report.isWanted() && against.empty())
      throw CLI::ValidationError("--report", "expects a model to compare with; add --against MODEL");
    if (compared && against.empty() && !algorithms)
      throw CLI::ValidationError("--compare", "expects what to compare; add --against MODEL or --algorithms");
  }
  int64_t mostCompared() const {
    constexpr int64_t byDefault = 32;
    return compared.value_or(byDefault);
  }
};

/// What the samples say of layers, as far as it was asked for.
struct LayerResults {
  std::optional<ModelComparison> comparison;
  std::optional<AlgorithmComparison> algorithms;
};
} // namespace

//===-- Predictions ---------------------------------------------------------------------------===//

/// The index of the largest number, the first of equals.
static int64_t argmax(const HostTensor &scores) {
  qnn::NumberFormat format = scores.format();
  std::vector<int64_t> codes = scores.codes();
  int64_t best = 0;
  for (size_t index = 1; index < codes.size(); ++index)
    if (format.decode(codes[index]) > format.decode(codes[best]))
      best = index;
  return best;
}

//===-- The verb ------------------------------------------------------------------------------===//

static LogicalResult writePredictions(Session &session, StringRef path, ArrayRef<int32_t> labels) {
  NamedArray array;
  array.name = "labels";
  array.kind = 'i';
  array.shape = {static_cast<int64_t>(labels.size())};
  array.bytes.resize(labels.size() * sizeof(int32_t));
  std::memcpy(array.bytes.data(), labels.data(), array.bytes.size());
  return writeNpz(&session.getContext(), path, array);
}

static void printLayers(raw_ostream &stream, const ModelComparison &comparison) {
  std::vector<Row> rows = {{"layer", "SQNR", "added noise", "cosine", "saturated", "dead codes"}};
  for (const LayerNoise &layer : comparison.layers) {
    Row row = {shorten(layer.layer),
               llvm::formatv("{0:f1} dB", layer.signalToNoise),
               llvm::formatv("{0:f4} %", 100 * layer.addedNoise),
               llvm::formatv("{0:f6}", layer.cosine),
               "",
               ""};
    if (const std::optional<CodeUse> &use = layer.codeUse) {
      row[4] = llvm::formatv("{0:f2} %", 100 * use->saturated);
      row[5] = llvm::formatv("{0} of {1}", use->dead, use->codes);
    }
    rows.push_back(std::move(row));
  }
  printColumns(stream, rows, {1, 2, 3, 4, 5});
  if (comparison.unmatched)
    stream << "not compared: " << comparison.unmatched << " of the " << comparison.unmatched + comparison.layers.size()
           << " layers of the other model, for which this one has none of their name and shape\n";
  if (std::vector<const LayerNoise *> hurting = findHurting(comparison.layers); !hurting.empty()) {
    stream << "what hurts most: ";
    llvm::interleaveComma(hurting, stream, [&](const LayerNoise *layer) { stream << shorten(layer->layer); });
    stream << '\n';
  }
}

static llvm::json::Object toJson(const LayerResults &layers) {
  llvm::json::Object result;
  if (layers.comparison) {
    llvm::json::Array list;
    for (const LayerNoise &layer : layers.comparison->layers)
      list.push_back(driver::toJson(layer));
    result["layers"] = std::move(list);
    result["unmatched_layers"] = layers.comparison->unmatched;
    result["hurting"] = hurtingToJson(layers.comparison->layers);
  }
  if (layers.algorithms)
    result["algorithms"] = driver::toJson(*layers.algorithms);
  return result;
}

static void printResult(raw_ostream &stream, const EvaluateVerb &options, int64_t correct, int64_t samples,
                        const LayerResults &layers) {
  double accuracy = static_cast<double>(correct) / static_cast<double>(samples);
  if (options.json) {
    llvm::json::Object result = toJson(layers);
    result["accuracy"] = accuracy;
    result["samples"] = samples;
    stream << llvm::json::Value(std::move(result)) << '\n';
    return;
  }
  stream << llvm::formatv("accuracy {0:f4} ({1} of {2} samples)\n", accuracy, correct, samples);
  if (layers.comparison)
    printLayers(stream, *layers.comparison);
  if (layers.algorithms)
    printAlgorithms(stream, *layers.algorithms);
}

/// Each layer against that of another model, on the first samples.
static FailureOr<ModelComparison> compare(Session &session, const EvaluateVerb &options, ModuleOp module,
                                          ModuleOp reference, Samples samples) {
  samples.resize(std::min<size_t>(samples.size(), options.mostCompared()));
  FailureOr<ModelComparison> comparison = compareLayers(module, reference, samples);
  if (failed(comparison))
    return failure();
  CompileOptions compile;
  compile.target = options.report.target;
  if (options.report.isWanted() && failed(writeQuantizationReport(session, options.report.path, compile, *comparison)))
    return failure();
  return comparison;
}

static FailureOr<LayerResults> lookAtLayers(Session &session, const EvaluateVerb &options, ModuleOp module,
                                            const Samples &samples) {
  LayerResults results;
  LoadedModel reference; // without one, the model itself
  if (!options.against.empty()) {
    FailureOr<LoadedModel> loaded = loadModel(session.getContext(), options.against, {});
    if (failed(loaded))
      return failure();
    reference = std::move(*loaded);
    FailureOr<ModelComparison> comparison = compare(session, options, module, *reference.module, samples);
    if (failed(comparison))
      return failure();
    results.comparison = std::move(*comparison);
  }
  if (!options.algorithms)
    return results;
  FailureOr<AlgorithmComparison> algorithms =
      compareAlgorithms(module, reference.module ? *reference.module : module, samples, options.mostCompared());
  if (failed(algorithms))
    return failure();
  results.algorithms = std::move(*algorithms);
  return results;
}

static LogicalResult run(Session &session, const EvaluateVerb &options) {
  OwningOpRef<ModuleOp> module = options.model.load(session);
  if (!module)
    return failure();
  func::FuncOp model = *findModel(*module);
  std::vector<ModelPort> ports = modelInputs(model);
  if (ports.size() != 1)
    return session.error() << "expects a model with one input, but '" << model.getName() << "' has " << ports.size();
  FailureOr<std::vector<NamedArray>> arrays = readArrays(session.nowhere(), options.data);
  if (failed(arrays))
    return failure();
  Location loc = fileLoc(&session.getContext(), options.data);
  DataOptions data = options.input.get();
  data.labels = options.labels;
  FailureOr<const NamedArray *> input = findData(loc, *arrays, ports.front(), data);
  if (failed(input))
    return failure();
  int64_t classes = modelOutputs(model).front().type.getNumElements();
  FailureOr<std::vector<int64_t>> labels = readLabels(loc, *arrays, options.labels, (*input)->shape.front(), classes);
  if (failed(labels))
    return failure();
  Samples samples = samplesFromData(**input, ports.front(), data.scale);
  FailureOr<Samples> outputs = runBackend(options.backend, *module, samples, "evaluate");
  if (failed(outputs))
    return failure();
  std::vector<int32_t> predictions;
  int64_t correct = 0;
  for (auto [label, output] : llvm::zip_equal(*labels, *outputs)) {
    predictions.push_back(argmax(output.front()));
    correct += predictions.back() == label;
  }
  if (!options.predictions.empty() && failed(writePredictions(session, options.predictions, predictions)))
    return failure();
  FailureOr<LayerResults> layers = lookAtLayers(session, options, *module, samples);
  if (failed(layers))
    return failure();
  printResult(session.out(), options, correct, static_cast<int64_t>(labels->size()), *layers);
  return success();
}

void qcc::driver::addEvaluate(CLI::App &app, Command &command) {
  auto options = std::make_shared<EvaluateVerb>();
  CLI::App &verb = addVerb(app, command, "evaluate", "accuracy of a classifier on labelled data", options, run);
  options->model.addTo(verb);
  options->model.addStreamTo(verb);
  verb.add_option("--data", options->data, "an .npz file with samples and labels")->required()->type_name("FILE");
  options->input.addTo(verb);
  verb.add_option("--labels", options->labels, "the array of labels, integers")
      ->type_name("ARRAY")
      ->capture_default_str();
  verb.add_option("--predictions", options->predictions, "also write the predicted labels to this .npz file")
      ->type_name("FILE");
  verb.add_option("--against", options->against,
                  "also print how near each layer's results are to those of the layer of the same name in this\n"
                  "model, such as the float one that it was made from, and which layers hurt")
      ->type_name("MODEL");
  verb.add_flag(
      "--algorithms", options->algorithms,
      "also print how near the results of each 3x3, 1x3 or 3x1 convolution with strides of 1 are to those of\n"
      "--against, or of the model itself, if it alone is computed directly or by Winograd's algorithm:\n"
      "exactly, and by F4 with one scale or tap by tap, fitted to the first half of the samples");
  verb.add_option("--compare", options->compared, "on how many samples; by default 32")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  options->report.addTargetTo(verb, options->report.addTo(verb));
  verb.add_flag("--json", options->json, "print JSON");
  options->backend.addTo(verb);
  verb.footer("The prediction is the index of the largest element of the first output, the first of equals.\n"
              "Real values are put into the model's input format: uint8 pixels feed an int8 model of scale 1 and\n"
              "zero point -128 unchanged but for the offset.\n\n"
              "Example:\n"
              "  qcc evaluate resnet8.tflite --data cifar10_test.npz\n"
              "  qcc evaluate lenet.qm --data mnist_test.npz --scale 1/255\n"
              "  qcc evaluate resnet8-f4.qm --data cifar10_test.npz --against resnet8.tflite\n"
              "  qcc evaluate resnet8_int8.tflite --data cifar10_test.npz --algorithms");
}
