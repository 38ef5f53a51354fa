// Tile instructions of WebAssembly.
#ifndef QCC_COMPILER_TARGET_WASM_TILETABLE_H
#define QCC_COMPILER_TARGET_WASM_TILETABLE_H

#include "compiler/target/TileInstruction.h"

namespace qcc::target {
llvm::ArrayRef<TileInstruction> wasmTiles();
} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_WASM_TILETABLE_H
