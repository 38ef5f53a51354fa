#include "compiler/quantize/Quantizers.h"

#include "dialects/qnn/QnnDialect.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/BuiltinTypes.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace qcc;
using namespace qcc::quantize;

ArrayRef<const Quantizer *> qcc::quantize::getQuantizers() {
  static const Quantizer *const quantizers[] = {
      &getAutomaticQuantizer(), &getMinMaxQuantizer(),           &getPercentileQuantizer(), &getEntropyQuantizer(),
      &getOctavQuantizer(),     &getMeanSquaredErrorQuantizer(), &getDoReFaQuantizer()};
  return quantizers;
}

const Quantizer *qcc::quantize::findQuantizer(StringRef name) {
  for (const Quantizer *quantizer : getQuantizers())
    if (quantizer->getName() == name)
      return quantizer;
  return nullptr;
}

std::string qcc::quantize::listQuantizers() {
  return llvm::join(llvm::map_range(getQuantizers(), [](auto *quantizer) { return quantizer->getName(); }), ", ");
}

std::pair<int64_t, int64_t> qcc::quantize::affineCodes(const FormatRequest &request) {
  bool isSigned = !request.precision.isUnsigned;
  return qnn::allCodes(request.precision.bits, isSigned, /*isNarrow=*/isSigned && request.symmetric);
}

Type qcc::quantize::makeAffineFormat(const FormatRequest &request, double scale, int64_t zeroPoint) {
  unsigned bits = request.precision.bits;
  auto [lowest, highest] = affineCodes(request);
  float rounded = std::clamp(static_cast<float>(scale), 2 * std::numeric_limits<float>::min(),
                             std::numeric_limits<float>::max() / 2);
  unsigned flags = request.precision.isUnsigned ? 0 : quant::QuantizationFlags::Signed;
  return quant::UniformQuantizedType::get(flags, IntegerType::get(request.context, bits),
                                          Float32Type::get(request.context), rounded, zeroPoint, lowest, highest);
}

double qcc::quantize::meanSquaredError(ArrayRef<WeightedValue> values, Type format) {
  auto numbers = llvm::cast<qnn::NumberFormat>(format);
  double sum = 0, count = 0;
  for (const WeightedValue &each : values) {
    double error = each.value - numbers.decode(numbers.encode(each.value));
    sum += error * error * static_cast<double>(each.count);
    count += static_cast<double>(each.count);
  }
  return count > 0 ? sum / count : 0;
}
