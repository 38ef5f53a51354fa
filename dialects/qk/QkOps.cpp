// Verifiers and interfaces of the kernels.
#include "dialects/qk/QkOps.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::qk;

SmallVector<int64_t> qcc::qk::rowMajorStrides(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides(shape.size(), 1);
  for (int64_t i = static_cast<int64_t>(shape.size()) - 2; i >= 0; --i)
    strides[i] = strides[i + 1] * shape[i + 1];
  return strides;
}

//===-- What the kernels share ----------------------------------------------------------===//

static qnn::NumberFormat formatOf(Type type) { return llvm::dyn_cast<qnn::NumberFormat>(type); }

/// On tensors the destination's new value is the result; on memrefs there is none.
static LogicalResult verifyKernel(Operation *op) {
  Value init = op->getOperand(op->getNumOperands() - 1);
  bool isTensor = llvm::isa<TensorType>(init.getType());
  if (op->getNumResults() != (isTensor ? 1 : 0))
    return op->emitOpError() << "expects " << (isTensor ? "one result" : "no result") << " for a destination of type "
                             << init.getType();
  if (isTensor && op->getResult(0).getType() != init.getType())
    return op->emitOpError() << "expects a result of the destination's type " << init.getType() << ", but got "
                             << op->getResult(0).getType();
  return success();
}

/// A buffer holds at least the packed bytes of `elements` codes.
static LogicalResult verifySize(Operation *op, Value buffer, Type format, int64_t elements, StringRef what) {
  qnn::NumberFormat numbers = formatOf(format);
  if (!numbers)
    return op->emitOpError() << "expects a number format for the " << what << ", but got " << format;
  auto type = llvm::cast<ShapedType>(buffer.getType());
  int64_t bytes = type.getNumElements() * type.getElementTypeBitWidth() / 8;
  if (bytes < numbers.getPackedBytes(elements))
    return op->emitOpError() << "expects at least " << numbers.getPackedBytes(elements) << " bytes for the " << what
                             << ", but " << type << " has " << bytes;
  return success();
}

static void addEffects(Operation *op, SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>> &effects) {
  for (OpOperand &operand : op->getOpOperands()) {
    if (!llvm::isa<MemRefType>(operand.get().getType()))
      continue;
    bool isDestination = operand.getOperandNumber() + 1 == op->getNumOperands();
    effects.emplace_back(isDestination ? static_cast<MemoryEffects::Effect *>(MemoryEffects::Write::get())
                                       : static_cast<MemoryEffects::Effect *>(MemoryEffects::Read::get()),
                         &operand, SideEffects::DefaultResource::get());
  }
}

#define QCC_KERNEL_EFFECTS(OP)                                                                                         \
  void OP::getEffects(SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>> &effects) {                  \
    addEffects(*this, effects);                                                                                        \
  }
QCC_KERNEL_EFFECTS(ContractOp)
QCC_KERNEL_EFFECTS(PoolOp)
QCC_KERNEL_EFFECTS(MapOp)
QCC_KERNEL_EFFECTS(LookupOp)
QCC_KERNEL_EFFECTS(GatherOp)
QCC_KERNEL_EFFECTS(SoftmaxOp)
QCC_KERNEL_EFFECTS(FloatSoftmaxOp)
QCC_KERNEL_EFFECTS(ArgmaxOp)
#undef QCC_KERNEL_EFFECTS

/// Whole bytes of equal width: element i of one lies where element i of the other does.
static bool sameWidth(Type a, Type b) {
  unsigned bits = formatOf(a).getBits();
  return bits == formatOf(b).getBits() && bits % 8 == 0;
}

static LogicalResult verifyRegion(Operation *op, Region &region, ArrayRef<Type> arguments, Type yielded) {
  if (!llvm::equal(region.getArgumentTypes(), arguments)) {
    InFlightDiagnostic error = op->emitOpError() << "expects region arguments of types (";
    llvm::interleaveComma(arguments, error);
    return error << ")";
  }
  auto yield = llvm::dyn_cast<YieldOp>(region.front().back());
  if (!yield || yield.getValue().getType() != yielded)
    return op->emitOpError() << "expects the region to end in qk.yield of type " << yielded;
  return success();
}

/// The type in which a region handles a code of this format.
static Type scalarType(Type format) {
  MLIRContext *context = format.getContext();
  if (formatOf(format).isFloat())
    return Float32Type::get(context);
  return IntegerType::get(context, 32);
}

//===-- contract ---------------------------------------------------------------------------===//

bool ContractOp::writesAll() { return true; }
bool ContractOp::mayOverwrite(OpOperand &operand) {
  // One product per output code, read just before it is written.
  WindowAttr window = getWindow();
  return &operand == &getLhsMutable() && sameWidth(getLhsFormat(), getOutFormat()) && window.getKernel()[0] == 1 &&
         window.getKernel()[1] == 1 && window.getChannels()[0] == 1 && window.getChannels()[1] == 1 &&
         window.getInput() == window.getOutput() && window.getPads()[0] == 0 && window.getPads()[1] == 0;
}

/// The parameters and the region of a contraction with one scale per group; sets `total` to the type of the sum.
static LogicalResult verifyCombine(ContractOp op, Type &total) {
  WindowAttr window = op.getWindow();
  int64_t blocks = llvm::divideCeil(window.getChannels()[0], op.getScaleGroup());
  int64_t expected =
      window.getGroups() * window.getChannels()[1] * window.getKernel()[0] * window.getKernel()[1] * blocks;
  if (op.getCombine().empty())
    return op.emitOpError() << "expects a region combine with a scale_group";
  auto yield = llvm::dyn_cast<YieldOp>(op.getCombine().front().back());
  Type sum = scalarType(op.getLhsFormat());
  total = yield ? yield.getValue().getType() : sum;
  SmallVector<Type> arguments{total, sum};
  for (Value param : op.getGroupParams()) {
    auto type = llvm::cast<ShapedType>(param.getType());
    if (type.getNumElements() != expected)
      return op.emitOpError() << "expects group_params with " << expected << " elements, but got " << type;
    arguments.push_back(type.getElementType());
  }
  return verifyRegion(op, op.getCombine(), arguments, total);
}

LogicalResult ContractOp::verify() {
  WindowAttr window = getWindow();
  if (failed(verifyKernel(*this)) ||
      failed(verifySize(*this, getLhs(), getLhsFormat(), window.inputElements(), "left-hand side")) ||
      failed(verifySize(*this, getInit(), getOutFormat(), window.outputElements(), "destination")) ||
      failed(verifySize(*this, getRhs(), getRhsFormat(), 0, "right-hand side")))
    return failure();
  if (getRhsStrides().size() != 5)
    return emitOpError() << "expects 5 rhs_strides, but got " << getRhsStrides().size();
  bool isFloat = formatOf(getLhsFormat()).isFloat();
  if (isFloat != formatOf(getRhsFormat()).isFloat())
    return emitOpError() << "expects two integer formats or two floats, but got " << getLhsFormat() << " and "
                         << getRhsFormat();
  int64_t channels = window.getGroups() * window.getChannels()[1];
  Type accumulator = scalarType(getLhsFormat());
  if (getScaleGroup() > 0 && failed(verifyCombine(*this, accumulator)))
    return failure();
  if (getScaleGroup() == 0 && (!getCombine().empty() || !getGroupParams().empty()))
    return emitOpError() << "takes group_params and combine only with a scale_group";
  SmallVector<Type> arguments{accumulator};
  for (Value param : getParams()) {
    auto type = llvm::cast<ShapedType>(param.getType());
    if (type.getNumElements() != channels)
      return emitOpError() << "expects parameters with " << channels << " elements, but got " << type;
    arguments.push_back(type.getElementType());
  }
  return verifyRegion(*this, getEpilogue(), arguments, scalarType(getOutFormat()));
}

//===-- pool ---------------------------------------------------------------------------------===//

bool PoolOp::writesAll() { return true; }
bool PoolOp::mayOverwrite(OpOperand &operand) { return false; }

LogicalResult PoolOp::verify() {
  WindowAttr window = getWindow();
  if (failed(verifyKernel(*this)) ||
      failed(verifySize(*this, getInput(), getInFormat(), window.inputElements(), "input")) ||
      failed(verifySize(*this, getInit(), getOutFormat(), window.outputElements(), "destination")))
    return failure();
  if (window.getChannels()[0] != 1 || window.getChannels()[1] != 1)
    return emitOpError() << "expects one input and one output channel per group";
  return verifyRegion(*this, getEpilogue(), {scalarType(getInFormat()), IntegerType::get(getContext(), 32)},
                      scalarType(getOutFormat()));
}

//===-- map ----------------------------------------------------------------------------------===//

bool MapOp::writesAll() {
  auto access = llvm::cast<AccessAttr>(getAccesses()[getInputs().size()]);
  auto type = llvm::cast<ShapedType>(getInit().getType());
  int64_t points = 1;
  for (int64_t size : getShape())
    points *= size;
  // A box of as many points as the destination has elements that walks it in row-major order.
  return access.getOffset() == 0 && access.getStrides() == ArrayRef<int64_t>(rowMajorStrides(getShape())) &&
         formatOf(access.getFormat()).getPackedBytes(points) ==
             type.getNumElements() * type.getElementTypeBitWidth() / 8;
}

bool MapOp::mayOverwrite(OpOperand &operand) {
  auto accesses = getAccesses().getAsRange<AccessAttr>();
  SmallVector<AccessAttr> all(accesses.begin(), accesses.end());
  if (operand.getOperandNumber() >= getInputs().size())
    return false;
  AccessAttr read = all[operand.getOperandNumber()], write = all.back();
  if (!sameWidth(read.getFormat(), write.getFormat()) || !writesAll())
    return false;
  // The same value read elsewhere by another operand would see overwritten codes.
  for (auto [index, input] : llvm::enumerate(getInputs()))
    if (input == operand.get() && all[index] != read)
      return false;
  return read.getOffset() == write.getOffset() && read.getStrides() == write.getStrides();
}

LogicalResult MapOp::verify() {
  if (failed(verifyKernel(*this)))
    return failure();
  if (getAccesses().size() != getInputs().size() + 1)
    return emitOpError() << "expects " << getInputs().size() + 1 << " accesses, but got " << getAccesses().size();
  SmallVector<Type> arguments;
  SmallVector<Value> buffers(getInputs());
  buffers.push_back(getInit());
  bool isEmpty = llvm::is_contained(getShape(), 0);
  for (auto [index, attribute] : llvm::enumerate(getAccesses())) {
    auto access = llvm::cast<AccessAttr>(attribute);
    if (access.getStrides().size() != getShape().size())
      return emitOpError() << "expects " << getShape().size() << " strides in access " << index << ", but got "
                           << access.getStrides().size();
    int64_t last = access.getOffset();
    for (auto [size, stride] : llvm::zip(getShape(), access.getStrides()))
      last += (size - 1) * stride;
    if (failed(verifySize(*this, buffers[index], access.getFormat(), isEmpty ? 0 : last + 1,
                          index < getInputs().size() ? "input" : "destination")))
      return failure();
    arguments.push_back(scalarType(access.getFormat()));
  }
  Type yielded = arguments.pop_back_val();
  return verifyRegion(*this, getBody(), arguments, yielded);
}

//===-- lookup, gather ---------------------------------------------------------------------------===//

bool LookupOp::writesAll() { return true; }
bool LookupOp::mayOverwrite(OpOperand &operand) {
  return &operand == &getInputMutable() && sameWidth(getInFormat(), getOutFormat());
}

LogicalResult LookupOp::verify() {
  if (failed(verifyKernel(*this)) || failed(verifySize(*this, getInput(), getInFormat(), getCount(), "input")) ||
      failed(verifySize(*this, getInit(), getOutFormat(), getCount(), "destination")))
    return failure();
  int64_t entries = llvm::cast<ShapedType>(getTable().getType()).getNumElements();
  unsigned bits = formatOf(getInFormat()).getBits();
  if (bits > 16 || entries != int64_t(1) << bits)
    return emitOpError() << "expects a table of one entry per code of " << bits << " bits, but got " << entries;
  return success();
}

bool GatherOp::writesAll() { return true; }
bool GatherOp::mayOverwrite(OpOperand &operand) { return false; }

LogicalResult GatherOp::verify() {
  ArrayRef<int64_t> out = getShape(), in = getInputShape();
  if (out.size() != 4 || in.size() != 2)
    return emitOpError() << "expects a shape of rank 4 and an input_shape of 2";
  if (failed(verifyKernel(*this)) ||
      failed(verifySize(*this, getInput(), getFormat(), out[0] * in[0] * in[1] * out[3], "input")) ||
      failed(verifySize(*this, getInit(), getFormat(), out[0] * out[1] * out[2] * out[3], "destination")))
    return failure();
  for (auto [table, size] : {std::pair(getRows(), out[1]), std::pair(getColumns(), out[2])})
    if (llvm::cast<ShapedType>(table.getType()).getNumElements() != size)
      return emitOpError() << "expects an index table of " << size << " elements, but got " << table.getType();
  return success();
}

//===-- rows -----------------------------------------------------------------------------------------===//

bool SoftmaxOp::writesAll() { return true; }
bool SoftmaxOp::mayOverwrite(OpOperand &operand) {
  // Each pass over a row reads codes before the last one writes them in the same order.
  return &operand == &getInputMutable() && sameWidth(getInFormat(), getOutFormat());
}

LogicalResult SoftmaxOp::verify() {
  if (failed(verifyKernel(*this)) ||
      failed(verifySize(*this, getInput(), getInFormat(), getRows() * getColumns(), "input")) ||
      failed(verifySize(*this, getInit(), getOutFormat(), getRows() * getColumns(), "destination")))
    return failure();
  for (uint64_t shift : {getLeft(), getRight()})
    if (shift > 31)
      return emitOpError() << "expects shifts from 0 to 31, but got " << shift;
  return success();
}

bool FloatSoftmaxOp::writesAll() { return true; }
bool FloatSoftmaxOp::mayOverwrite(OpOperand &operand) { return &operand == &getInputMutable(); }

LogicalResult FloatSoftmaxOp::verify() {
  Type format = Float32Type::get(getContext());
  return success(succeeded(verifyKernel(*this)) &&
                 succeeded(verifySize(*this, getInput(), format, getRows() * getColumns(), "input")) &&
                 succeeded(verifySize(*this, getInit(), format, getRows() * getColumns(), "destination")));
}

bool ArgmaxOp::writesAll() { return true; }
bool ArgmaxOp::mayOverwrite(OpOperand &operand) { return false; }

LogicalResult ArgmaxOp::verify() {
  ArrayRef<int64_t> shape = getShape();
  if (shape.size() != 3)
    return emitOpError() << "expects a shape [outer, axis, inner], but got " << shape.size() << " numbers";
  return success(
      succeeded(verifyKernel(*this)) &&
      succeeded(verifySize(*this, getInput(), getFormat(), shape[0] * shape[1] * shape[2], "input")) &&
      succeeded(verifySize(*this, getInit(), IntegerType::get(getContext(), 32), shape[0] * shape[2], "destination")));
}
