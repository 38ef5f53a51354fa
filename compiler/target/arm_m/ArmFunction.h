// What functions in assembly for Cortex-M have in common.
#ifndef QCC_COMPILER_TARGET_ARM_M_ARMFUNCTION_H
#define QCC_COMPILER_TARGET_ARM_M_ARMFUNCTION_H

#include "compiler/codegen/Assembly.h"
#include "compiler/target/BlockTile.h"

namespace qcc::target {

/// A function whose frame is, from the stack pointer on: words of its own, what it saves, and its arguments, of which
/// the first four come in registers.
class ArmFunction {
protected:
  /// Codes are made as `numbers` say.
  ArmFunction(codegen::KernelBuilder &k, const NarrowStore &numbers, int64_t words)
      : k(k), numbers(numbers), words(words) {}

  /// Places in the frame.
  struct Slot {
    int64_t word;
  };
  Slot own(int64_t number) const { return {number}; }
  Slot argument(int64_t number) const { return {words + saved + number}; }
  void load(llvm::StringRef to, Slot slot) { block.line("ldr {0}, [sp, #{1}]", to, 4 * slot.word); }
  void store(llvm::StringRef from, Slot slot) { block.line("str {0}, [sp, #{1}]", from, 4 * slot.word); }
  /// Two neighbours.
  void load(llvm::StringRef first, llvm::StringRef second, Slot slot) {
    block.line("ldrd {0}, {1}, [sp, #{2}]", first, second, 4 * slot.word);
  }
  void store(llvm::StringRef first, llvm::StringRef second, Slot slot) {
    block.line("strd {0}, {1}, [sp, #{2}]", first, second, 4 * slot.word);
  }

  void enter();
  void leave();
  /// half = 2^shift * (2 zero + 1) / 2, of which `unit` is the factor: what rounds a result, and adds its zero point.
  void findHalf(llvm::StringRef half, llvm::StringRef unit, llvm::StringRef shift);
  /// A doubled sum, its multiplier, half a unit of the result (less 1 for a negative sum, in `spare`) and the shift
  /// make the code, as a narrow rescaling does, or 256ths of it that a bias is added to.
  void makeCode(llvm::StringRef sum, llvm::StringRef multiplier, llvm::StringRef half, llvm::StringRef shift,
                llvm::StringRef spare);
  /// True if results that are not positive need no exact rounding. Where size counts, all functions round.
  bool isClampedAtZero() const { return numbers.isClampedAtZero && !k.prefersSize; }
  /// The unit that `findHalf` takes.
  codegen::Val unit() { return k.i32(2 * numbers.zero + 1); }
  /// The address of a number of each channel, and from one to the next: 0 if they are the same.
  std::pair<codegen::Val, codegen::Val> placeOf(codegen::Val number, bool isInMemory, int64_t bytes);

  static constexpr int64_t saved = 9; // r4 to r11 and lr
  codegen::KernelBuilder &k;
  const NarrowStore &numbers;
  codegen::AssemblyText block;
  int64_t words; // of the frame that are the function's own
};

/// Bytes of the stack that such functions take at most, beside the arguments that the caller puts there.
constexpr int64_t armFunctionStackBytes = 160;

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_ARM_M_ARMFUNCTION_H
