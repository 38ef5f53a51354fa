// Block tiles of vector machines: a few codes of one position, repeated in all lanes, times a vector of weights.
#ifndef QCC_COMPILER_TARGET_VECTORTILE_H
#define QCC_COMPILER_TARGET_VECTORTILE_H

#include "compiler/target/BlockTile.h"

namespace qcc::target {

class VectorTile : public BlockTile {
public:
  using BlockTile::BlockTile;
  const VectorTile *asVector() const override { return this; }
  Accumulators run(codegen::KernelBuilder &k, const BlockRun &run, Accumulators sums) const override;

  /// One step of an accumulator: `lhs` holds `products` codes of a position in every lane, `rhs` their weights.
  virtual codegen::Val multiplyAdd(codegen::KernelBuilder &k, codegen::Val sum, codegen::Val lhs,
                                   codegen::Val rhs) const = 0;
  /// The scalar type that holds `products` staged codes, and the vector type of one step's weights.
  virtual mlir::Type codesType(mlir::OpBuilder &b) const = 0;
  virtual mlir::VectorType weightsType(mlir::OpBuilder &b) const = 0;
};

/// f32 by fused multiply-add, on any machine that has vectors of them.
class FloatVectorTile : public VectorTile {
public:
  FloatVectorTile(int64_t lanes, BlockCosts costs) : VectorTile(lanes, /*products=*/1, /*weightBytes=*/4, costs) {}
  bool isFloat() const override { return true; }
  mlir::Type stageFormat(mlir::MLIRContext *context) const override;
  bool fits(int64_t, int64_t) const override { return true; }
  codegen::Val multiplyAdd(codegen::KernelBuilder &k, codegen::Val sum, codegen::Val lhs,
                           codegen::Val rhs) const override;
  mlir::Type codesType(mlir::OpBuilder &b) const override;
  mlir::VectorType weightsType(mlir::OpBuilder &b) const override;
};

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_VECTORTILE_H
