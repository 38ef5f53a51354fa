// qcc quantize: a float model as one of integers.
#include "compiler/driver/AssignPrecisions.h"
#include "compiler/driver/Backend.h"
#include "compiler/driver/CalibrationFile.h"
#include "compiler/driver/Progress.h"
#include "compiler/driver/QuantizationReport.h"
#include "compiler/emit/ObserveCompiled.h"
#include "compiler/pipeline/ReadThresholds.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;

namespace {
struct QuantizeVerb {
  ModelOptions model;
  InputOptions input;
  std::string calibrate, labels, calibration, saveCalibration, output, quantizer, weightQuantizer, weightRounding,
      equalize = "none";
  std::vector<std::string> precisions, algorithms;
  bool perTensor = false, powerOfTwoScales = false, floatInterface = false;
  AssignOptions assign;
  QuantizationReportOptions report;

  void check() const {
    input.check();
    assign.check();
    if (output.empty() && !assign.isPart())
      throw CLI::RequiredError("-o");
    if (!output.empty())
      checkModelOutput(output);
    for (StringRef path : {StringRef(calibration), StringRef(saveCalibration)})
      if (!path.empty() && !path.ends_with(".npz"))
        throw CLI::ValidationError("expects an .npz file as calibration, but got '" + path.str() + "'");
  }
};
} // namespace

/// What the scheme says, if there is one, and then what the command line says.
static FailureOr<quantize::QuantizeOptions> readOptions(Session &session, const QuantizeVerb &options,
                                                        const LoadedModel &model) {
  quantize::QuantizeOptions result;
  if (model.scheme) {
    FailureOr<quantize::QuantizeOptions> fromScheme = toQuantizeOptions(&session.getContext(), *model.scheme);
    if (failed(fromScheme))
      return failure();
    result = std::move(*fromScheme);
  }
  result.equalization = *quantize::parseEqualization(options.equalize);
  if (!options.quantizer.empty()) {
    result.quantizer = options.quantizer;
    for (quantize::PrecisionRule &rule : result.rules)
      if (rule.activations)
        rule.activations->clip.clear();
  }
  if (!options.weightQuantizer.empty())
    result.weightQuantizer = options.weightQuantizer;
  if (!options.weightRounding.empty())
    result.weightRounding = quantize::parseWeightRounding(options.weightRounding);
  if (options.perTensor)
    result.perChannel = false;
  if (options.powerOfTwoScales)
    result.powerOfTwoScales = true;
  result.keepFloatInterface = options.floatInterface;
  if (options.model.rounding == "litert")
    return session.error() << "LiteRT's rounding is for models of LiteRT; expects --rounding=tflm or single";
  if (options.model.rounding == "single")
    result.rounding = qnn::Rounding::Single;
  for (StringRef text : options.precisions) {
    FailureOr<quantize::PrecisionRule> rule = quantize::parsePrecisionRule(text, session.nowhere());
    if (failed(rule))
      return failure();
    result.rules.push_back(std::move(*rule));
  }
  if (failed(readThresholds(result)))
    return failure();
  return result;
}

/// A model of integers has its formats.
static FailureOr<quantize::QuantizeOptions> refuseOptions(Session &session, const QuantizeVerb &options) {
  StringRef given = !options.precisions.empty()        ? "--precision"
                    : !options.quantizer.empty()       ? "--quantizer"
                    : !options.weightQuantizer.empty() ? "--weight-quantizer"
                    : !options.weightRounding.empty()  ? "--weight-rounding"
                    : options.equalize != "none"       ? "--equalize"
                    : options.perTensor                ? "--per-tensor"
                    : options.powerOfTwoScales         ? "--power-of-two-scales"
                    : options.floatInterface           ? "--float-interface"
                    : !options.calibration.empty()     ? "--calibration"
                    : !options.saveCalibration.empty() ? "--save-calibration"
                    : options.assign.isWanted()        ? "--budget"
                                                       : "";
  if (given.empty())
    return quantize::QuantizeOptions();
  return session.error() << given << " is for models of f32, but '" << options.model.path
                         << "' has integers already; expects --algorithm alone";
}

/// Samples, and their labels if these are named.
struct CalibrationData {
  std::unique_ptr<SampleSource> samples;
  std::vector<int64_t> labels;
};

/// The samples by the contract of `qcc run`, or, if an array is chosen or scaled, those of `qcc evaluate`.
static FailureOr<SampleReader> readSamples(Session &session, const QuantizeVerb &options, Location loc,
                                           ArrayRef<ModelPort> ports, std::vector<ArrayReader> arrays) {
  if (options.input.array.empty() && options.input.scale == "1") {
    llvm::erase_if(arrays, [&](const ArrayReader &array) { return array.getForm().name == options.labels; });
    return SampleReader::create(loc, ports, std::move(arrays));
  }
  if (ports.size() != 1)
    return session.error() << "--input and --scale are for models with one input, but this one has " << ports.size();
  DataOptions data = options.input.get();
  data.labels = options.labels;
  return SampleReader::createForData(loc, ports.front(), std::move(arrays), data);
}

static FailureOr<std::vector<int64_t>> readLabels(Location loc, ArrayRef<ArrayReader> arrays, StringRef name,
                                                  int64_t count, int64_t classes) {
  std::vector<NamedArray> forms;
  for (const ArrayReader &array : arrays) {
    FailureOr<NamedArray> form = array.getForm().name == name ? array.readAll() : array.getForm();
    if (failed(form))
      return failure();
    forms.push_back(std::move(*form));
  }
  return qcc::readLabels(loc, forms, name, count, classes);
}

static FailureOr<CalibrationData> openCalibrationData(Session &session, const QuantizeVerb &options, StringRef path,
                                                      func::FuncOp model) {
  FailureOr<std::vector<ArrayReader>> arrays = openArrays(session.nowhere(), path);
  if (failed(arrays))
    return failure();
  Location loc = fileLoc(&session.getContext(), path);
  FailureOr<SampleReader> samples = readSamples(session, options, loc, modelInputs(model), *arrays);
  if (failed(samples))
    return failure();
  samples->requireFinite();
  CalibrationData data;
  if (!options.labels.empty()) {
    int64_t classes = modelOutputs(model).front().type.getNumElements();
    FailureOr<std::vector<int64_t>> labels = readLabels(loc, *arrays, options.labels, samples->size(), classes);
    if (failed(labels))
      return failure();
    data.labels = std::move(*labels);
  }
  data.samples = std::make_unique<SampleReader>(std::move(*samples));
  return data;
}

/// The samples of `--calibrate`, or else of the scheme; none if a calibration stands for them.
static FailureOr<CalibrationData> findSamples(Session &session, const QuantizeVerb &options, const LoadedModel &model,
                                              bool choosesScales) {
  std::string path = options.calibrate;
  if (path.empty() && model.scheme)
    path = model.scheme->calibrate;
  if (path.empty()) {
    StringRef wanted = choosesScales                 ? "to choose scales by"
                       : !options.algorithms.empty() ? "to fit --algorithm to"
                       : options.assign.isWanted()   ? "to measure precisions on"
                       : options.report.isWanted()   ? "to report on"
                       : !options.labels.empty()     ? "that have --labels"
                                                     : "";
    if (wanted.empty())
      return CalibrationData{std::make_unique<SampleList>(ArrayRef<std::vector<HostTensor>>()), {}};
    return session.error() << "expects samples " << wanted << "; add --calibrate FILE";
  }
  return openCalibrationData(session, options, path, *findModel(*model.module));
}

static bool hasIntegers(func::FuncOp model) {
  return llvm::none_of(modelInputs(model), [](const ModelPort &port) { return qnn::getFormat(port.type).isFloat(); });
}

/// Compares both models on the first samples.
static LogicalResult reportChanges(Session &session, const QuantizeVerb &options, ModuleOp module, ModuleOp original,
                                   SampleSource &samples, llvm::json::Value pareto) {
  constexpr int64_t compared = 32;
  FailureOr<Samples> first = readFirst(samples, compared);
  if (failed(first))
    return failure();
  FailureOr<ModelComparison> comparison = compareLayers(module, original, *first);
  if (failed(comparison))
    return failure();
  return writeQuantizationReport(session, options.report.path, options.assign.target.get(), *comparison,
                                 std::move(pareto));
}

namespace {
/// One run of the verb.
class Quantization {
public:
  Quantization(Session &session, const QuantizeVerb &options) : session(session), options(options) {}
  LogicalResult run();

private:
  LogicalResult load();
  LogicalResult readCalibrationFile();
  LogicalResult quantize();
  LogicalResult fitAlgorithmsToSamples();
  func::FuncOp function() { return *findModel(*model.module); }

  Session &session;
  const QuantizeVerb &options;
  LoadedModel model;
  bool isQuantized = false; ///< already; then it may still get algorithms with results of their own
  quantize::QuantizeOptions quantizeOptions;
  std::unique_ptr<SampleSource> samples;
  std::vector<int64_t> labels; ///< of the samples, or none
  Calibration calibration;
  std::string key; ///< of the calibration
  llvm::json::Value pareto = nullptr;
};
} // namespace

LogicalResult Quantization::load() {
  FailureOr<LoadedModel> loaded = readModel(session.getContext(), options.model.path, options.model.get());
  if (failed(loaded))
    return failure();
  model = std::move(*loaded);
  isQuantized = !options.algorithms.empty() && !model.scheme && hasIntegers(function());
  if (!isQuantized && failed(checkFloatInputs(function())))
    return failure();
  FailureOr<quantize::QuantizeOptions> read =
      isQuantized ? refuseOptions(session, options) : readOptions(session, options, model);
  if (failed(read))
    return failure();
  quantizeOptions = std::move(*read);
  FailureOr<bool> hasScales = true;
  if (!isQuantized)
    hasScales = quantize::hasScales(function(), quantizeOptions);
  if (failed(hasScales))
    return failure();
  FailureOr<CalibrationData> found = findSamples(session, options, model, *hasScales && options.calibration.empty());
  if (failed(found))
    return failure();
  samples = std::move(found->samples);
  labels = std::move(found->labels);
  return isQuantized ? success() : readCalibrationFile();
}

LogicalResult Quantization::readCalibrationFile() {
  key = calibrationKey(function(), quantizeOptions.equalization);
  if (options.calibration.empty())
    return success();
  if (samples->size() == 0 && quantizeOptions.equalization == quantize::Equalization::Activations)
    return session.error() << "expects samples to equalize activations on; add --calibrate FILE";
  FailureOr<Calibration> read = readCalibration(session, options.calibration, key);
  if (failed(read))
    return failure();
  calibration = std::move(*read);
  return success();
}

LogicalResult Quantization::quantize() {
  WorkProgress progress;
  auto onStep = [&](StringRef work, int64_t steps) { progress.step(work, steps); };
  return quantizeOnSamples(*model.module, quantizeOptions, *samples, prepareCompiled, calibration, onStep);
}

LogicalResult Quantization::fitAlgorithmsToSamples() {
  std::vector<std::string> algorithms = model.scheme ? algorithmRules(*model.scheme) : std::vector<std::string>();
  llvm::append_range(algorithms, options.algorithms);
  WorkProgress progress;
  auto onStep = [&](StringRef work, int64_t steps) { progress.step(work, steps); };
  return fitAlgorithms(*model.module, algorithms, *samples, prepareCompiled, labels, onStep);
}

LogicalResult Quantization::run() {
  if (failed(load()))
    return failure();
  AssignOptions assign = options.assign;
  if (model.scheme)
    assign.addBudgets(*model.scheme);
  if (!isQuantized && assign.isWanted() &&
      failed(assignPrecisions(session, assign, *model.module, *samples, calibration, quantizeOptions, pareto)))
    return failure();
  if (options.assign.isPart())
    return success();
  OwningOpRef<ModuleOp> original = options.report.isWanted() ? model.module->clone() : nullptr;
  if ((!isQuantized && failed(quantize())) || failed(fitAlgorithmsToSamples()))
    return failure();
  if (original && failed(reportChanges(session, options, *model.module, *original, *samples, std::move(pareto))))
    return failure();
  if (failed(writeModelFile(session, options.output, *model.module)))
    return failure();
  return options.saveCalibration.empty() ? success()
                                         : writeCalibration(session, options.saveCalibration, key, calibration);
}

static LogicalResult run(Session &session, const QuantizeVerb &options) { return Quantization(session, options).run(); }

void qcc::driver::addQuantize(CLI::App &app, Command &command) {
  auto options = std::make_shared<QuantizeVerb>();
  CLI::App &verb = addVerb(app, command, "quantize", "make integers of a float model", options, run);
  options->model.addTo(verb);
  verb.add_option("--calibrate", options->calibrate,
                  "typical inputs, an .npz file as for `qcc run`; by default the scheme's")
      ->type_name("FILE");
  verb.add_option("--labels", options->labels,
                  "the array of their classes, integers: what --algorithm may cost is points of accuracy then")
      ->type_name("ARRAY");
  verb.add_option("--save-calibration", options->saveCalibration,
                  "keep what the samples say of the float model's tensors, an .npz file")
      ->type_name("FILE");
  verb.add_option("--calibration", options->calibration,
                  "take that instead of running the float model; --calibrate may be missing then, unless weights are\n"
                  "fitted to samples or precisions are measured on them")
      ->type_name("FILE");
  verb.add_option("-o", options->output, "the model, a .qm file (its weights go beside it as .safetensors) or .mlir")
      ->type_name("FILE");
  verb.add_option("--precision", options->precisions,
                  "bits of weights and activations of the layers whose name matches: REGEX=w4a8,\n"
                  "REGEX=w2, REGEX=a4; 1 bit is binary; REGEX=bf16: floats of 16 bits, for which all layers\n"
                  "together need no samples; REGEX=w4g32a8: a scale for 32 weights;\n"
                  "REGEX=wb3g128: 3 signed magnitudes for 128. After weights of dense layers, '(outliers: 6.0)' keeps\n"
                  "input columns that reach 6.0 on the samples in f32. May be repeated, the last match wins")
      ->type_name("RULE");
  quantize::QuantizeOptions defaults;
  std::vector<std::string> quantizers;
  for (const quantize::Quantizer *quantizer : quantize::getQuantizers())
    quantizers.push_back(quantizer->getName().str());
  verb.add_option("--quantizer", options->quantizer,
                  "how the ranges of activations are chosen (docs/quantizers.md); by default " + defaults.quantizer)
      ->check(CLI::IsMember(quantizers))
      ->type_name("NAME");
  verb.add_option("--weight-quantizer", options->weightQuantizer,
                  "and those of weights, which --weight-rounding then leaves as they are; by default " +
                      defaults.weightQuantizer)
      ->check(CLI::IsMember(quantizers))
      ->type_name("NAME");
  verb.add_flag("--power-of-two-scales", options->powerOfTwoScales, "all scales that are chosen are powers of two");
  verb.add_option(
          "--equalize", options->equalize,
          "scale channels between two layers, which leaves the float model as it is, so that few codes fit all:\n"
          "by the ranges of the first layer's `weights`, or of its results (`activations`) on the samples")
      ->check(CLI::IsMember({"none", "weights", "activations"}))
      ->type_name("NAME")
      ->capture_default_str();
  verb.add_option("--weight-rounding", options->weightRounding,
                  "codes of weights: to the `nearest`; so, but with biases `corrected` on the samples; or such that\n"
                  "each layer's sums change least on the samples, by `gptq` or, slower, `obq`. By default gptq\n"
                  "if a layer has weights or inputs of 2 to 7 bits, else nearest")
      ->check(CLI::IsMember({"nearest", "corrected", "gptq", "obq"}))
      ->type_name("NAME");
  verb.add_option(
          "--algorithm", options->algorithms,
          "compute the convolutions whose names match by Winograd's F(4x4, 3x3) in integers, which is near the\n"
          "direct result: REGEX=winograd(f4,SCALES,BITS), SCALES tapwise, channelwise or single, BITS 8 to 10;\n"
          "with ,max or ,mse its scales are not refined, ,integer and ,reciprocal are its points, and with the latter\n"
          "all scales are powers of two with ,shifts; with ,25dB layers whose signal to noise is less stay direct,\n"
          "with ,0.5points those that cost most, until no more than so many of 100 samples get another class or,\n"
          "with --labels, no more points of accuracy are lost. REGEX=direct takes it back; may be repeated")
      ->allow_extra_args(false)
      ->type_name("REGEX=ALGORITHM");
  verb.add_flag("--per-tensor", options->perTensor, "one scale for each filter, not one for each output channel");
  verb.add_flag("--float-interface", options->floatInterface, "inputs and outputs stay f32");
  options->input.addTo(verb);
  options->assign.addTo(verb);
  options->report.addTo(verb);
  verb.footer(
      "A scheme in the model file, if there is one, says which layer gets which format; --precision wins over\n"
      "it. Without either, weights and activations have 8 bits. A model of integers stays as it is, but for what\n"
      "--algorithm says.\n\n"
      "Example:\n"
      "  qcc quantize model.qm --calibrate calibration.npz -o model-int8.qm\n"
      "  qcc quantize resnet8.tflite --calibrate cifar10.npz --input images -o resnet8.qm\n"
      "  qcc quantize resnet8.tflite --calibrate cifar10.npz --input images --target=cortex-m4 \\\n"
      "      --budget 'flash<=64K' --journal search.jsonl -o resnet8-64k.qm\n"
      "  qcc quantize resnet8_int8.tflite --algorithm='.*=winograd(f4,tapwise,10)' --calibrate cifar10.npz \\\n"
      "      --input images -o resnet8-f4.qm\n"
      "  qcc quantize resnet8_int8.tflite --algorithm='.*=winograd(f4,tapwise,8,0.5points)' --calibrate cifar10.npz "
      "\\\n"
      "      --input images --labels labels -o resnet8-f4.qm");
}
