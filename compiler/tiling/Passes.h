// Passes that choose how contractions are computed.
#ifndef QCC_COMPILER_TILING_PASSES_H
#define QCC_COMPILER_TILING_PASSES_H

#include "compiler/tiling/Schedule.h"
#include "mlir/Pass/Pass.h"

namespace qcc::tiling {

/// `qk-schedule`: gives each contraction the cheapest tile instruction of the target that fits it, as
/// `#qk.schedule`.
std::unique_ptr<mlir::Pass> createSchedulePass(const target::Machine *machine = nullptr,
                                               const ScheduleOptions &options = {});

struct SplitOptions {
  int64_t threads = 1;
  /// Products that a piece has, at least: about a microsecond of a fast core, which is what handing it over takes.
  int64_t leastMacs = int64_t(1) << 18;
  /// Or bytes of weights, where a piece has channels of its own: each of them is read from memory once.
  int64_t leastBytes = int64_t(1) << 16;
  /// Of kernels without products, elements as a map has them, or what takes as long.
  int64_t leastElements = int64_t(1) << 14;
};

/// `qk-split-kernels`: divides large kernels into pieces for so many threads: the rows or the channels of contractions,
/// each piece with scratch memory of its own, and the rows or the elements of other kernels. Pieces share no memory
/// that one of them writes, so results do not depend on their order.
std::unique_ptr<mlir::Pass> createSplitKernelsPass(const target::Machine *machine = nullptr,
                                                   const SplitOptions &options = {});

void registerSplitKernels();
void registerPasses();

} // namespace qcc::tiling

#endif // QCC_COMPILER_TILING_PASSES_H
