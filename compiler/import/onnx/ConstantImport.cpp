// Operators whose results follow from shapes and constants.
#include "compiler/import/onnx/FloatBuilder.h"

#include "compiler/support/Names.h"

#include <cmath>

using namespace mlir;
using namespace qcc;
using namespace qcc::onnx;
using schema::TensorProto;

/// An array of that element type, still without elements.
static Array arrayOf(Shape shape, int32_t type) {
  Array array;
  array.shape = std::move(shape);
  array.type = type;
  array.isFloat = type == TensorProto::FLOAT || type == TensorProto::DOUBLE;
  return array;
}

static void append(Array &array, double number) {
  if (array.isFloat)
    array.floats.push_back(static_cast<float>(number));
  else
    array.integers.push_back(static_cast<int64_t>(number));
}

/// A small file must not ask for large arrays.
static LogicalResult expectCount(NodeImport &node, ArrayRef<int64_t> shape) {
  constexpr int64_t most = 1 << 24;
  std::optional<int64_t> count = countElements(shape);
  if (!count || *count > most)
    return node.error() << "expects at most 2^24 elements, but got " << showShape(shape);
  return success();
}

LogicalResult qcc::onnx::importConstantOfShape(NodeImport &node) {
  if (failed(node.expectInputs(1, 1)))
    return failure();
  FailureOr<Shape> shape = node.indices(0);
  if (failed(shape) || failed(expectCount(node, *shape)))
    return failure();
  Array value = arrayOf({1}, TensorProto::FLOAT);
  append(value, 0);
  if (const schema::AttributeProto *found = node.attribute("value")) {
    FailureOr<Array> array = readTensor(found->t(), node.location, node.folder());
    if (failed(array))
      return failure();
    value = std::move(*array);
  }
  if (value.size() != 1)
    return node.error() << "expects a value of one element, but got " << value.size();
  Array result = value.gather(*shape, [](int64_t) { return 0; });
  result.type = value.type;
  return node.defineConstant(std::move(result));
}

LogicalResult qcc::onnx::importSize(NodeImport &node) {
  if (failed(node.expectInputs(1, 1)))
    return failure();
  Array result = arrayOf({}, TensorProto::INT64);
  append(result, static_cast<double>(*countElements(node.input(0).shape)));
  return node.defineConstant(std::move(result));
}

LogicalResult qcc::onnx::importRange(NodeImport &node) {
  if (failed(node.expectInputs(3, 3)))
    return failure();
  FailureOr<double> start = node.scalar(0), limit = node.scalar(1), step = node.scalar(2);
  if (failed(start) || failed(limit) || failed(step))
    return failure();
  double count = std::ceil((*limit - *start) / *step);
  constexpr double most = 1 << 24;
  if (!(count <= most))
    return node.error() << "expects at most 2^24 elements, but got those from " << *start << " to " << *limit << " by "
                        << *step;
  int64_t size = std::max<int64_t>(0, static_cast<int64_t>(count));
  Array result = arrayOf({size}, node.input(0).type);
  for (int64_t i = 0; i < size; ++i)
    append(result, *start + static_cast<double>(i) * *step);
  return node.defineConstant(std::move(result));
}

LogicalResult qcc::onnx::importEyeLike(NodeImport &node) {
  if (failed(node.expectInputs(1, 1)))
    return failure();
  const Imported &data = node.input(0);
  if (data.shape.size() != 2 || failed(expectCount(node, data.shape)))
    return node.error() << "expects a matrix, but got " << showShape(data.shape);
  int64_t diagonal = node.integer("k", 0);
  Array result = arrayOf(data.shape, static_cast<int32_t>(node.integer("dtype", data.type)));
  for (int64_t i = 0; i < data.shape[0]; ++i)
    for (int64_t j = 0; j < data.shape[1]; ++j)
      append(result, j - i == diagonal);
  return node.defineConstant(std::move(result));
}

/// Indices of the elements that are not 0, one row per dimension.
LogicalResult qcc::onnx::importNonZero(NodeImport &node) {
  if (failed(node.expectInputs(1, 1)))
    return failure();
  FailureOr<Array *> data = node.constant(0);
  if (failed(data))
    return failure();
  Shape found, shape = (*data)->shape;
  for (int64_t i = 0; i < (*data)->size(); ++i)
    if ((*data)->number(i) != 0)
      found.push_back(i);
  auto rank = static_cast<int64_t>(shape.size());
  Array result = arrayOf({rank, static_cast<int64_t>(found.size())}, TensorProto::INT64);
  for (int64_t d = 0; d < rank; ++d) {
    int64_t inner = *countElements(ArrayRef(shape).drop_front(d + 1));
    for (int64_t place : found)
      append(result, static_cast<double>(place / inner % shape[d]));
  }
  return node.defineConstant(std::move(result));
}

/// The part of matrices above a diagonal, or below.
LogicalResult qcc::onnx::importTrilu(NodeImport &node) {
  if (failed(node.expectInputs(1, 2)))
    return failure();
  Imported &data = node.input(0);
  size_t rank = data.shape.size();
  FailureOr<double> diagonal = node.hasInput(1) ? node.scalar(1) : FailureOr<double>(0.0);
  if (failed(diagonal))
    return failure();
  if (rank < 2 || failed(expectCount(node, data.shape)))
    return node.error() << "expects matrices, but got " << showShape(data.shape);
  bool isUpper = node.integer("upper", 1) != 0;
  int64_t rows = data.shape[rank - 2], columns = data.shape[rank - 1];
  std::vector<float> mask;
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < columns; ++j) {
      auto above = static_cast<double>(j - i);
      mask.push_back(isUpper ? above >= *diagonal : above <= *diagonal);
    }
  FloatBuilder b(node);
  Value x = b.select(b.constant({rows, columns}, mask), node.floats(0), b.scalar(0));
  return node.define(Imported{.shape = data.shape, .type = data.type, .value = x});
}

/// Rows of one `on` among `off`, at indices that may be computed.
LogicalResult qcc::onnx::importOneHot(NodeImport &node) {
  if (failed(node.expectInputs(3, 3)))
    return failure();
  Imported &indices = node.input(0);
  FailureOr<double> depth = node.scalar(1);
  FailureOr<Array *> values = node.constant(2);
  if (failed(depth) || failed(values))
    return failure();
  auto rank = static_cast<int64_t>(indices.shape.size());
  FailureOr<int64_t> axis = node.axis(node.integer("axis", -1), rank + 1);
  if (failed(axis))
    return failure();
  if (*depth < 1 || *depth > (1 << 16) || (*values)->size() != 2)
    return node.error() << "expects a depth from 1 to 2^16 and two values, but got " << *depth << " and "
                        << (*values)->size();
  auto size = static_cast<int64_t>(*depth);
  Shape shape = indices.shape, column(rank + 1 - *axis, 1);
  shape.insert(shape.begin() + *axis, 1);
  column[0] = size;
  std::vector<float> places;
  for (int64_t i = 0; i < size; ++i)
    places.push_back(static_cast<float>(i));
  FloatBuilder b(node);
  Value x = b.reshape(node.floats(0), shape);
  // Negative indices count from the end.
  x = b.select(b.less(x, b.scalar(0)), b.add(x, *depth), x);
  shape[*axis] = size;
  Value isOn = b.equal(x, b.constant(column, places));
  Value result = b.select(isOn, b.scalar((*values)->number(1)), b.scalar((*values)->number(0)));
  return node.define(Imported{.shape = shape, .type = node.input(2).type, .value = result});
}
