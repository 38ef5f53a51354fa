// Quantizers: those of ONNX, and of QONNX (github.com/fastmachinelearning/qonnx). Their results are real numbers for
// which codes stand; operators that can compute with codes do.
#include "compiler/import/onnx/FloatBuilder.h"
#include "compiler/import/onnx/Linear.h"

#include "compiler/support/HostTensor.h"
#include "compiler/support/Names.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"

#include <cmath>

using namespace mlir;
using namespace qcc;
using namespace qcc::onnx;

namespace {
/// Parameters of a quantizer, one for all elements or one for each index of an axis.
struct Parameters {
  SmallVector<double> scales;
  SmallVector<int64_t> zeroPoints;
  int64_t axis = -1;
};
} // namespace

/// Of parameters that broadcast to `shape`, the one axis along which they differ.
static FailureOr<int64_t> channelAxis(NodeImport &node, ArrayRef<int64_t> parameters, ArrayRef<int64_t> shape) {
  int64_t found = -1, offset = static_cast<int64_t>(shape.size()) - static_cast<int64_t>(parameters.size());
  for (auto [i, size] : llvm::enumerate(parameters)) {
    if (size == 1)
      continue;
    int64_t axis = offset + static_cast<int64_t>(i);
    if (found >= 0 || axis < 0 || shape[axis] != size)
      return node.error() << "expects one scale, or one for each index of an axis of " << showShape(shape)
                          << ", but got scales " << showShape(parameters);
    found = axis;
  }
  return found;
}

/// Reads scales from input `scale` and zero points from input `zero`, if it is given.
static FailureOr<Parameters> readParameters(NodeImport &node, size_t scale, size_t zero, int64_t low, int64_t high) {
  FailureOr<Array *> scales = node.constant(scale);
  if (failed(scales))
    return failure();
  Parameters parameters;
  for (int64_t i = 0; i < (*scales)->size(); ++i) {
    double number = (*scales)->number(i);
    if (!std::isfinite(number) || number <= 0)
      return node.error() << "expects positive scales, but got " << number;
    parameters.scales.push_back(number);
  }
  if (parameters.scales.empty())
    return node.error() << "expects a scale, but '" << printableName(node.inputName(scale)) << "' is empty";
  parameters.zeroPoints.assign(parameters.scales.size(), 0);
  if (!node.hasInput(zero))
    return parameters;
  FailureOr<Array *> zeros = node.constant(zero);
  if (failed(zeros))
    return failure();
  int64_t count = (*zeros)->size();
  if (count != 1 && count != (*scales)->size())
    return node.error() << "expects as many zero points as scales, but got " << count << " and " << (*scales)->size();
  for (auto [i, point] : llvm::enumerate(parameters.zeroPoints)) {
    double number = (*zeros)->number(count == 1 ? 0 : static_cast<int64_t>(i));
    if (number != std::nearbyint(number) || number < static_cast<double>(low) || number > static_cast<double>(high))
      return node.error() << "expects zero points that are codes from " << low << " to " << high << ", but got "
                          << number;
    point = static_cast<int64_t>(number);
  }
  return parameters;
}

static Type affineFormat(NodeImport &node, const Parameters &parameters, unsigned bits, bool isSigned, int64_t low,
                         int64_t high) {
  unsigned flags = isSigned ? quant::QuantizationFlags::Signed : 0;
  Type storage = node.builder.getIntegerType(bits), real = node.builder.getF32Type();
  if (parameters.axis < 0)
    return quant::UniformQuantizedType::get(flags, storage, real, parameters.scales[0], parameters.zeroPoints[0], low,
                                            high);
  return quant::UniformQuantizedPerAxisType::get(flags, storage, real, parameters.scales, parameters.zeroPoints,
                                                 parameters.axis, low, high);
}

/// The nearest numbers that have a code in the format of `type`. Halves go away from zero or to the even code.
static Array quantized(const Array &array, RankedTensorType type, bool tiesToEven) {
  Array result = array;
  qnn::NumberFormat format = qnn::getFormat(type);
  ChannelIndex channelOf(type);
  auto [low, high] = format.getCodeRange();
  for (auto [i, number] : llvm::enumerate(result.floats)) {
    int64_t channel = channelOf(static_cast<int64_t>(i));
    if (!format.isAffine()) {
      number = static_cast<float>(format.decode(format.encode(number, channel), channel));
      continue;
    }
    auto scale = static_cast<float>(format.getScale(channel));
    float quotient = tiesToEven ? std::nearbyint(number / scale) : std::round(number / scale);
    double code = static_cast<double>(format.getZeroPoint(channel)) + quotient;
    code = std::isnan(code) ? static_cast<double>(format.getZeroPoint(channel))
                            : std::clamp(code, static_cast<double>(low), static_cast<double>(high));
    number = static_cast<float>(format.decode(static_cast<int64_t>(code), channel));
  }
  return result;
}

/// Numbers in `format`: they become the nearest that have a code.
static FailureOr<Imported> quantize(NodeImport &node, Imported &data, Type format, int64_t axis, bool tiesToEven) {
  if (data.constant) {
    if (!data.constant->isFloat)
      return node.error() << "expects floats, but '" << printableName(data.name) << "' has integers";
    auto type = RankedTensorType::get(data.shape, format);
    return Imported{.shape = data.shape, .constant = quantized(*data.constant, type, tiesToEven), .format = format};
  }
  if (axis >= 0)
    return node.error() << "has scales of its own for each channel, which only constants may have";
  Value input = node.floats(data, data.channelsLast ? NodeImport::Layout::ChannelsLast : NodeImport::Layout::AsInFile);
  auto type = RankedTensorType::get(llvm::cast<RankedTensorType>(input.getType()).getShape(), format);
  Value codes = qnn::QuantizeOp::create(node.builder, node.location, type, input, tiesToEven);
  return Imported{.shape = data.shape, .value = codes, .channelsLast = data.channelsLast};
}

static LogicalResult defineQuantized(NodeImport &node, Type format, int64_t axis, bool tiesToEven) {
  FailureOr<Imported> result = quantize(node, node.input(0), format, axis, tiesToEven);
  return failed(result) ? failure() : node.define(std::move(*result));
}

//===-- QONNX ---------------------------------------------------------------------------===//

LogicalResult qcc::onnx::importBipolarQuant(NodeImport &node) {
  if (failed(node.expectInputs(2, 2)) || failed(node.expectAttributes({})))
    return failure();
  FailureOr<Parameters> parameters = readParameters(node, 1, /*zero=*/2, 0, 0);
  if (failed(parameters))
    return failure();
  FailureOr<int64_t> axis = channelAxis(node, node.input(1).shape, node.input(0).shape);
  if (failed(axis))
    return failure();
  MLIRContext *context = node.builder.getContext();
  bool isOne = llvm::all_of(parameters->scales, [](double scale) { return scale == 1; });
  auto alpha = isOne ? DenseF64ArrayAttr() : DenseF64ArrayAttr::get(context, parameters->scales);
  return defineQuantized(node, qnn::BinaryType::get(context, isOne ? -1 : *axis, alpha), isOne ? -1 : *axis,
                         /*tiesToEven=*/false);
}

LogicalResult qcc::onnx::importQuant(NodeImport &node) {
  using schema::AttributeProto;
  if (failed(node.expectInputs(4, 4)) || failed(node.expectAttributes({{"signed", AttributeProto::INT},
                                                                       {"narrow", AttributeProto::INT},
                                                                       {"rounding_mode", AttributeProto::STRING}})))
    return failure();
  FailureOr<double> width = node.scalar(3);
  if (failed(width))
    return failure();
  if (*width < 2 || *width > 16 || *width != std::nearbyint(*width))
    return node.error() << "expects 2 to 16 bits, but got " << *width;
  std::string rounding = node.text("rounding_mode", "ROUND");
  if (rounding != "ROUND" && rounding != "HALF_EVEN")
    return node.error() << "expects ROUND as rounding_mode, but got '" << printableName(rounding) << "'";
  auto bits = static_cast<unsigned>(*width);
  bool isSigned = node.integer("signed", 1) != 0, isNarrow = node.integer("narrow", 0) != 0;
  auto [low, high] = qnn::allCodes(bits, isSigned, isNarrow);
  FailureOr<Parameters> parameters = readParameters(node, 1, 2, low, high);
  if (failed(parameters))
    return failure();
  FailureOr<int64_t> axis = channelAxis(node, node.input(1).shape, node.input(0).shape);
  if (failed(axis))
    return failure();
  parameters->axis = *axis;
  return defineQuantized(node, affineFormat(node, *parameters, bits, isSigned, low, high), *axis,
                         /*tiesToEven=*/true);
}

/// A finite constant of one number; more than 0 if it `isScale`.
static FailureOr<double> finiteScalar(NodeImport &node, size_t i, bool isScale) {
  FailureOr<double> number = node.scalar(i);
  if (succeeded(number) && (!std::isfinite(*number) || (isScale && *number <= 0)))
    return node.error() << "expects a finite" << (isScale ? " positive" : "") << " number as input " << i
                        << ", but got " << *number;
  return number;
}

static FailureOr<int64_t> bitWidth(NodeImport &node, size_t i) {
  FailureOr<double> width = node.scalar(i);
  if (failed(width))
    return failure();
  if (*width < 1 || *width > 32 || *width != std::nearbyint(*width))
    return node.error() << "expects 1 to 32 bits as input " << i << ", but got " << *width;
  return static_cast<int64_t>(*width);
}

namespace {
/// `(rounding(clamp(round(x / scale + zero) / divisor)) - outputZero) * outputScale`
struct Truncation {
  double scale, zero, divisor, outputZero, outputScale;
  std::optional<std::pair<int64_t, int64_t>> range; ///< of the clamp
  qnn::Function rounding;
};
} // namespace

/// The fourth and later inputs are widths of input and output; since version 2, the output's scale stands between them.
static FailureOr<Truncation> readTruncation(NodeImport &node) {
  bool hasOutputScale = node.inputCount() == 6;
  FailureOr<double> scale = finiteScalar(node, 1, true), zero = finiteScalar(node, 2, false), outputScale = scale;
  FailureOr<int64_t> from = bitWidth(node, 3), to = bitWidth(node, hasOutputScale ? 5 : 4);
  if (hasOutputScale)
    outputScale = finiteScalar(node, 4, true);
  if (failed(scale) || failed(zero) || failed(outputScale) || failed(from) || failed(to))
    return failure();
  std::string mode = StringRef(node.text("rounding_mode", "FLOOR")).upper();
  std::optional<qnn::Function> rounding = mode == "ROUND"   ? std::optional(qnn::Function::Round)
                                          : mode == "CEIL"  ? std::optional(qnn::Function::Ceil)
                                          : mode == "FLOOR" ? std::optional(qnn::Function::Floor)
                                                            : std::nullopt;
  if (!rounding)
    return node.error() << "expects ROUND, CEIL or FLOOR as rounding_mode, but got '" << printableName(mode) << "'";
  if (!hasOutputScale)
    return Truncation{*scale, *zero, std::exp2(*from - *to), *zero, *scale, std::nullopt, *rounding};
  bool isSigned = node.integer("signed", 1) != 0, isNarrow = node.integer("narrow", 0) != 0;
  auto [low, high] = qnn::allCodes(*to, isSigned, isNarrow);
  double divisor = std::exp2(std::nearbyint(std::log2(*outputScale / *scale)));
  if (divisor < 0x1p-64 || divisor > 0x1p64)
    return node.error() << "expects scales of input and output that differ by at most 2^64, but got " << *scale
                        << " and " << *outputScale;
  return Truncation{*scale, *zero, divisor, *zero / divisor, *outputScale, std::pair(low, high), *rounding};
}

LogicalResult qcc::onnx::importTrunc(NodeImport &node) {
  using schema::AttributeProto;
  AttributeKind known[] = {
      {"rounding_mode", AttributeProto::STRING}, {"signed", AttributeProto::INT}, {"narrow", AttributeProto::INT}};
  if (failed(node.expectInputs(5, 6)) ||
      failed(node.expectAttributes(ArrayRef(known).take_front(node.inputCount() == 6 ? 3 : 1))))
    return failure();
  FailureOr<Truncation> t = readTruncation(node);
  if (failed(t))
    return failure();
  FloatBuilder b(node);
  Imported &data = node.input(0);
  Value x = node.floats(data, data.channelsLast ? NodeImport::Layout::ChannelsLast : NodeImport::Layout::AsInFile);
  x = b.apply(qnn::Function::Round, b.add(b.div(x, b.scalar(t->scale)), t->zero));
  x = b.div(x, b.scalar(t->divisor));
  if (t->range) {
    x = b.minimum(x, b.scalar(static_cast<double>(t->range->second)));
    x = b.maximum(x, b.scalar(static_cast<double>(t->range->first)));
  }
  x = b.mul(b.sub(b.apply(t->rounding, x), b.scalar(t->outputZero)), t->outputScale);
  return node.define(Imported{.shape = data.shape, .value = x, .channelsLast = data.channelsLast});
}

//===-- ONNX ----------------------------------------------------------------------------===//

namespace {
struct Codes {
  unsigned bits;
  bool isSigned;
  int64_t low() const { return qnn::allCodes(bits, isSigned).first; }
  int64_t high() const { return qnn::allCodes(bits, isSigned).second; }
};
} // namespace

/// Codes of an element type.
static FailureOr<Codes> codesOf(NodeImport &node, int32_t type) {
  switch (type) {
  case schema::TensorProto::INT8:
    return Codes{8, true};
  case schema::TensorProto::UINT8:
    return Codes{8, false};
  case schema::TensorProto::INT16:
    return Codes{16, true};
  case schema::TensorProto::UINT16:
    return Codes{16, false};
  default:
    return node.error() << "expects codes of INT8, UINT8, INT16 or UINT16, but got " << nameOfType(type);
  }
}

/// The format of codes of that type with the scale and the zero point of two inputs.
static FailureOr<Type> linearFormat(NodeImport &node, int32_t type, ArrayRef<int64_t> shape,
                                    const LinearInputs &inputs) {
  FailureOr<Codes> codes = codesOf(node, type);
  if (failed(codes))
    return failure();
  FailureOr<Parameters> parameters = readParameters(node, inputs.scale, inputs.zero, codes->low(), codes->high());
  if (failed(parameters))
    return failure();
  if (parameters->scales.size() > 1) {
    FailureOr<int64_t> axis = node.axis(inputs.axis, static_cast<int64_t>(shape.size()));
    if (failed(axis))
      return failure();
    if (shape[*axis] != static_cast<int64_t>(parameters->scales.size()))
      return node.error() << "has " << parameters->scales.size() << " scales, but dimension " << *axis << " of "
                          << showShape(shape) << " has another size";
    parameters->axis = *axis;
  }
  return affineFormat(node, *parameters, codes->bits, codes->isSigned, codes->low(), codes->high());
}

/// A scale or zero point as floats that broadcast to `shape`: one number, one for each index of an axis, or one for
/// each block of `block_size` elements of it.
static FailureOr<Value> spreadParameter(NodeImport &node, size_t i, ArrayRef<int64_t> shape, int64_t axis) {
  FloatBuilder b(node);
  Imported &given = node.input(i);
  Value value = node.floats(given, NodeImport::Layout::AsInFile);
  int64_t count = *countElements(given.shape);
  if (count == 1)
    return b.reshape(value, {});
  FailureOr<int64_t> along = node.axis(axis, static_cast<int64_t>(shape.size()));
  if (failed(along))
    return failure();
  if (given.shape.size() == 1 && count == shape[*along]) {
    Shape column(shape.size() - *along, 1);
    column[0] = count;
    return b.reshape(value, column);
  }
  int64_t block = node.integer("block_size", 0);
  Shape blocks(shape), places;
  if (block > 0)
    blocks[*along] = llvm::divideCeil(shape[*along], block);
  if (block <= 0 || given.shape != blocks)
    return node.error() << "expects one number, or one for each index of axis " << *along << " of " << showShape(shape)
                        << ", as input " << i << ", but got " << showShape(given.shape);
  for (int64_t at = 0; at < shape[*along]; ++at)
    places.push_back(at / block);
  return b.gather(value, *along, places);
}

/// True if codes can stand for the numbers: parameters are known, and there is one scale for activations.
static bool hasStaticFormat(NodeImport &node, const Imported &data, const LinearInputs &inputs) {
  bool isKnown = node.input(inputs.scale).constant && (!node.hasInput(inputs.zero) || node.input(inputs.zero).constant);
  int64_t scales = isKnown ? node.input(inputs.scale).constant->size() : 0;
  return isKnown && node.input(inputs.scale).shape.size() < 2 && (scales == 1 || data.constant);
}

//===-- From codes to numbers -------------------------------------------------------------===//

/// scale * (code - zero) of constants from the file; integers of 32 bits, such as biases, get no format.
static FailureOr<Imported> constantNumbers(NodeImport &node, const Imported &data, const LinearInputs &inputs) {
  Array real;
  real.shape = data.shape;
  real.isFloat = true;
  real.reserve(data.constant->size());
  if (data.type == schema::TensorProto::INT32) {
    FailureOr<Parameters> parameters = readParameters(node, inputs.scale, inputs.zero, INT32_MIN, INT32_MAX);
    if (failed(parameters))
      return failure();
    auto scales = static_cast<int64_t>(parameters->scales.size());
    if (scales > 1 && (data.shape.size() != 1 || data.shape[0] != scales))
      return node.error() << "has " << scales << " scales for " << showShape(data.shape);
    for (auto [i, code] : llvm::enumerate(data.constant->integers)) {
      size_t channel = scales > 1 ? i : 0;
      real.floats.push_back(static_cast<float>(parameters->scales[channel] *
                                               static_cast<double>(code - parameters->zeroPoints[channel])));
    }
    return Imported{.shape = data.shape, .constant = std::move(real)};
  }
  FailureOr<Type> format = linearFormat(node, data.type, data.shape, inputs);
  if (failed(format))
    return failure();
  auto tensorType = RankedTensorType::get(data.shape, *format);
  qnn::NumberFormat number = qnn::getFormat(tensorType);
  ChannelIndex channel(tensorType);
  for (auto [i, code] : llvm::enumerate(data.constant->integers))
    real.floats.push_back(static_cast<float>(number.decode(code, channel(static_cast<int64_t>(i)))));
  return Imported{.shape = data.shape, .constant = std::move(real), .format = *format};
}

FailureOr<Imported> qcc::onnx::dequantize(NodeImport &node, const LinearInputs &inputs) {
  Imported &data = node.input(inputs.data);
  if (data.isCodes) {
    Type own = data.value ? llvm::cast<RankedTensorType>(data.value.getType()).getElementType() : data.format;
    auto quantized = llvm::cast<quant::QuantizedType>(own);
    bool isWide = quantized.getStorageTypeIntegralWidth() == 16;
    using schema::TensorProto;
    int32_t type = quantized.isSigned() ? (isWide ? TensorProto::INT16 : TensorProto::INT8)
                                        : (isWide ? TensorProto::UINT16 : TensorProto::UINT8);
    FailureOr<Type> format = linearFormat(node, type, data.shape, inputs);
    if (failed(format))
      return failure();
    if (*format != own)
      return node.error() << "has another scale or zero point than the QuantizeLinear that it reads";
    Imported same = data;
    same.isCodes = false;
    return same;
  }
  if (!data.isInteger())
    return node.error() << "expects the result of QuantizeLinear or integers as input " << inputs.data;
  bool isStatic = hasStaticFormat(node, data, inputs);
  if (isStatic && data.constant && !data.constant->isFloat)
    return constantNumbers(node, data, inputs);
  // An input of the model that nothing has read yet is in the codes that it is read in.
  if (isStatic && data.value && llvm::isa<BlockArgument>(data.value) && data.value.use_empty() &&
      data.type != schema::TensorProto::BOOL) {
    FailureOr<Type> format = linearFormat(node, data.type, data.shape, inputs);
    if (failed(format))
      return failure();
    data.value.setType(RankedTensorType::get(data.shape, *format));
    data.isCodes = true;
    data.type = schema::TensorProto::FLOAT;
    Imported real = data;
    real.isCodes = false;
    return real;
  }
  FailureOr<Value> scale = spreadParameter(node, inputs.scale, data.shape, inputs.axis);
  if (failed(scale))
    return failure();
  FloatBuilder b(node);
  Value x = node.floats(data, NodeImport::Layout::AsInFile);
  if (node.hasInput(inputs.zero)) {
    FailureOr<Value> zero = spreadParameter(node, inputs.zero, data.shape, inputs.axis);
    if (failed(zero))
      return failure();
    x = b.sub(x, *zero);
  }
  return Imported{.shape = data.shape, .value = b.mul(x, *scale)};
}

LogicalResult qcc::onnx::importDequantizeLinear(NodeImport &node) {
  if (failed(node.expectInputs(2, 3)))
    return failure();
  FailureOr<Imported> result = dequantize(node, {0, 1, 2, node.integer("axis", 1)});
  return failed(result) ? failure() : node.define(std::move(*result));
}

//===-- From numbers to codes -------------------------------------------------------------===//

/// The element type of codes: that of the zero point, or what an attribute says.
static int32_t codeType(NodeImport &node, size_t zero) {
  if (node.hasInput(zero))
    return node.input(zero).type;
  auto standard = static_cast<int64_t>(schema::TensorProto::UINT8);
  int64_t given = node.integer("output_dtype", 0);
  return static_cast<int32_t>(given ? given : standard);
}

FailureOr<Imported> qcc::onnx::requantize(NodeImport &node, Imported &real, size_t scale, size_t zero) {
  LinearInputs inputs{0, scale, zero, node.integer("axis", 1)};
  int32_t type = codeType(node, zero);
  FailureOr<Codes> codes = codesOf(node, type);
  if (failed(codes))
    return failure();
  if (hasStaticFormat(node, real, inputs) && !real.isInteger()) {
    FailureOr<Type> format = linearFormat(node, type, real.shape, inputs);
    if (failed(format))
      return failure();
    auto perAxis = llvm::dyn_cast<quant::UniformQuantizedPerAxisType>(*format);
    int64_t axis = perAxis ? perAxis.getQuantizedDimension() : -1;
    FailureOr<Imported> result = quantize(node, real, *format, axis, /*tiesToEven=*/true);
    if (succeeded(result))
      result->isCodes = true;
    return result;
  }
  // saturate(round(x / scale) + zero), as numbers.
  FailureOr<Value> factor = spreadParameter(node, scale, real.shape, inputs.axis);
  if (failed(factor))
    return failure();
  FloatBuilder b(node);
  Value x = b.apply(qnn::Function::Round, b.div(node.floats(real, NodeImport::Layout::AsInFile), *factor));
  if (node.hasInput(zero)) {
    FailureOr<Value> offset = spreadParameter(node, zero, real.shape, inputs.axis);
    if (failed(offset))
      return failure();
    x = b.add(x, *offset);
  }
  x = b.maximum(x, b.scalar(static_cast<double>(codes->low())));
  x = b.minimum(x, b.scalar(static_cast<double>(codes->high())));
  return Imported{.shape = real.shape, .type = type, .value = x};
}

LogicalResult qcc::onnx::importQuantizeLinear(NodeImport &node) {
  if (failed(node.expectInputs(2, 3)))
    return failure();
  FailureOr<Imported> result = requantize(node, node.input(0), 1, 2);
  return failed(result) ? failure() : node.define(std::move(*result));
}
