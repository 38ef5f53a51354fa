// smmla and usmmla (Armv8.6, FEAT_I8MM): eight products of two positions and two channels at once, added to the four
// sums of these in one register.
#ifndef QCC_COMPILER_TARGET_ARM_A_PAIRTILE_H
#define QCC_COMPILER_TARGET_ARM_A_PAIRTILE_H

#include "compiler/target/BlockTile.h"

namespace qcc::target {

/// Accumulators are [pair of positions][vector][half], each [position][channel]: a vector of four channels is two
/// halves. A single position is multiplied as if it were two.
class PairTile : public BlockTile {
public:
  explicit PairTile(BlockCosts costs, WeightFields fields = {})
      : BlockTile(/*lanes=*/4, /*products=*/8, /*weightBytes=*/1, costs, /*masksTail=*/false, std::move(fields)) {}
  /// Codes of either sign as they are: there is an instruction for each.
  mlir::Type stageFormat(mlir::Type codes) const override;
  bool scalesGroups() const override { return true; }
  bool fits(int64_t smallestWeight, int64_t largestWeight) const override {
    return fields.fits(smallestWeight, largestWeight);
  }
  bool fitsStep(llvm::ArrayRef<int64_t> codes) const override { return channelUnit() > 1 && fitsFields(codes); }
  bool holdsBlock(int64_t positions, int64_t vectors) const override;
  /// Blocks have an even number of positions, or one.
  double blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const override;

  Accumulators start(codegen::KernelBuilder &k, int64_t positions, llvm::ArrayRef<codegen::Val> first) const override;
  Accumulators run(codegen::KernelBuilder &k, const BlockRun &run, Accumulators sums) const override;
  Accumulators finish(codegen::KernelBuilder &k, Accumulators sums, int64_t positions) const override;

private:
  /// Halves that a run computes for so many vectors: of all whose weights share numbers.
  int64_t halvesOf(int64_t vectors) const { return 2 * static_cast<int64_t>(llvm::alignTo(vectors, channelUnit())); }
};

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_ARM_A_PAIRTILE_H
