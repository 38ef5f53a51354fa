#include "compiler/target/arm_m/DspDepthwiseTile.h"

#include "compiler/codegen/Assembly.h"
#include "compiler/target/arm_m/Dsp.h"

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

/// Offsets of double loads are at most 1,020 bytes.
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
/// A row of one channel as one block of assembly: its weights, two sums, two words of codes and three registers more.
/// The numbers of the channel are on the stack.
class DspPlanarRow {
public:
  DspPlanarRow(KernelBuilder &k, const PlanarRow &row);
  void emit();

private:
  enum Slot { Multiplier, Shift, First, End };
  static constexpr int64_t frameBytes = 16;
  void load(const std::string &name, Slot slot) { block.line("ldr {0}, [sp, #{1}]", name, 4 * slot); }
  void products(int64_t count);
  void makeCode(const std::string &sum);

  Assembly block;
  const PlanarRow &row;
  std::string line, out, half, a, b, spare;
  SmallVector<std::string, 2> sums;
  SmallVector<std::pair<std::string, std::string>, 3> weights;
};
} // namespace

DspPlanarRow::DspPlanarRow(KernelBuilder &k, const PlanarRow &row) : block(k), row(row) {
  const NarrowStore &store = row.store;
  Type i32 = k.b.getI32Type();
  Val multiplier = store.hasMultipliers ? k.loadRaw(store.multiplier, i32, k.index(0)) : store.multiplier;
  Val shift = store.shift;
  if (store.hasShifts)
    shift = k.widen(k.loadRaw(shift, k.b.getI8Type(), k.index(0)), i32, /*isSigned=*/false);
  line = block.inOut(row.line);
  out = block.inOut(store.out);
  half = block.inOut((shift.constant(2 * store.zero + 1) << shift) >> 1);
  // These are in registers only until they are on the stack.
  a = block.inOut(multiplier);
  b = block.inOut(shift);
  sums = {block.inOut(row.first), block.temporary(i32)};
  spare = block.temporary(i32);
  for (const Accumulators &words : row.rows)
    weights.emplace_back(block.input(words[0]), block.input(words[1]));
}

/// The products of `count` positions; the line goes on to the next ones.
void DspPlanarRow::products(int64_t count) {
  load(sums[0], First);
  if (count == 2)
    block.line("mov {0}, {1}", sums[1], sums[0]);
  for (size_t i = weights.size(); i-- > 0;) {
    const auto &[first, second] = weights[i];
    if (i > 0)
      block.line("ldrd {0}, {1}, [{2}, #{3}]", a, b, line, static_cast<int64_t>(i) * row.rowBytes);
    else
      block.line("ldrd {0}, {1}, [{2}], #4", a, b, line);
    block.line("smlad {0}, {1}, {2}, {0}", sums[0], a, first);
    block.line("smlabt {0}, {1}, {2}, {0}", sums[0], b, second);
    if (count == 1)
      continue;
    block.line("smlatb {0}, {1}, {2}, {0}", sums[1], a, first);
    block.line("smlad {0}, {1}, {2}, {0}", sums[1], b, second);
  }
  block.line("ldrd {0}, {1}, [sp, #{2}]", a, b, 4 * Multiplier);
  for (int64_t i = 0; i < count; ++i)
    makeCode(sums[i]);
}

/// As DspCodes makes them.
void DspPlanarRow::makeCode(const std::string &sum) {
  block.line("lsl {0}, {0}, #1", sum);
  if (!row.store.isClampedAtZero)
    block.line("add {0}, {1}, {2}, asr #31", spare, half, sum);
  block.line("smmlar {0}, {0}, {1}, {2}", sum, a, row.store.isClampedAtZero ? half : spare);
  block.line("asr {0}, {0}, {1}", sum, b);
  block.line("{0} {1}, #8, {1}", row.store.isSigned ? "ssat" : "usat", sum);
  if (row.distance <= 255)
    return block.line("strb {0}, [{1}], #{2}", sum, out, row.distance);
  block.line("strb {0}, [{1}]", sum, out);
  block.line("addw {0}, {0}, #{1}", out, row.distance);
}

void DspPlanarRow::emit() {
  int64_t together = row.stride == 1 ? 2 : 1, loops = row.width / together;
  block.line("sub sp, #{0}", frameBytes);
  block.line("strd {0}, {1}, [sp, #{2}]", a, b, 4 * Multiplier);
  block.line("str {0}, [sp, #{1}]", sums[0], 4 * First);
  if (loops > 1) {
    block.line("addw {0}, {1}, #{2}", spare, line, 4 * loops);
    block.line("str {0}, [sp, #{1}]", spare, 4 * End);
    block.line("1:");
  }
  if (loops > 0)
    products(together);
  if (loops > 1) {
    load(spare, End);
    block.line("cmp {0}, {1}", line, spare);
    block.line("bne 1b");
  }
  if (row.width % together)
    products(1);
  block.line("add sp, #{0}", frameBytes);
  block.emit();
}

/// The distance of positions is a number of 12 bits in an instruction.
bool DspDepthwiseTile::storePlanarRow(KernelBuilder &k, const PlanarRow &row) const {
  if (row.distance > 4095)
    return false;
  DspPlanarRow(k, row).emit();
  return true;
}
