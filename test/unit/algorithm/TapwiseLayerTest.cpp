// What the fit of tap-wise Winograd F(4x4, 3x3) gives: judged by the interpreter, which knows nothing of it.
#include "compiler/algorithm/TapwiseLayer.h"
#include "../interpret/RunModel.h"
#include "llvm/ADT/StringExtras.h"

#include <random>

using namespace mlir;
using namespace qcc;
using namespace qcc::algorithm;

namespace {
/// A convolution of codes, whose images are single tiles: 6x6 without padding.
struct LayerShape {
  int64_t tiles, inputs, channels, groups = 1;
  std::string input = "!quant.uniform<i8:f32, 0.1>", filter = "!quant.uniform<i8:f32, 0.01>";
};

using Draw = llvm::function_ref<int64_t(std::mt19937_64 &)>;

class Layer {
public:
  Layer(const LayerShape &shape, Draw code, Draw weight) : shape(shape) {
    std::mt19937_64 random(5);
    int64_t depth = shape.inputs / shape.groups;
    std::string weights;
    for (int64_t i = 0; i < shape.channels * 9 * depth; ++i)
      weights += static_cast<char>(weight(random));
    for (int64_t i = 0; i < shape.tiles * 36 * shape.inputs; ++i)
      codes.push_back(static_cast<double>(code(random)));
    std::string text = llvm::formatv(R"(
      func.func @net(%x: tensor<{0}x6x6x{1}x{2}>) -> tensor<{0}x4x4x{3}xi32> {{
        %w = qnn.constant dense<"0x{7}"> : tensor<{3}x3x3x{4}xi8> : tensor<{3}x3x3x{4}x{5}>
        %y = qnn.conv2d %x, %w {{groups = {6}} : (tensor<{0}x6x6x{1}x{2}>, tensor<{3}x3x3x{4}x{5}>) -> tensor<{0}x4x4x{3}xi32>
        return %y : tensor<{0}x4x4x{3}xi32>
      })",
                                     shape.tiles, shape.inputs, shape.input, shape.channels, depth, shape.filter,
                                     shape.groups, llvm::toHex(weights));
    model = session.parse(text);
    op = *model.getOps<qnn::Conv2dOp>().begin();
    for (char weight : weights)
      filters.push_back(weight);
  }

  TapwiseLayer fit(const TapwiseOptions &options) {
    std::vector<CodeTile> tiles;
    auto zero = static_cast<int32_t>(qnn::getFormat(op.getInput()).getZeroPoint(0));
    for (ArrayRef<double> rest = codes; !rest.empty(); rest = rest.drop_front(36 * shape.inputs))
      for (CodeTile &tile = tiles.emplace_back(); double code : rest.take_front(36 * shape.inputs))
        tile.push_back(static_cast<int32_t>(code) - zero);
    TapwiseLayer layer(op, tiles, tiles, options);
    layer.fit();
    return layer;
  }

  /// The sums, with numbers added to each channel's.
  Numbers run(qnn::AlgorithmAttr algorithm, ArrayRef<int32_t> added = {}) {
    op.setAlgorithmAttr(algorithm);
    FailureOr<interpret::Interpreter> interpreter = interpret::Interpreter::create(model);
    INFO(session.takeErrors());
    REQUIRE(succeeded(interpreter));
    FailureOr<std::vector<HostTensor>> outputs = interpreter->run(makeTensor(model.getArgumentTypes().front(), codes));
    REQUIRE(succeeded(outputs));
    op.removeAlgorithmAttr();
    Numbers sums = numbersOf(outputs->front());
    for (size_t i = 0; i < sums.size() && !added.empty(); ++i)
      sums[i] += added[i % added.size()];
    return sums;
  }

  /// The ratio of signal to noise of the sums, in dB.
  double ratioOf(qnn::AlgorithmAttr algorithm, ArrayRef<int32_t> added = {}) {
    double signal = 0, noise = 0;
    for (auto [expected, got] : llvm::zip_equal(run({}), run(algorithm, added))) {
      signal += expected * expected;
      noise += (expected - got) * (expected - got);
    }
    return 10 * std::log10(signal / noise);
  }

  /// The largest number that any sum of a channel may get on its way.
  int64_t largestNumber(qnn::AlgorithmAttr algorithm) {
    int64_t depth = shape.inputs / shape.groups, most = 0;
    auto transforms = qnn::winograd::transformsOf(algorithm.getPoints(), 3, 3);
    for (int64_t o = 0; o < shape.channels; ++o)
      most = std::max(most, qnn::winograd::largestNumber(algorithm, transforms, o,
                                                         ArrayRef(filters).slice(o * 9 * depth, 9 * depth), depth,
                                                         qnn::getFormat(op.getInput()).getLargestInteger()));
    return most;
  }

  LayerShape shape;
  Session session;
  func::FuncOp model;
  qnn::Conv2dOp op;
  Numbers codes;
  std::vector<int64_t> filters;
};
} // namespace

static int64_t drawCode(std::mt19937_64 &random) { return static_cast<int64_t>(random() % 256) - 128; }
/// Those of a layer after a ReLU, most of them small.
static int64_t drawPositive(std::mt19937_64 &random) {
  auto code = static_cast<int64_t>(random() % 128);
  return code * code / 127;
}
static int64_t drawWeight(std::mt19937_64 &random) {
  return static_cast<int64_t>(random() % 80 + random() % 80 + random() % 80) - 118;
}
static auto always(int64_t number) {
  return [number](std::mt19937_64 &) { return number; };
}

/// `text` as `--algorithm` has it, without `winograd(f4,` and `)`.
static TapwiseOptions readOptions(StringRef text) {
  MLIRContext context;
  return *parseAlgorithmRule((".*=winograd(f4," + text + ")").str(), UnknownLoc::get(&context))->tapwise;
}

static qnn::AlgorithmAttr withoutStatedWeights(qnn::AlgorithmAttr algorithm) {
  return qnn::AlgorithmAttr::get(algorithm.getContext(), algorithm.getKind(), algorithm.getPoints(),
                                 algorithm.getBits(), algorithm.getCodes(), algorithm.getWeights(),
                                 algorithm.getFraction(), algorithm.getFactors(), algorithm.getOffsets(),
                                 DenseIntElementsAttr());
}

static qnn::AlgorithmAttr withFraction(qnn::AlgorithmAttr algorithm, int64_t fraction) {
  return qnn::AlgorithmAttr::get(algorithm.getContext(), algorithm.getKind(), algorithm.getPoints(),
                                 algorithm.getBits(), algorithm.getCodes(), algorithm.getWeights(), fraction,
                                 algorithm.getFactors(), algorithm.getOffsets(), algorithm.getTransformed());
}

/// The ranges that the attribute has, and those that the search promises.
static void checkRanges(const TapwiseOptions &options, qnn::AlgorithmAttr algorithm, int64_t channels) {
  auto report = [&] { return emitError(UnknownLoc::get(algorithm.getContext())); };
  CHECK(succeeded(qnn::AlgorithmAttr::verify(report, algorithm.getKind(), algorithm.getPoints(), algorithm.getBits(),
                                             algorithm.getCodes(), algorithm.getWeights(), algorithm.getFraction(),
                                             algorithm.getFactors(), algorithm.getOffsets(),
                                             algorithm.getTransformed())));
  CHECK(static_cast<int64_t>(algorithm.getWeights().size()) == 36 * (options.isPerChannel ? channels : 1));
  CHECK(algorithm.getFactors().size() == (options.hasFactors ? 36 : 0));
  bool isRefined = options.fit == TapwiseFit::Refined, isReciprocal = options.points == qnn::WinogradPoints::Reciprocal;
  CHECK(algorithm.getOffsets().size() == (isRefined && isReciprocal ? 36 : 0));
  for (int64_t offset : algorithm.getOffsets())
    CHECK((offset % 16 == 0 && std::abs(offset) <= 64));
  CHECK(bool(algorithm.getTransformed()) == isRefined);
}

static constexpr StringRef allWays[] = {"single,8",
                                        "tapwise,8",
                                        "channelwise,8",
                                        "tapwise,8,refined,integer",
                                        "tapwise,8,greedy",
                                        "tapwise,8,max",
                                        "tapwise,8,mse,reciprocal,shifts",
                                        "tapwise,9",
                                        "tapwise,10",
                                        "channelwise,10,greedy,reciprocal"};

TEST_CASE("what is fitted is in its ranges, fits 32 bits, and is as near as the fit says") {
  for (const LayerShape &shape :
       {LayerShape{64, 5, 3}, LayerShape{40, 6, 4, 2}, LayerShape{48, 3, 2, 1, "!quant.uniform<i8:f32, 0.1:-128>"}})
    for (StringRef way : allWays) {
      CAPTURE(way.str(), shape.inputs, shape.groups);
      TapwiseOptions options = readOptions(way);
      Layer layer(shape, drawCode, drawWeight);
      TapwiseLayer fitted = layer.fit(options);
      std::optional<qnn::AlgorithmAttr> algorithm = fitted.algorithm();
      REQUIRE(algorithm);
      checkRanges(options, *algorithm, shape.channels);
      CHECK(layer.largestNumber(*algorithm) <= qnn::winograd::mostNumber);
      // Fractions round a little, which the fit leaves out.
      CHECK(layer.ratioOf(*algorithm, fitted.biasCorrections()) == Approx(fitted.signalToNoise()).margin(0.1));
    }
}

TEST_CASE("stated weights are no further from the samples than rounded ones") {
  for (const LayerShape &shape :
       {LayerShape{256, 4, 4}, LayerShape{64, 9, 3}, LayerShape{64, 8, 4, 2}, LayerShape{3, 8, 2}})
    for (StringRef way :
         {"tapwise,8", "channelwise,8", "tapwise,8,refined,integer", "tapwise,8,refined,reciprocal,shifts"})
      for (Draw draw : {Draw(drawCode), Draw(drawPositive)}) {
        CAPTURE(way.str(), shape.tiles, shape.inputs);
        Layer layer(shape, draw, drawWeight);
        TapwiseLayer fitted = layer.fit(readOptions(way));
        qnn::AlgorithmAttr algorithm = *fitted.algorithm();
        CHECK(layer.ratioOf(algorithm, fitted.biasCorrections()) > layer.ratioOf(withoutStatedWeights(algorithm)));
      }
}

TEST_CASE("more freedom brings results nearer") {
  auto ratioOf = [](StringRef way) {
    return Layer({128, 8, 4}, drawPositive, drawWeight).fit(readOptions(way)).signalToNoise();
  };
  double single = ratioOf("single,8"), integer = ratioOf("tapwise,8,greedy,integer"),
         greedy = ratioOf("tapwise,8,greedy"), refined = ratioOf("tapwise,8");
  CHECK(single + 10 < integer);
  CHECK(integer + 3 < greedy);
  CHECK(greedy + 0.5 < refined);
  CHECK(integer + 3 < ratioOf("tapwise,9"));
  CHECK(ratioOf("tapwise,9") + 3 < ratioOf("tapwise,10"));
}

TEST_CASE("the fraction is the largest of use whose sums fit 32 bits") {
  int64_t limited = 0;
  for (int64_t depth : {1, 16, 64, 256, 512}) {
    CAPTURE(depth);
    Layer layer({1, depth, 1, 1, "!quant.uniform<i8:f32, 0.1:-128>"}, always(127), always(127));
    TapwiseLayer fitted = layer.fit(readOptions("tapwise,10"));
    std::optional<qnn::AlgorithmAttr> algorithm = fitted.algorithm();
    REQUIRE(algorithm);
    CHECK(layer.largestNumber(*algorithm) <= qnn::winograd::mostNumber);
    int64_t fraction = algorithm->getFraction(), ofUse = -qnn::winograd::mostFraction;
    for (auto [code, weight] : llvm::zip_equal(algorithm->getCodes(), algorithm->getWeights()))
      ofUse = std::max(ofUse, weight - code);
    CHECK(fraction <= ofUse);
    if (fraction == std::min(ofUse, qnn::winograd::mostFraction))
      continue;
    ++limited;
    CHECK(layer.largestNumber(withFraction(*algorithm, fraction + 1)) > qnn::winograd::mostNumber);
  }
  CHECK(limited > 1);
}

TEST_CASE("sums that need more than 32 bits whatever the fraction is have no algorithm") {
  Layer layer({1, 4096, 1, 1, "!quant.uniform<i8:f32, 0.1:-128>"}, always(127), always(127));
  CHECK(!layer.fit(readOptions("tapwise,10,max")).algorithm());
}

TEST_CASE("layers without noise or without signal can be fitted") {
  for (StringRef way : allWays) {
    CAPTURE(way.str());
    TapwiseOptions options = readOptions(way);
    auto check = [&](Layer &&layer) {
      TapwiseLayer fitted = layer.fit(options);
      std::optional<qnn::AlgorithmAttr> algorithm = fitted.algorithm();
      REQUIRE(algorithm);
      checkRanges(options, *algorithm, layer.shape.channels);
      CHECK(layer.largestNumber(*algorithm) <= qnn::winograd::mostNumber);
      return std::pair(layer.run(*algorithm, fitted.biasCorrections()), fitted.signalToNoise());
    };
    // All codes 0: sums are 0, too, and nothing is wrong.
    auto [sums, ratio] = check(Layer({4, 3, 2}, always(0), drawWeight));
    CHECK(sums == Numbers(sums.size(), 0));
    CHECK(ratio == std::numeric_limits<double>::infinity());
    // All weights 0, likewise.
    std::tie(sums, ratio) = check(Layer({4, 3, 2}, drawCode, always(0)));
    CHECK(sums == Numbers(sums.size(), 0));
    CHECK(ratio == std::numeric_limits<double>::infinity());
    // One tile, one channel; the same codes everywhere.
    CHECK(check(Layer({1, 1, 1}, drawCode, drawWeight)).second > -10);
    check(Layer({4, 3, 2}, always(-128), drawWeight));
  }
}
