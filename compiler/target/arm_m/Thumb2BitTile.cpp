#include "compiler/target/arm_m/Thumb2BitTile.h"

#include "compiler/codegen/Assembly.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

namespace {
/// Writes the words of a run, three at a time.
class WordWriter {
public:
  WordWriter(KernelBuilder &k, const BlockRun &run, const Accumulators &sums, bool sumsBytes)
      : block(k), run(run), sumsBytes(sumsBytes) {
    lhs = block.inOut(run.lhs);
    rhs = block.inOut(run.rhs);
    for (Val sum : sums)
      counters.push_back(block.inOut(sum));
    for (std::string *name : {&w[0], &w[1], &w[2], &x[0], &x[1], &x[2], &t, &n})
      *name = block.temporary(k.b.getI32Type());
  }
  void emit(KernelBuilder &k, int64_t unroll);
  Val counter(size_t i) const { return block.result(2 + i); }

private:
  void load(const std::string (&to)[3], StringRef from, int64_t offset, int64_t count);
  void addWords(int64_t first, int64_t count);
  void countPosition(StringRef counter, int64_t count);
  void addNibbles(StringRef counter);

  Assembly block;
  const BlockRun &run;
  const bool sumsBytes; // by an instruction: counters are whole words
  std::string lhs, rhs, w[3], x[3], t, n;
  SmallVector<std::string> counters;
};
} // namespace

void WordWriter::load(const std::string (&to)[3], StringRef from, int64_t offset, int64_t count) {
  constexpr int64_t largestPairOffset = 1020;
  int64_t i = 0;
  if (count > 1 && offset <= largestPairOffset) {
    block.line("ldrd {0}, {1}, [{2}, #{3}]", to[0], to[1], from, offset);
    i = 2;
  }
  for (; i < count; ++i)
    block.line("ldr {0}, [{1}, #{2}]", to[i], from, offset + i * BitPlanes::wordBytes);
}

/// Adds the nibbles of n. Less 15 times its upper nibble, a byte is the sum of both.
void WordWriter::addNibbles(StringRef counter) {
  if (sumsBytes) {
    block.line("and {0}, {1}, #0xf0f0f0f0", t, n);
    block.line("sub {0}, {0}, {0}, lsr #4", t);
    block.line("usada8 {0}, {1}, {2}, {0}", counter, n, t);
    return;
  }
  block.line("and {0}, {1}, #0x0f0f0f0f", t, n);
  block.line("bic {0}, {0}, #0x0f0f0f0f", n);
  block.line("add {0}, {0}, {1}", counter, t);
  block.line("add {0}, {0}, {1}, lsr #4", counter, n);
}

/// Adds the bits of x[0], x[1] and x[2] to a counter. Of three words, a full adder makes their sums and
/// carries,
///   s = a ^ b ^ c,  m = (a & b) | ((a ^ b) & c),  so that the count is popcount(s) + 2 popcount(m),
/// at most 12 in a nibble. A word's pairs are x - ((x & 0xaaaaaaaa) >> 1). Masks are part of instructions, as are
/// shifts.
void WordWriter::countPosition(StringRef counter, int64_t count) {
  if (count == 3) {
    block.line("eor {0}, {1}, {2}", n, x[0], x[1]);
    block.line("and {0}, {0}, {1}", x[0], x[1]);
    block.line("and {0}, {1}, {2}", t, n, x[2]);
    block.line("orr {0}, {0}, {1}", x[0], t);
    block.line("eor {0}, {0}, {1}", n, x[2]);
  } else if (count == 2) {
    block.line("eor {0}, {1}, {2}", n, x[0], x[1]);
    block.line("and {0}, {0}, {1}", x[0], x[1]);
  }
  const std::string &ones = count == 1 ? x[0] : n;
  auto toPairs = [&](const std::string &word) {
    block.line("and {0}, {1}, #0xaaaaaaaa", t, word);
    block.line("sub {0}, {0}, {1}, lsr #1", word, t);
    block.line("and {0}, {1}, #0x33333333", t, word);
    block.line("bic {0}, {0}, #0x33333333", word);
  };
  toPairs(ones);
  block.line("add {0}, {1}, {2}, lsr #2", n, t, ones);
  if (count > 1) {
    toPairs(x[0]);
    block.line("add {0}, {0}, {1}, lsl #1", n, t);
    block.line("add {0}, {0}, {1}, lsr #1", n, x[0]);
  }
  addNibbles(counter);
}

void WordWriter::addWords(int64_t first, int64_t count) {
  load(w, rhs, first * BitPlanes::wordBytes, count);
  for (auto [i, counter] : llvm::enumerate(counters)) {
    load(x, lhs, first * BitPlanes::wordBytes + static_cast<int64_t>(i) * run.positionBytes, count);
    for (int64_t s = 0; s < count; ++s)
      block.line("{0} {1}, {1}, {2}", run.bits->isXor ? "eor" : "and", x[s], w[s]);
    countPosition(counter, count);
  }
}

void WordWriter::emit(KernelBuilder &k, int64_t unroll) {
  int64_t loops = run.steps / unroll, rest = run.steps % unroll;
  auto addAll = [&](int64_t count) {
    for (int64_t s = 0; s < count; s += 3)
      addWords(s, std::min<int64_t>(3, count - s));
  };
  if (loops > 1) {
    std::string end = block.inOut(k.advance(run.rhs, loops * unroll * BitPlanes::wordBytes));
    block.line("1:");
    addAll(unroll);
    block.line("add {0}, {0}, #{1}", lhs, unroll * BitPlanes::wordBytes);
    block.line("add {0}, {0}, #{1}", rhs, unroll * BitPlanes::wordBytes);
    block.line("cmp {0}, {1}\n bne 1b", rhs, end);
    addAll(rest);
  } else {
    addAll(run.steps);
  }
  block.emit();
}

static bool writeWords(KernelBuilder &k, const BlockRun &run, Accumulators &counters, bool sumsBytes) {
  constexpr int64_t largestOffset = 4095;
  const int64_t longestBody = k.prefersSize ? 3 : 12, unroll = k.prefersSize ? 3 : 6;
  int64_t body = run.steps <= longestBody ? run.steps : unroll;
  if ((run.positions - 1) * run.positionBytes + (body + unroll) * BitPlanes::wordBytes > largestOffset)
    return false;
  WordWriter writer(k, run, counters, sumsBytes);
  writer.emit(k, body);
  for (auto [i, counter] : llvm::enumerate(counters))
    counter = writer.counter(i);
  return true;
}

bool Thumb2BitTile::countWords(KernelBuilder &k, const BlockRun &run, Accumulators &counters) const {
  return writeWords(k, run, counters, /*sumsBytes=*/false);
}

bool DspBitTile::countWords(KernelBuilder &k, const BlockRun &run, Accumulators &counters) const {
  return writeWords(k, run, counters, /*sumsBytes=*/true);
}

Val DspBitTile::spread(KernelBuilder &k, Val counts) const {
  return k.intrinsic("llvm.arm.usad8", counts.type(), {ShiftedBitTile::spread(k, counts), k.i32(0)});
}
