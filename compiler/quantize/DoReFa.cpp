// dorefa: activations are clamped to [0, 1].
#include "compiler/quantize/Quantizer.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace qcc::quantize;

namespace {
class DoReFa : public Quantizer {
public:
  StringRef getName() const override { return "dorefa"; }
  int64_t getSampleLimit(Precision precision) const override { return getMinMaxQuantizer().getSampleLimit(precision); }
  FittedFormat fit(const Statistics &statistics, const FormatRequest &request) const override {
    if (request.symmetric || request.precision.isBinary())
      return getMinMaxQuantizer().fit(statistics, request);
    // round((2^bits - 1) clamp(x, 0, 1)) / (2^bits - 1)
    double scale = 1 / static_cast<double>(llvm::maxUIntN(request.precision.bits));
    return {makeAffineFormat(request, scale, llvm::minIntN(request.precision.bits)), scale * scale / 12};
  }
};
} // namespace

const Quantizer &qcc::quantize::getDoReFaQuantizer() {
  static const DoReFa quantizer;
  return quantizer;
}
