#include "compiler/target/arm_a/TileTable.h"

#include "compiler/target/BitTile.h"
#include "compiler/target/VectorTile.h"
#include "compiler/target/arm_a/PairTile.h"
#include "compiler/target/generic/TileTable.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

namespace {

/// sdot: four products of signed codes and weights in each lane, added to it.
class DotTile : public IntegerVectorTile {
public:
  explicit DotTile(BlockCosts costs, WeightFields fields = {})
      : IntegerVectorTile(/*lanes=*/4, /*products=*/4, IntegerType::Signed, /*stageBits=*/8, /*weightBytes=*/1, costs,
                          /*masksTail=*/false, std::move(fields)) {}
  Val multiplyAdd(KernelBuilder &k, Val sum, Val lhs, Val rhs) const override {
    return k.intrinsic("llvm.aarch64.neon.sdot.v4i32.v16i8", sum.type(), {sum, asVectorOf(lhs, k.b.getI8Type()), rhs});
  }
};

/// smull and smlal of bytes into 16 bits, then sadalp, which adds two neighbours of those to 32 bits: three
/// instructions for 16 products.
class ByteTile : public IntegerVectorTile {
public:
  explicit ByteTile(BlockCosts costs, WeightFields fields = {})
      : IntegerVectorTile(/*lanes=*/4, /*products=*/4, IntegerType::Signed, /*stageBits=*/8, /*weightBytes=*/1, costs,
                          /*masksTail=*/false, std::move(fields)) {}
  /// Two products meet in 16 bits. Codes are -128 to 127, so that only -128 * -128 + -128 * -128 does not fit. Fields
  /// whose weights all fit do not make -128.
  bool fits(int64_t smallestWeight, int64_t largestWeight) const override {
    return smallestWeight > INT8_MIN && fields.fits(smallestWeight, largestWeight);
  }
  bool fitsStep(ArrayRef<int64_t> codes) const override;
  void packStep(ArrayRef<int64_t> codes, std::vector<char> &bytes) const override;
  Val multiplyAdd(KernelBuilder &k, Val sum, Val lhs, Val rhs) const override;
};

/// smlal of 16 bits: one product in each lane, for weights that bytes do not hold.
class WordTile : public IntegerVectorTile {
public:
  explicit WordTile(BlockCosts costs)
      : IntegerVectorTile(/*lanes=*/4, /*products=*/1, IntegerType::Signed, /*stageBits=*/16, /*weightBytes=*/2,
                          costs) {}
  Val multiplyAdd(KernelBuilder &k, Val sum, Val lhs, Val rhs) const override {
    return sum + k.intrinsic("llvm.aarch64.neon.smull.v4i32", sum.type(), {lhs, rhs});
  }
};

/// cnt, then udot with ones, which adds the counts of a word's bytes to its lane: no counter of bytes fills up.
class DotBitTile : public CountedBitTile {
public:
  explicit DotBitTile(BitCosts costs) : CountedBitTile(/*lanes=*/4, /*elementBits=*/8, costs) {}
  int64_t stepsPerTotal() const override { return INT32_MAX / BitPlanes::wordBits; }
  Val count(KernelBuilder &k, Val codes, Val weights, bool isXor) const override {
    Val counts = asVectorOf(CountedBitTile::count(k, codes, weights, isXor), k.b.getI8Type());
    Val none = k.broadcast(k.i32(0), lanes);
    return k.intrinsic("llvm.aarch64.neon.udot.v4i32.v16i8", none.type(), {none, counts, counts.constant(1)});
  }
  Val total(KernelBuilder &, Val counts) const override { return counts; }
};

} // namespace

bool ByteTile::fitsStep(ArrayRef<int64_t> codes) const {
  if (channelUnit() > 1)
    return false;
  auto [least, most] = std::minmax_element(codes.begin(), codes.end());
  if (!IntegerVectorTile::fits(*least, *most))
    return false;
  for (size_t i = 0; i < codes.size(); i += 4)
    if ((codes[i] == INT8_MIN && codes[i + 2] == INT8_MIN) || (codes[i + 1] == INT8_MIN && codes[i + 3] == INT8_MIN))
      return false;
  return true;
}

/// Of each vector, products 0 and 1 of its channels, then products 2 and 3.
void ByteTile::packStep(ArrayRef<int64_t> codes, std::vector<char> &bytes) const {
  for (; !codes.empty(); codes = codes.drop_front(lanes * products))
    for (int64_t pair = 0; pair < products; pair += 2)
      for (int64_t lane = 0; lane < lanes; ++lane)
        for (int64_t code : codes.slice(lane * products + pair, 2))
          bytes.push_back(static_cast<char>(code));
}

Val ByteTile::multiplyAdd(KernelBuilder &k, Val sum, Val lhs, Val rhs) const {
  auto words = VectorType::get({8}, k.b.getI16Type());
  auto shuffle = [&](Val x, ArrayRef<int32_t> places) {
    return k.val(LLVM::ShuffleVectorOp::create(k.b, k.loc, x, x, places));
  };
  auto multiply = [&](Val codes, ArrayRef<int32_t> half) {
    return k.intrinsic("llvm.aarch64.neon.smull.v8i16", words, {shuffle(codes, half), shuffle(rhs, half)});
  };
  // Products 0 and 1 of each lane, twice; products 2 and 3, twice: smlal2 reads high halves on both sides.
  Val pairs = asVectorOf(lhs, k.b.getI16Type());
  Val first = asVectorOf(shuffle(pairs, {0, 2, 4, 6, 0, 2, 4, 6}), k.b.getI8Type());
  Val second = asVectorOf(shuffle(pairs, {1, 3, 5, 7, 1, 3, 5, 7}), k.b.getI8Type());
  Val sums = multiply(first, {0, 1, 2, 3, 4, 5, 6, 7}) + multiply(second, {8, 9, 10, 11, 12, 13, 14, 15});
  return sum + k.intrinsic("llvm.aarch64.neon.saddlp.v4i32.v8i16", sum.type(), {sums});
}

/// Four at once. SRDHM is sqrdmulh: a multiplier is not negative, so that nothing saturates and no result is the least
/// number. The division by 2^s rounds halves upwards, and halves away from zero if negative numbers are 1 less; without
/// that, a negative number still does not give a positive one.
static Val requantizeQuad(KernelBuilder &k, Val x, Val multiplier, Val shift, const RescalingUse &use) {
  Val high = k.intrinsic("llvm.aarch64.neon.sqrdmulh.v4i32", x.type(), {x, multiplier});
  Val minusShift = -shift; // negative if there is a shift
  Val nudged = use.isClampedAtZero ? high : high + ((high & minusShift) >> 31);
  return k.intrinsic("llvm.aarch64.neon.srshl.v4i32", x.type(), {nudged, minusShift});
}

std::optional<Val> target::requantizeNeon(KernelBuilder &k, Val x, Val multiplier, Val shift, const RescalingUse &use) {
  int64_t lanes = llvm::cast<VectorType>(x.type()).getNumElements(), half = lanes / 2;
  if (lanes == 4)
    return requantizeQuad(k, x, multiplier, shift, use);
  if (lanes < 4 || !llvm::isPowerOf2_64(lanes))
    return std::nullopt;
  auto requantizeHalf = [&](int64_t first) {
    auto part = [&](Val v) { return k.shuffle(v, v, half, [&](int64_t lane) { return first + lane; }); };
    return *requantizeNeon(k, part(x), part(multiplier), part(shift), use);
  };
  Val low = requantizeHalf(0), high = requantizeHalf(half);
  return k.shuffle(low, high, lanes, [](int64_t lane) { return lane; });
}

llvm::ArrayRef<TileInstruction> target::armATiles() {
  // As Arm's optimization guides give them for Neoverse N1 and Cortex-A76. An accumulator is forwarded early to the
  // next instruction of its kind. Registers: all, less those for the halves of codes and of weights.
  static const DotTile dot({32, 2, 2, 2});
  static const PairTile pairs({32, 2, 2, 2}); // Neoverse N2: as many a cycle as sdot
  static const PairTile pairNibbles({32, 2, 2, 2, 8, INT64_MAX, 1, 0, /*prefix=*/1},
                                    WeightFields::shifted(/*bits=*/4, /*bytes=*/1));
  static const ByteTile bytes({24, 0.5, 2, 2});
  static const DotTile dotNibbles({32, 2, 2, 2, 8, INT64_MAX, 1, 0, /*prefix=*/1},
                                  WeightFields::shifted(/*bits=*/4, /*bytes=*/1));
  static const DotTile dotCrumbs({32, 2, 2, 2, 8, INT64_MAX, 1, 0, /*prefix=*/1},
                                 WeightFields::shifted(/*bits=*/2, /*bytes=*/1));
  static const ByteTile nibbles({24, 0.5, 2, 2, 8, INT64_MAX, 1, 0, /*prefix=*/0.25},
                                WeightFields::shifted(/*bits=*/4, /*bytes=*/1));
  constexpr StringRef lookUp = "llvm.aarch64.neon.tbl1.v16i8";
  static const LookUpTile<DotTile> dotCodes(lookUp, BlockCosts{30, 2, 2, 2, 8, INT64_MAX, 1, 0, /*prefix=*/4});
  static const LookUpTile<ByteTile> codes(lookUp, BlockCosts{22, 0.5, 2, 2, 8, INT64_MAX, 1, 0, /*prefix=*/1});
  static const WordTile words({32, 1, 2, 2});
  static const FloatVectorTile float128(4, {32, 2, 2, 4});
  static const WidenedFloatTile widened128(4,
                                           {.registers = 31, .multiplyAdds = 2, .loads = 2, .latency = 4, .prefix = 1});
  // Neoverse N2: two a cycle of either, and an accumulator is forwarded early.
  static const BfloatVectorTile bfloats(4, "llvm.aarch64.neon.bfdot.v4f32.v8bf16", {32, 2, 2, 2});
  static const PairBfloatTile bfloatPairs({32, 2, 2, 3});
  // Of two registers; to find the signs takes one instruction for each, to change them and to add two.
  static const BlockCosts ofSigns = {.registers = 15, .multiplyAdds = 0.5, .loads = 0.5, .latency = 2, .prefix = 1};
  static const SignedFloatTile signs(8, /*hasZeros=*/false, ofSigns), threes(8, /*hasZeros=*/true, ofSigns);
  static const CountedBitTile bits(/*lanes=*/4, /*elementBits=*/8,
                                   {.registers = 24, .count = 1.5, .load = 0.5, .total = 3, .sum = 3});
  static const DotBitTile dotBits({.registers = 28, .count = 1.5, .load = 0.5, .total = 0, .sum = 3});
  static const TileInstruction tiles[] = {
      blockInstruction("neon.i8mm", "i8mm", pairs),
      blockInstruction("neon.i8mm.w4", "i8mm", pairNibbles),
      blockInstruction("neon.dotprod", "dotprod", dot),
      blockInstruction("neon.dotprod.w4", "dotprod", dotNibbles),
      blockInstruction("neon.dotprod.codes4", "dotprod", dotCodes),
      blockInstruction("neon.dotprod.w2", "dotprod", dotCrumbs),
      blockInstruction("neon", "neon", bytes),
      blockInstruction("neon.w4", "neon", nibbles),
      blockInstruction("neon.codes4", "neon", codes),
      blockInstruction("neon.words", "neon", words),
      blockInstruction("neon.bf16mm", "bf16", bfloatPairs),
      blockInstruction("neon.bf16", "bf16", bfloats),
      blockInstruction("neon.float", "neon", float128),
      blockInstruction("neon.float.bf16", "neon", widened128),
      blockInstruction("neon.signs", "neon", signs),
      blockInstruction("neon.ternary", "neon", threes),
      blockInstruction("neon.dotprod.bits", "dotprod", dotBits),
      blockInstruction("neon.bits", "neon", bits),
      genericTiles()[0],
      genericTiles()[1],
  };
  return tiles;
}
