// convert-qnn-to-qk: convolutions, dense layers and matrix products as one contraction.
#include "compiler/layout/Lowering.h"

#include "compiler/support/HostTensor.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::layout;

static ArrayRef<int64_t> shapeOf(Value value) { return llvm::cast<RankedTensorType>(value.getType()).getShape(); }

/// A constant filter whose zero points differ from channel to channel, stored as 16-bit integers with
/// the zero point already taken off: integer(w) - zero(w) fits as both have at most 15 bits here.
Value Lowering::zeroFreeFilter(Value filter, Type &format) {
  auto numbers = llvm::cast<qnn::NumberFormat>(format);
  auto constant = filter.getDefiningOp<qnn::ConstantOp>();
  if (!constant || numbers.getChannelAxis() < 0)
    return stored(filter);
  int64_t channels = numbers.getNumChannels();
  if (llvm::all_of(llvm::seq<int64_t>(0, channels), [&](int64_t c) { return numbers.getZeroPoint(c) == 0; }))
    return stored(filter);
  ArrayRef<int64_t> shape = shapeOf(filter);
  int64_t stride = qk::rowMajorStrides(shape)[numbers.getChannelAxis()];
  SmallVector<int64_t> codes = constant.getCodes();
  for (auto [index, code] : llvm::enumerate(codes))
    code = numbers.getIntegerDecode()(code) - numbers.getZeroPoint(static_cast<int64_t>(index) / stride % channels);
  format = b.getIntegerType(16);
  return constantCodes(filter.getLoc(), llvm::cast<qnn::NumberFormat>(format), codes,
                       constant.getName().value_or("filter"));
}

namespace {
/// What the epilogue needs per channel: either one number for all, or an operand.
struct ChannelParameter {
  SmallVector<int64_t> values;
  bool isUniform() const { return llvm::all_equal(values); }
};
} // namespace

void Lowering::emitContraction(const Contraction &c) {
  Location loc = c.op->getLoc();
  Value output = c.op->getResult(0);
  qnn::NumberFormat lhs = qnn::getFormat(c.lhs), rhs = qnn::getFormat(c.rhs), out = qnn::getFormat(output);
  Type rhsFormat = rhs;
  Value filter = zeroFreeFilter(c.rhs, rhsFormat);
  bool isFiltered = rhsFormat != Type(rhs);
  int64_t rhsZero = isFiltered ? 0 : rhs.getZeroPoint(0);
  int64_t channels = c.window.getGroups() * c.window.getChannels()[1];
  auto channelOf = [&](int64_t o) { return rhs.getChannelAxis() < 0 ? 0 : o; };
  StringRef name = "contraction";
  if (auto constant = c.rhs.getDefiningOp<qnn::ConstantOp>())
    name = constant.getName().value_or(name);

  // Operands of the epilogue beside the accumulator; what is the same for all channels is a constant there.
  SmallVector<Value> params;
  if (c.bias)
    params.push_back(stored(c.bias));
  bool rescales = !lhs.isFloat() && !out.isFloat() && out.getBits() != 32 && out.getIntegerDecode().slope == 1;
  ChannelParameter mantissa, left, right;
  SmallVector<float> scales;
  for (int64_t o = 0; o < channels; ++o) {
    if (rescales) {
      RequantizeShift shift(
          qnn::quantizeMultiplier(qnn::contractionMultiplier(lhs, rhs, channelOf(o), out, c.rescale.getProduct())));
      mantissa.values.push_back(shift.mantissa);
      left.values.push_back(shift.left);
      right.values.push_back(shift.right);
    } else if (!lhs.isFloat() && out.isFloat()) {
      scales.push_back(static_cast<float>(lhs.getScale(0) * rhs.getScale(channelOf(o))));
    }
  }
  auto addOperand = [&](const ChannelParameter &parameter, StringRef suffix, bool isWide) {
    if (parameter.isUniform())
      return;
    if (isWide)
      params.push_back(constantI32(loc, llvm::to_vector_of<int32_t>(parameter.values), (name + suffix).str()));
    else
      params.push_back(constantI8(loc, llvm::to_vector_of<int8_t>(parameter.values), (name + suffix).str()));
  };
  addOperand(mantissa, ".multiplier", true);
  addOperand(left, ".left", false);
  addOperand(right, ".right", false);
  if (!scales.empty() && !llvm::all_equal(scales))
    params.push_back(constantF32(loc, scales, (name + ".scale").str()));

  Value init = emptyFor(output);
  auto contract =
      qk::ContractOp::create(b, loc, init.getType(), stored(c.lhs), filter, params, init, c.window, c.rhsStrides,
                             Type(lhs), rhsFormat, Type(out), lhs.getZeroPoint(0), rhsZero, qk::ScheduleAttr());
  Block &block = contract.getEpilogue().emplaceBlock();
  Value accumulator = block.addArgument(lhs.isFloat() ? Type(b.getF32Type()) : Type(b.getI32Type()), loc);
  for (Value param : params)
    block.addArgument(llvm::cast<ShapedType>(param.getType()).getElementType(), loc);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(&block);

  unsigned next = 1;
  auto takeParam = [&](const ChannelParameter &parameter) -> Value {
    if (parameter.isUniform())
      return i32(parameter.values.empty() ? 0 : parameter.values.front());
    Value argument = block.getArgument(next++);
    if (argument.getType() != b.getI32Type())
      argument = arith::ExtUIOp::create(b, loc, b.getI32Type(), argument);
    return argument;
  };
  Value value = accumulator;
  if (c.bias) {
    Value bias = block.getArgument(next++);
    value = lhs.isFloat() ? Value(arith::AddFOp::create(b, loc, value, bias))
                          : Value(arith::AddIOp::create(b, loc, value, bias));
  }
  if (lhs.isFloat()) {
    value = clampFloat(value, c.activation);
  } else if (out.isFloat()) {
    Value scale = llvm::all_equal(scales) ? f32(scales.empty() ? 1 : scales.front()) : Value(block.getArgument(next++));
    value = arith::SIToFPOp::create(b, loc, b.getF32Type(), value);
    value = clampFloat(arith::MulFOp::create(b, loc, value, scale), c.activation);
  } else {
    if (rescales) {
      Value m = takeParam(mantissa), l = takeParam(left), r = takeParam(right);
      value = qk::RequantizeOp::create(b, loc, value, m, l, r, c.rescale.getRounding());
    }
    value = finishCode(value, out, c.activation, c.rescale.getOverflow());
  }
  qk::YieldOp::create(b, loc, value);
  storage.map(output, contract.getResult());
}

void Lowering::lowerConv2d(qnn::Conv2dOp op) {
  ArrayRef<int64_t> in = shapeOf(op.getInput()), f = shapeOf(op.getFilter()), out = shapeOf(op.getOutput());
  ArrayRef<int64_t> pads = op.getPads();
  auto window = qk::WindowAttr::get(b.getContext(), in[0], in.slice(1, 2), out.slice(1, 2), f.slice(1, 2),
                                    op.getStrides(), op.getDilations(), {pads[0], pads[2]}, op.getGroups(),
                                    {f[3], f[0] / static_cast<int64_t>(op.getGroups())});
  emitContraction({op,
                   op.getInput(),
                   op.getFilter(),
                   op.getBias(),
                   window,
                   {0, f[1] * f[2] * f[3], f[2] * f[3], f[3], 1},
                   op.getActivation(),
                   op.getRescale()});
}

void Lowering::lowerDepthwise(qnn::DepthwiseConv2dOp op) {
  ArrayRef<int64_t> in = shapeOf(op.getInput()), f = shapeOf(op.getFilter()), out = shapeOf(op.getOutput());
  ArrayRef<int64_t> pads = op.getPads();
  int64_t multiplier = in[3] ? f[3] / in[3] : 1;
  auto window = qk::WindowAttr::get(b.getContext(), in[0], in.slice(1, 2), out.slice(1, 2), f.slice(1, 2),
                                    op.getStrides(), op.getDilations(), {pads[0], pads[2]}, in[3], {1, multiplier});
  emitContraction({op,
                   op.getInput(),
                   op.getFilter(),
                   op.getBias(),
                   window,
                   {0, 1, f[2] * f[3], f[3], 1},
                   op.getActivation(),
                   op.getRescale()});
}

void Lowering::lowerDense(qnn::DenseOp op) {
  ArrayRef<int64_t> in = shapeOf(op.getInput()), f = shapeOf(op.getFilter());
  int64_t rows = 1;
  for (int64_t size : in.drop_back())
    rows *= size;
  auto window =
      qk::WindowAttr::get(b.getContext(), rows, {1, 1}, {1, 1}, {1, 1}, {1, 1}, {1, 1}, {0, 0}, 1, {f[1], f[0]});
  emitContraction({op,
                   op.getInput(),
                   op.getFilter(),
                   op.getBias(),
                   window,
                   {0, f[1], 0, 0, 1},
                   op.getActivation(),
                   op.getRescale()});
}

void Lowering::lowerMatmul(qnn::MatmulOp op) {
  ArrayRef<int64_t> lhs = shapeOf(op.getLhs()), out = shapeOf(op.getOutput());
  size_t rank = lhs.size();
  int64_t batch = 1, rows = lhs[rank - 2], depth = lhs[rank - 1], columns = out[rank - 1];
  for (int64_t size : lhs.drop_back(2))
    batch *= size;
  // The rows of one matrix are the height of an image one pixel wide.
  auto window = qk::WindowAttr::get(b.getContext(), batch, {rows, 1}, {rows, 1}, {1, 1}, {1, 1}, {1, 1}, {0, 0}, 1,
                                    {depth, columns});
  SmallVector<int64_t> strides = op.getTransposeRhs() ? SmallVector<int64_t>{depth * columns, depth, 0, 0, 1}
                                                      : SmallVector<int64_t>{depth * columns, 1, 0, 0, columns};
  emitContraction({op, op.getLhs(), op.getRhs(), Value(), window, strides, op.getActivation(), op.getRescale()});
}

LogicalResult Lowering::lowerContraction(Operation *op) {
  if (auto conv = llvm::dyn_cast<qnn::Conv2dOp>(op))
    lowerConv2d(conv);
  else if (auto depthwise = llvm::dyn_cast<qnn::DepthwiseConv2dOp>(op))
    lowerDepthwise(depthwise);
  else if (auto dense = llvm::dyn_cast<qnn::DenseOp>(op))
    lowerDense(dense);
  else
    lowerMatmul(llvm::cast<qnn::MatmulOp>(op));
  return success();
}
