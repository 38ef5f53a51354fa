// Fixed-point rescaling of sums as one product of floats, rounded once.
#ifndef QCC_COMPILER_LAYOUT_ROUNDPRODUCTS_H
#define QCC_COMPILER_LAYOUT_ROUNDPRODUCTS_H

#include "dialects/qk/FixedPoint.h"

#include <optional>

namespace qcc::layout {

/// What becomes of a sum: rescaled, the zero point added, and clamped to the codes from `low` to `high`.
struct RescaledSum {
  qk::FixedPoint rescale;
  double scale; // that of `rescale`
  int64_t zero, low, high;
  int64_t largest; // sums go from -largest to largest
  bool isClampedAtZero() const { return low >= zero; }
};

/// `round((float(x) * multiple + offset) * factor)`, sum and product rounded once, the latter to the nearest integer,
/// halves to the even one. For sums of both signs the offset has the sign of x. An odd multiple makes products with the
/// factor that no single number of 24 bits is.
struct RoundedProduct {
  float factor, offset, multiple;
  bool hasSign;
  int64_t apply(int64_t x) const;
};

/// The numbers with which that form, zero point and clamp applied, gives the code of every sum; none if the search
/// finds no such numbers, or the form's result may reach 2^22.
///
/// Both are steps that only rise with the sum, so they are equal if they are equal on both sides of each of the first's
/// steps. These are found by bisection, and give an interval of offsets for each factor near the scale; the proof is
/// the trial of all of them.
std::optional<RoundedProduct> fitProduct(const RescaledSum &sum);

} // namespace qcc::layout

#endif // QCC_COMPILER_LAYOUT_ROUNDPRODUCTS_H
