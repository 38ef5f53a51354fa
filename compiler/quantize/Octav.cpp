// octav: the range of least expected error, by a recursion (Sakr et al. 2022).
//
// Of a range [l, h] of n steps, rounding costs (h - l)^2 / (12 n^2) for what lies inside, clipping (x - h)^2 for what
// lies above. The derivative by h is zero where
//   h = (E[x 1(x > h)] + l c P(inside)) / (P(x > h) + c P(inside)),  c = 1 / (12 n^2),
// and if l = -h (both ends move, and |x| stands for x) where
//   h = E[|x| 1(|x| > h)] / (P(|x| > h) + c P(inside)),  c = 1 / (3 n^2):
// the published c are those of n = 2^bits steps. Zeros, which are exact, are not inside.
#include "compiler/quantize/Quantizers.h"

using namespace mlir;
using namespace qcc::quantize;

namespace {
/// Sums over what lies beyond one end of a range.
struct Tail {
  double count = 0, sum = 0;
};

class Octav : public RangeQuantizer {
public:
  StringRef getName() const override { return "octav"; }
  StringRef getDescription() const override { return "the least expected error, by OCTAV's recursion"; }

  /// Where values lie far apart there are several ranges that the recursion ends at: that of the smaller error, from
  /// the mean magnitude or from the whole range.
  ClipRange chooseRange(ArrayRef<WeightedValue> values, const FormatRequest &request) const override {
    ClipRange first = converge(values, start(values, request.symmetric), request),
              second = converge(values, wholeRange(values, request), request);
    auto errorOf = [&](const ClipRange &range) { return sumSquaredErrors(values, makeGrid(range, request)); };
    return errorOf(first) <= errorOf(second) ? first : second;
  }

private:
  static ClipRange converge(ArrayRef<WeightedValue> values, ClipRange range, const FormatRequest &request) {
    ClipRange whole = wholeRange(values, request);
    // Newton's method: few steps are enough unless a range has next to no values.
    constexpr int mostSteps = 100;
    constexpr double tolerance = 1e-7;
    for (int step = 0; step < mostSteps; ++step) {
      ClipRange next = improve(values, range, request);
      next.low = std::clamp(next.low, whole.low, 0.0);
      next.high = std::clamp(next.high, 0.0, whole.high);
      double change = std::abs(next.low - range.low) + std::abs(next.high - range.high);
      range = next;
      if (change <= tolerance * range.width())
        break;
    }
    return range;
  }

  /// Mean magnitudes of what is not zero.
  static ClipRange start(ArrayRef<WeightedValue> values, bool symmetric) {
    Tail below = tail(values, [](double value) { return value < 0; });
    Tail above = tail(values, [](double value) { return value > 0; });
    if (symmetric) {
      double mean = (above.sum - below.sum) / (above.count + below.count);
      return {-mean, mean};
    }
    return {below.count ? below.sum / below.count : 0, above.count ? above.sum / above.count : 0};
  }

  static ClipRange improve(ArrayRef<WeightedValue> values, const ClipRange &range, const FormatRequest &request) {
    double steps = countSteps(request);
    Tail below = tail(values, [&](double value) { return value < range.low; });
    Tail above = tail(values, [&](double value) { return value > range.high; });
    Tail all = tail(values, [](double value) { return value != 0; });
    double inside = all.count - below.count - above.count;
    if (request.symmetric) {
      double high = (above.sum - below.sum) / (above.count + below.count + inside / (3 * steps * steps));
      return {-high, high};
    }
    double weight = inside / (12 * steps * steps);
    auto end = [&](const Tail &beyond, double other) {
      double total = beyond.count + weight;
      return total > 0 ? (beyond.sum + other * weight) / total : 0;
    };
    return {end(below, range.high), end(above, range.low)};
  }

  static Tail tail(ArrayRef<WeightedValue> values, llvm::function_ref<bool(double)> lies) {
    Tail result;
    for (const WeightedValue &each : values)
      if (lies(each.value)) {
        result.count += static_cast<double>(each.count);
        result.sum += static_cast<double>(each.value) * static_cast<double>(each.count);
      }
    return result;
  }
};
} // namespace

const Quantizer &qcc::quantize::getOctavQuantizer() {
  static const Octav quantizer;
  return quantizer;
}
