// qcc bench: how long a compiled model takes.
#include "compiler/driver/Profile.h"
#include "compiler/driver/Report.h"
#include "compiler/emit/Binary.h"
#include "compiler/target/Target.h"
#include "compiler/verify/Peers.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;

namespace {
struct BenchVerb {
  ModelOptions model;
  TargetOptions target;
  bool json = false, profile = false, compare = false, cyclesModel = false;

  void check() const {
    if (compare && !target.memory.memories.empty())
      throw CLI::ValidationError("--compare", "excludes --memory: models are compared with one arena");
  }
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

static void printJson(raw_ostream &stream, const Execution &execution, const Yardstick &yardstick) {
  llvm::json::OStream json(stream);
  json.object([&] {
    json.attribute("name", llvm::json::fixUTF8(execution.report.name));
    json.attribute("target", execution.report.target);
    if (!execution.version.empty())
      json.attribute("version", execution.version);
    for (const Measurement &measurement : listMeasurements(execution))
      json.attribute(measurement.key, measurement.value);
    if (!execution.statistics.kernels.empty())
      printProfileJson(json, execution, yardstick);
  });
  stream << '\n';
}

static void printTable(raw_ostream &stream, const Execution &execution, const Yardstick &yardstick) {
  stream << execution.report.name << " for " << execution.report.target;
  if (!execution.version.empty())
    stream << ", here by its version for " << execution.version;
  stream << '\n';
  for (const Measurement &measurement : listMeasurements(execution)) {
    bool isWhole = measurement.value == std::floor(measurement.value);
    std::string number = llvm::formatv(isWhole ? "{0:f0}" : "{0:f2}", measurement.value);
    stream << "  " << llvm::left_justify(measurement.label, 20) << llvm::right_justify(number, 14)
           << (measurement.unit.empty() ? "" : "  ") << measurement.unit << '\n';
  }
  if (execution.statistics.kernels.empty())
    return;
  stream << '\n';
  printProfileTable(stream, execution, yardstick);
}

/// `--compare`: the model file itself goes to the others, or what it was made of.
static LogicalResult compare(Session &session, ModuleOp module, const BenchVerb &options, const Samples &samples) {
  if (!modelStates(*findModel(module)).empty())
    return session.error() << "cannot compare a model with state with other runtimes, which get the model file";
  CompileOptions compileOptions = options.target.get();
  FailureOr<CompileResult> compiled = compileModel(module, compileOptions, Emit::Object);
  if (failed(compiled))
    return failure();
  bool isBfloat = llvm::any_of(compiled->report.kernels, [](const KernelReport &kernel) { return kernel.isBfloat; });
  FailureOr<std::string> result = compareWithPeers(session.nowhere(), makeBinary(*compiled, compileOptions),
                                                   options.model.path, samples.front(), isBfloat, options.json);
  if (failed(result))
    return failure();
  session.out() << *result;
  return success();
}

/// The model of the CPU that the code is for; nothing without `--cycles-model`.
static FailureOr<std::optional<CycleModel>> makeCycleModel(Session &session, const BenchVerb &options,
                                                           Yardstick &yardstick) {
  if (!options.cyclesModel)
    return std::optional<CycleModel>();
  target::Machine machine;
  std::string error;
  if (!target::resolveMachine(options.target.target, options.target.cpu, options.target.features, machine, error))
    return session.error() << error;
  if (!countsInstructions(options.target.target))
    return session.error() << "cannot model the cycles of target '" << options.target.target
                           << "': there is no count of what its code executes";
  FailureOr<CycleModel> model = CycleModel::create(session.nowhere(), machine.triple, machine.cpu, machine.features);
  if (failed(model))
    return failure();
  yardstick.modelledCpu = machine.cpu;
  return std::optional<CycleModel>(std::move(*model));
}

static LogicalResult run(Session &session, const BenchVerb &options) {
  Yardstick yardstick;
  FailureOr<std::optional<CycleModel>> cycleModel = makeCycleModel(session, options, yardstick);
  if (failed(cycleModel))
    return failure();
  OwningOpRef<ModuleOp> module = options.model.load(session);
  if (!module)
    return failure();
  Samples samples = sampleToMeasure(*findModel(*module));
  if (options.compare)
    return compare(session, *module, options, samples);
  RunOptions runOptions;
  runOptions.measure = true;
  runOptions.traceBlocks = options.cyclesModel;
  CompileOptions compileOptions = options.target.get();
  compileOptions.profile = options.profile || options.cyclesModel;
  FailureOr<Execution> execution = runCompiled(*module, compileOptions, samples, runOptions);
  if (failed(execution))
    return failure();
  if (compileOptions.profile && execution->statistics.kernels.empty())
    return session.error() << "cannot tell the kernels of '" << execution->report.name << "' apart on target '"
                           << options.target.target << "'";
  if (compileOptions.profile && execution->statistics.minMicroseconds >= 0) {
    FailureOr<std::vector<Peak>> measured =
        measurePeaks(session.nowhere(), execution->version.empty() ? options.target.target : execution->version);
    if (failed(measured))
      return failure();
    yardstick.peaks = std::move(*measured);
  }
  if (*cycleModel)
    for (const KernelStatistics &kernel : execution->statistics.kernels)
      yardstick.cycles.push_back((*cycleModel)->estimate(kernel.blocks));
  (options.json ? ::printJson : ::printTable)(session.out(), *execution, yardstick);
  return success();
}

void qcc::driver::addBench(CLI::App &app, Command &command) {
  auto options = std::make_shared<BenchVerb>();
  CLI::App &verb = addVerb(app, command, "bench", "measure a compiled model", options, run);
  options->model.addTo(verb);
  options->model.addStreamTo(verb);
  options->target.addTo(verb);
  verb.add_flag("--json", options->json, "print JSON");
  verb.add_flag("--profile", options->profile,
                "also each kernel: its time and share of the machine's peak, or its "
                "instructions");
  verb.add_flag("--cycles-model", options->cyclesModel,
                "also each kernel's cycles by LLVM's model of the CPU's pipeline, block by block as executed:\n"
                "an estimate, without memory, fetches and taken branches");
  verb.add_flag(
          "--compare", options->compare,
          "instead, time it in turn with XNNPACK, OpenVINO and ONNX Runtime, where their Python packages are;\n"
          "of a .qm file, these read the .tflite file of its name beside it, OpenVINO in bf16 where the model has it")
      ->excludes("--profile", "--cycles-model");
  verb.footer("On this machine, times of one run; on an emulated microcontroller, the exact number of executed\n"
              "instructions, which is not a time: an emulator has no pipeline and no caches.\n\n"
              "Example:\n"
              "  qcc bench kws.tflite --target=cortex-m4");
}
