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

SmallVector<int32_t> layout::flipsOf(ArrayRef<bool> falling) {
  return llvm::map_to_vector(falling, [](bool isFalling) { return isFalling ? -1 : 0; });
}

Operation *Lowering::sumReaderOf(Operation *contraction) {
  Value sums = contraction->getResult(0);
  if (!sums.hasOneUse() || qnn::getFormat(contraction->getOperand(0)).isFloat())
    return nullptr;
  Operation *reader = *sums.user_begin();
  auto threshold = llvm::dyn_cast<qnn::ThresholdOp>(reader);
  bool isConstant =
      threshold && threshold.getInput() == sums && threshold.getThresholds().getDefiningOp<qnn::ConstantOp>();
  return isConstant || llvm::isa<qnn::RescaleOp>(reader) ? reader : nullptr;
}

namespace {
/// Multipliers, or another number, for each channel or group: constants of the region if all are equal, else operands.
struct Numbers {
  SmallVector<int64_t> values;
  bool isUniform() const { return llvm::all_equal(values); }
};

struct Multipliers {
  Numbers mantissa, left, right;
  void add(RequantizeShift shift) {
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
      : l(lowering), b(lowering.b), c(c), loc(c.op->getLoc()), reader(sumReaderOf(c.op)),
        threshold(llvm::dyn_cast_if_present<qnn::ThresholdOp>(reader)),
        line(llvm::dyn_cast_if_present<qnn::RescaleOp>(reader)), result((reader ? reader : c.op)->getResult(0)),
        lhs(qnn::getFormat(c.lhs)), rhs(qnn::getFormat(c.rhs)), out(qnn::getFormat(result)),
        channels(c.window.getGroups() * c.window.getChannels()[1]) {
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
                               /*packed=*/false, qk::ScheduleAttr(), /*descending=*/false, qk::PartAttr(), c.algorithm,
                               /*init_format=*/TypeAttr());
    OpBuilder::InsertionGuard guard(b);
    if (c.scales)
      writeCombine();
    writeEpilogue();
    l.storage.map(result, contract.getResult());
  }

private:
  bool rescales() const { return !reader && !lhs.isFloat() && !out.isFloat() && out.getBits() != 32 && out.isAffine(); }

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
    if (threshold)
      collectThresholds();
    else if (line)
      collectLine();
    else
      collectScales();
  }

  void collectScales() {
    for (int64_t o = 0; o < channels; ++o) {
      int64_t channel = rhs.getChannelAxis() < 0 ? 0 : o;
      if (rescales())
        multipliers.add(RequantizeShift(
            qnn::quantizeMultiplier(qnn::contractionMultiplier(lhs, rhs, channel, out, c.rescale.getProduct()))));
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
      multipliers.add(RequantizeShift(qnn::quantizeMultiplier(unit / (out.getScale(0) / 256))));
    addOperands(multipliers, params);
  }

  void addFlips(ArrayRef<int32_t> flips) {
    if (!flips.empty())
      params.push_back(l.constantI8(loc, llvm::to_vector_of<int8_t>(flips), name + ".falling"));
  }

  /// Signed numbers as an operand, of 16 bits where they suffice.
  void addNumbers(const Numbers &numbers, const std::string &what) {
    if (numbers.isUniform())
      return;
    bool isShort = llvm::all_of(numbers.values, [](int64_t number) { return llvm::isInt<16>(number); });
    auto format = llvm::cast<qnn::NumberFormat>(Type(b.getIntegerType(isShort ? 16 : 32)));
    params.push_back(l.constantCodes(loc, format, numbers.values, name + what));
  }

  /// One operand for each number of the code. Falling channels' are complements.
  void collectThresholds() {
    SmallVector<int32_t> flips = flipsOf(threshold.getFalling());
    addFlips(flips);
    SmallVector<int64_t> codes = threshold.getThresholds().getDefiningOp<qnn::ConstantOp>().getCodes();
    ArrayRef<int64_t> shape = shapeOf(threshold.getThresholds());
    reached.resize(shape[1]);
    for (auto [k, numbers] : llvm::enumerate(reached)) {
      for (int64_t o = 0; o < channels; ++o) {
        int64_t number = codes[(shape[0] == 1 ? 0 : o) * shape[1] + static_cast<int64_t>(k)];
        numbers.values.push_back(flips.empty() ? number : number ^ flips[o]);
      }
      addNumbers(numbers, ".threshold");
    }
  }

  /// In the order in which the region takes them.
  void collectLine() {
    addFlips(flipsOf(line.getFalling()));
    int64_t zero = out.getZeroPoint(0);
    lines.resize(line.getKnee().empty() ? 1 : 2);
    for (int64_t o = 0; o < channels; ++o) {
      for (auto [i, own] : llvm::enumerate(lines)) {
        int64_t number = static_cast<int64_t>(i) * channels + o;
        own.offset.values.push_back(line.getOffset()[number]);
        own.multipliers.add(RequantizeShift({line.getMultiplier()[number], line.getExponent()[number]}));
      }
      low.values.push_back(line.getLow()[o] + zero);
      high.values.push_back(line.getHigh()[o] + zero);
    }
    for (const LineParams &own : lines) {
      addNumbers(own.offset, ".offset");
      addOperands(own.multipliers, params);
    }
    llvm::append_range(knee.values, line.getKnee());
    addNumbers(knee, ".knee");
    addNumbers(low, ".low");
    addNumbers(high, ".high");
  }

  void addOperands(const Multipliers &m, SmallVector<Value> &operands) {
    if (!m.mantissa.isUniform())
      operands.push_back(l.constantI32(loc, llvm::to_vector_of<int32_t>(m.mantissa.values), name + ".multiplier"));
    if (!m.left.isUniform())
      operands.push_back(l.constantI8(loc, llvm::to_vector_of<int8_t>(m.left.values), name + ".left"));
    if (!m.right.isUniform())
      operands.push_back(l.constantI8(loc, llvm::to_vector_of<int8_t>(m.right.values), name + ".right"));
  }

  /// Numbers in the region: constants if all are equal, else the block's next argument, widened.
  template <typename Extend> Value take(const Numbers &numbers, Block &block, unsigned &next) {
    if (numbers.isUniform())
      return l.i32(numbers.values.empty() ? 0 : numbers.values.front());
    Value argument = block.getArgument(next++);
    return argument.getType() == b.getI32Type() ? argument : Value(Extend::create(b, loc, b.getI32Type(), argument));
  }
  Value takeUnsigned(const Numbers &numbers, Block &block, unsigned &next) {
    return take<arith::ExtUIOp>(numbers, block, next);
  }
  Value takeSigned(const Numbers &numbers, Block &block, unsigned &next) {
    return take<arith::ExtSIOp>(numbers, block, next);
  }

  /// The region's form of what `addOperands` added, from its block's next arguments.
  Value requantize(Value value, const Multipliers &m, Block &block, unsigned &next) {
    Value mantissa = takeUnsigned(m.mantissa, block, next), left = takeUnsigned(m.left, block, next),
          right = takeUnsigned(m.right, block, next);
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
    else if (line)
      value = codeOnLine(value, block, next);
    else if (lhs.isFloat())
      value = l.clampFloat(value, c.activation);
    else if (out.isFloat())
      value = l.clampFloat(realOf(value, block, next), c.activation);
    else
      value = l.finishCode(codeUnits(value, block, next), out, c.activation, c.rescale.getOverflow());
    qk::YieldOp::create(b, loc, value);
  }

  /// The complement in channels that are falling.
  Value flipped(Value value, ArrayRef<bool> falling, Block &block, unsigned &next) {
    if (falling.empty())
      return value;
    Value flip = arith::ExtSIOp::create(b, loc, b.getI32Type(), block.getArgument(next++));
    return arith::XOrIOp::create(b, loc, value, flip);
  }

  Value codeOf(Value value, Block &block, unsigned &next) {
    value = flipped(value, threshold.getFalling(), block, next);
    SmallVector<Value> numbers;
    for (const Numbers &own : reached)
      numbers.push_back(takeSigned(own, block, next));
    return l.countReached(value, numbers, out.getCodeRange().first);
  }

  Value codeOnLine(Value value, Block &block, unsigned &next) {
    value = flipped(value, line.getFalling(), block, next);
    SmallVector<LineNumbers> numbers;
    for (const LineParams &own : lines) {
      Value offset = takeSigned(own.offset, block, next);
      Value multiplier = takeUnsigned(own.multipliers.mantissa, block, next);
      numbers.push_back({offset, multiplier, takeUnsigned(own.multipliers.right, block, next)});
    }
    LineNumbers chosen = numbers.front();
    if (numbers.size() > 1)
      chosen = l.chooseLine(value, takeSigned(knee, block, next), numbers[0], numbers[1]);
    Value least = takeSigned(low, block, next), most = takeSigned(high, block, next);
    return l.codeOnLine(value, chosen, least, most, line);
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
  Operation *reader; // of the sums, in the epilogue; may be null, and is one of these
  qnn::ThresholdOp threshold;
  qnn::RescaleOp line;
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
  struct LineParams {
    Numbers offset;
    Multipliers multipliers;
  };
  SmallVector<LineParams> lines; // of sums below the knee, then of others
  Numbers knee, low, high;
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
