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
        lhs(formatOf(op.getLhsFormat())), stage(formatOf(tile.stageFormat(k.b.getContext()))),
        stageOffset(stageOffsetOf(op.getLhsFormat(), tile.stageFormat(k.b.getContext()))), descends(op.getDescending()),
        scratch(pointers[pointers.size() - 2]) {}
  void emit();

private:
  void fillBorder();
  void stageRows(Val n, Val top, Val channel);
  void stageGroup(ArrayRef<Val> from, ArrayRef<Val> isInside, Val to);
  void emitChannel(Val n, Val y, Val channel, Val inChunk);
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
  for (int64_t group = 0; group < shape.rows / shape.groupRows; ++group) {
    SmallVector<Val> from, isInside;
    for (int64_t r = 0; r < shape.groupRows; ++r) {
      Val row = top + (group * shape.groupRows + r - window.getPads()[0]);
      // As an unsigned number, a row above the image is large, too.
      isInside.push_back(k.val(arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::ult, row, k.index(height))));
      Val there = k.min(k.max(row, k.index(0)), k.index(height - 1));
      from.push_back(k.advance(pointers[0], (n * height + there) * rowCodes + channel));
    }
    Val to = k.advance(scratch, group * shape.groupBytes() + window.getPads()[1] * (shape.chunk * shape.groupRows));
    Val areInside = isInside[0];
    for (Val inside : ArrayRef(isInside).drop_front())
      areInside = areInside & inside;
    k.ifThenElse(areInside, [&] { stageGroup(from, {}, to); }, [&] { stageGroup(from, isInside, to); });
  }
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
  int64_t atOnce = shape.rowsAtOnce, blocks = llvm::divideCeil(shape.height, atOnce), end = shape.height - atOnce;
  k.loop(k.index(window.getBatch()), [&](Val image) {
    Val n = descends ? k.index(window.getBatch() - 1) - image : image;
    k.loop(k.index(blocks), [&](Val i) {
      // The last rows overlap those before them, and what those were made of is still there.
      Val y = descends ? k.max(k.index(end) - i * atOnce, k.index(0)) : k.min(i * atOnce, k.index(end));
      k.loop(k.index(llvm::divideCeil(shape.channels, shape.chunk)), [&](Val chunk) {
        // The last chunk overlaps, too; the same code for all numbers of channels can be shared.
        Val first = k.min(chunk * shape.chunk, k.index(shape.channels - shape.chunk));
        stageRows(n, y * window.getStrides()[0], first);
        k.loop(k.index(shape.chunk), [&](Val c) { emitChannel(n, y, first + c, c); });
      });
    });
  });
}

/// Rows of the output from `y` on, of one channel.
void PatchEmitter::emitChannel(Val n, Val y, Val channel, Val inChunk) {
  constexpr int64_t fewBlocks = 3; // without a loop, their patches are at fixed distances
  Accumulators weights = tile.weights(k, k.advance(pointers[1], channel * shape.taps()), shape);
  Epilogue epilogue(k, op, pointers, tile, channel, 1);
  int64_t columnBytes = shape.chunk * shape.groupRows * window.getStrides()[1];
  Val line = k.advance(scratch, inChunk * shape.groupRows), row = (n * shape.height + y) * shape.width;
  auto emitBlock = [&](Val places, int64_t bytes, Val pixel) {
    Accumulators sums = tile.start(k, shape.positions(), epilogue.first());
    for (int64_t p = 0, next = 0; p < shape.patches; ++p) {
      Val patch = tile.loadPatch(k, places, bytes + p * shape.columnsAtOnce * columnBytes);
      for (Val w : weights) {
        sums[next] = tile.multiplyAdd(k, sums[next], patch, w);
        ++next;
      }
    }
    epilogue.storeApart(pixel, sums, shape.rowsAtOnce, shape.width);
  };
  int64_t columns = shape.blockColumns(), last = shape.width - columns;
  if (llvm::divideCeil(shape.width, columns) > fewBlocks)
    return k.loopInBlocks(shape.width, columns, [&](Val x) {
      emitBlock(tile.places(k, k.advance(line, x * columnBytes), shape), 0, row + x);
    });
  Val places = tile.places(k, line, shape);
  for (int64_t x = 0; x < shape.width; x += columns)
    emitBlock(places, std::min(x, last) * columnBytes, row + std::min(x, last));
}
} // namespace

void codegen::emitPatches(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const PatchTile &tile) {
  PatchEmitter(k, op, pointers, tile).emit();
}
