// dorefa: activations are clamped to [0, 1], whatever their values are, as networks have them that were trained with
// DoReFa-Net's quantizer (Zhou et al. 2016). Weights as min_max.
#include "compiler/quantize/Quantizers.h"

using namespace mlir;
using namespace qcc::quantize;

namespace {
class DoReFa : public RangeQuantizer {
public:
  StringRef getName() const override { return "dorefa"; }
  StringRef getDescription() const override { return "activations from 0 to 1, as DoReFa-Net has them"; }
  ClipRange chooseRange(ArrayRef<WeightedValue> values, const FormatRequest &request) const override {
    // round((2^bits - 1) clamp(x, 0, 1)) / (2^bits - 1)
    return request.symmetric ? wholeRange(values, request) : ClipRange{0, 1};
  }
};
} // namespace

const Quantizer &qcc::quantize::getDoReFaQuantizer() {
  static const DoReFa quantizer;
  return quantizer;
}
