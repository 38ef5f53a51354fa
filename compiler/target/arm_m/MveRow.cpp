// Rows of contractions whose windows are one run, in blocks of four positions and two channels, for the M-profile
// vector extension.
#include "compiler/codegen/Assembly.h"
#include "compiler/target/arm_m/ArmFunction.h"
#include "compiler/target/arm_m/MveOctet.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

namespace {

/// A function that computes pairs of channels, and for each of them all positions. Odd registers keep pointers from one
/// block to the next. What a pair needs for its codes is put in the frame before its positions, as even registers hold
/// sums. All layers share the function but the products of a block, whose instructions hold the offsets of loads: it
/// jumps to them, and they jump back.
class MveRow : ArmFunction {
public:
  MveRow(KernelBuilder &k, const BlockRow &row);
  bool isPossible() const;
  void call();

private:
  enum Own {
    Bias, // two neighbours are loaded at once
    Half,
    Left,
    SecondBias,
    SecondHalf,
    SecondLeft,
    Return,
    Rest, // not 0 until the last block has begun, if it overlaps the one before it
    SavedVectors,
    OwnCount = SavedVectors + 3 * 4
  };
  enum Argument {
    Codes,
    Weights,
    Out,
    Distance, // of positions of the output
    End,      // of the codes of whole blocks
    LastCodes,
    LastEnd,
    LastOut,
    Biases,
    Multipliers,
    Shifts,
    Unit,
    HasRest,
    Pairs,
    PairBytes, // of weights
    Products,
    ArgumentCount
  };
  void moveVectors(StringRef instruction);
  void findPlaces();
  void prepareChannel(int64_t channel);
  void preparePair();
  void makeCodes(int64_t channel, StringRef bias, StringRef half, StringRef left);
  void storeCodes();
  void emitBlock();
  void emitLastBlock();
  void advance(Argument pointer, StringRef bytes);
  void advancePair();
  AssemblyText products();
  int64_t blockBytes() const { return MveOctet::positions * row.run.positionBytes; }

  const BlockRow &row;
  MveOctet octet;
  MveOctet::Registers registers;
  static constexpr llvm::StringLiteral multipliers[] = {"q4", "q5"}, places = "q6", out = "r5", end = "r7";
};

MveRow::MveRow(KernelBuilder &k, const BlockRow &row) : ArmFunction(k, row.store, OwnCount), row(row), octet(row.run) {
  registers.codes = {"r1", "r9"};
  registers.codes.resize(octet.pointers());
  registers.weights = "r3";
  registers.end = registers.mask = "r11";
  registers.sums = {"r0", "r2", "r4", "r6", "r8", "r10", "r12", "lr"};
  registers.channels = {"q0", "q1"};
  registers.loaded = {"q2", "q3"};
}

/// Instructions hold the steps from one block to the next, too.
bool MveRow::isPossible() const {
  constexpr int64_t largest = 4095;
  return octet.isPossible() && numbers.isSigned && numbers.bits == 8 && blockBytes() <= largest &&
         octet.packedBytes() <= largest;
}

/// Vectors that the caller wants back.
void MveRow::moveVectors(StringRef instruction) {
  for (int64_t i = 0; i < 3; ++i)
    block.line("{0}.32 q{1}, [sp, #{2}]", instruction, 4 + i, 4 * (own(SavedVectors).word + 4 * i));
}

/// Where the codes of four positions go: 0, 1, 2 and 3 times their distance.
void MveRow::findPlaces() {
  load("r0", argument(Distance));
  block.line("movs r1, #0");
  block.line("lsls r2, r0, #1");
  block.line("adds r3, r0, r2");
  block.line("vmov {0}[2], {0}[0], r1, r2", places);
  block.line("vmov {0}[3], {0}[1], r0, r3", places);
}

void MveRow::prepareChannel(int64_t channel) {
  Own bias = channel ? SecondBias : Bias, half = channel ? SecondHalf : Half, left = channel ? SecondLeft : Left;
  block.line(row.bias ? "ldr r0, [r4], #4" : "movs r0, #0");
  store("r0", own(bias));
  block.line(numbers.hasMultipliers ? "ldr r0, [r6], #4" : "mov r0, r6");
  block.line("vdup.32 {0}, r0", multipliers[channel]);
  block.line(numbers.hasShifts ? "ldrb r0, [r8], #1" : "mov r0, r8");
  findHalf("r2", "r10", "r0");
  store("r2", own(half));
  block.line("rsb r0, r0, #24");
  store("r0", own(left));
}

void MveRow::preparePair() {
  load("r4", argument(Biases));
  load("r6", argument(Multipliers));
  load("r8", argument(Shifts));
  load("r10", argument(Unit));
  for (int64_t channel = 0; channel < MveOctet::vectors; ++channel)
    prepareChannel(channel);
  if (row.bias)
    store("r4", argument(Biases));
  if (numbers.hasMultipliers)
    store("r6", argument(Multipliers));
  if (numbers.hasShifts)
    store("r8", argument(Shifts));
  load("r0", argument(HasRest));
  store("r0", own(Rest));
  load(registers.codes[0], argument(Codes));
  load(out, argument(Out));
  load(end, argument(End));
}

/// Makes a vector of sums the highest bytes of words, and these codes: see `requantizeMve`.
void MveRow::makeCodes(int64_t channel, StringRef bias, StringRef half, StringRef left) {
  const std::string &sum = registers.loaded[channel], &sign = registers.channels[channel];
  block.line("vadd.i32 {0}, {0}, {1}", sum, bias);
  if (!numbers.isClampedAtZero)
    block.line("vshr.s32 {0}, {1}, #31", sign, sum);
  block.line("vqrdmlash.s32 {0}, {1}, {2}", sum, multipliers[channel], half);
  if (!numbers.isClampedAtZero)
    block.line("vadd.i32 {0}, {0}, {1}", sum, sign);
  block.line("vqshl.s32 {0}, {1}", sum, left);
  block.line("vshr.s32 {0}, {0}, #24", sum);
}

void MveRow::storeCodes() {
  load("r0", "r2", own(Bias));
  load("r4", "r6", own(Left));
  load("r8", "r10", own(SecondHalf));
  load("r12", argument(Distance));
  makeCodes(0, "r0", "r2", "r4");
  makeCodes(1, "r6", "r8", "r10");
  block.line("vstrb.32 {0}, [{1}, {2}]", registers.loaded[0], out, places);
  block.line("adds r0, {0}, #1", out);
  block.line("vstrb.32 {0}, [r0, {1}]", registers.loaded[1], places);
  block.line("add {0}, {0}, r12, lsl #2", out);
}

void MveRow::emitBlock() {
  load("pc", argument(Products));
  block.line("5:");
  octet.gather(block, registers);
  storeCodes();
  block.line("cmp {0}, {1}", registers.codes[0], end);
  block.line("bne 3b");
}

/// Positions that fill no block have one that overlaps the one before.
void MveRow::emitLastBlock() {
  load("r0", own(Rest));
  block.line("cmp r0, #0");
  block.line("beq 4f");
  block.line("movs r0, #0");
  store("r0", own(Rest));
  load(registers.codes[0], argument(LastCodes));
  load(out, argument(LastOut));
  load(end, argument(LastEnd));
  block.line("b 3b");
  block.line("4:");
}

void MveRow::advance(Argument pointer, StringRef bytes) {
  load("r2", argument(pointer));
  block.line("add r2, {0}", bytes);
  store("r2", argument(pointer));
}

void MveRow::advancePair() {
  load("r0", argument(PairBytes));
  block.line("add {0}, r0", registers.weights);
  block.line("movs r0, #{0}", MveOctet::vectors);
  advance(Out, "r0");
  advance(LastOut, "r0");
  load("r0", argument(Pairs));
  block.line("subs r0, #1");
  store("r0", argument(Pairs));
  block.line("bne 2b");
}

/// The products of a block. The pointer to codes moves on to the next one.
AssemblyText MveRow::products() {
  AssemblyText text;
  auto advance = [&](StringRef pointer, int64_t bytes) {
    if (bytes != 0)
      text.line("{0} {1}, {1}, #{2}", bytes > 0 ? "add" : "sub", pointer, std::abs(bytes));
  };
  if (octet.pointers() > 1)
    text.line("add {0}, {1}, #{2}", registers.codes[1], registers.codes[0], octet.codesBase(1) - octet.codesBase(0));
  if (octet.isLoop()) {
    text.line("add {0}, {1}, #{2}", registers.end, registers.weights, octet.wholeWeights());
    for (const std::string &sum : registers.sums)
      text.line("mov {0}, #0", sum);
  }
  octet.emitSteps(text, registers, /*isFirst=*/true,
                  [&] { text.line("movw {0}, #{1}", registers.mask, octet.mask()); });
  advance(registers.codes[0], blockBytes() - octet.movedCodes());
  advance(registers.weights, -octet.movedWeights());
  text.line("ldr pc, [sp, #{0}]", 4 * own(Return).word);
  return text;
}

void MveRow::call() {
  enter();
  moveVectors("vstrw");
  findPlaces();
  block.line("adr.w r0, 5f");
  block.line("adds r0, #1"); // Thumb code
  store("r0", own(Return));
  load(registers.weights, argument(Weights));
  block.line("2:");
  preparePair();
  block.line("3:");
  emitBlock();
  emitLastBlock();
  advancePair();
  moveVectors("vldrw");
  leave();

  int64_t rest = row.width % MveOctet::positions, last = row.width - MveOctet::positions;
  SmallVector<Val> values(ArgumentCount);
  values[Codes] = k.advance(row.run.lhs, octet.codesBase(0));
  values[Weights] = k.advance(row.run.rhs, octet.weightsBase());
  values[Out] = numbers.out;
  values[Distance] = k.i32(numbers.positionBytes);
  values[End] = k.advance(values[Codes], (row.width - rest) * row.run.positionBytes);
  values[LastCodes] = k.advance(values[Codes], last * row.run.positionBytes);
  values[LastEnd] = k.advance(values[Codes], row.width * row.run.positionBytes);
  values[LastOut] = k.advance(numbers.out, last * numbers.positionBytes);
  values[Biases] = row.bias.value_or(k.i32(0));
  values[Multipliers] = numbers.multiplier;
  values[Shifts] = numbers.shift;
  values[Unit] = unit();
  values[HasRest] = k.i32(rest);
  values[Pairs] = k.i32(row.blocks);
  values[PairBytes] = k.i32(octet.packedBytes());
  values[Products] = addressOfAssembly(k, "mve.products", products());
  callAssembly(k, "mve.row", block, values);
}
} // namespace

bool target::callMveRow(KernelBuilder &k, const BlockRow &row) {
  MveRow function(k, row);
  if (row.blocks == 0 || !function.isPossible())
    return false;
  function.call();
  return true;
}
