// What is known of the values of a tensor, in bounded memory.
#ifndef QCC_COMPILER_QUANTIZE_STATISTICS_H
#define QCC_COMPILER_QUANTIZE_STATISTICS_H

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace qcc::quantize {

/// A number, and how many values of a tensor have it.
struct WeightedValue {
  float value;
  int64_t count;
};

/// How often numbers occur that are rounded to the nearest float of 10 significant bits (ties away from zero): relative
/// errors are at most 2^-10, and small integers exact. Neither the order of the values nor how they are divided among
/// histograms that are merged matters. Memory is bounded by the values' binary exponents: 4 KB each.
class Histogram {
public:
  /// A finite number.
  void add(float value, int64_t count = 1);
  void merge(const Histogram &other);
  /// In ascending order; both zeros are one.
  std::vector<WeightedValue> list() const;

private:
  std::vector<int64_t> &pageOf(uint32_t number);

  /// By sign and exponent: the counts of the floats that have them, or nothing.
  std::vector<std::vector<int64_t>> pages;
};

/// Grows with the values that are added, but for `distribution`.
class Statistics {
public:
  /// `keepsValues`: the distribution has all values as they are, not a histogram; for tensors that are in memory
  /// anyway.
  explicit Statistics(bool keepsValues = false) : keepsValues(keepsValues) {}

  /// Those of finite values, of which all but the distribution is given; nothing if they contradict each other.
  static std::optional<Statistics> restore(double minimum, double maximum, double meanMagnitude,
                                           llvm::ArrayRef<WeightedValue> distribution);

  void add(llvm::ArrayRef<float> values);
  /// The statistics of both tensors together.
  void merge(const Statistics &other);

  /// Infinite, with the wrong sign, if there are no finite values.
  double minimum = std::numeric_limits<double>::infinity();
  double maximum = -std::numeric_limits<double>::infinity();
  /// The finite values, and the mean of their magnitudes.
  int64_t count = 0;
  double meanMagnitude = 0;
  /// Values that are not finite; they count nowhere else.
  int64_t nonFinite = 0;

  /// The finite values in ascending order.
  std::vector<WeightedValue> getDistribution() const;

private:
  bool keepsValues;
  std::vector<float> kept;
  Histogram histogram;
};

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_STATISTICS_H
