// Groups of weights that have scales, in functions with runs of products by SMLAD: sums of a group are multiplied by
// factors and added to totals, which are in the frame, as products take all registers.
#include "compiler/target/arm_m/DspFunction.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

// Digits of half-words of four: sums are those of weights times 2^4 and 2^12.
static constexpr int64_t lowPlace = 4, highPlace = 12;

bool DspRow::takesGroups(const BlockRow &row, const WeightFields &fields) {
  DspProducts products(row.run, fields);
  return row.groups->lastSteps % (row.run.steps / products.units()) == 0;
}

/// Loads all sums from there, or stores them, in one instruction.
void DspRow::copySums(llvm::StringRef instruction, Slot slot) {
  block.line("add r2, sp, #{0}", 4 * slot.word);
  if (registers.sums.size() == 1)
    block.line("{0}r {1}, [r2]", instruction.take_front(2), registers.sums.front());
  else
    block.line("{0} r2, {{{1}-{2}}", instruction, registers.sums.front(), registers.sums.back());
}

void DspRow::emitGroups(const GroupSlots &at) {
  const ScaledGroups &groups = *row.groups;
  bool hasRuns = groups.runs > 1, hasGroups = groups.ofRun > 1, hasShortGroup = groups.lastSteps < row.run.steps;
  copySums("ldm", at.at(GroupSlots::Zeros));
  copySums("stm", at.at(GroupSlots::Totals));
  if (hasRuns) {
    load("r2", at.at(GroupSlots::Offsets));
    store("r2", at.run);
    block.line("5:");
    load("r2", at.run);
    load("r0", at.codes);
    block.line("ldr r3, [r2], #4");
    store("r2", at.run);
    block.line("add r0, r3");
  }
  if (hasRuns && hasGroups) {
    load("r2", at.at(GroupSlots::RunBytes));
    block.line("add r2, r1");
    store("r2", at.runEnd);
  }
  if (hasGroups)
    block.line("6:");
  load("r3", at.at(GroupSlots::WeightBytes));
  block.line("add r3, r1");
  if (hasShortGroup) {
    load("r2", at.runEnd);
    block.line("sub r2, #{0}", llvm::alignTo(row.run.vectors, 4));
    block.line("cmp r3, r2");
    block.line("it hi");
    block.line("movhi r3, r2");
  }
  store("r3", at.groupEnd);
  copySums("ldm", at.at(GroupSlots::Zeros));
  emitProducts();
  load("r2", at.groupEnd);
  block.line("cmp r1, r2");
  block.line("bne 1b");
  combineGroup(at);
  if (hasGroups) {
    load("r2", at.runEnd);
    block.line("cmp r1, r2");
    block.line("bne 6b");
  }
  if (hasRuns) {
    load("r2", at.run);
    load("r3", at.at(GroupSlots::OffsetsEnd));
    block.line("cmp r2, r3");
    block.line("bne 5b");
  }
}

/// WeightFields::finish, but what channels have is left as large as it is: of nibbles, the first two channels' is 2^4
/// times their sum, and that of the others 2^12 times. It fits 32 bits, whatever the sums of prefixes have lost.
void DspRow::separateSums(int64_t position) {
  for (int64_t first = 0; first < row.run.vectors; first += fields.count) {
    int64_t there = std::min(fields.count, row.run.vectors - first);
    auto own = [&](int64_t field) -> const std::string & { return sum(position, first + field); };
    if (!DspProducts::hasNibbles(fields)) {
      if (there > 1)
        block.line("sub {0}, {0}, {1}", own(1), own(0));
      continue;
    }
    if (there > 3)
      block.line("sub {0}, {0}, {1}", own(3), own(1));
    if (there > 2)
      block.line("sub {0}, {0}, {1}, lsl #4", own(2), own(1));
    if (there > 3)
      block.line("sub {0}, {0}, {1}, asr #4", own(3), own(2));
    if (there > 1)
      block.line("sub {0}, {0}, {1}, asr #4", own(1), own(0));
  }
}

/// Two channels at a time, whose factors are bytes from r1 on. SMLAWB takes 16 bits off a product: of 2^12 times a sum
/// with 2^4 times a factor, nothing but zeros.
void DspRow::combineGroup(const GroupSlots &at) {
  bool hasNibbles = DspProducts::hasNibbles(fields);
  int64_t vectors = row.run.vectors;
  for (int64_t i = 0; i < row.run.positions; ++i)
    separateSums(i);
  for (int64_t j = 0; j < vectors; j += 2) {
    bool hasSecond = j + 1 < vectors, isHigh = hasNibbles && j % fields.count >= 2;
    llvm::StringRef factors[] = {"r12", "lr"}, totals[] = {"r2", "r3"};
    for (int64_t c = 0; c <= hasSecond; ++c) {
      block.line("ldrb {0}, [r1], #1", factors[c]);
      if (isHigh)
        block.line("lsl {0}, {0}, #{1}", factors[c], 16 - highPlace);
    }
    for (int64_t i = 0; i < row.run.positions; ++i) {
      Slot total = at.at(GroupSlots::Totals + i * vectors + j);
      hasSecond ? load("r2", "r3", total) : load("r2", total);
      for (int64_t c = 0; c <= hasSecond; ++c) {
        int64_t place = hasNibbles ? lowPlace : c * fields.bits;
        if (!isHigh && place > 0)
          block.line("asr {0}, {0}, #{1}", sum(i, j + c), place);
        block.line("{0} {1}, {1}, {2}, {3}", isHigh ? "smlawb" : "mla", sum(i, j + c), factors[c], totals[c]);
      }
    }
  }
  if (int64_t filled = llvm::alignTo(vectors, 4) - vectors)
    block.line("add r1, #{0}", filled);
  copySums("stm", at.at(GroupSlots::Totals));
}

void DspRow::loadTotals(const GroupSlots &at) {
  copySums("ldm", at.at(GroupSlots::Totals));
  for (const std::string &total : registers.sums)
    block.line("lsl {0}, {0}, #1", total);
}

void DspRow::roundFraction(llvm::StringRef sum, llvm::StringRef bias, llvm::StringRef rounding) {
  if (!bias.empty())
    block.line("add {0}, {1}", sum, bias);
  block.line("add {0}, {0}, {0}, asr #31", sum);
  block.line("add {0}, {1}", sum, rounding);
  block.line("{0} {1}, #{2}, {1}, asr #8", numbers.isSigned ? "ssat" : "usat", sum, numbers.bits);
}

SmallVector<Val> DspRow::groupArguments() {
  const ScaledGroups &groups = *row.groups;
  Val zero = k.i32(0);
  SmallVector<Val> values(GroupSlots::Count, zero);
  if (groups.runs > 1) {
    values[GroupSlots::Offsets] = groups.offsets;
    values[GroupSlots::OffsetsEnd] = k.advance(groups.offsets, 4 * groups.runs);
  }
  values[GroupSlots::RunBytes] = k.i32(groups.runBytes);
  values[GroupSlots::WeightBytes] = k.i32(groups.weightBytes);
  values[GroupSlots::Rounding] = k.i32(128 + 256 * numbers.zero);
  return values;
}
