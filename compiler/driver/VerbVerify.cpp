// qcc verify: a compiled model on its target against the reference interpreter.
#include "compiler/driver/Windows.h"

#include "llvm/Support/Format.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;

namespace {
struct VerifyVerb {
  ModelOptions model;
  TargetOptions target;
  std::optional<int64_t> samples;
  uint64_t seed = 1;
  std::string inputs;
  double ulps = 256;
  bool saveTemps = false;
};
} // namespace

static constexpr int64_t defaultSamples = 100, maxSamples = 1'000'000;

//===-- Checks ------------------------------------------------------------------------------===//

static std::string showIndex(int64_t index, ArrayRef<int64_t> shape) {
  SmallVector<int64_t> indices;
  for (int64_t size : llvm::reverse(shape)) {
    indices.push_back(index % size);
    index /= size;
  }
  std::reverse(indices.begin(), indices.end());
  return showShape(indices);
}

static void reportDifference(Session &session, const Difference &difference, const ModelPort &port, StringRef reference,
                             StringRef target) {
  session.error() << "sample " << difference.sample << " differs in output '" << port.name << "' at "
                  << showIndex(difference.element, port.type.getShape()) << ": " << reference << " gives "
                  << difference.expected << ", " << target << " gives " << difference.got;
}

/// With `--stream`: the outputs against those of the model that sees all frames.
static LogicalResult checkWindows(Session &session, const VerifyVerb &options, const Samples &inputs,
                                  const Execution &execution, ArrayRef<ModelPort> outputs) {
  LoadOptions load = options.model.get();
  algorithm::StreamOptions stream = *std::exchange(load.stream, std::nullopt);
  FailureOr<LoadedModel> original = loadModel(session.getContext(), options.model.path, load);
  if (failed(original))
    return failure();
  FailureOr<WindowComparison> result =
      compareWithWindows(*findModel(*original->module), stream, inputs, execution.outputs, options.ulps);
  if (failed(result))
    return failure();
  int64_t count = static_cast<int64_t>(inputs.size()) - result->skipped, identical = result->comparison.identical;
  if (std::optional<Difference> first = result->comparison.first) {
    first->sample += result->skipped;
    reportDifference(session, *first, outputs[first->output],
                     "the whole model on " + std::to_string(result->frames) + " frames", execution.report.target);
  }
  session.out() << identical << " of " << count << " identical to the whole model on the last " << result->frames
                << " frames; the first " << result->skipped << " runs have fewer\n";
  return success(identical == count);
}

/// The report is what users size their memory by.
static LogicalResult checkBounds(Session &session, const Execution &execution) {
  const ModelReport &report = execution.report;
  const RunStatistics &used = execution.statistics;
  if (report.stackBytes >= 0 && used.stackBytes > report.stackBytes)
    return session.error() << "expects at most " << report.stackBytes << " bytes of stack, as the report says, but "
                           << used.stackBytes << " were used";
  return success();
}

//===-- The verb ----------------------------------------------------------------------------===//

static FailureOr<Samples> makeInputs(Session &session, const VerifyVerb &options, ArrayRef<ModelPort> ports) {
  if (options.inputs.empty())
    return makeRandomSamples(ports, options.samples.value_or(defaultSamples), options.seed);
  FailureOr<Samples> samples = readSamples(session, options.inputs, ports);
  if (succeeded(samples) && options.samples && *options.samples < static_cast<int64_t>(samples->size()))
    samples->resize(*options.samples);
  return samples;
}

static LogicalResult run(Session &session, const VerifyVerb &options) {
  OwningOpRef<ModuleOp> module = options.model.load(session);
  if (!module)
    return failure();
  func::FuncOp model = *findModel(*module);
  FailureOr<Samples> inputs = makeInputs(session, options, modelInputs(model));
  if (failed(inputs))
    return failure();
  RunOptions runOptions;
  runOptions.keepFiles = options.saveTemps;
  FailureOr<Execution> execution = runCompiled(*module, options.target.get(), *inputs, runOptions);
  if (failed(execution))
    return failure();
  FailureOr<Samples> expected = runReference(model, *inputs, "verify");
  if (failed(expected))
    return failure();
  std::vector<ModelPort> outputs = modelOutputs(model);
  Comparison comparison = compareOutputs(*expected, execution->outputs, options.ulps, roundsToBfloat(model));
  if (comparison.first)
    reportDifference(session, *comparison.first, outputs[comparison.first->output], "the interpreter",
                     execution->report.target);
  int64_t count = inputs->size(), identical = comparison.identical;
  session.out() << identical << " of " << count << " identical";
  if (llvm::any_of(outputs, [](const ModelPort &port) { return qnn::getFormat(port.type).isFloat(); }))
    session.out() << llvm::format(" (floats within %g ulps of the output's largest element%s)", options.ulps,
                                  roundsToBfloat(model) ? ", or one of bf16" : "");
  session.out() << '\n';
  if (identical != count || failed(checkBounds(session, *execution)))
    return failure();
  return options.model.streamAxis ? checkWindows(session, options, *inputs, *execution, outputs) : success();
}

void qcc::driver::addVerify(CLI::App &app, Command &command) {
  auto options = std::make_shared<VerifyVerb>();
  CLI::App &verb = addVerb(app, command, "verify", "compare a compiled model with the interpreter", options, run);
  options->model.addTo(verb);
  options->model.addStreamTo(verb);
  options->target.addTo(verb);
  verb.add_option("--samples", options->samples, "how many samples are tried; 100 by default, or all of --inputs")
      ->check(CLI::Range(int64_t(1), maxSamples))
      ->type_name("N");
  verb.add_option("--seed", options->seed, "which random inputs are drawn")->type_name("S")->capture_default_str();
  verb.add_option("--inputs", options->inputs, "samples to try instead of random ones, as in `qcc run`")
      ->type_name("FILE");
  verb.add_option("--ulps", options->ulps,
                  "by how much floats may differ, in units in the last place of the output's\n"
                  "largest element over all samples")
      ->check(CLI::NonNegativeNumber)
      ->type_name("ULPS")
      ->capture_default_str();
  verb.add_flag("--save-temps", options->saveTemps, "keep the linked program and its files, and say where");
  verb.footer(
      "Random inputs begin with the smallest codes, the largest, and zeros; the others are equally likely over\n"
      "the whole range. Integers agree bit for bit. The exit code is 0 only if all samples agree. For a model with\n"
      "state, samples are the steps of one sequence; with --stream, those that fill the window are also compared\n"
      "with the original model on it.\n\n"
      "Example:\n"
      "  qcc verify kws.tflite --target=cortex-m4 --samples 10");
}
