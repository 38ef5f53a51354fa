// min_max: the format's range is the range of the values. Formats of one magnitude have the best one.
#include "compiler/quantize/Quantizer.h"
#include "dialects/qnn/QnnDialect.h"

#include <algorithm>
#include <cmath>

using namespace mlir;
using namespace qcc;
using namespace qcc::quantize;

/// The error of rounding to steps of a scale is uniform: its square is scale^2 / 12 in the mean.
static double roundingError(double scale) { return scale * scale / 12; }

static FittedFormat fitSymmetric(const Statistics &statistics, const FormatRequest &request) {
  double largest = std::max(std::abs(statistics.minimum), std::abs(statistics.maximum));
  double scale = largest / static_cast<double>(llvm::maxIntN(request.precision.bits));
  // Zeros alone fit any scale.
  return {makeAffineFormat(request, largest > 0 ? scale : 1, 0), roundingError(scale)};
}

static FittedFormat fitAffine(const Statistics &statistics, const FormatRequest &request) {
  double minimum = std::min(statistics.minimum, 0.0), maximum = std::max(statistics.maximum, 0.0);
  int64_t highest = llvm::maxIntN(request.precision.bits), lowest = llvm::minIntN(request.precision.bits);
  if (minimum == maximum)
    return {makeAffineFormat(request, 1, 0), 0};
  double scale = (maximum - minimum) / static_cast<double>(highest - lowest);
  // The code of zero is rounded, so that zero is exact; the range moves by at most half a step.
  double zero = std::round(static_cast<double>(lowest) - minimum / scale);
  return {makeAffineFormat(request, scale, std::clamp(static_cast<int64_t>(zero), lowest, highest)),
          roundingError(scale)};
}

/// The best alpha for given signs is the mean magnitude (Rastegari et al. 2016).
static FittedFormat fitBinary(const Statistics &statistics, const FormatRequest &request) {
  double alpha = statistics.meanMagnitude > 0 ? statistics.meanMagnitude : 1;
  double spread = std::max(std::abs(statistics.minimum), std::abs(statistics.maximum)) - alpha;
  return {qnn::BinaryType::get(request.context, -1, DenseF64ArrayAttr::get(request.context, alpha)), spread * spread};
}

/// The squared error of a ternary format for magnitudes of values, of which those above alpha / 2 become alpha.
static double ternaryError(ArrayRef<float> values, double alpha) {
  double sum = 0;
  for (float value : values) {
    double magnitude = std::abs(value), rest = 2 * magnitude >= alpha ? magnitude - alpha : magnitude;
    sum += rest * rest;
  }
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

/// Of values above a threshold, the mean magnitude is the best alpha, and for a given alpha the best threshold is its
/// half. Both in turn, from the threshold 0.7 mean|w| (Li et al. 2016), until no value changes sides: the error never
/// grows on the way.
static FittedFormat fitTernary(const Statistics &statistics, const FormatRequest &request) {
  double alpha = 0, threshold = 0.7 * statistics.meanMagnitude;
  for (int64_t count = -1, before = -2; count != before && threshold > 0;) {
    double sum = 0;
    before = std::exchange(count, 0);
    for (float value : statistics.samples)
      if (std::abs(value) >= threshold) {
        sum += std::abs(value);
        ++count;
      }
    if (count)
      alpha = sum / static_cast<double>(count);
    threshold = alpha / 2;
  }
  if (!(alpha > 0))
    alpha = 1;
  return {qnn::TernaryType::get(request.context, -1, DenseF64ArrayAttr::get(request.context, alpha)),
          ternaryError(statistics.samples, alpha)};
}

namespace {
class MinMax : public Quantizer {
public:
  StringRef getName() const override { return "min_max"; }
  /// Ternary codes are fitted to all values.
  int64_t getSampleLimit(Precision precision) const override { return precision.isTernary ? INT64_MAX : 0; }
  FittedFormat fit(const Statistics &statistics, const FormatRequest &request) const override {
    if (request.precision.isTernary)
      return fitTernary(statistics, request);
    if (request.precision.isBinary())
      return fitBinary(statistics, request);
    return request.symmetric ? fitSymmetric(statistics, request) : fitAffine(statistics, request);
  }
};
} // namespace

const Quantizer &qcc::quantize::getMinMaxQuantizer() {
  static const MinMax quantizer;
  return quantizer;
}
