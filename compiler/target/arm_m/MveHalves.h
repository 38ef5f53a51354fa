// Blocks by VMLADAVA of halves, eight products of 16 bits added to a sum in one instruction, for what Winograd's
// algorithms have transformed.
#ifndef QCC_COMPILER_TARGET_ARM_M_MVEHALVES_H
#define QCC_COMPILER_TARGET_ARM_M_MVEHALVES_H

#include "compiler/target/BlockTile.h"

namespace qcc::target {

/// Four channels, whose sums are scalars while products are added to them and a vector for all else, of two tiles:
/// eight sums, as many as there are registers that vmladava takes. The codes of a step of both tiles lie together, and
/// steps and taps one behind the other, as do their weights: two pointers that move with each load are enough.
class MveHalvesTile : public BlockTile {
public:
  MveHalvesTile();
  bool isForTransformed() const override { return true; }
  mlir::Type stageFormat(mlir::Type codes) const override;
  bool fits(int64_t smallestWeight, int64_t largestWeight) const override {
    return fields.fits(smallestWeight, largestWeight);
  }
  int64_t planePositions() const override { return 2; }
  int64_t transformedAtOnce() const override { return products; }
  int64_t stagedAtOnce(int64_t) const override { return products; }
  bool holdsBlock(int64_t positions, int64_t vectors) const override {
    return positions <= planePositions() && vectors == 1;
  }
  double blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const override;
  Accumulators run(codegen::KernelBuilder &k, const BlockRun &run, Accumulators sums) const override;
  bool storeTaps(codegen::KernelBuilder &k, const BlockRun &run, int64_t taps, codegen::Val to) const override;
};

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_ARM_M_MVEHALVES_H
