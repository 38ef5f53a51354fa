#include "compiler/pipeline/ApplyScheme.h"

#include "compiler/algorithm/FitTapwise.h"
#include "compiler/pipeline/ReadThresholds.h"
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
  /// The format of weights without its outliers.
  FailureOr<quantize::Precision> readCodes(Location at, const SchemeFormat &format);
  FailureOr<quantize::Precision> readWeights(Location at, const SchemeFormat &format);
  FailureOr<quantize::Precision> readDefault(const std::optional<SchemeFormat> &format, StringRef what);

  const QuantizeScheme &scheme;
  Location loc;
  quantize::QuantizeOptions options;
  /// What rules ask for so far.
  StringRef weightClip;
};
} // namespace

/// Kinds of scales hold for all layers, and so does the quantizer of weights. That of activations holds for a rule's
/// layers.
LogicalResult SchemeReader::readClip(Location at, const SchemeFormat &format, bool isWeights) {
  if (format.powerOfTwoScales && !options.powerOfTwoScales)
    return error(at) << "asks for scales that are powers of two in one rule; say so in the default, for all layers";
  if (format.clip.empty())
    return success();
  if (!quantize::findQuantizer(format.clip))
    return error(at) << "asks for the unknown clip '" << format.clip << "'; there is " << quantize::listQuantizers();
  if (!isWeights)
    return success();
  if (!weightClip.empty() && weightClip != format.clip)
    return error(at) << "asks for the clips '" << weightClip << "' and '" << format.clip
                     << "' of weights, but one holds for all layers";
  weightClip = format.clip;
  options.weightQuantizer = format.clip;
  return success();
}

FailureOr<quantize::Precision> SchemeReader::read(Location at, const SchemeFormat &format, bool isWeights) {
  if (format.kind == SchemeFormat::Float && format.bits == 16)
    return quantize::Precision::bfloat();
  if (format.kind == SchemeFormat::Float && isWeights)
    return error(at) << "keeps weights in f32, which is not supported; expects int2 to int8, binary or bf16";
  if (format.kind == SchemeFormat::Float)
    return quantize::Precision{format.bits};
  if (failed(readClip(at, format, isWeights)))
    return failure();
  if (format.kind == SchemeFormat::Binary && (format.group || format.planes > 1))
    return quantize::Precision{static_cast<unsigned>(format.planes), /*isTernary=*/false,
                               format.group ? format.group : quantize::wholeRow, /*isBinaryCoded=*/true};
  if (format.group && format.kind != SchemeFormat::Affine)
    return error(at) << "asks for a scale per " << format.group
                     << " elements of a format that has none but per channel";
  if (format.kind == SchemeFormat::Binary) {
    quantize::Precision precision{1};
    precision.inputScale = quantize::parseInputScale(format.inputScale).value_or(quantize::InputScale::Scalar);
    return precision;
  }
  if (format.kind == SchemeFormat::Ternary || format.kind == SchemeFormat::Codebook) {
    std::string name = format.kind == SchemeFormat::Ternary ? "ternary" : "codebook" + std::to_string(format.bits);
    return error(at) << "gives " << name << " activations, but " << name
                     << " is a format of weights; expects int2 to int8 or binary";
  }
  if (format.kind == SchemeFormat::Basis) {
    if (!isWeights && format.bits > quantize::mostThresholdBits)
      return error(at) << "expects a learned basis of at most " << quantize::mostThresholdBits
                       << " bits for activations, but got basis" << format.bits;
    quantize::Precision precision{format.bits};
    precision.isBasis = true;
    return precision;
  }
  if ((!format.isSigned && isWeights) || format.bits > 8)
    return error(at) << "expects " << (isWeights ? "int2 to int8" : "int2 to int8, uint1 to uint8")
                     << " or binary, but got " << (format.isSigned ? "int" : "uint") << format.bits;
  quantize::Precision precision{format.bits, /*isTernary=*/false, format.group};
  precision.isUnsigned = !format.isSigned;
  if (!isWeights) {
    precision.clip = format.clip;
    precision.thresholds = format.thresholds;
  }
  return precision;
}

FailureOr<quantize::Precision> SchemeReader::readWeights(Location at, const SchemeFormat &format) {
  FailureOr<quantize::Precision> precision = readCodes(at, format);
  if (succeeded(precision))
    precision->outliers = format.outliers;
  return precision;
}

FailureOr<quantize::Precision> SchemeReader::readCodes(Location at, const SchemeFormat &format) {
  bool isBook = format.kind == SchemeFormat::Codebook;
  if ((format.kind == SchemeFormat::Affine || isBook) &&
      format.isPerChannel.value_or(options.perChannel) != options.perChannel)
    return error(at) << "mixes weights with a scale per channel and per tensor, which is not supported";
  if (format.kind == SchemeFormat::Ternary && !format.group)
    return quantize::Precision{2, /*isTernary=*/true};
  if (isBook && format.bits < 2)
    return error(at) << "expects codebook2 to codebook8 for weights, but got codebook1; binary has two numbers";
  if (isBook)
    return quantize::Precision{.bits = format.bits, .isCodebook = true};
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
  if (!activations->clip.empty())
    std::swap(options.quantizer, options.precision.activations.clip);
  options.precision.activations.clip.clear();
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
  FailureOr<quantize::QuantizeOptions> options = SchemeReader(scheme, loc).run();
  if (failed(options) || failed(readThresholds(*options)))
    return failure();
  return options;
}

LogicalResult qcc::checkFloatInputs(func::FuncOp model) {
  if (!modelStates(model).empty())
    return model.emitError() << "cannot quantize '" << model.getName()
                             << "', which has state; quantize the model that sees all frames, and stream that";
  for (const ModelPort &port : modelInputs(model))
    if (!port.type.getElementType().isF32())
      return model.emitError() << "expects f32 inputs to quantize, but input '" << port.name << "' is " << port.type;
  return success();
}

/// The samples that weights are fitted on, evenly spaced.
static FailureOr<Samples> pickSamples(SampleSource &samples, int64_t count) {
  Samples picked;
  for (int64_t i = 0; i < count; ++i) {
    FailureOr<std::vector<HostTensor>> sample = samples.get(i * samples.size() / count);
    if (failed(sample))
      return failure();
    picked.push_back(std::move(*sample));
  }
  return picked;
}

static LogicalResult fitWeightsOnSamples(func::FuncOp reference, func::FuncOp model,
                                         const quantize::QuantizeOptions &options, SampleSource &samples,
                                         const quantize::PrepareModel &prepare, OnStep onStep) {
  // A quantizer that was asked for has the last word.
  bool keepsScales = !options.perChannel || options.powerOfTwoScales ||
                     options.weightQuantizer != quantize::QuantizeOptions().weightQuantizer;
  quantize::FitOptions fit{quantize::chooseWeightRounding(model, options), keepsScales, prepare};
  if (fit.rounding == quantize::WeightRounding::Nearest)
    return success();
  if (samples.size() == 0)
    return model.emitError()
           << "expects samples to fit weights to, beside the calibration; give both, or round weights "
              "to the nearest";
  auto onLayer = [&](size_t count) {
    if (onStep)
      onStep("fit weights", static_cast<int64_t>(count));
  };
  fit.onLayer = onLayer;
  FailureOr<Samples> picked = pickSamples(samples, quantize::samplesToFit(reference, model, samples.size()));
  if (failed(picked))
    return failure();
  Samples converted = convertSamples(*picked, modelInputs(model));
  return quantize::fitWeights(reference, model, std::move(*picked), std::move(converted), fit);
}

namespace {
/// Shows which sample is read, of all that are read in so many passes.
class WatchedSamples : public SampleSource {
public:
  WatchedSamples(SampleSource &source, StringRef work, OnStep onStep, int64_t passes = 1)
      : source(source), work(work), onStep(onStep), passes(passes) {}
  int64_t size() const override { return source.size(); }
  FailureOr<std::vector<HostTensor>> get(int64_t index) override {
    if (onStep)
      onStep(work, passes * size());
    return source.get(index);
  }

private:
  SampleSource &source;
  StringRef work;
  OnStep onStep;
  int64_t passes;
};
} // namespace

static std::string nameOf(func::FuncOp model, Value value) {
  if (auto argument = llvm::dyn_cast<BlockArgument>(value))
    return modelInputs(model)[argument.getArgNumber()].name;
  return quantize::getLayerName(value.getDefiningOp()).str();
}

/// The statistics of a simplified model: those that there are, or else those of the samples, of which there may be none
/// if no scales are to be chosen.
static FailureOr<quantize::ModelStatistics> findStatistics(func::FuncOp model, SampleSource &samples,
                                                           const quantize::PrepareModel &prepare,
                                                           Calibration &calibration, bool choosesScales) {
  SmallVector<Value> values = quantize::valuesToCalibrate(model);
  quantize::ModelStatistics statistics;
  if (!choosesScales && calibration.tensors.empty() && samples.size() == 0)
    return statistics;
  if (calibration.tensors.empty()) {
    FailureOr<quantize::ModelStatistics> observed = quantize::calibrate(model, samples, prepare);
    if (failed(observed))
      return failure();
    for (Value value : values)
      calibration.tensors.push_back({nameOf(model, value), observed->at(value)});
    return observed;
  }
  if (calibration.tensors.size() != values.size())
    return model.emitError() << "expects statistics of " << values.size() << " tensors, but the calibration has "
                             << calibration.tensors.size();
  for (auto [value, tensor] : llvm::zip_equal(values, calibration.tensors))
    statistics[value] = tensor.statistics;
  return statistics;
}

LogicalResult qcc::quantizeOnSamples(ModuleOp module, const quantize::QuantizeOptions &options, SampleSource &samples,
                                     const quantize::PrepareModel &prepare, Calibration &calibration, OnStep onStep) {
  FailureOr<func::FuncOp> model = findModel(module);
  if (failed(model))
    return failure();
  if (failed(quantize::simplifyFloatModel(module)))
    return failure();
  WatchedSamples toEqualize(samples, "equalize", onStep), toCalibrate(samples, "calibrate", onStep),
      toSplit(samples, "find outliers", onStep, /*passes=*/2);
  if (failed(quantize::equalizeChannels(*model, options.equalization, toEqualize, prepare)))
    return failure();
  FailureOr<bool> hasScales = quantize::hasScales(*model, options);
  if (failed(hasScales))
    return failure();
  FailureOr<quantize::ModelStatistics> statistics =
      findStatistics(*model, toCalibrate, prepare, calibration, *hasScales);
  if (failed(statistics))
    return failure();
  FailureOr<quantize::OutlierLayers> outliers = quantize::splitOutliers(*model, options, *statistics, toSplit, prepare);
  if (failed(outliers))
    return failure();
  OwningOpRef<ModuleOp> reference = module.clone();
  return success(succeeded(quantize::quantizeModel(module, *statistics, options, *outliers)) &&
                 succeeded(fitWeightsOnSamples(*findModel(*reference), *model, options, samples, prepare, onStep)));
}

LogicalResult qcc::fitAlgorithms(ModuleOp module, ArrayRef<std::string> rules, SampleSource &samples,
                                 const quantize::PrepareModel &prepare, ArrayRef<int64_t> labels, OnStep onStep) {
  if (rules.empty() && labels.empty())
    return success();
  std::vector<algorithm::AlgorithmRule> parsed;
  for (StringRef text : rules) {
    FailureOr<algorithm::AlgorithmRule> rule =
        algorithm::parseAlgorithmRule(text, UnknownLoc::get(module.getContext()));
    if (failed(rule))
      return failure();
    parsed.push_back(std::move(*rule));
  }
  if (!labels.empty() && llvm::none_of(parsed, [](const algorithm::AlgorithmRule &rule) {
        return rule.tapwise && rule.tapwise->tolerance;
      }))
    return emitError(UnknownLoc::get(module.getContext()))
           << "labels are for algorithms with points of accuracy that may be lost, such as winograd(f4,tapwise,8,"
              "0.5points)";
  FailureOr<func::FuncOp> model = findModel(module);
  if (failed(model))
    return failure();
  ConvertedSamples converted(samples, modelInputs(*model));
  return algorithm::fitTapwise(*model, parsed, converted, prepare, labels, onStep);
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
  FailureOr<func::FuncOp> model = findModel(module);
  if (failed(model) || failed(checkFloatInputs(*model)))
    return failure();
  FailureOr<bool> hasScales = quantize::hasScales(*model, *options);
  if (failed(hasScales))
    return failure();
  Calibration calibration;
  if (!*hasScales && scheme.calibrate.empty() && scheme.algorithms.empty()) {
    SampleList none{ArrayRef<std::vector<HostTensor>>()};
    return quantizeOnSamples(module, *options, none, prepare, calibration);
  }
  if (scheme.calibrate.empty())
    return emitError(module.getLoc()) << "scheme '" << scheme.name
                                      << "' needs samples to choose scales; add: calibrate \"samples.npz\"";
  FailureOr<std::vector<ArrayReader>> arrays = openArrays(*scheme.calibrateLoc, scheme.calibrate);
  if (failed(arrays))
    return failure();
  FailureOr<SampleReader> samples = SampleReader::create(*scheme.calibrateLoc, modelInputs(*model), std::move(*arrays));
  if (failed(samples))
    return failure();
  samples->requireFinite();
  return success(succeeded(quantizeOnSamples(module, *options, *samples, prepare, calibration)) &&
                 succeeded(fitAlgorithms(module, algorithmRules(scheme), *samples, prepare)));
}
