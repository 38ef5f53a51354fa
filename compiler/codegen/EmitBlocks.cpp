// Contractions by blocks: lines of the input are staged as the tile reads them, then each row of the output is computed
// in blocks of positions x channels, whose sums stay in registers until the epilogue.
#include "compiler/codegen/BitLine.h"
#include "compiler/codegen/ConstantBytes.h"
#include "compiler/codegen/LineRing.h"
#include "compiler/codegen/PackedRows.h"
#include "compiler/codegen/PlaneLine.h"
#include "compiler/target/MatrixTile.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include <numeric>

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

namespace {

class BlockEmitter {
public:
  /// With weights as `packed` has them.
  BlockEmitter(KernelBuilder &k, qk::ContractOp op, Pointers given, const BlockTile &packed)
      : k(k), op(op), packed(packed), tile(packed.unpacked() ? *packed.unpacked() : packed), shape(op, tile),
        window(shape.window), packedRows(k, op, given, RowBuffers(op, tile, window, shape.rowsAtOnce())),
        pointers(packedRows.getPointers()), lhs(pointers[0]), rhs(pointers[1]), positions(op.getSchedule()->getM()),
        blockVectors(op.getSchedule()->getN() / tile.lanes), lines(op.getSchedule()->getLines()),
        ring(k, op, window, lhs, pointers[pointers.size() - 2], shape.lineBytes(), packedRows.getInput()),
        staged(k, op, window, tile, shape.lineCodes), planes(k, op, shape), words(k, op, shape, lhs) {
    if (shape.hasBorderSums)
      borders.emplace(window);
  }
  void emit();

private:
  /// A row of the output: its image, its number in it, and the number of its first position.
  struct Row {
    Val n, y, firstPixel;
    Val border = {}; // the number of its class, if there are sums for the border
    Val out = {};    // where its first position is computed
  };
  /// Neighbouring channels of one group that a block has: `valid` of them in `vectors` vectors, with their weights.
  struct Channels {
    Val group, weights, first;
    int64_t vectors, valid;
  };
  void emitRow(const Row &row);
  void emitPositions(const Row &row);
  void forEachBlock(int64_t full, llvm::function_ref<void(Val n)> body);
  void ifHasRest(llvm::function_ref<void()> body);
  bool emitBlocksAtOnce(const Row &row, const Channels &channels, int64_t blocks);
  Val lookUpBlock(Val codes, int64_t vectors);
  void emitBlock(const Row &row, Val x, const Channels &channels);
  void copyWindows(const Row &row);
  void copyPlanes(const Row &row);
  /// Positions that `emitRow` computes.
  int64_t rowPositions() const { return shape.rowsAtOnce() * shape.width; }
  /// Taps of a run on planes.
  int64_t tapsOfRun() const { return shape.hasTapRuns() ? 1 : shape.planeTaps(); }
  SmallVector<int64_t, 4> tapBytes();
  Val tapOffset(Val r);
  BlockRun runOf(Val lhs, Val rhs, const Channels &channels);
  ScaledGroups scaledGroups();
  Accumulators startOf(ArrayRef<Val> first);
  int64_t gatheredPositions(int64_t vectors) const;
  Accumulators gather(ArrayRef<Val> sums, int64_t vectors);
  Accumulators scatter(ArrayRef<Val> quads, int64_t vectors);
  Accumulators addGroups(Val codes, Val weights, const Channels &channels, ArrayRef<Val> totals);
  Accumulators sumGroup(const BlockRun &run);
  void combine(Val params, const Channels &channels, ArrayRef<Val> sums, Accumulators &totals);
  Val linePointer(const Row &row, Val ky);
  Val firstPixel(Val n, Val y);
  void stageRows(llvm::function_ref<void(Val n, Val y)> emitRows);
  Val classOf(int axis, Val position);
  void addBorderSums(const Row &row, Val x, const Channels &channels, Accumulators &sums);
  int64_t positionBytes() {
    if (shape.copiesWindows && !shape.hasPlanes)
      return shape.run * shape.stageBytes;
    return lines ? shape.stagedPositionBytes() : window.getStrides()[1] * pixelCodes() * shape.stageBytes;
  }
  /// Only where positions see nothing but themselves.
  bool overlapsRows() const { return shape.positions < shape.batch * shape.rows * shape.width; }
  int64_t pixelCodes() const { return shape.groups * shape.depth; }
  Val windows() { return k.advance(pointers[pointers.size() - 2], lines * shape.lineBytes()); }
  /// Codes of all positions, rows and groups begin at multiples of so many bytes.
  int64_t lhsAlign() {
    if (shape.hasPlanes)
      return alignment;
    if (shape.copiesWindows)
      return std::gcd(shape.run * shape.stageBytes, alignment);
    int64_t row = lines ? shape.lineBytes() : window.getInput()[1] * pixelCodes() * shape.stageBytes;
    return std::gcd(std::gcd<int64_t>(row, alignment), shape.depth * shape.stageBytes);
  }
  int64_t rhsAlign() { return std::gcd<int64_t>(shape.runBytes(1), alignment); }

  static constexpr int64_t alignment = 4; // at least, of constants and of buffers in the arena
  KernelBuilder &k;
  qk::ContractOp op;
  const BlockTile &packed, &tile;
  BlockShape shape;
  qk::WindowAttr window;
  PackedRows packedRows;
  Pointers pointers;
  Val lhs, rhs;
  int64_t positions, blockVectors, lines;
  LineRing ring; // if there are lines
  PlainLine staged;
  PlaneLine planes; // if there are planes
  BitLine words;    // if they are of bits
  std::optional<BorderSums> borders;
};

//===-- Staging ---------------------------------------------------------------------------------===//

/// The windows of a row of the output, one behind the other, and those of neighbouring rows behind them.
void BlockEmitter::copyWindows(const Row &row) {
  Val slot = k.unsignedRemainder(row.y, k.index(shape.rowsAtOnce())) * (shape.width * shape.run * shape.stageBytes);
  int64_t rowBytes = window.getKernel()[1] * shape.depth * shape.stageBytes;
  k.loop(k.index(window.getKernel()[0]), [&](Val ky) {
    Val from = ring.line(ky), to = k.advance(windows(), slot + ky * rowBytes);
    k.loop(k.index(shape.width), [&](Val x) {
      Val codes = k.loadVector(k.advance(from, x * (window.getStrides()[1] * pixelCodes() * shape.stageBytes)),
                               k.b.getI8Type(), tile.products * shape.stageBytes, rowBytes);
      k.storeVector(k.advance(to, x * (shape.run * shape.stageBytes)), codes, rowBytes);
    });
  });
}

/// The same in planes.
void BlockEmitter::copyPlanes(const Row &row) {
  Val first = k.unsignedRemainder(row.y, k.index(shape.rowsAtOnce())) * shape.width;
  int64_t step = window.getStrides()[1] * pixelCodes() * shape.stageBytes;
  k.loop(k.index(window.getKernel()[0]), [&](Val ky) {
    Val from = ring.line(ky);
    auto copy = [&](Val x, Val to) { planes.copyWindowRow(k.advance(from, x * step), to, ky); };
    if (shape.rowsAtOnce() > 1)
      return k.loop(k.index(shape.width), [&](Val x) { copy(x, planes.at(windows(), first + x)); });
    // Chunks of two.
    k.loop(k.index(shape.width / 2), [&](Val chunk) {
      Val to = k.advance(windows(), chunk * shape.chunkBytes());
      copy(chunk * 2, to);
      copy(chunk * 2 + 1, k.advance(to, shape.columnBytes()));
    });
    if (shape.width % 2)
      copy(k.index(shape.width - 1), k.advance(windows(), shape.width / 2 * shape.chunkBytes()));
  });
}

/// The codes of row `ky` of the window for a row of the output.
Val BlockEmitter::linePointer(const Row &row, Val ky) {
  if (shape.copiesWindows)
    return windows();
  if (lines)
    return ring.line(ky);
  if (overlapsRows())
    return k.advance(lhs, row.firstPixel * (pixelCodes() * shape.stageBytes));
  Val input = row.n * window.getInput()[0] + row.y * window.getStrides()[0] + ky * window.getDilations()[0];
  return k.advance(lhs, input * (window.getInput()[1] * pixelCodes() * shape.stageBytes));
}

//===-- Blocks ----------------------------------------------------------------------------------------===//

/// The number of a row's first position; the last row ends with the last position.
Val BlockEmitter::firstPixel(Val n, Val y) {
  Val first = (n * shape.rows + y) * shape.width;
  return overlapsRows() ? k.min(first, k.index(shape.positions - shape.width)) : first;
}

void BlockEmitter::emit() {
  int64_t atOnce = shape.rowsAtOnce();
  auto emitRows = [&](Val n, Val y) {
    Row row{n, y, firstPixel(n, y), borders ? classOf(0, y) : Val()};
    if (!shape.copiesWindows)
      return emitRow(row);
    shape.hasPlanes ? copyPlanes(row) : copyWindows(row);
    // Of the rows that are computed at once, the one that comes last.
    int64_t last = op.getDescending() ? 0 : atOnce - 1;
    Row first{n, y, row.firstPixel - last * shape.width};
    k.ifThen(k.unsignedRemainder(y, k.index(atOnce)) == last, [&] {
      if (shape.hasPlanes)
        planes.pairLast(windows(), rowPositions());
      emitRow(first);
    });
  };
  const MatrixTile *matrix = tile.asMatrix();
  if (matrix)
    matrix->beginKernel(k, positions);
  stageRows(emitRows);
  if (matrix)
    matrix->endKernel(k);
}

/// All rows of the output, each after what it needs has been staged.
void BlockEmitter::stageRows(llvm::function_ref<void(Val n, Val y)> emitRows) {
  int64_t together = rowUnitsOf(op, tile).together;
  if (shape.bits)
    return ring.forEachRow([&](Val row, Val line) { words.convertRow(row, line); },
                           [&](Val line) { words.fillLine(line); }, emitRows, together);
  if (!shape.hasPlanes || shape.copiesWindows)
    return ring.forEachRow([&](Val row, Val line) { staged.convertRow(ring.rowAt(row), line); },
                           [&](Val line) { staged.fillLine(line); }, emitRows, together);
  planes.fillBorders(pointers[pointers.size() - 2]);
  ring.forEachRow([&](Val row, Val line) { planes.convertRow(ring.rowAt(row), line); },
                  [&](Val line) { planes.fillLine(line); }, emitRows);
}

//===-- Borders ---------------------------------------------------------------------------------------===//

/// The number of the class that a position of the output is in.
Val BlockEmitter::classOf(int axis, Val position) {
  Val number = k.index(0), one = k.index(1);
  for (const BorderSums::Class &next : borders->classes(axis).drop_front())
    number = number + k.select(position < next.first, k.index(0), one);
  return number;
}

/// What taps outside of the image have added to the bias, and did not add to the sums.
void BlockEmitter::addBorderSums(const Row &row, Val x, const Channels &channels, Accumulators &sums) {
  Val table = k.advance(channels.weights, shape.runs() * shape.runBytes(channels.vectors));
  auto columns = static_cast<int64_t>(borders->classes(1).size());
  Type element = k.b.getIntegerType(8 * shape.borderSumBytes());
  for (int64_t i = 0; i < positions; ++i) {
    Val number = (row.border * columns + classOf(1, x + i)) * channels.vectors;
    for (int64_t j = 0; j < channels.vectors; ++j) {
      Val at = k.advance(table, (number + j) * (tile.lanes * shape.borderSumBytes()));
      Val &sum = sums[i * channels.vectors + j];
      sum = sum + k.widen(k.loadVector(at, element, tile.lanes, tile.lanes), k.b.getI32Type(), true);
    }
  }
}

/// Leaves so many full blocks of a row to the tile, from the first one's channels on, if it takes them.
bool BlockEmitter::emitBlocksAtOnce(const Row &row, const Channels &channels, int64_t blocks) {
  bool hasRuns = shape.runs() == 1 || (shape.hasPlanes && (shape.runsPerLine == 1 || shape.hasTapRuns()));
  if (!tile.storesRows() || shape.groups > 1 || !hasRuns || (shape.scaleGroup && !qk::addsMultipliedSums(op)))
    return false;
  Val zero = k.index(0), codes = shape.copiesWindows ? windows() : linePointer(row, zero);
  std::optional<ScaledGroups> groups;
  if (shape.scaleGroup) {
    groups = scaledGroups();
    if (groups->runs > 1)
      codes = pointers[pointers.size() - 2]; // of the ring's first line
  }
  bool isRing = shape.hasPlanes && !shape.copiesWindows && shape.lines > 1;
  Epilogue epilogue(k, op, pointers, tile, channels.first, /*channels=*/0);
  BlockRun run = runOf(codes, channels.weights, channels);
  if (groups && shape.fullScaleGroups() > 0)
    run.steps = shape.scaleGroup / tile.products;
  return epilogue.storeRow(row.out, {.run = run,
                                     .width = rowPositions(),
                                     .blocks = blocks,
                                     .repeated = blocks > 1 ? blocks * blockVectors - shape.breadth : 0,
                                     .chunk = shape.chunk,
                                     .chunkBytes = shape.chunkBytes(),
                                     .lines = isRing ? shape.lines : 1,
                                     .lineBytes = shape.lineBytes(),
                                     .top = isRing ? ring.firstLine() : zero,
                                     .bias = {},
                                     .groups = groups,
                                     .store = {}});
}

/// The groups of a row's windows, counted from the ring's first line on.
ScaledGroups BlockEmitter::scaledGroups() {
  int64_t runs = shape.runs(), columns = shape.runsPerLine, full = shape.fullScaleGroups();
  int64_t rest = shape.lastScaleGroup(), first = full > 0 ? shape.scaleGroup : rest;
  ScaledGroups groups{.runs = runs,
                      .ofRun = full + (rest > 0 ? 1 : 0),
                      .lastSteps = (rest > 0 ? rest : first) / tile.products,
                      .weightBytes = shape.scaleGroupWeightBytes(blockVectors, first),
                      .runBytes = shape.runBytes(blockVectors),
                      .offsets = {}};
  if (runs == 1)
    return groups;
  Type number = k.b.getI32Type();
  groups.offsets = k.stackBuffer(number, runs);
  k.loop(k.index(shape.runRows()), [&](Val ky) {
    Val line = ring.numberOf(ky) * shape.lineBytes();
    k.loop(k.index(columns),
           [&](Val r) { k.storeRaw(groups.offsets, number, ky * columns + r, k.toI32(line + tapOffset(r))); });
  });
  return groups;
}

void BlockEmitter::emitRow(const Row &row) {
  packedRows.computeRow(row.firstPixel, rowPositions(), overlapsRows() ? 1 : shape.width, [&](Val first) {
    Row computed = row;
    computed.out = first;
    emitPositions(computed);
  });
}

/// Weights of a block as the tile multiplies them, from codes of two channels in a byte.
Val BlockEmitter::lookUpBlock(Val codes, int64_t vectors) {
  Val weights = k.advance(pointers[pointers.size() - 2], shape.unpackedOffset()),
      table = constantBytes(k, shape.table.integers());
  Type byte = k.b.getI8Type(), half = k.b.getI16Type();
  auto weightOf = [&](Val code) { return k.widen(k.loadRaw(table, byte, k.toIndex(code)), k.b.getI32Type(), true); };
  k.loop(k.index(shape.packedBytes(vectors) / 2), [&](Val i) {
    Val pair = k.widen(k.loadRaw(codes, byte, i), k.b.getI32Type(), /*isSigned=*/false);
    Val linked = weightOf(pair & 15) + (weightOf(k.logicalShiftRight(pair, pair.constant(4))) << 8);
    k.storeRaw(weights, half, i, k.narrow(linked, half));
  });
  return weights;
}

/// All positions of a row.
void BlockEmitter::emitPositions(const Row &row) {
  int64_t breadth = shape.breadth;
  Channels all{k.index(0), rhs, k.index(0), blockVectors, breadth};
  int64_t full = shape.fullBlocks(blockVectors), rest = shape.restOf(blockVectors);
  bool oneByOne = packed.unpacked() || qk::channelPiecesOf(op) > 1;
  bool isStored = !oneByOne && emitBlocksAtOnce(row, all, full);
  BlockShape packedShape(op, packed);
  k.loop(k.index(shape.groups), [&](Val g) {
    // Block `n` of the group, of `count` vectors.
    auto emitChannels = [&](Val n, int64_t count) {
      Val weights = g * packedShape.groupBytes(blockVectors) + n * packedShape.packedBytes(blockVectors);
      int64_t lanes = count * tile.lanes;
      Val first = firstChannel(k, n * (blockVectors * tile.lanes), lanes, shape.breadth,
                               tile.repeatsChannels() ? lanes : tile.lanes);
      Channels channels{g, k.advance(rhs, weights), g * shape.breadth + first, count, std::min(lanes, shape.breadth)};
      if (packed.unpacked())
        channels.weights = lookUpBlock(channels.weights, count);
      if (oneByOne && emitBlocksAtOnce(row, channels, 1))
        return;
      k.loopInBlocks(rowPositions(), positions, tile.gatheredSums() > 1, [&](Val x) { emitBlock(row, x, channels); });
    };
    if (!isStored)
      forEachBlock(full, [&](Val n) { emitChannels(n, blockVectors); });
    if (rest)
      ifHasRest([&] { emitChannels(k.index(full), rest); });
  });
}

/// Those of the full blocks of channels that are of this piece.
void BlockEmitter::forEachBlock(int64_t full, llvm::function_ref<void(Val n)> body) {
  if (qk::channelPiecesOf(op) == 1)
    return k.loop(k.index(full), body);
  auto [begin, end] = k.rangeOfPiece(channelUnitsOf(op, packed).blocks, 1);
  k.loop(begin, k.min(end, k.index(full)), body);
}

/// The block of less channels is of the last piece.
void BlockEmitter::ifHasRest(llvm::function_ref<void()> body) {
  qk::channelPiecesOf(op) == 1 ? body() : k.ifThen(k.isLastPiece(), body);
}

/// Where taps begin in a plane.
SmallVector<int64_t, 4> BlockEmitter::tapBytes() {
  SmallVector<int64_t, 4> bytes;
  for (int64_t tap = 0; shape.hasPlanes && tap < tapsOfRun(); ++tap)
    bytes.push_back(shape.copiesWindows ? 0 : shape.columnOfTap(tap) * shape.columnBytes());
  return bytes;
}

/// From the codes of a line to those of the run with number `r` of it.
Val BlockEmitter::tapOffset(Val r) {
  if (!shape.hasTapRuns())
    return r * (window.getDilations()[1] * pixelCodes() * shape.stageBytes);
  // Planes have the columns of even numbers first where positions are two apart: BlockShape::columnOfTap.
  int64_t stride = shape.phases();
  if (stride == 1)
    return r * shape.columnBytes();
  Val column = k.unsignedRemainder(r, k.index(stride)) * shape.firstColumn(1) + k.unsignedDivide(r, k.index(stride));
  return column * shape.columnBytes();
}

/// A run of the window, from one position's codes and the weights of a row of the window on.
BlockRun BlockEmitter::runOf(Val lhs, Val rhs, const Channels &channels) {
  return {.lhs = lhs,
          .positionBytes = positionBytes(),
          .rhs = rhs,
          .steps = shape.steps,
          .tail = shape.tail(),
          .positions = positions,
          .vectors = channels.vectors,
          .taps = shape.hasPlanes ? tapsOfRun() : shape.taps(),
          .masksCodes = lines == 0,
          .planeBytes = shape.planeBytes(),
          .tapBytes = tapBytes(),
          .lhsAlign = lhsAlign(),
          .rhsAlign = rhsAlign(),
          .bits = shape.bits,
          .bitPlaneBytes = shape.bitPlaneBytes(),
          .windowSteps = shape.runs() * shape.steps,
          .table = shape.table.integers(),
          .isSigned = formatOf(shape.stageFormat).isSignedCode()};
}

//===-- Groups with scales of their own ---------------------------------------------------------------===//

/// Where a tile gathers sums for its epilogue, it gathers those of a group, too, if positions fill vectors: so many of
/// one channel.
int64_t BlockEmitter::gatheredPositions(int64_t vectors) const {
  return positions >= vectors && positions % tile.gatheredSums() == 0 ? tile.gatheredSums() : 1;
}

/// Totals begin as sums of windows do, but as they are.
Accumulators BlockEmitter::startOf(ArrayRef<Val> first) {
  if (shape.scaleGroup == 0)
    return tile.start(k, positions, first);
  Accumulators totals;
  int64_t gathered = gatheredPositions(static_cast<int64_t>(first.size()));
  for (int64_t i = 0; i < positions; i += gathered)
    for (Val number : first)
      totals.push_back(gathered > 1 ? k.broadcast(number, gathered) : number);
  return totals;
}

/// Sums [position][channel] as vectors of neighbouring positions, [vector][channel].
Accumulators BlockEmitter::gather(ArrayRef<Val> sums, int64_t vectors) {
  int64_t gathered = gatheredPositions(vectors);
  if (gathered == 1)
    return Accumulators(sums);
  Accumulators quads;
  for (int64_t i = 0; i < positions; i += gathered)
    for (int64_t j = 0; j < vectors; ++j)
      quads.push_back(gatherSums(k, sums, i * vectors + j, vectors, gathered, gathered));
  return quads;
}

/// The reverse.
Accumulators BlockEmitter::scatter(ArrayRef<Val> quads, int64_t vectors) {
  int64_t gathered = gatheredPositions(vectors);
  if (gathered == 1)
    return Accumulators(quads);
  Accumulators sums;
  for (int64_t i = 0; i < positions; ++i)
    for (int64_t j = 0; j < vectors; ++j)
      sums.push_back(
          k.val(LLVM::ExtractElementOp::create(k.b, k.loc, quads[i / gathered * vectors + j], k.i32(i % gathered))));
  return sums;
}

/// Takes the sums of a group's products into the totals.
void BlockEmitter::combine(Val params, const Channels &channels, ArrayRef<Val> sums, Accumulators &totals) {
  int64_t gathered = gatheredPositions(channels.vectors);
  bool multipliesAndAdds = gathered > 1 && qk::addsMultipliedSums(op);
  for (int64_t j = 0; j < channels.vectors; ++j) {
    SmallVector<Value> arguments(2);
    int64_t offset = 0;
    for (Type param : shape.groupParams) {
      int64_t at = offset + j * tile.lanes * (param.getIntOrFloatBitWidth() / 8);
      Val own = k.loadVector(k.advance(params, at), param, tile.lanes, tile.lanes);
      // Widened by the load, and not in each lane.
      if (multipliesAndAdds)
        own = k.widen(own, k.b.getI32Type(), /*isSigned=*/false);
      arguments.push_back(gathered > 1 ? k.broadcast(own, gathered) : own);
      offset += shape.groupParamBytes(channels.vectors, param);
    }
    for (int64_t i = j; i < static_cast<int64_t>(sums.size()); i += channels.vectors) {
      arguments[0] = totals[i];
      arguments[1] = sums[i];
      totals[i] =
          multipliesAndAdds ? totals[i] + sums[i] * k.val(arguments[2]) : k.inlineRegion(op.getCombine(), arguments);
    }
  }
}

/// The sums of a group's products alone. Functions of the tile's own leave them in memory.
Accumulators BlockEmitter::sumGroup(const BlockRun &run) {
  SmallVector<Val> zeros(run.vectors, k.broadcast(k.i32(0), tile.lanes));
  Type type = zeros.front().type();
  if (tile.storesRows()) {
    Val buffer = k.stackBuffer(type, positions * run.vectors);
    if (tile.storeTaps(k, run, /*taps=*/1, buffer)) {
      Accumulators sums;
      for (int64_t i = 0; i < positions * run.vectors; ++i)
        sums.push_back(k.loadRaw(buffer, type, k.index(i)));
      return tile.finish(k, std::move(sums), positions);
    }
  }
  Accumulators sums = tile.endWindow(k, run, tile.run(k, run, tile.start(k, positions, zeros)));
  int64_t quads = llvm::divideCeil(positions, gatheredPositions(run.vectors));
  return tile.finish(k, gather(sums, run.vectors), quads);
}

/// The groups of a run, one after the other.
Accumulators BlockEmitter::addGroups(Val codes, Val weights, const Channels &channels, ArrayRef<Val> totals) {
  int64_t group = shape.scaleGroup, full = shape.fullScaleGroups(),
          bytes = shape.scaleGroupBytes(channels.vectors, group),
          codeBytes = shape.hasPlanes ? group / tile.products * shape.planeBytes() : group * shape.stageBytes;
  // Group `number`, which is `products` long.
  auto add = [&](Val number, int64_t products, Accumulators totals) {
    Val own = k.advance(weights, number * bytes);
    BlockRun run = runOf(k.advance(codes, number * codeBytes), own, channels);
    run.steps = llvm::divideCeilSigned(products, tile.products);
    run.tail = products - (run.steps - 1) * tile.products;
    combine(k.advance(own, shape.scaleGroupWeightBytes(channels.vectors, products)), channels, sumGroup(run), totals);
    return totals;
  };
  Accumulators result = k.loopOrCopies(/*isLoop=*/true, full, totals, [&](Val number, ArrayRef<Val> carried) {
    return add(number, group, Accumulators(carried));
  });
  int64_t rest = shape.lastScaleGroup();
  return rest > 0 ? add(k.index(full), rest, std::move(result)) : result;
}

void BlockEmitter::emitBlock(const Row &row, Val x, const Channels &channels) {
  int64_t runWeights = shape.runBytes(channels.vectors), lineWeights = shape.runsPerLine * runWeights;
  Epilogue epilogue(k, op, pointers, tile, channels.first, channels.valid);
  Accumulators sums = startOf(epilogue.first());
  // Counting bits is long code.
  int64_t longest = shape.bits && k.prefersSize ? 0 : tile.longestBlock();
  bool isLoop = shape.runs() * shape.steps * positions * channels.vectors > longest;
  sums = k.loopOrCopies(isLoop, shape.runRows(), sums, [&](Val ky, ArrayRef<Val> outer) {
    Val line = linePointer(row, ky);
    line = shape.hasPlanes ? planes.blockAt(line, x, rowPositions()) : k.advance(line, x * positionBytes());
    // In a group, codes begin at the group's first channel.
    if (shape.groups > 1)
      line = k.advance(line, channels.group * (shape.depth * shape.stageBytes));
    Val lineRhs = k.advance(channels.weights, ky * lineWeights);
    return k.loopOrCopies(isLoop, shape.runsPerLine, outer, [&](Val r, ArrayRef<Val> inner) {
      Val codes = k.advance(line, tapOffset(r));
      Val weights = k.advance(lineRhs, r * runWeights);
      return shape.scaleGroup ? addGroups(codes, weights, channels, inner)
                              : tile.run(k, runOf(codes, weights, channels), Accumulators(inner));
    });
  });
  if (shape.scaleGroup)
    return epilogue.store(row.out + x, scatter(sums, channels.vectors));
  sums = tile.endWindow(k, runOf(channels.weights, channels.weights, channels), std::move(sums));
  if (borders)
    addBorderSums(row, x, channels, sums);
  epilogue.store(row.out + x, sums, positions);
}
} // namespace

void codegen::emitBlockContract(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const BlockTile &tile) {
  BlockEmitter(k, op, pointers, tile).emit();
}
