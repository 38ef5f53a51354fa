// Runs an object in this process: the JIT linker does what a user's linker would.
#include "compiler/verify/Execution.h"
#include "compiler/verify/HostModel.h"

#include "runtime/include/qcc/runtime.h"
#include "llvm/ExecutionEngine/Orc/AbsoluteSymbols.h"
#include "llvm/ExecutionEngine/Orc/ObjectLinkingLayer.h"
#include "llvm/Support/TargetSelect.h"

#include <chrono>
#include <cstring>

using namespace mlir;
using namespace qcc;

llvm::Expected<std::unique_ptr<llvm::orc::LLJIT>> qcc::makeHostLinker() {
  using namespace llvm::orc;
  llvm::InitializeNativeTarget();
  return LLJITBuilder()
      .setLinkProcessSymbolsByDefault(false)
      .setPlatformSetUp(setUpInactivePlatform)
      .setObjectLinkingLayerCreator([](ExecutionSession &session) -> llvm::Expected<std::unique_ptr<ObjectLayer>> {
        return std::make_unique<ObjectLinkingLayer>(session, session.getExecutorProcessControl().getMemMgr());
      })
      .create();
}

/// Around the state, whose contents last.
static constexpr char statePattern = 0x5A;

/// What models copy weights with, in place of memcpy: as a caller's own function would.
static void copyWeights(void *to, const void *from, size_t bytes) { std::memcpy(to, from, bytes); }

HostModel::HostModel(Location loc, const ModelBinary &model)
    : loc(loc), model(model), state(model.stateBytes, model.arenaAlign, guardBytes(model)) {
  auto allocate = [&](ArrayRef<RankedTensorType> types, auto &buffers, auto &pointers) {
    for (RankedTensorType type : types) {
      buffers.emplace_back(packedBytes(type), model.arenaAlign, guardBytes(model));
      pointers.push_back(buffers.back().data());
    }
  };
  allocate(model.inputs, inputs, inputPointers);
  allocate(model.outputs, outputs, outputPointers);
  for (const ModelBinary::Memory &memory : memoriesOf(model)) {
    memories.emplace_back(memory.bytes, model.arenaAlign, guardBytes(model));
    memoryPointers.push_back(memories.back().data());
  }
  memoryPointers.push_back(reinterpret_cast<void *>(&copyWeights));
  usedBytes.assign(memories.size(), 0);
}

static llvm::Error addObject(llvm::orc::LLJIT &jit, const ModelBinary &model) {
  using namespace llvm::orc;
  // What an object may ask for, and no more.
  SymbolMap provided;
  provided[jit.mangleAndIntern("memcpy")] = ExecutorSymbolDef::fromPtr(&std::memcpy);
  provided[jit.mangleAndIntern("memset")] = ExecutorSymbolDef::fromPtr(&std::memset);
  provided[jit.mangleAndIntern("qcc_cpu_features")] = ExecutorSymbolDef::fromPtr(&qcc_cpu_features);
  if (llvm::Error error = jit.getMainJITDylib().define(absoluteSymbols(std::move(provided))))
    return error;
  return jit.addObjectFile(llvm::MemoryBuffer::getMemBuffer(StringRef(model.object.data(), model.object.size()),
                                                            model.name, /*RequiresNullTerminator=*/false));
}

static LogicalResult linkError(Location loc, const ModelBinary &model, llvm::Error error, StringRef report) {
  std::string text = llvm::toString(std::move(error));
  return emitError(loc) << "cannot link '" << model.name << "' on this machine: " << (report.empty() ? text : report);
}

/// The function `<name><suffix>` of the object.
LogicalResult HostModel::find(StringRef suffix, llvm::orc::ExecutorAddr &found) {
  auto address = jit->lookup((model.name + suffix).str());
  if (!address)
    return linkError(loc, model, address.takeError(), report);
  found = *address;
  return success();
}

LogicalResult HostModel::link() {
  auto made = makeHostLinker();
  if (!made)
    return linkError(loc, model, made.takeError(), report);
  jit = std::move(*made);
  jit->getExecutionSession().setErrorReporter(
      [this](llvm::Error error) { report += llvm::toString(std::move(error)); });
  if (llvm::Error error = addObject(*jit, model))
    return linkError(loc, model, std::move(error), report);
  state.fill(statePattern);
  if (failed(find(model.threads > 1 ? "_run_parallel" : "_run", function)) ||
      (model.profiledKernels > 0 &&
       failed(find(model.threads > 1 ? "_run_parallel_profiled" : "_run_profiled", profiled))))
    return failure();
  if (model.threads > 1 && failed(startPool()))
    return failure();
  if (model.stateBytes == 0)
    return success();
  llvm::orc::ExecutorAddr reset;
  if (failed(find("_reset", reset)))
    return failure();
  reset.toPtr<ResetFunction>()(state.data());
  return success();
}

LogicalResult HostModel::startPool() {
  auto made = std::make_unique<qcc_pool>();
  if (qcc_status status = qcc_pool_start(made.get(), model.threads))
    return emitError(loc) << "cannot start " << model.threads << " threads: " << qcc_status_string(status);
  pool.reset(made.release());
  return success();
}

LogicalResult HostModel::checkMemory(ArrayRef<HostTensor> sample, int64_t index, char pattern) {
  size_t buffer = 0;
  for (const GuardedBuffer &input : inputs) {
    if (!input.guardsHold(pattern) || !input.isEqualTo(sample[buffer].bytes))
      return guardError(loc, model, index, buffer);
    ++buffer;
  }
  for (const GuardedBuffer &output : outputs) {
    if (!output.guardsHold(pattern))
      return guardError(loc, model, index, buffer);
    ++buffer;
  }
  for (const GuardedBuffer &memory : memories) {
    if (!memory.guardsHold(pattern))
      return guardError(loc, model, index, buffer);
    ++buffer;
  }
  return state.guardsHold(statePattern) ? success() : guardError(loc, model, index, buffer);
}

/// The sum over the memories.
void HostModel::measureArena(char pattern, RunStatistics &statistics) {
  statistics.arenaBytes = 0;
  for (auto [memory, used] : llvm::zip(memories, usedBytes)) {
    int64_t bytes = memory.size();
    while (bytes > used && memory.data()[bytes - 1] == pattern)
      --bytes;
    used = bytes;
    statistics.arenaBytes += used;
  }
}

/// A loop that computes the last piece first.
static void computeBackwards(void *, uint32_t count, uint32_t grain, qcc_loop_body body, void *context) {
  for (uint32_t begin = llvm::alignDown(count + grain - 1, grain); begin > 0;) {
    begin -= grain;
    body(context, begin, std::min(begin + grain, count));
  }
}

/// A run. What threads compute may not depend on which of them comes first: its results are those of all pieces in
/// turn, from the last to the first.
FailureOr<int> HostModel::callChecked(int64_t index) {
  if (model.threads == 1)
    return call();
  std::vector<char> before(state.data(), state.data() + state.size());
  if (int status = callAt(function, &computeBackwards, static_cast<void *>(nullptr)))
    return status;
  std::vector<std::vector<char>> expected;
  for (const GuardedBuffer &output : outputs)
    expected.emplace_back(output.data(), output.data() + output.size());
  std::copy(before.begin(), before.end(), state.data());
  int status = call();
  for (auto [output, bytes] : llvm::zip_equal(outputs, expected))
    if (status == 0 && !output.isEqualTo(bytes))
      return emitError(loc) << "'" << model.name << "_run_parallel' gives other results for sample " << index
                            << " when its pieces are computed in another order";
  return status;
}

FailureOr<std::vector<HostTensor>> HostModel::run(ArrayRef<HostTensor> sample, int64_t index,
                                                  RunStatistics &statistics) {
  // Another pattern every time, as in harness.c: a model that reads what it has not written gives other results.
  char pattern = char(0xA5 + 0x3B * index);
  for (auto [input, tensor] : llvm::zip(inputs, sample)) {
    input.fill(pattern);
    std::copy(tensor.bytes.begin(), tensor.bytes.end(), input.data());
  }
  for (GuardedBuffer &output : outputs)
    output.fill(pattern);
  for (GuardedBuffer &memory : memories)
    memory.fill(pattern);

  FailureOr<int> status = callChecked(index);
  if (failed(status))
    return failure();
  if (*status != 0)
    return statusError(loc, model, index, *status);
  if (failed(checkMemory(sample, index, pattern)))
    return failure();
  measureArena(pattern, statistics);

  std::vector<HostTensor> results;
  for (auto [output, type] : llvm::zip(outputs, model.outputs)) {
    results.emplace_back(type);
    std::copy_n(output.data(), output.size(), results.back().bytes.begin());
  }
  return results;
}

/// Microseconds of one run, averaged over `times`.
double HostModel::window(int64_t times) {
  auto start = std::chrono::steady_clock::now();
  for (int64_t index = 0; index < times; ++index)
    call();
  std::chrono::duration<double, std::micro> elapsed = std::chrono::steady_clock::now() - start;
  return elapsed.count() / times;
}

void HostModel::measure(double seconds, RunStatistics &statistics) {
  constexpr double windowMicroseconds = 1000;
  constexpr size_t minWindows = 3;
  // Doubling up to the window's length is the warm-up.
  int64_t times = 1;
  while (window(times) * times < windowMicroseconds)
    times *= 2;
  auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  std::vector<double> windows;
  while (windows.size() < minWindows || std::chrono::steady_clock::now() < end)
    windows.push_back(window(times));
  llvm::sort(windows);
  statistics.minMicroseconds = windows.front();
  statistics.medianMicroseconds = windows[windows.size() / 2];
}

namespace {
/// What the profile hook writes: the time between the two calls of each kernel, in every run.
struct KernelClock {
  std::chrono::steady_clock::time_point started;
  std::vector<std::vector<double>> microseconds;

  static void hook(void *user, uint32_t kernel, int begin) {
    auto *clock = static_cast<KernelClock *>(user);
    if (begin) {
      clock->started = std::chrono::steady_clock::now();
      return;
    }
    std::chrono::duration<double, std::micro> elapsed = std::chrono::steady_clock::now() - clock->started;
    clock->microseconds[kernel].push_back(elapsed.count());
  }
};
} // namespace

/// The least that the hook sees of a kernel that does nothing.
static double hookMicroseconds() {
  void (*volatile hook)(void *, uint32_t, int) = KernelClock::hook;
  KernelClock clock{{}, {{}}};
  for (int repeat = 0; repeat < 1000; ++repeat) {
    hook(&clock, 0, 1);
    hook(&clock, 0, 0);
  }
  return *std::min_element(clock.microseconds[0].begin(), clock.microseconds[0].end());
}

void HostModel::profile(double seconds, RunStatistics &statistics) {
  constexpr size_t minRuns = 3, maxRuns = 20000;
  double overhead = hookMicroseconds();
  KernelClock clock{{}, std::vector<std::vector<double>>(model.profiledKernels)};
  auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  for (size_t runs = 0; runs < minRuns || (runs < maxRuns && std::chrono::steady_clock::now() < end); ++runs)
    if (void *user = &clock; model.threads > 1)
      callAt(profiled, &qcc_pool_for, static_cast<void *>(pool.get()), &KernelClock::hook, user);
    else
      callAt(profiled, &KernelClock::hook, user);
  for (std::vector<double> &times : clock.microseconds) {
    llvm::sort(times);
    KernelStatistics &kernel = statistics.kernels.emplace_back();
    kernel.minMicroseconds = std::max(times.front() - overhead, 0.0);
    kernel.medianMicroseconds = std::max(times[times.size() / 2] - overhead, 0.0);
  }
}

FailureOr<Outputs> qcc::runOnHost(Location loc, const ModelBinary &model, Samples samples, const RunOptions &options,
                                  RunStatistics &statistics) {
  HostModel host(loc, model);
  if (failed(host.link()))
    return failure();
  Outputs outputs;
  for (auto [index, sample] : llvm::enumerate(samples)) {
    FailureOr<std::vector<HostTensor>> result = host.run(sample, index, statistics);
    if (failed(result))
      return failure();
    outputs.push_back(std::move(*result));
  }
  if (options.measure && !samples.empty())
    host.measure(options.measureSeconds, statistics);
  if (options.measure && !samples.empty() && model.profiledKernels > 0)
    host.profile(options.measureSeconds, statistics);
  return outputs;
}
