#include "compiler/target/x86/NibbleBitTile.h"

#include "compiler/target/VectorTile.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

/// Words that are added before one is looked up.
static constexpr int64_t groupSteps = 4;

Val NibbleBitTile::count(KernelBuilder &k, Val codes, Val weights, bool isXor) const {
  static constexpr int8_t counts[] = {0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4};
  auto lookUp = [&](Val a, Val b) {
    Val bits = asVectorOf(combineBits(a, b, isXor), k.b.getI8Type());
    return lookUpNibbles(k, shuffle, counts, bits, /*areHigh=*/false);
  };
  auto high = [&](Val bits) { return k.logicalShiftRight(bits, bits.constant(4)); };
  return asVectorOf(lookUp(codes, weights) + lookUp(high(codes), high(weights)), k.b.getI32Type());
}

/// `factor` times the bits of each byte.
Val NibbleBitTile::countBytes(KernelBuilder &k, Val bits, int8_t factor) const {
  SmallVector<int8_t> counts;
  for (int number = 0; number < 16; ++number)
    counts.push_back(static_cast<int8_t>(factor * llvm::popcount(static_cast<unsigned>(number))));
  Val bytes = asVectorOf(bits, k.b.getI8Type());
  Val both = lookUpNibbles(k, shuffle, counts, bytes, /*areHigh=*/false) +
             lookUpNibbles(k, shuffle, counts, bytes, /*areHigh=*/true);
  return asVectorOf(both, k.b.getI32Type());
}

/// A full adder makes of three words one that counts once and one that counts twice: two words to look up.
Val NibbleBitTile::countSteps(KernelBuilder &k, ArrayRef<Val> codes, ArrayRef<Val> weights, bool isXor) const {
  if (codes.size() < 3)
    return BitTile::countSteps(k, codes, weights, isXor);
  Val a = combineBits(codes[0], weights[0], isXor), b = combineBits(codes[1], weights[1], isXor),
      c = combineBits(codes[2], weights[2], isXor), either = a ^ b;
  return countBytes(k, either ^ c, 1) + countBytes(k, (a & b) | (either & c), 2);
}

/// vpmaddubsw and vpmaddwd with ones: bytes without a sign, then words.
Val NibbleBitTile::total(KernelBuilder &k, Val counts) const {
  auto words = VectorType::get({2 * lanes}, k.b.getI16Type());
  Val bytes = asVectorOf(counts, k.b.getI8Type());
  Val pairs = k.intrinsic(byteIntrinsic, words, {bytes, bytes.constant(1)});
  return k.intrinsic(wordIntrinsic, counts.type(), {pairs, pairs.constant(1)});
}

//===-- Words of bits that are carried ------------------------------------------------------------===//

/// Adds words to one of the same weight, with a full adder for each two; what they carry counts twice as much.
static SmallVector<Val> carry(Val &kept, ArrayRef<Val> words) {
  SmallVector<Val> carried;
  for (; words.size() > 1; words = words.drop_front(2)) {
    Val either = words[0] ^ words[1];
    carried.push_back((words[0] & words[1]) | (either & kept));
    kept = kept ^ either; // one instruction from pair to pair
  }
  if (!words.empty()) {
    carried.push_back(kept & words[0]);
    kept = kept ^ words[0];
  }
  return carried;
}

/// `factor` times what was counted, as the planes say.
static Val addCount(Val sum, Val counted, const BitPlanes &planes) {
  int64_t factor = planes.factor(0, 0);
  return factor < 0 ? sum - counted * -factor : sum + counted * factor;
}

Accumulators NibbleBitTile::start(KernelBuilder &k, int64_t positions, ArrayRef<Val> first) const {
  Accumulators all = BitTile::start(k, positions, first);
  if (addsFirst())
    all.append(all.size(), k.broadcast(k.i32(0), lanes));
  return all;
}

/// A group of words.
void NibbleBitTile::addGroup(KernelBuilder &k, const BlockRun &words, Accumulators &all) const {
  int64_t count = words.positions * words.vectors, vectorBytes = lanes * BitPlanes::wordBytes;
  for (int64_t i = 0; i < words.positions; ++i) {
    SmallVector<Val> codes;
    for (int64_t s = 0; s < words.steps; ++s) {
      Val at = k.advance(words.lhs, s * BitPlanes::wordBytes + i * words.positionBytes);
      codes.push_back(k.broadcast(k.loadRaw(at, k.b.getI32Type(), k.index(0)), lanes));
    }
    for (int64_t j = 0; j < words.vectors; ++j) {
      SmallVector<Val> bits;
      for (auto [s, code] : llvm::enumerate(codes)) {
        Val at = k.advance(words.rhs, (static_cast<int64_t>(s) * words.vectors + j) * vectorBytes);
        Val weights = k.loadVector(at, k.b.getI32Type(), lanes, lanes, BitPlanes::wordBytes);
        bits.push_back(combineBits(code, weights, words.bits->isXor));
      }
      int64_t sum = i * words.vectors + j;
      Val &counter = all[count + sum], &once = all[2 * count + sum], &twice = all[3 * count + sum];
      for (Val fourfold : carry(twice, carry(once, bits)))
        counter = counter + countBytes(k, fourfold, 1);
    }
  }
}

void NibbleBitTile::addWords(KernelBuilder &k, const BlockRun &words, Accumulators &all) const {
  // Words of one turn of the loop: several groups, so that its own work stays small.
  constexpr int64_t longestBody = 96;
  int64_t products = words.positions * words.vectors, stepBytes = words.vectors * lanes * BitPlanes::wordBytes;
  int64_t body = words.steps;
  if (body * products > longestBody)
    body = std::max<int64_t>(1, longestBody / (products * groupSteps)) * groupSteps;
  all = addInParts(k, words.steps, body, std::move(all), [&](Val first, int64_t steps, Accumulators in) {
    BlockRun group = words;
    for (int64_t s = 0; s < steps; s += groupSteps) {
      group.lhs = k.advance(words.lhs, (first + s) * BitPlanes::wordBytes);
      group.rhs = k.advance(words.rhs, (first + s) * stepBytes);
      group.steps = std::min(groupSteps, steps - s);
      addGroup(k, group, in);
    }
    return in;
  });
}

/// Each word that is looked up counts four times.
void NibbleBitTile::addCounters(KernelBuilder &k, const BlockRun &run, Accumulators &all) const {
  size_t count = all.size() / 4;
  for (size_t i = 0; i < count; ++i) {
    all[i] = addCount(all[i], total(k, all[count + i]) << 2, *run.bits);
    all[count + i] = k.broadcast(k.i32(0), lanes);
  }
}

Accumulators NibbleBitTile::run(KernelBuilder &k, const BlockRun &run, Accumulators all) const {
  if (!carries(*run.bits, run.windowSteps)) {
    // The words that are carried stay zero.
    size_t used = addsFirst() ? all.size() / 2 : all.size();
    Accumulators rest(ArrayRef<Val>(all).drop_front(used));
    all = BitTile::run(k, run, Accumulators(ArrayRef<Val>(all).take_front(used)));
    llvm::append_range(all, rest);
    return all;
  }
  // A word that is looked up adds at most 8 to a byte.
  constexpr int64_t mostSteps = UINT8_MAX / 8 * groupSteps;
  if (run.windowSteps <= mostSteps) {
    addWords(k, run, all);
    return all;
  }
  int64_t part = stepsOfPart(run.steps, mostSteps, groupSteps);
  return addInParts(k, run.steps, part, std::move(all), [&](Val first, int64_t steps, Accumulators in) {
    BlockRun words = run;
    words.lhs = k.advance(run.lhs, first * BitPlanes::wordBytes);
    words.rhs = k.advance(run.rhs, first * (run.vectors * lanes * BitPlanes::wordBytes));
    words.steps = steps;
    addWords(k, words, in);
    addCounters(k, run, in);
    return in;
  });
}

Accumulators NibbleBitTile::endWindow(KernelBuilder &k, const BlockRun &run, Accumulators all) const {
  if (!carries(*run.bits, run.windowSteps))
    return BitTile::endWindow(k, run, Accumulators(ArrayRef<Val>(all).take_front(all.size() / (addsFirst() ? 2 : 1))));
  addCounters(k, run, all);
  size_t count = all.size() / 4;
  Accumulators sums;
  for (size_t i = 0; i < count; ++i) {
    Val rest = countBytes(k, all[2 * count + i], 1) + countBytes(k, all[3 * count + i], 2);
    sums.push_back(addCount(all[i], total(k, rest), *run.bits));
  }
  return sums;
}

double NibbleBitTile::blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const {
  if (!carries(*shape.bits, shape.runs() * shape.steps))
    return BitTile::blockCycles(shape, positions, vectors);
  // The first is that of look-ups for two words of three.
  constexpr double counted = 0.85, ofSum = 5, ofRun = 4, ofBlock = 12;
  auto sums = static_cast<double>(positions * vectors);
  double step = sums * counted * bitCosts.count + static_cast<double>(loadedWords(positions, vectors)) * bitCosts.load;
  return static_cast<double>(shape.runs()) * (static_cast<double>(shape.steps) * step + ofRun) + ofBlock +
         sums * (bitCosts.sum + ofSum);
}
