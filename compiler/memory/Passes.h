// Passes that give tensors their place in memory.
#ifndef QCC_COMPILER_MEMORY_PASSES_H
#define QCC_COMPILER_MEMORY_PASSES_H

#include "compiler/memory/Memories.h"
#include "compiler/tiling/Schedule.h"
#include "mlir/Pass/Pass.h"
#include <optional>
#include <vector>

namespace qcc::memory {

/// Alignment of buffers, in bytes, that is enough for every scalar access of a 32-bit machine.
inline constexpr int64_t scalarAlign = 4;
/// That which a caller gives the arena, unless buffers need more.
inline constexpr int64_t leastArenaAlign = 16;

/// How much memory a model may take.
struct FitOptions {
  /// The smallest arena that there is, and the fastest schedules that it has room for.
  bool leastMemory = false;
  /// Bytes that arena, stack and the caller's state may have together, and those of the last two.
  std::optional<int64_t> budget = std::nullopt;
  int64_t stackBytes = 0, stateBytes = 0;
  int64_t otherBytes() const { return stackBytes + stateBytes; }
  /// What the schedules that there are were chosen by.
  tiling::ScheduleOptions schedule = {};
};

/// `qk-fit-arena`: gives contractions schedules that stage less, or overlap their input more, until the arena is as
/// small as the options say; no more of them than that takes. An error if it cannot be.
std::unique_ptr<mlir::Pass> createFitArenaPass(const target::Machine *machine, const FitOptions &options);

/// `qk-fuse-rows`: neighbouring kernels whose tensor in between does not fit the target's cache become one `qk.stream`
/// where that is estimated to take no longer: codes are read some rows after they were written, and most of the tensor
/// takes no memory.
std::unique_ptr<mlir::Pass> createFuseRowsPass(const target::Machine *machine);

/// `qk-fuse-maps`: a `qk.map` of a contraction's result, and of at most one other tensor that nobody reads later,
/// becomes a part of the contraction's epilogue, which then writes over that tensor: as in the sum that ends a residual
/// block. Where blocks of the tile compute nothing twice.
std::unique_ptr<mlir::Pass> createFuseMapsPass(const target::Machine *machine);

/// `qk-plan-arena`: every tensor becomes a view of one arena at a constant offset; kernels work on memrefs.
/// Model inputs and outputs lie in the arena, too. The function then takes the arena alone and carries
/// `qk.inputs` and `qk.outputs`, lists of {name, type, offset}, `qk.align`, the alignment in bytes that a caller gives
/// the arena, and `qk.lower_bound`, the bytes that every placement takes. Tensors begin at multiples of `align` bytes.
///
/// With `memories`, the arena is in several parts: the function takes one memory after the other, `qk.memories` is a
/// list of {name, bytes, capacity, lower_bound} in place of `qk.lower_bound`, and inputs and outputs have a `memory`,
/// its number. Hot buffers lie in the first memories. With two or more, weights that are read often are copied to the
/// first before each use (`qk.fetch`); contractions of which it cannot hold all weights become several, each with a
/// part of the channels. Their tiles are those of the machine. An error if the memories are too small.
std::unique_ptr<mlir::Pass> createPlanArenaPass(const target::Machine *machine, std::vector<Memory> memories,
                                                int64_t align);

void registerPasses();

} // namespace qcc::memory

#endif // QCC_COMPILER_MEMORY_PASSES_H
