// Tile instructions of RISC-V's vector extension.
#ifndef QCC_COMPILER_TARGET_RISCV_RVVTILE_H
#define QCC_COMPILER_TARGET_RISCV_RVVTILE_H

#include "compiler/target/VectorTile.h"

namespace qcc::target {

/// vwmacc: a code of 16 bits, or a vector of them, times a vector of weights of 16 bits, added to sums of 32. Weights
/// and codes of 8 bits are widened in registers. As many lanes whatever the core's registers have: vectors of fixed
/// length, in groups of registers that 128 bits each suffice for.
class RvvTile : public IntegerVectorTile {
public:
  RvvTile(int64_t lanes, int64_t codeBytes);
  codegen::Val loadCodes(codegen::KernelBuilder &k, codegen::Val pointer, int64_t valid, int64_t align) const override;
  codegen::Val loadWeights(codegen::KernelBuilder &k, codegen::Val pointer, int64_t before, int64_t valid,
                           int64_t align) const override;
  codegen::Val multiplyAdd(codegen::KernelBuilder &k, codegen::Val sum, codegen::Val lhs,
                           codegen::Val rhs) const override;
  Accumulators run(codegen::KernelBuilder &k, const BlockRun &run, Accumulators sums) const override;
  bool keepsSumsOnly() const override { return true; }
  bool holdsBlock(int64_t positions, int64_t vectors) const override;
  double blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const override;
  int64_t rowLength(int64_t positions, int64_t bytes) const override { return rowOfBlocks(positions, bytes, 6); }
  int64_t stepsAtOnce(const BlockRun &run) const override;
};

/// vfmacc: f32 in eight channels.
class RvvFloatTile : public FloatVectorTile {
public:
  RvvFloatTile();
  bool keepsSumsOnly() const override { return true; }
  int64_t stepsAtOnce(const BlockRun &run) const override;
  Accumulators run(codegen::KernelBuilder &k, const BlockRun &run, Accumulators sums) const override;
};

/// qk.requantize with double rounding of i32 vectors by vsmul and vssra; nothing for vectors that fill no group of
/// registers.
std::optional<codegen::Val> requantizeRvv(codegen::KernelBuilder &k, codegen::Val x, codegen::Val multiplier,
                                          codegen::Val shift, const codegen::RescalingUse &use);

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_RISCV_RVVTILE_H
