// Elementary functions of f32 as plain arithmetic: objects call no library.
#include "compiler/codegen/Scalars.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;

//===-- What they are made of -----------------------------------------------------------===//

/// The polynomial with these coefficients, that of the constant first.
static Val horner(Val x, ArrayRef<float> coefficients) {
  Val sum = x.real(coefficients.back());
  for (float coefficient : llvm::reverse(coefficients.drop_back()))
    sum = sum * x + x.real(coefficient);
  return sum;
}

static Val twoToThe(KernelBuilder &k, Val exponent) { return k.bitcast((exponent + 127) << 23, k.b.getF32Type()); }

static Val isNan(KernelBuilder &k, Val x) {
  return k.val(arith::CmpFOp::create(k.b, k.loc, arith::CmpFPredicate::UNO, x, x));
}

static Val magnitude(KernelBuilder &k, Val x) {
  return k.bitcast(k.bitcast(x, k.b.getI32Type()) & INT32_MAX, k.b.getF32Type());
}

static Val withSign(KernelBuilder &k, Val positive, Val sign) {
  return k.val(LLVM::CopySignOp::create(k.b, k.loc, positive, sign));
}

//===-- Exponentials and logarithms -----------------------------------------------------===//

/// exp(x) = 2^n exp(r), n = round(x / ln 2), |r| <= ln 2 / 2; Taylor's series of degree 7 (error below 1 ulp).
static Val expandExp(KernelBuilder &k, Val x) {
  // Beyond these bounds the result is 0 or infinity; between them the two halves of 2^n are normal.
  Val isSmall = x<x.real(-104.0f), isLarge = x> x.real(88.8f);
  Val clamped = k.min(k.max(x, x.real(-104.0f)), x.real(89.0f));
  Val n = roundInRange(k, clamped * x.real(1.44269504f));
  Val real = k.toFloat(n);
  // ln 2 in two parts, so that n * high is exact.
  Val r = (clamped - real * x.real(0.693359375f)) - real * x.real(-2.12194440e-4f);
  Val series = horner(r, {1.0f, 1.0f, 0.5f, 1.0f / 6, 1.0f / 24, 1.0f / 120, 1.0f / 720, 1.0f / 5040});
  Val half = n >> 1;
  Val result = series * twoToThe(k, half) * twoToThe(k, n - half);
  result = k.select(isSmall, x.real(0), result);
  result = k.select(isLarge, x.real(HUGE_VALF), result);
  return k.select(isNan(k, x), x, result);
}

/// tanh(x) = 1 - 2 / (exp(2x) + 1); near zero, where that cancels, its series x - x^3/3 + 2x^5/15 - ...
static Val expandTanh(KernelBuilder &k, Val x) {
  Val square = x * x;
  Val series = x * horner(square, {1.0f, -1.0f / 3, 2.0f / 15, -17.0f / 315, 62.0f / 2835, -1382.0f / 155925,
                                   21844.0f / 6081075});
  Val general = x.real(1) - x.real(2) / (expandExp(k, x + x) + x.real(1));
  return k.select(square < x.real(0.25f), series, general);
}

/// log(x) for x > 0 and normal: x = 2^e m, m in [sqrt(1/2), sqrt(2)), log(m) = 2 artanh((m - 1) / (m + 1)).
static Val logOfNormal(KernelBuilder &k, Val x) {
  Val bits = k.bitcast(x, k.b.getI32Type());
  // Taking off the bits of sqrt(1/2) makes the exponent field count from there.
  Val shifted = bits - 0x3f3504f3;
  Val e = shifted >> 23;
  Val m = k.bitcast((shifted & 0x007fffff) + 0x3f3504f3, k.b.getF32Type());
  Val t = (m - x.real(1)) / (m + x.real(1));
  Val square = t * t;
  Val series = t * horner(square, {2.0f, 2.0f / 3, 2.0f / 5, 2.0f / 7, 2.0f / 9});
  Val real = k.toFloat(e);
  return real * x.real(0.693359375f) + (series + real * x.real(-2.12194440e-4f));
}

/// log(x) = log(2^23 x) - 23 ln 2 where x is not normal; 0, infinity, and what has no logarithm.
static Val expandLog(KernelBuilder &k, Val x) {
  Val isTiny = x < x.real(0x1p-126f);
  Val scaled = k.select(isTiny, x * x.real(0x1p23f), x);
  Val result = logOfNormal(k, scaled) - k.select(isTiny, x.real(15.9423851f), x.real(0));
  result = k.select(x == x.real(HUGE_VALF), x, result);
  result = k.select(x == x.real(0), x.real(-HUGE_VALF), result);
  Val hasNone = k.val(arith::CmpFOp::create(k.b, k.loc, arith::CmpFPredicate::ULT, x, x.real(0)));
  return k.select(hasNone, x.real(NAN), result);
}

//===-- Roots ---------------------------------------------------------------------------===//

/// x r with r = 1 / sqrt(x) by Newton's method from a guess that halves the exponent, and a last step on the root
/// itself. What is not normal is scaled by 2^48, its root by 2^-24.
static Val expandSqrt(KernelBuilder &k, Val x) {
  Val isTiny = x < x.real(0x1p-100f);
  Val scaled = k.select(isTiny, x * x.real(0x1p48f), x);
  Val half = scaled * x.real(0.5f);
  Val guess = k.bitcast(scaled, k.b.getI32Type());
  Val r = k.bitcast(guess.constant(0x5f3759df) - (guess >> 1), k.b.getF32Type());
  for (int step = 0; step < 3; ++step)
    r = r * (x.real(1.5f) - half * r * r);
  Val root = scaled * r;
  root = root + x.real(0.5f) * r * (scaled - root * root);
  root = root * k.select(isTiny, x.real(0x1p-24f), x.real(1));
  Val isItself = k.val(arith::OrIOp::create(k.b, k.loc, x == x.real(0), x == x.real(HUGE_VALF)));
  Val hasNone = k.val(arith::CmpFOp::create(k.b, k.loc, arith::CmpFPredicate::ULT, x, x.real(0)));
  return k.select(hasNone, x.real(NAN), k.select(isItself, x, root));
}

//===-- Integers ------------------------------------------------------------------------===//

/// From 2^23 on all floats are integers, and so are infinity and, for this purpose, NaN.
template <typename Round> static Val onFractions(KernelBuilder &k, Val x, Round round) {
  Val hasFraction = magnitude(k, x) < x.real(0x1p23f);
  return k.select(hasFraction, withSign(k, round(k.select(hasFraction, x, x.real(0))), x), x);
}

static Val expandRoundEven(KernelBuilder &k, Val x) {
  return onFractions(k, x, [&](Val y) { return k.toFloat(roundInRange(k, y, /*tiesToEven=*/true)); });
}

static Val expandFloor(KernelBuilder &k, Val x) {
  return onFractions(k, x, [&](Val y) {
    Val nearest = k.toFloat(roundInRange(k, y));
    return nearest - k.select(nearest > y, x.real(1), x.real(0));
  });
}

/// sign * exp(b log|a|). A negative number has powers of integers only, and the odd ones are negative.
static Val expandPower(KernelBuilder &k, Val a, Val b) {
  Val one = a.real(1), zero = a.real(0);
  Val power = expandExp(k, b * expandLog(k, magnitude(k, a)));
  Val half = b * b.real(0.5f);
  Val isOdd = k.select(expandFloor(k, half) == half, zero, one);
  Val ofNegative = k.select(expandFloor(k, b) == b, k.select(isOdd > zero, -power, power), a.real(NAN));
  Val result = k.select(a < zero, ofNegative, power);
  // pow(x, 0) and pow(1, y) are 1, whatever x and y are.
  Val isOne = k.val(arith::OrIOp::create(k.b, k.loc, b == zero, a == one));
  return k.select(isOne, one, result);
}

//===-- Angles --------------------------------------------------------------------------===//

/// sin(x) = (-1)^n sin(r), n = round(x / pi), |r| <= pi / 2; Taylor's series of degree 11.
static Val expandSin(KernelBuilder &k, Val x) {
  constexpr float limit = 0x1p30f; // far beyond what n holds exactly
  Val turns = k.min(k.max(x * x.real(0.318309886f), x.real(-limit)), x.real(limit));
  Val n = roundInRange(k, k.select(isNan(k, x), x.real(0), turns));
  Val real = k.toFloat(n);
  // pi in three parts, of which n times the first two is exact for |n| up to 2^12.
  Val r = ((x - real * x.real(3.140625f)) - real * x.real(0.0009675025939941406f)) - real * x.real(1.50995803e-7f);
  Val series = r * horner(r * r, {1.0f, -1.0f / 6, 1.0f / 120, -1.0f / 5040, 1.0f / 362880, -1.0f / 39916800});
  return k.select((n & 1) > 0, -series, series);
}

/// Of |x| > 1, pi/2 - atan(1/x); of what is above tan(pi/8) then, pi/4 + atan((t - 1) / (t + 1)); the series t - t^3/3
/// + t^5/5 - ...
static Val expandAtan(KernelBuilder &k, Val x) {
  Val size = magnitude(k, x), one = x.real(1);
  Val isSteep = size > one;
  Val t = k.select(isSteep, one / size, size);
  Val isMiddle = t > x.real(0.414213562f);
  Val small = k.select(isMiddle, (t - one) / (t + one), t);
  Val series = small * horner(small * small,
                              {1.0f, -1.0f / 3, 1.0f / 5, -1.0f / 7, 1.0f / 9, -1.0f / 11, 1.0f / 13, -1.0f / 15});
  Val angle = series + k.select(isMiddle, x.real(0.785398163f), x.real(0));
  return withSign(k, k.select(isSteep, x.real(1.57079633f) - angle, angle), x);
}

//===-- The error function --------------------------------------------------------------===//

/// Near 0 the series 2 / sqrt(pi) (x - x^3/3 + x^5/10 - ...); elsewhere 1 - erfc(x), with erfc(x) = t exp(-x^2 + p(t)),
/// t = 1 / (1 + x / 2), whose relative error is below 1.2e-7 (Press et al., Numerical Recipes, 6.2).
static Val expandErf(KernelBuilder &k, Val x) {
  Val size = magnitude(k, x), square = x * x;
  Val series = size * horner(square, {1.12837917f, -0.376126389f, 0.112837917f, -0.0268661706f, 0.00522397762f,
                                      -0.000854832701f, 0.000120553335f});
  Val t = x.real(1) / (x.real(1) + size * x.real(0.5f));
  Val exponent = horner(t, {-1.26551223f, 1.00002368f, 0.37409196f, 0.09678418f, -0.18628806f, 0.27886807f,
                            -1.13520398f, 1.48851587f, -0.82215223f, 0.17087277f});
  Val tail = x.real(1) - t * expandExp(k, exponent - square);
  Val result = k.select(size < x.real(0.5f), series, tail);
  return k.select(isNan(k, x), x, withSign(k, result, x));
}

std::optional<Val> codegen::expandElementary(KernelBuilder &k, Operation *op, ArrayRef<Val> x) {
  return llvm::TypeSwitch<Operation *, std::optional<Val>>(op)
      .Case([&](math::CopySignOp) { return withSign(k, x[0], x[1]); })
      .Case([&](math::FmaOp) { return k.val(LLVM::FMAOp::create(k.b, k.loc, x[0], x[1], x[2])); })
      .Case([&](math::AbsFOp) { return magnitude(k, x[0]); })
      .Case([&](math::AtanOp) { return expandAtan(k, x[0]); })
      .Case([&](math::CeilOp) { return -expandFloor(k, -x[0]); })
      .Case([&](math::ErfOp) { return expandErf(k, x[0]); })
      .Case([&](math::ExpOp) { return expandExp(k, x[0]); })
      .Case([&](math::FloorOp) { return expandFloor(k, x[0]); })
      .Case([&](math::LogOp) { return expandLog(k, x[0]); })
      .Case([&](math::PowFOp) { return expandPower(k, x[0], x[1]); })
      .Case([&](math::RoundEvenOp) { return expandRoundEven(k, x[0]); })
      .Case([&](math::SinOp) { return expandSin(k, x[0]); })
      .Case([&](math::SqrtOp) { return expandSqrt(k, x[0]); })
      .Case([&](math::TanhOp) { return expandTanh(k, x[0]); })
      .Default(std::nullopt);
}
