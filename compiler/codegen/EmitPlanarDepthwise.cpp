// Depthwise contractions on planes of channels (PlanarTile.h). The lines of a channel lie beside each other,
//   scratch[channel][row % lines][column],
// so that they are at constant distances, and what changes from row to row of the output is which row of weights meets
// which line.
#include "compiler/codegen/LineRing.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

namespace {

class PlanarEmitter {
public:
  PlanarEmitter(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const PlanarTile &tile)
      : k(k), op(op), pointers(pointers), tile(tile), shape(op, tile), window(shape.window),
        lhs(formatOf(op.getLhsFormat())), stage(formatOf(tile.stageFormat(k.b.getContext()))),
        scratch(pointers[pointers.size() - 2]), ring(k, op, window, pointers[0], scratch, shape.lineBytes()) {}
  void emit();

private:
  void fillAll();
  void fillLine(Val line);
  void convertRow(Val row, Val line);
  void convertQuad(Val from, Val to, int64_t inside);
  void emitRow(Val firstPixel);
  void emitChannel(Val channel, ArrayRef<Val> weightRows, Val firstPixel);
  /// Columns of a line that hold the input.
  int64_t inside() const { return std::min(window.getInput()[1], shape.columns - window.getPads()[1]); }
  int64_t pad() { return static_cast<int64_t>(op.getPadCode().value_or(0)); }
  /// The border's code in both halves of a word of staged codes.
  Val padPair() { return k.i32((pad() & 0xffff) * 0x10001); }

  KernelBuilder &k;
  qk::ContractOp op;
  Pointers pointers;
  const PlanarTile &tile;
  DepthwiseShape shape;
  qk::WindowAttr window;
  qnn::NumberFormat lhs, stage;
  Val scratch;
  LineRing ring;
};

//===-- Staging -----------------------------------------------------------------------------------===//

/// Columns of the border are written once: rows of the input never reach them.
void PlanarEmitter::fillAll() {
  Val word = padPair();
  k.loop(k.index(shape.scratchBytes() / 4), [&](Val i) { k.storeRaw(scratch, word.type(), i, word); });
}

void PlanarEmitter::fillLine(Val line) {
  Val word = padPair();
  k.loop(k.index(shape.channels), [&](Val channel) {
    Val plane = k.advance(line, channel * shape.planeBytes());
    k.loop(k.index(shape.lineBytes() / 4), [&](Val i) { k.storeRaw(plane, word.type(), i, word); });
  });
}

/// Four channels of all columns, two at a time; the partner of an odd last one is the border's code.
void PlanarEmitter::convertQuad(Val from, Val to, int64_t columns) {
  auto load = [&](Val pointer) {
    return k.val(LLVM::LoadOp::create(k.b, k.loc, k.b.getI32Type(), pointer, /*alignment=*/1));
  };
  auto stagePair = [&](Val column, bool hasBoth) {
    Val at = k.advance(from, column * shape.channels);
    Val second = hasBoth ? load(k.advance(at, shape.channels)) : k.i32((pad() & 0xff) * 0x01010101);
    tile.stagePair(k, load(at), second, k.advance(to, column * shape.stageBytes), shape.planeBytes(),
                   lhs.isSignedCode());
  };
  k.loop(k.index(columns / 2), [&](Val pair) { stagePair(pair * 2, true); });
  if (columns % 2)
    stagePair(k.index(columns - 1), false);
}

void PlanarEmitter::convertRow(Val row, Val line) {
  Val to = k.advance(line, window.getPads()[1] * shape.stageBytes);
  int64_t quads = shape.channels / 4, rest = shape.channels % 4;
  k.loop(k.index(quads), [&](Val quad) {
    convertQuad(k.advance(row, quad * 4), k.advance(to, quad * (4 * shape.planeBytes())), inside());
  });
  for (int64_t channel = 4 * quads; channel < 4 * quads + rest; ++channel)
    k.loop(k.index(inside()), [&](Val column) {
      Val code = k.load(row, lhs, column * shape.channels + channel);
      k.store(k.advance(to, channel * shape.planeBytes()), stage, column, code);
    });
}

//===-- Products ----------------------------------------------------------------------------------===//

void PlanarEmitter::emit() {
  fillAll();
  ring.forEachRow([&](Val row, Val line) { convertRow(row, line); }, [&](Val line) { fillLine(line); },
                  [&](Val n, Val y) { emitRow((n * window.getOutput()[0] + y) * shape.width); });
}

void PlanarEmitter::emitRow(Val firstPixel) {
  // Line s of the ring holds row s - first of the window, modulo lines.
  Val first = ring.firstLine();
  SmallVector<Val> weightRows;
  for (int64_t line = 0; line < shape.lines; ++line) {
    Val ky = k.index(line) - first;
    ky = k.select(ky < 0, ky + shape.lines, ky);
    weightRows.push_back(ky * window.getKernel()[1]);
  }
  k.loop(k.index(shape.channels), [&](Val channel) { emitChannel(channel, weightRows, firstPixel); });
}

void PlanarEmitter::emitChannel(Val channel, ArrayRef<Val> weightRows, Val firstPixel) {
  int64_t together = tile.positionsOf(window), stride = window.getStrides()[1];
  Val weights = k.advance(pointers[1], channel * (window.getKernel()[0] * window.getKernel()[1]));
  SmallVector<Accumulators> rows;
  for (Val row : weightRows)
    rows.push_back(tile.loadRow(k, k.advance(weights, row)));
  Val plane = k.advance(scratch, channel * shape.planeBytes());
  Epilogue epilogue(k, op, pointers, tile, channel, 1);
  if (epilogue.storeRow(firstPixel, tile,
                        {.line = plane,
                         .rowBytes = shape.lineBytes(),
                         .stride = stride,
                         .width = shape.width,
                         .distance = 0,
                         .rows = rows,
                         .first = {},
                         .store = {}}))
    return;
  auto emitPositions = [&](Val x, int64_t count) {
    Accumulators sums = tile.start(k, count, epilogue.first());
    Val line = k.advance(plane, x * (stride * shape.stageBytes));
    epilogue.store(firstPixel + x, tile.multiply(k, line, shape.lineBytes(), stride, rows, sums), count);
  };
  k.loop(k.index(shape.width / together), [&](Val i) { emitPositions(i * together, together); });
  for (int64_t x = shape.width / together * together; x < shape.width; ++x)
    emitPositions(k.index(x), 1);
}
} // namespace

void codegen::emitPlanarDepthwise(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const PlanarTile &tile) {
  PlanarEmitter(k, op, pointers, tile).emit();
}
