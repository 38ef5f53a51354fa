// A tile instruction: a piece of machine code that multiplies a tile of left-hand codes by a tile of
// right-hand codes into accumulators. A target is a table of them.
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

struct TileInstruction {
  llvm::StringRef name;
  bool isFloat;    // product rule: f32, or integers (decoded first where needed)
  int64_t m, n, k; // positions, channels and products of one block; k = 0: any number of products
  double cost;     // per product, relative to the target's other entries
  /// Adds the products of `count` pairs of codes to `accumulator` and returns the sum.
  codegen::Val (*emit)(codegen::KernelBuilder &k, const TileOperand &lhs, const TileOperand &rhs, codegen::Val count,
                       codegen::Val accumulator);
};

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_TILEINSTRUCTION_H
