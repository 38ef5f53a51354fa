// Larq's custom operators: what they become, what it computes, and what is refused.
#include "catch2/catch.hpp"
#include "compiler/interpret/Interpreter.h"
#include "dialects/qnn/QnnDialect.h"
#include "flatbuffers/flexbuffers.h"
#include "test/unit/import_tflite/TestModel.h"
#include "llvm/Support/MemoryBuffer.h"

#include <random>

using namespace qcc;
using namespace qcc::test;
using Catch::Contains;
using schema::TensorType;

using Numbers = std::vector<std::pair<const char *, int>>;

static std::vector<uint8_t> optionsOf(const Numbers &numbers) {
  flexbuffers::Builder builder;
  builder.Map([&] {
    for (auto [name, value] : numbers)
      builder.Int(name, value);
  });
  builder.Finish();
  return builder.GetBuffer();
}

namespace {
/// A 3x3 convolution of 40 to 3 channels on an image of 5x4 with SAME padding, behind a quantizer of floats.
struct Layer {
  enum { x, bits, y, filter, multiplier, bias, thresholds };
  static constexpr int height = 5, width = 4, channels = 40, outputs = 3, taps = 9, words = 2;
  Numbers options = {{"channels_in", channels},
                     {"dilation_height_factor", 1},
                     {"dilation_width_factor", 1},
                     {"fused_activation_function", 0},
                     {"pad_values", 1},
                     {"padding", 0},
                     {"stride_height", 1},
                     {"stride_width", 1}};
  std::vector<int32_t> filterWords, bounds = {170, 180, 190};
  std::vector<float> factors = {0.5f, -0.25f, 2.0f}, offsets = {1.0f, -8.0f, 0.0f};
  ModelSpec model;

  Layer() {
    std::mt19937 random(1);
    for (int i = 0; i < outputs * taps * words; ++i)
      filterWords.push_back(static_cast<int32_t>(i % words ? random() & 0xff : random()));
    auto floats = [](std::vector<float> values) {
      std::vector<uint8_t> bytes(values.size() * sizeof(float));
      std::memcpy(bytes.data(), values.data(), bytes.size());
      return bytes;
    };
    model.tensors = {
        {.name = "x", .shape = {1, height, width, channels}, .type = TensorType::FLOAT32},
        {.name = "bits", .shape = {1, height, width, words}, .type = TensorType::INT32},
        {.name = "y", .shape = {1, height, width, outputs}, .type = TensorType::FLOAT32},
        {.name = "f", .shape = {outputs, 3, 3, words}, .type = TensorType::INT32, .data = bytesOf(filterWords)},
        {.name = "m", .shape = {outputs}, .type = TensorType::FLOAT32, .data = floats(factors)},
        {.name = "b", .shape = {outputs}, .type = TensorType::FLOAT32, .data = floats(offsets)},
        {.name = "t", .shape = {outputs}, .type = TensorType::INT32, .data = bytesOf(bounds)}};
    model.customOperators = {{"LceQuantize", {x}, {bits}}, {"LceBconv2d", {bits, filter, multiplier, bias, -1}, {y}}};
    model.outputs = {y};
  }

  /// Makes the convolution give bits, which become floats again.
  Layer &giveBits() {
    model.tensors[y] = {.name = "y", .shape = {1, height, width, 1}, .type = TensorType::INT32};
    model.tensors.push_back({.name = "z", .shape = {1, height, width, outputs}, .type = TensorType::FLOAT32});
    conv().operands = {bits, filter, -1, -1, thresholds};
    model.customOperators.push_back({"LceDequantize", {y}, {thresholds + 1}});
    model.outputs = {thresholds + 1};
    return *this;
  }

  CustomOperator &conv() { return model.customOperators[1]; }
  std::string build() {
    if (conv().options.empty())
      conv().options = optionsOf(options);
    return model.build();
  }
  int &option(std::string_view name) {
    return llvm::find_if(options, [&](auto &entry) { return entry.first == name; })->second;
  }

  /// The sum of products of +-1 at one position, straight from the file's bits; `outside` stands beyond the border.
  int sum(const std::vector<float> &image, int row, int column, int output, int outside) const {
    int result = 0;
    for (int tap = 0; tap < taps; ++tap)
      for (int c = 0; c < channels; ++c) {
        int y = row + tap / 3 - 1, x = column + tap % 3 - 1;
        bool isInside = y >= 0 && y < height && x >= 0 && x < width;
        int word = filterWords[(output * taps + tap) * words + c / 32];
        int sign = isInside ? (image[(y * width + x) * channels + c] < 0 ? -1 : 1) : outside;
        result += sign * (word >> c % 32 & 1 ? -1 : 1);
      }
    return result;
  }
};
} // namespace

static std::string errorOf(Layer layer) {
  Outcome outcome = import(layer.build());
  CHECK(outcome.text.empty());
  return outcome.diagnostics;
}

/// The outputs of a model of floats.
static std::vector<float> run(const std::string &bytes, const std::vector<float> &input) {
  mlir::DialectRegistry registry;
  qnn::registerDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  auto aligned = llvm::MemoryBuffer::getMemBufferCopy(bytes);
  auto module = importTfliteBuffer(context, aligned->getBuffer(), "m.tflite", {});
  REQUIRE(module);
  auto function = *module->getOps<mlir::func::FuncOp>().begin();
  auto interpreter = interpret::Interpreter::create(function);
  HostTensor tensor(llvm::cast<mlir::RankedTensorType>(function.getArgumentTypes()[0]));
  std::memcpy(tensor.bytes.data(), input.data(), tensor.bytes.size());
  HostTensor result = (*interpreter->run(tensor))[0];
  std::vector<float> output(result.size());
  std::memcpy(output.data(), result.bytes.data(), result.bytes.size());
  return output;
}

static std::vector<float> randomImage() {
  std::mt19937 random(2);
  std::vector<float> image(Layer::height * Layer::width * Layer::channels);
  for (float &number : image)
    number = static_cast<float>(random() % 201) - 100;
  image[0] = -0.0f; // +1: it is not less than 0
  image[1] = std::nanf("");
  return image;
}

/// Compares with `expected(sum, output channel)` at each position.
static void checkResults(Layer layer, int outside, const std::function<float(int, int)> &expected) {
  std::vector<float> image = randomImage(), results = run(layer.build(), image);
  for (auto [i, result] : llvm::enumerate(results)) {
    int output = static_cast<int>(i) % Layer::outputs, position = static_cast<int>(i) / Layer::outputs;
    int sum = layer.sum(image, position / Layer::width, position % Layer::width, output, outside);
    CHECK(result == expected(sum, output));
  }
}

TEST_CASE("a convolution to floats, ones or zeros around the image") {
  Layer layer;
  auto linear = [&](int sum, int output) {
    return static_cast<float>(sum) * layer.factors[output] + layer.offsets[output];
  };
  checkResults(layer, 1, linear);
  CHECK_THAT(import(layer.build()).text, Contains("qnn.pad"));
  layer.conv().options.clear();
  layer.option("pad_values") = 0;
  checkResults(layer, 0, linear);
  CHECK_THAT(import(layer.build()).text, !Contains("qnn.pad"));
}

TEST_CASE("an activation is for the sum") {
  Layer layer;
  layer.option("fused_activation_function") = 3;
  checkResults(layer, 1, [&](int sum, int output) {
    return static_cast<float>(std::clamp(sum, 0, 6)) * layer.factors[output] + layer.offsets[output];
  });
}

TEST_CASE("a convolution to bits counts products of -1") {
  Layer layer;
  for (int32_t extreme : {INT32_MIN, 0, 180, INT32_MAX}) {
    layer.bounds[0] = extreme;
    layer.model.tensors[Layer::thresholds].data = bytesOf(layer.bounds);
    checkResults(Layer(layer).giveBits(), 1, [&](int sum, int output) {
      int negative = (Layer::taps * Layer::channels - sum) / 2;
      return negative > layer.bounds[output] ? -1.0f : 1.0f;
    });
  }
  CHECK_THAT(import(layer.giveBits().build()).text, Contains("qnn.threshold"));
}

TEST_CASE("pools of bits, and codes") {
  ModelSpec model;
  model.tensors = {activation("x", {1, 4, 4, 33}), activation("y", {1, 2, 2, 33}, 1 / 127.0f)};
  for (int size : {4, 2})
    model.tensors.push_back(
        {.name = "b" + std::to_string(size), .shape = {1, size, size, 2}, .type = TensorType::INT32});
  std::vector<uint8_t> window =
      optionsOf({{"filter_height", 2}, {"filter_width", 2}, {"stride_height", 2}, {"stride_width", 2}, {"padding", 1}});
  model.customOperators = {{"LceQuantize", {0}, {2}}, {"LceBMaxPool2d", {2}, {3}, window}, {"LceDequantize", {3}, {1}}};
  Outcome outcome = import(model.build());
  CHECK(outcome.diagnostics.empty());
  CHECK_THAT(outcome.text, Contains("(tensor<1x4x4x33x!qnn.binary>) -> tensor<1x2x2x33x!qnn.binary>"));
  model.tensors[3].shape = {1, 2, 2, 1};
  CHECK(import(model.build()).diagnostics ==
        "error: 'b2': operator 1 (LceBMaxPool2d) expects a result of INT32 and shape [1, 2, 2, 2], for bits of shape "
        "[1, 2, 2, 33], but 'b2' has INT32 and [1, 2, 2, 1]\n");
}

TEST_CASE("bits where numbers are expected, and numbers where bits are") {
  Layer layer = Layer().giveBits();
  layer.model.outputs = {Layer::y};
  CHECK(errorOf(layer) == "error: 'y': is an output of the model, but holds packed bits; let the model end with "
                          "LceDequantize or another operator that gives numbers\n");
  layer = Layer();
  layer.model.customOperators = {{"LceBconv2d", {Layer::bits, Layer::filter}, {Layer::y}, optionsOf(layer.options)},
                                 {"LceDequantize", {Layer::y}, {Layer::x}}};
  layer.model.inputs = {Layer::bits};
  CHECK(import(layer.model.build()).diagnostics ==
        "error: 'y': operator 0 (LceBconv2d) expects bits from LceQuantize, LceBconv2d or LceBMaxPool2d, but 'bits' "
        "has INT32 from elsewhere\n");
  layer = Layer();
  layer.conv() = {"LceQuantize", {Layer::bits}, {Layer::y}};
  CHECK_THAT(errorOf(layer), Contains("'y': operator 1 (LceQuantize)"));
  layer.conv() = {"Detect", {Layer::bits}, {Layer::y}};
  CHECK(errorOf(layer) == "error: 'y': operator 1 (CUSTOM) reads 'bits', which holds packed bits; these are read by "
                          "LceBconv2d, LceBMaxPool2d and LceDequantize only\n");
}

TEST_CASE("filters and parameters that do not fit") {
  auto damaged = [](const std::function<void(Layer &)> &damage) {
    Layer layer;
    damage(layer);
    return errorOf(layer);
  };
  CHECK_THAT(damaged([](Layer &l) { l.option("channels_in") = 64; }),
             Contains("has 64 as channels_in, but the input has 40 channels"));
  CHECK_THAT(damaged([](Layer &l) { l.model.tensors[Layer::filter].data[4 + 1] = 1; }),
             Contains("expects zeros behind the bits of the filter's 40 channels, but 'f' has others"));
  CHECK_THAT(damaged([](Layer &l) { l.model.tensors[Layer::filter].shape = {6, 3, 3, 1}; }),
             Contains("expects a filter of 2 words for the input's channels, or of a part of them with whole words in "
                      "each group, but 'f' has 1 for 40 channels"));
  CHECK_THAT(damaged([](Layer &l) { l.model.tensors[Layer::filter].shape = {3, 9, 2}; }),
             Contains("expects a constant filter of INT32 words of bits and rank 4, but 'f' has INT32 and [3, 9, 2]"));
  CHECK_THAT(damaged([](Layer &l) { l.model.tensors[Layer::bias].shape = {1, 3}; }),
             Contains("expects floats for 3 channels, but 'b' has"));
  CHECK_THAT(damaged([](Layer &l) { l.conv().operands = {Layer::bits, Layer::filter, Layer::multiplier}; }),
             Contains("expects a multiplier and a bias as inputs 2 and 3 for a result of numbers"));
  CHECK_THAT(damaged([](Layer &l) { l.giveBits().conv().operands[4] = -1; }),
             Contains("expects thresholds as input 4 for a result of bits"));
  CHECK_THAT(damaged([](Layer &l) { l.giveBits().conv().operands[4] = Layer::bias; }),
             Contains("expects constant thresholds of INT32 for 3 channels, but 'b' has FLOAT32 and [3]"));
  CHECK_THAT(damaged([](Layer &l) {
               l.option("pad_values") = 0;
               l.option("fused_activation_function") = 1;
             }),
             Contains("pads with zeros, which needs a result of floats and no activation; expects pad_values 1"));
  CHECK_THAT(damaged([](Layer &l) { l.option("stride_width") = 0; }),
             Contains("expects a kernel, strides and dilations of at least 1"));
  CHECK_THAT(damaged([](Layer &l) { l.option("dilation_width_factor") = INT32_MAX; }),
             Contains("pads its input to 2^31 elements or more, which is not supported"));
  CHECK_THAT(damaged([](Layer &l) { l.model.tensors[Layer::y].shape = {1, 5, 5, 3}; }),
             Contains("expects a result of shape [1, 5, 4, 3]"));
}

TEST_CASE("options that are none") {
  Layer layer;
  layer.conv().options = {1, 2, 3};
  CHECK_THAT(errorOf(layer), Contains("operator 1 (LceBconv2d) expects a flexbuffer with a map as options, but has 3 "
                                      "bytes of something else"));
  layer.conv().options.clear();
  layer.options.pop_back();
  CHECK_THAT(errorOf(layer), Contains("expects the option 'stride_width', an integer, but has none"));
  layer.options.push_back({"stride_width", -1});
  CHECK_THAT(errorOf(layer), Contains("expects the option 'stride_width' from 0 to 2147483647, but got -1"));
  layer.conv().options.assign((1 << 16) + 1, 0);
  CHECK_THAT(errorOf(layer), Contains("expects at most 65536 bytes of options, but has 65537"));
}

TEST_CASE("no damage to options crashes") {
  Layer layer;
  const std::vector<uint8_t> whole = optionsOf(layer.options);
  for (size_t size = 0; size < whole.size(); ++size) {
    layer.conv().options.assign(whole.begin(), whole.begin() + size);
    CHECK_FALSE(import(layer.model.build()).diagnostics.empty());
  }
  for (size_t i = 0; i < whole.size(); ++i)
    for (uint8_t byte : {0x00, 0x01, 0x7f, 0x80, 0xff}) {
      layer.conv().options = whole;
      layer.conv().options[i] = byte;
      Outcome outcome = import(layer.model.build());
      CHECK(outcome.text.empty() == !outcome.diagnostics.empty());
    }
}
