#include "compiler/target/VectorTile.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include <numeric>

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

// So many multiply-adds in a row keep a loop's own work small, and more than the second number are not worth their
// code.
static constexpr int64_t shortestBody = 48, longestBody = 128;

int64_t VectorTile::stepBytes(OpBuilder &b) const {
  Type codes = codesType(b);
  auto vector = llvm::dyn_cast<VectorType>(codes);
  return getElementTypeOrSelf(codes).getIntOrFloatBitWidth() * (vector ? vector.getNumElements() : 1) / 8;
}

int64_t VectorTile::stepsAtOnce(const BlockRun &run) const {
  int64_t steps = run.steps / run.taps, multiplyAdds = run.positions * run.vectors * run.taps;
  int64_t most = std::clamp<int64_t>(longestBody / multiplyAdds, 1, steps);
  // Not so many that one code belongs to two positions, for LLVM would then keep it in a register from one use to the
  // next.
  if (run.positions > 1 && run.taps == 1)
    most = std::clamp<int64_t>(run.positionBytes / stepBytes(run.lhs.k->b), 1, most);
  // Of the numbers that will do, the one that leaves the fewest steps in the code, those behind the loop included.
  int64_t least = std::clamp<int64_t>(shortestBody / multiplyAdds, 1, most), best = most;
  for (int64_t unroll = most; unroll >= least; --unroll)
    if (unroll + steps % unroll < best + steps % best)
      best = unroll;
  return best;
}

Val VectorTile::loadCodes(KernelBuilder &k, Val pointer, int64_t, int64_t) const {
  return k.broadcast(k.val(LLVM::LoadOp::create(k.b, k.loc, codesType(k.b), pointer, 1)), lanes);
}

Val VectorTile::loadWeights(KernelBuilder &k, Val pointer, int64_t, int64_t valid, int64_t align) const {
  VectorType type = weightsType(k.b);
  return k.loadVector(pointer, type.getElementType(), type.getNumElements(), valid, align);
}

namespace {
/// Writes the products of one run.
class RunEmitter {
public:
  RunEmitter(KernelBuilder &k, const VectorTile &tile, const BlockRun &run)
      : k(k), tile(tile), run(run), stepBytes(tile.stepBytes(k.b)) {}

  Accumulators emit(Accumulators sums);
  Accumulators emitSliding(Accumulators sums);

private:
  /// A step whose first `products` products are there.
  using Step = llvm::function_ref<void(Val lhs, Val rhs, int64_t products, Accumulators &sums)>;
  Accumulators repeat(int64_t count, Accumulators sums, Step step);
  /// Bytes of `vectors` vectors of weights with so many products in each lane.
  int64_t bytesOf(int64_t vectors, int64_t products) const { return tile.vectorBytes(vectors) * products; }
  /// How many products a step that lacks some begins before its first: products that the step before it has, so that
  /// nothing is read behind the last code.
  int64_t back(int64_t products) const { return run.steps > 1 && !tile.masksStep() ? tile.products - products : 0; }
  Val loadWeights(Val rhs, int64_t offset, int64_t products) {
    int64_t before = back(products), there = tile.lanes * products;
    offset -= before * tile.lanes * tile.weightBytes;
    return tile.loadWeights(k, k.advance(rhs, offset), before, there, std::gcd(run.rhsAlign, offset));
  }
  /// The weights of a step's vectors; those that share numbers are loaded at once.
  SmallVector<Val> loadStep(Val rhs, int64_t offset, int64_t products) {
    SmallVector<Val> weights;
    Val packed;
    for (int64_t j = 0; j < run.vectors; ++j) {
      int64_t field = j % tile.channelUnit();
      if (field == 0)
        packed = loadWeights(rhs, offset + bytesOf(j, products), products);
      weights.push_back(tile.channelUnit() == 1 ? packed : tile.fieldOf(k, packed, field, run.table));
    }
    return weights;
  }
  Val loadCodes(Val lhs, int64_t offset, int64_t products) {
    offset -= back(products) * (stepBytes / tile.products);
    bool isWhole = back(products) > 0 || !(run.masksCodes || tile.masksStep());
    return tile.loadCodes(k, k.advance(lhs, offset), isWhole ? tile.products : products,
                          std::gcd(run.lhsAlign, offset));
  }

  KernelBuilder &k;
  const VectorTile &tile;
  const BlockRun &run;
  int64_t stepBytes;
};
} // namespace

/// `count` steps, so many at once as the tile says.
Accumulators RunEmitter::repeat(int64_t count, Accumulators sums, Step step) {
  int64_t weightBytes = bytesOf(run.vectors, tile.products);
  // `last` are the products of the last of them.
  auto steps = [&](Val lhs, Val rhs, Accumulators &in, int64_t steps, int64_t last) {
    for (int64_t s = 0; s < steps; ++s)
      step(k.advance(lhs, s * stepBytes), k.advance(rhs, s * weightBytes), s + 1 < steps ? tile.products : last, in);
  };
  int64_t unroll = std::min(tile.stepsAtOnce(run), count);
  // A last step that lacks products is not in the loop.
  int64_t loops = (run.tail < tile.products && count > unroll ? count - 1 : count) / unroll, done = loops * unroll;
  if (loops > 1)
    sums = k.loopAsIs(k.index(0), k.index(loops), sums, [&](Val i, ArrayRef<Val> carried) {
      Accumulators in(carried);
      steps(k.advance(run.lhs, i * (unroll * stepBytes)), k.advance(run.rhs, i * (unroll * weightBytes)), in, unroll,
            tile.products);
      return in;
    });
  else
    done = 0;
  steps(k.advance(run.lhs, done * stepBytes), k.advance(run.rhs, done * weightBytes), sums, count - done, run.tail);
  return sums;
}

Accumulators RunEmitter::emit(Accumulators sums) {
  return repeat(run.steps, sums, [&](Val lhs, Val rhs, int64_t products, Accumulators &in) {
    SmallVector<Val> w = loadStep(rhs, /*offset=*/0, products);
    for (int64_t i = 0; i < run.positions; ++i) {
      Val code = loadCodes(lhs, i * run.positionBytes, products);
      for (int64_t j = 0; j < run.vectors; ++j) {
        Val &sum = in[i * run.vectors + j];
        sum = tile.multiplyAdd(k, sum, code, w[j]);
      }
    }
  });
}

/// One step of all taps at once: the codes of a column are loaded once, for every position whose window has it.
Accumulators RunEmitter::emitSliding(Accumulators sums) {
  int64_t tapSteps = run.steps / run.taps;
  return repeat(tapSteps, sums, [&](Val lhs, Val rhs, int64_t products, Accumulators &in) {
    SmallVector<Val> w;
    for (int64_t t = 0; t < run.taps; ++t)
      w.push_back(loadStep(rhs, t * tapSteps * bytesOf(1, products), products).front());
    for (int64_t column = 0; column < run.positions + run.taps - 1; ++column) {
      Val code = loadCodes(lhs, column * run.positionBytes, products);
      for (int64_t t = std::max<int64_t>(0, column - run.positions + 1); t < std::min(run.taps, column + 1); ++t)
        in[column - t] = tile.multiplyAdd(k, in[column - t], code, w[t]);
    }
  });
}

Accumulators VectorTile::run(KernelBuilder &k, const BlockRun &run, Accumulators sums) const {
  BlockRun chosen = run;
  // Sliding holds the weights of all taps.
  if (run.vectors > 1 || run.positions + run.taps + 1 > costs.registers)
    chosen.taps = 1;
  RunEmitter emitter(k, *this, chosen);
  return chosen.taps > 1 ? emitter.emitSliding(sums) : emitter.emit(sums);
}

Type IntegerVectorTile::stageFormat(Type codes) const {
  return IntegerType::get(codes.getContext(), stageBits, signedness);
}
Type IntegerVectorTile::codesType(OpBuilder &b) const { return b.getIntegerType(stageBits * products); }
VectorType IntegerVectorTile::weightsType(OpBuilder &b) const {
  return VectorType::get({lanes * products}, b.getIntegerType(8 * weightBytes));
}

Val target::asVectorOf(Val vector, Type element) {
  auto type = llvm::cast<VectorType>(vector.type());
  int64_t bits = type.getNumElements() * type.getElementTypeBitWidth();
  auto other = VectorType::get({bits / element.getIntOrFloatBitWidth()}, element);
  return vector.k->val(LLVM::BitcastOp::create(vector.k->b, vector.k->loc, other, vector));
}

Val target::opaque(Val value, StringRef constraint) {
  auto copy = LLVM::InlineAsmOp::create(value.k->b, value.k->loc, value.type(), ValueRange{value}, /*asm_string=*/"",
                                        ("=" + constraint + ",0").str(), /*has_side_effects=*/false,
                                        /*is_align_stack=*/false, LLVM::tailcallkind::TailCallKind::None,
                                        LLVM::AsmDialectAttr(), ArrayAttr());
  return value.k->val(copy.getResult(0));
}

Val target::lookUpNibbles(KernelBuilder &k, StringRef lookUp, ArrayRef<int8_t> sixteen, Val packed, bool areHigh) {
  auto bytes = llvm::cast<VectorType>(packed.type());
  SmallVector<int8_t> table;
  while (static_cast<int64_t>(table.size()) < bytes.getNumElements())
    llvm::append_range(table, sixteen);
  Val values = k.val(arith::ConstantOp::create(k.b, k.loc, DenseElementsAttr::get(bytes, ArrayRef<int8_t>(table))));
  Val nibbles = (areHigh ? k.logicalShiftRight(packed, packed.constant(4)) : packed) & 0x0f;
  return k.intrinsic(lookUp, bytes, {values, nibbles});
}

Type FloatVectorTile::stageFormat(Type codes) const { return Float32Type::get(codes.getContext()); }
Type FloatVectorTile::codesType(OpBuilder &b) const { return b.getF32Type(); }
VectorType FloatVectorTile::weightsType(OpBuilder &b) const { return VectorType::get({lanes}, b.getF32Type()); }

Val FloatVectorTile::multiplyAdd(KernelBuilder &k, Val sum, Val lhs, Val rhs) const {
  if (!k.fusesMultiplyAdd)
    return sum + lhs * rhs;
  return k.val(LLVM::FMAOp::create(k.b, k.loc, sum.type(), lhs, rhs, sum));
}

/// The upper halves of weights of f32, whose lower ones are 0.
static SmallVector<int64_t> upperHalves(ArrayRef<int64_t> codes) {
  return llvm::map_to_vector(codes, [](int64_t bits) { return bits >> 16; });
}

/// Weights are widened beside loads, and in the way of products.
double WidenedFloatTile::blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const {
  double ofStep = static_cast<double>(vectors) * (static_cast<double>(positions) + costs.prefix) / costs.multiplyAdds;
  double busy = static_cast<double>(shape.runs() * shape.steps) * ofStep + costs.blockOverhead;
  return std::max(FloatVectorTile::blockCycles(shape, positions, vectors), busy);
}

void WidenedFloatTile::packStep(ArrayRef<int64_t> codes, std::vector<char> &bytes) const {
  FloatVectorTile::packStep(upperHalves(codes), bytes);
}

Val WidenedFloatTile::loadWeights(KernelBuilder &k, Val pointer, int64_t, int64_t valid, int64_t align) const {
  auto format = llvm::cast<qnn::NumberFormat>(Type(k.b.getBF16Type()));
  return k.extendCodes(k.loadVector(pointer, format.getUnpackedType(), lanes, valid, align), format);
}

void BfloatVectorTile::packStep(ArrayRef<int64_t> codes, std::vector<char> &bytes) const {
  VectorTile::packStep(upperHalves(codes), bytes);
}

Val BfloatVectorTile::loadCodes(KernelBuilder &k, Val pointer, int64_t valid, int64_t align) const {
  if (valid == products)
    return VectorTile::loadCodes(k, pointer, valid, align);
  Val code = k.val(LLVM::LoadOp::create(k.b, k.loc, k.b.getI16Type(), pointer, 1));
  return k.broadcast(k.widen(code, k.b.getI32Type(), /*isSigned=*/false), lanes);
}

/// Where each lane has one weight, they lie one behind the other.
Val BfloatVectorTile::loadWeights(KernelBuilder &k, Val pointer, int64_t before, int64_t valid, int64_t align) const {
  if (valid == lanes * products)
    return VectorTile::loadWeights(k, pointer, before, valid, align);
  Val weights = k.loadVector(pointer, k.b.getI16Type(), lanes, lanes, align);
  return k.widen(weights, k.b.getI32Type(), /*isSigned=*/false);
}

Val BfloatVectorTile::multiplyAdd(KernelBuilder &k, Val sum, Val lhs, Val rhs) const {
  Type element = k.b.getBF16Type();
  return k.intrinsic(intrinsic, sum.type(), {sum, asVectorOf(lhs, element), asVectorOf(rhs, element)});
}

VectorType BfloatVectorTile::weightsType(OpBuilder &b) const { return VectorType::get({lanes}, b.getI32Type()); }

double SignedFloatTile::blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const {
  return FloatVectorTile::blockCycles(shape, positions, vectors) + unpackingCycles(shape, vectors * planes);
}

/// Channels that fill up the last vector are added like any others, and not stored.
void SignedFloatTile::packStep(ArrayRef<int64_t> codes, std::vector<char> &bytes) const {
  auto isSet = [](int64_t weight, int64_t plane) { return plane == 0 ? weight < 0 : weight != 0; };
  for (; !codes.empty(); codes = codes.drop_front(lanes))
    for (int64_t plane = 0; plane < planes; ++plane)
      for (int64_t lane = 0; lane < lanes; lane += 8) {
        unsigned byte = 0;
        for (int64_t bit = 0; bit < 8; ++bit)
          byte |= static_cast<unsigned>(isSet(codes[lane + bit], plane)) << bit;
        bytes.push_back(static_cast<char>(byte));
      }
}

/// The bits of a sign for each lane, and behind them ones where a weight is not 0. Each lane shifts its bit to the top:
/// what compares bits is turned into choices between two codes, which machines without masks have to make one by one.
Val SignedFloatTile::loadWeights(KernelBuilder &k, Val pointer, int64_t, int64_t, int64_t) const {
  auto words = VectorType::get({lanes}, k.b.getI32Type());
  SmallVector<int32_t> places;
  for (int64_t lane = 0; lane < lanes; ++lane)
    places.push_back(static_cast<int32_t>(31 - lane));
  Val toTop = k.val(arith::ConstantOp::create(k.b, k.loc, DenseElementsAttr::get(words, ArrayRef<int32_t>(places))));
  auto bits = [&](int64_t plane) {
    Val loaded =
        k.val(LLVM::LoadOp::create(k.b, k.loc, k.b.getIntegerType(lanes), k.advance(pointer, plane * lanes / 8), 1));
    return k.broadcast(k.widen(loaded, k.b.getI32Type(), /*isSigned=*/false), lanes) << toTop;
  };
  Val signs = bits(0) & INT32_MIN;
  if (planes == 1)
    return signs;
  return k.shuffle(signs, bits(1) >> 31, planes * lanes, [](int64_t lane) { return lane; });
}

Val SignedFloatTile::multiplyAdd(KernelBuilder &k, Val sum, Val lhs, Val rhs) const {
  auto plane = [&](int64_t number) {
    return k.shuffle(rhs, rhs, lanes, [&](int64_t lane) { return number * lanes + lane; });
  };
  Val code = k.bitcast(lhs, k.b.getI32Type());
  if (planes > 1)
    code = code & plane(1);
  return sum + k.bitcast(code ^ (planes > 1 ? plane(0) : rhs), k.b.getF32Type());
}
