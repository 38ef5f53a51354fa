// Binary networks of Larq: the custom operators of Larq Compute Engine (Bannink et al. 2021), whose meaning and options
// are those of its versions from 0.5 on (github.com/larq/compute-engine).
//
// Its tensors of bits are INT32: a word has the bits of 32 neighbouring channels, the first in the lowest bit, 1 for -1
// and 0 for +1. Words that channels do not fill have zeros. Here they are tensors of !qnn.binary with the shape in
// channels.
#include "compiler/import/tflite/CustomOptions.h"
#include "compiler/import/tflite/Window.h"
#include "llvm/Support/Endian.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::tflite;

static constexpr int64_t wordBits = 32;
static constexpr int64_t maximumOption = INT32_MAX;

static int64_t wordsOf(int64_t channels) { return llvm::divideCeil(channels, wordBits); }

//===-- Tensors of bits -------------------------------------------------------------------===//

/// Input 0, which another operator must have written as bits; null after an error.
static Value bitInput(OperatorImport &op) {
  Value input = op.input(0);
  if (input && !llvm::isa<qnn::BinaryType>(getElementTypeOrSelf(input))) {
    op.error() << "expects bits from LceQuantize, LceBconv2d or LceBMaxPool2d, but '" << op.inputTensor(0).name
               << "' has " << nameOf(op.inputTensor(0).type) << " from elsewhere";
    return {};
  }
  return input;
}

/// The type of bits of that shape, in which the result must be declared; null after an error.
static RankedTensorType bitType(OperatorImport &op, ArrayRef<int64_t> shape) {
  const Tensor &tensor = op.outputTensor();
  SmallVector<int64_t> packed(shape);
  if (!packed.empty())
    packed.back() = wordsOf(packed.back());
  if (shape.empty() || tensor.type != schema::TensorType::INT32 || tensor.shape != packed) {
    op.error() << "expects a result of INT32 and shape " << showShape(packed) << ", for bits of shape "
               << showShape(shape) << ", but '" << tensor.name << "' has " << nameOf(tensor.type) << " and "
               << showShape(tensor.shape);
    return {};
  }
  return RankedTensorType::get(shape, qnn::BinaryType::get(op.builder.getContext()));
}

LogicalResult qcc::tflite::importLceQuantize(OperatorImport &op) {
  if (failed(op.expectOperands(1, 1)))
    return failure();
  Value input = op.input(0);
  RankedTensorType type = input ? bitType(op, shapeOf(input)) : RankedTensorType();
  if (!type)
    return failure();
  if (qnn::getFormat(input).isFloat())
    op.define(0, qnn::QuantizeOp::create(op.builder, op.location, type, input));
  else
    op.define(0, qnn::RequantizeOp::create(op.builder, op.location, type, input));
  return success();
}

LogicalResult qcc::tflite::importLceDequantize(OperatorImport &op) {
  if (failed(op.expectOperands(1, 1)))
    return failure();
  Value input = bitInput(op);
  RankedTensorType type = input ? op.resultType() : RankedTensorType();
  if (!type)
    return failure();
  if (qnn::getFormat(type).isFloat())
    op.define(0, qnn::DequantizeOp::create(op.builder, op.location, type, input));
  else
    op.define(0,
              qnn::RequantizeOp::create(op.builder, op.location, type, input, op.rescale(RoundedOperator::Requantize)));
  return success();
}

//===-- Pools -----------------------------------------------------------------------------===//

LogicalResult qcc::tflite::importLceMaxPool2d(OperatorImport &op) {
  if (failed(op.expectOperands(1, 1)))
    return failure();
  FailureOr<SmallVector<int64_t>> options = readCustomOptions(op, {{"filter_height", 0, maximumOption},
                                                                   {"filter_width", 0, maximumOption},
                                                                   {"stride_height", 0, maximumOption},
                                                                   {"stride_width", 0, maximumOption},
                                                                   {"padding", 0, 1}});
  Value input = succeeded(options) ? bitInput(op) : Value();
  if (!input || failed(expectImages(op, {input})))
    return failure();
  ArrayRef<int64_t> o = *options;
  Window window = {{o[0], o[1]}, {o[2], o[3]}};
  SmallVector<int64_t> shape(op.outputTensor().shape);
  if (failed(resolvePadding(op, static_cast<schema::Padding>(o[4]), shapeOf(input), window)))
    return failure();
  if (!shape.empty())
    shape.back() = shapeOf(input).back();
  RankedTensorType type = bitType(op, shape);
  if (!type)
    return failure();
  op.define(0, qnn::MaxPool2dOp::create(op.builder, op.location, type, input, window.kernel, window.strides,
                                        window.pads, qnn::Activation::None));
  return success();
}

//===-- Convolutions ----------------------------------------------------------------------===//

namespace {
/// A convolution of +-1 by +-1, whose sums are integers.
struct BinaryConvolution {
  Value input, filter;
  Window window;
  int64_t groups;
  qnn::Activation activation;
  int64_t channels() const { return shapeOf(filter)[0]; }
  /// Products of a sum.
  int64_t products() const { return ShapedType::getNumElements(shapeOf(filter).drop_front()); }
};
} // namespace

/// The bits of a filter of `channels` input channels in each group, turned around: qnn's 1 is +1.
static FailureOr<std::vector<char>> readFilter(OperatorImport &op, int64_t channels) {
  const Tensor &tensor = op.inputTensor(1);
  int64_t words = tensor.shape[3], rows = words ? tensor.elements / words : 0;
  std::vector<char> bytes(llvm::divideCeil(rows * channels, 8));
  for (int64_t row = 0, to = 0; row < rows; ++row)
    for (int64_t word = 0; word < words; ++word) {
      uint32_t bits = llvm::support::endian::read32le(tensor.data.data() + (row * words + word) * sizeof(uint32_t));
      int64_t used = std::min(wordBits, channels - word * wordBits);
      if (used < wordBits && bits >> used)
        return op.error() << "expects zeros behind the bits of the filter's " << channels << " channels, but '"
                          << tensor.name << "' has others";
      for (int64_t bit = 0; bit < used; ++bit, ++to)
        if (!(bits >> bit & 1))
          bytes[to / 8] |= static_cast<char>(1 << to % 8);
    }
  return bytes;
}

/// The filter as a constant; a filter of fewer words than the input has is a grouped one.
static LogicalResult makeFilter(OperatorImport &op, BinaryConvolution &conv) {
  const Tensor &tensor = op.inputTensor(1);
  int64_t channels = shapeOf(conv.input)[3];
  if (tensor.type != schema::TensorType::INT32 || !tensor.isConstant || tensor.shape.size() != 4)
    return op.error() << "expects a constant filter of INT32 words of bits and rank 4, but '" << tensor.name << "' has "
                      << nameOf(tensor.type) << " and " << showShape(tensor.shape);
  int64_t words = tensor.shape[3];
  conv.groups = words > 0 ? std::max<int64_t>(1, wordsOf(channels) / words) : 1;
  if (words * conv.groups != wordsOf(channels) || channels % conv.groups ||
      (conv.groups > 1 && channels / conv.groups != words * wordBits))
    return op.error() << "expects a filter of " << wordsOf(channels)
                      << " words for the input's channels, or of a part of them with whole words in each group, but '"
                      << tensor.name << "' has " << words << " for " << channels << " channels";
  SmallVector<int64_t> shape(tensor.shape);
  shape[3] = channels / conv.groups;
  FailureOr<std::vector<char>> bytes = readFilter(op, shape[3]);
  if (failed(bytes))
    return failure();
  auto type = RankedTensorType::get(shape, qnn::BinaryType::get(op.builder.getContext()));
  conv.filter = op.constant(1, type, std::move(*bytes));
  return success(conv.filter != Value());
}

/// Positions beyond the border are +1 if `padsOne`, otherwise 0.
static LogicalResult padInput(OperatorImport &op, BinaryConvolution &conv, bool padsOne) {
  int64_t (&pads)[4] = conv.window.pads;
  if (!padsOne || llvm::all_of(pads, [](int64_t pad) { return pad == 0; }))
    return success();
  auto type = llvm::cast<RankedTensorType>(conv.input.getType());
  SmallVector<int64_t> low = {0, pads[0], pads[2], 0}, high = {0, pads[1], pads[3], 0}, shape(type.getShape());
  int64_t elements = 1;
  for (auto [size, before, after] : llvm::zip(shape, low, high)) {
    size += before + after;
    if (size > INT32_MAX || (elements *= size) > INT32_MAX)
      return op.error() << "pads its input to 2^31 elements or more, which is not supported";
  }
  conv.input =
      qnn::PadOp::create(op.builder, op.location, type.clone(shape), conv.input, low, high, llvm::APFloat(1.0));
  llvm::fill(pads, 0);
  return success();
}

static FailureOr<BinaryConvolution> readConvolution(OperatorImport &op) {
  if (failed(op.expectOperands(2, 5)))
    return failure();
  FailureOr<SmallVector<int64_t>> options = readCustomOptions(op, {{"channels_in", 0, maximumOption},
                                                                   {"stride_height", 0, maximumOption},
                                                                   {"stride_width", 0, maximumOption},
                                                                   {"dilation_height_factor", 0, maximumOption},
                                                                   {"dilation_width_factor", 0, maximumOption},
                                                                   {"padding", 0, 1},
                                                                   {"pad_values", 0, 1},
                                                                   {"fused_activation_function", 0, INT8_MAX}});
  BinaryConvolution conv;
  if (failed(options) || !(conv.input = bitInput(op)) || failed(expectImages(op, {conv.input})))
    return failure();
  ArrayRef<int64_t> o = *options;
  if (o[0] != shapeOf(conv.input)[3])
    return op.error() << "has " << o[0] << " as channels_in, but the input has " << shapeOf(conv.input)[3]
                      << " channels";
  FailureOr<qnn::Activation> activation = op.activation(static_cast<schema::ActivationFunctionType>(o[7]));
  if (failed(activation) || failed(makeFilter(op, conv)))
    return failure();
  conv.activation = *activation;
  ArrayRef<int64_t> filter = shapeOf(conv.filter);
  conv.window = {{filter[1], filter[2]}, {o[1], o[2]}, {o[3], o[4]}};
  bool padsOne = o[6] == 1;
  if (failed(resolvePadding(op, static_cast<schema::Padding>(o[5]), shapeOf(conv.input), conv.window)))
    return failure();
  bool isFloat = op.outputTensor().type == schema::TensorType::FLOAT32;
  if (o[5] == 0 && !padsOne && (!isFloat || conv.activation != qnn::Activation::None))
    return op.error() << "pads with zeros, which needs a result of floats and no activation; expects pad_values 1";
  if (failed(padInput(op, conv, padsOne)))
    return failure();
  return conv;
}

static Value makeConvolution(OperatorImport &op, const BinaryConvolution &conv, Type element,
                             qnn::Activation activation) {
  SmallVector<int64_t> shape(op.outputTensor().shape);
  if (shape.size() != 4) {
    op.error() << "expects a result of rank 4, but got " << showShape(shape);
    return {};
  }
  shape[3] = conv.channels();
  const Window &window = conv.window;
  return qnn::Conv2dOp::create(op.builder, op.location, RankedTensorType::get(shape, element), conv.input, conv.filter,
                               Value(), Value(), window.strides, window.dilations, window.pads, conv.groups,
                               qnn::AlgorithmAttr(), activation, op.rescale(RoundedOperator::Convolution));
}

/// Bits: a result is -1 if more than `thresholds[o]` products are -1, so it is +1 if the sum is at least
/// `products - 2 * thresholds[o]`. The thresholds hold the activation.
static LogicalResult defineBits(OperatorImport &op, const BinaryConvolution &conv) {
  if (!op.hasInput(4))
    return op.error() << "expects thresholds as input 4 for a result of bits";
  const Tensor &tensor = op.inputTensor(4);
  if (tensor.type != schema::TensorType::INT32 || !tensor.isConstant ||
      ArrayRef<int64_t>(tensor.shape) != ArrayRef<int64_t>(conv.channels()))
    return op.error() << "expects constant thresholds of INT32 for " << conv.channels() << " channels, but '"
                      << tensor.name << "' has " << nameOf(tensor.type) << " and " << showShape(tensor.shape);
  int64_t products = conv.products();
  std::vector<char> bytes(tensor.data.size());
  for (int64_t i = 0; i < tensor.elements; ++i) {
    int64_t threshold = static_cast<int32_t>(llvm::support::endian::read32le(&tensor.data[i * sizeof(int32_t)]));
    // Sums are from -products to products: all of them reach the first bound, none the last.
    int64_t bound = std::clamp(products - 2 * threshold, -products, products + 1);
    llvm::support::endian::write32le(&bytes[i * sizeof(int32_t)], static_cast<uint32_t>(bound));
  }
  Type word = op.builder.getI32Type();
  Value thresholds = op.constant(4, RankedTensorType::get({conv.channels(), 1}, word), std::move(bytes));
  Value sums = thresholds ? makeConvolution(op, conv, word, qnn::Activation::None) : Value();
  RankedTensorType type = sums ? bitType(op, shapeOf(sums)) : RankedTensorType();
  if (!type)
    return failure();
  op.define(0, qnn::ThresholdOp::create(op.builder, op.location, type, sums, thresholds));
  return success();
}

/// Floats and codes: `multiplier[o] * activation(sum) + bias[o]`.
static LogicalResult defineNumbers(OperatorImport &op, const BinaryConvolution &conv) {
  Value parameters[2];
  for (size_t i : {2, 3}) {
    if (!op.hasInput(i))
      return op.error() << "expects a multiplier and a bias as inputs 2 and 3 for a result of numbers";
    Value parameter = parameters[i - 2] = op.input(i);
    if (!parameter)
      return failure();
    if (!qnn::getFormat(parameter).isFloat() || shapeOf(parameter) != ArrayRef<int64_t>(conv.channels()))
      return op.error() << "expects floats for " << conv.channels() << " channels, but '" << op.inputTensor(i).name
                        << "' has " << parameter.getType();
  }
  RankedTensorType type = op.resultType();
  Value sums = type ? makeConvolution(op, conv, op.builder.getF32Type(), conv.activation) : Value();
  if (!sums)
    return failure();
  Value product = qnn::MulOp::create(op.builder, op.location, sums.getType(), sums, parameters[0]);
  Value result = qnn::AddOp::create(op.builder, op.location, sums.getType(), product, parameters[1]);
  if (!qnn::getFormat(type).isFloat())
    result = qnn::QuantizeOp::create(op.builder, op.location, type, result);
  else if (type != result.getType())
    return op.error() << "expects a result of " << result.getType() << ", but got " << type;
  op.define(0, result);
  return success();
}

LogicalResult qcc::tflite::importLceConv2d(OperatorImport &op) {
  FailureOr<BinaryConvolution> conv = readConvolution(op);
  if (failed(conv))
    return failure();
  return op.outputTensor().type == schema::TensorType::INT32 ? defineBits(op, *conv) : defineNumbers(op, *conv);
}
