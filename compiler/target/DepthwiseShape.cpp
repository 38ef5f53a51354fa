// Depthwise contractions on vectors of channels: their lines, groups and estimates.
#include "compiler/target/BlockTile.h"
#include "compiler/target/PlanarTile.h"
#include "compiler/target/RowBuffers.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::target;

/// DepthwiseShape::tileOfGroup, of so many channels that are left. Where there is but one group, another tile has the
/// shorter lines, too.
static const BlockTile *tileOfGroupOf(int64_t left, const BlockTile &tile, int64_t channels) {
  int64_t group = tile.interleavedChannels();
  return tile.half() && channels > group && 2 * left <= group ? tile.half() : &tile;
}

/// Channels that the groups of so many have, those included that do not exist.
static int64_t rolledChannels(int64_t channels, const BlockTile &tile) {
  int64_t group = tile.interleavedChannels(), rest = channels % group;
  return channels - rest + (rest ? tileOfGroupOf(rest, tile, channels)->interleavedChannels() : 0);
}

/// DepthwiseShape::rollsColumns. At least half of the channels of all groups exist, more of those that take two
/// products a step, and weights, and the sums of all positions that see a column, have registers, if all are used.
/// Codes are not interleaved for a single product of each position.
static bool rollsColumnsOf(qk::ContractOp op, const BlockTile &tile) {
  constexpr int64_t mostColumns = 3, mostWeights = 16;
  qk::WindowAttr window = op.getWindow();
  ArrayRef<int64_t> kernel = window.getKernel();
  int64_t steps = llvm::divideCeilSigned(kernel[0], tile.products) * kernel[1];
  int64_t channels = window.getGroups(), fewest = rolledChannels(channels, tile) / 2 + (tile.products == 2 ? 1 : 0);
  auto isByte = [](Type format) { return llvm::cast<qnn::NumberFormat>(format).getBits() == 8; };
  return tile.interleavedVectors() > 1 && kernel[0] > 1 && kernel[1] <= mostColumns && steps > 1 &&
         steps * tile.interleavedVectors() <= mostWeights && window.getDilations()[1] == 1 && channels >= fewest &&
         isByte(op.getLhsFormat()) && isByte(op.getOutFormat()) && !op.getPart();
}

/// DepthwiseShape::positionsTogether.
static int64_t countPositionsTogether(qk::ContractOp op, const BlockTile &tile) {
  qk::WindowAttr window = op.getWindow();
  int64_t lanes = tile.interleavedChannels(), channels = window.getGroups();
  if (tile.interleavedVectors() == 1 || channels == 0 || channels >= lanes || lanes % channels != 0 ||
      window.getStrides()[1] != 1 || op.getPart() || rollsColumnsOf(op, tile))
    return 1;
  int64_t positions = lanes / channels;
  return window.getOutput()[1] % positions == 0 && window.getInput()[1] >= positions ? positions : 1;
}

DepthwiseShape::DepthwiseShape(qk::ContractOp op, const BlockTile &tile)
    : window(tile.asPlanar() ? qk::columnAsRow(op.getWindow()) : op.getWindow()), tile(tile),
      positionsTogether(countPositionsTogether(op, tile)), channels(window.getGroups() * positionsTogether),
      width(window.getOutput()[1] / positionsTogether), vectors(llvm::divideCeil(channels, tile.lanes)),
      isPlanar(tile.asPlanar() != nullptr), rollsColumns(rollsColumnsOf(op, tile)),
      repeatsTaps(tile.products > 1 && !rollsColumns),
      tapBlocks(llvm::divideCeil(window.getKernel()[rollsColumns ? 0 : 1], tile.products)),
      columns(repeatsTaps ? width : window.seenBy(width, 1)), lines(window.seenBy(1)) {
  isTurned = window != op.getWindow();
  channelsAtOnce = 0;
  packedTaps = isPlanar ? tile.asPlanar()->packedTaps(window) : 0;
  if (isPlanar) { // two words are read from the last even position on
    columns = llvm::alignTo(columns + 1, 2);
    lines = window.seenBy(window.getOutput()[0]);
  }
  Type stage = tile.stageFormat(op.getLhsFormat());
  stageBytes = llvm::cast<qnn::NumberFormat>(stage).getBits() / 8;
  stageOffset = stageOffsetOf(op.getLhsFormat(), stage);
  // Four channels are a word; one at a time takes longer to stage, but less memory.
  constexpr int64_t word = 4, largePlanes = 6 * 1024;
  bool hasPairs = std::min(window.getInput()[1], columns - window.getPads()[1]) > 1; // of columns
  if (isPlanar)
    channelsAtOnce = channels >= word && hasPairs && word * planeBytes() <= largePlanes ? word : 1;
  else if (rollsColumns || linesExceedCache(op))
    channelsAtOnce = tile.interleavedChannels();
  if (rollsColumns)
    vectors = rolledChannels(channels, tile) / tile.lanes;
}

const BlockTile &DepthwiseShape::tileOfGroup(int64_t first) const {
  return *tileOfGroupOf(channels - first, tile, channels);
}

bool DepthwiseShape::linesExceedCache(qk::ContractOp op) const {
  int64_t together = tile.interleavedVectors(), near = tile.costs.nearBytes;
  if (!repeatsTaps || unpacksRows(op, tile) || packsRows(op, tile) || together >= vectors || scratchBytes() <= near ||
      scratchBytes() / vectors * together > near)
    return false;
  // The last vector, which ends with the last channel, must not read channels of the vectors before, whose place the
  // output may have taken.
  int64_t rest = channels % (together * tile.lanes);
  return !op.getPart() && (rest == 0 || rest >= tile.lanes);
}

double DepthwiseShape::cycles() const {
  double rows = static_cast<double>(window.getOutput()[0]), taps = static_cast<double>(window.getKernel()[0]);
  double positions = static_cast<double>(window.getBatch() * width);
  // Planes: codes are staged, then two positions computed at once.
  if (isPlanar)
    return positions * static_cast<double>(channels) *
           (3 * static_cast<double>(window.getInput()[0] * window.getStrides()[1]) + rows * taps * 2.5);
  if (rollsColumns)
    return rollingCycles();
  // Per vector of a position: the taps' loads and shuffles in staging, one product for each row and block, the
  // epilogue.
  constexpr double epilogue = 5;
  double shuffles = interleavedVectors() == vectors ? 3 : 6;
  double staging =
      static_cast<double>(window.getInput()[0]) * (repeatsTaps ? shuffles * static_cast<double>(tapBlocks) : 1);
  double products = rows * taps * static_cast<double>(tapBlocks) / tile.costs.loads;
  return positions * static_cast<double>(vectors) * (staging + products + rows * epilogue);
}

/// Per group of channels: what is the same for all positions is put in order; per row, each column is loaded and
/// interleaved; per position, it is multiplied for each of its places, and four vectors become one of codes.
double DepthwiseShape::rollingCycles() const {
  int64_t group = channelsAtOnce, whole = channels / group, rest = channels % group;
  double cycles = static_cast<double>(whole) * groupCycles(tile);
  return rest ? cycles + groupCycles(tileOfGroup(channels - rest)) : cycles;
}

double DepthwiseShape::groupCycles(const BlockTile &tile) const {
  constexpr double setup = 150, shuffles = 8, epilogue = 8;
  double rows = static_cast<double>(window.getBatch() * window.getOutput()[0]);
  double column = static_cast<double>(window.getKernel()[0]) / tile.costs.loads +
                  shuffles * static_cast<double>(tapBlocks) / tile.costs.shuffles;
  int64_t together = tile.interleavedVectors();
  double products = static_cast<double>(together * tapBlocks * window.getKernel()[1]) / tile.costs.multiplyAdds;
  double row = static_cast<double>(columns) * column + static_cast<double>(width) * (products + epilogue);
  double staging = static_cast<double>(window.getBatch() * window.getInput()[0] * columns);
  return setup + staging + rows * row;
}
