// Bits counted by a shuffle of bytes: vpshufb looks up both nibbles of each byte in a table of sixteen.
#ifndef QCC_COMPILER_TARGET_X86_NIBBLEBITTILE_H
#define QCC_COMPILER_TARGET_X86_NIBBLEBITTILE_H

#include "compiler/target/BitTile.h"

namespace qcc::target {

/// With AVX-512, codes and weights are shifted by themselves, as many products share each of them, and what is left to
/// be done before the table is one vpternlogd.
///
/// With AVX2, a look-up takes six instructions, and a full adder five. Of one plane of codes and one of weights, bits
/// of long windows are added as words first (Harley and Seal's method; Mula, Kurz and Lemire 2018): each sum
/// keeps a word of bits that count once and one of bits that count twice, from the first run of a window to the last,
/// and of four words one is looked up, whose bits count four times. State of a block: sums, counters, the words that
/// count once, those that count twice.
class NibbleBitTile : public BitTile {
public:
  NibbleBitTile(int64_t lanes, llvm::StringRef shuffle, llvm::StringRef byteIntrinsic, llvm::StringRef wordIntrinsic,
                BitCosts costs)
      : BitTile(lanes, costs), shuffle(shuffle), byteIntrinsic(byteIntrinsic), wordIntrinsic(wordIntrinsic) {}
  /// Without vpternlogd, nothing is made of weights but what an exclusive or (or an and) reads from memory.
  int64_t loadedWords(int64_t positions, int64_t vectors) const override {
    return addsFirst() ? positions : positions + vectors;
  }
  int64_t stepsPerSpread() const override { return addsFirst() ? 3 : 1; }
  int64_t stepsPerTotal() const override { return 30; }
  codegen::Val count(codegen::KernelBuilder &k, codegen::Val codes, codegen::Val weights, bool isXor) const override;
  codegen::Val countSteps(codegen::KernelBuilder &k, llvm::ArrayRef<codegen::Val> codes,
                          llvm::ArrayRef<codegen::Val> weights, bool isXor) const override;
  codegen::Val total(codegen::KernelBuilder &k, codegen::Val counts) const override;
  Accumulators start(codegen::KernelBuilder &k, int64_t positions, llvm::ArrayRef<codegen::Val> first) const override;
  Accumulators run(codegen::KernelBuilder &k, const BlockRun &run, Accumulators all) const override;
  Accumulators endWindow(codegen::KernelBuilder &k, const BlockRun &run, Accumulators all) const override;
  double blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const override;

private:
  /// Without vpternlogd, a table takes longer than to add words of bits.
  bool addsFirst() const { return lanes < 16; }
  /// The words that are kept have to be counted at last: not for windows of few words.
  bool carries(const BitPlanes &planes, int64_t windowSteps) const {
    constexpr int64_t fewSteps = 24;
    return addsFirst() && planes.lhs == 1 && planes.rhs == 1 && windowSteps >= fewSteps;
  }
  codegen::Val countBytes(codegen::KernelBuilder &k, codegen::Val bits, int8_t factor) const;
  void addWords(codegen::KernelBuilder &k, const BlockRun &words, Accumulators &all) const;
  void addGroup(codegen::KernelBuilder &k, const BlockRun &words, Accumulators &all) const;
  void addCounters(codegen::KernelBuilder &k, const BlockRun &run, Accumulators &all) const;
  llvm::StringRef shuffle, byteIntrinsic, wordIntrinsic;
};

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_X86_NIBBLEBITTILE_H
