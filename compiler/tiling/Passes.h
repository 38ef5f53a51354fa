// Passes that choose how contractions are computed.
#ifndef QCC_COMPILER_TILING_PASSES_H
#define QCC_COMPILER_TILING_PASSES_H

#include "compiler/target/Target.h"
#include "mlir/Pass/Pass.h"

namespace qcc::tiling {

/// `qk-schedule`: gives each contraction the cheapest tile instruction of the target that fits it, as
/// `#qk.schedule`.
std::unique_ptr<mlir::Pass> createSchedulePass(const target::Machine *machine = nullptr);

void registerPasses();

} // namespace qcc::tiling

#endif // QCC_COMPILER_TILING_PASSES_H
