// qcc bench: how long a compiled model takes.
#include "compiler/driver/Backend.h"
#include "compiler/driver/Report.h"

#include "llvm/Support/JSON.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;

namespace {
struct BenchVerb {
  ModelOptions model;
  TargetOptions target;
  bool json = false;
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

static void printJson(raw_ostream &stream, const Execution &execution) {
  llvm::json::OStream json(stream);
  json.object([&] {
    json.attribute("name", llvm::json::fixUTF8(execution.report.name));
    json.attribute("target", execution.report.target);
    for (const Measurement &measurement : listMeasurements(execution))
      json.attribute(measurement.key, measurement.value);
  });
  stream << '\n';
}

static void printTable(raw_ostream &stream, const Execution &execution) {
  stream << execution.report.name << " for " << execution.report.target << '\n';
  for (const Measurement &measurement : listMeasurements(execution)) {
    bool isWhole = measurement.value == std::floor(measurement.value);
    std::string number = llvm::formatv(isWhole ? "{0:f0}" : "{0:f2}", measurement.value);
    stream << "  " << llvm::left_justify(measurement.label, 20) << llvm::right_justify(number, 14)
           << (measurement.unit.empty() ? "" : "  ") << measurement.unit << '\n';
  }
}

static LogicalResult run(Session &session, const BenchVerb &options) {
  OwningOpRef<ModuleOp> module = options.model.load(session);
  if (!module)
    return failure();
  // The fourth sample is the first random one; the time of all-equal inputs tells little.
  Samples samples = makeRandomSamples(modelInputs(*findModel(*module)), 4, 1);
  samples.erase(samples.begin(), samples.begin() + 3);
  RunOptions runOptions;
  runOptions.measure = true;
  FailureOr<Execution> execution = runCompiled(*module, options.target.get(), samples, runOptions);
  if (failed(execution))
    return failure();
  (options.json ? ::printJson : ::printTable)(llvm::outs(), *execution);
  return success();
}

void qcc::driver::addBench(CLI::App &app, Command &command) {
  auto options = std::make_shared<BenchVerb>();
  CLI::App &verb = addVerb(app, command, "bench", "measure a compiled model", options, run);
  options->model.addTo(verb);
  options->target.addTo(verb);
  verb.add_flag("--json", options->json, "print JSON");
  verb.footer("On this machine, times of one run; on an emulated microcontroller, the exact number of executed\n"
              "instructions, which is not a time: an emulator has no pipeline and no caches.\n\n"
              "Example:\n"
              "  qcc bench kws.tflite --target=cortex-m4");
}
