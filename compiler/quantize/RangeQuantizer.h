// Quantizers that choose a range of numbers: what lies outside is clipped to its ends.
#ifndef QCC_COMPILER_QUANTIZE_RANGEQUANTIZER_H
#define QCC_COMPILER_QUANTIZE_RANGEQUANTIZER_H

#include "compiler/quantize/Quantizer.h"

namespace qcc::quantize {

/// `low <= 0 <= high`; of symmetric formats, `low == -high`.
struct ClipRange {
  double low = 0, high = 0;
  double width() const { return high - low; }
};

/// The codes of an affine format: `scale * (code - zero)`.
struct Grid {
  double scale = 1;
  int64_t zero = 0, lowest = 0, highest = 0;

  double round(double value) const {
    double code = value / scale;
    code = std::clamp(code, static_cast<double>(lowest - zero), static_cast<double>(highest - zero));
    return scale * static_cast<double>(static_cast<int64_t>(code + std::copysign(0.5, code)));
  }
};

/// The sum of the squared differences between values and their nearest numbers of a grid.
double sumSquaredErrors(llvm::ArrayRef<WeightedValue> values, const Grid &grid);

/// The steps between the codes of a format: `2^bits - 1`, or one less if symmetric.
double countSteps(const FormatRequest &request);

/// The grid of a range; the range moves by at most half a step, so that zero is exact. Of an empty range, scale 1.
Grid makeGrid(const ClipRange &range, const FormatRequest &request);

/// The range from the smallest to the largest value, and zero.
ClipRange wholeRange(llvm::ArrayRef<WeightedValue> values, const FormatRequest &request);

/// Fits formats to ranges. Scales that are to be powers of two are one of the two next to the range's, that with the
/// smaller error. Binary and ternary formats, which have no range, have the magnitude of least error.
class RangeQuantizer : public Quantizer {
public:
  FittedFormat fit(const Statistics &statistics, const FormatRequest &request) const override;

protected:
  /// The range for values in ascending order, of which not all are zero.
  virtual ClipRange chooseRange(llvm::ArrayRef<WeightedValue> values, const FormatRequest &request) const = 0;
};

/// The basis that LQ-Nets learns (LearnedBasis.h), with signs if symmetric.
FittedFormat fitBasis(llvm::ArrayRef<WeightedValue> values, const FormatRequest &request);

/// The binary or ternary format of least squared error (FitMagnitude.cpp).
FittedFormat fitMagnitude(llvm::ArrayRef<WeightedValue> values, const FormatRequest &request);

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_RANGEQUANTIZER_H
