// Bases that are fitted to values, as LQ-Nets have them (Zhang et al. 2018): levels are sums of a few magnitudes, which
// a product takes as so many products of bits.
#ifndef QCC_COMPILER_QUANTIZE_LEARNEDBASIS_H
#define QCC_COMPILER_QUANTIZE_LEARNEDBASIS_H

#include "compiler/quantize/Statistics.h"

namespace qcc::quantize {

/// Values of one channel are near `scales[channel]` times the sum of `steps[i]` over the bits that are 1, and with
/// signs less those of the bits that are 0.
struct LearnedBasis {
  /// Ascending integers that `!qnn.basis` takes.
  std::vector<int64_t> steps;
  std::vector<double> scales;
  /// The sum of squared errors after each round, and last that of the integers.
  std::vector<double> errors;
};

/// The basis of so many bits that is fitted to channels of values by QEM (section 3.3): the nearest level of each value
/// and the magnitudes that are best for these, by least squares, in turn, from magnitudes that double, as long as the
/// error falls and a larger code stays a larger number. Channels share the ratios of their magnitudes, as kernels count
/// bits with one factor for a plane; each has a scale of its own. Without `signs`, values below 0 are nearest to 0.
LearnedBasis fitLearnedBasis(llvm::ArrayRef<std::vector<WeightedValue>> channels, unsigned bits, bool signs);

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_LEARNEDBASIS_H
