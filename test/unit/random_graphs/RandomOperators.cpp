// One function per family of operators.
#include "RandomGraph.h"

using namespace mlir;
using namespace qcc;

static Type elementOf(Value value) { return llvm::cast<RankedTensorType>(value.getType()).getElementType(); }
static bool isFloat(Value value) { return qnn::getFormat(value).isFloat(); }
static int64_t productOf(ArrayRef<int64_t> shape) { return llvm::product_of(shape, int64_t(1)); }

//===-- Contractions --------------------------------------------------------------------===//

RandomGraph::Filter RandomGraph::drawFilter(Value input, ArrayRef<int64_t> shape, int64_t axis, int64_t terms,
                                            bool mayGroup) {
  int64_t channels = shape[axis];
  RankedTensorType biasType = tensor(channels, isFloat(input) ? Type(b.getF32Type()) : Type(b.getI32Type()));
  Filter filter;
  auto drawBias = [&](double magnitude) {
    if (random.chance(60))
      filter.bias = constantOrArgument(biasType, random.chance(5) && !isFloat(input) ? 0 : magnitude);
  };
  if (isFloat(input)) {
    filter.value = constantOrArgument(tensor(shape, b.getF32Type()));
    drawBias(1);
    return filter;
  }
  Type format = drawInteger(random.real(0.1, 2), {});
  if (mayGroup && random.chance(15)) {
    unsigned bits = random.pick<unsigned>({2, 3, 4, 5, 8, 12, 16});
    format = qnn::GroupedType::get(b.getContext(), bits, random.between(1, shape.back() + 1));
    Shape groups(shape);
    groups.back() = llvm::divideCeil(groups.back(), llvm::cast<qnn::NumberFormat>(format).getGroupSize());
    SmallVector<float> scales;
    for (int64_t i = 0, count = productOf(groups); i < count; ++i)
      scales.push_back(static_cast<float>(std::ldexp(random.real(0.1, 2), 1 - static_cast<int>(bits))));
    auto type = tensor(groups, b.getF32Type());
    filter.scales = qnn::ConstantOp::create(b, loc, type, DenseElementsAttr::get(type, ArrayRef(scales)), StringAttr());
  } else if (auto uniform = llvm::dyn_cast<quant::UniformQuantizedType>(format); uniform && random.chance(60)) {
    SmallVector<double> scales;
    SmallVector<int64_t> zeros;
    bool isSymmetric = random.chance(70);
    for (int64_t c = 0; c < channels; ++c) {
      scales.push_back(uniform.getScale() * random.real(0.2, 1.5));
      zeros.push_back(isSymmetric ? uniform.getZeroPoint()
                                  : random.between(uniform.getStorageTypeMin(), uniform.getStorageTypeMax()));
    }
    if (channels)
      format = quant::UniformQuantizedPerAxisType::get(
          uniform.getFlags(), uniform.getStorageType(), uniform.getExpressedType(), scales, zeros,
          static_cast<int32_t>(axis), uniform.getStorageTypeMin(), uniform.getStorageTypeMax());
  } else if (llvm::isa<qnn::BinaryType>(format) && channels && random.chance(60)) {
    SmallVector<double> alpha;
    for (int64_t c = 0; c < channels; ++c)
      alpha.push_back(random.real(0.1, 2));
    format = qnn::BinaryType::get(b.getContext(), axis, b.getDenseF64ArrayAttr(alpha));
  }
  // Zero points that differ become numbers of the kernel, for which the filter must be constant.
  auto numbers = llvm::cast<qnn::NumberFormat>(format);
  bool mustBeConstant = llvm::any_of(llvm::seq<int64_t>(1, std::max<int64_t>(1, numbers.getNumChannels())),
                                     [&](int64_t c) { return numbers.getZeroPoint(c) != numbers.getZeroPoint(0); });
  filter.value = mustBeConstant ? constant(tensor(shape, format)) : constantOrArgument(tensor(shape, format));
  filter.value = killChannels(filter.value, axis);
  // A grouped filter's bias counts 256ths of the output's scale, which most results fill.
  double steps = magnitude(input) / qnn::getFormat(input).getScale(0);
  double largest = filter.scales ? 30000 : steps * 100 * std::sqrt(static_cast<double>(terms) + 1);
  drawBias(std::min(largest, 2e9));
  return filter;
}

Type RandomGraph::drawResult(Value lhs, const Filter &filter, int64_t terms, qnn::Activation &activation) {
  activation = drawActivation();
  if (isFloat(lhs))
    return b.getF32Type();
  int kind = static_cast<int>(random.between(0, deadPercent > 0 ? 499 : 99));
  if (kind < 8 && !filter.scales) {
    activation = qnn::Activation::None;
    return b.getI32Type();
  }
  if (kind < 18 && !(filter.scales && filter.bias))
    return b.getF32Type();
  double largest = filter.scales ? 1 : magnitude(filter.value);
  double expected = 0.3 * magnitude(lhs) * largest * std::sqrt(static_cast<double>(terms) + 1);
  return drawInteger(expected, {});
}

void RandomGraph::addContraction(Value result, Value lhs, Value rhs, int64_t terms) {
  double largest = magnitude(lhs) * std::min(magnitude(rhs), 1e3) * std::sqrt(static_cast<double>(terms) + 1);
  bool isPlain = isFloat(result) || elementOf(result).isInteger(32);
  // The f32 of integers is exact: conversions, products and sums in one order.
  bool isExact = !isFloat(lhs);
  add(result, isPlain ? largest : 0, !isExact);
}

namespace {
/// A window over an image, as convolutions and pools have it.
struct DrawnWindow {
  int64_t kernel[2], strides[2], dilations[2], pads[4], output[2];
};
} // namespace

/// A window that may not fit at all, if it `mayVanish`.
static DrawnWindow drawWindow(Random &random, ArrayRef<int64_t> image, bool isPool, bool mayVanish) {
  DrawnWindow w;
  for (int axis = 0; axis < 2;) {
    w.kernel[axis] = random.chance(25) ? 1 : random.between(1, 4);
    w.strides[axis] = random.between(1, 3);
    w.dilations[axis] = isPool || random.chance(60) ? 1 : random.between(2, 3);
    for (int side = 0; side < 2; ++side)
      w.pads[2 * axis + side] =
          random.chance(50) ? 0 : random.between(0, isPool ? w.kernel[axis] - 1 : w.kernel[axis] + 1);
    w.output[axis] = qnn::windowOutputSize(image[axis], w.kernel[axis], w.strides[axis], w.dilations[axis],
                                           w.pads[2 * axis], w.pads[2 * axis + 1]);
    if (mayVanish || w.output[axis] > 0 || image[axis] == 0)
      ++axis;
  }
  return w;
}

void RandomGraph::addConv2d() {
  Value input = operand(4, {});
  ArrayRef<int64_t> in = shapeOf(input);
  DrawnWindow w = drawWindow(random, in.slice(1, 2), false, deadPercent == 0);
  int64_t groups = 1;
  if (in[3] > 0 && random.chance(deadPercent > 0 ? 5 : 35))
    do
      groups = random.between(1, in[3]);
    while (in[3] % groups);
  int64_t depth = in[3] / groups, outputs = groups * (random.chance(2) ? 0 : random.between(1, groups > 1 ? 3 : 7));
  int64_t terms = w.kernel[0] * w.kernel[1] * depth;
  Filter filter = drawFilter(input, {outputs, w.kernel[0], w.kernel[1], depth}, 0, terms, /*mayGroup=*/true);
  qnn::Activation activation;
  Type format = drawResult(input, filter, terms, activation);
  auto op = qnn::Conv2dOp::create(b, loc, tensor({in[0], w.output[0], w.output[1], outputs}, format), input,
                                  filter.value, filter.bias, filter.scales, w.strides, w.dilations, w.pads, groups,
                                  qnn::AlgorithmAttr(), activation, drawRescale());
  addContraction(op, input, filter.value, terms);
}

void RandomGraph::addDepthwise() {
  Value input = operand(4, {});
  ArrayRef<int64_t> in = shapeOf(input);
  DrawnWindow w = drawWindow(random, in.slice(1, 2), false, deadPercent == 0);
  int64_t channels = in[3] * (random.chance(70) ? 1 : random.between(0, 3)), terms = w.kernel[0] * w.kernel[1];
  Filter filter = drawFilter(input, {1, w.kernel[0], w.kernel[1], channels}, 3, terms, /*mayGroup=*/false);
  qnn::Activation activation;
  Type format = drawResult(input, filter, terms, activation);
  auto op = qnn::DepthwiseConv2dOp::create(b, loc, tensor({in[0], w.output[0], w.output[1], channels}, format), input,
                                           filter.value, filter.bias, w.strides, w.dilations, w.pads, activation,
                                           drawRescale());
  addContraction(op, input, filter.value, terms);
}

void RandomGraph::addDense() {
  Value input = operand(-1, {});
  Shape out(shapeOf(input));
  if (out.empty())
    return;
  int64_t features = out.back(), units = random.chance(2) ? 0 : random.between(1, 9);
  out.back() = units;
  Filter filter = drawFilter(input, {units, features}, 0, features, /*mayGroup=*/true);
  qnn::Activation activation;
  Type format = drawResult(input, filter, features, activation);
  auto op = qnn::DenseOp::create(b, loc, tensor(out, format), input, filter.value, filter.bias, filter.scales,
                                 activation, drawRescale());
  addContraction(op, input, filter.value, features);
}

void RandomGraph::addMatmul() {
  Value lhs = operand(random.between(2, 4), {});
  Shape shape(shapeOf(lhs));
  size_t rank = shape.size();
  int64_t depth = shape[rank - 1], columns = drawSize();
  bool isTransposed = random.chance(50);
  shape[rank - 2] = isTransposed ? columns : depth;
  shape[rank - 1] = isTransposed ? depth : columns;
  Filter rhs;
  Type rhsFormat = isFloat(lhs) ? Type(b.getF32Type()) : drawInteger(random.real(0.1, 4), {});
  rhs.value = random.chance(30) ? constant(tensor(shape, rhsFormat)) : argument(tensor(shape, rhsFormat));
  Shape out(shapeOf(lhs));
  out.back() = columns;
  qnn::Activation activation;
  Type format = drawResult(lhs, rhs, depth, activation);
  auto op = qnn::MatmulOp::create(b, loc, tensor(out, format), lhs, rhs.value, isTransposed, activation, drawRescale());
  addContraction(op, lhs, rhs.value, depth);
}

//===-- Elementwise ---------------------------------------------------------------------===//

void RandomGraph::addArithmetic() {
  Value lhs = operand(-1, {.plain32 = true});
  Shape shape(shapeOf(lhs)), rhsShape = shape;
  if (random.chance(40)) {
    // The right side lacks the first dimensions, and others are 1 on one side.
    size_t missing = random.between(0, static_cast<int64_t>(shape.size()));
    for (size_t i = missing; i < shape.size(); ++i) {
      if (random.chance(30))
        rhsShape[i] = 1;
      else if (shape[i] == 1 && random.chance(30))
        shape[i] = rhsShape[i] = random.between(1, 4);
    }
    rhsShape.erase(rhsShape.begin(), rhsShape.begin() + missing);
  }
  bool isPlain = elementOf(lhs).isInteger(32);
  Type rhsFormat = isFloat(lhs) || isPlain ? elementOf(lhs) : drawInteger(magnitude(lhs) * random.real(0.3, 3), {});
  Value rhs;
  for (Value value : values)
    if (shapeOf(value) == ArrayRef<int64_t>(rhsShape) && isFloat(value) == isFloat(lhs) &&
        elementOf(value).isInteger(32) == isPlain && random.chance(50))
      rhs = value;
  if (!rhs)
    rhs = random.chance(40) ? constant(tensor(rhsShape, rhsFormat)) : argument(tensor(rhsShape, rhsFormat));
  if (random.chance(30))
    std::swap(lhs, rhs);
  double a = magnitude(lhs), c = magnitude(rhs);
  int kind = static_cast<int>(random.between(0, 2));
  double largest = kind == 2 ? a * c : a + c;
  Type format = isFloat(lhs) || isPlain ? elementOf(lhs) : drawInteger(largest, {});
  RankedTensorType type = tensor(shape, format);
  qnn::Activation activation = drawActivation();
  qnn::RescaleAttr rescale = drawRescale();
  Value result;
  if (kind == 0)
    result = qnn::AddOp::create(b, loc, type, lhs, rhs, activation, rescale);
  else if (kind == 1)
    result = qnn::SubOp::create(b, loc, type, lhs, rhs, activation, rescale);
  else
    result = qnn::MulOp::create(b, loc, type, lhs, rhs, activation, rescale);
  addFloats(result, isFloat(result) || isPlain ? largest : 0);
}

void RandomGraph::addUnary() {
  Value input = operand(-1, {});
  double largest = magnitude(input);
  RankedTensorType same = llvm::cast<RankedTensorType>(input.getType());
  auto resultOf = [&](double magnitude) {
    return isFloat(input) ? same : tensor(same.getShape(), drawInteger(magnitude, {}));
  };
  switch (random.between(0, 3)) {
  case 0: {
    RankedTensorType type = random.chance(50) ? same : resultOf(std::min(largest, 8.0));
    return addMoved(qnn::ReluOp::create(b, loc, type, input, drawActivation(), drawRescale()), input);
  }
  case 1: {
    double alpha = random.pick({0.0, 0.01, 0.3, 1.0, 1.7});
    return addFloats(qnn::LeakyReluOp::create(b, loc, resultOf(largest), input, llvm::APFloat(alpha), drawRescale()),
                     largest);
  }
  case 2:
    return addFloats(qnn::LogisticOp::create(b, loc, resultOf(1), input), 1);
  default:
    return addFloats(qnn::TanhOp::create(b, loc, resultOf(1), input), 1);
  }
}

//===-- Rows ------------------------------------------------------------------------------===//

void RandomGraph::addSoftmax() {
  Value input = operand(-1, {.binary = false, .minBits = 8, .maxBits = 8});
  if (shapeOf(input).empty())
    return;
  Type format = b.getF32Type();
  if (!isFloat(input)) {
    bool isSigned = random.chance(60);
    int64_t low = isSigned ? -128 : 0;
    format = quant::UniformQuantizedType::get(isSigned ? quant::QuantizationFlags::Signed : 0, b.getIntegerType(8),
                                              b.getF32Type(), 1.0 / 256, low, low, low + 255);
  }
  llvm::APFloat beta(random.pick({1.0, 1.0, 0.5, 3.0}));
  addFloats(qnn::SoftmaxOp::create(b, loc, tensor(shapeOf(input), format), input, beta), 1);
}

void RandomGraph::addLogSoftmax() {
  Value input = operand(-1, {.integers = false});
  if (!shapeOf(input).empty())
    addFloats(qnn::LogSoftmaxOp::create(b, loc, input.getType(), input), magnitude(input) + 4);
}

void RandomGraph::addArgmax() {
  Value input = operand(-1, {.plain32 = true, .exact = true});
  Shape shape(shapeOf(input));
  if (shape.empty())
    return;
  int64_t axis = random.between(0, static_cast<int64_t>(shape.size()) - 1), length = shape[axis];
  shape.erase(shape.begin() + axis);
  if (length > 0)
    add(qnn::ArgmaxOp::create(b, loc, tensor(shape, b.getI32Type()), input, axis), static_cast<double>(length));
}

void RandomGraph::addBatchNorm() {
  Value input = operand(-1, {.integers = false});
  if (shapeOf(input).empty())
    return;
  RankedTensorType type = tensor(shapeOf(input).back(), b.getF32Type());
  Value gamma = constant(type), beta = constant(type), mean = constant(type);
  Value root = constant(type, 2);
  // Variances are not negative: squares.
  SmallVector<float> variance;
  for (int64_t code : root.getDefiningOp<qnn::ConstantOp>().getCodes()) {
    float value = llvm::bit_cast<float>(static_cast<uint32_t>(code));
    variance.push_back(value * value);
  }
  root.getDefiningOp()->erase();
  Value squares = qnn::ConstantOp::create(b, loc, type, DenseElementsAttr::get(type, ArrayRef(variance)), StringAttr());
  addFloats(qnn::BatchNormOp::create(b, loc, input.getType(), input, gamma, beta, mean, squares, llvm::APFloat(0.01)),
            magnitude(input) * 5 + 5);
}

//===-- Pools -----------------------------------------------------------------------------===//

void RandomGraph::addPool() {
  bool isMax = random.chance(50);
  Value input = operand(4, {.binary = isMax, .plain32 = isMax});
  ArrayRef<int64_t> in = shapeOf(input);
  DrawnWindow w = drawWindow(random, in.slice(1, 2), true, deadPercent == 0);
  if ((in[1] == 0 && w.output[0] > 0) || (in[2] == 0 && w.output[1] > 0))
    return;
  RankedTensorType type = tensor({in[0], w.output[0], w.output[1], in[3]}, elementOf(input));
  if (isMax)
    return addMoved(qnn::MaxPool2dOp::create(b, loc, type, input, w.kernel, w.strides, w.pads, drawActivation()),
                    input);
  addFloats(qnn::AvgPool2dOp::create(b, loc, type, input, w.kernel, w.strides, w.pads, drawActivation()),
            magnitude(input));
}

void RandomGraph::addMean() {
  Value input = operand(-1, {});
  Shape shape;
  SmallVector<int64_t> axes;
  bool keeps = random.chance(50);
  int64_t count = 1;
  for (auto [axis, size] : llvm::enumerate(shapeOf(input))) {
    if (random.chance(50)) {
      axes.push_back(static_cast<int64_t>(axis));
      count *= size;
      if (keeps)
        shape.push_back(1);
    } else {
      shape.push_back(size);
    }
  }
  if (count == 0)
    return;
  double largest = magnitude(input);
  Type format = isFloat(input)                                             ? elementOf(input)
                : random.chance(30) && qnn::getFormat(input).getBits() > 1 ? elementOf(input)
                                                                           : drawInteger(0.5 * largest, {});
  addFloats(qnn::MeanOp::create(b, loc, tensor(shape, format), input, axes, keeps, drawRescale()), largest);
}

//===-- Changes of format -----------------------------------------------------------------===//

void RandomGraph::addQuantize() {
  Value input = operand(-1, {.integers = false, .exact = true});
  add(qnn::QuantizeOp::create(b, loc, tensor(shapeOf(input), drawInteger(magnitude(input), {})), input));
}

void RandomGraph::addDequantize() {
  Value input = operand(-1, {.floats = false, .plain32 = true});
  add(qnn::DequantizeOp::create(b, loc, tensor(shapeOf(input), b.getF32Type()), input), magnitude(input));
}

void RandomGraph::addRequantize() {
  Value input = operand(-1, {.floats = false, .plain32 = true});
  Type format = drawInteger(magnitude(input), {.plain32 = true});
  add(qnn::RequantizeOp::create(b, loc, tensor(shapeOf(input), format), input, drawRescale()),
      format.isInteger(32) ? magnitude(input) : 0);
}

//===-- Moves -------------------------------------------------------------------------------===//

void RandomGraph::addReshape() {
  Value input = operand(-1, {.plain32 = true});
  int64_t rest = productOf(shapeOf(input));
  Shape shape;
  for (int64_t dimensions = random.between(1, 4); dimensions > 1; --dimensions) {
    int64_t size = 1;
    for (int64_t divisor : {random.between(2, 7), random.between(2, 7)})
      if (rest % divisor == 0 && rest > 0) {
        size *= divisor;
        rest /= divisor;
      }
    shape.push_back(size);
  }
  shape.insert(shape.begin() + random.between(0, static_cast<int64_t>(shape.size())), rest);
  addMoved(qnn::ReshapeOp::create(b, loc, tensor(shape, elementOf(input)), input), input);
}

void RandomGraph::addTranspose() {
  Value input = operand(-1, {.plain32 = true});
  SmallVector<int64_t> permutation = llvm::to_vector(llvm::seq<int64_t>(0, shapeOf(input).size()));
  for (size_t i = permutation.size(); i > 1; --i)
    std::swap(permutation[i - 1], permutation[random.between(0, static_cast<int64_t>(i) - 1)]);
  Shape shape;
  for (int64_t axis : permutation)
    shape.push_back(shapeOf(input)[axis]);
  addMoved(qnn::TransposeOp::create(b, loc, tensor(shape, elementOf(input)), input, permutation), input);
}

void RandomGraph::addPad() {
  Value input = operand(-1, {.plain32 = true});
  Shape shape(shapeOf(input)), low, high;
  for (int64_t &size : shape) {
    low.push_back(random.chance(60) ? 0 : random.between(0, 3));
    high.push_back(random.chance(60) ? 0 : random.between(0, 3));
    size += low.back() + high.back();
  }
  if (productOf(shape) > 20000)
    return;
  llvm::APFloat value(random.chance(50) ? 0.0 : random.real(-1, 1) * magnitude(input));
  addMoved(qnn::PadOp::create(b, loc, tensor(shape, elementOf(input)), input, low, high, value), input);
}

void RandomGraph::addSlice() {
  Value input = operand(-1, {.plain32 = true});
  Shape shape, starts, strides;
  for (int64_t size : shapeOf(input)) {
    starts.push_back(random.chance(50) || size == 0 ? 0 : random.between(0, size - 1));
    strides.push_back(random.chance(60) ? 1 : random.between(1, 3));
    int64_t most = llvm::divideCeil(size - starts.back(), strides.back());
    shape.push_back(random.chance(50) ? most : random.chance(3) ? 0 : random.between(std::min<int64_t>(1, most), most));
  }
  addMoved(qnn::SliceOp::create(b, loc, tensor(shape, elementOf(input)), input, starts, strides), input);
}

void RandomGraph::addResize() {
  Value input = operand(4, {.plain32 = true});
  Shape shape(shapeOf(input));
  for (int axis : {1, 2})
    if (shape[axis] > 0)
      shape[axis] = random.between(1, 11);
  int corners = static_cast<int>(random.between(0, 2));
  addMoved(qnn::ResizeNearestOp::create(b, loc, tensor(shape, elementOf(input)), input, corners == 1, corners == 2),
           input);
}

void RandomGraph::addConcat() {
  Value first = operand(-1, {.plain32 = true});
  if (shapeOf(first).empty())
    return;
  int64_t axis = random.between(0, static_cast<int64_t>(shapeOf(first).size()) - 1);
  SmallVector<Value> inputs{first};
  Shape shape(shapeOf(first));
  double largest = magnitude(first);
  bool isApproximate = approximate.contains(first);
  for (int64_t more = random.between(0, 3); more > 0; --more) {
    Shape next = shape;
    next[axis] = random.between(random.chance(5) ? 0 : 1, 5);
    Value input = random.chance(20)   ? first
                  : random.chance(50) ? constant(tensor(next, elementOf(first)))
                                      : argument(tensor(next, elementOf(first)));
    inputs.insert(random.chance(50) ? inputs.begin() : inputs.end(), input);
  }
  shape[axis] = 0;
  for (Value input : inputs)
    shape[axis] += shapeOf(input)[axis];
  add(qnn::ConcatOp::create(b, loc, tensor(shape, elementOf(first)), inputs, axis), std::max(largest, magnitude(first)),
      isApproximate);
}

void RandomGraph::addSplit() {
  Value input = operand(-1, {.plain32 = true});
  if (shapeOf(input).empty())
    return;
  int64_t axis = random.between(0, static_cast<int64_t>(shapeOf(input).size()) - 1), rest = shapeOf(input)[axis];
  SmallVector<Type> types;
  Shape shape(shapeOf(input));
  for (int64_t parts = random.between(1, 3); parts > 0; --parts) {
    shape[axis] = parts == 1 ? rest : random.between(0, rest);
    rest -= shape[axis];
    types.push_back(tensor(shape, elementOf(input)));
  }
  auto op = qnn::SplitOp::create(b, loc, types, input, axis);
  for (Value part : op.getOutputs())
    addMoved(part, input);
}
