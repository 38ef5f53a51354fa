// Runs a compiled model, exactly the object that a user links, on the host or on an emulated board.
#ifndef QCC_COMPILER_VERIFY_RUNNER_H
#define QCC_COMPILER_VERIFY_RUNNER_H

#include "compiler/support/HostTensor.h"

namespace qcc {

/// An object with its interface: `int <name>_run(const void *const inputs[], void *const outputs[], void *arena)`,
/// where the structs of the generated header are the arrays. With `memories`, the third parameter is an array, too: the
/// begins of all of them, then a function that copies weights, or null. With state, there is a further parameter `void
/// *state`, and the object has `void <name>_reset(void *state)`.
struct ModelBinary {
  /// A part of the arena.
  struct Memory {
    std::string name;
    int64_t bytes;
  };
  std::string name;
  llvm::ArrayRef<char> object;
  std::vector<mlir::RankedTensorType> inputs, outputs;
  int64_t arenaBytes = 0;
  /// What the arena is divided into; none if it is in one piece.
  std::vector<Memory> memories = {};
  /// Alignment of the arena, and of inputs and outputs; a power of two.
  int64_t arenaAlign = 16;
  /// Of the caller's memory for state; 0 for a model without.
  int64_t stateBytes = 0;
  /// How many kernels `<name>_run_profiled` tells its hook about; 0 if the object has no such function.
  size_t profiledKernels = 0;
  /// Threads that a run is shared among; if more than one, the object has `<name>_run_parallel`.
  int64_t threads = 1;
  /// The target's name as on the command line: `host`, an x86 CPU name or one of the emulated targets.
  std::string target = "host";
};

struct RunOptions {
  /// Also count instructions (emulators) or take times (the host, WebAssembly).
  bool measure = false;
  /// With `measure`, also which code each kernel ran (emulators); for a model with `profiledKernels`.
  bool traceBlocks = false;
  /// Each program that is started is stopped after this time.
  unsigned timeoutSeconds = 600;
  /// How long times are taken.
  double measureSeconds = 0.3;
  /// Leave the linked program and its files where they are, and say where.
  bool keepFiles = false;
};

/// Machine code without jumps into or out of it, and how often it ran.
struct ExecutedBlock {
  uint64_t address = 0;
  std::vector<uint8_t> code;
  int64_t executions = 0;
};

/// One kernel of a model, over the calls of the profile hook around it; -1 where the target cannot tell. What the hook
/// takes itself is subtracted.
struct KernelStatistics {
  double minMicroseconds = -1, medianMicroseconds = -1; ///< over runs of the whole model
  int64_t instructions = -1;
  std::vector<ExecutedBlock> blocks; ///< only with `traceBlocks`; by address
};

/// What was measured; -1 where the target cannot tell.
struct RunStatistics {
  /// Executed by one run on the first sample, from the call to the return; only with `measure`.
  int64_t instructions = -1;
  /// The most stack below the caller's frame that was written to, and the arena up to the last written byte: over all
  /// samples.
  int64_t stackBytes = -1, arenaBytes = -1;
  /// Of one run, over windows of about a millisecond; only with `measure`.
  double minMicroseconds = -1, medianMicroseconds = -1;
  /// In the order of execution; only with `measure` and if the object tells, and empty if the target cannot.
  std::vector<KernelStatistics> kernels;
  /// Of the object's sections.
  int64_t textBytes = 0, rodataBytes = 0, weightBytes = 0;
};

/// Why objects for this target cannot be run here (an unknown target, a missing CPU feature, a missing program with its
/// Debian package), or nothing if they can.
std::optional<std::string> whyNotRunnable(llvm::StringRef target);

/// Whether executed instructions are counted for this target.
bool countsInstructions(llvm::StringRef target);

/// The targets that are run on an emulator, in the order of the documentation.
std::vector<std::string> emulatedTargets();

/// The outputs of the model for each sample (its inputs in order); with state, for the steps of one sequence. Besides
/// reading and running, this checks that nothing was written outside of arena, state and outputs. Errors are reported
/// to the context: a target that cannot be run, a sample that does not fit the model, a status other than 0, a damaged
/// guard, more stack than the harness watches, a program that fails or runs out of time.
mlir::FailureOr<std::vector<std::vector<HostTensor>>> runModel(mlir::MLIRContext *context, const ModelBinary &model,
                                                               llvm::ArrayRef<std::vector<HostTensor>> samples,
                                                               const RunOptions &options = {},
                                                               RunStatistics *statistics = nullptr);

} // namespace qcc

#endif // QCC_COMPILER_VERIFY_RUNNER_H
