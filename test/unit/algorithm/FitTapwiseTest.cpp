// Which layers are computed by F(4x4, 3x3) in the end, where the model may lose only so much.
#include "compiler/algorithm/FitTapwise.h"
#include "../interpret/RunModel.h"
#include "llvm/ADT/StringExtras.h"

#include <random>

using namespace mlir;
using namespace qcc;
using namespace qcc::algorithm;

namespace {
/// Two convolutions one after the other, the second with a bias, and 36 classes.
class TwoLayers {
public:
  TwoLayers() {
    std::mt19937_64 random(7);
    auto drawBytes = [&](size_t count) {
      std::string bytes;
      for (size_t i = 0; i < count; ++i)
        bytes += static_cast<char>(static_cast<int64_t>(random() % 160) - 80);
      return llvm::toHex(bytes);
    };
    std::string text = llvm::formatv(R"(
      !x = !quant.uniform<i8:f32, 0.1>
      !y = !quant.uniform<i8:f32, 0.4>
      !w = !quant.uniform<i8:f32, 0.01>
      func.func @net(%x: tensor<1x6x6x4x!x> {{qnn.name = "x"}) -> (tensor<1x6x6x1x!y> {{qnn.name = "y"}) {{
        %wa = qnn.constant dense<"0x{0}"> : tensor<4x3x3x4xi8> : tensor<4x3x3x4x!w>
        %wb = qnn.constant dense<"0x{1}"> : tensor<1x3x3x4xi8> : tensor<1x3x3x4x!w>
        %bias = qnn.constant dense<7> : tensor<1xi32> : tensor<1xi32>
        %a = qnn.conv2d %x, %wa {{pads = array<i64: 1, 1, 1, 1>} : (tensor<1x6x6x4x!x>, tensor<4x3x3x4x!w>) -> tensor<1x6x6x4x!y> loc("a")
        %b = qnn.conv2d %a, %wb bias %bias {{pads = array<i64: 1, 1, 1, 1>}
          : (tensor<1x6x6x4x!y>, tensor<1x3x3x4x!w>, tensor<1xi32>) -> tensor<1x6x6x1x!y> loc("b")
        return %b : tensor<1x6x6x1x!y>
      })",
                                     drawBytes(144), drawBytes(36));
    model = session.parse(text);
    for (int64_t sample = 0; sample < 50; ++sample) {
      Numbers codes;
      for (int64_t i = 0; i < 144; ++i)
        codes.push_back(static_cast<double>(random() % 256) - 128);
      samples.push_back({makeTensor(model.getArgumentTypes().front(), codes)});
    }
    direct = classes();
  }

  /// Fits what rules like `a=winograd(f4,single,8)` say, and gives the remarks.
  std::string fit(ArrayRef<StringRef> texts, ArrayRef<int64_t> labels = {}, bool works = true) {
    std::vector<AlgorithmRule> rules;
    for (StringRef text : texts)
      rules.push_back(*parseAlgorithmRule(text, UnknownLoc::get(&session.context)));
    SampleList list(samples);
    CHECK(succeeded(fitTapwise(model, rules, list, quantize::prepareInterpreted, labels)) == works);
    return session.takeErrors();
  }

  /// The names of those that are computed by F(4x4, 3x3).
  std::string fitted() {
    std::string names;
    for (auto op : model.getOps<qnn::Conv2dOp>())
      if (op.getAlgorithm())
        names += llvm::cast<NameLoc>(op.getLoc()).getName().str();
    return names;
  }

  std::vector<int64_t> classes() {
    FailureOr<interpret::Interpreter> interpreter = interpret::Interpreter::create(model);
    REQUIRE(succeeded(interpreter));
    std::vector<int64_t> result;
    for (const std::vector<HostTensor> &sample : samples) {
      Numbers numbers = numbersOf(interpreter->run(sample)->front());
      result.push_back(std::max_element(numbers.begin(), numbers.end()) - numbers.begin());
    }
    return result;
  }

  /// The samples, of 100, that have another class than at first.
  double changed() {
    int64_t count = 0;
    for (auto [before, now] : llvm::zip_equal(direct, classes()))
      count += before != now;
    return 2.0 * static_cast<double>(count);
  }

  Session session;
  func::FuncOp model;
  std::vector<std::vector<HostTensor>> samples;
  std::vector<int64_t> direct;
};
} // namespace

TEST_CASE("layers go back to direct until the model loses no more than may be lost") {
  TwoLayers coarse, fine;
  coarse.fit({"a=winograd(f4,single,8)"});
  fine.fit({"b=winograd(f4,tapwise,10)"});
  REQUIRE(coarse.changed() > 20);
  REQUIRE(fine.changed() <= 20);

  TwoLayers layers;
  std::string remarks = layers.fit({"a=winograd(f4,single,8,20points)", "b=winograd(f4,tapwise,10,20points)"});
  CHECK(layers.fitted() == "b");
  CHECK(layers.changed() <= 20);
  INFO(remarks);
  CHECK(StringRef(remarks).contains(
      llvm::formatv("where 20.00 may be lost, and {0:f2} without it", layers.changed()).str()));
  CHECK(StringRef(remarks).contains(
      llvm::formatv("the model loses {0:f2} points of agreement with the direct model, where 20.00", layers.changed())
          .str()));
}

TEST_CASE("of all that may be lost, nothing goes back") {
  TwoLayers layers;
  layers.fit({".*=winograd(f4,single,8,100points)"});
  CHECK(layers.fitted() == "ab");
}

TEST_CASE("layers that go back have the bias that they had") {
  for (StringRef fit : {"single,8", "tapwise,8,greedy", "channelwise,8,greedy,integer"}) {
    TwoLayers layers;
    layers.fit({(".*=winograd(f4," + fit + ",0points)").str()});
    CHECK(layers.fitted() == "");
    auto ops = layers.model.getOps<qnn::Conv2dOp>();
    CHECK(!(*ops.begin()).getBias());
    CHECK((*std::next(ops.begin())).getBias().getDefiningOp<qnn::ConstantOp>().getCodes() == SmallVector<int64_t>{7});
    CHECK(llvm::range_size(layers.model.getOps<qnn::ConstantOp>()) == 3);
  }
}

TEST_CASE("only layers with a tolerance go back, the one with the least first") {
  TwoLayers layers;
  std::string remarks = layers.fit({"a=winograd(f4,single,8)", "b=winograd(f4,tapwise,8,max,0.5points)"});
  CHECK(layers.fitted() == "a");
  CHECK(StringRef(remarks).contains(llvm::formatv("loses {0:f2} points of agreement with the direct model by layers of "
                                                  "winograd(f4) without a tolerance",
                                                  layers.changed())
                                        .str()));
  TwoLayers others;
  others.fit({"a=winograd(f4,single,8,100points)", "b=winograd(f4,single,8,5points)"});
  CHECK(others.fitted() == "a");
}

TEST_CASE("with labels, right classes count") {
  // All labels are what the direct model says: right classes are lost as classes change.
  TwoLayers layers;
  std::string remarks =
      layers.fit({"a=winograd(f4,single,8,20points)", "b=winograd(f4,tapwise,10,20points)"}, layers.direct);
  CHECK(layers.fitted() == "b");
  CHECK(
      StringRef(remarks).contains(llvm::formatv("the model loses {0:f2} points of accuracy", layers.changed()).str()));
  // None is ever right.
  TwoLayers wrong;
  wrong.fit({".*=winograd(f4,single,8,0points)"}, std::vector<int64_t>(wrong.samples.size(), 36));
  CHECK(wrong.fitted() == "ab");
}

TEST_CASE("what accuracy cannot be measured by") {
  TwoLayers layers;
  CHECK(layers.fit({".*=winograd(f4,single,8,1points)"}, {1, 2, 3}, /*works=*/false) ==
        "expects a label for each of 50 samples, but got 3\n");
}
