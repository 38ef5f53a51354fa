// qcc evaluate: accuracy of a classifier on labelled data.
#include "compiler/driver/Backend.h"

#include "compiler/import/weights/Npz.h"

#include "llvm/Support/JSON.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;

namespace {
struct EvaluateVerb {
  ModelOptions model;
  InputOptions input;
  std::string data, labels = "labels", predictions;
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

static void printResult(const EvaluateVerb &options, int64_t correct, int64_t samples) {
  double accuracy = static_cast<double>(correct) / samples;
  if (options.json)
    llvm::outs() << llvm::json::Value(llvm::json::Object{{"accuracy", accuracy}, {"samples", samples}}) << '\n';
  else
    llvm::outs() << llvm::formatv("accuracy {0:f4} ({1} of {2} samples)\n", accuracy, correct, samples);
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
  printResult(options, correct, labels->size());
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
  verb.add_flag("--json", options->json, "print JSON");
  options->backend.addTo(verb);
  verb.footer("The prediction is the index of the largest element of the first output, the first of equals.\n"
              "Real values are put into the model's input format: uint8 pixels feed an int8 model of scale 1 and\n"
              "zero point -128 unchanged but for the offset.\n\n"
              "Example:\n"
              "  qcc evaluate resnet8.tflite --data cifar10_test.npz\n"
              "  qcc evaluate lenet.qm --data mnist_test.npz --scale 1/255");
}
