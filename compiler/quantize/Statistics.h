// What is known of the values of a tensor, in bounded memory.
#ifndef QCC_COMPILER_QUANTIZE_STATISTICS_H
#define QCC_COMPILER_QUANTIZE_STATISTICS_H

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>
#include <limits>
#include <vector>

namespace qcc::quantize {

/// Grows with the values that are added, but for `samples`, which is a uniform random choice of at most
/// `sampleLimit` of them. The choice is reproducible.
class Statistics {
public:
  explicit Statistics(int64_t sampleLimit = 0) : sampleLimit(sampleLimit) {}

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
  std::vector<float> samples;

private:
  void addSample(float value);

  int64_t sampleLimit;
  int64_t offered = 0;
  uint64_t randomState = 0x9e3779b97f4a7c15;
};

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_STATISTICS_H
