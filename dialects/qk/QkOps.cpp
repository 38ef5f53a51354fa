// Verifiers and interfaces of the kernels.
#include "dialects/qk/QkOps.h"

#include "dialects/qk/Queries.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::qk;

int64_t qk::bytesOf(Type buffer) {
  auto type = llvm::cast<ShapedType>(buffer);
  return type.getNumElements() * type.getElementTypeBitWidth() / 8;
}

SmallVector<int64_t> qcc::qk::rowMajorStrides(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides(shape.size(), 1);
  for (int64_t i = static_cast<int64_t>(shape.size()) - 2; i >= 0; --i)
    strides[i] = strides[i + 1] * shape[i + 1];
  return strides;
}

//===-- What the kernels share ----------------------------------------------------------===//

static qnn::NumberFormat formatOf(Type type) { return llvm::dyn_cast<qnn::NumberFormat>(type); }

/// All tensors, or all memrefs of row-major layout.
static LogicalResult verifySameKind(Operation *op, TypeRange types) {
  for (Type type : types) {
    auto memory = llvm::dyn_cast<MemRefType>(type);
    if (llvm::isa<TensorType>(type) != llvm::isa<TensorType>(types[0]) || (memory && !memory.getLayout().isIdentity()))
      return op->emitOpError() << "expects only tensors, or only memrefs of row-major layout, but got " << types[0]
                               << " and " << type;
  }
  return success();
}

/// On tensors the destination's new value is the result; on memrefs there is none.
LogicalResult qk::verifyKernel(Operation *op) {
  // kernel_c1
  if (failed(verifySameKind(op, op->getOperandTypes())))
    return failure();
  // kernel_c2
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

/// Elements from the first to the last that a walk over a box touches, or nothing if they are more than 2^62. Sizes,
/// strides and offset are not negative.
static std::optional<int64_t> reachOf(ArrayRef<int64_t> sizes, ArrayRef<int64_t> strides, int64_t offset = 0) {
  if (llvm::is_contained(sizes, 0))
    return 0;
  constexpr int64_t limit = int64_t(1) << 62;
  int64_t last = offset;
  for (auto [size, stride] : llvm::zip(sizes, strides)) {
    int64_t distance;
    if (llvm::MulOverflow(size - 1, stride, distance) || llvm::AddOverflow(last, distance, last) || last >= limit)
      return std::nullopt;
  }
  return last + 1;
}

/// A buffer holds at least the packed bytes of `elements` codes.
static LogicalResult verifySize(Operation *op, Value buffer, Type format, std::optional<int64_t> elements,
                                StringRef what) {
  qnn::NumberFormat numbers = formatOf(format);
  // kernel_c3
  if (!numbers)
    return op->emitOpError() << "expects a number format for the " << what << ", but got " << format;
  if (numbers.getBits() > 25 && numbers.getBits() != 32)
    return op->emitOpError() << "expects codes of at most 25 bits or of 32 for the " << what << ", but " << format
                             << " has " << numbers.getBits();
  // kernel_c4
  if (!elements || *elements > INT64_MAX / 32)
    return op->emitOpError() << "reaches beyond any memory in the " << what;
  int64_t bytes = bytesOf(buffer);
  if (bytes < numbers.getPackedBytes(*elements))
    return op->emitOpError() << "expects at least " << numbers.getPackedBytes(*elements) << " bytes for the " << what
                             << ", but " << buffer.getType() << " has " << bytes;
  return success();
}

static void addEffects(Operation *op, SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>> &effects) {
  for (OpOperand &operand : op->getOpOperands()) {
    if (!llvm::isa<MemRefType>(operand.get().getType()))
      continue;
    auto contract = llvm::dyn_cast<ContractOp>(op);
    auto stream = llvm::dyn_cast<StreamOp>(op);
    bool isScratch =
        (contract && contract.getScratch() == operand.get()) || (stream && &operand == &stream.getScratchMutable());
    bool isDestination = operand.getOperandNumber() + 1 == op->getNumOperands();
    if (isDestination || isScratch)
      effects.emplace_back(MemoryEffects::Write::get(), &operand, SideEffects::DefaultResource::get());
    if (!isDestination || (contract && contract.getInitFormat()))
      effects.emplace_back(MemoryEffects::Read::get(), &operand, SideEffects::DefaultResource::get());
  }
}

#define QCC_KERNEL_EFFECTS(OP)                                                                                         \
  void OP::getEffects(SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>> &effects) {                  \
    addEffects(*this, effects);                                                                                        \
  }
QCC_KERNEL_EFFECTS(ContractOp)
QCC_KERNEL_EFFECTS(StreamOp)
QCC_KERNEL_EFFECTS(PoolOp)
QCC_KERNEL_EFFECTS(MapOp)
QCC_KERNEL_EFFECTS(LookupOp)
QCC_KERNEL_EFFECTS(GatherOp)
QCC_KERNEL_EFFECTS(FetchOp)
QCC_KERNEL_EFFECTS(SoftmaxOp)
QCC_KERNEL_EFFECTS(FloatSoftmaxOp)
QCC_KERNEL_EFFECTS(ArgmaxOp)
#undef QCC_KERNEL_EFFECTS

/// kernel_c5
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

/// Sizes that are not negative, of at most 2^31 elements together.
static bool isBox(ArrayRef<int64_t> sizes) {
  int64_t points = 1;
  for (int64_t size : sizes) {
    if (size < 0 || size > qnn::maxElements || size * points > qnn::maxElements)
      return false;
    points = std::max<int64_t>(1, size * points);
  }
  return true;
}

//===-- constant, view -----------------------------------------------------------------------===//

LogicalResult qk::ConstantOp::verify() {
  auto type = llvm::cast<ShapedType>(getType());
  ShapedType given = getValue().getShapedType();
  // constant_c1
  if (given.getShape() != type.getShape() || given.getElementType() != type.getElementType())
    return emitOpError() << "expects a value of the shape and element type of " << type << ", but got " << given;
  // constant_c2
  return qnn::verifyBytes(*this, getValue());
}

LogicalResult ViewOp::verify() {
  // view_c1
  if (failed(verifySameKind(*this, {getInput().getType(), getType()})))
    return failure();
  // view_c2
  if (bytesOf(getInput()) != bytesOf(getType()))
    return emitOpError() << "expects " << bytesOf(getInput()) << " bytes as in " << getInput().getType() << ", but "
                         << getType() << " has " << bytesOf(getType());
  return success();
}

//===-- contract ---------------------------------------------------------------------------===//

std::optional<unsigned> qk::biasParam(ContractOp op) {
  Value sum = op.getEpilogue().front().getArgument(0);
  auto add = sum.hasOneUse() ? llvm::dyn_cast<arith::AddIOp>(*sum.user_begin()) : nullptr;
  auto other = add ? llvm::dyn_cast<BlockArgument>(add.getLhs() == sum ? add.getRhs() : add.getLhs()) : nullptr;
  bool isParam = other && other.hasOneUse() && other.getArgNumber() <= op.getParams().size();
  return isParam ? std::optional(other.getArgNumber() - 1) : std::nullopt;
}

BlockArgument qk::addParam(ContractOp op, Value param) {
  op.getParamsMutable().append(param);
  Type element = llvm::cast<ShapedType>(param.getType()).getElementType();
  auto number = static_cast<unsigned>(op.getParams().size()); // behind the sum, and before what the destination held
  return op.getEpilogue().front().insertArgument(number, element, op.getLoc());
}

Value qk::biasedSum(ContractOp op) {
  Value sum = op.getEpilogue().front().getArgument(0);
  return biasParam(op) ? sum.user_begin()->getResult(0) : sum;
}

std::optional<int64_t> qk::constantNumber(Value value) {
  APInt number;
  return matchPattern(value, m_ConstantInt(&number)) ? std::optional(number.getSExtValue()) : std::nullopt;
}

/// The left operand of an operation of that kind whose right one is a constant, which goes to `number`; else null.
template <typename Op> static Value peel(Value value, std::optional<int64_t> &number) {
  auto found = value ? value.getDefiningOp<Op>() : Op();
  number = found ? qk::constantNumber(found.getRhs()) : std::nullopt;
  return number ? found.getLhs() : Value();
}

/// What an epilogue clamps to `low` and `high`, after `zero` has been added to it; null if it does not clamp at last.
static Value peelClamp(ContractOp op, std::optional<int64_t> &low, std::optional<int64_t> &high,
                       std::optional<int64_t> &zero) {
  Value value = peel<arith::MinSIOp>(op.getEpilogue().front().getTerminator()->getOperand(0), high);
  value = peel<arith::MaxSIOp>(value, low);
  Value added = peel<arith::AddIOp>(value, zero);
  return added ? added : value;
}

bool qk::yieldsCodes(ContractOp op) {
  qnn::NumberFormat format = formatOf(op.getOutFormat());
  if (format.getBits() == 32)
    return true;
  std::optional<std::pair<int64_t, int64_t>> bounds = clampOf(op);
  return !format.isFloat() && bounds && bounds->first >= format.getCodeRange().first &&
         bounds->second <= format.getCodeRange().second;
}

std::optional<std::pair<int64_t, int64_t>> qk::clampOf(ContractOp op) {
  std::optional<int64_t> low, high, zero;
  return peelClamp(op, low, high, zero) ? std::optional(std::pair(*low, *high)) : std::nullopt;
}

std::optional<ClampedRescaling> qk::clampedRescaling(ContractOp op) {
  std::optional<int64_t> low, high, zero;
  Value value = peelClamp(op, low, high, zero);
  if (!value)
    return std::nullopt;
  auto requantize = value.getDefiningOp<RequantizeOp>();
  if (!requantize || requantize.getInput() != biasedSum(op))
    return std::nullopt;
  return ClampedRescaling{requantize, zero, *low, *high};
}

/// What is rounded to 256ths of it: of x, (x >> 8) + (((x & 255) + 128 + (x >> 31)) >> 8); null for anything else.
static Value peelRounding(Value value) {
  auto sum = value ? value.getDefiningOp<arith::AddIOp>() : arith::AddIOp();
  std::optional<int64_t> shift, back, half, mask, sign;
  Value x = sum ? peel<arith::ShRSIOp>(sum.getLhs(), shift) : Value();
  Value rounded = sum ? peel<arith::ShRSIOp>(sum.getRhs(), back) : Value();
  auto low = rounded ? rounded.getDefiningOp<arith::AddIOp>() : arith::AddIOp();
  if (!x || !low || shift != 8 || back != 8)
    return {};
  Value fraction = peel<arith::AndIOp>(peel<arith::AddIOp>(low.getLhs(), half), mask);
  bool isRounding = fraction == x && half == 128 && mask == 255 && peel<arith::ShRSIOp>(low.getRhs(), sign) == x;
  return isRounding && sign == 31 ? x : Value();
}

std::optional<FractionalRescaling> qk::fractionalRescaling(ContractOp op) {
  std::optional<int64_t> low, high, zero;
  Value value = peelRounding(peelClamp(op, low, high, zero));
  if (!value)
    return std::nullopt;
  std::optional<unsigned> bias;
  if (auto add = value.getDefiningOp<arith::AddIOp>()) {
    auto argument = llvm::dyn_cast<BlockArgument>(add.getRhs());
    if (!argument || argument.getArgNumber() == 0)
      return std::nullopt;
    bias = argument.getArgNumber() - 1;
    value = add.getLhs();
  }
  auto requantize = value.getDefiningOp<RequantizeOp>();
  if (!requantize || requantize.getInput() != op.getEpilogue().getArgument(0))
    return std::nullopt;
  return FractionalRescaling{{requantize, zero, *low, *high}, bias};
}

bool qk::addsMultipliedSums(ContractOp op) {
  Block &combine = op.getCombine().front();
  auto add = combine.getTerminator()->getOperand(0).getDefiningOp<arith::AddIOp>();
  auto product = add ? add.getRhs().getDefiningOp<arith::MulIOp>() : arith::MulIOp();
  auto factor = product ? product.getRhs().getDefiningOp<arith::ExtUIOp>() : arith::ExtUIOp();
  return factor && combine.getNumArguments() == 3 && add.getLhs() == combine.getArgument(0) &&
         product.getLhs() == combine.getArgument(1) && factor.getIn() == combine.getArgument(2) &&
         factor.getIn().getType().isInteger(8);
}

/// The parameters and the region of a contraction with one scale per group; sets `total` to the type of the sum.
static LogicalResult verifyCombine(ContractOp op, Type &total) {
  WindowAttr window = op.getWindow();
  int64_t blocks = llvm::divideCeil(window.getChannels()[0], op.getScaleGroup());
  int64_t expected =
      window.getGroups() * window.getChannels()[1] * window.getKernel()[0] * window.getKernel()[1] * blocks;
  // contract_c4
  if (op.getCombine().empty())
    return op.emitOpError() << "expects a region combine with a scale_group";
  // contract_c2
  if (formatOf(op.getLhsFormat()).isFloat())
    return op.emitOpError() << "takes a scale_group only for integers, but got " << op.getLhsFormat();
  // contract_c6
  auto yield = llvm::dyn_cast<YieldOp>(op.getCombine().front().back());
  Type sum = scalarType(op.getLhsFormat());
  total = yield ? yield.getValue().getType() : sum;
  // contract_c5
  SmallVector<Type> arguments{total, sum};
  for (Value param : op.getGroupParams()) {
    auto type = llvm::cast<ShapedType>(param.getType());
    if (type.getNumElements() != expected)
      return op.emitOpError() << "expects group_params with " << expected << " elements, but got " << type;
    arguments.push_back(type.getElementType());
  }
  // contract_c8
  if (op.getPacked() && !op.getGroupParams().empty())
    return op.emitOpError() << "takes no group_params where they are packed with the right-hand side";
  if (op.getPacked())
    llvm::append_range(arguments, llvm::drop_begin(op.getCombine().getArgumentTypes(), 2));
  return verifyRegion(op, op.getCombine(), arguments, total);
}

/// contract_c9
static LogicalResult verifyPart(ContractOp op) {
  WindowAttr window = op.getWindow();
  if (!op.getPart())
    return success();
  int64_t first = op.getPart()->getFirst(), all = op.getPart()->getOf(), channels = window.getChannels()[1];
  if (window.getGroups() != 1 || op.getScaleGroup() != 0)
    return op.emitOpError() << "takes a part only with one group of channels and without scale_group, but got "
                            << window.getGroups() << " and " << static_cast<int64_t>(op.getScaleGroup());
  if (channels < 1 || channels > all - first)
    return op.emitOpError() << "expects a part from channel " << first << " on to have 1 to " << all - first
                            << " channels, but the window has " << channels;
  if (qnn::NumberFormat format = formatOf(op.getOutFormat()); format && format.getBits() % 8 != 0)
    return op.emitOpError() << "takes a part only with output codes of whole bytes, but " << op.getOutFormat()
                            << " has " << format.getBits() << " bits";
  return success();
}

/// contract_c10
static LogicalResult verifyAlgorithm(ContractOp op) {
  bool isWinograd = qnn::isWinograd(op.getAlgorithm()) || (op.getSchedule() && op.getSchedule()->getTiles() > 0);
  if (!isWinograd)
    return success();
  qk::WindowAttr window = op.getWindow();
  ArrayRef<int64_t> kernel = window.getKernel();
  if (!hasWinogradWindow(window) ||
      (op.getAlgorithm() && !qnn::winograd::computes(op.getAlgorithm()->getKind(), kernel[0], kernel[1])))
    return op.emitOpError() << "expects a 3x3, 1x3 or 3x1 window with strides and dilations of 1 that Winograd's "
                               "algorithm computes, but got "
                            << window;
  bool isFloat = formatOf(op.getLhsFormat()).isFloat(),
       isOfFloats = op.getAlgorithm() ? op.getAlgorithm()->isOfFloats() : isFloat;
  if (isFloat && !formatOf(op.getRhsFormat()).isFloat())
    return op.emitOpError() << "expects two integer formats or two floats for Winograd's algorithm, but got "
                            << op.getLhsFormat() << " and " << op.getRhsFormat();
  if (isOfFloats && !isFloat)
    return op.emitOpError() << "expects floats for " << *op.getAlgorithm() << ", but got " << op.getLhsFormat();
  if (isOfFloats != isFloat || op.getScaleGroup() != 0)
    return op.emitOpError() << "expects integers without scale_group for Winograd's algorithm, but got "
                            << op.getLhsFormat() << " and " << static_cast<int64_t>(op.getScaleGroup());
  return success();
}

static LogicalResult verifyInitFormat(ContractOp op) {
  if (!op.getInitFormat())
    return success();
  // contract_c11
  qnn::NumberFormat held = formatOf(*op.getInitFormat()), out = formatOf(op.getOutFormat());
  if (!held || held.getBits() != out.getBits() || out.getBits() % 8 != 0)
    return op.emitOpError() << "expects an init_format with as many bytes as " << op.getOutFormat() << ", but got "
                            << *op.getInitFormat();
  if (op.getPart())
    return op.emitOpError() << "expects no part with an init_format";
  return success();
}

LogicalResult ContractOp::verify() {
  WindowAttr window = getWindow();
  if (failed(verifyPart(*this)) || failed(verifyAlgorithm(*this)))
    return failure();
  int64_t all = outputChannels(*this), codes = window.outputElements();
  if (getPart())
    codes = codes / window.getChannels()[1] * all;
  if (failed(verifyKernel(*this)) ||
      failed(verifySize(*this, getLhs(), getLhsFormat(), window.inputElements(), "left-hand side")) ||
      failed(verifySize(*this, getInit(), getOutFormat(), codes, "destination")))
    return failure();
  // contract_c1
  ArrayRef<int64_t> strides = getRhsStrides();
  if (strides.size() != 5)
    return emitOpError() << "expects 5 rhs_strides, but got " << strides.size();
  if (*llvm::min_element(strides) < 0)
    return emitOpError() << "expects rhs_strides of at least 0, but got " << *llvm::min_element(strides);
  int64_t channels = window.getGroups() * window.getChannels()[1];
  std::optional<int64_t> reach = reachOf(
      {window.getBatch(), channels, window.getKernel()[0], window.getKernel()[1], window.getChannels()[0]}, strides);
  if (!getPacked() && failed(verifySize(*this, getRhs(), getRhsFormat(), reach, "right-hand side")))
    return failure();
  // contract_c8
  if (getPacked() && !getSchedule())
    return emitOpError() << "expects a schedule, whose tile instruction gives the order of the packed right-hand side";
  // contract_c2
  if (formatOf(getRhsFormat()).isFloat() && !formatOf(getLhsFormat()).isFloat())
    return emitOpError() << "expects an integer format as right-hand side of another, but got " << getLhsFormat()
                         << " and " << getRhsFormat();
  // contract_c7
  for (uint64_t zero : {getLhsZero(), getRhsZero(), getPadCode().value_or(0)})
    if (!llvm::isInt<32>(static_cast<int64_t>(zero)))
      return emitOpError() << "expects zero points and a pad_code in the range of i32, but got "
                           << static_cast<int64_t>(zero);
  Type accumulator = scalarType(getLhsFormat());
  // contract_c4
  if (static_cast<int64_t>(getScaleGroup()) < 0)
    return emitOpError() << "expects a scale_group of at least 0, but got " << static_cast<int64_t>(getScaleGroup());
  if (getScaleGroup() > 0 && failed(verifyCombine(*this, accumulator)))
    return failure();
  if (getScaleGroup() == 0 && (!getCombine().empty() || !getGroupParams().empty()))
    return emitOpError() << "takes group_params and combine only with a scale_group";
  // contract_c3
  SmallVector<Type> arguments{accumulator};
  for (Value param : getParams()) {
    auto type = llvm::cast<ShapedType>(param.getType());
    if (type.getNumElements() != all)
      return emitOpError() << "expects parameters with " << all << " elements, but got " << type;
    arguments.push_back(type.getElementType());
  }
  if (failed(verifyInitFormat(*this)))
    return failure();
  if (getInitFormat())
    arguments.push_back(scalarType(*getInitFormat()));
  return verifyRegion(*this, getEpilogue(), arguments, scalarType(getOutFormat()));
}

//===-- pool ---------------------------------------------------------------------------------===//

LogicalResult PoolOp::verify() {
  WindowAttr window = getWindow();
  if (failed(verifyKernel(*this)) ||
      failed(verifySize(*this, getInput(), getInFormat(), window.inputElements(), "input")) ||
      failed(verifySize(*this, getInit(), getOutFormat(), window.outputElements(), "destination")))
    return failure();
  // pool_c1
  if (window.getChannels()[0] != 1 || window.getChannels()[1] != 1)
    return emitOpError() << "expects one input and one output channel per group";
  return verifyRegion(*this, getEpilogue(), {scalarType(getInFormat()), IntegerType::get(getContext(), 32)},
                      scalarType(getOutFormat()));
}

//===-- map ----------------------------------------------------------------------------------===//

LogicalResult MapOp::verify() {
  if (failed(verifyKernel(*this)))
    return failure();
  // map_c1
  if (getAccesses().size() != getInputs().size() + 1)
    return emitOpError() << "expects " << getInputs().size() + 1 << " accesses, but got " << getAccesses().size();
  SmallVector<Type> arguments;
  SmallVector<Value> buffers(getInputs());
  buffers.push_back(getInit());
  // map_c3
  if (!isBox(getShape())) {
    InFlightDiagnostic error = emitOpError() << "expects sizes of at least 0 and at most 2^31 points, but got [";
    llvm::interleaveComma(getShape(), error);
    return error << "]";
  }
  for (auto [index, attribute] : llvm::enumerate(getAccesses())) {
    auto access = llvm::cast<AccessAttr>(attribute);
    // map_c2
    if (access.getStrides().size() != getShape().size())
      return emitOpError() << "expects " << getShape().size() << " strides in access " << index << ", but got "
                           << access.getStrides().size();
    if (failed(verifySize(*this, buffers[index], access.getFormat(),
                          reachOf(getShape(), access.getStrides(), access.getOffset()),
                          index < getInputs().size() ? "input" : "destination")))
      return failure();
    arguments.push_back(scalarType(access.getFormat()));
  }
  Type yielded = arguments.pop_back_val();
  return verifyRegion(*this, getBody(), arguments, yielded);
}

//===-- lookup, gather ---------------------------------------------------------------------------===//

LogicalResult LookupOp::verify() {
  // lookup_c3
  int64_t count = getCount();
  if (count < 0)
    return emitOpError() << "expects a count of at least 0, but got " << count;
  if (failed(verifyKernel(*this)) || failed(verifySize(*this, getInput(), getInFormat(), count, "input")) ||
      failed(verifySize(*this, getInit(), getOutFormat(), count, "destination")))
    return failure();
  // lookup_c1
  auto table = llvm::cast<ShapedType>(getTable().getType());
  int64_t entries = table.getNumElements();
  unsigned bits = formatOf(getInFormat()).getBits();
  if (bits > 16 || entries != int64_t(1) << bits)
    return emitOpError() << "expects a table of one entry per code of at most 16 bits, but got " << entries
                         << " entries for " << bits << " bits";
  // lookup_c2
  Type expected = formatOf(getOutFormat()).getUnpackedType();
  if (table.getElementType() != expected)
    return emitOpError() << "expects a table of " << expected << ", but got " << table;
  return success();
}

LogicalResult GatherOp::verify() {
  ArrayRef<int64_t> out = getShape(), in = getInputShape();
  // gather_c1
  if (out.size() != 4 || in.size() != 2)
    return emitOpError() << "expects a shape of 4 sizes and an input_shape of 2, but got " << out.size() << " and "
                         << in.size();
  if (!isBox(out) || !isBox({out[0], in[0], in[1], out[3]}))
    return emitOpError() << "expects sizes of at least 0 and at most 2^31 elements";
  if (failed(verifyKernel(*this)) ||
      failed(verifySize(*this, getInput(), getFormat(), out[0] * in[0] * in[1] * out[3], "input")) ||
      failed(verifySize(*this, getInit(), getFormat(), out[0] * out[1] * out[2] * out[3], "destination")))
    return failure();
  for (auto [table, size, limit] : {std::tuple(getRows(), out[1], in[0]), std::tuple(getColumns(), out[2], in[1])}) {
    // gather_c2
    auto type = llvm::cast<ShapedType>(table.getType());
    if (type.getNumElements() != size || !type.getElementType().isInteger(32))
      return emitOpError() << "expects an index table of " << size << " elements of i32, but got " << type;
    // gather_c3
    auto constant = table.getDefiningOp<qk::ConstantOp>();
    auto indices = constant ? llvm::dyn_cast<DenseIntElementsAttr>(constant.getValue()) : DenseIntElementsAttr();
    if (!indices)
      continue;
    for (int32_t index : indices.getValues<int32_t>())
      if (index < 0 || index >= limit)
        return emitOpError() << "expects indices from 0 to " << limit - 1 << ", but got " << index;
  }
  return success();
}

LogicalResult FetchOp::verify() {
  if (failed(verifyKernel(*this)))
    return failure();
  // fetch_c1
  auto from = llvm::cast<ShapedType>(getInput().getType()), to = llvm::cast<ShapedType>(getInit().getType());
  if (from.getElementType() != to.getElementType())
    return emitOpError() << "expects an input of the destination's element type " << to.getElementType() << ", but got "
                         << from.getElementType();
  // fetch_c2
  auto offset = static_cast<int64_t>(getOffset());
  int64_t bytes = bytesOf(from), wanted = bytesOf(to);
  if (offset < 0 || offset > bytes - wanted)
    return emitOpError() << "expects an input of at least " << wanted << " bytes from byte " << offset << " on, but "
                         << from << " has " << bytes;
  return success();
}

//===-- rows -----------------------------------------------------------------------------------------===//

/// softmax_c1
static LogicalResult verifyRows(Operation *op, int64_t rows, int64_t columns) {
  if (!isBox({rows, columns}))
    return op->emitOpError() << "expects rows and columns of at least 0 and at most 2^31 elements, but got " << rows
                             << " and " << columns;
  return success();
}

/// requantize_c1 and requantize_c2 for numbers; what is not known is nothing.
static LogicalResult verifyRescale(Operation *op, std::optional<int64_t> multiplier, std::optional<int64_t> left,
                                   std::optional<int64_t> right) {
  if (multiplier && (*multiplier < 0 || *multiplier > INT32_MAX))
    return op->emitOpError() << "expects a multiplier from 0 to " << INT32_MAX << ", but got " << *multiplier;
  if (left && (*left < 0 || *left > 30))
    return op->emitOpError() << "expects a shift to the left from 0 to 30, but got " << *left;
  if (right && (*right < 0 || *right > 31))
    return op->emitOpError() << "expects a shift to the right from 0 to 31, but got " << *right;
  if (left && right && *left != 0 && *right != 0)
    return op->emitOpError() << "expects a shift in one direction, but got " << *left << " to the left and " << *right
                             << " to the right";
  return success();
}

LogicalResult SoftmaxOp::verify() {
  // softmax_c1
  if (failed(verifyRows(*this, getRows(), getColumns())) || failed(verifyKernel(*this)) ||
      failed(verifySize(*this, getInput(), getInFormat(), getRows() * getColumns(), "input")) ||
      failed(verifySize(*this, getInit(), getOutFormat(), getRows() * getColumns(), "destination")))
    return failure();
  // softmax_c2
  for (Type format : {getInFormat(), getOutFormat()})
    if (formatOf(format).isFloat() || formatOf(format).getBits() != 8)
      return emitOpError() << "expects integers of 8 bits, but got " << format;
  if (getColumns() > 4096)
    return emitOpError() << "expects rows of at most 4096 integers, but got " << getColumns();
  // softmax_c3
  if (getRadius() > INT32_MAX)
    return emitOpError() << "expects a radius from 0 to " << INT32_MAX << ", but got "
                         << static_cast<int64_t>(getRadius());
  return verifyRescale(*this, getMultiplier(), getLeft(), getRight());
}

LogicalResult FloatSoftmaxOp::verify() {
  Type format = Float32Type::get(getContext());
  // float_softmax_c1
  return success(succeeded(verifyRows(*this, getRows(), getColumns())) && succeeded(verifyKernel(*this)) &&
                 succeeded(verifySize(*this, getInput(), format, getRows() * getColumns(), "input")) &&
                 succeeded(verifySize(*this, getInit(), format, getRows() * getColumns(), "destination")));
}

LogicalResult ArgmaxOp::verify() {
  ArrayRef<int64_t> shape = getShape();
  // argmax_c1
  if (shape.size() != 3)
    return emitOpError() << "expects a shape [outer, axis, inner], but got " << shape.size() << " numbers";
  if (!isBox(shape) || shape[1] == 0)
    return emitOpError() << "expects sizes of at least 0, an axis of at least 1 and at most 2^31 elements, but got "
                         << shape[0] << ", " << shape[1] << " and " << shape[2];
  return success(
      succeeded(verifyKernel(*this)) &&
      succeeded(verifySize(*this, getInput(), getFormat(), shape[0] * shape[1] * shape[2], "input")) &&
      succeeded(verifySize(*this, getInit(), IntegerType::get(getContext(), 32), shape[0] * shape[2], "destination")));
}

//===-- scalars --------------------------------------------------------------------------------------===//

LogicalResult qk::RequantizeOp::verify() {
  // requantize_c1, requantize_c2
  std::optional<int64_t> left = constantNumber(getLeft()), shift = constantNumber(getShift());
  if (failed(verifyRescale(*this, constantNumber(getMultiplier()), left, shift)))
    return failure();
  // requantize_c3
  if (getNarrow() && getRounding() != qnn::Rounding::Double)
    return emitOpError() << "expects double rounding with 'narrow'";
  if (getNarrow() && (left.value_or(0) != 0 || shift.value_or(1) < 1 || shift.value_or(1) > narrowShifts))
    return emitOpError() << "expects no left shift and a right shift of 1 to " << narrowShifts
                         << " with 'narrow', but got " << left.value_or(0) << " and " << shift.value_or(1);
  return success();
}
