// Arithmetic on elements, activations, rows, changes of format.
#include "compiler/frontend/OpCall.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::frontend;

/// A tensor, or an f32 constant for a number.
static mlir::Value operand(OpCall &call, StringRef parameter) {
  if (mlir::Value tensor = call.optionalTensor(parameter))
    return tensor;
  return call.model.makeScalar(call.location(), call.number(parameter));
}

/// The shape that operands have in common.
static FailureOr<SmallVector<int64_t>> broadcastOf(OpCall &call, mlir::ValueRange operands) {
  SmallVector<int64_t> shape;
  for (mlir::Value value : operands) {
    auto both = qnn::broadcastShapes(shape, shapeOf(value));
    if (failed(both))
      return call.error() << "cannot broadcast " << showShape(shape) << " with " << showShape(shapeOf(value));
    shape = std::move(*both);
  }
  return shape;
}

/// Operands `a` and `b`, of which one at least is a tensor.
static FailureOr<std::pair<mlir::Value, mlir::Value>> twoOperands(OpCall &call) {
  if (!call.optionalTensor("a") && !call.optionalTensor("b"))
    return call.error() << "expects at least one tensor, but got " << call.get("a").describe() << " and "
                        << call.get("b").describe();
  return std::pair(operand(call, "a"), operand(call, "b"));
}

template <typename Op> static FailureOr<Datum> buildBinary(OpCall &call) {
  auto operands = twoOperands(call);
  if (failed(operands))
    return failure();
  auto [lhs, rhs] = *operands;
  auto shape = broadcastOf(call, {lhs, rhs});
  if (failed(shape))
    return failure();
  // Plain integers give plain integers; quantized ones need the result's scale.
  Type plain = elementOf(lhs).isSignlessInteger(32) ? elementOf(lhs) : Type();
  FailureOr<Type> element = call.resultFormat(call.optionalTensor("a") ? lhs : rhs, plain);
  if (failed(element))
    return failure();
  auto type = call.tensorType(*shape, *element);
  if (failed(type))
    return failure();
  return call.finish(
      Op::create(call.model.builder, call.location(), *type, lhs, rhs, call.activation(), call.rescale()));
}

FailureOr<Datum> qcc::frontend::buildAdd(OpCall &call) { return buildBinary<qnn::AddOp>(call); }
FailureOr<Datum> qcc::frontend::buildSub(OpCall &call) { return buildBinary<qnn::SubOp>(call); }
FailureOr<Datum> qcc::frontend::buildMul(OpCall &call) { return buildBinary<qnn::MulOp>(call); }

/// The type of a result of the input's shape.
static FailureOr<Type> sameShape(OpCall &call, mlir::Value x, Type otherwise = {}) {
  FailureOr<Type> element = call.resultFormat(x, otherwise);
  if (failed(element))
    return failure();
  return Type(RankedTensorType::get(shapeOf(x), *element));
}

/// relu, relu6 and relu_n1_to_1 differ in the default of `activation`.
FailureOr<Datum> qcc::frontend::buildRelu(OpCall &call) {
  mlir::Value x = call.tensor("x");
  FailureOr<Type> type = sameShape(call, x, elementOf(x));
  if (failed(type))
    return failure();
  return call.finish(
      qnn::ReluOp::create(call.model.builder, call.location(), *type, x, call.activation(), call.rescale()));
}

FailureOr<Datum> qcc::frontend::buildLeakyRelu(OpCall &call) {
  mlir::Value x = call.tensor("x");
  FailureOr<Type> type = sameShape(call, x, elementOf(x));
  if (failed(type))
    return failure();
  return call.finish(qnn::LeakyReluOp::create(call.model.builder, call.location(), *type, x,
                                              llvm::APFloat(call.number("alpha")), call.rescale()));
}

FailureOr<Datum> qcc::frontend::buildSigmoid(OpCall &call) {
  mlir::Value x = call.tensor("x");
  FailureOr<Type> type = sameShape(call, x);
  if (failed(type))
    return failure();
  return call.finish(qnn::LogisticOp::create(call.model.builder, call.location(), *type, x));
}

FailureOr<Datum> qcc::frontend::buildTanh(OpCall &call) {
  mlir::Value x = call.tensor("x");
  FailureOr<Type> type = sameShape(call, x);
  if (failed(type))
    return failure();
  return call.finish(qnn::TanhOp::create(call.model.builder, call.location(), *type, x));
}

//===-- Functions of floats -----------------------------------------------------------------===//

static LogicalResult expectFloat(OpCall &call, mlir::Value x) {
  if (!elementOf(x).isF32())
    return call.error() << "expects f32, but got " << showType(x.getType()) << "; dequantize gives real numbers";
  return success();
}

/// The operator's name is that of the function.
FailureOr<Datum> qcc::frontend::buildApply(OpCall &call) {
  mlir::Value x = call.tensor("x");
  if (failed(expectFloat(call, x)))
    return failure();
  return call.finish(qnn::ApplyOp::create(call.model.builder, call.location(), x.getType(), x,
                                          *qnn::symbolizeFunction(call.info.name)));
}

/// The type of what broadcasts from f32 tensors.
static FailureOr<RankedTensorType> broadcastType(OpCall &call, mlir::ValueRange operands) {
  for (mlir::Value value : operands)
    if (failed(expectFloat(call, value)))
      return failure();
  auto shape = broadcastOf(call, operands);
  if (failed(shape))
    return failure();
  return call.tensorType(*shape, call.model.builder.getF32Type());
}

/// The operator's name is that of the combination.
FailureOr<Datum> qcc::frontend::buildCombine(OpCall &call) {
  auto operands = twoOperands(call);
  if (failed(operands))
    return failure();
  auto [lhs, rhs] = *operands;
  auto type = broadcastType(call, {lhs, rhs});
  if (failed(type))
    return failure();
  return call.finish(qnn::CombineOp::create(call.model.builder, call.location(), *type, lhs, rhs,
                                            *qnn::symbolizeCombination(call.info.name)));
}

FailureOr<Datum> qcc::frontend::buildSelect(OpCall &call) {
  mlir::Value condition = call.tensor("condition"), accepted = call.tensor("accepted"),
              rejected = call.tensor("rejected");
  auto type = broadcastType(call, {condition, accepted, rejected});
  if (failed(type))
    return failure();
  return call.finish(qnn::SelectOp::create(call.model.builder, call.location(), *type, condition, accepted, rejected));
}

//===-- Rows and formats --------------------------------------------------------------------===//

/// The one format that an integer softmax can give: 1/256, zero point at the smallest code.
static Type softmaxFormat(mlir::Value x) {
  qnn::NumberFormat format = qnn::getFormat(x);
  if (format.isFloat() || format.getBits() != 8)
    return {};
  auto [low, high] = std::pair<int64_t, int64_t>(format.isSignedCode() ? -128 : 0, format.isSignedCode() ? 127 : 255);
  MLIRContext *context = x.getContext();
  return quant::UniformQuantizedType::get(format.isSignedCode() ? quant::QuantizationFlags::Signed : 0,
                                          IntegerType::get(context, 8), Float32Type::get(context), 1.0 / 256, low, low,
                                          high);
}

FailureOr<Datum> qcc::frontend::buildSoftmax(OpCall &call) {
  mlir::Value x = call.tensor("x");
  FailureOr<Type> type = sameShape(call, x, softmaxFormat(x));
  if (failed(type))
    return failure();
  return call.finish(
      qnn::SoftmaxOp::create(call.model.builder, call.location(), *type, x, llvm::APFloat(call.number("beta"))));
}

FailureOr<Datum> qcc::frontend::buildLogSoftmax(OpCall &call) {
  mlir::Value x = call.tensor("x");
  return call.finish(qnn::LogSoftmaxOp::create(call.model.builder, call.location(), x.getType(), x));
}

FailureOr<Datum> qcc::frontend::buildArgmax(OpCall &call) {
  mlir::Value x = call.tensor("x");
  SmallVector<int64_t> shape(shapeOf(x));
  FailureOr<int64_t> axis = call.axis("axis", shape.size());
  if (failed(axis))
    return failure();
  shape.erase(shape.begin() + *axis);
  auto type = RankedTensorType::get(shape, call.model.builder.getI32Type());
  return call.finish(qnn::ArgmaxOp::create(call.model.builder, call.location(), type, x, *axis));
}

static FailureOr<Datum> quantizeTo(OpCall &call, bool tiesToEven) {
  mlir::Value x = call.tensor("x");
  FailureOr<Type> element = call.formatType("to");
  if (failed(element))
    return failure();
  if (!elementOf(x).isF32())
    return call.errorAt("x") << "expects f32, but got " << showType(x.getType())
                             << "; requantize changes one integer format to another";
  auto type = RankedTensorType::get(shapeOf(x), *element);
  return call.finish(qnn::QuantizeOp::create(call.model.builder, call.location(), type, x, tiesToEven));
}

FailureOr<Datum> qcc::frontend::buildQuantize(OpCall &call) { return quantizeTo(call, call.flag("ties_to_even")); }

FailureOr<Datum> qcc::frontend::buildSign(OpCall &call) {
  const FormatSpec &to = *call.format("to");
  if (to.kind != FormatSpec::Binary)
    return call.errorAt("to") << "expects a binary format, but got " << to.describe();
  return quantizeTo(call, /*tiesToEven=*/false);
}

/// Thresholds are numbers, and do not decrease along a row.
static LogicalResult expectRising(OpCall &call, qnn::ConstantOp thresholds) {
  int64_t count = std::max<int64_t>(1, shapeOf(thresholds.getOutput()).back());
  bool isFloat = qnn::getFormat(thresholds.getOutput()).isFloat();
  double before = 0;
  for (auto [i, code] : llvm::enumerate(thresholds.getCodes())) {
    double number = isFloat ? llvm::bit_cast<float>(static_cast<uint32_t>(code)) : static_cast<double>(code);
    int64_t row = static_cast<int64_t>(i) / count, element = static_cast<int64_t>(i) % count;
    if (std::isnan(number))
      return call.error() << "expects numbers as thresholds, but row " << row << " has nan at element " << element;
    if (element > 0 && number < before)
      return call.error() << "expects thresholds that do not decrease along a row, but row " << row << " has "
                          << showNumber(before) << " and then " << showNumber(number) << " at element " << element;
    before = number;
  }
  return success();
}

FailureOr<Datum> qcc::frontend::buildThreshold(OpCall &call) {
  mlir::Value x = call.tensor("x");
  FailureOr<Type> element = call.formatType("to");
  if (failed(element))
    return failure();
  FailureOr<mlir::Value> thresholds =
      call.has("thresholds") ? call.tensor("thresholds") : call.layerTensor("thresholds", {-1, -1});
  if (failed(thresholds))
    return failure();
  if (auto constant = thresholds->getDefiningOp<qnn::ConstantOp>(); constant && failed(expectRising(call, constant)))
    return failure();
  auto type = RankedTensorType::get(shapeOf(x), *element);
  return call.finish(qnn::ThresholdOp::create(call.model.builder, call.location(), type, x, *thresholds));
}

FailureOr<Datum> qcc::frontend::buildDequantize(OpCall &call) {
  mlir::Value x = call.tensor("x");
  auto type = RankedTensorType::get(shapeOf(x), call.model.builder.getF32Type());
  return call.finish(qnn::DequantizeOp::create(call.model.builder, call.location(), type, x));
}

FailureOr<Datum> qcc::frontend::buildRequantize(OpCall &call) {
  mlir::Value x = call.tensor("x");
  FailureOr<Type> element = call.formatType("to");
  if (failed(element))
    return failure();
  auto type = RankedTensorType::get(shapeOf(x), *element);
  return call.finish(qnn::RequantizeOp::create(call.model.builder, call.location(), type, x, call.rescale()));
}
