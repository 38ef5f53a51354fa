// convert-qnn-to-qk: arithmetic, functions of one code, changes of format, rows.
#include "compiler/layout/Lowering.h"

#include "dialects/qk/FixedPoint.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::layout;

//===-- add, sub, mul -----------------------------------------------------------------------===//

void Lowering::lowerArithmetic(Operation *op, qnn::Activation activation, qnn::RescaleAttr rescale) {
  Value lhs = op->getOperand(0), rhs = op->getOperand(1);
  qnn::NumberFormat a = qnn::getFormat(lhs), c = qnn::getFormat(rhs), out = qnn::getFormat(op->getResult(0));
  Location loc = op->getLoc();
  bool isMul = llvm::isa<qnn::MulOp>(op), isSub = llvm::isa<qnn::SubOp>(op);
  auto combineInt = [&](Value x, Value y) -> Value {
    if (isMul)
      return arith::MulIOp::create(b, loc, x, y);
    if (isSub)
      return arith::SubIOp::create(b, loc, x, y);
    return arith::AddIOp::create(b, loc, x, y);
  };
  auto combineFloat = [&](Value x, Value y) -> Value {
    if (isMul)
      return arith::MulFOp::create(b, loc, x, y);
    if (isSub)
      return arith::SubFOp::create(b, loc, x, y);
    return arith::AddFOp::create(b, loc, x, y);
  };
  emitElementwise(op, {lhs, rhs}, [&](ValueRange codes) -> Value {
    if (out.isFloat())
      return clampFloat(combineFloat(codes[0], codes[1]), activation);
    if (out.getBits() == 32)
      return finishCode(combineInt(codes[0], codes[1]), out, activation, rescale.getOverflow());
    Value x = centred(codes[0], a), y = centred(codes[1], c);
    double real;
    if (isMul) {
      real = qnn::contractionMultiplier(a, c, 0, out, rescale.getProduct());
    } else {
      // Both operands are brought to the scale t / 2^L first; see `qnn.add`.
      int64_t headroom = std::max({a.getBits(), c.getBits(), out.getBits()}) <= 8 ? 20 : 15;
      double t = 2 * std::max(a.getScale(0), c.getScale(0));
      auto align = [&](Value value, double scale) {
        value = arith::ShLIOp::create(b, loc, value, i32(headroom));
        return requantize(value, qnn::quantizeMultiplier(scale / t), rescale.getRounding());
      };
      x = align(x, a.getScale(0));
      y = align(y, c.getScale(0));
      real = t / (static_cast<double>(1 << headroom) * out.getScale(0));
    }
    Value sum = combineInt(x, y);
    if (out.isAffine())
      sum = requantize(sum, qnn::quantizeMultiplier(real), rescale.getRounding());
    return finishCode(sum, out, activation, rescale.getOverflow());
  });
}

//===-- Functions of one code -------------------------------------------------------------------===//

void Lowering::emitLookup(Operation *op, llvm::function_ref<int64_t(int64_t)> function) {
  Value input = op->getOperand(0), output = op->getResult(0);
  qnn::NumberFormat in = qnn::getFormat(input), out = qnn::getFormat(output);
  SmallVector<int64_t> codes(size_t(1) << in.getBits());
  for (auto [pattern, code] : llvm::enumerate(codes)) {
    int64_t value = in.isSignedCode() ? llvm::SignExtend64(pattern, in.getBits()) : static_cast<int64_t>(pattern);
    code = function(value);
  }
  Value table = constantCodes(op->getLoc(), out, codes, "table"), init = emptyFor(output);
  auto lookup =
      qk::LookupOp::create(b, op->getLoc(), init.getType(), stored(input), table, init,
                           llvm::cast<RankedTensorType>(output.getType()).getNumElements(), Type(in), Type(out));
  storage.map(output, lookup.getResult());
}

/// The integer function of a unary operator on one code, in the fixed-point arithmetic of its definition.
static std::function<int64_t(int64_t)> integerFunction(Operation *op) {
  qnn::NumberFormat in = qnn::getFormat(op->getOperand(0)), out = qnn::getFormat(op->getResult(0));
  auto nearest = [=](double (*function)(double)) {
    return [=](int64_t code) mutable { return out.encode(function(in.decode(code))); };
  };
  auto rescaled = [=](double factorBelowZero, qnn::RescaleAttr rescale,
                      qnn::Activation activation) -> std::function<int64_t(int64_t)> {
    auto bounds = qnn::activationBounds(activation);
    if (!out.isAffine())
      return [=](int64_t code) mutable {
        double real = in.decode(code);
        return out.encode(std::clamp(real >= 0 ? real : factorBelowZero * real, bounds.first, bounds.second));
      };
    auto fixedPoint = [&](double factor) {
      return qk::FixedPoint(qnn::quantizeMultiplier(factor * in.getScale(0) / out.getScale(0)), rescale.getRounding());
    };
    qk::FixedPoint above = fixedPoint(1), below = fixedPoint(factorBelowZero);
    auto [low, high] = qnn::activationCodeRange(out, activation);
    bool saturates = rescale.getOverflow() == qnn::Overflow::Saturate;
    bool clampsLow = saturates || std::isfinite(bounds.first), clampsHigh = saturates || std::isfinite(bounds.second);
    return [=, low = low, high = high](int64_t code) mutable {
      int32_t d = static_cast<int32_t>(in.getIntegerDecode()(code) - in.getZeroPoint(0));
      int64_t sum = int64_t(out.getZeroPoint(0)) + (d >= 0 ? above : below).apply(d);
      int64_t value = static_cast<int32_t>(sum); // Sums wrap in 32 bits, then saturate.
      if (clampsLow)
        value = std::max(value, low);
      return clampsHigh ? std::min(value, high) : value;
    };
  };
  return llvm::TypeSwitch<Operation *, std::function<int64_t(int64_t)>>(op)
      .Case([&](qnn::LogisticOp) { return nearest([](double x) { return 1 / (1 + std::exp(-x)); }); })
      .Case([&](qnn::TanhOp) { return nearest([](double x) { return std::tanh(x); }); })
      .Case([&](qnn::LeakyReluOp o) {
        return rescaled(o.getAlpha().convertToDouble(), o.getRescale(), qnn::Activation::None);
      })
      .Case([&](qnn::RequantizeOp o) { return rescaled(1, o.getRescale(), qnn::Activation::None); })
      .Case([&](qnn::ReluOp o) -> std::function<int64_t(int64_t)> {
        qnn::Activation activation =
            o.getActivation() == qnn::Activation::None ? qnn::Activation::Relu : o.getActivation();
        if (in != out)
          return rescaled(1, o.getRescale(), activation);
        auto [low, high] = qnn::activationCodeRange(out, activation);
        return [low = low, high = high](int64_t code) { return std::clamp(code, low, high); };
      });
}

/// f32 forms of the unary operators, and the integer forms that compute rather than look up.
void Lowering::lowerUnary(Operation *op) {
  Location loc = op->getLoc();
  qnn::NumberFormat in = qnn::getFormat(op->getOperand(0)), out = qnn::getFormat(op->getResult(0));
  if (isLookedUp(op))
    return emitLookup(op, integerFunction(op));
  emitElementwise(op, op->getOperand(0), [&](ValueRange codes) -> Value {
    Value x = codes[0];
    return llvm::TypeSwitch<Operation *, Value>(op)
        .Case([&](qnn::RequantizeOp o) {
          Value value = centred(x, in);
          if (out.isAffine())
            value = requantize(value, qnn::quantizeMultiplier(in.getScale(0) / out.getScale(0)),
                               o.getRescale().getRounding());
          return finishCode(value, out, qnn::Activation::None, o.getRescale().getOverflow());
        })
        .Case([&](qnn::ReluOp o) {
          bool isDefault = o.getActivation() == qnn::Activation::None;
          return clampFloat(x, isDefault ? qnn::Activation::Relu : o.getActivation());
        })
        .Case([&](qnn::LeakyReluOp o) -> Value {
          Value below = arith::MulFOp::create(b, loc, x, f32(o.getAlpha().convertToDouble()));
          Value isBelow = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OLT, x, f32(0));
          return arith::SelectOp::create(b, loc, isBelow, below, x);
        })
        .Case([&](qnn::TanhOp) -> Value { return math::TanhOp::create(b, loc, x); })
        .Case([&](qnn::LogisticOp) -> Value {
          Value exp = math::ExpOp::create(b, loc, arith::NegFOp::create(b, loc, x));
          return arith::DivFOp::create(b, loc, f32(1), arith::AddFOp::create(b, loc, exp, f32(1)));
        });
  });
}

//===-- Functions of floats -----------------------------------------------------------------------===//

void Lowering::lowerApply(qnn::ApplyOp op) {
  Location loc = op.getLoc();
  emitElementwise(op, op.getInput(), [&](ValueRange x) -> Value {
    switch (op.getFunction()) {
    case qnn::Function::Abs:
      return math::AbsFOp::create(b, loc, x[0]);
    case qnn::Function::Atan:
      return math::AtanOp::create(b, loc, x[0]);
    case qnn::Function::Ceil:
      return math::CeilOp::create(b, loc, x[0]);
    case qnn::Function::Erf:
      return math::ErfOp::create(b, loc, x[0]);
    case qnn::Function::Exp:
      return math::ExpOp::create(b, loc, x[0]);
    case qnn::Function::Floor:
      return math::FloorOp::create(b, loc, x[0]);
    case qnn::Function::Log:
      return math::LogOp::create(b, loc, x[0]);
    case qnn::Function::Round:
      return math::RoundEvenOp::create(b, loc, x[0]);
    case qnn::Function::Sin:
      return math::SinOp::create(b, loc, x[0]);
    case qnn::Function::Sqrt:
      return math::SqrtOp::create(b, loc, x[0]);
    }
    llvm_unreachable("all functions are listed");
  });
}

void Lowering::lowerCombine(qnn::CombineOp op) {
  Location loc = op.getLoc();
  emitElementwise(op, op->getOperands(), [&](ValueRange x) -> Value {
    auto select = [&](arith::CmpFPredicate predicate, Value accepted, Value rejected) -> Value {
      Value holds = arith::CmpFOp::create(b, loc, predicate, x[0], x[1]);
      return arith::SelectOp::create(b, loc, holds, accepted, rejected);
    };
    // One that is NaN comes out: of the first the comparison is unordered, and the second is looked at again.
    auto extreme = [&](arith::CmpFPredicate unordered) -> Value {
      Value isNumber = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::ORD, x[1], x[1]);
      return arith::SelectOp::create(b, loc, isNumber, select(unordered, x[0], x[1]), x[1]);
    };
    switch (op.getCombination()) {
    case qnn::Combination::Divide:
      return arith::DivFOp::create(b, loc, x[0], x[1]);
    case qnn::Combination::Equal:
      return select(arith::CmpFPredicate::OEQ, f32(1), f32(0));
    case qnn::Combination::Less:
      return select(arith::CmpFPredicate::OLT, f32(1), f32(0));
    case qnn::Combination::LessEqual:
      return select(arith::CmpFPredicate::OLE, f32(1), f32(0));
    case qnn::Combination::Maximum:
      return extreme(arith::CmpFPredicate::UGT);
    case qnn::Combination::Minimum:
      return extreme(arith::CmpFPredicate::ULT);
    case qnn::Combination::Power:
      return math::PowFOp::create(b, loc, x[0], x[1]);
    }
    llvm_unreachable("all combinations are listed");
  });
}

void Lowering::lowerSelect(qnn::SelectOp op) {
  emitElementwise(op, op->getOperands(), [&](ValueRange x) -> Value {
    Value isAccepted = arith::CmpFOp::create(b, op.getLoc(), arith::CmpFPredicate::UNE, x[0], f32(0));
    return arith::SelectOp::create(b, op.getLoc(), isAccepted, x[1], x[2]);
  });
}

/// A tensor as a matrix [row, channel], channels along its last axis.
static std::pair<int64_t, int64_t> rowsOf(Value tensor) {
  auto type = llvm::cast<RankedTensorType>(tensor.getType());
  int64_t channels = type.getShape().back();
  return {channels ? type.getNumElements() / channels : 0, channels};
}

void Lowering::lowerBatchNorm(qnn::BatchNormOp op) {
  // (x - mean) / sqrt(variance + epsilon) * gamma + beta == x * a + c
  auto numbers = [](Value value) {
    SmallVector<double> result;
    auto constant = value.getDefiningOp<qnn::ConstantOp>();
    for (int64_t code : constant.getCodes())
      result.push_back(llvm::bit_cast<float>(static_cast<uint32_t>(code)));
    return result;
  };
  SmallVector<double> gamma = numbers(op.getGamma()), beta = numbers(op.getBeta()), mean = numbers(op.getMean()),
                      variance = numbers(op.getVariance());
  SmallVector<float> a, c;
  for (size_t i = 0; i < gamma.size(); ++i) {
    double factor = gamma[i] / std::sqrt(variance[i] + op.getEpsilon().convertToDouble());
    a.push_back(static_cast<float>(factor));
    c.push_back(static_cast<float>(beta[i] - mean[i] * factor));
  }
  Location loc = op.getLoc();
  auto [rows, channels] = rowsOf(op.getOutput());
  SmallVector<int64_t> whole{channels, 1}, row{0, 1};
  Type format = b.getF32Type();
  Value result =
      emitMap(loc, {stored(op.getInput()), constantF32(loc, a, "gamma"), constantF32(loc, c, "beta")},
              emptyFor(op.getOutput()), {rows, channels},
              {access(format, 0, whole), access(format, 0, row), access(format, 0, row), access(format, 0, whole)},
              [&](ValueRange x) -> Value {
                return arith::AddFOp::create(b, loc, arith::MulFOp::create(b, loc, x[0], x[1]), x[2]);
              });
  storage.map(op.getOutput(), result);
}

void Lowering::lowerThreshold(qnn::ThresholdOp op) {
  if (storage.contains(op.getOutput()))
    return; // in the epilogue of a contraction
  Location loc = op.getLoc();
  auto [rows, channels] = rowsOf(op.getOutput());
  int64_t count = shapeOf(op.getThresholds())[1];
  SmallVector<int64_t> whole{channels, 1}, column{0, shapeOf(op.getThresholds())[0] == 1 ? 0 : count};
  Type format = qnn::getFormat(op.getInput());
  SmallVector<Value> inputs{stored(op.getInput())};
  SmallVector<qk::AccessAttr> accesses{access(format, 0, whole)};
  for (int64_t k = 0; k < count; ++k) {
    inputs.push_back(stored(op.getThresholds()));
    accesses.push_back(access(format, k, column));
  }
  if (!op.getFalling().empty()) {
    inputs.push_back(constantI32(loc, flipsOf(op.getFalling()), "falling"));
    accesses.push_back(access(b.getI32Type(), 0, {0, 1}));
  }
  accesses.push_back(access(qnn::getFormat(op.getOutput()), 0, whole));
  Value result = emitMap(loc, inputs, emptyFor(op.getOutput()), {rows, channels}, accesses, [&](ValueRange numbers) {
    SmallVector<Value> values(numbers.take_front(count + 1));
    if (!op.getFalling().empty())
      for (Value &value : values)
        value = arith::XOrIOp::create(b, loc, value, numbers.back());
    return countReached(values[0], ArrayRef(values).drop_front(), qnn::getFormat(op.getOutput()).getCodeRange().first);
  });
  storage.map(op.getOutput(), result);
}

void Lowering::lowerRescale(qnn::RescaleOp op) {
  if (storage.contains(op.getOutput()))
    return; // in the epilogue of a contraction
  Location loc = op.getLoc();
  auto [rows, channels] = rowsOf(op.getOutput());
  int64_t zero = qnn::getFormat(op.getOutput()).getZeroPoint(0);
  SmallVector<int64_t> whole{channels, 1}, row{0, 1};
  SmallVector<Value> inputs{stored(op.getInput())};
  SmallVector<qk::AccessAttr> accesses{access(b.getI32Type(), 0, whole)};
  auto add = [&](ArrayRef<int32_t> numbers, StringRef name) {
    inputs.push_back(constantI32(loc, numbers, name));
    accesses.push_back(access(b.getI32Type(), 0, row));
  };
  auto mapped = [](ArrayRef<int32_t> numbers, auto function) { return llvm::map_to_vector(numbers, function); };
  auto codeOf = [&](int32_t bound) { return static_cast<int32_t>(bound + zero); };
  add(mapped(op.getLow(), codeOf), "low");
  add(mapped(op.getHigh(), codeOf), "high");
  for (int64_t line = 0, lines = op.getKnee().empty() ? 1 : 2; line < lines; ++line) {
    auto own = [&](ArrayRef<int32_t> numbers) { return numbers.slice(line * channels, channels); };
    add(own(op.getOffset()), "offset");
    add(own(op.getMultiplier()), "multiplier");
    add(mapped(own(op.getExponent()), std::negate<int32_t>()), "right");
  }
  if (!op.getKnee().empty())
    add(op.getKnee(), "knee");
  if (!op.getFalling().empty())
    add(flipsOf(op.getFalling()), "falling");
  accesses.push_back(access(qnn::getFormat(op.getOutput()), 0, whole));
  Value result = emitMap(loc, inputs, emptyFor(op.getOutput()), {rows, channels}, accesses, [&](ValueRange x) {
    Value sum = op.getFalling().empty() ? x[0] : Value(arith::XOrIOp::create(b, loc, x[0], x.back()));
    LineNumbers line{x[3], x[4], x[5]};
    if (!op.getKnee().empty())
      line = chooseLine(sum, x[9], line, {x[6], x[7], x[8]});
    return codeOnLine(sum, line, x[1], x[2], op);
  });
  storage.map(op.getOutput(), result);
}

//===-- Changes of format -------------------------------------------------------------------------===//

/// The f32 of a rank among all that are not NaN: 0 has rank 0, and the next larger number the next rank.
static float floatOfRank(int64_t rank) {
  uint32_t magnitude = static_cast<uint32_t>(std::abs(rank));
  return llvm::bit_cast<float>(rank < 0 ? magnitude | (uint32_t(1) << 31) : magnitude);
}

/// The smallest f32 whose nearest number has a code of at least `code`; codes are in the order of their numbers.
static float leastOf(qnn::NumberFormat format, int64_t code) {
  int64_t infinity = llvm::bit_cast<uint32_t>(HUGE_VALF), low = -infinity, high = infinity;
  while (low < high) {
    int64_t middle = low + (high - low) / 2;
    if (format.encode(floatOfRank(middle)) >= code)
      high = middle;
    else
      low = middle + 1;
  }
  return floatOfRank(low);
}

/// The nearest number of a basis: comparisons with what is in the middle of two neighbours. NaN counts as 0.
Value Lowering::nearestOf(Value value, qnn::NumberFormat format) {
  Value result;
  auto [low, high] = format.getCodeRange();
  for (int64_t code = low + 1; code <= high; ++code) {
    float least = leastOf(format, code);
    auto reaches = least <= 0 ? arith::CmpFPredicate::UGE : arith::CmpFPredicate::OGE;
    Value isReached = arith::CmpFOp::create(b, value.getLoc(), reaches, value, f32(least));
    Value one = arith::ExtUIOp::create(b, value.getLoc(), b.getI32Type(), isReached);
    result = result ? Value(arith::AddIOp::create(b, value.getLoc(), result, one)) : one;
  }
  return result;
}

void Lowering::lowerQuantize(qnn::QuantizeOp op) {
  Location loc = op.getLoc();
  qnn::NumberFormat out = qnn::getFormat(op.getOutput());
  emitElementwise(op, op.getInput(), [&](ValueRange x) -> Value {
    if (out.isFloat()) // What stores it rounds it.
      return x[0];
    if (std::optional<SignCodes> codes = getSignCodes(out)) {
      // encode: not less than zero is the positive code, and so is NaN.
      Value isPositive = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::UGE, x[0], f32(0));
      return arith::SelectOp::create(b, loc, isPositive, i32(codes->positive), i32(codes->negative));
    }
    if (!out.getIntegerDecode().steps.empty())
      return nearestOf(x[0], out);
    Value scaled = arith::DivFOp::create(b, loc, x[0], f32(out.getScale(0)));
    Value code = qk::RoundOp::create(b, loc, scaled, op.getTiesToEven());
    if (out.getBits() < 32) {
      // sat(zero + n) == zero + clamp(n, low - zero, high - zero): the sum stays inside.
      auto [low, high] = out.getCodeRange();
      code = arith::MaxSIOp::create(b, loc, code, i32(low - out.getZeroPoint(0)));
      code = arith::MinSIOp::create(b, loc, code, i32(high - out.getZeroPoint(0)));
    }
    return addInt(code, out.getZeroPoint(0));
  });
}

void Lowering::lowerDequantize(qnn::DequantizeOp op) {
  Location loc = op.getLoc();
  qnn::NumberFormat in = qnn::getFormat(op.getInput());
  // f32(scale * n) with the product in f64: the product of two f32 of which one has few bits is exact
  // in f64, so one f32 multiplication rounds the same; other scales go through a table.
  bool isExact = static_cast<double>(static_cast<float>(in.getScale(0))) == in.getScale(0);
  if (isLookedUp(op) && (!isExact || !in.getIntegerDecode().isLinear()))
    return emitLookup(op, [&](int64_t code) {
      return static_cast<int64_t>(llvm::bit_cast<uint32_t>(static_cast<float>(in.decode(code))));
    });
  emitElementwise(op, op.getInput(), [&](ValueRange codes) -> Value {
    if (in.isFloat())
      return codes[0];
    Value integer = centred(codes[0], in);
    if (in.getBits() <= 16) {
      Value real = arith::SIToFPOp::create(b, loc, b.getF32Type(), integer);
      return arith::MulFOp::create(b, loc, real, f32(in.getScale(0)));
    }
    Value scale = arith::ConstantOp::create(b, loc, b.getF64FloatAttr(in.getScale(0)));
    Value real = arith::SIToFPOp::create(b, loc, b.getF64Type(), integer);
    return arith::TruncFOp::create(b, loc, b.getF32Type(), arith::MulFOp::create(b, loc, real, scale));
  });
}

//===-- Rows ------------------------------------------------------------------------------------------===//

static std::pair<int64_t, int64_t> rowsAndColumns(Value value) {
  ArrayRef<int64_t> shape = shapeOf(value);
  int64_t rows = 1;
  for (int64_t size : shape.drop_back())
    rows *= size;
  return {rows, shape.back()};
}

void Lowering::lowerSoftmax(qnn::SoftmaxOp op) {
  qnn::NumberFormat in = qnn::getFormat(op.getInput()), out = qnn::getFormat(op.getOutput());
  auto [rows, columns] = rowsAndColumns(op.getInput());
  Value init = emptyFor(op.getOutput());
  double beta = op.getBeta().convertToDouble();
  if (in.isFloat()) {
    auto softmax = qk::FloatSoftmaxOp::create(b, op.getLoc(), init.getType(), stored(op.getInput()), init, rows,
                                              columns, llvm::APFloat(static_cast<float>(beta)), false);
    storage.map(op.getOutput(), softmax.getResult());
    return;
  }
  qnn::Multiplier m = qnn::quantizeMultiplier(std::min(beta * in.getScale(0) * (1 << 26), 2147483647.0));
  RequantizeShift shift(m);
  int64_t radius = static_cast<int64_t>(std::floor(31.0 * (1 << 26) / std::ldexp(1.0, shift.left)));
  auto softmax = qk::SoftmaxOp::create(b, op.getLoc(), init.getType(), stored(op.getInput()), init, rows, columns,
                                       Type(in), Type(out), m.mantissa, shift.left, shift.right, radius);
  storage.map(op.getOutput(), softmax.getResult());
}

void Lowering::lowerLogSoftmax(qnn::LogSoftmaxOp op) {
  auto [rows, columns] = rowsAndColumns(op.getInput());
  Value init = emptyFor(op.getOutput());
  auto softmax = qk::FloatSoftmaxOp::create(b, op.getLoc(), init.getType(), stored(op.getInput()), init, rows, columns,
                                            llvm::APFloat(1.0f), true);
  storage.map(op.getOutput(), softmax.getResult());
}

void Lowering::lowerArgmax(qnn::ArgmaxOp op) {
  ArrayRef<int64_t> shape = shapeOf(op.getInput());
  int64_t outer = 1, inner = 1, axis = op.getAxis();
  for (int64_t size : shape.take_front(axis))
    outer *= size;
  for (int64_t size : shape.drop_front(axis + 1))
    inner *= size;
  Value init = emptyFor(op.getOutput());
  auto argmax = qk::ArgmaxOp::create(b, op.getLoc(), init.getType(), stored(op.getInput()), init,
                                     ArrayRef<int64_t>{outer, shape[axis], inner}, Type(qnn::getFormat(op.getInput())));
  storage.map(op.getOutput(), argmax.getResult());
}
