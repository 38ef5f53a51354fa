// The scalar integer arithmetic of the reference interpreter. Nothing here is shared with the lowerings.
//
// All 32-bit values wrap in two's complement unless a function says that it saturates. "Qm.n" is a
// fixed-point number of m integer and n fractional bits beside its sign.
#ifndef QCC_COMPILER_INTERPRET_ARITHMETIC_H
#define QCC_COMPILER_INTERPRET_ARITHMETIC_H

#include "dialects/qnn/Rescale.h"

#include <cstdint>

namespace qcc::interpret {

/// The low 32 bits of a number.
inline int32_t wrap(int64_t x) { return static_cast<int32_t>(static_cast<uint32_t>(x)); }
inline int32_t wrapAdd(int32_t a, int32_t b) { return wrap(int64_t(a) + b); }
inline int32_t wrapSub(int32_t a, int32_t b) { return wrap(int64_t(a) - b); }
inline int32_t wrapMul(int32_t a, int32_t b) { return wrap(int64_t(a) * b); }
/// `x * 2^amount`, for an `amount` of at least 0.
inline int32_t wrapShiftLeft(int32_t x, int amount) {
  return amount < 32 ? static_cast<int32_t>(static_cast<uint32_t>(x) << amount) : 0;
}

/// `round(a * b / 2^31)`, ties upwards; the one overflow, INT32_MIN squared, saturates.
int32_t saturatingRoundingDoublingHighMultiply(int32_t a, int32_t b);

/// `round(x / 2^exponent)`, ties away from zero, for an `exponent` of 0 to 62.
int32_t roundingDivideByPowerOfTwo(int32_t x, int exponent);

/// `round(sum / count)`, ties away from zero, for a positive `count`.
int64_t roundingDivide(int64_t sum, int64_t count);

/// `x` times a fixed-point multiplier, rounded as `#qnn.rescale` says.
int32_t rescale(int32_t x, qnn::Multiplier multiplier, qnn::Rounding rounding);

/// `exp(x)` in Q0.31 of an `x <= 0` in Q5.26 (gemmlowp's fixed-point method: a Taylor polynomial around
/// -1/8, then one multiplication for each bit of the rest).
int32_t expOnNegativeValues(int32_t x);

/// `1 / (1 + x)` in Q0.31 of an `x` in [0, 1) in Q0.31 (three Newton-Raphson steps).
int32_t oneOverOnePlusX(int32_t x);

} // namespace qcc::interpret

#endif // QCC_COMPILER_INTERPRET_ARITHMETIC_H
