// Counting bits in Thumb-2: a run as one block of assembly, two positions of one channel.
#ifndef QCC_COMPILER_TARGET_ARM_M_THUMB2BITTILE_H
#define QCC_COMPILER_TARGET_ARM_M_THUMB2BITTILE_H

#include "compiler/target/BitTile.h"

namespace qcc::target {

/// LLVM keeps masks in registers and has too few for the words of two positions.
class Thumb2BitTile : public ShiftedBitTile {
public:
  using ShiftedBitTile::ShiftedBitTile;
  bool holdsBlock(int64_t positions, int64_t vectors) const override { return positions <= 2 && vectors == 1; }
  bool countWords(codegen::KernelBuilder &k, const BlockRun &run, Accumulators &counters) const override;
};

/// The same with the DSP extension's sum of differences of bytes: counters are words, and never full.
class DspBitTile : public Thumb2BitTile {
public:
  using Thumb2BitTile::Thumb2BitTile;
  int64_t stepsPerTotal() const override { return INT32_MAX / BitPlanes::wordBits; }
  codegen::Val spread(codegen::KernelBuilder &k, codegen::Val counts) const override;
  bool countWords(codegen::KernelBuilder &k, const BlockRun &run, Accumulators &counters) const override;
  codegen::Val total(codegen::KernelBuilder &k, codegen::Val counts) const override { return counts; }
};

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_ARM_M_THUMB2BITTILE_H
