// Contractions by exact Winograd F(2x2, 3x3): lines of the input are staged as for direct ones, and the codes of some
// tiles transformed; then each block of tiles and channels is a product for each of 16 taps, whose sums are transformed
// to 2x2 outputs.
#include "compiler/codegen/LineRing.h"
#include "compiler/target/WinogradShape.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

namespace {

class WinogradEmitter {
public:
  WinogradEmitter(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const BlockTile &tile)
      : k(k), op(op), tile(tile), shape(op, tile), pointers(pointers), scratch(pointers[pointers.size() - 2]),
        positions(op.getSchedule()->getM()), blockVectors(op.getSchedule()->getN() / tile.lanes),
        atOnce(op.getSchedule()->getTiles()), hasPlanes(shape.hasPlanes(positions)),
        ring(k, op, shape.tiles, pointers[0], scratch, shape.lineBytes()),
        staged(k, op, shape.tiles, tile, shape.lineCodes) {}
  void emit();

private:
  static constexpr int64_t side = WinogradShape::side, outputs = WinogradShape::outputs, taps = WinogradShape::taps;

  /// Tiles: their image, their row, and the number of the first one in it.
  struct Tiles {
    Val n, y, x;
  };
  /// Neighbouring channels of one group that a block has: `valid` of them in `vectors` vectors, with their weights.
  struct Channels {
    Val weights, first;
    int64_t vectors, valid;
  };
  void transformCodes(Val x, Val group);
  void transformUnit(ArrayRef<Val> rows, Val to, int64_t valid);
  void emitChannels(const Tiles &tiles, Val group);
  BlockRun runOf(Val codes, Val weights, int64_t vectors);
  void multiply(Val first, const Channels &channels);
  void storeTile(const Tiles &tile, Val sums, Val channel, int64_t valid, int64_t step);

  /// Tiles whose codes are transformed together.
  int64_t unit() const { return hasPlanes ? positions : 1; }
  /// Codes of a vector that is transformed.
  int64_t lanes() const { return tile.lanes * tile.products; }
  Val loadHalves(Val pointer, int64_t valid);
  void storeHalves(Val pointer, Val codes, int64_t valid);
  /// Bytes of a step's codes of one tile.
  int64_t stepBytes() const { return tile.products * shape.products.stageBytes; }
  int64_t tapBytes() const { return atOnce * shape.tileBytes(); }
  Val transformed() { return k.advance(scratch, side * shape.lineBytes()); }
  Val sumsOfBlock() { return k.advance(transformed(), shape.transformedBytes(atOnce)); }
  int64_t sumBytes() const { return tile.lanes * 4; }

  KernelBuilder &k;
  qk::ContractOp op;
  const BlockTile &tile;
  WinogradShape shape;
  Pointers pointers;
  Val scratch;
  int64_t positions, blockVectors, atOnce;
  bool hasPlanes;
  LineRing ring;
  PlainLine staged;
};

//===-- Codes -----------------------------------------------------------------------------------------===//

/// A few codes of one position: a word on machines without vectors.
Val WinogradEmitter::loadHalves(Val pointer, int64_t valid) {
  int64_t align = shape.products.depth % tile.products == 0 ? stepBytes() : shape.products.stageBytes;
  if (tile.lanes == 1)
    return k.val(LLVM::LoadOp::create(k.b, k.loc, k.b.getIntegerType(8 * stepBytes()), pointer, align));
  return k.loadVector(pointer, k.b.getI16Type(), lanes(), valid);
}

void WinogradEmitter::storeHalves(Val pointer, Val codes, int64_t valid) {
  k.storeVector(pointer, codes, tile.lanes == 1 ? 1 : llvm::alignTo(valid, tile.products));
}

/// V = B^T d B of neighbouring tiles, one row of V at a time: few numbers live at once.
void WinogradEmitter::transformUnit(ArrayRef<Val> rows, Val to, int64_t valid) {
  int64_t columnBytes = shape.pixelCodes() * shape.products.stageBytes;
  auto add = [&](Val a, Val b) { return tile.addHalves(k, a, b); };
  auto subtract = [&](Val a, Val b) { return tile.subtractHalves(k, a, b); };
  for (int64_t ty = 0; ty < side; ++ty) {
    auto load = [&](int64_t row, int64_t column) {
      return loadHalves(k.advance(rows[row], column * columnBytes), valid);
    };
    auto vertical = [&](int64_t x) {
      switch (ty) {
      case 0:
        return subtract(load(0, x), load(2, x));
      case 1:
        return add(load(1, x), load(2, x));
      case 2:
        return subtract(load(2, x), load(1, x));
      default:
        return subtract(load(1, x), load(3, x));
      }
    };
    SmallVector<Val> t;
    for (int64_t column = 0; column < (unit() - 1) * outputs + side; ++column)
      t.push_back(vertical(column));
    for (int64_t i = 0; i < unit(); ++i) {
      const Val *d = &t[i * outputs];
      Val v[] = {subtract(d[0], d[2]), add(d[1], d[2]), subtract(d[2], d[1]), subtract(d[1], d[3])};
      for (int64_t tx = 0; tx < side; ++tx)
        storeHalves(k.advance(to, (ty * side + tx) * tapBytes() + i * stepBytes()), v[tx], valid);
    }
  }
}

/// The codes of a group's channels for the tiles from `x` on.
void WinogradEmitter::transformCodes(Val x, Val group) {
  int64_t codeBytes = shape.products.stageBytes, depth = shape.products.depth;
  int64_t codes = tile.lanes == 1 ? llvm::alignTo(depth, lanes()) : depth;
  k.loop(k.index(atOnce / unit()), [&](Val u) {
    Val column = (x + u * unit()) * (outputs * shape.pixelCodes()) + group * depth;
    SmallVector<Val> lines;
    for (int64_t row = 0; row < side; ++row)
      lines.push_back(k.advance(ring.line(k.index(row)), column * codeBytes));
    Val to = k.advance(transformed(), u * shape.tileBytes());
    auto transform = [&](Val c, int64_t valid) {
      SmallVector<Val> rows;
      for (Val line : lines)
        rows.push_back(k.hide(k.advance(line, c * (lanes() * codeBytes))));
      transformUnit(rows, k.hide(k.advance(to, c * (lanes() * codeBytes * unit()))), valid);
    };
    k.loop(k.index(codes / lanes()), [&](Val c) { transform(c, lanes()); });
    if (int64_t rest = codes % lanes())
      transform(k.index(codes / lanes()), rest);
  });
}

//===-- Products --------------------------------------------------------------------------------------===//

/// A block's run of one tap, whose codes and weights are these.
BlockRun WinogradEmitter::runOf(Val codes, Val weights, int64_t vectors) {
  constexpr int64_t alignment = 4;
  return {.lhs = codes,
          .positionBytes = shape.tileBytes(),
          .rhs = weights,
          .steps = shape.products.steps,
          .tail = shape.products.tail(),
          .positions = positions,
          .vectors = vectors,
          .taps = 1,
          .masksCodes = false,
          .planeBytes = hasPlanes ? positions * stepBytes() : 0,
          .tapBytes = {0},
          .lhsAlign = alignment,
          .rhsAlign = alignment};
}

/// The sums of all taps for a block of tiles from `first` of the transformed ones on.
void WinogradEmitter::multiply(Val first, const Channels &channels) {
  int64_t vectors = channels.vectors;
  Val codes = k.advance(transformed(), first * shape.tileBytes());
  if (atOnce == positions && tile.storeTaps(k, runOf(codes, channels.weights, vectors), taps, sumsOfBlock()))
    return;
  SmallVector<Val> zeros(vectors, k.broadcast(k.i32(0), tile.lanes));
  k.loopAsIs(k.index(0), k.index(taps), {}, [&](Val tap, ArrayRef<Val>) {
    BlockRun run = runOf(k.advance(codes, tap * tapBytes()),
                         k.advance(channels.weights, tap * shape.products.packedBytes(vectors)), vectors);
    Accumulators sums = tile.finish(k, tile.run(k, run, tile.start(k, positions, zeros)), positions);
    Val to = k.advance(sumsOfBlock(), tap * shape.sumBytes(positions, vectors));
    for (auto [i, sum] : llvm::enumerate(sums))
      k.storeVector(k.advance(to, static_cast<int64_t>(i) * sumBytes()), sum, tile.lanes);
    return SmallVector<Val>();
  });
}

/// Y = A^T M A of the sums M, `step` bytes from tap to tap, and the epilogue. Of outputs behind the last column or row,
/// the places are those of outputs that are stored after them.
void WinogradEmitter::storeTile(const Tiles &at, Val sums, Val channel, int64_t valid, int64_t step) {
  Val upper[side], lower[side];
  for (int64_t tx = 0; tx < side; ++tx) {
    Val m[side];
    for (int64_t ty = 0; ty < side; ++ty)
      m[ty] = k.loadVector(k.advance(sums, (ty * side + tx) * step), k.b.getI32Type(), tile.lanes, tile.lanes);
    Val sum = m[1] + m[2], difference = m[1] - m[2];
    upper[tx] = m[0] + sum;
    lower[tx] = difference - m[3];
  }
  Epilogue epilogue(k, op, pointers, tile, channel, valid);
  auto output = [&](Val value) { return (value >> WinogradShape::shift) + epilogue.first()[0]; };
  SmallVector<Val> pixels, values;
  ArrayRef<int64_t> image = op.getWindow().getOutput();
  auto place = [&](Val first, int64_t number, int64_t size) {
    Val place = first * outputs + number;
    return number > 0 && size % outputs != 0 ? k.min(place, k.index(size - 1)) : place;
  };
  for (int64_t number = outputs * outputs - 1; number >= 0; --number) {
    const Val *row = number / outputs ? lower : upper;
    values.push_back(output(number % outputs ? row[1] - row[2] - row[3] : row[0] + row[1] + row[2]));
    Val y = place(at.y, number / outputs, image[0]), x = place(at.x, number % outputs, image[1]);
    pixels.push_back((at.n * image[0] + y) * image[1] + x);
  }
  epilogue.storeEach(pixels, values);
}

void WinogradEmitter::emitChannels(const Tiles &tiles, Val group) {
  const BlockShape &products = shape.products;
  int64_t full = products.fullBlocks(blockVectors), rest = products.restOf(blockVectors);
  int64_t blockBytes = shape.packedBytes(blockVectors),
          groupBytes = full * blockBytes + (rest ? shape.packedBytes(rest) : 0);
  auto emitBlock = [&](Val n, int64_t count) {
    int64_t lanes = count * tile.lanes, valid = std::min(lanes, products.breadth);
    Val first = firstChannel(k, n * (blockVectors * tile.lanes), lanes, products.breadth,
                             tile.repeatsChannels() ? lanes : tile.lanes);
    Channels channels{k.advance(pointers[1], group * groupBytes + n * blockBytes), group * products.breadth + first,
                      count, valid};
    k.loopInBlocks(atOnce, positions, [&](Val i) {
      multiply(i, channels);
      int64_t step = shape.sumBytes(positions, count);
      k.loopAsIs(k.index(0), k.index(positions), {}, [&](Val p, ArrayRef<Val>) {
        Tiles at{tiles.n, tiles.y, tiles.x + i + p};
        Val sums = k.advance(sumsOfBlock(), p * (count * sumBytes()));
        auto store = [&](Val j, int64_t valid) {
          storeTile(at, k.hide(k.advance(sums, j * sumBytes())), channels.first + j * tile.lanes, valid, step);
        };
        k.loop(k.index(valid / tile.lanes), [&](Val j) { store(j, tile.lanes); });
        if (int64_t left = valid % tile.lanes)
          store(k.index(valid / tile.lanes), left);
        return SmallVector<Val>();
      });
    });
  };
  k.loop(k.index(full), [&](Val n) { emitBlock(n, blockVectors); });
  if (rest)
    emitBlock(k.index(full), rest);
}

void WinogradEmitter::emit() {
  ring.forEachRow([&](Val row, Val line) { staged.convertRow(ring.rowAt(row), line); },
                  [&](Val line) { staged.fillLine(line); },
                  [&](Val n, Val y) {
                    k.loopInBlocks(shape.width(), atOnce, [&](Val x) {
                      k.loop(k.index(shape.tiles.getGroups()), [&](Val group) {
                        transformCodes(x, group);
                        emitChannels({n, y, x}, group);
                      });
                    });
                  });
}
} // namespace

void codegen::emitWinograd(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const BlockTile &tile) {
  WinogradEmitter(k, op, pointers, tile).emit();
}
