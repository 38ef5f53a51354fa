// qcc bench: how long a compiled model takes.
#include "compiler/driver/Profile.h"
#include "compiler/driver/Report.h"
#include "compiler/emit/Binary.h"
#include "compiler/verify/Peers.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;

namespace {
struct BenchVerb {
  ModelOptions model;
  TargetOptions target;
  bool json = false, profile = false, compare = false;
};

struct Measurement {
  StringRef key, label, unit;
  double value;
};
} // namespace

/// What is known of a run: times or instructions, then sizes.
static SmallVector<Measurement> listMeasurements(const Execution &execution) {
  const RunStatistics &statistics = execution.statistics;
  SmallVector<Measurement> rows = {{"min_us", "fastest run", "us", statistics.minMicroseconds},
                                   {"median_us", "median run", "us", statistics.medianMicroseconds},
                                   {"instructions", "instructions", "", static_cast<double>(statistics.instructions)}};
  for (const SizeRow &size : listSizes(execution.report))
    rows.push_back({size.key, size.label, "bytes", static_cast<double>(size.value)});
  // Without a bound, what was used.
  if (execution.report.stackBytes < 0)
    rows.push_back({"stack_bytes", "stack, as measured", "bytes", static_cast<double>(statistics.stackBytes)});
  llvm::erase_if(rows, [](const Measurement &row) { return row.value < 0; });
  return rows;
}

static void printJson(raw_ostream &stream, const Execution &execution, ArrayRef<Peak> peaks) {
  llvm::json::OStream json(stream);
  json.object([&] {
    json.attribute("name", llvm::json::fixUTF8(execution.report.name));
    json.attribute("target", execution.report.target);
    for (const Measurement &measurement : listMeasurements(execution))
      json.attribute(measurement.key, measurement.value);
    if (!execution.statistics.kernels.empty())
      printProfileJson(json, execution, peaks);
  });
  stream << '\n';
}

static void printTable(raw_ostream &stream, const Execution &execution, ArrayRef<Peak> peaks) {
  stream << execution.report.name << " for " << execution.report.target << '\n';
  for (const Measurement &measurement : listMeasurements(execution)) {
    bool isWhole = measurement.value == std::floor(measurement.value);
    std::string number = llvm::formatv(isWhole ? "{0:f0}" : "{0:f2}", measurement.value);
    stream << "  " << llvm::left_justify(measurement.label, 20) << llvm::right_justify(number, 14)
           << (measurement.unit.empty() ? "" : "  ") << measurement.unit << '\n';
  }
  if (execution.statistics.kernels.empty())
    return;
  stream << '\n';
  printProfileTable(stream, execution, peaks);
}

/// `--compare`: the model file itself goes to the others.
static LogicalResult compare(Session &session, ModuleOp module, const BenchVerb &options, const Samples &samples) {
  CompileOptions compileOptions = options.target.get();
  FailureOr<CompileResult> compiled = compileModel(module, compileOptions, Emit::Object);
  if (failed(compiled))
    return failure();
  FailureOr<std::string> result = compareWithPeers(session.nowhere(), makeBinary(*compiled, compileOptions),
                                                   options.model.path, samples.front(), options.json);
  if (failed(result))
    return failure();
  llvm::outs() << *result;
  return success();
}

static LogicalResult run(Session &session, const BenchVerb &options) {
  OwningOpRef<ModuleOp> module = options.model.load(session);
  if (!module)
    return failure();
  // The fourth sample is the first random one; the time of all-equal inputs tells little.
  Samples samples = makeRandomSamples(modelInputs(*findModel(*module)), 4, 1);
  samples.erase(samples.begin(), samples.begin() + 3);
  if (options.compare)
    return compare(session, *module, options, samples);
  RunOptions runOptions;
  runOptions.measure = true;
  CompileOptions compileOptions = options.target.get();
  compileOptions.profile = options.profile;
  FailureOr<Execution> execution = runCompiled(*module, compileOptions, samples, runOptions);
  if (failed(execution))
    return failure();
  std::vector<Peak> peaks;
  if (options.profile && execution->statistics.kernels.empty())
    return session.error() << "cannot tell the kernels of '" << execution->report.name << "' apart on target '"
                           << options.target.target << "'";
  if (options.profile && execution->statistics.minMicroseconds >= 0) {
    FailureOr<std::vector<Peak>> measured = measurePeaks(session.nowhere(), options.target.target);
    if (failed(measured))
      return failure();
    peaks = std::move(*measured);
  }
  (options.json ? ::printJson : ::printTable)(llvm::outs(), *execution, peaks);
  return success();
}

void qcc::driver::addBench(CLI::App &app, Command &command) {
  auto options = std::make_shared<BenchVerb>();
  CLI::App &verb = addVerb(app, command, "bench", "measure a compiled model", options, run);
  options->model.addTo(verb);
  options->target.addTo(verb);
  verb.add_flag("--json", options->json, "print JSON");
  verb.add_flag("--profile", options->profile,
                "also each kernel: its time and share of the machine's peak, or its "
                "instructions");
  verb.add_flag("--compare", options->compare,
                "instead, time it in turn with XNNPACK, OpenVINO and ONNX Runtime, where their Python packages are")
      ->excludes("--profile");
  verb.footer("On this machine, times of one run; on an emulated microcontroller, the exact number of executed\n"
              "instructions, which is not a time: an emulator has no pipeline and no caches.\n\n"
              "Example:\n"
              "  qcc bench kws.tflite --target=cortex-m4");
}
