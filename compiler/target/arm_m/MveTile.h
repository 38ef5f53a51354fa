// Tile instructions of Armv8.1-M with the M-profile vector extension (Helium): Cortex-M55, M85.
#ifndef QCC_COMPILER_TARGET_ARM_M_MVETILE_H
#define QCC_COMPILER_TARGET_ARM_M_MVETILE_H

#include "compiler/target/TileInstruction.h"

namespace qcc::target {
llvm::ArrayRef<TileInstruction> mveTiles();

/// Depthwise windows by patches.
const BlockTile &mvePatchTile();

/// A sum with 16 products of signed bytes.
codegen::Val dotMve(codegen::KernelBuilder &k, codegen::Val sum, codegen::Val lhs, codegen::Val rhs);
/// `BlockTile::storeApart` by vstrb and its like for words.
void scatterMve(codegen::KernelBuilder &k, codegen::Val pointer, codegen::Val offsets, codegen::Val codes,
                mlir::Type element, int64_t count);
/// 16 bytes, of which `valid` behind the first `before` are read, and the others are 0.
codegen::Val loadBytesMve(codegen::KernelBuilder &k, codegen::Val pointer, int64_t before, int64_t valid,
                          int64_t align);

/// qk.requantize with double rounding of four i32 by vqrdmulh and vrshl; nothing for other vectors.
std::optional<codegen::Val> requantizeMve(codegen::KernelBuilder &k, codegen::Val x, codegen::Val multiplier,
                                          codegen::Val shift, const codegen::RescalingUse &use);
} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_ARM_M_MVETILE_H
