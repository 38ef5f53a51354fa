// Rescaling and rounding as plain arithmetic.
#include "compiler/codegen/Scalars.h"

#include "dialects/qk/Queries.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;

/// True if the value is the constant 0, or a vector of it.
static bool isZero(Val value) {
  std::optional<Val> repeated = KernelBuilder::repeatedScalar(value);
  return matchPattern(repeated ? repeated->value : value.value, m_Zero());
}

/// Elements 0, 2, ... and 1, 3, ... of a vector of i32, sign-extended to 64 bits where they lie. Both by the same pair
/// of shifts, in which x86 finds the operands of vpmuldq wherever they were computed.
static std::pair<Val, Val> evenAndOdd(KernelBuilder &k, Val x) {
  int64_t lanes = llvm::cast<VectorType>(x.type()).getNumElements();
  auto type = VectorType::get({lanes / 2}, k.b.getI64Type());
  auto extend = [&](Value words) { return (k.val(LLVM::BitcastOp::create(k.b, k.loc, type, words)) << 32) >> 32; };
  return {extend(x), extend(k.shuffle(x, x, lanes, [](int64_t lane) { return lane | 1; }))};
}

/// `double` rounding with one sum and one shift. With p = x q, SRDHM is h = floor((p + 2^30) / 2^31), and dividing it
/// by 2^s, halves away from zero, is floor((h + 2^(s-1) - (h < 0)) / 2^s) for s > 0; together
///   floor((p + 2^30 + 2^(30+s) - (p < 0 ? 2^31 : 0)) / 2^(31+s)):
/// h < 0 and p < 0 differ only for -2^30 <= p < 0, where h is 0 and both give 0. For s = 0 it is h. Without its last
/// term, the sum for a negative p still gives at most 0: it can go where such results become 0 anyway.
///
/// Vectors of 64 bits have no arithmetic shift on many machines. p >= -2^62, so the sum plus 2^62 is not negative, and
/// as s <= 31, that adds a whole number to the quotient: the result is too large by 2^(31-s).
static Val doubleOfProduct(KernelBuilder &k, Val product, Val shift, bool isClampedAtZero) {
  Val half = ((shift.constant(1) << shift) >> 1) << 31;
  Val sum = product + (half + ((int64_t(1) << 62) + (int64_t(1) << 30)));
  if (!isClampedAtZero) {
    // The sign as bit 31, or nothing where s = 0.
    Val correction = k.select(shift > shift.constant(0), shift.constant(int64_t(1) << 31), shift.constant(0));
    sum = sum - (k.logicalShiftRight(product, product.constant(32)) & correction);
  }
  return k.logicalShiftRight(sum, shift + 31);
}

static RescalingUse useOf(qk::RequantizeOp op) {
  Value value = op.getOutput();
  RescalingUse use;
  use.isNarrow = op.getNarrow();
  if (auto add = value.hasOneUse() ? llvm::dyn_cast<arith::AddIOp>(*value.user_begin()) : nullptr) {
    std::optional<int64_t> number = qk::constantNumber(add.getRhs());
    if (!number)
      return use;
    use.zero = *number;
    value = add;
  }
  auto max = value.hasOneUse() ? llvm::dyn_cast<arith::MaxSIOp>(*value.user_begin()) : nullptr;
  std::optional<int64_t> low = max ? qk::constantNumber(max.getRhs()) : std::nullopt;
  use.isClampedAtZero = low && *low >= use.zero;
  auto min = max && max->hasOneUse() ? llvm::dyn_cast<arith::MinSIOp>(*max->user_begin()) : nullptr;
  use.isByte = min && low == INT8_MIN && qk::constantNumber(min.getRhs()) == INT8_MAX;
  return use;
}

/// The low halves of 64-bit numbers that belong to the even and odd elements of a vector like `like`.
static Val interleave(KernelBuilder &k, Val even, Val odd, Val like) {
  Val pairs = (even & 0xffffffff) | (odd << 32);
  return k.val(LLVM::BitcastOp::create(k.b, k.loc, like.type(), pairs));
}

/// The upper words of products, rounded, and `high`. Vectors have the products of their even elements and those of the
/// odd ones, whose upper words lie where they are to be.
static Val addToHighWords(KernelBuilder &k, Val x, Val y, Val high) {
  constexpr int64_t half = int64_t(1) << 31;
  if (!llvm::isa<VectorType>(x.type()))
    return k.truncate32((k.extend64(x) * k.extend64(y) + (k.extend64(high) << 32) + half) >> 32);
  int64_t lanes = llvm::cast<VectorType>(x.type()).getNumElements();
  auto [xEven, xOdd] = evenAndOdd(k, x);
  auto [yEven, yOdd] = evenAndOdd(k, y);
  auto words = [&](Val product) { return k.val(LLVM::BitcastOp::create(k.b, k.loc, x.type(), product + half)); };
  Val upper = k.shuffle(words(xEven * yEven), words(xOdd * yOdd), lanes,
                        [=](int64_t lane) { return lane % 2 ? lanes + lane : lane + 1; });
  return upper + high;
}

/// A narrow rescaling. The quotient of doubleOfProduct, its both sides doubled and the zero point z added, is
///   floor((2p + 2^31 + 2^32 (2^(s-1) + z 2^s - (p < 0))) / 2^(32+s)),
/// the high word of a product with a rounded sum, which machines have an instruction for, and a shift. It overflows
/// nowhere: 2x is an i32, the product's high word is below 2^30, and so is 129 * 2^s / 2.
static Val expandNarrow(KernelBuilder &k, Val x, Val multiplier, Val shift, const RescalingUse &use) {
  // What is added behind, and taken off here, vanishes.
  int64_t zero = std::abs(use.zero) <= 128 ? use.zero : 0;
  Val half = (shift.constant(2 * zero + 1) << shift) >> 1;
  Val high = use.isClampedAtZero ? half : half + (x >> 31);
  Val result = addToHighWords(k, x << 1, multiplier, high) >> shift;
  return zero ? result - zero : result;
}

static Val expandDoubleVector(KernelBuilder &k, Val x, Val multiplier, Val shift, const RescalingUse &use) {
  if (std::optional<Val> own = k.requantizeVector ? k.requantizeVector(k, x, multiplier, shift, use) : std::nullopt)
    return *own;
  // Of sums of one sign, both take as long.
  if (use.isNarrow && !use.isClampedAtZero)
    return expandNarrow(k, x, multiplier, shift, use);
  bool clamped = use.isClampedAtZero;
  auto [xEven, xOdd] = evenAndOdd(k, x);
  auto [qEven, qOdd] = evenAndOdd(k, multiplier);
  auto [sEven, sOdd] = evenAndOdd(k, shift);
  Val even = doubleOfProduct(k, xEven * qEven, sEven, clamped), odd = doubleOfProduct(k, xOdd * qOdd, sOdd, clamped);
  Val pairs = (even & 0xffffffff) | (odd << 32);
  Val biased = k.val(LLVM::BitcastOp::create(k.b, k.loc, x.type(), pairs));
  return biased - k.logicalShiftRight(shift.constant(INT32_MIN), shift);
}

/// The sign-dependent nudge with truncation of the usual definition is the floor of (p + 2^30) / 2^31.
Val codegen::doublingHighMultiply(KernelBuilder &k, Val x, Val y) {
  auto high = [](Val product) { return (product + (int64_t(1) << 30)) >> 31; };
  if (!llvm::isa<VectorType>(x.type()))
    return k.truncate32(high(k.extend64(x) * k.extend64(y)));
  auto [xEven, xOdd] = evenAndOdd(k, x);
  auto [yEven, yOdd] = evenAndOdd(k, y);
  return interleave(k, high(xEven * yEven), high(xOdd * yOdd), x);
}

static Val expandDouble(KernelBuilder &k, Val x, Val multiplier, Val left, Val shift, const RescalingUse &use) {
  if (!isZero(left))
    x = x << left;
  if (llvm::isa<VectorType>(x.type()))
    return expandDoubleVector(k, x, multiplier, shift, use);
  // SRDHM: the multiplier is not negative, so nothing saturates.
  Val high = doublingHighMultiply(k, x, multiplier);
  if (isZero(shift))
    return high;
  // x >> e, plus 1 if the bits shifted out are more than half; a negative number needs one more.
  Val mask = (x.constant(1) << shift) - 1;
  Val threshold = k.logicalShiftRight(mask, x.constant(1)) + k.logicalShiftRight(high, x.constant(31));
  Val above = (high & mask) > threshold;
  return (high >> shift) + k.val(arith::ExtUIOp::create(k.b, k.loc, x.type(), above));
}

Val codegen::requantizeDouble(KernelBuilder &k, Val x, Val multiplier, Val left, Val shift) {
  return expandDouble(k, x, multiplier, left, shift, {});
}

static Val expandSingle(KernelBuilder &k, Val x, Val multiplier, Val left, Val shift) {
  Val product = k.extend64(x) * k.extend64(multiplier);
  Val total = k.extend64(shift - left + 31);
  Val half = total.constant(1) << (total - 1);
  return k.truncate32((product + half) >> total);
}

/// Numbers from 2^23 to 2^24 have no fraction, so that the sum of a product and 1.5 * 2^23 is rounded as the product is
/// to be; its lowest bits are the integer.
static Val expandRoundProduct(KernelBuilder &k, Val x, Val y) {
  constexpr float noFraction = 12582912.0F;
  Val sum = k.val(LLVM::FMAOp::create(k.b, k.loc, x, y, x.real(noFraction)));
  return k.bitcast(sum, k.b.getI32Type()) - llvm::bit_cast<int32_t>(noFraction);
}

Val codegen::roundInRange(KernelBuilder &k, Val x, bool tiesToEven) {
  Val truncated = k.val(arith::FPToSIOp::create(k.b, k.loc, x.typeOf(k.b.getI32Type()), x));
  // Exact: below 2^24 by Sterbenz, above there is no fraction.
  Val fraction = x - k.toFloat(truncated);
  Val zero = truncated.constant(0), one = truncated.constant(1);
  auto step = [&](Val magnitude) {
    Val beyond = tiesToEven ? k.select(magnitude > x.real(0.5f), one, truncated & 1) : one;
    return k.select(x.real(0.5f) > magnitude, zero, beyond);
  };
  return truncated + step(fraction) - step(-fraction);
}

/// f32 to i32: nearest, ties away from zero or to even, saturating; NaN gives 0.
static Val expandRound(KernelBuilder &k, Val x, bool tiesToEven) {
  // Numbers outside of i32, and NaN, do not reach the conversion, which is undefined for them.
  Val top = x.real(2147483648.0f);
  Val isInside = k.val(arith::AndIOp::create(k.b, k.loc, x > -top, x < top));
  Val isAbove = k.val(arith::CmpFOp::create(k.b, k.loc, arith::CmpFPredicate::OGE, x, top));
  Val isBelow = k.val(arith::CmpFOp::create(k.b, k.loc, arith::CmpFPredicate::OLE, x, -top));
  Val rounded = roundInRange(k, k.select(isInside, x, x.real(0)), tiesToEven);
  return k.select(isAbove, rounded.constant(INT32_MAX), k.select(isBelow, rounded.constant(INT32_MIN), rounded));
}

std::optional<Val> codegen::expandScalar(KernelBuilder &k, Operation *op, ArrayRef<Val> operands) {
  return llvm::TypeSwitch<Operation *, std::optional<Val>>(op)
      .Case([&](qk::RequantizeOp o) {
        RescalingUse use = useOf(o);
        if (o.getNarrow() && !llvm::isa<VectorType>(operands[0].type()))
          return expandNarrow(k, operands[0], operands[1], operands[3], use);
        if (o.getRounding() == qnn::Rounding::Double)
          return expandDouble(k, operands[0], operands[1], operands[2], operands[3], use);
        return expandSingle(k, operands[0], operands[1], operands[2], operands[3]);
      })
      .Case([&](qk::RoundProductOp) { return expandRoundProduct(k, operands[0], operands[1]); })
      .Case([&](qk::RoundOp o) { return expandRound(k, operands[0], o.getTiesToEven()); })
      .Default([&](Operation *o) { return expandElementary(k, o, operands); });
}
