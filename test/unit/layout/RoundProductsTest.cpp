// The search for a product of floats that gives the codes of a fixed-point rescaling.
#include "compiler/layout/RoundProducts.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <random>

using namespace qcc;
using namespace qcc::layout;

namespace {

RescaledSum makeSum(double scale, qnn::Rounding rounding, int64_t zero, int64_t low, int64_t high, int64_t largest) {
  int exponent = 0;
  auto mantissa = static_cast<int64_t>(std::llround(std::ldexp(std::frexp(scale, &exponent), 31)));
  qnn::Multiplier multiplier{static_cast<int32_t>(std::min<int64_t>(mantissa, INT32_MAX)), exponent};
  return {qk::FixedPoint(multiplier, rounding),
          std::ldexp(multiplier.mantissa, multiplier.exponent - 31),
          zero,
          low,
          high,
          largest};
}

/// How many sums have another code.
int64_t countDifferent(const RescaledSum &sum, const RoundedProduct &product) {
  int64_t different = 0;
  for (int64_t x = -sum.largest; x <= sum.largest; ++x) {
    int64_t expected = std::clamp(sum.rescale.apply(static_cast<int32_t>(x)) + sum.zero, sum.low, sum.high);
    different += std::clamp(product.apply(x) + sum.zero, sum.low, sum.high) != expected;
  }
  return different;
}

} // namespace

TEST_CASE("A product that is found gives the code of every sum") {
  std::mt19937 random(20240607);
  std::uniform_real_distribution<double> exponents(-9.5, -3);
  for (qnn::Rounding rounding : {qnn::Rounding::Double, qnn::Rounding::Single})
    for (bool isClamped : {false, true}) {
      int found = 0;
      for (int i = 0; i < 40; ++i) {
        int64_t zero = isClamped ? -128 : static_cast<int64_t>(random() % 256) - 128;
        RescaledSum sum = makeSum(std::exp2(exponents(random)), rounding, zero, -128, 127, 400'000);
        std::optional<RoundedProduct> product = fitProduct(sum);
        if (!product)
          continue;
        ++found;
        CHECK(product->hasSign == (zero != -128));
        CHECK(countDifferent(sum, *product) == 0);
      }
      CHECK(found > 30);
    }
}

TEST_CASE("Scales of large sums have products with multiples") {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> scales(0.8e-4, 1.6e-4);
  int found = 0, withMultiple = 0;
  for (int i = 0; i < 60; ++i) {
    RescaledSum sum = makeSum(scales(random), qnn::Rounding::Double, 4, -128, 127, 2'000'000);
    std::optional<RoundedProduct> product = fitProduct(sum);
    found += product.has_value();
    withMultiple += product && product->multiple > 15;
    if (product && i < 6)
      CHECK(countDifferent(sum, *product) == 0);
  }
  CHECK(found == 60);
  CHECK(withMultiple > 0);
}

TEST_CASE("Scales above one, and sums that never reach a code") {
  for (double scale : {1.0, 1.5, 3.75, 0.9999})
    for (int64_t zero : {-128, 0, 100}) {
      RescaledSum sum = makeSum(scale, qnn::Rounding::Double, zero, -128, 127, 1000);
      if (std::optional<RoundedProduct> product = fitProduct(sum))
        CHECK(countDifferent(sum, *product) == 0);
    }
  RescaledSum tiny = makeSum(std::exp2(-27.3), qnn::Rounding::Double, -128, -128, 127, 1'000'000);
  std::optional<RoundedProduct> product = fitProduct(tiny);
  REQUIRE(product);
  CHECK(countDifferent(tiny, *product) == 0);
}

TEST_CASE("Products that have fractions no more are refused") {
  CHECK_FALSE(fitProduct(makeSum(0.9, qnn::Rounding::Double, 0, -128, 127, 5'000'000)));
  CHECK_FALSE(fitProduct(makeSum(0, qnn::Rounding::Double, 0, -128, 127, 1000)));
}
