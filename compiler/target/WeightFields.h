// Weights below 8 bits: those of a few neighbouring vectors of channels are the signed digits of one packed number, and
// stay together in registers.
#ifndef QCC_COMPILER_TARGET_WEIGHTFIELDS_H
#define QCC_COMPILER_TARGET_WEIGHTFIELDS_H

#include "compiler/codegen/KernelBuilder.h"

namespace qcc::target {

/// A packed number is
///   p = w_0 + 2^b w_1 + 2^2b w_2 + ...,  with the prefixes  p_k = w_0 + ... + 2^kb w_k.
/// A prefix is what is left of the lowest (k + 1) b bits of p with their sign, so that one instruction or two give it,
/// or 2^s times it, and the last one is p itself: a weight in `count` takes none. With sums S_k = 2^s_k (sum of x p_k),
/// those of channels are
///   sum of x w_k = (S_k - 2^s_k (sum of x p_(k-1))) >> (s_k + kb),
/// exactly, even if S_k wraps around, as long as they fit the bits that are left. Of packed numbers of one field, all
/// this is nothing.
struct WeightFields {
  int64_t count = 1;
  int64_t bits = 0;                          // of a field
  llvm::SmallVector<int64_t, 8> shifts = {}; // s_k of each field; all 0 if there are none
  /// Fields are no digits but codes, side by side, and sums are those of channels. The tile looks up the weights of
  /// codes of four bits; of one bit, 1 stands for 1 and 0 for -1.
  bool areCodes = false;

  /// `count` fields that fill numbers of `8 * bytes` bits, of which prefixes are shifted to the top.
  static WeightFields shifted(int64_t bits, int64_t bytes);
  /// The same, of which prefixes are as they are.
  static WeightFields inPlace(int64_t bits, int64_t bytes) { return {8 * bytes / bits, bits}; }
  /// Nibbles that a table of sixteen bytes has the weights of: `WeightTable`.
  static WeightFields codes() { return {.count = 2, .bits = 4, .areCodes = true}; }
  bool areLookedUp() const { return areCodes && bits > 1; }
  /// The signs of a byte.
  static WeightFields signs() { return {.count = 8, .bits = 1, .areCodes = true}; }

  int64_t shiftOf(int64_t field) const { return shifts.empty() ? 0 : shifts[field]; }
  /// Packed numbers that so many channels, or vectors of them, have.
  int64_t packed(int64_t channels) const { return llvm::divideCeilSigned(channels, count); }
  /// True if all prefixes of any weights in that range have as many bits as their fields. Weights that are looked up
  /// have to be bytes.
  bool fits(int64_t smallestWeight, int64_t largestWeight) const;
  /// The same for given weights.
  bool fits(llvm::ArrayRef<int64_t> weights) const;
  int64_t pack(llvm::ArrayRef<int64_t> weights) const;
  /// The largest magnitude of a channel's sum.
  int64_t sumLimit() const;
  /// True if sums are those of prefixes.
  bool areLinked() const { return count > 1 && !areCodes; }
  /// Sums of prefixes, where channels begin with `first`; and what channels have.
  llvm::SmallVector<codegen::Val> start(llvm::ArrayRef<codegen::Val> first) const;
  llvm::SmallVector<codegen::Val> finish(llvm::ArrayRef<codegen::Val> sums) const;
  /// 2^s_k times a prefix of a packed number of `width` bits.
  codegen::Val prefix(codegen::Val packed, int64_t field, int64_t width) const;
};

/// The weights that a tile looks up, by their codes: those of a code book of up to sixteen, or else all that four bits
/// of two's complement have.
class WeightTable {
public:
  static constexpr int64_t size = 16;
  WeightTable() : WeightTable(llvm::ArrayRef<int64_t>()) {}
  explicit WeightTable(qnn::NumberFormat weights) : WeightTable(weights.getIntegerDecode().table) {}
  llvm::ArrayRef<int8_t> integers() const { return entries; }
  /// The code of a weight, if it has one.
  std::optional<int64_t> codeOf(int64_t weight) const;

private:
  explicit WeightTable(llvm::ArrayRef<int64_t> book);
  llvm::SmallVector<int8_t, size> entries;
};

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_WEIGHTFIELDS_H
