// mse: the range of least squared error on the values, by search.
#include "compiler/quantize/Quantizers.h"

using namespace mlir;
using namespace qcc::quantize;

namespace {
/// A range and what it costs.
struct Candidate {
  ClipRange range;
  double error;
};

class Search {
public:
  Search(ArrayRef<WeightedValue> values, const FormatRequest &request)
      : values(values), request(request), best(measure(wholeRange(values, request))) {}

  ClipRange run() {
    shrink([](ClipRange range, double factor) { return ClipRange{range.low * factor, range.high * factor}; });
    if (!request.symmetric && best.range.low < 0 && best.range.high > 0)
      for (int round = 0; round < 2; ++round) {
        ClipRange whole = wholeRange(values, request);
        best.range.low = whole.low;
        shrink([](ClipRange range, double factor) { return ClipRange{range.low * factor, range.high}; });
        best.range.high = whole.high;
        shrink([](ClipRange range, double factor) { return ClipRange{range.low, range.high * factor}; });
      }
    adjust();
    fitScale();
    return best.range;
  }

private:
  Candidate measure(const ClipRange &range) const {
    return {range, sumSquaredErrors(values, makeGrid(range, request))};
  }

  /// Tries ever smaller parts of the range. The error is near its least for a while, and rises steeply once the range
  /// is well within the bulk of the values.
  template <typename Scale> void shrink(Scale scale) {
    constexpr double ratio = 0.97, hopeless = 4;
    ClipRange whole = best.range;
    best = measure(whole);
    for (double factor = ratio; factor > 1e-6; factor *= ratio) {
      Candidate candidate = measure(scale(whole, factor));
      if (candidate.error < best.error)
        best = candidate;
      else if (candidate.error > hopeless * best.error)
        break;
    }
  }

  /// Tries ranges near the best one.
  void adjust() {
    constexpr int steps = 15;
    ClipRange middle = best.range;
    for (int step = -steps; step <= steps; ++step) {
      double factor = 1 + 0.03 * step / steps;
      if (Candidate candidate = measure({middle.low * factor, middle.high * factor}); candidate.error < best.error)
        best = candidate;
    }
  }

  /// For given codes, the best scale is that of least squares, <x, q> / <q, q>; then codes may change. Neither step
  /// can raise the error.
  void fitScale() {
    for (int step = 0; step < 50; ++step) {
      Grid grid = makeGrid(best.range, request);
      double products = 0, squares = 0;
      for (const WeightedValue &each : values) {
        double code = grid.round(each.value) / grid.scale;
        products += each.value * code * static_cast<double>(each.count);
        squares += code * code * static_cast<double>(each.count);
      }
      if (!(products > 0 && squares > 0))
        return;
      double scale = products / squares;
      Candidate candidate = measure({static_cast<double>(grid.lowest - grid.zero) * scale,
                                     static_cast<double>(grid.highest - grid.zero) * scale});
      if (candidate.error >= best.error)
        return;
      best = candidate;
    }
  }

  ArrayRef<WeightedValue> values;
  const FormatRequest &request;
  Candidate best;
};

class MeanSquaredError : public RangeQuantizer {
public:
  StringRef getName() const override { return "mse"; }
  StringRef getDescription() const override { return "the least squared error, by search"; }
  ClipRange chooseRange(ArrayRef<WeightedValue> values, const FormatRequest &request) const override {
    return Search(values, request).run();
  }
};
} // namespace

const Quantizer &qcc::quantize::getMeanSquaredErrorQuantizer() {
  static const MeanSquaredError quantizer;
  return quantizer;
}
