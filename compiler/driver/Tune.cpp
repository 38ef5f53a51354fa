#include "compiler/driver/Tune.h"

#include "compiler/driver/Backend.h"
#include "compiler/driver/Progress.h"
#include "compiler/emit/Versions.h"
#include "compiler/support/Files.h"
#include "compiler/tiling/Tuning.h"

#include "llvm/Support/FileSystem.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;

namespace {

/// Measures whole models, in each of which all contractions have their candidate of one number. A contraction's cost is
/// the sum over its kernels.
class Tuner {
public:
  Tuner(Session &session, ModuleOp module, const CompileOptions &options, tiling::Tuning &tuning);
  LogicalResult run();

private:
  FailureOr<std::map<std::string, tiling::TunedBlock>> measure(unsigned rank);
  void keepBest(const std::map<std::string, tiling::TunedBlock> &measured, bool isDefault);

  Session &session;
  ModuleOp module;
  CompileOptions options;
  tiling::Tuning &tuning;
  Samples samples;
  std::map<std::string, tiling::TunedBlock> best;
};
} // namespace

Tuner::Tuner(Session &session, ModuleOp module, const CompileOptions &options, tiling::Tuning &tuning)
    : session(session), module(module), options(options), tuning(tuning) {
  this->options.profile = true;
  this->options.fusesLayers = false; // each contraction is measured by itself
  this->options.consumeConstants = false;
  this->options.schedule.tuning = nullptr;
  this->options.tuningFile.clear();
  samples = sampleToMeasure(*findModel(module));
}

/// The blocks of contractions that are not known yet, with what their kernels take.
FailureOr<std::map<std::string, tiling::TunedBlock>> Tuner::measure(unsigned rank) {
  options.schedule.rank = rank;
  RunOptions runOptions;
  runOptions.measure = true;
  FailureOr<Execution> execution = runCompiled(module, options, samples, runOptions);
  if (failed(execution))
    return failure();
  const RunStatistics &statistics = execution->statistics;
  if (statistics.kernels.empty())
    return session.error() << "cannot tell the kernels of '" << execution->report.name << "' apart on target '"
                           << options.target << "', so there is nothing to tune";
  tuning.unit = statistics.kernels.front().minMicroseconds >= 0 ? "us" : "instructions";
  std::map<std::string, tiling::TunedBlock> measured;
  for (auto [kernel, taken] : llvm::zip_equal(execution->report.kernels, statistics.kernels)) {
    if (kernel.positions == 0 || tuning.contractions.count(kernel.contraction))
      continue;
    tiling::TunedBlock block{.tile = kernel.instruction,
                             .algorithm = kernel.algorithm,
                             .positions = kernel.positions,
                             .channels = kernel.channels};
    auto added = measured.try_emplace(kernel.contraction, block).first;
    added->second.cost += taken.minMicroseconds >= 0 ? taken.minMicroseconds : static_cast<double>(taken.instructions);
  }
  return measured;
}

/// What the cost model prefers stays, unless something else is clearly faster.
void Tuner::keepBest(const std::map<std::string, tiling::TunedBlock> &measured, bool isDefault) {
  constexpr double clearly = 0.98;
  for (const auto &[contraction, block] : measured) {
    tiling::TunedBlock &known = best.try_emplace(contraction, block).first->second;
    if (isDefault && (known.defaultCost == 0 || block.cost < known.defaultCost))
      known.defaultCost = block.cost;
    if (known.isBlockOf(block))
      known.cost = std::min(known.cost, block.cost);
    else if (block.cost < clearly * known.cost) {
      double ofDefault = known.defaultCost;
      known = block;
      known.defaultCost = ofDefault;
    }
  }
}

/// Until there are no further candidates. The default is measured at the begin and at the end: a machine's clock is not
/// steady.
LogicalResult Tuner::run() {
  Progress progress("tuning for " + options.target, tiling::maxCandidates + 1);
  std::map<std::string, tiling::TunedBlock> before;
  auto isNew = [&](const auto &entry) {
    auto found = before.find(entry.first);
    return found == before.end() || !found->second.isBlockOf(entry.second);
  };
  for (unsigned rank = 0; rank < tiling::maxCandidates; ++rank) {
    FailureOr<std::map<std::string, tiling::TunedBlock>> measured = measure(rank);
    if (failed(measured))
      return failure();
    if (llvm::none_of(*measured, isNew))
      break;
    keepBest(*measured, rank == 0);
    before = std::move(*measured);
    progress.step();
  }
  if (best.empty())
    return success();
  FailureOr<std::map<std::string, tiling::TunedBlock>> again = measure(0);
  if (failed(again))
    return failure();
  keepBest(*again, /*isDefault=*/true);
  tuning.contractions.merge(best);
  return success();
}

/// Adds what this machine tells of one target.
static LogicalResult tuneTarget(Session &session, ModuleOp module, CompileOptions options,
                                std::vector<tiling::Tuning> &tunings) {
  target::Machine machine;
  std::string error;
  if (!target::resolveMachine(options.target, options.cpu, options.features, machine, error))
    return session.error() << error;
  tiling::Tuning *tuning = tiling::findTuning(tunings, machine);
  if (!tuning)
    tuning = &tunings.emplace_back(tiling::makeTuning(machine, "us"));
  return Tuner(session, module, options, *tuning).run();
}

/// All that this machine can run, of which there has to be one.
static LogicalResult tuneVersions(Session &session, ModuleOp module, CompileOptions options,
                                  std::vector<tiling::Tuning> &tunings) {
  SmallVector<const target::Target *> versions;
  if (failed(findVersions(session.nowhere(), options, versions)))
    return failure();
  if (std::optional<std::string> reason = whyNotRunnable(options.target))
    return session.error() << *reason;
  for (const target::Target *version : versions) {
    options.target = version->name.str();
    if (std::optional<std::string> reason = whyNotRunnable(options.target))
      emitRemark(session.nowhere()) << *reason << ", so nothing is measured for it";
    else if (failed(tuneTarget(session, module, options, tunings)))
      return failure();
  }
  return success();
}

LogicalResult qcc::driver::tuneModel(Session &session, ModuleOp module, const CompileOptions &options, StringRef path) {
  std::vector<tiling::Tuning> tunings;
  if (llvm::sys::fs::exists(path)) {
    FailureOr<std::vector<tiling::Tuning>> known = tiling::readTunings(session.nowhere(), path);
    if (failed(known))
      return failure();
    tunings = std::move(*known);
  }
  auto tune = target::areSeveral(options.target) ? tuneVersions : tuneTarget;
  if (failed(tune(session, module, options, tunings)))
    return failure();
  return writeFile(session.nowhere(), path, [&](raw_ostream &stream) { printTunings(stream, tunings); });
}
