#include "compiler/quantize/Quantizer.h"
#include "../interpret/RunModel.h"

#include <random>

using namespace mlir;
using namespace qcc;
using namespace qcc::quantize;

static Statistics statisticsOf(std::vector<float> values) {
  Statistics statistics(/*keepsValues=*/true);
  statistics.add(values);
  return statistics;
}

TEST_CASE("statistics of ranges, magnitudes and values that are not finite") {
  Statistics statistics = statisticsOf({1, -3, NAN, HUGE_VALF});
  statistics.add({2.0f});
  CHECK(statistics.minimum == -3);
  CHECK(statistics.maximum == 2);
  CHECK(statistics.count == 3);
  CHECK(statistics.nonFinite == 2);
  CHECK(statistics.meanMagnitude == Approx(2));
  statistics.merge(statisticsOf({10}));
  CHECK(statistics.maximum == 10);
  CHECK(statistics.count == 4);
  CHECK(statistics.meanMagnitude == Approx(4));
  statistics.merge(Statistics());
  CHECK(statistics.meanMagnitude == Approx(4));
}

TEST_CASE("histograms count numbers of 10 significant bits, in any order") {
  std::vector<float> values = {0, -0.0f, 3, 1023, -512.25f, 1e-30f, std::numeric_limits<float>::max()};
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  for (int i = 0; i < 1000; ++i)
    values.push_back(normal(random));
  Statistics whole, first, second;
  whole.add(values);
  second.add(ArrayRef(values).take_front(300));
  first.add(ArrayRef(values).drop_front(300));
  first.merge(second);
  std::vector<WeightedValue> all = whole.getDistribution(), merged = first.getDistribution();
  REQUIRE(all.size() == merged.size());
  int64_t count = 0;
  for (auto [a, b] : llvm::zip_equal(all, merged)) {
    CHECK((a.value == b.value && a.count == b.count));
    count += a.count;
  }
  CHECK(count == static_cast<int64_t>(values.size()));
  llvm::sort(values);
  size_t next = 0;
  for (const WeightedValue &each : all)
    for (int64_t i = 0; i < each.count; ++i, ++next)
      CHECK(std::abs(each.value - values[next]) <= std::abs(values[next]) * std::ldexp(1.0, -9));
  for (auto [value, count] : {std::pair(0.0f, 2), {3.0f, 1}, {1023.0f, 1}, {-512.0f, 1}})
    CHECK(llvm::any_of(all, [&](const WeightedValue &each) { return each.value == value && each.count == count; }));

  auto restored = Statistics::restore(whole.minimum, whole.maximum, whole.meanMagnitude, all);
  REQUIRE(restored);
  CHECK(restored->count == whole.count);
  CHECK(restored->minimum == whole.minimum);
  CHECK(restored->meanMagnitude == whole.meanMagnitude);
  for (auto [a, b] : llvm::zip_equal(all, restored->getDistribution()))
    CHECK((a.value == b.value && a.count == b.count));
  CHECK(Statistics::restore(NAN, NAN, NAN, {})->count == 0);
  for (auto [minimum, maximum, mean] : {std::tuple(0.0, 2.0, 0.5), {0.0, 0.5, 0.5}, {0.9, NAN, 0.5}, {0.9, 2.0, 3.0}})
    CHECK(!Statistics::restore(minimum, maximum, mean, {{0.9f, 1}, {1.1f, -1}}));
  CHECK(!Statistics::restore(0, 1, 3, {{1, 1}}));
}

namespace {
struct MinMaxFixture : Session {
  qnn::NumberFormat fit(std::vector<float> values, unsigned bits, bool symmetric) {
    FormatRequest request{&context, Precision{bits}, symmetric};
    return llvm::cast<qnn::NumberFormat>(findQuantizer("min_max")->fit(statisticsOf(values), request).type);
  }
};
} // namespace

TEST_CASE_METHOD(MinMaxFixture, "min_max of activations represents zero exactly") {
  qnn::NumberFormat format = fit({-1, 3}, 8, false);
  CHECK(format.getScale(0) == Approx(4.0 / 255));
  CHECK(format.getZeroPoint(0) == -64);
  CHECK(format.encode(0) == -64);
  CHECK(format.getCodeRange() == std::pair<int64_t, int64_t>(-128, 127));
  CHECK(fit({2, 6}, 8, false).getZeroPoint(0) == -128); // the range always holds zero
  CHECK(fit({-6, -2}, 8, false).getZeroPoint(0) == 127);
  CHECK(fit({-6, -2}, 8, false).getScale(0) == Approx(6.0 / 255));
  CHECK(fit({0, 15}, 4, false).getScale(0) == 1);
  CHECK(fit({0, 15}, 4, false).getZeroPoint(0) == -8);
}

TEST_CASE_METHOD(MinMaxFixture, "min_max of weights is symmetric") {
  qnn::NumberFormat format = fit({-254, 3}, 8, true);
  CHECK(format.getScale(0) == 2);
  CHECK(format.getZeroPoint(0) == 0);
  CHECK(format.getCodeRange() == std::pair<int64_t, int64_t>(-127, 127));
  CHECK(fit({-2, 2}, 2, true).getCodeRange() == std::pair<int64_t, int64_t>(-1, 1));
}

TEST_CASE_METHOD(MinMaxFixture, "min_max of zeros, of extreme values and of binary codes") {
  for (bool symmetric : {false, true}) {
    CHECK(fit({0}, 8, symmetric).getScale(0) == 1);
    CHECK(fit({1e-44f}, 8, symmetric).getScale(0) > 1e-38);
    CHECK(std::isfinite(fit({-3e38f, 3e38f}, 8, symmetric).getScale(0)));
  }
  qnn::NumberFormat binary = fit({1, -3}, 1, true);
  CHECK(binary.getBits() == 1);
  CHECK(binary.getScale(0) == 2);
  CHECK(findQuantizer("octave") == nullptr);
}

TEST_CASE("ternary weights: the mean of the large magnitudes, with the threshold that it implies") {
  Session session;
  auto fit = [&](std::vector<float> values) {
    FormatRequest request{&session.context, Precision{2, /*isTernary=*/true}, /*symmetric=*/true};
    return findQuantizer("min_max")->fit(statisticsOf(values), request);
  };
  FittedFormat format = fit({1, -1, 0.1f, -0.1f, 0});
  auto numbers = llvm::cast<qnn::NumberFormat>(format.type);
  REQUIRE(llvm::isa<qnn::TernaryType>(format.type));
  CHECK(numbers.getScale(0) == Approx(1));
  CHECK(format.squaredError == Approx(0.02 / 5));
  CHECK(numbers.encode(-0.6) == -1);
  CHECK(numbers.encode(0.4) == 0);
  CHECK(llvm::cast<qnn::NumberFormat>(fit({0, 0}).type).getScale(0) == 1);
  // 0.7 mean|w| == 0.63 leaves 0.6 out; 0.6 belongs above the half of alpha == 1.2, and then alpha == 0.9.
  CHECK(llvm::cast<qnn::NumberFormat>(fit({1.2f, -0.6f}).type).getScale(0) == Approx(0.9));
}

TEST_CASE("dorefa clamps activations to [0, 1], whatever they are") {
  Session session;
  auto fit = [&](unsigned bits, bool symmetric) {
    FormatRequest request{&session.context, Precision{bits}, symmetric};
    return llvm::cast<qnn::NumberFormat>(findQuantizer("dorefa")->fit(statisticsOf({-3, 5}), request).type);
  };
  qnn::NumberFormat format = fit(2, false);
  CHECK(format.getScale(0) == Approx(1.0 / 3));
  CHECK(format.decode(format.encode(0.6)) == Approx(2.0 / 3));
  CHECK(format.decode(format.encode(-3)) == 0);
  CHECK(format.decode(format.encode(5)) == Approx(1));
  CHECK(fit(8, true).getScale(0) == Approx(5.0 / 127));
  CHECK(fit(1, false).getBits() == 1);
}

TEST_CASE("dorefa rounds the tanh of weights to odd numbers of equal steps") {
  Session session;
  const Quantizer &dorefa = *findQuantizer("dorefa");
  Precision precision{2};
  precision.isBasis = true;
  FormatRequest request{&session.context, precision, /*symmetric=*/true};
  auto format = llvm::cast<qnn::NumberFormat>(dorefa.fit(statisticsOf({0.25f}), request).type);
  std::vector<float> filter{-2, -0.5f, 0.1f, 0.3f, 1, 0};
  std::vector<float> rounded = dorefa.toRound(filter, precision);
  REQUIRE(rounded.size() == filter.size());
  double largest = std::tanh(2.0);
  for (size_t i = 0; i < filter.size(); ++i) {
    double third = std::round(3 * (std::tanh(filter[i]) / (2 * largest) + 0.5)) / 3;
    CHECK(format.decode(format.encode(rounded[i])) == Approx(2 * third - 1));
  }
  CHECK(dorefa.toRound({0, 0}, precision) == std::vector<float>{0, 0});
  CHECK(dorefa.toRound(filter, Precision{1}) == filter);
  CHECK(dorefa.sharesFormat(precision));
  CHECK(dorefa.sharesFormat(Precision{1}));
  CHECK_FALSE(dorefa.sharesFormat(Precision{4}));
  CHECK_FALSE(findQuantizer("mse")->sharesFormat(Precision{1}));
}

TEST_CASE("rules of precision are read") {
  Session session;
  Location loc = UnknownLoc::get(&session.context);
  FailureOr<PrecisionRule> rule = parsePrecisionRule("b[0-9]=x.*=w4a8", loc);
  REQUIRE(succeeded(rule));
  CHECK(rule->pattern == "b[0-9]=x.*");
  CHECK(rule->weights->bits == 4);
  CHECK(rule->activations->bits == 8);
  rule = parsePrecisionRule("x=a1", loc);
  REQUIRE(succeeded(rule));
  CHECK(!rule->weights);
  CHECK(rule->activations->isBinary());
  rule = parsePrecisionRule("x=wta8", loc);
  REQUIRE(succeeded(rule));
  CHECK(rule->weights == Precision{2, /*isTernary=*/true});
  rule = parsePrecisionRule("x=wb3g128a8", loc);
  REQUIRE(succeeded(rule));
  CHECK(rule->weights == Precision{3, /*isTernary=*/false, /*group=*/128, /*isBinaryCoded=*/true});
  rule = parsePrecisionRule("x=wc4a8", loc);
  REQUIRE(succeeded(rule));
  CHECK(rule->weights == Precision{.bits = 4, .isCodebook = true});
  rule = parsePrecisionRule("x=wb2au3", loc);
  REQUIRE(succeeded(rule));
  CHECK(rule->weights == Precision{2, /*isTernary=*/false, wholeRow, /*isBinaryCoded=*/true});
  CHECK((rule->activations->bits == 3 && rule->activations->isUnsigned && !rule->activations->isBinary()));
  rule = parsePrecisionRule("x=wl3al2", loc);
  REQUIRE(succeeded(rule));
  CHECK((rule->weights->isBasis && rule->weights->bits == 3 && !rule->weights->hasZero()));
  CHECK((rule->activations->isBasis && rule->activations->isFromFloats() && !rule->activations->isBinary()));
  rule = parsePrecisionRule("x=w4au4(outliers: 2.5, thresholds: a/b.npz)", loc);
  REQUIRE(succeeded(rule));
  CHECK((rule->weights->outliers == 2.5 && rule->activations->thresholds == "a/b.npz"));
  CHECK(failed(parsePrecisionRule("x=w4au5(thresholds: b.npz)", loc)));
  CHECK(session.takeErrors().find("thresholds are of activations from 0 with at most 4 bits") == 0);
  for (const char *text : {"",
                           "x",
                           "x=",
                           "x=wu3",
                           "x=wc",
                           "x=wc1",
                           "x=wc9",
                           "x=wc4g32",
                           "x=ac4",
                           "x=au9",
                           "x=al5",
                           "x=wl9",
                           "x=wl2g4",
                           "x=w4a4(thresholds)",
                           "x=w4a4(thresholds: )",
                           "x=ab3g2",
                           "x=wb9g2",
                           "x=wb2g0",
                           "=w4",
                           "x=w",
                           "x=w0",
                           "x=w9",
                           "x=w4b",
                           "x=a4w4",
                           "x=at",
                           "x=w4a99999999999"}) {
    CHECK(failed(parsePrecisionRule(text, loc)));
    CHECK(session.takeErrors().find("expects a precision like 'conv.*=w4a8'") == 0);
  }
}
