// Cycles of executed code by LLVM's model of a core's pipeline. A model, not a measurement.
#ifndef QCC_COMPILER_VERIFY_CYCLEMODEL_H
#define QCC_COMPILER_VERIFY_CYCLEMODEL_H

#include "compiler/verify/Runner.h"

#include <memory>

namespace qcc {

/// The scheduling model of a CPU, as llvm-mca uses it. It knows the units, latencies and issue width of the core. It
/// does not know memory (wait states, caches, bus contention), mispredicted and taken branches, the fetch of
/// instructions, or what goes on between two blocks.
class CycleModel {
public:
  /// The model of an LLVM CPU with features `+name,-name`; the backend is initialised. A CPU that LLVM has no model of
  /// is an error that names those with one.
  static mlir::FailureOr<CycleModel> create(mlir::Location loc, llvm::StringRef triple, llvm::StringRef cpu,
                                            llvm::StringRef features);
  CycleModel(CycleModel &&);
  ~CycleModel();

  /// What was modelled.
  struct Estimate {
    double cycles = 0;
    int64_t instructions = 0;
    /// Those among them that the model does not know; each counts one cycle.
    int64_t unknown = 0;

    Estimate operator+(const Estimate &other) const {
      return {cycles + other.cycles, instructions + other.instructions, unknown + other.unknown};
    }
  };
  /// Each block as the body of a loop: what one repetition of it takes when it follows itself, times its executions.
  /// Blocks are by address; those that follow each other in memory and ran equally often are one.
  Estimate estimate(llvm::ArrayRef<ExecutedBlock> blocks) const;

private:
  struct Machine;
  explicit CycleModel(std::unique_ptr<Machine> machine);
  std::unique_ptr<Machine> machine;
};

} // namespace qcc

#endif // QCC_COMPILER_VERIFY_CYCLEMODEL_H
