// Elementwise operators, operators along an axis, changes of format.
#include "compiler/import/tflite/Importer.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::tflite;

static bool isFloat(Value value) { return qnn::getFormat(value).isFloat(); }

LogicalResult qcc::tflite::importBinary(OperatorImport &op) {
  if (failed(op.expectOperands(2, 2)))
    return failure();
  auto fused = schema::ActivationFunctionType::NONE;
  if (const auto *add = op.optionsIfAny<schema::AddOptions>())
    fused = add->fused_activation_function();
  else if (const auto *sub = op.optionsIfAny<schema::SubOptions>())
    fused = sub->fused_activation_function();
  else if (const auto *mul = op.optionsIfAny<schema::MulOptions>())
    fused = mul->fused_activation_function();
  FailureOr<qnn::Activation> activation = op.activation(fused);
  Value lhs = op.input(0), rhs = lhs ? op.input(1) : Value();
  RankedTensorType type = rhs ? op.resultType() : RankedTensorType();
  if (failed(activation) || !type)
    return failure();
  auto create = [&]<typename Op>(Op, RoundedOperator kind) {
    op.define(0, Op::create(op.builder, op.location, type, lhs, rhs, *activation, op.rescale(kind)));
  };
  if (op.code() == schema::BuiltinOperator::ADD)
    create(qnn::AddOp(), RoundedOperator::AddSub);
  else if (op.code() == schema::BuiltinOperator::SUB)
    create(qnn::SubOp(), RoundedOperator::AddSub);
  else
    create(qnn::MulOp(), RoundedOperator::Mul);
  return success();
}

namespace {
/// Input and result of an operator with one of each.
struct Unary {
  Value input;
  RankedTensorType type;
};
} // namespace

static FailureOr<Unary> readUnary(OperatorImport &op, size_t inputs = 1) {
  if (failed(op.expectOperands(inputs, inputs)))
    return failure();
  Value input = op.input(0);
  RankedTensorType type = input ? op.resultType() : RankedTensorType();
  if (!type)
    return failure();
  return Unary{input, type};
}

LogicalResult qcc::tflite::importRelu(OperatorImport &op) {
  FailureOr<Unary> unary = readUnary(op);
  if (failed(unary))
    return failure();
  auto activation = op.code() == schema::BuiltinOperator::RELU    ? qnn::Activation::Relu
                    : op.code() == schema::BuiltinOperator::RELU6 ? qnn::Activation::Relu6
                                                                  : qnn::Activation::ReluN1To1;
  op.define(0, qnn::ReluOp::create(op.builder, op.location, unary->type, unary->input, activation,
                                   op.rescale(RoundedOperator::Relu)));
  return success();
}

LogicalResult qcc::tflite::importLeakyRelu(OperatorImport &op) {
  const auto *options = op.options<schema::LeakyReluOptions>("LeakyReluOptions");
  FailureOr<Unary> unary = failure();
  if (!options || failed(unary = readUnary(op)))
    return failure();
  op.define(0,
            qnn::LeakyReluOp::create(op.builder, op.location, unary->type, unary->input,
                                     op.builder.getF64FloatAttr(options->alpha()), op.rescale(RoundedOperator::Relu)));
  return success();
}

LogicalResult qcc::tflite::importUnary(OperatorImport &op) {
  FailureOr<Unary> unary = readUnary(op);
  if (failed(unary))
    return failure();
  auto create = [&]<typename Op>(Op) { op.define(0, Op::create(op.builder, op.location, unary->type, unary->input)); };
  switch (op.code()) {
  case schema::BuiltinOperator::LOGISTIC:
    create(qnn::LogisticOp());
    break;
  case schema::BuiltinOperator::TANH:
    create(qnn::TanhOp());
    break;
  default:
    create(qnn::LogSoftmaxOp());
  }
  return success();
}

LogicalResult qcc::tflite::importSoftmax(OperatorImport &op) {
  const auto *options = op.options<schema::SoftmaxOptions>("SoftmaxOptions");
  FailureOr<Unary> unary = failure();
  if (!options || failed(unary = readUnary(op)))
    return failure();
  op.define(0, qnn::SoftmaxOp::create(op.builder, op.location, unary->type, unary->input,
                                      op.builder.getF64FloatAttr(options->beta())));
  return success();
}

LogicalResult qcc::tflite::importMean(OperatorImport &op) {
  FailureOr<Unary> unary = readUnary(op, 2);
  if (failed(unary))
    return failure();
  FailureOr<SmallVector<int64_t>> given = op.indices(1, "axes");
  if (failed(given))
    return failure();
  SmallVector<int64_t> axes;
  for (int64_t value : *given) {
    FailureOr<int64_t> axis = op.axis(value, llvm::cast<RankedTensorType>(unary->input.getType()).getRank());
    if (failed(axis))
      return failure();
    axes.push_back(*axis);
  }
  llvm::sort(axes);
  axes.erase(llvm::unique(axes), axes.end());
  const auto *options = op.optionsIfAny<schema::ReducerOptions>();
  op.define(0, qnn::MeanOp::create(op.builder, op.location, unary->type, unary->input, axes,
                                   options && options->keep_dims(), op.rescale(RoundedOperator::Mean)));
  return success();
}

LogicalResult qcc::tflite::importArgmax(OperatorImport &op) {
  if (failed(op.expectOperands(2, 2)))
    return failure();
  if (op.outputTensor().type != schema::TensorType::INT32)
    return op.error() << "expects a result of INT32, but '" << op.outputTensor().name << "' has "
                      << nameOf(op.outputTensor().type);
  FailureOr<Unary> unary = readUnary(op, 2);
  FailureOr<SmallVector<int64_t>> given = failure();
  if (failed(unary) || failed(given = op.indices(1, "the axis")))
    return failure();
  if (given->size() != 1)
    return op.error() << "expects 1 axis, but got " << given->size();
  FailureOr<int64_t> axis = op.axis(given->front(), llvm::cast<RankedTensorType>(unary->input.getType()).getRank());
  if (failed(axis))
    return failure();
  op.define(0, qnn::ArgmaxOp::create(op.builder, op.location, unary->type, unary->input, *axis));
  return success();
}

LogicalResult qcc::tflite::importQuantize(OperatorImport &op) {
  FailureOr<Unary> unary = readUnary(op);
  if (failed(unary))
    return failure();
  if (isFloat(unary->input))
    op.define(0, qnn::QuantizeOp::create(op.builder, op.location, unary->type, unary->input));
  else
    op.define(0, qnn::RequantizeOp::create(op.builder, op.location, unary->type, unary->input,
                                           op.rescale(RoundedOperator::Requantize)));
  return success();
}

LogicalResult qcc::tflite::importDequantize(OperatorImport &op) {
  FailureOr<Unary> unary = readUnary(op);
  if (failed(unary))
    return failure();
  op.define(0, qnn::DequantizeOp::create(op.builder, op.location, unary->type, unary->input));
  return success();
}
