// Block tiles of machines that multiply matrices: a step is one of codes, positions by products, times one of weights.
// Sums stay in registers of their own, from which only memory gets them.
#ifndef QCC_COMPILER_TARGET_MATRIXTILE_H
#define QCC_COMPILER_TARGET_MATRIXTILE_H

#include "compiler/target/BlockTile.h"

namespace qcc::target {

/// `start`, `run` and `finish` carry no values: sums are what the registers of matrices hold, from zero on.
class MatrixTile : public BlockTile {
public:
  using BlockTile::BlockTile;
  const MatrixTile *asMatrix() const override { return this; }
  /// What comes before all blocks of a kernel, each of so many positions, and after them.
  virtual void beginKernel(codegen::KernelBuilder &k, int64_t positions) const = 0;
  virtual void endKernel(codegen::KernelBuilder &k) const = 0;
  /// Writes the sums of a block to memory, [vector][position][lane] in i32 or f32.
  virtual void storeSums(codegen::KernelBuilder &k, int64_t positions, int64_t vectors, codegen::Val to) const = 0;
};

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_MATRIXTILE_H
