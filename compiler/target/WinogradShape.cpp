#include "compiler/target/WinogradShape.h"

#include "compiler/target/SumBound.h"
#include "dialects/qnn/Winograd.h"
#include "llvm/ADT/StringExtras.h"
#include <numeric>

using namespace mlir;
using namespace qcc;
using namespace qcc::target;

/// Columns of tiles as positions. Where the width or height is no multiple, the last tile sees columns or rows that no
/// output needs.
static qk::WindowAttr tilesOf(qk::WindowAttr window, int64_t side, int64_t outputs, int64_t rowsTogether) {
  int64_t rows = rowsTogether * outputs;
  int64_t tiles[] = {llvm::divideCeilSigned(window.getOutput()[0], rows),
                     llvm::divideCeilSigned(window.getOutput()[1], outputs)};
  return qk::WindowAttr::get(window.getContext(), window.getBatch(), window.getInput(), tiles, {rows + 2, side},
                             {rows, outputs}, {1, 1}, window.getPads(), window.getGroups(), window.getChannels());
}

/// The products of one tap: a window of one transformed position over a row of so many tiles.
static qk::WindowAttr productsOf(qk::WindowAttr tiles, int64_t count) {
  int64_t row[] = {1, count};
  return qk::WindowAttr::get(tiles.getContext(), 1, row, row, {1, 1}, {1, 1}, {1, 1}, {0, 0}, tiles.getGroups(),
                             tiles.getChannels());
}

/// Rows of the output that a schedule with tiles computes together; none if there is no such schedule.
static int64_t scheduledRows(qk::ContractOp op) {
  std::optional<qk::ScheduleAttr> schedule = op.getSchedule();
  return schedule && schedule->getTiles() > 0 ? schedule->getRows() : 0;
}

WinogradShape::WinogradShape(qk::ContractOp op, const BlockTile &tile, int64_t together)
    : tapwise(qnn::isTapwise(op.getAlgorithm()) ? op.getAlgorithm() : std::nullopt), isFloat(tile.isFloat()),
      side(tapwise || isFloat ? 6 : 4), taps(side * side), outputs(side - 2),
      rowsTogether(std::max<int64_t>(1, together ? together : scheduledRows(op) / outputs)),
      tiles(tilesOf(op.getWindow(), side, outputs, rowsTogether)), tile(tile),
      products(productsOf(tiles, tilesTogether()), tile),
      zero(static_cast<int64_t>(op.getLhsZero()) +
           stageOffsetOf(op.getLhsFormat(), tile.stageFormat(op.getLhsFormat()))) {
  // Codes are transformed `products` at a time, and may be read behind the last one.
  lineCodes = ((width() - 1) * outputs + side) * pixelCodes() + tile.products;
}

bool WinogradShape::matches(qk::ContractOp op, const BlockTile &tile) {
  auto codes = llvm::cast<qnn::NumberFormat>(op.getLhsFormat());
  auto stage = llvm::cast<qnn::NumberFormat>(tile.stageFormat(op.getLhsFormat()));
  constexpr int64_t halfBytes = 2;
  bool areHalves = stage.getBits() == 8 * halfBytes && stage.isSignedCode() && tile.weightBytes == halfBytes,
       areBytes = qnn::isTapwise(op.getAlgorithm()) && op.getAlgorithm()->getBits() == 8 && stage.getBits() == 8 &&
                  tile.weightBytes == 1 && tile.lanes > 1 && tile.asVector();
  bool areIntegers = !codes.isFloat() && codes.getBits() == 8 && !stage.isFloat() && (areHalves || areBytes);
  return op.getScaleGroup() == 0 && hasBlockForm(op, tile) && qk::hasWinogradWindow(op.getWindow()) &&
         !DepthwiseShape::matches(op.getWindow()) &&
         (areIntegers || (codes.isFloat() && tile.isFloat() && !tile.takesIntegerWeights())) &&
         tile.fields.count == 1 && !tile.masksTail && tile.gatheredSums() == 1;
}

/// G g G^T of a filter of f32, rounded once.
static SmallVector<int64_t> transformReals(const int64_t (&filter)[9]) {
  const auto &transforms = qnn::winograd_f4::transformsOf(qnn::WinogradPoints::Integer);
  double reals[9];
  for (auto [real, bits] : llvm::zip_equal(reals, filter))
    real = llvm::bit_cast<float>(static_cast<int32_t>(bits));
  return llvm::map_to_vector(transforms.transformFilter(reals), [&](double sum) -> int64_t {
    return llvm::bit_cast<int32_t>(static_cast<float>(sum / static_cast<double>(transforms.filterScale())));
  });
}

SmallVector<int64_t> WinogradShape::transformedWeights(const WeightReader &weights, int64_t o, int64_t i) const {
  int64_t filter[9];
  for (int64_t k = 0; k < 9; ++k)
    filter[k] = weights(o, k / 3, k % 3, i);
  if (isFloat)
    return transformReals(filter);
  SmallVector<int64_t> result;
  if (tapwise) {
    llvm::append_range(result, qnn::winograd_f4::tapWeights(*tapwise, o, i, filter));
    return result;
  }
  static constexpr int64_t twiceG[4][3] = {{2, 0, 0}, {1, 1, 1}, {1, -1, 1}, {0, 0, 2}};
  for (int64_t tap = 0; tap < taps; ++tap) {
    int64_t &sum = result.emplace_back(0);
    for (int64_t k = 0; k < 9; ++k)
      sum += twiceG[tap / side][k / 3] * twiceG[tap % side][k % 3] * filter[k];
  }
  return result;
}

std::string WinogradShape::problem(qk::ContractOp op, const BlockTile &tile) {
  if (tile.isFloat())
    return "";
  if (qnn::isTapwise(op.getAlgorithm())) { // conv2d_c13 says that its sums fit
    auto bits = static_cast<unsigned>(op.getAlgorithm()->getBits());
    return tile.fits(llvm::minIntN(bits), llvm::maxIntN(bits))
               ? ""
               : "has transformed weights of " + llvm::itostr(bits) + " bits, which the tile does not multiply";
  }
  // Codes of 8 bits grow to 4 times themselves: 11 bits. Weights grow to 9 times themselves. Sums grow to 4 times.
  constexpr int64_t growth = 9, limit = int64_t(1) << 29;
  auto [least, most] = WeightReader(op).range(op.getWindow());
  if (!tile.fits(growth * std::min(least, -most), growth * std::max(-least, most)))
    return "has weights from " + llvm::itostr(least) + " to " + llvm::itostr(most) +
           ", which transformed may need more than 16 bits";
  std::vector<int64_t> sums = largestProducts(op, tile);
  if (int64_t largest = *llvm::max_element(sums); largest >= limit)
    return "has sums of products of up to " + llvm::itostr(largest) + ", which four times over need more than 32 bits";
  return "";
}

/// B^T z B of a tile of zeros z: rows of B^T add up to 0 but for one.
int64_t WinogradShape::transformedZero(int64_t tap) const {
  const auto &codeMatrix = qnn::winograd_f4::transformsOf(tapwise->getPoints()).codeMatrix;
  auto sumOf = [](const int64_t (&row)[6]) { return std::accumulate(std::begin(row), std::end(row), int64_t(0)); };
  return sumOf(codeMatrix[tap / side]) * sumOf(codeMatrix[tap % side]) * zero;
}

int64_t WinogradShape::codeOffset() const {
  auto codes = llvm::cast<qnn::NumberFormat>(products.stageFormat);
  return tapwise && !codes.isSignedCode() ? int64_t(1) << (codes.getBits() - 1) : 0;
}

bool WinogradShape::hasStarts() const {
  return codeOffset() || llvm::any_of(llvm::seq<int64_t>(0, taps), [&](int64_t tap) { return storedOffset(tap) != 0; });
}

int64_t WinogradShape::tilesAtOnce(int64_t positions) const {
  if (tile.planePositions() > 0)
    return positions;
  int64_t together = tilesTogether(),
          most = std::clamp(tile.costs.transformedBytes / (taps * tileBytes()), positions, together);
  return std::max(positions, llvm::divideCeilSigned(together, llvm::divideCeilSigned(together, most)));
}

double WinogradShape::cycles(int64_t positions, int64_t vectors) const {
  // Instructions of the transforms: of the codes of a step's lanes of a tile, and of a tile's sums with their epilogue.
  bool isLarge = side == 6;
  double ofCodes = isWide() ? 800 : tapwise ? 400 : isLarge ? 220 : 70, ofSums = tapwise ? 400 : isLarge ? 220 : 100;
  int64_t atOnce = tilesAtOnce(positions), blocksAtOnce = llvm::divideCeilSigned(atOnce, positions);
  auto times = static_cast<double>(tiles.getBatch() * tiles.getOutput()[0] * tiles.getGroups() *
                                   llvm::divideCeilSigned(tilesTogether(), atOnce));
  auto steps = static_cast<double>(llvm::divideCeilSigned(products.depth, transformLanes()));
  double inputs = ofCodes * static_cast<double>(atOnce) * steps;
  double sums = ofSums * static_cast<double>(blocksAtOnce * positions * products.vectors);
  auto blockOf = [&](int64_t count) { return count ? tile.blockCycles(products, positions, count) : 0; };
  double ofTap =
      static_cast<double>(products.fullBlocks(vectors)) * blockOf(vectors) + blockOf(products.restOf(vectors));
  // All weights are read for all tiles that are transformed at a time. Machines with vectors have caches, but for those
  // that compute two tiles in planes.
  constexpr double bytesOfNextCache = 64; // a cycle
  int64_t weightBytes = packedBytes(products.vectors);
  double near = tile.lanes > 1 && tile.planePositions() == 0 ? static_cast<double>(weightBytes) / bytesOfNextCache : 0;
  return uncachedCycles(weightBytes, times) +
         times * (near + (inputs + sums) / tile.costs.loads + static_cast<double>(blocksAtOnce * taps) * ofTap);
}
