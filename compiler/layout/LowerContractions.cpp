// convert-qnn-to-qk: convolutions, dense layers and matrix products as one contraction.
#include "compiler/layout/Lowering.h"

#include "compiler/support/HostTensor.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::layout;

/// A constant filter whose zero points differ from channel to channel, stored as integers with the zero point already
/// taken off. integer(w) - zero(w) needs one bit more than w.
Value Lowering::zeroFreeFilter(Value filter, Type &format) {
  auto numbers = llvm::cast<qnn::NumberFormat>(format);
  auto constant = filter.getDefiningOp<qnn::ConstantOp>();
  if (!constant || numbers.getChannelAxis() < 0)
    return stored(filter);
  int64_t channels = numbers.getNumChannels();
  auto isFirst = [&](int64_t c) { return numbers.getZeroPoint(c) == numbers.getZeroPoint(0); };
  if (llvm::all_of(llvm::seq<int64_t>(0, channels), isFirst))
    return stored(filter);
  ArrayRef<int64_t> shape = shapeOf(filter);
  int64_t stride = qk::rowMajorStrides(shape)[numbers.getChannelAxis()];
  SmallVector<int64_t> codes = constant.getCodes();
  for (auto [index, code] : llvm::enumerate(codes))
    code = numbers.getIntegerDecode()(code) - numbers.getZeroPoint(static_cast<int64_t>(index) / stride % channels);
  format = b.getIntegerType(numbers.getBits() < 16 ? 16 : 32);
  return constantCodes(filter.getLoc(), llvm::cast<qnn::NumberFormat>(format), codes,
                       constant.getName().value_or("filter"));
}

SmallVector<int32_t> layout::flipsOf(qnn::ThresholdOp op) {
  return llvm::map_to_vector(op.getFalling(), [](bool isFalling) { return isFalling ? -1 : 0; });
}

qnn::ThresholdOp Lowering::thresholdsOf(Operation *contraction) {
  Value sums = contraction->getResult(0);
  auto op = sums.hasOneUse() ? llvm::dyn_cast<qnn::ThresholdOp>(*sums.user_begin()) : qnn::ThresholdOp();
  bool isConstant = op && op.getInput() == sums && op.getThresholds().getDefiningOp<qnn::ConstantOp>();
  return isConstant && !qnn::getFormat(contraction->getOperand(0)).isFloat() ? op : qnn::ThresholdOp();
}

namespace {
/// Multipliers, or another number, for each channel or group: constants of the region if all are equal, else operands.
struct Numbers {
  SmallVector<int64_t> values;
  bool isUniform() const { return llvm::all_equal(values); }
};

struct Multipliers {
  Numbers mantissa, left, right;
  void add(double real) {
    RequantizeShift shift(qnn::quantizeMultiplier(real));
    mantissa.values.push_back(shift.mantissa);
    left.values.push_back(shift.left);
    right.values.push_back(shift.right);
  }
};
} // namespace

/// Makes one qk.contract: collects the operands of its regions, then writes the regions in the same order.
class Lowering::ContractionBuilder {
public:
  ContractionBuilder(Lowering &lowering, const Contraction &c)
      : l(lowering), b(lowering.b), c(c), loc(c.op->getLoc()), threshold(thresholdsOf(c.op)),
        result((threshold ? threshold : c.op)->getResult(0)), lhs(qnn::getFormat(c.lhs)), rhs(qnn::getFormat(c.rhs)),
        out(qnn::getFormat(result)), channels(c.window.getGroups() * c.window.getChannels()[1]) {
    if (auto constant = c.rhs.getDefiningOp<qnn::ConstantOp>())
      name = constant.getName().value_or(name);
  }

  void build() {
    collect();
    Type rhsFormat = rhs;
    Value filter = l.zeroFreeFilter(c.rhs, rhsFormat);
    int64_t rhsZero = rhsFormat == Type(rhs) ? rhs.getZeroPoint(0) : 0;
    Value init = l.emptyFor(result);
    contract =
        qk::ContractOp::create(b, loc, init.getType(), l.stored(c.lhs), filter, params, groupParams,
                               /*scratch=*/Value(), init, c.window, c.rhsStrides, Type(lhs), rhsFormat, Type(out),
                               lhs.getZeroPoint(0), rhsZero, rhs.getGroupSize(), /*pad_code=*/IntegerAttr(),
                               /*packed=*/false, qk::ScheduleAttr(), /*descending=*/false, qk::PartAttr(), c.algorithm);
    OpBuilder::InsertionGuard guard(b);
    if (c.scales)
      writeCombine();
    writeEpilogue();
    l.storage.map(result, contract.getResult());
  }

private:
  bool rescales() const {
    return !threshold && !lhs.isFloat() && !out.isFloat() && out.getBits() != 32 && out.isAffine();
  }

  /// Sums that count in units of their own, for a result of floats: those of integers, and of floats times integers.
  bool scalesToFloat() const { return out.isFloat() && !(lhs.isFloat() && rhs.isFloat()); }

  /// A bias that is the same number in all channels needs no array, and none at all if it is an integer 0.
  void readUniformBias() {
    auto constant = c.bias ? c.bias.getDefiningOp<qnn::ConstantOp>() : qnn::ConstantOp();
    if (!constant)
      return;
    SmallVector<int64_t> codes = constant.getCodes();
    if (!codes.empty() && llvm::all_equal(codes))
      uniformBias = codes.front();
  }

  Value addBias(Value value, Block &block, unsigned &next) {
    if (!c.bias || (uniformBias == 0 && !lhs.isFloat()))
      return value; // -0.0 + 0.0 is not -0.0
    auto number = [&] {
      auto bits = static_cast<uint32_t>(*uniformBias);
      return lhs.isFloat() ? l.f32(llvm::bit_cast<float>(bits)) : l.i32(*uniformBias);
    };
    Value bias = uniformBias ? number() : Value(block.getArgument(next++));
    return lhs.isFloat() ? Value(arith::AddFOp::create(b, loc, value, bias))
                         : Value(arith::AddIOp::create(b, loc, value, bias));
  }

  void collect() {
    readUniformBias();
    if (c.scales)
      collectGroups();
    if (lhs.isFloat())
      collectScales(); // a bias of floats is added to what is scaled already
    if (c.bias && !uniformBias)
      params.push_back(l.stored(c.bias));
    if (c.scales || lhs.isFloat())
      return;
    threshold ? collectThresholds() : collectScales();
  }

  void collectScales() {
    for (int64_t o = 0; o < channels; ++o) {
      int64_t channel = rhs.getChannelAxis() < 0 ? 0 : o;
      if (rescales())
        multipliers.add(qnn::contractionMultiplier(lhs, rhs, channel, out, c.rescale.getProduct()));
      else if (scalesToFloat())
        scales.push_back(static_cast<float>(lhs.getScale(0) * rhs.getScale(channel)));
    }
    addOperands(multipliers, params);
    if (!scales.empty() && !llvm::all_equal(scales))
      params.push_back(l.constantF32(loc, scales, name + ".scale"));
  }

  /// Sums of groups are multiplied by floats for a result of floats, or by integers; then the bias has units of
  /// scale(output) / 256.
  void collectGroups() {
    SmallVector<float> stored;
    for (int64_t code : c.scales.getDefiningOp<qnn::ConstantOp>().getCodes())
      stored.push_back(llvm::bit_cast<float>(static_cast<uint32_t>(code)));
    if (out.isFloat()) {
      for (float scale : stored)
        scales.push_back(static_cast<float>(lhs.getScale(0) * scale));
      groupParams.push_back(l.constantF32(loc, scales, name + ".scale"));
      return;
    }
    ArrayRef<int64_t> kernel = c.window.getKernel();
    groups = qnn::groupFactors(lhs, rhs, stored, channels, kernel[0] * kernel[1] * c.window.getChannels()[0]);
    groupParams.push_back(l.constantI8(loc, llvm::to_vector_of<int8_t>(groups.factors), name + ".factor"));
    for (double unit : groups.units)
      multipliers.add(unit / (out.getScale(0) / 256));
    addOperands(multipliers, params);
  }

  /// One operand for each number of the code, of 16 bits where they suffice. Falling channels' are complements.
  void collectThresholds() {
    SmallVector<int32_t> flips = flipsOf(threshold);
    if (!flips.empty())
      params.push_back(l.constantI8(loc, llvm::to_vector_of<int8_t>(flips), name + ".falling"));
    SmallVector<int64_t> codes = threshold.getThresholds().getDefiningOp<qnn::ConstantOp>().getCodes();
    ArrayRef<int64_t> shape = shapeOf(threshold.getThresholds());
    reached.resize(shape[1]);
    for (auto [k, numbers] : llvm::enumerate(reached)) {
      for (int64_t o = 0; o < channels; ++o) {
        int64_t number = codes[(shape[0] == 1 ? 0 : o) * shape[1] + static_cast<int64_t>(k)];
        numbers.values.push_back(flips.empty() ? number : number ^ flips[o]);
      }
      if (numbers.isUniform())
        continue;
      bool isShort = llvm::all_of(numbers.values, [](int64_t number) { return llvm::isInt<16>(number); });
      auto format = llvm::cast<qnn::NumberFormat>(Type(b.getIntegerType(isShort ? 16 : 32)));
      params.push_back(l.constantCodes(loc, format, numbers.values, name + ".threshold"));
    }
  }

  void addOperands(const Multipliers &m, SmallVector<Value> &operands) {
    if (!m.mantissa.isUniform())
      operands.push_back(l.constantI32(loc, llvm::to_vector_of<int32_t>(m.mantissa.values), name + ".multiplier"));
    if (!m.left.isUniform())
      operands.push_back(l.constantI8(loc, llvm::to_vector_of<int8_t>(m.left.values), name + ".left"));
    if (!m.right.isUniform())
      operands.push_back(l.constantI8(loc, llvm::to_vector_of<int8_t>(m.right.values), name + ".right"));
  }

  /// The region's form of what `addOperands` added, from its block's next arguments.
  Value requantize(Value value, const Multipliers &m, Block &block, unsigned &next) {
    auto take = [&](const Numbers &numbers) -> Value {
      if (numbers.isUniform())
        return l.i32(numbers.values.empty() ? 0 : numbers.values.front());
      Value argument = block.getArgument(next++);
      if (argument.getType() != b.getI32Type())
        argument = arith::ExtUIOp::create(b, loc, b.getI32Type(), argument);
      return argument;
    };
    Value mantissa = take(m.mantissa), left = take(m.left), right = take(m.right);
    return qk::RequantizeOp::create(b, loc, value, mantissa, left, right, c.rescale.getRounding());
  }

  Block &startRegion(Region &region, ArrayRef<Type> first, ValueRange operands) {
    Block &block = region.emplaceBlock();
    for (Type type : first)
      block.addArgument(type, loc);
    for (Value operand : operands)
      block.addArgument(llvm::cast<ShapedType>(operand.getType()).getElementType(), loc);
    b.setInsertionPointToStart(&block);
    return block;
  }

  Type totalType() const {
    bool isFloat = lhs.isFloat() || (c.scales && out.isFloat());
    return isFloat ? Type(b.getF32Type()) : Type(b.getI32Type());
  }

  void writeCombine() {
    Block &block = startRegion(contract.getCombine(), {totalType(), b.getI32Type()}, groupParams);
    Value total = block.getArgument(0), sum = block.getArgument(1), factor = block.getArgument(2);
    if (out.isFloat()) {
      Value real = arith::SIToFPOp::create(b, loc, b.getF32Type(), sum);
      real = arith::MulFOp::create(b, loc, real, factor);
      qk::YieldOp::create(b, loc, arith::AddFOp::create(b, loc, total, real));
      return;
    }
    if (groups.shift > 0) {
      sum = arith::AddIOp::create(b, loc, sum, l.i32(int64_t(1) << (groups.shift - 1)));
      sum = arith::ShRSIOp::create(b, loc, sum, l.i32(groups.shift));
    }
    factor = arith::ExtUIOp::create(b, loc, b.getI32Type(), factor);
    Value product = arith::MulIOp::create(b, loc, sum, factor);
    qk::YieldOp::create(b, loc, arith::AddIOp::create(b, loc, total, product));
  }

  void writeEpilogue() {
    Block &block = startRegion(contract.getEpilogue(), {totalType()}, params);
    Value value = block.getArgument(0);
    unsigned next = 1;
    if (c.scales && !out.isFloat())
      value = requantize(value, multipliers, block, next);
    if (lhs.isFloat() && scalesToFloat())
      value = scaled(value, block, next);
    value = addBias(value, block, next);
    if (threshold)
      value = codeOf(value, block, next);
    else if (lhs.isFloat())
      value = l.clampFloat(value, c.activation);
    else if (out.isFloat())
      value = l.clampFloat(realOf(value, block, next), c.activation);
    else
      value = l.finishCode(codeUnits(value, block, next), out, c.activation, c.rescale.getOverflow());
    qk::YieldOp::create(b, loc, value);
  }

  Value codeOf(Value value, Block &block, unsigned &next) {
    auto take = [&]() -> Value {
      Value argument = block.getArgument(next++);
      return argument.getType() == b.getI32Type() ? argument
                                                  : Value(arith::ExtSIOp::create(b, loc, b.getI32Type(), argument));
    };
    if (!threshold.getFalling().empty())
      value = arith::XOrIOp::create(b, loc, value, take());
    SmallVector<Value> numbers;
    for (const Numbers &own : reached)
      numbers.push_back(own.isUniform() ? l.i32(own.values.empty() ? 0 : own.values.front()) : take());
    return l.countReached(value, numbers, out.getCodeRange().first);
  }

  Value realOf(Value value, Block &block, unsigned &next) {
    if (c.scales)
      return value;
    return scaled(arith::SIToFPOp::create(b, loc, b.getF32Type(), value), block, next);
  }

  Value scaled(Value real, Block &block, unsigned &next) {
    Value scale =
        llvm::all_equal(scales) ? l.f32(scales.empty() ? 1 : scales.front()) : Value(block.getArgument(next++));
    return arith::MulFOp::create(b, loc, real, scale);
  }

  /// The accumulator in units of the output's scale.
  Value codeUnits(Value value, Block &block, unsigned &next) {
    if (!c.scales)
      return rescales() ? requantize(value, multipliers, block, next) : value;
    if (!out.isAffine())
      return value;
    // x / 256, ties away from zero: (x + 128 - (x < 0)) >> 8
    Value sign = arith::ShRSIOp::create(b, loc, value, l.i32(31));
    Value high = arith::ShRSIOp::create(b, loc, value, l.i32(8));
    Value low = arith::AndIOp::create(b, loc, value, l.i32(255));
    low = arith::AddIOp::create(b, loc, arith::AddIOp::create(b, loc, low, l.i32(128)), sign);
    return arith::AddIOp::create(b, loc, high, arith::ShRSIOp::create(b, loc, low, l.i32(8)));
  }

  Lowering &l;
  OpBuilder &b;
  const Contraction &c;
  Location loc;
  qnn::ThresholdOp threshold; // may be null
  Value result;
  qnn::NumberFormat lhs, rhs, out;
  int64_t channels;
  std::string name = "contraction";
  SmallVector<Value> params, groupParams;
  std::optional<int64_t> uniformBias; // as a code
  Multipliers multipliers;            // per channel
  qnn::GroupFactors groups;           // of integers
  SmallVector<float> scales;
  SmallVector<Numbers> reached; // for each threshold, its numbers
  qk::ContractOp contract;
};

void Lowering::emitContraction(const Contraction &c) { ContractionBuilder(*this, c).build(); }

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
                   op.getScales(),
                   window,
                   {0, f[1] * f[2] * f[3], f[2] * f[3], f[3], 1},
                   op.getActivation(),
                   op.getRescale(),
                   op.getAlgorithmAttr()});
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
                   Value(),
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
                   op.getScales(),
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
  emitContraction(
      {op, op.getLhs(), op.getRhs(), Value(), Value(), window, strides, op.getActivation(), op.getRescale()});
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
