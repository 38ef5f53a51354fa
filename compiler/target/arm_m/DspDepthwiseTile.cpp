#include "compiler/target/arm_m/DspDepthwiseTile.h"

#include "compiler/target/arm_m/Dsp.h"
#include "compiler/target/arm_m/DspFunction.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

DspDepthwiseTile::DspDepthwiseTile()
    : PlanarTile(/*lanes=*/1, /*products=*/1, /*weightBytes=*/1,
                 {.registers = 12, .multiplyAdds = 1.2, .loads = 1, .latency = 1, .depthwisePositions = 2}) {}

Type DspDepthwiseTile::stageFormat(MLIRContext *context) const {
  return IntegerType::get(context, 16, IntegerType::Signed);
}

bool DspDepthwiseTile::fits(int64_t smallestWeight, int64_t largestWeight) const {
  return llvm::isInt<8>(smallestWeight) && llvm::isInt<8>(largestWeight);
}

/// Offsets of double loads are at most 1,020 bytes, and there are registers for the weights of three lines.
bool DspDepthwiseTile::takes(qk::WindowAttr window) const {
  ArrayRef<int64_t> kernel = window.getKernel(), strides = window.getStrides(), dilations = window.getDilations();
  return kernel[1] == 3 && kernel[0] <= 3 && strides[1] <= 2 && dilations[0] == 1 && dilations[1] == 1 &&
         window.getOutput()[1] * strides[1] <= 240;
}

void DspDepthwiseTile::stagePair(KernelBuilder &k, Val first, Val second, Val to, int64_t planeBytes,
                                 bool isSigned) const {
  for (int64_t odd = 0; odd < 2; ++odd) {
    Val a = extendBytes(k, first, odd, isSigned), b = extendBytes(k, second, odd, isSigned);
    storeWord(k, k.advance(to, odd * planeBytes), pairLow(a, b));
    storeWord(k, k.advance(to, (2 + odd) * planeBytes), pairHigh(a, b));
  }
}

/// (w0, w1) and (w1, w2) of three bytes; the word has one more.
Accumulators DspDepthwiseTile::loadRow(KernelBuilder &k, Val pointer) const {
  Val bytes = loadWord(k, pointer);
  Val even = extendBytes(k, bytes, /*isOdd=*/false), odd = extendBytes(k, bytes, /*isOdd=*/true);
  return {pairLow(even, odd), (odd & 0xffff) | (even & ~int64_t(0xffff))};
}

Accumulators DspDepthwiseTile::multiply(KernelBuilder &k, Val line, int64_t rowBytes, int64_t stride,
                                        ArrayRef<Accumulators> rows, Accumulators sums) const {
  Assembly block(k);
  SmallVector<std::string> sum;
  for (Val value : sums)
    sum.push_back(block.inOut(value));
  std::string pointer = block.input(line);
  SmallVector<std::pair<std::string, std::string>> weights;
  for (const Accumulators &row : rows)
    weights.emplace_back(block.input(row[0]), block.input(row[1]));
  std::string a = block.temporary(k.b.getI32Type()), b = block.temporary(k.b.getI32Type());
  int64_t together = stride == 1 ? 2 : 1;
  for (auto [row, pair] : llvm::enumerate(weights))
    for (size_t i = 0; i < sums.size(); i += together) {
      const auto &[first, second] = pair;
      int64_t offset = static_cast<int64_t>(row) * rowBytes + static_cast<int64_t>(i) * stride * 2;
      block.line("ldrd {0}, {1}, [{2}, #{3}]", a, b, pointer, offset);
      block.line("smlad {0}, {1}, {2}, {0}", sum[i], a, first);
      block.line("smlabt {0}, {1}, {2}, {0}", sum[i], b, second);
      if (together == 1 || i + 1 == sums.size())
        continue;
      block.line("smlatb {0}, {1}, {2}, {0}", sum[i + 1], a, first);
      block.line("smlad {0}, {1}, {2}, {0}", sum[i + 1], b, second);
    }
  block.emit();
  Accumulators results;
  for (size_t i = 0; i < sums.size(); ++i)
    results.push_back(block.result(i));
  return results;
}

namespace {
/// Images of neighbouring channels as a function. For each channel, its weights, two sums, two words of codes, the two
/// places and the distance of lines are in registers; its other numbers are in the frame. Weights and first sums are
/// doubled, as a narrow rescaling takes sums.
class DspImages : DspFunction {
public:
  DspImages(KernelBuilder &k, const PlanarChannels &channels)
      : DspFunction(k, channels.store, OwnCount), channels(channels), together(channels.stride == 1 ? 2 : 1) {}
  void call();

private:
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
    LoopBytes, // of a line's codes, from the first to those behind the last pair's
    RowSkip,   // from there to the next row's first
    IsOdd,
    ArgumentCount
  };
  void setUpChannel();
  void loadWeights();
  void loadNumber(StringRef to, const char *load, Argument pointer, Argument step);
  void emitPositions(int64_t count);
  void emitRow();

  const PlanarChannels &channels;
  int64_t together; // positions
  static constexpr const char *weights[3][2] = {{"r4", "r5"}, {"r6", "r7"}, {"r8", "r9"}};
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
void DspImages::loadWeights() {
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

void DspImages::setUpChannel() {
  loadNumber("r2", "ldr", Bias, BiasStep);
  block.line("lsls r2, r2, #1");
  store("r2", own(First));
  loadNumber("r2", "ldr", Multipliers, MultiplierStep);
  loadNumber("r3", "ldrb", Shifts, ShiftStep);
  store("r2", "r3", own(Multiplier));
  load("r0", argument(Unit));
  findHalf("r0", "r0", "r3");
  store("r0", own(Half));
  loadWeights();
  load("r10", argument(Planes));
  load("r11", argument(LineBytes));
  load("r12", argument(Out));
  load("r0", argument(Rows));
  store("r0", own(RowsLeft));
}

/// The products and codes of `count` positions. The line goes on to the next ones.
void DspImages::emitPositions(int64_t count) {
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

void DspImages::emitRow() {
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

void DspImages::call() {
  enter();
  block.line("0:");
  setUpChannel();
  block.line("2:");
  emitRow();
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
  leave();

  SmallVector<Val> values(ArgumentCount);
  int64_t loopBytes = 4 * (channels.width / together);
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
  values[LoopBytes] = k.i32(loopBytes);
  values[RowSkip] = k.i32(channels.lineStride * channels.lineBytes - loopBytes);
  values[IsOdd] = k.i32(channels.width % together);
  callAssembly(k, "dsp.depthwise", block, values);
}

bool DspDepthwiseTile::storePlanes(KernelBuilder &k, const PlanarChannels &channels) const {
  DspImages(k, channels).call();
  return true;
}
