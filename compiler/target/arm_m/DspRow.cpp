#include "compiler/target/arm_m/DspRow.h"

#include "compiler/target/arm_m/DspFunction.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

DspRow::DspRow(KernelBuilder &k, const BlockRow &row, const WeightFields &fields, int64_t words)
    : ArmFunction(k, row.store, words), row(row), fields(fields), products(row.run, fields) {
  const int64_t longestBody = k.prefersSize ? 240 : 600; // bytes of code
  unroll = llvm::bit_floor(static_cast<uint64_t>(std::max<int64_t>(1, longestBody / products.codeBytes())));
  // Groups begin with the loop's body.
  while (row.groups && (products.units() % unroll || products.unitsOf(row.groups->lastSteps) % unroll))
    unroll /= 2;
  registers.lhs = "r0";
  registers.rhs = "r1";
  registers.temporaries = {"r2", "r3", "r12", "lr"};
  for (int64_t i = 0; i < row.run.positions * row.run.vectors; ++i)
    registers.sums.push_back("r" + std::to_string(4 + i));
}

/// Runs begin in the middle of the loop's body, so that what is left of them is a multiple of it.
void DspRow::findEntry(Slot skip, Slot entry) {
  block.line("adr.w r0, 1f");
  load("r1", skip);
  block.line("add r0, r1");
  block.line("adds r0, #1"); // Thumb code
  store("r0", entry);
}

Val DspRow::skipOf(Val units) { return ((units.constant(0) - units) & (unroll - 1)) * products.codeBytes(); }

void DspRow::emitProducts() {
  block.line("1:");
  for (int64_t i = 0; i < unroll; ++i)
    products.emitUnit(block, registers);
}

/// What an operand has behind it.
static std::string shiftedBy(int64_t bits) { return bits ? ", lsl #" + std::to_string(bits) : ""; }

/// WeightFields::finish, and all sums doubled, as a narrow rescaling takes them: the last of a number's by a shift that
/// is shorter by 1, as no other needs it.
void DspRow::doubleSums() {
  SmallVector<std::string> left;
  for (int64_t i = 0; i < row.run.positions; ++i)
    for (int64_t j = 0; j < row.run.vectors; ++j) {
      int64_t field = j % fields.count, shift = fields.shiftOf(field), place = shift + fields.bits * field;
      for (int64_t earlier = 0; earlier < field; ++earlier)
        block.line("sub {0}, {0}, {1}{2}", sum(i, j), sum(i, j - field + earlier),
                   shiftedBy(fields.bits * earlier + shift));
      bool isLast = place > 0 && (field + 1 == fields.count || j + 1 == row.run.vectors);
      if (int64_t back = isLast ? place - 1 : place)
        block.line("asr {0}, {0}, #{1}", sum(i, j), back);
      if (!isLast)
        left.push_back(sum(i, j));
    }
  for (const std::string &single : left)
    block.line("lsl {0}, {0}, #1", single);
}

/// WeightFields::start in place.
void DspRow::startPrefixes(int64_t position) {
  for (int64_t j = 0; j < row.run.vectors; ++j)
    if (int64_t field = j % fields.count)
      block.line("add {0}, {1}, {0}, lsl #{2}", sum(position, j), sum(position, j - 1), fields.bits * field);
  for (int64_t j = 0; j < row.run.vectors; ++j)
    if (int64_t shift = fields.shiftOf(j % fields.count))
      block.line("lsl {0}, {0}, #{1}", sum(position, j), shift);
}

namespace {

//===-- Rows of many positions ------------------------------------------------------------------------===//

/// Blocks of two positions on planes. What each channel of a block needs for its codes is put in the frame before its
/// positions.
class DspPlaneRow : DspRow {
public:
  DspPlaneRow(KernelBuilder &k, const BlockRow &row, const WeightFields &fields)
      : DspRow(k, row, fields, FirstNumber + 4 * row.run.vectors), hasRing(row.lines > 1 && !row.groups),
        hasChunks(row.lines > 1 || row.chunk > row.run.positions) {}
  void call();

private:
  enum Own {
    Entry,
    SecondEntry,
    WeightsEnd,
    End,
    FirstEnd,
    OutRow,
    OutEnd,
    RowEnd,
    Block,
    Chunk,
    ChunkEnd,
    FirstNumber
  };
  enum Argument {
    Codes,
    Weights,
    Here, // where codes of the output go
    Distance,
    Bias,
    Multipliers,
    BiasStep,
    MultiplierStep,
    ShiftStep,
    Unit,
    Shifts,
    Blocks,
    Repeated,
    RunBytes,
    Skip,
    EvenBytes, // of the output's positions, the last one left out if their number is odd
    RowBytes,
    ChunkBytes, // from here on, where there are chunks of several blocks
    ChunkOut,
    FirstBytes, // from here on, for lines in a ring: of the weights for lines up to the ring's end
    SecondSkip,
    RingBytes,
    ArgumentCount,
    FirstOfGroups = FirstBytes // instead of these, where weights have groups
  };
  GroupSlots groupSlots() const {
    return {.first = argument(FirstOfGroups),
            .codes = hasChunks ? own(Block) : argument(Codes),
            .run = own(Entry),
            .runEnd = row.groups->runs > 1 ? own(SecondEntry) : own(WeightsEnd),
            .groupEnd = own(End)};
  }
  // Behind the words above: first sums, or later biases; multipliers and halves; shifts.
  Slot firstSum(int64_t channel) const { return own(FirstNumber + channel); }
  Slot rescaling(int64_t channel) const { return own(FirstNumber + row.run.vectors + 2 * channel); }
  Slot shift(int64_t channel) const { return own(FirstNumber + 3 * row.run.vectors + channel); }

  void setUpChannels();
  void setUpRow();
  void startSums();
  void emitRuns();
  void storeCodes();
  void advance();
  void advanceChannels();

  bool hasRing, hasChunks;
};

/// The next channels' numbers, from three pointers that go on with them.
void DspPlaneRow::setUpChannels() {
  load("r0", "r1", argument(Bias));
  load("r2", argument(Shifts));
  load("r3", "r4", argument(BiasStep));
  load("r5", "r6", argument(ShiftStep));
  for (int64_t j = 0; j < row.run.vectors; ++j) {
    int64_t field = row.groups ? 0 : j % fields.count, shift = row.groups ? 0 : fields.shiftOf(field);
    block.line("ldr {0}, [r0]", field ? "r7" : "r8");
    block.line("add r0, r3");
    // WeightFields::start, the prefix in r8.
    if (field)
      block.line("add r8, r8, r7, lsl #{0}", fields.bits * field);
    if (shift)
      block.line("lsl r9, r8, #{0}", shift);
    store(shift ? "r9" : "r8", firstSum(j));
    block.line("ldr r9, [r1]");
    block.line("add r1, r4");
    block.line("ldrb r10, [r2]");
    block.line("add r2, r5");
    findHalf("r11", "r6", "r10");
    store("r9", "r11", rescaling(j));
    store("r10", this->shift(j));
  }
  store("r0", "r1", argument(Bias));
  store("r2", argument(Shifts));
}

/// Where the row's codes are read and written, in these channels.
void DspPlaneRow::setUpRow() {
  load("r1", argument(Weights));
  load("r2", argument(RunBytes));
  block.line("add r2, r1");
  store("r2", own(WeightsEnd));
  load("r2", own(OutRow));
  store("r2", argument(Here));
  load("r3", "r4", argument(EvenBytes));
  block.line("add r3, r2");
  block.line("add r4, r2");
  store("r3", "r4", own(OutEnd));
  load("r0", argument(Codes));
  if (hasRing) {
    load("r5", argument(FirstBytes));
    block.line("add r5, r1");
    store("r5", own(FirstEnd));
  }
  if (!hasChunks)
    return;
  store("r0", "r0", own(Block));
  load("r5", argument(ChunkOut));
  block.line("add r5, r2");
  block.line("cmp r5, r3");
  block.line("it hi");
  block.line("movhi r5, r3");
  store("r5", own(ChunkEnd));
}

void DspPlaneRow::startSums() {
  if (row.groups)
    return;
  int64_t vectors = row.run.vectors;
  for (int64_t j = 0; j < vectors; j += 2)
    j + 1 < vectors ? load(sum(0, j), sum(0, j + 1), firstSum(j)) : load(sum(0, j), firstSum(j));
  for (int64_t j = 0; j < vectors; ++j)
    block.line("mov {0}, {1}", sum(1, j), sum(0, j));
}

/// The products of all lines, in a ring those up to its end first.
void DspPlaneRow::emitRuns() {
  if (hasChunks)
    load("r0", own(Block));
  load("r1", argument(Weights));
  if (row.groups)
    return emitGroups(groupSlots());
  if (hasRing) {
    load("r2", own(FirstEnd));
    store("r2", own(End));
  }
  load("pc", own(Entry));
  emitProducts();
  load("r2", own(hasRing ? End : WeightsEnd));
  block.line("cmp r1, r2");
  block.line("bne 1b");
  if (!hasRing)
    return;
  load("r3", own(WeightsEnd));
  block.line("cmp r2, r3");
  block.line("beq 4f");
  store("r3", own(End));
  load("r2", argument(RingBytes));
  block.line("sub r0, r2");
  load("pc", own(SecondEntry));
  block.line("4:");
}

void DspPlaneRow::storeCodes() {
  row.groups ? loadTotals(groupSlots()) : doubleSums();
  if (row.groups)
    load("lr", groupSlots().rounding());
  for (int64_t j = 0; j < row.run.vectors; ++j) {
    load("r1", "r2", rescaling(j));
    load("r3", shift(j));
    for (int64_t i = 0; i < 2; ++i)
      makeCode(sum(i, j), "r1", "r2", "r3", "r12");
    if (!row.groups)
      continue;
    load("r1", firstSum(j));
    for (int64_t i = 0; i < 2; ++i)
      roundFraction(sum(i, j), row.bias ? "r1" : "", "lr");
  }
  load("lr", "r3", argument(Here));
  for (int64_t i = 0; i < 2; ++i) {
    for (int64_t j = 0; j < row.run.vectors; ++j)
      block.line("strb {0}, [lr, #{1}]", sum(i, j), j);
    block.line("add lr, r3");
  }
  store("lr", argument(Here));
}

/// To the next two positions, if there are some. An odd last one comes with the one before it.
void DspPlaneRow::advance() {
  if (hasChunks) {
    load("r0", own(Block));
    block.line("adds r0, #{0}", row.run.positionBytes * row.run.positions);
    store("r0", own(Block));
    load("r1", own(ChunkEnd));
    block.line("cmp lr, r1");
    block.line("bne 2b");
    load("r0", own(Chunk));
    load("r2", argument(ChunkBytes));
    block.line("add r0, r2");
    store("r0", "r0", own(Block));
    load("r4", "r2", own(OutEnd));
    load("r5", argument(ChunkOut));
    block.line("add r1, r5");
    block.line("cmp r1, r4");
    block.line("it hi");
    block.line("movhi r1, r4");
    store("r1", own(ChunkEnd));
    block.line("cmp lr, r4");
  } else {
    load("r4", "r2", own(OutEnd));
    block.line("cmp lr, r4");
  }
  block.line("bne 2b");
  block.line("cmp lr, r2");
  block.line("beq 3f");
  block.line("sub lr, r3");
  store("lr", argument(Here));
  store("r2", own(OutEnd));
  if (hasChunks)
    store("r2", own(ChunkEnd));
  block.line("b 2b");
  block.line("3:");
}

/// To the next channels; the last ones may begin with some of those before them.
void DspPlaneRow::advanceChannels() {
  load("r0", argument(Blocks));
  block.line("subs r0, #1");
  block.line("beq 9f");
  store("r0", argument(Blocks));
  load("r1", own(WeightsEnd));
  store("r1", argument(Weights));
  load("r2", own(OutRow));
  block.line("adds r2, #{0}", row.run.vectors);
  store("r2", own(OutRow));
  block.line("cmp r0, #1");
  block.line("bne 0b");
  load("r0", argument(Repeated));
  block.line("subs r2, r2, r0");
  store("r2", own(OutRow));
  constexpr std::pair<Argument, Argument> pointers[] = {
      {Bias, BiasStep}, {Multipliers, MultiplierStep}, {Shifts, ShiftStep}};
  for (auto [pointer, step] : pointers) {
    load("r1", argument(pointer));
    load("r2", argument(step));
    block.line("mls r1, r2, r0, r1");
    store("r1", argument(pointer));
  }
  block.line("b 0b");
  block.line("9:");
}

void DspPlaneRow::call() {
  enter();
  if (!row.groups)
    findEntry(argument(Skip), own(Entry));
  if (hasRing)
    findEntry(argument(SecondSkip), own(SecondEntry));
  store("r2", own(OutRow));
  block.line("0:");
  setUpChannels();
  setUpRow();
  block.line("2:");
  startSums();
  emitRuns();
  storeCodes();
  advance();
  advanceChannels();
  leave();

  SmallVector<Val> values(ArgumentCount, k.i32(0));
  int64_t distance = numbers.positionBytes, runUnits = products.units();
  Val top = row.top, before = top.constant(row.lines) - top; // lines up to the ring's end
  values[Codes] = row.run.lhs;
  values[Weights] = row.run.rhs;
  values[Here] = numbers.out;
  values[Distance] = k.i32(distance);
  std::tie(values[Bias], values[BiasStep]) = placeOf(row.bias.value_or(k.i32(0)), row.bias.has_value(), 4);
  std::tie(values[Multipliers], values[MultiplierStep]) = placeOf(numbers.multiplier, numbers.hasMultipliers, 4);
  std::tie(values[Shifts], values[ShiftStep]) = placeOf(numbers.shift, numbers.hasShifts, 1);
  values[Unit] = row.groups ? k.i32(1) : unit();
  values[Blocks] = k.i32(row.blocks);
  values[Repeated] = k.i32(row.repeated);
  values[RunBytes] = k.i32(row.lines * runUnits * products.unitBytes());
  values[EvenBytes] = k.i32(row.width / 2 * 2 * distance);
  values[RowBytes] = k.i32(row.width * distance);
  values[Skip] = skipOf(hasRing ? before * runUnits : k.i32(runUnits));
  values[ChunkBytes] = k.i32(row.chunkBytes);
  values[ChunkOut] = k.i32(row.chunk * distance);
  if (hasRing) {
    values[FirstBytes] = before * (runUnits * products.unitBytes());
    values[SecondSkip] = skipOf(top * runUnits);
    values[RingBytes] = k.i32(row.lines * row.lineBytes);
  }
  values.resize(hasRing ? ArgumentCount : hasChunks || row.groups ? FirstBytes : ChunkBytes);
  if (row.groups) {
    values[RunBytes] = k.i32(row.groups->runs * row.groups->runBytes);
    values.append(groupArguments());
  }
  callAssembly(k, row.groups ? "dsp.groups" : "dsp.row", block, values);
}

//===-- Single positions ------------------------------------------------------------------------------===//

/// Blocks of channels of one position. Each of their numbers is needed once.
class DspDenseRow : DspRow {
public:
  DspDenseRow(KernelBuilder &k, const BlockRow &row, const WeightFields &fields) : DspRow(k, row, fields, OwnCount) {}
  void call();

private:
  enum Own { Entry, WeightsEnd, Half, GroupEnd, OwnCount };
  enum Argument {
    Codes,
    Weights,
    Out,
    Unit,
    Bias,
    Multipliers,
    Shifts,
    Blocks,
    Repeated,
    RunBytes,
    Skip,
    ArgumentCount // behind which there is what groups need
  };
  GroupSlots groupSlots() const {
    return {.first = argument(ArgumentCount),
            .codes = argument(Codes),
            .run = own(Entry),
            .runEnd = own(WeightsEnd),
            .groupEnd = own(GroupEnd)};
  }
  void startSums();
  void storeCodes();
  void roundFractions();
  void advanceChannels();
};

void DspDenseRow::startSums() {
  int64_t vectors = row.run.vectors;
  if (!row.bias) {
    for (int64_t j = 0; j < vectors; ++j)
      block.line("movs {0}, #0", sum(0, j));
    return;
  }
  load("r0", argument(Bias));
  if (vectors == 1)
    block.line("ldr {0}, [r0], #4", sum(0, 0));
  else
    block.line("ldm r0!, {{{0}-{1}}", sum(0, 0), sum(0, vectors - 1));
  store("r0", argument(Bias));
  startPrefixes(0);
}

/// Multipliers and shifts in memory are read one by one.
void DspDenseRow::storeCodes() {
  int64_t vectors = row.run.vectors;
  row.groups ? loadTotals(groupSlots()) : doubleSums();
  load("r0", argument(Out));
  load("r1", argument(Multipliers));
  load("r2", argument(Shifts));
  if (!numbers.hasShifts)
    load("r3", own(Half));
  for (int64_t j = 0; j < vectors; ++j) {
    if (numbers.hasMultipliers)
      block.line("ldr r12, [r1], #4");
    if (numbers.hasShifts) {
      block.line("ldrb lr, [r2], #1");
      load("r3", argument(Unit));
      findHalf("r3", "r3", "lr");
    }
    makeCode(sum(0, j), numbers.hasMultipliers ? "r12" : "r1", "r3", numbers.hasShifts ? "lr" : "r2",
             numbers.hasShifts ? "r3" : "lr");
    if (!row.groups)
      block.line("strb {0}, [r0], #1", sum(0, j));
  }
  if (numbers.hasMultipliers)
    store("r1", argument(Multipliers));
  if (numbers.hasShifts)
    store("r2", argument(Shifts));
  if (row.groups)
    roundFractions();
  store("r0", argument(Out));
}

/// What is rescaled to 256ths, and its bias, make codes from r0 on.
void DspDenseRow::roundFractions() {
  load("r3", groupSlots().rounding());
  if (row.bias)
    load("r1", argument(Bias));
  for (int64_t j = 0; j < row.run.vectors; ++j) {
    if (row.bias)
      block.line("ldr r2, [r1], #4");
    roundFraction(sum(0, j), row.bias ? "r2" : "", "r3");
    block.line("strb {0}, [r0], #1", sum(0, j));
  }
  if (row.bias)
    store("r1", argument(Bias));
}

void DspDenseRow::advanceChannels() {
  load("r3", argument(Blocks));
  block.line("subs r3, #1");
  block.line("beq 9f");
  store("r3", argument(Blocks));
  load("r1", own(WeightsEnd));
  block.line("cmp r3, #1");
  block.line("bne 0b");
  load("r3", argument(Repeated));
  auto goBack = [&](Argument pointer) {
    load("r0", argument(pointer));
    block.line("subs r0, r0, r3");
    store("r0", argument(pointer));
  };
  goBack(Out);
  if (numbers.hasShifts)
    goBack(Shifts);
  block.line("lsls r3, r3, #2");
  if (row.bias)
    goBack(Bias);
  if (numbers.hasMultipliers)
    goBack(Multipliers);
  block.line("b 0b");
  block.line("9:");
}

void DspDenseRow::call() {
  enter();
  if (!row.groups)
    findEntry(argument(Skip), own(Entry));
  if (!numbers.hasShifts) {
    load("r0", argument(Unit));
    load("r1", argument(Shifts));
    findHalf("r0", "r0", "r1");
    store("r0", own(Half));
  }
  load("r1", argument(Weights));
  block.line("0:");
  if (!row.groups)
    startSums();
  load("r2", argument(RunBytes));
  block.line("add r2, r1");
  store("r2", own(WeightsEnd));
  load("r0", argument(Codes));
  if (row.groups) {
    emitGroups(groupSlots());
  } else {
    load("pc", own(Entry));
    emitProducts();
    load("r2", own(WeightsEnd));
    block.line("cmp r1, r2");
    block.line("bne 1b");
  }
  storeCodes();
  advanceChannels();
  leave();

  SmallVector<Val> values(ArgumentCount);
  values[Codes] = row.run.lhs;
  values[Weights] = row.run.rhs;
  values[Out] = numbers.out;
  values[Unit] = row.groups ? k.i32(1) : unit();
  values[Bias] = row.bias.value_or(k.i32(0));
  values[Multipliers] = numbers.multiplier;
  values[Shifts] = numbers.shift;
  values[Blocks] = k.i32(row.blocks);
  values[Repeated] = k.i32(row.repeated);
  values[RunBytes] = k.i32(products.units() * products.unitBytes());
  values[Skip] = skipOf(k.i32(products.units()));
  if (row.groups) {
    values[RunBytes] = k.i32(row.groups->runBytes);
    values.append(groupArguments());
  }
  callAssembly(k, row.groups ? "dsp.groups.dense" : "dsp.dense", block, values);
}

//===-- Transformed codes -----------------------------------------------------------------------------===//

/// Runs whose codes and weights go on from one to the next, and whose sums are stored as they are.
class DspTaps : DspRow {
public:
  DspTaps(KernelBuilder &k, const BlockRow &row, const WeightFields &fields) : DspRow(k, row, fields, OwnCount) {}
  void call(int64_t taps, Val to);

private:
  enum Own { Entry, TapEnd, OwnCount };
  enum Argument { Codes, Weights, To, TapBytes, End, Skip, ArgumentCount };
};

void DspTaps::call(int64_t taps, Val to) {
  enter();
  findEntry(argument(Skip), own(Entry));
  load("r0", "r1", argument(Codes));
  block.line("0:");
  load("r2", argument(TapBytes));
  block.line("add r2, r1");
  store("r2", own(TapEnd));
  for (const std::string &sum : registers.sums)
    block.line("movs {0}, #0", sum);
  load("pc", own(Entry));
  emitProducts();
  load("r2", own(TapEnd));
  block.line("cmp r1, r2");
  block.line("bne 1b");
  load("lr", argument(To));
  if (registers.sums.size() == 1)
    block.line("str {0}, [lr], #4", registers.sums.front());
  else
    block.line("stm lr!, {{{0}-{1}}", registers.sums.front(), registers.sums.back());
  store("lr", argument(To));
  load("r2", argument(End));
  block.line("cmp r1, r2");
  block.line("bne 0b");
  leave();

  SmallVector<Val> values(ArgumentCount);
  int64_t tapBytes = products.units() * products.unitBytes();
  values[Codes] = row.run.lhs;
  values[Weights] = row.run.rhs;
  values[To] = to;
  values[TapBytes] = k.i32(tapBytes);
  values[End] = k.advance(row.run.rhs, taps * tapBytes);
  values[Skip] = skipOf(k.i32(products.units()));
  callAssembly(k, "dsp.taps", block, values);
}
} // namespace

void target::callDspTaps(KernelBuilder &k, const BlockRun &run, const WeightFields &fields, int64_t taps, Val to) {
  BlockRow row{};
  row.run = run;
  DspTaps(k, row, fields).call(taps, to);
}

bool target::callDspRow(KernelBuilder &k, const BlockRow &row, const WeightFields &fields) {
  if (row.groups && !DspRow::takesGroups(row, fields))
    return false;
  if (row.run.planeBytes > 0) {
    DspPlaneRow(k, row, fields).call();
    return true;
  }
  if (row.width > 1 || row.lines > 1)
    return false;
  DspDenseRow(k, row, fields).call();
  return true;
}
