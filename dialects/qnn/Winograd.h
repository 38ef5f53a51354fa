// Winograd's algorithms in numbers: their matrices, and of those that round, as `#qnn.algorithm` defines them, the
// weights and what sums these may give. Computed once at compile time; the arithmetic on codes is written separately in
// the interpreter and in the lowerings.
#ifndef QCC_DIALECTS_QNN_WINOGRAD_H
#define QCC_DIALECTS_QNN_WINOGRAD_H

#include "dialects/qnn/QnnDialect.h"

namespace qcc::qnn::winograd {

inline constexpr int64_t mostSide = 6, mostOutputs = 4, mostWeights = 3;
/// Taps of F(4x4, 3x3), and of F(4, 3) along one axis.
inline constexpr int64_t tapCounts[] = {mostSide * mostSide, mostSide};

inline constexpr int64_t leastWeightShift = -8, mostFraction = 15;
inline constexpr int64_t codeFactors[] = {1, 3, 5, 7};

/// How numbers are transformed along an axis: by F(2, 3) or F(4, 3) where a filter has three weights, and not at all
/// where it has one.
struct Axis {
  int64_t side;                                ///< of a tile of codes
  int64_t outputs;                             ///< of a tile
  int64_t codeMatrix[mostSide][mostSide];      ///< B^T
  int64_t weightMatrix[mostSide][mostWeights]; ///< G, `weightScale` times over
  int64_t weightScale;
  int64_t outputMatrix[mostOutputs][mostSide]; ///< A^T

  int64_t weights() const { return side - outputs + 1; }
  bool isTransformed() const { return side > 1; }
};

/// Those of both axes. Taps, like the codes and outputs of a tile and the weights of a filter, are counted row by row.
struct Transforms {
  const Axis &rows, &columns;

  int64_t taps() const { return rows.side * columns.side; }
  int64_t pixels() const { return rows.outputs * columns.outputs; }
  int64_t filterSize() const { return rows.weights() * columns.weights(); }
  /// Axes with a transform.
  int64_t axes() const { return static_cast<int64_t>(rows.isTransformed()) + columns.isTransformed(); }
  int64_t filterScale() const { return rows.weightScale * columns.weightScale; }
  /// The filter of an input channel, out of those of an output channel, `[height, width, depth]`.
  template <typename Number>
  llvm::SmallVector<int64_t> filterOf(llvm::ArrayRef<Number> filters, int64_t depth, int64_t input) const {
    llvm::SmallVector<int64_t> filter;
    for (int64_t k = 0; k < filterSize(); ++k)
      filter.push_back(filters[k * depth + input]);
    return filter;
  }
  /// G g G^T of a filter, `filterScale` times over: exact for integers.
  template <typename Number> llvm::SmallVector<Number> transformFilter(llvm::ArrayRef<Number> filter) const {
    llvm::SmallVector<Number> alongRows(rows.side * columns.weights(), 0), transformed(taps(), 0);
    for (int64_t i = 0; i < rows.side; ++i)
      for (int64_t x = 0; x < columns.weights(); ++x)
        for (int64_t y = 0; y < rows.weights(); ++y)
          alongRows[i * columns.weights() + x] +=
              static_cast<Number>(rows.weightMatrix[i][y]) * filter[y * columns.weights() + x];
    for (int64_t tap = 0; tap < taps(); ++tap)
      for (int64_t x = 0; x < columns.weights(); ++x)
        transformed[tap] += static_cast<Number>(columns.weightMatrix[tap % columns.side][x]) *
                            alongRows[tap / columns.side * columns.weights() + x];
    return transformed;
  }
  /// `clamp(round(transformed / (filterScale * factor) * 2^shift))` to `bits` bits with a sign, ties rounded up.
  int64_t quantizeWeight(int64_t transformed, int64_t factor, int64_t shift, int64_t bits) const;
  /// How much codes grow at a tap: `|(B^T x B)[i, j]|` is at most so many times the largest `|x|`.
  int64_t codeGrowth(int64_t tap) const;
  /// The same of weights and `filterScale` times G g G^T.
  int64_t weightGrowth(int64_t tap) const;
  /// The factor of a tap's sums in an output of a tile.
  int64_t outputFactor(int64_t pixel, int64_t tap) const {
    return rows.outputMatrix[pixel / columns.outputs][tap / columns.side] *
           columns.outputMatrix[pixel % columns.outputs][tap % columns.side];
  }
};

/// F(4, 3) at these points along the axes where a filter of such a size, 3x3, 1x3 or 3x1, has three weights.
Transforms transformsOf(WinogradPoints points, int64_t height, int64_t width);
/// What stays exact in integers of 16 bits: F(2x2, 3x3), or F(4, 3) along one axis.
Transforms exactTransforms(int64_t height, int64_t width);

/// True for 3x3, 1x3 and 3x1.
bool isTransformable(int64_t height, int64_t width);
/// Whether an algorithm, Winograd's or direct, computes filters of such a size, and, in words, those of which it does.
bool computes(AlgorithmKind kind, int64_t height, int64_t width);
llvm::StringRef filterSizesOf(AlgorithmKind kind);

/// The largest shifts of codes and of weights.
struct Shifts {
  int64_t ofCodes, ofWeights;
};
Shifts mostShifts(WinogradPoints points);

/// U of an output channel and an input channel of its group, whose filter's integers, less their zero, are `filter`:
/// the weights that the algorithm states, or those that it rounds.
llvm::SmallVector<int64_t> tapWeights(AlgorithmAttr algorithm, const Transforms &transforms, int64_t output,
                                      int64_t input, llvm::ArrayRef<int64_t> filter);

/// The largest magnitude that any number can get on the way from sums of products to the accumulator of output channel
/// `channel`. `filters` are its `[height, width, depth]` integers, `largestCode` is the largest magnitude of a code
/// less its zero. What is far too large for 32 bits may be reported as smaller than it is, but as too large.
int64_t largestNumber(AlgorithmAttr algorithm, const Transforms &transforms, int64_t channel,
                      llvm::ArrayRef<int64_t> filters, int64_t depth, int64_t largestCode);

/// The largest number of 32 bits.
inline constexpr int64_t mostNumber = (int64_t(1) << 31) - 1;

} // namespace qcc::qnn::winograd

#endif // QCC_DIALECTS_QNN_WINOGRAD_H
