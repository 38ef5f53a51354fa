// percentile: of 10,000 values, the largest one at each end is clipped.
#include "compiler/quantize/Quantizers.h"

using namespace mlir;
using namespace qcc::quantize;

static constexpr double share = 0.9999;

/// The smallest value such that a share of all is not larger.
static double quantile(ArrayRef<WeightedValue> ascending, double share) {
  int64_t count = 0, reached = 0;
  for (const WeightedValue &each : ascending)
    count += each.count;
  for (const WeightedValue &each : ascending)
    if ((reached += each.count) >= share * static_cast<double>(count))
      return each.value;
  return ascending.back().value;
}

namespace {
class Percentile : public RangeQuantizer {
public:
  StringRef getName() const override { return "percentile"; }
  StringRef getDescription() const override { return "99.99 % of the values from each end"; }
  ClipRange chooseRange(ArrayRef<WeightedValue> values, const FormatRequest &request) const override {
    std::vector<WeightedValue> mirrored(values.rbegin(), values.rend());
    for (WeightedValue &each : mirrored)
      each.value = -each.value;
    if (!request.symmetric)
      return {std::min(-quantile(mirrored, share), 0.0), std::max(quantile(values, share), 0.0)};
    std::vector<WeightedValue> magnitudes(values);
    for (WeightedValue &each : magnitudes)
      each.value = std::abs(each.value);
    llvm::sort(magnitudes, [](const WeightedValue &a, const WeightedValue &b) { return a.value < b.value; });
    double high = quantile(magnitudes, share);
    return {-high, high};
  }
};
} // namespace

const Quantizer &qcc::quantize::getPercentileQuantizer() {
  static const Percentile quantizer;
  return quantizer;
}
