// Functions of one number, each composed of those that qnn has.
#include "compiler/import/onnx/FloatBuilder.h"

#include "compiler/support/Names.h"

#include <cmath>
#include <numbers>

using namespace mlir;
using namespace qcc;
using namespace qcc::onnx;
using schema::TensorProto;
using Function = qnn::Function;

/// Composes an operator's result from its input, in any layout.
using Compose = Value (*)(FloatBuilder &b, const NodeImport &node, Value x);

//===-- Activations -----------------------------------------------------------------------------===//

/// alpha * (exp(x / scale) - 1) below 0, and gamma * x above.
static Value exponentialBelow(FloatBuilder &b, Value x, double alpha, double scale = 1, double gamma = 1) {
  Value below = b.mul(b.add(b.exp(b.mul(x, 1 / scale)), -1), alpha);
  return b.select(b.less(x, b.scalar(0)), below, gamma == 1 ? x : b.mul(x, gamma));
}

static Value celu(FloatBuilder &b, const NodeImport &node, Value x) {
  double alpha = node.number("alpha", 1);
  return exponentialBelow(b, x, alpha, alpha);
}

static Value elu(FloatBuilder &b, const NodeImport &node, Value x) {
  return exponentialBelow(b, x, node.number("alpha", 1));
}

static Value selu(FloatBuilder &b, const NodeImport &node, Value x) {
  double alpha = node.number("alpha", 1.67326319217681884765625),
         gamma = node.number("gamma", 1.05070102214813232421875);
  return exponentialBelow(b, x, alpha * gamma, 1, gamma);
}

/// x / 2 (1 + erf(x / sqrt(2))), or the approximation by tanh.
static Value gelu(FloatBuilder &b, const NodeImport &node, Value x) {
  Value inner;
  if (node.text("approximate", "none") == "tanh") {
    Value cube = b.mul(b.mul(b.mul(x, x), x), 0.044715);
    inner = b.tanh(b.mul(b.add(x, cube), std::sqrt(2 / std::numbers::pi)));
  } else {
    inner = b.apply(Function::Erf, b.mul(x, std::numbers::sqrt2 / 2));
  }
  return b.mul(b.mul(x, 0.5), b.add(inner, 1));
}

static Value hardSigmoidOf(FloatBuilder &b, Value x, double alpha, double beta) {
  return b.minimum(b.maximum(b.add(b.mul(x, alpha), beta), b.scalar(0)), b.scalar(1));
}

static Value hardSigmoid(FloatBuilder &b, const NodeImport &node, Value x) {
  return hardSigmoidOf(b, x, node.number("alpha", 0.2F), node.number("beta", 0.5));
}

static Value hardSwish(FloatBuilder &b, const NodeImport &, Value x) {
  return b.mul(x, hardSigmoidOf(b, x, 1.0 / 6, 0.5));
}

static Value mish(FloatBuilder &b, const NodeImport &, Value x) { return b.mul(x, b.tanh(b.softplus(x))); }

static Value shrink(FloatBuilder &b, const NodeImport &node, Value x) {
  double bias = node.number("bias", 0), limit = node.number("lambd", 0.5);
  Value above = b.select(b.less(b.scalar(limit), x), b.add(x, -bias), b.scalar(0));
  return b.select(b.less(x, b.scalar(-limit)), b.add(x, bias), above);
}

static Value softplus(FloatBuilder &b, const NodeImport &, Value x) { return b.softplus(x); }
static Value softsign(FloatBuilder &b, const NodeImport &, Value x) {
  return b.div(x, b.add(b.apply(Function::Abs, x), 1));
}
static Value swish(FloatBuilder &b, const NodeImport &node, Value x) {
  return b.mul(x, b.logistic(b.mul(x, node.number("alpha", 1))));
}
static Value thresholdedRelu(FloatBuilder &b, const NodeImport &node, Value x) {
  return b.select(b.less(b.scalar(node.number("alpha", 1)), x), x, b.scalar(0));
}
static Value relu(FloatBuilder &b, const NodeImport &, Value x) { return b.relu(x); }
static Value sigmoid(FloatBuilder &b, const NodeImport &, Value x) { return b.logistic(x); }
static Value tanhOf(FloatBuilder &b, const NodeImport &, Value x) { return b.tanh(x); }

/// An alpha below 0 has no operator of its own.
static Value leakyRelu(FloatBuilder &b, const NodeImport &node, Value x) {
  double alpha = node.number("alpha", 0.01F);
  if (alpha >= 0 && std::isfinite(alpha))
    return qnn::LeakyReluOp::create(node.builder, node.location, x.getType(), x, node.builder.getF64FloatAttr(alpha));
  return b.select(b.less(x, b.scalar(0)), b.mul(x, alpha), x);
}

//===-- Elementary functions ----------------------------------------------------------------------===//

template <Function function> static Value elementary(FloatBuilder &b, const NodeImport &, Value x) {
  return b.apply(function, x);
}

static Value cosOf(FloatBuilder &b, Value x) { return b.apply(Function::Sin, b.add(x, std::numbers::pi / 2)); }
static Value cosine(FloatBuilder &b, const NodeImport &, Value x) { return cosOf(b, x); }
static Value tangent(FloatBuilder &b, const NodeImport &, Value x) {
  return b.div(b.apply(Function::Sin, x), cosOf(b, x));
}

/// asin(x) = atan(x / sqrt(1 - x^2))
static Value asinOf(FloatBuilder &b, Value x) {
  return b.apply(Function::Atan, b.div(x, b.sqrt(b.invert(b.mul(x, x)))));
}
static Value arcSine(FloatBuilder &b, const NodeImport &, Value x) { return asinOf(b, x); }
static Value arcCosine(FloatBuilder &b, const NodeImport &, Value x) {
  return b.sub(b.scalar(std::numbers::pi / 2), asinOf(b, x));
}

/// (exp(x) + exp(-x)) / 2
static Value coshOf(FloatBuilder &b, Value x) { return b.mul(b.add(b.exp(x), b.exp(b.negate(x))), 0.5); }
static Value hyperbolicCosine(FloatBuilder &b, const NodeImport &, Value x) { return coshOf(b, x); }
/// tanh(x) cosh(x), in which nothing cancels.
static Value hyperbolicSine(FloatBuilder &b, const NodeImport &, Value x) { return b.mul(b.tanh(x), coshOf(b, x)); }

/// log(x + sqrt(x^2 - 1))
static Value areaCosine(FloatBuilder &b, const NodeImport &, Value x) {
  return b.apply(Function::Log, b.add(x, b.sqrt(b.add(b.mul(x, x), -1))));
}
/// log(|x| + sqrt(x^2 + 1)), with the sign of x
static Value areaSine(FloatBuilder &b, const NodeImport &, Value x) {
  Value size = b.apply(Function::Abs, x);
  Value result = b.apply(Function::Log, b.add(size, b.sqrt(b.add(b.mul(x, x), 1))));
  return b.select(b.less(x, b.scalar(0)), b.negate(result), result);
}
/// log((1 + x) / (1 - x)) / 2
static Value areaTangent(FloatBuilder &b, const NodeImport &, Value x) {
  return b.mul(b.apply(Function::Log, b.div(b.add(x, 1), b.invert(x))), 0.5);
}

static Value negative(FloatBuilder &b, const NodeImport &, Value x) { return b.negate(x); }
static Value reciprocal(FloatBuilder &b, const NodeImport &, Value x) { return b.div(b.scalar(1), x); }
static Value sign(FloatBuilder &b, const NodeImport &, Value x) {
  return b.sub(b.less(b.scalar(0), x), b.less(x, b.scalar(0)));
}

//===-- Truth values --------------------------------------------------------------------------------===//

static Value isInfinite(FloatBuilder &b, const NodeImport &node, Value x) {
  Value above = b.equal(x, b.scalar(HUGE_VAL)), below = b.equal(x, b.scalar(-HUGE_VAL));
  bool findsAbove = node.integer("detect_positive", 1), findsBelow = node.integer("detect_negative", 1);
  if (findsAbove && findsBelow)
    return b.add(above, below);
  return findsAbove ? above : findsBelow ? below : b.mul(above, 0);
}
static Value isNan(FloatBuilder &b, const NodeImport &, Value x) { return b.invert(b.equal(x, x)); }
static Value opposite(FloatBuilder &b, const NodeImport &, Value x) { return b.invert(x); }

//===-- The table -------------------------------------------------------------------------------------===//

namespace {
struct FunctionEntry {
  StringRef kind;
  Compose compose;
  int32_t type = 0; ///< of the result; that of the input if 0
};
} // namespace

static constexpr FunctionEntry functions[] = {
    {"Abs", elementary<Function::Abs>},
    {"Acos", arcCosine},
    {"Acosh", areaCosine},
    {"Asin", arcSine},
    {"Asinh", areaSine},
    {"Atan", elementary<Function::Atan>},
    {"Atanh", areaTangent},
    {"Ceil", elementary<Function::Ceil>},
    {"Celu", celu},
    {"Cos", cosine},
    {"Cosh", hyperbolicCosine},
    {"Elu", elu},
    {"Erf", elementary<Function::Erf>},
    {"Exp", elementary<Function::Exp>},
    {"Floor", elementary<Function::Floor>},
    {"Gelu", gelu},
    {"HardSigmoid", hardSigmoid},
    {"HardSwish", hardSwish},
    {"IsInf", isInfinite, TensorProto::BOOL},
    {"IsNaN", isNan, TensorProto::BOOL},
    {"LeakyRelu", leakyRelu},
    {"Log", elementary<Function::Log>},
    {"Mish", mish},
    {"Neg", negative},
    {"Not", opposite},
    {"Reciprocal", reciprocal},
    {"Relu", relu},
    {"Round", elementary<Function::Round>},
    {"Selu", selu},
    {"Shrink", shrink},
    {"Sigmoid", sigmoid},
    {"Sign", sign},
    {"Sin", elementary<Function::Sin>},
    {"Sinh", hyperbolicSine},
    {"Softplus", softplus},
    {"Softsign", softsign},
    {"Sqrt", elementary<Function::Sqrt>},
    {"Swish", swish},
    {"Tan", tangent},
    {"Tanh", tanhOf},
    {"ThresholdedRelu", thresholdedRelu},
};

LogicalResult qcc::onnx::importFunction(NodeImport &node) {
  if (failed(node.expectInputs(1, 1)))
    return failure();
  const FunctionEntry *entry = llvm::find_if(functions, [&](const FunctionEntry &e) { return e.kind == node.kind(); });
  Imported &data = node.input(0);
  FloatBuilder b(node);
  using Layout = NodeImport::Layout;
  Value result =
      entry->compose(b, node, node.floats(data, data.channelsLast ? Layout::ChannelsLast : Layout::AsInFile));
  int32_t type = entry->type ? entry->type : data.type;
  return node.define(
      Imported{.shape = data.shape, .type = type, .value = b.wrap(result, type), .channelsLast = data.channelsLast});
}

//===-- Casts -----------------------------------------------------------------------------------------===//

/// Real numbers stay what they are. Integers of floats are what is in front of the point; truth values say whether a
/// number is not 0.
static LogicalResult castTo(NodeImport &node, int32_t to) {
  Imported result = node.input(0);
  int32_t from = result.type;
  bool toFloat = to == TensorProto::FLOAT || to == TensorProto::DOUBLE;
  if (!toFloat && !integerFormat(node.builder, to))
    return node.error() << "to " << nameOfType(to) << " is not supported";
  result.type = toFloat ? int32_t(TensorProto::FLOAT) : to;
  if (from == result.type)
    return node.define(std::move(result));
  if (result.constant && toFloat && !result.constant->isFloat) {
    Array &array = *result.constant;
    array.isFloat = true;
    array.floats.assign(array.integers.begin(), array.integers.end());
    array.integers.clear();
    array.type = to;
    return node.define(std::move(result));
  }
  bool isWiderIndex = to == TensorProto::INT64 || to == TensorProto::INT32;
  if (result.constant && !result.constant->isFloat && isWiderIndex) {
    result.constant->type = to;
    return node.define(std::move(result));
  }
  FloatBuilder b(node);
  using Layout = NodeImport::Layout;
  Value x = node.floats(node.input(0), result.channelsLast ? Layout::ChannelsLast : Layout::AsInFile);
  if (to == TensorProto::BOOL)
    x = b.invert(b.equal(x, b.scalar(0)));
  else if (!toFloat)
    x = b.wrap(from == TensorProto::FLOAT ? b.truncate(x) : x, to);
  result.constant = std::nullopt;
  result.format = {};
  result.value = x;
  return node.define(std::move(result));
}

LogicalResult qcc::onnx::importCast(NodeImport &node) {
  if (failed(node.expectInputs(1, 1)))
    return failure();
  return castTo(node, static_cast<int32_t>(node.integer("to", 0)));
}

LogicalResult qcc::onnx::importCastLike(NodeImport &node) {
  if (failed(node.expectInputs(2, 2)))
    return failure();
  return castTo(node, node.input(1).type);
}
