#include "compiler/target/arm_m/ArmFunction.h"

using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

void ArmFunction::enter() {
  assert(4 * (words + saved + 4) <= armFunctionStackBytes);
  block.line("push {{r0, r1, r2, r3}");
  block.line("push {{r4, r5, r6, r7, r8, r9, r10, r11, lr}");
  if (words > 0)
    block.line("sub sp, #{0}", 4 * words);
}

void ArmFunction::leave() {
  if (words > 0)
    block.line("add sp, #{0}", 4 * words);
  block.line("pop {{r4, r5, r6, r7, r8, r9, r10, r11, lr}");
  block.line("add sp, #16");
  block.line("bx lr");
}

void ArmFunction::findHalf(llvm::StringRef half, llvm::StringRef unit, llvm::StringRef shift) {
  block.line("lsl {0}, {1}, {2}", half, unit, shift);
  block.line("asr {0}, {0}, #1", half);
}

void ArmFunction::makeCode(llvm::StringRef sum, llvm::StringRef multiplier, llvm::StringRef half, llvm::StringRef shift,
                           llvm::StringRef spare) {
  if (!isClampedAtZero())
    block.line("add {0}, {1}, {2}, asr #31", spare, half, sum);
  block.line("smmlar {0}, {0}, {1}, {2}", sum, multiplier, isClampedAtZero() ? half : spare);
  block.line("asr {0}, {0}, {1}", sum, shift);
  if (!numbers.hasFraction)
    block.line("{0} {1}, #{2}, {1}", numbers.isSigned ? "ssat" : "usat", sum, numbers.bits);
}

std::pair<Val, Val> ArmFunction::placeOf(Val number, bool isInMemory, int64_t bytes) {
  if (isInMemory)
    return {number, k.i32(bytes)};
  Val place = k.stackBuffer(number.type(), 1);
  k.storeRaw(place, number.type(), k.index(0), number);
  return {place, k.i32(0)};
}
