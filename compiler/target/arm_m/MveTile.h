// Tile instructions of Armv8.1-M with the M-profile vector extension (Helium): Cortex-M55, M85.
#ifndef QCC_COMPILER_TARGET_ARM_M_MVETILE_H
#define QCC_COMPILER_TARGET_ARM_M_MVETILE_H

#include "compiler/target/TileInstruction.h"

namespace qcc::target {
llvm::ArrayRef<TileInstruction> mveTiles();

/// qk.requantize with double rounding of four i32 by vqrdmulh and vrshl; nothing for other vectors.
std::optional<codegen::Val> requantizeMve(codegen::KernelBuilder &k, codegen::Val x, codegen::Val multiplier,
                                          codegen::Val shift, bool isClampedAtZero);
} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_ARM_M_MVETILE_H
