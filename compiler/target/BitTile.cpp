#include "compiler/target/BitTile.h"

#include "compiler/target/VectorTile.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

//===-- Packing -----------------------------------------------------------------------------------===//

static void append(std::vector<char> &bytes, int64_t number, int64_t count) {
  for (int64_t i = 0; i < count; ++i)
    bytes.push_back(static_cast<char>(number >> (8 * i)));
}

/// What taps outside of the image do not add: constant * w, which the bias has for all of them.
static void packBorderSums(const BlockShape &shape, const WeightReader &weights, int64_t first, int64_t last,
                           int64_t lanes, std::vector<char> &bytes) {
  BorderSums borders(shape.window);
  size_t begin = bytes.size();
  int64_t channels = shape.window.getChannels()[0], rows = shape.window.getKernel()[0],
          columns = shape.window.getKernel()[1];
  for (BorderSums::Class y : borders.classes(0))
    for (BorderSums::Class x : borders.classes(1))
      for (int64_t lane = 0; lane < lanes; ++lane) {
        int64_t sum = 0;
        for (int64_t tap = 0; first + lane < last && tap < rows * columns; ++tap) {
          int64_t ky = tap / columns, kx = tap % columns;
          bool isInside = ky >= y.low && ky < y.high && kx >= x.low && kx < x.high;
          for (int64_t i = 0; !isInside && i < channels; ++i)
            sum -= shape.bits->constant * weights(first + lane, ky, kx, i);
        }
        append(bytes, sum, shape.borderSumBytes());
      }
  bytes.resize(llvm::alignTo(bytes.size() - begin, BitPlanes::wordBytes) + begin);
}

void target::packBitPlanes(const BlockShape &shape, const WeightReader &weights, int64_t first, int64_t last,
                           int64_t lanes, std::vector<char> &bytes) {
  int64_t channels = shape.window.getChannels()[0];
  auto wordOf = [&](int64_t o, int64_t ky, int64_t kx, int64_t word, int64_t plane) {
    uint32_t bits = 0;
    for (int64_t i = 0; i < std::min(BitPlanes::wordBits, channels - word * BitPlanes::wordBits); ++i)
      bits |= uint32_t(shape.bits->bitOf(weights(o, ky, kx, word * BitPlanes::wordBits + i), plane)) << i;
    return bits;
  };
  for (int64_t ky = 0; ky < shape.runRows(); ++ky)
    for (int64_t r = 0; r < shape.runsPerLine; ++r)
      for (int64_t plane = 0; plane < shape.bits->rhs; ++plane)
        for (int64_t s = 0; s < shape.steps; ++s)
          for (int64_t lane = 0; lane < lanes; ++lane)
            append(bytes,
                   first + lane < last ? wordOf(first + lane, ky, r + s / shape.depth, s % shape.depth, plane) : 0,
                   BitPlanes::wordBytes);
  if (shape.hasBorderSums)
    packBorderSums(shape, weights, first, last, lanes, bytes);
}

//===-- BitTile -----------------------------------------------------------------------------------===//

Type BitTile::stageFormat(Type codes) const {
  return IntegerType::get(codes.getContext(), llvm::cast<qnn::NumberFormat>(codes).getBits(), IntegerType::Unsigned);
}

bool BitTile::holdsBlock(int64_t positions, int64_t vectors) const {
  return positions * vectors + positions + vectors <= costs.registers;
}

/// Each pair of planes is counted by itself, and counters are added up where they are full, or once.
double BitTile::blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const {
  auto sums = static_cast<double>(positions * vectors);
  double step = sums * bitCosts.count + static_cast<double>(loadedWords(positions, vectors)) * bitCosts.load;
  double totals = static_cast<double>(llvm::divideCeil(shape.steps, stepsPerTotal()));
  auto runs = static_cast<double>(shape.runs() * shape.bits->lhs * shape.bits->rhs);
  if (countsWindows(*shape.bits, shape.runs() * shape.steps))
    totals = 1 / runs;
  constexpr double ofRun = 4, ofBlock = 12;
  double run = static_cast<double>(shape.steps) * step + totals * sums * bitCosts.total + ofRun;
  return runs * run + ofBlock + sums * bitCosts.sum;
}

/// Bytes are at most 240 and words at most 4 * 240.
Val BitTile::total(KernelBuilder &k, Val counts) const {
  Val pairs = (counts & 0x00ff00ff) + (k.logicalShiftRight(counts, counts.constant(8)) & 0x00ff00ff);
  return (pairs & 0xffff) + k.logicalShiftRight(pairs, pairs.constant(16));
}

Val BitTile::countSteps(KernelBuilder &k, ArrayRef<Val> codes, ArrayRef<Val> weights, bool isXor) const {
  Val counts = count(k, codes[0], weights[0], isXor);
  for (auto [code, weight] : llvm::zip_equal(codes.drop_front(), weights.drop_front()))
    counts = counts + count(k, code, weight, isXor);
  return counts;
}

namespace {
/// Counts the bits of one plane of codes and one of weights.
class PairEmitter {
public:
  PairEmitter(KernelBuilder &k, const BitTile &tile, const BlockRun &run) : k(k), tile(tile), run(run) {}
  /// Adds `factor` times what is counted, shifted to the left.
  Accumulators emit(Val lhs, Val rhs, int64_t factor, Val shift, Accumulators sums);
  /// Adds counts of so many steps as counters hold.
  Accumulators count(Val lhs, Val rhs, int64_t steps, Accumulators counters);
  Accumulators zeros() { return Accumulators(run.positions * run.vectors, k.broadcast(k.i32(0), tile.lanes)); }

private:
  void addSteps(Val lhs, Val rhs, int64_t steps, Accumulators &counters);
  int64_t stepBytes() const { return run.vectors * tile.lanes * BitPlanes::wordBytes; }
  Val load(Val pointer) {
    return k.loadVector(pointer, k.b.getI32Type(), tile.lanes, tile.lanes, BitPlanes::wordBytes);
  }

  KernelBuilder &k;
  const BitTile &tile;
  const BlockRun &run;
};
} // namespace

/// So many steps that their counts fit the narrow fields.
void PairEmitter::addSteps(Val lhs, Val rhs, int64_t steps, Accumulators &counters) {
  SmallVector<Val> weights;
  for (int64_t s = 0; s < steps; ++s)
    for (int64_t j = 0; j < run.vectors; ++j)
      weights.push_back(load(k.advance(rhs, s * stepBytes() + j * (stepBytes() / run.vectors))));
  for (int64_t i = 0; i < run.positions; ++i) {
    SmallVector<Val> codes;
    for (int64_t s = 0; s < steps; ++s) {
      Val at = k.advance(lhs, s * BitPlanes::wordBytes + i * run.positionBytes);
      codes.push_back(k.broadcast(k.loadRaw(at, k.b.getI32Type(), k.index(0)), tile.lanes));
    }
    for (int64_t j = 0; j < run.vectors; ++j) {
      SmallVector<Val> own;
      for (int64_t s = 0; s < steps; ++s)
        own.push_back(weights[s * run.vectors + j]);
      Val &counter = counters[i * run.vectors + j];
      counter = counter + tile.spread(k, tile.countSteps(k, codes, own, run.bits->isXor));
    }
  }
}

Accumulators PairEmitter::count(Val lhs, Val rhs, int64_t steps, Accumulators counters) {
  BlockRun words = run;
  words.lhs = lhs;
  words.rhs = rhs;
  words.steps = steps;
  if (tile.countWords(k, words, counters))
    return counters;
  int64_t atOnce = tile.stepsPerSpread();
  // Few counts in a row keep a loop's own work small.
  constexpr int64_t longestBody = 24;
  int64_t products = run.positions * run.vectors;
  int64_t body =
      steps * products <= longestBody ? steps : std::max<int64_t>(1, longestBody / (products * atOnce)) * atOnce;
  auto addAll = [&](Val from, Val weights, int64_t count, Accumulators &in) {
    for (int64_t s = 0; s < count; s += atOnce)
      addSteps(k.advance(from, s * BitPlanes::wordBytes), k.advance(weights, s * stepBytes()),
               std::min(atOnce, count - s), in);
  };
  int64_t loops = steps / body, done = loops > 1 ? loops * body : 0;
  if (loops > 1)
    counters = k.loopAsIs(k.index(0), k.index(loops), counters, [&](Val i, ArrayRef<Val> carried) {
      Accumulators in(carried);
      addAll(k.advance(lhs, i * (body * BitPlanes::wordBytes)), k.advance(rhs, i * (body * stepBytes())), body, in);
      return in;
    });
  addAll(k.advance(lhs, done * BitPlanes::wordBytes), k.advance(rhs, done * stepBytes()), steps - done, counters);
  return counters;
}

/// Adds `factor` times the counters' totals, shifted to the left.
static Accumulators addTotals(KernelBuilder &k, const BitTile &tile, ArrayRef<Val> sums, ArrayRef<Val> counters,
                              int64_t factor, Val shift) {
  Accumulators result;
  for (auto [sum, counter] : llvm::zip_equal(sums, counters)) {
    Val counted = tile.total(k, counter) << k.broadcast(shift, tile.lanes);
    result.push_back(factor < 0 ? sum - counted * -factor : sum + counted * factor);
  }
  return result;
}

Accumulators PairEmitter::emit(Val lhs, Val rhs, int64_t factor, Val shift, Accumulators sums) {
  int64_t part = stepsOfPart(run.steps, tile.stepsPerTotal(), tile.stepsPerSpread());
  return addInParts(k, run.steps, part, std::move(sums), [&](Val first, int64_t steps, Accumulators in) {
    Val from = k.advance(lhs, first * BitPlanes::wordBytes), weights = k.advance(rhs, first * stepBytes());
    return addTotals(k, tile, in, count(from, weights, steps, zeros()), factor, shift);
  });
}

int64_t target::stepsOfPart(int64_t steps, int64_t most, int64_t unit) {
  int64_t parts = llvm::divideCeil(steps, most);
  return std::min<int64_t>(llvm::alignTo(llvm::divideCeil(steps, parts), unit), steps);
}

Accumulators target::addInParts(KernelBuilder &k, int64_t steps, int64_t part, Accumulators all,
                                llvm::function_ref<Accumulators(Val first, int64_t steps, Accumulators all)> add) {
  int64_t whole = steps / part, rest = steps % part;
  all = k.loopOrCopies(/*isLoop=*/whole > 1, whole, all,
                       [&](Val i, ArrayRef<Val> carried) { return add(i * part, part, Accumulators(carried)); });
  return rest ? add(k.index(whole * part), rest, std::move(all)) : all;
}

Accumulators BitTile::start(KernelBuilder &k, int64_t positions, ArrayRef<Val> first) const {
  Accumulators sums = BlockTile::start(k, positions, first);
  sums.append(sums.size(), k.broadcast(k.i32(0), lanes));
  return sums;
}

Accumulators BitTile::run(KernelBuilder &k, const BlockRun &run, Accumulators all) const {
  const BitPlanes &planes = *run.bits;
  PairEmitter pair(k, *this, run);
  size_t count = all.size() / 2;
  Accumulators sums(ArrayRef<Val>(all).take_front(count)), counters(ArrayRef<Val>(all).drop_front(count));
  if (countsWindows(planes, run.windowSteps)) {
    llvm::append_range(sums, pair.count(run.lhs, run.rhs, run.steps, counters));
    return sums;
  }
  int64_t planeWeights = run.steps * run.vectors * lanes * weightBytes;
  auto addPlane = [&](Val i, int64_t steps, Val shift, Accumulators in) {
    for (int64_t j = 0; j < planes.rhs; ++j)
      in = pair.emit(k.advance(run.lhs, i * run.bitPlaneBytes), k.advance(run.rhs, j * planeWeights),
                     planes.factor(steps, j), shift, in);
    return in;
  };
  if (planes.hasDoublingCodes())
    sums = k.loopOrCopies(planes.lhs > 2, planes.lhs, sums, [&](Val i, ArrayRef<Val> carried) {
      return addPlane(i, 0, k.toI32(i), Accumulators(carried));
    });
  else
    for (int64_t i = 0; i < planes.lhs; ++i)
      sums = addPlane(k.index(i), i, k.i32(0), sums);
  llvm::append_range(sums, counters);
  return sums;
}

Accumulators BitTile::endWindow(KernelBuilder &k, const BlockRun &run, Accumulators all) const {
  ArrayRef<Val> sums = ArrayRef<Val>(all).take_front(all.size() / 2),
                counters = ArrayRef<Val>(all).drop_front(sums.size());
  if (!countsWindows(*run.bits, run.windowSteps))
    return Accumulators(sums);
  return addTotals(k, *this, sums, counters, run.bits->factor(0, 0), k.i32(0));
}

//===-- Ways to count -----------------------------------------------------------------------------===//

Val target::combineBits(Val codes, Val weights, bool isXor) { return isXor ? codes ^ weights : codes & weights; }

Val ShiftedBitTile::count(KernelBuilder &k, Val codes, Val weights, bool isXor) const {
  Val bits = combineBits(codes, weights, isXor);
  Val pairs = bits - (k.logicalShiftRight(bits, bits.constant(1)) & 0x55555555);
  return (pairs & 0x33333333) + (k.logicalShiftRight(pairs, pairs.constant(2)) & 0x33333333);
}

Val ShiftedBitTile::spread(KernelBuilder &k, Val counts) const {
  return (counts & 0x0f0f0f0f) + (k.logicalShiftRight(counts, counts.constant(4)) & 0x0f0f0f0f);
}

int64_t CountedBitTile::stepsPerTotal() const {
  return elementBits == 8 ? BitTile::stepsPerTotal() : INT32_MAX / BitPlanes::wordBits;
}

Val CountedBitTile::count(KernelBuilder &k, Val codes, Val weights, bool isXor) const {
  Val bits = combineBits(codes, weights, isXor);
  if (lanes == 1)
    return k.val(LLVM::CtPopOp::create(k.b, k.loc, bits.type(), bits));
  Val elements = asVectorOf(bits, k.b.getIntegerType(elementBits));
  return asVectorOf(k.val(LLVM::CtPopOp::create(k.b, k.loc, elements.type(), elements)), k.b.getI32Type());
}

Val CountedBitTile::total(KernelBuilder &k, Val counts) const {
  return elementBits == 8 ? BitTile::total(k, counts) : counts;
}
