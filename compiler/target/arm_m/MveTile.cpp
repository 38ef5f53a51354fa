#include "compiler/target/arm_m/MveTile.h"

#include "compiler/target/VectorTile.h"
#include "compiler/target/generic/TileTable.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

namespace {

/// vmladava: 16 products of signed bytes, added across all lanes to a sum in a general register. Sums are many, four of
/// one channel or four channels of one position, so the eight vector registers can keep the weights of a channel while
/// positions go by. The bytes behind the end of a run are not read: a predicate leaves zeros in their place.
class DotTile : public IntegerVectorTile {
public:
  DotTile()
      : IntegerVectorTile(/*lanes=*/1, /*products=*/16, IntegerType::Signed, /*stageBits=*/8, /*weightBytes=*/1,
                          {/*registers=*/vectorRegisters, /*multiplyAdds=*/1, /*loads=*/1, /*latency=*/1},
                          /*masksTail=*/true) {}
  /// Depthwise contractions have no run of products in memory.
  const VectorTile *asVector() const override { return nullptr; }
  Type codesType(OpBuilder &b) const override { return weightsType(b); }
  int64_t stepsAtOnce(const BlockRun &run) const override;
  int64_t stagedAtOnce(int64_t) const override { return products; }
  Accumulators run(KernelBuilder &k, const BlockRun &run, Accumulators sums) const override;
  Val loadCodes(KernelBuilder &k, Val pointer, int64_t valid, int64_t align) const override {
    return k.loadVector(pointer, k.b.getI8Type(), products, valid, align);
  }
  Val multiplyAdd(KernelBuilder &k, Val sum, Val lhs, Val rhs) const override { return dotMve(k, sum, lhs, rhs); }
  int64_t gatheredSums() const override { return 4; }
  void storeApart(KernelBuilder &k, Val pointer, ArrayRef<int64_t> offsets, Val codes, Type element,
                  std::optional<Val> lanes) const override {
    scatterMve(k, pointer, offsets, codes, element, lanes);
  }
  bool holdsBlock(int64_t positions, int64_t vectors) const override { return positions * vectors <= sums; }
  double blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const override;
  int64_t longestBlock() const override { return 96; }

private:
  static constexpr int64_t vectorRegisters = 8;
  static constexpr int64_t keptVectors = vectorRegisters - 3; // of weights, beside codes, sums and a constant
  static constexpr int64_t sums = 4; // in registers of even numbers, of which other things need some, too
};

} // namespace

/// So many that a run of 128 products for four sums is no loop, and a loop's own work is small.
int64_t DotTile::stepsAtOnce(const BlockRun &run) const {
  constexpr int64_t longestBody = 32, loopBody = 16;
  int64_t perStep = run.positions * run.vectors * run.taps;
  return run.steps * perStep <= longestBody * run.taps ? run.steps : std::max<int64_t>(1, loopBody / perStep);
}

/// LLVM steps one pointer for each offset from a pointer that a loop steps, unless it does not see where it comes from;
/// and it would load all weights in front of the loop over positions, to spill those that find no register.
Accumulators DotTile::run(KernelBuilder &k, const BlockRun &run, Accumulators sums) const {
  auto hide = [&](Val pointer) { return k.val(LLVM::LaunderInvariantGroupOp::create(k.b, k.loc, pointer)); };
  BlockRun hidden = run;
  hidden.lhs = hide(run.lhs);
  if (run.steps * run.vectors > keptVectors)
    hidden.rhs = hide(run.rhs);
  return IntegerVectorTile::run(k, hidden, std::move(sums));
}

/// Each load, product and step of the epilogue is an instruction. Weights that stay in registers while positions go by
/// are free.
double DotTile::blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const {
  constexpr double blockOverhead = 6, epilogue = 10, channelParams = 4;
  int64_t steps = shape.runs() * shape.steps;
  double perStep = shape.codesOfStep(positions, vectors) + static_cast<double>(positions * vectors);
  if (steps * vectors > keptVectors)
    perStep += static_cast<double>(vectors);
  int64_t longer = std::max(positions, vectors), shorter = std::min(positions, vectors);
  auto quads = static_cast<double>(llvm::divideCeil(longer, gatheredSums()) * shorter);
  return perStep * static_cast<double>(steps) + quads * epilogue + blockOverhead +
         (vectors > positions ? channelParams : 0);
}

Val target::dotMve(KernelBuilder &k, Val sum, Val lhs, Val rhs) {
  Val no = k.i32(0);
  return k.intrinsic("llvm.arm.mve.vmldava.v16i8", sum.type(), {no, no, no, sum, lhs, rhs});
}

void target::scatterMve(KernelBuilder &k, Val pointer, ArrayRef<int64_t> offsets, Val codes, Type element,
                        std::optional<Val> lanes) {
  auto type = VectorType::get({4}, k.b.getI32Type());
  auto count = static_cast<int64_t>(offsets.size());
  SmallVector<int32_t> places(offsets.begin(), offsets.end());
  places.resize(4);
  Val at = k.val(arith::ConstantOp::create(k.b, k.loc, DenseElementsAttr::get(type, ArrayRef<int32_t>(places))));
  SmallVector<Value> operands = {pointer, at, codes, k.i32(element.getIntOrFloatBitWidth()), k.i32(0)};
  std::string kind = element.isF32() ? "p0.v4i32.v4f32" : "p0.v4i32.v4i32";
  if (count < 4 && !lanes)
    lanes = k.i32(BlockTile::laneBits(0, count));
  if (lanes) {
    auto bits = VectorType::get({4}, k.b.getI1Type());
    operands.push_back(k.intrinsic("llvm.arm.mve.pred.i2v.v4i1", bits, {*lanes}));
    kind = "predicated." + kind + ".v4i1";
  }
  LLVM::CallIntrinsicOp::create(k.b, k.loc, k.b.getStringAttr("llvm.arm.mve.vstr.scatter.offset." + kind), operands);
}

/// The scalar that a vector repeats.
static std::optional<Val> repeatedScalar(Val vector) {
  KernelBuilder &k = *vector.k;
  DenseElementsAttr elements;
  if (matchPattern(vector.value, m_Constant(&elements)) && elements.isSplat())
    return k.val(arith::ConstantOp::create(k.b, k.loc, elements.getSplatValue<TypedAttr>()));
  auto shuffle = vector.value.getDefiningOp<LLVM::ShuffleVectorOp>();
  auto insert = shuffle ? shuffle.getV1().getDefiningOp<LLVM::InsertElementOp>() : nullptr;
  if (!insert || !matchPattern(insert.getPosition(), m_Zero()) ||
      !llvm::all_of(shuffle.getMask(), [](int32_t lane) { return lane == 0; }))
    return std::nullopt;
  return k.val(insert.getValue());
}

/// SRDHM is vqrdmulh: a multiplier is not negative, so that nothing saturates. vrshl to the left by a negative number
/// divides by 2^s and rounds halves upwards, and halves away from zero if negative numbers are 1 less; without that, a
/// negative number still does not give a positive one.
std::optional<Val> target::requantizeMve(KernelBuilder &k, Val x, Val multiplier, Val shift, bool isClampedAtZero) {
  auto type = llvm::cast<VectorType>(x.type());
  if (type.getNumElements() != 4)
    return std::nullopt;
  Val high = k.intrinsic("llvm.arm.mve.vqrdmulh.v4i32", type, {x, multiplier});
  Val no = k.i32(0), yes = k.i32(1);
  std::optional<Val> repeated = repeatedScalar(shift);
  Val minusShift = repeated ? -*repeated : -shift;
  if (!isClampedAtZero)
    high = high + ((high & (repeated ? k.broadcast(minusShift, 4) : minusShift)) >> 31);
  if (repeated)
    return k.intrinsic("llvm.arm.mve.vshl.scalar.v4i32", type, {high, minusShift, no, yes, no});
  return k.intrinsic("llvm.arm.mve.vshl.vector.v4i32.v4i32", type, {high, minusShift, no, yes, no});
}

llvm::ArrayRef<TileInstruction> target::mveTiles() {
  static const DotTile dot;
  static const TileInstruction tiles[] = {
      blockInstruction("mve", "mve", dot),
      blockInstruction("mve.patch", "mve", mvePatchTile()),
      genericTiles()[0],
      genericTiles()[1],
  };
  return tiles;
}
