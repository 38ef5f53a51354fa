// Depthwise contractions on vectors of channels, or on single channels. Where a step takes several products, staging
// puts the taps of one row of the window beside each other:
//   line[x][block][channel][tap] = input[x * stride - pad + block * products + tap][channel],
// so that each vector of a line times a vector of weights adds `products` taps to every channel's sum.
#include "compiler/codegen/Assembly.h"
#include "compiler/codegen/LineRing.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

namespace {

class DepthwiseEmitter {
public:
  DepthwiseEmitter(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const VectorTile &tile)
      : k(k), op(op), pointers(pointers), tile(tile), shape(op, tile), window(shape.window),
        lhs(formatOf(op.getLhsFormat())), stage(formatOf(tile.stageFormat(k.b.getContext()))),
        ring(k, op, window, pointers[0], pointers[pointers.size() - 2], shape.lineBytes()),
        plain(k, op, window, tile, shape.lineCodes()) {}
  void emit();

private:
  void convertRow(Val row, Val line);
  void convertPosition(Val row, Val line, Val x, llvm::function_ref<bool(int64_t kx)> isInside);
  void fillLine(Val line);
  Val pad(int64_t lanes);
  Val interleave(ArrayRef<Val> taps);
  void emitRow(Val firstPixel);
  void emitPositions(Val firstPixel, Val x, Val vector);
  /// Channels of a vector.
  int64_t valid() const { return std::min(tile.lanes, shape.channels); }
  /// Bytes of one vector of codes, staged.
  int64_t codesBytes() const { return tile.lanes * tile.products * shape.stageBytes; }
  int64_t lhsBytes() { return lhs.getBits() / 8; }

  KernelBuilder &k;
  qk::ContractOp op;
  Pointers pointers;
  const VectorTile &tile;
  DepthwiseShape shape;
  qk::WindowAttr window;
  qnn::NumberFormat lhs, stage;
  LineRing ring;
  PlainLine plain; // where taps are not repeated
};

//===-- Staging ----------------------------------------------------------------------------------===//

/// The border's code in a vector of staged codes.
Val DepthwiseEmitter::pad(int64_t lanes) {
  auto type = VectorType::get({lanes}, stage.getUnpackedType());
  Val zero = k.val(arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(type)));
  return lhs.isFloat() ? zero : zero.constant(static_cast<int64_t>(op.getPadCode().value_or(0)) + shape.stageOffset);
}

/// Vectors a, b, c, d of one code per channel as a0 b0 c0 d0 a1 b1 ...: the codes of a channel fill a word, and are put
/// there by shifts, which machines do beside the loads; shuffles across a whole vector take three times as long.
Val DepthwiseEmitter::interleave(ArrayRef<Val> taps) {
  if (taps.size() == 1)
    return taps[0];
  unsigned bits = stage.getBits();
  Type word = k.b.getIntegerType(bits * taps.size());
  Val words;
  for (auto [index, tap] : llvm::enumerate(taps)) {
    Val part = k.val(arith::ExtUIOp::create(k.b, k.loc, tap.typeOf(word), tap)) << static_cast<int64_t>(index * bits);
    words = index ? words | part : part;
  }
  return words;
}

/// Stages all channels of output position x; `isInside` says for which columns of the window there is input.
void DepthwiseEmitter::convertPosition(Val row, Val line, Val x, llvm::function_ref<bool(int64_t kx)> isInside) {
  Val column = x * window.getStrides()[1] - window.getPads()[1];
  Val to = k.advance(line, x * shape.positionBytes());
  Type stored = lhs.getUnpackedType();
  k.loop(k.index(shape.vectors), [&](Val vector) {
    Val first = firstChannel(k, vector * tile.lanes, tile.lanes, shape.channels, tile.lanes);
    for (int64_t block = 0; block < shape.tapBlocks; ++block) {
      SmallVector<Val> taps;
      for (int64_t t = 0; t < tile.products; ++t) {
        int64_t kx = block * tile.products + t;
        Val codes = pad(tile.lanes);
        if (kx < window.getKernel()[1] && isInside(kx)) {
          Val code = (column + kx * window.getDilations()[1]) * shape.channels + first;
          codes = k.loadVector(k.advance(row, code * lhsBytes()), stored, tile.lanes, valid());
          codes = stageCodes(k, codes, lhs, stage, shape.stageOffset);
        }
        taps.push_back(codes);
      }
      k.storeVector(k.advance(to, (vector + block * shape.vectors) * codesBytes()), interleave(taps), tile.lanes);
    }
  });
}

/// Positions whose window crosses the left or right edge one by one, the others in a loop.
void DepthwiseEmitter::convertRow(Val row, Val line) {
  int64_t stride = window.getStrides()[1], padding = window.getPads()[1], columns = window.getInput()[1];
  int64_t reach = (window.getKernel()[1] - 1) * window.getDilations()[1];
  int64_t left = std::min(shape.width, llvm::divideCeilSigned(padding, stride));
  // The last position whose window ends inside the input.
  int64_t last = columns - 1 - reach + padding < 0 ? -1 : (columns - 1 - reach + padding) / stride;
  int64_t right = std::max(left, std::min(shape.width, last + 1));
  auto convertEdge = [&](int64_t x) {
    convertPosition(row, line, k.index(x), [&](int64_t kx) {
      int64_t column = x * stride - padding + kx * window.getDilations()[1];
      return column >= 0 && column < columns;
    });
  };
  for (int64_t x = 0; x < left; ++x)
    convertEdge(x);
  k.loop(k.index(left), k.index(right), ArrayRef<Val>(), [&](Val x, ArrayRef<Val>) {
    convertPosition(row, line, x, [](int64_t) { return true; });
    return SmallVector<Val>();
  });
  for (int64_t x = right; x < shape.width; ++x)
    convertEdge(x);
}

void DepthwiseEmitter::fillLine(Val line) {
  Val codes = pad(tile.lanes * tile.products);
  k.loop(k.index(shape.lineBytes() / codesBytes()),
         [&](Val i) { k.storeVector(k.advance(line, i * codesBytes()), codes, tile.lanes * tile.products); });
}

//===-- Products --------------------------------------------------------------------------------------===//

void DepthwiseEmitter::emit() {
  auto convert = [&](Val row, Val line) { shape.repeatsTaps ? convertRow(row, line) : plain.convertRow(row, line); };
  auto fill = [&](Val line) { shape.repeatsTaps ? fillLine(line) : plain.fillLine(line); };
  ring.forEachRow(convert, fill, [&](Val n, Val y) { emitRow((n * window.getOutput()[0] + y) * shape.width); });
}

void DepthwiseEmitter::emitRow(Val firstPixel) {
  k.loop(k.index(shape.vectors), [&](Val vector) {
    k.loopInBlocks(shape.width, op.getSchedule()->getM(), [&](Val x) { emitPositions(firstPixel, x, vector); });
  });
}

void DepthwiseEmitter::emitPositions(Val firstPixel, Val x, Val vector) {
  int64_t count = op.getSchedule()->getM();
  Type codes = tile.codesType(k.b);
  Val first = firstChannel(k, vector * tile.lanes, tile.lanes, shape.channels, tile.lanes);
  Epilogue epilogue(k, op, pointers, tile, first, valid());
  // Repeated taps are staged in blocks of channels as weights are, other lines in channels.
  Val codesOfBlock = shape.repeatsTaps ? vector * codesBytes() : first * shape.stageBytes;
  Val weights = tile.keepsSumsOnly() ? renew(k, pointers[1]) : pointers[1];
  Accumulators sums = tile.start(k, count, epilogue.first());
  for (int64_t ky = 0; ky < window.getKernel()[0]; ++ky) {
    Val line = k.advance(ring.line(k.index(ky)), x * shape.positionBytes() + codesOfBlock);
    for (int64_t block = 0; block < shape.tapBlocks; ++block) {
      int64_t index = ky * shape.tapBlocks + block;
      Val at = (vector + index * shape.vectors) * (tile.lanes * tile.products * tile.weightBytes);
      Val w = tile.loadWeights(k, k.advance(weights, at), /*before=*/0, tile.lanes * tile.products, /*align=*/1);
      for (int64_t i = 0; i < count; ++i) {
        int64_t offset = i * shape.positionBytes() + block * shape.blockBytes();
        Val staged = k.loadVector(k.advance(line, offset), codes, tile.lanes, tile.lanes);
        sums[i] = tile.multiplyAdd(k, sums[i], staged, w);
      }
    }
  }
  epilogue.store(firstPixel + x, sums, count);
}
} // namespace

void codegen::emitDepthwise(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const VectorTile &tile) {
  DepthwiseEmitter(k, op, pointers, tile).emit();
}
