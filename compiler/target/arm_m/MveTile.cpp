#include "compiler/target/arm_m/MveTile.h"

#include "compiler/target/BitTile.h"
#include "compiler/target/VectorTile.h"
#include "compiler/target/arm_m/MveHalves.h"
#include "compiler/target/arm_m/MveOctet.h"
#include "compiler/target/generic/TileTable.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

namespace {

/// vmladava: 16 products of signed bytes, added across all lanes to a sum in a general register. Sums are many, four of
/// one channel or four channels of one position, so the eight vector registers can keep the weights of a channel while
/// positions go by. The bytes behind the end of a run are not read: a predicate leaves zeros in their place, or the
/// last step begins before its first product. Weights that share bytes fill runs up with zeros instead.
class DotTile : public IntegerVectorTile {
public:
  explicit DotTile(WeightFields fields = {})
      : IntegerVectorTile(/*lanes=*/1, /*products=*/16, IntegerType::Signed, /*stageBits=*/8, /*weightBytes=*/1,
                          {/*registers=*/vectorRegisters, /*multiplyAdds=*/1, /*loads=*/1, /*latency=*/1},
                          /*masksTail=*/fields.count == 1, fields) {}
  /// Depthwise contractions have no run of products in memory.
  const VectorTile *asVector() const override { return nullptr; }
  Type codesType(OpBuilder &b) const override { return weightsType(b); }
  int64_t stepsAtOnce(const BlockRun &run) const override;
  int64_t stagedAtOnce(int64_t) const override { return products; }
  Accumulators run(KernelBuilder &k, const BlockRun &run, Accumulators sums) const override;
  Val loadCodes(KernelBuilder &k, Val pointer, int64_t valid, int64_t align) const override {
    return loadBytesMve(k, pointer, 0, valid, align);
  }
  Val loadWeights(KernelBuilder &k, Val pointer, int64_t before, int64_t valid, int64_t align) const override {
    return loadBytesMve(k, pointer, before, valid, align);
  }
  Val multiplyAdd(KernelBuilder &k, Val sum, Val lhs, Val rhs) const override { return dotMve(k, sum, lhs, rhs); }
  int64_t gatheredSums() const override { return 4; }
  void storeApart(KernelBuilder &k, Val pointer, Val offsets, Val codes, Type element, int64_t count) const override {
    scatterMve(k, pointer, offsets, codes, element, count);
  }
  bool holdsBlock(int64_t positions, int64_t vectors) const override {
    return positions * vectors <= sums || (positions <= gatheredSums() && vectors == groupVectors);
  }
  double blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const override;
  int64_t longestBlock() const override { return 96; }
  int64_t rowLength(int64_t positions, int64_t bytes) const override { return rowOfBlocks(positions, bytes, sums); }

private:
  bool isPacked(const BlockRun &run) const;
  Accumulators runPacked(KernelBuilder &k, const BlockRun &run, Accumulators sums) const;
  Accumulators runKept(KernelBuilder &k, const BlockRun &run, int64_t kept, Accumulators sums) const;
  static constexpr int64_t vectorRegisters = 8;
  static constexpr int64_t keptVectors = vectorRegisters - 3; // of weights, beside codes, sums and a constant
  static constexpr int64_t longestBody = 32;                  // multiply-adds of a run that is no loop
  static constexpr int64_t groupVectors = 2; // of four positions each: sums of a group become vectors at once
  static constexpr int64_t sums = 4;         // in registers of even numbers, of which other things need some, too
};

/// The same with blocks of twice as many sums: codes are loaded for two channels at once. They are assembly, a function
/// for each length of runs.
class OctetTile : public DotTile {
public:
  Accumulators run(KernelBuilder &k, const BlockRun &run, Accumulators sums) const override;
  /// The products of one length of runs take some hundred bytes.
  double codeCycles() const override { return 3500; }
  bool storesRows() const override { return true; }
  bool storeRow(KernelBuilder &k, const BlockRow &row) const override { return callMveRow(k, row); }
  bool holdsBlock(int64_t positions, int64_t vectors) const override {
    return positions <= MveOctet::positions && vectors == MveOctet::vectors;
  }
  double blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const override;
};

} // namespace

/// So many that a run of 128 products for a block of four is no loop, as some operands may then stay in registers; and
/// that a loop's own work is small; less where no quad of sums is had, or code size counts, and nothing stays.
int64_t DotTile::stepsAtOnce(const BlockRun &run) const {
  constexpr int64_t smallBody = 8;
  int64_t loopBody = 16, longestBody = this->longestBody;
  int64_t perStep = run.positions * run.vectors * run.taps;
  if (run.positions == 1 && (run.vectors < gatheredSums() || run.lhs.k->prefersSize))
    loopBody = longestBody = smallBody;
  return run.steps * perStep <= longestBody * run.taps ? run.steps : std::max<int64_t>(1, loopBody / perStep);
}

/// True if one load has the codes of several positions, and those of a block are nothing but such loads.
bool DotTile::isPacked(const BlockRun &run) const {
  return channelUnit() == 1 && run.steps == 1 && run.vectors == 1 && run.tail < products &&
         run.tail == run.positionBytes && products % run.tail == 0 && run.positions * run.tail % products == 0;
}

/// Each position of a load meets the weights in its own place, among zeros.
Accumulators DotTile::runPacked(KernelBuilder &k, const BlockRun &run, Accumulators sums) const {
  SmallVector<Val> weights;
  for (int64_t place = 0; place < products; place += run.tail)
    weights.push_back(loadBytesMve(k, k.advance(run.rhs, -place), place, run.tail, 1));
  for (int64_t i = 0; i < run.positions; ++i) {
    auto perLoad = static_cast<int64_t>(weights.size()), first = i - i % perLoad;
    Val codes = loadCodes(k, k.advance(run.lhs, first * run.tail), products, run.lhsAlign);
    sums[i] = dotMve(k, sums[i], codes, weights[i % perLoad]);
  }
  return sums;
}

Accumulators DotTile::run(KernelBuilder &k, const BlockRun &run, Accumulators sums) const {
  BlockRun hidden = run;
  hidden.lhs = k.hide(run.lhs);
  if (isPacked(run))
    return runPacked(k, hidden, std::move(sums));
  bool isOneByMany = std::min(run.positions, run.vectors) == 1 && std::max(run.positions, run.vectors) > 1;
  // A last step that lacks products needs one before it.
  int64_t kept = std::min(keptVectors, run.tail < products ? run.steps - 2 : run.steps);
  if (run.steps > keptVectors && run.taps == 1 && isOneByMany && kept > 0 && stepsAtOnce(run) == run.steps)
    return runKept(k, run, kept, std::move(sums));
  if (run.steps * run.vectors > keptVectors)
    hidden.rhs = k.hide(run.rhs);
  return IntegerVectorTile::run(k, hidden, std::move(sums));
}

/// A channel's weights for many positions, or a position's codes for many channels: those of the first steps stay in
/// registers, the others are loaded for each block.
Accumulators DotTile::runKept(KernelBuilder &k, const BlockRun &run, int64_t kept, Accumulators sums) const {
  BlockRun first = run, rest = run;
  first.steps = kept;
  first.tail = products;
  rest.steps = run.steps - kept;
  rest.lhs = k.advance(run.lhs, kept * products);
  rest.rhs = k.advance(run.rhs, kept * vectorBytes(run.vectors) * products);
  (run.positions > 1 ? first.lhs : first.rhs) = k.hide(run.positions > 1 ? first.lhs : first.rhs);
  rest.lhs = k.hide(rest.lhs);
  rest.rhs = k.hide(rest.rhs);
  return IntegerVectorTile::run(k, rest, IntegerVectorTile::run(k, first, std::move(sums)));
}

/// Each load, product and step of the epilogue is an instruction. Weights that stay in registers while positions go by
/// are free. A prefix of packed weights takes as long as a load, but sums of prefixes have to become those of channels.
/// Where the rows of a window are a loop for a block of four sums, these begin with zeros, each row finds its line and
/// its weights, and each step of a long one is counted; smaller blocks, whose rows may be none, take no less for each
/// sum. Where groups have scales, each ends with what links prefixes and a multiplication, for four sums at once or one
/// by one.
double DotTile::blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const {
  if (positions * vectors > sums && (!shape.scaleGroup || positions < gatheredSums()))
    return HUGE_VAL;
  constexpr double blockOverhead = 6, epilogue = 8, channelEpilogue = 13;
  int64_t steps = shape.runs() * shape.steps, keptSteps = std::min(steps, keptVectors);
  double perStep = shape.codesOfStep(positions, vectors) + static_cast<double>(positions * vectors);
  auto reloaded = static_cast<double>(steps * vectors);
  if (steps * vectors <= keptVectors)
    reloaded = 0;
  else if (vectors == 1 && positions > 1 && shape.runs() == 1 && steps * positions <= longestBody)
    reloaded -= static_cast<double>(keptSteps);
  else if (positions == 1 && vectors > 1 && shape.runs() == 1 && steps * vectors <= longestBody)
    reloaded -= static_cast<double>(keptSteps); // of the codes
  int64_t longer = std::max(positions, vectors), shorter = std::min(positions, vectors);
  double linked = fields.areLinked() ? 2 * static_cast<double>(positions * vectors) : 0;
  if (shape.scaleGroup) {
    constexpr double ofGroup = 4, ofQuad = 5.5, ofSum = 3.5;
    double combining = positions == gatheredSums() ? ofQuad * static_cast<double>(vectors)
                                                   : ofSum * static_cast<double>(positions * vectors);
    linked = static_cast<double>(shape.runs() * llvm::divideCeil(shape.run, shape.scaleGroup)) * (ofGroup + combining);
  }
  double ofRows = 0;
  if (shape.runs() > 1 && steps * sums > longestBlock()) {
    constexpr double ofBlock = 34, ofRow = 11;
    int64_t loops = shape.steps * sums > longestBody ? shape.steps / shape.taps() : 0;
    ofRows = (ofBlock + static_cast<double>(shape.runs()) * (ofRow + static_cast<double>(loops))) *
             static_cast<double>(positions * vectors) / sums;
  }
  auto quads = static_cast<double>(llvm::divideCeil(longer, gatheredSums()) * shorter);
  return perStep * static_cast<double>(steps) + reloaded + blockOverhead + linked + ofRows +
         quads * (vectors > positions ? channelEpilogue : epilogue);
}

Accumulators OctetTile::run(KernelBuilder &k, const BlockRun &run, Accumulators sums) const {
  if (MveOctet octet(run); octet.isPossible())
    return octet.emit(k, sums);
  return DotTile::run(k, run, std::move(sums));
}

/// Channels that are left have blocks of one. Others are too few for assembly.
double OctetTile::blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const {
  if (vectors == 1 && !shape.scaleGroup)
    return DotTile::blockCycles(shape, positions, vectors);
  bool hasWholeStep = (shape.steps > 1 || shape.tail() == products) && !shape.scaleGroup;
  if (positions < MveOctet::positions || shape.runs() > 1 || !hasWholeStep)
    return HUGE_VAL;
  constexpr double step = MveOctet::positions + MveOctet::vectors + MveOctet::sums, overhead = 34;
  return step * static_cast<double>(shape.steps) + overhead;
}

Val target::dotMve(KernelBuilder &k, Val sum, Val lhs, Val rhs) {
  Val no = k.immediate(0);
  return k.intrinsic("llvm.arm.mve.vmldava.v16i8", sum.type(), {no, no, no, sum, lhs, rhs});
}

void target::scatterMve(KernelBuilder &k, Val pointer, Val offsets, Val codes, Type element, int64_t count) {
  SmallVector<Value> operands = {pointer, offsets, codes, k.immediate(element.getIntOrFloatBitWidth()), k.immediate(0)};
  std::string kind = element.isF32() ? "p0.v4i32.v4f32" : "p0.v4i32.v4i32";
  if (count < 4) {
    auto bits = VectorType::get({4}, k.b.getI1Type());
    operands.push_back(k.intrinsic("llvm.arm.mve.pred.i2v.v4i1", bits, {k.i32((1 << 4 * count) - 1)}));
    kind = "predicated." + kind + ".v4i1";
  }
  LLVM::CallIntrinsicOp::create(k.b, k.loc, k.b.getStringAttr("llvm.arm.mve.vstr.scatter.offset." + kind), operands);
}

Val target::loadBytesMve(KernelBuilder &k, Val pointer, int64_t before, int64_t valid, int64_t align) {
  constexpr int64_t bytes = 16;
  Type byte = k.b.getI8Type();
  // LLVM takes offsets up to 127 for loads of bytes, up to 508 for words.
  if (valid == bytes && align % 4 == 0)
    return k.intrinsic("llvm.arm.mve.vreinterpretq.v16i8.v4i32", VectorType::get({bytes}, byte),
                       {k.loadVector(pointer, k.b.getI32Type(), bytes / 4, bytes / 4, align)});
  if (valid == bytes)
    return k.loadVector(pointer, byte, bytes, bytes, align);
  auto type = VectorType::get({bytes}, byte), bits = VectorType::get({bytes}, k.b.getI1Type());
  Val mask = k.intrinsic("llvm.arm.mve.pred.i2v.v16i1", bits, {k.i32(((1 << valid) - 1) << before)});
  Val zero = k.val(arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(type)));
  return k.val(LLVM::MaskedLoadOp::create(k.b, k.loc, type, pointer, mask, zero, k.b.getI32IntegerAttr(1)));
}

/// A narrow rescaling to codes of 8 bits by 2^s and a zero point z: the code is the clamped
///   floor((h - (x < 0) + 2^(s-1) + z 2^s) / 2^s),  h = SRDHM(x, m)
/// (h < 0 and x < 0 differ only where h is 0 and both give 0). vqrdmlash adds the constants to h. Saturation of their
/// sum times 2^(24-s) clamps the quotient, which is the sum's highest byte. That it is one lets the clamp behind it
/// vanish, as does z, which is taken off here.
static Val requantizeToByte(KernelBuilder &k, Val x, Val multiplier, Val shift, const RescalingUse &use) {
  Val no = k.immediate(0), added = (shift.constant(2 * use.zero + 1) << shift) >> 1;
  Val sum = k.intrinsic("llvm.arm.mve.vqrdmlash.v4i32", x.type(), {x, multiplier, added});
  if (!use.isClampedAtZero)
    sum = sum + (x >> 31);
  Val top = k.intrinsic("llvm.arm.mve.vshl.scalar.v4i32", x.type(),
                        {sum, shift.constant(24) - shift, k.immediate(1), no, no});
  return (top >> 24) - use.zero;
}

/// SRDHM is vqrdmulh: a multiplier is not negative, so that nothing saturates. vrshl to the left by a negative number
/// divides by 2^s and rounds halves upwards, and halves away from zero if negative numbers are 1 less; without that, a
/// negative number still does not give a positive one.
std::optional<Val> target::requantizeMve(KernelBuilder &k, Val x, Val multiplier, Val shift, const RescalingUse &use) {
  auto type = llvm::cast<VectorType>(x.type());
  if (type.getNumElements() != 4)
    return std::nullopt;
  std::optional<Val> repeated = KernelBuilder::repeatedScalar(shift);
  if (repeated && use.isNarrow && use.isByte && std::abs(use.zero) <= 128)
    return requantizeToByte(k, x, multiplier, *repeated, use);
  Val high = k.intrinsic("llvm.arm.mve.vqrdmulh.v4i32", type, {x, multiplier});
  Val no = k.immediate(0), yes = k.immediate(1);
  Val minusShift = repeated ? -*repeated : -shift;
  if (!use.isClampedAtZero)
    high = high + ((high & (repeated ? k.broadcast(minusShift, 4) : minusShift)) >> 31);
  if (repeated)
    return k.intrinsic("llvm.arm.mve.vshl.scalar.v4i32", type, {high, minusShift, no, yes, no});
  return k.intrinsic("llvm.arm.mve.vshl.vector.v4i32.v4i32", type, {high, minusShift, no, yes, no});
}

llvm::ArrayRef<TileInstruction> target::mveTiles() {
  static const DotTile dot, nibbles(WeightFields::shifted(/*bits=*/4, /*bytes=*/1)),
      crumbs(WeightFields::shifted(/*bits=*/2, /*bytes=*/1));
  static const OctetTile octet;
  static const MveHalvesTile halves;
  // Instructions. Of eight vectors, three are masks.
  static const ShiftedBitTile bits(/*lanes=*/4, {.registers = 3, .count = 9.7, .load = 1.5, .total = 8, .sum = 16});
  // Two registers: what finds the signs, changes them and adds takes two beats each.
  static const BlockCosts ofSigns = {.registers = 4, .multiplyAdds = 1.0 / 16, .loads = 1, .latency = 1};
  static const SignedFloatTile signs(8, /*hasZeros=*/false, ofSigns), threes(8, /*hasZeros=*/true, ofSigns);
  static const TileInstruction tiles[] = {
      blockInstruction("mve", "mve", dot),
      blockInstruction("mve.octet", "mve", octet, /*isLarge=*/true),
      blockInstruction("mve.halves", "mve", halves),
      blockInstruction("mve.w4", "mve", nibbles),
      blockInstruction("mve.w2", "mve", crumbs),
      blockInstruction("mve.patch", "mve", mvePatchTile()),
      blockInstruction("mve.signs", "mve.fp", signs),
      blockInstruction("mve.ternary", "mve.fp", threes),
      blockInstruction("mve.bits", "mve", bits),
      genericTiles()[0],
      genericTiles()[1],
      genericTiles()[2],
      genericTiles()[3],
  };
  return tiles;
}
