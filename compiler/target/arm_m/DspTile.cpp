#include "compiler/target/arm_m/DspTile.h"

#include "compiler/target/arm_m/Dsp.h"
#include "compiler/target/arm_m/DspAssembly.h"
#include "compiler/target/arm_m/DspRow.h"
#include "compiler/target/generic/ScalarTile.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

// Registers: all but those for two pointers and the codes and weights of a step.
DspTile::DspTile(WeightFields fields, int64_t weightBytes)
    : BlockTile(/*lanes=*/1, /*products=*/2, weightBytes,
                {.registers = 8, .multiplyAdds = 1, .loads = 1, .latency = 1, .transformedBytes = 16 * 1024},
                /*masksTail=*/false, std::move(fields)) {}

Type DspTile::stageFormat(Type codes) const { return IntegerType::get(codes.getContext(), 16, IntegerType::Signed); }

//===-- Costs -------------------------------------------------------------------------------------===//

/// Four registers are left for codes and weights.
bool DspTile::holdsBlock(int64_t positions, int64_t vectors) const {
  return positions <= planePositions() && positions * (vectors + vectors % 2) <= costs.registers;
}

double DspTile::blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const {
  // The layout of planes is that of their positions; elsewhere, codes of neighbours are too far apart.
  if (positions != (shape.hasPlanes ? planePositions() : 1))
    return HUGE_VAL;
  int64_t words = fields.packed(vectors);
  // Two words of weights are one load, as are two words of codes of a single position, or of two in planes.
  double codes = shape.hasPlanes || DspProducts::hasNibbles(fields) ? 1 : 0.5;
  double prefixes = DspProducts::hasNibbles(fields) ? 4 * static_cast<double>(words) : static_cast<double>(vectors / 2);
  double step = codes + prefixes + static_cast<double>(llvm::divideCeil(words, 2) + positions * vectors);
  // Elsewhere than in functions for whole rows, each group calls one.
  constexpr double ofCall = 60;
  bool callsForGroups = shape.scaleGroup > 0 && !shape.hasPlanes && shape.runs() > 1;
  int64_t calls = callsForGroups ? shape.runs() * llvm::divideCeil(shape.run, shape.scaleGroup) : 0;
  return instructionsOfBlock(shape, positions, vectors, step) + ofCall * static_cast<double>(calls);
}

/// All blocks of positions share what it takes to look up the weights.
double DspCodesTile::blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const {
  constexpr double ofPair = 10;
  auto blocks = static_cast<double>(llvm::divideCeilSigned(shape.rowsAtOnce() * shape.width, positions));
  return DspTile::blockCycles(shape, positions, vectors) +
         ofPair * static_cast<double>(shape.packedBytes(vectors)) / blocks;
}

/// Where transformed codes have planes, a block has them; the epilogue is not a tap's.
double DspHalvesTile::blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const {
  if (positions != std::min(planePositions(), shape.width))
    return HUGE_VAL;
  constexpr double ofTap = 12, ofSum = 2; // a loop's own work, and what begins and stores a sum
  double codes = positions > 1 ? 1 : 0.5, weights = static_cast<double>(llvm::divideCeil(vectors, 2));
  auto sums = static_cast<double>(positions * vectors);
  return static_cast<double>(shape.steps) * (codes + weights + sums) + ofSum * sums + ofTap;
}

//===-- Staging -----------------------------------------------------------------------------------===//

/// Four codes: 0 and 2, 1 and 3 are extended at once, and something added to both, then paired.
bool DspTile::stage(KernelBuilder &k, Val from, Val to, int64_t half, bool isSigned, int64_t offset) const {
  Val codes = loadWord(k, from);
  std::optional<Val> added;
  if (offset)
    added = k.i32((offset & 0xffff) * 0x10001);
  Val even = extendBytes(k, codes, /*isOdd=*/false, isSigned, added);
  Val odd = extendBytes(k, codes, /*isOdd=*/true, isSigned, added);
  storeWord(k, to, pairLow(even, odd));
  storeWord(k, k.advance(to, half), pairHigh(even, odd));
  return true;
}

/// Two halves at once. They are far from saturating, and these instructions set no flags.
Val DspHalvesTile::addHalves(KernelBuilder &k, Val a, Val b) const {
  return k.intrinsic("llvm.arm.qadd16", k.b.getI32Type(), {a, b});
}
Val DspHalvesTile::subtractHalves(KernelBuilder &k, Val a, Val b) const {
  return k.intrinsic("llvm.arm.qsub16", k.b.getI32Type(), {a, b});
}

SmallVector<Val> DspHalvesTile::loadWidened(KernelBuilder &k, Val pointer, int64_t count) const {
  Val bytes = loadWord(k, pointer);
  SmallVector<Val> pairs;
  for (int64_t pair = 0; pair < count / products; ++pair)
    pairs.push_back(extendBytes(k, bytes, /*isOdd=*/pair == 1));
  return pairs;
}

//===-- Products ----------------------------------------------------------------------------------===//

/// Units one behind the other as far as their number allows it, as a loop if they are not all.
Accumulators DspTile::run(KernelBuilder &k, const BlockRun &run, Accumulators sums) const {
  Assembly block(k);
  DspProducts products(run, fields);
  constexpr int64_t longestBody = 600; // bytes of code
  int64_t units = products.units(), unroll = std::max<int64_t>(1, std::min(units, longestBody / products.codeBytes()));
  while (units % unroll)
    --unroll;
  bool isLoop = unroll < units;
  DspRegisters registers;
  registers.lhs = block.inOut(run.lhs);
  registers.rhs = block.inOut(run.rhs);
  registers.temporaries.push_back(block.inOut(k.advance(run.rhs, units * products.unitBytes())));
  for (Val sum : sums)
    registers.sums.push_back(block.inOut(sum));
  while (registers.temporaries.size() < 4)
    registers.temporaries.push_back(block.temporary(k.b.getI32Type()));
  const std::string &end = registers.temporaries[0];
  // Where the loop ends is on the stack.
  if (isLoop) {
    block.line("str {0}, [sp, #-{1}]!", end, dspStackBytes);
    block.line("1:");
  }
  for (int64_t i = 0; i < unroll; ++i)
    products.emitUnit(block, registers);
  if (isLoop) {
    block.line("ldr {0}, [sp]", end);
    block.line("cmp {0}, {1}", registers.rhs, end);
    block.line("bne 1b");
    block.line("add sp, #{0}", dspStackBytes);
  }
  block.emit();
  Accumulators results;
  constexpr size_t firstSum = 3;
  for (size_t i = 0; i < sums.size(); ++i)
    results.push_back(block.result(firstSum + i));
  return results;
}

bool DspTile::storeRow(KernelBuilder &k, const BlockRow &row) const { return callDspRow(k, row, fields); }

bool DspTile::storeTaps(KernelBuilder &k, const BlockRun &run, int64_t taps, Val to) const {
  callDspTaps(k, run, fields, taps, to);
  return true;
}
