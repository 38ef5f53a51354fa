// auto: what has given the best accuracy on real data (docs/quantizers.md).
#include "compiler/quantize/Quantizers.h"

using namespace mlir;
using namespace qcc::quantize;

/// From so many bits on, clipping costs more than it saves in steps.
static constexpr unsigned wholeWeightBits = 5, wholeActivationBits = 8;

namespace {
class Automatic : public Quantizer {
public:
  StringRef getName() const override { return "auto"; }
  StringRef getDescription() const override {
    return "min_max for weights from 5 bits and activations from 8 bits on, else mse";
  }
  FittedFormat fit(const Statistics &statistics, const FormatRequest &request) const override {
    bool isWide = request.precision.bits >= (request.symmetric ? wholeWeightBits : wholeActivationBits);
    return (isWide ? getMinMaxQuantizer() : getMeanSquaredErrorQuantizer()).fit(statistics, request);
  }
};
} // namespace

const Quantizer &qcc::quantize::getAutomaticQuantizer() {
  static const Automatic quantizer;
  return quantizer;
}
