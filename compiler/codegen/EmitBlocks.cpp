// Contractions by blocks: lines of the input are staged as the tile reads them, then each row of the output is computed
// in blocks of positions x channels, whose sums stay in registers until the epilogue.
#include "compiler/codegen/LineRing.h"
#include "compiler/target/BlockTile.h"
#include <numeric>

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

namespace {

class BlockEmitter {
public:
  BlockEmitter(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const BlockTile &tile)
      : k(k), op(op), tile(tile), shape(op, tile), window(shape.window), pointers(pointers), lhs(pointers[0]),
        rhs(pointers[1]), positions(op.getSchedule()->getM()), blockVectors(op.getSchedule()->getN() / tile.lanes),
        lines(op.getSchedule()->getLines()),
        ring(k, op, window, lhs, pointers[pointers.size() - 2], shape.lineBytes()) {}
  void emit();

private:
  /// A row of the output: its image, its number in it, and the number of its first position.
  struct Row {
    Val n, y, firstPixel;
  };
  /// Neighbouring channels of one group that a block has: `valid` of them in `vectors` vectors, with their weights.
  struct Channels {
    Val group, weights, first;
    int64_t vectors, valid;
  };
  void emitRow(const Row &row);
  void emitBlock(const Row &row, Val x, const Channels &channels);
  void copyWindows(const Row &row);
  Val linePointer(const Row &row, Val ky);
  void convertRow(Val row, Val line);
  void fill(Val pointer, int64_t count);
  void convert(Val from, Val to, int64_t count);
  int64_t lhsBytes() { return formatOf(op.getLhsFormat()).getBits() / 8; }
  /// Bytes of one code as it is read: staged, or where it lies.
  int64_t readBytes() { return lines ? shape.stageBytes : lhsBytes(); }
  int64_t pixelCodes() const { return shape.groups * shape.depth; }
  Val windows() { return k.advance(pointers[pointers.size() - 2], lines * shape.lineBytes()); }
  /// Codes of all positions, rows and groups begin at multiples of so many bytes.
  int64_t lhsAlign() {
    if (shape.copiesWindows)
      return std::gcd(shape.run * shape.stageBytes, alignment);
    int64_t row = lines ? shape.lineBytes() : window.getInput()[1] * pixelCodes() * lhsBytes();
    return std::gcd(std::gcd<int64_t>(row, alignment), shape.depth * readBytes());
  }
  int64_t rhsAlign() { return std::gcd<int64_t>(shape.packedBytes(1) / shape.runs(), alignment); }

  static constexpr int64_t alignment = 4; // at least, of constants and of buffers in the arena
  KernelBuilder &k;
  qk::ContractOp op;
  const BlockTile &tile;
  BlockShape shape;
  qk::WindowAttr window;
  Pointers pointers;
  Val lhs, rhs;
  int64_t positions, blockVectors, lines;
  LineRing ring; // if there are lines
};

//===-- Staging ---------------------------------------------------------------------------------===//

/// The windows of a row of the output, one behind the other, and those of neighbouring rows behind them.
void BlockEmitter::copyWindows(const Row &row) {
  Val slot = k.unsignedRemainder(row.y, k.index(shape.rowsAtOnce())) * (shape.width * shape.run * shape.stageBytes);
  int64_t rowBytes = window.getKernel()[1] * shape.depth * shape.stageBytes;
  k.loop(k.index(window.getKernel()[0]), [&](Val ky) {
    Val from = ring.line(row.y, ky), to = k.advance(windows(), slot + ky * rowBytes);
    k.loop(k.index(shape.width), [&](Val x) {
      Val codes = k.loadVector(k.advance(from, x * (window.getStrides()[1] * pixelCodes() * shape.stageBytes)),
                               k.b.getI8Type(), tile.products * shape.stageBytes, rowBytes);
      k.storeVector(k.advance(to, x * (shape.run * shape.stageBytes)), codes, rowBytes);
    });
  });
}

/// The codes of row `ky` of the window for a row of the output.
Val BlockEmitter::linePointer(const Row &row, Val ky) {
  if (shape.copiesWindows)
    return windows();
  if (lines)
    return ring.line(row.y, ky);
  Val input = row.n * window.getInput()[0] + row.y * window.getStrides()[0] + ky * window.getDilations()[0];
  return k.advance(lhs, input * (window.getInput()[1] * pixelCodes() * lhsBytes()));
}

/// Columns outside the input hold the code of the border; so does the slack behind the last one, whose weights are 0.
void BlockEmitter::convertRow(Val row, Val line) {
  int64_t left = std::min(window.getPads()[1] * pixelCodes(), shape.lineCodes);
  int64_t inside = std::min(shape.lineCodes - left, window.getInput()[1] * pixelCodes());
  fill(line, left);
  convert(row, k.advance(line, left * shape.stageBytes), inside);
  fill(k.advance(line, (left + inside) * shape.stageBytes), shape.lineCodes - left - inside);
}

void BlockEmitter::fill(Val pointer, int64_t count) {
  qnn::NumberFormat stage = formatOf(shape.stageFormat);
  int64_t pad = static_cast<int64_t>(op.getPadCode().value_or(0)) + shape.stageOffset();
  Val code = stage.isFloat() ? k.f32(0) : k.i32(pad);
  k.loop(k.index(count), [&](Val i) { k.store(pointer, stage, i, code); });
}

void BlockEmitter::convert(Val from, Val to, int64_t count) {
  qnn::NumberFormat source = formatOf(op.getLhsFormat()), stage = formatOf(shape.stageFormat);
  Type stored = source.getUnpackedType();
  // Codes in vectors; what is left, one by one.
  int64_t vector = tile.stagedAtOnce(shape.stageBytes);
  int64_t whole = vector > 1 ? count / vector : 0;
  k.loop(k.index(whole), [&](Val i) {
    Val codes = k.loadVector(k.advance(from, i * (vector * lhsBytes())), stored, vector, vector);
    k.storeVector(k.advance(to, i * (vector * shape.stageBytes)),
                  stageCodes(k, codes, source, stage, shape.stageOffset()), vector);
  });
  // A code by itself is an i32 already.
  Val first = k.index(whole * vector);
  k.loop(k.index(count - whole * vector), [&](Val i) {
    Val code = k.load(from, source, first + i);
    k.store(to, stage, first + i, shape.stageOffset() ? code + shape.stageOffset() : code);
  });
}

//===-- Blocks ----------------------------------------------------------------------------------------===//

void BlockEmitter::emit() {
  int64_t atOnce = shape.rowsAtOnce();
  auto emitRows = [&](Val n, Val y) {
    Row row{n, y, (n * shape.rows + y) * shape.width};
    if (!shape.copiesWindows)
      return emitRow(row);
    copyWindows(row);
    // Of the rows that are computed at once, the one that comes last.
    int64_t last = op->hasAttr("descending") ? 0 : atOnce - 1;
    Row first{n, y, row.firstPixel - last * shape.width};
    k.ifThen(k.unsignedRemainder(y, k.index(atOnce)) == last, [&] { emitRow(first); });
  };
  ring.forEachRow([&](Val row, Val line) { convertRow(row, line); }, [&](Val line) { fill(line, shape.lineCodes); },
                  emitRows);
}

void BlockEmitter::emitRow(const Row &row) {
  int64_t full = shape.vectors / blockVectors, rest = shape.vectors % blockVectors;
  // The last vector of a group may have channels that do not exist.
  int64_t missing = shape.vectors * tile.lanes - shape.breadth;
  if (rest == 0 && missing) {
    --full;
    rest = blockVectors;
  }
  k.loop(k.index(shape.groups), [&](Val g) {
    // `count` vectors of the group, of which `valid` channels exist, from vector `first` on.
    auto emitChannels = [&](Val first, int64_t count, int64_t valid) {
      Val weights = g * shape.packedBytes(shape.vectors) + first * shape.packedBytes(1);
      Channels channels{g, k.advance(rhs, weights), g * shape.breadth + first * tile.lanes, count, valid};
      k.loopInBlocks(shape.rowsAtOnce() * shape.width, positions, tile.gatheredSums() > 1,
                     [&](Val x) { emitBlock(row, x, channels); });
    };
    k.loop(k.index(full), [&](Val n) { emitChannels(n * blockVectors, blockVectors, blockVectors * tile.lanes); });
    if (rest)
      emitChannels(k.index(full * blockVectors), rest, rest * tile.lanes - missing);
  });
}

void BlockEmitter::emitBlock(const Row &row, Val x, const Channels &channels) {
  int64_t lineWeights = shape.packedBytes(channels.vectors) / shape.runRows();
  int64_t runWeights = lineWeights / shape.runsPerLine;
  int64_t positionBytes = (shape.copiesWindows ? shape.run : window.getStrides()[1] * pixelCodes()) * readBytes();
  Epilogue epilogue(k, op, pointers, tile, channels.first, channels.valid);
  Accumulators sums = tile.start(k, positions, epilogue.first());
  bool isLoop = shape.runs() * shape.steps * positions * channels.vectors > tile.longestBlock();
  sums = k.loopOrCopies(isLoop, shape.runRows(), sums, [&](Val ky, ArrayRef<Val> outer) {
    Val line = k.advance(linePointer(row, ky), x * positionBytes);
    // In a group, codes begin at the group's first channel.
    if (shape.groups > 1)
      line = k.advance(line, channels.group * (shape.depth * readBytes()));
    Val lineRhs = k.advance(channels.weights, ky * lineWeights);
    return k.loopOrCopies(isLoop, shape.runsPerLine, outer, [&](Val r, ArrayRef<Val> inner) {
      Val codes = k.advance(line, r * (window.getDilations()[1] * pixelCodes() * readBytes()));
      BlockRun run{.lhs = codes,
                   .positionBytes = positionBytes,
                   .rhs = k.advance(lineRhs, r * runWeights),
                   .steps = shape.steps,
                   .tail = shape.tail(),
                   .positions = positions,
                   .vectors = channels.vectors,
                   .taps = shape.taps(),
                   .masksCodes = lines == 0,
                   .lhsAlign = lhsAlign(),
                   .rhsAlign = rhsAlign()};
      return tile.run(k, run, Accumulators(inner));
    });
  });
  epilogue.store(row.firstPixel + x, tile.finish(k, sums));
}
} // namespace

void codegen::emitBlockContract(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const BlockTile &tile) {
  BlockEmitter(k, op, pointers, tile).emit();
}
