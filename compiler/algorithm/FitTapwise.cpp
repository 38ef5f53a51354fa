#include "compiler/algorithm/FitTapwise.h"

#include "compiler/algorithm/TapwiseAccuracy.h"
#include "llvm/Support/FormatVariadic.h"

#include <random>

using namespace mlir;
using namespace qcc;
using namespace qcc::algorithm;
using namespace qcc::qnn::winograd;

namespace {
/// Tiles of a convolution's input, the same number of each sample, at random places.
class TileSampler {
public:
  TileSampler(qnn::Conv2dOp op, const TapwiseOptions &options, int64_t samples) : op(op), options(options) {
    // So much is multiplied each time that a shift is tried, and so much is kept.
    // Weights are more unknowns than shifts.
    bool isRefined = options.fit == TapwiseFit::Refined;
    int64_t mostProducts = int64_t(1) << (isRefined ? 24 : 23), mostTiles = isRefined ? 4096 : 512;
    constexpr int64_t mostCodes = int64_t(1) << 24, leastTiles = 32;
    int64_t inputs = shapeOf(op.getInput())[3], products = shapeOf(op.getFilter())[3] * shapeOf(op.getFilter())[0];
    int64_t tiles = std::clamp(std::min(mostProducts / std::max<int64_t>(products, 1),
                                        mostCodes / std::max<int64_t>(transforms().taps() * inputs, 1)),
                               leastTiles, mostTiles);
    ofSample = llvm::divideCeilSigned(tiles, samples);
  }

  void add(const interpret::Tensor &tensor) {
    std::vector<int32_t> integers = interpret::integersOf(tensor);
    ArrayRef<int64_t> output = shapeOf(op.getOutput());
    for (int64_t tile = 0; tile < ofSample; ++tile) {
      int64_t n = draw(output[0]), y = drawTile(output[1], transforms().rows);
      addTile(integers, n, y, drawTile(output[2], transforms().columns));
    }
  }

  qnn::Conv2dOp op;
  TapwiseOptions options;
  std::vector<CodeTile> tiles;

private:
  /// Less than `size`; the same on all machines, unlike what distributions of the standard library give.
  int64_t draw(int64_t size) { return static_cast<int64_t>(random() % static_cast<uint64_t>(size)); }

  /// The first output of one of the tiles along an axis.
  int64_t drawTile(int64_t size, const Axis &axis) {
    return axis.outputs * draw(llvm::divideCeilSigned(size, axis.outputs));
  }

  /// Outside the input, integers are 0.
  void addTile(ArrayRef<int32_t> integers, int64_t n, int64_t y, int64_t x) {
    ArrayRef<int64_t> input = shapeOf(op.getInput());
    auto [rows, columns] = transforms();
    int64_t channels = input[3];
    CodeTile &tile = tiles.emplace_back(rows.side * columns.side * channels, 0);
    for (int64_t i = 0; i < rows.side; ++i)
      for (int64_t j = 0; j < columns.side; ++j) {
        int64_t row = y + i - op.getPads()[0], column = x + j - op.getPads()[2];
        if (row >= 0 && row < input[1] && column >= 0 && column < input[2])
          llvm::copy(integers.slice(((n * input[1] + row) * input[2] + column) * channels, channels),
                     tile.begin() + (i * columns.side + j) * channels);
      }
  }

  Transforms transforms() {
    return transformsOf(options.points, shapeOf(op.getFilter())[1], shapeOf(op.getFilter())[2]);
  }

  int64_t ofSample;
  std::mt19937_64 random{1};
};

/// Runs a model on samples, the same ones each time.
class TileSource {
public:
  TileSource(func::FuncOp model, SampleSource &samples, const quantize::PrepareModel &prepare, int64_t mostSamples)
      : model(model), samples(samples), prepare(prepare), taken(std::min(samples.size(), mostSamples)) {}

  int64_t size() const { return taken; }

  /// Has the samplers take their tiles of the model as it is now.
  LogicalResult fill(MutableArrayRef<TileSampler> samplers) const {
    llvm::SmallSetVector<Value, 8> inputs;
    for (TileSampler &sampler : samplers)
      inputs.insert(sampler.op.getInput());
    FailureOr<std::unique_ptr<quantize::ObservableModel>> observable = prepare(model, inputs.getArrayRef());
    if (failed(observable))
      return failure();
    auto observe = [&](Value value, const interpret::Tensor &tensor) {
      for (TileSampler &sampler : samplers)
        if (sampler.op.getInput() == value)
          sampler.add(tensor);
    };
    for (int64_t number = 0; number < taken; ++number) {
      FailureOr<std::vector<HostTensor>> sample = samples.get(number * samples.size() / taken);
      if (failed(sample) || failed((*observable)->run(*sample, observe)))
        return failure();
    }
    return success();
  }

private:
  func::FuncOp model;
  SampleSource &samples;
  const quantize::PrepareModel &prepare;
  int64_t taken;
};
} // namespace

/// Fits one layer, whose tiles in the direct model are taken. A refined one makes up for what the layers before it,
/// which are fitted already, are wrong by. None if it stays direct.
static FailureOr<std::optional<FittedLayer>> fitLayer(TileSampler &sampler, const TileSource &source) {
  qnn::Conv2dOp op = sampler.op;
  const TapwiseOptions &options = sampler.options;
  TileSampler now(op, options, source.size());
  if (options.fit != TapwiseFit::Refined)
    now.tiles = sampler.tiles;
  else if (failed(source.fill(now)))
    return failure();
  TapwiseLayer layer(op, now.tiles, sampler.tiles, options);
  sampler.tiles.clear();
  layer.fit();
  FittedLayer fitted{op, layer};
  fitted.name = llvm::formatv("winograd(f4, {0}, {1})", options.isSingleScale ? "single" : "tapwise", options.bits);
  fitted.tolerance = options.tolerance;
  if (options.leastRatio && fitted.ratio < static_cast<double>(*options.leastRatio)) {
    op.removeAlgorithmAttr();
    op.emitRemark() << "stays direct: " << fitted.name
                    << llvm::formatv(" has {0:f1} dB of signal to noise", fitted.ratio).str();
    return std::optional<FittedLayer>();
  }
  if (!fitted.algorithm) {
    op.emitError() << "has sums of F_4_3 that need more than 32 bits, whatever the fraction is; leave it direct";
    return failure();
  }
  fitted.apply();
  if (!fitted.tolerance)
    op.emitRemark() << "computed by " << fitted.describe();
  return std::optional(std::move(fitted));
}

static bool isRefined(const TapwiseOptions &options) { return options.fit == TapwiseFit::Refined; }

/// From how many samples tiles are taken at most.
static int64_t mostSamples(bool isRefined) { return isRefined ? 512 : 128; }

LogicalResult algorithm::fitTapwise(func::FuncOp model, ArrayRef<AlgorithmRule> rules, SampleSource &samples,
                                    const quantize::PrepareModel &prepare, ArrayRef<int64_t> labels, OnStep onStep) {
  int64_t count = samples.size();
  if (count < 1)
    return model.emitError() << "expects at least 1 calibration sample, but got " << count;
  bool refines =
      llvm::any_of(rules, [](const AlgorithmRule &rule) { return rule.tapwise && isRefined(*rule.tapwise); });
  TileSource source(model, samples, prepare, mostSamples(refines));
  std::vector<TileSampler> samplers;
  for (const AlgorithmRule &rule : rules) {
    if (rule.kind != qnn::AlgorithmKind::Direct && !rule.tapwise)
      return model.emitError()
             << "expects rules of winograd(f4,tapwise,BITS) or direct when a model is quantized, but got "
             << ruleNameOf(rule.kind) << " for '" << rule.pattern
             << "', which is a way to compute: give it to qcc compile";
    LogicalResult visited = forEachConvolution(rule, model, [&](qnn::Conv2dOp op) {
      llvm::erase_if(samplers, [&](const TileSampler &each) { return each.op == op; });
      if (rule.tapwise)
        samplers.emplace_back(op, *rule.tapwise, source.size());
    });
    if (failed(visited))
      return failure();
  }
  llvm::sort(samplers, [](TileSampler &a, TileSampler &b) { return a.op->isBeforeInBlock(b.op); });
  Predictor predictor(model, samples, prepare, labels);
  bool hasTolerances = llvm::any_of(samplers, [](const TileSampler &each) { return each.options.tolerance; });
  if (failed(source.fill(samplers)) || (hasTolerances && failed(predictor.rememberDirect())))
    return failure();
  std::vector<FittedLayer> layers;
  for (TileSampler &sampler : samplers) {
    FailureOr<std::optional<FittedLayer>> fitted = fitLayer(sampler, source);
    if (failed(fitted))
      return failure();
    if (*fitted)
      layers.push_back(std::move(**fitted));
    if (onStep)
      onStep("fit algorithms", static_cast<int64_t>(samplers.size()));
  }
  return hasTolerances ? keepWithinTolerance(layers, predictor, onStep) : success();
}

//===-- Variants ------------------------------------------------------------------------------------===//

/// The convolutions that may have variants.
static FailureOr<std::vector<ConvolutionVariants>> findConvolutions(func::FuncOp model,
                                                                    const TapwiseOptions &candidate) {
  AlgorithmRule rule{"", qnn::AlgorithmKind::WinogradF4, candidate};
  std::vector<ConvolutionVariants> found;
  WalkResult walked = model.walk([&](qnn::Conv2dOp op) {
    if (!problemOf(op, rule).empty())
      return WalkResult::advance();
    if (qnn::isTapwise(op.getAlgorithm())) {
      op.emitError() << "is computed by F_4_3 already; give the model that it was quantized from";
      return WalkResult::interrupt();
    }
    found.push_back({op, {}});
    return WalkResult::advance();
  });
  if (walked.wasInterrupted())
    return failure();
  if (found.empty())
    return model.emitError() << "has no " << qnn::winograd::filterSizesOf(rule.kind)
                             << " convolution with strides of 1, constant weights and codes of at most 8 "
                                "bits, which winograd(f4) needs";
  return found;
}

/// A clone of the convolution that tiles were taken of, with another algorithm.
static qnn::Conv2dOp fitVariant(const TileSampler &sampler) {
  TapwiseLayer layer(sampler.op, sampler.tiles, sampler.tiles, sampler.options);
  layer.fit();
  OpBuilder builder(sampler.op->getContext());
  builder.setInsertionPointAfter(sampler.op);
  FittedLayer variant{llvm::cast<qnn::Conv2dOp>(builder.clone(*sampler.op)), layer};
  if (!variant.algorithm) {
    variant.op.erase();
    return {};
  }
  variant.apply();
  return variant.op;
}

FailureOr<std::vector<ConvolutionVariants>>
algorithm::fitVariants(func::FuncOp model, ArrayRef<TapwiseOptions> candidates, SampleSource &samples,
                       const quantize::PrepareModel &prepare, OnStep onStep) {
  FailureOr<std::vector<ConvolutionVariants>> found = findConvolutions(model, candidates.front());
  if (failed(found))
    return failure();
  if (samples.size() < 1)
    return model.emitError() << "expects at least 1 sample to fit algorithms to";
  TileSource source(model, samples, prepare, mostSamples(llvm::any_of(candidates, isRefined)));
  constexpr size_t together = 8;
  for (MutableArrayRef<ConvolutionVariants> rest = *found; !rest.empty();) {
    MutableArrayRef<ConvolutionVariants> chunk = rest.take_front(together);
    rest = rest.drop_front(chunk.size());
    std::vector<TileSampler> samplers;
    for (ConvolutionVariants &each : chunk)
      for (const TapwiseOptions &candidate : candidates)
        samplers.emplace_back(each.op, candidate, source.size());
    if (failed(source.fill(samplers)))
      return failure();
    for (auto [number, sampler] : llvm::enumerate(samplers)) {
      chunk[number / candidates.size()].variants.push_back(fitVariant(sampler));
      sampler.tiles = {};
      if (onStep)
        onStep("fit algorithms", static_cast<int64_t>(found->size() * candidates.size()));
    }
  }
  return found;
}
