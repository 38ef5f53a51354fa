// Gemm and MatMul. Where codes stand for both operands of a contraction, it is one of integers whose
// result is f32: the same real numbers, each rounded once.
#include "compiler/import/onnx/Contraction.h"

#include "compiler/import/onnx/FloatBuilder.h"
#include "compiler/support/Names.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::onnx;

Type qcc::onnx::withChannelAxis(Type format, int64_t axis) {
  if (auto type = llvm::dyn_cast_if_present<quant::UniformQuantizedPerAxisType>(format))
    return quant::UniformQuantizedPerAxisType::get(type.getFlags(), type.getStorageType(), type.getExpressedType(),
                                                   type.getScales(), type.getZeroPoints(), axis,
                                                   type.getStorageTypeMin(), type.getStorageTypeMax());
  if (auto type = llvm::dyn_cast_if_present<qnn::BinaryType>(format); type && type.getAxis() >= 0)
    return qnn::BinaryType::get(type.getContext(), axis, type.getAlpha());
  return format;
}

ContractionOperands qcc::onnx::contractionOperands(NodeImport &node, Imported &data, NodeImport::Layout layout,
                                                   const Imported &filter, const Array &weights, int64_t channelAxis) {
  Value codes = node.value(data, layout);
  bool isFloat = !filter.format || qnn::getFormat(codes).isFloat();
  // Of floats, signs are added, and take a 32nd of the memory; others are multiplied, which floats do faster.
  bool keepsCodes = !isFloat || llvm::isa_and_present<qnn::BinaryType>(filter.format);
  Type format = keepsCodes ? withChannelAxis(filter.format, channelAxis) : Type();
  bool isReady = !isFloat || qnn::getFormat(codes).isFloat();
  return {isReady ? codes : node.floats(data, layout), node.makeConstant(weights, format, filter.name), isFloat};
}

Value qcc::onnx::addBias(NodeImport &node, Value result, const Array &bias) {
  Array row = bias;
  row.shape = {bias.size()};
  Value constant = node.makeConstant(row, Type(), "bias");
  auto type = llvm::cast<RankedTensorType>(result.getType());
  return qnn::AddOp::create(node.builder, node.location, type, result, constant);
}

//===-- Dense ---------------------------------------------------------------------------===//

FailureOr<Imported> qcc::onnx::dense(NodeImport &node, Imported &data, const Imported &filter, const Array &weights,
                                     const Array *bias) {
  int64_t units = weights.shape[0], depth = weights.shape[1];
  if (data.shape.empty() || data.shape.back() != depth)
    return node.error() << "expects operands that share a dimension, but got " << showShape(data.shape) << " and "
                        << showShape(filter.shape);
  ContractionOperands operands = contractionOperands(node, data, NodeImport::Layout::AsInFile, filter, weights, 0);
  Shape shape = data.shape;
  shape.back() = units;
  Value constant;
  if (bias && operands.isFloat) {
    Array row = *bias;
    row.shape = {bias->size()};
    constant = node.makeConstant(row, Type(), filter.name + ".bias");
  }
  Value result = qnn::DenseOp::create(node.builder, node.location, node.floatType(shape), operands.data,
                                      operands.filter, constant, Value());
  if (bias && !operands.isFloat)
    result = addBias(node, result, *bias);
  return Imported{.shape = shape, .value = result};
}

/// Operands of any rank: those of one dimension become a row or a column, and dimensions in front broadcast.
static FailureOr<Imported> multiplyAny(NodeImport &node, Imported &lhs, Imported &rhs) {
  FloatBuilder b(node);
  Value x = node.floats(lhs, NodeImport::Layout::AsInFile), y = node.floats(rhs, NodeImport::Layout::AsInFile);
  Shape left = lhs.shape, right = rhs.shape;
  if (left.size() == 1)
    left.insert(left.begin(), 1);
  if (right.size() == 1)
    right.push_back(1);
  std::optional<Shape> batch;
  if (!left.empty() && !right.empty() && left.back() == right[right.size() - 2])
    batch = broadcast(ArrayRef(left).drop_back(2), ArrayRef(right).drop_back(2));
  if (!batch)
    return node.error() << "expects matrices [..., m, k] and [..., k, n], but got " << showShape(lhs.shape) << " and "
                        << showShape(rhs.shape);
  auto extended = [&](Value value, const Shape &shape) {
    Shape full = *batch;
    full.append({shape[shape.size() - 2], shape.back()});
    return b.expand(b.reshape(value, shape), full);
  };
  Value result = b.matmul(extended(x, left), extended(y, right));
  Shape shape(shapeOfValue(result));
  if (rhs.shape.size() == 1)
    shape.pop_back();
  if (lhs.shape.size() == 1)
    shape.erase(shape.end() - (rhs.shape.size() == 1 ? 1 : 2));
  return Imported{.shape = shape, .value = b.reshape(result, shape)};
}

FailureOr<Imported> qcc::onnx::multiply(NodeImport &node, Imported &lhs, Imported &rhs) {
  if (rhs.constant && rhs.shape.size() == 2)
    return dense(node, lhs, rhs, transpose(*rhs.constant, {1, 0}), nullptr);
  size_t rank = lhs.shape.size();
  if (rank < 2 || rhs.shape.size() != rank || ArrayRef(lhs.shape).drop_back(2) != ArrayRef(rhs.shape).drop_back(2) ||
      lhs.shape[rank - 1] != rhs.shape[rank - 2])
    return multiplyAny(node, lhs, rhs);
  Value a = node.value(lhs, NodeImport::Layout::AsInFile), b = node.value(rhs, NodeImport::Layout::AsInFile);
  if (qnn::getFormat(a).isFloat() || qnn::getFormat(b).isFloat()) {
    a = node.floats(lhs, NodeImport::Layout::AsInFile);
    b = node.floats(rhs, NodeImport::Layout::AsInFile);
  }
  Shape shape = lhs.shape;
  shape[rank - 1] = rhs.shape[rank - 1];
  Value result = qnn::MatmulOp::create(node.builder, node.location, node.floatType(shape), a, b);
  return Imported{.shape = shape, .value = result};
}

LogicalResult qcc::onnx::importMatMul(NodeImport &node) {
  if (failed(node.expectInputs(2, 2)))
    return failure();
  FailureOr<Imported> result = multiply(node, node.input(0), node.input(1));
  return failed(result) ? failure() : node.define(std::move(*result));
}

/// alpha * a * b + beta * c, operand by operand.
static LogicalResult importGeneralGemm(NodeImport &node) {
  FloatBuilder b(node);
  Value x = node.floats(0), y = node.floats(1);
  if (shapeOfValue(x).size() != 2 || shapeOfValue(y).size() != 2)
    return node.error() << "expects two matrices, but got " << showShape(shapeOfValue(x)) << " and "
                        << showShape(shapeOfValue(y));
  if (node.integer("transA", 0))
    x = b.transpose(x, {1, 0});
  if (node.integer("transB", 0))
    y = b.transpose(y, {1, 0});
  if (shapeOfValue(x)[1] != shapeOfValue(y)[0])
    return node.error() << "expects operands that share a dimension, but got " << showShape(node.input(0).shape)
                        << " and " << showShape(node.input(1).shape);
  Value result = b.matmul(x, y);
  if (double alpha = node.number("alpha", 1); alpha != 1)
    result = b.mul(result, alpha);
  if (!node.hasInput(2))
    return node.define(result);
  std::optional<Shape> common = broadcast(shapeOfValue(result), node.input(2).shape);
  if (!common || ArrayRef<int64_t>(*common) != shapeOfValue(result))
    return node.error() << "expects input 2 to broadcast to " << showShape(shapeOfValue(result)) << ", but got "
                        << showShape(node.input(2).shape);
  Value addend = node.floats(2);
  if (double beta = node.number("beta", 1); beta != 1)
    addend = b.mul(addend, beta);
  return node.define(b.add(result, addend));
}

LogicalResult qcc::onnx::importGemm(NodeImport &node) {
  if (failed(node.expectInputs(2, 3)))
    return failure();
  Imported &weights = node.input(1);
  bool isPlain = !node.integer("transA", 0) && node.number("alpha", 1) == 1 && node.number("beta", 1) == 1;
  if (!isPlain || !weights.constant || weights.shape.size() != 2 || node.input(0).shape.size() != 2)
    return importGeneralGemm(node);
  Array filter = node.integer("transB", 0) ? *weights.constant : transpose(*weights.constant, {1, 0});
  Array *bias = nullptr;
  if (node.hasInput(2)) {
    Imported &addend = node.input(2);
    if (!addend.constant || addend.constant->size() != filter.shape[0] ||
        (!addend.shape.empty() && addend.shape.back() != filter.shape[0]))
      return importGeneralGemm(node);
    bias = &*addend.constant;
  }
  FailureOr<Imported> result = dense(node, node.input(0), weights, filter, bias);
  return failed(result) ? failure() : node.define(std::move(*result));
}
