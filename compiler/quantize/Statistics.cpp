#include "compiler/quantize/Statistics.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"

#include <algorithm>
#include <cmath>

using namespace qcc::quantize;

//===-- Histogram ---------------------------------------------------------------------------===//

// A float is a sign, 8 bits of exponent and 23 of mantissa, of which the upper 9 stay: sign and exponent number the
// page, the bits of the mantissa the place in it.
static constexpr unsigned droppedBits = 14, placeBits = 9;
static constexpr uint32_t places = 1u << placeBits, negativePages = 1u << 8, infinityPage = 0xff;

std::vector<int64_t> &Histogram::pageOf(uint32_t number) {
  if (pages.empty())
    pages.resize(2 * negativePages);
  std::vector<int64_t> &page = pages[number];
  if (page.empty())
    page.resize(places);
  return page;
}

void Histogram::add(float value, int64_t count) {
  auto bits = llvm::bit_cast<uint32_t>(value == 0 ? 0.0f : value);
  uint32_t key = (bits + (1u << (droppedBits - 1))) >> droppedBits;
  if ((key >> placeBits) % negativePages == infinityPage) // The largest floats are rounded towards zero.
    --key;
  pageOf(key >> placeBits)[key % places] += count;
}

void Histogram::merge(const Histogram &other) {
  for (auto [number, counts] : llvm::enumerate(other.pages))
    if (!counts.empty())
      for (auto [own, added] : llvm::zip_equal(pageOf(number), counts))
        own += added;
}

std::vector<WeightedValue> Histogram::list() const {
  std::vector<WeightedValue> negative, result;
  for (auto [number, counts] : llvm::enumerate(pages))
    for (auto [place, count] : llvm::enumerate(counts))
      if (count) {
        auto bits = static_cast<uint32_t>(number << placeBits | place) << droppedBits;
        (number < negativePages ? result : negative).push_back({llvm::bit_cast<float>(bits), count});
      }
  // Of negative floats, larger codes are smaller numbers.
  result.insert(result.begin(), negative.rbegin(), negative.rend());
  return result;
}

//===-- Statistics --------------------------------------------------------------------------===//

void Statistics::add(llvm::ArrayRef<float> values) {
  double magnitudes = meanMagnitude * static_cast<double>(count);
  for (float value : values) {
    if (!std::isfinite(value)) {
      ++nonFinite;
      continue;
    }
    ++count;
    minimum = std::min<double>(minimum, value);
    maximum = std::max<double>(maximum, value);
    magnitudes += std::abs(value);
    if (keepsValues)
      kept.push_back(value);
    else
      histogram.add(value);
  }
  if (count)
    meanMagnitude = magnitudes / static_cast<double>(count);
}

std::optional<Statistics> Statistics::restore(double minimum, double maximum, double meanMagnitude,
                                              llvm::ArrayRef<WeightedValue> distribution) {
  constexpr int64_t mostValues = int64_t(1) << 62;
  Statistics result;
  for (const WeightedValue &each : distribution) {
    // Rounding moves values by 2^-10 at most.
    double slack = 0.002 * std::abs(each.value);
    if (!std::isfinite(each.value) || each.count < 1 || each.count > mostValues - result.count ||
        each.value < minimum - slack || each.value > maximum + slack)
      return std::nullopt;
    result.histogram.add(each.value, each.count);
    result.count += each.count;
  }
  bool isEmpty = result.count == 0;
  double most = std::max(std::abs(minimum), std::abs(maximum));
  if (!isEmpty && !(std::isfinite(minimum) && minimum <= maximum && std::isfinite(maximum) && meanMagnitude >= 0 &&
                    meanMagnitude <= most * 1.001))
    return std::nullopt;
  if (!isEmpty) {
    result.minimum = minimum;
    result.maximum = maximum;
    result.meanMagnitude = meanMagnitude;
  }
  return result;
}

void Statistics::merge(const Statistics &other) {
  minimum = std::min(minimum, other.minimum);
  maximum = std::max(maximum, other.maximum);
  nonFinite += other.nonFinite;
  if (other.count) {
    double share = static_cast<double>(other.count) / static_cast<double>(count + other.count);
    meanMagnitude += (other.meanMagnitude - meanMagnitude) * share;
    count += other.count;
  }
  if (keepsValues)
    llvm::append_range(kept, other.kept);
  else
    histogram.merge(other.histogram);
}

std::vector<WeightedValue> Statistics::getDistribution() const {
  if (!keepsValues)
    return histogram.list();
  std::vector<WeightedValue> result;
  for (float value : kept)
    result.push_back({value, 1});
  llvm::sort(result, [](const WeightedValue &a, const WeightedValue &b) { return a.value < b.value; });
  return result;
}
