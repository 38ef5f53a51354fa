// Instructions of the DSP extension that pair and extend half-words.
#ifndef QCC_COMPILER_TARGET_ARM_M_DSP_H
#define QCC_COMPILER_TARGET_ARM_M_DSP_H

#include "compiler/codegen/KernelBuilder.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace qcc::target {

/// Bytes 0 and 2 of a word as half-words; with `isOdd`, bytes 1 and 3. The half-words of `added` are added to them.
inline codegen::Val extendBytes(codegen::KernelBuilder &k, codegen::Val word, bool isOdd, bool isSigned = true,
                                std::optional<codegen::Val> added = std::nullopt) {
  if (isOdd)
    word = k.logicalShiftRight(word, word.constant(8)) | (word << 24);
  if (added)
    return k.intrinsic(isSigned ? "llvm.arm.sxtab16" : "llvm.arm.uxtab16", k.b.getI32Type(), {*added, word});
  return k.intrinsic(isSigned ? "llvm.arm.sxtb16" : "llvm.arm.uxtb16", k.b.getI32Type(), {word});
}

/// PKHBT: the low halves of two words.
inline codegen::Val pairLow(codegen::Val low, codegen::Val high) { return (low & 0xffff) | (high << 16); }
/// PKHTB: the high halves of two words.
inline codegen::Val pairHigh(codegen::Val low, codegen::Val high) {
  return low.k->logicalShiftRight(low, low.constant(16)) | (high & ~int64_t(0xffff));
}

/// A word from a place of any alignment, which these cores have in one instruction.
inline codegen::Val loadWord(codegen::KernelBuilder &k, codegen::Val pointer) {
  return k.val(mlir::LLVM::LoadOp::create(k.b, k.loc, k.b.getI32Type(), pointer, /*alignment=*/1));
}
inline void storeWord(codegen::KernelBuilder &k, codegen::Val pointer, codegen::Val word) {
  mlir::LLVM::StoreOp::create(k.b, k.loc, word, pointer, /*alignment=*/2);
}

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_ARM_M_DSP_H
