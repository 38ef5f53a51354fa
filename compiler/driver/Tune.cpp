#include "compiler/driver/Tune.h"

#include "compiler/driver/Backend.h"
#include "compiler/driver/Progress.h"
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
  this->options.fusesRows = false; // each contraction is measured by itself
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
    tiling::TunedBlock block{.tile = kernel.tile, .positions = kernel.positions, .channels = kernel.channels};
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
    else if (block.cost < clearly * known.cost)
      known = {block.tile, block.positions, block.channels, block.cost, known.defaultCost};
  }
}

/// Until there are no further candidates. The default is measured at the begin and at the end: a machine's clock is not
/// steady.
LogicalResult Tuner::run() {
  Progress progress("tuning", tiling::maxCandidates + 1);
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
  tuning.contractions.insert(best.begin(), best.end());
  return success();
}

LogicalResult qcc::driver::tuneModel(Session &session, ModuleOp module, CompileOptions options, StringRef path) {
  target::Machine machine;
  std::string error;
  if (!target::resolveMachine(options.target, options.cpu, options.features, machine, error))
    return session.error() << error;
  tiling::Tuning tuning = tiling::makeTuning(machine, "us");
  if (llvm::sys::fs::exists(path)) {
    FailureOr<tiling::Tuning> known = tiling::readTuning(session.nowhere(), path, machine);
    if (failed(known))
      return failure();
    tuning = std::move(*known);
  }
  Tuner tuner(session, module, options, tuning);
  if (failed(tuner.run()))
    return failure();
  return writeFile(session.nowhere(), path, [&](raw_ostream &stream) { printTuning(stream, tuning); });
}
