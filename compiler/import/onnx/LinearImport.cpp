// Operators of codes: those of ONNX, and of onnxruntime's quantizer (domain com.microsoft). Each is the operator of
// real numbers between DequantizeLinear and QuantizeLinear.
#include "compiler/import/onnx/Contraction.h"
#include "compiler/import/onnx/FloatBuilder.h"
#include "compiler/import/onnx/Linear.h"
#include "compiler/support/Names.h"

#include <cmath>

using namespace mlir;
using namespace qcc;
using namespace qcc::onnx;
using Layout = NodeImport::Layout;
using schema::TensorProto;

/// The result of an operator of real numbers as codes, output 0.
static LogicalResult defineCodes(NodeImport &node, FailureOr<Imported> real, size_t scale, size_t zero) {
  FailureOr<Imported> codes = failed(real) ? FailureOr<Imported>(failure()) : requantize(node, *real, scale, zero);
  return failed(codes) ? failure() : node.define(std::move(*codes));
}

/// A bias of 32 bits has the scale of a product.
static FailureOr<Array> biasNumbers(NodeImport &node, size_t bias, size_t dataScale, size_t filterScale) {
  FailureOr<Array *> codes = node.constant(bias), a = node.constant(dataScale), b = node.constant(filterScale);
  if (failed(codes) || failed(a) || failed(b))
    return failure();
  if ((*a)->size() != 1 || ((*b)->size() != 1 && (*b)->size() != (*codes)->size()))
    return node.error() << "expects one scale, or one for each of " << (*codes)->size() << " channels, but got "
                        << (*b)->size();
  Array real;
  real.shape = {(*codes)->size()};
  real.isFloat = true;
  for (int64_t i = 0; i < (*codes)->size(); ++i)
    real.floats.push_back(
        static_cast<float>((*codes)->number(i) * (*a)->number(0) * (*b)->number((*b)->size() == 1 ? 0 : i)));
  return real;
}

LogicalResult qcc::onnx::importQLinearConv(NodeImport &node) {
  if (failed(node.expectInputs(8, 9)) || failed(node.constant(3)))
    return failure();
  FailureOr<Imported> data = dequantize(node, {0, 1, 2}), filter = dequantize(node, {3, 4, 5, /*axis=*/0});
  if (failed(data) || failed(filter))
    return failure();
  std::optional<Array> bias;
  if (node.hasInput(8)) {
    FailureOr<Array> numbers = biasNumbers(node, 8, 1, 4);
    if (failed(numbers))
      return failure();
    bias = std::move(*numbers);
  }
  return defineCodes(node, convolve(node, *data, *filter, bias ? &*bias : nullptr), 6, 7);
}

LogicalResult qcc::onnx::importQLinearMatMul(NodeImport &node) {
  if (failed(node.expectInputs(8, 8)))
    return failure();
  FailureOr<Imported> lhs = dequantize(node, {0, 1, 2}), rhs = dequantize(node, {3, 4, 5});
  if (failed(lhs) || failed(rhs))
    return failure();
  return defineCodes(node, multiply(node, *lhs, *rhs), 6, 7);
}

/// QGemm: a, its scale and zero point, b, scale, zero point, c, and those of the result.
LogicalResult qcc::onnx::importQGemm(NodeImport &node) {
  if (failed(node.expectInputs(6, 9)) || failed(node.constant(3)))
    return failure();
  bool isTransposed = node.integer("transB", 0) != 0;
  if (node.integer("transA", 0) || node.number("alpha", 1) != 1 || node.input(3).shape.size() != 2)
    return node.error() << "expects a matrix of weights, and neither transA nor alpha";
  FailureOr<Imported> data = dequantize(node, {0, 1, 2}), filter = dequantize(node, {3, 4, 5, isTransposed ? 0 : 1});
  if (failed(data) || failed(filter))
    return failure();
  std::optional<Array> bias;
  if (node.hasInput(6)) {
    FailureOr<Array> numbers = biasNumbers(node, 6, 1, 4);
    if (failed(numbers))
      return failure();
    bias = std::move(*numbers);
  }
  Array weights = isTransposed ? *filter->constant : transpose(*filter->constant, {1, 0});
  if (bias && bias->size() != weights.shape[0])
    return node.error() << "expects a bias of " << weights.shape[0] << " numbers, but got " << bias->size();
  FailureOr<Imported> real = dense(node, *data, *filter, weights, bias ? &*bias : nullptr);
  if (node.hasInput(7))
    return defineCodes(node, std::move(real), 7, 8);
  return failed(real) ? failure() : node.define(std::move(*real));
}

/// QLinearAdd and QLinearMul.
LogicalResult qcc::onnx::importQLinearBinary(NodeImport &node) {
  if (failed(node.expectInputs(7, 8)))
    return failure();
  FailureOr<Imported> lhs = dequantize(node, {0, 1, 2}), rhs = dequantize(node, {3, 4, 5});
  if (failed(lhs) || failed(rhs))
    return failure();
  std::optional<Shape> shape = broadcast(lhs->shape, rhs->shape);
  if (!shape)
    return node.error() << "expects shapes that broadcast, but got " << showShape(lhs->shape) << " and "
                        << showShape(rhs->shape);
  FloatBuilder b(node);
  bool channelsLast = lhs->shape == rhs->shape && lhs->shape.size() == 4 && lhs->channelsLast && rhs->channelsLast;
  Layout layout = channelsLast ? Layout::ChannelsLast : Layout::AsInFile;
  Value x = node.floats(*lhs, layout), y = node.floats(*rhs, layout);
  Value result = node.kind() == "QLinearAdd" ? b.add(x, y) : b.mul(x, y);
  return defineCodes(node, Imported{.shape = *shape, .value = result, .channelsLast = channelsLast}, 6, 7);
}

/// QLinearSigmoid and QLinearLeakyRelu.
LogicalResult qcc::onnx::importQLinearFunction(NodeImport &node) {
  if (failed(node.expectInputs(4, 5)))
    return failure();
  FailureOr<Imported> data = dequantize(node, {0, 1, 2});
  if (failed(data))
    return failure();
  FloatBuilder b(node);
  Value x = node.floats(*data, data->channelsLast ? Layout::ChannelsLast : Layout::AsInFile);
  if (node.kind() == "QLinearSigmoid")
    x = b.logistic(x);
  else
    x = b.select(b.less(x, b.scalar(0)), b.mul(x, node.number("alpha", 0.01F)), x);
  return defineCodes(node, Imported{.shape = data->shape, .value = x, .channelsLast = data->channelsLast}, 3, 4);
}

LogicalResult qcc::onnx::importQLinearGlobalAveragePool(NodeImport &node) {
  if (failed(node.expectInputs(4, 5)))
    return failure();
  FailureOr<Imported> data = dequantize(node, {0, 1, 2});
  if (failed(data))
    return failure();
  if (data->shape.size() != 4 || node.integer("channels_last", 0))
    return node.error() << "expects an image [n, c, h, w], but got " << showShape(data->shape);
  Value mean = FloatBuilder(node).mean(node.floats(*data, Layout::ChannelsLast), {1, 2});
  Shape shape{data->shape[0], data->shape[1], 1, 1};
  return defineCodes(node, Imported{.shape = shape, .value = mean, .channelsLast = true}, 3, 4);
}

/// Integers of codes less their zero point, whose products are summed.
static FailureOr<Imported> centred(NodeImport &node, size_t data, size_t zero) {
  Imported &codes = node.input(data);
  if (!codes.isInteger())
    return node.error() << "expects integers as input " << data << ", but got " << nameOfType(codes.type);
  Imported result = codes;
  result.type = TensorProto::FLOAT;
  if (result.constant && !result.constant->isFloat) {
    Array &array = *result.constant;
    array.floats.assign(array.integers.begin(), array.integers.end());
    array.integers.clear();
    array.isFloat = true;
  }
  result.format = {};
  if (!node.hasInput(zero))
    return result;
  Imported &point = node.input(zero);
  FloatBuilder b(node);
  int64_t count = *countElements(point.shape);
  // Weights have one for all, for each filter [o, ...], or for each column [..., n].
  bool isFilter = node.kind() == "ConvInteger" && data == 1;
  int64_t channels = codes.shape.empty() ? 1 : isFilter ? codes.shape.front() : codes.shape.back();
  if (result.constant && point.constant && (count == 1 || (data == 1 && count == channels))) {
    int64_t size = result.constant->size(), inner = isFilter && channels ? size / channels : 1;
    for (int64_t i = 0; i < size; ++i)
      result.constant->floats[i] -= static_cast<float>(point.constant->number(count == 1 ? 0 : i / inner % channels));
    return result;
  }
  // One for each row of the first operand, and each column of the second.
  Shape shape = point.shape;
  if (count == 1)
    shape.clear();
  else if (shape.size() == 1 && data == 0)
    shape.push_back(1);
  if (broadcast(shape, codes.shape) != std::optional(codes.shape))
    return node.error() << "expects a zero point that broadcasts to " << showShape(codes.shape) << ", but got "
                        << showShape(point.shape);
  Value x = b.sub(node.floats(codes, Layout::AsInFile), b.reshape(node.floats(point, Layout::AsInFile), shape));
  return Imported{.shape = codes.shape, .value = x};
}

/// Sums of products of integers, which f32 holds exactly up to 2^24.
LogicalResult qcc::onnx::importIntegerProduct(NodeImport &node) {
  if (failed(node.expectInputs(2, 4)))
    return failure();
  FailureOr<Imported> lhs = centred(node, 0, 2), rhs = centred(node, 1, 3);
  if (failed(lhs) || failed(rhs))
    return failure();
  if (node.kind() == "ConvInteger" && !rhs->constant)
    return node.error() << "expects constant weights";
  FailureOr<Imported> result =
      node.kind() == "ConvInteger" ? convolve(node, *lhs, *rhs, nullptr) : multiply(node, *lhs, *rhs);
  if (failed(result))
    return failure();
  result->type = TensorProto::INT32;
  return node.define(std::move(*result));
}

/// Codes whose scale follows from the data: scale = (max - min) / 255, with 0 between them.
LogicalResult qcc::onnx::importDynamicQuantizeLinear(NodeImport &node) {
  if (failed(node.expectInputs(1, 1)))
    return failure();
  Imported &data = node.input(0);
  if (*countElements(data.shape) == 0)
    return node.error() << "expects elements, but got " << showShape(data.shape);
  FloatBuilder b(node);
  Value x = node.floats(0), none = b.scalar(0);
  Shape axes = llvm::to_vector(llvm::seq<int64_t>(0, data.shape.size()));
  Value high = b.maximum(b.reshape(b.largest(x, axes), {}), none);
  Value low = b.minimum(b.reshape(b.negate(b.largest(b.negate(x), axes)), {}), none);
  Value scale = b.mul(b.sub(high, low), 1.0 / 255);
  auto toCode = [&](Value y) { return b.minimum(b.maximum(b.apply(qnn::Function::Round, y), none), b.scalar(255)); };
  // Nothing but zeros has any scale.
  Value divisor = b.select(b.equal(scale, none), b.scalar(1), scale);
  Value zero = toCode(b.div(b.negate(low), divisor));
  Value codes = toCode(b.add(b.apply(qnn::Function::Round, b.div(x, divisor)), zero));
  if (failed(node.define(1, Imported{.value = scale})) ||
      failed(node.define(2, Imported{.type = TensorProto::UINT8, .value = zero})))
    return failure();
  return node.define(Imported{.shape = data.shape, .type = TensorProto::UINT8, .value = codes});
}
