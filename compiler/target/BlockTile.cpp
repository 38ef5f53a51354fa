#include "compiler/target/BlockTile.h"

#include "compiler/target/BitTile.h"
#include "compiler/target/PatchTile.h"
#include "compiler/target/PlanarTile.h"
#include "compiler/target/RowBuffers.h"
#include "compiler/target/SumBound.h"
#include "compiler/target/Target.h"
#include "compiler/target/TileInstruction.h"
#include "compiler/target/WinogradShape.h"
#include "dialects/qk/Queries.h"
#include "llvm/Support/Endian.h"
#include <numeric>

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

//===-- BlockTile -------------------------------------------------------------------------------===//

void BlockTile::packStep(ArrayRef<int64_t> codes, std::vector<char> &bytes) const {
  for (int64_t code : codes)
    for (int64_t i = 0; i < weightBytes; ++i)
      bytes.push_back(static_cast<char>(code >> (8 * i)));
}

SmallVector<Val> BlockTile::loadWidened(KernelBuilder &k, Val pointer, int64_t count) const {
  return {k.widen(k.loadVector(pointer, k.b.getI8Type(), count, count), k.b.getI16Type(), /*isSigned=*/true)};
}

void BlockTile::packWeights(ArrayRef<int64_t> codes, std::vector<char> &bytes) const {
  if (fields.count == 1)
    return packStep(codes, bytes);
  int64_t ofVector = lanes * products;
  SmallVector<int64_t> numbers, weights(fields.count);
  for (; !codes.empty(); codes = codes.drop_front(fields.count * ofVector))
    for (int64_t i = 0; i < ofVector; ++i) {
      for (int64_t field = 0; field < fields.count; ++field)
        weights[field] = codes[field * ofVector + i];
      numbers.push_back(fields.pack(weights));
    }
  packStep(numbers, bytes);
}

/// Which channels blocks begin with is not known yet, but how far those of a number are from each other.
bool BlockTile::fitsFields(ArrayRef<int64_t> codes) const {
  SmallVector<int64_t> weights(fields.count);
  for (size_t i = 0; i < codes.size(); ++i) {
    for (int64_t field = 0; field < fields.count; ++field) {
      size_t at = i + field * lanes * products;
      weights[field] = at < codes.size() ? codes[at] : 0;
    }
    if (!fields.fits(weights))
      return false;
  }
  return true;
}

Accumulators BlockTile::start(KernelBuilder &, int64_t positions, ArrayRef<Val> first) const {
  Accumulators sums, ofPosition = fields.start(first);
  for (int64_t i = 0; i < positions; ++i)
    sums.append(ofPosition);
  return sums;
}

Accumulators BlockTile::finish(KernelBuilder &, Accumulators sums, int64_t positions) const {
  if (!fields.areLinked())
    return sums;
  Accumulators channels;
  ArrayRef<Val> left = sums;
  for (size_t vectors = sums.size() / positions; !left.empty(); left = left.drop_front(vectors))
    channels.append(fields.finish(left.take_front(vectors)));
  return channels;
}

void BlockTile::storeApart(KernelBuilder &, Val, Val, Val, Type, int64_t) const { llvm_unreachable("gathers no sums"); }

/// Each step loads a code for each position and a weight vector for each vector, and multiplies all with all; an
/// accumulator takes its next product only after the last one. With one vector, taps share the codes.
double BlockTile::blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const {
  auto sums = static_cast<double>(positions * vectors);
  int64_t packed = fields.packed(vectors);
  double prefixes = costs.prefix * static_cast<double>(vectors - packed);
  double multiply = (static_cast<double>(positions * vectors) + prefixes) / costs.multiplyAdds;
  double load = (shape.codesOfStep(positions, vectors) + static_cast<double>(packed)) / costs.loads;
  double far = 0;
  if (shape.packedBytes(vectors) > costs.nearBytes)
    far = static_cast<double>(vectorBytes(vectors) * products) / costs.farBytes;
  double sliding = vectors == 1 && shape.taps() > 1 ? costs.sliding : 0;
  double step = std::max({multiply, load, costs.latency}) + far + sliding;
  double combine = shape.combineOperations * static_cast<double>(positions * vectors) / costs.multiplyAdds;
  int64_t groups = shape.scaleGroup ? llvm::divideCeil(shape.run, shape.scaleGroup) : 0;
  return static_cast<double>(shape.runs()) *
             (static_cast<double>(shape.steps) * step + static_cast<double>(groups) * combine) +
         costs.blockOverhead + costs.behindLookAhead * sums * sums;
}

double BlockTile::unpackingCycles(const BlockShape &shape, int64_t vectors) const {
  return static_cast<double>(shape.runs() * shape.steps * vectors) * costs.prefix / costs.multiplyAdds;
}

double target::readingCycles(int64_t weightBytes, double times, double ofNextCache) {
  constexpr int64_t nextCache = int64_t(1) << 19, lastCache = int64_t(1) << 24;
  constexpr double ofLastCache = 24, ofMemory = 9; // bytes a cycle
  double speed = weightBytes > lastCache ? ofMemory : weightBytes > nextCache ? ofLastCache : ofNextCache;
  return times * static_cast<double>(weightBytes) / speed;
}

double target::besideReading(double products, double reading) {
  constexpr double inTheWay = 1.0 / 32;
  return std::max(products, reading) + inTheWay * std::min(products, reading);
}

TileInstruction target::blockInstruction(StringRef name, StringRef features, const BlockTile &block, bool isLarge) {
  return {name, features, block.isFloat(), nullptr, &block, isLarge};
}

//===-- BlockShape -------------------------------------------------------------------------------===//

int64_t BlockTile::largestDivisor(int64_t number, int64_t most) {
  int64_t divisor = std::clamp<int64_t>(number, 1, most);
  while (number % divisor)
    --divisor;
  return divisor;
}

int64_t BlockTile::rowOfBlocks(int64_t positions, int64_t bytes, int64_t block) {
  constexpr int64_t channelBlocks = 1, fewestBlocks = 4, mostPositions = 64, bytesPerPosition = 640;
  if (positions <= mostPositions)
    return positions;
  int64_t most = std::clamp<int64_t>(bytesPerPosition / bytes, fewestBlocks, mostPositions / block), best = most;
  auto blocksIn = [&](int64_t row) { return llvm::divideCeil(positions, row * block) * (row + channelBlocks); };
  for (int64_t row = most; row >= fewestBlocks; --row)
    if (blocksIn(row) < blocksIn(best))
      best = row;
  return best * block;
}

/// Operations that take a group's sum into a total, for an estimate: the region's, and what it takes to get at the sum
/// and to keep the total in memory.
static double combineOperationsOf(qk::ContractOp op) {
  constexpr double aroundSum = 3;
  return aroundSum + static_cast<double>(llvm::range_size(op.getCombine().front().without_terminator()));
}

BlockShape::BlockShape(qk::ContractOp op, const BlockTile &tile)
    : window(op.getWindow()), tile(tile), lhsFormat(op.getLhsFormat()),
      stageFormat(tile.stageFormat(op.getLhsFormat())), table(llvm::cast<qnn::NumberFormat>(op.getRhsFormat())) {
  ArrayRef<int64_t> kernel = window.getKernel(), strides = window.getStrides(), dilations = window.getDilations();
  groups = window.getGroups();
  depth = window.getChannels()[0];
  breadth = window.getChannels()[1];
  if (tile.asBits()) {
    bits = BitPlanes(op);
    depth = llvm::divideCeil(depth, BitPlanes::wordBits);
  }
  if (op.getScaleGroup() > 0) {
    scaleGroup = static_cast<int64_t>(op.getScaleGroup());
    if (scaleGroup >= depth)
      scaleGroup = llvm::alignTo(depth, tile.groupUnit());
    llvm::append_range(groupParams, llvm::drop_begin(op.getCombine().getArgumentTypes(), 2));
    combineOperations = combineOperationsOf(op);
  }
  // The codes of neighbouring taps lie one behind the other if nothing is skipped between them.
  bool hasNeighbours = groups == 1 && (dilations[1] == 1 || kernel[1] == 1);
  bool isContiguous = hasNeighbours && (scaleGroup == 0 || kernel[1] == 1);
  runsPerLine = isContiguous ? 1 : kernel[1];
  run = isContiguous ? kernel[1] * depth : depth;
  // Windows of which rows are a part of a step, or have no channels that lie together.
  constexpr int64_t mostTaps = 16; // so that tiles may write one behind the other what a plane is multiplied by
  bool isSingle = qk::seesOnePosition(window);
  positions = window.getBatch() * window.getOutput()[0] * window.getOutput()[1];
  int64_t stagedRow = BlockTile::largestDivisor(positions, tile.longestStagedRow());
  bool mayHavePlanes = tile.planePositions() > 0 && hasNeighbours &&
                       (isSingle ? stagedRow : window.getOutput()[1]) > 1 && kernel[1] <= mostTaps &&
                       (dilations[0] == 1 || kernel[0] == 1) && llvm::cast<qnn::NumberFormat>(lhsFormat).getBits() <= 8;
  bool hasQuads = depth >= 4 && strides[1] <= 2;
  constexpr int64_t longestCopy = 128; // codes of a window
  copiesWindows =
      mayHavePlanes
          ? !hasQuads && (scaleGroup == 0 || kernel[0] * kernel[1] == 1) && kernel[0] * copiedRow() <= longestCopy
          : tile.masksTail && isContiguous && scaleGroup == 0 && kernel[0] > 1 && run < tile.products;
  hasPlanes = mayHavePlanes && (hasQuads || copiesWindows);
  if (copiesWindows)
    run = kernel[0] * copiedRow();
  steps =
      hasPlanes && !copiesWindows ? planes() * (hasTapRuns() ? 1 : planeTaps()) : llvm::divideCeil(run, tile.products);
  lines = window.seenBy(1);
  // Where positions see only themselves, rows have any length.
  if (isSingle) {
    int64_t outBytes = qk::outputChannels(op) * llvm::cast<qnn::NumberFormat>(op.getOutFormat()).getBits() / 8 / groups;
    int64_t lhsBytes = window.getChannels()[0] * llvm::cast<qnn::NumberFormat>(lhsFormat).getBits() / 8;
    int64_t bytes = std::max<int64_t>(1, groups * std::max(lhsBytes, outBytes));
    bool hasLongRows = readsInPlace() && !packsRows(op, tile);
    int64_t length = hasLongRows ? rowInPieces(op, tile.rowLength(positions, bytes)) : stagedRow;
    window = qk::inRows(window, op.getInitFormat() ? rowOfWholeBlocks(op, length) : length);
  }
  batch = window.getBatch();
  rows = window.getOutput()[0];
  width = window.getOutput()[1];
  int64_t columns = window.seenBy(width, 1);
  lineCodes = columns * groups * depth + (copiesWindows ? copiedRow() - kernel[1] * depth : paddedRun() - run);
  vectors = llvm::divideCeil(breadth, tile.lanes);
  constexpr int64_t longestChunk = 8; // few enough that columns that two chunks have are few, too
  chunk = planeTaps() == 1 ? 2 : std::min(longestChunk, width / 2 * 2);
  stageBytes = bits ? BitPlanes::wordBytes : llvm::cast<qnn::NumberFormat>(stageFormat).getBits() / 8;
  stageOffset = stageOffsetOf(op, tile);
  // Weights that are packed have a code for the border, or sums.
  bool isInside = qk::staysInside(window, 0) && qk::staysInside(window, 1);
  hasBorderSums = bits && !isInside && !op.getPadCode() && (op.getPacked() || !bits->hasZero());
}

int64_t BlockShape::rowInPieces(qk::ContractOp op, int64_t length) const {
  int64_t pieces = qk::rowPiecesOf(op);
  if (pieces == 1)
    return length;
  int64_t piece = llvm::alignTo(llvm::divideCeil(positions, pieces), op.getSchedule()->getM());
  return std::min(length, piece);
}

int64_t BlockShape::rowOfWholeBlocks(qk::ContractOp op, int64_t length) const {
  int64_t block = op.getSchedule() ? op.getSchedule()->getM() : 1;
  bool isWhole = positions % block == 0 && block <= length;
  return isWhole ? block * BlockTile::largestDivisor(positions / block, length / block) : length;
}

const BlockTile *target::blockTileOf(qk::ContractOp op, const Target &target) {
  const TileInstruction *tile = op.getSchedule() ? target.findTile(op.getSchedule()->getTile()) : nullptr;
  return tile ? tile->block : nullptr;
}

bool target::computesOnce(qk::ContractOp op, const BlockTile &tile) {
  std::optional<qk::ScheduleAttr> schedule = op.getSchedule();
  if (!schedule || schedule->getTiles() > 0 || tile.asPatch() || tile.asPlanar() ||
      DepthwiseShape::matches(op.getWindow()))
    return false;
  BlockShape shape(op, tile);
  int64_t row = shape.rowsAtOnce() * shape.width, block = schedule->getN();
  int64_t unit = tile.repeatsChannels() ? block : tile.lanes; // see codegen::firstChannel
  bool hasWholeRows = shape.positions == shape.batch * shape.rows * shape.width && shape.rows % shape.rowsAtOnce() == 0;
  return hasWholeRows && row % schedule->getM() == 0 && (shape.breadth <= block || shape.breadth % unit == 0);
}

bool target::takesHeldCodes(qk::ContractOp op, const BlockTile &tile) {
  return tile.lanes > 1 && tile.gatheredSums() == 1 && !tile.storesRows() && !packsRows(op, tile) &&
         computesOnce(op, tile);
}

int64_t BlockShape::runBytes(int64_t count) const {
  if (scaleGroup == 0)
    return paddedRun() * tile.vectorBytes(count) * (bits ? bits->rhs : 1);
  int64_t rest = lastScaleGroup();
  return fullScaleGroups() * scaleGroupBytes(count, scaleGroup) + (rest > 0 ? scaleGroupBytes(count, rest) : 0);
}

void BlockShape::packWeights(ArrayRef<int64_t> weights, std::vector<char> &bytes) const {
  if (!tile.fields.areLookedUp())
    return tile.packWeights(weights, bytes);
  // What fills up vectors of channels may be any weight.
  auto codeOf = [&](int64_t weight) { return table.codeOf(weight).value_or(0); };
  tile.packWeights(llvm::map_to_vector(weights, codeOf), bytes);
}

int64_t BlockShape::scaleGroupBytes(int64_t count, int64_t products) const {
  int64_t bytes = scaleGroupWeightBytes(count, products);
  for (Type param : groupParams)
    bytes += groupParamBytes(count, param);
  return bytes;
}

int64_t BlockShape::borderSumBytes() const {
  int64_t weights = qk::windowSize(window) * window.getChannels()[0];
  return std::abs(bits->constant) * weights * bits->largestWeight() <= INT16_MAX ? 2 : 4;
}

int64_t BlockShape::borderBytes(int64_t count) const {
  return hasBorderSums
             ? llvm::alignTo(BorderSums(window).count() * count * tile.lanes * borderSumBytes(), BitPlanes::wordBytes)
             : 0;
}

BlockShape::BlockShape(qk::WindowAttr row, const BlockTile &tile)
    : window(row), tile(tile), lhsFormat(tile.stageFormat(IntegerType::get(row.getContext(), 16, IntegerType::Signed))),
      stageFormat(lhsFormat), batch(1), rows(1), width(row.getOutput()[1]), positions(width), groups(row.getGroups()),
      depth(row.getChannels()[0]), breadth(row.getChannels()[1]), runsPerLine(1), copiesWindows(true), lines(0),
      lineCodes(0), vectors(llvm::divideCeil(breadth, tile.lanes)),
      stageBytes(llvm::cast<qnn::NumberFormat>(stageFormat).getBits() / 8), hasPlanes(tile.planePositions() > 0),
      chunk(tile.planePositions()) {
  run = copiedRow();
  steps = llvm::divideCeil(run, tile.products);
}

std::optional<int64_t> BlockShape::codeOf(int64_t s, int64_t p) const {
  if (!hasPlanes || copiesWindows)
    return s * tile.products + p;
  int64_t taps = hasTapRuns() ? 1 : planeTaps(), plane = s / taps, quad = 4 * (plane / 2);
  int64_t channel = std::min(quad, depth - 4) + plane % 2 * tile.products + p;
  return channel < quad ? std::nullopt : std::optional(s % taps * depth + channel);
}

int64_t BlockShape::copiedRow() const {
  int64_t codes = window.getKernel()[1] * depth;
  return tile.masksTail ? codes : llvm::alignTo(codes, tile.products);
}

int64_t BlockShape::phaseColumns(int64_t phase) const {
  return copiesWindows ? chunk
                       : chunk - 1 + llvm::divideCeilSigned(window.getKernel()[1] - phase, window.getStrides()[1]);
}

int64_t BlockShape::firstColumn(int64_t phase) const {
  int64_t columns = 0;
  for (int64_t earlier = 0; earlier < phase; ++earlier)
    columns += phaseColumns(earlier);
  return columns;
}

int64_t BlockShape::columnOfTap(int64_t tap) const {
  int64_t stride = window.getStrides()[1];
  return firstColumn(tap % stride) + tap / stride;
}

int64_t BlockShape::windowBytes() const {
  if (!copiesWindows)
    return 0;
  int64_t positions = rowsAtOnce() * width;
  return hasPlanes ? chunks(positions) * chunkBytes() : positions * run * stageBytes;
}

int64_t BlockShape::scratchBytes() const {
  int64_t staged = hasPlanes && !copiesWindows ? llvm::alignTo(chunks(width) * chunkBytes(), 16) : lines * lineBytes();
  return staged + windowBytes() + (tile.masksTail ? tile.products : 0);
}

int64_t target::stageOffsetOf(qk::ContractOp op, const BlockTile &tile) {
  if (tile.stagesWithoutZero() && op.getScaleGroup() > 0)
    return -static_cast<int64_t>(op.getLhsZero());
  return stageOffsetOf(op.getLhsFormat(), tile.stageFormat(op.getLhsFormat()));
}

int64_t target::stageOffsetOf(Type lhsFormat, Type stageFormat) {
  auto from = llvm::cast<qnn::NumberFormat>(lhsFormat), to = llvm::cast<qnn::NumberFormat>(stageFormat);
  if (from.isFloat() || from.isSignedCode() == to.isSignedCode())
    return 0;
  int64_t half = int64_t(1) << (to.getBits() - 1);
  // Unsigned codes fit wider signed ones as they are.
  return from.isSignedCode() ? half : from.getBits() < to.getBits() ? 0 : -half;
}

bool BlockShape::readsInPlace() const {
  auto from = llvm::cast<qnn::NumberFormat>(lhsFormat), to = llvm::cast<qnn::NumberFormat>(stageFormat);
  bool isSame = from.isFloat() == to.isFloat() && from.getBits() == to.getBits() &&
                (from.isFloat() || from.isSignedCode() == to.isSignedCode());
  bool isWhole = !bits || (bits->lhs == 1 && window.getChannels()[0] % BitPlanes::wordBits == 0);
  return isSame && isWhole && !copiesWindows && run == paddedRun() && qk::staysInside(window, 0) &&
         qk::staysInside(window, 1);
}

int64_t BlockShape::rowsAtOnce() const {
  constexpr int64_t enoughPositions = 32;
  bool mayBeSeveral = copiesWindows && !qk::seesOnePosition(window);
  int64_t count = mayBeSeveral ? std::clamp<int64_t>(enoughPositions / width, 1, rows) : 1;
  while (rows % count)
    --count;
  return count;
}

double BlockShape::codesOfStep(int64_t positions, int64_t blockVectors) const {
  auto codes = static_cast<double>(positions), perRun = static_cast<double>(taps());
  return blockVectors == 1 ? (codes + perRun - 1) / perRun : codes;
}

double BlockShape::cycles(int64_t positions, int64_t blockVectors) const {
  double total = 0;
  auto add = [&](int64_t p, int64_t v, int64_t count) {
    if (p > 0 && v > 0)
      total += static_cast<double>(count) * tile.blockCycles(*this, p, v);
  };
  // The last block of positions overlaps the one before it.
  int64_t atOnce = rowsAtOnce(), rounds = batch * (rows / atOnce);
  int64_t x = llvm::divideCeilSigned(atOnce * width, positions);
  add(positions, blockVectors, x * fullBlocks(blockVectors));
  add(positions, restOf(blockVectors), x);
  auto times = static_cast<double>(rounds);
  return static_cast<double>(groups) *
         besideReading(times * total, readingCycles(groupBytes(blockVectors), times, tile.costs.readBytes));
}

//===-- What is staged, and how it is divided --------------------------------------------------------===//

Staging target::stagingOf(qk::ContractOp op, const BlockTile &tile) {
  if (tile.asPatch()) // Lines of its own, not a ring.
    return {0, PatchShape(op.getWindow()).scratchBytes(), false, 0};
  if (DepthwiseShape::matches(op.getWindow())) {
    DepthwiseShape shape(op, tile);
    if (shape.isPlanar)
      return {0, shape.scratchBytes(), false, 0};
    int64_t rowBytes = RowBuffers(op, tile, shape.window).bytes();
    return {shape.lines, shape.scratchBytes() + rowBytes, false, rowBytes};
  }
  if (std::optional<qk::ScheduleAttr> schedule = op.getSchedule(); schedule && schedule->getTiles() > 0) {
    WinogradShape shape(op, tile);
    return {shape.lines(), shape.scratchBytes(schedule->getTiles(), schedule->getM(), schedule->getN() / tile.lanes),
            false, 0};
  }
  BlockShape shape(op, tile);
  int64_t rowBytes = RowBuffers(op, tile, shape.window, shape.rowsAtOnce()).bytes();
  int64_t unpackedBytes = tile.unpacked() ? shape.unpackedOffset() - shape.scratchBytes() : 0;
  if (tile.unpacked() && op.getSchedule())
    unpackedBytes += BlockShape(op, *tile.unpacked()).packedBytes(op.getSchedule()->getN() / tile.lanes);
  return {shape.lines, shape.scratchBytes() + unpackedBytes + rowBytes, shape.readsInPlace(), rowBytes};
}

RowUnits target::rowUnitsOf(qk::ContractOp op, const BlockTile &tile) {
  // Two threads must not write bits of one byte.
  bool isByteEach = qk::outputChannels(op) * llvm::cast<qnn::NumberFormat>(op.getOutFormat()).getBits() % 8 == 0;
  if (tile.asPatch() || tile.asPlanar() || !isByteEach)
    return {};
  if (DepthwiseShape::matches(op.getWindow())) {
    DepthwiseShape shape(op, tile);
    return shape.window.getBatch() == 1 ? RowUnits{shape.window.getOutput()[0], 1} : RowUnits();
  }
  if (op.getSchedule()->getTiles() > 0) {
    // Tiles that reach beyond a row or an image write where later ones write, too.
    WinogradShape shape(op, tile);
    ArrayRef<int64_t> output = op.getWindow().getOutput();
    bool isWhole = output[0] % shape.transforms.rows.outputs == 0 && output[1] % shape.transforms.columns.outputs == 0;
    return shape.tiles.getBatch() == 1 && isWhole ? RowUnits{shape.tiles.getOutput()[0], 1} : RowUnits();
  }
  BlockShape shape(op, tile);
  if (qk::seesOnePosition(op.getWindow()) && shape.readsInPlace() && !packsRows(op, tile))
    return {llvm::divideCeilSigned(shape.positions, op.getSchedule()->getM()), 1};
  return shape.batch == 1 ? RowUnits{shape.rows, shape.copiesWindows ? shape.rowsAtOnce() : 1} : RowUnits();
}

ChannelUnits target::channelUnitsOf(qk::ContractOp op, const BlockTile &tile) {
  bool hasBytes = llvm::cast<qnn::NumberFormat>(op.getOutFormat()).getBits() % 8 == 0;
  if (tile.asPatch() || tile.asPlanar() || op.getWindow().getGroups() != 1 || op.getSchedule()->getTiles() > 0 ||
      !hasBytes)
    return {};
  BlockShape shape(op, tile.unpacked() ? *tile.unpacked() : tile);
  int64_t block = op.getSchedule()->getN() / tile.lanes;
  return {shape.fullBlocks(block) + (shape.restOf(block) > 0 ? 1 : 0), BlockShape(op, tile).groupBytes(block)};
}

//===-- Weights -----------------------------------------------------------------------------------===//

WeightReader::WeightReader(qk::ContractOp op)
    : format(llvm::cast<qnn::NumberFormat>(op.getRhsFormat())), bits(format.getBits()), isFloat(format.isFloat()),
      strides(op.getRhsStrides()), decode(format.getIntegerDecode()), zero(static_cast<int64_t>(op.getRhsZero())) {
  int64_t codes = decode.table.empty() ? UINT8_MAX + 1 : static_cast<int64_t>(decode.table.size());
  if (bits == 8 && !isFloat)
    for (int64_t byte = 0; byte < codes; ++byte)
      ofBytes.push_back(integerOf(format.isSignedCode() ? static_cast<int8_t>(byte) : byte));
  ElementsAttr value = op.getRhs().getDefiningOp<qk::ConstantOp>().getValue();
  bytes = qnn::rawBytes(value);
  auto dense = llvm::dyn_cast<DenseElementsAttr>(value);
  if (!dense || !dense.isSplat())
    return;
  // The one storage element that there is, repeated until a code ends where an element does.
  int64_t bits = std::lcm(static_cast<int64_t>(8 * bytes.size()), static_cast<int64_t>(format.getBits()));
  for (int64_t size = 0; size < bits / 8; size += static_cast<int64_t>(bytes.size()))
    llvm::append_range(splat, bytes);
  bytes = splat;
  splatCodes = bits / format.getBits();
}

int64_t WeightReader::operator()(int64_t o, int64_t ky, int64_t kx, int64_t i) const {
  int64_t index = o * strides[1] + ky * strides[2] + kx * strides[3] + i * strides[4];
  if (splatCodes)
    index %= splatCodes;
  if (!ofBytes.empty())
    return ofBytes[static_cast<uint8_t>(bytes[index])];
  if (bits == 32 && isFloat)
    return llvm::support::endian::read32le(bytes.data() + 4 * index);
  int64_t code = format.unpack(bytes, index);
  return isFloat ? code << 16 : integerOf(code);
}

std::pair<int64_t, int64_t> WeightReader::range(qk::WindowAttr window) const {
  std::pair<int64_t, int64_t> range(INT64_MAX, INT64_MIN);
  for (int64_t o = 0; o < window.getGroups() * window.getChannels()[1]; ++o)
    for (int64_t ky = 0; ky < window.getKernel()[0]; ++ky)
      for (int64_t kx = 0; kx < window.getKernel()[1]; ++kx)
        for (int64_t i = 0; i < window.getChannels()[0]; ++i) {
          int64_t weight = (*this)(o, ky, kx, i);
          range = {std::min(range.first, weight), std::max(range.second, weight)};
        }
  return range;
}

void target::forEachStep(const BlockShape &shape, WeightAt weights, int64_t first, int64_t last, int64_t lanes,
                         StepVisitor visit) {
  int64_t perStep = shape.tile.products;
  SmallVector<int64_t> step;
  int64_t rowCodes = shape.copiedRow(), rowEnd = shape.window.getKernel()[1] * shape.depth; // of a copied window
  for (int64_t ky = 0; ky < shape.runRows(); ++ky)
    for (int64_t r = 0; r < shape.runsPerLine; ++r)
      for (int64_t s = 0; s < shape.steps; ++s) {
        int64_t products = std::min(perStep, shape.paddedRun() - s * perStep);
        step.assign(lanes * products, 0);
        for (int64_t lane = 0; lane < lanes; ++lane)
          for (int64_t p = 0; p < products; ++p) {
            std::optional<int64_t> of = shape.codeOf(s, p);
            int64_t code = of.value_or(0), row = shape.copiesWindows ? code / rowCodes : ky,
                    inRow = shape.copiesWindows ? code % rowCodes : code;
            bool isThere = of && first + lane < last && code < shape.run && (!shape.copiesWindows || inRow < rowEnd);
            step[lane * products + p] =
                isThere ? weights(first + lane, row, r + inRow / shape.depth, inRow % shape.depth) : 0;
          }
        visit(step);
      }
}

void target::forEachStep(const DepthwiseShape &shape, const WeightReader &weights, StepVisitor visit) {
  int64_t lanes = shape.tile.lanes, products = shape.tile.products;
  SmallVector<int64_t> step(lanes * products);
  if (shape.isPlanar) {
    for (int64_t channel = 0; channel < shape.channels; ++channel)
      for (int64_t ky = 0; ky < shape.window.getKernel()[0]; ++ky)
        for (int64_t kx = 0; kx < shape.packedTaps; ++kx) {
          bool isThere = kx < shape.window.getKernel()[1];
          int64_t weight = !isThere ? 0 : shape.isTurned ? weights(channel, kx, ky, 0) : weights(channel, ky, kx, 0);
          visit(weight);
        }
    return;
  }
  if (shape.rollsColumns) {
    for (int64_t first = 0; first < shape.channels; first += shape.channelsAtOnce) {
      lanes = shape.tileOfGroup(first).lanes;
      step.resize(lanes * products);
      for (int64_t kx = 0; kx < shape.window.getKernel()[1]; ++kx)
        for (int64_t block = 0; block < shape.tapBlocks; ++block)
          for (int64_t vector = 0; vector < shape.tile.interleavedVectors(); ++vector) {
            for (int64_t lane = 0; lane < lanes; ++lane)
              for (int64_t p = 0; p < products; ++p) {
                int64_t channel = first + shape.rolledChannel(vector, lane), ky = block * products + p;
                bool isThere = channel < shape.channels && ky < shape.window.getKernel()[0];
                step[lane * products + p] = isThere ? weights(channel, ky, kx, 0) : 0;
              }
            visit(step);
          }
    }
    return;
  }
  for (int64_t ky = 0; ky < shape.window.getKernel()[0]; ++ky)
    for (int64_t block = 0; block < shape.tapBlocks; ++block)
      for (int64_t vector = 0; vector < shape.vectors; ++vector) {
        for (int64_t lane = 0; lane < lanes; ++lane)
          for (int64_t t = 0; t < products; ++t) {
            int64_t channel = firstChannel(vector * lanes, lanes, shape.channels) + lane, kx = block * products + t;
            bool isThere = channel < shape.channels && kx < shape.window.getKernel()[1];
            step[lane * products + t] = isThere ? weights(channel % shape.period(), ky, kx, 0) : 0;
          }
        visit(step);
      }
}

WeightBlocks::Range WeightBlocks::range(int64_t first, int64_t size) const {
  Range range{first * channels, size * channels, first * bytes, size * bytes};
  if (first + size < count)
    return range;
  if (size == 1)
    range.firstChannel = std::max<int64_t>(0, allChannels - lastChannels);
  range.channels = allChannels - range.firstChannel;
  range.bytes += lastBytes - bytes;
  return range;
}

std::optional<WeightBlocks> target::weightBlocks(qk::ContractOp op, const BlockTile *tile) {
  qk::WindowAttr window = op.getWindow();
  int64_t channels = window.getChannels()[1];
  if (window.getGroups() != 1 || op.getScaleGroup() != 0 || channels == 0)
    return std::nullopt;
  if (!op.getPacked()) {
    // Row-major, the channel outermost.
    ArrayRef<int64_t> strides = op.getRhsStrides(), kernel = window.getKernel();
    int64_t reach =
        1 + (kernel[0] - 1) * strides[2] + (kernel[1] - 1) * strides[3] + (window.getChannels()[0] - 1) * strides[4];
    int64_t bits = strides[1] * llvm::cast<qnn::NumberFormat>(op.getRhsFormat()).getBits();
    if (strides[0] != 0 || reach != strides[1] || bits % 8 != 0 || bits <= 0)
      return std::nullopt;
    return WeightBlocks{channels, 1, bits / 8, 1, bits / 8, channels};
  }
  BlockShape shape(op, *tile);
  auto packedBytes = [&](int64_t vectors) {
    return op.getSchedule()->getTiles() > 0 ? WinogradShape(op, *tile).packedBytes(vectors)
                                            : shape.packedBytes(vectors);
  };
  int64_t block = op.getSchedule()->getN() / tile->lanes, rest = shape.restOf(block), bytes = packedBytes(block);
  WeightBlocks blocks{shape.fullBlocks(block), block * tile->lanes, bytes, block * tile->lanes, bytes, channels};
  if (rest > 0) {
    ++blocks.count;
    blocks.lastChannels = rest * tile->lanes;
    blocks.lastBytes = packedBytes(rest);
  }
  return blocks;
}

//===-- Contractions ------------------------------------------------------------------------------===//

/// With one scale per group, a group is so many whole steps, or quads of channels on planes, unless it is all products
/// of a tap, and what is known of it is packed with its weights.
static bool canScale(qk::ContractOp op, const BlockTile &tile) {
  if (op.getScaleGroup() == 0)
    return true;
  auto group = static_cast<int64_t>(op.getScaleGroup());
  bool isWhole = group % tile.groupUnit() == 0 || group >= op.getWindow().getChannels()[0];
  return tile.scalesGroups() && isWhole && !DepthwiseShape::matches(op.getWindow()) &&
         llvm::all_of(op.getGroupParams(), [](Value param) { return param.getDefiningOp<qk::ConstantOp>(); });
}

bool target::hasBlockForm(qk::ContractOp op, const BlockTile &tile) {
  auto isWhole = [](Type format, bool allowsHalf) {
    unsigned bits = llvm::cast<qnn::NumberFormat>(format).getBits();
    return bits == 8 || bits == 32 || (allowsHalf && bits == 16);
  };
  qk::WindowAttr window = op.getWindow();
  auto lhs = llvm::cast<qnn::NumberFormat>(op.getLhsFormat()), rhs = llvm::cast<qnn::NumberFormat>(op.getRhsFormat());
  // Rows of codes below 8 bits are bytes while they are computed. Wider codes of no whole bytes are stored one by one.
  bool hasRows = !tile.asPatch() && !tile.asPlanar();
  auto isPacked = [](Type format) { return llvm::cast<qnn::NumberFormat>(format).getBits() < 8; };
  bool isRead = tile.asBits()
                    ? BitPlanes::match(op)
                    : (lhs.isFloat() || lhs.isAffine()) && (isWhole(lhs, lhs.isFloat()) || (isPacked(lhs) && hasRows));
  bool isStored = isWhole(op.getOutFormat(), true) || tile.asBits() || (isPacked(op.getOutFormat()) && hasRows) ||
                  (tile.gatheredSums() == 1 && !DepthwiseShape::matches(window));
  bool isEmpty = window.outputElements() == 0 || window.inputElements() == 0 || window.getChannels()[0] == 0;
  return canScale(op, tile) && op.getRhs().getDefiningOp<qk::ConstantOp>() && op.getRhsStrides()[0] == 0 && isRead &&
         !isEmpty && isStored && lhs.isFloat() == tile.isFloat() && rhs.isFloat() != tile.takesIntegerWeights() &&
         (!lhs.isFloat() || tile.takesFloats(lhs, rhs)) &&
         (window.getChannels()[0] > 1 || window.getGroups() == 1 || DepthwiseShape::matches(window));
}

bool target::computesWindow(const BlockTile &tile, qk::WindowAttr window) {
  bool isDepthwise = DepthwiseShape::matches(window);
  if (tile.asPatch())
    return PatchShape::matches(window);
  if (const PlanarTile *planar = tile.asPlanar())
    return isDepthwise && planar->takes(qk::columnAsRow(window));
  return !isDepthwise || tile.asVector();
}

static bool fitsSums(qk::ContractOp op, const BlockTile &tile) {
  if (tile.unpacked())
    return fitsSums(op, *tile.unpacked());
  if (tile.sumLimit() == INT64_MAX)
    return true;
  if (op.getScaleGroup() > 0) { // of the products alone
    std::vector<int64_t> largest = largestProducts(op, tile);
    return llvm::all_of(largest, [&](int64_t sum) { return sum <= tile.sumLimit(); });
  }
  std::optional<int64_t> largest = largestSum(op, tile);
  return largest && *largest <= tile.sumLimit();
}

bool target::fitsWeights(qk::ContractOp op, const BlockTile &tile) {
  auto rhs = llvm::cast<qnn::NumberFormat>(op.getRhsFormat());
  if (rhs.isFloat())
    return true;
  if (!fitsSums(op, tile))
    return false;
  auto [low, high] = rhs.getIntegerRange();
  int64_t zero = static_cast<int64_t>(op.getRhsZero());
  bool isLookedUp = tile.fields.areLookedUp(), isInRange = tile.fits(low - zero, high - zero);
  if (isInRange && !isLookedUp)
    return true;
  // The weights that there are may lie in a smaller range than their format allows, or may not meet.
  WeightReader weights(op);
  auto [least, most] = weights.range(op.getWindow());
  isInRange = isInRange || tile.fits(least, most);
  if (isInRange && !isLookedUp)
    return true;
  WeightTable table(rhs);
  auto hasCode = [&](int64_t weight) { return table.codeOf(weight).has_value(); };
  bool fits = true;
  auto check = [&](ArrayRef<int64_t> step) {
    fits = fits && (isInRange || tile.fitsStep(step)) && (!isLookedUp || llvm::all_of(step, hasCode));
  };
  if (DepthwiseShape::matches(op.getWindow())) {
    forEachStep(DepthwiseShape(op, tile), weights, check);
    return fits;
  }
  BlockShape shape(op, tile);
  for (int64_t g = 0; g < shape.groups && fits; ++g)
    forEachStep(shape, weights, g * shape.breadth, (g + 1) * shape.breadth, shape.breadth, check);
  return fits;
}
