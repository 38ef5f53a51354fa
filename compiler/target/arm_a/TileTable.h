// Tile instructions of AArch64.
#ifndef QCC_COMPILER_TARGET_ARM_A_TILETABLE_H
#define QCC_COMPILER_TARGET_ARM_A_TILETABLE_H

#include "compiler/target/TileInstruction.h"

namespace qcc::target {
llvm::ArrayRef<TileInstruction> armATiles();
} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_ARM_A_TILETABLE_H
