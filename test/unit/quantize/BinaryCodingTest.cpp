// Binary coding: what it fits exactly, and how near it is elsewhere.
#include "compiler/quantize/BinaryCoding.h"

#include "catch2/catch.hpp"

#include <cmath>
#include <random>

using namespace qcc::quantize;
using Numbers = std::vector<float>;

namespace {
Numbers decode(const BinaryCode &code) {
  Numbers numbers(code.signs.front().size());
  for (size_t plane = 0; plane < code.signs.size(); ++plane)
    for (size_t k = 0; k < numbers.size(); ++k)
      numbers[k] += code.magnitudes[plane] * static_cast<float>(code.signs[plane][k]);
  return numbers;
}

double squaredError(const Numbers &a, const Numbers &b) {
  double sum = 0;
  for (size_t k = 0; k < a.size(); ++k)
    sum += std::pow(static_cast<double>(a[k]) - b[k], 2);
  return sum;
}

/// The least error of symmetric integers of so many bits with one scale, of a hundred.
double errorOfIntegers(const Numbers &weights, int bits) {
  double largest = 0, least = HUGE_VAL, most = std::ldexp(1, bits - 1) - 1;
  for (float weight : weights)
    largest = std::max<double>(largest, std::abs(weight));
  for (int percent = 1; percent <= 100; ++percent) {
    double scale = largest * percent / 100 / most;
    Numbers rounded;
    for (float weight : weights)
      rounded.push_back(static_cast<float>(scale * std::clamp(std::round(weight / scale), -most, most)));
    least = std::min(least, squaredError(weights, rounded));
  }
  return least;
}

template <typename Distribution> Numbers draw(Distribution distribution, unsigned seed, size_t count = 128) {
  std::mt19937 random(seed);
  Numbers numbers(count);
  for (float &number : numbers)
    number = static_cast<float>(distribution(random) * (random() % 2 ? 1 : -1));
  return numbers;
}
} // namespace

TEST_CASE("one plane has the mean magnitude and the signs") {
  BinaryCode code = fitBinaryCode({1, -3, 0.5f, -1.5f}, 1);
  CHECK(code.magnitudes == Numbers{1.5f});
  CHECK(code.signs.front() == std::vector<int8_t>{1, -1, 1, -1});
  CHECK(code.error == Approx(0.25 + 2.25 + 1));
}

TEST_CASE("what is a sum of planes is found exactly") {
  Numbers magnitudes{1.0f, 0.375f, 0.125f}, weights;
  for (int k = 0; k < 64; ++k)
    weights.push_back((k % 2 ? 1.0f : -1.0f) + (k / 2 % 2 ? 0.375f : -0.375f) + (k / 4 % 2 ? 0.125f : -0.125f));
  BinaryCode code = fitBinaryCode(weights, 3);
  CHECK(code.error < 1e-12);
  CHECK(squaredError(decode(code), weights) < 1e-10);
}

TEST_CASE("planes that nothing is left for, and a single weight") {
  for (const Numbers &weights : {Numbers(16, 0.0f), Numbers(16, 2.5f), Numbers{-7.0f}, Numbers{3, -3}}) {
    BinaryCode code = fitBinaryCode(weights, 3);
    CHECK(squaredError(decode(code), weights) < 1e-12);
    for (float magnitude : code.magnitudes)
      CHECK((std::isfinite(magnitude) && magnitude > 0));
  }
}

TEST_CASE("errors are those of the code, fall with each plane, and are below those of integers") {
  for (unsigned planes : {2u, 3u, 4u})
    for (bool isLaplace : {false, true}) {
      double binary = 0, integers = 0;
      for (unsigned seed = 0; seed < 20; ++seed) {
        Numbers weights = isLaplace ? draw(std::exponential_distribution<float>(), seed)
                                    : draw(std::normal_distribution<float>(), seed);
        BinaryCode code = fitBinaryCode(weights, planes);
        CHECK(squaredError(decode(code), weights) == Approx(code.error).epsilon(1e-4));
        CHECK(code.error < fitBinaryCode(weights, planes - 1).error);
        binary += code.error;
        integers += errorOfIntegers(weights, static_cast<int>(planes));
      }
      CHECK(binary < integers);
    }
}
