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
  explicit PairTile(BlockCosts costs, WeightFields fields = {}, int64_t codeBytes = 1)
      : BlockTile(/*lanes=*/4, /*products=*/8 / codeBytes, /*weightBytes=*/codeBytes, costs, /*masksTail=*/false,
                  std::move(fields)) {}
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
  /// The intrinsic that adds the products of a step.
  virtual llvm::StringRef multiply(bool isSigned) const {
    return isSigned ? "llvm.aarch64.neon.smmla.v4i32.v16i8" : "llvm.aarch64.neon.usmmla.v4i32.v16i8";
  }

private:
  /// Halves that a run computes for so many vectors: of all whose weights share numbers.
  int64_t halvesOf(int64_t vectors) const { return 2 * static_cast<int64_t>(llvm::alignTo(vectors, channelUnit())); }
};

/// bfmmla: four products of bf16 for each of two positions and two channels. Of runs of whole steps: other codes, with
/// weights of 0, are no way to fill a step, for they may be infinite.
class PairBfloatTile : public PairTile {
public:
  explicit PairBfloatTile(BlockCosts costs) : PairTile(costs, {}, /*codeBytes=*/2) {}
  bool isFloat() const override { return true; }
  bool takesFloats(mlir::Type codes, mlir::Type weights) const override { return codes.isBF16() && weights.isBF16(); }
  bool scalesGroups() const override { return false; }
  mlir::Type stageFormat(mlir::Type codes) const override { return mlir::BFloat16Type::get(codes.getContext()); }
  bool fits(int64_t, int64_t) const override { return true; }
  void packStep(llvm::ArrayRef<int64_t> codes, std::vector<char> &bytes) const override;
  double blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const override;
  llvm::StringRef multiply(bool) const override { return "llvm.aarch64.neon.bfmmla"; }
};

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_ARM_A_PAIRTILE_H
