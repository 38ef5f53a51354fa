#include "compiler/quantize/FitRescale.h"

#include "dialects/qk/FixedPoint.h"
#include "dialects/qk/QkOps.h"

#include <cmath>

using namespace mlir;
using namespace qcc;
using namespace qcc::quantize;

namespace {

struct Point {
  double sum, code;
};

/// `code = slope * sum + offset` in real numbers.
struct RealLine {
  double slope = 0, offset = 0;
  /// In sums.
  double shift() const { return slope > 0 ? offset / slope : 0; }
};

/// What a line has to separate: it may not lie below one of `least`, and has to lie below all of `most`.
struct Steps {
  std::vector<Point> least, most;

  explicit Steps(const CodesOfSums &channel) {
    for (size_t i = 1; i < channel.codes.size(); ++i)
      if (channel.codes[i] > channel.codes[i - 1]) {
        auto sum = static_cast<double>(channel.first) + static_cast<double>(i);
        least.push_back({sum, channel.codes[i] - 0.5});
        most.push_back({sum - 1, channel.codes[i - 1] + 0.5});
      }
  }

  /// The offsets of lines with this slope that separate the points; the second is below the first if there are none.
  std::pair<double, double> offsets(double slope) const {
    double low = -HUGE_VAL, high = HUGE_VAL;
    for (Point point : least)
      low = std::max(low, point.code - slope * point.sum);
    for (Point point : most)
      high = std::min(high, point.code - slope * point.sum);
    return {low, high};
  }
};

/// The line for which there are most other offsets: their number is a concave function of the slope.
RealLine separate(const CodesOfSums &channel) {
  Steps steps(channel);
  if (steps.least.empty())
    return {};
  auto freedom = [&](double slope) {
    auto [low, high] = steps.offsets(slope);
    return high - low;
  };
  // A line this steep takes all codes between two sums.
  double low = 0, high = channel.codes.back() - channel.codes.front() + 1;
  constexpr int thirds = 100;
  for (int i = 0; i < thirds; ++i) {
    double a = low + (high - low) / 3, b = high - (high - low) / 3;
    (freedom(a) < freedom(b) ? low : high) = freedom(a) < freedom(b) ? a : b;
  }
  auto [least, most] = steps.offsets((low + high) / 2);
  return {(low + high) / 2, (least + most) / 2};
}

/// The first sum that does not get its code, if there is one.
std::optional<int64_t> findMiss(const RescaleLine &line, int64_t fraction, const CodesOfSums &channel) {
  bool isRange = line.multiplier.exponent >= -31 && line.multiplier.exponent <= -1;
  for (auto [i, code] : llvm::enumerate(channel.codes))
    if (int64_t sum = channel.first + static_cast<int64_t>(i); !isRange || line.apply(sum, fraction) != code)
      return sum;
  return std::nullopt;
}

/// Sums and offsets with this many fractional bits have 31 bits, with room for roundings.
int64_t mostFraction(ArrayRef<CodesOfSums> channels, ArrayRef<RealLine> lines) {
  double largest = 1;
  for (auto [channel, line] : llvm::zip_equal(channels, lines))
    for (int64_t sum : {channel.first, channel.first + static_cast<int64_t>(channel.codes.size())})
      largest = std::max({largest, std::abs(static_cast<double>(sum)),
                          std::abs(static_cast<double>(sum) + line.shift()), std::abs(line.shift())});
  constexpr int bits = 29;
  return std::clamp<int64_t>(bits - static_cast<int64_t>(std::ceil(std::log2(largest))), 0, bits);
}

RescaleFit roundLines(ArrayRef<CodesOfSums> channels, ArrayRef<RealLine> lines, int64_t fraction) {
  RescaleFit fit{fraction, {}, {}};
  auto bits = static_cast<int>(fraction);
  for (auto [c, channel] : llvm::enumerate(channels)) {
    RescaleLine line;
    if (!channel.codes.empty()) {
      line.low = channel.codes.front();
      line.high = channel.codes.back();
    }
    qnn::Multiplier multiplier = qnn::quantizeMultiplier(std::ldexp(lines[c].slope, -bits));
    if (multiplier.mantissa > 0)
      line.multiplier = multiplier;
    line.offset = static_cast<int32_t>(std::llround(std::ldexp(lines[c].shift(), bits)));
    if (std::optional<int64_t> sum = findMiss(line, fraction, channel))
      fit.missed.push_back({static_cast<int64_t>(c), *sum});
    fit.lines.push_back(line);
  }
  return fit;
}

} // namespace

int64_t RescaleLine::apply(int64_t sum, int64_t fraction) const {
  auto x = static_cast<int32_t>(static_cast<uint32_t>(sum) << fraction);
  x = static_cast<int32_t>(static_cast<uint32_t>(x) + static_cast<uint32_t>(offset));
  return std::clamp(qk::FixedPoint(multiplier, qnn::Rounding::Double).apply(x), low, high);
}

RescaleFit quantize::fitRescale(ArrayRef<CodesOfSums> channels) {
  SmallVector<RealLine> lines = llvm::map_to_vector(channels, separate);
  int64_t most = mostFraction(channels, lines), shift = 0;
  for (const RealLine &line : lines)
    if (line.slope > 0)
      shift = std::max<int64_t>(shift, -std::ilogb(line.slope));
  // Shorter shifts take fewer instructions.
  int64_t fraction = std::clamp<int64_t>(qk::narrowShifts - shift, 0, most);
  RescaleFit fit = roundLines(channels, lines, fraction);
  while (!fit.missed.empty() && fraction < most)
    fit = roundLines(channels, lines, ++fraction);
  return fit;
}
