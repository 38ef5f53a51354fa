// dorefa: networks that were trained with DoReFa-Net's quantizers (Zhou et al. 2016, sections 2.3 and 2.4). Activations
// are clamped to [0, 1], whatever their values are. Binary weights have one magnitude, the mean of all in the layer.
// Weights of a basis are `2 round((2^bits - 1) (t / 2 + 1/2)) / (2^bits - 1) - 1` with `t = tanh(w) / max |tanh(w)|`:
// odd numbers of equal steps from -1 to 1, which are sums of signed powers of two. Other weights as min_max.
#include "compiler/quantize/Quantizers.h"
#include "dialects/qnn/QnnDialect.h"

#include <cmath>

using namespace mlir;
using namespace qcc;
using namespace qcc::quantize;

namespace {
class DoReFa : public RangeQuantizer {
public:
  StringRef getName() const override { return "dorefa"; }
  StringRef getDescription() const override {
    return "activations from 0 to 1, binary weights with one magnitude, and a basis for their tanh, as DoReFa-Net has "
           "them";
  }
  ClipRange chooseRange(ArrayRef<WeightedValue> values, const FormatRequest &request) const override {
    // round((2^bits - 1) clamp(x, 0, 1)) / (2^bits - 1)
    return request.symmetric ? wholeRange(values, request) : ClipRange{0, 1};
  }
  FittedFormat fit(const Statistics &statistics, const FormatRequest &request) const override;
  bool sharesFormat(const Precision &weights) const override { return weights.isBinary() || weights.isBasis; }
  std::vector<float> toRound(std::vector<float> filter, const Precision &weights) const override;
};
} // namespace

FittedFormat DoReFa::fit(const Statistics &statistics, const FormatRequest &request) const {
  if (!request.symmetric || !request.precision.isBasis)
    return RangeQuantizer::fit(statistics, request);
  SmallVector<int64_t> steps;
  for (unsigned bit = 0; bit < request.precision.bits; ++bit)
    steps.push_back(int64_t(1) << bit);
  double largest = std::exp2(request.precision.bits) - 1;
  Type type = qnn::BasisType::get(request.context, /*signs=*/true, DenseI64ArrayAttr::get(request.context, steps),
                                  /*axis=*/-1, DenseF64ArrayAttr::get(request.context, 1 / largest));
  return {type, meanSquaredError(statistics.getDistribution(), type)};
}

std::vector<float> DoReFa::toRound(std::vector<float> filter, const Precision &weights) const {
  if (!weights.isBasis)
    return filter;
  float largest = 0;
  for (float &weight : filter) {
    weight = std::tanh(weight);
    largest = std::max(largest, std::abs(weight));
  }
  for (float &weight : filter)
    weight = largest > 0 ? weight / largest : 0;
  return filter;
}

const Quantizer &qcc::quantize::getDoReFaQuantizer() {
  static const DoReFa quantizer;
  return quantizer;
}
