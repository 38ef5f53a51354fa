#include "compiler/interpret/Arithmetic.h"

#include <algorithm>
#include <limits>

using namespace qcc;
using namespace qcc::interpret;

static constexpr int32_t int32Min = std::numeric_limits<int32_t>::min();
static constexpr int32_t int32Max = std::numeric_limits<int32_t>::max();

int32_t interpret::saturatingRoundingDoublingHighMultiply(int32_t a, int32_t b) {
  if (a == int32Min && b == int32Min)
    return int32Max;
  int64_t product = int64_t(a) * b;
  int64_t nudge = product >= 0 ? int64_t(1) << 30 : 1 - (int64_t(1) << 30);
  // The division truncates towards zero, which with this nudge rounds ties upwards for both signs.
  return static_cast<int32_t>((product + nudge) / (int64_t(1) << 31));
}

int32_t interpret::roundingDivideByPowerOfTwo(int32_t x, int exponent) {
  int64_t mask = (int64_t(1) << exponent) - 1;
  int64_t remainder = x & mask;
  int64_t threshold = (mask >> 1) + (x < 0 ? 1 : 0);
  return static_cast<int32_t>((int64_t(x) >> exponent) + (remainder > threshold ? 1 : 0));
}

int64_t interpret::roundingDivide(int64_t sum, int64_t count) {
  return sum > 0 ? (sum + count / 2) / count : (sum - count / 2) / count;
}

int32_t interpret::rescale(int32_t x, qnn::Multiplier multiplier, qnn::Rounding rounding) {
  int exponent = multiplier.exponent;
  if (rounding == qnn::Rounding::Single) {
    int64_t half = int64_t(1) << (30 - exponent);
    return wrap((int64_t(x) * multiplier.mantissa + half) >> (31 - exponent));
  }
  int32_t shifted = wrapShiftLeft(x, std::max(exponent, 0));
  int32_t product = saturatingRoundingDoublingHighMultiply(shifted, multiplier.mantissa);
  return roundingDivideByPowerOfTwo(product, std::max(-exponent, 0));
}

/// `x * 2^amount`, saturating.
static int32_t saturatingShiftLeft(int32_t x, int amount) {
  return static_cast<int32_t>(std::clamp<int64_t>(int64_t(x) << amount, int32Min, int32Max));
}

/// The product of a Qa.b and a Qc.d number is a Q(a+c).(31-a-c) number.
static int32_t multiply(int32_t a, int32_t b) { return saturatingRoundingDoublingHighMultiply(a, b); }

/// `exp(x)` in Q0.31 of an `x` in [-1/4, 0) in Q0.31.
static int32_t expBetweenMinusOneQuarterAndZero(int32_t x) {
  constexpr int32_t expOfMinusOneEighth = 1895147668, oneThird = 715827883, oneEighth = 1 << 28;
  int32_t t = wrapAdd(x, oneEighth);
  int32_t t2 = multiply(t, t), t3 = multiply(t2, t), t4 = multiply(t2, t2);
  // t^2/2 + t^3/6 + t^4/24 == ((t^4/4 + t^3) / 3 + t^2) / 2
  int32_t cubicAndQuartic = multiply(wrapAdd(roundingDivideByPowerOfTwo(t4, 2), t3), oneThird);
  int32_t higherTerms = roundingDivideByPowerOfTwo(wrapAdd(cubicAndQuartic, t2), 1);
  return wrapAdd(expOfMinusOneEighth, multiply(expOfMinusOneEighth, wrapAdd(t, higherTerms)));
}

int32_t interpret::expOnNegativeValues(int32_t x) {
  if (x == 0)
    return int32Max;
  constexpr int fractionalBits = 26;
  constexpr int32_t oneQuarter = 1 << (fractionalBits - 2);
  // x == fraction - rest with fraction in [-1/4, 0) and rest a multiple of 1/4
  int32_t fraction = (x & (oneQuarter - 1)) - oneQuarter;
  int32_t rest = wrapSub(fraction, x);
  int32_t result = expBetweenMinusOneQuarterAndZero(wrapShiftLeft(fraction, 5));
  // round(exp(-2^k) * 2^31) for k from -2 on
  constexpr int32_t powers[] = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
  for (int bit = 0; bit < 7; ++bit)
    if (rest & (int32_t(1) << (fractionalBits - 2 + bit)))
      result = multiply(result, powers[bit]);
  return result;
}

int32_t interpret::oneOverOnePlusX(int32_t x) {
  constexpr int32_t one = 1 << 29, fortyEightOver17 = 1515870810, minusThirtyTwoOver17 = -1010580540; // Q2.29
  // d = (x + 1) / 2 in [1/2, 1), rounded up; 1/d by Newton-Raphson from 48/17 - 32/17 * d
  int32_t denominator = static_cast<int32_t>((int64_t(x) + int32Max + 1) / 2);
  int32_t reciprocal = wrapAdd(fortyEightOver17, multiply(denominator, minusThirtyTwoOver17));
  for (int step = 0; step < 3; ++step) {
    int32_t error = wrapSub(one, multiply(denominator, reciprocal));
    reciprocal = wrapAdd(reciprocal, saturatingShiftLeft(multiply(reciprocal, error), 2));
  }
  // 1 / (1 + x) == 1/d / 2: the same bits as Q1.30, then to Q0.31
  return saturatingShiftLeft(reciprocal, 1);
}
