// Functions of few codes as one sum of products and one shift, found by search and proved by exhaustion.
#ifndef QCC_COMPILER_LAYOUT_FITCODES_H
#define QCC_COMPILER_LAYOUT_FITCODES_H

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace qcc::layout {

/// Integers `first .. first + count - 1`.
struct CodeRange {
  int64_t first, count;
  int64_t last() const { return first + count - 1; }
};

/// A function of two integers by all its values: that of `(x, y)` is
/// `values[(x - xs.first) * ys.count + (y - ys.first)]`. A function of one integer has one `y`, 0.
struct CodeFunction {
  CodeRange xs, ys;
  std::vector<int32_t> values;
};

/// `clamp((x * xFactor + y * yFactor + offset) >> shift, low, high)` in 32-bit arithmetic.
struct FittedCodes {
  int32_t xFactor, yFactor, offset;
  int shift;
  int32_t low, high;
  int32_t apply(int64_t x, int64_t y) const;
  /// The least and the largest number before the clamp.
  std::pair<int64_t, int64_t> planeRange(CodeRange xs, CodeRange ys) const;
};

/// The numbers with which that form gives the function's value for every `x` and `y`, without overflow of the sum; none
/// if the search finds no such numbers, as for a function that is no clamped plane.
std::optional<FittedCodes> fitCodes(const CodeFunction &function);

} // namespace qcc::layout

#endif // QCC_COMPILER_LAYOUT_FITCODES_H
