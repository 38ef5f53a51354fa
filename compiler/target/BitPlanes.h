// Product rule bit-plane: numbers of a few bits as planes of bits, and sums of products as counts of bits.
//
// A code's bits a_i, i < A, stand for x = slope * sum 2^i a_i + constant; a weight's bits b_j, j < B, for
//   w = sum s_j 2^j b_j, where the top plane of two's complement has s_j = -1, or, for binary weights, w = 2 b_0 - 1.
// Of the contraction's sum of (x - zero) w, the part  (constant - zero) * sum of w  is known for each channel. The rest
// is slope times the sum of 2^i a_i w over planes i, and for each of them
//   sum of a_i w = sum_j s_j 2^j popcount(a_i & b_j), or for binary weights
//   sum of a_i (2 b_0 - 1) = 2 popcount(a_i & b_0) - popcount(a_i) = popcount(b_0) - popcount(a_i ^ b_0),
// in which popcount(b_0) is known, too: the codes' own counts are never needed. Binary codes (slope 2, constant -1)
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
  /// True if both sides are integers that are affine in their codes: of up to 16 bits, and weights of up to 8.
  static bool match(qk::ContractOp op);

  int64_t lhs, rhs; // how many planes
  bool isXor;       // binary weights
  bool isSigned;    // the top plane of weights is negative
  int64_t slope;    // of a code
  int64_t constant; // (constant - zero): what each weight is multiplied by beside the bits
  /// What a counted bit of plane 0 of codes and plane `j` of weights adds to the sum; twice that for plane 1, and so
  /// on.
  int64_t factor(int64_t j) const;
  /// The bit of plane `j` of a weight.
  bool bitOf(int64_t weight, int64_t j) const { return isXor ? weight > 0 : (weight >> j & 1) != 0; }
  /// What a weight adds to the sum beside all counts.
  int64_t known(int64_t weight) const;
  /// True if the bits of a code stand for the zero point.
  bool hasZero() const {
    return constant % slope == 0 && -constant / slope >= 0 && -constant / slope < int64_t(1) << lhs;
  }
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
