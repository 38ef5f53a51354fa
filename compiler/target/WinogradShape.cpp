#include "compiler/target/WinogradShape.h"

#include "compiler/target/SumBound.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::target;

/// Tiles as positions. At an odd width or height, the last tile sees a column or a row that no output needs.
static qk::WindowAttr tilesOf(qk::WindowAttr window) {
  constexpr int64_t outputs = WinogradShape::outputs, side = WinogradShape::side;
  int64_t tiles[] = {llvm::divideCeilSigned(window.getOutput()[0], outputs),
                     llvm::divideCeilSigned(window.getOutput()[1], outputs)};
  return qk::WindowAttr::get(window.getContext(), window.getBatch(), window.getInput(), tiles, {side, side},
                             {outputs, outputs}, {1, 1}, window.getPads(), window.getGroups(), window.getChannels());
}

/// The products of one tap: a window of one transformed position over a row of tiles.
static qk::WindowAttr productsOf(qk::WindowAttr tiles) {
  int64_t row[] = {1, tiles.getOutput()[1]};
  return qk::WindowAttr::get(tiles.getContext(), 1, row, row, {1, 1}, {1, 1}, {1, 1}, {0, 0}, tiles.getGroups(),
                             tiles.getChannels());
}

WinogradShape::WinogradShape(qk::ContractOp op, const BlockTile &tile)
    : tiles(tilesOf(op.getWindow())), tile(tile), products(productsOf(tiles), tile) {
  // Codes are transformed `products` at a time, and may be read behind the last one.
  lineCodes = ((width() - 1) * outputs + side) * pixelCodes() + tile.products;
}

bool WinogradShape::matches(qk::ContractOp op, const BlockTile &tile) {
  auto codes = llvm::cast<qnn::NumberFormat>(op.getLhsFormat());
  auto stage = llvm::cast<qnn::NumberFormat>(tile.stageFormat(op.getLhsFormat()));
  return hasBlockForm(op, tile) && qk::hasWinogradWindow(op.getWindow()) && !DepthwiseShape::matches(op.getWindow()) &&
         !codes.isFloat() && codes.getBits() == 8 && !stage.isFloat() && stage.getBits() == 8 * codeBytes &&
         stage.isSignedCode() && tile.weightBytes == codeBytes && !tile.masksTail && tile.gatheredSums() == 1;
}

int64_t WinogradShape::transformedWeight(const WeightReader &weights, int64_t tap, int64_t o, int64_t i) {
  static constexpr int64_t twiceG[side][3] = {{2, 0, 0}, {1, 1, 1}, {1, -1, 1}, {0, 0, 2}};
  int64_t sum = 0;
  for (int64_t ky = 0; ky < 3; ++ky)
    for (int64_t kx = 0; kx < 3; ++kx)
      if (int64_t factor = twiceG[tap / side][ky] * twiceG[tap % side][kx])
        sum += factor * weights(o, ky, kx, i);
  return sum;
}

std::string WinogradShape::problem(qk::ContractOp op, const BlockTile &tile) {
  // Codes of 8 bits grow to 4 times themselves: 11 bits. Weights grow to 9 times themselves.
  constexpr int64_t growth = 9, limit = int64_t(1) << (31 - shift);
  auto [least, most] = WeightReader(op).range(op.getWindow());
  if (!tile.fits(growth * std::min(least, -most), growth * std::max(-least, most)))
    return "has weights from " + llvm::itostr(least) + " to " + llvm::itostr(most) +
           ", which transformed may need more than 16 bits";
  std::vector<int64_t> sums = largestProducts(op, tile);
  if (int64_t largest = *llvm::max_element(sums); largest >= limit)
    return "has sums of products of up to " + llvm::itostr(largest) + ", which four times over need more than 32 bits";
  return "";
}

int64_t WinogradShape::tilesAtOnce(int64_t positions) const {
  constexpr int64_t nearBytes = 32 * 1024;
  if (tile.planePositions() > 0)
    return positions;
  int64_t most = std::clamp(nearBytes / (taps * tileBytes()), positions, width());
  return std::max(positions, llvm::divideCeilSigned(width(), llvm::divideCeilSigned(width(), most)));
}

double WinogradShape::cycles(int64_t positions, int64_t vectors) const {
  // Instructions of the transforms: of the codes of a step's lanes of a tile, and of a tile's sums with their epilogue.
  constexpr double ofCodes = 70, ofSums = 100;
  int64_t atOnce = tilesAtOnce(positions), blocksAtOnce = llvm::divideCeilSigned(atOnce, positions);
  auto times = static_cast<double>(tiles.getBatch() * tiles.getOutput()[0] * tiles.getGroups() *
                                   llvm::divideCeilSigned(width(), atOnce));
  auto steps = static_cast<double>(llvm::divideCeilSigned(products.depth, tile.lanes * tile.products));
  double inputs = ofCodes * static_cast<double>(atOnce) * steps;
  double sums = ofSums * static_cast<double>(blocksAtOnce * positions * products.vectors);
  auto blockOf = [&](int64_t count) { return count ? tile.blockCycles(products, positions, count) : 0; };
  double ofTap =
      static_cast<double>(products.fullBlocks(vectors)) * blockOf(vectors) + blockOf(products.restOf(vectors));
  // All weights are read for each row of tiles, or part of one: from memory, where no cache keeps them.
  constexpr int64_t largestCached = int64_t(4) << 20, farBytes = 8; // a cycle
  int64_t weights = packedBytes(products.vectors);
  double far = weights > largestCached ? static_cast<double>(weights) / farBytes : 0;
  return times * (far + (inputs + sums) / tile.costs.loads + static_cast<double>(blocksAtOnce * taps) * ofTap);
}
