// Elementwise operators, BatchNormalization and Softmax. Constants are computed with; everything else is f32.
#include "compiler/import/onnx/Importer.h"

#include "compiler/support/Names.h"

#include <cmath>

using namespace mlir;
using namespace qcc;
using namespace qcc::onnx;

using Layout = NodeImport::Layout;

/// The layout in which an operator leaves elements where they are.
static Layout layoutOf(const Imported &imported) {
  return imported.channelsLast ? Layout::ChannelsLast : Layout::AsInFile;
}

//===-- Two operands --------------------------------------------------------------------===//

static double apply(StringRef kind, double a, double b) {
  return llvm::StringSwitch<double>(kind)
      .Case("Add", a + b)
      .Case("Sub", a - b)
      .Case("Mul", a * b)
      .Case("Div", a / b)
      .Default(std::pow(a, b));
}

static LogicalResult foldBinary(NodeImport &node, const Array &a, const Array &b, Shape shape) {
  if (a.isFloat != b.isFloat && node.kind() != "Pow")
    return node.error() << "expects operands of one type";
  bool truncates = !a.isFloat && node.kind() == "Div";
  std::optional<Array> result = combine(a, b, std::move(shape), [&](double x, double y) {
    double number = apply(node.kind(), x, y);
    return truncates ? std::trunc(number) : number;
  });
  if (!result)
    return node.error() << "has a result that is no integer";
  return node.defineConstant(std::move(*result));
}

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

/// x / c as x * (1 / c), and x^2 as x * x.
static FailureOr<std::pair<Imported, Imported>> asProduct(NodeImport &node, Imported a, Imported b) {
  if (!b.constant)
    return node.error() << "expects a constant as input 1";
  if (node.kind() == "Pow") {
    if (b.constant->size() != 1 || b.constant->number(0) != 2)
      return node.error() << "expects the exponent 2 where the base is no constant";
    b = a;
  }
  if (node.kind() == "Div")
    for (float &number : b.constant->floats)
      number = static_cast<float>(1.0 / number);
  return std::pair(std::move(a), std::move(b));
}

LogicalResult qcc::onnx::importBinary(NodeImport &node) {
  if (failed(node.expectInputs(2, 2)))
    return failure();
  Imported a = node.input(0), b = node.input(1);
  std::optional<Shape> shape = broadcast(a.shape, b.shape);
  if (!shape || !countElements(*shape))
    return node.error() << "expects shapes that broadcast, but got " << showShape(a.shape) << " and "
                        << showShape(b.shape);
  if (a.constant && b.constant)
    return foldBinary(node, *a.constant, *b.constant, *shape);
  for (const Imported &operand : {a, b})
    if (operand.constant && !operand.constant->isFloat)
      return node.error() << "expects floats, but '" << printableName(operand.name) << "' has integers";
  bool isProduct = node.kind() != "Add" && node.kind() != "Sub";
  if (isProduct && node.kind() != "Mul") {
    auto product = asProduct(node, a, b);
    if (failed(product))
      return failure();
    std::tie(a, b) = std::move(*product);
  }
  bool channelsLast = shape->size() == 4 && (a.channelsLast || b.channelsLast);
  Value lhs = operand(node, a, channelsLast), rhs = operand(node, b, channelsLast);
  RankedTensorType type = node.floatType(channelsLast ? permuted(*shape, toChannelsLast) : *shape);
  Value result;
  if (isProduct)
    result = qnn::MulOp::create(node.builder, node.location, type, lhs, rhs);
  else if (node.kind() == "Add")
    result = qnn::AddOp::create(node.builder, node.location, type, lhs, rhs);
  else
    result = qnn::SubOp::create(node.builder, node.location, type, lhs, rhs);
  return node.define(result, *shape, channelsLast);
}

//===-- One operand ---------------------------------------------------------------------===//

LogicalResult qcc::onnx::importActivation(NodeImport &node) {
  if (failed(node.expectInputs(1, 1)))
    return failure();
  Imported &data = node.input(0);
  Value input = node.floats(data, layoutOf(data)), result;
  auto type = llvm::cast<RankedTensorType>(input.getType());
  StringRef kind = node.kind();
  if (kind == "Relu") {
    result = qnn::ReluOp::create(node.builder, node.location, type, input);
  } else if (kind == "Sigmoid") {
    result = qnn::LogisticOp::create(node.builder, node.location, type, input);
  } else if (kind == "Tanh") {
    result = qnn::TanhOp::create(node.builder, node.location, type, input);
  } else {
    double alpha = node.number("alpha", 0.01F);
    if (!(alpha >= 0) || std::isinf(alpha))
      return node.error() << "expects an alpha that is not negative, but got " << alpha;
    result = qnn::LeakyReluOp::create(node.builder, node.location, type, input, node.builder.getF64FloatAttr(alpha));
  }
  return node.define(result, data.shape, data.channelsLast);
}

/// Bounds are attributes up to version 6, and constants from 11 on.
LogicalResult qcc::onnx::importClip(NodeImport &node) {
  if (failed(node.expectInputs(1, 3)))
    return failure();
  double bounds[] = {node.number("min", -HUGE_VAL), node.number("max", HUGE_VAL)};
  for (size_t i = 0; i < 2; ++i)
    if (node.hasInput(i + 1)) {
      FailureOr<double> bound = node.scalar(i + 1);
      if (failed(bound))
        return failure();
      bounds[i] = *bound;
    }
  qnn::Activation activation = qnn::Activation::None;
  if (bounds[0] == 0 && bounds[1] == 6)
    activation = qnn::Activation::Relu6;
  else if (bounds[0] == -1 && bounds[1] == 1)
    activation = qnn::Activation::ReluN1To1;
  else if (bounds[0] == 0 && std::isinf(bounds[1]))
    activation = qnn::Activation::Relu;
  else
    return node.error() << "expects bounds 0 and 6, -1 and 1, or 0 and none, but got " << bounds[0] << " and "
                        << bounds[1];
  Imported &data = node.input(0);
  Value input = node.floats(data, layoutOf(data));
  return node.define(qnn::ReluOp::create(node.builder, node.location, input.getType(), input, activation), data.shape,
                     data.channelsLast);
}

//===-- Along an axis -------------------------------------------------------------------===//

LogicalResult qcc::onnx::importBatchNormalization(NodeImport &node) {
  if (failed(node.expectInputs(5, 5)))
    return failure();
  Imported &data = node.input(0);
  size_t rank = data.shape.size();
  if (rank != 2 && rank != 4)
    return node.error() << "expects [n, c] or [n, c, h, w], but got " << showShape(data.shape);
  SmallVector<Value> parameters;
  for (size_t i = 1; i < 5; ++i) {
    FailureOr<Array *> array = node.constant(i);
    if (failed(array))
      return failure();
    if ((*array)->shape != Shape{data.shape[1]} || !(*array)->isFloat)
      return node.error() << "expects " << data.shape[1] << " floats as input " << i << ", but got "
                          << showShape((*array)->shape);
    parameters.push_back(node.floats(i));
  }
  bool channelsLast = rank == 4;
  Value input = node.floats(data, channelsLast ? Layout::ChannelsLast : Layout::AsInFile);
  double epsilon = node.number("epsilon", 1e-5F);
  if (!(epsilon >= 0) || std::isinf(epsilon))
    return node.error() << "expects an epsilon that is not negative, but got " << epsilon;
  Value result = qnn::BatchNormOp::create(node.builder, node.location, input.getType(), input, parameters[0],
                                          parameters[1], parameters[2], parameters[3], llvm::APFloat(epsilon));
  return node.define(result, data.shape, channelsLast);
}

/// Before version 13, all axes from `axis` on are one.
LogicalResult qcc::onnx::importSoftmax(NodeImport &node) {
  if (failed(node.expectInputs(1, 1)))
    return failure();
  Imported &data = node.input(0);
  int64_t rank = data.shape.size();
  bool isFlat = node.operatorSet() < 13;
  FailureOr<int64_t> axis = node.axis(node.integer("axis", isFlat ? 1 : -1), rank);
  if (failed(axis))
    return failure();
  if (*axis != rank - 1 &&
      (!isFlat || llvm::any_of(ArrayRef(data.shape).drop_front(*axis + 1), [](int64_t size) { return size != 1; })))
    return node.error() << "expects the last axis, but got " << *axis;
  Value input = node.floats(0);
  // Trailing ones are no row of their own.
  Shape rows(data.shape.begin(), data.shape.begin() + *axis + 1);
  if (*axis != rank - 1)
    input = qnn::ReshapeOp::create(node.builder, node.location, node.floatType(rows), input);
  Value result;
  if (node.kind() == "Softmax")
    result = qnn::SoftmaxOp::create(node.builder, node.location, input.getType(), input);
  else
    result = qnn::LogSoftmaxOp::create(node.builder, node.location, input.getType(), input);
  if (*axis != rank - 1)
    result = qnn::ReshapeOp::create(node.builder, node.location, node.floatType(data.shape), result);
  return node.define(result, data.shape);
}
