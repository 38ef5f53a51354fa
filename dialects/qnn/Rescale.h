// Scales of qnn operators: real multipliers, their fixed-point form, code bounds.
//
// These are parameters of an operator's meaning, computed once at compile time;
// the arithmetic on codes is written separately in the interpreter and in the
// lowerings, so that the one can check the other.
#ifndef QCC_DIALECTS_QNN_RESCALE_H
#define QCC_DIALECTS_QNN_RESCALE_H

#include "dialects/qnn/QnnDialect.h"

namespace qcc::qnn {

/// A real multiplier as `mantissa * 2^(exponent - 31)`, mantissa in [2^30, 2^31) or 0.
struct Multiplier {
  int32_t mantissa = 0;
  int32_t exponent = 0;
  bool operator==(const Multiplier &) const = default;
};

/// Jacob et al. 2018, section 2.2; see `#qnn.rescale`. `real` must be finite and not negative.
Multiplier quantizeMultiplier(double real);

/// `multiplier / count` as `qnn.mean` has it: `mantissa * 2^s / count`, truncated, with `s = floor(log2(count))` (less
/// if the exponent would fall below -31). The mantissa may lie below 2^30. `count` is positive.
Multiplier divideMultiplier(Multiplier multiplier, int64_t count);

/// `scale(lhs) * scale(rhs, channel) / scale(output)`, with the product in the stated precision.
double contractionMultiplier(NumberFormat lhs, NumberFormat rhs, int64_t channel, NumberFormat output,
                             ScaleProduct product);

/// A grouped filter's scales as integers, for results of integers: see `qnn.conv2d`.
struct GroupFactors {
  llvm::SmallVector<uint8_t> factors; // of each group
  llvm::SmallVector<double> units;    // of each channel: the real number of a factor of 1 for an accumulator of 1
  int shift = 0;                      // of each group's accumulator to the right; `units` count what is left
};
/// Of `channels` output channels, each of which sums up `products` in groups of equal number.
GroupFactors groupFactors(NumberFormat lhs, NumberFormat rhs, llvm::ArrayRef<float> scales, int64_t channels,
                          int64_t products);

/// Smallest and largest output code after `activation` (codes of the bounds are
/// computed in f32, as TensorFlow Lite does; those of formats that are not affine are the nearest).
std::pair<int64_t, int64_t> activationCodeRange(NumberFormat output, Activation activation);

/// Real bounds of an activation (infinite where there is none).
std::pair<double, double> activationBounds(Activation activation);

} // namespace qcc::qnn

#endif // QCC_DIALECTS_QNN_RESCALE_H
