// Parameters of tap-wise Winograd F(4x4, 3x3), as `#qnn.algorithm` defines it: its matrices, its weights, and what sums
// these may give. Computed once at compile time; the arithmetic on codes is written separately in the interpreter and
// in the lowerings.
#ifndef QCC_DIALECTS_QNN_WINOGRAD_H
#define QCC_DIALECTS_QNN_WINOGRAD_H

#include "dialects/qnn/QnnDialect.h"

namespace qcc::qnn::winograd_f4 {

inline constexpr int64_t side = 6, taps = side * side; // of transformed codes
inline constexpr int64_t outputs = 4;                  // of a tile, along each axis

inline constexpr int64_t leastWeightShift = -8, mostFraction = 15;
inline constexpr int64_t codeFactors[] = {1, 3, 5, 7};

/// The matrices of some points, and what shifts of 16 and 32 bits leave room for.
struct Transforms {
  int64_t codeMatrix[side][side]; ///< B^T
  int64_t weightMatrix[side][3];  ///< G, `weightScale` times over
  int64_t weightScale;
  int64_t outputMatrix[outputs][side]; ///< A^T
  int64_t mostCodeShift, mostWeightShift;

  int64_t filterScale() const { return weightScale * weightScale; }
  /// G g G^T of a 3x3 filter, `filterScale` times over: exact for integers.
  template <typename Number> std::array<Number, taps> transformFilter(const Number (&filter)[9]) const {
    Number columns[side][3] = {};
    for (int64_t i = 0; i < side; ++i)
      for (int64_t x = 0; x < 3; ++x)
        for (int64_t y = 0; y < 3; ++y)
          columns[i][x] += static_cast<Number>(weightMatrix[i][y]) * filter[3 * y + x];
    std::array<Number, taps> transformed{};
    for (int64_t tap = 0; tap < taps; ++tap)
      for (int64_t x = 0; x < 3; ++x)
        transformed[tap] += static_cast<Number>(weightMatrix[tap % side][x]) * columns[tap / side][x];
    return transformed;
  }
  /// `clamp(round(transformed / (filterScale * factor) * 2^shift))` to `bits` bits with a sign, ties rounded up.
  int64_t quantizeWeight(int64_t transformed, int64_t factor, int64_t shift, int64_t bits) const;
  /// How much codes grow at a tap: `|(B^T x B)[i, j]|` is at most so many times the largest `|x|`.
  int64_t codeGrowth(int64_t tap) const;
  /// The factor of a tap's sums in output `pixel` of a tile, row by row.
  int64_t outputFactor(int64_t pixel, int64_t tap) const {
    return outputMatrix[pixel / outputs][tap / side] * outputMatrix[pixel % outputs][tap % side];
  }
};
const Transforms &transformsOf(WinogradPoints points);

/// U of an output channel and an input channel of its group, whose filter's integers, less their zero, are `filter`:
/// the weights that the algorithm states, or those that it rounds.
std::array<int64_t, taps> tapWeights(AlgorithmAttr algorithm, int64_t output, int64_t input,
                                     const int64_t (&filter)[9]);

/// The largest magnitude that any number can get on the way from sums of products to the accumulator of output channel
/// `channel`. `filters` are its `[3, 3, depth]` integers, `largestCode` is the largest magnitude of a code less its
/// zero. What is far too large for 32 bits may be reported as smaller than it is, but as too large.
int64_t largestNumber(AlgorithmAttr algorithm, int64_t channel, llvm::ArrayRef<int64_t> filters, int64_t depth,
                      int64_t largestCode);

/// The largest number of 32 bits.
inline constexpr int64_t mostNumber = (int64_t(1) << 31) - 1;

} // namespace qcc::qnn::winograd_f4

#endif // QCC_DIALECTS_QNN_WINOGRAD_H
