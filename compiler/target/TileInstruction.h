// A tile instruction: a piece of machine code that multiplies a tile of left-hand codes by a tile of
// right-hand codes into accumulators. A target is a table of them: the form that takes products one at a time, which
// reads any format where it lies, and blocks (BlockTile.h), which read packed weights.
#ifndef QCC_COMPILER_TARGET_TILEINSTRUCTION_H
#define QCC_COMPILER_TARGET_TILEINSTRUCTION_H

#include "compiler/codegen/KernelBuilder.h"

namespace qcc::target {

/// One operand of a tile: where its codes lie and what they mean.
struct TileOperand {
  codegen::Val pointer;
  qnn::NumberFormat format;
  codegen::Val position; // of the first code, in elements
  codegen::Val stride;   // from one product to the next, in elements
  int64_t zero;          // what is taken off each integer
};

class BlockTile;

struct TileInstruction {
  llvm::StringRef name;
  llvm::StringRef features; // of the machine, separated by commas, that the instruction needs
  bool isFloat;             // product rule: f32, or integers (decoded first where needed)
  /// Adds the products of `count` pairs of codes to `accumulator` and returns the sum; null for blocks.
  codegen::Val (*emit)(codegen::KernelBuilder &k, const TileOperand &lhs, const TileOperand &rhs, codegen::Val count,
                       codegen::Val accumulator);
  const BlockTile *block; // a block of positions and channels at once; null for the form above
  bool isLarge = false;   // code that few kernels share: not where size matters more than speed
};

/// The table entry of a block tile.
TileInstruction blockInstruction(llvm::StringRef name, llvm::StringRef features, const BlockTile &block,
                                 bool isLarge = false);

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_TILEINSTRUCTION_H
