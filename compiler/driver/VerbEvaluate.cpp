// qcc evaluate: accuracy of a classifier on labelled data.
#include "compiler/driver/Backend.h"
#include "compiler/driver/LayerNoise.h"

#include "compiler/import/weights/Npz.h"

#include "llvm/Support/JSON.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;

namespace {
struct EvaluateVerb {
  ModelOptions model;
  InputOptions input;
  std::string data, labels = "labels", predictions, against;
  int64_t compared = 32;
  BackendOptions backend;
  bool json = false;

  void check() const { input.check(); }
};
} // namespace

//===-- Labels and predictions ----------------------------------------------------------------===//

static FailureOr<std::vector<int64_t>> readLabels(Location loc, ArrayRef<NamedArray> arrays, StringRef name,
                                                  const NamedArray &input, int64_t classes) {
  const NamedArray *array = llvm::find_if(arrays, [&](const NamedArray &each) { return each.name == name; });
  if (array == arrays.end())
    return errorWithArrays(loc, arrays, "there is no array '" + name + "' with the labels");
  int64_t count = input.shape.front();
  if (array->kind == 'f' || array->size() != count || array->shape.empty() || array->shape.front() != count)
    return emitError(loc) << "expects one integer label for each of the " << count << " samples of '" << input.name
                          << "', but '" << name << "' is " << array->describe();
  std::vector<int64_t> labels(count);
  for (int64_t index = 0; index < count; ++index) {
    labels[index] = array->getInteger(index);
    if (labels[index] < 0 || labels[index] >= classes)
      return emitError(loc) << "expects labels from 0 to " << classes - 1 << ", one per element of the model's output, "
                            << "but sample " << index << " has " << labels[index];
  }
  return labels;
}

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

/// Infinite ratios are no numbers of JSON.
static llvm::json::Value layersToJson(ArrayRef<LayerNoise> layers) {
  llvm::json::Array array;
  for (const LayerNoise &layer : layers)
    array.push_back(llvm::json::Object{
        {"layer", layer.layer},
        {"sqnr_db", std::isfinite(layer.signalToNoise) ? llvm::json::Value(layer.signalToNoise) : nullptr}});
  return array;
}

static void printResult(const EvaluateVerb &options, int64_t correct, int64_t samples, ArrayRef<LayerNoise> layers) {
  double accuracy = static_cast<double>(correct) / samples;
  if (options.json) {
    llvm::json::Object result{{"accuracy", accuracy}, {"samples", samples}};
    if (!options.against.empty())
      result["layers"] = layersToJson(layers);
    llvm::outs() << llvm::json::Value(std::move(result)) << '\n';
    return;
  }
  llvm::outs() << llvm::formatv("accuracy {0:f4} ({1} of {2} samples)\n", accuracy, correct, samples);
  for (const LayerNoise &layer : layers)
    llvm::outs() << llvm::formatv("{0,8:f1} dB  {1}\n", layer.signalToNoise, layer.layer);
}

/// Each layer against that of another model, on the first samples.
static FailureOr<std::vector<LayerNoise>> compare(Session &session, const EvaluateVerb &options, func::FuncOp model,
                                                  Samples samples) {
  if (options.against.empty())
    return std::vector<LayerNoise>();
  FailureOr<LoadedModel> reference = loadModel(session.getContext(), options.against, {});
  if (failed(reference))
    return failure();
  samples.resize(std::min<size_t>(samples.size(), options.compared));
  return compareLayers(model, *findModel(*reference->module), samples);
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
  FailureOr<std::vector<int64_t>> labels = readLabels(loc, *arrays, options.labels, **input, classes);
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
  FailureOr<std::vector<LayerNoise>> layers = compare(session, options, model, std::move(samples));
  if (failed(layers))
    return failure();
  printResult(options, correct, labels->size(), *layers);
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
  CLI::Option *against =
      verb.add_option("--against", options->against,
                      "also print how near each layer's results are to those of the layer of the same name in this\n"
                      "model: the ratio of signal to noise in dB, by the interpreter")
          ->type_name("MODEL");
  verb.add_option("--compare", options->compared, "on how many samples, from the first on")
      ->needs(against)
      ->check(CLI::PositiveNumber)
      ->type_name("N")
      ->capture_default_str();
  verb.add_flag("--json", options->json, "print JSON");
  options->backend.addTo(verb);
  verb.footer("The prediction is the index of the largest element of the first output, the first of equals.\n"
              "Real values are put into the model's input format: uint8 pixels feed an int8 model of scale 1 and\n"
              "zero point -128 unchanged but for the offset.\n\n"
              "Example:\n"
              "  qcc evaluate resnet8.tflite --data cifar10_test.npz\n"
              "  qcc evaluate lenet.qm --data mnist_test.npz --scale 1/255\n"
              "  qcc evaluate resnet8-f4.qm --data cifar10_test.npz --against resnet8.tflite");
}
