#include "compiler/target/x86/TileTable.h"

#include "compiler/target/BitTile.h"
#include "compiler/target/VectorTile.h"
#include "compiler/target/generic/TileTable.h"
#include "compiler/target/x86/AmxTile.h"
#include "compiler/target/x86/NibbleBitTile.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

Val target::packCodesInPairs(KernelBuilder &k, ArrayRef<Val> vectors, bool isSigned) {
  bool isHalf = vectors.size() == 2;
  int64_t lanes = llvm::cast<VectorType>(vectors[0].type()).getNumElements();
  bool isWide = lanes == 16;
  auto words = VectorType::get({2 * lanes}, k.b.getI16Type()), bytes = VectorType::get({4 * lanes}, k.b.getI8Type());
  auto packWords = [&](Val a, Val b) {
    return k.intrinsic(isWide ? "llvm.x86.avx512.packssdw.512" : "llvm.x86.avx2.packssdw", words, {a, b});
  };
  StringRef packBytes = isWide ? (isSigned ? "llvm.x86.avx512.packsswb.512" : "llvm.x86.avx512.packuswb.512")
                               : (isSigned ? "llvm.x86.avx2.packsswb" : "llvm.x86.avx2.packuswb");
  Val low = packWords(vectors[0], vectors[1]), high = isHalf ? low : packWords(vectors[2], vectors[3]);
  Val packed = k.intrinsic(packBytes, bytes, {low, high});
  if (!isHalf)
    return packed;
  // Of each 16 bytes, the second half is as the first one.
  Val halves = asVectorOf(packed, k.b.getI64Type());
  return asVectorOf(k.shuffle(halves, halves, lanes / 4, [](int64_t i) { return 2 * i; }), k.b.getI8Type());
}

namespace {

/// Multiplies integers, and packs sums.
class PackingTile : public IntegerVectorTile {
public:
  using IntegerVectorTile::IntegerVectorTile;
  /// The codes of a step fill a word of 32 bits.
  int64_t interleavedVectors() const override { return products; }
  int64_t packedVectors() const override { return 4; }
  Val packCodes(KernelBuilder &k, ArrayRef<Val> vectors, bool isSigned) const override {
    return packCodesInPairs(k, vectors, isSigned);
  }
};

/// vpdpbusd: four products of unsigned codes and signed weights in each lane, added to it in 32 bits without
/// saturation.
class VnniTile : public PackingTile {
public:
  VnniTile(int64_t lanes, StringRef intrinsic, BlockCosts costs, WeightFields fields = {},
           const VnniTile *narrower = nullptr)
      : PackingTile(lanes, /*products=*/4, IntegerType::Unsigned, /*stageBits=*/8, /*weightBytes=*/1, costs,
                    /*masksTail=*/false, std::move(fields)),
        intrinsic(intrinsic), narrower(narrower) {}
  const BlockTile *half() const override { return narrower; }
  Val multiplyAdd(KernelBuilder &k, Val sum, Val lhs, Val rhs) const override {
    return k.intrinsic(intrinsic, sum.type(), {sum, asVectorOf(lhs, k.b.getI8Type()), rhs});
  }

private:
  StringRef intrinsic;
  const VnniTile *narrower; // half as many lanes
};

/// The same for weights of -1 and 1, eight vectors of them in one of bytes. A weight is 2 b - 1 for its bit b, so a sum
/// is
///   sum of x w = 2 (sum of x b) - sum of x,
/// where bit f of a byte, left where it is, gives 2^f times the first (of bit 7, -2^7 times), and the second is that of
/// a position's codes, whatever the channel.
class VnniSignTile : public VnniTile {
public:
  VnniSignTile(int64_t lanes, StringRef intrinsic, BlockCosts costs)
      : VnniTile(lanes, intrinsic, costs, WeightFields::signs()) {}
  /// Neither the channels nor the products that are missing in a step, whose weights are 0, have a sign.
  bool fits(int64_t, int64_t) const override { return false; }
  bool fitsStep(ArrayRef<int64_t> codes) const override {
    return llvm::all_of(codes, [](int64_t weight) { return std::abs(weight) == 1; });
  }
  Val fieldOf(KernelBuilder &, Val packed, int64_t field, ArrayRef<int8_t>) const override {
    return packed & static_cast<int8_t>(1 << field);
  }
  Accumulators run(KernelBuilder &k, const BlockRun &run, Accumulators sums) const override;

private:
  Val sumOfCodes(KernelBuilder &k, const BlockRun &run, int64_t position) const;
};

/// The constraint of a vector register.
constexpr StringRef inRegister = "v";

/// vpmaddwd: two products of 16 bits in each lane, which 32 bits always hold.
class WordTile : public PackingTile {
public:
  WordTile(int64_t lanes, StringRef intrinsic, BlockCosts costs, int64_t weightBytes = 2)
      : PackingTile(lanes, /*products=*/2, IntegerType::Signed, /*stageBits=*/16, weightBytes, costs),
        intrinsic(intrinsic) {}
  bool hidesSums() const override { return true; }
  Val multiplyAdd(KernelBuilder &k, Val sum, Val lhs, Val rhs) const override {
    return opaque(sum + k.intrinsic(intrinsic, sum.type(), {asVectorOf(lhs, k.b.getI16Type()), rhs}), inRegister);
  }

private:
  StringRef intrinsic;
};

/// The same for weights that are bytes in memory, for layers that wait for them. What it takes to widen a vector of
/// them, as multiply-adds, is the costs' `prefix`.
class WidenedWordTile : public WordTile {
public:
  WidenedWordTile(int64_t lanes, StringRef intrinsic, BlockCosts costs)
      : WordTile(lanes, intrinsic, costs, /*weightBytes=*/1) {}
  /// Depthwise weights are few.
  const VectorTile *asVector() const override { return nullptr; }
  bool fits(int64_t smallestWeight, int64_t largestWeight) const override {
    return smallestWeight >= INT8_MIN && largestWeight <= INT8_MAX;
  }
  double blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const override {
    return WordTile::blockCycles(shape, positions, vectors) + unpackingCycles(shape, vectors);
  }
  Val loadWeights(KernelBuilder &k, Val pointer, int64_t before, int64_t valid, int64_t align) const override {
    return k.widen(WordTile::loadWeights(k, pointer, before, valid, align), k.b.getI16Type(), /*isSigned=*/true);
  }
};

/// vpmaddubsw: sums of two products of unsigned codes and signed weights in 16 bits, then vpmaddwd with ones for the
/// sums of two of those. The first saturates, unless the weights of each pair forbid it.
class ByteTile : public PackingTile {
public:
  ByteTile(int64_t lanes, StringRef byteIntrinsic, StringRef wordIntrinsic, BlockCosts costs, WeightFields fields = {})
      : PackingTile(lanes, /*products=*/4, IntegerType::Unsigned, /*stageBits=*/8, /*weightBytes=*/1, costs,
                    /*masksTail=*/false, std::move(fields)),
        byteIntrinsic(byteIntrinsic), wordIntrinsic(wordIntrinsic) {}
  bool fits(int64_t smallestWeight, int64_t largestWeight) const override {
    return 2 * smallestWeight >= -largestSum && 2 * largestWeight <= largestSum;
  }
  bool fitsStep(ArrayRef<int64_t> codes) const override;
  bool hidesSums() const override { return true; }
  Val multiplyAdd(KernelBuilder &k, Val sum, Val lhs, Val rhs) const override;

protected:
  /// x0 w0 + x1 w1 for codes from 0 to 255 is largest where a code is 255 if its weight is positive, and 0 if not; so
  /// it stays in [-32768, 32767] if and only if 255 (max(w0, 0) + max(w1, 0)) <= 32767, and the same for negative
  /// weights and 32768: sums of weights of one sign up to 128. A pair of two signs always fits.
  static constexpr int64_t largestSum = INT16_MAX / UINT8_MAX;

private:
  StringRef byteIntrinsic, wordIntrinsic;
};

} // namespace

/// In every lane.
Val VnniSignTile::sumOfCodes(KernelBuilder &k, const BlockRun &run, int64_t position) const {
  int64_t bytes = run.steps * products, vector = lanes * products, full = bytes / vector;
  Val from = k.advance(run.lhs, position * run.positionBytes), none = k.broadcast(k.i32(0), lanes);
  auto add = [&](Val sum, Val at, int64_t valid) {
    Val codes = k.loadVector(at, k.b.getI8Type(), vector, valid);
    return multiplyAdd(k, sum, codes, codes.constant(1));
  };
  SmallVector<Val> sum = k.loopAsIs(k.index(0), k.index(full), {none}, [&](Val i, ArrayRef<Val> carried) {
    return SmallVector<Val>{add(carried[0], k.advance(from, i * vector), vector)};
  });
  if (bytes % vector)
    sum[0] = add(sum[0], k.advance(from, full * vector), bytes % vector);
  return k.broadcast(k.val(LLVM::vector_reduce_add::create(k.b, k.loc, k.b.getI32Type(), sum[0])), lanes);
}

Accumulators VnniSignTile::run(KernelBuilder &k, const BlockRun &run, Accumulators sums) const {
  Accumulators scaled(sums.size(), k.broadcast(k.i32(0), lanes));
  scaled = VnniTile::run(k, run, std::move(scaled));
  for (int64_t i = 0; i < run.positions; ++i) {
    Val codes = sumOfCodes(k, run, i);
    for (int64_t j = 0; j < run.vectors; ++j) {
      int64_t field = j % fields.count;
      Val own = scaled[i * run.vectors + j], &sum = sums[i * run.vectors + j];
      Val twice = field == 0 ? own << 1 : field == 1 ? own : own >> (field - 1);
      sum = (field == 7 ? sum - twice : sum + twice) - codes;
    }
  }
  return sums;
}

bool ByteTile::fitsStep(ArrayRef<int64_t> codes) const {
  for (size_t i = 0; i < codes.size(); i += 2) {
    int64_t a = codes[i], b = codes[i + 1];
    if (!IntegerVectorTile::fits(std::min(a, b), std::max(a, b)) ||
        std::max<int64_t>(a, 0) + std::max<int64_t>(b, 0) > largestSum ||
        std::min<int64_t>(a, 0) + std::min<int64_t>(b, 0) < -largestSum)
      return false;
  }
  return true;
}

Val ByteTile::multiplyAdd(KernelBuilder &k, Val sum, Val lhs, Val rhs) const {
  auto words = VectorType::get({2 * lanes}, k.b.getI16Type());
  Val pairs = k.intrinsic(byteIntrinsic, words, {asVectorOf(lhs, k.b.getI8Type()), rhs});
  return opaque(sum + k.intrinsic(wordIntrinsic, sum.type(), {pairs, pairs.constant(1)}), inRegister);
}

/// Units that multiply vectors of 512 bits: two, or those of 256 bits, as one.
enum class WideUnits { Two, Halves };

template <WideUnits units> static llvm::ArrayRef<TileInstruction> tilesWith() {
  // Registers: all, less those for a product before it is added, and for ones; of words of 256 bits another one less,
  // as LLVM spills sums where all are taken. Multiply-adds a cycle are those of Intel's cores since Skylake
  // (uops.info): 256-bit multiplications on two ports and additions on three, 512-bit ones on two. Loads a cycle: at
  // most two, and those that the others leave of four micro-operations.
  constexpr bool areHalves = units == WideUnits::Halves;
  constexpr double wide = areHalves ? 1 : 2, wideLoads = areHalves ? 1 : 1.6, transforms = areHalves ? 1.4 : 1.6;
  constexpr double narrow = areHalves ? 1.8 : 2;   // of 256 bits: as many products, from twice as many instructions
  constexpr int64_t nearBytes = 24 * 1024;         // of 32 KB
  constexpr int64_t transformedBytes = 256 * 1024; // of the 512 KB or more that the next cache has on servers
  constexpr StringRef words256 = "llvm.x86.avx2.pmadd.wd", words512 = "llvm.x86.avx512.pmaddw.d.512";
  // Measured on Zen 4, of 256 bits for depths from 8 to 64, of 512 bits up to 256; on other cores as those of 256 bits.
  constexpr double overhead = 3, behind = 0.011;
  // Of 512 bits.
  auto wideCosts = [=](int64_t registers, double latency, double prefix) {
    return BlockCosts{.registers = registers,
                      .multiplyAdds = wide,
                      .loads = wideLoads,
                      .latency = latency,
                      .nearBytes = nearBytes,
                      .farBytes = 192,
                      .sliding = 0.8,
                      .prefix = prefix};
  };
  BlockCosts ofBytes512 = wideCosts(32, /*latency=*/5, /*prefix=*/0), ofFloats512 = wideCosts(32, 4, 0);
  for (BlockCosts *costs : {&ofBytes512, &ofFloats512}) {
    costs->transformedBytes = transformedBytes;
    costs->transforms = transforms;
  }
  ofBytes512.blockOverhead = areHalves ? 1 : overhead;
  ofBytes512.behindLookAhead = areHalves ? 0.08 : behind;
  static const VnniTile vnni256(
      8, "llvm.x86.avx512.vpdpbusd.256",
      {.registers = 16, .multiplyAdds = narrow, .loads = 2, .latency = 5, .transformedBytes = transformedBytes});
  // For eight channels or fewer, which leave half of the lanes of 512 bits without any.
  static const VnniTile vnniHalf(8, "llvm.x86.avx512.vpdpbusd.256",
                                 {.registers = 32,
                                  .multiplyAdds = narrow,
                                  .loads = areHalves ? 1.73 : 2,
                                  .latency = 5,
                                  .blockOverhead = overhead,
                                  .behindLookAhead = behind,
                                  .shuffles = 2});
  static const VnniTile vnni512(16, "llvm.x86.avx512.vpdpbusd.512", ofBytes512, {}, &vnniHalf);
  static const VnniTile vnniNibbles512(16, "llvm.x86.avx512.vpdpbusd.512", wideCosts(31, /*latency=*/5, /*prefix=*/2),
                                       WeightFields::shifted(/*bits=*/4, /*bytes=*/1));
  static const VnniTile vnniCrumbs512(16, "llvm.x86.avx512.vpdpbusd.512", wideCosts(29, /*latency=*/5, /*prefix=*/2),
                                      WeightFields::shifted(/*bits=*/2, /*bytes=*/1));
  static const VnniSignTile vnniSigns512(16, "llvm.x86.avx512.vpdpbusd.512",
                                         wideCosts(20, /*latency=*/5, /*prefix=*/1));
  static const VnniTile vnniNibbles256(8, "llvm.x86.avx512.vpdpbusd.256",
                                       {15, narrow, 2, 5, 8, INT64_MAX, 1, 0, /*prefix=*/1.5},
                                       WeightFields::shifted(/*bits=*/4, /*bytes=*/1));
  // Linked by their digits, integers would not fit 16 bits.
  constexpr StringRef lookUp256 = "llvm.x86.avx2.pshuf.b", lookUp512 = "llvm.x86.avx512.pshuf.b.512";
  static const LookUpTile<ByteTile> nibbleBytes512(lookUp512, 16, "llvm.x86.avx512.pmaddubs.w.512", words512,
                                                   BlockCosts{28, 2.0 / 3, 2, 1, 8, INT64_MAX, 1, 0, /*prefix=*/1.7});
  static const LookUpTile<ByteTile> nibbleBytes256(lookUp256, 8, "llvm.x86.avx2.pmadd.ub.sw", words256,
                                                   BlockCosts{12, 1, 1, 1, 8, INT64_MAX, 1, 0, /*prefix=*/1.7});
  static const LookUpTile<VnniTile> vnniCodes512(lookUp512, 16, "llvm.x86.avx512.vpdpbusd.512",
                                                 wideCosts(28, /*latency=*/5, /*prefix=*/5));
  static const LookUpTile<VnniTile> vnniCodes256(lookUp256, 8, "llvm.x86.avx512.vpdpbusd.256",
                                                 BlockCosts{13, narrow, 2, 5, 8, INT64_MAX, 1, 0, /*prefix=*/3.5});
  static const ByteTile bytes512(16, "llvm.x86.avx512.pmaddubs.w.512", words512, {30, 2.0 / 3, 2, 1});
  static const ByteTile bytes256(8, "llvm.x86.avx2.pmadd.ub.sw", words256, {14, 1, 1, 1});
  static const WordTile pairs512(
      16, words512,
      {.registers = 31, .multiplyAdds = 1, .loads = 2, .latency = 1, .transformedBytes = transformedBytes});
  // Of words, read at a speed measured on Zen 4.
  static const WordTile pairs256(8, words256,
                                 {.registers = 14,
                                  .multiplyAdds = 1.5,
                                  .loads = 1.3,
                                  .latency = 1,
                                  .transformedBytes = transformedBytes,
                                  .transforms = 1.6,
                                  .readBytes = 28});
  static const WidenedWordTile widenedPairs256(
      8, words256, {.registers = 14, .multiplyAdds = 1.5, .loads = 1.3, .latency = 1, .prefix = 0.3, .readBytes = 28});
  static const FloatVectorTile float512(16, ofFloats512);
  static const FloatVectorTile float256(
      8, {.registers = 16, .multiplyAdds = narrow, .loads = 2, .latency = 4, .transformedBytes = transformedBytes});
  static const BfloatVectorTile bfloat512(16, "llvm.x86.avx512bf16.dpbf16ps.512",
                                          wideCosts(32, /*latency=*/6, /*prefix=*/0));
  static const WidenedFloatTile widened512(16, wideCosts(31, /*latency=*/4, /*prefix=*/1));
  static const WidenedFloatTile widened256(
      8, {.registers = 15, .multiplyAdds = narrow, .loads = 2, .latency = 4, .prefix = 1});
  // An addition and the exclusive or before it: of 512 bits, about one of each a cycle.
  static const BlockCosts ofSigns512 = {.registers = 28, .multiplyAdds = 1, .loads = 0.5, .latency = 4, .prefix = 0.5};
  static const BlockCosts ofSigns256 = {.registers = 13, .multiplyAdds = 1.5, .loads = 1, .latency = 4, .prefix = 1};
  static const SignedFloatTile signs512(16, /*hasZeros=*/false, ofSigns512), threes512(16, true, ofSigns512);
  static const SignedFloatTile signs256(8, /*hasZeros=*/false, ofSigns256), threes256(8, true, ofSigns256);
  // Micro-operations: a product of bits is eight of them with a table, three with an instruction that counts; two or
  // three a cycle.
  constexpr StringRef bytes8 = "llvm.x86.avx2.pmadd.ub.sw", bytes16 = "llvm.x86.avx512.pmaddubs.w.512";
  static const CountedBitTile counted512(16, /*elementBits=*/32,
                                         {.registers = 30, .count = 1.5, .load = 0.3, .total = 0.5, .sum = 3});
  static const CountedBitTile countedBytes512(16, /*elementBits=*/8,
                                              {.registers = 30, .count = 1.5, .load = 0.3, .total = 3, .sum = 3});
  static const NibbleBitTile nibbles512(16, "llvm.x86.avx512.pshuf.b.512", bytes16, words512,
                                        {.registers = 16, .count = 4, .load = 0.3, .total = 2, .sum = 3});
  static const NibbleBitTile nibbles256(8, "llvm.x86.avx2.pshuf.b", bytes8, words256,
                                        {.registers = 10, .count = 2.4, .load = 0.3, .total = 2, .sum = 3});
  // Loads are those of a tile's rows, the latency that of a product of tiles.
  static const AmxTile amx(
      {.registers = 8, .multiplyAdds = 1, .loads = 2, .latency = 52, .nearBytes = nearBytes, .farBytes = 48});
  static const AmxBfloatTile amxBfloat(
      {.registers = 8, .multiplyAdds = 1, .loads = 2, .latency = 52, .nearBytes = nearBytes, .farBytes = 48});
  static const TileInstruction tiles[] = {
      blockInstruction("x86.amx", "amx-tile,amx-int8", amx),
      blockInstruction("x86.avx512vnni", "avx512vnni,avx512vl", vnni512),
      blockInstruction("x86.avx512vnni.256", "avx512vnni,avx512vl", vnniHalf),
      blockInstruction("x86.avx512vnni.w4", "avx512vnni", vnniNibbles512),
      blockInstruction("x86.avx512vnni.codes4", "avx512vnni,avx512bw", vnniCodes512),
      blockInstruction("x86.avx512vnni.w2", "avx512vnni", vnniCrumbs512),
      blockInstruction("x86.avx512vnni.w1", "avx512vnni,avx512bw", vnniSigns512),
      blockInstruction("x86.avx512bw.byte", "avx512bw", bytes512),
      blockInstruction("x86.avx512bw.byte.w4", "avx512bw", nibbleBytes512),
      blockInstruction("x86.avx512bw", "avx512bw", pairs512),
      blockInstruction("x86.avxvnni", "avxvnni,fma", vnni256),
      blockInstruction("x86.avxvnni.w4", "avxvnni,fma", vnniNibbles256),
      blockInstruction("x86.avxvnni.codes4", "avxvnni,fma", vnniCodes256),
      blockInstruction("x86.avx2.byte", "avx2,fma", bytes256),
      blockInstruction("x86.avx2.byte.w4", "avx2,fma", nibbleBytes256),
      blockInstruction("x86.avx2", "avx2,fma", pairs256),
      blockInstruction("x86.avx2.widened", "avx2,fma", widenedPairs256),
      blockInstruction("x86.amx.bf16", "amx-tile,amx-bf16", amxBfloat),
      blockInstruction("x86.avx512bf16", "avx512bf16", bfloat512),
      blockInstruction("x86.avx512f", "avx512f", float512),
      blockInstruction("x86.fma", "fma", float256),
      blockInstruction("x86.avx512f.bf16", "avx512f", widened512),
      blockInstruction("x86.fma.bf16", "avx2,fma", widened256),
      blockInstruction("x86.avx512f.signs", "avx512dq", signs512),
      blockInstruction("x86.avx512f.ternary", "avx512dq", threes512),
      blockInstruction("x86.avx2.signs", "avx2", signs256),
      blockInstruction("x86.avx2.ternary", "avx2", threes256),
      blockInstruction("x86.avx512vpopcntdq.bits", "avx512vpopcntdq", counted512),
      blockInstruction("x86.avx512bitalg.bits", "avx512bitalg", countedBytes512),
      blockInstruction("x86.avx512bw.bits", "avx512bw", nibbles512),
      blockInstruction("x86.avx2.bits", "avx2", nibbles256),
      genericTiles()[0],
      genericTiles()[1],
      genericTiles()[2],
      genericTiles()[3],
  };
  return tiles;
}

llvm::ArrayRef<TileInstruction> target::x86Tiles() { return tilesWith<WideUnits::Two>(); }

llvm::ArrayRef<TileInstruction> target::x86TilesOf(llvm::StringRef cpu) {
  return cpu == "znver4" ? tilesWith<WideUnits::Halves>() : x86Tiles();
}
