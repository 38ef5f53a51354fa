#include "compiler/import/onnx/Array.h"

#include "llvm/Support/MathExtras.h"

#include <cmath>

using namespace qcc::onnx;
using llvm::ArrayRef;

Array Array::ofIntegers(ArrayRef<int64_t> values) {
  Array result;
  result.shape = {static_cast<int64_t>(values.size())};
  result.integers.assign(values.begin(), values.end());
  return result;
}

void Array::reserve(int64_t count) {
  if (isFloat)
    floats.reserve(count);
  else
    integers.reserve(count);
}

Array Array::gather(Shape newShape, llvm::function_ref<int64_t(int64_t)> placeOf) const {
  Array result;
  result.shape = std::move(newShape);
  result.isFloat = isFloat;
  int64_t count = *countElements(result.shape);
  result.reserve(count);
  for (int64_t i = 0; i < count; ++i)
    if (isFloat)
      result.floats.push_back(floats[placeOf(i)]);
    else
      result.integers.push_back(integers[placeOf(i)]);
  return result;
}

std::optional<int64_t> qcc::onnx::countElements(ArrayRef<int64_t> shape) {
  int64_t count = 1;
  for (int64_t size : shape) {
    if (size < 0 || llvm::MulOverflow(count, size, count) || count > INT32_MAX)
      return std::nullopt;
  }
  return count;
}

std::optional<Shape> qcc::onnx::broadcast(ArrayRef<int64_t> a, ArrayRef<int64_t> b) {
  if (a.size() < b.size())
    std::swap(a, b);
  Shape result(a);
  for (size_t i = 0; i < b.size(); ++i) {
    int64_t &size = result[a.size() - b.size() + i];
    if (size != b[i] && size != 1 && b[i] != 1)
      return std::nullopt;
    if (size == 1)
      size = b[i];
  }
  return result;
}

/// Elements between neighbours of each dimension.
static Shape stridesOf(ArrayRef<int64_t> shape) {
  Shape strides(shape.size());
  int64_t stride = 1;
  for (size_t i = shape.size(); i-- > 0;) {
    strides[i] = stride;
    stride *= shape[i];
  }
  return strides;
}

/// The place of element `i` of a tensor of `shape` in another that has these strides along its dimensions.
static int64_t place(int64_t i, ArrayRef<int64_t> shape, ArrayRef<int64_t> strides) {
  int64_t result = 0;
  for (size_t d = shape.size(); d-- > 0; i /= shape[d])
    result += i % shape[d] * strides[d];
  return result;
}

Array qcc::onnx::transpose(const Array &array, ArrayRef<int64_t> permutation) {
  Shape strides = stridesOf(array.shape), shape, moved;
  for (int64_t dimension : permutation) {
    shape.push_back(array.shape[dimension]);
    moved.push_back(strides[dimension]);
  }
  return array.gather(shape, [&](int64_t i) { return place(i, shape, moved); });
}

/// Strides of an array that broadcasts to `shape`: none along what repeats.
static Shape broadcastStrides(const Array &array, ArrayRef<int64_t> shape) {
  Shape own = stridesOf(array.shape), strides(shape.size() - own.size(), 0);
  for (auto [size, stride] : llvm::zip(array.shape, own))
    strides.push_back(size == 1 ? 0 : stride);
  return strides;
}

std::optional<Array> qcc::onnx::combine(const Array &a, const Array &b, Shape shape,
                                        llvm::function_ref<double(double, double)> compute) {
  constexpr double largest = 1LL << 53; // integers that f64 tells apart
  Shape aStrides = broadcastStrides(a, shape), bStrides = broadcastStrides(b, shape);
  Array result;
  result.isFloat = a.isFloat;
  int64_t count = *countElements(shape);
  for (int64_t i = 0; i < count; ++i) {
    double number = compute(a.number(place(i, shape, aStrides)), b.number(place(i, shape, bStrides)));
    if (!result.isFloat && !(std::abs(number) < largest))
      return std::nullopt;
    if (result.isFloat)
      result.floats.push_back(static_cast<float>(number));
    else
      result.integers.push_back(static_cast<int64_t>(number));
  }
  result.shape = std::move(shape);
  return result;
}
