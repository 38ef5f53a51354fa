// qnn-fold-thresholds: what follows the sums of an integer contraction, up to a quantizer, becomes integers: thresholds
// for few codes, and a rescaling for more of them.
//
// If f never decreases, q(f(sum)) >= lowest + k is the same as sum >= t, where t is the smallest sum for which it
// holds. No such t is computed: it is found by bisection, in which the reference interpreter runs the operators
// themselves on one sum after the other, with all their roundings.
//
// A rescaling (qnn.rescale) is fitted to what the interpreter makes of every sum there is, and has to give all codes.
#include "compiler/interpret/Evaluate.h"
#include "compiler/quantize/Constants.h"
#include "compiler/quantize/FitRescale.h"
#include "compiler/quantize/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::quantize;

namespace {

using Sums = SmallVector<int64_t>;

/// More codes than these are not said by thresholds.
constexpr unsigned mostThresholdBits = 4;

/// A contraction and the operators behind it, of which the last one gives codes.
struct Chain {
  Operation *contraction;
  SmallVector<Operation *> before; // the pool, if there is one
  qnn::MaxPool2dOp pool;
  SmallVector<Operation *> after;

  Operation *last() const { return !after.empty() ? after.back() : before.empty() ? contraction : before.back(); }
  qnn::NumberFormat codes() const { return qnn::getFormat(last()->getResult(0)); }
  int64_t channels() const { return shapeOf(contraction->getResult(0)).back(); }
  bool isFew() const { return codes().getBits() <= mostThresholdBits; }
};

/// Of integers whose sums there are: with one scale per group, there is none.
bool isContraction(Operation *op) {
  return llvm::isa<qnn::Conv2dOp, qnn::DepthwiseConv2dOp, qnn::DenseOp, qnn::MatmulOp>(op) &&
         qnn::getFormat(op->getOperand(1)).getGroupSize() == 0;
}

/// A finite f32 constant with one value for all channels, or one for each.
bool isPerChannel(Value value) {
  qnn::ConstantOp constant = getFloatConstant(value);
  ArrayRef<int64_t> shape = shapeOf(value);
  return constant && llvm::all_of(shape.drop_back(shape.empty() ? 0 : 1), [](int64_t size) { return size == 1; }) &&
         llvm::all_of(getFloats(constant), [](float number) { return std::isfinite(number); });
}

/// True if integers up to `largest`, rescaled to codes of a format, may be numbers of more than 32 bits. These wrap,
/// and rise no longer.
bool mayWrap(double largest, double multiplier, qnn::NumberFormat output, int64_t channel) {
  return !(largest * multiplier + 1 + std::abs(static_cast<double>(output.getZeroPoint(channel))) < 0x1p31);
}

/// The same of what an operator rescales.
bool mayWrap(Value from, Value to) {
  qnn::NumberFormat input = qnn::getFormat(from), output = qnn::getFormat(to);
  if (input.isFloat())
    return false;
  auto largest = static_cast<double>(input.getLargestInteger());
  return llvm::any_of(llvm::seq(std::max(input.getNumChannels(), output.getNumChannels())), [&](int64_t channel) {
    int64_t own = input.getNumChannels() == 1 ? 0 : channel, next = output.getNumChannels() == 1 ? 0 : channel;
    return mayWrap(largest, input.getScale(own) / output.getScale(next), output, next);
  });
}

/// The operand along which an operator never decreases, or never increases, in each channel; null for other operators.
/// This holds for the rounded results, too: rounding never changes an order.
Value followedOperand(Operation *op) {
  auto besideConstant = [](auto binary) -> Value {
    if (!isFloatTensor(binary.getOutput()))
      return {};
    if (isPerChannel(binary.getRhs()))
      return binary.getLhs();
    return isPerChannel(binary.getLhs()) ? binary.getRhs() : Value();
  };
  auto saturating = [](auto rescaling) {
    bool rises = rescaling.getRescale().getOverflow() == qnn::Overflow::Saturate &&
                 !mayWrap(rescaling.getInput(), rescaling.getOutput());
    return rises ? Value(rescaling.getInput()) : Value();
  };
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case<qnn::AddOp, qnn::SubOp, qnn::MulOp>(besideConstant)
      .Case<qnn::ReluOp, qnn::LeakyReluOp, qnn::RequantizeOp>(saturating)
      .Case<qnn::QuantizeOp, qnn::DequantizeOp>([](auto cast) { return Value(cast.getInput()); })
      .Case([](qnn::ThresholdOp op) {
        return op.getThresholds().getDefiningOp<qnn::ConstantOp>() ? op.getInput() : Value();
      })
      .Case([](qnn::BatchNormOp op) {
        return llvm::all_of(op->getOperands().drop_front(), isPerChannel) ? Value(op.getInput()) : Value();
      })
      .Default(Value());
}

/// Operators between a value and a result that is computed from nothing else but constants: each rises, or falls, in
/// each channel, and so does the result.
struct Step {
  Value input;
  SmallVector<Operation *> ops; // in their order
};

/// For each channel, or once for all, 1 if an operator along a branch rises, -1 if it falls, and 0 if it is constant;
/// none of other operators than those that activations are made of.
std::optional<SmallVector<int>> directionsOf(Operation *op, Value followed) {
  return llvm::TypeSwitch<Operation *, std::optional<SmallVector<int>>>(op)
      .Case<qnn::ReluOp, qnn::LeakyReluOp, qnn::AddOp>([](Operation *) { return SmallVector<int>{1}; })
      .Case([&](qnn::SubOp sub) { return SmallVector<int>{followed == sub.getLhs() ? 1 : -1}; })
      .Case([&](qnn::MulOp mul) {
        Value constant = followed == mul.getLhs() ? mul.getRhs() : mul.getLhs();
        return llvm::map_to_vector(getFloats(getFloatConstant(constant)), [](float factor) {
          return factor > 0 ? 1 : factor < 0 ? -1 : 0;
        });
      })
      .Default([](Operation *) { return std::nullopt; });
}

/// A branch of operators that ends in a value: what it may begin with, from the last value to the first.
struct Branch {
  struct Place {
    Value value;
    SmallVector<int> directions; // from the value to the branch's end, for each channel
    SmallVector<Operation *> ops;
  };
  SmallVector<Place> places;

  Branch(Value end, int64_t channels) : places{{end, SmallVector<int>(channels, 1), {}}} {
    while (Operation *op = places.back().value.getDefiningOp()) {
      Value followed = op->getNumResults() == 1 ? followedOperand(op) : Value();
      std::optional<SmallVector<int>> own =
          followed && isFloatTensor(followed) && isFloatTensor(op->getResult(0)) && shapeOf(followed) == shapeOf(end)
              ? directionsOf(op, followed)
              : std::nullopt;
      if (!own)
        break;
      Place next = places.back();
      next.value = followed;
      next.ops.insert(next.ops.begin(), op);
      for (auto [c, direction] : llvm::enumerate(next.directions))
        direction *= (*own)[own->size() == 1 ? 0 : c];
      places.push_back(std::move(next));
    }
  }
};

/// Where two branches meet, and what lies between that and their ends, if both rise, or both fall (or, with `opposite`,
/// one rises and one falls) in each channel, and nothing else reads what lies between.
std::optional<Step> findMeeting(const Branch &left, const Branch &right, bool opposite) {
  for (const Branch::Place &a : left.places)
    for (const Branch::Place &b : right.places) {
      if (a.value != b.value)
        continue;
      Step step{a.value, a.ops};
      llvm::append_range(step.ops, b.ops);
      bool isOne = llvm::all_of(llvm::zip_equal(a.directions, b.directions), [&](auto pair) {
        return std::get<0>(pair) * std::get<1>(pair) * (opposite ? -1 : 1) >= 0;
      });
      bool isInside = llvm::all_of(step.ops, [&](Operation *op) { return op->getResult(0).hasOneUse(); });
      return isOne && isInside ? std::optional(step) : std::nullopt;
    }
  return std::nullopt;
}

/// A PReLU with a slope for each channel, in the forms that models have: relu(x) - slope * relu(-x), or any other sum
/// or difference of two functions of one value that both rise or both fall; and a choice by `x < 0` between products of
/// x.
std::optional<Step> findFork(Operation *join) {
  if (join->getNumResults() != 1 || !isFloatTensor(join->getResult(0)) || shapeOf(join->getResult(0)).empty())
    return std::nullopt;
  auto branch = [&](unsigned operand) { return Branch(join->getOperand(operand), shapeOf(join->getResult(0)).back()); };
  auto isWhole = [&](Value value) { return shapeOf(value) == shapeOf(join->getResult(0)); };
  std::optional<Step> step;
  if (llvm::isa<qnn::AddOp, qnn::SubOp>(join) && llvm::all_of(join->getOperands(), isWhole))
    step = findMeeting(branch(0), branch(1), llvm::isa<qnn::SubOp>(join));
  if (auto select = llvm::dyn_cast<qnn::SelectOp>(join); select && llvm::all_of(join->getOperands(), isWhole)) {
    auto less = select.getCondition().getDefiningOp<qnn::CombineOp>();
    qnn::ConstantOp bound = less ? getFloatConstant(less.getRhs()) : qnn::ConstantOp();
    step = findMeeting(branch(1), branch(2), /*opposite=*/false);
    if (!step || !bound || less.getCombination() != qnn::Combination::Less || less.getLhs() != step->input ||
        !less.getOutput().hasOneUse() || llvm::any_of(getFloats(bound), [](float number) { return number != 0; }) ||
        !llvm::all_of(step->ops, llvm::IsaPred<qnn::MulOp>))
      return std::nullopt;
    step->ops.insert(step->ops.begin(), less);
  }
  if (step)
    step->ops.push_back(join);
  return step;
}

/// What ends in an operator, if a code behind it can be said by thresholds.
std::optional<Step> findStep(Operation *op) {
  if (Value followed = followedOperand(op))
    return Step{followed, {op}};
  return findFork(op);
}

bool hasOneFormat(qnn::NumberFormat format) { return format.getChannelAxis() < 0 && format.isOrdered(); }

bool isReadBy(Value value, ArrayRef<Operation *> ops) {
  return llvm::all_of(value.getUsers(), [&](Operation *user) { return llvm::is_contained(ops, user); });
}

/// The chain that ends in `last`, if its codes only rise or only fall with the sum in each channel.
std::optional<Chain> findChain(Operation *last) {
  Value codes = last->getNumResults() == 1 ? last->getResult(0) : Value();
  if (!codes || !qnn::isFormatTensor(codes.getType()) || qnn::getFormat(codes).isFloat() ||
      qnn::getFormat(codes).getBits() > 16)
    return std::nullopt;
  Chain chain{};
  SmallVector<Operation *> *part = &chain.after;
  ArrayRef<int64_t> shape = shapeOf(codes);
  auto fits = [&](Operation *op) {
    return op && op->getNumResults() == 1 && hasOneFormat(qnn::getFormat(op->getResult(0))) &&
           (llvm::isa<qnn::MaxPool2dOp>(op) || shapeOf(op->getResult(0)) == shape);
  };
  Operation *op = last;
  while (fits(op) && !isContraction(op)) {
    Value input;
    if (auto pool = llvm::dyn_cast<qnn::MaxPool2dOp>(op)) {
      // max(f(a), f(b)) == f(max(a, b))
      if (chain.pool || op == last || pool.getActivation() != qnn::Activation::None)
        return std::nullopt;
      chain.pool = pool;
      part = &chain.before;
      input = pool.getInput();
      if (!input.hasOneUse())
        return std::nullopt;
      shape = shapeOf(input);
    } else {
      std::optional<Step> step = findStep(op);
      if (!step || !isReadBy(step->input, step->ops))
        return std::nullopt;
      input = step->input;
      part->insert(part->begin(), step->ops.begin(), step->ops.end());
    }
    op = input.getDefiningOp();
  }
  if (!fits(op))
    return std::nullopt;
  chain.contraction = op;
  if (!chain.pool)
    std::swap(chain.before, chain.after);
  return chain;
}

/// The sums of one contraction: how large they get, and what becomes of one.
class SumProbe {
public:
  explicit SumProbe(const Chain &chain) : chain(chain), op(chain.contraction) {
    llvm::TypeSwitch<Operation *>(op)
        .Case<qnn::Conv2dOp, qnn::DepthwiseConv2dOp, qnn::DenseOp>([&](auto layer) {
          activation = layer.getActivation();
          rescale = layer.getRescale();
          bias = layer.getBias();
          axis = decltype(layer)::filterChannelAxis;
        })
        .Case([&](qnn::MatmulOp matmul) {
          activation = matmul.getActivation();
          rescale = matmul.getRescale();
          axis = shapeOf(matmul.getRhs()).size() - (matmul.getTransposeRhs() ? 2 : 1);
        });
    if (auto constant = bias ? bias.getDefiningOp<qnn::ConstantOp>() : qnn::ConstantOp())
      biases = constant.getCodes();
    else
      biases.assign(chain.channels(), 0);
  }

  bool isFoldable() const {
    qnn::NumberFormat input = qnn::getFormat(op->getOperand(0)), filter = qnn::getFormat(op->getOperand(1));
    bool hasGroups = filter.getGroupSize() || input.getGroupSize();
    bool isTable = !input.getIntegerDecode().table.empty() || !filter.getIntegerDecode().table.empty();
    return !input.isFloat() && !hasGroups && !isTable && chain.channels() > 0 &&
           rescale.getOverflow() == qnn::Overflow::Saturate && (!bias || bias.getDefiningOp<qnn::ConstantOp>()) &&
           findRange() && !mayWrap();
  }

  /// What the operators of some parts of the chain make of a sum in each channel, or of several, one after the other,
  /// as codes or bit patterns.
  SmallVector<int64_t> evaluate(const Sums &sums, ArrayRef<ArrayRef<Operation *>> parts) const {
    // A dense layer of no features: its sums are its biases. Several sums are those of copies of all channels.
    auto channels = static_cast<int64_t>(sums.size());
    auto all = llvm::map_to_vector(llvm::seq<int64_t>(0, channels), [&](int64_t c) { return c % chain.channels(); });
    Type filter = interpret::selectChannels(qnn::getFormat(op->getOperand(1)), all, 0);
    auto type = [](ArrayRef<int64_t> shape, Type element) { return RankedTensorType::get(shape, element); };
    SmallVector<int64_t> shape(shapeOf(op->getResult(0)).size(), 1), none = shape;
    shape.back() = channels;
    none.back() = 0;
    HostTensor operands[] = {HostTensor(type(none, qnn::getFormat(op->getOperand(0)))),
                             HostTensor(type({channels, 0}, filter)),
                             HostTensor(type(channels, IntegerType::get(op->getContext(), 32)), sums)};
    return interpret::evaluate(op->getLoc(), operands, [&](OpBuilder &builder, ValueRange arguments) -> Value {
      Value value = qnn::DenseOp::create(builder, op->getLoc(), type(shape, qnn::getFormat(op->getResult(0))),
                                         arguments[0], arguments[1], arguments[2], Value(), activation, rescale);
      IRMapping mapping;
      for (ArrayRef<Operation *> part : parts)
        if (!part.empty()) {
          mapping.map(inputOf(part), value);
          for (Operation *next : part)
            value = repeat(builder, next, mapping, shape);
        }
      return value;
    });
  }

  /// Codes, counted from the lowest one.
  SmallVector<int64_t> ranks(const Sums &sums) const {
    SmallVector<int64_t> codes = evaluate(sums, {chain.before, chain.after});
    int64_t lowest = chain.codes().getCodeRange().first;
    for (int64_t &code : codes)
      code -= lowest;
    return codes;
  }

  bool hasFewSums() const {
    constexpr int64_t mostSums = 1 << 16, mostCodes = 1 << 25;
    int64_t most = 0;
    for (auto [first, last] : llvm::zip_equal(low, high))
      most = std::max(most, last - first + 1);
    return most <= mostSums && most * chain.channels() <= mostCodes;
  }

  /// The code of each sum there is, counted from the zero point, and sums without their bias.
  SmallVector<CodesOfSums> tabulate() const {
    constexpr int64_t codesAtOnce = 1 << 18;
    int64_t channels = chain.channels(), zero = chain.codes().getZeroPoint(0), rows = 0;
    SmallVector<CodesOfSums> tables(channels);
    for (int64_t c = 0; c < channels; ++c) {
      rows = std::max(rows, high[c] - low[c] + 1);
      tables[c].first = low[c] - biases[c];
    }
    int64_t rowsAtOnce = std::max<int64_t>(codesAtOnce / channels, 1);
    for (int64_t begin = 0; begin < rows; begin += rowsAtOnce) {
      Sums sums;
      for (int64_t row = begin; row < std::min(begin + rowsAtOnce, rows); ++row)
        for (int64_t c = 0; c < channels; ++c)
          sums.push_back(std::min(low[c] + row, high[c]));
      for (auto [i, code] : llvm::enumerate(evaluate(sums, {chain.before, chain.after}))) {
        auto c = static_cast<int64_t>(i) % channels, row = begin + static_cast<int64_t>(i) / channels;
        if (low[c] + row <= high[c])
          tables[c].codes.push_back(static_cast<int32_t>(code - zero));
      }
    }
    return tables;
  }

  Value bias;
  int64_t axis = 0;
  SmallVector<int64_t> biases;
  /// The smallest and largest sum of each channel, with its bias.
  mutable Sums low, high;

private:
  /// What operators, of which the last gives one of the chain's values, are applied to.
  static Value inputOf(ArrayRef<Operation *> part) {
    for (Operation *op : part)
      for (Value operand : op->getOperands())
        if (Operation *from = operand.getDefiningOp();
            !llvm::isa_and_present<qnn::ConstantOp>(from) && !llvm::is_contained(part, from))
          return operand;
    llvm_unreachable("a part has an input");
  }

  /// A constant with the numbers of all channels once for each copy of them.
  Value repeat(OpBuilder &builder, qnn::ConstantOp constant, int64_t channels) const {
    SmallVector<int64_t> shape(shapeOf(constant.getResult()));
    if (shape.empty() || shape.back() != chain.channels() || channels == chain.channels())
      return builder.clone(*constant)->getResult(0);
    SmallVector<int64_t> codes = constant.getCodes(), repeated;
    for (int64_t i = 0; i < channels; i += chain.channels())
      llvm::append_range(repeated, codes);
    shape.back() = channels;
    auto type = RankedTensorType::get(shape, Type(qnn::getFormat(constant.getResult())));
    return makeConstant(builder, constant.getLoc(), type, repeated, constant.getNameAttr());
  }

  /// `next`, applied to what its operands are mapped to and in another shape.
  Value repeat(OpBuilder &builder, Operation *next, IRMapping &mapping, ArrayRef<int64_t> shape) const {
    for (Value operand : next->getOperands())
      if (!mapping.contains(operand))
        mapping.map(operand, repeat(builder, operand.getDefiningOp<qnn::ConstantOp>(), shape.back()));
    Operation *repeated = builder.clone(*next, mapping);
    repeated->getResult(0).setType(RankedTensorType::get(shape, qnn::getFormat(next->getResult(0))));
    return repeated->getResult(0);
  }

  /// The integers that an operand can hold, whatever its bits are, and 0, which stands beyond the borders.
  static std::pair<int64_t, int64_t> integersOf(qnn::NumberFormat format) {
    auto [first, last] = format.getAllCodes();
    qnn::IntegerDecode decode = format.getIntegerDecode();
    int64_t zero = format.getZeroPoint(0);
    return {std::min<int64_t>(decode(first) - zero, 0), std::max<int64_t>(decode(last) - zero, 0)};
  }

  /// Fails if a sum could leave 32 bits.
  bool findRange() const {
    qnn::NumberFormat format = qnn::getFormat(op->getOperand(1));
    auto [least, most] = integersOf(qnn::getFormat(op->getOperand(0)));
    low = high = biases;
    auto add = [&](int64_t channel, int64_t weight, int64_t count) {
      low[channel] += std::min(weight * least, weight * most) * count;
      high[channel] += std::max(weight * least, weight * most) * count;
    };
    ArrayRef<int64_t> shape = shapeOf(op->getOperand(1));
    int64_t inner = ShapedType::getNumElements(shape.drop_front(axis + 1));
    if (auto constant = op->getOperand(1).getDefiningOp<qnn::ConstantOp>()) {
      for (auto [i, code] : llvm::enumerate(constant.getCodes())) {
        int64_t channel = static_cast<int64_t>(i) / inner % chain.channels();
        int64_t zero = format.getZeroPoint(format.getChannelAxis() < 0 ? 0 : channel);
        add(channel, format.getIntegerDecode()(code) - zero, 1);
      }
    } else {
      int64_t terms = ShapedType::getNumElements(shape);
      auto [leastWeight, mostWeight] = integersOf(format);
      for (int64_t channel = 0; channel < chain.channels(); ++channel) {
        low[channel] += std::min(leastWeight * most, mostWeight * least) * terms;
        high[channel] += std::max(leastWeight * least, mostWeight * most) * terms;
      }
    }
    // Half of the range is left, so that taking off a bias again does not leave it either.
    constexpr int64_t limit = INT32_MAX / 2;
    return llvm::all_of(low, [](int64_t sum) { return sum >= -limit; }) &&
           llvm::all_of(high, [](int64_t sum) { return sum <= limit; }) &&
           llvm::all_of(biases, [](int64_t bias) { return std::abs(bias) <= limit; });
  }

  /// True if the layer's own rescaling may leave 32 bits.
  bool mayWrap() const {
    qnn::NumberFormat input = qnn::getFormat(op->getOperand(0)), filter = qnn::getFormat(op->getOperand(1)),
                      output = qnn::getFormat(op->getResult(0));
    if (output.isFloat() || output.getBits() == 32 || !output.isAffine())
      return false; // real numbers, or sums as they are
    return llvm::any_of(llvm::seq(chain.channels()), [&](int64_t channel) {
      int64_t own = filter.getChannelAxis() < 0 ? 0 : channel;
      auto largest = static_cast<double>(std::max(-low[channel], high[channel]));
      return ::mayWrap(largest, qnn::contractionMultiplier(input, filter, own, output, rescale.getProduct()), output,
                       0);
    });
  }

  const Chain &chain;
  Operation *op;
  qnn::Activation activation = qnn::Activation::None;
  qnn::RescaleAttr rescale;
};

/// The thresholds of a chain's sums without their bias.
struct Thresholds {
  SmallVector<int64_t> numbers; // [channels, count]
  SmallVector<bool> falling;
  int64_t count;
  bool isFalling() const { return llvm::is_contained(falling, true); }
};

bool isNan(int64_t bits) { return std::isnan(llvm::bit_cast<float>(static_cast<uint32_t>(bits))); }

/// What is true for the smallest and the largest sum is so for those between.
bool hasNumbersOnly(const Chain &chain, const SumProbe &probe) {
  ArrayRef<Operation *> before = chain.before, after = chain.after;
  ArrayRef<Operation *> &tail = after.empty() ? before : after;
  if (tail.empty() || !isFloatTensor(followedOperand(tail.back())))
    return true;
  tail = tail.drop_back();
  return llvm::none_of(probe.evaluate(probe.low, {before, after}), isNan) &&
         llvm::none_of(probe.evaluate(probe.high, {before, after}), isNan);
}

/// True if what stands before the pool decreases in no channel.
bool isIncreasingBeforePool(const Chain &chain, const SumProbe &probe) {
  Value end = chain.before.empty() ? chain.contraction->getResult(0) : chain.before.back()->getResult(0);
  bool isFloat = isFloatTensor(end);
  auto number = [&](int64_t code) {
    return isFloat ? llvm::bit_cast<float>(static_cast<uint32_t>(code)) : static_cast<double>(code);
  };
  return llvm::all_of(llvm::zip(probe.evaluate(probe.low, {chain.before}), probe.evaluate(probe.high, {chain.before})),
                      [&](auto pair) { return number(std::get<0>(pair)) <= number(std::get<1>(pair)); });
}

/// Bisection in all channels at once. In falling channels it runs over negated sums: sum <= t == -sum >= -t.
Thresholds findThresholds(const Chain &chain, const SumProbe &probe) {
  auto [lowest, highest] = chain.codes().getCodeRange();
  int64_t channels = chain.channels();
  Thresholds result{{}, {}, highest - lowest};
  result.numbers.resize(channels * result.count);
  for (auto [first, last] : llvm::zip(probe.ranks(probe.low), probe.ranks(probe.high)))
    result.falling.push_back(last < first);
  auto sign = [&](int64_t c) { return result.falling[c] ? -1 : 1; };
  for (int64_t k = 1; k <= result.count; ++k) {
    Sums from(channels), to(channels), middle(channels);
    for (int64_t c = 0; c < channels; ++c) {
      from[c] = result.falling[c] ? -probe.high[c] : probe.low[c];
      to[c] = (result.falling[c] ? -probe.low[c] : probe.high[c]) + 1; // reached by no sum
    }
    while (from != to) {
      for (int64_t c = 0; c < channels; ++c)
        middle[c] = sign(c) * (from[c] + (to[c] - from[c]) / 2);
      for (auto [c, rank] : llvm::enumerate(probe.ranks(middle)))
        if (from[c] < to[c])
          (rank >= k ? to[c] : from[c]) = sign(c) * middle[c] + (rank >= k ? 0 : 1);
    }
    for (int64_t c = 0; c < channels; ++c)
      result.numbers[c * result.count + k - 1] = sign(c) * from[c] - probe.biases[c];
  }
  return result;
}

/// A constant filter with the weights negated that `isNegated` says by their number, if there are codes for these, else
/// null.
Value negateWeights(OpBuilder &builder, Value filter, llvm::function_ref<bool(int64_t)> isNegated) {
  auto constant = filter.getDefiningOp<qnn::ConstantOp>();
  if (!constant)
    return {};
  qnn::NumberFormat format = qnn::getFormat(filter);
  qnn::IntegerDecode decode = format.getIntegerDecode();
  auto [low, high] = format.getCodeRange();
  ChannelIndex channel(llvm::cast<RankedTensorType>(filter.getType()));
  SmallVector<int64_t> codes = constant.getCodes();
  for (auto [i, code] : llvm::enumerate(codes)) {
    if (!isNegated(static_cast<int64_t>(i)))
      continue;
    // decode(new) - zero == -(decode(old) - zero)
    int64_t opposite = 2 * format.getZeroPoint(channel(static_cast<int64_t>(i))) - decode(code);
    code = decode.invert(opposite);
    if (code < low || code > high || decode(code) != opposite)
      return {};
  }
  return makeConstant(builder, constant.getLoc(), constant.getType(), codes, constant.getNameAttr());
}

/// The filter with all weights of falling channels negated, if there are codes for these, else null. Their sums then
/// rise.
Value mirrorFalling(OpBuilder &builder, Value filter, int64_t axis, ArrayRef<bool> falling) {
  int64_t inner = ShapedType::getNumElements(shapeOf(filter).drop_front(axis + 1));
  auto channels = static_cast<int64_t>(falling.size());
  return negateWeights(builder, filter, [&](int64_t i) { return falling[i / inner % channels]; });
}

/// The same for what sums are compared with: sum <= t == -sum >= -t.
Value mirrorFalling(OpBuilder &builder, Value filter, int64_t axis, Thresholds &thresholds) {
  Value mirrored = mirrorFalling(builder, filter, axis, ArrayRef<bool>(thresholds.falling));
  if (!mirrored)
    return {};
  for (auto [i, number] : llvm::enumerate(thresholds.numbers))
    if (thresholds.falling[static_cast<int64_t>(i) / thresholds.count])
      number = -number;
  thresholds.falling.assign(thresholds.falling.size(), false);
  return mirrored;
}

/// Behind a pool, a bit of a falling channel is set if all sums of the window are below a number. Its opposite, which
/// is set if one sum is not, rises, and an opposite bit times the negated weight is the same product. True if a
/// convolution or a dense layer is all that reads the bits, and its weights have been negated.
bool opposeFalling(OpBuilder &builder, Value bits, Thresholds &thresholds) {
  int64_t channels = thresholds.falling.size();
  if (!llvm::isa<qnn::BinaryType>(getElementTypeOrSelf(bits)))
    return false;
  OpOperand *use = bits.hasOneUse() ? &*bits.use_begin() : nullptr;
  while (use && llvm::isa<qnn::ReshapeOp>(use->getOwner())) {
    Value reshaped = use->getOwner()->getResult(0);
    use = reshaped.hasOneUse() ? &*reshaped.use_begin() : nullptr;
  }
  auto conv = use ? llvm::dyn_cast<qnn::Conv2dOp>(use->getOwner()) : qnn::Conv2dOp();
  bool readsAll = use && (conv ? conv.getGroups() == 1 : llvm::isa<qnn::DenseOp>(use->getOwner()));
  ArrayRef<int64_t> read = use ? shapeOf(use->get()) : ArrayRef<int64_t>();
  if (!readsAll || use->getOperandNumber() != 0 || read.empty() || read.back() % channels != 0 ||
      qnn::getFormat(use->getOwner()->getOperand(1)).getGroupSize() != 0)
    return false;
  Value negated = negateWeights(builder, use->getOwner()->getOperand(1),
                                [&](int64_t i) { return thresholds.falling[i % read.back() % channels]; });
  if (!negated)
    return false;
  use->getOwner()->setOperand(1, negated);
  for (auto [c, falling] : llvm::enumerate(thresholds.falling))
    if (falling)
      ++thresholds.numbers[c]; // not sum <= t
  thresholds.falling.assign(channels, false);
  return true;
}

/// The contraction's sums without their bias.
Operation *makeSums(OpBuilder &builder, Operation *op, Value filter) {
  Operation *sums = builder.clone(*op);
  sums->setOperand(1, filter);
  Value result = sums->getResult(0);
  result.setType(withElement(result.getType(), builder.getI32Type()));
  llvm::TypeSwitch<Operation *>(sums)
      .Case<qnn::Conv2dOp, qnn::DepthwiseConv2dOp, qnn::DenseOp>([](auto layer) {
        layer.setActivation(qnn::Activation::None);
        layer.getBiasMutable().clear();
      })
      .Case([](qnn::MatmulOp matmul) { matmul.setActivation(qnn::Activation::None); });
  return sums;
}

Value makeThresholds(OpBuilder &builder, Value sums, const Thresholds &thresholds, const Chain &chain) {
  int64_t count = thresholds.count, rows = chain.channels();
  ArrayRef<int64_t> numbers = thresholds.numbers;
  if (llvm::all_of(llvm::seq<int64_t>(1, rows),
                   [&](int64_t row) { return numbers.slice(row * count, count) == numbers.take_front(count); }))
    rows = 1;
  auto filter = chain.contraction->getOperand(1).getDefiningOp<qnn::ConstantOp>();
  StringAttr name = builder.getStringAttr((filter && filter.getName() ? *filter.getName() : "sums") + ".thresholds");
  Location loc = chain.last()->getLoc();
  Value constant = makeConstant(builder, loc, RankedTensorType::get({rows, count}, builder.getI32Type()),
                                numbers.take_front(rows * count), name);
  ArrayRef<bool> falling = thresholds.isFalling() ? ArrayRef<bool>(thresholds.falling) : ArrayRef<bool>();
  return qnn::ThresholdOp::create(builder, loc, withElement(sums.getType(), Type(chain.codes())), sums, constant,
                                  falling);
}

Value poolOf(OpBuilder &builder, qnn::MaxPool2dOp pool, Value input) {
  IRMapping mapping;
  mapping.map(pool.getInput(), input);
  Value result = builder.clone(*pool, mapping)->getResult(0);
  result.setType(withElement(result.getType(), Type(qnn::getFormat(input))));
  return result;
}

/// Rescaling to many codes takes less than a comparison with each of them, and is what a contraction does itself where
/// no float is in between.
bool isWorthwhile(const Chain &chain) {
  if (!chain.isFew()) {
    auto isFloat = [](Operation *op) { return isFloatTensor(op->getResult(0)); };
    bool hasFloats =
        isFloat(chain.contraction) || llvm::any_of(chain.before, isFloat) || llvm::any_of(chain.after, isFloat);
    bool counts = llvm::any_of(chain.before, llvm::IsaPred<qnn::ThresholdOp>) ||
                  llvm::any_of(chain.after, llvm::IsaPred<qnn::ThresholdOp>);
    return chain.codes().isAffine() && hasFloats && !counts;
  }
  if (!chain.before.empty() || chain.pool)
    return true;
  return !chain.codes().getIntegerDecode().steps.empty() || (chain.codes().isAffine() && chain.codes().getBits() <= 2);
}

/// Replaces a chain by sums, what makes codes of them, and the pool: of codes if these rise, else of sums.
void replaceChain(OpBuilder &builder, const Chain &chain, Value filter, bool isFalling,
                  llvm::function_ref<Value(Value sums)> makeCodes) {
  Value value = makeSums(builder, chain.contraction, filter)->getResult(0);
  bool poolsCodes = chain.pool && !isFalling;
  if (chain.pool && !poolsCodes)
    value = poolOf(builder, chain.pool, value);
  value = makeCodes(value);
  if (poolsCodes)
    value = poolOf(builder, chain.pool, value);
  chain.last()->getResult(0).replaceAllUsesWith(value);
}

void foldToThresholds(const Chain &chain, const SumProbe &probe) {
  Thresholds thresholds = findThresholds(chain, probe);
  Operation *last = chain.last();
  OpBuilder builder(last);
  Value filter = chain.contraction->getOperand(1);
  // The largest sum is not the smallest negated one.
  if (thresholds.isFalling() && !chain.pool)
    if (Value mirrored = mirrorFalling(builder, filter, probe.axis, thresholds))
      filter = mirrored;
  if (thresholds.isFalling() && chain.pool)
    opposeFalling(builder, last->getResult(0), thresholds);
  replaceChain(builder, chain, filter, thresholds.isFalling(),
               [&](Value sums) { return makeThresholds(builder, sums, thresholds, chain); });
}

/// Turns a table of a falling channel around: its sums are negated, or their complements.
void turnAround(CodesOfSums &table, bool isNegated) {
  int64_t last = table.first + static_cast<int64_t>(table.codes.size()) - 1;
  table.first = isNegated ? -last : ~last;
  std::reverse(table.codes.begin(), table.codes.end());
}

Value makeRescale(OpBuilder &builder, Value sums, const RescaleFit &fit, ArrayRef<bool> falling, const Chain &chain) {
  SmallVector<int32_t> offset, multiplier, exponent, low, high, knee;
  auto addLine = [&](const RescaleLine &line) {
    offset.push_back(line.offset);
    multiplier.push_back(line.multiplier.mantissa);
    exponent.push_back(line.multiplier.exponent);
  };
  if (fit.isBent())
    for (const ChannelRescale &channel : fit.channels) {
      addLine(channel.below);
      knee.push_back(channel.knee);
    }
  for (const ChannelRescale &channel : fit.channels) {
    addLine(channel.line);
    low.push_back(channel.low);
    high.push_back(channel.high);
  }
  return qnn::RescaleOp::create(builder, chain.last()->getLoc(), withElement(sums.getType(), Type(chain.codes())), sums,
                                fit.fraction, offset, multiplier, exponent, low, high, falling, knee);
}

/// Fails, and says so, if no line gives the codes of all sums.
void foldToRescale(const Chain &chain, const SumProbe &probe) {
  SmallVector<CodesOfSums> tables = probe.tabulate();
  SmallVector<bool> falling =
      llvm::map_to_vector(tables, [](const CodesOfSums &table) { return table.codes.back() < table.codes.front(); });
  OpBuilder builder(chain.last());
  Value filter = chain.contraction->getOperand(1);
  bool isFalling = llvm::is_contained(falling, true);
  Value mirrored = isFalling && !chain.pool ? mirrorFalling(builder, filter, probe.axis, falling) : Value();
  for (auto [table, falls] : llvm::zip_equal(tables, falling))
    if (falls)
      turnAround(table, /*isNegated=*/static_cast<bool>(mirrored));
  RescaleFit fit = fitRescale(tables);
  if (!fit.missed.empty()) {
    auto [channel, sum] = fit.missed.front();
    int64_t own = !falling[channel] ? sum : mirrored ? -sum : ~sum;
    chain.last()->emitRemark() << "stays f32: no rescaling of integer sums found that gives all codes of "
                               << fit.missed.size() << " of " << tables.size() << " channels, in channel " << channel
                               << " not that of sum " << own;
    return;
  }
  if (mirrored) {
    filter = mirrored;
    isFalling = false;
  }
  replaceChain(builder, chain, filter, isFalling, [&](Value sums) {
    return makeRescale(builder, sums, fit, isFalling ? ArrayRef<bool>(falling) : ArrayRef<bool>(), chain);
  });
}

void fold(Operation *last) {
  std::optional<Chain> chain = findChain(last);
  if (!chain || !isWorthwhile(*chain))
    return;
  SumProbe probe(*chain);
  if (!probe.isFoldable() || !hasNumbersOnly(*chain, probe) || (chain->pool && !isIncreasingBeforePool(*chain, probe)))
    return;
  if (chain->isFew())
    foldToThresholds(*chain, probe);
  else if (probe.hasFewSums())
    foldToRescale(*chain, probe);
}

class FoldThresholdsPass : public PassWrapper<FoldThresholdsPass, OperationPass<func::FuncOp>> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(FoldThresholdsPass)
  StringRef getArgument() const override { return "qnn-fold-thresholds"; }
  StringRef getDescription() const override { return "fold what follows integer sums into integer thresholds"; }

  void runOnOperation() override {
    SmallVector<Operation *> ops;
    getOperation().walk([&](Operation *op) { ops.push_back(op); });
    for (Operation *op : ops)
      if (llvm::isa<qnn::QnnDialect>(op->getDialect()))
        fold(op);
    // Behind the last operator of a chain, nothing uses the others any more.
    for (Operation *op : llvm::reverse(ops))
      if (llvm::isa<qnn::QnnDialect>(op->getDialect()) && op->use_empty())
        op->erase();
  }
};

} // namespace

std::unique_ptr<Pass> quantize::createFoldThresholdsPass() { return std::make_unique<FoldThresholdsPass>(); }
