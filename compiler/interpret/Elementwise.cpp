// add, sub, mul and the unary operators.
#include "compiler/interpret/Arithmetic.h"
#include "compiler/interpret/Kernel.h"
#include "compiler/interpret/ResultStage.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::interpret;

static RankedTensorType tensorType(Value value) { return llvm::cast<RankedTensorType>(value.getType()); }

//===-- Two operands ----------------------------------------------------------------===//

/// For each element of the result, the element of an operand that NumPy's broadcasting gives it.
static std::vector<int64_t> broadcastPositions(ArrayRef<int64_t> operand, ArrayRef<int64_t> result) {
  SmallVector<int64_t> strides = stridesOf(operand);
  std::vector<std::vector<int64_t>> offsets;
  size_t missing = result.size() - operand.size();
  for (size_t d = 0; d < result.size(); ++d) {
    offsets.emplace_back(result[d], 0);
    if (d >= missing && operand[d - missing] != 1)
      for (int64_t i = 0; i < result[d]; ++i)
        offsets[d][i] = i * strides[d - missing];
  }
  return combineOffsets(offsets);
}

namespace {
/// Applies a function of two elements with broadcasting.
class Broadcast {
public:
  explicit Broadcast(Operation *op) {
    ArrayRef<int64_t> result = tensorType(op->getResult(0)).getShape();
    lhs = broadcastPositions(tensorType(op->getOperand(0)).getShape(), result);
    rhs = broadcastPositions(tensorType(op->getOperand(1)).getShape(), result);
  }
  template <typename A, typename B, typename F>
  void operator()(const std::vector<A> &a, const std::vector<A> &b, std::vector<B> &result, F function) const {
    for (size_t i = 0; i < result.size(); ++i)
      result[i] = function(a[lhs[i]], b[rhs[i]]);
  }

private:
  std::vector<int64_t> lhs, rhs;
};
} // namespace

/// `combine` works on f32 and, wrapping, on i32.
template <typename Op, typename Combine> static Kernel prepareFloatOrPlain(Op op, Combine combine) {
  return [=, broadcast = Broadcast(op), activation = op.getActivation()](ArrayRef<const Tensor *> operands,
                                                                         MutableArrayRef<Tensor> results) {
    if (results[0].isFloat()) {
      broadcast(operands[0]->floats, operands[1]->floats, results[0].floats,
                [&](float a, float b) { return clampFloat(combine(a, b), activation); });
      return;
    }
    qnn::NumberFormat format = results[0].format();
    broadcast(operands[0]->codes, operands[1]->codes, results[0].codes,
              [&](int64_t a, int64_t b) { return clampCode(combine(wrap(a), wrap(b)), format, activation); });
  };
}

static bool isFloatOrPlain(Value value) {
  Type element = tensorType(value).getElementType();
  return llvm::isa<FloatType>(element) || element.isSignlessInteger(32);
}

/// `add` and `sub`: both operands in a common fixed-point scale, then one change of scale.
template <typename Op, typename Combine> static Kernel prepareSum(Op op, Combine combine) {
  if (isFloatOrPlain(op.getOutput()))
    return prepareFloatOrPlain(op, combine);
  qnn::NumberFormat lhs = qnn::getFormat(op.getLhs()), rhs = qnn::getFormat(op.getRhs());
  qnn::NumberFormat output = qnn::getFormat(op.getOutput());
  int shift = std::max({lhs.getBits(), rhs.getBits(), output.getBits()}) <= 8 ? 20 : 15;
  double twice = 2 * std::max(lhs.getScale(0), rhs.getScale(0));
  qnn::Multiplier left = qnn::quantizeMultiplier(lhs.getScale(0) / twice);
  qnn::Multiplier right = qnn::quantizeMultiplier(rhs.getScale(0) / twice);
  ResultStage stage(output, op.getActivation(), op.getRescale(), twice / ((1 << shift) * output.getScale(0)));
  return [=, broadcast = Broadcast(op), rounding = op.getRescale().getRounding()](ArrayRef<const Tensor *> operands,
                                                                                  MutableArrayRef<Tensor> results) {
    broadcast(integersOf(*operands[0]), integersOf(*operands[1]), results[0].codes, [&](int32_t a, int32_t b) {
      return stage(
          combine(rescale(wrapShiftLeft(a, shift), left, rounding), rescale(wrapShiftLeft(b, shift), right, rounding)));
    });
  };
}

namespace {
struct Plus {
  float operator()(float a, float b) const { return a + b; }
  int32_t operator()(int32_t a, int32_t b) const { return wrapAdd(a, b); }
};
struct Minus {
  float operator()(float a, float b) const { return a - b; }
  int32_t operator()(int32_t a, int32_t b) const { return wrapSub(a, b); }
};
struct Times {
  float operator()(float a, float b) const { return a * b; }
  int32_t operator()(int32_t a, int32_t b) const { return wrapMul(a, b); }
};
} // namespace

static Kernel prepareMul(qnn::MulOp op) {
  if (isFloatOrPlain(op.getOutput()))
    return prepareFloatOrPlain(op, Times());
  qnn::NumberFormat output = qnn::getFormat(op.getOutput());
  ResultStage stage(output, op.getActivation(), op.getRescale(),
                    qnn::contractionMultiplier(qnn::getFormat(op.getLhs()), qnn::getFormat(op.getRhs()), 0, output,
                                               op.getRescale().getProduct()));
  return [=, broadcast = Broadcast(op)](ArrayRef<const Tensor *> operands, MutableArrayRef<Tensor> results) {
    broadcast(integersOf(*operands[0]), integersOf(*operands[1]), results[0].codes,
              [&](int32_t a, int32_t b) { return stage(wrapMul(a, b)); });
  };
}

//===-- One operand -----------------------------------------------------------------===//

/// A function of reals, rounded to f32.
template <typename F> static Kernel mapFloats(F function) {
  return [=](ArrayRef<const Tensor *> operands, MutableArrayRef<Tensor> results) {
    llvm::transform(operands[0]->floats, results[0].floats.begin(),
                    [&](float x) { return static_cast<float>(function(static_cast<double>(x))); });
  };
}

/// A function of `integer(input) - zero(input)` that gives codes.
template <typename F> static Kernel mapIntegers(F function) {
  return [=](ArrayRef<const Tensor *> operands, MutableArrayRef<Tensor> results) {
    llvm::transform(integersOf(*operands[0]), results[0].codes.begin(), function);
  };
}

/// Integers: the nearest code to the real function of the real value, from a table of all input codes.
template <typename F> static Kernel prepareNearest(Operation *op, F function) {
  qnn::NumberFormat input = qnn::getFormat(op->getOperand(0)), output = qnn::getFormat(op->getResult(0));
  if (input.isFloat())
    return mapFloats(function);
  // All codes that the bits can hold, as an argument may lie outside the range in use.
  auto [first, last] = input.getAllCodes();
  std::vector<int64_t> table;
  for (int64_t code = first; code <= last; ++code)
    table.push_back(output.encode(function(input.decode(code))));
  return [table, first = first](ArrayRef<const Tensor *> operands, MutableArrayRef<Tensor> results) {
    llvm::transform(operands[0]->codes, results[0].codes.begin(), [&](int64_t code) { return table[code - first]; });
  };
}

static Kernel prepareRelu(qnn::ReluOp op) {
  qnn::Activation activation = op.getActivation();
  if (activation == qnn::Activation::None)
    activation = qnn::Activation::Relu;
  qnn::NumberFormat input = qnn::getFormat(op.getInput()), output = qnn::getFormat(op.getOutput());
  if (input.isFloat())
    return mapFloats([=](double x) { return clampFloat(x, activation); });
  ResultStage stage(output, activation, op.getRescale(), input.getScale(0) / output.getScale(0));
  return mapIntegers([=](int32_t x) { return stage(x); });
}

static Kernel prepareLeakyRelu(qnn::LeakyReluOp op) {
  double alpha = op.getAlpha().convertToDouble();
  qnn::NumberFormat input = qnn::getFormat(op.getInput()), output = qnn::getFormat(op.getOutput());
  if (input.isFloat())
    return mapFloats([=](double x) { return x >= 0 ? x : alpha * x; });
  double scale = input.getScale(0), outputScale = output.getScale(0);
  ResultStage stage(output, qnn::Activation::None, op.getRescale(), {scale / outputScale, alpha * scale / outputScale});
  return mapIntegers([=](int32_t x) { return stage(x, x >= 0 ? 0 : 1); });
}

static double applyFunction(qnn::Function function, double x) {
  switch (function) {
  case qnn::Function::Abs:
    return std::abs(x);
  case qnn::Function::Atan:
    return std::atan(x);
  case qnn::Function::Ceil:
    return std::ceil(x);
  case qnn::Function::Erf:
    return std::erf(x);
  case qnn::Function::Exp:
    return std::exp(x);
  case qnn::Function::Floor:
    return std::floor(x);
  case qnn::Function::Log:
    return std::log(x);
  case qnn::Function::Round:
    return std::nearbyint(x);
  case qnn::Function::Sin:
    return std::sin(x);
  case qnn::Function::Sqrt:
    return std::sqrt(x);
  }
  llvm_unreachable("all functions are listed");
}

static float combineFloats(qnn::Combination combination, float a, float b) {
  switch (combination) {
  case qnn::Combination::Divide:
    return a / b;
  case qnn::Combination::Equal:
    return a == b;
  case qnn::Combination::Less:
    return a < b;
  case qnn::Combination::LessEqual:
    return a <= b;
  case qnn::Combination::Maximum:
    return std::isnan(a) || a > b ? a : b;
  case qnn::Combination::Minimum:
    return std::isnan(a) || a < b ? a : b;
  case qnn::Combination::Power:
    return static_cast<float>(std::pow(double(a), double(b)));
  }
  llvm_unreachable("all combinations are listed");
}

static Kernel prepareCombine(qnn::CombineOp op) {
  return [broadcast = Broadcast(op), combination = op.getCombination()](ArrayRef<const Tensor *> operands,
                                                                        MutableArrayRef<Tensor> results) {
    broadcast(operands[0]->floats, operands[1]->floats, results[0].floats,
              [&](float a, float b) { return combineFloats(combination, a, b); });
  };
}

static Kernel prepareSelect(qnn::SelectOp op) {
  std::vector<std::vector<int64_t>> positions;
  for (Value operand : op->getOperands())
    positions.push_back(broadcastPositions(shapeOf(operand), shapeOf(op.getOutput())));
  return [=](ArrayRef<const Tensor *> operands, MutableArrayRef<Tensor> results) {
    for (size_t i = 0; i < results[0].floats.size(); ++i) {
      size_t chosen = operands[0]->floats[positions[0][i]] != 0 ? 1 : 2;
      results[0].floats[i] = operands[chosen]->floats[positions[chosen][i]];
    }
  };
}

/// `lowest + number of thresholds reached`, in the numbers that `elementsOf` reads from a tensor.
template <typename Elements> static Kernel prepareThreshold(qnn::ThresholdOp op, Elements elementsOf) {
  int64_t channels = tensorType(op.getInput()).getShape().back();
  auto [rows, count] =
      std::pair(tensorType(op.getThresholds()).getDimSize(0), tensorType(op.getThresholds()).getDimSize(1));
  int64_t lowest = qnn::getFormat(op.getOutput()).getCodeRange().first;
  std::vector<bool> falling(channels);
  llvm::copy(op.getFalling(), falling.begin());
  return [=, rows = rows, count = count](ArrayRef<const Tensor *> operands, MutableArrayRef<Tensor> results) {
    const auto &input = elementsOf(*operands[0]), &thresholds = elementsOf(*operands[1]);
    for (size_t i = 0; i < input.size(); ++i) {
      int64_t channel = static_cast<int64_t>(i) % channels, row = rows == 1 ? 0 : channel;
      results[0].codes[i] = lowest;
      for (int64_t k = 0; k < count; ++k) {
        auto threshold = thresholds[row * count + k];
        results[0].codes[i] += falling[channel] ? input[i] <= threshold : input[i] >= threshold;
      }
    }
  };
}

static Kernel prepareThreshold(qnn::ThresholdOp op) {
  if (qnn::getFormat(op.getInput()).isFloat())
    return prepareThreshold(op, [](const Tensor &tensor) -> const std::vector<float> & { return tensor.floats; });
  return prepareThreshold(op, [](const Tensor &tensor) -> const std::vector<int64_t> & { return tensor.codes; });
}

static Kernel prepareRescale(qnn::RescaleOp op) {
  int64_t zero = qnn::getFormat(op.getOutput()).getZeroPoint(0), channels = tensorType(op.getInput()).getShape().back();
  return [=](ArrayRef<const Tensor *> operands, MutableArrayRef<Tensor> results) mutable {
    for (auto [i, sum] : llvm::enumerate(operands[0]->codes)) {
      int64_t c = static_cast<int64_t>(i) % channels;
      int32_t x = wrap(!op.getFalling().empty() && op.getFalling()[c] ? ~sum : sum);
      // The second line's numbers stand behind those of all first lines.
      int64_t line = op.getKnee().empty() || x < op.getKnee()[c] ? c : channels + c;
      x = wrapAdd(wrapShiftLeft(x, static_cast<int>(op.getFraction())), op.getOffset()[line]);
      int32_t r = rescale(x, {op.getMultiplier()[line], op.getExponent()[line]}, qnn::Rounding::Double);
      results[0].codes[i] = zero + std::clamp(r, op.getLow()[c], op.getHigh()[c]);
    }
  };
}

Kernel interpret::prepareElementwise(Operation *op) {
  return TypeSwitch<Operation *, Kernel>(op)
      .Case([](qnn::AddOp op) { return prepareSum(op, Plus()); })
      .Case([](qnn::SubOp op) { return prepareSum(op, Minus()); })
      .Case([](qnn::MulOp op) { return prepareMul(op); })
      .Case([](qnn::ReluOp op) { return prepareRelu(op); })
      .Case([](qnn::LeakyReluOp op) { return prepareLeakyRelu(op); })
      .Case([](qnn::LogisticOp op) { return prepareNearest(op, [](double x) { return 1 / (1 + std::exp(-x)); }); })
      .Case([](qnn::TanhOp op) { return prepareNearest(op, [](double x) { return std::tanh(x); }); })
      .Case([](qnn::ApplyOp op) {
        return mapFloats([function = op.getFunction()](double x) { return applyFunction(function, x); });
      })
      .Case([](qnn::CombineOp op) { return prepareCombine(op); })
      .Case([](qnn::SelectOp op) { return prepareSelect(op); })
      .Case([](qnn::ThresholdOp op) { return prepareThreshold(op); })
      .Case([](qnn::RescaleOp op) { return prepareRescale(op); })
      .Default(Kernel());
}
