#include "compiler/quantize/Statistics.h"

#include <algorithm>
#include <cmath>

using namespace qcc::quantize;

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
    if (sampleLimit)
      addSample(value);
  }
  if (count)
    meanMagnitude = magnitudes / static_cast<double>(count);
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
  if (sampleLimit)
    for (float value : other.samples)
      addSample(value);
}

// Vitter's algorithm R: the n-th value replaces one of the k chosen ones with probability k / n.
void Statistics::addSample(float value) {
  ++offered;
  if (static_cast<int64_t>(samples.size()) < sampleLimit) {
    samples.push_back(value);
    return;
  }
  // xorshift64
  randomState ^= randomState << 13;
  randomState ^= randomState >> 7;
  randomState ^= randomState << 17;
  uint64_t place = randomState % static_cast<uint64_t>(offered);
  if (place < samples.size())
    samples[place] = value;
}
