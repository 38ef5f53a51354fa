// Measured choices: which block was fastest for a contraction on a machine, for later builds to repeat.
#ifndef QCC_COMPILER_TILING_TUNING_H
#define QCC_COMPILER_TILING_TUNING_H

#include "compiler/tiling/Schedule.h"
#include "mlir/IR/Location.h"

#include <map>
#include <string>

namespace qcc::tiling {

/// What the choices for a contraction depend on, as text: formats, shapes, window, and the algorithm if it asks for
/// one.
std::string describeContraction(qk::ContractOp op);

/// A tile instruction and an algorithm, as `qk::algorithmName` has it, with a block of positions, or Winograd's tiles,
/// and channels, and what it takes beside what the cost model chooses.
struct TunedBlock {
  std::string tile, algorithm = "direct";
  int64_t positions = 1, channels = 1;
  bool isBlockOf(const TunedBlock &other) const {
    return tile == other.tile && algorithm == other.algorithm && positions == other.positions &&
           channels == other.channels;
  }
  double cost = 0, defaultCost = 0; ///< of the kernels, in the tuning's unit
};

/// The blocks of contractions by their descriptions, and the machine and unit that they were measured with.
struct Tuning {
  std::string triple, cpu, features;
  std::string unit; ///< "us" or "instructions"
  std::map<std::string, TunedBlock> contractions;
};

/// An empty tuning for the machine.
Tuning makeTuning(const target::Machine &machine, llvm::StringRef unit);

/// Reads what `printTunings` wrote: at least one. Errors at `loc` name the file.
mlir::FailureOr<std::vector<Tuning>> readTunings(mlir::Location loc, llvm::StringRef path);

/// That of the machine, or null.
Tuning *findTuning(llvm::MutableArrayRef<Tuning> tunings, const target::Machine &machine);

/// That of the machine in a file. An error if the file was measured for others, with a text that says both.
mlir::FailureOr<Tuning> readTuning(mlir::Location loc, llvm::StringRef path, const target::Machine &machine);

/// JSON: `triple`, `cpu`, `features`, `unit`, and `contractions`, an object for each description with `tile`,
/// `algorithm`, `positions`, `channels`, `cost` and `default_cost`; without `algorithm`, it is direct. For several
/// machines, an array of such objects.
void printTunings(llvm::raw_ostream &stream, llvm::ArrayRef<Tuning> tunings);

} // namespace qcc::tiling

#endif // QCC_COMPILER_TILING_TUNING_H
