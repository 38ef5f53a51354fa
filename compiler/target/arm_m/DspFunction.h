// Functions with runs of products by SMLAD, in assembly.
#ifndef QCC_COMPILER_TARGET_ARM_M_DSPFUNCTION_H
#define QCC_COMPILER_TARGET_ARM_M_DSPFUNCTION_H

#include "compiler/target/arm_m/ArmFunction.h"
#include "compiler/target/arm_m/DspAssembly.h"

namespace qcc::target {

/// Rows with runs of products.
class DspRow : protected ArmFunction {
public:
  /// True if groups of weights that have scales are whole units, in all runs of the row.
  static bool takesGroups(const BlockRow &row, const WeightFields &fields);

protected:
  DspRow(codegen::KernelBuilder &k, const BlockRow &row, const WeightFields &fields, int64_t words);

  void findEntry(Slot skip, Slot entry);
  void emitProducts();
  void doubleSums();
  void startPrefixes(int64_t position);
  const std::string &sum(int64_t position, int64_t channel) const {
    return registers.sums[position * row.run.vectors + channel];
  }
  /// Bytes of the loop's code before the unit that `units` begin with.
  codegen::Val skipOf(codegen::Val units);

  /// Where the frame has the numbers of groups (BlockRow::groups): arguments from `first` on, and words of the
  /// function's own.
  struct GroupSlots {
    Slot first, codes; // codes of the block
    Slot run;          // the place of the next run's offset
    Slot runEnd, groupEnd;
    enum Number { Offsets, OffsetsEnd, RunBytes, WeightBytes, Rounding, Totals, Zeros = Totals + 8, Count = Zeros + 8 };
    Slot at(int64_t number) const { return {first.word + number}; }
    Slot rounding() const { return at(Rounding); }
  };
  /// All groups of a block, from the weights in r1 on, whose totals stay in the frame. Where there is one run, r0 has
  /// its codes, and `runEnd` the end of the weights.
  void emitGroups(const GroupSlots &at);
  void combineGroup(const GroupSlots &at);
  void separateSums(int64_t position);
  /// Twice the totals, to where sums are.
  void loadTotals(const GroupSlots &at);
  /// What is rescaled to 256ths of a result, and a bias, if any, becomes a code.
  void roundFraction(llvm::StringRef sum, llvm::StringRef bias, llvm::StringRef rounding);
  llvm::SmallVector<codegen::Val> groupArguments();

  const BlockRow &row;
  const WeightFields &fields;
  DspProducts products;
  int64_t unroll; // units of the loop's body, a power of 2
  DspRegisters registers;

private:
  void copySums(llvm::StringRef instruction, Slot slot);
};

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_ARM_M_DSPFUNCTION_H
