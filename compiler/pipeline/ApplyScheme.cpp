#include "compiler/pipeline/ApplyScheme.h"

#include "compiler/algorithm/FitTapwise.h"
#include "compiler/quantize/FitWeights.h"
#include "compiler/quantize/Passes.h"

using namespace mlir;
using namespace qcc;

/// The regular expression of a glob pattern: `*`, `?` and `[...]`.
static std::string toRegex(StringRef glob) {
  std::string regex;
  bool inSet = false;
  for (size_t index = 0; index < glob.size(); ++index) {
    char c = glob[index];
    if (inSet) {
      inSet = c != ']';
      regex += c == '!' && glob[index - 1] == '[' ? '^' : c;
    } else if (c == '*') {
      regex += ".*";
    } else if (c == '?') {
      regex += '.';
    } else if (c == '[') {
      inSet = true;
      regex += c;
    } else {
      if (StringRef(".+(){}|^$\\").contains(c))
        regex += '\\';
      regex += c;
    }
  }
  return regex;
}

namespace {
/// Turns the formats of a scheme into precisions.
class SchemeReader {
public:
  SchemeReader(const QuantizeScheme &scheme, Location loc) : scheme(scheme), loc(loc) {}
  FailureOr<quantize::QuantizeOptions> run();

private:
  InFlightDiagnostic error(Location at) { return emitError(at) << "scheme '" << scheme.name << "' "; }
  LogicalResult readClip(Location at, const SchemeFormat &format, bool isWeights);
  FailureOr<quantize::Precision> read(Location at, const SchemeFormat &format, bool isWeights = false);
  FailureOr<quantize::Precision> readWeights(Location at, const SchemeFormat &format);
  FailureOr<quantize::Precision> readDefault(const std::optional<SchemeFormat> &format, StringRef what);

  const QuantizeScheme &scheme;
  Location loc;
  quantize::QuantizeOptions options;
  /// What rules ask for so far.
  StringRef clip, weightClip;
};
} // namespace

/// Quantizers and kinds of scales hold for all weights, or all activations.
LogicalResult SchemeReader::readClip(Location at, const SchemeFormat &format, bool isWeights) {
  if (format.powerOfTwoScales && !options.powerOfTwoScales)
    return error(at) << "asks for scales that are powers of two in one rule; say so in the default, for all layers";
  if (format.clip.empty())
    return success();
  if (!quantize::findQuantizer(format.clip))
    return error(at) << "asks for the unknown clip '" << format.clip << "'; there is " << quantize::listQuantizers();
  StringRef &known = isWeights ? weightClip : clip;
  if (!known.empty() && known != format.clip)
    return error(at) << "asks for the clips '" << known << "' and '" << format.clip << "' of "
                     << (isWeights ? "weights" : "activations") << ", but one holds for all layers";
  known = format.clip;
  (isWeights ? options.weightQuantizer : options.quantizer) = format.clip;
  return success();
}

FailureOr<quantize::Precision> SchemeReader::read(Location at, const SchemeFormat &format, bool isWeights) {
  if (format.kind == SchemeFormat::Float)
    return error(at) << "keeps single layers in f32, which is not supported; expects int2 to int8 or binary";
  if (format.group)
    return error(at) << "asks for a scale per " << format.group << " elements; calibration gives one per channel";
  if (format.kind == SchemeFormat::Binary)
    return quantize::Precision{1};
  if (format.kind == SchemeFormat::Ternary)
    return error(at) << "gives ternary activations, but ternary is a format of weights; expects int2 to int8 or binary";
  if (!format.isSigned || format.bits < 2 || format.bits > 8)
    return error(at) << "expects int2 to int8 or binary, but got " << (format.isSigned ? "int" : "uint") << format.bits;
  if (failed(readClip(at, format, isWeights)))
    return failure();
  return quantize::Precision{format.bits};
}

FailureOr<quantize::Precision> SchemeReader::readWeights(Location at, const SchemeFormat &format) {
  if (format.kind == SchemeFormat::Affine && format.isPerChannel.value_or(options.perChannel) != options.perChannel)
    return error(at) << "mixes weights with a scale per channel and per tensor, which is not supported";
  if (format.kind == SchemeFormat::Ternary && !format.group)
    return quantize::Precision{2, /*isTernary=*/true};
  return read(at, format, /*isWeights=*/true);
}

FailureOr<quantize::Precision> SchemeReader::readDefault(const std::optional<SchemeFormat> &format, StringRef what) {
  if (!format)
    return error(loc) << "expects a default format for " << what << ", such as 'default int8(per_channel)'";
  return what == "weights" ? readWeights(loc, *format) : read(loc, *format);
}

FailureOr<quantize::QuantizeOptions> SchemeReader::run() {
  if (scheme.defaultWeights)
    options.perChannel = scheme.defaultWeights->isPerChannel.value_or(true);
  for (const std::optional<SchemeFormat> &format : {scheme.defaultWeights, scheme.defaultActivations})
    options.powerOfTwoScales |= format && format->powerOfTwoScales;
  FailureOr<quantize::Precision> weights = readDefault(scheme.defaultWeights, "weights");
  if (failed(weights))
    return failure();
  FailureOr<quantize::Precision> activations = readDefault(scheme.defaultActivations, "activations");
  if (failed(activations))
    return failure();
  options.precision = {*weights, *activations};
  for (const SchemeRule &rule : scheme.rules) {
    quantize::PrecisionRule precision{toRegex(rule.pattern), std::nullopt, std::nullopt, rule.loc};
    if (rule.weights) {
      FailureOr<quantize::Precision> read = readWeights(rule.loc, *rule.weights);
      if (failed(read))
        return failure();
      precision.weights = *read;
    }
    if (rule.activations) {
      FailureOr<quantize::Precision> read = this->read(rule.loc, *rule.activations);
      if (failed(read))
        return failure();
      precision.activations = *read;
    }
    options.rules.push_back(std::move(precision));
  }
  return options;
}

FailureOr<quantize::QuantizeOptions> qcc::toQuantizeOptions(MLIRContext *context, const QuantizeScheme &scheme) {
  Location loc = scheme.calibrateLoc.value_or(UnknownLoc::get(context));
  return SchemeReader(scheme, loc).run();
}

LogicalResult qcc::checkFloatInputs(func::FuncOp model) {
  if (!modelStates(model).empty())
    return model.emitError() << "cannot quantize '" << model.getName()
                             << "', which has state; quantize the model that sees all frames, and stream that";
  for (const ModelPort &port : modelInputs(model))
    if (!qnn::getFormat(port.type).isFloat())
      return model.emitError() << "expects f32 inputs to quantize, but input '" << port.name << "' is " << port.type;
  return success();
}

/// The samples that weights are fitted on, evenly spaced.
static Samples pickSamples(const Samples &samples, int64_t count) {
  Samples picked;
  int64_t size = static_cast<int64_t>(samples.size());
  for (int64_t i = 0; i < count; ++i)
    picked.push_back(samples[i * size / count]);
  return picked;
}

static LogicalResult fitWeightsOnSamples(func::FuncOp reference, func::FuncOp model,
                                         const quantize::QuantizeOptions &options, const Samples &samples,
                                         const quantize::PrepareModel &prepare, OnStep onStep) {
  // A quantizer that was asked for has the last word.
  bool keepsScales = !options.perChannel || options.powerOfTwoScales ||
                     options.weightQuantizer != quantize::QuantizeOptions().weightQuantizer;
  quantize::FitOptions fit{quantize::chooseWeightRounding(model, options), keepsScales, prepare};
  if (fit.rounding == quantize::WeightRounding::Nearest)
    return success();
  auto onLayer = [&](size_t count) {
    if (onStep)
      onStep("fit weights", static_cast<int64_t>(count));
  };
  fit.onLayer = onLayer;
  Samples picked = pickSamples(samples, quantize::samplesToFit(reference, model, static_cast<int64_t>(samples.size())));
  Samples converted = convertSamples(picked, modelInputs(model));
  return quantize::fitWeights(reference, model, std::move(picked), std::move(converted), fit);
}

LogicalResult qcc::quantizeOnSamples(ModuleOp module, const quantize::QuantizeOptions &options, const Samples &samples,
                                     const quantize::PrepareModel &prepare, OnStep onStep) {
  FailureOr<func::FuncOp> model = findModel(module);
  if (failed(model))
    return failure();
  if (failed(quantize::simplifyFloatModel(module)))
    return failure();
  int64_t count = static_cast<int64_t>(samples.size());
  StringRef work = "equalize";
  auto getSample = [&](int64_t index) -> FailureOr<std::vector<HostTensor>> {
    if (onStep)
      onStep(work, count);
    return samples[index];
  };
  if (failed(quantize::equalizeChannels(*model, options.equalization, count, getSample, prepare)))
    return failure();
  work = "calibrate";
  FailureOr<quantize::ModelStatistics> statistics = quantize::calibrate(*model, count, getSample, prepare);
  if (failed(statistics))
    return failure();
  OwningOpRef<ModuleOp> reference = module.clone();
  return success(succeeded(quantize::quantizeModel(module, *statistics, options)) &&
                 succeeded(fitWeightsOnSamples(*findModel(*reference), *model, options, samples, prepare, onStep)));
}

LogicalResult qcc::fitAlgorithms(ModuleOp module, ArrayRef<std::string> rules, const Samples &samples,
                                 const quantize::PrepareModel &prepare) {
  if (rules.empty())
    return success();
  std::vector<algorithm::AlgorithmRule> parsed;
  for (StringRef text : rules) {
    FailureOr<algorithm::AlgorithmRule> rule =
        algorithm::parseAlgorithmRule(text, UnknownLoc::get(module.getContext()));
    if (failed(rule))
      return failure();
    parsed.push_back(std::move(*rule));
  }
  FailureOr<func::FuncOp> model = findModel(module);
  if (failed(model))
    return failure();
  Samples converted = convertSamples(samples, modelInputs(*model));
  auto getSample = [&](int64_t index) -> FailureOr<std::vector<HostTensor>> { return converted[index]; };
  return algorithm::fitTapwise(*model, parsed, static_cast<int64_t>(converted.size()), getSample, prepare);
}

std::vector<std::string> qcc::algorithmRules(const QuantizeScheme &scheme) {
  std::vector<std::string> rules;
  for (const SchemeAlgorithm &rule : scheme.algorithms)
    rules.push_back(toRegex(rule.pattern) + "=" + rule.algorithm);
  return rules;
}

LogicalResult qcc::applyScheme(ModuleOp module, const QuantizeScheme &scheme, qnn::Rounding rounding,
                               const quantize::PrepareModel &prepare) {
  MLIRContext *context = module.getContext();
  FailureOr<quantize::QuantizeOptions> options = toQuantizeOptions(context, scheme);
  if (failed(options))
    return failure();
  options->rounding = rounding;
  if (scheme.calibrate.empty())
    return emitError(module.getLoc()) << "scheme '" << scheme.name
                                      << "' needs samples to choose scales; add: calibrate \"samples.npz\"";
  FailureOr<func::FuncOp> model = findModel(module);
  if (failed(model) || failed(checkFloatInputs(*model)))
    return failure();
  FailureOr<std::vector<NamedArray>> arrays = readArrays(*scheme.calibrateLoc, scheme.calibrate);
  if (failed(arrays))
    return failure();
  FailureOr<Samples> samples = samplesFromArrays(*scheme.calibrateLoc, modelInputs(*model), std::move(*arrays));
  if (failed(samples))
    return failure();
  return success(succeeded(quantizeOnSamples(module, *options, *samples, prepare)) &&
                 succeeded(fitAlgorithms(module, algorithmRules(scheme), *samples, prepare)));
}
