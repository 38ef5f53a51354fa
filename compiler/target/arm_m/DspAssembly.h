// The inner loops of DspTile in assembly, which LLVM gives registers to as a whole: 8 sums, 2 pointers, and 4 registers
// for codes and weights are all there are.
#ifndef QCC_COMPILER_TARGET_ARM_M_DSPASSEMBLY_H
#define QCC_COMPILER_TARGET_ARM_M_DSPASSEMBLY_H

#include "compiler/codegen/Assembly.h"
#include "compiler/target/BlockTile.h"

namespace qcc::target {

struct DspRegisters {
  std::string lhs, rhs;
  llvm::SmallVector<std::string> sums; // [position][channel]
  llvm::SmallVector<std::string, 4> temporaries;
};

/// The products of a run.
class DspProducts {
public:
  DspProducts(codegen::Assembly &block, const BlockRun &run);
  /// True if the run is a loop, which ends when `rhs` is the word at `endOffset` from the stack pointer.
  bool isLoop() const { return unroll < run.steps; }
  /// Bytes of the run's weights.
  int64_t runBytes() const { return run.steps * stepBytes(); }
  void emit(const DspRegisters &registers, int64_t endOffset);

private:
  int64_t words() const { return llvm::divideCeil(run.vectors, 2); }
  int64_t stepBytes() const { return words() * wordBytes; }
  bool hasPlanes() const { return run.planeBytes > 0; }
  /// Steps that belong together.
  int64_t unit() const { return hasPlanes() ? run.taps : readsPairs ? 2 : 1; }
  /// From the first code of a run to that of step `number`, a multiple of the unit.
  int64_t codeOffset(int64_t number) const {
    return hasPlanes() ? number / run.taps * run.planeBytes + number % run.taps * wordBytes : number * wordBytes;
  }
  void load(llvm::StringRef registers, const std::string &pointer, int64_t offset, int64_t moved);
  void loadCodes(const DspRegisters &registers, int64_t number);
  void step(const DspRegisters &registers, int64_t number, llvm::ArrayRef<std::string> codes);
  void multiplyWord(const DspRegisters &registers, int64_t word, const std::string &weights,
                    llvm::ArrayRef<std::string> codes);

  static constexpr int64_t wordBytes = 4;
  codegen::Assembly &block;
  const BlockRun &run;
  bool readsPairs;                    // two steps of a single position at once
  int64_t unroll;                     // steps of the loop's body, or all there are
  int64_t lhsMoved = 0, rhsMoved = 0; // bytes that the body's first load moves its pointer by; offsets count from there
};

/// Codes of the sums of a run, doubled first, as a narrow rescaling takes them: those of a channel b are S - S0,
/// shifted by one less. A sum, its multiplier, half a unit of the result and the shift then make the code:
///   smmlar sum, sum, multiplier, half (less 1 for a negative sum); asr sum, shift; ssat sum, #8
class DspCodes {
public:
  /// Registers: what `NarrowStore` holds, and others; `shift` is needed only if `needsShiftRegister`.
  struct Numbers {
    std::string out, multipliers, shifts, half, multiplier, shift, spare;
  };
  DspCodes(codegen::Assembly &block, const NarrowStore &store)
      : block(block), store(store), hasShiftWords(store.hasShifts && store.vectors % 4 == 0) {}
  bool needsShiftRegister() const { return store.hasShifts && !hasShiftWords; }
  /// The distance of positions is the word at `distanceOffset` from the stack pointer.
  void emit(llvm::ArrayRef<std::string> sums, Numbers numbers, int64_t distanceOffset);

private:
  void doubleSums();
  void loadShift(int64_t channel);
  void makeCodes(int64_t channel);
  void storeCodes(int64_t distanceOffset);
  const std::string &sum(int64_t position, int64_t channel) const { return sums[position * store.vectors + channel]; }

  codegen::Assembly &block;
  const NarrowStore &store;
  bool hasShiftWords; // the shifts of four channels in a word, of which shifts by registers read the low byte
  llvm::ArrayRef<std::string> sums;
  Numbers names;
};

/// All positions of a row of the output for a block of channels: a loop over blocks of positions, in it one over the
/// lines of the window. What does not fit the registers is in a frame on the stack.
class DspRow {
public:
  DspRow(codegen::KernelBuilder &k, const BlockRow &row);
  bool emit();

private:
  /// Words of the frame.
  enum Slot { End, Line, Here, Out, Next, NextOut, Weights, Lines, Multipliers, Shifts, Distance, Last, FirstSum };
  int64_t offsetOf(int64_t slot) const { return 4 * slot; }
  int64_t frameBytes() const { return llvm::alignTo(offsetOf(FirstSum + row.run.vectors), 8); }
  bool hasLines() const { return row.lineCount > 1; }
  void load(const std::string &name, int64_t slot) { block.line("ldr {0}, [sp, #{1}]", name, offsetOf(slot)); }
  void store(const std::string &name, int64_t slot) { block.line("str {0}, [sp, #{1}]", name, offsetOf(slot)); }
  void add(const std::string &to, const std::string &from, int64_t number);
  void enter();
  void startSums();
  void emitLines();
  void advance();

  codegen::Assembly block;
  const BlockRow &row;
  DspProducts products;
  DspCodes codes;
  DspRegisters registers;
  llvm::SmallVector<std::string> inputs; // what the block begins with
  std::string shift;                     // a register more, if codes need it
};

/// Bytes that these blocks push at most.
constexpr int64_t dspStackBytes = 80;

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_ARM_M_DSPASSEMBLY_H
