// Reads a TFLite file as untrusted input.
#include "compiler/import/tflite/Graph.h"

#include "compiler/support/Names.h"
#include "dialects/qnn/QnnDialect.h"

#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

#include <cmath>
#include <optional>

using namespace mlir;
using namespace qcc::tflite;

static constexpr int64_t maximumElements = int64_t(1) << 31;
static constexpr unsigned maximumDepth = 16; // A model's tables are nested five deep.

std::string qcc::tflite::nameOf(schema::TensorType type) {
  std::string name = schema::EnumNameTensorType(type);
  return name.empty() ? "number " + std::to_string(static_cast<int>(type)) : name;
}

std::string qcc::tflite::nameOf(schema::BuiltinOperator code) {
  std::string name = schema::EnumNameBuiltinOperator(code);
  return name.empty() ? "number " + std::to_string(static_cast<int>(code)) : name;
}

/// Bits of one element, or none for a type that cannot be imported.
static std::optional<unsigned> bitsOf(schema::TensorType type) {
  switch (type) {
  case schema::TensorType::FLOAT32:
  case schema::TensorType::INT32:
    return 32;
  case schema::TensorType::INT64:
    return 64;
  case schema::TensorType::INT16:
    return 16;
  case schema::TensorType::INT8:
  case schema::TensorType::UINT8:
    return 8;
  case schema::TensorType::INT4:
    return 4;
  default:
    return std::nullopt;
  }
}

/// The file's strings go into diagnostics: only printable characters.
static std::string printable(const flatbuffers::String *text) {
  return text ? qcc::printableName(text->string_view()) : std::string();
}

namespace {
class Reader {
public:
  Reader(ArrayRef<char> bytes, Location location) : bytes(bytes), location(location) {}
  FailureOr<Graph> read();

private:
  InFlightDiagnostic error() { return emitError(location); }
  InFlightDiagnostic error(const Tensor &tensor) { return emitError(NameLoc::get(name(tensor.name), location)); }
  StringAttr name(StringRef text) { return StringAttr::get(location.getContext(), text); }

  LogicalResult readTensor(const schema::Tensor *table, Tensor &tensor);
  LogicalResult readShape(const schema::Tensor *table, Tensor &tensor);
  LogicalResult readData(const schema::Tensor *table, Tensor &tensor);
  LogicalResult readQuantization(const schema::QuantizationParameters *table, Tensor &tensor);
  LogicalResult readOperator(const schema::Operator *table, size_t index, Operator &op);
  LogicalResult readIndices(const flatbuffers::Vector<int32_t> *table, StringRef what, bool optional,
                            SmallVectorImpl<int32_t> &indices);
  LogicalResult checkOrder();

  ArrayRef<char> bytes;
  Location location;
  const schema::Model *model = nullptr;
  Graph graph;
};
} // namespace

FailureOr<Graph> qcc::tflite::readGraph(ArrayRef<char> bytes, Location location) {
  return Reader(bytes, location).read();
}

FailureOr<Graph> Reader::read() {
  if (bytes.size() < 8 || !schema::ModelBufferHasIdentifier(bytes.data()))
    return error() << "is not a TFLite file: expects the identifier 'TFL3' at byte 4 of at least 8, but the file has "
                   << bytes.size() << " bytes and another identifier or none";
  flatbuffers::Verifier verifier(reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size(), maximumDepth);
  if (!schema::VerifyModelBuffer(verifier))
    return error() << "is damaged or truncated: a table or an offset lies outside the file's " << bytes.size()
                   << " bytes";
  model = schema::GetModel(bytes.data());
  if (model->version() != 3)
    return error() << "expects version 3 of the TFLite format, but the file has version " << model->version();
  size_t subgraphs = model->subgraphs() ? model->subgraphs()->size() : 0;
  if (subgraphs != 1)
    return error() << "expects a model of 1 subgraph, but the file has " << subgraphs
                   << "; control flow is not supported";
  const schema::SubGraph *subgraph = model->subgraphs()->Get(0);
  if (subgraph->tensors())
    for (const schema::Tensor *table : *subgraph->tensors())
      if (failed(readTensor(table, graph.tensors.emplace_back())))
        return failure();
  if (subgraph->operators())
    for (auto [index, table] : llvm::enumerate(*subgraph->operators()))
      if (failed(readOperator(table, index, graph.operators.emplace_back())))
        return failure();
  if (failed(readIndices(subgraph->inputs(), "the model's inputs", false, graph.inputs)) ||
      failed(readIndices(subgraph->outputs(), "the model's outputs", false, graph.outputs)) || failed(checkOrder()))
    return failure();
  if (graph.outputs.empty())
    return error() << "expects at least 1 output of the model, but it has none";
  return std::move(graph);
}

LogicalResult Reader::readTensor(const schema::Tensor *table, Tensor &tensor) {
  tensor.name = printable(table->name());
  if (tensor.name.empty())
    tensor.name = "tensor" + std::to_string(graph.tensors.size() - 1);
  tensor.type = table->type();
  if (!bitsOf(tensor.type))
    return error(tensor) << "has the type " << nameOf(tensor.type)
                         << ", which is not supported (supported: FLOAT32, INT4, INT8, UINT8, INT16, INT32, and INT64 "
                            "for constant indices)";
  tensor.isVariable = table->is_variable();
  if (table->sparsity())
    return error(tensor) << "is stored sparsely, which is not supported; convert the model to dense weights";
  if (failed(readShape(table, tensor)) || failed(readData(table, tensor)))
    return failure();
  return table->quantization() ? readQuantization(table->quantization(), tensor) : success();
}

LogicalResult Reader::readShape(const schema::Tensor *table, Tensor &tensor) {
  // A dimension of -1 in `shape_signature` has the value for which the model was made, 1 for a batch, in `shape`.
  tensor.elements = 1;
  if (!table->shape())
    return success();
  if (table->shape()->size() > 8)
    return error(tensor) << "has rank " << table->shape()->size() << ", but at most 8 is supported";
  bool isEmpty = llvm::is_contained(*table->shape(), 0);
  for (int32_t size : *table->shape()) {
    if (size < 0)
      return error(tensor) << "expects sizes of at least 0, but dimension " << tensor.shape.size() << " has " << size
                           << "; give the model a fixed shape before converting it";
    tensor.shape.push_back(size);
    // Below 2^31 before, so that the product is below 2^62.
    tensor.elements = isEmpty ? 0 : tensor.elements * size;
    if (tensor.elements >= maximumElements)
      return error(tensor) << "has 2^31 elements or more, which is not supported";
  }
  return success();
}

LogicalResult Reader::readData(const schema::Tensor *table, Tensor &tensor) {
  size_t buffers = model->buffers() ? model->buffers()->size() : 0;
  if (table->buffer() >= buffers && table->buffer() != 0)
    return error(tensor) << "refers to buffer " << table->buffer() << ", but the file has " << buffers;
  tensor.isConstant = false;
  if (buffers == 0)
    return success();
  const schema::Buffer *buffer = model->buffers()->Get(table->buffer());
  if (buffer->offset() > 1)
    return error(tensor) << "has its data outside the flatbuffer, which is not supported (models above 2 GB)";
  if (!buffer->data() || buffer->data()->size() == 0)
    return success();
  uint64_t expected = llvm::divideCeil(static_cast<uint64_t>(tensor.elements) * *bitsOf(tensor.type), 8);
  if (buffer->data()->size() != expected)
    return error(tensor) << "expects " << expected << " bytes for its " << tensor.elements << " elements of "
                         << nameOf(tensor.type) << ", but buffer " << table->buffer() << " has "
                         << buffer->data()->size();
  tensor.data = ArrayRef<char>(reinterpret_cast<const char *>(buffer->data()->data()), buffer->data()->size());
  tensor.isConstant = true;
  return success();
}

/// Smallest and largest code of an integer type.
static std::pair<int64_t, int64_t> codeRange(schema::TensorType type) {
  return qcc::qnn::allCodes(*bitsOf(type), type != schema::TensorType::UINT8);
}

LogicalResult Reader::readQuantization(const schema::QuantizationParameters *table, Tensor &tensor) {
  size_t scales = table->scale() ? table->scale()->size() : 0;
  size_t zeroPoints = table->zero_point() ? table->zero_point()->size() : 0;
  // Converters write empty or all-zero parameters for tensors without a format; a float's parameters mean nothing.
  auto isZero = [](float scale) { return scale == 0; };
  if (tensor.type == schema::TensorType::FLOAT32 || scales == 0 || llvm::all_of(*table->scale(), isZero))
    return success();
  if (zeroPoints != 0 && zeroPoints != scales)
    return error(tensor) << "expects as many zero points as scales, but has " << zeroPoints << " zero points and "
                         << scales << " scales";
  Quantization &quantization = tensor.quantization;
  quantization.dimension = table->quantized_dimension();
  auto [low, high] = codeRange(tensor.type);
  for (size_t i = 0; i < scales; ++i) {
    float scale = table->scale()->Get(i);
    if (!std::isfinite(scale) || scale <= 0)
      return error(tensor) << "expects finite positive scales, but scale " << i << " is " << scale;
    // The verifier of older flatbuffers checks no alignment above 4.
    int64_t zeroPoint =
        zeroPoints ? static_cast<int64_t>(llvm::support::endian::read64le(table->zero_point()->Data() + 8 * i)) : 0;
    if (zeroPoint < low || zeroPoint > high)
      return error(tensor) << "expects zero points from " << low << " to " << high << " for " << nameOf(tensor.type)
                           << ", but zero point " << i << " is " << zeroPoint;
    quantization.scales.push_back(scale);
    quantization.zeroPoints.push_back(zeroPoint);
  }
  return success();
}

LogicalResult Reader::readOperator(const schema::Operator *table, size_t index, Operator &op) {
  size_t codes = model->operator_codes() ? model->operator_codes()->size() : 0;
  if (table->opcode_index() >= codes)
    return error() << "operator " << index << " has the operator code " << table->opcode_index()
                   << ", but the file has " << codes << " codes";
  const schema::OperatorCode *code = model->operator_codes()->Get(table->opcode_index());
  // Files written before the format had more than 127 operators have only the 8-bit field.
  op.code = std::max(code->builtin_code(), static_cast<schema::BuiltinOperator>(code->deprecated_builtin_code()));
  op.customCode = printable(code->custom_code());
  op.options = table;
  std::string what = "operator " + std::to_string(index) + " (" + nameOf(op.code) + ")";
  return success(succeeded(readIndices(table->inputs(), what, true, op.inputs)) &&
                 succeeded(readIndices(table->outputs(), what, false, op.outputs)));
}

LogicalResult Reader::readIndices(const flatbuffers::Vector<int32_t> *table, StringRef what, bool optional,
                                  SmallVectorImpl<int32_t> &indices) {
  if (!table)
    return success();
  for (int32_t index : *table) {
    if (index < (optional ? -1 : 0) || index >= static_cast<int64_t>(graph.tensors.size()))
      return error() << what << (llvm::StringRef(what).ends_with("puts") ? " refer" : " refers") << " to tensor "
                     << index << ", but the file has " << graph.tensors.size();
    indices.push_back(index);
  }
  return success();
}

/// Operators are stored in an order in which they can be run: each tensor is written once, before it is read.
LogicalResult Reader::checkOrder() {
  llvm::BitVector defined(graph.tensors.size());
  for (auto [index, tensor] : llvm::enumerate(graph.tensors))
    if (tensor.isConstant || tensor.isVariable)
      defined.set(index);
  for (int32_t index : graph.inputs) {
    if (defined.test(index))
      return error(graph.tensors[index]) << "is an input of the model, but it is also a constant or another input";
    defined.set(index);
  }
  for (auto [number, op] : llvm::enumerate(graph.operators)) {
    for (int32_t index : op.inputs)
      // An empty tensor is a constant whether or not it has a buffer.
      if (index >= 0 && !defined.test(index) && graph.tensors[index].elements > 0)
        return error(graph.tensors[index])
               << "is read by operator " << number << " (" << nameOf(op.code)
               << ") before any operator writes it: the graph has a cycle, or the tensor has no data";
    for (int32_t index : op.outputs) {
      if (defined.test(index))
        return error(graph.tensors[index]) << "is written by operator " << number << " (" << nameOf(op.code)
                                           << "), but it is a constant, an input, or written before";
      defined.set(index);
    }
  }
  for (int32_t index : graph.outputs)
    if (!defined.test(index))
      return error(graph.tensors[index]) << "is an output of the model, but no operator writes it";
  return success();
}
