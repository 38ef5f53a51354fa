#include "compiler/target/arm_m/DspAssembly.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

//===-- Products ----------------------------------------------------------------------------------===//

// Offsets of double loads, and how far loads of one word reach back.
static constexpr int64_t farthest = 1020, farthestBack = 255;

DspProducts::DspProducts(Assembly &block, const BlockRun &run)
    : block(block), run(run),
      readsPairs(!hasPlanes() && run.positions == 1 && run.lhsAlign % 4 == 0 && run.steps % 2 == 0) {
  constexpr int64_t longestBody = 64, mostSteps = 32; // multiply-adds; loads reach back over so many words
  int64_t longest = std::max(unit(), std::min(mostSteps, longestBody / (run.positions * run.vectors)));
  unroll = std::min(longest - longest % unit(), run.steps);
  while (unroll > unit() && (run.steps % unroll || codeOffset(unroll) > farthest))
    unroll -= unit();
  if (!isLoop())
    return;
  rhsMoved = unroll * stepBytes();
  bool areWords = hasPlanes() ? run.positions % 2 == 1 : !readsPairs;
  if (codeOffset(unroll) <= (areWords ? farthestBack : farthest))
    lhsMoved = codeOffset(unroll);
}

/// Loads from `offset` bytes on, counted from where the body begins. Its first load moves the pointer to where the next
/// one begins.
void DspProducts::load(StringRef registers, const std::string &pointer, int64_t offset, int64_t moved) {
  const char *name = registers.contains(',') ? "ldrd" : "ldr";
  if (moved && offset == 0)
    block.line("{0} {1}, [{2}], #{3}", name, registers, pointer, moved);
  else
    block.line("{0} {1}, [{2}, #{3}]", name, registers, pointer, offset - moved);
}

/// The codes of all positions of a step, or of the two steps of a single one. In planes, neighbours are in one load.
void DspProducts::loadCodes(const DspRegisters &registers, int64_t number) {
  const auto &to = registers.temporaries;
  int64_t offset = codeOffset(number);
  if (readsPairs)
    return load(to[0] + ", " + to[1], registers.lhs, offset, lhsMoved);
  for (int64_t i = 0; i < run.positions; ++i) {
    bool isPair = hasPlanes() && i + 1 < run.positions;
    load(isPair ? to[i] + ", " + to[i + 1] : to[i], registers.lhs, offset + i * run.positionBytes, lhsMoved);
    i += isPair;
  }
}

void DspProducts::multiplyWord(const DspRegisters &registers, int64_t word, const std::string &weights,
                               ArrayRef<std::string> codes) {
  bool hasBoth = 2 * word + 1 < run.vectors;
  auto multiply = [&](int64_t channel) {
    for (auto [i, code] : llvm::enumerate(codes)) {
      const std::string &sum = registers.sums[i * run.vectors + channel];
      block.line("smlad {0}, {1}, {2}, {0}", sum, code, weights);
    }
  };
  if (hasBoth) {
    multiply(2 * word + 1);
    block.line("sxtb16 {0}, {0}", weights);
  }
  multiply(2 * word);
}

/// Without a channel b, the half-words are those of channel a alone.
void DspProducts::step(const DspRegisters &registers, int64_t number, ArrayRef<std::string> codes) {
  for (int64_t word = 0; word < words(); word += 2) {
    bool isPair = word + 1 < words();
    const std::string &first = isPair ? registers.temporaries[2] : registers.temporaries[3],
                      &second = registers.temporaries[3];
    load(isPair ? first + ", " + second : first, registers.rhs, number * stepBytes() + word * wordBytes, rhsMoved);
    multiplyWord(registers, word, first, codes);
    if (isPair)
      multiplyWord(registers, word + 1, second, codes);
  }
}

void DspProducts::emit(const DspRegisters &registers, int64_t endOffset) {
  const auto &temporaries = registers.temporaries;
  if (isLoop())
    block.line("1:");
  for (int64_t s = 0; s < unroll; s += readsPairs ? 2 : 1) {
    loadCodes(registers, s);
    if (!readsPairs) {
      step(registers, s, ArrayRef(temporaries).take_front(run.positions));
      continue;
    }
    step(registers, s, temporaries[0]);
    step(registers, s + 1, temporaries[1]);
  }
  if (!isLoop())
    return;
  if (!lhsMoved)
    block.line("addw {0}, {0}, #{1}", registers.lhs, codeOffset(unroll));
  block.line("ldr {0}, [sp, #{1}]", temporaries[0], endOffset);
  block.line("cmp {0}, {1}", registers.rhs, temporaries[0]);
  block.line("bne 1b");
}

//===-- Codes -------------------------------------------------------------------------------------===//

void DspCodes::doubleSums() {
  for (int64_t i = 0; i < store.positions; ++i)
    for (int64_t j = 1; j < store.vectors; j += 2) {
      block.line("sub {0}, {0}, {1}", sum(i, j), sum(i, j - 1));
      block.line("asr {0}, {0}, #7", sum(i, j));
    }
  for (int64_t i = 0; i < store.positions; ++i)
    for (int64_t j = 0; j < store.vectors; j += 2)
      block.line("lsl {0}, {0}, #1", sum(i, j));
}

void DspCodes::loadShift(int64_t channel) {
  if (!hasShiftWords)
    return block.line("ldrb {0}, [{1}, #{2}]", names.shift, names.shifts, channel);
  if (channel % 4 != 0)
    return block.line("lsr {0}, {0}, #8", names.shift);
  if (channel == 0 && store.vectors > 4)
    block.line("ldr {0}, [{1}, #4]", names.spare, names.shifts);
  if (channel == 0)
    block.line("ldr {0}, [{0}]", names.shift);
  else
    block.line("mov {0}, {1}", names.shift, names.spare);
}

void DspCodes::makeCodes(int64_t channel) {
  if (store.hasMultipliers)
    block.line("ldr {0}, [{1}, #{2}]", names.multiplier, names.multipliers, 4 * channel);
  if (store.hasShifts)
    loadShift(channel);
  if (store.hasShifts || channel == 0) {
    int64_t unit = 2 * store.zero + 1;
    unit < 0 ? block.line("mvn {0}, #{1}", names.half, -unit - 1) : block.line("movw {0}, #{1}", names.half, unit);
    block.line("lsl {0}, {0}, {1}", names.half, names.shift);
    block.line("asr {0}, {0}, #1", names.half);
  }
  // More than four channels have names.shifts of their own, so that this one may be lost.
  const std::string &corrected = hasShiftWords && store.vectors > 4 ? names.half : names.spare;
  for (int64_t i = 0; i < store.positions; ++i) {
    const std::string &code = sum(i, channel);
    if (!store.isClampedAtZero)
      block.line("add {0}, {1}, {2}, asr #31", corrected, names.half, code);
    block.line("smmlar {0}, {0}, {1}, {2}", code, names.multiplier, store.isClampedAtZero ? names.half : corrected);
    block.line("asr {0}, {0}, {1}", code, names.shift);
    block.line("{0} {1}, #8, {1}", store.isSigned ? "ssat" : "usat", code);
  }
}

void DspCodes::storeCodes(int64_t distanceOffset) {
  for (int64_t i = 0; i < store.positions; ++i) {
    if (i > 0) {
      block.line("ldr {0}, [sp, #{1}]", names.half, distanceOffset);
      block.line("add {0}, {0}, {1}", names.out, names.half);
    }
    for (int64_t j = 0; j < store.vectors; ++j)
      block.line("strb {0}, [{1}, #{2}]", sum(i, j), names.out, j);
  }
}

void DspCodes::emit(ArrayRef<std::string> sums, Numbers numbers, int64_t distanceOffset) {
  this->sums = sums;
  names = std::move(numbers);
  if (!store.hasMultipliers)
    names.multiplier = names.multipliers;
  if (!needsShiftRegister())
    names.shift = names.shifts;
  doubleSums();
  for (int64_t j = 0; j < store.vectors; ++j)
    makeCodes(j);
  storeCodes(distanceOffset);
}

//===-- Rows --------------------------------------------------------------------------------------===//

DspRow::DspRow(KernelBuilder &k, const BlockRow &row)
    : block(k), row(row), products(block, row.run), codes(block, row.store) {
  SmallVector<Val> values{
      row.lines, row.run.rhs, row.store.out, row.store.multiplier, row.store.shift, row.store.positionBytes};
  values.append(row.first.begin(), row.first.end());
  for (Val value : values)
    inputs.push_back(block.inOut(value));
  // All of them are free once they are in the frame.
  SmallVector<std::string> all(inputs);
  size_t sums = row.run.positions * row.run.vectors;
  while (all.size() < sums + 6 + codes.needsShiftRegister())
    all.push_back(block.temporary(k.b.getI32Type()));
  registers.sums.append(all.begin(), all.begin() + sums);
  registers.lhs = all[sums];
  registers.rhs = all[sums + 1];
  registers.temporaries.append(all.begin() + sums + 2, all.begin() + sums + 6);
  if (codes.needsShiftRegister())
    shift = all[sums + 6];
}

/// Numbers beyond 12 bits take a register, which `to` is.
void DspRow::add(const std::string &to, const std::string &from, int64_t number) {
  if (number <= 4095)
    return block.line("addw {0}, {1}, #{2}", to, from, number);
  assert(to != from && "the number needs a register");
  block.line("movw {0}, #{1}", to, number & 0xffff);
  if (number > 0xffff)
    block.line("movt {0}, #{1}", to, number >> 16);
  block.line("add {0}, {1}", to, from);
}

/// Puts what the block begins with in the frame. The first block of positions is followed at such a distance that the
/// last one ends where the row does.
void DspRow::enter() {
  block.line("sub sp, #{0}", frameBytes());
  constexpr Slot slots[] = {Lines, Weights, Out, Multipliers, Shifts, Distance};
  for (auto [name, slot] : llvm::zip(inputs, slots))
    store(name, slot);
  for (size_t j = 0; j < row.first.size(); ++j)
    store(inputs[std::size(slots) + j], FirstSum + static_cast<int64_t>(j));
  int64_t step = row.width % row.run.positions ? row.width % row.run.positions : row.run.positions;
  const std::string &lines = inputs[0], &weights = inputs[1], &out = inputs[2], &distance = inputs[5];
  for (int64_t i = 0; i < step; ++i)
    block.line("add {0}, {1}", out, distance);
  store(out, NextOut);
  if (!hasLines())
    block.line("ldr {0}, [{0}]", lines);
  else
    block.line("mov {0}, #0", lines);
  store(lines, Here);
  add(out, lines, step * row.run.positionBytes);
  store(out, Next);
  add(out, lines, row.width * row.run.positionBytes);
  store(out, Last);
  if (!hasLines() && products.isLoop()) {
    add(out, weights, products.runBytes());
    store(out, End);
  }
}

void DspRow::startSums() {
  const auto &sums = registers.sums;
  auto vectors = static_cast<size_t>(row.run.vectors);
  for (size_t j = 0; j < vectors; j += 2) {
    int64_t offset = offsetOf(FirstSum + static_cast<int64_t>(j));
    if (j + 1 < vectors)
      block.line("ldrd {0}, {1}, [sp, #{2}]", sums[j], sums[j + 1], offset);
    else
      block.line("ldr {0}, [sp, #{1}]", sums[j], offset);
  }
  for (size_t i = vectors; i < sums.size(); ++i)
    block.line("mov {0}, {1}", sums[i], sums[i - vectors]);
}

/// The products of all lines of the window.
void DspRow::emitLines() {
  const std::string &a = registers.temporaries[0], &b = registers.temporaries[1];
  load(registers.rhs, Weights);
  if (!hasLines()) {
    load(registers.lhs, Here);
    return products.emit(registers, offsetOf(End));
  }
  load(a, Lines);
  store(a, Line);
  block.line("3:");
  load(a, Line);
  block.line("ldr {0}, [{1}], #4", registers.lhs, a);
  store(a, Line);
  load(b, Here);
  block.line("add {0}, {1}", registers.lhs, b);
  if (products.isLoop()) {
    add(b, registers.rhs, products.runBytes());
    store(b, End);
  }
  products.emit(registers, offsetOf(End));
  if (!products.isLoop())
    add(registers.rhs, registers.rhs, products.runBytes());
  load(a, Line);
  load(b, Lines);
  block.line("adds {0}, #{1}", b, 4 * row.lineCount);
  block.line("cmp {0}, {1}", a, b);
  block.line("bne 3b");
}

/// Goes on with the next block of positions, if there is one.
void DspRow::advance() {
  if (row.width <= row.run.positions)
    return;
  const std::string &here = registers.temporaries[0], &out = registers.temporaries[1], &next = registers.temporaries[2],
                    &distance = registers.temporaries[3];
  block.line("ldrd {0}, {1}, [sp, #{2}]", here, out, offsetOf(Next));
  block.line("strd {0}, {1}, [sp, #{2}]", here, out, offsetOf(Here));
  add(next, here, row.run.positions * row.run.positionBytes);
  load(distance, Distance);
  for (int64_t i = 0; i < row.run.positions; ++i)
    block.line("add {0}, {1}", out, distance);
  block.line("strd {0}, {1}, [sp, #{2}]", next, out, offsetOf(Next));
  load(next, Last);
  block.line("cmp {0}, {1}", here, next);
  block.line("bne 2b");
}

bool DspRow::emit() {
  enter();
  block.line("2:");
  startSums();
  emitLines();
  DspCodes::Numbers numbers;
  numbers.out = registers.lhs;
  numbers.multipliers = registers.rhs;
  numbers.shifts = registers.temporaries[0];
  numbers.half = registers.temporaries[1];
  numbers.multiplier = registers.temporaries[2];
  numbers.spare = registers.temporaries[3];
  numbers.shift = shift;
  load(numbers.out, Out);
  load(numbers.multipliers, Multipliers);
  load(numbers.shifts, Shifts);
  codes.emit(registers.sums, numbers, offsetOf(Distance));
  advance();
  block.line("add sp, #{0}", frameBytes());
  block.emit();
  return true;
}
