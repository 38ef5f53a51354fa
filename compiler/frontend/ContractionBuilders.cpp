// Convolutions, dense layers, matrix products, stored constants, batch normalisation.
#include "compiler/frontend/OpCall.h"
#include "compiler/support/SamePadding.h"
#include "dialects/qnn/Winograd.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::frontend;

FailureOr<Window> qcc::frontend::computeWindow(const OpCall &call, ArrayRef<int64_t> input, ArrayRef<int64_t> kernel,
                                               ArrayRef<int64_t> stride, ArrayRef<int64_t> dilation) {
  constexpr int64_t most = 1 << 24;
  Window window;
  const Datum &padding = call.get("padding");
  auto *word = padding.getIf<std::string>();
  SmallVector<int64_t> given = word ? SmallVector<int64_t>{0, 0, 0, 0} : *padding.getIntegers();
  for (int i = 0; i < 2; ++i) {
    for (int64_t value : {kernel[i], stride[i], dilation[i]})
      if (value < 1 || value > most)
        return call.error() << "expects kernel, stride and dilation from 1 to 2^24, but got " << value;
    for (int64_t value : {given[2 * i], given[2 * i + 1]})
      if (value < 0 || value > most)
        return call.errorAt("padding") << "expects padding from 0 to 2^24, but got " << value;
    int64_t span = (kernel[i] - 1) * dilation[i] + 1, low = given[2 * i], high = given[2 * i + 1];
    if (word && *word == "same")
      std::tie(low, high) = samePadding(input[i], span, stride[i]);
    int64_t size = qnn::windowOutputSize(input[i], kernel[i], stride[i], dilation[i], low, high);
    if (size < 1)
      return call.error() << "expects a window that fits the input, but "
                          << (i == 0 ? "its height is " : "its width is ") << span << " and that of the padded input "
                          << input[i] + low + high;
    window.output.push_back(size);
    window.pads.append({low, high});
  }
  return window;
}

namespace {
/// The operands that contractions with weights share.
struct Weights {
  mlir::Value filter, bias, scales;
};
} // namespace

/// The bias: given, or stored as `<layer>.bias` unless `use_bias` says otherwise.
static FailureOr<mlir::Value> findBias(OpCall &call, int64_t channels) {
  if (call.has("bias"))
    return call.tensor("bias");
  bool isStored = call.model.hasTensor(call.layer() + ".bias");
  if (call.has("use_bias") ? !call.flag("use_bias") : !isStored)
    return mlir::Value();
  return call.layerTensor("bias", {channels});
}

/// Whether an operator takes filters with a scale per group.
enum class Grouped { No, Yes };

/// The filter, its scales if it is grouped, and the bias. `shape` may hold -1 for sizes that the call leaves open.
static FailureOr<Weights> findWeights(OpCall &call, ArrayRef<int64_t> shape, int64_t channelAxis, StringRef layout,
                                      Grouped grouped) {
  Weights weights;
  TensorRequest request{call.layer() + ".weight", llvm::to_vector(shape), false, channelAxis, layout,
                        call.format("weight")};
  FailureOr<mlir::Value> filter = call.has("filter") ? call.tensor("filter") : call.model.getTensor(call.at, request);
  if (failed(filter))
    return failure();
  weights.filter = *filter;
  ArrayRef<int64_t> actual = shapeOf(*filter);
  bool fits = actual.size() == shape.size();
  for (size_t i = 0; fits && i < shape.size(); ++i)
    fits = shape[i] < 0 || shape[i] == actual[i];
  if (!fits)
    return call.errorAt("filter") << "expects a filter " << layout << " of rank " << shape.size()
                                  << " that fits the input and the call, but got " << showType(filter->getType());
  if (grouped == Grouped::Yes)
    weights.scales = call.optionalTensor("scales");
  if (int64_t group = qnn::getFormat(*filter).getGroupSize(); group && grouped == Grouped::Yes && !weights.scales) {
    SmallVector<int64_t> scaleShape(actual);
    scaleShape.back() = llvm::divideCeil(scaleShape.back(), group);
    request = TensorRequest{call.layer() + ".weight.scale", scaleShape};
    FailureOr<mlir::Value> scales = call.model.getFloatTensor(call.at, request);
    if (failed(scales))
      return failure();
    weights.scales = *scales;
  }
  FailureOr<mlir::Value> bias = findBias(call, actual[channelAxis]);
  if (failed(bias))
    return failure();
  weights.bias = *bias;
  return weights;
}

static LogicalResult expectRank(OpCall &call, mlir::Value x, size_t rank, StringRef layout) {
  if (shapeOf(x).size() == rank)
    return success();
  return call.errorAt("x") << "expects a tensor " << layout << " of rank " << rank << ", but got "
                           << showType(x.getType());
}

/// Sizes that the call states (one, or a pair), or -1 for those that it leaves to the stored filter.
static LogicalResult statedSizes(OpCall &call, StringRef parameter, MutableArrayRef<int64_t> sizes) {
  llvm::fill(sizes, -1);
  if (!call.has(parameter))
    return success();
  llvm::copy(ArrayRef<int64_t>(call.pair(parameter)).take_front(sizes.size()), sizes.begin());
  for (int64_t size : sizes)
    if (size < 1)
      return call.errorAt(parameter) << "expects '" << parameter << "' of at least 1, but got " << size;
  return success();
}

namespace {
/// What a convolution is built from, of any kind.
struct Convolution {
  Weights weights;
  SmallVector<int64_t, 2> stride, dilation;
  Window window;
  RankedTensorType type;
};
} // namespace

/// Weights, window and result of a convolution of `x`, an image, by a filter of `filterShape`, -1 for sizes that the
/// call leaves open; the filter's `channelAxis` is that of the result's channels.
static FailureOr<Convolution> findConvolution(OpCall &call, mlir::Value x, ArrayRef<int64_t> filterShape,
                                              int64_t channelAxis, StringRef layout, Grouped grouped) {
  FailureOr<Weights> weights = findWeights(call, filterShape, channelAxis, layout, grouped);
  if (failed(weights))
    return failure();
  ArrayRef<int64_t> in = shapeOf(x), filter = shapeOf(weights->filter);
  auto stride = call.pair("stride"), dilation = call.pair("dilation");
  FailureOr<Window> window = computeWindow(call, in.slice(1, 2), filter.slice(1, 2), stride, dilation);
  if (failed(window))
    return failure();
  FailureOr<Type> element = call.resultFormat(x);
  if (failed(element))
    return failure();
  auto type = call.tensorType({in[0], window->output[0], window->output[1], filter[channelAxis]}, *element);
  if (failed(type))
    return failure();
  return Convolution{*weights, stride, dilation, *window, *type};
}

/// The transformed weights of tap-wise Winograd, if they are stored; null if not.
static FailureOr<DenseIntElementsAttr> findTransformed(OpCall &call, ArrayRef<int64_t> filter, int64_t taps) {
  constexpr StringRef suffix = "transformed";
  if (!call.model.hasTensor((call.layer() + "." + suffix).str()))
    return DenseIntElementsAttr();
  FailureOr<mlir::Value> stored = call.layerTensor(suffix, {filter[0], taps, filter[3]});
  if (failed(stored))
    return failure();
  auto constant = stored->getDefiningOp<qnn::ConstantOp>();
  auto type = llvm::cast<RankedTensorType>(stored->getType());
  if (!type.getElementType().isSignlessInteger(8))
    return call.error() << "expects transformed weights of i8, but got " << showType(type);
  std::vector<int8_t> codes;
  for (int64_t code : constant.getCodes())
    codes.push_back(static_cast<int8_t>(code));
  return llvm::cast<DenseIntElementsAttr>(DenseElementsAttr::get(type, ArrayRef<int8_t>(codes)));
}

/// The tap-wise algorithm that a call with such a filter states; null if none.
static FailureOr<qnn::AlgorithmAttr> findAlgorithm(OpCall &call, ArrayRef<int64_t> filter) {
  constexpr StringRef tapwise = "tapwise", codes = "code_shifts", weights = "weight_shifts";
  if (!call.has(tapwise) && !call.has(codes) && !call.has(weights))
    return qnn::AlgorithmAttr();
  for (StringRef parameter : {tapwise, codes, weights})
    if (!call.has(parameter))
      return call.error() << "expects tapwise, code_shifts and weight_shifts, or none of them, but " << parameter
                          << " is missing";
  constexpr auto kind = qnn::AlgorithmKind::WinogradF4;
  auto numbers = call.pair(tapwise);
  SmallVector<int64_t> ofCodes = call.integers(codes), ofWeights = call.integers(weights), factors, offsets;
  if (call.has("code_factors"))
    factors = call.integers("code_factors");
  if (call.has("code_offsets"))
    offsets = call.integers("code_offsets");
  FailureOr<DenseIntElementsAttr> transformed = findTransformed(call, filter, static_cast<int64_t>(ofCodes.size()));
  if (failed(transformed))
    return failure();
  qnn::WinogradPoints points = *qnn::symbolizeWinogradPoints(call.word("points"));
  auto emitError = [&] { return call.errorAt(tapwise); };
  if (failed(qnn::AlgorithmAttr::verify(emitError, kind, points, numbers[0], ofCodes, ofWeights, numbers[1], factors,
                                        offsets, *transformed)))
    return failure();
  return qnn::AlgorithmAttr::get(call.model.builder.getContext(), kind, points, numbers[0], ofCodes, ofWeights,
                                 numbers[1], factors, offsets, *transformed);
}

FailureOr<Datum> qcc::frontend::buildConv2d(OpCall &call) {
  mlir::Value x = call.tensor("x");
  if (failed(expectRank(call, x, 4, "[batch, height, width, channels]")))
    return failure();
  int64_t channels = shapeOf(x)[3], groups = call.integer("groups");
  if (groups < 1 || channels % groups)
    return call.errorAt("groups") << "expects groups that divide the input's " << channels << " channels, but got "
                                  << groups;
  int64_t kernel[2], filters[1];
  if (failed(statedSizes(call, "kernel", kernel)) || failed(statedSizes(call, "filters", filters)))
    return failure();
  FailureOr<Convolution> conv = findConvolution(call, x, {filters[0], kernel[0], kernel[1], channels / groups}, 0,
                                                "[filters, height, width, channels per group]", Grouped::Yes);
  if (failed(conv))
    return failure();
  FailureOr<qnn::AlgorithmAttr> algorithm = findAlgorithm(call, shapeOf(conv->weights.filter));
  if (failed(algorithm))
    return failure();
  return call.finish(qnn::Conv2dOp::create(call.model.builder, call.location(), conv->type, x, conv->weights.filter,
                                           conv->weights.bias, conv->weights.scales, conv->stride, conv->dilation,
                                           conv->window.pads, groups, *algorithm, call.activation(), call.rescale()));
}

FailureOr<Datum> qcc::frontend::buildDepthwise2d(OpCall &call) {
  mlir::Value x = call.tensor("x");
  if (failed(expectRank(call, x, 4, "[batch, height, width, channels]")))
    return failure();
  int64_t kernel[2], multiplier[1];
  if (failed(statedSizes(call, "kernel", kernel)) || failed(statedSizes(call, "multiplier", multiplier)))
    return failure();
  int64_t channels = -1;
  if (multiplier[0] > 0 && llvm::MulOverflow(shapeOf(x)[3], multiplier[0], channels))
    return call.errorAt("multiplier") << "the multiplier " << multiplier[0] << " is too large";
  FailureOr<Convolution> conv = findConvolution(call, x, {1, kernel[0], kernel[1], channels}, 3,
                                                "[1, height, width, channels * multiplier]", Grouped::No);
  if (failed(conv))
    return failure();
  return call.finish(qnn::DepthwiseConv2dOp::create(
      call.model.builder, call.location(), conv->type, x, conv->weights.filter, conv->weights.bias, conv->stride,
      conv->dilation, conv->window.pads, call.activation(), call.rescale()));
}

FailureOr<Datum> qcc::frontend::buildDense(OpCall &call) {
  mlir::Value x = call.tensor("x");
  ArrayRef<int64_t> in = shapeOf(x);
  if (in.empty())
    return call.errorAt("x") << "expects a tensor of rank at least 1, but got " << showType(x.getType());
  int64_t units[1];
  if (failed(statedSizes(call, "units", units)))
    return failure();
  FailureOr<Weights> weights = findWeights(call, {units[0], in.back()}, 0, "[units, features]", Grouped::Yes);
  if (failed(weights))
    return failure();
  FailureOr<Type> element = call.resultFormat(x);
  if (failed(element))
    return failure();
  SmallVector<int64_t> shape(in);
  shape.back() = shapeOf(weights->filter)[0];
  auto type = call.tensorType(shape, *element);
  if (failed(type))
    return failure();
  return call.finish(qnn::DenseOp::create(call.model.builder, call.location(), *type, x, weights->filter, weights->bias,
                                          weights->scales, call.activation(), call.rescale()));
}

FailureOr<Datum> qcc::frontend::buildMatmul(OpCall &call) {
  mlir::Value lhs = call.tensor("a"), rhs = call.tensor("b");
  bool isTransposed = call.flag("transpose_b");
  ArrayRef<int64_t> a = shapeOf(lhs), b = shapeOf(rhs);
  if (a.size() < 2 || a.size() != b.size())
    return call.error() << "expects two tensors of one rank of at least 2, but got " << showType(lhs.getType())
                        << " and " << showType(rhs.getType());
  FailureOr<Type> element = call.resultFormat(lhs);
  if (failed(element))
    return failure();
  SmallVector<int64_t> shape(a);
  shape.back() = isTransposed ? b[b.size() - 2] : b.back();
  auto type = call.tensorType(shape, *element);
  if (failed(type))
    return failure();
  return call.finish(qnn::MatmulOp::create(call.model.builder, call.location(), *type, lhs, rhs, isTransposed,
                                           call.activation(), call.rescale()));
}

FailureOr<Datum> qcc::frontend::buildConstant(OpCall &call) {
  TensorRequest request{call.word("tensor"), {}, /*isAnyShape=*/true, -1, "", call.format("format")};
  FailureOr<mlir::Value> constant = call.model.getTensor(call.at, request);
  if (failed(constant))
    return failure();
  return Datum{*constant};
}

FailureOr<Datum> qcc::frontend::buildBatchNorm(OpCall &call) {
  mlir::Value x = call.tensor("x");
  if (shapeOf(x).empty())
    return call.errorAt("x") << "expects a tensor of rank at least 1, but got " << showType(x.getType());
  if (!elementOf(x).isF32())
    return call.errorAt("x") << "expects f32, but got " << showType(x.getType());
  double epsilon = call.number("epsilon");
  SmallVector<mlir::Value, 4> parameters;
  for (StringRef name : {"gamma", "beta", "mean", "variance"}) {
    FailureOr<mlir::Value> parameter =
        call.has(name) ? call.tensor(name) : call.layerTensor(name, shapeOf(x).take_back(1));
    if (failed(parameter))
      return failure();
    parameters.push_back(*parameter);
  }
  return call.finish(qnn::BatchNormOp::create(call.model.builder, call.location(), x.getType(), x, parameters[0],
                                              parameters[1], parameters[2], parameters[3], llvm::APFloat(epsilon)));
}
