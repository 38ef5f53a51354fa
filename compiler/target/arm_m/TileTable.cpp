#include "compiler/target/arm_m/TileTable.h"

#include "compiler/target/arm_m/DspDepthwiseTile.h"
#include "compiler/target/arm_m/DspTile.h"
#include "compiler/target/arm_m/Thumb2BitTile.h"
#include "compiler/target/generic/ScalarTile.h"
#include "compiler/target/generic/TileTable.h"

using namespace qcc;
using namespace qcc::target;

llvm::ArrayRef<TileInstruction> target::armMTiles() {
  // Of 14 registers, pointers to codes and weights and a counter are taken; Armv6-M computes with eight.
  static const ScalarInstructions thumb2 = {.load8 = "ldrsb {0}, [{1}, #{2}]",
                                            .load16 = "ldrsh {0}, [{1}, #{2}]",
                                            .multiplyAdd = "mla {0}, {1}, {2}, {0}",
                                            .prefix = "sbfx {0}, {1}, #0, #{2}",
                                            .lookUp = "ubfx {0}, {1}, #{3}, #4\n ldrsb {0}, [{2}, {0}]",
                                            .add = "add {0}, {0}, #{1}",
                                            .loop = "cmp {0}, {1}\n bne 1b",
                                            .largestOffset = 4095};
  constexpr int64_t registers = 10, thumbRegisters = 6, depthwisePositions = 2;
  static const ScalarTile bytes(/*weightBytes=*/1, registers, /*instructionsPerProduct=*/1, /*longestBody=*/32,
                                depthwisePositions, &thumb2);
  static const ScalarTile halves(/*weightBytes=*/2, registers, /*instructionsPerProduct=*/1, /*longestBody=*/32,
                                 depthwisePositions, &thumb2);
  static const ScalarTile transformed(/*weightBytes=*/2, registers, /*instructionsPerProduct=*/1, /*longestBody=*/32,
                                      depthwisePositions, &thumb2, /*codeBytes=*/2);
  // Codes with a sign are loaded from the sum of two registers, and a product overwrites one of its factors.
  constexpr double thumbLoad = 2, thumbProduct = 3;
  static const ScalarTile thumbBytes(/*weightBytes=*/1, thumbRegisters, thumbProduct,
                                     /*longestBody=*/16, depthwisePositions, /*instructions=*/nullptr,
                                     /*codeBytes=*/1, thumbLoad);
  static const ScalarTile thumbHalves(/*weightBytes=*/2, thumbRegisters, thumbProduct,
                                      /*longestBody=*/16, depthwisePositions, /*instructions=*/nullptr,
                                      /*codeBytes=*/1, thumbLoad);
  static const ScalarTile nibbles(/*weightBytes=*/1, registers, /*instructionsPerProduct=*/1, /*longestBody=*/32,
                                  depthwisePositions, &thumb2, /*codeBytes=*/1, /*instructionsPerLoad=*/1,
                                  WeightFields::inPlace(/*bits=*/4, /*bytes=*/1), /*instructionsPerPrefix=*/1);
  static const ScalarTile codes(/*weightBytes=*/1, registers - 1, /*instructionsPerProduct=*/1, /*longestBody=*/32,
                                depthwisePositions, &thumb2, /*codeBytes=*/1, /*instructionsPerLoad=*/1,
                                WeightFields::codes(), /*instructionsPerPrefix=*/2);
  static const ScalarTile crumbs(/*weightBytes=*/1, registers, /*instructionsPerProduct=*/1, /*longestBody=*/32,
                                 depthwisePositions, &thumb2, /*codeBytes=*/1, /*instructionsPerLoad=*/1,
                                 WeightFields::inPlace(/*bits=*/2, /*bytes=*/1), /*instructionsPerPrefix=*/1);
  static const ScalarTile thumbNibbles(/*weightBytes=*/1, thumbRegisters, thumbProduct, /*longestBody=*/16,
                                       depthwisePositions, /*instructions=*/nullptr, /*codeBytes=*/1, thumbLoad,
                                       WeightFields::shifted(/*bits=*/4, /*bytes=*/1), /*instructionsPerPrefix=*/2);
  static const DspTile pairs(DspTile::bytes()), quads(DspTile::nibbles());
  static const DspCodesTile dspCodes(pairs);
  static const DspHalvesTile dspHalves;
  static const DspDepthwiseTile planes;
  // Instructions: in Thumb-2, masks and shifts are part of others.
  static const Thumb2BitTile bits(/*lanes=*/1, {.registers = 5, .count = 8, .load = 0.7, .total = 7, .sum = 16});
  static const DspBitTile dspBits(/*lanes=*/1, {.registers = 5, .count = 7.7, .load = 0.7, .total = 0, .sum = 16});
  static const ShiftedBitTile thumbBits(/*lanes=*/1, {.registers = 3, .count = 12, .load = 2, .total = 16, .sum = 40});
  // Eight channels one after the other: a sign is found, changed, moved to where floats are, and added.
  static const BlockCosts ofSigns = {.registers = 3, .multiplyAdds = 1.0 / 32, .loads = 1, .latency = 1};
  static const SignedFloatTile signs(8, /*hasZeros=*/false, ofSigns), threes(8, /*hasZeros=*/true, ofSigns);
  static const TileInstruction tiles[] = {
      blockInstruction("arm.dsp", "dsp", pairs),
      blockInstruction("arm.dsp.w4", "dsp", quads),
      blockInstruction("arm.dsp.codes4", "dsp", dspCodes),
      blockInstruction("arm.dsp.halves", "dsp", dspHalves),
      blockInstruction("arm.dsp.planes", "dsp", planes),
      blockInstruction("arm.mla", "thumb2", bytes),
      blockInstruction("arm.mla.w4", "thumb2", nibbles),
      blockInstruction("arm.mla.codes4", "thumb2", codes),
      blockInstruction("arm.mla.w2", "thumb2", crumbs),
      blockInstruction("arm.mla.halves", "thumb2", halves),
      blockInstruction("arm.mla.transformed", "thumb2", transformed),
      blockInstruction("thumb.mul", "", thumbBytes),
      blockInstruction("thumb.mul.w4", "", thumbNibbles),
      blockInstruction("thumb.mul.halves", "", thumbHalves),
      blockInstruction("arm.vfp.signs", "vfp2sp", signs),
      blockInstruction("arm.vfp.ternary", "vfp2sp", threes),
      blockInstruction("arm.dsp.bits", "dsp", dspBits),
      blockInstruction("thumb2.bits", "thumb2", bits),
      blockInstruction("thumb.bits", "", thumbBits),
      genericTiles()[0],
      genericTiles()[1],
      genericTiles()[2],
      genericTiles()[3],
  };
  return tiles;
}
