// Product rule bit-plane: numbers of a few bits as planes of bits, and sums of products as counts of bits.
//
// A code's bits a_i, i < A, stand for x = sum u_i a_i + constant, a weight's bits b_j, j < B, for
//   w = sum s_j n_j b_j, where the top plane of two's complement has s_j = -1, or, if its bits are signs, as those of
//   binary weights and of a basis are, w = sum n_j (2 b_j - 1).
// The steps u_i and n_j are doubled from plane to plane, but for a basis (!qnn.basis).
// Of the contraction's sum of (x - zero) w, the part  (constant - zero) * sum of w  is known for each channel. The rest
// is the sum of u_i a_i w over planes i, and for each of them
//   sum of a_i w = sum_j s_j n_j popcount(a_i & b_j), or for signs the sum over j of
//   n_j a_i (2 b_j - 1) = n_j (2 popcount(a_i & b_j) - popcount(a_i)) = n_j (popcount(b_j) - popcount(a_i ^ b_j)),
// in which popcount(b_j) is known, too: the codes' own counts are never needed. Binary codes (u_0 = 2, constant -1)
// times binary weights are the well-known  n - 2 popcount(a ^ b).  Bits behind the last channel are 0 on both sides.
//
// Where no code stands for the zero point (0 is no binary number), positions outside of the image are staged as zero
// bits, so that the sum lacks nothing but (constant - zero) * sum of w of their taps, which is not to be there. What is
// taken off for it is the same for all positions that see the same taps: see BorderSums.
#ifndef QCC_COMPILER_TARGET_BITPLANES_H
#define QCC_COMPILER_TARGET_BITPLANES_H

#include "dialects/qk/QkOps.h"

namespace qcc::target {

struct BitPlanes {
  explicit BitPlanes(qk::ContractOp op);

  /// Channels whose bits are a word.
  static constexpr int64_t wordBits = 32, wordBytes = 4;
  /// True if both sides are integers that are not looked up: of up to 16 bits, and weights of up to 8.
  static bool match(qk::ContractOp op);

  int64_t lhs, rhs; // how many planes
  bool isXor;       // weights whose bits are signs
  bool isSigned;    // the top plane of weights is negative
  /// What a bit of each plane stands for.
  llvm::SmallVector<int64_t, 4> codeSteps, weightSteps;
  int64_t constant; // (constant - zero): what each weight is multiplied by beside the bits
  /// What a counted bit of plane `i` of codes and plane `j` of weights adds to the sum.
  int64_t factor(int64_t i, int64_t j) const;
  /// True if that doubles from each plane of codes to the next.
  bool hasDoublingCodes() const;
  /// The sums of all steps.
  int64_t largestCode() const;
  int64_t largestWeight() const;
  /// The bit of plane `j` of a weight.
  bool bitOf(int64_t weight, int64_t j) const;
  /// What a weight adds to the sum beside all counts.
  int64_t known(int64_t weight) const;
  /// True if the bits of a code stand for the zero point.
  bool hasZero() const;

private:
  void readWeights(qnn::NumberFormat format, int64_t zero);
};

/// Positions of the output by the taps of their window that see the image, and what is added to their sums: none of
/// these numbers is 0 where weights outside of the image have been added up.
class BorderSums {
public:
  explicit BorderSums(qk::WindowAttr window);

  /// Neighbouring positions along an axis that see the same taps, from `first` on: those from `low` to below `high`.
  struct Class {
    int64_t first, low, high;
  };
  llvm::ArrayRef<Class> classes(int axis) const { return axes[axis]; }
  int64_t count() const { return static_cast<int64_t>(axes[0].size() * axes[1].size()); }

private:
  llvm::SmallVector<Class> axes[2];
};

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_BITPLANES_H
