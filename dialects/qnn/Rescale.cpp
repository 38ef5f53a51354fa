#include "dialects/qnn/Rescale.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace qcc::qnn;

Multiplier qcc::qnn::quantizeMultiplier(double real) {
  Multiplier result;
  if (!(real > 0)) // Nor a quotient of scales that f32 cannot hold.
    return result;
  if (real >= double(1 << 30))
    return {INT32_MAX, 30};
  int exponent;
  int64_t mantissa = std::llround(std::ldexp(std::frexp(real, &exponent), 31));
  if (mantissa == int64_t(1) << 31) {
    mantissa /= 2;
    ++exponent;
  }
  if (exponent < -31)
    return result;
  return {static_cast<int32_t>(mantissa), exponent};
}

Multiplier qcc::qnn::divideMultiplier(Multiplier multiplier, int64_t count) {
  int shift = std::min({static_cast<int>(llvm::Log2_64(count)), 32, 31 + multiplier.exponent});
  int64_t mantissa = (int64_t(multiplier.mantissa) << shift) / count;
  return {static_cast<int32_t>(mantissa), multiplier.exponent - shift};
}

double qcc::qnn::contractionMultiplier(NumberFormat lhs, NumberFormat rhs, int64_t channel, NumberFormat output,
                                       ScaleProduct product) {
  double a = lhs.getScale(0), b = rhs.getScale(channel), c = output.getScale(0);
  float narrow = static_cast<float>(a) * static_cast<float>(b);
  switch (product) {
  case ScaleProduct::F64:
    return a * b / c;
  case ScaleProduct::F32:
    return narrow / c;
  case ScaleProduct::F32Quotient:
    return narrow / static_cast<float>(c);
  }
  llvm_unreachable("unknown scale product");
}

GroupFactors qcc::qnn::groupFactors(NumberFormat lhs, NumberFormat rhs, ArrayRef<float> scales, int64_t channels,
                                    int64_t products) {
  constexpr int64_t largestFactor = UINT8_MAX;
  GroupFactors result;
  if (channels == 0)
    return result;
  auto groups = static_cast<int64_t>(scales.size()) / channels;
  int64_t largestSum = products * lhs.getLargestInteger() * rhs.getLargestInteger();
  // What is shifted is rounded up at most.
  while (result.shift < 31 && largestFactor * ((largestSum >> result.shift) + groups) > INT32_MAX)
    ++result.shift;
  for (int64_t o = 0; o < channels; ++o) {
    ArrayRef<float> own = scales.slice(o * groups, groups);
    double largest = own.empty() ? 0 : *llvm::max_element(own);
    for (float scale : own)
      result.factors.push_back(static_cast<uint8_t>(std::lround(largestFactor * (scale / largest))));
    result.units.push_back(std::ldexp(lhs.getScale(0) * largest / largestFactor, result.shift));
  }
  return result;
}

std::pair<double, double> qcc::qnn::activationBounds(Activation activation) {
  switch (activation) {
  case Activation::None:
    return {-HUGE_VAL, HUGE_VAL};
  case Activation::Relu:
    return {0, HUGE_VAL};
  case Activation::Relu6:
    return {0, 6};
  case Activation::ReluN1To1:
    return {-1, 1};
  }
  llvm_unreachable("unknown activation");
}

std::pair<int64_t, int64_t> qcc::qnn::activationCodeRange(NumberFormat output, Activation activation) {
  auto [low, high] = output.getCodeRange();
  auto [minimum, maximum] = activationBounds(activation);
  auto codeOf = [&](double bound) -> int64_t {
    if (!output.isAffine())
      return output.encode(bound);
    float scaled = std::round(static_cast<float>(bound) / static_cast<float>(output.getScale(0)));
    return output.getZeroPoint(0) + static_cast<int64_t>(std::clamp(scaled, -2147483648.0f, 2147483520.0f));
  };
  if (std::isfinite(minimum))
    low = std::clamp(codeOf(minimum), low, high);
  if (std::isfinite(maximum))
    high = std::clamp(codeOf(maximum), low, high);
  return {low, high};
}
