// A plane f, factors and offset together, has floor(f(x, y)) = v at every point with value v if and only if
//   v <= f(x, y)  where v is not the lowest value, and  f(x, y) < v + 1  where it is not the highest
// (beyond those, the clamp decides). For fixed factors, these are bounds on the offset: the factors are good if the
// room between the highest lower and the lowest upper bound is not empty. The room is a concave function of the
// factors, and the bounds that meet at one pair of factors limit it everywhere: cutting planes lead to its top, and
// then tell which integer factors near it are worth a look at all points.
#include "compiler/layout/FitCodes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

using namespace qcc::layout;

/// What a plane is at the four corners of its points, in order.
static std::array<int64_t, 4> cornersOf(CodeRange xs, CodeRange ys, int64_t xFactor, int64_t yFactor, int64_t offset) {
  std::array<int64_t, 4> corners{};
  size_t i = 0;
  for (int64_t x : {xs.first, xs.last()})
    for (int64_t y : {ys.first, ys.last()})
      corners[i++] = x * xFactor + y * yFactor + offset;
  std::sort(corners.begin(), corners.end());
  return corners;
}

int32_t FittedCodes::apply(int64_t x, int64_t y) const {
  int64_t sum = x * xFactor + y * yFactor + offset;
  return static_cast<int32_t>(std::clamp<int64_t>(sum >> shift, low, high));
}

std::pair<int64_t, int64_t> FittedCodes::planeRange(CodeRange xs, CodeRange ys) const {
  std::array<int64_t, 4> corners = cornersOf(xs, ys, xFactor, yFactor, offset);
  return {corners.front() >> shift, corners.back() >> shift};
}

namespace {

/// A bound on the offset that a point sets: `limit * unit - x * xFactor - y * yFactor`, where `unit` is what one step
/// of the function's value is worth.
struct Bound {
  int64_t x, y, limit;
  template <typename Number> Number at(Number xFactor, Number yFactor, Number unit) const {
    return static_cast<Number>(limit) * unit - static_cast<Number>(x) * xFactor - static_cast<Number>(y) * yFactor;
  }
};

/// Offsets from `low.at(...)` to below `high.at(...)` are good.
struct Room {
  Bound low, high;
};

class Fit {
public:
  explicit Fit(const CodeFunction &function);
  std::optional<FittedCodes> run();

private:
  bool estimateFactors();
  template <typename Number> Room roomAt(Number xFactor, Number yFactor, Number unit) const;
  /// At least the room at these factors, as far as the cuts know.
  template <typename Number> Number estimateRoom(Number xFactor, Number yFactor, Number unit) const;
  double bestY(double xFactor) const;
  bool raiseToTop();
  void cut(const Room &room) {
    lows.push_back(room.low);
    highs.push_back(room.high);
  }
  double largestSum() const;
  std::optional<FittedCodes> tryShift(int shift);

  const CodeFunction &function;
  int32_t low, high;
  double startX = 0, startY = 0, radius = 0; // real factors are looked for in this square
  double xFactor = 0, yFactor = 0;           // the best so far
  std::vector<Bound> lows, highs;
};

Fit::Fit(const CodeFunction &function) : function(function) {
  auto [least, most] = std::minmax_element(function.values.begin(), function.values.end());
  low = *least;
  high = *most;
}

/// Least squares over the points that no clamp can have moved.
bool Fit::estimateFactors() {
  double n = 0, sx = 0, sy = 0, sv = 0, sxx = 0, sxy = 0, syy = 0, sxv = 0, syv = 0;
  const int32_t *value = function.values.data();
  for (int64_t i = 0; i < function.xs.count; ++i)
    for (int64_t j = 0; j < function.ys.count; ++j, ++value)
      if (*value > low && *value < high) {
        double x = static_cast<double>(i), y = static_cast<double>(j), v = *value;
        n += 1, sx += x, sy += y, sv += v, sxx += x * x, sxy += x * y, syy += y * y, sxv += x * v, syv += y * v;
      }
  if (n < 3)
    return false;
  sxx -= sx * sx / n, sxy -= sx * sy / n, syy -= sy * sy / n, sxv -= sx * sv / n, syv -= sy * sv / n;
  if (function.ys.count == 1) {
    startX = sxv / sxx;
  } else {
    double determinant = sxx * syy - sxy * sxy;
    if (!(determinant > 1e-6 * sxx * syy))
      return false;
    startX = (sxv * syy - syv * sxy) / determinant;
    startY = (syv * sxx - sxv * sxy) / determinant;
  }
  // Rounding moves the values by up to a half, so the estimate is off by a few parts of one over the points' spread.
  radius = 8 / std::sqrt(std::max(1.0, std::min(sxx, function.ys.count == 1 ? sxx : syy)));
  return std::isfinite(startX) && std::isfinite(startY);
}

template <typename Number> Room Fit::roomAt(Number xFactor, Number yFactor, Number unit) const {
  Room room{};
  Number lowest = std::numeric_limits<Number>::max(), highest = std::numeric_limits<Number>::lowest();
  const int32_t *value = function.values.data();
  for (int64_t x = function.xs.first; x <= function.xs.last(); ++x)
    for (int64_t y = function.ys.first; y <= function.ys.last(); ++y, ++value) {
      Number bound = Bound{x, y, *value}.at(xFactor, yFactor, unit);
      if (*value > low && bound > highest) {
        highest = bound;
        room.low = {x, y, *value};
      }
      if (*value < high && bound + unit < lowest) {
        lowest = bound + unit;
        room.high = {x, y, int64_t(*value) + 1};
      }
    }
  return room;
}

template <typename Number> Number Fit::estimateRoom(Number xFactor, Number yFactor, Number unit) const {
  Number lowest = std::numeric_limits<Number>::max(), highest = std::numeric_limits<Number>::lowest();
  for (const Bound &bound : lows)
    highest = std::max(highest, bound.at(xFactor, yFactor, unit));
  for (const Bound &bound : highs)
    lowest = std::min(lowest, bound.at(xFactor, yFactor, unit));
  return lowest - highest;
}

/// Where a concave function of one number is largest within `radius` of `centre`.
template <typename Function> static double argmax(double centre, double radius, Function function) {
  double from = centre - radius, to = centre + radius;
  for (int step = 0; step < 60 && to - from > 1e-12; ++step) {
    double a = from + (to - from) * 0.4, b = from + (to - from) * 0.6;
    (function(a) < function(b) ? from : to) = function(a) < function(b) ? a : b;
  }
  return (from + to) / 2;
}

double Fit::bestY(double x) const {
  if (function.ys.count == 1)
    return 0;
  return argmax(startY, radius, [&](double y) { return estimateRoom(x, y, 1.0); });
}

/// Moves the factors to where the room is about as large as it gets; false if there is none.
bool Fit::raiseToTop() {
  constexpr int maxCuts = 48;
  double best = -HUGE_VAL, x = startX, y = startY;
  for (int i = 0; i < maxCuts; ++i) {
    Room room = roomAt(x, y, 1.0);
    double size = room.high.at(x, y, 1.0) - room.low.at(x, y, 1.0);
    cut(room);
    if (size > best) {
      best = size;
      xFactor = x;
      yFactor = y;
    }
    x = argmax(startX, radius, [&](double at) { return estimateRoom(at, bestY(at), 1.0); });
    y = bestY(x);
    double limit = estimateRoom(x, y, 1.0);
    if (limit <= 0)
      return false;
    if (best > 0.75 * limit)
      return true;
  }
  return best > 0;
}

/// The largest magnitude of the plane at all points, for the factors where the room is largest.
double Fit::largestSum() const {
  double offset = lows.empty() ? 0 : -HUGE_VAL;
  for (const Bound &bound : lows)
    offset = std::max(offset, bound.at(xFactor, yFactor, 1.0));
  double largest = 1;
  for (int64_t x : {function.xs.first, function.xs.last()})
    for (int64_t y : {function.ys.first, function.ys.last()})
      largest =
          std::max(largest, std::abs(static_cast<double>(x) * xFactor + static_cast<double>(y) * yFactor + offset));
  return largest;
}

/// Integer factors for one shift: the best of those near the real ones, as far as the cuts know, until one is good at
/// all points or none is left.
std::optional<FittedCodes> Fit::tryShift(int shift) {
  constexpr int64_t reach = 12;
  constexpr int maxCuts = 200;
  int64_t unit = int64_t(1) << shift;
  int64_t x0 = std::llround(xFactor * static_cast<double>(unit)),
          y0 = std::llround(yFactor * static_cast<double>(unit));
  int64_t yReach = function.ys.count == 1 ? 0 : reach;
  for (int i = 0; i < maxCuts; ++i) {
    int64_t best = 0, bestX = 0, bestY = 0;
    for (int64_t x = x0 - reach; x <= x0 + reach; ++x)
      for (int64_t y = y0 - yReach; y <= y0 + yReach; ++y)
        if (int64_t size = estimateRoom(x, y, unit); size > best) {
          best = size;
          bestX = x;
          bestY = y;
        }
    if (best < 1)
      return std::nullopt;
    Room room = roomAt(bestX, bestY, unit);
    int64_t from = room.low.at(bestX, bestY, unit), to = room.high.at(bestX, bestY, unit);
    if (from >= to) {
      cut(room);
      continue;
    }
    int64_t offset = from + (to - from) / 2;
    std::array<int64_t, 4> corners = cornersOf(function.xs, function.ys, bestX, bestY, offset);
    auto is32 = [](int64_t number) { return number == static_cast<int32_t>(number); };
    if (!is32(bestX) || !is32(bestY) || !is32(offset) || !is32(corners.front()) || !is32(corners.back()))
      return std::nullopt;
    return FittedCodes{
        static_cast<int32_t>(bestX), static_cast<int32_t>(bestY), static_cast<int32_t>(offset), shift, low, high};
  }
  return std::nullopt;
}

std::optional<FittedCodes> Fit::run() {
  if (!estimateFactors() || !raiseToTop())
    return std::nullopt;
  int shift = std::min(30, 31 - static_cast<int>(std::ceil(std::log2(largestSum()))));
  return shift < 1 ? std::nullopt : tryShift(shift);
}
} // namespace

std::optional<FittedCodes> qcc::layout::fitCodes(const CodeFunction &function) {
  std::optional<FittedCodes> fitted = Fit(function).run();
  if (!fitted)
    return std::nullopt;
  // The proof: every value once.
  const int32_t *value = function.values.data();
  for (int64_t x = function.xs.first; x <= function.xs.last(); ++x)
    for (int64_t y = function.ys.first; y <= function.ys.last(); ++y)
      if (fitted->apply(x, y) != *value++)
        return std::nullopt;
  return fitted;
}
