#include "compiler/quantize/Codebook.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace qcc::quantize;
using llvm::ArrayRef;

//===-- k-means on a line -------------------------------------------------------------------===//

/// Sorted points with different values. Above `most`, each new one is the mean of neighbours with an equal share of all
/// points.
static std::vector<WeightedPoint> mergePoints(std::vector<WeightedPoint> points, size_t most) {
  std::sort(points.begin(), points.end(),
            [](const WeightedPoint &a, const WeightedPoint &b) { return a.value < b.value; });
  auto merge = [](WeightedPoint &into, const WeightedPoint &other) {
    double weight = into.weight + other.weight;
    into = {into.value + (other.value - into.value) * (other.weight / weight), weight};
  };
  std::vector<WeightedPoint> merged;
  for (const WeightedPoint &point : points)
    if (!merged.empty() && merged.back().value == point.value)
      merged.back().weight += point.weight;
    else
      merged.push_back(point);
  if (merged.size() <= most)
    return merged;
  std::vector<WeightedPoint> cells;
  size_t last = most;
  for (size_t i = 0; i < merged.size(); ++i) {
    size_t cell = i * most / merged.size();
    if (cell == last)
      merge(cells.back(), merged[i]);
    else
      cells.push_back(merged[i]);
    last = cell;
  }
  return cells;
}

namespace {
/// Splits sorted points into clusters: costs[j] is the least cost of the first j points in so many clusters, and a
/// cluster's best begin does not move back where its end moves on.
class Clustering {
public:
  explicit Clustering(ArrayRef<WeightedPoint> points);
  std::vector<double> means(size_t clusters);

private:
  /// Of points [first, last) around their mean.
  double cost(size_t first, size_t last) const {
    double weight = weights[last] - weights[first], sum = sums[last] - sums[first];
    return std::max(0.0, squares[last] - squares[first] - sum * sum / weight);
  }
  /// One more cluster for the first j points, `low` <= j < `high`; it begins at `least` to `most`.
  void addCluster(size_t low, size_t high, size_t least, size_t most);

  size_t count;
  double centre = 0; // taken off values, so that differences of sums are accurate
  std::vector<double> weights, sums, squares, costs, next;
  std::vector<std::vector<size_t>> begins; // of the last cluster, for each number of clusters
};
} // namespace

Clustering::Clustering(ArrayRef<WeightedPoint> points)
    : count(points.size()), weights(count + 1), sums(count + 1), squares(count + 1) {
  double weight = 0;
  for (const WeightedPoint &point : points) {
    weight += point.weight;
    centre += point.weight * point.value;
  }
  centre /= weight;
  for (size_t i = 0; i < count; ++i) {
    double value = points[i].value - centre;
    weights[i + 1] = weights[i] + points[i].weight;
    sums[i + 1] = sums[i] + points[i].weight * value;
    squares[i + 1] = squares[i] + points[i].weight * value * value;
  }
}

void Clustering::addCluster(size_t low, size_t high, size_t least, size_t most) {
  if (low >= high)
    return;
  size_t middle = (low + high) / 2, best = least;
  double bestCost = std::numeric_limits<double>::infinity();
  for (size_t begin = least; begin <= std::min(most, middle - 1); ++begin)
    if (double total = costs[begin] + cost(begin, middle); total < bestCost) {
      bestCost = total;
      best = begin;
    }
  next[middle] = bestCost;
  begins.back()[middle] = best;
  addCluster(low, middle, least, best);
  addCluster(middle + 1, high, best, most);
}

std::vector<double> Clustering::means(size_t clusters) {
  costs.assign(count + 1, std::numeric_limits<double>::infinity());
  costs[0] = 0;
  for (size_t number = 1; number <= clusters; ++number) {
    next.assign(count + 1, std::numeric_limits<double>::infinity());
    begins.emplace_back(count + 1);
    addCluster(number, count + 1, number - 1, count);
    costs = next;
  }
  std::vector<double> result(clusters);
  size_t end = count;
  for (size_t number = clusters; number-- > 0;) {
    size_t begin = begins[number][end];
    result[number] = centre + (sums[end] - sums[begin]) / (weights[end] - weights[begin]);
    end = begin;
  }
  return result;
}

std::vector<double> qcc::quantize::clusterMeans(std::vector<WeightedPoint> points, int64_t clusters) {
  constexpr size_t mostPoints = 4096;
  std::vector<WeightedPoint> merged = mergePoints(std::move(points), mostPoints);
  return merged.empty() ? std::vector<double>() : Clustering(merged).means(std::min<size_t>(clusters, merged.size()));
}

//===-- Tables ------------------------------------------------------------------------------===//

int64_t qcc::quantize::nearestEntry(ArrayRef<int64_t> table, double value) {
  const auto *above = std::lower_bound(table.begin() + 1, table.end() - 1, value);
  return value - static_cast<double>(above[-1]) < static_cast<double>(*above) - value ? above[-1] : *above;
}

static double legalScale(double scale, double least) {
  scale = std::max({scale, least, 2.0 * std::numeric_limits<float>::min()});
  return static_cast<float>(std::min<double>(scale, std::numeric_limits<float>::max() / 2));
}

namespace {
class BookFitter {
public:
  BookFitter(ArrayRef<std::vector<float>> channels, unsigned bits, ArrayRef<double> leastScales)
      : channels(channels), leastScales(leastScales), entries(size_t(1) << bits),
        mostPerChannel(mostWeights / std::max<size_t>(channels.size(), 1) + 1),
        largest(static_cast<double>(largestEntry(1 << bits))) {}
  Codebook fit() const;

private:
  Codebook improve(Codebook book) const;
  void fitTable(Codebook &book) const;
  void fitScales(Codebook &book) const;
  double errorOf(const Codebook &book) const;

  ArrayRef<std::vector<float>> channels;
  ArrayRef<double> leastScales;
  static constexpr size_t mostWeights = size_t(1) << 18; // that a table is fitted to
  size_t entries, mostPerChannel;
  double largest; // magnitude of an entry
};
} // namespace

/// The table for the scales that there are, which change with its unit. An error in units of a scale counts as often as
/// the scale's square says.
void BookFitter::fitTable(Codebook &book) const {
  std::vector<WeightedPoint> points;
  for (size_t c = 0; c < channels.size(); ++c) {
    ArrayRef<float> weights = channels[c];
    auto add = [&](float weight) { points.push_back({weight / book.scales[c], book.scales[c] * book.scales[c]}); };
    if (weights.size() <= mostPerChannel)
      llvm::for_each(weights, add);
    else // a multiplicative hash visits places in no order that weights could have (Knuth 1998, section 6.4)
      for (size_t i = 0; i < mostPerChannel; ++i)
        add(weights[i * size_t(2654435761) % weights.size()]);
  }
  std::vector<double> centres = clusterMeans(std::move(points), static_cast<int64_t>(entries));
  double most = 0;
  for (double centre : centres)
    most = std::max(most, std::abs(centre));
  double unit = most > 0 ? most / largest : 1;
  book.table.clear();
  for (double centre : centres)
    book.table.push_back(static_cast<int64_t>(std::round(centre / unit)));
  book.table.resize(entries, book.table.empty() ? 0 : book.table.back());
  for (size_t c = 0; c < channels.size(); ++c)
    book.scales[c] = legalScale(book.scales[c] * unit, leastScales[c]);
}

void BookFitter::fitScales(Codebook &book) const {
  for (size_t c = 0; c < channels.size(); ++c) {
    double products = 0, squares = 0;
    for (float weight : channels[c]) {
      auto entry = static_cast<double>(nearestEntry(book.table, weight / book.scales[c]));
      products += weight * entry;
      squares += entry * entry;
    }
    if (products > 0)
      book.scales[c] = legalScale(products / squares, leastScales[c]);
  }
}

double BookFitter::errorOf(const Codebook &book) const {
  double error = 0;
  for (size_t c = 0; c < channels.size(); ++c)
    for (float weight : channels[c]) {
      double missing = weight - book.scales[c] * static_cast<double>(nearestEntry(book.table, weight / book.scales[c]));
      error += missing * missing;
    }
  return error;
}

/// Table and scales in turn, until they do not get better.
Codebook BookFitter::improve(Codebook book) const {
  constexpr int mostRounds = 16;
  Codebook best;
  best.error = std::numeric_limits<double>::infinity();
  for (int round = 0; round < mostRounds; ++round) {
    fitTable(book);
    fitScales(book);
    book.error = errorOf(book);
    if (!(book.error < best.error))
      break;
    best = book;
  }
  return best;
}

/// The largest weight of a channel, or the root of the mean square.
static double magnitudeOf(ArrayRef<float> weights, bool isLargest) {
  double largest = 0, squares = 0;
  for (float weight : weights) {
    largest = std::max<double>(largest, std::abs(weight));
    squares += double(weight) * weight;
  }
  if (!(largest > 0))
    return 1;
  return isLargest ? largest : std::sqrt(squares / static_cast<double>(weights.size()));
}

Codebook BookFitter::fit() const {
  Codebook best;
  best.error = std::numeric_limits<double>::infinity();
  for (bool isLargest : {false, true}) {
    Codebook book;
    for (const std::vector<float> &weights : channels)
      book.scales.push_back(magnitudeOf(weights, isLargest));
    book = improve(std::move(book));
    if (book.error < best.error)
      best = std::move(book);
  }
  return best;
}

Codebook qcc::quantize::fitCodebook(ArrayRef<std::vector<float>> channels, unsigned bits,
                                    ArrayRef<double> leastScales) {
  return BookFitter(channels, bits, leastScales).fit();
}
