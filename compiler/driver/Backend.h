// The ways to run a model on samples.
#ifndef QCC_COMPILER_DRIVER_BACKEND_H
#define QCC_COMPILER_DRIVER_BACKEND_H

#include "compiler/driver/Driver.h"
#include "compiler/pipeline/Samples.h"
#include "compiler/verify/Runner.h"

namespace qcc::driver {

/// `--input` and `--scale`: which array holds the samples, and what its numbers stand for.
struct InputOptions {
  std::string array, scale = "1";

  void addTo(CLI::App &verb);
  /// Throws CLI::ValidationError if the scale is no positive number or fraction.
  void check() const;
  DataOptions get() const;
};

/// What computes outputs on this machine.
struct BackendOptions {
  std::string name = "jit", contract = "fast";
  std::vector<std::string> algorithms;
  MemoryOptions memory;

  /// Adds `--backend=jit|reference` and the options of what compiles.
  void addTo(CLI::App &verb);
};

/// The samples of an array file; an error if it does not fit the ports.
mlir::FailureOr<SampleReader> openSamples(Session &session, llvm::StringRef path, llvm::ArrayRef<ModelPort> ports);
/// All of them.
mlir::FailureOr<Samples> readSamples(Session &session, llvm::StringRef path, llvm::ArrayRef<ModelPort> ports);

/// One sample of random inputs: the time of all-equal ones tells little.
Samples sampleToMeasure(mlir::func::FuncOp model);

/// The outputs of the reference interpreter; of a model with state, for the steps of one sequence. `verb` names the
/// work on a terminal.
mlir::FailureOr<Samples> runReference(mlir::func::FuncOp model, const Samples &samples, llvm::StringRef verb);

/// What came of running a compiled model.
struct Execution {
  Samples outputs;
  RunStatistics statistics;
  ModelReport report;  ///< of an object with several versions, with the kernels of the one that ran
  std::string version; ///< the target of that one; empty for an object with one
};

/// Compiles a clone of the module for a target and runs it there.
mlir::FailureOr<Execution> runCompiled(mlir::ModuleOp module, const CompileOptions &options, const Samples &samples,
                                       const RunOptions &runOptions = {});

/// The outputs by a backend.
mlir::FailureOr<Samples> runBackend(const BackendOptions &backend, mlir::ModuleOp module, const Samples &samples,
                                    llvm::StringRef verb);

} // namespace qcc::driver

#endif // QCC_COMPILER_DRIVER_BACKEND_H
