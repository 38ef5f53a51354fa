// The fixed-point arithmetic of qk.requantize on numbers known at compile time.
#ifndef QCC_DIALECTS_QK_FIXEDPOINT_H
#define QCC_DIALECTS_QK_FIXEDPOINT_H

#include "dialects/qnn/Rescale.h"

namespace qcc::qk {

/// A fixed-point multiplier with its rounding, applied as the emitted code applies it.
class FixedPoint {
public:
  FixedPoint(qnn::Multiplier m, qnn::Rounding rounding) : m(m), rounding(rounding) {}

  int32_t apply(int32_t x) const {
    if (rounding == qnn::Rounding::Single) {
      int shift = 31 - m.exponent;
      // (x * q + 2^(shift - 1)) >> shift; the sum needs 63 bits, as q < 2^31 and shift <= 62.
      return static_cast<int32_t>((int64_t(x) * m.mantissa + (int64_t(1) << (shift - 1))) >> shift);
    }
    int left = std::max(m.exponent, 0), right = std::max(-m.exponent, 0);
    int32_t shifted = static_cast<int32_t>(static_cast<uint32_t>(x) << left);
    // SRDHM: with q >= 0 nothing saturates, and truncating with the sign-dependent nudge is the floor of
    // (p + 2^30) / 2^31.
    int32_t high = static_cast<int32_t>((int64_t(shifted) * m.mantissa + (int64_t(1) << 30)) >> 31);
    if (right == 0)
      return high;
    int32_t mask = static_cast<int32_t>((int64_t(1) << right) - 1);
    int32_t threshold = (mask >> 1) + (high < 0 ? 1 : 0);
    return (high >> right) + ((high & mask) > threshold ? 1 : 0);
  }

private:
  qnn::Multiplier m;
  qnn::Rounding rounding;
};

} // namespace qcc::qk

#endif // QCC_DIALECTS_QK_FIXEDPOINT_H
