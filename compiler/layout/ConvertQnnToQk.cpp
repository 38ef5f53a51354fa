// convert-qnn-to-qk: the walk, buffers and the scalar helpers that all families use.
#include "compiler/layout/Lowering.h"
#include "compiler/layout/Passes.h"

#include "compiler/support/HostTensor.h"
#include "dialects/qnn/State.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::layout;

//===-- Buffers ---------------------------------------------------------------------------===//

Value Lowering::emptyFor(Value value) {
  RankedTensorType type = qnn::getStorageType(llvm::cast<RankedTensorType>(value.getType()));
  return tensor::EmptyOp::create(b, value.getLoc(), type.getShape(), type.getElementType());
}

template <typename T> static ElementsAttr denseOf(Type element, ArrayRef<T> values) {
  return DenseElementsAttr::get(RankedTensorType::get({static_cast<int64_t>(values.size())}, element), values);
}

static Value constant(OpBuilder &b, Location loc, ElementsAttr value, StringRef name) {
  return qk::ConstantOp::create(b, loc, value.getShapedType(), value, b.getStringAttr(name));
}

Value Lowering::constantI32(Location loc, ArrayRef<int32_t> values, StringRef name) {
  return constant(b, loc, denseOf(b.getI32Type(), values), name);
}

Value Lowering::constantI8(Location loc, ArrayRef<int8_t> values, StringRef name) {
  return constant(b, loc, denseOf(b.getI8Type(), values), name);
}

Value Lowering::constantF32(Location loc, ArrayRef<float> values, StringRef name) {
  return constant(b, loc, denseOf(b.getF32Type(), values), name);
}

Value Lowering::constantCodes(Location loc, qnn::NumberFormat format, ArrayRef<int64_t> codes, StringRef name) {
  Type element = format.getUnpackedType();
  auto type = RankedTensorType::get({static_cast<int64_t>(codes.size())}, element);
  unsigned bytes = element.getIntOrFloatBitWidth() / 8;
  SmallVector<char> data;
  for (int64_t code : codes)
    for (unsigned i = 0; i < bytes; ++i)
      data.push_back(static_cast<char>(code >> (8 * i)));
  return constant(b, loc, DenseElementsAttr::getFromRawBuffer(type, data), name);
}

void Lowering::lowerConstant(qnn::ConstantOp op) {
  storage.map(op.getOutput(),
              qk::ConstantOp::create(b, op.getLoc(), op.getValue().getShapedType(), op.getValue(), op.getNameAttr()));
}

//===-- Scalars in regions ------------------------------------------------------------------===//

std::optional<SignCodes> layout::getSignCodes(qnn::NumberFormat format) {
  auto [low, high] = format.getCodeRange();
  if (format.isFloat() || format.isAffine() || high - low != 1 || format.getZeroPoint(0) != 0)
    return std::nullopt;
  qnn::IntegerDecode decode = format.getIntegerDecode();
  if (decode(low) == 0 || decode(low) != -decode(high))
    return std::nullopt;
  return decode(low) < 0 ? SignCodes{low, high} : SignCodes{high, low};
}

Value Lowering::i32(int64_t value) {
  return arith::ConstantOp::create(b, b.getUnknownLoc(), b.getI32IntegerAttr(static_cast<int32_t>(value)));
}

Value Lowering::f32(double value) {
  return arith::ConstantOp::create(b, b.getUnknownLoc(), b.getF32FloatAttr(static_cast<float>(value)));
}

Value Lowering::addInt(Value a, int64_t constant) {
  return constant == 0 ? a : arith::AddIOp::create(b, a.getLoc(), a, i32(constant));
}

Value Lowering::centred(Value code, qnn::NumberFormat format) {
  qnn::IntegerDecode decode = format.getIntegerDecode();
  if (decode.slope != 1)
    code = arith::MulIOp::create(b, code.getLoc(), code, i32(decode.slope));
  Value bits = code;
  for (auto [i, step] : llvm::enumerate(decode.steps)) {
    Value bit = arith::AndIOp::create(b, bits.getLoc(), bits, i32(int64_t(1) << i));
    Value shifted = arith::ShRUIOp::create(b, bits.getLoc(), bit, i32(static_cast<int64_t>(i)));
    Value part = arith::MulIOp::create(b, bits.getLoc(), shifted, i32(step));
    code = i ? Value(arith::AddIOp::create(b, bits.getLoc(), code, part)) : part;
  }
  return addInt(code, decode.offset - format.getZeroPoint(0));
}

Value Lowering::requantize(Value value, qnn::Multiplier m, qnn::Rounding rounding) {
  RequantizeShift shift(m);
  return qk::RequantizeOp::create(b, value.getLoc(), value, i32(shift.mantissa), i32(shift.left), i32(shift.right),
                                  rounding);
}

Value Lowering::finishCode(Value value, qnn::NumberFormat format, qnn::Activation activation, qnn::Overflow overflow) {
  Location loc = value.getLoc();
  auto [minimum, maximum] = qnn::activationBounds(activation);
  if (std::optional<SignCodes> codes = getSignCodes(format)) {
    // An activation that allows no negative value leaves only the positive code.
    if (minimum >= 0)
      return i32(codes->positive);
    Value isPositive = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::sge, value, i32(0));
    return arith::SelectOp::create(b, loc, isPositive, i32(codes->positive), i32(codes->negative));
  }
  value = addInt(value, format.getZeroPoint(0));
  auto [low, high] = qnn::activationCodeRange(format, activation);
  bool saturates = overflow == qnn::Overflow::Saturate && format.getBits() < 32;
  if (saturates || std::isfinite(minimum))
    value = arith::MaxSIOp::create(b, loc, value, i32(low));
  if (saturates || std::isfinite(maximum))
    value = arith::MinSIOp::create(b, loc, value, i32(high));
  return value;
}

Value Lowering::clampFloat(Value value, qnn::Activation activation) {
  auto [minimum, maximum] = qnn::activationBounds(activation);
  auto select = [&](arith::CmpFPredicate predicate, double bound) {
    Value limit = f32(bound);
    Value outside = arith::CmpFOp::create(b, value.getLoc(), predicate, value, limit);
    value = arith::SelectOp::create(b, value.getLoc(), outside, limit, value);
  };
  if (std::isfinite(minimum))
    select(arith::CmpFPredicate::OLT, minimum);
  if (std::isfinite(maximum))
    select(arith::CmpFPredicate::OGT, maximum);
  return value;
}

Value Lowering::countReached(Value value, ValueRange thresholds, int64_t lowest) {
  Value count;
  for (Value threshold : thresholds) {
    Value isReached;
    if (value.getType().isF32())
      isReached = arith::CmpFOp::create(b, value.getLoc(), arith::CmpFPredicate::OGE, value, threshold);
    else
      isReached = arith::CmpIOp::create(b, value.getLoc(), arith::CmpIPredicate::sge, value, threshold);
    Value one = arith::ExtUIOp::create(b, value.getLoc(), b.getI32Type(), isReached);
    count = count ? Value(arith::AddIOp::create(b, value.getLoc(), count, one)) : one;
  }
  return addInt(count, lowest);
}

LineNumbers Lowering::chooseLine(Value sum, Value knee, const LineNumbers &below, const LineNumbers &other) {
  Value isBelow = arith::CmpIOp::create(b, sum.getLoc(), arith::CmpIPredicate::slt, sum, knee);
  auto choose = [&](Value first, Value second) -> Value {
    return arith::SelectOp::create(b, sum.getLoc(), isBelow, first, second);
  };
  return {choose(below.offset, other.offset), choose(below.multiplier, other.multiplier),
          choose(below.shift, other.shift)};
}

Value Lowering::codeOnLine(Value sum, const LineNumbers &line, Value low, Value high, qnn::RescaleOp op) {
  Location loc = sum.getLoc();
  Value x = arith::ShLIOp::create(b, loc, sum, i32(op.getFraction()));
  x = arith::AddIOp::create(b, loc, x, line.offset);
  Value code = qk::RequantizeOp::create(b, loc, x, line.multiplier, i32(0), line.shift, qnn::Rounding::Double);
  code = addInt(code, qnn::getFormat(op.getOutput()).getZeroPoint(0));
  return arith::MinSIOp::create(b, loc, arith::MaxSIOp::create(b, loc, code, low), high);
}

//===-- Maps ----------------------------------------------------------------------------------===//

Value Lowering::emitMap(Location loc, ValueRange inputs, Value init, ArrayRef<int64_t> shape,
                        ArrayRef<qk::AccessAttr> accesses, Body body) {
  SmallVector<Attribute> attributes(accesses.begin(), accesses.end());
  auto map = qk::MapOp::create(b, loc, init.getType(), inputs, init, shape, b.getArrayAttr(attributes));
  Block &block = map.getBody().emplaceBlock();
  for (qk::AccessAttr access : accesses.drop_back()) {
    bool isFloat = llvm::cast<qnn::NumberFormat>(access.getFormat()).isFloat();
    block.addArgument(isFloat ? Type(b.getF32Type()) : Type(b.getI32Type()), loc);
  }
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(&block);
  qk::YieldOp::create(b, loc, body(block.getArguments()));
  return map.getResult();
}

Value Lowering::emitMove(Location loc, Value input, Value init, ArrayRef<int64_t> shape, qk::AccessAttr from,
                         qk::AccessAttr to) {
  return emitMap(loc, input, init, shape, {from, to}, [](ValueRange codes) { return codes[0]; });
}

/// Strides with which a tensor of `shape` is read as if broadcast to `result`.
static SmallVector<int64_t> broadcastStrides(ArrayRef<int64_t> shape, ArrayRef<int64_t> result) {
  SmallVector<int64_t> own = qk::rowMajorStrides(shape), strides(result.size(), 0);
  size_t missing = result.size() - shape.size();
  for (size_t i = 0; i < shape.size(); ++i)
    strides[missing + i] = shape[i] == 1 ? 0 : own[i];
  return strides;
}

void Lowering::emitElementwise(Operation *op, ValueRange operands, Body body) {
  Value output = op->getResult(0);
  auto type = llvm::cast<RankedTensorType>(output.getType());
  SmallVector<int64_t> shape(type.getShape());
  bool broadcasts = llvm::any_of(operands, [&](Value operand) {
    return llvm::cast<RankedTensorType>(operand.getType()).getShape() != type.getShape();
  });
  // Without broadcasting, all elements form one row: the same kernel for every shape.
  if (!broadcasts)
    shape = {type.getNumElements()};
  SmallVector<qk::AccessAttr> accesses;
  SmallVector<Value> inputs;
  for (Value operand : operands) {
    ArrayRef<int64_t> own = llvm::cast<RankedTensorType>(operand.getType()).getShape();
    accesses.push_back(
        access(qnn::getFormat(operand), 0, broadcasts ? broadcastStrides(own, shape) : SmallVector<int64_t>{1}));
    inputs.push_back(stored(operand));
  }
  accesses.push_back(access(qnn::getFormat(output), 0, qk::rowMajorStrides(shape)));
  storage.map(output, emitMap(op->getLoc(), inputs, emptyFor(output), shape, accesses, body));
}

//===-- The walk -----------------------------------------------------------------------------===//

/// Codes that a kernel can load and store (kernel_c3).
static LogicalResult verifyWidths(Operation *op) {
  SmallVector<Type> types(op->getOperandTypes());
  llvm::append_range(types, op->getResultTypes());
  for (Type type : types)
    if (unsigned bits = qnn::isFormatTensor(type) ? qnn::getFormat(type).getBits() : 0; bits > 25 && bits != 32)
      return op->emitError() << "has no lowering for elements of " << bits << " bits; there are kernels for at most 25 "
                             << "bits and for 32";
  return success();
}

static LogicalResult verifyConstant(Operation *op, Value value, StringRef what) {
  if (value && !value.getDefiningOp<qnn::ConstantOp>())
    return op->emitError() << "expects a constant as " << what << ", which becomes numbers of the kernel";
  return success();
}

/// A filter whose zero points differ has them taken off at compile time.
static LogicalResult verifyFilter(Operation *op) {
  qnn::NumberFormat format = qnn::getFormat(op->getOperand(1));
  for (int64_t channel = 1; channel < format.getNumChannels(); ++channel)
    if (format.getZeroPoint(channel) != format.getZeroPoint(0))
      return verifyConstant(op, op->getOperand(1), "filter with different zero points");
  return success();
}

/// Results to which kernels can round a number in units of the scale.
static LogicalResult verifyResults(Operation *op) {
  for (Value result : op->getResults())
    if (qnn::NumberFormat format = qnn::getFormat(result);
        !format.isFloat() && !format.isAffine() && !getSignCodes(format))
      return op->emitError() << "has no lowering for results of " << format
                             << "; kernels round to f32, affine integers, or two opposite integers";
  return success();
}

/// Formats in which kernels other than contractions compute: codes from which integers are computed, not looked up, as
/// operands, and such results.
static LogicalResult verifyArithmetic(Operation *op) {
  for (Value operand : op->getOperands())
    if (!qnn::getFormat(operand).getIntegerDecode().table.empty())
      return op->emitError() << "has no lowering for operands of " << qnn::getFormat(operand)
                             << ", whose codes are indices of a table; requantize them to affine integers first";
  return verifyResults(op);
}

/// Kernels that add up codes and multiply their sum.
static LogicalResult verifyLinear(Operation *op) {
  qnn::NumberFormat format = qnn::getFormat(op->getOperand(0));
  if (format.getIntegerDecode().isLinear())
    return success();
  return op->emitError() << "has no lowering for operands of " << format
                         << ", whose sums are not those of its codes; requantize them to affine integers first";
}

/// Kernels that look for the largest code take it for the largest number.
static LogicalResult verifyOrder(Operation *op) {
  qnn::NumberFormat format = qnn::getFormat(op->getOperand(0));
  if (format.isOrdered())
    return success();
  return op->emitError() << "has no lowering for " << format << ", whose codes are not in the order of their numbers";
}

/// What qnn allows and no kernel can do.
static LogicalResult verifySupported(Operation *op) {
  if (failed(verifyWidths(op)))
    return failure();
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case<qnn::QuantizeOp, qnn::DequantizeOp, qnn::RequantizeOp>([&](auto cast) -> LogicalResult {
        constexpr unsigned mostComparedBits = 4;
        qnn::NumberFormat to = qnn::getFormat(cast.getOutput());
        bool isCompared = llvm::isa<qnn::QuantizeOp>(op) && !to.getIntegerDecode().steps.empty() &&
                          to.getChannelAxis() < 0 && to.getBits() <= mostComparedBits;
        if (isCompared)
          return success();
        for (Value value : {Value(cast.getInput()), Value(cast.getOutput())})
          if (qnn::getFormat(value).getChannelAxis() >= 0)
            return op->emitError() << "has no lowering for channel parameters, but got " << value.getType();
        return isLookedUp(op) ? success() : verifyArithmetic(op);
      })
      .Case<qnn::Conv2dOp, qnn::DenseOp>([&](auto contraction) {
        return success(succeeded(verifyResults(op)) && succeeded(verifyFilter(op)) &&
                       succeeded(verifyConstant(op, contraction.getScales(), "scales")));
      })
      .Case<qnn::DepthwiseConv2dOp, qnn::MatmulOp>(
          [&](auto) { return success(succeeded(verifyResults(op)) && succeeded(verifyFilter(op))); })
      .Case<qnn::AddOp, qnn::SubOp, qnn::MulOp>([&](auto) { return verifyArithmetic(op); })
      .Case([&](qnn::MeanOp) { return success(succeeded(verifyArithmetic(op)) && succeeded(verifyLinear(op))); })
      .Case<qnn::MaxPool2dOp, qnn::ArgmaxOp>([&](auto) { return verifyOrder(op); })
      .Case([&](qnn::BatchNormOp) {
        return success(llvm::all_of(op->getOperands().drop_front(), [&](Value parameter) {
          return succeeded(verifyConstant(op, parameter, "statistics"));
        }));
      })
      .Default([](Operation *) { return success(); });
}

/// A model is one block from tensors to tensors.
static LogicalResult verifyModel(func::FuncOp model) {
  if (!model.getBody().hasOneBlock())
    return model.emitError() << "expects a model of one block, but got " << model.getBody().getBlocks().size();
  FunctionType type = model.getFunctionType();
  for (TypeRange types : {TypeRange(type.getInputs()), TypeRange(type.getResults())})
    for (Type tensor : types)
      if (!qnn::isFormatTensor(tensor))
        return model.emitError() << "expects tensors of static shape with a number format, but got " << tensor;
  return success();
}

LogicalResult Lowering::lower(Operation *op) {
  if (failed(verifySupported(op)))
    return failure();
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case<qnn::Conv2dOp, qnn::DepthwiseConv2dOp, qnn::DenseOp, qnn::MatmulOp>(
          [&](auto o) { return lowerContraction(o); })
      .Case([&](qnn::MaxPool2dOp o) {
        lowerPool(o, qk::PoolKind::Max, o.getKernel(), o.getStrides(), o.getPads(), o.getActivation());
        return success();
      })
      .Case([&](qnn::AvgPool2dOp o) {
        lowerPool(o, qk::PoolKind::Sum, o.getKernel(), o.getStrides(), o.getPads(), o.getActivation());
        return success();
      })
      .Case<qnn::AddOp, qnn::SubOp, qnn::MulOp>([&](auto o) {
        lowerArithmetic(o, o.getActivation(), o.getRescale());
        return success();
      })
      .Case<qnn::ReluOp, qnn::LeakyReluOp, qnn::LogisticOp, qnn::TanhOp, qnn::RequantizeOp>([&](auto o) {
        lowerUnary(o);
        return success();
      })
#define QCC_LOWER(OP, FUNCTION)                                                                                        \
  Case([&](qnn::OP o) {                                                                                                \
    FUNCTION(o);                                                                                                       \
    return success();                                                                                                  \
  })
      .QCC_LOWER(MeanOp, lowerMean)
      .QCC_LOWER(ApplyOp, lowerApply)
      .QCC_LOWER(CombineOp, lowerCombine)
      .QCC_LOWER(SelectOp, lowerSelect)
      .QCC_LOWER(BatchNormOp, lowerBatchNorm)
      .QCC_LOWER(ThresholdOp, lowerThreshold)
      .QCC_LOWER(RescaleOp, lowerRescale)
      .QCC_LOWER(SoftmaxOp, lowerSoftmax)
      .QCC_LOWER(LogSoftmaxOp, lowerLogSoftmax)
      .QCC_LOWER(ArgmaxOp, lowerArgmax)
      .QCC_LOWER(QuantizeOp, lowerQuantize)
      .QCC_LOWER(DequantizeOp, lowerDequantize)
      .QCC_LOWER(ConstantOp, lowerConstant)
      .QCC_LOWER(ReshapeOp, lowerReshape)
      .QCC_LOWER(TransposeOp, lowerTranspose)
      .QCC_LOWER(PadOp, lowerPad)
      .QCC_LOWER(SliceOp, lowerSlice)
      .QCC_LOWER(ConcatOp, lowerConcat)
      .QCC_LOWER(SplitOp, lowerSplit)
      .QCC_LOWER(GatherOp, lowerGather)
      .QCC_LOWER(ResizeNearestOp, lowerResize)
#undef QCC_LOWER
      .Default([](Operation *o) { return o->emitError() << "has no lowering to kernels"; });
}

/// An output needs memory of its own, which a constant has not. Nor has state, whose place is written in the same run;
/// only as its own next value it stays there.
bool Lowering::needsCopy(OpOperand &returned, Value value) {
  while (auto view = value.getDefiningOp<qk::ViewOp>())
    value = view.getInput();
  if (value.getDefiningOp<qk::ConstantOp>())
    return true;
  auto begin = storedArguments.end() - qnn::stateCount(model), found = std::find(begin, storedArguments.end(), value);
  unsigned fromEnd = returned.getOwner()->getNumOperands() - returned.getOperandNumber();
  return found != storedArguments.end() && storedArguments.end() - found != fromEnd;
}

LogicalResult Lowering::run() {
  if (failed(verifyModel(model)))
    return failure();
  Block &body = model.getBody().front();
  SmallVector<Operation *> old(llvm::make_pointer_range(body.without_terminator()));
  auto terminator = llvm::cast<func::ReturnOp>(body.getTerminator());
  SmallVector<Type> inputs, outputs;
  // Arguments change their type under their users, which are all replaced below; the format types stay
  // known as attributes.
  for (BlockArgument argument : body.getArguments()) {
    auto type = llvm::cast<RankedTensorType>(argument.getType());
    model.setArgAttr(argument.getArgNumber(), "qnn.type", TypeAttr::get(type));
    inputs.push_back(qnn::getStorageType(type));
  }
  for (auto [index, value] : llvm::enumerate(terminator.getOperands()))
    model.setResultAttr(index, "qnn.type", TypeAttr::get(value.getType()));
  for (auto [argument, type] : llvm::zip(SmallVector<BlockArgument>(body.getArguments()), inputs)) {
    storedArguments.push_back(body.addArgument(type, argument.getLoc()));
    storage.map(argument, storedArguments.back());
  }
  for (Operation *op : old) {
    b.setInsertionPoint(op);
    if (failed(lower(op)))
      return failure();
  }
  b.setInsertionPoint(terminator);
  for (OpOperand &operand : terminator->getOpOperands()) {
    Value value = stored(operand.get());
    if (needsCopy(operand, value)) {
      int64_t elements = llvm::cast<RankedTensorType>(operand.get().getType()).getNumElements();
      qk::AccessAttr whole = access(qnn::getFormat(operand.get()), 0, {1});
      value = emitMove(value.getLoc(), value, emptyFor(operand.get()), {elements}, whole, whole);
    }
    operand.set(value);
    outputs.push_back(value.getType());
  }
  for (Operation *op : llvm::reverse(old))
    op->erase();
  body.eraseArguments(0, inputs.size());
  model.setFunctionType(b.getFunctionType(inputs, outputs));
  return success();
}

namespace {
struct ConvertQnnToQkPass : PassWrapper<ConvertQnnToQkPass, OperationPass<func::FuncOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(ConvertQnnToQkPass)
  StringRef getArgument() const override { return "convert-qnn-to-qk"; }
  StringRef getDescription() const override { return "Lower qnn operators to kernels on stored codes"; }
  void getDependentDialects(DialectRegistry &registry) const override { registry.insert<qk::QkDialect>(); }
  void runOnOperation() override {
    if (!getOperation().isExternal() && failed(Lowering(getOperation()).run()))
      signalPassFailure();
  }
};
} // namespace

std::unique_ptr<Pass> layout::createConvertQnnToQkPass() { return std::make_unique<ConvertQnnToQkPass>(); }
void layout::registerPasses() {
  PassRegistration<ConvertQnnToQkPass>();
  registerPass(createFitRegionsPass);
  registerPass([] { return createPackWeightsPass(); });
  registerPass([] { return createRoundProductsPass(); });
  registerPass([] { return createUnsignedActivationsPass(); });
}
