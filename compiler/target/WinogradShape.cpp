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
static qk::WindowAttr tilesOf(qk::WindowAttr window, const qnn::winograd::Transforms &transforms,
                              int64_t rowsTogether) {
  int64_t rows = rowsTogether * transforms.rows.outputs, columns = transforms.columns.outputs;
  int64_t tiles[] = {llvm::divideCeilSigned(window.getOutput()[0], rows),
                     llvm::divideCeilSigned(window.getOutput()[1], columns)};
  int64_t size[] = {rows + window.getKernel()[0] - 1, transforms.columns.side};
  return qk::WindowAttr::get(window.getContext(), window.getBatch(), window.getInput(), tiles, size, {rows, columns},
                             {1, 1}, window.getPads(), window.getGroups(), window.getChannels());
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

/// The transforms of a contraction's window.
static qnn::winograd::Transforms transformsFor(qk::ContractOp op) {
  int64_t height = op.getWindow().getKernel()[0], width = op.getWindow().getKernel()[1];
  if (qnn::isTapwise(op.getAlgorithm()))
    return qnn::winograd::transformsOf(op.getAlgorithm()->getPoints(), height, width);
  return llvm::cast<qnn::NumberFormat>(op.getLhsFormat()).isFloat()
             ? qnn::winograd::transformsOf(qnn::WinogradPoints::Integer, height, width)
             : qnn::winograd::exactTransforms(height, width);
}

WinogradShape::WinogradShape(qk::ContractOp op, const BlockTile &tile)
    : WinogradShape(op, tile, scheduledRows(op) / transformsFor(op).rows.outputs,
                    op.getSchedule() && op.getSchedule()->getSmallWeights()) {}

WinogradShape::WinogradShape(qk::ContractOp op, const BlockTile &tile, int64_t together, bool hasSmallWeights)
    : tapwise(qnn::isTapwise(op.getAlgorithm()) ? op.getAlgorithm() : std::nullopt), isFloat(tile.isFloat()),
      transforms(transformsFor(op)), taps(transforms.taps()), rowsTogether(std::max<int64_t>(1, together)),
      hasSmallWeights(hasSmallWeights), tiles(tilesOf(op.getWindow(), transforms, rowsTogether)), tile(tile),
      products(productsOf(tiles, neighbours()), tile),
      zero(static_cast<int64_t>(op.getLhsZero()) +
           stageOffsetOf(op.getLhsFormat(), tile.stageFormat(op.getLhsFormat()))) {
  // Codes are transformed `products` at a time, and may be read behind the last one.
  lineCodes = ((width() - 1) * transforms.columns.outputs + transforms.columns.side) * pixelCodes() + tile.products;
}

bool WinogradShape::matches(qk::ContractOp op, const BlockTile &tile) {
  auto codes = llvm::cast<qnn::NumberFormat>(op.getLhsFormat());
  auto stage = llvm::cast<qnn::NumberFormat>(tile.stageFormat(op.getLhsFormat()));
  constexpr int64_t halfBytes = 2;
  bool areHalves = stage.getBits() == 8 * halfBytes && stage.isSignedCode() && tile.weightBytes == halfBytes,
       areBytes = qnn::isTapwise(op.getAlgorithm()) && op.getAlgorithm()->getBits() == 8 && stage.getBits() == 8 &&
                  tile.weightBytes == 1 && tile.lanes > 1 && tile.asVector();
  bool areIntegers = !codes.isFloat() && codes.getBits() == 8 && !stage.isFloat() && (areHalves || areBytes);
  bool areFloats = op.getLhsFormat().isF32() && op.getRhsFormat().isF32();
  return op.getScaleGroup() == 0 && hasBlockForm(op, tile) && qk::hasWinogradWindow(op.getWindow()) &&
         !DepthwiseShape::matches(op.getWindow()) &&
         (areIntegers || (areFloats && tile.isFloat() && !tile.takesIntegerWeights())) && tile.fields.count == 1 &&
         !tile.masksTail && tile.gatheredSums() == 1;
}

/// G g G^T of a filter of f32, rounded once.
static SmallVector<int64_t> transformReals(const qnn::winograd::Transforms &transforms, ArrayRef<int64_t> filter) {
  SmallVector<double> reals = llvm::map_to_vector(
      filter, [](int64_t bits) -> double { return llvm::bit_cast<float>(static_cast<int32_t>(bits)); });
  return llvm::map_to_vector(transforms.transformFilter(ArrayRef<double>(reals)), [&](double sum) -> int64_t {
    return llvm::bit_cast<int32_t>(static_cast<float>(sum / static_cast<double>(transforms.filterScale())));
  });
}

SmallVector<int64_t> WinogradShape::transformedWeights(const WeightReader &weights, int64_t o, int64_t i) const {
  int64_t width = transforms.columns.weights();
  SmallVector<int64_t> filter = llvm::map_to_vector(llvm::seq<int64_t>(0, transforms.filterSize()),
                                                    [&](int64_t k) { return weights(o, k / width, k % width, i); });
  if (isFloat)
    return transformReals(transforms, filter);
  return tapwise ? qnn::winograd::tapWeights(*tapwise, transforms, o, i, filter)
                 : transforms.transformFilter(ArrayRef<int64_t>(filter));
}

std::string WinogradShape::problem(qk::ContractOp op, const BlockTile &tile, bool hasSmallWeights) {
  if (tile.isFloat())
    return "";
  if (qnn::isTapwise(op.getAlgorithm())) { // conv2d_c13 says that its sums fit
    auto bits = static_cast<unsigned>(op.getAlgorithm()->getBits());
    return tile.fits(llvm::minIntN(bits), llvm::maxIntN(bits))
               ? ""
               : "has transformed weights of " + llvm::itostr(bits) + " bits, which the tile does not multiply";
  }
  // Codes of 8 bits grow to at most 10 times themselves, and fit 16. Sums are `filterScale` times too large; what of
  // that is no power of two is taken off modulo 2^32, and `scale` is left.
  qnn::winograd::Transforms transforms = transformsFor(op);
  int64_t growth = 0, scale = int64_t(1) << llvm::countr_zero(static_cast<uint64_t>(transforms.filterScale())),
          limit = (int64_t(1) << 31) / scale;
  for (int64_t tap = 0; tap < transforms.taps(); ++tap)
    growth = std::max(growth, transforms.weightGrowth(tap));
  auto [least, most] = WeightReader(op).range(op.getWindow());
  if (!tile.fits(growth * std::min(least, -most), growth * std::max(-least, most)))
    return "has weights from " + llvm::itostr(least) + " to " + llvm::itostr(most) +
           ", which transformed may need more than 16 bits";
  if (hasSmallWeights && (least < INT8_MIN || most > INT8_MAX))
    return "has weights from " + llvm::itostr(least) + " to " + llvm::itostr(most) +
           ", which need more than the 8 bits of small ones";
  std::vector<int64_t> sums = largestProducts(op, tile);
  if (int64_t largest = *llvm::max_element(sums); largest >= limit)
    return "has sums of products of up to " + llvm::itostr(largest) + ", which " + llvm::itostr(scale) +
           " times over need more than 32 bits";
  return "";
}

/// B^T z B of a tile of zeros z: rows of B^T add up to 0 but for one.
int64_t WinogradShape::transformedZero(int64_t tap) const {
  auto sumOf = [](const qnn::winograd::Axis &axis, int64_t row) {
    return std::accumulate(std::begin(axis.codeMatrix[row]), std::end(axis.codeMatrix[row]), int64_t(0));
  };
  const auto &[rows, columns] = transforms;
  return sumOf(rows, tap / columns.side) * sumOf(columns, tap % columns.side) * zero;
}

int64_t WinogradShape::codeOffset() const {
  auto codes = llvm::cast<qnn::NumberFormat>(products.stageFormat);
  return tapwise && !codes.isSignedCode() ? int64_t(1) << (codes.getBits() - 1) : 0;
}

bool WinogradShape::hasStarts() const {
  return codeOffset() || llvm::any_of(llvm::seq<int64_t>(0, taps), [&](int64_t tap) { return storedOffset(tap) != 0; });
}

int64_t WinogradShape::mostTilesAtOnce() const {
  // Weights that come from farther away than codes would are worth to be read less often.
  constexpr int64_t weightShare = 8;
  int64_t weightBytes = hasCaches() ? tiles.getGroups() * packedBytes(products.vectors) : 0;
  return std::max(tile.costs.transformedBytes, weightBytes / weightShare) / (taps * tileBytes());
}

int64_t WinogradShape::tilesAtOnce(int64_t positions) const {
  if (hasBlocks() && !hasSmallWeights)
    return positions;
  int64_t together = tilesTogether(), most = std::clamp(mostTilesAtOnce(), positions, std::max(positions, together));
  int64_t atOnce = std::max(positions, llvm::divideCeilSigned(together, llvm::divideCeilSigned(together, most)));
  return hasBlocks() && atOnce < together ? llvm::alignTo(atOnce, positions) : atOnce;
}

double WinogradShape::cycles(int64_t positions, int64_t vectors) const {
  // Instructions of the transforms: of the codes of a step's lanes of a tile, and of a tile's sums with their epilogue.
  // For each number, along each axis that is transformed.
  bool isSmall = isExact() && transforms.axes() == 2;
  double ofCode = isWide() ? 11 : tapwise ? 5.5 : isSmall ? 2.2 : 3, ofSum = tapwise ? 5.5 : 3;
  auto numbers = static_cast<double>(taps * transforms.axes());
  double ofCodes = ofCode * numbers, ofSums = ofSum * numbers;
  int64_t atOnce = tilesAtOnce(positions), blocksAtOnce = llvm::divideCeilSigned(atOnce, positions);
  auto times = static_cast<double>(tiles.getBatch() * tiles.getOutput()[0] * tiles.getGroups() *
                                   llvm::divideCeilSigned(tilesTogether(), atOnce));
  auto steps = static_cast<double>(llvm::divideCeilSigned(products.depth, transformLanes()));
  double inputs = ofCodes * static_cast<double>(atOnce) * steps;
  double sums = ofSums * static_cast<double>(blocksAtOnce * positions * products.vectors);
  // 9 loads, 35 sums and 16 stores, and as much as half of that again where registers are few.
  double ofWeights = hasBlocks() ? 90 : 60;
  if (hasSmallWeights)
    inputs +=
        ofWeights * static_cast<double>(smallWeights(products.vectors)) / static_cast<double>(tile.transformedAtOnce());
  auto blockOf = [&](int64_t count) { return count ? tile.blockCycles(products, positions, count) : 0; };
  double ofTap =
      static_cast<double>(products.fullBlocks(vectors)) * blockOf(vectors) + blockOf(products.restOf(vectors));
  // All weights are read for all tiles that are transformed at a time, and those of a block of channels for each block
  // of these tiles.
  double multiply = times * static_cast<double>(blocksAtOnce * taps) * ofTap;
  if (hasCaches()) {
    double far = readingCycles(packedBytes(products.vectors), times),
           near = times * static_cast<double>(llvm::divideCeilSigned(products.vectors, vectors)) *
                  readingCycles(packedBytes(vectors), static_cast<double>(blocksAtOnce));
    multiply = besideReading(multiply, std::max(far, near));
  }
  return multiply + times * (inputs + sums) / tile.costs.transforms.value_or(tile.costs.loads);
}
