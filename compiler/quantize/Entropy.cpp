// entropy: the range whose quantized distribution tells most about the values', by the divergence of Kullback and
// Leibler of histograms (Migacz 2017). Of fewer values than bins, as a channel of a filter has, that is not to be had:
// they keep their whole range.
#include "compiler/quantize/Quantizers.h"

using namespace mlir;
using namespace qcc::quantize;

static constexpr int64_t bins = 2048, stride = 8;

/// Counts of magnitudes in bins of equal width. Zeros, which are exact, are left out.
static std::vector<double> countMagnitudes(ArrayRef<WeightedValue> values, double largest) {
  std::vector<double> counts(bins);
  for (const WeightedValue &each : values)
    if (each.value != 0) {
      auto bin = static_cast<int64_t>(std::abs(each.value) / largest * bins);
      counts[std::min(bin, bins - 1)] += static_cast<double>(each.count);
    }
  return counts;
}

/// sum p log(p / q), where p are the counts of the first `width` bins and, in the last of them, of all beyond, and q is
/// what is left of them when their mass is spread evenly over the bins of each of `levels` levels that are not empty.
/// Mass that q has no place for counts as one value there.
static double divergence(ArrayRef<double> counts, int64_t width, int64_t levels) {
  double beyond = 0, total = 0, sum = 0;
  for (double count : counts.drop_front(width))
    beyond += count;
  for (double count : counts)
    total += count;
  double kept = std::max(total - beyond, 1.0);
  for (int64_t level = 0; level < levels; ++level) {
    ArrayRef<double> own = counts.slice(level * width / levels, (level + 1) * width / levels - level * width / levels);
    double mass = 0, occupied = 0;
    for (double count : own) {
      mass += count;
      occupied += count > 0;
    }
    for (auto [place, count] : llvm::enumerate(own)) {
      bool isLast = level == levels - 1 && place == own.size() - 1;
      double p = (count + (isLast ? beyond : 0)) / total;
      double q = (count > 0 ? mass / occupied : 1) / kept;
      if (p > 0)
        sum += p * std::log(p / q);
    }
  }
  return sum;
}

namespace {
class Entropy : public RangeQuantizer {
public:
  StringRef getName() const override { return "entropy"; }
  StringRef getDescription() const override { return "the least divergence of Kullback and Leibler"; }

  /// Both ends are cut at the same magnitude.
  ClipRange chooseRange(ArrayRef<WeightedValue> values, const FormatRequest &request) const override {
    ClipRange whole = wholeRange(values, request);
    double largest = std::max(-whole.low, whole.high);
    std::vector<double> counts = countMagnitudes(values, largest);
    if (llvm::accumulate(counts, 0.0) < bins)
      return whole;
    // Codes are for one sign or for two.
    auto steps = static_cast<int64_t>(countSteps(request));
    int64_t levels = whole.low < 0 && whole.high > 0 ? (steps + 1) / 2 : steps, best = bins;
    double least = std::numeric_limits<double>::infinity();
    for (int64_t width = llvm::alignTo(levels, stride); width <= bins; width += stride)
      if (double found = divergence(counts, width, levels); found < least) {
        least = found;
        best = width;
      }
    double clip = largest * static_cast<double>(best) / bins;
    return {std::max(whole.low, -clip), std::min(whole.high, clip)};
  }
};
} // namespace

const Quantizer &qcc::quantize::getEntropyQuantizer() {
  static const Entropy quantizer;
  return quantizer;
}
