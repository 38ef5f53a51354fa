// Depthwise contractions on planes of channels (PlanarTile.h): all lines of some channels are staged,
//   scratch[channel][line][column],
// then these channels are computed. What they read is not read again, so that the output may be where the input is.
#include "compiler/codegen/Emitters.h"
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
        lhs(formatOf(op.getLhsFormat())), stage(formatOf(tile.stageFormat(op.getLhsFormat()))),
        scratch(pointers[pointers.size() - 2]) {}
  void emit();

private:
  void fillBorders();
  void stageQuad(Val from);
  void stageOne(Val from);
  void emitChannels(Val image, Val first, Val plane, Val count);
  void emitPositions(Val image, Val channel, Val plane);
  /// Columns and lines that hold the input.
  int64_t insideColumns() const { return std::min(window.getInput()[1], shape.columns - window.getPads()[1]); }
  int64_t insideLines() const {
    return std::clamp<int64_t>(shape.lines - window.getPads()[0], 0, window.getInput()[0]);
  }
  /// Where the first code of the input goes.
  Val inside() {
    return k.advance(scratch, window.getPads()[0] * shape.lineBytes() + window.getPads()[1] * shape.stageBytes);
  }
  int64_t rowBytes() const { return window.getInput()[1] * shape.channels; }
  int64_t pad() { return static_cast<int64_t>(op.getPadCode().value_or(0)); }

  KernelBuilder &k;
  qk::ContractOp op;
  Pointers pointers;
  const PlanarTile &tile;
  DepthwiseShape shape;
  qk::WindowAttr window;
  qnn::NumberFormat lhs, stage;
  Val scratch;
};

//===-- Staging -----------------------------------------------------------------------------------===//

/// The border is written once: no input ever reaches it. All codes have 16 bits.
void PlanarEmitter::fillBorders() {
  Val word = k.i32((pad() & 0xffff) * 0x10001);
  k.loop(k.index(shape.scratchBytes() / 4), [&](Val i) { k.storeRaw(scratch, word.type(), i, word); });
}

/// Four channels, two columns at a time; the last two of an odd number are those before the end. Where size counts,
/// kernels for even and odd numbers are alike.
void PlanarEmitter::stageQuad(Val from) {
  auto load = [&](Val pointer) {
    return k.val(LLVM::LoadOp::create(k.b, k.loc, k.b.getI32Type(), pointer, /*alignment=*/1));
  };
  int64_t columns = insideColumns();
  bool mayBeOdd = columns % 2 != 0 || k.prefersSize;
  k.loop(k.index(insideLines()), [&](Val line) {
    Val row = k.advance(from, line * rowBytes()), to = k.advance(inside(), line * shape.lineBytes());
    k.loop(k.index(llvm::divideCeil(columns, 2)), [&](Val pair) {
      Val column = mayBeOdd ? k.min(pair * 2, k.index(columns - 2)) : pair * 2,
          at = k.advance(row, column * shape.channels);
      tile.stagePair(k, load(at), load(k.advance(at, shape.channels)), k.advance(to, column * shape.stageBytes),
                     shape.planeBytes(), lhs.isSignedCode());
    });
  });
}

/// One channel, two columns at a time.
void PlanarEmitter::stageOne(Val from) {
  k.loop(k.index(insideLines()), [&](Val line) {
    Val row = k.advance(from, line * rowBytes()), to = k.advance(inside(), line * shape.lineBytes());
    auto load = [&](Val column) { return k.load(row, lhs, column * shape.channels); };
    k.loop(k.index(insideColumns() / 2), [&](Val pair) {
      Val both = (load(pair * 2) & 0xffff) | (load(pair * 2 + 1) << 16);
      LLVM::StoreOp::create(k.b, k.loc, both, k.advance(to, pair * 4), /*alignment=*/2);
    });
    if (insideColumns() % 2)
      k.store(to, stage, k.index(insideColumns() - 1), load(k.index(insideColumns() - 1)));
  });
}

//===-- Products ----------------------------------------------------------------------------------===//

/// The last four channels may begin with some of those before them, whose input may be overwritten by now: these are
/// staged, but not computed again.
void PlanarEmitter::emit() {
  fillBorders();
  int64_t atOnce = shape.channelsAtOnce;
  k.loop(k.index(window.getBatch()), [&](Val n) {
    Val image = k.advance(pointers[0], n * (window.getInput()[0] * rowBytes()));
    k.loop(k.index(llvm::divideCeil(shape.channels, atOnce)), [&](Val group) {
      Val first = group * atOnce, staged = k.min(first, k.index(shape.channels - atOnce));
      Val from = k.advance(image, staged);
      atOnce == 1 ? stageOne(from) : stageQuad(from);
      Val plane = k.advance(scratch, (first - staged) * shape.planeBytes());
      Val count = k.min(k.index(atOnce), k.index(shape.channels) - first);
      emitChannels(n, first, plane, count);
    });
  });
}

void PlanarEmitter::emitChannels(Val image, Val first, Val plane, Val count) {
  ArrayRef<int64_t> kernel = window.getKernel(), strides = window.getStrides();
  Epilogue epilogue(k, op, pointers, tile, first, 0);
  if (epilogue.storePlanes(image * (window.getOutput()[0] * shape.width), tile,
                           {.planes = plane,
                            .count = count,
                            .planeBytes = shape.planeBytes(),
                            .lineBytes = shape.lineBytes(),
                            .lines = kernel[0],
                            .taps = kernel[1],
                            .stride = strides[1],
                            .lineStride = strides[0],
                            .rows = window.getOutput()[0],
                            .width = shape.width,
                            .weights = k.advance(pointers[1], first * (kernel[0] * shape.packedTaps)),
                            .bias = {},
                            .store = {}}))
    return;
  k.loop(count, [&](Val i) { emitPositions(image, first + i, k.advance(plane, i * shape.planeBytes())); });
}

/// One product at a time.
void PlanarEmitter::emitPositions(Val image, Val channel, Val plane) {
  ArrayRef<int64_t> kernel = window.getKernel(), strides = window.getStrides();
  int64_t taps = shape.packedTaps;
  qnn::NumberFormat weight = formatOf(IntegerType::get(k.b.getContext(), 8, IntegerType::Signed));
  Val weights = k.advance(pointers[1], channel * (kernel[0] * taps));
  Epilogue epilogue(k, op, pointers, tile, channel, 1);
  auto sumOf = [&](Val codes) {
    return k.loop(k.index(0), k.index(kernel[0]), epilogue.first()[0], [&](Val ky, Val sum) {
      Val line = k.advance(codes, ky * shape.lineBytes()), row = k.advance(weights, ky * taps);
      return k.loop(k.index(0), k.index(kernel[1]), sum,
                    [&](Val kx, Val part) { return part + k.load(line, stage, kx) * k.load(row, weight, kx); });
    });
  };
  k.loop(k.index(window.getOutput()[0]), [&](Val y) {
    k.loop(k.index(shape.width), [&](Val x) {
      Val codes = k.advance(plane, y * (strides[0] * shape.lineBytes()) + x * (strides[1] * shape.stageBytes));
      epilogue.store((image * window.getOutput()[0] + y) * shape.width + x, Accumulators{sumOf(codes)}, 1);
    });
  });
}
} // namespace

void codegen::emitPlanarDepthwise(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const PlanarTile &tile) {
  PlanarEmitter(k, op, pointers, tile).emit();
}
