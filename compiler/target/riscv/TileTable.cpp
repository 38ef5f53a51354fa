#include "compiler/target/riscv/TileTable.h"

#include "compiler/target/BitTile.h"
#include "compiler/target/generic/ScalarTile.h"
#include "compiler/target/generic/TileTable.h"
#include "compiler/target/riscv/RvvTile.h"

using namespace qcc;
using namespace qcc::target;
using llvm::StringRef;

llvm::ArrayRef<TileInstruction> target::riscvTiles() {
  // Of 31 registers, the stack pointer, those of threads and globals, and the pointers to codes and weights are taken.
  static const ScalarInstructions instructions = {.load8 = "lb {0}, {2}({1})",
                                                  .load16 = "lh {0}, {2}({1})",
                                                  .multiplyAdd = "mul {3}, {1}, {2}\n add {0}, {0}, {3}",
                                                  .prefix = "slli {0}, {1}, {3}\n srai {0}, {0}, {3}",
                                                  .lookUp = "slli {0}, {1}, {4}\n srli {0}, {0}, 28\n"
                                                            "add {0}, {0}, {2}\n lb {0}, 0({0})",
                                                  .add = "addi {0}, {0}, {1}",
                                                  .loop = "bne {0}, {1}, 1b",
                                                  .largestOffset = 2047};
  constexpr int64_t registers = 23, longestBody = 64, depthwisePositions = 4;
  static const ScalarTile bytes(/*weightBytes=*/1, registers, /*instructionsPerProduct=*/2, longestBody,
                                depthwisePositions, &instructions);
  static const ScalarTile halves(/*weightBytes=*/2, registers, /*instructionsPerProduct=*/2, longestBody,
                                 depthwisePositions, &instructions);
  static const ScalarTile transformed(/*weightBytes=*/2, registers, /*instructionsPerProduct=*/2, longestBody,
                                      depthwisePositions, &instructions, /*codeBytes=*/2);
  static const ScalarTile nibbles(/*weightBytes=*/1, registers, /*instructionsPerProduct=*/2, longestBody,
                                  depthwisePositions, &instructions, /*codeBytes=*/1, /*instructionsPerLoad=*/1,
                                  WeightFields::inPlace(/*bits=*/4, /*bytes=*/1), /*instructionsPerPrefix=*/2);
  static const ScalarTile codes(/*weightBytes=*/1, registers - 1, /*instructionsPerProduct=*/2, longestBody,
                                depthwisePositions, &instructions, /*codeBytes=*/1, /*instructionsPerLoad=*/1,
                                WeightFields::codes(), /*instructionsPerPrefix=*/4);
  static const ScalarTile crumbs(/*weightBytes=*/1, registers, /*instructionsPerProduct=*/2, longestBody,
                                 depthwisePositions, &instructions, /*codeBytes=*/1, /*instructionsPerLoad=*/1,
                                 WeightFields::inPlace(/*bits=*/2, /*bytes=*/1), /*instructionsPerPrefix=*/2);
  // Sixteen channels are four registers of 128 bits of sums, eight are two.
  static const RvvTile sixteen(/*lanes=*/16, /*codeBytes=*/1), eight(/*lanes=*/8, /*codeBytes=*/1);
  static const RvvTile sixteenHalves(/*lanes=*/16, /*codeBytes=*/2), eightHalves(/*lanes=*/8, /*codeBytes=*/2);
  static const RvvFloatTile floats;
  static const BlockCosts ofSigns = {.registers = 11, .multiplyAdds = 0.5, .loads = 1, .latency = 4};
  static const SignedFloatTile signs(8, /*hasZeros=*/false, ofSigns), threes(8, /*hasZeros=*/true, ofSigns);
  constexpr StringRef vectors = "zve32x,zvl128b", floatVectors = "zve32f,zvl128b";
  static const ShiftedBitTile bits(/*lanes=*/1, {.registers = 8, .count = 11, .load = 1, .total = 10, .sum = 20});
  static const CountedBitTile countedBits(/*lanes=*/1, /*elementBits=*/32,
                                          {.registers = 20, .count = 3, .load = 1, .total = 2, .sum = 20});
  static const TileInstruction tiles[] = {
      blockInstruction("riscv.v.8", vectors, eight),
      blockInstruction("riscv.v", vectors, sixteen),
      blockInstruction("riscv.v.halves.8", vectors, eightHalves),
      blockInstruction("riscv.v.halves", vectors, sixteenHalves),
      blockInstruction("riscv.v.float", floatVectors, floats),
      blockInstruction("riscv.v.signs", floatVectors, signs),
      blockInstruction("riscv.v.ternary", floatVectors, threes),
      blockInstruction("riscv.m", "m", bytes),
      blockInstruction("riscv.m.w4", "m", nibbles),
      blockInstruction("riscv.m.codes4", "m", codes),
      blockInstruction("riscv.m.w2", "m", crumbs),
      blockInstruction("riscv.m.halves", "m", halves),
      blockInstruction("riscv.zbb.bits", "zbb", countedBits),
      blockInstruction("riscv.bits", "", bits),
      blockInstruction("riscv.m.transformed", "m", transformed),
      genericTiles()[0],
      genericTiles()[1],
      genericTiles()[3],
  };
  return tiles;
}
