// Depthwise contractions by patches of one channel's input (PatchTile.h): for a few rows of the output at a time, the
// rows of the input that their windows see are staged side by side, 16 channels at a time, then each channel goes along
// the row with its weights in registers.
#include "compiler/codegen/LineRing.h"
#include "compiler/target/PatchTile.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

namespace {

class PatchEmitter {
public:
  PatchEmitter(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const PatchTile &tile)
      : k(k), op(op), pointers(pointers), tile(tile), shape(op.getWindow()), window(shape.window),
        lhs(formatOf(op.getLhsFormat())), stage(formatOf(tile.stageFormat(op.getLhsFormat()))),
        stageOffset(stageOffsetOf(op.getLhsFormat(), tile.stageFormat(op.getLhsFormat()))),
        descends(op.getDescending()), scratch(pointers[pointers.size() - 2]) {}
  void emit();

private:
  void fillBorder();
  void stageRows(Val n, Val top, Val channel);
  void stageGroup(ArrayRef<Val> from, ArrayRef<Val> isInside, Val to);
  Val emitChannel(Val n, Val y, Val channel, Val places);
  void emitRowBlocks(Epilogue &epilogue, ArrayRef<Val> weights, Val places, Val pixel);
  void emitColumns(Epilogue &epilogue, ArrayRef<Val> weights, Val places, Val pixel);
  void emitBlock(Epilogue &epilogue, ArrayRef<Val> weights, Val places, int64_t bytes, Val pixel, int64_t positions);
  /// From one column of the output to the next, staged.
  int64_t columnBytes() { return shape.chunk * shape.groupRows * window.getStrides()[1]; }
  Val pad(int64_t lanes);

  KernelBuilder &k;
  qk::ContractOp op;
  Pointers pointers;
  const PatchTile &tile;
  PatchShape shape;
  qk::WindowAttr window;
  qnn::NumberFormat lhs, stage;
  int64_t stageOffset;
  bool descends; // the last rows come first
  Val scratch;

  static constexpr int64_t vector = PatchShape::chunkChannels; // codes that are staged at once
};

//===-- Staging -----------------------------------------------------------------------------------===//

/// The border's code.
Val PatchEmitter::pad(int64_t lanes) {
  auto type = VectorType::get({lanes}, stage.getUnpackedType());
  Val zero = k.val(arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(type)));
  return zero.constant(static_cast<int64_t>(op.getPadCode().value_or(0)) + stageOffset);
}

/// Columns of the border are written once: those of the input never reach them.
void PatchEmitter::fillBorder() {
  if (shape.insideColumns() == shape.lineColumns())
    return;
  Val codes = pad(vector);
  k.loop(k.index(shape.scratchBytes() / vector),
         [&](Val i) { k.storeVector(k.advance(scratch, i * vector), codes, vector); });
}

/// The rows that a patch at row `top` of the padded input has, for the channels of a chunk.
void PatchEmitter::stageRows(Val n, Val top, Val channel) {
  int64_t height = window.getInput()[0], rowCodes = window.getInput()[1] * shape.channels;
  Val begin = k.advance(scratch, window.getPads()[1] * (shape.chunk * shape.groupRows));
  constexpr int64_t fewGroups = 2;
  k.loopOrCopies(shape.groups() > fewGroups, shape.groups(), {}, [&](Val group, ArrayRef<Val>) {
    SmallVector<Val> from, isInside;
    for (int64_t r = 0; r < shape.groupRows; ++r) {
      Val row = top + group * shape.groupRows + (r - window.getPads()[0]);
      // As an unsigned number, a row above the image is large, too.
      isInside.push_back(k.val(arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::ult, row, k.index(height))));
      Val there = k.min(k.max(row, k.index(0)), k.index(height - 1));
      from.push_back(k.advance(pointers[0], (n * height + there) * rowCodes + channel));
    }
    Val to = k.advance(begin, group * shape.groupBytes());
    if (k.prefersSize) {
      stageGroup(from, isInside, to);
      return SmallVector<Val>();
    }
    Val areInside = isInside[0];
    for (Val inside : ArrayRef(isInside).drop_front())
      areInside = areInside & inside;
    k.ifThenElse(areInside, [&] { stageGroup(from, {}, to); }, [&] { stageGroup(from, isInside, to); });
    return SmallVector<Val>();
  });
}

/// Four rows side by side; with `isInside`, only those have codes, and the others are border.
void PatchEmitter::stageGroup(ArrayRef<Val> from, ArrayRef<Val> isInside, Val to) {
  auto stageVector = [&](Val code, Val place) {
    SmallVector<Val> rows;
    for (auto [r, row] : llvm::enumerate(from)) {
      Val codes = stageCodes(k, k.loadVector(k.advance(row, code), lhs.getUnpackedType(), vector, vector), lhs, stage,
                             stageOffset);
      rows.push_back(isInside.empty() ? codes : k.select(isInside[r], codes, pad(vector)));
    }
    tile.interleave(k, k.advance(to, place * shape.groupRows), rows);
  };
  int64_t inside = shape.insideColumns();
  if (shape.chunk == vector)
    k.loop(k.index(inside), [&](Val x) { stageVector(x * shape.channels, x * vector); });
  else // All channels are one chunk, and pixels lie one behind the other.
    k.loopInBlocks(inside * shape.channels, vector, [&](Val i) { stageVector(i, i); });
}

//===-- Products ----------------------------------------------------------------------------------===//

void PatchEmitter::emit() {
  fillBorder();
  int64_t atOnce = shape.rowsTogether(), blocks = llvm::divideCeil(shape.height, atOnce), end = shape.height - atOnce;
  k.loop(k.index(window.getBatch()), [&](Val image) {
    Val n = descends ? k.index(window.getBatch() - 1) - image : image;
    k.loop(k.index(blocks), [&](Val i) {
      // The last rows overlap those before them, and what those were made of is still there.
      Val y = descends ? k.max(k.index(end) - i * atOnce, k.index(0)) : k.min(i * atOnce, k.index(end));
      k.loop(k.index(llvm::divideCeil(shape.channels, shape.chunk)), [&](Val chunk) {
        // The last chunk overlaps, too; the same code for all numbers of channels can be shared.
        Val first = k.min(chunk * shape.chunk, k.index(shape.channels - shape.chunk));
        stageRows(n, y * window.getStrides()[0], first);
        k.loop(k.index(0), k.index(shape.chunk), tile.places(k, scratch, shape),
               [&](Val c, Val places) { return emitChannel(n, y, first + c, places); });
      });
    });
  });
}

/// Rows of the output from `y` on, of one channel. Returns the places of the next channel's patch.
Val PatchEmitter::emitChannel(Val n, Val y, Val channel, Val places) {
  Accumulators weights = tile.weights(k, k.advance(pointers[1], channel * shape.taps()), shape);
  Epilogue epilogue(k, op, pointers, tile, channel, 1);
  Val pixel = (n * shape.height + y) * shape.width;
  shape.rowBlocks > 1 ? emitRowBlocks(epilogue, weights, places, pixel) : emitColumns(epilogue, weights, places, pixel);
  return places + shape.groupRows;
}

/// Blocks below each other. Rows that the last one has and the output has not are not stored.
void PatchEmitter::emitRowBlocks(Epilogue &epilogue, ArrayRef<Val> weights, Val places, Val pixel) {
  int64_t fewBlocks = k.prefersSize ? 1 : 3;
  int64_t blockBytes = shape.blockGroups() * shape.groupBytes(), blockPixels = shape.rowsAtOnce * shape.width;
  int64_t whole = shape.rowsTogether() / shape.rowsAtOnce, rest = shape.rowsTogether() % shape.rowsAtOnce;
  bool isLoop = whole > fewBlocks;
  if (isLoop) {
    SmallVector<Val> next = k.loopAsIs(k.index(0), k.index(whole), {places, pixel}, [&](Val, ArrayRef<Val> at) {
      emitBlock(epilogue, weights, at[0], 0, at[1], shape.positions());
      return SmallVector<Val>{at[0] + blockBytes, at[1] + blockPixels};
    });
    places = next[0], pixel = next[1];
  }
  for (int64_t i = 0; !isLoop && i < whole; ++i)
    emitBlock(epilogue, weights, places, i * blockBytes, pixel + i * blockPixels, shape.positions());
  int64_t done = isLoop ? 0 : whole;
  if (rest)
    emitBlock(epilogue, weights, places, done * blockBytes, pixel + done * blockPixels, rest * shape.blockColumns());
}

/// Blocks beside each other; the last one may overlap the one before it. Of few, the patches are at fixed distances.
void PatchEmitter::emitColumns(Epilogue &epilogue, ArrayRef<Val> weights, Val places, Val pixel) {
  int64_t fewBlocks = k.prefersSize ? 0 : 3;
  int64_t columns = shape.blockColumns(), last = shape.width - columns;
  int64_t blocks = llvm::divideCeilSigned(shape.width, columns);
  if (blocks > fewBlocks)
    return k.loop(k.index(blocks), [&](Val i) {
      // Kernels that are to be shared are alike for all widths.
      bool mayOverlap = k.prefersSize || shape.width % columns;
      Val x = mayOverlap ? k.min(i * columns, k.index(last)) : i * columns;
      Val there = places + k.broadcast(k.toI32(x * columnBytes()), PatchShape::words);
      emitBlock(epilogue, weights, there, 0, pixel + x, shape.positions());
    });
  for (int64_t x = 0; x < shape.width; x += columns) {
    int64_t first = std::min(x, last);
    emitBlock(epilogue, weights, places, first * columnBytes(), pixel + first, shape.positions());
  }
}

/// The first `positions` of a block whose patch is so many bytes behind `places`.
void PatchEmitter::emitBlock(Epilogue &epilogue, ArrayRef<Val> weights, Val places, int64_t bytes, Val pixel,
                             int64_t positions) {
  Accumulators sums = tile.start(k, shape.positions(), epilogue.first());
  for (int64_t p = 0, next = 0; p < shape.patches; ++p) {
    Val patch = tile.loadPatch(k, places, bytes + p * shape.columnsAtOnce * columnBytes());
    for (Val w : weights) {
      sums[next] = tile.multiplyAdd(k, sums[next], patch, w);
      ++next;
    }
  }
  epilogue.storeApart(pixel, ArrayRef(sums).take_front(positions), shape.rowsAtOnce, shape.width);
}
} // namespace

void codegen::emitPatches(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const PatchTile &tile) {
  PatchEmitter(k, op, pointers, tile).emit();
}
