// The tile instructions that every target has: decode, multiply, add, one product at a time.
#ifndef QCC_COMPILER_TARGET_GENERIC_TILETABLE_H
#define QCC_COMPILER_TARGET_GENERIC_TILETABLE_H

#include "compiler/target/TileInstruction.h"

namespace qcc::target {
llvm::ArrayRef<TileInstruction> genericTiles();
} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_GENERIC_TILETABLE_H
