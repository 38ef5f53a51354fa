// Kernels along a row: softmax in fixed point and in f32, argmax.
#include "compiler/codegen/Emitters.h"
#include "compiler/codegen/Scalars.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

#include <numeric>

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;

//===-- Fixed point, as the definition of `qnn.softmax` names it ------------------------------===//

/// x / 2^exponent, ties away from zero; exponent from 0 to 31.
static Val roundingShiftRight(KernelBuilder &k, Val x, Val exponent) {
  Val mask = (x.constant(1) << exponent) - 1;
  Val isNegative = k.logicalShiftRight(x, x.constant(31));
  Val threshold = k.logicalShiftRight(mask, x.constant(1)) + isNegative;
  Val above = (x & mask) > threshold;
  return (x >> exponent) + k.widen(above, k.b.getI32Type(), /*isSigned=*/false);
}
static Val roundingShiftRight(KernelBuilder &k, Val x, int64_t exponent) {
  return roundingShiftRight(k, x, x.constant(exponent));
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
  Val third = x.constant(q31(1.0 / 3)), atCentre = x.constant(q31(std::exp(-1.0 / 8)));
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
    Val factor = result.constant(q31(std::exp(-std::ldexp(1.0, power))));
    result = k.select(bit == 0, result, doublingHighMultiply(k, result, factor));
  }
  return k.select(a == 0, a.constant(INT32_MAX), result);
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

//===-- Rows in vectors -----------------------------------------------------------------------===//

namespace {
/// Walks a row of codes in vectors, the last one with lanes that are not in memory. One lane is a scalar.
class RowVectors {
public:
  RowVectors(KernelBuilder &k, int64_t columns) : k(k), columns(columns) {
    // Machines whose vectors are four words long have none for the products of 64 bits here.
    constexpr int64_t fewLanes = 4;
    lanes = k.vectorLanes > fewLanes
                ? std::min(k.vectorLanes, static_cast<int64_t>(llvm::PowerOf2Ceil(std::max<int64_t>(columns, 1))))
                : 1;
  }

  void forEach(llvm::function_ref<void(Val first, int64_t valid)> body) {
    k.loop(k.index(columns / lanes), [&](Val i) { body(i * lanes, lanes); });
    if (int64_t rest = columns % lanes)
      body(k.index(columns - rest), rest);
  }
  /// Carries a vector; lanes that are not in memory keep what `start` is.
  Val fold(Val start, llvm::function_ref<Val(Val first, int64_t valid, Val carried)> body) {
    start = repeat(start);
    Val result = k.loop(k.index(0), k.index(columns / lanes), start,
                        [&](Val i, Val carried) { return body(i * lanes, lanes, carried); });
    int64_t rest = columns % lanes;
    return rest ? k.select(k.firstLanes(lanes, rest), body(k.index(columns - rest), rest, result), result) : result;
  }

  Val repeat(Val scalar) const { return lanes == 1 ? scalar : k.broadcast(scalar, lanes); }
  /// All lanes combined in halves.
  Val reduce(Val vector, llvm::function_ref<Val(Val, Val)> combine) const {
    if (lanes == 1)
      return vector;
    for (int64_t half = lanes / 2; half > 0; half /= 2)
      vector = combine(part(vector, 0, half), part(vector, half, half));
    return k.val(LLVM::ExtractElementOp::create(k.b, k.loc, vector, k.i32(0)));
  }
  int64_t getLanes() const { return lanes; }

private:
  Val part(Val vector, int64_t first, int64_t count) const {
    return k.shuffle(vector, vector, count, [&](int64_t lane) { return first + lane; });
  }

  KernelBuilder &k;
  int64_t columns, lanes;
};
} // namespace

//===-- Softmax -------------------------------------------------------------------------------===//

void codegen::emitSoftmax(KernelBuilder &k, qk::SoftmaxOp op, Pointers pointers) {
  qnn::NumberFormat in = formatOf(op.getInFormat()), out = formatOf(op.getOutFormat());
  auto [lowest, highest] = out.getCodeRange();
  RowVectors vectors(k, op.getColumns());
  int64_t lanes = vectors.getLanes();
  Val columns = k.index(op.getColumns());
  Val multiplier = vectors.repeat(k.i32(op.getMultiplier())), left = vectors.repeat(k.i32(op.getLeft())),
      right = vectors.repeat(k.i32(op.getRight()));
  k.loopOverPiece(op.getRows(), 1, [&](Val row) {
    Val start = row * columns;
    auto load = [&](Val i, int64_t valid) { return k.loadCodes(pointers[0], in, start + i, lanes, valid); };
    Val largest =
        vectors.fold(k.i32(INT32_MIN), [&](Val i, int64_t valid, Val best) { return k.max(best, load(i, valid)); });
    largest = vectors.repeat(vectors.reduce(largest, [&](Val a, Val b) { return k.max(a, b); }));
    auto exponential = [&](Val difference) {
      return expOfNegative(k, requantizeDouble(k, difference, multiplier, left, right));
    };
    auto isFar = [&](Val difference) { return difference < -static_cast<int64_t>(op.getRadius()); };
    // Two rounds of one loop, the sum and then the codes, have the exponential's code once.
    auto emitRound = [&](Val isSecond, Val known) {
      Val zeros = countLeadingZeros(k, known);
      Val reciprocal = vectors.repeat(oneOverOnePlus(k, (known << zeros) - static_cast<int64_t>(INT32_MIN)));
      Val exponent = vectors.repeat(k.i32(12 + 31 - 8) - zeros);
      Val sum = vectors.fold(k.i32(0), [&](Val i, int64_t valid, Val sum) {
        Val difference = load(i, valid) - largest, power = exponential(difference);
        k.ifThen(isSecond, [&] {
          Val scaled = doublingHighMultiply(k, reciprocal, power);
          // A sum of at least 1 in Q12.19 has at most 12 leading zeros, so the exponent is 23 to 35; beyond 31 the
          // quotient rounds to 0.
          Val isLarge = exponent > 31;
          Val quotient = roundingShiftRight(k, scaled, k.min(exponent, exponent.constant(31)));
          quotient = k.select(isLarge, quotient.constant(0), quotient);
          Val code = k.min(k.max(quotient + lowest, quotient.constant(lowest)), quotient.constant(highest));
          k.storeCodes(pointers[1], out, start + i, k.select(isFar(difference), code.constant(lowest), code), valid);
        });
        Val part = roundingShiftRight(k, power, 12);
        return sum + k.select(isFar(difference), part.constant(0), part);
      });
      return vectors.reduce(sum, [](Val a, Val b) { return a + b; });
    };
    constexpr int64_t least = int64_t(1) << 19; // the first round knows no sum yet
    k.loopAsIs(k.index(0), k.index(2), {k.i32(least)},
               [&](Val round, ArrayRef<Val> known) { return SmallVector<Val>{emitRound(round == 1, known[0])}; });
  });
}

void codegen::emitFloatSoftmax(KernelBuilder &k, qk::FloatSoftmaxOp op, Pointers pointers) {
  qnn::NumberFormat f32 = formatOf(k.b.getF32Type());
  RowVectors vectors(k, op.getColumns());
  Val columns = k.index(op.getColumns());
  Val beta = vectors.repeat(k.f32(op.getBeta().convertToFloat()));
  auto exp = [&](Val x) { return k.val(math::ExpOp::create(k.b, k.loc, x)); };
  k.loopOverPiece(op.getRows(), 1, [&](Val row) {
    Val start = row * columns;
    auto load = [&](Val i, int64_t valid) {
      return k.loadCodes(pointers[0], f32, start + i, vectors.getLanes(), valid);
    };
    Val largest =
        vectors.fold(k.f32(-HUGE_VALF), [&](Val i, int64_t valid, Val best) { return k.max(best, load(i, valid)); });
    largest = vectors.repeat(vectors.reduce(largest, [&](Val a, Val b) { return k.max(a, b); }));
    Val sum = vectors.fold(k.f32(0),
                           [&](Val i, int64_t valid, Val sum) { return sum + exp((load(i, valid) - largest) * beta); });
    sum = vectors.reduce(sum, [](Val a, Val b) { return a + b; });
    auto store = [&](auto function) {
      vectors.forEach(
          [&](Val i, int64_t valid) { k.storeCodes(pointers[1], f32, start + i, function(load(i, valid)), valid); });
    };
    if (op.getLogarithm()) {
      Val offset = largest + vectors.repeat(k.val(math::LogOp::create(k.b, k.loc, sum)));
      return store([&](Val x) { return x - offset; });
    }
    Val divisor = vectors.repeat(sum);
    store([&](Val x) { return exp((x - largest) * beta) / divisor; });
  });
}

void codegen::emitArgmax(KernelBuilder &k, qk::ArgmaxOp op, Pointers pointers) {
  qnn::NumberFormat format = formatOf(op.getFormat());
  ArrayRef<int64_t> shape = op.getShape();
  Val size = k.index(shape[1]), inner = k.index(shape[2]);
  auto emitOne = [&](Val outer, Val j) {
    auto at = [&](Val i) { return k.load(pointers[0], format, (outer * size + i) * inner + j); };
    SmallVector<Val> best = k.loop(k.index(1), size, {at(k.index(0)), k.i32(0)}, [&](Val i, ArrayRef<Val> best) {
      Val code = at(i), isLarger = code > best[0];
      return SmallVector<Val>{k.select(isLarger, code, best[0]), k.select(isLarger, k.toI32(i), best[1])};
    });
    k.storeRaw(pointers[1], k.b.getI32Type(), outer * inner + j, best[1]);
  };
  if (shape[0] == 1)
    return k.loopOverPiece(shape[2], qk::elementsTogether, [&](Val j) { emitOne(k.index(0), j); });
  k.loopOverPiece(shape[0], 1, [&](Val outer) { k.loop(inner, [&](Val j) { emitOne(outer, j); }); });
}
