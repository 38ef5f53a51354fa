// What the importers of single operators use, and the table that finds them.
#include "compiler/import/tflite/Importer.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::tflite;

//===-- The table -----------------------------------------------------------------------===//

using enum schema::BuiltinOperator;

static constexpr std::pair<schema::BuiltinOperator, OperatorImporter> importers[] = {
    {ADD, importBinary},
    {ARG_MAX, importArgmax},
    {AVERAGE_POOL_2D, importPool2d},
    {BATCH_MATMUL, importBatchMatmul},
    {CONCATENATION, importConcatenation},
    {CONV_2D, importConv2d},
    {DEPTHWISE_CONV_2D, importDepthwiseConv2d},
    {DEQUANTIZE, importDequantize},
    {EXPAND_DIMS, importReshape},
    {FULLY_CONNECTED, importFullyConnected},
    {LEAKY_RELU, importLeakyRelu},
    {LOGISTIC, importUnary},
    {LOG_SOFTMAX, importUnary},
    {MAX_POOL_2D, importPool2d},
    {MEAN, importMean},
    {MUL, importBinary},
    {PACK, importPack},
    {PAD, importPad},
    {PADV2, importPad},
    {QUANTIZE, importQuantize},
    {RELU, importRelu},
    {RELU6, importRelu},
    {RELU_N1_TO_1, importRelu},
    {RESHAPE, importReshape},
    {RESIZE_NEAREST_NEIGHBOR, importResizeNearest},
    {SLICE, importSlice},
    {SOFTMAX, importSoftmax},
    {SPLIT, importSplit},
    {SPLIT_V, importSplit},
    {SQUEEZE, importReshape},
    {STRIDED_SLICE, importStridedSlice},
    {SUB, importBinary},
    {TANH, importUnary},
    {TRANSPOSE, importTranspose},
    {UNPACK, importUnpack},
};

/// Custom operators, by their names.
static constexpr std::pair<const char *, OperatorImporter> customImporters[] = {
    {"LceBMaxPool2d", importLceMaxPool2d},
    {"LceBconv2d", importLceConv2d},
    {"LceDequantize", importLceDequantize},
    {"LceQuantize", importLceQuantize},
};

static OperatorImporter findCustom(const Operator &op) {
  const auto *entry = llvm::find_if(customImporters, [&](auto &entry) { return op.customCode == entry.first; });
  return op.code == CUSTOM && entry != std::end(customImporters) ? entry->second : nullptr;
}

LogicalResult OperatorImport::run() {
  if (OperatorImporter import = findCustom(op))
    return import(*this);
  if (failed(expectNoBits()))
    return failure();
  for (auto [code, import] : importers)
    if (code == op.code)
      return import(*this);
  if (op.code == CUSTOM) {
    InFlightDiagnostic diagnostic = error()
                                    << "is the custom operator '" << op.customCode << "', which is not supported";
    Diagnostic &note = diagnostic.attachNote() << "supported are ";
    llvm::interleaveComma(customImporters, note, [&](auto &entry) { note << entry.first; });
    return diagnostic;
  }
  switch (op.code) {
  case SVDF:
  case LSTM:
  case UNIDIRECTIONAL_SEQUENCE_LSTM:
  case BIDIRECTIONAL_SEQUENCE_LSTM:
    return error() << "is not supported yet; recurrent layers cannot be imported";
  default:
    break;
  }
  InFlightDiagnostic diagnostic = error() << "is not supported";
  Diagnostic &note = diagnostic.attachNote() << "supported are ";
  llvm::interleaveComma(importers, note, [&](auto &entry) { note << nameOf(entry.first); });
  return diagnostic;
}

//===-- Operands ------------------------------------------------------------------------===//

static Location nameLocation(Importer &importer, const Graph &graph, const Operator &op, Location file) {
  if (op.outputs.empty())
    return file;
  return NameLoc::get(StringAttr::get(file.getContext(), graph.tensors[op.outputs[0]].name), file);
}

OperatorImport::OperatorImport(Importer &importer, const Operator &op, size_t index)
    : builder(importer.builder), location(nameLocation(importer, importer.graph, op, importer.fileLocation)),
      importer(importer), op(op), index(index) {}

InFlightDiagnostic OperatorImport::error() const {
  return emitError(location) << "operator " << index << " (" << (findCustom(op) ? op.customCode : nameOf(op.code))
                             << ") ";
}

LogicalResult OperatorImport::expectNoBits() const {
  for (int32_t index : op.inputs)
    if (index >= 0 && importer.isBits(index))
      return error()
             << "reads '" << importer.graph.tensors[index].name
             << "', which holds packed bits; these are read by LceBconv2d, LceBMaxPool2d and LceDequantize only";
  return success();
}

LogicalResult OperatorImport::expectOperands(size_t least, size_t most, int64_t outputs) const {
  if (op.inputs.size() < least || op.inputs.size() > most) {
    InFlightDiagnostic diagnostic = error() << "expects " << least;
    if (most != least && most != SIZE_MAX)
      diagnostic << " to " << most;
    return diagnostic << (most == SIZE_MAX ? " or more" : "") << " inputs, but has " << op.inputs.size();
  }
  for (size_t i = 0; i < least; ++i)
    if (op.inputs[i] < 0)
      return error() << "expects input " << i << ", but it is not given";
  if (outputs >= 0 ? op.outputs.size() != static_cast<size_t>(outputs) : op.outputs.empty())
    return error() << "expects " << (outputs >= 0 ? outputs : 1) << (outputs >= 0 ? "" : " or more")
                   << " outputs, but has " << op.outputs.size();
  return success();
}

Value OperatorImport::filter(size_t i, int64_t channelAxis, Value data) {
  bool isDynamicRange =
      qnn::getFormat(data).isFloat() && inputTensor(i).isConstant && inputTensor(i).type != schema::TensorType::FLOAT32;
  return importer.value(op.inputs[i], isDynamicRange ? Importer::Reading::Dequantized : Importer::Reading::Filter,
                        channelAxis);
}

/// True if the accumulator's scale differs from the one that the bias was made for by more than 2 %.
static bool hasOtherScale(const Quantization &bias, qnn::NumberFormat data, qnn::NumberFormat filter) {
  for (auto [channel, scale] : llvm::enumerate(bias.scales)) {
    double expected = data.getScale(0) * filter.getScale(filter.getNumChannels() > 1 ? channel : 0);
    if (std::abs(scale - expected) > 0.02 * expected)
      return true;
  }
  return false;
}

FailureOr<Value> OperatorImport::bias(size_t i, Value data, Value filter) {
  if (!hasInput(i))
    return Value();
  const Tensor &tensor = inputTensor(i);
  if (qnn::getFormat(data).isFloat()) {
    Value result = input(i);
    if (!result)
      return failure();
    return result;
  }
  if (tensor.type != schema::TensorType::INT32)
    return error() << "expects a bias of INT32 for integer inputs, but '" << tensor.name << "' has "
                   << nameOf(tensor.type);
  if (!tensor.isConstant)
    return error() << "expects a constant bias, but '" << tensor.name << "' is computed";
  qnn::NumberFormat filterFormat = qnn::getFormat(filter);
  size_t scales = tensor.quantization.scales.size();
  if (scales > 1 && static_cast<int64_t>(scales) != filterFormat.getNumChannels())
    return error() << "expects as many scales for the bias as for the filter, but got " << scales << " and "
                   << filterFormat.getNumChannels();
  if (hasOtherScale(tensor.quantization, qnn::getFormat(data), filterFormat))
    emitWarning(location) << "the scale of the bias differs by more than 2 % from the product of the scales of input "
                             "and filter, which is used";
  Value result = importer.value(op.inputs[i], Importer::Reading::Bias, /*channelAxis=*/0);
  if (!result)
    return failure();
  return result;
}

Value OperatorImport::constant(size_t i, RankedTensorType type, std::vector<char> bytes) {
  const Tensor &tensor = inputTensor(i);
  if (failed(importer.spendOnConstant(tensor, bytes.size())))
    return {};
  return importer.makeConstant(tensor, type, std::move(bytes));
}

FailureOr<SmallVector<int64_t>> OperatorImport::indices(size_t i, StringRef what) {
  const Tensor &tensor = inputTensor(i);
  bool isWide = tensor.type == schema::TensorType::INT64;
  if (!isWide && tensor.type != schema::TensorType::INT32)
    return error() << "expects INT32 or INT64 as " << what << ", but '" << tensor.name << "' has "
                   << nameOf(tensor.type);
  if (!tensor.isConstant && tensor.elements > 0)
    return error() << "expects a constant as " << what << ", but '" << tensor.name << "' is computed";
  if (tensor.shape.size() > 2 || tensor.elements > 64)
    return error() << "expects a short list as " << what << ", but '" << tensor.name << "' has " << tensor.elements
                   << " elements";
  SmallVector<int64_t> result;
  for (int64_t at = 0; at < tensor.elements; ++at) {
    size_t size = isWide ? sizeof(int64_t) : sizeof(int32_t);
    int64_t wide = 0;
    int32_t narrow = 0;
    std::memcpy(isWide ? static_cast<void *>(&wide) : &narrow, &tensor.data[at * size], size);
    result.push_back(isWide ? wide : narrow);
  }
  return result;
}

FailureOr<int64_t> OperatorImport::axis(int64_t value, int64_t rank) {
  if (value < -rank || value >= rank)
    return error() << "expects an axis from " << -rank << " to " << rank - 1 << ", but got " << value;
  return value < 0 ? value + rank : value;
}

ArrayRef<uint8_t> OperatorImport::customOptions() const {
  const auto *bytes = op.options->custom_options();
  return bytes ? ArrayRef<uint8_t>(bytes->data(), bytes->size()) : ArrayRef<uint8_t>();
}

//===-- Results -------------------------------------------------------------------------===//

LogicalResult OperatorImport::defineReshaped(Value value, RankedTensorType type) {
  if (value.getType() != type)
    value = qnn::ReshapeOp::create(builder, location, type, value);
  define(0, value);
  return success();
}

Value OperatorImport::inFormat(Value value, Type element) {
  auto type = llvm::cast<RankedTensorType>(value.getType());
  if (type.getElementType() == element)
    return value;
  return qnn::RequantizeOp::create(builder, location, RankedTensorType::get(type.getShape(), element), value,
                                   rescale(RoundedOperator::Requantize));
}

FailureOr<qnn::Activation> OperatorImport::activation(schema::ActivationFunctionType type) const {
  switch (type) {
  case schema::ActivationFunctionType::NONE:
    return qnn::Activation::None;
  case schema::ActivationFunctionType::RELU:
    return qnn::Activation::Relu;
  case schema::ActivationFunctionType::RELU6:
    return qnn::Activation::Relu6;
  case schema::ActivationFunctionType::RELU_N1_TO_1:
    return qnn::Activation::ReluN1To1;
  default:
    break;
  }
  std::string name = schema::EnumNameActivationFunctionType(type);
  return error() << "has the fused activation " << (name.empty() ? std::to_string(static_cast<int>(type)) : name)
                 << ", which is not supported (supported: NONE, RELU, RELU6, RELU_N1_TO_1)";
}
