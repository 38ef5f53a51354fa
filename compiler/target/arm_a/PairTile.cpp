#include "compiler/target/arm_a/PairTile.h"

#include "compiler/target/RowBuffers.h"
#include "compiler/target/VectorTile.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

namespace {
int64_t pairsOf(int64_t positions) { return llvm::divideCeilSigned(positions, 2); }

/// A pair of positions as one, and a pair of channels as a vector: what a run then does is what it does with vectors.
class PairStep : public VectorTile {
public:
  PairStep(const PairTile &tile, const BlockRun &run)
      : VectorTile(/*lanes=*/2, tile.products, tile.weightBytes, tile.costs, /*masksTail=*/false, tile.fields),
        tile(tile), isSigned(run.isSigned), positionBytes(run.positions > 1 ? run.positionBytes : 0) {}
  Type stageFormat(Type codes) const override { return tile.stageFormat(codes); }
  bool fits(int64_t, int64_t) const override { return true; }
  Type codesType(OpBuilder &b) const override { return b.getIntegerType(8 * weightBytes * products); }
  VectorType weightsType(OpBuilder &b) const override {
    return VectorType::get({lanes * products}, b.getIntegerType(8 * weightBytes));
  }

  Val loadCodes(KernelBuilder &k, Val pointer, int64_t, int64_t) const override {
    auto load = [&](Val from) { return k.val(LLVM::LoadOp::create(k.b, k.loc, codesType(k.b), from, 1)); };
    Val both = k.broadcast(load(pointer), 2);
    if (positionBytes == 0)
      return both;
    Val second = load(k.advance(pointer, positionBytes));
    return k.val(LLVM::InsertElementOp::create(k.b, k.loc, both, second, k.i32(1)));
  }
  Val multiplyAdd(KernelBuilder &k, Val sum, Val lhs, Val rhs) const override {
    Type element = tile.isFloat() ? Type(k.b.getBF16Type()) : k.b.getI8Type();
    return k.intrinsic(tile.multiply(isSigned), sum.type(), {sum, asVectorOf(lhs, element), asVectorOf(rhs, element)});
  }

private:
  const PairTile &tile;
  bool isSigned;
  int64_t positionBytes; // from the first to the second; 0 if they are the same
};
} // namespace

Type PairTile::stageFormat(Type codes) const { return bytesFormat(codes); }

bool PairTile::holdsBlock(int64_t positions, int64_t vectors) const {
  constexpr int64_t codes = 4; // of pairs that are loaded ahead
  return (pairsOf(positions) + 1) * halvesOf(vectors) + codes <= costs.registers;
}

double PairTile::blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const {
  if (positions > 1 && positions % 2 != 0)
    return std::numeric_limits<double>::infinity();
  constexpr double blockOverhead = 14, perSum = 0.5; // as all blocks have it; sums are brought in order
  int64_t packed = 2 * fields.packed(vectors);
  auto pairs = static_cast<double>(halvesOf(vectors) * pairsOf(positions)),
       loads = static_cast<double>(positions + packed);
  double prefixes = costs.prefix * static_cast<double>(halvesOf(vectors) - packed);
  double step = std::max({(pairs + prefixes) / costs.multiplyAdds, loads / costs.loads, costs.latency});
  double combine = shape.combineOperations * static_cast<double>(positions * vectors) / costs.multiplyAdds;
  int64_t groups = shape.scaleGroup ? llvm::divideCeil(shape.run, shape.scaleGroup) : 0;
  return static_cast<double>(shape.runs()) *
             (static_cast<double>(shape.steps) * step + static_cast<double>(groups) * combine) +
         perSum * pairs + blockOverhead;
}

/// Of f32, whose lower halves are 0.
void PairBfloatTile::packStep(ArrayRef<int64_t> codes, std::vector<char> &bytes) const {
  PairTile::packStep(llvm::map_to_vector(codes, [](int64_t bits) { return bits >> 16; }), bytes);
}

double PairBfloatTile::blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const {
  return shape.run % products ? std::numeric_limits<double>::infinity()
                              : PairTile::blockCycles(shape, positions, vectors);
}

Accumulators PairTile::start(KernelBuilder &k, int64_t positions, ArrayRef<Val> first) const {
  Accumulators ofPair, sums;
  for (Val vector : fields.start(first))
    for (int64_t channel : {0, 2})
      ofPair.push_back(k.shuffle(vector, vector, lanes, [&](int64_t lane) { return channel + lane % 2; }));
  for (int64_t pair = 0; pair < pairsOf(positions); ++pair)
    sums.append(ofPair);
  return sums;
}

/// Weights that share numbers are those of one half of several vectors: runs have [unit of vectors][half][vector].
Accumulators PairTile::run(KernelBuilder &k, const BlockRun &run, Accumulators sums) const {
  BlockRun pairs = run;
  pairs.positions = pairsOf(run.positions);
  pairs.positionBytes = 2 * run.positionBytes;
  pairs.vectors = halvesOf(run.vectors);
  pairs.taps = 1;
  auto forEach = [&](llvm::function_ref<void(Val & own, Val & ofRun)> visit, Accumulators &ofRun) {
    int64_t unit = channelUnit();
    for (int64_t pair = 0; pair < pairs.positions; ++pair)
      for (int64_t half = 0; half < 2 * run.vectors; ++half) {
        int64_t vector = half / 2, place = vector / unit * 2 * unit + half % 2 * unit + vector % unit;
        visit(sums[pair * 2 * run.vectors + half], ofRun[pair * pairs.vectors + place]);
      }
  };
  Accumulators ordered(pairs.positions * pairs.vectors, sums.front()); // those of no vector are never read
  forEach([](Val &own, Val &ofRun) { ofRun = own; }, ordered);
  ordered = PairStep(*this, run).run(k, pairs, std::move(ordered));
  forEach([](Val &own, Val &ofRun) { own = ofRun; }, ordered);
  return sums;
}

Accumulators PairTile::finish(KernelBuilder &k, Accumulators sums, int64_t positions) const {
  int64_t ofPair = static_cast<int64_t>(sums.size()) / pairsOf(positions);
  Accumulators vectors;
  for (int64_t i = 0; i < positions; ++i)
    for (int64_t j = 0; j < ofPair; j += 2) {
      Val *of = &sums[i / 2 * ofPair + j];
      auto source = [&](int64_t lane) { return lane / 2 * lanes + i % 2 * 2 + lane % 2; };
      vectors.push_back(k.shuffle(of[0], of[1], lanes, source));
    }
  return BlockTile::finish(k, std::move(vectors), positions);
}
