// From a checked graph to a function: types, constants, values.
#include "compiler/import/tflite/Importer.h"

#include "compiler/support/HostTensor.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::tflite;

/// Dequantised weights are four to eight times as large as the file's, and a weight may be used twice.
static constexpr uint64_t constantBytesPerFileByte = 16;

Importer::Importer(OpBuilder &builder, Graph graph, RoundingProfile rounding, Location fileLocation, size_t fileBytes)
    : builder(builder), graph(std::move(graph)), rounding(rounding), fileLocation(fileLocation),
      constantBudget(constantBytesPerFileByte * fileBytes), values(this->graph.tensors.size()) {}

Location Importer::locationOf(const Tensor &tensor) const {
  return NameLoc::get(builder.getStringAttr(tensor.name), fileLocation);
}

//===-- Types -------------------------------------------------------------------------===//

namespace {
struct Storage {
  unsigned bits;
  bool isSigned;
};
} // namespace

/// Storage of an integer type that a value can have; none for floats and INT64, which is for indices only.
static std::optional<Storage> storageOf(schema::TensorType type) {
  switch (type) {
  case schema::TensorType::INT4:
    return Storage{4, true};
  case schema::TensorType::INT8:
    return Storage{8, true};
  case schema::TensorType::UINT8:
    return Storage{8, false};
  case schema::TensorType::INT16:
    return Storage{16, true};
  case schema::TensorType::INT32:
    return Storage{32, true};
  default:
    return std::nullopt;
  }
}

Type Importer::elementType(const Tensor &tensor, int64_t channelAxis) {
  MLIRContext *context = builder.getContext();
  if (tensor.type == schema::TensorType::FLOAT32)
    return builder.getF32Type();
  std::optional<Storage> storage = storageOf(tensor.type);
  if (!storage) {
    error(tensor) << "has the type " << nameOf(tensor.type) << ", which is supported only for constant indices";
    return {};
  }
  const Quantization &quantization = tensor.quantization;
  size_t scales = quantization.scales.size();
  if (scales == 0)
    return storage->isSigned ? builder.getIntegerType(storage->bits) : builder.getIntegerType(storage->bits, false);
  if (scales > 1 && channelAxis < 0) {
    error(tensor) << "has " << scales << " scales, but only weights of convolutions and dense layers may have more "
                  << "than 1";
    return {};
  }
  auto emitHere = [&] { return error(tensor); };
  unsigned flags = storage->isSigned ? quant::QuantizationFlags::Signed : 0;
  auto storageType = builder.getIntegerType(storage->bits);
  auto [low, high] = qnn::allCodes(storage->bits, storage->isSigned);
  if (scales == 1)
    return quant::UniformQuantizedType::getChecked(emitHere, flags, storageType, Float32Type::get(context),
                                                   quantization.scales[0], quantization.zeroPoints[0], low, high);
  int64_t rank = tensor.shape.size();
  if (channelAxis >= rank || tensor.shape[channelAxis] != static_cast<int64_t>(scales)) {
    InFlightDiagnostic diagnostic = error(tensor) << "has " << scales << " scales, but ";
    channelAxis >= rank ? diagnostic << "rank " << rank
                        : diagnostic << tensor.shape[channelAxis] << " channels in dimension " << channelAxis;
    return {};
  }
  SmallVector<double> exact(quantization.scales.begin(), quantization.scales.end());
  return quant::UniformQuantizedPerAxisType::getChecked(emitHere, flags, storageType, Float32Type::get(context), exact,
                                                        quantization.zeroPoints, channelAxis, low, high);
}

RankedTensorType Importer::typeOf(const Tensor &tensor) {
  Type element = elementType(tensor);
  return element ? RankedTensorType::get(tensor.shape, element) : RankedTensorType();
}

//===-- Constants ---------------------------------------------------------------------===//

LogicalResult Importer::spendOnConstant(const Tensor &tensor, uint64_t bytes) {
  if (bytes > constantBudget)
    return error(tensor) << "makes the model's constants more than " << constantBytesPerFileByte
                         << " times as large as the file; too many tensors share one buffer";
  constantBudget -= bytes;
  return success();
}

Value Importer::makeConstant(const Tensor &tensor, RankedTensorType type, std::vector<char> bytes) {
  auto resource = makeResource(type, tensor.name, std::move(bytes));
  return qnn::ConstantOp::create(builder, locationOf(tensor), type, resource, builder.getStringAttr(tensor.name));
}

/// The real values of a constant, rounded to f32.
static std::vector<char> dequantize(RankedTensorType type, ArrayRef<char> data) {
  qnn::NumberFormat format = qnn::getFormat(type);
  int64_t axis = format.getChannelAxis(), inner = 1;
  for (int64_t i = axis + 1; axis >= 0 && i < type.getRank(); ++i)
    inner *= type.getDimSize(i);
  std::vector<char> result(type.getNumElements() * sizeof(float));
  for (int64_t i = 0, end = type.getNumElements(); i < end; ++i) {
    int64_t channel = axis < 0 ? 0 : i / inner % type.getDimSize(axis);
    float real = static_cast<float>(format.decode(format.unpack(data, i), channel));
    std::memcpy(&result[i * sizeof(float)], &real, sizeof(float));
  }
  return result;
}

Value Importer::makeConstant(const Tensor &tensor, Reading reading, int64_t channelAxis) {
  Type element = reading == Reading::Bias ? Type(builder.getI32Type()) : elementType(tensor, channelAxis);
  if (!element)
    return {};
  if (tensor.quantization.scales.size() > 1)
    warnOfDimension(tensor, channelAxis);
  auto type = RankedTensorType::get(tensor.shape, element);
  bool isExpanded = reading == Reading::Dequantized;
  if (failed(spendOnConstant(tensor, isExpanded ? tensor.elements * sizeof(float) : tensor.data.size())))
    return {};
  if (!isExpanded)
    return makeConstant(tensor, type, std::vector<char>(tensor.data.begin(), tensor.data.end()));
  return makeConstant(tensor, RankedTensorType::get(tensor.shape, builder.getF32Type()), dequantize(type, tensor.data));
}

void Importer::warnOfDimension(const Tensor &tensor, int64_t channelAxis) {
  if (tensor.quantization.dimension == channelAxis || std::exchange(warnedOfDimension, true))
    return;
  emitWarning(locationOf(tensor)) << "has its scales on dimension " << tensor.quantization.dimension
                                  << " by the file, but its operator has the channels in dimension " << channelAxis
                                  << "; all weights and biases of this model are read by their operator";
}

bool Importer::isBits(int32_t index) const {
  return values[index] && llvm::isa<qnn::BinaryType>(getElementTypeOrSelf(values[index]));
}

Value Importer::value(int32_t index, Reading reading, int64_t channelAxis) {
  const Tensor &tensor = graph.tensors[index];
  if (values[index])
    return values[index];
  if (tensor.isVariable) {
    error(tensor) << "is a variable tensor; models with state are not supported yet";
    return {};
  }
  Value &constant = constants[{index, reading, channelAxis}];
  if (!constant)
    constant = makeConstant(tensor, reading, channelAxis);
  return constant;
}

//===-- The function ------------------------------------------------------------------===//

func::FuncOp Importer::makeFunction(ModuleOp module, StringRef modelName) {
  SmallVector<Type> inputs, outputs;
  for (auto [indices, types] : {std::pair(&graph.inputs, &inputs), std::pair(&graph.outputs, &outputs)})
    for (int32_t index : *indices) {
      RankedTensorType type = typeOf(graph.tensors[index]);
      if (!type)
        return {};
      types->push_back(type);
    }
  builder.setInsertionPointToEnd(module.getBody());
  auto function = func::FuncOp::create(builder, fileLocation, modelName, builder.getFunctionType(inputs, outputs));
  auto name = [&](int32_t index) { return builder.getStringAttr(graph.tensors[index].name); };
  for (auto [i, index] : llvm::enumerate(graph.inputs))
    function.setArgAttr(i, "qnn.name", name(index));
  for (auto [i, index] : llvm::enumerate(graph.outputs))
    function.setResultAttr(i, "qnn.name", name(index));
  return function;
}

LogicalResult Importer::run(ModuleOp module, StringRef modelName) {
  func::FuncOp function = makeFunction(module, modelName);
  if (!function)
    return failure();
  Block *body = function.addEntryBlock();
  builder.setInsertionPointToStart(body);
  for (auto [i, index] : llvm::enumerate(graph.inputs)) {
    values[index] = body->getArgument(i);
    body->getArgument(i).setLoc(locationOf(graph.tensors[index]));
  }
  for (auto [index, op] : llvm::enumerate(graph.operators))
    if (failed(OperatorImport(*this, op, index).run()))
      return failure();
  SmallVector<Value> results;
  for (int32_t index : graph.outputs) {
    if (isBits(index))
      return error(graph.tensors[index]) << "is an output of the model, but holds packed bits; let the model end with "
                                            "LceDequantize or another operator that gives numbers";
    Value result = value(index);
    if (!result)
      return failure();
    results.push_back(result);
  }
  func::ReturnOp::create(builder, fileLocation, results);
  return success();
}
