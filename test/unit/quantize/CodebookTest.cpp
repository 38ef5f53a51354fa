// Code books: clusters that are the best there are, tables and scales, and how near they are to weights.
#include "compiler/quantize/Codebook.h"
#include "Distributions.h"

#include "catch2/catch.hpp"

#include <algorithm>

using namespace qcc::quantize;
using Channels = std::vector<std::vector<float>>;

namespace {
double costOf(const std::vector<WeightedPoint> &points, const std::vector<double> &means) {
  double cost = 0;
  for (const WeightedPoint &point : points) {
    double least = HUGE_VAL;
    for (double mean : means)
      least = std::min(least, (point.value - mean) * (point.value - mean));
    cost += point.weight * least;
  }
  return cost;
}

/// The least cost of any clusters of sorted points.
double leastCost(const std::vector<WeightedPoint> &points, size_t first, int64_t clusters) {
  if (first == points.size())
    return 0;
  if (clusters == 0)
    return HUGE_VAL;
  double least = HUGE_VAL, weight = 0, sum = 0;
  for (size_t last = first; last < points.size(); ++last) {
    weight += points[last].weight;
    sum += points[last].weight * points[last].value;
    double cost = 0;
    for (size_t i = first; i <= last; ++i)
      cost += points[i].weight * std::pow(points[i].value - sum / weight, 2);
    least = std::min(least, cost + leastCost(points, last + 1, clusters - 1));
  }
  return least;
}

std::vector<WeightedPoint> pointsOf(const std::vector<float> &values) {
  std::vector<WeightedPoint> points;
  for (float value : values)
    points.push_back({value, 1});
  return points;
}

double errorOf(const Channels &channels, const Codebook &book) {
  double error = 0;
  for (size_t c = 0; c < channels.size(); ++c) {
    std::vector<double> reals;
    for (int64_t entry : book.table)
      reals.push_back(book.scales[c] * static_cast<double>(entry));
    error += costOf(pointsOf(channels[c]), reals);
  }
  return error;
}

/// The least error of symmetric integers of so many bits with one scale, of a hundred.
double errorOfIntegers(const std::vector<float> &weights, int bits) {
  double largest = 0, least = HUGE_VAL, most = std::ldexp(1, bits - 1) - 1;
  for (float weight : weights)
    largest = std::max<double>(largest, std::abs(weight));
  for (int percent = 1; percent <= 100; ++percent) {
    double scale = largest * percent / 100 / most, error = 0;
    for (float weight : weights)
      error += std::pow(weight - scale * std::clamp(std::round(weight / scale), -most, most), 2);
    least = std::min(least, error);
  }
  return least;
}
} // namespace

TEST_CASE("clusters are the best of all") {
  std::mt19937 random(3);
  for (int64_t clusters = 1; clusters <= 5; ++clusters)
    for (int trial = 0; trial < 20; ++trial) {
      std::vector<WeightedPoint> points;
      for (int i = 0; i < 9; ++i)
        points.push_back({static_cast<double>(random() % 50) / 7, 1 + static_cast<double>(random() % 4)});
      std::vector<double> means = clusterMeans(points, clusters);
      CHECK(std::is_sorted(means.begin(), means.end()));
      std::sort(points.begin(), points.end(), [](const auto &a, const auto &b) { return a.value < b.value; });
      CHECK(costOf(points, means) == Approx(leastCost(points, 0, clusters)).margin(1e-9));
    }
}

TEST_CASE("points that are few, equal, far from zero, or very many") {
  CHECK(clusterMeans({}, 4).empty());
  CHECK(clusterMeans({{2, 1}}, 4) == std::vector<double>{2});
  CHECK(clusterMeans({{2, 1}, {2, 3}, {-1, 1}}, 4) == std::vector<double>{-1, 2});
  std::vector<double> far = clusterMeans({{1e6, 1}, {1e6 + 1, 1}, {1e6 + 10, 1}}, 2);
  CHECK(far == std::vector<double>{1e6 + 0.5, 1e6 + 10});
  // A million Gaussian numbers in 16 levels: Lloyd and Max's optimum (Max 1960, table I).
  std::vector<WeightedPoint> points = pointsOf(distributions(1000000)[0].values);
  CHECK(costOf(points, clusterMeans(points, 16)) / 1e6 == Approx(0.009497).epsilon(0.01));
}

TEST_CASE("tables of more weights than they are fitted to") {
  std::vector<float> values = distributions(1000000)[0].values;
  for (float &value : values)
    value *= 1e-3f;
  Codebook book = fitCodebook(Channels{values}, 4, {0});
  CHECK(book.error == Approx(0.0095).epsilon(0.03)); // Lloyd and Max's 0.009497, and what integers up to 64 add
  CHECK(errorOf(Channels{values}, book) == Approx(book.error).epsilon(1e-6));
}

TEST_CASE("what has few values is found exactly") {
  Channels channels{{-64, -10, 0, 33, 64, 0}, {-32, -5, 0, 16.5f, 32, 32}, {0, 0}};
  std::vector<double> least(3);
  Codebook book = fitCodebook(channels, 3, least);
  CHECK(book.error < 1e-9);
  CHECK(errorOf(channels, book) < 1e-9);
  CHECK(book.table == std::vector<int64_t>{-64, -10, 0, 33, 64, 64, 64, 64});
  CHECK(book.scales[0] == Approx(2 * book.scales[1]));
}

TEST_CASE("weights that are all zeros, one, or none, and scales that may not be too small") {
  for (const Channels &channels : {Channels{{0, 0, 0}}, Channels{{-3}}, Channels{{}}, Channels{}}) {
    std::vector<double> least(channels.size());
    Codebook book = fitCodebook(channels, 4, least);
    CHECK(book.table.size() == 16);
    CHECK(errorOf(channels, book) < 1e-9);
    for (double scale : book.scales)
      CHECK((std::isfinite(scale) && scale > 0));
  }
  CHECK(fitCodebook(Channels{{1, 2, 3}}, 2, {0.5}).scales[0] >= 0.5);
}

TEST_CASE("errors are those of the book, fall with each bit, and are not above those of integers") {
  for (const Distribution &distribution : distributions(4000)) {
    INFO(distribution.name);
    // Channels of different magnitudes.
    Channels channels;
    double integers[5] = {};
    for (size_t c = 0; c < 8; ++c) {
      auto begin = distribution.values.begin() + static_cast<std::ptrdiff_t>(500 * c);
      channels.emplace_back(begin, begin + 500);
      for (float &value : channels.back())
        value *= static_cast<float>(1 + c);
      for (int bits = 2; bits <= 4; ++bits)
        integers[bits] += errorOfIntegers(channels.back(), bits);
    }
    std::vector<double> least(8);
    double before = HUGE_VAL;
    for (unsigned bits = 1; bits <= 6; ++bits) {
      Codebook book = fitCodebook(channels, bits, least);
      INFO(bits);
      CHECK(book.table.size() == size_t(1) << bits);
      CHECK(std::is_sorted(book.table.begin(), book.table.end()));
      CHECK(errorOf(channels, book) == Approx(book.error).epsilon(1e-6));
      CHECK(book.error < before);
      if (bits >= 2 && bits <= 4)
        CHECK(book.error <= integers[bits]);
      before = book.error;
    }
  }
}
