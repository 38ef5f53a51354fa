// min_max: the range of the values.
#include "compiler/quantize/Quantizers.h"

using namespace mlir;
using namespace qcc::quantize;

namespace {
class MinMax : public RangeQuantizer {
public:
  StringRef getName() const override { return "min_max"; }
  StringRef getDescription() const override { return "the whole range of the values"; }
  ClipRange chooseRange(ArrayRef<WeightedValue> values, const FormatRequest &request) const override {
    return wholeRange(values, request);
  }
};
} // namespace

const Quantizer &qcc::quantize::getMinMaxQuantizer() {
  static const MinMax quantizer;
  return quantizer;
}
