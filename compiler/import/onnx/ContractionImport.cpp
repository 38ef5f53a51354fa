// Conv, Gemm, MatMul and pools. Where codes stand for both operands of a contraction, it is one of integers whose
// result is f32: the same real numbers, each rounded once.
#include "compiler/import/onnx/Importer.h"

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

namespace {
struct Operands {
  Value data, filter;
  bool isFloat;
};
} // namespace

/// Both operands in codes, or both in f32. `weights` are laid out as qnn has them, their channels on `channelAxis`.
static Operands operandsOf(NodeImport &node, Imported &data, NodeImport::Layout layout, const Imported &filter,
                           const Array &weights, int64_t channelAxis) {
  Value codes = node.value(data, layout);
  bool isFloat = !filter.format || qnn::getFormat(codes).isFloat();
  Type format = isFloat ? Type() : withChannelAxis(filter.format, channelAxis);
  return {isFloat ? node.floats(data, layout) : codes, node.makeConstant(weights, format, filter.name), isFloat};
}

/// Adds a bias of one number per channel of the last axis: as an operand for floats, behind the contraction for others.
static Value addBias(NodeImport &node, Value result, const Array &bias) {
  Array row = bias;
  row.shape = {bias.size()};
  Value constant = node.makeConstant(row, Type(), "bias");
  auto type = llvm::cast<RankedTensorType>(result.getType());
  return qnn::AddOp::create(node.builder, node.location, type, result, constant);
}

//===-- Dense ---------------------------------------------------------------------------===//

/// data [..., K] times weights [N, K], plus a bias of N numbers.
static LogicalResult importDense(NodeImport &node, Imported &data, const Imported &filter, const Array &weights,
                                 const Array *bias) {
  int64_t units = weights.shape[0], depth = weights.shape[1];
  if (data.shape.empty() || data.shape.back() != depth)
    return node.error() << "expects operands that share a dimension, but got " << showShape(data.shape) << " and "
                        << showShape(filter.shape);
  Operands operands = operandsOf(node, data, NodeImport::Layout::AsInFile, filter, weights, 0);
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
  return node.define(result, shape);
}

LogicalResult qcc::onnx::importMatMul(NodeImport &node) {
  if (failed(node.expectInputs(2, 2)))
    return failure();
  Imported &lhs = node.input(0), &rhs = node.input(1);
  if (rhs.constant && rhs.shape.size() == 2)
    return importDense(node, lhs, rhs, transpose(*rhs.constant, {1, 0}), nullptr);
  size_t rank = lhs.shape.size();
  if (rank < 2 || rhs.shape.size() != rank || ArrayRef(lhs.shape).drop_back(2) != ArrayRef(rhs.shape).drop_back(2) ||
      lhs.shape[rank - 1] != rhs.shape[rank - 2])
    return node.error() << "expects matrices [..., m, k] and [..., k, n] of the same rank, but got "
                        << showShape(lhs.shape) << " and " << showShape(rhs.shape);
  Value a = node.value(lhs, NodeImport::Layout::AsInFile), b = node.value(rhs, NodeImport::Layout::AsInFile);
  if (qnn::getFormat(a).isFloat() || qnn::getFormat(b).isFloat()) {
    a = node.floats(0);
    b = node.floats(1);
  }
  Shape shape = lhs.shape;
  shape[rank - 1] = rhs.shape[rank - 1];
  return node.define(qnn::MatmulOp::create(node.builder, node.location, node.floatType(shape), a, b));
}

LogicalResult qcc::onnx::importGemm(NodeImport &node) {
  if (failed(node.expectInputs(2, 3)))
    return failure();
  FailureOr<Array *> weights = node.constant(1);
  if (failed(weights))
    return failure();
  if ((*weights)->shape.size() != 2 || node.integer("transA", 0) || node.number("alpha", 1) != 1 ||
      node.number("beta", 1) != 1)
    return node.error() << "expects a matrix of weights and neither transA nor other factors than 1";
  Array filter = node.integer("transB", 0) ? **weights : transpose(**weights, {1, 0});
  Array *bias = nullptr;
  if (node.hasInput(2)) {
    FailureOr<Array *> found = node.constant(2);
    if (failed(found))
      return failure();
    bias = *found;
    if (bias->size() != filter.shape[0])
      return node.error() << "expects a bias of " << filter.shape[0] << " numbers, but got " << bias->size();
  }
  return importDense(node, node.input(0), node.input(1), filter, bias);
}

//===-- Windows -------------------------------------------------------------------------===//

namespace {
/// How windows lie on an image, and what comes out.
struct Windows {
  Shape kernel, strides, dilations, pads; // pads: top, left, bottom, right
  Shape output;                           // height, width

  /// As qnn has them: top, bottom, left, right.
  Shape padsByAxis() const { return {pads[0], pads[2], pads[1], pads[3]}; }
};
} // namespace

/// The padding that `auto_pad` asks for: as much as makes the output input / stride, rounded up; the odd one at the end
/// (UPPER) or at the begin (LOWER).
static Shape automaticPads(ArrayRef<int64_t> input, const Windows &windows, StringRef mode) {
  Shape pads(4, 0);
  for (size_t axis = 0; axis < 2 && mode.starts_with("SAME"); ++axis) {
    int64_t stride = windows.strides[axis], output = llvm::divideCeil(input[axis], stride);
    int64_t reach = (windows.kernel[axis] - 1) * windows.dilations[axis] + 1;
    int64_t total = std::max<int64_t>(0, (output - 1) * stride + reach - input[axis]);
    pads[axis] = mode == "SAME_LOWER" ? total - total / 2 : total / 2;
    pads[axis + 2] = total - pads[axis];
  }
  return pads;
}

static FailureOr<Windows> readWindows(NodeImport &node, ArrayRef<int64_t> shape, Shape kernel) {
  FailureOr<Shape> strides = node.integers("strides", 2, 1, 1), dilations = node.integers("dilations", 2, 1, 1),
                   pads = node.integers("pads", 4, 0, 0);
  if (failed(strides) || failed(dilations) || failed(pads))
    return failure();
  Windows windows{std::move(kernel), std::move(*strides), std::move(*dilations), std::move(*pads), {}};
  std::string mode = node.text("auto_pad", "NOTSET");
  if (mode != "NOTSET" && mode != "VALID" && mode != "SAME_UPPER" && mode != "SAME_LOWER")
    return node.error() << "expects NOTSET, VALID, SAME_UPPER or SAME_LOWER as auto_pad, but got '"
                        << printableName(mode) << "'";
  ArrayRef<int64_t> image = shape.drop_front(2);
  if (mode != "NOTSET")
    windows.pads = automaticPads(image, windows, mode);
  if (node.integer("ceil_mode", 0))
    return node.error() << "has ceil_mode, which is not supported";
  for (size_t axis = 0; axis < 2; ++axis) {
    int64_t padded = image[axis] + windows.pads[axis] + windows.pads[axis + 2];
    int64_t reach = (windows.kernel[axis] - 1) * windows.dilations[axis] + 1;
    if (reach > padded)
      return node.error() << "has windows of " << reach << ", but the padded input has " << padded;
    windows.output.push_back((padded - reach) / windows.strides[axis] + 1);
  }
  return windows;
}

LogicalResult qcc::onnx::importConv(NodeImport &node) {
  if (failed(node.expectInputs(2, 3)))
    return failure();
  FailureOr<Array *> found = node.constant(1);
  if (failed(found))
    return failure();
  Imported &data = node.input(0), &filter = node.input(1);
  const Array &weights = **found;
  int64_t groups = node.integer("group", 1);
  if (data.shape.size() != 4 || weights.shape.size() != 4 || groups < 1 || data.shape[1] != weights.shape[1] * groups ||
      weights.shape[0] % groups)
    return node.error() << "expects an image [n, c, h, w] and weights [o, c / group, h, w], but got "
                        << showShape(data.shape) << ", " << showShape(weights.shape) << " and " << groups << " groups";
  FailureOr<Windows> windows = readWindows(node, data.shape, {weights.shape[2], weights.shape[3]});
  if (failed(windows))
    return failure();
  int64_t channels = weights.shape[0];
  bool isDepthwise = groups > 1 && weights.shape[1] == 1;
  Array filters = transpose(weights, isDepthwise ? ArrayRef<int64_t>{1, 2, 3, 0} : ArrayRef<int64_t>{0, 2, 3, 1});
  Operands operands = operandsOf(node, data, NodeImport::Layout::ChannelsLast, filter, filters, isDepthwise ? 3 : 0);
  Value bias;
  Array *biases = nullptr;
  if (node.hasInput(2)) {
    FailureOr<Array *> read = node.constant(2);
    if (failed(read))
      return failure();
    biases = *read;
    if (biases->size() != channels)
      return node.error() << "expects a bias of " << channels << " numbers, but got " << biases->size();
    if (operands.isFloat)
      bias = node.makeConstant(*biases, Type(), filter.name + ".bias");
  }
  Shape shape{data.shape[0], channels, windows->output[0], windows->output[1]};
  RankedTensorType type = node.floatType(permuted(shape, toChannelsLast));
  Value result;
  if (isDepthwise)
    result = qnn::DepthwiseConv2dOp::create(node.builder, node.location, type, operands.data, operands.filter, bias,
                                            windows->strides, windows->dilations, windows->padsByAxis());
  else
    result = qnn::Conv2dOp::create(node.builder, node.location, type, operands.data, operands.filter, bias, Value(),
                                   windows->strides, windows->dilations, windows->padsByAxis(), groups,
                                   qnn::AlgorithmAttr());
  if (biases && !operands.isFloat)
    result = addBias(node, result, *biases);
  return node.define(result, shape, /*channelsLast=*/true);
}

LogicalResult qcc::onnx::importPool(NodeImport &node) {
  if (failed(node.expectInputs(1, 1)))
    return failure();
  Imported &data = node.input(0);
  FailureOr<Shape> kernel = node.integers("kernel_shape", 2, 0, 1);
  if (failed(kernel))
    return failure();
  if (data.shape.size() != 4)
    return node.error() << "expects an image [n, c, h, w], but got " << showShape(data.shape);
  FailureOr<Windows> windows = readWindows(node, data.shape, *kernel);
  if (failed(windows))
    return failure();
  bool isMaximum = node.kind() == "MaxPool";
  if (llvm::any_of(windows->dilations, [](int64_t d) { return d != 1; }))
    return node.error() << "has dilations, which are not supported";
  if (!isMaximum && node.integer("count_include_pad", 0) && llvm::any_of(windows->pads, [](int64_t p) { return p; }))
    return node.error() << "counts its padding, which is not supported";
  Shape shape{data.shape[0], data.shape[1], windows->output[0], windows->output[1]};
  // The largest code is that of the largest number.
  Value input = isMaximum ? node.value(data, NodeImport::Layout::ChannelsLast)
                          : node.floats(data, NodeImport::Layout::ChannelsLast);
  auto type = RankedTensorType::get(permuted(shape, toChannelsLast),
                                    llvm::cast<RankedTensorType>(input.getType()).getElementType());
  Value result;
  if (isMaximum)
    result = qnn::MaxPool2dOp::create(node.builder, node.location, type, input, windows->kernel, windows->strides,
                                      windows->padsByAxis());
  else
    result = qnn::AvgPool2dOp::create(node.builder, node.location, type, input, windows->kernel, windows->strides,
                                      windows->padsByAxis());
  return node.define(result, shape, /*channelsLast=*/true);
}

LogicalResult qcc::onnx::importGlobalPool(NodeImport &node) {
  if (failed(node.expectInputs(1, 1)))
    return failure();
  Imported &data = node.input(0);
  if (data.shape.size() != 4)
    return node.error() << "expects an image [n, c, h, w], but got " << showShape(data.shape);
  Shape shape{data.shape[0], data.shape[1], 1, 1};
  RankedTensorType type = node.floatType(permuted(shape, toChannelsLast));
  Value input = node.floats(data, NodeImport::Layout::ChannelsLast), result;
  if (node.kind() == "GlobalMaxPool")
    result = qnn::MaxPool2dOp::create(node.builder, node.location, type, input,
                                      ArrayRef<int64_t>{data.shape[2], data.shape[3]});
  else
    result = qnn::MeanOp::create(node.builder, node.location, type, input, ArrayRef<int64_t>{1, 2}, /*keep_dims=*/true);
  return node.define(result, shape, /*channelsLast=*/true);
}
