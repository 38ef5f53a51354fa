// conv2d, depthwise_conv2d, dense and matmul.
//
// All but depthwise_conv2d become dot products of two contiguous rows: a convolution first gathers its
// window, in which positions outside the input are the real number zero. `Number` is int32_t (integers
// with their zero point already subtracted, wrapping sums) or double, in which a filter of codes beside an input of
// floats is the real numbers that it stands for.
#include "compiler/interpret/Arithmetic.h"
#include "compiler/interpret/Kernel.h"
#include "compiler/interpret/ResultStage.h"
#include "compiler/interpret/TapwiseSums.h"

#include <optional>

using namespace mlir;
using namespace qcc;
using namespace qcc::interpret;

namespace {

//===-- Sums ----------------------------------------------------------------------===//

int32_t dot(const int32_t *a, const int32_t *b, int64_t count) {
  uint32_t sum = 0;
  for (int64_t i = 0; i < count; ++i)
    sum += static_cast<uint32_t>(a[i]) * static_cast<uint32_t>(b[i]);
  return static_cast<int32_t>(sum);
}

double dot(const double *a, const double *b, int64_t count) {
  // Four sums, so that one addition need not wait for another.
  constexpr int64_t lanes = 4;
  double sums[lanes] = {};
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes)
    for (int64_t lane = 0; lane < lanes; ++lane)
      sums[lane] += a[i + lane] * b[i + lane];
  double sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  for (; i < count; ++i)
    sum += a[i] * b[i];
  return sum;
}

/// `sums[i] += a[i] * b[i]`
void multiplyAdd(const int32_t *a, const int32_t *b, int32_t *sums, int64_t count) {
  for (int64_t i = 0; i < count; ++i)
    sums[i] = static_cast<int32_t>(static_cast<uint32_t>(sums[i]) +
                                   static_cast<uint32_t>(a[i]) * static_cast<uint32_t>(b[i]));
}

void multiplyAdd(const double *a, const double *b, double *sums, int64_t count) {
  for (int64_t i = 0; i < count; ++i)
    sums[i] += a[i] * b[i];
}

template <typename Number> std::vector<Number> numbersOf(const Tensor &tensor) {
  if constexpr (std::is_same_v<Number, double>)
    return tensor.reals();
  else
    return integersOf(tensor);
}

/// The numbers of an operand: computed once if it is a constant.
template <typename Number> class Operand {
public:
  Operand(Value value, const Constants &constants) {
    if (std::shared_ptr<const Tensor> constant = constants.lookup(value))
      prepared = std::make_shared<const std::vector<Number>>(numbersOf<Number>(*constant));
  }
  std::shared_ptr<const std::vector<Number>> get(const Tensor &tensor) const {
    return prepared ? prepared : std::make_shared<const std::vector<Number>>(numbersOf<Number>(tensor));
  }

private:
  std::shared_ptr<const std::vector<Number>> prepared;
};

//===-- After the sum ---------------------------------------------------------------===//

/// Stores a sum, to which the bias has been added, as an element of the result.
class Epilogue {
public:
  Epilogue(Value lhs, Value rhs, Value result, int64_t channels, qnn::Activation activation, qnn::RescaleAttr rescale)
      : activation(activation) {
    qnn::NumberFormat a = qnn::getFormat(lhs), b = qnn::getFormat(rhs), c = qnn::getFormat(result);
    if (Type(c).isSignlessInteger(32))
      kind = Kind::Accumulator;
    else if (c.isFloat())
      kind = Kind::Real;
    SmallVector<double> multipliers;
    for (int64_t channel = 0; channel < channels; ++channel) {
      // An f32 result has scale 1.
      multipliers.push_back(qnn::contractionMultiplier(a, b, parameterChannel(b, channel), c, rescale.getProduct()));
      scales.push_back(static_cast<float>(multipliers.back()));
    }
    if (kind == Kind::Code)
      stage.emplace(c, activation, rescale, multipliers);
  }

  void store(int32_t sum, int64_t channel, Tensor &result, int64_t index) const {
    if (kind == Kind::Code)
      result.codes[index] = (*stage)(sum, channel);
    else if (kind == Kind::Accumulator)
      result.codes[index] = sum;
    else
      store(static_cast<float>(sum) * scales[channel], result, index);
  }
  void store(double sum, int64_t, Tensor &result, int64_t index) const {
    store(static_cast<float>(sum), result, index);
  }

private:
  void store(float real, Tensor &result, int64_t index) const { result.floats[index] = clampFloat(real, activation); }

  enum class Kind { Code, Accumulator, Real } kind = Kind::Code;
  qnn::Activation activation;
  std::optional<ResultStage> stage;
  std::vector<float> scales;
};

int32_t addBias(int32_t sum, const Tensor *bias, int64_t channel) {
  return bias ? wrapAdd(sum, wrap(bias->codes[channel])) : sum;
}
double addBias(double sum, const Tensor *bias, int64_t channel) { return bias ? sum + bias->floats[channel] : sum; }

//===-- Rows times rows -------------------------------------------------------------===//

/// The product of one row with rows `[first, last)` of a filter, which give the channels of the result.
template <typename Number> struct RowProduct {
  std::shared_ptr<const std::vector<Number>> filter;
  const Tensor *bias;
  const Epilogue *epilogue;

  void operator()(const Number *row, int64_t length, int64_t first, int64_t last, Tensor &result, int64_t index) const {
    for (int64_t o = first; o < last; ++o) {
      Number sum = dot(row, filter->data() + o * length, length);
      epilogue->store(addBias(sum, bias, o), o, result, index++);
    }
  }
};

/// The same for a filter whose last axis has one scale per group.
class GroupedProduct {
public:
  static FailureOr<GroupedProduct> create(Operation *op, Value filter, Value scales, qnn::Activation activation,
                                          qnn::RescaleAttr rescale, const Constants &constants) {
    std::shared_ptr<const Tensor> values = constants.lookup(scales);
    if (!values)
      return op->emitOpError() << "expects constant scales for its grouped filter";
    for (float scale : values->floats)
      if (!std::isfinite(scale) || scale <= 0)
        return op->emitOpError() << "expects finite positive scales for its grouped filter, but got " << scale;
    return GroupedProduct(op, filter, *values, activation, rescale);
  }

  void operator()(const std::vector<int32_t> &filter, const Tensor *bias, const int32_t *row, int64_t length,
                  int64_t first, int64_t last, Tensor &result, int64_t index) const {
    for (int64_t o = first; o < last; ++o, ++index) {
      const int32_t *weights = filter.data() + o * length;
      if (result.isFloat())
        result.floats[index] = clampFloat(realSum(row, weights, length, o), activation);
      else
        result.codes[index] = stage.fromUnits256(addBias(unitsSum(row, weights, length, o), bias, o));
    }
  }

private:
  GroupedProduct(Operation *op, Value filter, const Tensor &values, qnn::Activation activation,
                 qnn::RescaleAttr rescale)
      : activation(activation), rounding(rescale.getRounding()),
        stage(qnn::getFormat(op->getResult(0)), activation, rescale, {}) {
    qnn::NumberFormat format = qnn::getFormat(filter);
    group = format.getGroupSize();
    innermost = llvm::cast<RankedTensorType>(filter.getType()).getShape().back();
    groupsPerRow = 1;
    for (int64_t size : values.shape().drop_front())
      groupsPerRow *= size;
    ArrayRef<int64_t> shape = shapeOf(filter);
    int64_t products = ShapedType::getNumElements(shape.drop_front());
    qnn::NumberFormat input = qnn::getFormat(op->getOperand(0));
    for (float scale : values.floats)
      scales.push_back(static_cast<float>(input.getScale(0) * scale));
    integers = qnn::groupFactors(input, format, llvm::to_vector(values.floats), shape[0], products);
    double output = qnn::getFormat(op->getResult(0)).getScale(0);
    for (double unit : integers.units)
      multipliers.push_back(qnn::quantizeMultiplier(unit / (output / 256)));
  }

  /// Calls `add(index of the group, sum of its products)` for the groups of filter row `o`.
  template <typename Add>
  void forGroups(const int32_t *row, const int32_t *weights, int64_t length, int64_t o, Add add) const {
    int64_t index = o * groupsPerRow;
    for (int64_t position = 0; position < length; position += innermost)
      for (int64_t k = 0; k < innermost; k += group)
        add(index++, dot(row + position + k, weights + position + k, std::min(group, innermost - k)));
  }

  int32_t unitsSum(const int32_t *row, const int32_t *weights, int64_t length, int64_t o) const {
    int32_t sum = 0, half = integers.shift > 0 ? 1 << (integers.shift - 1) : 0;
    forGroups(row, weights, length, o, [&](int64_t index, int32_t products) {
      int32_t shifted = wrapAdd(products, half) >> integers.shift;
      sum = wrapAdd(sum, wrap(int64_t(shifted) * integers.factors[index]));
    });
    return rescale(sum, multipliers[o], rounding);
  }

  float realSum(const int32_t *row, const int32_t *weights, int64_t length, int64_t o) const {
    float sum = 0;
    forGroups(row, weights, length, o, [&](int64_t index, int32_t products) {
      float real = scales[index] * static_cast<float>(products);
      sum += real;
    });
    return sum;
  }

  qnn::Activation activation;
  qnn::Rounding rounding;
  ResultStage stage;
  int64_t group, innermost, groupsPerRow;
  std::vector<float> scales; // of each group's products
  qnn::GroupFactors integers;
  std::vector<qnn::Multiplier> multipliers; // of each channel
};

/// Multiplies rows with the filter of a convolution or dense layer: `(row, length, first, last, result, index)`.
template <typename Number>
using Product = std::function<void(const Number *, int64_t, int64_t, int64_t, Tensor &, int64_t)>;
/// Binds a product to the operands of a run.
template <typename Number> using BindProduct = std::function<Product<Number>(ArrayRef<const Tensor *> operands)>;

template <typename Op, typename Number>
FailureOr<BindProduct<Number>> prepareProduct(Op op, const Constants &constants) {
  Operand<Number> filter(op.getFilter(), constants);
  bool hasBias = static_cast<bool>(op.getBias());
  if constexpr (std::is_same_v<Number, int32_t>) {
    if (op.getScales()) {
      FailureOr<GroupedProduct> grouped =
          GroupedProduct::create(op, op.getFilter(), op.getScales(), op.getActivation(), op.getRescale(), constants);
      if (failed(grouped))
        return failure();
      return BindProduct<Number>([=, product = *grouped](ArrayRef<const Tensor *> operands) -> Product<Number> {
        return [&product, weights = filter.get(*operands[1]), bias = hasBias ? operands[2] : nullptr](auto &&...rest) {
          product(*weights, bias, rest...);
        };
      });
    }
  }
  int64_t channels = llvm::cast<RankedTensorType>(op.getFilter().getType()).getDimSize(0);
  Epilogue epilogue(op.getInput(), op.getFilter(), op.getOutput(), channels, op.getActivation(), op.getRescale());
  return BindProduct<Number>([=](ArrayRef<const Tensor *> operands) -> Product<Number> {
    return RowProduct<Number>{filter.get(*operands[1]), hasBias ? operands[2] : nullptr, &epilogue};
  });
}

//===-- Windows ---------------------------------------------------------------------===//

/// The window of a convolution.
struct Window {
  ArrayRef<int64_t> input; // n, height, width, channels
  int64_t kernel[2];
  ArrayRef<int64_t> strides, dilations, pads;

  /// The input's row (`axis` 0) or column (1) under kernel position `k` at output position `at`, or -1 outside.
  int64_t position(int axis, int64_t at, int64_t k) const {
    int64_t result = at * strides[axis] + k * dilations[axis] - pads[2 * axis];
    return result < input[1 + axis] ? std::max<int64_t>(result, -1) : -1;
  }
  /// Calls `visit(kernel position, input pixel)` for the positions of the window at (y, x) inside the input.
  template <typename Visit> void forPositions(int64_t n, int64_t y, int64_t x, Visit visit) const {
    for (int64_t ky = 0; ky < kernel[0]; ++ky) {
      int64_t row = position(0, y, ky);
      for (int64_t kx = 0; row >= 0 && kx < kernel[1]; ++kx)
        if (int64_t column = position(1, x, kx); column >= 0)
          visit(ky * kernel[1] + kx, (n * input[1] + row) * input[2] + column);
    }
  }
};

/// Calls `visit(n, y, x, pixel)` for each pixel of an NHWC shape.
template <typename Visit> void forPixels(ArrayRef<int64_t> shape, Visit visit) {
  int64_t pixel = 0;
  for (int64_t n = 0; n < shape[0]; ++n)
    for (int64_t y = 0; y < shape[1]; ++y)
      for (int64_t x = 0; x < shape[2]; ++x)
        visit(n, y, x, pixel++);
}

template <typename Op> Window windowOf(Op op) {
  ArrayRef<int64_t> filter = shapeOf(op.getFilter());
  return {shapeOf(op.getInput()), {filter[1], filter[2]}, op.getStrides(), op.getDilations(), op.getPads()};
}

//===-- Operators -------------------------------------------------------------------===//

template <typename Number> FailureOr<Kernel> prepareConv2d(qnn::Conv2dOp op, const Constants &constants) {
  FailureOr<BindProduct<Number>> bind = prepareProduct<qnn::Conv2dOp, Number>(op, constants);
  if (failed(bind))
    return failure();
  Window window = windowOf(op);
  ArrayRef<int64_t> filter = shapeOf(op.getFilter());
  int64_t groups = op.getGroups(), outputs = filter[0], depth = filter[3];
  int64_t length = filter[1] * filter[2] * depth;
  return Kernel([=, bind = *bind](ArrayRef<const Tensor *> operands, MutableArrayRef<Tensor> results) {
    std::vector<Number> input = numbersOf<Number>(*operands[0]);
    Product<Number> product = bind(operands);
    std::vector<Number> row(length);
    forPixels(results[0].shape(), [&](int64_t n, int64_t y, int64_t x, int64_t pixel) {
      for (int64_t g = 0; g < groups; ++g) {
        std::fill(row.begin(), row.end(), Number(0));
        window.forPositions(n, y, x, [&](int64_t k, int64_t inputPixel) {
          std::copy_n(input.data() + (inputPixel * groups + g) * depth, depth, row.data() + k * depth);
        });
        int64_t first = outputs / groups * g, last = outputs / groups * (g + 1);
        product(row.data(), length, first, last, results[0], pixel * outputs + first);
      }
    });
  });
}

/// The same where its accumulators come by tap-wise Winograd F(4x4, 3x3).
FailureOr<Kernel> prepareTapwiseConv2d(qnn::Conv2dOp op, const Constants &constants) {
  TapwiseSums sums(op, integersOf(*constants.lookup(op.getFilter())));
  int64_t channels = shapeOf(op.getFilter())[0];
  bool hasBias = static_cast<bool>(op.getBias());
  Epilogue epilogue(op.getInput(), op.getFilter(), op.getOutput(), channels, op.getActivation(), op.getRescale());
  return Kernel([=](ArrayRef<const Tensor *> operands, MutableArrayRef<Tensor> results) {
    const Tensor *bias = hasBias ? operands[2] : nullptr;
    sums.forEach(integersOf(*operands[0]), [&](int64_t pixel, int64_t o, int32_t sum) {
      epilogue.store(addBias(sum, bias, o), o, results[0], pixel * channels + o);
    });
  });
}

/// Each element `count` times.
template <typename Number> std::vector<Number> repeatEach(const std::vector<Number> &numbers, int64_t count) {
  if (count == 1)
    return numbers;
  std::vector<Number> result;
  result.reserve(numbers.size() * count);
  for (Number number : numbers)
    result.insert(result.end(), count, number);
  return result;
}

template <typename Number>
FailureOr<Kernel> prepareDepthwiseConv2d(qnn::DepthwiseConv2dOp op, const Constants &constants) {
  Window window = windowOf(op);
  int64_t channels = shapeOf(op.getFilter())[3], inputChannels = shapeOf(op.getInput())[3];
  int64_t multiplier = inputChannels ? channels / inputChannels : 1;
  bool hasBias = static_cast<bool>(op.getBias());
  Operand<Number> filter(op.getFilter(), constants);
  Epilogue epilogue(op.getInput(), op.getFilter(), op.getOutput(), channels, op.getActivation(), op.getRescale());
  return Kernel([=](ArrayRef<const Tensor *> operands, MutableArrayRef<Tensor> results) {
    // With each input channel repeated, input, filter and result have the same channels.
    std::vector<Number> input = repeatEach(numbersOf<Number>(*operands[0]), multiplier);
    auto weights = filter.get(*operands[1]);
    const Tensor *bias = hasBias ? operands[2] : nullptr;
    std::vector<Number> sums(channels);
    forPixels(results[0].shape(), [&](int64_t n, int64_t y, int64_t x, int64_t pixel) {
      std::fill(sums.begin(), sums.end(), Number(0));
      window.forPositions(n, y, x, [&](int64_t k, int64_t inputPixel) {
        multiplyAdd(input.data() + inputPixel * channels, weights->data() + k * channels, sums.data(), channels);
      });
      for (int64_t c = 0; c < channels; ++c)
        epilogue.store(addBias(sums[c], bias, c), c, results[0], pixel * channels + c);
    });
  });
}

template <typename Number> FailureOr<Kernel> prepareDense(qnn::DenseOp op, const Constants &constants) {
  FailureOr<BindProduct<Number>> bind = prepareProduct<qnn::DenseOp, Number>(op, constants);
  if (failed(bind))
    return failure();
  int64_t units = shapeOf(op.getFilter())[0], length = shapeOf(op.getFilter())[1];
  return Kernel([=, bind = *bind](ArrayRef<const Tensor *> operands, MutableArrayRef<Tensor> results) {
    std::vector<Number> input = numbersOf<Number>(*operands[0]);
    Product<Number> product = bind(operands);
    int64_t rows = units ? results[0].size() / units : 0;
    for (int64_t row = 0; row < rows; ++row)
      product(input.data() + row * length, length, 0, units, results[0], row * units);
  });
}

/// [b, k, n] to [b, n, k]
template <typename Number>
std::vector<Number> transposeMatrices(const std::vector<Number> &from, int64_t rows, int64_t columns) {
  std::vector<Number> to(from.size());
  for (size_t matrix = 0; matrix < from.size(); matrix += rows * columns)
    for (int64_t row = 0; row < rows; ++row)
      for (int64_t column = 0; column < columns; ++column)
        to[matrix + column * rows + row] = from[matrix + row * columns + column];
  return to;
}

template <typename Number> FailureOr<Kernel> prepareMatmul(qnn::MatmulOp op, const Constants &) {
  int64_t length = shapeOf(op.getLhs()).back();
  ArrayRef<int64_t> result = shapeOf(op.getOutput());
  int64_t columns = result.back(), rows = result[result.size() - 2];
  bool transposed = op.getTransposeRhs();
  Epilogue epilogue(op.getLhs(), op.getRhs(), op.getOutput(), 1, op.getActivation(), op.getRescale());
  return Kernel([=](ArrayRef<const Tensor *> operands, MutableArrayRef<Tensor> results) {
    std::vector<Number> lhs = numbersOf<Number>(*operands[0]), rhs = numbersOf<Number>(*operands[1]);
    if (!transposed)
      rhs = transposeMatrices(rhs, length, columns);
    for (int64_t index = 0; index < results[0].size(); ++index) {
      int64_t row = index / columns, matrix = row / rows, column = index % columns;
      epilogue.store(dot(lhs.data() + row * length, rhs.data() + (matrix * columns + column) * length, length), 0,
                     results[0], index);
    }
  });
}

} // namespace

FailureOr<Kernel> interpret::prepareContraction(Operation *op, const Constants &constants) {
  auto isFloat = [&] { return qnn::getFormat(op->getOperand(0)).isFloat(); };
  return TypeSwitch<Operation *, FailureOr<Kernel>>(op)
      .Case([&](qnn::Conv2dOp op) {
        if (qnn::isTapwise(op.getAlgorithm()))
          return prepareTapwiseConv2d(op, constants);
        return isFloat() ? prepareConv2d<double>(op, constants) : prepareConv2d<int32_t>(op, constants);
      })
      .Case([&](qnn::DepthwiseConv2dOp op) {
        return isFloat() ? prepareDepthwiseConv2d<double>(op, constants)
                         : prepareDepthwiseConv2d<int32_t>(op, constants);
      })
      .Case([&](qnn::DenseOp op) {
        return isFloat() ? prepareDense<double>(op, constants) : prepareDense<int32_t>(op, constants);
      })
      .Case([&](qnn::MatmulOp op) {
        return isFloat() ? prepareMatmul<double>(op, constants) : prepareMatmul<int32_t>(op, constants);
      })
      .Default([](Operation *) { return Kernel(); });
}
