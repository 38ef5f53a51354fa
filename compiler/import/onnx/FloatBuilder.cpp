#include "compiler/import/onnx/FloatBuilder.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::onnx;

ArrayRef<int64_t> qcc::onnx::shapeOfValue(Value value) {
  return llvm::cast<RankedTensorType>(value.getType()).getShape();
}

RankedTensorType FloatBuilder::like(Value x, ArrayRef<int64_t> shape) const {
  return RankedTensorType::get(shape, llvm::cast<RankedTensorType>(x.getType()).getElementType());
}

RankedTensorType FloatBuilder::common(ArrayRef<Value> operands) const {
  Shape shape;
  for (Value operand : operands)
    shape = *broadcast(shape, shapeOfValue(operand));
  return node.floatType(shape);
}

//===-- Arithmetic ----------------------------------------------------------------------===//

Value FloatBuilder::constant(Shape shape, std::vector<float> numbers) {
  Array array;
  array.shape = std::move(shape);
  array.isFloat = true;
  array.floats = std::move(numbers);
  return node.makeConstant(array, Type(), "number");
}

Value FloatBuilder::scalar(double number) { return constant({}, {static_cast<float>(number)}); }

Value FloatBuilder::add(Value a, Value b) {
  return qnn::AddOp::create(node.builder, node.location, common({a, b}), a, b);
}
Value FloatBuilder::sub(Value a, Value b) {
  return qnn::SubOp::create(node.builder, node.location, common({a, b}), a, b);
}
Value FloatBuilder::mul(Value a, Value b) {
  return qnn::MulOp::create(node.builder, node.location, common({a, b}), a, b);
}
Value FloatBuilder::combine(qnn::Combination combination, Value a, Value b) {
  return qnn::CombineOp::create(node.builder, node.location, common({a, b}), a, b, combination);
}
Value FloatBuilder::select(Value condition, Value accepted, Value rejected) {
  return qnn::SelectOp::create(node.builder, node.location, common({condition, accepted, rejected}), condition,
                               accepted, rejected);
}
Value FloatBuilder::apply(qnn::Function function, Value x) {
  return qnn::ApplyOp::create(node.builder, node.location, x.getType(), x, function);
}
Value FloatBuilder::relu(Value x) { return qnn::ReluOp::create(node.builder, node.location, x.getType(), x); }
Value FloatBuilder::tanh(Value x) { return qnn::TanhOp::create(node.builder, node.location, x.getType(), x); }
Value FloatBuilder::logistic(Value x) { return qnn::LogisticOp::create(node.builder, node.location, x.getType(), x); }

Value FloatBuilder::truncate(Value x) {
  Value below = apply(qnn::Function::Ceil, x), above = apply(qnn::Function::Floor, x);
  return select(less(x, scalar(0)), below, above);
}

Value FloatBuilder::softplus(Value x) {
  Value decay = exp(negate(apply(qnn::Function::Abs, x)));
  return add(relu(x), apply(qnn::Function::Log, add(decay, 1)));
}

Value FloatBuilder::wrap(Value x, int32_t type) {
  using schema::TensorProto;
  bool isSigned = type == TensorProto::INT8 || type == TensorProto::INT16;
  double count = type == TensorProto::UINT8 || type == TensorProto::INT8     ? 256
                 : type == TensorProto::UINT16 || type == TensorProto::INT16 ? 65536
                                                                             : 0;
  if (count == 0)
    return x;
  // ((x - low) mod count) + low; the quotient by a power of two is exact.
  double low = isSigned ? -count / 2 : 0;
  Value offset = isSigned ? add(x, -low) : x;
  Value turns = apply(qnn::Function::Floor, mul(offset, 1 / count));
  return sub(x, mul(turns, count));
}

//===-- Over axes -----------------------------------------------------------------------===//

static int64_t countOver(ArrayRef<int64_t> shape, ArrayRef<int64_t> axes) {
  int64_t count = 1;
  for (int64_t axis : axes)
    count *= shape[axis];
  return count;
}

static Shape withOnes(ArrayRef<int64_t> shape, ArrayRef<int64_t> axes) {
  Shape result(shape);
  for (int64_t axis : axes)
    result[axis] = 1;
  return result;
}

Value FloatBuilder::mean(Value x, ArrayRef<int64_t> axes) {
  if (axes.empty())
    return x;
  RankedTensorType type = like(x, withOnes(shapeOfValue(x), axes));
  return qnn::MeanOp::create(node.builder, node.location, type, x, axes, /*keep_dims=*/true);
}

Value FloatBuilder::sum(Value x, ArrayRef<int64_t> axes) {
  int64_t count = countOver(shapeOfValue(x), axes);
  return count == 1 ? reshape(x, withOnes(shapeOfValue(x), axes)) : mul(mean(x, axes), static_cast<double>(count));
}

/// The kept axes first, then those that are reduced, as [kept, reduced].
static std::pair<Shape, int64_t> reducedLast(ArrayRef<int64_t> shape, ArrayRef<int64_t> axes) {
  Shape order;
  int64_t kept = 1;
  for (int64_t i = 0; i < static_cast<int64_t>(shape.size()); ++i)
    if (!llvm::is_contained(axes, i)) {
      order.push_back(i);
      kept *= shape[i];
    }
  llvm::append_range(order, axes);
  return {order, kept};
}

/// The largest of the rows of an image of one column and one channel.
Value FloatBuilder::largest(Value x, ArrayRef<int64_t> axes) {
  Shape shape(shapeOfValue(x)), result = withOnes(shape, axes);
  int64_t count = countOver(shape, axes);
  if (count == 1)
    return reshape(x, result);
  auto [order, kept] = reducedLast(shape, axes);
  Value image = reshape(transpose(x, order), {kept, count, 1, 1});
  Value pooled = qnn::MaxPool2dOp::create(node.builder, node.location, like(x, {kept, 1, 1, 1}), image,
                                          ArrayRef<int64_t>{count, 1});
  return reshape(pooled, result);
}

/// Halves are multiplied with each other until one element is left.
Value FloatBuilder::product(Value x, ArrayRef<int64_t> axes) {
  Shape shape(shapeOfValue(x)), result = withOnes(shape, axes);
  int64_t count = countOver(shape, axes);
  auto [order, kept] = reducedLast(shape, axes);
  Value rows = reshape(transpose(x, order), {kept, count});
  while (count > 1) {
    int64_t half = count / 2;
    Value next = mul(part(rows, 1, 0, half), part(rows, 1, half, half));
    rows = count % 2 ? concat({next, part(rows, 1, count - 1, 1)}, 1) : next;
    count -= half;
  }
  return reshape(rows, result);
}

Value FloatBuilder::matmul(Value a, Value b) {
  Shape shape(shapeOfValue(a));
  shape.back() = shapeOfValue(b).back();
  return qnn::MatmulOp::create(node.builder, node.location, node.floatType(shape), a, b);
}

Value FloatBuilder::softmax(Value x) { return qnn::SoftmaxOp::create(node.builder, node.location, x.getType(), x); }

//===-- Moves ---------------------------------------------------------------------------===//

Value FloatBuilder::reshape(Value x, ArrayRef<int64_t> shape) {
  return shapeOfValue(x) == shape ? x
                                  : qnn::ReshapeOp::create(node.builder, node.location, like(x, shape), x).getOutput();
}

Value FloatBuilder::transpose(Value x, ArrayRef<int64_t> permutation) {
  if (llvm::is_sorted(permutation))
    return x;
  RankedTensorType type = like(x, permuted(shapeOfValue(x), permutation));
  return qnn::TransposeOp::create(node.builder, node.location, type, x, permutation);
}

Value FloatBuilder::gather(Value x, int64_t axis, ArrayRef<int64_t> indices) {
  Shape shape(shapeOfValue(x));
  shape[axis] = static_cast<int64_t>(indices.size());
  return qnn::GatherOp::create(node.builder, node.location, like(x, shape), x, axis, indices);
}

Value FloatBuilder::slice(Value x, ArrayRef<int64_t> starts, ArrayRef<int64_t> strides, ArrayRef<int64_t> sizes) {
  if (shapeOfValue(x) == sizes)
    return x;
  return qnn::SliceOp::create(node.builder, node.location, like(x, sizes), x, starts, strides);
}

Value FloatBuilder::part(Value x, int64_t axis, int64_t start, int64_t size) {
  Shape sizes(shapeOfValue(x)), starts(sizes.size(), 0), strides(sizes.size(), 1);
  starts[axis] = start;
  sizes[axis] = size;
  return slice(x, starts, strides, sizes);
}

Value FloatBuilder::concat(ArrayRef<Value> parts, int64_t axis) {
  Shape shape(shapeOfValue(parts[0]));
  for (Value part : parts.drop_front())
    shape[axis] += shapeOfValue(part)[axis];
  return qnn::ConcatOp::create(node.builder, node.location, like(parts[0], shape), parts, axis);
}

Value FloatBuilder::pad(Value x, ArrayRef<int64_t> low, ArrayRef<int64_t> high, double value) {
  Shape shape(shapeOfValue(x));
  for (auto [size, before, behind] : llvm::zip(shape, low, high))
    size += before + behind;
  if (shapeOfValue(x) == ArrayRef<int64_t>(shape))
    return x;
  return qnn::PadOp::create(node.builder, node.location, like(x, shape), x, low, high, llvm::APFloat(value));
}

Value FloatBuilder::expand(Value x, ArrayRef<int64_t> shape) {
  Shape extended(shape.size() - shapeOfValue(x).size(), 1);
  llvm::append_range(extended, shapeOfValue(x));
  Value result = reshape(x, extended);
  for (size_t i = shape.size(); i-- > 0;)
    if (extended[i] != shape[i])
      result = gather(result, static_cast<int64_t>(i), Shape(shape[i], 0));
  return result;
}

Value FloatBuilder::pick(Value x, ArrayRef<int64_t> places, ArrayRef<int64_t> shape) {
  int64_t count = *countElements(shapeOfValue(x));
  return reshape(gather(reshape(x, {count}), 0, places), shape);
}
