#include "compiler/quantize/GivenThresholds.h"

#include "mlir/IR/Diagnostics.h"

#include <cmath>

using namespace mlir;
using namespace qcc::quantize;

/// The least f32 above a number.
static float nextAbove(double number) {
  auto rounded = static_cast<float>(number);
  return static_cast<double>(rounded) > number ? rounded : std::nextafter(rounded, HUGE_VALF);
}

FailureOr<GivenThresholds> qcc::quantize::thresholdsOf(const N2uqParameters &parameters, StringRef layer,
                                                       Location location) {
  auto error = [&] { return emitError(location) << "the thresholds of '" << layer << "' "; };
  for (double scale : {parameters.inputScale, parameters.outputScale})
    if (!(scale > 0) || !std::isfinite(scale))
      return error() << "have a scale of " << scale << "; expects positive numbers";
  if (!std::isfinite(parameters.start))
    return error() << "begin at " << parameters.start << "; expects a number";
  GivenThresholds result;
  double end = parameters.start; // of the interval before
  for (double width : parameters.widths) {
    if (!(width > 0) || !std::isfinite(width))
      return error() << "are out of order: interval " << result.numbers.size() + 1 << " has a width of " << width
                     << "; expects positive numbers";
    float threshold = nextAbove((end + width / 2) / parameters.inputScale);
    if (!std::isfinite(threshold))
      return error() << "leave the range of f32 in interval " << result.numbers.size() + 1;
    result.numbers.push_back(threshold);
    end += width;
  }
  result.scale = parameters.outputScale / static_cast<double>(parameters.widths.size());
  return result;
}
