// Winograd's algorithms for windows of 3x3, 1x3 and 3x1, in numbers: what follows from a contraction's window and the
// tile instruction that multiplies its transformed codes and weights.
//
// For codes d and a 3x3 filter g, the outputs of a tile are
//   Y = A^T ((G g G^T) . (B^T d B)) A     (Winograd; Lavin and Gray, arXiv:1509.09308)
// F(2x2, 3x3) makes 2x2 outputs of 4x4 codes, with halves in G. With 2 G instead, all is integer, and the result is 4
// Y: exact in 32 bits if |Y| < 2^29, whatever wraps on the way, since all of it is linear. F(4x4, 3x3) makes 4x4
// outputs of 6x6 codes. Of integers it rounds as `#qnn.algorithm` says, and is computed where that is a contraction's
// algorithm; of f32 it is a way to compute, as F(2x2, 3x3) is of integers. Where a window has three codes along one
// axis only, F(4, 3) makes 4 outputs of 6 codes along it, with sums of 24 Y: 24 is 3 * 2^3, and the inverse of 3 modulo
// 2^32 is as good as a division, so that what comes of integers is exact if |Y| < 2^28.
#ifndef QCC_COMPILER_TARGET_WINOGRADSHAPE_H
#define QCC_COMPILER_TARGET_WINOGRADSHAPE_H

#include "compiler/target/BlockTile.h"
#include "dialects/qnn/Winograd.h"

namespace qcc::target {

struct WinogradShape {
  /// As the schedule says, or without one with a row of tiles at a time.
  WinogradShape(qk::ContractOp op, const BlockTile &tile);
  /// `rowsTogether` rows of tiles are computed at a time: a divisor of their number.
  WinogradShape(qk::ContractOp op, const BlockTile &tile, int64_t rowsTogether, bool hasSmallWeights);

  /// True if the tile instruction multiplies transformed codes of that contraction: 16 bits on both sides, or f32, or
  /// 8 bits, which is what tap-wise algorithms may round to.
  static bool matches(qk::ContractOp op, const BlockTile &tile);
  /// Why the weights, or the sums that they may give, do not fit; empty if they do. Reads the weights.
  static std::string problem(qk::ContractOp op, const BlockTile &tile, bool hasSmallWeights);
  /// The weights of an output and an input channel for all taps: G g G^T, in integers `filterScale` times over, or U of
  /// tap-wise F(4x4, 3x3). Of f32, their bits.
  llvm::SmallVector<int64_t> transformedWeights(const WeightReader &weights, int64_t o, int64_t i) const;

  std::optional<qnn::AlgorithmAttr> tapwise; // of F(4x4, 3x3) of integers
  bool isFloat;
  qnn::winograd::Transforms transforms;
  int64_t taps;
  int64_t rowsTogether; // of tiles
  bool hasSmallWeights; // of F(2x2, 3x3), which stay 9 bytes and are transformed while the program runs, block by block
  qk::WindowAttr tiles; // its positions are columns of so many tiles
  const BlockTile &tile;
  BlockShape products; // of one tap: tiles that are computed together, each of which sees its transformed codes alone
  int64_t lineCodes;   // of a staged line

  /// True if codes that are transformed along one axis still fit 16 bits, and along both do not.
  bool isWide() const { return tapwise && tapwise->getPoints() == qnn::WinogradPoints::Reciprocal; }
  /// Tiles of a row.
  int64_t width() const { return tiles.getOutput()[1]; }
  /// Tiles that are computed together, row by row.
  int64_t tilesTogether() const { return rowsTogether * width(); }
  /// Of these, how many follow each other as a block may have them.
  int64_t neighbours() const { return hasBlocks() ? width() : tilesTogether(); }
  /// Rows of the input that these see, and rows of the output that they are.
  int64_t lines() const { return rows() + transforms.rows.weights() - 1; }
  int64_t rows() const { return rowsTogether * transforms.rows.outputs; }
  /// True if transformed codes of each block of tiles lie together, [block][tap][step][tile], which are neighbours in a
  /// row; others are [tap][tile][code].
  bool hasBlocks() const { return tile.planePositions() > 0; }
  /// Machines with vectors have caches, but for those that compute two tiles in planes.
  bool hasCaches() const { return tile.lanes > 1 && !hasBlocks(); }
  /// Where there are such blocks, their number in a row of tiles, of which the last overlaps the one before it if they
  /// are no divisor, and in all that are transformed at a time.
  int64_t blocksOfRow(int64_t atOnce, int64_t positions) const {
    return llvm::divideCeilSigned(atOnce / rowsTogether, positions);
  }
  int64_t blocks(int64_t atOnce, int64_t positions) const { return rowsTogether * blocksOfRow(atOnce, positions); }
  int64_t pixelCodes() const { return tiles.getGroups() * tiles.getChannels()[0]; }
  int64_t lineBytes() const { return llvm::alignTo(lineCodes * products.stageBytes, 16); }
  /// Bytes of the transformed codes of a tile, for one tap.
  int64_t tileBytes() const { return products.run * products.stageBytes; }
  /// True if sums are exact, and `filterScale` times too large.
  bool isExact() const { return !tapwise && !isFloat; }
  /// The number of staged codes that stands for 0, which is taken off tap `tap` of transformed ones.
  int64_t transformedZero(int64_t tap) const;
  /// What is added to transformed codes where the tile takes none below 0.
  int64_t codeOffset() const;
  /// What is taken off a tap's codes before they are stored, and the sums of products begin with again: the middle of
  /// the codes that it has, where these would not fit their bytes otherwise.
  int64_t storedOffset(int64_t tap) const { return tapwise && products.stageBytes == 1 ? tapwise->codeOffset(tap) : 0; }
  /// True if sums begin with numbers of their own.
  bool hasStarts() const;
  /// Codes of a vector that is transformed: in 16 bits, even if they are not stored so.
  int64_t transformLanes() const { return tile.transformedAtOnce() / (products.stageBytes == 1 ? 2 : 1); }
  /// How many tiles may be transformed at a time so that their codes stay near.
  int64_t mostTilesAtOnce() const;
  /// How many neighbouring tiles are transformed at a time, for blocks of so many: few enough to stay near.
  int64_t tilesAtOnce(int64_t positions) const;
  int64_t transformedBytes(int64_t atOnce, int64_t positions) const {
    int64_t count = hasBlocks() ? blocks(atOnce, positions) * positions : atOnce;
    return llvm::alignTo(taps * count * tileBytes(), 16);
  }
  /// Bytes of the sums of a block of tiles and vectors, for one tap.
  int64_t sumBytes(int64_t positions, int64_t vectors) const { return positions * vectors * tile.lanes * 4; }
  /// Lines, transformed codes, the sums of a block for all taps, and its transformed weights if they are not packed so,
  /// one behind the other.
  int64_t scratchBytes(int64_t atOnce, int64_t positions, int64_t vectors) const {
    return lines() * lineBytes() + transformedBytes(atOnce, positions) + taps * sumBytes(positions, vectors) +
           (hasSmallWeights ? taps * products.packedBytes(vectors) : 0);
  }
  /// True if the sums of a tap are shifted by what belongs to their output channel.
  bool hasChannelShifts() const { return tapwise && static_cast<int64_t>(tapwise->getWeights().size()) > taps; }
  /// Where these shifts are in the packed weights of `count` vectors: [tap][vector][lane], 32 bits each.
  int64_t shiftsOffset(int64_t count) const { return llvm::alignTo(taps * products.packedBytes(count), 4); }
  /// Where the numbers are that sums begin with if codes have an offset, likewise: what the offsets add to them, taken
  /// off, and the half with which a shift to the right rounds.
  int64_t startsOffset(int64_t count) const { return shiftsOffset(count) + hasChannelShifts() * numberBytes(count); }
  /// Small weights of `count` vectors are [weight of a filter][step][vector][lane][product], so many bytes of each, in
  /// whole words; products are in the tile's order.
  int64_t smallWeights(int64_t count) const { return products.packedBytes(count) / tile.weightBytes; }
  int64_t smallWeightBytes(int64_t count) const { return llvm::alignTo(smallWeights(count), 4); }
  /// Bytes of packed weights of `count` vectors: [tap][step][vector][lane][product], shifts, and starts.
  int64_t packedBytes(int64_t count) const {
    if (hasSmallWeights)
      return transforms.filterSize() * smallWeightBytes(count);
    return hasChannelShifts() || hasStarts() ? startsOffset(count) + hasStarts() * numberBytes(count)
                                             : taps * products.packedBytes(count);
  }
  /// Estimated cycles with blocks of so many tiles and vectors.
  double cycles(int64_t positions, int64_t vectors) const;

private:
  /// Of a number for each tap and channel.
  int64_t numberBytes(int64_t count) const { return taps * count * tile.lanes * 4; }

  int64_t zero; // of staged codes
};

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_WINOGRADSHAPE_H
