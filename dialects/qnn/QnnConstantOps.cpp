// qnn.constant and changes of format: verifiers and folders.
#include "dialects/qnn/QnnOps.h"

using namespace mlir;
using namespace qcc::qnn;

//===-- constant ------------------------------------------------------------------===//

void ConstantOp::getAsmResultNames(OpAsmSetValueNameFn setName) {
  std::string name = "cst";
  if (std::optional<StringRef> given = getName()) {
    name.clear();
    for (char c : *given)
      name += llvm::isAlnum(c) ? c : '_';
  }
  setName(getOutput(), name);
}

ArrayRef<char> qcc::qnn::rawBytes(ElementsAttr value) {
  if (auto resource = llvm::dyn_cast<DenseResourceElementsAttr>(value)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    return blob ? blob->getData() : ArrayRef<char>();
  }
  if (auto dense = llvm::dyn_cast<DenseElementsAttr>(value))
    return dense.getRawData();
  return {};
}

ArrayRef<char> ConstantOp::getBytes() { return rawBytes(getValue()); }

bool ConstantOp::isSplat() {
  auto dense = llvm::dyn_cast<DenseElementsAttr>(getValue());
  return dense && dense.isSplat();
}

SmallVector<int64_t> ConstantOp::getCodes() {
  auto type = llvm::cast<RankedTensorType>(getOutput().getType());
  NumberFormat format = getFormat(type);
  int64_t count = type.getNumElements();
  SmallVector<char> expanded;
  ArrayRef<char> bytes = getBytes();
  if (isSplat()) {
    int64_t total = format.getPackedBytes(count);
    while (static_cast<int64_t>(expanded.size()) < total)
      expanded.append(bytes.begin(), bytes.end());
    bytes = expanded;
  }
  SmallVector<int64_t> codes(count);
  for (int64_t index = 0; index < count; ++index)
    codes[index] = format.unpack(bytes, index);
  return codes;
}

/// A channel axis lies within the rank and has one parameter per index.
static LogicalResult verifyChannelAxis(Operation *op, RankedTensorType type) {
  NumberFormat format = getFormat(type);
  int64_t axis = format.getChannelAxis();
  if (axis >= type.getRank())
    return op->emitOpError() << "has channel parameters on axis " << axis << ", but the tensor has rank "
                             << type.getRank();
  if (axis >= 0 && type.getDimSize(axis) != format.getNumChannels())
    return op->emitOpError() << "has " << format.getNumChannels() << " channel parameters, but axis " << axis << " has "
                             << type.getDimSize(axis) << " elements";
  return success();
}

LogicalResult qcc::qnn::verifyBytes(Operation *op, ElementsAttr value) {
  if (llvm::isa<DenseElementsAttr>(value))
    return success();
  auto resource = llvm::dyn_cast<DenseResourceElementsAttr>(value);
  if (!resource)
    return op->emitOpError() << "expects a dense or dense_resource value";
  StringRef key = resource.getRawHandle().getKey();
  if (!resource.getRawHandle().getBlob())
    return op->emitOpError() << "refers to the resource '" << key << "', which is missing";
  ShapedType type = value.getShapedType();
  int64_t expected = type.getNumElements() * type.getElementTypeBitWidth() / 8;
  int64_t actual = rawBytes(value).size();
  if (actual != expected)
    return op->emitOpError() << "expects " << expected << " bytes in the resource '" << key << "', but it has "
                             << actual;
  return success();
}

LogicalResult ConstantOp::verify() {
  auto type = llvm::cast<RankedTensorType>(getOutput().getType());
  RankedTensorType storage = getStorageType(type);
  // constant_c1
  if (getValue().getType() != storage)
    return emitOpError() << "expects a value of type " << storage << " for a result of type " << type << ", but got "
                         << getValue().getType();
  // constant_c2
  if (failed(verifyBytes(*this, getValue())))
    return failure();
  // constant_c3
  return verifyChannelAxis(*this, type);
}

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValueAttr(); }

Operation *QnnDialect::materializeConstant(OpBuilder &builder, Attribute value, Type type, Location loc) {
  auto elements = llvm::dyn_cast<ElementsAttr>(value);
  if (!elements || !isFormatTensor(type) || elements.getType() != getStorageType(llvm::cast<RankedTensorType>(type)))
    return nullptr;
  return ConstantOp::create(builder, loc, type, elements, StringAttr());
}

//===-- quantize, dequantize, requantize ----------------------------------------------===//

static LogicalResult verifyCast(Operation *op) {
  auto input = llvm::cast<RankedTensorType>(op->getOperand(0).getType());
  auto output = llvm::cast<RankedTensorType>(op->getResult(0).getType());
  if (input.getShape() != output.getShape())
    return op->emitOpError() << "expects equal shapes, but got " << input << " and " << output;
  for (RankedTensorType type : {input, output}) {
    if (getFormat(type).getGroupSize())
      return op->emitOpError() << "does not take grouped formats, but got " << type;
    if (failed(verifyChannelAxis(op, type)))
      return failure();
  }
  return success();
}

static LogicalResult expectInteger(Operation *op, Value value, StringRef what, bool orBfloat = false) {
  NumberFormat format = getFormat(value);
  if (format.isFloat() && !(orBfloat && Type(format).isBF16()))
    return op->emitOpError() << "expects an integer format" << (orBfloat ? " or bf16" : "") << " as " << what
                             << ", but got " << value.getType();
  return success();
}

LogicalResult QuantizeOp::verify() {
  // quantize_c1, quantize_c2
  return success(succeeded(verifyCast(*this)) &&
                 succeeded(expectInteger(*this, getOutput(), "result", /*orBfloat=*/true)));
}

LogicalResult DequantizeOp::verify() {
  // dequantize_c1, dequantize_c2
  if (failed(verifyCast(*this)) || failed(expectInteger(*this, getInput(), "input", /*orBfloat=*/true)))
    return failure();
  if (!Type(getFormat(getOutput())).isF32())
    return emitOpError() << "expects an f32 result, but got " << getOutput().getType();
  return success();
}

LogicalResult RequantizeOp::verify() {
  // requantize_c1, requantize_c2
  if (failed(verifyCast(*this)) || failed(expectInteger(*this, getInput(), "input")) ||
      failed(expectInteger(*this, getOutput(), "result")))
    return failure();
  unsigned bits = getFormat(getInput()).getBits();
  if (bits > 16 && bits != 32)
    return emitOpError() << "expects an input of at most 16 bits or of 32, but got " << bits;
  return success();
}

OpFoldResult QuantizeOp::fold(FoldAdaptor) {
  // quantize(dequantize(x)) == x for one format: rounding scale * n / scale gives n back.
  auto producer = getInput().getDefiningOp<DequantizeOp>();
  if (producer && producer.getInput().getType() == getOutput().getType() && getFormat(getOutput()).getBits() <= 16)
    return producer.getInput();
  return {};
}
