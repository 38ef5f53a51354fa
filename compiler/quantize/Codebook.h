// Code books: weights as integers of a small table, times a scale.
#ifndef QCC_COMPILER_QUANTIZE_CODEBOOK_H
#define QCC_COMPILER_QUANTIZE_CODEBOOK_H

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>
#include <vector>

namespace qcc::quantize {

struct WeightedPoint {
  double value, weight; // weight above 0
};

/// The means, in rising order, of at most `clusters` clusters of points on a line, such that the sum of
/// weight * (value - mean of its cluster)^2 is least: k-means in one dimension, solved exactly by dynamic programming
/// (Bruce 1965; Wu 1991; Wang and Song 2011, Ckmeans.1d.dp). Above 4096 different values, neighbouring ones are merged
/// to that many beforehand. Without points, there are no means.
std::vector<double> clusterMeans(std::vector<WeightedPoint> points, int64_t clusters);

/// The entry of a table of at least two, in rising order, that is nearest; of two, the larger.
int64_t nearestEntry(llvm::ArrayRef<int64_t> table, double value);

/// w ~ scales[c] * table[code] for the weights of channel c.
struct Codebook {
  std::vector<int64_t> table; ///< 2^bits integers in rising order
  std::vector<double> scales; ///< f32 numbers above 0
  double error = 0;           ///< the sum of squares of what is missing
};

/// The largest magnitude of the integers of a table of so many. Up to 16, which are far from each other, 64 is fine
/// enough, and sums of two products with unsigned bytes fit 16 bits, as AVX2 needs it.
constexpr int64_t largestEntry(int64_t entries) { return entries <= 16 ? 64 : 127; }

/// Fits a table of 2^bits integers (1 to 8 bits) for all channels, and a scale for each, to finite weights. In turn, up
/// to 16 times: the centres of k-means of all weights (about 262,144 of them if there are more), each divided by its
/// channel's scale, as integers of which the largest magnitude is `largestEntry`; then each channel's scale by least
/// squares for the weights' nearest entries. First scales are the root of a channel's mean square, or its largest
/// weight. The best of all is kept. Scales are not below `leastScales`.
Codebook fitCodebook(llvm::ArrayRef<std::vector<float>> channels, unsigned bits, llvm::ArrayRef<double> leastScales);

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_CODEBOOK_H
