// Passes that give tensors their place in memory.
#ifndef QCC_COMPILER_MEMORY_PASSES_H
#define QCC_COMPILER_MEMORY_PASSES_H

#include "mlir/Pass/Pass.h"

namespace qcc::memory {

/// Alignment that a caller gives the arena, in bytes.
inline constexpr int64_t arenaAlign = 16;

/// `qk-plan-arena`: every tensor becomes a view of one arena at a constant offset; kernels work on memrefs.
/// Model inputs and outputs lie in the arena, too. The function then takes the arena alone and carries
/// `qk.inputs` and `qk.outputs`, lists of {name, type, offset}.
std::unique_ptr<mlir::Pass> createPlanArenaPass();

void registerPasses();

} // namespace qcc::memory

#endif // QCC_COMPILER_MEMORY_PASSES_H
