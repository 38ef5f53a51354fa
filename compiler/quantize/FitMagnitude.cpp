// Formats of one magnitude, alpha, with a sign, or a sign or zero.
#include "compiler/quantize/RangeQuantizer.h"
#include "dialects/qnn/QnnDialect.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::quantize;

/// The mean magnitude of values from a threshold on, or 0 if there are none.
static double meanFrom(ArrayRef<WeightedValue> values, double threshold, int64_t &count) {
  double sum = 0;
  count = 0;
  for (const WeightedValue &each : values)
    if (std::abs(each.value) >= threshold) {
      sum += std::abs(each.value) * static_cast<double>(each.count);
      count += each.count;
    }
  return count ? sum / static_cast<double>(count) : 0;
}

/// Of values above a threshold, the mean magnitude is the best alpha, and for a given alpha the best threshold is its
/// half. Both in turn, from the threshold 0.7 mean|w| (Li et al. 2016), until no value changes sides: the error never
/// grows on the way.
static double ternaryAlpha(ArrayRef<WeightedValue> values) {
  int64_t count = -1, before = -2;
  double alpha = 0, threshold = 0.7 * meanFrom(values, 0, before);
  while (count != before && threshold > 0) {
    before = count;
    if (double mean = meanFrom(values, threshold, count); count)
      alpha = mean;
    threshold = alpha / 2;
  }
  return alpha;
}

FittedFormat qcc::quantize::fitMagnitude(ArrayRef<WeightedValue> values, const FormatRequest &request) {
  int64_t count;
  // The best alpha for given signs is the mean magnitude (Rastegari et al. 2016).
  double alpha = request.precision.isTernary ? ternaryAlpha(values) : meanFrom(values, 0, count);
  auto measure = [&](double magnitude) -> FittedFormat {
    auto alphas = DenseF64ArrayAttr::get(request.context, magnitude);
    Type type = request.precision.isTernary ? Type(qnn::TernaryType::get(request.context, -1, alphas))
                                            : Type(qnn::BinaryType::get(request.context, -1, alphas));
    return {type, meanSquaredError(values, type)};
  };
  // Zeros alone fit any magnitude.
  if (!(alpha > 0) || request.precision.inputScale != InputScale::Scalar)
    return measure(1);
  if (!request.powerOfTwoScale)
    return measure(alpha);
  FittedFormat lower = measure(std::ldexp(1.0, std::ilogb(alpha))), upper = measure(std::ldexp(2.0, std::ilogb(alpha)));
  return lower.squaredError <= upper.squaredError ? lower : upper;
}
