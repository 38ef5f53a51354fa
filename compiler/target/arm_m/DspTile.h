// Blocks by SMLAD, two products of 16 bits added to a sum in one instruction, for Cortex-M with the DSP extension.
#ifndef QCC_COMPILER_TARGET_ARM_M_DSPTILE_H
#define QCC_COMPILER_TARGET_ARM_M_DSPTILE_H

#include "compiler/target/BlockTile.h"

namespace qcc::target {

/// Bytes of the stack that a loop in assembly takes.
constexpr int64_t dspStackBytes = 8;

/// Codes are staged in 16 bits. Two channels a and b share words of weights, so that nothing is spent on their
/// expansion: a half-word is a + 256 b, of which
///   S  = sum x (a + 256 b), by SMLAD with the word,
///   S0 = sum x a, by SMLAD with SXTB16 of it,
/// and the sum of channel b is (S - S0) >> 8, exactly, if it has at most 24 bits.
class DspTile : public BlockTile {
public:
  DspTile() : DspTile(/*weightBytes=*/1) {}
  mlir::Type stageFormat(mlir::Type codes) const override;
  bool fits(int64_t smallestWeight, int64_t largestWeight) const override;
  bool fitsStep(llvm::ArrayRef<int64_t> codes) const override;
  int64_t sumLimit() const override { return (int64_t(1) << 23) - 1; }
  int64_t channelUnit() const override { return 2; }
  bool holdsBlock(int64_t positions, int64_t vectors) const override;
  double blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const override;
  void packStep(llvm::ArrayRef<int64_t> codes, std::vector<char> &bytes) const override;
  int64_t stagedAtOnce(int64_t) const override { return 4; }
  int64_t planePositions() const override { return 2; }
  bool repeatsChannels() const override { return true; }
  int64_t longestStagedRow() const override { return 32; }
  bool stage(codegen::KernelBuilder &k, codegen::Val from, codegen::Val to, int64_t half, bool isSigned) const override;
  Accumulators start(codegen::KernelBuilder &k, int64_t positions, llvm::ArrayRef<codegen::Val> first) const override;
  Accumulators run(codegen::KernelBuilder &k, const BlockRun &run, Accumulators sums) const override;
  bool storesRows() const override { return true; }
  bool storeRow(codegen::KernelBuilder &k, const BlockRow &row) const override;
  Accumulators finish(codegen::KernelBuilder &k, Accumulators sums, int64_t positions) const override;

protected:
  explicit DspTile(int64_t weightBytes);
};

/// Weights of 16 bits, as Winograd's algorithm transforms them: a word holds two products of one channel. For others,
/// they would take twice the memory.
class DspHalvesTile : public DspTile {
public:
  DspHalvesTile() : DspTile(/*weightBytes=*/2) {}
  bool isForTransformed() const override { return true; }
  bool fits(int64_t smallestWeight, int64_t largestWeight) const override {
    return llvm::isInt<16>(smallestWeight) && llvm::isInt<16>(largestWeight);
  }
  int64_t sumLimit() const override { return BlockTile::sumLimit(); }
  int64_t channelUnit() const override { return BlockTile::channelUnit(); }
  bool holdsBlock(int64_t positions, int64_t vectors) const override {
    return positions <= planePositions() && positions * vectors <= costs.registers;
  }
  double blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const override;
  void packStep(llvm::ArrayRef<int64_t> codes, std::vector<char> &bytes) const override {
    BlockTile::packStep(codes, bytes);
  }
  codegen::Val addHalves(codegen::KernelBuilder &k, codegen::Val a, codegen::Val b) const override;
  codegen::Val subtractHalves(codegen::KernelBuilder &k, codegen::Val a, codegen::Val b) const override;
  Accumulators start(codegen::KernelBuilder &k, int64_t positions, llvm::ArrayRef<codegen::Val> first) const override {
    return BlockTile::start(k, positions, first);
  }
  Accumulators finish(codegen::KernelBuilder &, Accumulators sums, int64_t) const override { return sums; }
  bool storesRows() const override { return false; }
  bool storeTaps(codegen::KernelBuilder &k, const BlockRun &run, int64_t taps, codegen::Val to) const override;
};

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_ARM_M_DSPTILE_H
