// Lines through all codes of sums, and codes that lie on none.
#include "compiler/quantize/FitRescale.h"

#include "catch2/catch.hpp"

#include <algorithm>

#include <cmath>

using namespace qcc;
using namespace qcc::quantize;

namespace {

CodesOfSums tabulate(int64_t first, int64_t last, llvm::function_ref<double(double)> function) {
  CodesOfSums table{first, {}};
  for (int64_t sum = first; sum <= last; ++sum)
    table.codes.push_back(
        static_cast<int32_t>(std::clamp(std::round(function(static_cast<double>(sum))), -128.0, 127.0)));
  return table;
}

} // namespace

TEST_CASE("all codes of lines are found") {
  CodesOfSums channels[] = {
      tabulate(-4608, 4608, [](double x) { return 0.0371 * x - 3.7; }),
      tabulate(10, 74, [](double x) { return 1.93 * (x - 40.3); }), tabulate(-3, 2, [](double) { return 5; }),
      tabulate(-20000, -10000, [](double x) { return 1e-3 * x; }), tabulate(7, 7, [](double x) { return -x; })};
  RescaleFit fit = fitRescale(channels);
  CHECK(fit.missed.empty());
  for (auto [own, channel] : llvm::zip_equal(fit.channels, channels))
    for (auto [i, code] : llvm::enumerate(channel.codes))
      REQUIRE(own.apply(channel.first + static_cast<int64_t>(i), fit.fraction) == code);
}

TEST_CASE("what bends has a knee") {
  CodesOfSums channels[] = {tabulate(-50, 50, [](double x) { return x; }),
                            tabulate(-500, 500, [](double x) { return x < 3 ? 0.0701 * x : 0.21 * x - 0.5; }),
                            tabulate(-500, 500, [](double x) { return x / 8; })};
  RescaleFit fit = fitRescale(channels);
  CHECK(fit.missed.empty());
  CHECK(!fit.channels[0].isBent());
  CHECK(fit.channels[1].isBent());
  CHECK(std::abs(fit.channels[1].knee - 3) < 10);
  CHECK(fit.isBent());
}

TEST_CASE("codes on no two lines are a miss") {
  CodesOfSums channels[] = {tabulate(-50, 50, [](double x) { return x; }), tabulate(-50, 50, [](double x) {
                              return std::abs(x) < 20 ? x : x > 0 ? 20 + (x - 20) / 4 : -20 + (x + 20) / 4;
                            })};
  RescaleFit fit = fitRescale(channels);
  REQUIRE(fit.missed.size() == 1);
  CHECK(fit.missed[0].channel == 1);
}

TEST_CASE("no channels have no lines") { CHECK(fitRescale({}).channels.empty()); }

TEST_CASE("a bound may begin or end with a step that is no part of a line") {
  CodesOfSums channels[] = {tabulate(-576, 576, [](double x) { return x < 1 ? -14 : 8 * (x - 1); }),
                            tabulate(-576, 576, [](double x) { return x > 40 ? 90 : x / 4; })};
  RescaleFit fit = fitRescale(channels);
  CHECK(fit.missed.empty());
  CHECK(fit.isBent());
}
