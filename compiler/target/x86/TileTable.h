// Tile instructions of x86-64.
#ifndef QCC_COMPILER_TARGET_X86_TILETABLE_H
#define QCC_COMPILER_TARGET_X86_TILETABLE_H

#include "compiler/target/TileInstruction.h"

namespace qcc::target {
llvm::ArrayRef<TileInstruction> x86Tiles();

/// The same with the costs of a CPU, by LLVM's name.
llvm::ArrayRef<TileInstruction> x86TilesOf(llvm::StringRef cpu);

/// BlockTile::packCodes by vpackssdw and vpackuswb or vpacksswb.
codegen::Val packCodesInPairs(codegen::KernelBuilder &k, llvm::ArrayRef<codegen::Val> vectors, bool isSigned);
} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_X86_TILETABLE_H
