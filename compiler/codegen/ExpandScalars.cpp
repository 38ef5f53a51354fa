// qk-expand-scalars: rescaling, rounding and elementary functions as plain arithmetic, so that no
// target needs a library for them.
#include "compiler/codegen/KernelBuilder.h"
#include "compiler/codegen/Passes.h"
#include "dialects/qk/QkOps.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;

/// True if the value is the constant 0.
static bool isZero(Value value) { return matchPattern(value, m_Zero()); }

static Val expandDouble(KernelBuilder &k, Val x, Val multiplier, Val left, Val shift) {
  if (!isZero(left))
    x = x << left;
  // SRDHM: the multiplier is not negative, so nothing saturates, and the sign-dependent nudge with truncation
  // is the floor of (p + 2^30) / 2^31.
  Val product = k.extend64(x) * k.extend64(multiplier);
  Val high = k.truncate32((product + (int64_t(1) << 30)) >> 31);
  if (isZero(shift))
    return high;
  // x >> e, plus 1 if the bits shifted out are more than half; a negative number needs one more.
  Val mask = (k.i32(1) << shift) - 1;
  Val threshold = k.logicalShiftRight(mask, k.i32(1)) + k.logicalShiftRight(high, k.i32(31));
  Val above = (high & mask) > threshold;
  return (high >> shift) + k.val(arith::ExtUIOp::create(k.b, k.loc, k.b.getI32Type(), above));
}

static Val expandSingle(KernelBuilder &k, Val x, Val multiplier, Val left, Val shift) {
  Val product = k.extend64(x) * k.extend64(multiplier);
  Val total = k.extend64(shift - left + 31);
  Val half = total.constant(1) << (total - 1);
  return k.truncate32((product + half) >> total);
}

/// f32 of magnitude below 2^31 to i32: nearest, ties away from zero.
static Val roundInRange(KernelBuilder &k, Val x) {
  Val truncated = k.val(arith::FPToSIOp::create(k.b, k.loc, k.b.getI32Type(), x));
  // Exact: below 2^24 by Sterbenz, above there is no fraction.
  Val fraction = x - k.toFloat(truncated);
  Val up = k.select(k.f32(0.5f) > fraction, k.i32(0), k.i32(1));
  Val down = k.select(fraction > k.f32(-0.5f), k.i32(0), k.i32(1));
  return truncated + up - down;
}

/// f32 to i32: nearest, ties away from zero, saturating; NaN gives 0.
static Val expandRound(KernelBuilder &k, Val x) {
  // Numbers outside of i32, and NaN, do not reach the conversion, which is undefined for them.
  Val top = k.f32(2147483648.0f);
  Val isInside = k.val(arith::AndIOp::create(k.b, k.loc, x > -top, x < top));
  Val isAbove = k.val(arith::CmpFOp::create(k.b, k.loc, arith::CmpFPredicate::OGE, x, top));
  Val isBelow = k.val(arith::CmpFOp::create(k.b, k.loc, arith::CmpFPredicate::OLE, x, -top));
  Val rounded = roundInRange(k, k.select(isInside, x, k.f32(0)));
  return k.select(isAbove, k.i32(INT32_MAX), k.select(isBelow, k.i32(INT32_MIN), rounded));
}

static Val horner(KernelBuilder &k, Val x, ArrayRef<float> coefficients) {
  Val sum = k.f32(coefficients.back());
  for (float coefficient : llvm::reverse(coefficients.drop_back()))
    sum = sum * x + k.f32(coefficient);
  return sum;
}

static Val twoToThe(KernelBuilder &k, Val exponent) { return k.bitcast((exponent + 127) << 23, k.b.getF32Type()); }

/// exp(x) = 2^n exp(r), n = round(x / ln 2), |r| <= ln 2 / 2; Taylor's series of degree 7 (error below 1 ulp).
static Val expandExp(KernelBuilder &k, Val x) {
  // Beyond these bounds the result is 0 or infinity; between them the two halves of 2^n are normal.
  Val isSmall = x<k.f32(-104.0f), isLarge = x> k.f32(88.8f);
  Val clamped = k.min(k.max(x, k.f32(-104.0f)), k.f32(89.0f));
  Val n = roundInRange(k, clamped * k.f32(1.44269504f));
  Val real = k.toFloat(n);
  // ln 2 in two parts, so that n * high is exact.
  Val r = (clamped - real * k.f32(0.693359375f)) - real * k.f32(-2.12194440e-4f);
  Val series = horner(k, r, {1.0f, 1.0f, 0.5f, 1.0f / 6, 1.0f / 24, 1.0f / 120, 1.0f / 720, 1.0f / 5040});
  Val half = n >> 1;
  Val result = series * twoToThe(k, half) * twoToThe(k, n - half);
  result = k.select(isSmall, k.f32(0), result);
  result = k.select(isLarge, k.f32(HUGE_VALF), result);
  Val isNan = k.val(arith::CmpFOp::create(k.b, k.loc, arith::CmpFPredicate::UNO, x, x));
  return k.select(isNan, x, result);
}

/// tanh(x) = 1 - 2 / (exp(2x) + 1); near zero, where that cancels, its series x - x^3/3 + 2x^5/15 - ...
static Val expandTanh(KernelBuilder &k, Val x) {
  Val square = x * x;
  Val series =
      x * horner(k, square,
                 {1.0f, -1.0f / 3, 2.0f / 15, -17.0f / 315, 62.0f / 2835, -1382.0f / 155925, 21844.0f / 6081075});
  Val general = k.f32(1) - k.f32(2) / (expandExp(k, x + x) + k.f32(1));
  return k.select(square < k.f32(0.25f), series, general);
}

/// log(x) for x > 0 and normal: x = 2^e m, m in [sqrt(1/2), sqrt(2)), log(m) = 2 artanh((m - 1) / (m + 1)).
static Val expandLog(KernelBuilder &k, Val x) {
  Val bits = k.bitcast(x, k.b.getI32Type());
  // Taking off the bits of sqrt(1/2) makes the exponent field count from there.
  Val shifted = bits - 0x3f3504f3;
  Val e = shifted >> 23;
  Val m = k.bitcast((shifted & 0x007fffff) + 0x3f3504f3, k.b.getF32Type());
  Val t = (m - k.f32(1)) / (m + k.f32(1));
  Val square = t * t;
  Val series = t * horner(k, square, {2.0f, 2.0f / 3, 2.0f / 5, 2.0f / 7, 2.0f / 9});
  Val real = k.toFloat(e);
  return real * k.f32(0.693359375f) + (series + real * k.f32(-2.12194440e-4f));
}

namespace {
template <typename Op, Val (*expand)(KernelBuilder &, Val)> struct ExpandUnary : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;
  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    KernelBuilder k(rewriter, op.getLoc(), 32);
    rewriter.replaceOp(op, expand(k, k.val(op->getOperand(0))).value);
    return success();
  }
};

struct ExpandRequantize : OpRewritePattern<qk::RequantizeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(qk::RequantizeOp op, PatternRewriter &rewriter) const override {
    KernelBuilder k(rewriter, op.getLoc(), 32);
    auto expand = op.getRounding() == qnn::Rounding::Double ? expandDouble : expandSingle;
    rewriter.replaceOp(
        op,
        expand(k, k.val(op.getInput()), k.val(op.getMultiplier()), k.val(op.getLeft()), k.val(op.getShift())).value);
    return success();
  }
};

struct ExpandScalarsPass : PassWrapper<ExpandScalarsPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(ExpandScalarsPass)
  StringRef getArgument() const override { return "qk-expand-scalars"; }
  StringRef getDescription() const override { return "Expand rescaling and elementary functions to arithmetic"; }
  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<arith::ArithDialect, math::MathDialect>();
  }
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<ExpandRequantize, ExpandUnary<qk::RoundOp, expandRound>, ExpandUnary<math::ExpOp, expandExp>,
                 ExpandUnary<math::TanhOp, expandTanh>, ExpandUnary<math::LogOp, expandLog>>(&getContext());
    walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};
} // namespace

std::unique_ptr<Pass> codegen::createExpandScalarsPass() { return std::make_unique<ExpandScalarsPass>(); }
