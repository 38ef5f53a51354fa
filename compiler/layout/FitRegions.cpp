// qk-fit-regions: integer arithmetic of maps and pools as one sum of products and one shift. The sum of two rescaled
// codes is three rescalings with their roundings, a mean is a division; but with 8-bit codes there are 65,536
// cases at most, so the numbers of
//   clamp((x * a + y * b + c) >> s, low, high)
// are searched for and tried on all of them (FitCodes.h).
#include "compiler/layout/FitCodes.h"
#include "compiler/layout/Passes.h"
#include "dialects/qk/FixedPoint.h"
#include "dialects/qk/QkOps.h"
#include "dialects/qk/Queries.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::layout;

namespace {

/// One operator of a region on 32-bit integers, as its lowering computes it.
struct Step {
  using Value = std::optional<int32_t>; // none where the result is not defined
  using Apply = Value (*)(const Step &step, int32_t a, int32_t b, int32_t c);
  Apply apply = nullptr;
  std::array<unsigned, 3> operands{}; // numbers of values
  arith::CmpIPredicate predicate{};
  std::optional<qk::FixedPoint> rescale;
};

/// Evaluates a region of 32-bit integer arithmetic.
class RegionFunction {
public:
  explicit RegionFunction(Block &block);
  /// False if the region has an operator whose value is not known here.
  bool isKnown() const { return known; }
  /// What the region yields; none where that is not defined.
  Step::Value operator()(ArrayRef<int32_t> arguments);

private:
  bool known = true;
  std::vector<int32_t> values;                  // arguments first, then one for each operator
  std::vector<std::pair<Step, unsigned>> steps; // of operators that are no constants, and the numbers of their values
  unsigned yielded = 0;
};
} // namespace

//===-- Arithmetic --------------------------------------------------------------------------------===//

static int32_t wrap(int64_t value) { return static_cast<int32_t>(value); }

/// `Function` where the second operand is a shift that is defined.
template <auto Function> static Step::Value shifted(const Step &, int32_t a, int32_t b, int32_t) {
  return b >= 0 && b < 32 ? Step::Value(Function(a, b)) : std::nullopt;
}

static Step::Value compare(const Step &step, int32_t a, int32_t b, int32_t) {
  switch (step.predicate) {
  case arith::CmpIPredicate::eq:
    return a == b;
  case arith::CmpIPredicate::ne:
    return a != b;
  case arith::CmpIPredicate::slt:
    return a < b;
  case arith::CmpIPredicate::sle:
    return a <= b;
  case arith::CmpIPredicate::sgt:
    return a > b;
  case arith::CmpIPredicate::sge:
    return a >= b;
  default:
    return std::nullopt;
  }
}

/// The function of an operator on i32 or i1; null if it is not known.
static Step::Apply functionOf(Operation *op) {
  using Function = Step::Apply;
  return llvm::TypeSwitch<Operation *, Function>(op)
      .Case([](arith::AddIOp) -> Function {
        return [](const Step &, int32_t a, int32_t b, int32_t) -> Step::Value { return wrap(int64_t(a) + b); };
      })
      .Case([](arith::SubIOp) -> Function {
        return [](const Step &, int32_t a, int32_t b, int32_t) -> Step::Value { return wrap(int64_t(a) - b); };
      })
      .Case([](arith::MulIOp) -> Function {
        return [](const Step &, int32_t a, int32_t b, int32_t) -> Step::Value { return wrap(int64_t(a) * b); };
      })
      .Case([](arith::DivSIOp) -> Function {
        return [](const Step &, int32_t a, int32_t b, int32_t) -> Step::Value {
          return b ? Step::Value(wrap(int64_t(a) / b)) : std::nullopt;
        };
      })
      .Case([](arith::MaxSIOp) -> Function {
        return [](const Step &, int32_t a, int32_t b, int32_t) -> Step::Value { return std::max(a, b); };
      })
      .Case([](arith::MinSIOp) -> Function {
        return [](const Step &, int32_t a, int32_t b, int32_t) -> Step::Value { return std::min(a, b); };
      })
      .Case([](arith::SelectOp) -> Function {
        return [](const Step &, int32_t a, int32_t b, int32_t c) -> Step::Value { return a ? b : c; };
      })
      .Case([](arith::ShLIOp) { return shifted<[](int32_t a, int32_t b) { return wrap(int64_t(a) << b); }>; })
      .Case([](arith::ShRSIOp) { return shifted<[](int32_t a, int32_t b) { return a >> b; }>; })
      .Case([](arith::ShRUIOp) {
        return shifted<[](int32_t a, int32_t b) { return wrap(static_cast<uint32_t>(a) >> b); }>;
      })
      .Case([](arith::CmpIOp) { return compare; })
      .Case([](qk::RequantizeOp) -> Function {
        return [](const Step &step, int32_t a, int32_t, int32_t) -> Step::Value {
          return step.rescale ? Step::Value(step.rescale->apply(a)) : std::nullopt;
        };
      })
      .Default(static_cast<Function>(nullptr));
}

/// The numbers of a rescaling that is the same for all channels.
static std::optional<qk::FixedPoint> rescaleOf(qk::RequantizeOp op) {
  APInt mantissa, left, right;
  if (!matchPattern(op.getMultiplier(), m_ConstantInt(&mantissa)) ||
      !matchPattern(op.getLeft(), m_ConstantInt(&left)) || !matchPattern(op.getShift(), m_ConstantInt(&right)))
    return std::nullopt;
  qnn::Multiplier multiplier{wrap(mantissa.getSExtValue()), wrap(left.getSExtValue() - right.getSExtValue())};
  return qk::FixedPoint(multiplier, op.getRounding());
}

RegionFunction::RegionFunction(Block &block) {
  llvm::DenseMap<Value, unsigned> numbers;
  auto add = [&](Value value, int32_t number) {
    numbers[value] = values.size();
    values.push_back(number);
    known = known && (value.getType().isInteger(32) || value.getType().isInteger(1));
  };
  for (BlockArgument argument : block.getArguments())
    add(argument, 0);
  for (Operation &op : block.without_terminator()) {
    APInt number;
    if (matchPattern(&op, m_ConstantInt(&number))) {
      add(op.getResult(0), wrap(number.getSExtValue()));
      continue;
    }
    Step step;
    step.apply = functionOf(&op);
    known = known && step.apply && op.getNumResults() == 1;
    if (!known)
      return;
    // The numbers of a rescaling are operands, too, which a step does not need.
    for (auto [index, operand] : llvm::enumerate(op.getOperands().take_front(step.operands.size())))
      step.operands[index] = numbers.lookup(operand);
    if (auto compares = llvm::dyn_cast<arith::CmpIOp>(op))
      step.predicate = compares.getPredicate();
    if (auto requantize = llvm::dyn_cast<qk::RequantizeOp>(op))
      step.rescale = rescaleOf(requantize);
    steps.emplace_back(step, values.size());
    add(op.getResult(0), 0);
  }
  yielded = numbers.lookup(block.getTerminator()->getOperand(0));
}

Step::Value RegionFunction::operator()(ArrayRef<int32_t> arguments) {
  llvm::copy(arguments, values.begin());
  for (const auto &[step, result] : steps) {
    auto [a, b, c] = step.operands;
    Step::Value value = step.apply(step, values[a], values[b], values[c]);
    if (!value)
      return std::nullopt;
    values[result] = *value;
  }
  return values[yielded];
}

//===-- Regions -----------------------------------------------------------------------------------===//

/// A region worth fitting has a rescaling or a division; all else is cheap already.
static bool isCostly(Block &block) {
  return llvm::any_of(block, [](Operation &op) { return llvm::isa<qk::RequantizeOp, arith::DivSIOp>(op); });
}

/// All values of a region of one or two arguments; nothing if they are too many, or not known.
static std::optional<CodeFunction> tabulate(Block &block, CodeRange xs, CodeRange ys) {
  constexpr int64_t maxPoints = int64_t(1) << 17;
  RegionFunction region(block);
  if (!region.isKnown() || xs.count > maxPoints || xs.count * ys.count > maxPoints)
    return std::nullopt;
  CodeFunction function{xs, ys, {}};
  function.values.reserve(xs.count * ys.count);
  for (int64_t x = xs.first; x <= xs.last(); ++x)
    for (int64_t y = ys.first; y <= ys.last(); ++y) {
      int32_t arguments[] = {wrap(x), wrap(y)};
      Step::Value value = region(ArrayRef(arguments).take_front(block.getNumArguments()));
      if (!value)
        return std::nullopt;
      function.values.push_back(*value);
    }
  return function;
}

/// Makes the fitted numbers the region's arithmetic.
static void rewrite(Block &block, const CodeFunction &function, const FittedCodes &fitted) {
  Operation *yield = block.getTerminator();
  OpBuilder b(yield);
  Location loc = yield->getLoc();
  auto i32 = [&](int32_t number) -> Value { return arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(number)); };
  Value sum = arith::MulIOp::create(b, loc, block.getArgument(0), i32(fitted.xFactor));
  if (function.ys.count > 1) {
    Value second = arith::MulIOp::create(b, loc, block.getArgument(1), i32(fitted.yFactor));
    sum = arith::AddIOp::create(b, loc, sum, second);
  }
  sum = arith::AddIOp::create(b, loc, sum, i32(fitted.offset));
  Value code = arith::ShRSIOp::create(b, loc, sum, i32(fitted.shift));
  auto [least, most] = fitted.planeRange(function.xs, function.ys);
  if (least < fitted.low)
    code = arith::MaxSIOp::create(b, loc, code, i32(fitted.low));
  if (most > fitted.high)
    code = arith::MinSIOp::create(b, loc, code, i32(fitted.high));
  yield->setOperand(0, code);
  IRRewriter rewriter(b);
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (isOpTriviallyDead(&op))
      rewriter.eraseOp(&op);
}

static void fit(Operation *op, Block &block, CodeRange xs, CodeRange ys) {
  if (!isCostly(block))
    return;
  std::optional<CodeFunction> function = tabulate(block, xs, ys);
  if (!function)
    return;
  std::optional<FittedCodes> fitted = fitCodes(*function);
  if (!fitted) {
    op->emitRemark() << "no sum of products with one shift found that gives all " << function->values.size()
                     << " codes";
    return;
  }
  rewrite(block, *function, *fitted);
  InFlightDiagnostic remark = op->emitRemark() << "computed as (x * " << fitted->xFactor;
  if (ys.count > 1)
    remark << " + y * " << fitted->yFactor;
  remark << " + " << fitted->offset << ") >> " << fitted->shift << ", the same for all " << function->values.size()
         << " codes";
}

/// All bit patterns of a format: codes outside its range may come from a caller.
static std::optional<CodeRange> patternsOf(Type format) {
  auto number = llvm::cast<qnn::NumberFormat>(format);
  if (number.isFloat() || number.getBits() > 16)
    return std::nullopt;
  int64_t count = int64_t(1) << number.getBits();
  return CodeRange{number.isSignedCode() ? -count / 2 : 0, count};
}

static void fitMap(qk::MapOp op) {
  SmallVector<CodeRange, 2> ranges;
  for (qk::AccessAttr access : llvm::drop_end(op.getAccesses().getAsRange<qk::AccessAttr>())) {
    std::optional<CodeRange> range = patternsOf(access.getFormat());
    if (!range || ranges.size() == 2)
      return;
    ranges.push_back(*range);
  }
  if (ranges.size() == 1)
    ranges.push_back({0, 1});
  if (ranges.size() == 2)
    fit(op, op.getBody().front(), ranges[0], ranges[1]);
}

/// The sum of a window that never leaves the input has a constant number of codes.
static void fitPool(qk::PoolOp op) {
  qk::WindowAttr window = op.getWindow();
  std::optional<CodeRange> codes = patternsOf(op.getInFormat());
  if (!codes || op.getKind() != qk::PoolKind::Sum || !qk::staysInside(window, 0) || !qk::staysInside(window, 1))
    return;
  int64_t size = qk::windowSize(window);
  fit(op, op.getEpilogue().front(), {codes->first * size, (codes->count - 1) * size + 1}, {size, 1});
}

namespace {
struct FitRegionsPass : PassWrapper<FitRegionsPass, OperationPass<func::FuncOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(FitRegionsPass)
  StringRef getArgument() const override { return "qk-fit-regions"; }
  StringRef getDescription() const override { return "Make one sum of products and one shift of integer regions"; }
  void runOnOperation() override {
    getOperation().walk([](qk::MapOp op) { fitMap(op); });
    getOperation().walk([](qk::PoolOp op) { fitPool(op); });
  }
};
} // namespace

std::unique_ptr<Pass> layout::createFitRegionsPass() { return std::make_unique<FitRegionsPass>(); }
