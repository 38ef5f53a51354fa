#include "compiler/target/arm_m/DspImages.h"

#include "compiler/target/arm_m/ArmFunction.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

namespace {
/// What functions for images of channels have in common. Weights and first sums are doubled, as a narrow rescaling
/// takes sums.
class DspImages : protected ArmFunction {
protected:
  DspImages(KernelBuilder &k, const PlanarChannels &channels, int64_t words)
      : ArmFunction(k, channels.store, OwnCount + words), channels(channels) {}

  enum Own { Multiplier, Shift, Half, First, RowsLeft, LineEnd, OwnCount };
  enum Argument {
    Planes,
    Weights,
    Out,
    Count,
    Bias,
    Multipliers,
    Shifts,
    Unit,
    BiasStep,
    MultiplierStep,
    ShiftStep,
    PlaneBytes,
    LineBytes,
    Distance,
    Rows,
    FirstOfKind // what the kinds of functions have beside
  };
  void setUpNumbers();
  void loadNumber(StringRef to, const char *load, Argument pointer, Argument step);
  /// Goes on with the next row, at label 2, and with the next channel, at label 0, until there are no more.
  void advance();
  /// The arguments above.
  SmallVector<Val> commonValues();

  const PlanarChannels &channels;
};

/// Windows of three columns. A channel's weights, two sums, two words of codes, the two places and the distance of
/// lines are in registers; its other numbers are in the frame.
class DspThreeColumns : DspImages {
public:
  DspThreeColumns(KernelBuilder &k, const PlanarChannels &channels)
      : DspImages(k, channels, 0), together(channels.stride == 1 ? 2 : 1) {}
  void call();

private:
  enum OfKind {
    LoopBytes = FirstOfKind, // of a line's codes, from the first to those behind the last pair's
    RowSkip,                 // from there to the next row's first
    IsOdd
  };
  void setUpChannel();
  void loadWeights();
  void emitPositions(int64_t count);
  void emitRow();

  int64_t together; // positions
  static constexpr const char *weights[3][2] = {{"r4", "r5"}, {"r6", "r7"}, {"r8", "r9"}};
};

/// Windows of one row. Pairs of weights are in the frame; the loop over them is entered where as many are left as there
/// are. The last four positions may begin with some of those before them.
class DspStrips : DspImages {
public:
  DspStrips(KernelBuilder &k, const PlanarChannels &channels) : DspImages(k, channels, 2 + mostPairs) {}
  void call();

private:
  enum OwnOfKind { Entry = OwnCount, WeightsEnd, FirstWeight };
  enum OfKind {
    Skip = FirstOfKind,
    LastBytes, // from a row's first codes to those of its last four positions
    LineStep,  // from a row's first codes to the next row's
    PairBytes  // of weights in the frame
  };
  void expandWeights();
  void emitPositions();
  static constexpr int64_t mostPairs = 16, unroll = 8; // of weights, and of those in the loop's body,
  static constexpr int64_t unitBytes = 36;             // with so many bytes of code for each
};
} // namespace

/// A channel's number, from a pointer that goes on to the next one's.
void DspImages::loadNumber(StringRef to, const char *load, Argument pointer, Argument step) {
  this->load("r0", argument(pointer));
  this->load("r1", argument(step));
  block.line("{0} {1}, [r0]", load, to);
  block.line("add r0, r1");
  store("r0", argument(pointer));
}

/// (w0, w1) and (w1, w2) of each line.
void DspThreeColumns::loadWeights() {
  load("r12", argument(Weights));
  for (int64_t ky = 0; ky < channels.lines; ++ky) {
    const auto &[first, second] = weights[ky];
    block.line("ldr lr, [r12, #{0}]", 3 * ky);
    block.line("sxtb16 r0, lr");
    block.line("sxtb16 r1, lr, ror #8");
    block.line("sadd16 r0, r0, r0");
    block.line("sadd16 r1, r1, r1");
    block.line("pkhbt {0}, r0, r1, lsl #16", first);
    block.line("pkhbt {0}, r1, r0", second);
  }
  block.line("add r12, #{0}", 3 * channels.lines);
  store("r12", argument(Weights));
}

void DspImages::setUpNumbers() {
  loadNumber("r2", "ldr", Bias, BiasStep);
  block.line("lsls r2, r2, #1");
  store("r2", own(First));
  loadNumber("r2", "ldr", Multipliers, MultiplierStep);
  loadNumber("r3", "ldrb", Shifts, ShiftStep);
  store("r2", "r3", own(Multiplier));
  load("r0", argument(Unit));
  findHalf("r0", "r0", "r3");
  store("r0", own(Half));
  load("r0", argument(Rows));
  store("r0", own(RowsLeft));
}

void DspThreeColumns::setUpChannel() {
  setUpNumbers();
  loadWeights();
  load("r10", argument(Planes));
  load("r11", argument(LineBytes));
  load("r12", argument(Out));
}

/// The products and codes of `count` positions. The line goes on to the next ones.
void DspThreeColumns::emitPositions(int64_t count) {
  load("r0", own(First));
  if (count == 2)
    block.line("mov r1, r0");
  for (int64_t ky = 0; ky < channels.lines; ++ky) {
    const auto &[first, second] = weights[ky];
    block.line(ky + 1 < channels.lines ? "ldrd r2, r3, [r10]" : "ldrd r2, r3, [r10], #4");
    if (ky + 1 < channels.lines)
      block.line("add r10, r11");
    block.line("smlad r0, r2, {0}, r0", first);
    block.line("smlabt r0, r3, {0}, r0", second);
    if (count == 1)
      continue;
    block.line("smlatb r1, r2, {0}, r1", first);
    block.line("smlad r1, r3, {0}, r1", second);
  }
  if (channels.lines > 1)
    block.line("sub r10, r10, r11, lsl #{0}", channels.lines - 2);
  load("r2", "r3", own(Multiplier));
  for (const char *sum : {"r0", "r1"}) {
    if (sum == StringRef("r0") || (count == 2 && !isClampedAtZero()))
      load("lr", own(Half));
    if (sum == StringRef("r0") || count == 2)
      makeCode(sum, "r2", "lr", "r3", "lr");
  }
  load("lr", argument(Distance));
  block.line("strb r0, [r12]");
  if (count == 2) {
    block.line("strb r1, [r12, lr]");
    block.line("add r12, lr");
  }
  block.line("add r12, lr");
}

void DspThreeColumns::emitRow() {
  load("lr", argument(LoopBytes));
  block.line("add lr, r10");
  store("lr", own(LineEnd));
  block.line("b 4f");
  block.line("1:");
  emitPositions(together);
  block.line("4:");
  load("lr", own(LineEnd));
  block.line("cmp r10, lr");
  block.line("bne 1b");
  if (together == 2) {
    load("lr", argument(IsOdd));
    block.line("cmp lr, #0");
    block.line("beq 5f");
    emitPositions(1);
    block.line("subs r10, #4");
    block.line("5:");
  }
  load("lr", argument(RowSkip));
  block.line("add r10, lr");
}

void DspImages::advance() {
  load("r0", own(RowsLeft));
  block.line("subs r0, #1");
  store("r0", own(RowsLeft));
  block.line("bne 2b");
  load("r0", argument(Count));
  block.line("subs r0, #1");
  block.line("beq 9f");
  store("r0", argument(Count));
  load("r0", argument(Planes));
  load("r1", argument(PlaneBytes));
  block.line("add r0, r1");
  store("r0", argument(Planes));
  load("r0", argument(Out));
  block.line("adds r0, #1");
  store("r0", argument(Out));
  block.line("b 0b");
  block.line("9:");
}

SmallVector<Val> DspImages::commonValues() {
  SmallVector<Val> values(FirstOfKind);
  values[Planes] = channels.planes;
  values[Weights] = channels.weights;
  values[Out] = numbers.out;
  values[Count] = channels.count;
  std::tie(values[Bias], values[BiasStep]) = placeOf(channels.bias.value_or(k.i32(0)), channels.bias.has_value(), 4);
  std::tie(values[Multipliers], values[MultiplierStep]) = placeOf(numbers.multiplier, numbers.hasMultipliers, 4);
  std::tie(values[Shifts], values[ShiftStep]) = placeOf(numbers.shift, numbers.hasShifts, 1);
  values[Unit] = unit();
  values[PlaneBytes] = k.i32(channels.planeBytes);
  values[LineBytes] = k.i32(channels.lineBytes);
  values[Distance] = k.i32(numbers.positionBytes);
  values[Rows] = k.i32(channels.rows);
  return values;
}

void DspThreeColumns::call() {
  enter();
  block.line("0:");
  setUpChannel();
  block.line("2:");
  emitRow();
  advance();
  leave();
  SmallVector<Val> values = commonValues();
  int64_t loopBytes = 4 * (channels.width / together);
  values.push_back(k.i32(loopBytes));
  values.push_back(k.i32(channels.lineStride * channels.lineBytes - loopBytes));
  values.push_back(k.i32(channels.width % together));
  callAssembly(k, "dsp.depthwise", block, values);
}

//===-- Windows of one row ----------------------------------------------------------------------------===//

/// Pairs of doubled weights.
void DspStrips::expandWeights() {
  load("r0", argument(Weights));
  load("r1", own(WeightsEnd));
  block.line("add r8, sp, #{0}", 4 * own(FirstWeight).word);
  block.line("7:");
  block.line("ldrsb r2, [r0], #1");
  block.line("ldrsb r3, [r0], #1");
  block.line("lsls r2, r2, #1");
  block.line("lsls r3, r3, #1");
  block.line("pkhbt r2, r2, r3, lsl #16");
  block.line("str r2, [r8], #4");
  block.line("cmp r8, r1");
  block.line("bne 7b");
  store("r0", argument(Weights));
}

/// The products and codes of four positions, whose codes begin at r9.
void DspStrips::emitPositions() {
  load("r0", own(First));
  for (const char *sum : {"r1", "r2", "r3"})
    block.line("mov {0}, r0", sum);
  block.line("mov r6, r9");
  block.line("add r8, sp, #{0}", 4 * own(FirstWeight).word);
  load("pc", own(Entry));
  block.line("6:");
  for (int64_t i = 0; i < unroll; ++i) {
    block.line("ldr r5, [r8], #4");
    for (int64_t position = 1; position < 4; ++position) {
      block.line("ldr.w r4, [r6, #{0}]", 2 * position);
      block.line("smlad r{0}, r4, r5, r{0}", position);
    }
    block.line("ldr r4, [r6], #4");
    block.line("smlad r0, r4, r5, r0");
  }
  load("r5", own(WeightsEnd));
  block.line("cmp r8, r5");
  block.line("bne 6b");
  load("r4", "r5", own(Multiplier));
  load("r7", own(Half));
  for (const char *sum : {"r0", "r1", "r2", "r3"})
    makeCode(sum, "r4", "r7", "r5", "lr");
  load("lr", argument(Distance));
  for (const char *sum : {"r0", "r1", "r2", "r3"}) {
    block.line("strb {0}, [r12]", sum);
    block.line("add r12, lr");
  }
}

void DspStrips::call() {
  enter();
  block.line("adr.w r0, 6f");
  load("r1", argument(Skip));
  block.line("add r0, r1");
  block.line("adds r0, #1"); // Thumb code
  store("r0", own(Entry));
  block.line("add r0, sp, #{0}", 4 * own(FirstWeight).word);
  load("r1", argument(PairBytes));
  block.line("add r0, r1");
  store("r0", own(WeightsEnd));
  block.line("0:");
  setUpNumbers();
  expandWeights();
  load("r10", argument(Planes));
  load("r12", argument(Out));
  block.line("2:");
  load("r11", argument(LastBytes));
  block.line("mov r9, r10");
  block.line("add r11, r10");
  block.line("1:");
  emitPositions();
  block.line("cmp r9, r11");
  block.line("beq 3f");
  block.line("add r9, #8");
  block.line("cmp r9, r11");
  block.line("bls 1b");
  // Two bytes for each position that is computed again.
  block.line("sub r0, r9, r11");
  block.line("mov r9, r11");
  block.line("lsrs r0, r0, #1");
  block.line("mls r12, r0, lr, r12");
  block.line("b 1b");
  block.line("3:");
  load("r0", argument(LineStep));
  block.line("add r10, r0");
  advance();
  leave();
  SmallVector<Val> values = commonValues();
  int64_t pairs = (channels.taps + 1) / 2;
  values.push_back(k.i32(((-pairs) & (unroll - 1)) * unitBytes));
  values.push_back(k.i32(2 * (channels.width - 4)));
  values.push_back(k.i32(channels.lineStride * channels.lineBytes));
  values.push_back(k.i32(4 * pairs));
  callAssembly(k, "dsp.strips", block, values);
}

void target::callDspImages(KernelBuilder &k, const PlanarChannels &channels) {
  channels.taps == 3 ? DspThreeColumns(k, channels).call() : DspStrips(k, channels).call();
}
