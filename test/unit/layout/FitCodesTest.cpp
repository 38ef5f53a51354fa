// Planes for functions of codes: rescaled sums and means have one, other functions do not.
#include "compiler/layout/FitCodes.h"
#include "dialects/qk/FixedPoint.h"

#include <catch2/catch.hpp>

#include <random>

using namespace qcc;
using namespace qcc::layout;

namespace {
constexpr CodeRange bytes{-128, 256};

template <typename Function> CodeFunction tabulate(CodeRange xs, CodeRange ys, Function function) {
  CodeFunction result{xs, ys, {}};
  for (int64_t x = xs.first; x <= xs.last(); ++x)
    for (int64_t y = ys.first; y <= ys.last(); ++y)
      result.values.push_back(function(static_cast<int32_t>(x), static_cast<int32_t>(y)));
  return result;
}

/// The sum of two 8-bit codes as `qnn.add` defines it, for scales and zero points `(a, b, out)`.
CodeFunction sumOfCodes(std::array<double, 3> scales, std::array<int32_t, 3> zeros, qnn::Rounding rounding) {
  double twice = 2 * std::max(scales[0], scales[1]);
  auto rescale = [&](double real) { return qk::FixedPoint(qnn::quantizeMultiplier(real), rounding); };
  qk::FixedPoint first = rescale(scales[0] / twice), second = rescale(scales[1] / twice);
  qk::FixedPoint out = rescale(twice / ((1 << 20) * scales[2]));
  return tabulate(bytes, bytes, [&](int32_t x, int32_t y) {
    int32_t sum = first.apply((x - zeros[0]) * (1 << 20)) + second.apply((y - zeros[1]) * (1 << 20));
    return std::clamp(out.apply(sum) + zeros[2], -128, 127);
  });
}

/// True if the numbers give every value, and no sum leaves 32 bits.
bool isExact(const CodeFunction &function, const FittedCodes &fitted) {
  const int32_t *value = function.values.data();
  for (int64_t x = function.xs.first; x <= function.xs.last(); ++x)
    for (int64_t y = function.ys.first; y <= function.ys.last(); ++y) {
      int64_t sum = x * fitted.xFactor + y * fitted.yFactor + fitted.offset;
      if (sum != static_cast<int32_t>(sum) ||
          std::clamp<int64_t>(sum >> fitted.shift, fitted.low, fitted.high) != *value++)
        return false;
    }
  return true;
}
} // namespace

TEST_CASE("sums of rescaled codes are planes") {
  std::mt19937 random(20);
  auto between = [&](double low, double high) { return std::uniform_real_distribution<>(low, high)(random); };
  int found = 0;
  constexpr int count = 100;
  for (int i = 0; i < count; ++i) {
    double a = std::exp(between(-4, 0)), b = a * std::exp(between(-1.5, 1.5)), out = std::max(a, b) * between(0.6, 2);
    std::array<int32_t, 3> zeros;
    for (int32_t &zero : zeros)
      zero = static_cast<int32_t>(between(-128, 128));
    CodeFunction function = sumOfCodes({a, b, out}, zeros, i % 2 ? qnn::Rounding::Double : qnn::Rounding::Single);
    if (std::optional<FittedCodes> fitted = fitCodes(function)) {
      CHECK(isExact(function, *fitted));
      ++found;
    }
  }
  // Scales are random, and a few of them leave no room.
  CHECK(found >= count - 3);
}

TEST_CASE("equal scales, whose sums have ties") {
  for (double out : {1.0, 2.0, 4.0}) {
    CodeFunction function = sumOfCodes({1, 1, out}, {3, -7, 5}, qnn::Rounding::Double);
    std::optional<FittedCodes> fitted = fitCodes(function);
    REQUIRE(fitted);
    CHECK(isExact(function, *fitted));
  }
}

TEST_CASE("means of constant counts") {
  for (int64_t n : {2, 9, 49, 64, 125, 256}) {
    CodeFunction function = tabulate({-128 * n, 255 * n + 1}, {n, 1}, [](int32_t sum, int32_t count) {
      return (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
    });
    std::optional<FittedCodes> fitted = fitCodes(function);
    REQUIRE(fitted);
    CHECK(fitted->yFactor == 0);
    CHECK(isExact(function, *fitted));
  }
}

TEST_CASE("functions that are no planes") {
  CHECK_FALSE(fitCodes(tabulate(bytes, bytes, [](int32_t x, int32_t y) { return x * y / 128; })));
  CHECK_FALSE(fitCodes(tabulate(bytes, bytes, [](int32_t x, int32_t y) { return x ^ y; })));
  // One value off: no plane has a bump.
  CodeFunction bump = tabulate(bytes, bytes, [](int32_t x, int32_t y) { return (x + y) >> 1; });
  CHECK(fitCodes(bump));
  bump.values[1000] += 1;
  CHECK_FALSE(fitCodes(bump));
  // Nothing between the clamps, and nothing but a constant.
  CHECK_FALSE(fitCodes(tabulate(bytes, bytes, [](int32_t x, int32_t y) { return x > y; })));
  CHECK_FALSE(fitCodes(tabulate(bytes, {0, 1}, [](int32_t, int32_t) { return 7; })));
}
