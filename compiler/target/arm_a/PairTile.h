// smmla and usmmla (Armv8.6, FEAT_I8MM): eight products of two positions and two channels at once, added to the four
// sums of these in one register.
#ifndef QCC_COMPILER_TARGET_ARM_A_PAIRTILE_H
#define QCC_COMPILER_TARGET_ARM_A_PAIRTILE_H

#include "compiler/target/BlockTile.h"

namespace qcc::target {

/// Accumulators are [pair of positions][pair of channels], each [position][channel]; a vector of channels is two pairs
/// of them. A single position is multiplied as if it were two.
class PairTile : public BlockTile {
public:
  explicit PairTile(BlockCosts costs) : BlockTile(/*lanes=*/4, /*products=*/8, /*weightBytes=*/1, costs) {}
  /// Codes of either sign as they are: there is an instruction for each.
  mlir::Type stageFormat(mlir::Type codes) const override;
  bool scalesGroups() const override { return true; }
  bool fits(int64_t smallestWeight, int64_t largestWeight) const override {
    return fields.fits(smallestWeight, largestWeight);
  }
  bool holdsBlock(int64_t positions, int64_t vectors) const override;
  /// Blocks have an even number of positions, or one.
  double blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const override;

  Accumulators start(codegen::KernelBuilder &k, int64_t positions, llvm::ArrayRef<codegen::Val> first) const override;
  Accumulators run(codegen::KernelBuilder &k, const BlockRun &run, Accumulators sums) const override;
  Accumulators finish(codegen::KernelBuilder &k, Accumulators sums, int64_t positions) const override;
};

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_ARM_A_PAIRTILE_H
