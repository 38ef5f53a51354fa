// Tile instructions of RISC-V.
#ifndef QCC_COMPILER_TARGET_RISCV_TILETABLE_H
#define QCC_COMPILER_TARGET_RISCV_TILETABLE_H

#include "compiler/target/TileInstruction.h"

namespace qcc::target {
llvm::ArrayRef<TileInstruction> riscvTiles();
} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_RISCV_TILETABLE_H
