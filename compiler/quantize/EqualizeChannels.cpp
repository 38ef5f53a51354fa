#include "compiler/quantize/EqualizeChannels.h"

#include "compiler/quantize/Constants.h"
#include "compiler/quantize/ContractionRows.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::quantize;

std::optional<Equalization> qcc::quantize::parseEqualization(StringRef name) {
  return llvm::StringSwitch<std::optional<Equalization>>(name)
      .Case("none", Equalization::None)
      .Case("weights", Equalization::Weights)
      .Case("activations", Equalization::Activations)
      .Default(std::nullopt);
}

namespace {
/// The float weights of a contraction, by channel of its result or of its input.
class Weights {
public:
  explicit Weights(Operation *op) : op(op), rows(*ContractionRows::get(op)), filter(getFloats(constant(1))) {
    if (op->getNumOperands() > 2)
      bias = getFloats(constant(2));
  }

  int64_t getOutputs() const { return rows.getGroups() * rows.getOutputsOfGroup(); }
  int64_t getInputs() const { return shapeOf(op->getOperand(0)).back(); }

  std::vector<float> rangesOfOutputs() const {
    std::vector<float> ranges(getOutputs());
    forEach([&](int64_t index, int64_t output, int64_t) { widen(ranges[output], filter[index]); });
    return ranges;
  }
  std::vector<float> rangesOfInputs() const {
    std::vector<float> ranges(getInputs());
    forEach([&](int64_t index, int64_t, int64_t input) { widen(ranges[input], filter[index]); });
    return ranges;
  }
  void divideOutputs(ArrayRef<float> numbers) {
    forEach([&](int64_t index, int64_t output, int64_t) { filter[index] /= numbers[output]; });
    for (auto [value, number] : llvm::zip(bias, numbers))
      value /= number;
    store();
  }
  void multiplyInputs(ArrayRef<float> numbers) {
    forEach([&](int64_t index, int64_t, int64_t input) { filter[index] *= numbers[input]; });
    store();
  }

private:
  qnn::ConstantOp constant(unsigned operand) const { return getFloatConstant(op->getOperand(operand)); }
  static void widen(float &range, float value) { range = std::max(range, std::abs(value)); }

  /// Calls `visit(place in the filter, channel of the result, channel of the input)` for all weights. The input
  /// channels of a group are the innermost part of a row.
  void forEach(llvm::function_ref<void(int64_t, int64_t, int64_t)> visit) const {
    int64_t inputs = getInputs() / rows.getGroups();
    for (int64_t group = 0; group < rows.getGroups(); ++group)
      for (int64_t o = 0; o < rows.getOutputsOfGroup(); ++o)
        for (int64_t k = 0; k < rows.getLength(); ++k)
          visit(rows.weightIndex(group, o, k), group * rows.getOutputsOfGroup() + o, group * inputs + k % inputs);
  }

  void store() const {
    OpBuilder builder(op);
    auto replace = [&](unsigned operand, ArrayRef<float> values) {
      qnn::ConstantOp before = constant(operand);
      replaceConstant(
          op->getOpOperand(operand),
          makeFloatConstant(builder, before.getLoc(), shapeOf(before.getResult()), values, before.getNameAttr()));
    };
    replace(1, filter);
    if (!bias.empty())
      replace(2, bias);
  }

  Operation *op;
  ContractionRows rows;
  std::vector<float> filter, bias;
};

/// Two layers and the value of the first one's result that the second one reads.
struct Link {
  Operation *producer, *consumer;
  Value read;
};
} // namespace

static bool isFloatContraction(Operation *op) {
  return ContractionRows::get(op) && llvm::all_of(op->getOperands().drop_front(), [](Value operand) {
           return static_cast<bool>(getFloatConstant(operand));
         });
}

static bool isHomogeneous(qnn::Activation activation) {
  return activation == qnn::Activation::None || activation == qnn::Activation::Relu;
}

/// Whether f(s x) = s f(x) for a channel of an operator's only operand and a positive s, channels staying in place.
static bool commutesWithScales(Operation *op) {
  return llvm::TypeSwitch<Operation *, bool>(op)
      .Case<qnn::ReluOp, qnn::MaxPool2dOp, qnn::AvgPool2dOp>([](auto op) { return isHomogeneous(op.getActivation()); })
      .Case([](qnn::LeakyReluOp) { return true; })
      .Case([](qnn::MeanOp mean) {
        int64_t last = mean.getInput().getType().getRank() - 1;
        return !llvm::is_contained(mean.getAxes(), last) && !llvm::is_contained(mean.getAxes(), -1);
      })
      .Case([](qnn::ReshapeOp reshape) {
        ArrayRef<int64_t> in = shapeOf(reshape.getInput()), out = shapeOf(reshape.getOutput());
        return !in.empty() && !out.empty() && in.back() == out.back();
      })
      .Default(false);
}

static std::optional<Link> findLink(Operation *producer) {
  if (!isFloatContraction(producer))
    return std::nullopt;
  auto activation = producer->getAttrOfType<qnn::ActivationAttr>("activation");
  if (activation && !isHomogeneous(activation.getValue()))
    return std::nullopt;
  Value value = producer->getResult(0);
  while (value.hasOneUse()) {
    Operation *user = *value.user_begin();
    if (isFloatContraction(user))
      return Link{producer, user, value};
    if (!commutesWithScales(user))
      return std::nullopt;
    value = user->getResult(0);
  }
  return std::nullopt;
}

/// The largest magnitude of each channel of the links' values on the samples.
static FailureOr<std::vector<std::vector<float>>> observeRanges(func::FuncOp model, ArrayRef<Link> links,
                                                                SampleSource &samples, const PrepareModel &prepare) {
  std::vector<std::vector<float>> ranges;
  llvm::DenseMap<Value, size_t> numbers;
  SmallVector<Value> values;
  for (const Link &link : links) {
    numbers[link.read] = ranges.size();
    values.push_back(link.read);
    ranges.emplace_back(shapeOf(link.read).back());
  }
  FailureOr<std::unique_ptr<ObservableModel>> observable = prepare(model, values);
  if (failed(observable))
    return failure();
  auto observe = [&](Value value, const interpret::Tensor &tensor) {
    std::vector<float> &ofValue = ranges[numbers.lookup(value)];
    for (auto [index, number] : llvm::enumerate(tensor.floats))
      if (std::isfinite(number))
        ofValue[index % ofValue.size()] = std::max(ofValue[index % ofValue.size()], std::abs(number));
  };
  if (failed(runOnAll(**observable, samples, observe)))
    return failure();
  return ranges;
}

/// sqrt(r1 / r2), within what leaves all numbers far from the ends of f32; 1 for a channel that nobody fills or reads.
static float scaleOf(float r1, float r2) {
  constexpr float most = 65536;
  float scale = std::sqrt(r1 / r2);
  return r1 > 0 && r2 > 0 && std::isfinite(scale) ? std::clamp(scale, 1 / most, most) : 1;
}

FailureOr<int64_t> qcc::quantize::equalizeChannels(func::FuncOp model, Equalization by, SampleSource &samples,
                                                   const PrepareModel &prepare) {
  std::vector<Link> links;
  if (by != Equalization::None)
    for (Operation &op : model.getBody().getOps())
      if (std::optional<Link> link = findLink(&op))
        links.push_back(*link);
  if (links.empty())
    return 0;
  std::vector<std::vector<float>> observed;
  if (by == Equalization::Activations) {
    FailureOr<std::vector<std::vector<float>>> ranges = observeRanges(model, links, samples, prepare);
    if (failed(ranges))
      return failure();
    observed = std::move(*ranges);
  }
  // A layer in the middle of a chain belongs to two pairs, whose scales depend on each other: by weights they settle
  // within a few rounds. The ranges of activations do not depend on other pairs' scales.
  constexpr int64_t mostRounds = 8;
  for (int64_t round = 0; round < (by == Equalization::Weights ? mostRounds : 1); ++round)
    for (auto [number, link] : llvm::enumerate(links)) {
      Weights consumer(link.consumer), producer(link.producer);
      std::vector<float> scales = by == Equalization::Weights ? producer.rangesOfOutputs() : observed[number];
      for (auto [scale, ofInput] : llvm::zip_equal(scales, consumer.rangesOfInputs()))
        scale = scaleOf(scale, ofInput);
      producer.divideOutputs(scales);
      consumer.multiplyInputs(scales);
    }
  model.emitRemark() << "equalized the channels between " << links.size() << " pairs of layers";
  return static_cast<int64_t>(links.size());
}
