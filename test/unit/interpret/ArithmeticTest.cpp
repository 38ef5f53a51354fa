#include "compiler/interpret/Arithmetic.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

using namespace qcc::interpret;
using qcc::qnn::Multiplier;
using qcc::qnn::quantizeMultiplier;
using qcc::qnn::Rounding;

static constexpr int32_t int32Min = std::numeric_limits<int32_t>::min();
static constexpr int32_t int32Max = std::numeric_limits<int32_t>::max();

TEST_CASE("a real multiplier as mantissa and exponent") {
  CHECK(quantizeMultiplier(0.0072474273418460) == Multiplier{1992157658, -7});
  CHECK(quantizeMultiplier(1) == Multiplier{1 << 30, 1});
  CHECK(quantizeMultiplier(0) == Multiplier{0, 0});
  CHECK(quantizeMultiplier(0.5 - 0x1p-40) == Multiplier{1 << 30, 0}); // rounds up to the next power of two
  CHECK(quantizeMultiplier(0x1p-32) == Multiplier{1 << 30, -31});
  CHECK(quantizeMultiplier(0x1p-33) == Multiplier{0, 0});
  CHECK(quantizeMultiplier(0x1p30) == Multiplier{int32Max, 30});
  CHECK(quantizeMultiplier(HUGE_VAL) == Multiplier{int32Max, 30});
}

TEST_CASE("saturating rounding doubling high multiplication") {
  auto multiply = saturatingRoundingDoublingHighMultiply;
  CHECK(multiply(int32Min, int32Min) == int32Max);
  CHECK(multiply(int32Min, int32Max) == -int32Max);
  CHECK(multiply(3, 1 << 30) == 2);   // 1.5: ties go upwards
  CHECK(multiply(-3, 1 << 30) == -1); // -1.5
  CHECK(multiply(1, (1 << 30) - 1) == 0);
  CHECK(multiply(0, int32Min) == 0);
}

TEST_CASE("rounding division by a power of two") {
  CHECK(roundingDivideByPowerOfTwo(6, 2) == 2); // 1.5
  CHECK(roundingDivideByPowerOfTwo(-6, 2) == -2);
  CHECK(roundingDivideByPowerOfTwo(5, 2) == 1);
  CHECK(roundingDivideByPowerOfTwo(-5, 2) == -1);
  CHECK(roundingDivideByPowerOfTwo(int32Min, 31) == -1);
  CHECK(roundingDivideByPowerOfTwo(int32Max, 31) == 1);
  CHECK(roundingDivideByPowerOfTwo(int32Max, 35) == 0);
  CHECK(roundingDivideByPowerOfTwo(7, 0) == 7);
}

TEST_CASE("rounding division") {
  CHECK(roundingDivide(3, 2) == 2);
  CHECK(roundingDivide(-3, 2) == -2);
  CHECK(roundingDivide(4, 3) == 1);
  CHECK(roundingDivide(0, 5) == 0);
}

TEST_CASE("rescale in both roundings") {
  Multiplier half = quantizeMultiplier(0.5), four = quantizeMultiplier(4), small = quantizeMultiplier(0x1p-31);
  CHECK(rescale(3, half, Rounding::Double) == 2);
  CHECK(rescale(-3, half, Rounding::Double) == -1);
  CHECK(rescale(-2, quantizeMultiplier(0.25), Rounding::Double) == -1); // the shift: away from zero
  CHECK(rescale(-2, quantizeMultiplier(0.25), Rounding::Single) == 0);
  CHECK(rescale(3, half, Rounding::Single) == 2);
  CHECK(rescale(-3, half, Rounding::Single) == -1); // ties upwards
  CHECK(rescale(-7, four, Rounding::Double) == -28);
  CHECK(rescale(-7, four, Rounding::Single) == -28);
  CHECK(rescale(int32Min, small, Rounding::Single) == -1);
  CHECK(rescale(int32Min, quantizeMultiplier(1), Rounding::Single) == int32Min);
  // The shift to the left wraps.
  CHECK(rescale(int32Min, quantizeMultiplier(1), Rounding::Double) == 0);
  CHECK(rescale(5, quantizeMultiplier(0), Rounding::Double) == 0);
  // Two roundings differ from one: 0.375 * 1 -> 0.75 in the high product -> 1 -> 0.5 -> 1.
  Multiplier m = quantizeMultiplier(0.375);
  CHECK(m.exponent == -1);
  CHECK(rescale(1, m, Rounding::Double) == 1);
  CHECK(rescale(1, m, Rounding::Single) == 0);
}

TEST_CASE("fixed-point exponential is within 2^-22 of the real one") {
  CHECK(expOnNegativeValues(0) == int32Max);
  for (int64_t x = -(int64_t(1) << 31); x < 0; x += 1234567) {
    double real = std::exp(std::ldexp(static_cast<double>(x), -26));
    CHECK(std::abs(std::ldexp(expOnNegativeValues(static_cast<int32_t>(x)), -31) - real) < 0x1p-22);
  }
}

TEST_CASE("fixed-point 1 / (1 + x) is within 2^-27 of the real one") {
  for (int64_t x = 0; x <= int32Max; x += 7654321) {
    double real = 1 / (1 + std::ldexp(static_cast<double>(x), -31));
    CHECK(std::abs(std::ldexp(oneOverOnePlusX(static_cast<int32_t>(x)), -31) - real) < 0x1p-27);
  }
}
