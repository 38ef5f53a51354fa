#include "compiler/quantize/Precision.h"

#include "llvm/Support/Regex.h"

#include <cmath>

using namespace mlir;
using namespace qcc::quantize;

/// Takes `letter` and a number of bits from the front of `text`.
static LogicalResult consumePrecision(StringRef &text, char letter, std::optional<Precision> &precision) {
  unsigned bits;
  if (!text.consume_front(StringRef(&letter, 1)))
    return success();
  if (text.consume_front("bf16")) {
    precision = Precision::bfloat();
    return success();
  }
  if (letter == 'w' && text.consume_front("t")) {
    precision = Precision{2, /*isTernary=*/true};
    return success();
  }
  bool isCodebook = letter == 'w' && text.consume_front("c");
  bool isBinaryCoded = letter == 'w' && !isCodebook && text.consume_front("b");
  bool isUnsigned = letter == 'a' && text.consume_front("u");
  bool isBasis = !isBinaryCoded && !isUnsigned && text.consume_front("l");
  bool mayBeFloat = letter == 'a' && !isUnsigned && !isBasis;
  if (text.consumeInteger(10, bits) || bits < 1 || (bits > 8 && !(mayBeFloat && bits == 32)))
    return failure();
  precision = Precision{bits};
  precision->isBinaryCoded = isBinaryCoded;
  precision->isCodebook = isCodebook;
  precision->isUnsigned = isUnsigned;
  precision->isBasis = isBasis;
  if (letter == 'a' && isBasis && bits > mostThresholdBits)
    return failure();
  if (isCodebook)
    return success(bits > 1);
  if (isBinaryCoded)
    precision->group = wholeRow;
  if (letter == 'w' && !isBasis && (bits > 1 || isBinaryCoded) && text.consume_front("g"))
    return failure(text.consumeInteger(10, precision->group) || precision->group < 1);
  return success();
}

std::optional<InputScale> qcc::quantize::parseInputScale(StringRef text) {
  return llvm::StringSwitch<std::optional<InputScale>>(text)
      .Case("none", InputScale::None)
      .Case("scalar", InputScale::Scalar)
      .Case("map", InputScale::Map)
      .Default(std::nullopt);
}

namespace {
/// What stands behind the formats of a rule.
struct RuleArguments {
  std::optional<double> outliers;
  std::string thresholds;
  std::optional<InputScale> inputScale;
};
} // namespace

/// Takes `(outliers: 6.0)`, `(thresholds: FILE)` or both, with a comma, from the end of `text`.
static LogicalResult consumeArguments(StringRef &text, RuleArguments &arguments) {
  auto [formats, list] = text.split('(');
  if (formats.size() == text.size())
    return success();
  text = formats;
  if (!list.consume_back(")"))
    return failure();
  SmallVector<StringRef> parts;
  list.split(parts, ',');
  for (StringRef part : parts) {
    auto [name, value] = part.split(':');
    double threshold;
    if (name.trim() == "thresholds" && !value.trim().empty())
      arguments.thresholds = value.trim().str();
    else if (std::optional<InputScale> scale = parseInputScale(value.trim()); name.trim() == "input_scale" && scale)
      arguments.inputScale = scale;
    else if (name.trim() == "outliers" && !value.trim().getAsDouble(threshold))
      arguments.outliers = threshold;
    else
      return failure();
  }
  return success();
}

FailureOr<PrecisionRule> qcc::quantize::parsePrecisionRule(StringRef text, Location location) {
  auto [pattern, formats] = text.rsplit('=');
  PrecisionRule rule{pattern.str(), {}, {}, location};
  StringRef rest = formats;
  RuleArguments arguments;
  if (rest == "bf16") {
    rule.weights = rule.activations = Precision::bfloat();
    rest = "";
  }
  if (pattern.empty() || formats.empty() || failed(consumeArguments(rest, arguments)) ||
      failed(consumePrecision(rest, 'w', rule.weights)) || failed(consumePrecision(rest, 'a', rule.activations)) ||
      !rest.empty() || (arguments.outliers && !rule.weights))
    return emitError(location)
           << "expects a precision like 'conv.*=w4a8' with 1 to 8 bits for weights (w; wt: ternary; w4g32: a scale for "
              "32 weights; wb3g128: 3 signed magnitudes for 128; wc4: a code book of 16 numbers; wl2: a learned basis) "
              "and activations (a; a32: f32; au2: from 0; al2), or bf16 for both (wbf16, abf16), and for weights of "
              "dense layers '(outliers: 6.0)', but "
              "got '"
           << text << "'";
  if (!arguments.thresholds.empty() && !(rule.activations && rule.activations->canHaveThresholds()))
    return emitError(location) << "thresholds are of activations from 0 with at most " << mostThresholdBits
                               << " bits, as in 'conv.*=w1au2(thresholds: n2uq.npz)', but got '" << text << "'";
  if (arguments.inputScale && !(rule.activations && rule.activations->isBinary()))
    return emitError(location) << "an input scale is one of binary activations, as in 'conv.*=w1a1(input_scale: map)', "
                                  "but got '"
                               << text << "'";
  if (rule.activations) {
    rule.activations->thresholds = arguments.thresholds;
    rule.activations->inputScale = arguments.inputScale.value_or(InputScale::Scalar);
  }
  std::optional<double> outliers = arguments.outliers;
  if (outliers && (!(*outliers >= 0) || !std::isfinite(*outliers)))
    return emitError(location) << "expects a magnitude of at least 0 from which on inputs are outliers, but got '"
                               << text << "'";
  if (outliers && rule.weights->isBfloat)
    return emitError(location) << "outliers are of inputs that weights in codes multiply, but got '" << text << "'";
  if (outliers && !rule.weights->hasZero())
    return emitError(location)
           << "outliers need weights of zero, which binary ones and code books need not have, but got '" << text << "'";
  if (outliers)
    rule.weights->outliers = outliers;
  return rule;
}

static StringRef findName(Location location) {
  if (auto name = llvm::dyn_cast<NameLoc>(location))
    return name.getName();
  if (auto fused = llvm::dyn_cast<FusedLoc>(location))
    for (Location part : fused.getLocations())
      if (StringRef name = findName(part); !name.empty())
        return name;
  return {};
}

StringRef qcc::quantize::getLayerName(Operation *op) { return findName(op->getLoc()); }

LogicalResult qcc::quantize::forEachLayer(StringRef pattern, Location location, Region &body,
                                          llvm::function_ref<void(Operation *)> visit) {
  llvm::Regex regex(("^(" + pattern + ")$").str());
  std::string problem;
  if (!regex.isValid(problem))
    return emitError(location) << "expects a regular expression, but '" << pattern << "' is none: " << problem;
  bool matched = false;
  for (Operation &op : body.getOps()) {
    if (!regex.match(getLayerName(&op)))
      continue;
    matched = true;
    visit(&op);
  }
  if (!matched)
    return emitError(location) << "no layer's name matches '" << pattern << "'";
  return success();
}

static LogicalResult applyRule(const PrecisionRule &rule, Region &body,
                               llvm::DenseMap<Operation *, LayerPrecision> &precisions) {
  return forEachLayer(rule.pattern, rule.location, body, [&](Operation *op) {
    LayerPrecision &precision = precisions[op];
    precision.weights = rule.weights.value_or(precision.weights);
    precision.activations = rule.activations.value_or(precision.activations);
  });
}

FailureOr<llvm::DenseMap<Operation *, LayerPrecision>>
qcc::quantize::assignPrecisions(Region &body, LayerPrecision defaults, ArrayRef<PrecisionRule> rules) {
  llvm::DenseMap<Operation *, LayerPrecision> precisions;
  for (Operation &op : body.getOps())
    precisions[&op] = defaults;
  for (const PrecisionRule &rule : rules)
    if (failed(applyRule(rule, body, precisions)))
      return failure();
  return precisions;
}
