// From a parsed model to a function: inputs, initializers, operators in their order, outputs.
#include "compiler/import/onnx/Importer.h"

#include "compiler/interpret/Evaluate.h"
#include "compiler/support/Names.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/Verifier.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::onnx;

/// What is folded may be repeated, and encoded once more.
static constexpr uint64_t constantsPerFileByte = 16, leastConstants = 1 << 16;

Importer::Importer(OpBuilder &builder, schema::ModelProto &model, Location fileLocation, StringRef folder,
                   size_t fileBytes)
    : builder(builder), model(model), graph(*model.mutable_graph()), fileLocation(fileLocation), folder(folder),
      constantBudget(constantsPerFileByte * fileBytes + leastConstants) {}

Location Importer::locationOf(StringRef name) const {
  return NameLoc::get(builder.getStringAttr(printableName(name)), fileLocation);
}

Imported *Importer::find(StringRef name) {
  auto found = values.find(name);
  return found == values.end() ? nullptr : &found->second;
}

LogicalResult Importer::expectBudget(uint64_t elements, Location location) const {
  if (elements > constantBudget)
    return emitError(location) << "makes the model's constants more than " << constantsPerFileByte
                               << " times as large as the file";
  return success();
}

LogicalResult Importer::spend(uint64_t elements, Location location) {
  if (failed(expectBudget(elements, location)))
    return failure();
  constantBudget -= elements;
  return success();
}

LogicalResult Importer::define(StringRef name, Imported imported) {
  if (imported.constant && failed(spend(imported.constant->size(), locationOf(name))))
    return failure();
  imported.name = name.str();
  if (!values.try_emplace(name, std::move(imported)).second)
    return emitError(locationOf(name)) << "is defined twice";
  return success();
}

Type qcc::onnx::integerFormat(Builder &builder, int32_t type) {
  using schema::TensorProto;
  auto codes = [&](unsigned bits, bool isSigned) -> Type {
    auto [low, high] = qnn::allCodes(bits, isSigned);
    return quant::UniformQuantizedType::get(isSigned ? quant::QuantizationFlags::Signed : 0,
                                            builder.getIntegerType(bits), builder.getF32Type(), 1.0, 0, low, high);
  };
  switch (type) {
  case TensorProto::BOOL:
  case TensorProto::UINT8:
    return codes(8, false);
  case TensorProto::INT8:
    return codes(8, true);
  case TensorProto::UINT16:
    return codes(16, false);
  case TensorProto::INT16:
    return codes(16, true);
  case TensorProto::INT32:
  case TensorProto::INT64:
    return builder.getI32Type();
  default:
    return {};
  }
}

LogicalResult Importer::checkOperatorSet() {
  // Broadcasting has been as in NumPy since the oldest; what operators mean may change after the newest.
  constexpr int64_t oldest = 7, newest = 28;
  for (const schema::OperatorSetIdProto &set : model.opset_import())
    if (set.domain().empty() || set.domain() == "ai.onnx")
      operatorSet = set.version();
  if (operatorSet < oldest)
    return emitError(fileLocation) << "expects operators of version " << oldest << " or later, but has version "
                                   << operatorSet << "; onnx.version_converter makes newer ones";
  if (operatorSet > newest)
    return emitError(fileLocation) << "has operators of version " << operatorSet << ", but versions up to " << newest
                                   << " are supported; onnx.version_converter makes older ones";
  return success();
}

LogicalResult Importer::defineInitializers() {
  for (schema::TensorProto &tensor : *graph.mutable_initializer()) {
    FailureOr<Array> known = readTensorType(tensor, locationOf(tensor.name()));
    if (failed(known))
      return failure();
    int32_t type = known->isFloat ? int32_t(schema::TensorProto::FLOAT) : known->type;
    if (failed(define(tensor.name(), {.shape = std::move(known->shape), .type = type, .initializer = &tensor})))
      return failure();
  }
  return success();
}

LogicalResult Importer::read(Imported &imported) {
  if (!imported.initializer)
    return success();
  schema::TensorProto tensor; // takes the memory along
  tensor.Swap(std::exchange(imported.initializer, nullptr));
  Location location = locationOf(tensor.name());
  FailureOr<Array> array = readTensor(tensor, location, folder);
  if (failed(array))
    return failure();
  // External data is no part of the file's size.
  if (tensor.data_location() == schema::TensorProto::EXTERNAL)
    constantBudget += constantsPerFileByte * array->size();
  imported.constant = std::move(*array);
  return spend(imported.constant->size(), location);
}

/// The operators that compute a value from constants, in their order.
static SmallVector<Operation *> computing(Value value) {
  llvm::SetVector<Operation *> found;
  found.insert(value.getDefiningOp());
  for (size_t i = 0; i < found.size(); ++i)
    for (Value operand : found[i]->getOperands())
      found.insert(operand.getDefiningOp());
  SmallVector<Operation *> ordered = found.takeVector();
  llvm::sort(ordered, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
  return ordered;
}

LogicalResult Importer::fold(Imported &imported) {
  Location location = imported.value.getLoc();
  schema::NodeProto reading;
  Value value = NodeImport(*this, reading, graph.node_size()).value(imported, NodeImport::Layout::AsInFile);
  SmallVector<Operation *> operators = computing(value);
  for (Operation *op : operators) {
    if (failed(verify(op)))
      return failure();
    for (Value result : op->getResults())
      if (failed(expectBudget(llvm::cast<RankedTensorType>(result.getType()).getNumElements(), location)))
        return failure();
  }
  SmallVector<int64_t> codes = interpret::evaluate(location, {}, [&](OpBuilder &b, ValueRange) {
    IRMapping map;
    for (Operation *op : operators)
      b.clone(*op, map);
    return map.lookup(value);
  });
  qnn::NumberFormat format = qnn::getFormat(value);
  Array array;
  array.shape = imported.shape;
  array.isFloat = !imported.isInteger();
  array.type = imported.type;
  constexpr double largest = 1 << 24; // integers that f32 tells apart
  for (int64_t code : codes) {
    double number = format.isFloat() ? llvm::bit_cast<float>(static_cast<uint32_t>(code)) : format.decode(code);
    if (imported.isInteger() && !(std::abs(number) <= largest))
      return emitError(location) << "has integers beyond 2^24, which are computed as floats";
    if (imported.isInteger())
      array.integers.push_back(static_cast<int64_t>(number));
    else
      array.floats.push_back(static_cast<float>(number));
  }
  constantBudget -= array.size();
  if (!format.isFloat() && !imported.isInteger())
    imported.format = Type(format);
  imported.constant = std::move(array);
  imported.value = {};
  imported.channelsLast = false;
  for (Operation *op : llvm::reverse(operators))
    if (op->use_empty())
      op->erase();
  return success();
}

/// An open first dimension is the batch, which is 1 here.
FailureOr<RankedTensorType> Importer::typeOf(const schema::ValueInfoProto &info) {
  auto error = [&] { return emitError(locationOf(info.name())); };
  const schema::TypeProto::Tensor &tensor = info.type().tensor_type();
  if (!info.type().has_tensor_type() || !tensor.has_shape())
    return error() << "expects a tensor with a shape; onnx.shape_inference adds shapes";
  bool isFloat = tensor.elem_type() == schema::TensorProto::FLOAT;
  Type element = isFloat ? Type(builder.getF32Type()) : integerFormat(builder, tensor.elem_type());
  if (!element || element.isInteger())
    return error() << "expects inputs of FLOAT, BOOL, or integers of 8 or 16 bits, but got "
                   << nameOfType(tensor.elem_type()) << "; an initializer takes the place of an input that is known";
  Shape shape;
  for (const schema::TensorShapeProto::Dimension &dimension : tensor.shape().dim()) {
    bool isOpen = !dimension.has_dim_value() || dimension.dim_value() <= 0;
    if (isOpen && !shape.empty())
      return error() << "expects sizes that are known, but dimension " << shape.size() << " is '"
                     << printableName(dimension.dim_param())
                     << "'; onnxruntime.tools.make_dynamic_shape_fixed fixes it";
    shape.push_back(isOpen ? 1 : dimension.dim_value());
  }
  if (!countElements(shape))
    return error() << "expects fewer than 2^31 elements";
  return RankedTensorType::get(shape, element);
}

LogicalResult Importer::makeFunction(ModuleOp module, StringRef modelName) {
  SmallVector<Type> types;
  SmallVector<const schema::ValueInfoProto *> inputs;
  for (const schema::ValueInfoProto &info : graph.input()) {
    if (find(info.name()))
      continue; // before IR version 4, initializers are listed as inputs, too
    FailureOr<RankedTensorType> type = typeOf(info);
    if (failed(type))
      return failure();
    types.push_back(*type);
    inputs.push_back(&info);
  }
  builder.setInsertionPointToEnd(module.getBody());
  function = func::FuncOp::create(builder, fileLocation, modelName, builder.getFunctionType(types, {}));
  Block *body = function.addEntryBlock();
  builder.setInsertionPointToStart(body);
  for (auto [i, info] : llvm::enumerate(inputs)) {
    BlockArgument argument = body->getArgument(i);
    argument.setLoc(locationOf(info->name()));
    function.setArgAttr(i, "qnn.name", builder.getStringAttr(printableName(info->name())));
    Shape shape(llvm::cast<RankedTensorType>(argument.getType()).getShape());
    int32_t type = info->type().tensor_type().elem_type();
    if (failed(define(info->name(), {.shape = std::move(shape), .type = type, .value = argument})))
      return failure();
  }
  return success();
}

LogicalResult Importer::finish() {
  SmallVector<Value> results;
  SmallVector<Attribute> names;
  schema::NodeProto reading; // the outputs are read as an operator's inputs would be
  for (const schema::ValueInfoProto &info : graph.output()) {
    Imported *imported = find(info.name());
    if (!imported)
      return emitError(locationOf(info.name())) << "is an output, but no operator computes it";
    if (failed(read(*imported)))
      return failure();
    NodeImport reader(*this, reading, graph.node_size());
    if (imported->isInteger() && imported->constant)
      imported->format = integerFormat(builder, imported->type);
    // Codes leave the model only where the file has them as such.
    bool hasCodes = imported->isCodes || imported->isInteger();
    Value result = hasCodes ? reader.value(*imported, NodeImport::Layout::AsInFile)
                            : reader.floats(*imported, NodeImport::Layout::AsInFile);
    // Integers have been computed as floats.
    if (imported->isInteger() && qnn::getFormat(result).isFloat()) {
      auto type = RankedTensorType::get(imported->shape, integerFormat(builder, imported->type));
      result = qnn::QuantizeOp::create(builder, reader.location, type, result, /*ties_to_even=*/true);
    }
    results.push_back(result);
    names.push_back(builder.getStringAttr(printableName(info.name())));
  }
  func::ReturnOp::create(builder, fileLocation, results);
  SmallVector<Type> types(ValueRange(results).getTypes());
  // Arguments may have got the codes that they are read in.
  function.setFunctionType(builder.getFunctionType(function.getBody().getArgumentTypes(), types));
  for (auto [i, name] : llvm::enumerate(names))
    function.setResultAttr(i, "qnn.name", name);
  return success();
}

LogicalResult Importer::importNodes() {
  // Nothing reads a constant behind the last operator that has it as an input, unless it is a result.
  llvm::StringMap<size_t> readers;
  for (const schema::NodeProto &node : graph.node())
    for (const std::string &name : node.input())
      ++readers[name];
  for (const schema::ValueInfoProto &info : graph.output())
    ++readers[info.name()];
  for (auto [index, node] : llvm::enumerate(graph.node())) {
    if (failed(NodeImport(*this, node, index).run()))
      return failure();
    for (const std::string &name : node.input())
      if (--readers[name] == 0 && !name.empty())
        find(name)->constant.reset();
  }
  // What nothing reads may have errors, too.
  for (const schema::TensorProto &tensor : graph.initializer()) {
    Imported *unread = find(tensor.name());
    if (!unread || unread->initializer != &tensor || readers.contains(tensor.name()))
      continue;
    if (failed(read(*unread)))
      return failure();
    unread->constant.reset();
  }
  return success();
}

LogicalResult Importer::run(ModuleOp module, StringRef modelName) {
  if (failed(checkOperatorSet()) || failed(defineInitializers()) || failed(makeFunction(module, modelName)) ||
      failed(importNodes()))
    return failure();
  return finish();
}
