#include "compiler/target/arm_m/MveHalves.h"

#include "compiler/target/arm_m/ArmFunction.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

static constexpr int64_t channels = 4, halves = 8;

MveHalvesTile::MveHalvesTile()
    : BlockTile(/*lanes=*/channels, /*products=*/halves, /*weightBytes=*/2,
                {.registers = 8, .multiplyAdds = 1, .loads = 1, .latency = 1, .transformedBytes = 16 * 1024}) {}

Type MveHalvesTile::stageFormat(Type codes) const {
  return IntegerType::get(codes.getContext(), 16, IntegerType::Signed);
}

/// Instructions. A tap has its part of what the function takes; the epilogue is not a tap's.
double MveHalvesTile::blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const {
  if (positions != std::min(planePositions(), shape.width))
    return HUGE_VAL;
  constexpr double ofTap = 7.5;
  return static_cast<double>(shape.steps * (positions + channels + positions * channels)) + ofTap;
}

Accumulators MveHalvesTile::run(KernelBuilder &, const BlockRun &, Accumulators) const {
  llvm_unreachable("all taps are stored at once");
}

namespace {
/// A function that computes and stores all taps of a block. Kernels share it if their depths have the same unrolling.
class MveTaps : ArmFunction {
public:
  MveTaps(KernelBuilder &k, const BlockRun &run, const NarrowStore &none);
  void call(int64_t taps, Val to);

private:
  enum Argument { Codes, Weights, To, TapBytes, End, ArgumentCount };
  void emitStep(bool isFirst);
  void emitTap();
  bool isLoop() const { return run.steps > unroll; }
  int64_t tapBytes() const { return run.steps * channels * vectorBytes; }

  static constexpr int64_t vectorBytes = 16;
  static constexpr llvm::StringLiteral sums[] = {"r0", "r2", "r4", "r6", "r8", "r10", "r12", "lr"}, codes = "r1",
                                       weights = "r3", to = "r5", end = "r7", tapEnd = "r9";
  const BlockRun &run;
  int64_t unroll; // steps of the loop's body
};
} // namespace

MveTaps::MveTaps(KernelBuilder &k, const BlockRun &run, const NarrowStore &none)
    : ArmFunction(k, none, /*words=*/0), run(run),
      unroll(BlockTile::largestDivisor(run.steps, /*most=*/k.prefersSize ? 2 : 8)) {}

/// A load stands between products where it can: the one takes the memory, the other the multipliers.
void MveTaps::emitStep(bool isFirst) {
  auto load = [&](int64_t vector, llvm::StringRef pointer) {
    block.line("vldrw.u32 q{0}, [{1}], #{2}", vector, pointer, vectorBytes);
  };
  auto weightsOf = [](int64_t channel) { return 2 + channel % 2; };
  load(0, codes);
  load(weightsOf(0), weights);
  for (int64_t channel = 0; channel < channels; ++channel)
    for (int64_t position = 0; position < run.positions; ++position) {
      block.line("{0}.s16 {1}, q{2}, q{3}", isFirst ? "vmladav" : "vmladava", sums[position * channels + channel],
                 position, weightsOf(channel));
      if (channel == 0 && position + 1 < run.positions)
        load(position + 1, codes);
      else if (position + 1 == run.positions && channel + 1 < channels)
        load(weightsOf(channel + 1), weights);
    }
}

void MveTaps::emitTap() {
  if (!isLoop()) {
    for (int64_t step = 0; step < run.steps; ++step)
      emitStep(step == 0);
    return;
  }
  load(tapEnd, argument(TapBytes));
  block.line("add {0}, {1}", tapEnd, weights);
  for (int64_t i = 0; i < run.positions * channels; ++i)
    block.line("mov {0}, #0", sums[i]);
  block.line("1:");
  for (int64_t step = 0; step < unroll; ++step)
    emitStep(/*isFirst=*/false);
  block.line("cmp {0}, {1}", weights, tapEnd);
  block.line("bne 1b");
}

void MveTaps::call(int64_t taps, Val sumsOfTaps) {
  enter();
  load(codes, weights, argument(Codes));
  load(to, argument(To));
  load(end, argument(End));
  block.line("0:");
  emitTap();
  block.line("stm {0}!, {{{1}}", to, llvm::join(llvm::ArrayRef(sums).take_front(run.positions * channels), ", "));
  block.line("cmp {0}, {1}", weights, end);
  block.line("bne 0b");
  leave();

  SmallVector<Val> values(ArgumentCount);
  values[Codes] = run.lhs;
  values[Weights] = run.rhs;
  values[To] = sumsOfTaps;
  values[TapBytes] = k.i32(tapBytes());
  values[End] = k.advance(run.rhs, taps * tapBytes());
  callAssembly(k, "mve.taps", block, values);
}

bool MveHalvesTile::storeTaps(KernelBuilder &k, const BlockRun &run, int64_t taps, Val to) const {
  MveTaps(k, run, NarrowStore{}).call(taps, to);
  return true;
}
