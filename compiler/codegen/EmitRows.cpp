// Kernels along a row: softmax in fixed point and in f32, argmax.
#include "compiler/codegen/Emitters.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;

//===-- Fixed point, as the definition of `qnn.softmax` names it ------------------------------===//

/// round(a * b / 2^31), ties upwards, saturating where both are the least number.
static Val doublingHighMultiply(KernelBuilder &k, Val a, Val b) {
  Val product = k.extend64(a) * k.extend64(b);
  Val high = k.truncate32((product + (int64_t(1) << 30)) >> 31);
  Val isLeast = a == INT32_MIN, isEqual = a == b;
  Val overflows = k.val(arith::AndIOp::create(k.b, k.loc, isLeast, isEqual));
  return k.select(overflows, k.i32(INT32_MAX), high);
}

/// x / 2^exponent, ties away from zero; exponent from 0 to 31.
static Val roundingShiftRight(KernelBuilder &k, Val x, Val exponent) {
  Val mask = (k.i32(1) << exponent) - 1;
  Val isNegative = k.logicalShiftRight(x, k.i32(31));
  Val threshold = k.logicalShiftRight(mask, k.i32(1)) + isNegative;
  Val above = (x & mask) > threshold;
  return (x >> exponent) + k.val(arith::ExtUIOp::create(k.b, k.loc, k.b.getI32Type(), above));
}
static Val roundingShiftRight(KernelBuilder &k, Val x, int64_t exponent) {
  return roundingShiftRight(k, x, k.i32(exponent));
}

/// x * 2^exponent with saturation; exponent > 0.
static Val saturatingShiftLeft(KernelBuilder &k, Val x, int64_t exponent) {
  int64_t limit = (int64_t(1) << (31 - exponent)) - 1;
  Val shifted = x << exponent;
  shifted = k.select(x > limit, k.i32(INT32_MAX), shifted);
  return k.select(x < -limit, k.i32(INT32_MIN), shifted);
}

static int32_t q31(double value) { return static_cast<int32_t>(std::llround(value * 2147483648.0)); }

/// exp(a) for a in [-1/4, 0) in Q0.31: Taylor's series of degree 4 around -1/8.
static Val expOnQuarter(KernelBuilder &k, Val a) {
  Val x = a + (int64_t(1) << 28); // 1/8
  Val x2 = doublingHighMultiply(k, x, x), x3 = doublingHighMultiply(k, x2, x), x4 = doublingHighMultiply(k, x2, x2);
  Val third = k.i32(q31(1.0 / 3)), atCentre = k.i32(q31(std::exp(-1.0 / 8)));
  // ((x^4 / 4 + x^3) / 3 + x^2) / 2
  Val tail = doublingHighMultiply(k, roundingShiftRight(k, x4, 2) + x3, third) + x2;
  tail = roundingShiftRight(k, tail, 1);
  return atCentre + doublingHighMultiply(k, atCentre, x + tail);
}

/// exp(a) in Q0.31 for a <= 0 in Q5.26.
static Val expOfNegative(KernelBuilder &k, Val a) {
  constexpr int fraction = 26;
  constexpr int64_t quarter = int64_t(1) << (fraction - 2);
  Val withinQuarter = (a & (quarter - 1)) - quarter; // in [-1/4, 0)
  Val remainder = withinQuarter - a;                 // the multiples of 1/4 that are left
  Val result = expOnQuarter(k, withinQuarter << 5);
  for (int power = -2; power <= 4; ++power) {
    Val bit = remainder & (int64_t(1) << (fraction + power));
    Val factor = k.i32(q31(std::exp(-std::ldexp(1.0, power))));
    result = k.select(bit == 0, result, doublingHighMultiply(k, result, factor));
  }
  return k.select(a == 0, k.i32(INT32_MAX), result);
}

/// 1 / (1 + a) in Q0.31 for a in [0, 1] in Q0.31: three Newton steps on the half denominator, in Q2.29.
static Val oneOverOnePlus(KernelBuilder &k, Val a) {
  // Rounding half sum of a and 1: (a + 2^31 - 1 + 1) / 2 away from zero, in 64 bits.
  Val sum = k.extend64(a) + static_cast<int64_t>(INT32_MAX);
  Val sign = k.select(sum < 0, sum.constant(-1), sum.constant(1));
  Val half = k.truncate32((sum + sign) / 2);
  auto q29 = [&](double value) { return k.i32(std::llround(value * 536870912.0)); };
  Val x = q29(48.0 / 17) + doublingHighMultiply(k, half, q29(-32.0 / 17));
  for (int step = 0; step < 3; ++step) {
    Val residue = k.i32(1 << 29) - doublingHighMultiply(k, half, x);
    x = x + saturatingShiftLeft(k, doublingHighMultiply(k, x, residue), 2);
  }
  return saturatingShiftLeft(k, x, 1);
}

/// Leading zeros of a 32-bit number that is not 0, by halving: the intrinsic is a call on Cortex-M0.
static Val countLeadingZeros(KernelBuilder &k, Val x) {
  Val zeros = k.i32(0);
  for (int64_t step : {16, 8, 4, 2, 1}) {
    Val isClear = k.logicalShiftRight(x, k.i32(32 - step)) == 0;
    zeros = k.select(isClear, zeros + step, zeros);
    x = k.select(isClear, x << step, x);
  }
  return zeros;
}

void codegen::emitSoftmax(KernelBuilder &k, qk::SoftmaxOp op, Pointers pointers) {
  qnn::NumberFormat in = formatOf(op.getInFormat()), out = formatOf(op.getOutFormat());
  auto [lowest, highest] = out.getCodeRange();
  int64_t radius = op.getRadius();
  Val columns = k.index(op.getColumns()), none = k.index(0);
  Val multiplier = k.i32(op.getMultiplier()), left = k.i32(op.getLeft()), right = k.i32(op.getRight());
  k.loop(k.index(op.getRows()), [&](Val row) {
    Val start = row * columns;
    Val largest = k.loop(none, columns, k.i32(INT32_MIN),
                         [&](Val i, Val best) { return k.max(best, k.load(pointers[0], in, start + i)); });
    auto exponential = [&](Val difference) {
      Val scaled =
          k.val(qk::RequantizeOp::create(k.b, k.loc, difference, multiplier, left, right, qnn::Rounding::Double));
      return expOfNegative(k, scaled);
    };
    auto isFar = [&](Val difference) { return difference < k.i32(-radius); };
    Val sum = k.loop(none, columns, k.i32(0), [&](Val i, Val sum) {
      Val difference = k.load(pointers[0], in, start + i) - largest;
      Val part = roundingShiftRight(k, exponential(difference), 12);
      return sum + k.select(isFar(difference), k.i32(0), part);
    });
    Val zeros = countLeadingZeros(k, sum);
    Val reciprocal = oneOverOnePlus(k, (sum << zeros) - static_cast<int64_t>(INT32_MIN));
    Val exponent = k.i32(12 + 31 - 8) - zeros;
    k.loop(columns, [&](Val i) {
      Val difference = k.load(pointers[0], in, start + i) - largest;
      Val scaled = doublingHighMultiply(k, reciprocal, exponential(difference));
      // A sum of at least 1 in Q12.19 has at most 12 leading zeros, so the exponent is 23 to 35; beyond 31 the
      // quotient rounds to 0.
      Val isLarge = exponent > 31;
      Val quotient = roundingShiftRight(k, scaled, k.min(exponent, k.i32(31)));
      quotient = k.select(isLarge, k.i32(0), quotient);
      Val code = k.min(k.max(quotient + lowest, k.i32(lowest)), k.i32(highest));
      k.store(pointers[1], out, start + i, k.select(isFar(difference), k.i32(lowest), code));
    });
  });
}

void codegen::emitFloatSoftmax(KernelBuilder &k, qk::FloatSoftmaxOp op, Pointers pointers) {
  Type f32 = k.b.getF32Type();
  Val columns = k.index(op.getColumns()), none = k.index(0);
  Val beta = k.f32(op.getBeta().convertToFloat());
  auto exp = [&](Val x) { return k.val(math::ExpOp::create(k.b, k.loc, x)); };
  k.loop(k.index(op.getRows()), [&](Val row) {
    Val start = row * columns;
    auto at = [&](Val i) { return k.loadRaw(pointers[0], f32, start + i); };
    Val largest = k.loop(none, columns, k.f32(-HUGE_VALF), [&](Val i, Val best) { return k.max(best, at(i)); });
    Val sum = k.loop(none, columns, k.f32(0), [&](Val i, Val sum) { return sum + exp((at(i) - largest) * beta); });
    if (op.getLogarithm()) {
      Val offset = largest + k.val(math::LogOp::create(k.b, k.loc, sum));
      k.loop(columns, [&](Val i) { k.storeRaw(pointers[1], f32, start + i, at(i) - offset); });
      return;
    }
    k.loop(columns, [&](Val i) { k.storeRaw(pointers[1], f32, start + i, exp((at(i) - largest) * beta) / sum); });
  });
}

void codegen::emitArgmax(KernelBuilder &k, qk::ArgmaxOp op, Pointers pointers) {
  qnn::NumberFormat format = formatOf(op.getFormat());
  ArrayRef<int64_t> shape = op.getShape();
  Val size = k.index(shape[1]), inner = k.index(shape[2]);
  k.loop(k.index(shape[0]), [&](Val outer) {
    k.loop(inner, [&](Val j) {
      auto at = [&](Val i) { return k.load(pointers[0], format, (outer * size + i) * inner + j); };
      SmallVector<Val> best = k.loop(k.index(1), size, {at(k.index(0)), k.i32(0)}, [&](Val i, ArrayRef<Val> best) {
        Val code = at(i), isLarger = code > best[0];
        return SmallVector<Val>{k.select(isLarger, code, best[0]), k.select(isLarger, k.toI32(i), best[1])};
      });
      k.storeRaw(pointers[1], k.b.getI32Type(), outer * inner + j, best[1]);
    });
  });
}
