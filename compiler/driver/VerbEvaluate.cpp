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
  std::string data, input, labels = "labels", scale = "1", predictions, backend = "jit";
  bool json = false;

  void check() const;
};
} // namespace

/// A positive number, or a fraction of two.
static std::optional<double> parseScale(StringRef text) {
  auto [top, bottom] = text.split('/');
  double numerator, denominator = 1;
  if (top.getAsDouble(numerator) || (text.contains('/') && bottom.getAsDouble(denominator)))
    return std::nullopt;
  double scale = numerator / denominator;
  return std::isfinite(scale) && scale > 0 ? std::optional(scale) : std::nullopt;
}

void EvaluateVerb::check() const {
  if (!parseScale(scale))
    throw CLI::ValidationError("--scale",
                               "expects a positive number or fraction such as 1/255, but got '" + scale + "'");
}

//===-- Data ----------------------------------------------------------------------------------===//

static SmallVector<int64_t> dropOnes(ArrayRef<int64_t> shape) {
  return llvm::to_vector(llvm::make_filter_range(shape, [](int64_t size) { return size != 1; }));
}

/// True if the array holds one input per index of its first axis; dimensions of 1 may be left out.
static bool fitsInput(const NamedArray &array, const ModelPort &port) {
  return !array.shape.empty() && dropOnes(ArrayRef(array.shape).drop_front()) == dropOnes(sampleShape(port.type));
}

static InFlightDiagnostic errorWithArrays(Location loc, ArrayRef<NamedArray> arrays, const Twine &text) {
  InFlightDiagnostic error = emitError(loc) << text;
  Diagnostic &note = error.attachNote() << "the file has";
  for (const NamedArray &array : arrays)
    note << " '" << array.name << "' " << array.describe();
  return error;
}

static FailureOr<const NamedArray *> findInput(Location loc, ArrayRef<NamedArray> arrays, const EvaluateVerb &options,
                                               const ModelPort &port) {
  for (const NamedArray &array : arrays) {
    if (options.input.empty() ? array.name == options.labels || !fitsInput(array, port) : array.name != options.input)
      continue;
    if (fitsInput(array, port))
      return &array;
    return emitError(loc) << "expects samples of shape " << showShape(sampleShape(port.type)) << " in array '"
                          << array.name << "', but it is " << array.describe();
  }
  if (!options.input.empty())
    return errorWithArrays(loc, arrays, "there is no array '" + options.input + "'");
  return errorWithArrays(loc, arrays,
                         "no array holds samples of the model's input shape " + showShape(sampleShape(port.type)));
}

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

/// Stored numbers times the scale, in the model's input format.
static Samples encodeInputs(const NamedArray &array, const ModelPort &port, double scale) {
  qnn::NumberFormat format = qnn::getFormat(port.type);
  int64_t elements = port.type.getNumElements();
  Samples samples(array.shape.front());
  std::vector<int64_t> codes(elements);
  for (auto [sample, tensors] : llvm::enumerate(samples)) {
    for (int64_t index = 0; index < elements; ++index) {
      int64_t position = sample * elements + index;
      double stored = array.kind == 'f' ? array.getFloat(position) : static_cast<double>(array.getInteger(position));
      codes[index] = format.encode(stored * scale);
    }
    tensors.emplace_back(port.type, codes);
  }
  return samples;
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
  FailureOr<const NamedArray *> input = findInput(loc, *arrays, options, ports.front());
  if (failed(input))
    return failure();
  if ((*input)->shape.front() == 0)
    return emitError(loc) << "array '" << (*input)->name << "' has no samples";
  int64_t classes = modelOutputs(model).front().type.getNumElements();
  FailureOr<std::vector<int64_t>> labels = readLabels(loc, *arrays, options.labels, **input, classes);
  if (failed(labels))
    return failure();
  Samples samples = encodeInputs(**input, ports.front(), *parseScale(options.scale));
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
  verb.add_option("--data", options->data, "an .npz file with samples and labels")->required()->type_name("FILE");
  verb.add_option("--input", options->input, "the array of samples; by default the first that fits the model")
      ->type_name("ARRAY");
  verb.add_option("--labels", options->labels, "the array of labels, integers")
      ->type_name("ARRAY")
      ->capture_default_str();
  verb.add_option("--scale", options->scale, "a stored number times this is the real value of an input")
      ->type_name("NUMBER")
      ->capture_default_str();
  verb.add_option("--predictions", options->predictions, "also write the predicted labels to this .npz file")
      ->type_name("FILE");
  verb.add_flag("--json", options->json, "print JSON");
  addBackendOption(verb, options->backend);
  verb.footer("The prediction is the index of the largest element of the first output, the first of equals.\n"
              "Real values are put into the model's input format: uint8 pixels feed an int8 model of scale 1 and\n"
              "zero point -128 unchanged but for the offset.\n\n"
              "Example:\n"
              "  qcc evaluate resnet8.tflite --data cifar10_test.npz\n"
              "  qcc evaluate lenet.qm --data mnist_test.npz --scale 1/255");
}
