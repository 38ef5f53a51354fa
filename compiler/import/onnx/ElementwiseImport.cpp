// Elementwise operators of several operands: arithmetic, comparisons, logic, selections. Constants are computed with;
// everything else is f32.
#include "compiler/import/onnx/FloatBuilder.h"

#include "compiler/support/Names.h"

#include <cmath>

using namespace mlir;
using namespace qcc;
using namespace qcc::onnx;
using schema::TensorProto;
using Layout = NodeImport::Layout;

//===-- Integers that are known -------------------------------------------------------------===//

static double apply(StringRef kind, double a, double b) {
  return llvm::StringSwitch<double>(kind).Case("Add", a + b).Case("Sub", a - b).Case("Mul", a * b).Default(a / b);
}

/// Shapes and indices are computed exactly; nothing for operators of which the general form is exact enough.
static std::optional<LogicalResult> foldIntegers(NodeImport &node, const Imported &a, const Imported &b,
                                                 const Shape &shape) {
  bool isArithmetic = llvm::is_contained({"Add", "Sub", "Mul", "Div"}, node.kind());
  if (!isArithmetic || !a.constant || !b.constant || a.constant->isFloat || b.constant->isFloat ||
      (a.type != TensorProto::INT64 && a.type != TensorProto::INT32))
    return std::nullopt;
  std::optional<Array> result = combine(*a.constant, *b.constant, shape, [&](double x, double y) {
    double number = apply(node.kind(), x, y);
    return node.kind() == "Div" ? std::trunc(number) : number;
  });
  if (!result)
    return node.error() << "has a result that is no integer";
  result->type = a.type;
  return node.defineConstant(std::move(*result));
}

//===-- Operands that broadcast ---------------------------------------------------------------===//

/// An operand as f32, with ones in front so that it has the rank of the result where channels move to the end.
static Value operand(NodeImport &node, Imported &imported, bool channelsLast) {
  if (!channelsLast || imported.shape.size() == 4)
    return node.floats(imported, channelsLast ? Layout::ChannelsLast : Layout::AsInFile);
  Shape shape(4 - imported.shape.size(), 1);
  llvm::append_range(shape, imported.shape);
  if (imported.constant) {
    Imported extended = imported;
    extended.shape = extended.constant->shape = shape;
    return node.floats(extended, Layout::ChannelsLast);
  }
  Value value = node.floats(imported, Layout::AsInFile);
  value = qnn::ReshapeOp::create(node.builder, node.location, node.floatType(shape), value);
  return qnn::TransposeOp::create(node.builder, node.location, node.floatType(permuted(shape, toChannelsLast)), value,
                                  toChannelsLast);
}

namespace {
/// The operands of an elementwise operator in one layout.
struct Operands {
  SmallVector<Value> values;
  Shape shape;
  bool channelsLast = false;
};
} // namespace

static FailureOr<Operands> broadcastInputs(NodeImport &node, ArrayRef<size_t> inputs) {
  Operands result;
  for (size_t i : inputs) {
    std::optional<Shape> shape = broadcast(result.shape, node.input(i).shape);
    if (!shape || !countElements(*shape))
      return node.error() << "expects shapes that broadcast, but got " << showShape(result.shape) << " and "
                          << showShape(node.input(i).shape);
    result.shape = std::move(*shape);
    result.channelsLast = result.channelsLast || node.input(i).channelsLast;
  }
  result.channelsLast = result.channelsLast && result.shape.size() == 4;
  for (size_t i : inputs)
    result.values.push_back(operand(node, node.input(i), result.channelsLast));
  return result;
}

/// The result with its own element type, which overflows as integers of that type do.
static LogicalResult defineElements(NodeImport &node, const Operands &operands, Value value, int32_t type) {
  return node.define(Imported{.shape = operands.shape,
                              .type = type,
                              .value = FloatBuilder(node).wrap(value, type),
                              .channelsLast = operands.channelsLast});
}

static LogicalResult expectOneType(NodeImport &node) {
  for (size_t i = 1; i < node.inputCount(); ++i)
    if (node.input(i).type != node.input(0).type)
      return node.error() << "expects operands of one type, but got " << nameOfType(node.input(0).type) << " and "
                          << nameOfType(node.input(i).type);
  return success();
}

//===-- Arithmetic ----------------------------------------------------------------------------===//

/// x^2 as x * x, and other powers that are cheaper than the general one.
static Value power(FloatBuilder &b, NodeImport &node, Value base, Value exponent) {
  const Imported &given = node.input(1);
  std::optional<double> number;
  if (given.constant && given.constant->size() == 1 && given.shape.size() <= node.input(0).shape.size())
    number = given.constant->number(0);
  if (number == 1.0)
    return base;
  if (number == 2.0)
    return b.mul(base, base);
  if (number == 3.0)
    return b.mul(b.mul(base, base), base);
  if (number == 0.5)
    return b.sqrt(base);
  return b.combine(qnn::Combination::Power, base, exponent);
}

/// x / c as x * (1 / c) for floats; the quotient of integers is truncated.
static FailureOr<Value> quotient(FloatBuilder &b, NodeImport &node, Operands &operands) {
  if (node.input(0).isInteger())
    return b.truncate(b.div(operands.values[0], operands.values[1]));
  if (!node.input(1).constant || node.input(0).constant)
    return b.div(operands.values[0], operands.values[1]);
  Imported inverse = node.input(1);
  for (float &number : inverse.constant->floats)
    number = static_cast<float>(1.0 / number);
  inverse.format = {};
  return b.mul(operands.values[0], operand(node, inverse, operands.channelsLast));
}

/// The remainder has the sign of the divisor, with `fmod` that of the dividend.
static Value remainder(FloatBuilder &b, NodeImport &node, Value x, Value y) {
  Value turns = b.div(x, y);
  turns = node.integer("fmod", 0) ? b.truncate(turns) : b.apply(qnn::Function::Floor, turns);
  // No turn of an infinite divisor takes nothing off.
  return b.select(b.equal(turns, b.scalar(0)), x, b.sub(x, b.mul(turns, y)));
}

LogicalResult qcc::onnx::importArithmetic(NodeImport &node) {
  if (failed(node.expectInputs(2, 2)))
    return failure();
  StringRef kind = node.kind();
  if (kind != "Pow" && failed(expectOneType(node)))
    return failure();
  std::optional<Shape> shape = broadcast(node.input(0).shape, node.input(1).shape);
  if (shape && countElements(*shape))
    if (auto folded = foldIntegers(node, node.input(0), node.input(1), *shape))
      return *folded;
  FailureOr<Operands> operands = broadcastInputs(node, {0, 1});
  if (failed(operands))
    return failure();
  FloatBuilder b(node);
  Value x = operands->values[0], y = operands->values[1], result;
  if (kind == "Add")
    result = b.add(x, y);
  else if (kind == "Sub")
    result = b.sub(x, y);
  else if (kind == "Mul")
    result = b.mul(x, y);
  else if (kind == "Pow")
    result = power(b, node, x, y);
  else if (kind == "Mod")
    result = remainder(b, node, x, y);
  else if (FailureOr<Value> divided = quotient(b, node, *operands); succeeded(divided))
    result = *divided;
  else
    return failure();
  return defineElements(node, *operands, result, node.input(0).type);
}

/// Max, Min, Sum and Mean of any number of operands.
LogicalResult qcc::onnx::importVariadic(NodeImport &node) {
  size_t count = node.inputCount();
  if (failed(node.expectInputs(std::max<size_t>(1, count), SIZE_MAX)) || failed(expectOneType(node)))
    return failure();
  FailureOr<Operands> operands = broadcastInputs(node, llvm::to_vector(llvm::seq<size_t>(0, count)));
  if (failed(operands))
    return failure();
  FloatBuilder b(node);
  Value result = operands->values[0];
  for (Value next : ArrayRef(operands->values).drop_front())
    result = node.kind() == "Max"   ? b.maximum(result, next)
             : node.kind() == "Min" ? b.minimum(result, next)
                                    : b.add(result, next);
  if (node.kind() == "Mean")
    result = b.mul(result, 1.0 / static_cast<double>(count));
  return defineElements(node, *operands, result, node.input(0).type);
}

//===-- Comparisons and logic -------------------------------------------------------------------===//

/// Truth values are 0 and 1.
LogicalResult qcc::onnx::importComparison(NodeImport &node) {
  if (failed(node.expectInputs(2, 2)) || failed(expectOneType(node)))
    return failure();
  FailureOr<Operands> operands = broadcastInputs(node, {0, 1});
  if (failed(operands))
    return failure();
  FloatBuilder b(node);
  Value x = operands->values[0], y = operands->values[1];
  StringRef kind = node.kind();
  Value result = kind == "Equal"            ? b.equal(x, y)
                 : kind == "Less"           ? b.less(x, y)
                 : kind == "Greater"        ? b.less(y, x)
                 : kind == "LessOrEqual"    ? b.combine(qnn::Combination::LessEqual, x, y)
                 : kind == "GreaterOrEqual" ? b.combine(qnn::Combination::LessEqual, y, x)
                 : kind == "And"            ? b.mul(x, y)
                 : kind == "Or"             ? b.maximum(x, y)
                                            : b.invert(b.equal(x, y)); // Xor
  return defineElements(node, *operands, result, TensorProto::BOOL);
}

LogicalResult qcc::onnx::importWhere(NodeImport &node) {
  if (failed(node.expectInputs(3, 3)))
    return failure();
  FailureOr<Operands> operands = broadcastInputs(node, {0, 1, 2});
  if (failed(operands))
    return failure();
  Value result = FloatBuilder(node).select(operands->values[0], operands->values[1], operands->values[2]);
  return defineElements(node, *operands, result, node.input(1).type);
}

//===-- Clamps and slopes -------------------------------------------------------------------------===//

/// x above 0, slope * x below.
LogicalResult qcc::onnx::importPRelu(NodeImport &node) {
  if (failed(node.expectInputs(2, 2)))
    return failure();
  FailureOr<Operands> operands = broadcastInputs(node, {0, 1});
  if (failed(operands))
    return failure();
  FloatBuilder b(node);
  Value x = operands->values[0];
  Value result = b.select(b.less(x, b.scalar(0)), b.mul(x, operands->values[1]), x);
  return defineElements(node, *operands, result, node.input(0).type);
}

/// The clamps that qnn has, which need no second operand.
static qnn::Activation activationOf(const double (&bounds)[2]) {
  if (bounds[0] == 0 && bounds[1] == 6)
    return qnn::Activation::Relu6;
  if (bounds[0] == -1 && bounds[1] == 1)
    return qnn::Activation::ReluN1To1;
  return bounds[0] == 0 && std::isinf(bounds[1]) ? qnn::Activation::Relu : qnn::Activation::None;
}

/// Bounds are attributes up to version 6, and operands from 11 on.
LogicalResult qcc::onnx::importClip(NodeImport &node) {
  if (failed(node.expectInputs(1, 3)))
    return failure();
  double bounds[] = {node.number("min", -HUGE_VAL), node.number("max", HUGE_VAL)};
  bool isKnown = true;
  SmallVector<size_t> inputs{0};
  for (size_t i = 1; i < 3; ++i) {
    if (!node.hasInput(i))
      continue;
    inputs.push_back(i);
    const Imported &bound = node.input(i);
    if (*countElements(bound.shape) != 1)
      return node.error() << "expects one number as input " << i << ", but got " << showShape(bound.shape);
    isKnown = isKnown && bound.constant;
    if (bound.constant)
      bounds[i - 1] = bound.constant->number(0);
  }
  FailureOr<Operands> operands = broadcastInputs(node, inputs);
  if (failed(operands))
    return failure();
  FloatBuilder b(node);
  Value x = operands->values[0];
  qnn::Activation activation = isKnown ? activationOf(bounds) : qnn::Activation::None;
  if (activation != qnn::Activation::None) {
    x = qnn::ReluOp::create(node.builder, node.location, x.getType(), x, activation);
  } else {
    if (node.hasInput(1) || std::isfinite(bounds[0]))
      x = b.maximum(x, node.hasInput(1) ? operands->values[1] : b.scalar(bounds[0]));
    if (node.hasInput(2) || std::isfinite(bounds[1]))
      x = b.minimum(x, node.hasInput(2) ? operands->values.back() : b.scalar(bounds[1]));
  }
  return defineElements(node, *operands, x, node.input(0).type);
}
