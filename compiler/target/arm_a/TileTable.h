// Tile instructions of AArch64.
#ifndef QCC_COMPILER_TARGET_ARM_A_TILETABLE_H
#define QCC_COMPILER_TARGET_ARM_A_TILETABLE_H

#include "compiler/target/TileInstruction.h"

namespace qcc::target {
llvm::ArrayRef<TileInstruction> armATiles();

/// qk.requantize with double rounding of i32 vectors by sqrdmulh and srshl; nothing for vectors that are not a power of
/// two of at least four lanes.
std::optional<codegen::Val> requantizeNeon(codegen::KernelBuilder &k, codegen::Val x, codegen::Val multiplier,
                                           codegen::Val shift, const codegen::RescalingUse &use);
} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_ARM_A_TILETABLE_H
