#include "compiler/frontend/Scheme.h"
#include "compiler/frontend/SchemeBuilder.h"

#include "llvm/Support/GlobPattern.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::frontend;

/// The last rule that matches a layer and says something about `member`, else `otherwise`.
static std::optional<SchemeFormat> findFormat(ArrayRef<SchemeRule> rules, StringRef layer,
                                              std::optional<SchemeFormat> SchemeRule::*member,
                                              const std::optional<SchemeFormat> &otherwise) {
  for (const SchemeRule &rule : llvm::reverse(rules)) {
    if (!(rule.*member))
      continue;
    llvm::Expected<llvm::GlobPattern> pattern = llvm::GlobPattern::create(rule.pattern);
    if (!pattern)
      llvm::consumeError(pattern.takeError()); // Patterns of parsed schemes are valid.
    else if (pattern->match(layer))
      return rule.*member;
  }
  return otherwise;
}

std::optional<SchemeFormat> QuantizeScheme::weightsOf(StringRef layer) const {
  return findFormat(rules, layer, &SchemeRule::weights, defaultWeights);
}
std::optional<SchemeFormat> QuantizeScheme::activationsOf(StringRef layer) const {
  return findFormat(rules, layer, &SchemeRule::activations, defaultActivations);
}

namespace {
/// Finds a file that the model file names.
using ResolvePath = llvm::function_ref<FailureOr<std::string>(Position, StringRef)>;

class SchemeBuilder {
public:
  SchemeBuilder(const SchemeItem &item, const ModelContext &model, Evaluator &evaluator, ResolvePath resolvePath)
      : item(item), model(model), evaluator(evaluator), resolvePath(resolvePath) {}

  LogicalResult addRule(const SchemeRuleItem &rule);
  LogicalResult addBudget(const SchemeBudget &budget);
  QuantizeScheme scheme;

private:
  InFlightDiagnostic error(Position at) { return model.source.error(at); }
  LogicalResult checkPattern(const Identifier &pattern);
  FailureOr<SchemeFormat> buildFormat(const SchemeSetting &setting);
  FailureOr<std::string> buildTolerance(const Expr &expr);
  FailureOr<std::string> buildAlgorithm(const SchemeSetting &setting);
  LogicalResult addOutliers(const Expr &value, SchemeFormat &format);
  LogicalResult addThresholds(const Expr &value, SchemeFormat &format);
  LogicalResult addArgument(const SchemeSetting &setting, const Argument &argument, SchemeFormat &format);

  const SchemeItem &item;
  const ModelContext &model;
  Evaluator &evaluator;
  ResolvePath resolvePath;
};
} // namespace

LogicalResult SchemeBuilder::checkPattern(const Identifier &pattern) {
  llvm::Expected<llvm::GlobPattern> glob = llvm::GlobPattern::create(pattern.text);
  if (!glob)
    return error(pattern.at) << "expects a pattern with * ? and [...], but '" << pattern.text
                             << "' is none: " << llvm::toString(glob.takeError());
  std::vector<StringRef> names(model.getLayerNames().begin(), model.getLayerNames().end());
  if (llvm::any_of(names, [&](StringRef name) { return glob->match(name); }))
    return success();
  return error(pattern.at) << "the pattern '" << pattern.text << "' matches no layer of the model '" << item.model.text
                           << "'" << didYouMean(pattern.text, names);
}

/// `outliers: 6.0`
LogicalResult SchemeBuilder::addOutliers(const Expr &value, SchemeFormat &format) {
  Scope scope;
  FailureOr<Datum> threshold = evaluator.evaluate(value, scope);
  if (failed(threshold))
    return failure();
  format.outliers = threshold->getNumber();
  if (!format.outliers || !(*format.outliers >= 0) || !std::isfinite(*format.outliers))
    return error(value.at) << "expects a magnitude of at least 0 from which on inputs are outliers, but got "
                           << threshold->describe();
  return success();
}

/// `thresholds: "n2uq.npz"`
LogicalResult SchemeBuilder::addThresholds(const Expr &value, SchemeFormat &format) {
  Scope scope;
  FailureOr<Datum> file = evaluator.evaluate(value, scope);
  if (failed(file))
    return failure();
  auto *name = file->getIf<std::string>();
  if (!name || name->empty())
    return error(value.at) << "expects the name of a file of thresholds, but got " << file->describe();
  FailureOr<std::string> path = resolvePath(value.at, *name);
  if (failed(path))
    return failure();
  format.thresholds = *path;
  return success();
}

/// One of `per_channel`, `per_tensor`, `power_of_two`, `group: n`, `planes: n`, `clip: method`,
/// `outliers: magnitude`, `thresholds: file` and `input_scale: kind`.
LogicalResult SchemeBuilder::addArgument(const SchemeSetting &setting, const Argument &argument, SchemeFormat &format) {
  auto *word = std::get_if<NameExpr>(&argument.value->node);
  if (argument.name.empty() && word && (word->name == "per_channel" || word->name == "per_tensor")) {
    format.isPerChannel = word->name == "per_channel";
    return success();
  }
  if (argument.name.empty() && word && word->name == "power_of_two") {
    format.powerOfTwoScales = true;
    return success();
  }
  if (argument.name == "clip") {
    if (!word)
      return error(argument.value->at) << "expects the name of a method for 'clip', such as min_max";
    format.clip = word->name.str();
    return success();
  }
  if (argument.name == "input_scale") {
    if (!word || !llvm::is_contained({"none", "scalar", "map"}, word->name))
      return error(argument.value->at) << "expects none, scalar or map for 'input_scale'";
    format.inputScale = word->name.str();
    return success();
  }
  if (argument.name == "outliers")
    return addOutliers(*argument.value, format);
  if (argument.name == "thresholds")
    return addThresholds(*argument.value, format);
  bool isGroup = argument.name == "group";
  if (!isGroup && argument.name != "planes")
    return error(argument.at)
           << "expects per_channel, per_tensor, power_of_two, group: n, planes: n, clip: method, outliers: magnitude, "
              "thresholds: file or input_scale: kind"
           << didYouMean(argument.name.empty() && word ? word->name : argument.name,
                         {"per_channel", "per_tensor", "power_of_two", "group", "planes", "clip", "outliers",
                          "thresholds", "input_scale"});
  Scope scope;
  FailureOr<Datum> value = evaluator.evaluate(*argument.value, scope);
  if (failed(value))
    return failure();
  auto *integer = value->getIf<int64_t>();
  if (isGroup && (!integer || *integer < 1))
    return error(argument.value->at) << "expects a group of at least 1 element, but got " << value->describe();
  if (!isGroup && (!integer || *integer < 1 || *integer > 8))
    return error(argument.value->at) << "expects 1 to 8 planes, but got " << value->describe();
  (isGroup ? format.group : format.planes) = *integer;
  return success();
}

FailureOr<SchemeFormat> SchemeBuilder::buildFormat(const SchemeSetting &setting) {
  auto spec = getFormatByName(setting.format);
  if (!spec || spec->kind == FormatSpec::Plain || spec->bits > 32)
    return error(setting.at)
           << "expects a format such as int8, int4, codebook4, ternary, binary, bf16 or f32, but got '"
           << setting.format << "'" << didYouMean(setting.format, getCommonFormatNames());
  SchemeFormat format;
  format.kind = spec->kind == FormatSpec::Float      ? SchemeFormat::Float
                : spec->kind == FormatSpec::Affine   ? SchemeFormat::Affine
                : spec->kind == FormatSpec::Binary   ? SchemeFormat::Binary
                : spec->kind == FormatSpec::Codebook ? SchemeFormat::Codebook
                : spec->kind == FormatSpec::Basis    ? SchemeFormat::Basis
                                                     : SchemeFormat::Ternary;
  format.bits = spec->bits;
  format.isSigned = spec->isSigned;
  if (format.kind == SchemeFormat::Affine && format.bits > 16)
    return error(setting.at) << "expects a format of at most 16 bits, but got '" << setting.format << "'";
  for (const Argument &argument : setting.arguments)
    if (failed(addArgument(setting, argument, format)))
      return failure();
  if (setting.role == "activations" && (format.isPerChannel == true || format.group))
    return error(setting.at) << "expects one scale for activations, without per_channel and group";
  bool hasZero = format.kind != SchemeFormat::Binary && format.kind != SchemeFormat::Basis;
  if (!hasZero && format.outliers)
    return error(setting.at) << "outliers need weights of zero, which binary ones are not";
  if (!format.inputScale.empty() && (setting.role != "activations" || format.kind != SchemeFormat::Binary))
    return error(setting.at) << "expects an input scale with binary activations, as in activations "
                                "binary(input_scale: map)";
  bool countsThresholds = format.kind == SchemeFormat::Affine && !format.isSigned && format.bits <= 4;
  if (!format.thresholds.empty() && (setting.role != "activations" || !countsThresholds))
    return error(setting.at) << "expects thresholds with activations from 0 of at most 4 bits, as in activations "
                                "uint2(thresholds: \"n2uq.npz\")";
  if (setting.role == "activations" && format.outliers)
    return error(setting.at) << "expects outliers with the weights that they are multiplied by, not with activations, "
                                "which are a layer's results";
  bool isBook = format.kind == SchemeFormat::Codebook;
  if (isBook && (format.group || !format.clip.empty() || format.powerOfTwoScales || format.outliers))
    return error(setting.at) << "expects " << setting.format << " with per_channel or per_tensor at most: its numbers "
                             << "are fitted by k-means, and need not have a zero";
  if (format.planes > 1 && (format.kind != SchemeFormat::Binary || setting.role == "activations"))
    return error(setting.at) << "expects planes with binary weights, as in binary(planes: 3)";
  if (format.isPerChannel == true && format.group)
    return error(setting.at) << "expects either per_channel or group, but got both";
  if (format.kind == SchemeFormat::Float && !setting.arguments.empty())
    return error(setting.at) << "the format " << setting.format << " takes no arguments";
  return format;
}

/// Points, of 100, of right classes.
FailureOr<std::string> SchemeBuilder::buildTolerance(const Expr &expr) {
  Scope scope;
  FailureOr<Datum> value = evaluator.evaluate(expr, scope);
  if (failed(value))
    return failure();
  double points = value->getNumber().value_or(-1);
  if (!(points >= 0 && points <= 100))
    return error(expr.at) << "expects the points of accuracy that may be lost, from 0 to 100, but got "
                          << value->describe();
  return std::to_string(points);
}

/// `winograd(f4, tapwise, bits: 10)`, to which `fit: max`, `points: integer`, `steps: shifts`, `snr: 25` and `accuracy:
/// 0.5` may be added.
FailureOr<std::string> SchemeBuilder::buildAlgorithm(const SchemeSetting &setting) {
  std::string scales, bits, fit, points, steps, ratio, tolerance;
  for (const auto &[index, argument] : llvm::enumerate(setting.arguments)) {
    auto *word = std::get_if<NameExpr>(&argument.value->node);
    StringRef name = word ? word->name : StringRef();
    Scope scope;
    bool isFit = argument.name == "fit" && llvm::is_contained({"max", "mse", "greedy", "refined"}, name);
    if (argument.name == "bits" || argument.name == "snr") {
      bool isBits = argument.name == "bits";
      FailureOr<Datum> value = evaluator.evaluate(*argument.value, scope);
      if (failed(value))
        return failure();
      auto *integer = value->getIf<int64_t>();
      if (isBits ? !integer || *integer < 8 || *integer > 10 : !integer)
        return error(argument.value->at) << "expects " << (isBits ? "8, 9 or 10 bits" : "an integer of dB for snr")
                                         << " for winograd, but got " << value->describe();
      (isBits ? bits : ratio) = std::to_string(*integer);
    } else if (argument.name == "accuracy") {
      FailureOr<std::string> lost = buildTolerance(*argument.value);
      if (failed(lost))
        return failure();
      tolerance = "," + *lost + "points";
    } else if (isFit) {
      fit = "," + name.str();
    } else if (argument.name == "points" && qnn::symbolizeWinogradPoints(name)) {
      points = "," + name.str();
    } else if (argument.name == "steps" && llvm::is_contained({"shifts", "factors"}, name)) {
      steps = "," + name.str();
    } else if (index == 1 && llvm::is_contained({"tapwise", "channelwise", "single"}, name)) {
      scales = name.str();
    } else if (index != 0 || !argument.name.empty() || name != "f4") {
      return error(argument.at)
             << "expects winograd(f4, tapwise, bits: 8), with channelwise or single for tapwise, "
                "'fit: max', 'mse', 'greedy' or 'refined', 'points: integer' or 'reciprocal', 'steps: shifts' "
                "or 'factors', 'snr: 25', and 'accuracy: 0.5'";
    }
  }
  if (scales.empty() || bits.empty())
    return error(setting.at) << "expects winograd(f4, tapwise, bits: 8), but f4, its scales or its bits are missing";
  return "winograd(f4," + scales + "," + bits + fit + points + steps + (ratio.empty() ? "" : "," + ratio + "dB") +
         tolerance + ")";
}

LogicalResult SchemeBuilder::addRule(const SchemeRuleItem &item) {
  bool isDefault = item.pattern.text.empty();
  if (!isDefault && failed(checkPattern(item.pattern)))
    return failure();
  std::optional<SchemeFormat> weights, activations;
  for (const SchemeSetting &setting : item.settings) {
    if (setting.format == "winograd") {
      if (isDefault || !setting.role.empty())
        return error(setting.at) << "expects winograd after a pattern of convolutions' names";
      FailureOr<std::string> algorithm = buildAlgorithm(setting);
      if (failed(algorithm))
        return failure();
      scheme.algorithms.push_back({item.pattern.text, *algorithm});
      continue;
    }
    FailureOr<SchemeFormat> format = buildFormat(setting);
    if (failed(format))
      return failure();
    if (isDefault && !format->thresholds.empty())
      return error(setting.at) << "expects thresholds after a pattern of layers' names";
    for (auto [role, target] : {std::pair("weights", &weights), std::pair("activations", &activations)}) {
      if (!setting.role.empty() && setting.role != role)
        continue;
      if (*target)
        return error(setting.at) << "the format of the " << role << " is given twice in one rule";
      *target = *format;
    }
    if (setting.role.empty()) {
      // Granularity is the weights': activations have one scale.
      activations->isPerChannel.reset();
      activations->group = 0;
      activations->outliers.reset();
    }
  }
  if (!isDefault) {
    if (weights || activations)
      scheme.rules.push_back({item.pattern.text, weights, activations, model.source.getLocation(item.pattern.at)});
    return success();
  }
  if (scheme.defaultWeights || scheme.defaultActivations)
    return error(item.pattern.at) << "the scheme '" << this->item.name.text << "' has a default already";
  scheme.defaultWeights = weights;
  scheme.defaultActivations = activations;
  return success();
}

LogicalResult SchemeBuilder::addBudget(const SchemeBudget &budget) {
  std::optional<int64_t> *target = budget.memory.text == "flash" ? &scheme.flashBudget
                                   : budget.memory.text == "ram" ? &scheme.ramBudget
                                                                 : nullptr;
  if (!target)
    return error(budget.memory.at) << "expects a budget of flash or ram, but got '" << budget.memory.text << "'"
                                   << didYouMean(budget.memory.text, {"flash", "ram"});
  if (*target)
    return error(budget.memory.at) << "the budget of " << budget.memory.text << " is given twice";
  Scope scope;
  FailureOr<Datum> bytes = evaluator.evaluate(*budget.bytes, scope);
  if (failed(bytes))
    return failure();
  auto *integer = bytes->getIf<int64_t>();
  if (!integer || *integer < 1)
    return error(budget.bytes->at) << "expects a number of bytes of at least 1, such as 40K, but got "
                                   << bytes->describe();
  *target = *integer;
  return success();
}

FailureOr<QuantizeScheme>
qcc::frontend::buildScheme(const SchemeItem &item, const ModelContext &model, Evaluator &evaluator,
                           llvm::function_ref<FailureOr<std::string>(Position, StringRef)> resolvePath) {
  SchemeBuilder builder(item, model, evaluator, resolvePath);
  builder.scheme.name = item.name.text;
  for (const SchemeRuleItem &rule : item.rules)
    if (failed(builder.addRule(rule)))
      return failure();
  for (const SchemeBudget &budget : item.budget)
    if (failed(builder.addBudget(budget)))
      return failure();
  if (!item.calibrate.text.empty()) {
    FailureOr<std::string> path = resolvePath(item.calibrate.at, item.calibrate.text);
    if (failed(path))
      return failure();
    builder.scheme.calibrate = *path;
    builder.scheme.calibrateLoc = model.source.getLocation(item.calibrate.at);
  }
  return std::move(builder.scheme);
}
