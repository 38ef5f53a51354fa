// Writes docs/quantizers.md: what each quantizer supports, and its errors on known distributions.
#include "compiler/quantize/Quantizers.h"
#include "dialects/qnn/QnnDialect.h"
#include "test/unit/quantize/Distributions.h"

#include "llvm/Support/Format.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::quantize;

static const char *const introduction =
    R"(<!-- Written by `ninja docs` from test/unit/quantize/QuantizerTable.cpp; the test lint-docs-quantizers compares. -->

# Quantizers

A quantizer chooses the parameters of a format for the values that a tensor takes on the calibration samples, or that a
filter has. `qcc quantize` takes one for activations (`--quantizer`) and one for weights (`--weight-quantizer`); in a
scheme they are `clip: NAME`. Quantizers know nothing of layers and kernels, and every one fits every format:

| | granularity | formats | bits | scales |
| --- | --- | --- | --- | --- |
| activations | per tensor | affine (zero is a code), binary, unsigned (zero is code 0), learned basis | 2 to 8, 1, 1 to 8, 1 to 4 | any, or powers of two |
| weights | per tensor, per output channel | symmetric, binary, ternary, learned basis | 2 to 8, 1, 2, 1 to 8 | any, or powers of two |

All scales are static, and all codes those of the nearest number. The table below checks of each pair of quantizer and
format that zero is exact, that rounding is idempotent and monotone, and that the error within the range is at most half a
step: a violation is an error of the tests. Powers of two (`--power-of-two-scales`, in a scheme `power_of_two` in the
default) are one of the two next to the scale that the quantizer chose, that with the smaller error. Binary and
ternary formats, which have no range, have the magnitude of least squared error (of weights, BWN's and TWN's), and a learned basis has
the magnitudes of LQ-Nets' QEM, whatever the quantizer, unless it is `dorefa` for weights: binary ones then have one magnitude for a layer, the mean of all, and those
of a basis are `tanh(w) / max |tanh(w)|`, rounded to 2^bits numbers at equal distances from -1 to 1 (Zhou et al. 2016, section 2.3).

)";

static const char *const choice =
    R"(
`auto` is what gave the best accuracy on ResNet-8 and CIFAR-10 (2,000 test images, 512 for calibration, weights per
channel, rounded to nearest; the float model has 76.1 %; one image is 0.05 points):

| weights, activations | min_max | percentile | octav | mse |
| --- | --- | --- | --- | --- |
| 5, 8 bits; for weights | 70.3 | 70.3 | 67.2 | 68.9 |
| 4, 8 bits; for weights | 46.2 | 46.2 | 54.6 | 55.0 |
| 8, 8 bits; for activations | 76.4 | 76.6 | 76.4 | 76.4 |
| 8, 6 bits; for activations | 73.4 | 74.8 | 75.4 | 75.2 |
| 8, 5 bits; for activations | 65.2 | 70.6 | 70.4 | 71.5 |
| 8, 4 bits; for activations | 42.4 | 59.2 | 62.9 | 63.5 |

## Mean squared errors

Of 20,000 values with a standard deviation of about 1 (uniform: from -1 to 1; outliers: one of 1,000 values is 30 times as
large), in thousandths.
)";

/// What every format promises, or an empty text.
static std::string findViolation(qnn::NumberFormat format, ArrayRef<WeightedValue> ascending) {
  double before = -HUGE_VAL, scale = format.getScale(0);
  auto [lowest, highest] = format.getCodeRange();
  if (format.decode(format.encode(0)) != 0)
    return "zero is not exact";
  for (const WeightedValue &each : ascending) {
    double rounded = format.decode(format.encode(each.value));
    if (format.decode(format.encode(rounded)) != rounded)
      return "rounding is not idempotent";
    if (rounded < before)
      return "rounding is not monotone";
    bool isInside = each.value >= format.decode(lowest) && each.value <= format.decode(highest);
    if (isInside && std::abs(each.value - rounded) > scale / 2 * (1 + 1e-6))
      return "an error is larger than half a step";
    before = rounded;
  }
  return "";
}

static void writeTable(MLIRContext &context, bool symmetric, bool &isGood) {
  llvm::outs() << "\n### " << (symmetric ? "Symmetric" : "Affine") << "\n\n| distribution | quantizer |";
  for (int bits = 2; bits <= 8; ++bits)
    llvm::outs() << ' ' << bits << " bits |";
  llvm::outs() << "\n| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n";
  for (const Distribution &each : distributions(20000)) {
    Statistics statistics(/*keepsValues=*/true);
    statistics.add(each.values);
    for (const Quantizer *quantizer : getQuantizers()) {
      llvm::outs() << "| " << each.name << " | `" << quantizer->getName() << "` |";
      for (unsigned bits = 2; bits <= 8; ++bits) {
        FittedFormat fitted = quantizer->fit(statistics, {&context, Precision{bits}, symmetric});
        std::string violation = findViolation(llvm::cast<qnn::NumberFormat>(fitted.type), statistics.getDistribution());
        if (!violation.empty())
          llvm::errs() << quantizer->getName() << ", " << each.name << ", " << bits << " bits: " << violation << '\n';
        isGood &= violation.empty();
        llvm::outs() << llvm::format(" %.3g |", 1000 * fitted.squaredError);
      }
      llvm::outs() << '\n';
    }
  }
}

int main() {
  DialectRegistry registry;
  qnn::registerDialects(registry);
  MLIRContext context(registry);
  context.loadAllAvailableDialects();
  llvm::outs() << introduction << "| name | range |\n| --- | --- |\n";
  for (const Quantizer *quantizer : getQuantizers())
    llvm::outs() << "| `" << quantizer->getName() << "` | " << quantizer->getDescription() << " |\n";
  llvm::outs() << choice;
  bool isGood = true;
  for (bool symmetric : {true, false})
    writeTable(context, symmetric, isGood);
  return isGood ? 0 : 1;
}
