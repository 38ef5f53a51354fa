#include "compiler/quantize/EqualizeChannels.h"
#include "../interpret/RunModel.h"
#include "compiler/quantize/Constants.h"
#include "test/unit/quantize/Distributions.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::quantize;

namespace {
/// A convolution, a depthwise one and a dense layer, whose channels differ by powers of ten; one relu6 in between.
struct Chain : Session {
  explicit Chain(const std::string &activation = "relu") {
    std::string t4 = "tensor<1x4x4x4xf32>", t3 = "tensor<1x4x4x3xf32>";
    func::FuncOp parsed = parse(R"(func.func @f(%x: )" + t3 + R"() -> tensor<1x2xf32> {
      %w1 = qnn.constant dense<1.0> : tensor<4x1x1x3xf32> : tensor<4x1x1x3xf32>
      %b1 = qnn.constant dense<[0.1, 0.2, -0.3, 0.4]> : tensor<4xf32> : tensor<4xf32>
      %w2 = qnn.constant dense<1.0> : tensor<1x3x3x4xf32> : tensor<1x3x3x4xf32>
      %w3 = qnn.constant dense<1.0> : tensor<2x4xf32> : tensor<2x4xf32>
      %c = qnn.conv2d %x, %w1 bias %b1 {activation = #qnn.activation<)" +
                                activation + R"(>}
        : ()" + t3 + R"(, tensor<4x1x1x3xf32>, tensor<4xf32>) -> )" +
                                t4 + R"(
      %d = qnn.depthwise_conv2d %c, %w2 {pads = array<i64: 1, 1, 1, 1>} : ()" +
                                t4 + ", tensor<1x3x3x4xf32>) -> " + t4 + R"(
      %l = qnn.leaky_relu %d {alpha = 0.1} : ()" +
                                t4 + ") -> " + t4 + R"(
      %m = qnn.mean %l {axes = array<i64: 1, 2>} : ()" +
                                t4 + R"() -> tensor<1x4xf32>
      %y = qnn.dense %m, %w3 : (tensor<1x4xf32>, tensor<2x4xf32>) -> tensor<1x2xf32>
      return %y : tensor<1x2xf32> })");
    model = parsed;
    const float sizes[] = {0.01f, 1, 10, 100};
    for (Operation &op : llvm::make_early_inc_range(model.getBody().getOps()))
      if (auto constant = llvm::dyn_cast<qnn::ConstantOp>(op); constant && shapeOf(constant.getResult()).size() > 1)
        fill(constant, sizes);
    for (int i = 0; i < 8; ++i)
      samples.push_back({makeTensor(model.getArgumentTypes()[0], drawNormal(generator, 48))});
  }

  /// Random weights; those that make or read channel c of the convolution differ by the sizes.
  void fill(qnn::ConstantOp constant, ArrayRef<float> sizes) {
    Numbers numbers = drawNormal(generator, llvm::cast<RankedTensorType>(constant.getType()).getNumElements());
    std::vector<float> values(numbers.begin(), numbers.end());
    if (shapeOf(constant.getResult())[0] == 4)
      for (size_t i = 0; i < values.size(); ++i)
        values[i] *= sizes[i / 3];
    OpBuilder builder(constant);
    auto fresh =
        makeFloatConstant(builder, constant.getLoc(), shapeOf(constant.getResult()), values, constant.getNameAttr());
    constant->replaceAllUsesWith(fresh);
    constant.erase();
  }
  std::vector<Numbers> results() {
    FailureOr<interpret::Interpreter> interpreter = interpret::Interpreter::create(model);
    std::vector<Numbers> outputs;
    for (const std::vector<HostTensor> &sample : samples)
      outputs.push_back(numbersOf((*interpreter->run(sample)).front()));
    return outputs;
  }
  int64_t equalize(Equalization by) {
    SampleList list(samples);
    FailureOr<int64_t> pairs = equalizeChannels(model, by, list, prepareInterpreted);
    REQUIRE(succeeded(pairs));
    return *pairs;
  }
  /// The largest magnitudes of the convolution's weights, by channel of its result.
  std::vector<float> ranges() {
    std::vector<float> weights =
        getFloats(getFloatConstant((*model.getBody().getOps<qnn::Conv2dOp>().begin()).getFilter()));
    std::vector<float> result(4);
    for (size_t i = 0; i < weights.size(); ++i)
      result[i / 3] = std::max(result[i / 3], std::abs(weights[i]));
    return result;
  }

  func::FuncOp model;
  std::mt19937 generator{5};
  std::vector<std::vector<HostTensor>> samples;
};
} // namespace

TEST_CASE("equalized channels leave the model's results as they are") {
  for (Equalization by : {Equalization::Weights, Equalization::Activations}) {
    Chain chain;
    std::vector<Numbers> before = chain.results();
    CHECK(chain.equalize(by) == 2);
    std::vector<Numbers> after = chain.results();
    for (auto [a, b] : llvm::zip_equal(before, after))
      for (auto [x, y] : llvm::zip_equal(a, b))
        CHECK(y == Approx(x).epsilon(1e-4));
  }
}

TEST_CASE("equalized by weights, the channels' ranges are alike") {
  Chain chain;
  auto spread = [&] {
    std::vector<float> ranges = chain.ranges();
    return *llvm::max_element(ranges) / *llvm::min_element(ranges);
  };
  CHECK(spread() > 1000);
  chain.equalize(Equalization::Weights);
  CHECK(spread() < 100);
}

TEST_CASE("no channel is scaled across a relu6") {
  Chain chain("relu6");
  CHECK(chain.equalize(Equalization::Weights) == 1);
  Chain none;
  CHECK(none.equalize(Equalization::None) == 0);
}
