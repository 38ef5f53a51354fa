#include "compiler/interpret/ResultStage.h"

#include "compiler/interpret/Arithmetic.h"
#include "compiler/interpret/Tensor.h"

#include <limits>

using namespace mlir;
using namespace qcc;
using namespace qcc::interpret;

ResultStage::ResultStage(qnn::NumberFormat output, qnn::Activation activation, qnn::RescaleAttr rescale,
                         ArrayRef<double> multipliers, int64_t outputChannel)
    : output(output), outputChannel(outputChannel), affine(output.isAffine()), overflow(rescale.getOverflow()),
      rounding(rescale.getRounding()), scale(output.getScale(outputChannel)), zero(output.getZeroPoint(outputChannel)),
      bounds(qnn::activationBounds(activation)), multipliers(multipliers.vec()) {
  std::tie(lowest, highest) = qnn::activationCodeRange(output, activation);
  if (overflow == qnn::Overflow::Wrap) {
    // Only the activation clamps; the format's own range does not.
    if (!std::isfinite(bounds.first))
      lowest = std::numeric_limits<int64_t>::min();
    if (!std::isfinite(bounds.second))
      highest = std::numeric_limits<int64_t>::max();
  }
  for (double multiplier : multipliers)
    fixedPoint.push_back(qnn::quantizeMultiplier(multiplier));
}

void ResultStage::divideBy(int64_t count) {
  for (double &multiplier : multipliers)
    multiplier /= static_cast<double>(count);
  for (qnn::Multiplier &multiplier : fixedPoint)
    multiplier = qnn::divideMultiplier(multiplier, count);
}

int64_t ResultStage::operator()(int32_t accumulator, int64_t channel) const {
  if (affine)
    return fromUnits(rescale(accumulator, fixedPoint[channel], rounding));
  return nearest(multipliers[channel] * scale * accumulator);
}

int64_t ResultStage::fromUnits256(int32_t units) const {
  if (affine)
    return fromUnits(roundingDivideByPowerOfTwo(units, 8));
  return nearest(scale / 256 * units);
}

int64_t ResultStage::fromUnits(int32_t units) const {
  int64_t code = std::clamp<int64_t>(wrap(zero + units), lowest, highest);
  if (overflow == qnn::Overflow::Saturate)
    return code;
  unsigned bits = output.getBits();
  return output.isSignedCode() ? llvm::SignExtend64(code, bits) : code & llvm::maskTrailingOnes<uint64_t>(bits);
}

int64_t ResultStage::nearest(double real) const {
  qnn::NumberFormat format = output;
  return format.encode(std::clamp(real, bounds.first, bounds.second), outputChannel);
}

int64_t interpret::clampCode(int64_t code, qnn::NumberFormat format, qnn::Activation activation) {
  if (activation == qnn::Activation::None)
    return code;
  if (format.isAffine()) {
    auto [lowest, highest] = qnn::activationCodeRange(format, activation);
    return std::clamp(code, lowest, highest);
  }
  auto [lowest, highest] = qnn::activationBounds(activation);
  return format.encode(std::clamp(format.decode(code), lowest, highest));
}

float interpret::clampFloat(float value, qnn::Activation activation) {
  auto [lowest, highest] = qnn::activationBounds(activation);
  return std::clamp(value, static_cast<float>(lowest), static_cast<float>(highest));
}
