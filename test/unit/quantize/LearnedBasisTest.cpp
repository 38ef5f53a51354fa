// LQ-Nets' bases: the error of the fit never increases, and what it finds is as good as it claims.
#include "compiler/quantize/LearnedBasis.h"
#include "compiler/quantize/BinaryCoding.h"
#include "test/unit/quantize/Distributions.h"

#include "catch2/catch.hpp"

#include <cmath>
#include <numeric>

using namespace qcc::quantize;
using Values = std::vector<WeightedValue>;

namespace {
Values listOf(const std::vector<float> &values) {
  Statistics statistics(/*keepsValues=*/true);
  statistics.add(values);
  return statistics.getDistribution();
}

/// The squared error of the nearest of all sums of steps.
double errorOf(const Values &values, const LearnedBasis &basis, size_t channel, bool signs) {
  double sum = 0;
  for (const WeightedValue &each : values) {
    double least = HUGE_VAL;
    for (unsigned code = 0; code < 1u << basis.steps.size(); ++code) {
      double level = 0;
      for (size_t i = 0; i < basis.steps.size(); ++i)
        level += static_cast<double>(basis.steps[i]) * (code >> i & 1 ? 1 : signs ? -1 : 0);
      least = std::min(least, std::abs(each.value - basis.scales[channel] * level));
    }
    sum += least * least * static_cast<double>(each.count);
  }
  return sum;
}

/// The least error of integers from 0 with one scale, of two hundred.
double errorOfIntegers(const std::vector<float> &values, unsigned bits) {
  double largest = *std::max_element(values.begin(), values.end()), least = HUGE_VAL;
  double most = std::ldexp(1.0, static_cast<int>(bits)) - 1;
  for (int part = 1; part <= 200; ++part) {
    double scale = largest * part / 200 / most, sum = 0;
    for (double value : values)
      sum += std::pow(value - scale * std::clamp(std::round(value / scale), 0.0, most), 2);
    least = std::min(least, sum);
  }
  return least;
}

bool isLegal(const LearnedBasis &basis, bool signs) {
  int64_t sum = 0;
  for (int64_t step : basis.steps) {
    if (step < 1 || step < sum)
      return false;
    sum += step;
  }
  return sum <= (signs ? 127 : 255);
}
} // namespace

TEST_CASE("the error of a learned basis never increases, and integers keep it") {
  for (const Distribution &each : distributions(4000))
    for (unsigned bits = 1; bits <= 4; ++bits)
      for (bool signs : {false, true}) {
        INFO(each.name << ", " << bits << " bits" << (signs ? " with signs" : ""));
        Values values = listOf(each.values);
        LearnedBasis basis = fitLearnedBasis({values}, bits, signs);
        REQUIRE(basis.steps.size() == bits);
        CHECK(isLegal(basis, signs));
        REQUIRE(basis.errors.size() >= 2);
        for (size_t round = 1; round + 1 < basis.errors.size(); ++round)
          CHECK(basis.errors[round] < basis.errors[round - 1]);
        double last = basis.errors.back();
        CHECK(last == Approx(errorOf(values, basis, 0, signs)).epsilon(1e-6));
        CHECK(last <= 1.02 * basis.errors[basis.errors.size() - 2]);
      }
}

TEST_CASE("a learned basis is not worse than integers of as many bits") {
  for (const Distribution &each : distributions(4000))
    for (unsigned bits = 1; bits <= 4; ++bits) {
      INFO(each.name << ", " << bits << " bits");
      LearnedBasis basis = fitLearnedBasis({listOf(each.values)}, bits, /*signs=*/false);
      CHECK(basis.errors.back() <= 1.01 * errorOfIntegers(each.values, bits));
    }
}

TEST_CASE("channels that share the ratios of magnitudes are nearly as well off as with their own") {
  std::vector<Values> channels;
  double own = 0;
  for (const Distribution &each : distributions(600)) {
    if (std::string(each.name) == "Gaussian with outliers" || std::string(each.name) == "ReLU of Gaussian")
      continue; // weights are not like that
    channels.push_back(listOf(each.values));
    own += fitBinaryCode(each.values, 2).error;
  }
  LearnedBasis basis = fitLearnedBasis(channels, 2, /*signs=*/true);
  CHECK(basis.scales.size() == channels.size());
  CHECK(basis.errors.back() <= 1.1 * own);
}

TEST_CASE("one bit with signs is the mean magnitude; what is a sum of magnitudes is found") {
  LearnedBasis sign = fitLearnedBasis({listOf({1, -3, 0.5f, -1.5f})}, 1, /*signs=*/true);
  CHECK(sign.scales[0] * static_cast<double>(sign.steps[0]) == Approx(1.5));
  LearnedBasis exact = fitLearnedBasis({listOf({0, 1, 2.5f, 3.5f, 3.5f, 1, 0, -2})}, 2, /*signs=*/false);
  double unit = exact.scales[0];
  CHECK(unit * static_cast<double>(exact.steps[0]) == Approx(1).epsilon(0.01));
  CHECK(unit * static_cast<double>(exact.steps[1]) == Approx(2.5).epsilon(0.01));
  CHECK(exact.errors.back() == Approx(4).epsilon(0.01)); // of -2
}

TEST_CASE("bases of zeros, of one value and of extreme ones") {
  for (bool signs : {false, true})
    for (const std::vector<float> &values :
         {std::vector<float>{0}, {0, 0, 0}, {2.5f}, {-2.5f}, {1e-30f, 2e-30f}, {1e30f, -1e30f, 3e29f}}) {
      LearnedBasis basis = fitLearnedBasis({listOf(values)}, 3, signs);
      CHECK(isLegal(basis, signs));
      CHECK((basis.scales[0] > 0 && std::isfinite(basis.scales[0])));
    }
}
