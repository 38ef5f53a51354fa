// Blocks by SMLAD, two products of 16 bits added to a sum in one instruction, for Cortex-M with the DSP extension.
#ifndef QCC_COMPILER_TARGET_ARM_M_DSPTILE_H
#define QCC_COMPILER_TARGET_ARM_M_DSPTILE_H

#include "compiler/target/BlockTile.h"

namespace qcc::target {

/// Bytes of the stack that a loop in assembly takes.
constexpr int64_t dspStackBytes = 8;

/// Codes are staged in 16 bits. Two channels a and b share words of weights, or four with weights of 4 bits (see
/// WeightFields), so that little is spent on their expansion: a half-word is a + 256 b, of which
///   S  = sum x (a + 256 b), by SMLAD with the word,
///   S0 = sum x a, by SMLAD with SXTB16 of it,
/// and the sum of channel b is (S - S0) >> 8, exactly, if it has at most 24 bits.
class DspTile : public BlockTile {
public:
  /// With the fields of a half-word: `bytes`, or `nibbles`.
  explicit DspTile(WeightFields fields, int64_t weightBytes = 2);
  static WeightFields bytes() { return WeightFields::inPlace(/*bits=*/8, /*bytes=*/2); }
  static WeightFields nibbles() { return {.count = 4, .bits = 4, .shifts = {4, 0, 4, 0}}; }
  mlir::Type stageFormat(mlir::Type codes) const override;
  bool fits(int64_t smallestWeight, int64_t largestWeight) const override {
    return fields.fits(smallestWeight, largestWeight);
  }
  bool fitsStep(llvm::ArrayRef<int64_t> codes) const override { return fitsFields(codes); }
  bool holdsBlock(int64_t positions, int64_t vectors) const override;
  double blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const override;
  int64_t stagedAtOnce(int64_t) const override { return 4; }
  int64_t planePositions() const override { return 2; }
  bool repeatsChannels() const override { return true; }
  int64_t longestStagedRow() const override { return 32; }
  bool scalesGroups() const override { return true; }
  bool stagesWithoutZero() const override { return true; }
  bool stage(codegen::KernelBuilder &k, codegen::Val from, codegen::Val to, int64_t half, bool isSigned,
             int64_t offset) const override;
  Accumulators run(codegen::KernelBuilder &k, const BlockRun &run, Accumulators sums) const override;
  bool storesRows() const override { return true; }
  bool storeRow(codegen::KernelBuilder &k, const BlockRow &row) const override;
  bool storeTaps(codegen::KernelBuilder &k, const BlockRun &run, int64_t taps, codegen::Val to) const override;
};

/// Weights of 8 bits that are looked up for a row of positions, in a table of sixteen.
class DspCodesTile : public DspTile {
public:
  /// `bytes` multiplies them.
  explicit DspCodesTile(const DspTile &bytes) : DspTile(WeightFields::codes(), /*weightBytes=*/1), bytes(bytes) {}
  const BlockTile *unpacked() const override { return &bytes; }
  bool scalesGroups() const override { return false; }
  bool fits(int64_t smallestWeight, int64_t largestWeight) const override {
    return bytes.fits(smallestWeight, largestWeight);
  }
  bool fitsStep(llvm::ArrayRef<int64_t> codes) const override { return bytes.fitsStep(codes); }
  /// A channel without another one beside it needs a zero there, which tables may not have.
  bool holdsBlock(int64_t positions, int64_t vectors) const override {
    return vectors % 2 == 0 && DspTile::holdsBlock(positions, vectors);
  }
  double blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const override;

private:
  const DspTile &bytes;
};

/// Weights of 16 bits, as Winograd's algorithm transforms them: a word holds two products of one channel. For others,
/// they would take twice the memory.
class DspHalvesTile : public DspTile {
public:
  DspHalvesTile() : DspTile(WeightFields::inPlace(/*bits=*/16, /*bytes=*/2)) {}
  bool isForTransformed() const override { return true; }
  bool holdsBlock(int64_t positions, int64_t vectors) const override {
    return positions <= planePositions() && positions * vectors <= costs.registers;
  }
  double blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const override;
  codegen::Val addHalves(codegen::KernelBuilder &k, codegen::Val a, codegen::Val b) const override;
  codegen::Val subtractHalves(codegen::KernelBuilder &k, codegen::Val a, codegen::Val b) const override;
  int64_t widenedAtOnce() const override { return 4; }
  /// SXTB16 takes bytes 0 and 2, or 1 and 3.
  int64_t placeOfWidened(int64_t number) const override { return number % 2 * 2 + number / 2; }
  llvm::SmallVector<codegen::Val> loadWidened(codegen::KernelBuilder &k, codegen::Val pointer,
                                              int64_t count) const override;
  bool storesRows() const override { return false; }
};

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_ARM_M_DSPTILE_H
