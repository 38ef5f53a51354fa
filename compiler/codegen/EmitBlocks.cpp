// Contractions by blocks: lines of the input are staged as the tile reads them, then each row of the output is computed
// in blocks of positions x channels, whose sums stay in registers until the epilogue.
#include "compiler/codegen/LineRing.h"
#include "compiler/target/BlockTile.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
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
        lines(op.getSchedule()->getLines()), ring(k, op, window, lhs, pointers[pointers.size() - 2], shape.lineBytes()),
        staged(k, op, window, tile, shape.lineCodes, shape.planeBytes()) {}
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
  Val linePointers(const Row &row);
  bool emitWholeRow(const Row &row, Val linePointers, const Channels &channels);
  void emitBlock(const Row &row, Val x, const Channels &channels);
  void copyWindows(const Row &row);
  BlockRun runOf(Val lhs, Val rhs, const Channels &channels);
  Val linePointer(const Row &row, Val ky);
  Val firstPixel(Val n, Val y);
  int64_t lhsBytes() { return formatOf(op.getLhsFormat()).getBits() / 8; }
  /// Bytes of one code as it is read: staged, or where it lies.
  int64_t readBytes() { return lines ? shape.stageBytes : lhsBytes(); }
  int64_t positionBytes() {
    if (shape.copiesWindows)
      return shape.run * shape.stageBytes;
    return lines ? shape.stagedPositionBytes() : window.getStrides()[1] * pixelCodes() * lhsBytes();
  }
  /// Only where positions see nothing but themselves.
  bool overlapsRows() const { return shape.positions < shape.batch * shape.rows * shape.width; }
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
  PlainLine staged;
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

/// The codes of row `ky` of the window for a row of the output.
Val BlockEmitter::linePointer(const Row &row, Val ky) {
  if (shape.copiesWindows)
    return windows();
  if (lines)
    return ring.line(ky);
  if (overlapsRows())
    return k.advance(lhs, row.firstPixel * (pixelCodes() * lhsBytes()));
  Val input = row.n * window.getInput()[0] + row.y * window.getStrides()[0] + ky * window.getDilations()[0];
  return k.advance(lhs, input * (window.getInput()[1] * pixelCodes() * lhsBytes()));
}

//===-- Blocks ----------------------------------------------------------------------------------------===//

/// The number of a row's first position; the last row ends with the last position.
Val BlockEmitter::firstPixel(Val n, Val y) {
  Val first = (n * shape.rows + y) * shape.width;
  return overlapsRows() ? k.min(first, k.index(shape.positions - shape.width)) : first;
}

/// Pointers to the codes of each row of the window, in memory.
Val BlockEmitter::linePointers(const Row &row) {
  int64_t height = window.getKernel()[0], pointerBytes = k.indexBits / 8;
  Val pointers = k.stackBuffer(lhs.type(), height);
  for (int64_t ky = 0; ky < height; ++ky)
    LLVM::StoreOp::create(k.b, k.loc, linePointer(row, k.index(ky)), k.advance(pointers, ky * pointerBytes));
  return pointers;
}

void BlockEmitter::emit() {
  int64_t atOnce = shape.rowsAtOnce();
  auto emitRows = [&](Val n, Val y) {
    Row row{n, y, firstPixel(n, y)};
    if (!shape.copiesWindows)
      return emitRow(row);
    copyWindows(row);
    // Of the rows that are computed at once, the one that comes last.
    int64_t last = op.getDescending() ? 0 : atOnce - 1;
    Row first{n, y, row.firstPixel - last * shape.width};
    k.ifThen(k.unsignedRemainder(y, k.index(atOnce)) == last, [&] { emitRow(first); });
  };
  ring.forEachRow([&](Val row, Val line) { staged.convertRow(row, line); }, [&](Val line) { staged.fillLine(line); },
                  emitRows);
}

bool BlockEmitter::emitWholeRow(const Row &row, Val linePointers, const Channels &channels) {
  Epilogue epilogue(k, op, pointers, tile, channels.first, channels.valid);
  return epilogue.storeRow(row.firstPixel, {.run = runOf(Val(), channels.weights, channels),
                                            .lines = linePointers,
                                            .lineCount = window.getKernel()[0],
                                            .width = shape.width,
                                            .first = {},
                                            .store = {}});
}

void BlockEmitter::emitRow(const Row &row) {
  bool mayBeWhole = tile.storesRows() && shape.groups == 1 && shape.runsPerLine == 1 && !shape.copiesWindows;
  Val lines = mayBeWhole ? linePointers(row) : Val();
  int64_t full = shape.vectors / blockVectors, rest = shape.vectors % blockVectors;
  k.loop(k.index(shape.groups), [&](Val g) {
    // Block `n` of the group, of `count` vectors.
    auto emitChannels = [&](Val n, int64_t count) {
      Val weights = g * shape.groupBytes(blockVectors) + n * shape.packedBytes(blockVectors);
      int64_t lanes = count * tile.lanes;
      Val first = firstChannel(k, n * (blockVectors * tile.lanes), lanes, shape.breadth, tile.lanes);
      Channels channels{g, k.advance(rhs, weights), g * shape.breadth + first, count, std::min(lanes, shape.breadth)};
      if (!mayBeWhole || !emitWholeRow(row, lines, channels))
        k.loopInBlocks(shape.rowsAtOnce() * shape.width, positions, tile.gatheredSums() > 1,
                       [&](Val x) { emitBlock(row, x, channels); });
    };
    k.loop(k.index(full), [&](Val n) { emitChannels(n, blockVectors); });
    if (rest)
      emitChannels(k.index(full), rest);
  });
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
          .taps = shape.hasPlanes ? window.getKernel()[1] : shape.taps(),
          .masksCodes = lines == 0,
          .planeBytes = shape.planeBytes(),
          .lhsAlign = lhsAlign(),
          .rhsAlign = rhsAlign()};
}

void BlockEmitter::emitBlock(const Row &row, Val x, const Channels &channels) {
  int64_t lineWeights = shape.packedBytes(channels.vectors) / shape.runRows();
  int64_t runWeights = lineWeights / shape.runsPerLine;
  Epilogue epilogue(k, op, pointers, tile, channels.first, channels.valid);
  Accumulators sums = tile.start(k, positions, epilogue.first());
  bool isLoop = shape.runs() * shape.steps * positions * channels.vectors > tile.longestBlock();
  sums = k.loopOrCopies(isLoop, shape.runRows(), sums, [&](Val ky, ArrayRef<Val> outer) {
    Val line = k.advance(linePointer(row, ky), x * positionBytes());
    // In a group, codes begin at the group's first channel.
    if (shape.groups > 1)
      line = k.advance(line, channels.group * (shape.depth * readBytes()));
    Val lineRhs = k.advance(channels.weights, ky * lineWeights);
    return k.loopOrCopies(isLoop, shape.runsPerLine, outer, [&](Val r, ArrayRef<Val> inner) {
      Val codes = k.advance(line, r * (window.getDilations()[1] * pixelCodes() * readBytes()));
      return tile.run(k, runOf(codes, k.advance(lineRhs, r * runWeights), channels), Accumulators(inner));
    });
  });
  epilogue.store(row.firstPixel + x, sums, positions);
}
} // namespace

void codegen::emitBlockContract(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const BlockTile &tile) {
  BlockEmitter(k, op, pointers, tile).emit();
}
