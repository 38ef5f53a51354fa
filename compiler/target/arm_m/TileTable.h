// Tile instructions of Cortex-M.
#ifndef QCC_COMPILER_TARGET_ARM_M_TILETABLE_H
#define QCC_COMPILER_TARGET_ARM_M_TILETABLE_H

#include "compiler/target/TileInstruction.h"

namespace qcc::target {
llvm::ArrayRef<TileInstruction> armMTiles();
} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_ARM_M_TILETABLE_H
