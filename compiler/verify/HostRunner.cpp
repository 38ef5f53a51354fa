// Runs an object in this process: the JIT linker does what a user's linker would.
#include "compiler/verify/Execution.h"

#include "llvm/ExecutionEngine/Orc/AbsoluteSymbols.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/ExecutionEngine/Orc/ObjectLinkingLayer.h"
#include "llvm/Support/MemAlloc.h"
#include "llvm/Support/TargetSelect.h"

#include <chrono>
#include <cstring>

using namespace mlir;
using namespace qcc;

namespace {

using RunFunction = int (*)(const void *const *inputs, void *const *outputs, void *arena);

/// Aligned memory with guard bytes on both sides.
class GuardedBuffer {
public:
  GuardedBuffer(int64_t bytes, int64_t align, int64_t guard)
      : bytes(bytes), align(align), guard(guard),
        base(static_cast<char *>(llvm::allocate_buffer(bytes + 2 * guard, align))) {}
  GuardedBuffer(GuardedBuffer &&other)
      : bytes(other.bytes), align(other.align), guard(other.guard), base(std::exchange(other.base, nullptr)) {}
  GuardedBuffer &operator=(GuardedBuffer &&) = delete;
  ~GuardedBuffer() {
    if (base)
      llvm::deallocate_buffer(base, bytes + 2 * guard, align);
  }

  char *data() const { return base + guard; }
  int64_t size() const { return bytes; }
  /// Contents and guards.
  void fill(char pattern) { std::memset(base, pattern, bytes + 2 * guard); }
  bool guardsHold(char pattern) const {
    auto holds = [&](const char *begin) {
      return std::all_of(begin, begin + guard, [&](char byte) { return byte == pattern; });
    };
    return holds(base) && holds(base + guard + bytes);
  }

private:
  int64_t bytes, align, guard;
  char *base;
};

/// An object in executable memory, and its buffers.
class HostModel {
public:
  HostModel(Location loc, const ModelBinary &model)
      : loc(loc), model(model), arena(model.arenaBytes, model.arenaAlign, guardBytes(model)) {
    auto allocate = [&](ArrayRef<RankedTensorType> types, auto &buffers, auto &pointers) {
      for (RankedTensorType type : types) {
        buffers.emplace_back(packedBytes(type), model.arenaAlign, guardBytes(model));
        pointers.push_back(buffers.back().data());
      }
    };
    allocate(model.inputs, inputs, inputPointers);
    allocate(model.outputs, outputs, outputPointers);
  }

  LogicalResult link();
  FailureOr<std::vector<HostTensor>> run(ArrayRef<HostTensor> sample, int64_t index, RunStatistics &statistics);
  /// Times the inputs of the last run.
  void measure(double seconds, RunStatistics &statistics);

private:
  int call() { return function(inputPointers.data(), outputPointers.data(), arena.data()); }
  double window(int64_t times);
  LogicalResult checkMemory(ArrayRef<HostTensor> sample, int64_t index, char pattern);
  void measureArena(char pattern, RunStatistics &statistics);

  Location loc;
  const ModelBinary &model;
  /// What the linker found wrong; the error of a look-up only says that there was something.
  std::string report;
  std::unique_ptr<llvm::orc::LLJIT> jit;
  RunFunction function = nullptr;
  std::vector<GuardedBuffer> inputs, outputs;
  GuardedBuffer arena;
  std::vector<const void *> inputPointers;
  std::vector<void *> outputPointers;
};

/// A JIT that links objects and nothing else: no platform, no symbols of this process.
llvm::Expected<std::unique_ptr<llvm::orc::LLJIT>> makeLinker() {
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

llvm::Error addObject(llvm::orc::LLJIT &jit, const ModelBinary &model) {
  using namespace llvm::orc;
  // What an object may ask for, and no more.
  SymbolMap provided;
  provided[jit.mangleAndIntern("memcpy")] = ExecutorSymbolDef::fromPtr(&std::memcpy);
  provided[jit.mangleAndIntern("memset")] = ExecutorSymbolDef::fromPtr(&std::memset);
  if (llvm::Error error = jit.getMainJITDylib().define(absoluteSymbols(std::move(provided))))
    return error;
  return jit.addObjectFile(llvm::MemoryBuffer::getMemBuffer(StringRef(model.object.data(), model.object.size()),
                                                            model.name, /*RequiresNullTerminator=*/false));
}

LogicalResult HostModel::link() {
  auto fail = [&](llvm::Error error) {
    std::string text = llvm::toString(std::move(error));
    return emitError(loc) << "cannot link '" << model.name << "' on this machine: " << (report.empty() ? text : report);
  };
  auto made = makeLinker();
  if (!made)
    return fail(made.takeError());
  jit = std::move(*made);
  jit->getExecutionSession().setErrorReporter(
      [this](llvm::Error error) { report += llvm::toString(std::move(error)); });
  if (llvm::Error error = addObject(*jit, model))
    return fail(std::move(error));
  auto address = jit->lookup(model.name + "_run");
  if (!address)
    return fail(address.takeError());
  function = address->toPtr<RunFunction>();
  return success();
}

LogicalResult HostModel::checkMemory(ArrayRef<HostTensor> sample, int64_t index, char pattern) {
  size_t buffer = 0;
  for (const GuardedBuffer &input : inputs) {
    if (!input.guardsHold(pattern) || std::memcmp(input.data(), sample[buffer].bytes.data(), input.size()) != 0)
      return guardError(loc, model, index, buffer);
    ++buffer;
  }
  for (const GuardedBuffer &output : outputs) {
    if (!output.guardsHold(pattern))
      return guardError(loc, model, index, buffer);
    ++buffer;
  }
  return arena.guardsHold(pattern) ? success() : guardError(loc, model, index, buffer);
}

void HostModel::measureArena(char pattern, RunStatistics &statistics) {
  int64_t used = arena.size();
  while (used > std::max<int64_t>(statistics.arenaBytes, 0) && arena.data()[used - 1] == pattern)
    --used;
  statistics.arenaBytes = std::max(statistics.arenaBytes, used);
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
  arena.fill(pattern);

  if (int status = call())
    return statusError(loc, model, index, status);
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

} // namespace

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
  return outputs;
}
