// Operators with windows: Conv, ConvTranspose and pools. Images of one dimension have a height of 1.
#include "compiler/import/onnx/Contraction.h"
#include "compiler/import/onnx/FloatBuilder.h"
#include "compiler/support/Names.h"

#include <cmath>

using namespace mlir;
using namespace qcc;
using namespace qcc::onnx;
using Layout = NodeImport::Layout;

namespace {
/// How windows lie on the axes behind n and c, and what comes out.
struct Windows {
  Shape kernel, strides, dilations;
  Shape low, high; ///< pads
  Shape surplus;   ///< what the last window reaches beyond the pads (ceil_mode)
  Shape output;

  size_t rank() const { return kernel.size(); }
  int64_t reach(size_t axis) const { return (kernel[axis] - 1) * dilations[axis] + 1; }
  bool hasPads() const {
    return llvm::any_of(low, [](int64_t pad) { return pad; }) || llvm::any_of(high, [](int64_t pad) { return pad; });
  }
};
} // namespace

/// As qnn has them: top, bottom, left, right.
static Shape padsByAxis(const Windows &windows) {
  return {windows.low[0], windows.high[0] + windows.surplus[0], windows.low[1], windows.high[1] + windows.surplus[1]};
}

/// The padding that `auto_pad` asks for: as much as makes the output input / stride, rounded up; the odd one at the end
/// (UPPER) or at the begin (LOWER).
static void padAutomatically(ArrayRef<int64_t> input, Windows &windows, StringRef mode) {
  for (size_t axis = 0; axis < windows.rank(); ++axis) {
    int64_t stride = windows.strides[axis], output = llvm::divideCeil(input[axis], stride);
    int64_t total = std::max<int64_t>(0, (output - 1) * stride + windows.reach(axis) - input[axis]);
    if (mode == "VALID")
      total = 0;
    windows.low[axis] = mode == "SAME_LOWER" ? total - total / 2 : total / 2;
    windows.high[axis] = total - windows.low[axis];
  }
}

static FailureOr<Windows> readWindows(NodeImport &node, ArrayRef<int64_t> image, Shape kernel) {
  size_t rank = image.size();
  FailureOr<Shape> strides = node.integers("strides", rank, 1, 1), dilations = node.integers("dilations", rank, 1, 1),
                   pads = node.integers("pads", 2 * rank, 0, 0);
  if (failed(strides) || failed(dilations) || failed(pads))
    return failure();
  Windows windows{std::move(kernel), std::move(*strides), std::move(*dilations), {}, {}, Shape(rank, 0), {}};
  windows.low.assign(pads->begin(), pads->begin() + rank);
  windows.high.assign(pads->begin() + rank, pads->end());
  std::string mode = node.text("auto_pad", "NOTSET");
  if (mode != "NOTSET" && mode != "VALID" && mode != "SAME_UPPER" && mode != "SAME_LOWER")
    return node.error() << "expects NOTSET, VALID, SAME_UPPER or SAME_LOWER as auto_pad, but got '"
                        << printableName(mode) << "'";
  if (mode != "NOTSET")
    padAutomatically(image, windows, mode);
  for (size_t axis = 0; axis < rank; ++axis) {
    int64_t padded = image[axis] + windows.low[axis] + windows.high[axis], stride = windows.strides[axis];
    int64_t reach = windows.reach(axis);
    if (reach > padded)
      return node.error() << "has windows of " << reach << ", but the padded input has " << padded;
    int64_t output = (padded - reach) / stride + 1;
    // A window that begins behind the image is none.
    if (node.integer("ceil_mode", 0) && output * stride < image[axis] + windows.low[axis])
      output = llvm::divideCeil(padded - reach, stride) + 1;
    windows.surplus[axis] = std::max<int64_t>(0, (output - 1) * stride + reach - padded);
    windows.output.push_back(output);
  }
  return windows;
}

/// [n, c, w] as an image of one row.
static Imported asImage(NodeImport &node, const Imported &data) {
  if (data.shape.size() != 3)
    return data;
  Imported image = data;
  image.shape.insert(image.shape.begin() + 2, 1);
  image.channelsLast = false;
  if (image.constant) {
    image.constant->shape = image.shape;
    return image;
  }
  Imported whole = data;
  image.value = FloatBuilder(node).reshape(node.value(whole, Layout::AsInFile), image.shape);
  return image;
}

static Windows asImage(Windows windows) {
  if (windows.rank() != 1)
    return windows;
  for (auto [sizes, one] : {std::pair(&windows.kernel, 1), std::pair(&windows.strides, 1),
                            std::pair(&windows.dilations, 1), std::pair(&windows.low, 0), std::pair(&windows.high, 0),
                            std::pair(&windows.surplus, 0), std::pair(&windows.output, 1)})
    sizes->insert(sizes->begin(), one);
  return windows;
}

/// The result under the file's shape, which may lack the height.
static Imported imageResult(NodeImport &node, Value value, Shape shape, size_t rank) {
  Imported image{.shape = std::move(shape), .value = value, .channelsLast = true};
  if (rank == 4)
    return image;
  Value rows = node.value(image, Layout::AsInFile);
  Shape sequence{image.shape[0], image.shape[1], image.shape[3]};
  return Imported{.shape = sequence, .value = FloatBuilder(node).reshape(rows, sequence)};
}

//===-- Convolutions --------------------------------------------------------------------------===//

/// A convolution of an image with weights [o, c / groups, h, w].
static FailureOr<Value> convolveImage(NodeImport &node, Imported &data, const Imported &filter, const Windows &windows,
                                      const Array *biases, int64_t groups) {
  const Array &weights = *filter.constant;
  int64_t channels = weights.shape[0];
  bool isDepthwise = groups > 1 && weights.shape[1] == 1;
  Array filters = transpose(weights, isDepthwise ? ArrayRef<int64_t>{1, 2, 3, 0} : ArrayRef<int64_t>{0, 2, 3, 1});
  ContractionOperands operands =
      contractionOperands(node, data, Layout::ChannelsLast, filter, filters, isDepthwise ? 3 : 0);
  Value bias;
  if (biases && biases->size() != channels)
    return node.error() << "expects a bias of " << channels << " numbers, but got " << biases->size();
  if (biases && operands.isFloat)
    bias = node.makeConstant(*biases, Type(), filter.name + ".bias");
  RankedTensorType type = node.floatType({data.shape[0], windows.output[0], windows.output[1], channels});
  Value result;
  if (isDepthwise)
    result = qnn::DepthwiseConv2dOp::create(node.builder, node.location, type, operands.data, operands.filter, bias,
                                            windows.strides, windows.dilations, padsByAxis(windows));
  else
    result =
        qnn::Conv2dOp::create(node.builder, node.location, type, operands.data, operands.filter, bias, Value(),
                              windows.strides, windows.dilations, padsByAxis(windows), groups, qnn::AlgorithmAttr());
  return biases && !operands.isFloat ? addBias(node, result, *biases) : result;
}

FailureOr<Imported> qcc::onnx::convolve(NodeImport &node, Imported &data, const Imported &filter, const Array *bias) {
  const Shape &weights = filter.shape;
  int64_t groups = node.integer("group", 1);
  size_t rank = data.shape.size();
  if ((rank != 3 && rank != 4) || weights.size() != rank || groups < 1 || data.shape[1] != weights[1] * groups ||
      weights[0] % groups)
    return node.error() << "expects an image [n, c, h, w] and weights [o, c / group, h, w], or without h, but got "
                        << showShape(data.shape) << ", " << showShape(weights) << " and " << groups << " groups";
  FailureOr<Windows> read =
      readWindows(node, ArrayRef(data.shape).drop_front(2), Shape(ArrayRef(weights).drop_front(2)));
  if (failed(read))
    return failure();
  Windows windows = asImage(*read);
  Imported image = asImage(node, data), filters = asImage(node, filter);
  FailureOr<Value> result = convolveImage(node, image, filters, windows, bias, groups);
  if (failed(result))
    return failure();
  return imageResult(node, *result, {data.shape[0], weights[0], windows.output[0], windows.output[1]}, rank);
}

LogicalResult qcc::onnx::importConv(NodeImport &node) {
  if (failed(node.expectInputs(2, 3)) || failed(node.constant(1)))
    return failure();
  Array *bias = nullptr;
  if (node.hasInput(2)) {
    FailureOr<Array *> read = node.constant(2);
    if (failed(read))
      return failure();
    bias = *read;
  }
  FailureOr<Imported> result = convolve(node, node.input(0), node.input(1), bias);
  return failed(result) ? failure() : node.define(std::move(*result));
}

namespace {
/// What of a transposed convolution's full result is kept: `low` elements are cut off in front.
struct Crop {
  Shape low, output;
};
} // namespace

/// total = stride (input - 1) + output_padding + reach - output, divided as `auto_pad` says where the output is given.
static FailureOr<Crop> readCrop(NodeImport &node, ArrayRef<int64_t> image, const Windows &windows) {
  size_t rank = image.size();
  FailureOr<Shape> more = node.integers("output_padding", rank, 0, 0), pads = node.integers("pads", 2 * rank, 0, 0);
  if (failed(more) || failed(pads))
    return failure();
  std::optional<Shape> wanted = node.integers("output_shape");
  std::string mode = node.text("auto_pad", "NOTSET");
  bool isSame = StringRef(mode).starts_with("SAME");
  if (wanted && wanted->size() != rank)
    return node.error() << "expects an output_shape of " << rank << " sizes, but got " << showShape(*wanted);
  Crop crop;
  for (size_t axis = 0; axis < rank; ++axis) {
    int64_t full = windows.strides[axis] * (image[axis] - 1) + (*more)[axis] + windows.reach(axis);
    int64_t low = (*pads)[axis], output = full - low - (*pads)[rank + axis];
    if (wanted || isSame) {
      output = wanted ? (*wanted)[axis] : image[axis] * windows.strides[axis];
      int64_t total = std::max<int64_t>(0, full - output);
      low = mode == "SAME_UPPER" ? total / 2 : total - total / 2;
    }
    constexpr int64_t most = 1 << 24;
    if (output < 1 || output > most)
      return node.error() << "expects a result of 1 to 2^24 elements, but axis " << axis << " has " << output;
    crop.low.push_back(low);
    crop.output.push_back(output);
  }
  return crop;
}

/// `count - 1` zeros behind each element of an axis of x [n, h, w, c], but the last: each becomes a row of its own.
static Value spread(FloatBuilder &b, Value x, int64_t axis, int64_t count) {
  Shape shape(shapeOfValue(x)), rows = shape, none(shape.size() + 1, 0), behind = none;
  if (count == 1)
    return x;
  rows.insert(rows.begin() + axis + 1, 1);
  behind[axis + 1] = count - 1;
  x = b.pad(b.reshape(x, rows), none, behind, 0);
  shape[axis] *= count;
  return b.part(b.reshape(x, shape), axis, 0, shape[axis] - count + 1);
}

/// Weights [c, o / groups, h, w], turned by half a turn, as those of a convolution [o, c / groups, h, w].
static Array turnedWeights(const Array &weights, int64_t groups) {
  ArrayRef<int64_t> from = weights.shape;
  int64_t inputs = from[0] / groups, outputs = from[1], h = from[2], w = from[3];
  return weights.gather({outputs * groups, inputs, h, w}, [&](int64_t i) {
    int64_t x = i % w, y = i / w % h, input = i / (w * h) % inputs, output = i / (w * h * inputs);
    int64_t group = output / outputs;
    return (((group * inputs + input) * outputs + output % outputs) * h + (h - 1 - y)) * w + (w - 1 - x);
  });
}

/// A convolution with stride 1 over the input with zeros between its elements.
LogicalResult qcc::onnx::importConvTranspose(NodeImport &node) {
  if (failed(node.expectInputs(2, 3)) || failed(node.constant(1)))
    return failure();
  Imported data = node.input(0), filter = node.input(1);
  size_t rank = data.shape.size();
  int64_t groups = node.integer("group", 1);
  if ((rank != 3 && rank != 4) || filter.shape.size() != rank || groups < 1 || data.shape[1] != filter.shape[0] ||
      data.shape[1] % groups || *countElements(data.shape) == 0)
    return node.error() << "expects an image [n, c, h, w] and weights [c, o / group, h, w], or without h, but got "
                        << showShape(data.shape) << ", " << showShape(filter.shape) << " and " << groups << " groups";
  ArrayRef<int64_t> sizes = ArrayRef(data.shape).drop_front(2);
  FailureOr<Shape> strides = node.integers("strides", rank - 2, 1, 1),
                   dilations = node.integers("dilations", rank - 2, 1, 1);
  if (failed(strides) || failed(dilations))
    return failure();
  Shape none(rank - 2, 0);
  Windows windows{Shape(ArrayRef(filter.shape).drop_front(2)), *strides, *dilations, none, none, none, {}};
  FailureOr<Crop> crop = readCrop(node, sizes, windows);
  if (failed(crop))
    return failure();
  FloatBuilder b(node);
  windows.output = crop->output;
  windows = asImage(windows);
  Imported image = asImage(node, data), filters = asImage(node, filter);
  Shape low = crop->low;
  if (rank == 3)
    low.insert(low.begin(), 0);
  Value x = node.floats(image, Layout::ChannelsLast);
  Shape before(4, 0), behind(4, 0);
  for (size_t axis = 0; axis < 2; ++axis) {
    x = spread(b, x, static_cast<int64_t>(axis) + 1, windows.strides[axis]);
    // The window's reach around the image gives the full result; pads take off what is not wanted.
    int64_t front = windows.reach(axis) - 1 - low[axis], size = shapeOfValue(x)[axis + 1];
    int64_t back = windows.output[axis] + windows.reach(axis) - 1 - size - front;
    int64_t start = std::max<int64_t>(0, -front), end = size - std::max<int64_t>(0, -back);
    if (end <= start)
      return node.error() << "has pads that leave nothing of " << showShape(data.shape);
    x = b.part(x, static_cast<int64_t>(axis) + 1, start, end - start);
    before[axis + 1] = std::max<int64_t>(0, front);
    behind[axis + 1] = std::max<int64_t>(0, back);
  }
  image = Imported{.value = b.pad(x, before, behind, 0), .channelsLast = true};
  image.shape = permuted(shapeOfValue(image.value), toChannelsFirst);
  filters.format = {};
  filters.constant = turnedWeights(*filters.constant, groups);
  windows.strides.assign(2, 1);
  windows.low = windows.high = windows.surplus = Shape(2, 0);
  FailureOr<Array *> bias = node.hasInput(2) ? node.constant(2) : FailureOr<Array *>(nullptr);
  if (failed(bias))
    return failure();
  FailureOr<Value> result = convolveImage(node, image, filters, windows, *bias, groups);
  if (failed(result))
    return failure();
  int64_t channels = filters.constant->shape[0];
  return node.define(imageResult(node, *result, {data.shape[0], channels, windows.output[0], windows.output[1]}, rank));
}

//===-- Pools -----------------------------------------------------------------------------------===//

/// The elements under each tap of the windows, one tensor per tap, of an input that `outside` surrounds.
static SmallVector<Value> taps(FloatBuilder &b, Value x, const Windows &windows, double outside) {
  size_t rank = windows.rank();
  Shape low(2, 0), high(2, 0), sizes(shapeOfValue(x).take_front(2)), strides(2, 1);
  low.append(windows.low);
  for (size_t axis = 0; axis < rank; ++axis)
    high.push_back(windows.high[axis] + windows.surplus[axis]);
  sizes.append(windows.output);
  strides.append(windows.strides);
  x = b.pad(x, low, high, outside);
  SmallVector<Value> result;
  Shape tap(rank, 0);
  for (int64_t count = *countElements(windows.kernel); count > 0; --count) {
    Shape starts(2, 0);
    for (size_t axis = 0; axis < rank; ++axis)
      starts.push_back(tap[axis] * windows.dilations[axis]);
    result.push_back(b.slice(x, starts, strides, sizes));
    for (size_t axis = rank; axis-- > 0;) {
      if (++tap[axis] < windows.kernel[axis])
        break;
      tap[axis] = 0;
    }
  }
  return result;
}

/// How many elements the windows hold: those of the image and, if they are counted, of the pads.
static Value countOf(FloatBuilder &b, ArrayRef<int64_t> image, const Windows &windows, bool countsPads) {
  Value counts;
  for (size_t axis = 0; axis < windows.rank(); ++axis) {
    std::vector<float> along;
    for (int64_t i = 0; i < windows.output[axis]; ++i) {
      float count = 0;
      for (int64_t tap = 0; tap < windows.kernel[axis]; ++tap) {
        int64_t at = i * windows.strides[axis] + tap * windows.dilations[axis] - windows.low[axis];
        count += countsPads ? at < image[axis] + windows.high[axis] : at >= 0 && at < image[axis];
      }
      along.push_back(count);
    }
    Shape shape(windows.rank() - axis, 1);
    shape[0] = windows.output[axis];
    Value factor = b.constant(shape, along);
    counts = counts ? b.mul(counts, factor) : factor;
  }
  return counts;
}

/// Pools that qnn has no operator for: tap by tap.
static LogicalResult poolByTaps(NodeImport &node, const Windows &windows) {
  constexpr int64_t most = 256;
  if (*countElements(windows.kernel) > most)
    return node.error() << "expects windows of at most " << most << " elements, but got " << showShape(windows.kernel);
  FloatBuilder b(node);
  bool isMaximum = node.kind() == "MaxPool";
  int64_t p = node.integer("p", 2);
  auto prepare = [&](Value x) {
    if (node.kind() != "LpPool")
      return x;
    return p == 2 ? b.mul(x, x)
           : p == 1
               ? b.apply(qnn::Function::Abs, x)
               : b.combine(qnn::Combination::Power, b.apply(qnn::Function::Abs, x), b.scalar(static_cast<double>(p)));
  };
  Value result;
  for (Value tap : taps(b, prepare(node.floats(0)), windows, isMaximum ? -HUGE_VAL : 0))
    result = !result ? tap : isMaximum ? b.maximum(result, tap) : b.add(result, tap);
  ArrayRef<int64_t> image = ArrayRef(node.input(0).shape).drop_front(2);
  if (node.kind() == "AveragePool")
    result = b.div(result, countOf(b, image, windows, node.integer("count_include_pad", 0) != 0));
  if (node.kind() == "LpPool" && p != 1)
    result = p == 2 ? b.sqrt(result) : b.combine(qnn::Combination::Power, result, b.scalar(1 / static_cast<double>(p)));
  return node.define(result);
}

LogicalResult qcc::onnx::importPool(NodeImport &node) {
  if (failed(node.expectInputs(1, 1)))
    return failure();
  Imported &data = node.input(0);
  size_t rank = data.shape.size();
  if (rank < 3)
    return node.error() << "expects an image [n, c, h, w], but got " << showShape(data.shape);
  if (node.hasOutput(1))
    return node.error() << "has Indices as its second output, which are not supported";
  FailureOr<Shape> kernel = node.integers("kernel_shape", rank - 2, 0, 1);
  if (failed(kernel))
    return failure();
  FailureOr<Windows> read = readWindows(node, ArrayRef(data.shape).drop_front(2), *kernel);
  if (failed(read))
    return failure();
  bool isMaximum = node.kind() == "MaxPool";
  bool countsPads = !isMaximum && node.integer("count_include_pad", 0) && read->hasPads();
  bool isWide = false; // pads as large as a window
  for (size_t axis = 0; axis < rank - 2; ++axis)
    isWide = isWide || std::max(read->low[axis], read->high[axis] + read->surplus[axis]) >= read->kernel[axis];
  if (rank > 4 || node.kind() == "LpPool" || countsPads || isWide ||
      llvm::any_of(read->dilations, [](int64_t d) { return d != 1; }))
    return poolByTaps(node, *read);
  Windows windows = asImage(*read);
  Imported image = asImage(node, data);
  Shape shape{data.shape[0], data.shape[1], windows.output[0], windows.output[1]};
  // The largest code is that of the largest number.
  Value input = isMaximum ? node.value(image, Layout::ChannelsLast) : node.floats(image, Layout::ChannelsLast);
  auto type = RankedTensorType::get(permuted(shape, toChannelsLast),
                                    llvm::cast<RankedTensorType>(input.getType()).getElementType());
  Value result;
  if (isMaximum)
    result = qnn::MaxPool2dOp::create(node.builder, node.location, type, input, windows.kernel, windows.strides,
                                      padsByAxis(windows));
  else
    result = qnn::AvgPool2dOp::create(node.builder, node.location, type, input, windows.kernel, windows.strides,
                                      padsByAxis(windows));
  return node.define(imageResult(node, result, shape, rank));
}

LogicalResult qcc::onnx::importGlobalPool(NodeImport &node) {
  if (failed(node.expectInputs(1, 1)))
    return failure();
  Imported &data = node.input(0);
  if (data.shape.size() < 3)
    return node.error() << "expects an image [n, c, h, w], but got " << showShape(data.shape);
  FloatBuilder b(node);
  bool isMaximum = node.kind() == "GlobalMaxPool";
  if (data.shape.size() != 4) {
    Shape axes = llvm::to_vector(llvm::seq<int64_t>(2, data.shape.size()));
    return node.define(isMaximum ? b.largest(node.floats(0), axes) : b.mean(node.floats(0), axes));
  }
  Shape shape{data.shape[0], data.shape[1], 1, 1};
  RankedTensorType type = node.floatType(permuted(shape, toChannelsLast));
  Value input = node.floats(data, Layout::ChannelsLast), result;
  if (isMaximum)
    result = qnn::MaxPool2dOp::create(node.builder, node.location, type, input,
                                      ArrayRef<int64_t>{data.shape[2], data.shape[3]});
  else
    result = b.mean(input, {1, 2});
  return node.define(result, shape, /*channelsLast=*/true);
}
