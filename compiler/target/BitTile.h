// Block tiles of the product rule bit-plane (BitPlanes.h): a step is a word of 32 bits for each lane, and bits that are
// counted are added up in fields of words, until these are full. Machines differ in how they count.
#ifndef QCC_COMPILER_TARGET_BITTILE_H
#define QCC_COMPILER_TARGET_BITTILE_H

#include "compiler/target/BlockTile.h"

namespace qcc::target {

/// What a machine takes for words of all lanes, in cycles, or in instructions where these are counted.
struct BitCosts {
  int64_t registers; // that hold counters, weights and codes
  double count;      // of a word's bits, added to others
  double load;       // of a word
  double total;      // of counters, added to a sum
  double sum;        // what a sum takes beside its products
};

/// Packs channels [first, last), filled up with zeros to `lanes`, as
///   [run][plane][step][lane],  then  [class of rows][class of columns][lane]  if there are sums for the border.
void packBitPlanes(const BlockShape &shape, const WeightReader &weights, int64_t first, int64_t last, int64_t lanes,
                   std::vector<char> &bytes);

class BitTile : public BlockTile {
public:
  BitTile(int64_t lanes, BitCosts costs)
      : BlockTile(
            lanes, /*products=*/1, BitPlanes::wordBytes,
            {.registers = costs.registers, .multiplyAdds = 1 / costs.count, .loads = 1 / costs.load, .latency = 1}),
        bitCosts(costs) {}
  const BitTile *asBits() const override { return this; }
  mlir::Type stageFormat(mlir::Type codes) const override;
  bool fits(int64_t, int64_t) const override { return true; }
  /// Sums, then counters: of a window that these hold, all runs add to them.
  Accumulators start(codegen::KernelBuilder &k, int64_t positions, llvm::ArrayRef<codegen::Val> first) const override;
  Accumulators run(codegen::KernelBuilder &k, const BlockRun &run, Accumulators sums) const override;
  Accumulators endWindow(codegen::KernelBuilder &k, const BlockRun &run, Accumulators sums) const override;
  bool holdsBlock(int64_t positions, int64_t vectors) const override;
  double blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const override;
  int64_t rowLength(int64_t positions, int64_t) const override { return largestDivisor(positions, 64); }

  /// Words that a step of a block loads by themselves.
  virtual int64_t loadedWords(int64_t positions, int64_t vectors) const { return positions + vectors; }
  /// Steps whose counts are added before `spread` makes room for more, and those after which `total` has to.
  virtual int64_t stepsPerSpread() const { return 1; }
  virtual int64_t stepsPerTotal() const { return 31; }
  /// How many bits of each field of `codes ^ weights` (or with `&`) are set: of bytes, unless a tile says otherwise.
  virtual codegen::Val count(codegen::KernelBuilder &k, codegen::Val codes, codegen::Val weights, bool isXor) const = 0;
  /// The same of the words of up to `stepsPerSpread` steps together.
  virtual codegen::Val countSteps(codegen::KernelBuilder &k, llvm::ArrayRef<codegen::Val> codes,
                                  llvm::ArrayRef<codegen::Val> weights, bool isXor) const;
  /// Counts of up to `stepsPerSpread` steps in wider fields, as they are added up to others.
  virtual codegen::Val spread(codegen::KernelBuilder &k, codegen::Val counts) const { return counts; }
  /// Adds what the words of a run have, no more than counters hold, in instructions of its own, unless it has none.
  virtual bool countWords(codegen::KernelBuilder &k, const BlockRun &run, Accumulators &counters) const {
    return false;
  }
  /// The sum of a word's fields, of bytes unless a tile says otherwise.
  virtual codegen::Val total(codegen::KernelBuilder &k, codegen::Val counts) const;

protected:
  const BitCosts bitCosts;

private:
  /// True if counters hold what all runs of a window count.
  bool countsWindows(const BitPlanes &planes, int64_t steps) const {
    return planes.lhs == 1 && planes.rhs == 1 && steps <= stepsPerTotal();
  }
};

/// Bits of both, or of either but not both.
codegen::Val combineBits(codegen::Val codes, codegen::Val weights, bool isXor);

/// Steps of each of the fewest equal parts that have at most `most`, a multiple of `unit` unless it is all.
int64_t stepsOfPart(int64_t steps, int64_t most, int64_t unit);

/// Adds the products of parts of so many steps, in a loop if there are several, and of what is left.
Accumulators addInParts(codegen::KernelBuilder &k, int64_t steps, int64_t part, Accumulators all,
                        llvm::function_ref<Accumulators(codegen::Val first, int64_t steps, Accumulators all)> add);

/// Counts without an instruction for it: pairs of bits, then nibbles, of which three words fit one; then bytes.
class ShiftedBitTile : public BitTile {
public:
  using BitTile::BitTile;
  int64_t stepsPerSpread() const override { return 3; }
  int64_t stepsPerTotal() const override { return 30; }
  /// The addresses of few lines are computed once for a row of the output.
  int64_t longestBlock() const override { return 48; }
  codegen::Val count(codegen::KernelBuilder &k, codegen::Val codes, codegen::Val weights, bool isXor) const override;
  codegen::Val spread(codegen::KernelBuilder &k, codegen::Val counts) const override;
};

/// Machines that count the bits of elements of so many bits: bytes or whole words.
class CountedBitTile : public BitTile {
public:
  CountedBitTile(int64_t lanes, unsigned elementBits, BitCosts costs)
      : BitTile(lanes, costs), elementBits(elementBits) {}
  int64_t stepsPerTotal() const override;
  codegen::Val count(codegen::KernelBuilder &k, codegen::Val codes, codegen::Val weights, bool isXor) const override;
  codegen::Val total(codegen::KernelBuilder &k, codegen::Val counts) const override;

private:
  unsigned elementBits;
};

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_BITTILE_H
