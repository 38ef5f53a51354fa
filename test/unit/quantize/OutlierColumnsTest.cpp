#include "compiler/quantize/OutlierColumns.h"
#include "../interpret/RunModel.h"
#include "compiler/quantize/Constants.h"
#include "compiler/quantize/FitWeights.h"
#include "compiler/quantize/QuantizeModel.h"
#include "test/unit/quantize/Distributions.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::quantize;

namespace {
constexpr int64_t inputs = 24, hidden = 40, units = 8;

/// Two dense layers; of what the second one reads, columns 5 and 31 are some 50 times as large as the others.
struct Layers : Session {
  explicit Layers(const std::string &between = "") {
    model = parse(R"(func.func @f(%x: tensor<3x24xf32>) -> tensor<3x8xf32> {
      %w = qnn.constant dense<1.0> : tensor<40x24xf32> : tensor<40x24xf32>
      %v = qnn.constant dense<1.0> : tensor<8x40xf32> : tensor<8x40xf32>
      %b = qnn.constant dense<0.5> : tensor<8xf32> : tensor<8xf32>
      %c = qnn.constant dense<1.0> : tensor<3x40xf32> : tensor<3x40xf32>
      %a = qnn.dense %x, %w : (tensor<3x24xf32>, tensor<40x24xf32>) -> tensor<3x40xf32> loc("a")
      )" + between +
                  R"(
      %y = qnn.dense )" +
                  (between.empty() ? "%a" : "%z") + R"(, %v bias %b {activation = #qnn.activation<relu>}
        : (tensor<3x40xf32>, tensor<8x40xf32>, tensor<8xf32>) -> tensor<3x8xf32> loc("y")
      return %y : tensor<3x8xf32> })");
    for (Operation &op : llvm::make_early_inc_range(model.getBody().getOps()))
      if (auto constant = llvm::dyn_cast<qnn::ConstantOp>(op); constant && shapeOf(constant.getResult()).size() == 2)
        fill(constant);
    for (int i = 0; i < 20; ++i)
      samples.push_back({makeTensor(model.getArgumentTypes()[0], drawNormal(generator, 3 * inputs))});
    expected = run();
  }

  void fill(qnn::ConstantOp constant) {
    ArrayRef<int64_t> shape = shapeOf(constant.getResult());
    Numbers numbers = drawNormal(generator, shape[0] * shape[1]);
    std::vector<float> values(numbers.begin(), numbers.end());
    if (shape[0] == hidden)
      for (int64_t column : {5, 31})
        for (int64_t i = 0; i < inputs; ++i)
          values[column * inputs + i] *= 50;
    OpBuilder builder(constant);
    auto fresh = makeFloatConstant(builder, constant.getLoc(), shape, values, constant.getNameAttr());
    constant->replaceAllUsesWith(fresh);
    constant.erase();
  }

  QuantizeOptions optionsWith(const std::string &rule) {
    QuantizeOptions options;
    options.keepFloatInterface = true;
    options.rules.push_back(*parsePrecisionRule(rule, UnknownLoc::get(&context)));
    return options;
  }

  FailureOr<OutlierLayers> split(const QuantizeOptions &options) {
    SampleList list(samples);
    FailureOr<ModelStatistics> found = calibrate(model, list);
    REQUIRE(succeeded(found));
    statistics = std::move(*found);
    return splitOutliers(model, options, statistics, list);
  }

  LogicalResult quantize(const QuantizeOptions &options) {
    FailureOr<OutlierLayers> outliers = split(options);
    REQUIRE(succeeded(outliers));
    reference = module->clone();
    return quantizeModel(*module, statistics, options, *outliers);
  }

  std::vector<Numbers> run() {
    FailureOr<interpret::Interpreter> interpreter = interpret::Interpreter::create(model);
    std::vector<Numbers> outputs;
    for (const std::vector<HostTensor> &sample : samples)
      outputs.push_back(numbersOf((*interpreter->run(sample)).front()));
    return outputs;
  }

  /// The root of the errors' power over that of the results.
  double relativeError() {
    double errors = 0, power = 0;
    for (auto [outputs, right] : llvm::zip_equal(run(), expected))
      for (auto [got, wanted] : llvm::zip_equal(outputs, right)) {
        errors += (got - wanted) * (got - wanted);
        power += wanted * wanted;
      }
    return std::sqrt(errors / power);
  }

  template <typename Op> std::vector<Op> all() {
    auto ops = model.getBody().getOps<Op>();
    return {ops.begin(), ops.end()};
  }

  std::string text() {
    std::string result;
    llvm::raw_string_ostream(result) << *module;
    return result;
  }

  func::FuncOp model;
  OwningOpRef<ModuleOp> reference;
  ModelStatistics statistics;
  std::vector<std::vector<HostTensor>> samples;
  std::vector<Numbers> expected;
  std::mt19937 generator{3};
};
} // namespace

TEST_CASE("columns that reach the threshold are multiplied apart, which changes no number") {
  Layers layers;
  FailureOr<OutlierLayers> split = layers.split(layers.optionsWith("y=w8a8(outliers: 60.0)"));
  REQUIRE(succeeded(split));
  REQUIRE(layers.all<qnn::GatherOp>().size() == 1);
  CHECK(layers.all<qnn::GatherOp>()[0].getIndices() == ArrayRef<int64_t>{5, 31});
  REQUIRE(layers.all<qnn::DenseOp>().size() == 3);
  qnn::DenseOp integers = layers.all<qnn::DenseOp>()[1];
  std::vector<float> weights = getFloats(getFloatConstant(integers.getFilter()));
  for (int64_t unit = 0; unit < units; ++unit)
    for (int64_t column = 0; column < hidden; ++column)
      CHECK((weights[unit * hidden + column] == 0) == (column == 5 || column == 31));
  const Statistics &inliers = split->inliers.at(integers);
  CHECK(inliers.count == 20 * 3 * (hidden - 2));
  CHECK(std::max(-inliers.minimum, inliers.maximum) < 60);
  CHECK(layers.relativeError() < 1e-6);
}

TEST_CASE("the largest magnitude of a column is compared with the threshold, which it may equal") {
  Layers layers;
  layers.model = layers.parse(R"(func.func @f(%x: tensor<2x3xf32>) -> tensor<2x1xf32> {
    %w = qnn.constant dense<1.0> : tensor<1x3xf32> : tensor<1x3xf32>
    %y = qnn.dense %x, %w : (tensor<2x3xf32>, tensor<1x3xf32>) -> tensor<2x1xf32> loc("y")
    return %y : tensor<2x1xf32> })");
  layers.samples = {{makeTensor(layers.model.getArgumentTypes()[0], {5.9, -6, 0, 1, 2, 5})},
                    {makeTensor(layers.model.getArgumentTypes()[0], {-5.9, 0, 0, 1, 2, -7})}};
  REQUIRE(succeeded(layers.split(layers.optionsWith("y=w8(outliers: 6)"))));
  REQUIRE(layers.all<qnn::GatherOp>().size() == 1);
  CHECK(layers.all<qnn::GatherOp>()[0].getIndices() == ArrayRef<int64_t>{1, 2});
}

TEST_CASE("without outliers a model stays as it is, and a layer of nothing else is one of floats") {
  Layers layers;
  std::string before = layers.text();
  FailureOr<OutlierLayers> none = layers.split(layers.optionsWith(".*=w8(outliers: 1e6)"));
  REQUIRE(succeeded(none));
  CHECK(none->inliers.empty());
  CHECK(none->floatOps.empty());
  CHECK(none->floatValues.empty());
  CHECK(layers.text() == before);
  REQUIRE(succeeded(layers.quantize(layers.optionsWith("y=w8(outliers: 0)"))));
  REQUIRE(layers.all<qnn::DenseOp>().size() == 2);
  CHECK_FALSE(isFloatTensor(layers.all<qnn::DenseOp>()[0].getFilter()));
  CHECK(isFloatTensor(layers.all<qnn::DenseOp>()[1].getFilter()));
  CHECK(isFloatTensor(layers.all<qnn::DenseOp>()[1].getInput()));
}

TEST_CASE("a layer with its outliers apart is nearer to the float one") {
  Layers plain, split;
  REQUIRE(succeeded(plain.quantize(plain.optionsWith("y=w8a8"))));
  REQUIRE(succeeded(split.quantize(split.optionsWith("y=w8a8(outliers: 60)"))));
  CHECK(split.relativeError() < 0.01);
  CHECK(split.relativeError() < plain.relativeError() / 2);
  // f32 from the sums before it on, and codes of the other columns.
  for (qnn::DenseOp dense : split.all<qnn::DenseOp>())
    CHECK(isFloatTensor(dense.getOutput()));
  qnn::NumberFormat own = qnn::getFormat(split.all<qnn::DenseOp>()[1].getInput()),
                    all = qnn::getFormat(plain.all<qnn::DenseOp>()[1].getInput());
  CHECK(own.getScale(0) < all.getScale(0) / 10);
}

TEST_CASE("layers that read the same share codes and outliers") {
  Layers layers;
  OpBuilder builder(layers.all<qnn::DenseOp>()[1]);
  builder.clone(*layers.all<qnn::DenseOp>()[1]);
  REQUIRE(succeeded(layers.quantize(layers.optionsWith("y=w8a8(outliers: 60)"))));
  CHECK(layers.all<qnn::DenseOp>().size() == 5);
  CHECK(layers.all<qnn::GatherOp>().size() == 1);
  CHECK(layers.all<qnn::QuantizeOp>().size() == 2); // the model's input, and the layers'
}

TEST_CASE("operators between contractions and a layer with outliers keep f32") {
  std::string type = "tensor<3x40xf32>",
              before = "%n = qnn.add %a, %c : (" + type + ", " + type + ") -> " + type + " loc(\"n\")\n";
  Layers added(before + "%z = qnn.leaky_relu %n {alpha = 0.1} : (" + type + ") -> " + type + " loc(\"z\")");
  REQUIRE(succeeded(added.quantize(added.optionsWith("y=w8(outliers: 60)"))));
  CHECK(isFloatTensor(added.all<qnn::AddOp>()[0].getLhs()));
  CHECK(isFloatTensor(added.all<qnn::LeakyReluOp>()[0].getInput()));
  CHECK_FALSE(isFloatTensor(added.all<qnn::DenseOp>()[0].getInput()));
  CHECK(added.relativeError() < 0.01);

  Layers bounded("%z = qnn.tanh %a : (" + type + ") -> " + type + " loc(\"z\")");
  REQUIRE(succeeded(bounded.quantize(bounded.optionsWith("y=w8(outliers: 0.99)"))));
  CHECK_FALSE(isFloatTensor(bounded.all<qnn::TanhOp>()[0].getOutput()));
}

TEST_CASE("weights of outliers stay zero when the others are fitted") {
  Layers layers;
  // Of coarse codes, clipped ones would help.
  QuantizeOptions options = layers.optionsWith("y=w8a8(outliers: 60)");
  options.precision.activations = Precision{2};
  REQUIRE(succeeded(layers.quantize(options)));
  FitOptions fit{WeightRounding::Gptq, /*keepScales=*/false, prepareInterpreted};
  REQUIRE(succeeded(fitWeights(*layers.reference->getOps<func::FuncOp>().begin(), layers.model, layers.samples,
                               layers.samples, fit)));
  SmallVector<int64_t> codes = layers.all<qnn::DenseOp>()[1].getFilter().getDefiningOp<qnn::ConstantOp>().getCodes();
  for (int64_t unit = 0; unit < units; ++unit)
    for (int64_t column : {5, 31})
      CHECK(codes[unit * hidden + column] == 0);
}

TEST_CASE("outliers of what is no dense layer with constant weights are an error") {
  std::string type = "tensor<3x40xf32>";
  Layers layers("%z = qnn.leaky_relu %a {alpha = 0.1} : (" + type + ") -> " + type + " loc(\"z\")");
  CHECK(failed(layers.split(layers.optionsWith("z=w8(outliers: 6)"))));
  CHECK(layers.takeErrors().find("outliers are for dense layers with constant weights, but 'z' matches none") !=
        std::string::npos);
  CHECK(failed(layers.split(layers.optionsWith("q=w8(outliers: 6)"))));
  SampleList none({});
  CHECK(failed(splitOutliers(layers.model, layers.optionsWith("y=w8(outliers: 6)"), layers.statistics, none)));
  CHECK(layers.takeErrors().find("expects samples to find outliers in") != std::string::npos);
}

TEST_CASE("precisions with outliers are read") {
  Session session;
  Location nowhere = UnknownLoc::get(&session.context);
  FailureOr<PrecisionRule> rule = parsePrecisionRule("fc=w4a8(outliers: 6.5)", nowhere);
  REQUIRE(succeeded(rule));
  CHECK(rule->pattern == "fc");
  CHECK(rule->weights->bits == 4);
  CHECK(rule->weights->outliers == 6.5);
  CHECK(parsePrecisionRule("(a|b)=w4(outliers:0)", nowhere)->weights->outliers == 0.0);
  CHECK_FALSE(parsePrecisionRule("(a|b)=w4", nowhere)->weights->outliers);
  for (const char *text : {"d=w8(outliers: -1)", "d=w8(outliers: nan)", "d=w8(outliers: inf)", "d=w8(outliers: six)",
                           "d=w8(outliers: )", "d=w8(outliers: 6", "d=w8(6)", "d=a8(outliers: 6)", "d=(outliers: 6)",
                           "d=w8(outliers: 6)a8", "d=w1(outliers: 6)"})
    CHECK(failed(parsePrecisionRule(text, nowhere)));
}
