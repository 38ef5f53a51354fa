// The ways to compute a contraction on a machine.
#ifndef QCC_COMPILER_TILING_SCHEDULE_H
#define QCC_COMPILER_TILING_SCHEDULE_H

#include "compiler/target/Target.h"
#include "dialects/qk/QkOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace qcc::tiling {

/// A tile instruction and an algorithm, with a block of positions and vectors of channels, how many lines of the input
/// it stages, the schedule's row, rows, channels and tiles, and the cycles that all that is estimated to take.
struct Choice {
  const target::TileInstruction *tile = nullptr;
  int64_t positions = 1, vectors = 1, lines = 0, row = 0, rows = 0, channels = 0, tiles = 0;
  qnn::AlgorithmKind algorithm = qnn::AlgorithmKind::Direct;
  double cycles = 0;
  int64_t weightBytes = 0; // of packed weights that may share bytes; 0 if none do

  bool hasSmallWeights() const { return algorithm == qnn::AlgorithmKind::WinogradF2Small; }
  /// True if so many positions and channels are computed together by the same instruction and algorithm.
  bool hasBlockOf(const Choice &other) const {
    return tile == other.tile && algorithm == other.algorithm && positions == other.positions &&
           vectors == other.vectors;
  }
};

/// What a contraction that leaves its algorithm open may become.
struct Freedom {
  /// Speed comes before the bytes of weights: those below 8 bits may be kept in bytes, and 3x3 windows computed by
  /// Winograd's algorithm, with 3.6 times the bytes.
  bool weightsMayGrow = false;
  /// If it does not: weights of 3x3 windows may be transformed while the program runs, which takes memory and code.
  bool transformsWeights = false;
  /// The same as `weightsMayGrow` for f32, with 4 times the bytes, whose results are then rounded otherwise.
  bool floatsMayTransform = false;
  /// Threads among which rows of tiles are to be shared.
  int64_t threads = 1;
};

struct Tuning;

/// What schedules are chosen by, beside the cost model.
struct ScheduleOptions {
  /// Contractions that it has get the block that it names.
  const Tuning *tuning = nullptr;
  /// The others get the candidate of that number, or the last there is; 0 is the cheapest.
  unsigned rank = 0;
  Freedom freedom = {};
};

/// How many candidates there are for a contraction at most.
inline constexpr size_t maxCandidates = 12;

/// One for each of the machine's tile instructions that computes the contraction exactly, directly and, where the
/// contraction says so or leaves it open and has that freedom, by Winograd's algorithm; the fastest first. Before all
/// of them, the one that the options ask for, which counts as no slower. Reads the weights.
std::vector<Choice> listChoices(qk::ContractOp op, const target::Machine &machine, const ScheduleOptions &options = {});

/// Of all blocks of all tile instructions, by all algorithms that the contraction asks for or leaves open, those that
/// are estimated to be fastest, the fastest first, at most `maxCandidates`. Estimates of different algorithms are less
/// certain than those of blocks, so that each algorithm has some candidates.
std::vector<Choice> listCandidates(qk::ContractOp op, const target::Machine &machine, Freedom freedom);

/// The choice as an attribute.
qk::ScheduleAttr scheduleOf(qk::ContractOp op, const Choice &choice);

/// Sets the schedule, and gives the contraction the scratch memory that it needs, or takes away what it had.
void applyChoice(qk::ContractOp op, const Choice &choice);

} // namespace qcc::tiling

#endif // QCC_COMPILER_TILING_SCHEDULE_H
