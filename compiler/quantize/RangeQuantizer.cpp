#include "compiler/quantize/RangeQuantizer.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace qcc::quantize;

double qcc::quantize::sumSquaredErrors(ArrayRef<WeightedValue> values, const Grid &grid) {
  double sum = 0;
  for (const WeightedValue &each : values) {
    double error = each.value - grid.round(each.value);
    sum += error * error * static_cast<double>(each.count);
  }
  return sum;
}

static Grid emptyGrid(const FormatRequest &request) {
  auto [lowest, highest] = affineCodes(request);
  return {1, 0, lowest, highest};
}

double qcc::quantize::countSteps(const FormatRequest &request) {
  Grid grid = emptyGrid(request);
  return static_cast<double>(grid.highest - grid.lowest);
}

/// The grid of that scale whose lowest code stands for the lower end of a range, as nearly as zero is exact.
static Grid makeGrid(const ClipRange &range, double scale, const FormatRequest &request) {
  Grid grid = emptyGrid(request);
  grid.scale = scale;
  if (!request.symmetric)
    grid.zero = static_cast<int64_t>(std::clamp(std::round(static_cast<double>(grid.lowest) - range.low / scale),
                                                static_cast<double>(grid.lowest), static_cast<double>(grid.highest)));
  return grid;
}

Grid qcc::quantize::makeGrid(const ClipRange &range, const FormatRequest &request) {
  if (range.width() <= 0)
    return emptyGrid(request);
  return ::makeGrid(range, range.width() / countSteps(request), request);
}

ClipRange qcc::quantize::wholeRange(ArrayRef<WeightedValue> values, const FormatRequest &request) {
  double low = std::min<double>(values.front().value, 0), high = std::max<double>(values.back().value, 0);
  if (request.symmetric)
    high = std::max(-low, high), low = -high;
  return {low, high};
}

static FittedFormat measure(ArrayRef<WeightedValue> values, const Grid &grid, const FormatRequest &request) {
  Type type = makeAffineFormat(request, grid.scale, grid.zero);
  return {type, meanSquaredError(values, type)};
}

FittedFormat RangeQuantizer::fit(const Statistics &statistics, const FormatRequest &request) const {
  std::vector<WeightedValue> values = statistics.getDistribution();
  if (request.precision.isTernary || request.precision.isBinary())
    return fitMagnitude(values, request);
  if (request.precision.isBasis)
    return fitBasis(values, request);
  // The ends are exact, where those of a histogram are not.
  values.front().value = static_cast<float>(statistics.minimum);
  values.back().value = static_cast<float>(statistics.maximum);
  std::vector<WeightedValue> inRange = values;
  if (request.precision.isUnsigned)
    for (WeightedValue &each : inRange)
      each.value = std::max(each.value, 0.0f);
  if (inRange.front().value == 0 && inRange.back().value == 0)
    return measure(values, emptyGrid(request), request);
  ClipRange range = chooseRange(inRange, request);
  FittedFormat fitted = measure(values, makeGrid(range, request), request);
  if (!request.powerOfTwoScale)
    return fitted;
  int exponent = std::ilogb(makeGrid(range, request).scale);
  FittedFormat lower = measure(values, ::makeGrid(range, std::ldexp(1.0, exponent), request), request);
  FittedFormat upper = measure(values, ::makeGrid(range, std::ldexp(1.0, exponent + 1), request), request);
  return lower.squaredError <= upper.squaredError ? lower : upper;
}
