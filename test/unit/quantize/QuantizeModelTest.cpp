#include "compiler/quantize/QuantizeModel.h"
#include "../interpret/RunModel.h"
#include "compiler/quantize/Calibrate.h"
#include "compiler/quantize/Constants.h"
#include "compiler/quantize/FitWeights.h"
#include "compiler/quantize/Passes.h"

#include "mlir/IR/Verifier.h"
#include "llvm/Support/Format.h"

#include <random>

using namespace mlir;
using namespace qcc;
using namespace qcc::quantize;

namespace {

/// Builds models of named layers with random weights.
class ModelText {
public:
  explicit ModelText(const std::string &arguments) : text("func.func @f(" + arguments + ") -> RESULT {\n") {}

  std::string random(const std::string &shape, int64_t size, double spread) {
    std::normal_distribution<float> normal(0, static_cast<float>(spread));
    std::string bytes;
    llvm::raw_string_ostream stream(bytes);
    for (int64_t i = 0; i < size; ++i)
      stream << llvm::format_hex_no_prefix(llvm::byteswap(llvm::bit_cast<uint32_t>(normal(generator))), 8, true);
    std::string type = "tensor<" + shape + "xf32>";
    return add("qnn.constant dense<\"0x" + bytes + "\"> : " + type + " : " + type, "weights");
  }
  /// An operator; gives its result's name.
  std::string add(const std::string &op, const std::string &layer) {
    std::string name = "%v" + std::to_string(count++);
    text += "  " + name + " = " + op + " loc(\"" + layer + "\")\n";
    return name;
  }
  /// A dense layer of `inputs` numbers, likewise.
  std::string dense(const std::string &input, const std::string &weights, int inputs, int units,
                    const std::string &layer, const std::string &attributes = "") {
    std::string in = std::to_string(inputs), out = std::to_string(units);
    return add("qnn.dense " + input + ", " + weights + attributes + " : (tensor<1x" + in + "xf32>, tensor<" + out +
                   "x" + in + "xf32>) -> tensor<1x" + out + "xf32>",
               layer);
  }
  std::string finish(const std::string &values, const std::string &types) {
    text.replace(text.find("RESULT"), 6, "(" + types + ")");
    return text + "  return " + values + " : " + types + "\n}";
  }

private:
  std::string text;
  int count = 0;
  std::mt19937 generator{7};
};

/// Two convolutions (one depthwise), a residual sum, a concatenation, pools, a dense layer, softmax.
std::string smallNet() {
  ModelText model("%x: tensor<1x8x8x3xf32>");
  std::string x8 = "tensor<1x8x8x8xf32>", x16 = "tensor<1x4x4x16xf32>", p = "pads = array<i64: 1, 1, 1, 1>";
  std::string relu = ", activation = #qnn.activation<relu>";
  std::string w1 = model.random("8x3x3x3", 216, 0.3), b1 = model.random("8", 8, 0.3);
  std::string c1 = model.add("qnn.conv2d %x, " + w1 + " bias " + b1 + " {" + p + relu +
                                 "} : (tensor<1x8x8x3xf32>, tensor<8x3x3x3xf32>, tensor<8xf32>) -> " + x8,
                             "conv1");
  std::string w2 = model.random("1x3x3x8", 72, 0.4);
  std::string c2 = model.add(
      "qnn.depthwise_conv2d " + c1 + ", " + w2 + " {" + p + "} : (" + x8 + ", tensor<1x3x3x8xf32>) -> " + x8, "dw");
  std::string sum = model.add("qnn.add " + c1 + ", " + c2 + " : (" + x8 + ", " + x8 + ") -> " + x8, "sum");
  std::string window = " {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (" + x8 + ") -> tensor<1x4x4x8xf32>";
  std::string low = model.add("qnn.max_pool2d " + sum + window, "max");
  std::string high = model.add("qnn.avg_pool2d " + c1 + window, "avg");
  std::string both = model.add("qnn.concat " + low + ", " + high +
                                   " {axis = 3} : (tensor<1x4x4x8xf32>, tensor<1x4x4x8xf32>) -> " + x16,
                               "concat");
  std::string mean =
      model.add("qnn.mean " + both + " {axes = array<i64: 1, 2>} : (" + x16 + ") -> tensor<1x16xf32>", "mean");
  std::string w3 = model.random("10x16", 160, 0.3), b3 = model.random("10", 10, 0.3);
  std::string logits = model.add("qnn.dense " + mean + ", " + w3 + " bias " + b3 +
                                     " : (tensor<1x16xf32>, tensor<10x16xf32>, tensor<10xf32>) -> tensor<1x10xf32>",
                                 "dense");
  std::string soft = model.add("qnn.softmax " + logits + " : (tensor<1x10xf32>) -> tensor<1x10xf32>", "softmax");
  return model.finish(logits + ", " + soft, "tensor<1x10xf32>, tensor<1x10xf32>");
}

struct Quantized : Session {
  /// Parses, simplifies, calibrates on random samples, quantizes; keeps the float results of more samples.
  LogicalResult quantizeModel(const std::string &text, const QuantizeOptions &options = {}) {
    model = parse(text);
    REQUIRE(succeeded(simplifyFloatModel(*module)));
    for (int i = 0; i < 50; ++i)
      calibration.push_back(randomSample());
    SampleList list(calibration);
    FailureOr<ModelStatistics> statistics = calibrate(model, list);
    REQUIRE(succeeded(statistics));
    reference = module->clone();
    FailureOr<interpret::Interpreter> interpreter = interpret::Interpreter::create(model);
    for (int i = 0; i < 20; ++i) {
      samples.push_back(randomSample());
      expected.push_back(*interpreter->run(samples.back()));
    }
    return quantize::quantizeModel(*module, *statistics, options);
  }

  /// Chooses the weights of the quantized model anew.
  LogicalResult fit(const FitOptions &options) {
    std::vector<std::vector<HostTensor>> converted;
    for (const std::vector<HostTensor> &sample : calibration)
      converted.push_back(convert(sample));
    return fitWeights(*reference->getOps<func::FuncOp>().begin(), model, calibration, converted, options);
  }

  std::vector<HostTensor> randomSample() {
    std::vector<HostTensor> inputs;
    std::uniform_real_distribution<double> uniform(-1, 2);
    for (Type type : model.getArgumentTypes()) {
      Numbers numbers(llvm::cast<RankedTensorType>(type).getNumElements());
      for (double &number : numbers)
        number = uniform(generator);
      inputs.push_back(makeTensor(type, numbers));
    }
    return inputs;
  }

  /// Signal to quantization noise of result `index`, in dB, over the samples.
  double signalToNoise(unsigned index) {
    FailureOr<interpret::Interpreter> interpreter = interpret::Interpreter::create(model);
    REQUIRE(succeeded(interpreter));
    double signal = 0, noise = 0;
    for (auto [sample, reference] : llvm::zip(samples, expected)) {
      std::vector<double> actual = interpret::Tensor((*interpreter->run(convert(sample)))[index]).reals();
      for (auto [a, r] : llvm::zip(actual, interpret::Tensor(reference[index]).reals())) {
        signal += r * r;
        noise += (a - r) * (a - r);
      }
    }
    return 10 * std::log10(signal / noise);
  }

  static HostTensor convert(const HostTensor &tensor, Type type) {
    auto target = llvm::cast<RankedTensorType>(type);
    std::vector<int64_t> codes;
    for (double real : interpret::Tensor(tensor).reals())
      codes.push_back(qnn::getFormat(target).encode(real));
    return HostTensor(target, codes);
  }

  /// A sample of the float model in the formats of the quantized one.
  std::vector<HostTensor> convert(const std::vector<HostTensor> &sample) {
    std::vector<HostTensor> result;
    for (auto [tensor, type] : llvm::zip_equal(sample, model.getArgumentTypes()))
      result.push_back(convert(tensor, type));
    return result;
  }

  template <typename Op> Op only() {
    auto ops = model.getBody().getOps<Op>();
    REQUIRE(llvm::range_size(ops) == 1);
    return *ops.begin();
  }
  Type element(Value value) { return llvm::cast<RankedTensorType>(value.getType()).getElementType(); }

  func::FuncOp model;
  OwningOpRef<ModuleOp> reference;
  std::mt19937 generator{3};
  std::vector<std::vector<HostTensor>> calibration, samples, expected;
};

} // namespace

TEST_CASE_METHOD(Quantized, "a small network in 8 bits stays close to the float one") {
  REQUIRE(succeeded(quantizeModel(smallNet())));
  INFO(errors);
  CHECK(signalToNoise(0) > 25);
  CHECK(signalToNoise(1) > 25);
  for (Operation &op : model.getBody().getOps())
    for (Value value : op.getResults())
      CHECK(!qnn::getFormat(value).isFloat());
  CHECK(qnn::getFormat(model.getArgument(0)).getScale(0) == Approx(3.0 / 255).epsilon(0.01));
}

TEST_CASE_METHOD(Quantized, "formats of weights, biases and operators that keep codes") {
  REQUIRE(succeeded(quantizeModel(smallNet())));
  auto conv = only<qnn::Conv2dOp>();
  qnn::NumberFormat filter = qnn::getFormat(conv.getFilter());
  CHECK(filter.getChannelAxis() == 0);
  CHECK(filter.getCodeRange() == std::pair<int64_t, int64_t>(-127, 127));
  CHECK(qnn::getFormat(only<qnn::DepthwiseConv2dOp>().getFilter()).getChannelAxis() == 3);
  CHECK(element(conv.getBias()).isSignlessInteger(32));
  auto concat = only<qnn::ConcatOp>();
  Type shared = element(concat.getOutput());
  CHECK(shared == element(only<qnn::MaxPool2dOp>().getInput()));
  CHECK(shared == element(only<qnn::AvgPool2dOp>().getInput()));
  CHECK(shared == element(conv.getOutput())); // the average pool's input
  CHECK(shared != element(only<qnn::MeanOp>().getOutput()));
  qnn::NumberFormat probability = qnn::getFormat(only<qnn::SoftmaxOp>().getOutput());
  CHECK(probability.getScale(0) == 1.0 / 256);
  CHECK(probability.getZeroPoint(0) == -128);
}

TEST_CASE_METHOD(Quantized, "per-tensor weights and a float interface") {
  QuantizeOptions options;
  options.perChannel = false;
  options.keepFloatInterface = true;
  options.rounding = qnn::Rounding::Single;
  REQUIRE(succeeded(quantizeModel(smallNet(), options)));
  CHECK(qnn::getFormat(model.getArgument(0)).isFloat());
  CHECK(llvm::range_size(model.getBody().getOps<qnn::QuantizeOp>()) == 1);
  CHECK(llvm::range_size(model.getBody().getOps<qnn::DequantizeOp>()) == 2);
  CHECK(qnn::getFormat(only<qnn::Conv2dOp>().getFilter()).getChannelAxis() == -1);
  CHECK(only<qnn::AddOp>().getRescale().getRounding() == qnn::Rounding::Single);
  CHECK(signalToNoise(0) > 25);
}

TEST_CASE_METHOD(Quantized, "rules change the precision of single layers") {
  QuantizeOptions options;
  Location loc = UnknownLoc::get(&context);
  for (const char *rule : {".*=w2", "conv1|dense=w4a4", "dw=w1", "sum=a6"})
    options.rules.push_back(*parsePrecisionRule(rule, loc));
  REQUIRE(succeeded(quantizeModel(smallNet(), options)));
  CHECK(qnn::getFormat(only<qnn::Conv2dOp>().getFilter()).getCodeRange() == std::pair<int64_t, int64_t>(-7, 7));
  CHECK(llvm::isa<qnn::BinaryType>(element(only<qnn::DepthwiseConv2dOp>().getFilter())));
  // conv1 (4 bits) and sum (6 bits) meet in the concatenation.
  CHECK(qnn::getFormat(only<qnn::ConcatOp>().getOutput()).getBits() == 6);
  // The dense layer has 4 bits, its softmax needs 8.
  CHECK(qnn::getFormat(only<qnn::DenseOp>().getOutput()).getBits() == 4);
  CHECK(qnn::getFormat(only<qnn::SoftmaxOp>().getInput()).getBits() == 8);
  CHECK(llvm::range_size(model.getBody().getOps<qnn::RequantizeOp>()) == 1);
  CHECK(std::isfinite(signalToNoise(0)));
}

TEST_CASE_METHOD(Quantized, "weights fitted on samples bring a network of few bits nearer to the float one") {
  for (bool perChannel : {true, false})
    for (const char *rule : {".*=w2a8", ".*=w3a8"}) {
      double before = 0, corrected = 0;
      for (WeightRounding rounding : {WeightRounding::Corrected, WeightRounding::Gptq, WeightRounding::Obq}) {
        generator.seed(3);
        calibration.clear();
        samples.clear();
        expected.clear();
        QuantizeOptions options;
        options.perChannel = perChannel;
        options.weightQuantizer = "min_max"; // The others leave less to gain.
        options.rules = {*parsePrecisionRule(rule, UnknownLoc::get(&context))};
        REQUIRE(succeeded(quantizeModel(smallNet(), options)));
        CHECK(chooseWeightRounding(model, options) == WeightRounding::Gptq);
        before = signalToNoise(0);
        size_t layers = 0;
        auto onLayer = [&](size_t count) {
          CHECK(count == 3);
          ++layers;
        };
        REQUIRE(succeeded(fit({rounding, !perChannel, prepareInterpreted, onLayer})));
        CHECK(layers == 3);
        INFO(rule << " " << getName(rounding).str() << " " << before << " " << corrected << " " << signalToNoise(0));
        REQUIRE(succeeded(verify(*module)));
        CHECK((qnn::getFormat(only<qnn::Conv2dOp>().getFilter()).getChannelAxis() == 0) == perChannel);
        if (rounding == WeightRounding::Corrected)
          corrected = signalToNoise(0);
        else
          CHECK(signalToNoise(0) > std::max(before, corrected) + 1);
      }
    }
}

TEST_CASE_METHOD(Quantized, "which weights are fitted if nobody says") {
  auto chosen = [&](const char *rule, QuantizeOptions options = {}) {
    options.rules = {*parsePrecisionRule(rule, UnknownLoc::get(&context))};
    REQUIRE(succeeded(quantizeModel(smallNet(), options)));
    return chooseWeightRounding(model, options);
  };
  CHECK(chosen(".*=w8a8") == WeightRounding::Nearest);
  CHECK(chosen(".*=w1a8") == WeightRounding::Nearest);
  CHECK(chosen("dw=w4") == WeightRounding::Gptq);
  CHECK(chosen(".*=w8a6") == WeightRounding::Gptq);
  QuantizeOptions options;
  options.weightRounding = WeightRounding::Obq;
  CHECK(chosen(".*=w8a8", options) == WeightRounding::Obq);
  options = {};
  options.quantizer = "dorefa";
  CHECK(chosen(".*=w2a2", options) == WeightRounding::Nearest);
}

TEST_CASE_METHOD(Quantized, "fitting weights without samples") {
  REQUIRE(succeeded(quantizeModel(smallNet())));
  calibration.clear();
  CHECK(failed(fit({})));
  CHECK(takeErrors().find("expects at least 1 calibration sample, but got 0") != std::string::npos);
}

TEST_CASE_METHOD(Quantized, "binary activations, ternary weights") {
  ModelText text("%x: tensor<1x16xf32>");
  std::string w1 = text.random("32x16", 512, 1), w2 = text.random("4x32", 128, 1);
  std::string hidden = text.dense("%x", w1, 16, 32, "hidden"), out = text.dense(hidden, w2, 32, 4, "out");
  QuantizeOptions options;
  options.rules.push_back(*parsePrecisionRule("hidden=w1a1", UnknownLoc::get(&context)));
  options.rules.push_back(*parsePrecisionRule("out=wt", UnknownLoc::get(&context)));
  REQUIRE(succeeded(quantizeModel(text.finish(out, "tensor<1x4xf32>"), options)));
  CHECK(signalToNoise(0) > 0);
}

TEST_CASE_METHOD(Quantized, "weights of code books") {
  auto noiseOf = [&](const char *rule, bool perChannel) {
    QuantizeOptions options;
    options.perChannel = perChannel;
    options.rules.push_back(*parsePrecisionRule(rule, UnknownLoc::get(&context)));
    REQUIRE(succeeded(quantizeModel(smallNet(), options)));
    return signalToNoise(0);
  };
  for (bool perChannel : {false, true}) {
    double four = noiseOf(".*=wc4", perChannel);
    auto book = llvm::cast<qnn::CodebookType>(qnn::getFormat(only<qnn::DepthwiseConv2dOp>().getFilter()));
    CHECK(book.getTable().size() == 16);
    CHECK(book.getAxis() == (perChannel ? 3 : -1));
    CHECK(four > noiseOf(".*=wc2", perChannel) + 6);
    CHECK(noiseOf(".*=wc8", perChannel) > 25);
  }
}

TEST_CASE("binary activations with a magnitude for each position are nearest where magnitudes differ") {
  double before = -HUGE_VAL;
  for (const char *scale : {"none", "scalar", "map"}) {
    Quantized each;
    ModelText text("%x: tensor<1x6x7x4xf32>");
    std::string scaled = text.add("qnn.mul %x, " + text.random("1x6x7x1", 42, 0.3) +
                                      " : (tensor<1x6x7x4xf32>, tensor<1x6x7x1xf32>) -> tensor<1x6x7x4xf32>",
                                  "scaled");
    std::string hidden = text.add("qnn.conv2d " + scaled + ", " + text.random("16x1x1x4", 64, 1) +
                                      " : (tensor<1x6x7x4xf32>, tensor<16x1x1x4xf32>) -> tensor<1x6x7x16xf32>",
                                  "hidden");
    std::string out = text.add("qnn.conv2d " + hidden + ", " + text.random("4x1x1x16", 64, 1) +
                                   " : (tensor<1x6x7x16xf32>, tensor<4x1x1x16xf32>) -> tensor<1x6x7x4xf32>",
                               "out");
    QuantizeOptions options;
    options.rules.push_back(
        *parsePrecisionRule(std::string("hidden=a1(input_scale: ") + scale + ")", UnknownLoc::get(&each.context)));
    REQUIRE(succeeded(each.quantizeModel(text.finish(out, "tensor<1x6x7x4xf32>"), options)));
    INFO(scale);
    CHECK(each.signalToNoise(0) > before);
    before = each.signalToNoise(0);
  }
}

TEST_CASE_METHOD(Quantized, "binary activations that an average pool cannot take") {
  QuantizeOptions options;
  options.rules.push_back(*parsePrecisionRule(".*=a1", UnknownLoc::get(&context)));
  CHECK(failed(quantizeModel(smallNet(), options)));
  CHECK(takeErrors().find("cannot have binary activations, because qnn.avg_pool2d needs") != std::string::npos);
}

TEST_CASE_METHOD(Quantized, "learned bases of weights and activations, which other operators read as 8-bit codes") {
  ModelText text("%x: tensor<1x16xf32>");
  std::string w1 = text.random("32x16", 512, 1), w2 = text.random("32x32", 1024, 0.3), w3 = text.random("4x32", 128, 1);
  std::string first = text.dense("%x", w1, 16, 32, "first", " {activation = #qnn.activation<relu>}");
  std::string second = text.dense(first, w2, 32, 32, "second");
  std::string sum = text.add(
      "qnn.add " + first + ", " + second + " : (tensor<1x32xf32>, tensor<1x32xf32>) -> tensor<1x32xf32>", "sum");
  std::string out = text.dense(sum, w3, 32, 4, "out");
  QuantizeOptions options;
  options.rules.push_back(*parsePrecisionRule("first=wl3al3", UnknownLoc::get(&context)));
  options.rules.push_back(*parsePrecisionRule("second=wl3", UnknownLoc::get(&context)));
  REQUIRE(succeeded(quantizeModel(text.finish(out, "tensor<1x4xf32>"), options)));
  CHECK(signalToNoise(0) > 7);
  auto basis = llvm::dyn_cast<qnn::BasisType>(element(only<qnn::QuantizeOp>().getOutput()));
  REQUIRE(basis);
  CHECK((!basis.getSigns() && basis.getBits() == 3));
  for (qnn::DenseOp op : model.getBody().getOps<qnn::DenseOp>())
    if (getLayerName(op) != "out")
      CHECK(llvm::cast<qnn::BasisType>(element(op.getFilter())).getNumChannels() == 32);
  CHECK(llvm::cast<qnn::NumberFormat>(element(only<qnn::AddOp>().getLhs())).getBits() == 8);
}

TEST_CASE_METHOD(Quantized, "thresholds that are given stand behind the layer's result in f32") {
  ModelText text("%x: tensor<1x16xf32>");
  std::string w1 = text.random("8x16", 128, 1), w2 = text.random("4x8", 32, 1);
  std::string hidden = text.dense("%x", w1, 16, 8, "hidden"), out = text.dense(hidden, w2, 8, 4, "out");
  std::string model = text.finish(out, "tensor<1x4xf32>");
  QuantizeOptions options;
  options.rules.push_back(*parsePrecisionRule("hidden=w1au2(thresholds: t.npz)", UnknownLoc::get(&context)));
  CHECK(failed(quantizeModel(model, options)));
  CHECK(takeErrors().find("has no thresholds; expects arrays 'hidden.start' and 'hidden.widths' in t.npz") !=
        std::string::npos);
  options.thresholds[{"t.npz", "hidden"}] = {{0.5f, 1, 3}, 0.75};
  REQUIRE(succeeded(quantizeModel(model, options)));
  auto threshold = only<qnn::ThresholdOp>();
  CHECK(qnn::getFormat(threshold.getInput()).isFloat());
  CHECK(qnn::getFormat(threshold.getOutput()).getScale(0) == 0.75);
  CHECK(getFloats(threshold.getThresholds().getDefiningOp<qnn::ConstantOp>()) == std::vector<float>{0.5f, 1, 3});
  CHECK(chooseWeightRounding(this->model, options) == WeightRounding::Nearest);
}

TEST_CASE_METHOD(Quantized, "codes of other thresholds, or of none, in one tensor") {
  auto branches = [&](StringRef rule) {
    ModelText text("%x: tensor<1x4xf32>");
    std::string a = text.dense("%x", text.random("4x4", 16, 1), 4, 4, "a");
    std::string b = text.dense("%x", text.random("4x4", 16, 1), 4, 4, "b");
    std::string both = text.add(
        "qnn.concat " + a + ", " + b + " {axis = 1} : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x8xf32>", "both");
    QuantizeOptions options;
    options.rules.push_back(*parsePrecisionRule(rule, UnknownLoc::get(&context)));
    options.thresholds[{"t.npz", "a"}] = {{0.5f}, 0.75};
    options.thresholds[{"t.npz", "b"}] = {{0.5f}, 0.5};
    return quantizeModel(text.finish(both, "tensor<1x8xf32>"), options);
  };
  for (StringRef rule : {"a|b=w1au1(thresholds: t.npz)", "a=w1au1(thresholds: t.npz)"}) {
    CHECK(failed(branches(rule)));
    CHECK(takeErrors().find("in one tensor with codes that are found by other thresholds") != std::string::npos);
  }
}

TEST_CASE_METHOD(Quantized, "codes from 0 where an operator's results are, inputs on both sides of 0") {
  QuantizeOptions options;
  options.precision.activations = {2};
  options.precision.activations.isUnsigned = true;
  REQUIRE(succeeded(quantizeModel(smallNet(), options)));
  CHECK(qnn::getFormat(model.getArgument(0)).isSignedCode());
  for (Operation &op : model.getBody().getOps())
    if (llvm::isa<qnn::Conv2dOp, qnn::DepthwiseConv2dOp, qnn::DenseOp>(op))
      CHECK_FALSE(qnn::getFormat(op.getResult(0)).isSignedCode());
}

TEST_CASE_METHOD(Quantized, "rules and quantizers that do not exist") {
  QuantizeOptions options;
  options.rules.push_back({"conv", Precision{4}, {}, UnknownLoc::get(&context)});
  CHECK(failed(quantizeModel(smallNet(), options)));
  CHECK(takeErrors() == "no layer's name matches 'conv'\n");
  options.rules = {{"conv(", Precision{4}, {}, UnknownLoc::get(&context)}};
  CHECK(failed(quantizeModel(smallNet(), options)));
  CHECK(takeErrors().find("expects a regular expression, but 'conv(' is none") == 0);
  options = {};
  options.quantizer = "max_min";
  CHECK(failed(quantizeModel(smallNet(), options)));
  CHECK(takeErrors() == "no quantizer is called 'max_min'; there is " + listQuantizers() + "\n");
}

TEST_CASE_METHOD(Quantized, "an operator without an integer form stays float") {
  ModelText text("%x: tensor<1x4xf32>");
  std::string w = text.random("4x4", 16, 1), t = "tensor<1x4xf32>";
  std::string y = text.dense("%x", w, 4, 4, "dense");
  std::string z = text.add("qnn.log_softmax " + y + " : (" + t + ") -> " + t, "log");
  std::string i = text.add("qnn.argmax %x {axis = 1} : (" + t + ") -> tensor<1xi32>", "argmax");
  REQUIRE(succeeded(quantizeModel(text.finish(z + ", " + i, t + ", tensor<1xi32>"))));
  CHECK(qnn::getFormat(only<qnn::LogSoftmaxOp>().getInput()).isFloat());
  CHECK(only<qnn::DequantizeOp>().getInput() == only<qnn::DenseOp>().getOutput());
  CHECK(qnn::getFormat(only<qnn::QuantizeOp>().getOutput()).getBits() == 8);
  CHECK(qnn::getFormat(only<qnn::ArgmaxOp>().getInput()).getBits() == 8);
  CHECK(signalToNoise(0) > 25);
}

TEST_CASE_METHOD(Quantized, "constant operands, zero channels and large biases") {
  std::string text = R"(func.func @f(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
    %w = qnn.constant dense<[[0.0, 0.0], [1.0e-8, 1.0e-8]]> : tensor<2x2xf32> : tensor<2x2xf32>
    %b = qnn.constant dense<[0.7, 1000.0]> : tensor<2xf32> : tensor<2xf32>
    %c = qnn.constant dense<[0.5, -0.25]> : tensor<2xf32> : tensor<2xf32>
    %y = qnn.dense %x, %w bias %b : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
    %z = qnn.mul %y, %c : (tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
    return %z : tensor<1x2xf32> })";
  REQUIRE(succeeded(quantizeModel(text)));
  CHECK(signalToNoise(0) > 40);
  Operation *bias = only<qnn::DenseOp>().getBias().getDefiningOp();
  for (int64_t code : llvm::cast<qnn::ConstantOp>(bias).getCodes())
    CHECK(std::abs(code) <= (1 << 30));
}

TEST_CASE_METHOD(Quantized, "a weight that is not finite") {
  std::string text = R"(func.func @f(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
    %w = qnn.constant dense<0x7FC00000> : tensor<1x1xf32> : tensor<1x1xf32>
    %y = qnn.dense %x, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
    return %y : tensor<1x1xf32> })";
  model = parse(text);
  std::vector<std::vector<HostTensor>> one{randomSample()};
  SampleList samples(one);
  CHECK(failed(calibrate(model, samples)));
  CHECK(takeErrors().find("gives 1 values that are not finite on the calibration samples") != std::string::npos);
  ModelStatistics statistics;
  for (Value value : {Value(model.getArgument(0)), Value(only<qnn::DenseOp>().getOutput())})
    statistics[value].add({1.0f});
  CHECK(failed(quantize::quantizeModel(*module, statistics, {})));
  CHECK(takeErrors().find("a filter has 1 values that are not finite") != std::string::npos);
}

TEST_CASE_METHOD(Quantized, "calibration without samples, values without statistics") {
  model = parse("func.func @f(%x: tensor<1xf32>) -> tensor<1xf32> { return %x : tensor<1xf32> }");
  SampleList none({});
  CHECK(failed(calibrate(model, none)));
  CHECK(takeErrors().find("expects at least 1 calibration sample, but got 0") != std::string::npos);
  CHECK(failed(quantize::quantizeModel(*module, ModelStatistics(), {})));
  CHECK(takeErrors().find("without calibration statistics") != std::string::npos);
}
