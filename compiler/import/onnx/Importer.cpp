// From a parsed model to a function: inputs, initializers, operators in their order, outputs.
#include "compiler/import/onnx/Importer.h"

#include "compiler/support/Names.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::onnx;

/// What is folded may be repeated, and encoded once more.
static constexpr uint64_t constantsPerFileByte = 16, leastConstants = 1 << 16;

Importer::Importer(OpBuilder &builder, const schema::ModelProto &model, Location fileLocation, StringRef folder,
                   size_t fileBytes)
    : builder(builder), model(model), graph(model.graph()), fileLocation(fileLocation), folder(folder),
      constantBudget(constantsPerFileByte * fileBytes + leastConstants) {}

Location Importer::locationOf(StringRef name) const {
  return NameLoc::get(builder.getStringAttr(printableName(name)), fileLocation);
}

Imported *Importer::find(StringRef name) {
  auto found = values.find(name);
  return found == values.end() ? nullptr : &found->second;
}

LogicalResult Importer::define(StringRef name, Imported imported) {
  if (imported.constant) {
    uint64_t size = imported.constant->size();
    if (size > constantBudget)
      return emitError(locationOf(name)) << "makes the model's constants more than " << constantsPerFileByte
                                         << " times as large as the file";
    constantBudget -= size;
  }
  imported.name = name.str();
  if (!values.try_emplace(name, std::move(imported)).second)
    return emitError(locationOf(name)) << "is defined twice";
  return success();
}

LogicalResult Importer::checkOperatorSet() {
  constexpr int64_t oldest = 7; // broadcasting has been as in NumPy since then
  for (const schema::OperatorSetIdProto &set : model.opset_import())
    if (set.domain().empty() || set.domain() == "ai.onnx")
      operatorSet = set.version();
  if (operatorSet < oldest)
    return emitError(fileLocation) << "expects operators of version " << oldest << " or later, but has version "
                                   << operatorSet << "; onnx.version_converter makes newer ones";
  return success();
}

LogicalResult Importer::readInitializers() {
  for (const schema::TensorProto &tensor : graph.initializer()) {
    // External data is no part of the file's size.
    FailureOr<Array> array = readTensor(tensor, locationOf(tensor.name()), folder);
    if (failed(array))
      return failure();
    if (tensor.data_location() == schema::TensorProto::EXTERNAL)
      constantBudget += constantsPerFileByte * array->size();
    Shape shape = array->shape;
    if (failed(define(tensor.name(), {.shape = std::move(shape), .constant = std::move(*array)})))
      return failure();
  }
  return success();
}

/// An open first dimension is the batch, which is 1 here.
FailureOr<RankedTensorType> Importer::typeOf(const schema::ValueInfoProto &info) {
  auto error = [&] { return emitError(locationOf(info.name())); };
  const schema::TypeProto::Tensor &tensor = info.type().tensor_type();
  if (!info.type().has_tensor_type() || !tensor.has_shape())
    return error() << "expects a tensor with a shape; onnx.shape_inference adds shapes";
  if (tensor.elem_type() != schema::TensorProto::FLOAT)
    return error() << "expects inputs of FLOAT, but got " << nameOfType(tensor.elem_type());
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
  return RankedTensorType::get(shape, builder.getF32Type());
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
    if (failed(define(info->name(), {.shape = std::move(shape), .value = argument})))
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
    Value result = NodeImport(*this, reading, graph.node_size()).value(*imported, NodeImport::Layout::AsInFile);
    if (!result)
      return failure();
    results.push_back(result);
    names.push_back(builder.getStringAttr(printableName(info.name())));
  }
  func::ReturnOp::create(builder, fileLocation, results);
  SmallVector<Type> types(ValueRange(results).getTypes());
  function.setFunctionType(builder.getFunctionType(function.getArgumentTypes(), types));
  for (auto [i, name] : llvm::enumerate(names))
    function.setResultAttr(i, "qnn.name", name);
  return success();
}

LogicalResult Importer::run(ModuleOp module, StringRef modelName) {
  if (failed(checkOperatorSet()) || failed(readInitializers()) || failed(makeFunction(module, modelName)))
    return failure();
  for (auto [index, node] : llvm::enumerate(graph.node()))
    if (failed(NodeImport(*this, node, index).run()))
      return failure();
  return finish();
}
