#include "compiler/frontend/OpCall.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::frontend;

Type qcc::frontend::elementOf(mlir::Value tensor) {
  return llvm::cast<RankedTensorType>(tensor.getType()).getElementType();
}

const BoundArgument &OpCall::find(StringRef parameter) const {
  for (auto [index, info] : llvm::enumerate(info.parameters))
    if (info.name == parameter)
      return arguments[index];
  llvm_unreachable("a builder asks for a parameter that its operator does not have");
}

LogicalResult OpCall::nameLayer() {
  if (llvm::none_of(info.parameters, [](const ParameterInfo &p) { return p.name == "name"; }))
    return success();
  if (!has("name")) {
    layerName = model.makeLayerName(info.name, at);
    return success();
  }
  layerName = word("name");
  if (layerName.empty())
    return errorAt("name") << "expects a layer name that is not empty";
  return model.addLayer(at, layerName);
}

Location OpCall::location() const {
  return NameLoc::get(StringAttr::get(model.source.getContext(), layerName), model.source.getLocation(at));
}

mlir::Value OpCall::optionalTensor(StringRef parameter) const {
  auto *tensor = get(parameter).getIf<mlir::Value>();
  return tensor ? *tensor : mlir::Value();
}

SmallVector<mlir::Value> OpCall::tensors(StringRef parameter) const {
  SmallVector<mlir::Value> result;
  for (const Datum &element : **get(parameter).getIf<DatumList>())
    result.push_back(*element.getIf<mlir::Value>());
  return result;
}

SmallVector<int64_t, 2> OpCall::pair(StringRef parameter) const {
  if (auto *both = get(parameter).getIf<int64_t>())
    return {*both, *both};
  auto values = integers(parameter);
  return {values[0], values[1]};
}

qnn::Activation OpCall::activation() const { return *qnn::symbolizeActivation(word("activation")); }

qnn::RescaleAttr OpCall::rescale() const {
  return qnn::RescaleAttr::get(model.source.getContext(), *qnn::symbolizeRounding(word("round")),
                               *qnn::symbolizeScaleProduct(word("product")), *qnn::symbolizeOverflow(word("overflow")));
}

FailureOr<mlir::Value> OpCall::layerTensor(StringRef suffix, ArrayRef<int64_t> shape) const {
  TensorRequest request;
  request.name = layerName + "." + suffix.str();
  request.shape.assign(shape.begin(), shape.end());
  return model.getTensor(at, request);
}

FailureOr<int64_t> OpCall::axis(StringRef parameter, int64_t rank) const {
  int64_t value = integer(parameter);
  if (value < -rank || value >= rank)
    return errorAt(parameter) << "expects an axis from " << -rank << " to " << rank - 1 << " for a tensor of rank "
                              << rank << ", but got " << value;
  return value < 0 ? value + rank : value;
}

FailureOr<Type> OpCall::formatType(StringRef parameter) const {
  FailureOr<Type> type = format(parameter)->toType(model.source.getContext(), [&] { return errorAt(parameter); });
  if (failed(type) || !*type)
    return failure();
  return type;
}

FailureOr<Type> OpCall::resultFormat(mlir::Value input, Type otherwise) const {
  if (has("out"))
    return formatType("out");
  Type element = elementOf(input);
  if (llvm::isa<FloatType>(element))
    return element;
  if (otherwise)
    return otherwise;
  return error() << "expects the format of the result, because the input is " << showType(input.getType())
                 << "; for example out: int8(scale: 0.05, zero: 0)";
}

FailureOr<RankedTensorType> OpCall::tensorType(ArrayRef<int64_t> shape, Type element) const {
  for (int64_t size : shape)
    if (size < 1)
      return error() << "expects dimensions of at least 1, but the result would be " << showShape(shape);
  auto type = RankedTensorType::get(shape, element);
  if (!qnn::isFormatTensor(type))
    return error() << "the result " << showShape(shape) << " is too large; at most 2^31 elements are supported";
  return type;
}

/// Removes `'qnn.conv2d' op ` from a verifier's message, which speaks of what the user did not write.
static StringRef withoutOpPrefix(StringRef message) {
  size_t end = message.find("' op ");
  return message.starts_with("'qnn.") && end != StringRef::npos ? message.drop_front(end + 5) : message;
}

FailureOr<Datum> OpCall::finish(Operation *op, bool asList) const {
  if (failed(model.countOperator(at)))
    return failure();
  std::string message;
  LogicalResult result = success();
  {
    ScopedDiagnosticHandler handler(op->getContext(), [&](Diagnostic &diagnostic) {
      message = diagnostic.str();
      return success();
    });
    result = op->getName().verifyInvariants(op);
  }
  if (failed(result))
    return error() << withoutOpPrefix(message).str();
  if (!asList)
    return Datum{op->getResult(0)};
  std::vector<Datum> results;
  for (mlir::Value value : op->getResults())
    results.push_back({value});
  return Datum{std::make_shared<const std::vector<Datum>>(std::move(results)), 1};
}
