#include "compiler/pipeline/ReadThresholds.h"

#include "compiler/import/weights/Arrays.h"
#include "compiler/support/Diagnostics.h"

#include <set>

using namespace mlir;
using namespace qcc;

namespace {
/// Reads the layers of one file.
class ThresholdReader {
public:
  ThresholdReader(Location loc, const std::string &path, std::vector<NamedArray> arrays)
      : loc(loc), path(path), arrays(std::move(arrays)) {}

  LogicalResult run(quantize::ThresholdFiles &found) const {
    for (const NamedArray &array : arrays) {
      StringRef layer = array.name;
      if (!layer.consume_back(".widths"))
        continue;
      quantize::N2uqParameters parameters;
      if (failed(checkNumbers(array)) || failed(readNumber(layer + ".start", /*isNeeded=*/true, parameters.start)) ||
          failed(readNumber(layer + ".input_scale", /*isNeeded=*/false, parameters.inputScale)) ||
          failed(readNumber(layer + ".output_scale", /*isNeeded=*/false, parameters.outputScale)))
        return failure();
      for (int64_t i = 0; i < array.size(); ++i)
        parameters.widths.push_back(array.getFloat(i));
      FailureOr<quantize::GivenThresholds> thresholds = quantize::thresholdsOf(parameters, layer, loc);
      if (failed(thresholds))
        return failure();
      found[{path, layer.str()}] = *thresholds;
    }
    return success();
  }

private:
  LogicalResult checkNumbers(const NamedArray &array) const {
    if (array.kind == 'f' && array.size() >= 1)
      return success();
    return emitError(loc) << "expects floats in the array '" << array.name << "', but it is " << array.describe();
  }

  LogicalResult readNumber(const Twine &name, bool isNeeded, double &number) const {
    std::string text = name.str();
    auto array = llvm::find_if(arrays, [&](const NamedArray &each) { return each.name == text; });
    if (array == arrays.end() && !isNeeded)
      return success();
    if (array == arrays.end())
      return emitError(loc) << "expects an array '" << text << "'; there is none";
    if (failed(checkNumbers(*array)))
      return failure();
    if (array->size() != 1)
      return emitError(loc) << "expects one number in the array '" << text << "', but it is " << array->describe();
    number = array->getFloat(0);
    return success();
  }

  Location loc;
  const std::string &path;
  std::vector<NamedArray> arrays;
};
} // namespace

LogicalResult qcc::readThresholds(quantize::QuantizeOptions &options) {
  std::set<std::string> known;
  for (const quantize::PrecisionRule &rule : options.rules) {
    if (!rule.activations || rule.activations->thresholds.empty() || !known.insert(rule.activations->thresholds).second)
      continue;
    const std::string &path = rule.activations->thresholds;
    FailureOr<std::vector<NamedArray>> arrays = readArrays(rule.location, path);
    if (failed(arrays) || failed(ThresholdReader(fileLoc(rule.location.getContext(), path), path, std::move(*arrays))
                                     .run(options.thresholds)))
      return failure();
  }
  return success();
}
