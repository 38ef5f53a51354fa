// A compiled model in this process, ready to be called: for the runner and for benchmarks.
#ifndef QCC_COMPILER_VERIFY_HOSTMODEL_H
#define QCC_COMPILER_VERIFY_HOSTMODEL_H

#include "compiler/verify/Runner.h"

#include "runtime/include/qcc/pool.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/MemAlloc.h"

#include <cstring>

namespace qcc {

/// A JIT that links objects and nothing else: no platform, no symbols of this process.
llvm::Expected<std::unique_ptr<llvm::orc::LLJIT>> makeHostLinker();

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
  bool isEqualTo(llvm::ArrayRef<char> contents) const {
    return std::equal(data(), data() + bytes, contents.begin(), contents.end());
  }
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

/// An object in executable memory, and its buffers. `model` must outlive it.
class HostModel {
public:
  HostModel(mlir::Location loc, const ModelBinary &model);

  mlir::LogicalResult link();
  /// Runs one sample and checks what it wrote; `index` is its number in messages.
  mlir::FailureOr<std::vector<HostTensor>> run(llvm::ArrayRef<HostTensor> sample, int64_t index,
                                               RunStatistics &statistics);
  /// Runs the inputs of the last sample again, unchecked, and returns the status.
  int call() {
    return model.threads > 1 ? callAt(function, &qcc_pool_for, static_cast<void *>(pool.get())) : callAt(function);
  }
  /// Times the inputs of the last sample.
  void measure(double seconds, RunStatistics &statistics);
  /// Times each kernel, on the same inputs.
  void profile(double seconds, RunStatistics &statistics);

private:
  using Inputs = const void *const *;
  using Outputs = void *const *;
  using ResetFunction = void (*)(void *state);

  /// Calls a run function of the object; `extra` comes last.
  template <typename... Extra> int callAt(llvm::orc::ExecutorAddr address, Extra... extra) {
    if (model.stateBytes > 0)
      return address.toPtr<int (*)(Inputs, Outputs, void *, void *, Extra...)>()(
          inputPointers.data(), outputPointers.data(), arena(), state.data(), extra...);
    return address.toPtr<int (*)(Inputs, Outputs, void *, Extra...)>()(inputPointers.data(), outputPointers.data(),
                                                                       arena(), extra...);
  }

  /// What a run gets as its third argument.
  void *arena() { return model.memories.empty() ? memoryPointers.front() : static_cast<void *>(memoryPointers.data()); }
  mlir::LogicalResult find(llvm::StringRef suffix, llvm::orc::ExecutorAddr &found);
  mlir::LogicalResult startPool();
  mlir::FailureOr<int> callChecked(int64_t index);
  double window(int64_t times);
  mlir::LogicalResult checkMemory(llvm::ArrayRef<HostTensor> sample, int64_t index, char pattern);
  void measureArena(char pattern, RunStatistics &statistics);

  mlir::Location loc;
  const ModelBinary &model;
  /// What the linker found wrong; the error of a look-up only says that there was something.
  std::string report;
  std::unique_ptr<llvm::orc::LLJIT> jit;
  llvm::orc::ExecutorAddr function, profiled;
  /// Stopped before it goes.
  struct StopPool {
    void operator()(qcc_pool *pool) const {
      qcc_pool_stop(pool);
      delete pool;
    }
  };
  std::unique_ptr<qcc_pool, StopPool> pool; // if a run is shared among threads
  std::vector<GuardedBuffer> inputs, outputs;
  std::vector<GuardedBuffer> memories; // the arena, or its parts
  std::vector<int64_t> usedBytes;      // of each memory, over all samples
  GuardedBuffer state;
  std::vector<const void *> inputPointers;
  std::vector<void *> outputPointers, memoryPointers;
};

} // namespace qcc

#endif // QCC_COMPILER_VERIFY_HOSTMODEL_H
