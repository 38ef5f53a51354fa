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
  bool separates = true; // the points that it was searched for

  /// The offset in sums.
  double shift() const { return slope > 0 ? offset / slope : 0; }
};

/// Points from left to right, of which a line has to see those of one side of their convex hull only.
class Hull {
public:
  explicit Hull(bool isUpper) : side(isUpper ? 1 : -1) {}

  void add(Point point) {
    while (points.size() > 1 && !turns(points[points.size() - 2], points.back(), point))
      points.pop_back();
    points.push_back(point);
  }
  std::vector<Point> points;

private:
  bool turns(Point a, Point b, Point c) const {
    return side * ((b.code - a.code) * (c.sum - b.sum) - (c.code - b.code) * (b.sum - a.sum)) > 0;
  }
  double side;
};

/// Sums [first, last) of a channel, and what their line has to separate: it may not lie below one of `least`, and has
/// to lie below all of `most`. The codes at both ends of all are clamped to.
class Piece {
public:
  Piece(const CodesOfSums &channel, size_t first, size_t last) {
    ArrayRef<int32_t> codes = channel.codes;
    auto sumOf = [&](size_t i) { return static_cast<double>(channel.first) + static_cast<double>(i); };
    if (codes[first] > codes.front())
      least.add({sumOf(first), codes[first] - 0.5});
    for (size_t i = first + 1; i < last; ++i)
      if (codes[i] > codes[i - 1]) {
        least.add({sumOf(i), codes[i] - 0.5});
        most.add({sumOf(i - 1), codes[i - 1] + 0.5});
      }
    if (codes[last - 1] < codes.back())
      most.add({sumOf(last - 1), codes[last - 1] + 0.5});
    steepest = codes[last - 1] - codes[first] + 1;
  }

  /// The line for which there are most other offsets: their number is a concave function of the slope.
  RealLine separate() const {
    if (least.points.empty() && most.points.empty())
      return {};
    // All codes are one bound: any line beyond it.
    if (least.points.empty() || most.points.empty()) {
      Point bound = least.points.empty() ? most.points.back() : least.points.front();
      return {1, (least.points.empty() ? -0.5 : 0.5) + bound.code - bound.sum};
    }
    auto freedom = [&](double slope) {
      auto [low, high] = offsets(slope);
      return high - low;
    };
    double low = 0, high = steepest;
    constexpr int thirds = 100;
    for (int i = 0; i < thirds; ++i) {
      double a = low + (high - low) / 3, b = high - (high - low) / 3;
      bool rises = freedom(a) < freedom(b);
      (rises ? low : high) = rises ? a : b;
    }
    double slope = (low + high) / 2;
    constexpr double none = 1e-9; // of a code, where rounding errors of the search end
    auto [from, to] = offsets(slope);
    return {slope, (from + to) / 2, to - from > none};
  }

private:
  /// The offsets of lines with this slope that separate the points; the second is below the first if there are none.
  std::pair<double, double> offsets(double slope) const {
    double low = -HUGE_VAL, high = HUGE_VAL;
    for (Point point : least.points)
      low = std::max(low, point.code - slope * point.sum);
    for (Point point : most.points)
      high = std::min(high, point.code - slope * point.sum);
    return {low, high};
  }

  Hull least{/*isUpper=*/true}, most{/*isUpper=*/false};
  double steepest; // takes all codes between two sums
};

struct RealLines {
  RealLine below, line;
  int32_t knee = INT32_MIN;
};

/// The largest number for which it holds, if it holds for all smaller ones, in [low, high].
size_t largest(size_t low, size_t high, llvm::function_ref<bool(size_t)> holds) {
  while (low < high) {
    size_t middle = high - (high - low) / 2;
    if (holds(middle))
      low = middle;
    else
      high = middle - 1;
  }
  return low;
}

/// A leaky ReLU bends. So do, around 0, numbers exactly between two codes that are rounded away from zero.
RealLines separate(const CodesOfSums &channel) {
  size_t count = channel.codes.size();
  if (count == 0)
    return {};
  RealLine whole = Piece(channel, 0, count).separate();
  if (whole.separates)
    return {whole, whole};
  auto separates = [&](size_t first, size_t last) { return Piece(channel, first, last).separate().separates; };
  size_t longest = largest(1, count - 1, [&](size_t last) { return separates(0, last); });
  size_t shortest = count - largest(1, count - 1, [&](size_t length) { return separates(count - length, count); });
  if (shortest > longest)
    return {whole, whole};
  size_t knee = (shortest + longest) / 2;
  return {Piece(channel, 0, knee).separate(), Piece(channel, knee, count).separate(),
          static_cast<int32_t>(channel.first + static_cast<int64_t>(knee))};
}

/// Sums and offsets with this many fractional bits have 30 bits.
int64_t mostFraction(ArrayRef<CodesOfSums> channels, ArrayRef<RealLines> lines) {
  double most = 1;
  for (auto [channel, own] : llvm::zip_equal(channels, lines))
    for (double shift : {0.0, own.below.shift(), own.line.shift()})
      for (double sum : {0.0, static_cast<double>(channel.first),
                         static_cast<double>(channel.first) + static_cast<double>(channel.codes.size())})
        most = std::max(most, std::abs(sum + shift));
  constexpr int bits = 29;
  return std::clamp<int64_t>(bits - static_cast<int64_t>(std::ceil(std::log2(most))), 0, bits);
}

RescaleLine roundLine(const RealLine &line, int bits) {
  RescaleLine rounded;
  qnn::Multiplier multiplier = qnn::quantizeMultiplier(std::ldexp(line.slope, -bits));
  if (multiplier.mantissa > 0)
    rounded.multiplier = multiplier;
  rounded.offset = static_cast<int32_t>(std::llround(std::ldexp(line.shift(), bits)));
  return rounded;
}

/// The first sum that does not get its code, if there is one.
std::optional<int64_t> findMiss(const ChannelRescale &own, int64_t fraction, const CodesOfSums &channel) {
  auto isRange = [](const RescaleLine &line) {
    return line.multiplier.exponent >= -31 && line.multiplier.exponent < 0;
  };
  bool areRanges = isRange(own.below) && isRange(own.line);
  for (auto [i, code] : llvm::enumerate(channel.codes))
    if (int64_t sum = channel.first + static_cast<int64_t>(i); !areRanges || own.apply(sum, fraction) != code)
      return sum;
  return std::nullopt;
}

RescaleFit roundLines(ArrayRef<CodesOfSums> channels, ArrayRef<RealLines> lines, int64_t fraction) {
  RescaleFit fit{fraction, {}, {}};
  auto bits = static_cast<int>(fraction);
  for (auto [c, channel] : llvm::enumerate(channels)) {
    ChannelRescale own{roundLine(lines[c].below, bits), roundLine(lines[c].line, bits), lines[c].knee};
    if (!channel.codes.empty()) {
      own.low = channel.codes.front();
      own.high = channel.codes.back();
    }
    if (std::optional<int64_t> sum = findMiss(own, fraction, channel))
      fit.missed.push_back({static_cast<int64_t>(c), *sum});
    fit.channels.push_back(own);
  }
  return fit;
}

} // namespace

int64_t ChannelRescale::apply(int64_t sum, int64_t fraction) const {
  const RescaleLine &chosen = sum < knee ? below : line;
  auto x = static_cast<int32_t>((static_cast<uint32_t>(sum) << fraction) + static_cast<uint32_t>(chosen.offset));
  return std::clamp(qk::FixedPoint(chosen.multiplier, qnn::Rounding::Double).apply(x), low, high);
}

RescaleFit quantize::fitRescale(ArrayRef<CodesOfSums> channels) {
  auto lines = llvm::map_to_vector(channels, [](const CodesOfSums &channel) { return separate(channel); });
  int64_t most = mostFraction(channels, lines), shift = 0;
  for (const RealLines &own : lines)
    for (double slope : {own.below.slope, own.line.slope})
      if (slope > 0)
        shift = std::max<int64_t>(shift, -std::ilogb(slope));
  // Shorter shifts take fewer instructions.
  int64_t fraction = std::clamp<int64_t>(qk::narrowShifts - shift, 0, most);
  RescaleFit fit = roundLines(channels, lines, fraction);
  while (!fit.missed.empty() && fraction < most)
    fit = roundLines(channels, lines, ++fraction);
  return fit;
}
