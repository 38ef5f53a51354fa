// Convolutions, dense layers, matrix products and pools.
#include "compiler/import/tflite/Window.h"
#include "compiler/support/SamePadding.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::tflite;

LogicalResult qcc::tflite::resolvePadding(OperatorImport &op, schema::Padding padding, ArrayRef<int64_t> input,
                                          Window &window) {
  for (int i = 0; i < 2; ++i)
    if (window.strides[i] < 1 || window.dilations[i] < 1 || window.kernel[i] < 1)
      return op.error() << "expects a kernel, strides and dilations of at least 1, but got " << window.kernel[i] << ", "
                        << window.strides[i] << " and " << window.dilations[i];
  if (padding == schema::Padding::VALID)
    return success();
  if (padding != schema::Padding::SAME)
    return op.error() << "expects the padding SAME (0) or VALID (1), but got " << static_cast<int>(padding);
  for (int i = 0; i < 2; ++i) {
    int64_t span = (window.kernel[i] - 1) * window.dilations[i] + 1;
    std::tie(window.pads[2 * i], window.pads[2 * i + 1]) = samePadding(input[i + 1], span, window.strides[i]);
  }
  return success();
}

LogicalResult qcc::tflite::expectImages(OperatorImport &op, ArrayRef<Value> values) {
  for (Value value : values)
    if (shapeOf(value).size() != 4)
      return op.error() << "expects tensors of rank 4, but got " << value.getType();
  return success();
}

namespace {
/// What both convolutions read.
struct Convolution {
  Value input, filter, bias;
  RankedTensorType output;
  Window window;
  qnn::Activation activation;
};
} // namespace

template <typename Options>
static FailureOr<Convolution> readConvolution(OperatorImport &op, StringRef optionsName, int64_t channelAxis) {
  const Options *options = op.options<Options>(optionsName);
  if (!options || failed(op.expectOperands(2, 3)))
    return failure();
  Convolution result;
  if (!(result.input = op.input(0)) || !(result.filter = op.filter(1, channelAxis, result.input)) ||
      failed(expectImages(op, {result.input, result.filter})))
    return failure();
  FailureOr<Value> bias = op.bias(2, result.input, result.filter);
  FailureOr<qnn::Activation> activation = failure();
  if (failed(bias) || failed(activation = op.activation(options->fused_activation_function())) ||
      !(result.output = op.resultType()))
    return failure();
  result.bias = *bias;
  result.activation = *activation;
  ArrayRef<int64_t> filter = shapeOf(result.filter);
  result.window = {{filter[1], filter[2]},
                   {options->stride_h(), options->stride_w()},
                   {options->dilation_h_factor(), options->dilation_w_factor()}};
  if (failed(resolvePadding(op, options->padding(), shapeOf(result.input), result.window)))
    return failure();
  return result;
}

LogicalResult qcc::tflite::importConv2d(OperatorImport &op) {
  FailureOr<Convolution> conv =
      readConvolution<schema::Conv2DOptions>(op, "Conv2DOptions", qnn::Conv2dOp::filterChannelAxis);
  if (failed(conv))
    return failure();
  // A filter of fewer channels than the input is a grouped convolution; the verifier checks that they divide.
  int64_t filterChannels = shapeOf(conv->filter)[3];
  int64_t groups = filterChannels > 0 ? std::max<int64_t>(1, shapeOf(conv->input)[3] / filterChannels) : 1;
  op.define(0, qnn::Conv2dOp::create(op.builder, op.location, conv->output, conv->input, conv->filter, conv->bias,
                                     Value(), conv->window.strides, conv->window.dilations, conv->window.pads, groups,
                                     qnn::AlgorithmAttr(), conv->activation, op.rescale(RoundedOperator::Convolution)));
  return success();
}

LogicalResult qcc::tflite::importDepthwiseConv2d(OperatorImport &op) {
  // The channel multiplier in the options is redundant, and converters leave it 0: the shapes have it, too.
  FailureOr<Convolution> conv = readConvolution<schema::DepthwiseConv2DOptions>(
      op, "DepthwiseConv2DOptions", qnn::DepthwiseConv2dOp::filterChannelAxis);
  if (failed(conv))
    return failure();
  op.define(0,
            qnn::DepthwiseConv2dOp::create(op.builder, op.location, conv->output, conv->input, conv->filter, conv->bias,
                                           conv->window.strides, conv->window.dilations, conv->window.pads,
                                           conv->activation, op.rescale(RoundedOperator::Convolution)));
  return success();
}

LogicalResult qcc::tflite::importFullyConnected(OperatorImport &op) {
  const auto *options = op.options<schema::FullyConnectedOptions>("FullyConnectedOptions");
  if (!options || failed(op.expectOperands(2, 3)))
    return failure();
  if (options->weights_format() != schema::WeightsFormat::DEFAULT)
    return op.error() << "has shuffled weights, which are not supported; convert the model without them";
  Value input = op.input(0), filter = input ? op.filter(1, qnn::DenseOp::filterChannelAxis, input) : Value();
  if (!filter)
    return failure();
  if (shapeOf(filter).size() != 2)
    return op.error() << "expects weights of rank 2, but got " << filter.getType();
  FailureOr<Value> bias = op.bias(2, input, filter);
  FailureOr<qnn::Activation> activation = op.activation(options->fused_activation_function());
  RankedTensorType declared = op.resultType();
  if (failed(bias) || failed(activation) || !declared)
    return failure();
  int64_t units = shapeOf(filter)[0], features = shapeOf(filter)[1];
  auto inputType = llvm::cast<RankedTensorType>(input.getType());
  // Without keep_num_dims the input counts as a matrix whose rows have as many elements as there are features.
  if (!options->keep_num_dims() && inputType.getRank() != 2) {
    if (features == 0 || inputType.getNumElements() % features)
      return op.error() << "expects a multiple of the weights' " << features << " features as input, but got "
                        << inputType.getNumElements() << " elements";
    inputType = inputType.clone({inputType.getNumElements() / features, features});
    input = qnn::ReshapeOp::create(op.builder, op.location, inputType, input);
  }
  if (inputType.getRank() == 0)
    return op.error() << "expects an input of at least rank 1, but got " << inputType;
  SmallVector<int64_t> shape(inputType.getShape());
  shape.back() = units;
  auto type = RankedTensorType::get(shape, declared.getElementType());
  Value result = qnn::DenseOp::create(op.builder, op.location, type, input, filter, *bias, Value(), *activation,
                                      op.rescale(RoundedOperator::FullyConnected));
  return op.defineReshaped(result, declared);
}

/// Swaps the last two dimensions.
static Value transposeMatrix(OperatorImport &op, Value value) {
  auto type = llvm::cast<RankedTensorType>(value.getType());
  SmallVector<int64_t> shape(type.getShape()), permutation = llvm::to_vector(llvm::seq<int64_t>(0, type.getRank()));
  std::swap(shape[shape.size() - 1], shape[shape.size() - 2]);
  std::swap(permutation[shape.size() - 1], permutation[shape.size() - 2]);
  return qnn::TransposeOp::create(op.builder, op.location, type.clone(shape), value, permutation);
}

LogicalResult qcc::tflite::importBatchMatmul(OperatorImport &op) {
  if (failed(op.expectOperands(2, 2)))
    return failure();
  Value lhs = op.input(0), rhs = lhs ? op.filter(1, -1, lhs) : Value();
  RankedTensorType type = op.resultType();
  if (!rhs || !type)
    return failure();
  for (Value value : {lhs, rhs})
    if (shapeOf(value).size() < 2)
      return op.error() << "expects operands of at least rank 2, but got " << value.getType();
  const auto *options = op.optionsIfAny<schema::BatchMatMulOptions>();
  if (options && options->adj_x())
    lhs = transposeMatrix(op, lhs);
  op.define(0, qnn::MatmulOp::create(op.builder, op.location, type, lhs, rhs, options && options->adj_y(),
                                     qnn::Activation::None, op.rescale(RoundedOperator::BatchMatmul)));
  return success();
}

LogicalResult qcc::tflite::importPool2d(OperatorImport &op) {
  const auto *options = op.options<schema::Pool2DOptions>("Pool2DOptions");
  if (!options || failed(op.expectOperands(1, 1)))
    return failure();
  Value input = op.input(0);
  RankedTensorType type = op.resultType();
  FailureOr<qnn::Activation> activation = op.activation(options->fused_activation_function());
  if (!input || !type || failed(activation) || failed(expectImages(op, {input})))
    return failure();
  Window window = {{options->filter_height(), options->filter_width()}, {options->stride_h(), options->stride_w()}};
  if (failed(resolvePadding(op, options->padding(), shapeOf(input), window)))
    return failure();
  auto create = [&]<typename Op>(Op) {
    op.define(
        0, Op::create(op.builder, op.location, type, input, window.kernel, window.strides, window.pads, *activation));
  };
  if (op.code() == schema::BuiltinOperator::MAX_POOL_2D)
    create(qnn::MaxPool2dOp());
  else
    create(qnn::AvgPool2dOp());
  return success();
}
