#include "compiler/codegen/PlaneLine.h"

#include "dialects/qk/Queries.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;

//===-- Borders ---------------------------------------------------------------------------------------===//

/// Words of two codes of 16 bits.
void PlaneLine::fill(Val pointer, int64_t words) {
  int64_t pad = static_cast<int64_t>(op.getPadCode().value_or(0)) + shape.stageOffset;
  Val word = k.i32((pad & 0xffff) * 0x10001);
  k.loop(k.index(words), [&](Val i) { k.storeRaw(pointer, word.type(), i, word); });
}

void PlaneLine::fillBorders(Val scratch) {
  if (!qk::staysInside(window, 1))
    fill(scratch, shape.chunks(shape.width) * shape.chunkBytes() / 4);
}

void PlaneLine::fillLine(Val line) {
  k.loop(k.index(shape.chunks(shape.width)),
         [&](Val chunk) { fill(k.advance(line, chunk * shape.chunkBytes()), shape.lineBytes() / 4); });
}

//===-- Rows ------------------------------------------------------------------------------------------===//

/// Four channels of neighbouring columns of a phase, in two planes.
void PlaneLine::convertQuad(Val from, Val to, Val columns) {
  k.loop(columns, [&](Val i) {
    tile.stage(k, k.advance(from, i * columnStep()), k.advance(to, i * shape.columnBytes()), shape.planeBytes(),
               source.isSignedCode(), shape.stageOffset);
  });
}

/// The columns of a phase that the chunk which begins with position `start` sees. That with number i of them is column
/// (start + i) * stride + phase - pad of the input.
void PlaneLine::convertChunk(Val row, Val to, Val start, int64_t phase) {
  int64_t stride = window.getStrides()[1], pad = window.getPads()[1], depth = shape.depth;
  Val low = k.index(0), high = k.index(shape.phaseColumns(phase));
  if (!qk::staysInside(window, 1)) {
    auto first = [&](int64_t column) { return llvm::divideCeilSigned(column + pad - phase, stride); };
    low = k.max(low, k.index(first(0)) - start);
    high = k.min(high, k.index(first(window.getInput()[1])) - start);
  }
  Val columns = high - low;
  Val from = k.advance(row, (start + low) * columnStep() + (phase - pad) * depth);
  to = k.advance(to, low * shape.columnBytes() + shape.firstColumn(phase) * shape.columnBytes());
  k.loop(k.index(shape.quads()), [&](Val quad) {
    // Where size counts, kernels for any number of channels are alike.
    bool mayOverlap = depth % 4 != 0 || k.prefersSize;
    Val channel = mayOverlap ? k.min(quad * 4, k.index(depth - 4)) : quad * 4;
    convertQuad(k.advance(from, channel), k.advance(to, quad * (2 * shape.planeBytes())), columns);
  });
}

void PlaneLine::convertRow(Val row, Val line) {
  k.loop(k.index(shape.chunks(shape.width)), [&](Val chunk) {
    // The last chunk of an odd number has the last two positions; others begin no later.
    Val start = k.min(chunk * shape.chunk, k.index(shape.width - 2));
    Val to = k.advance(line, chunk * shape.chunkBytes());
    for (int64_t phase = 0; phase < shape.phases(); ++phase)
      convertChunk(row, to, start, phase);
  });
}

//===-- Windows ---------------------------------------------------------------------------------------===//

Val PlaneLine::at(Val chunks, Val position) {
  Val chunk = k.unsignedDivide(position, k.index(shape.chunk)), inside = position - chunk * shape.chunk;
  return k.advance(chunks, chunk * shape.chunkBytes() + inside * shape.columnBytes());
}

Val PlaneLine::blockAt(Val chunks, Val position, int64_t positions) {
  if (positions % 2 == 0)
    return at(chunks, position);
  Val last = k.advance(chunks, (shape.chunks(positions) - 1) * shape.chunkBytes());
  return k.select(position == positions - 2, last, at(chunks, position));
}

void PlaneLine::copyWindowRow(Val from, Val to, Val ky) {
  int64_t words = shape.copiedRow() / 2;
  Val first = k.advance(to, ky * (words * shape.planeBytes()));
  Type word = k.b.getI32Type();
  for (int64_t i = 0; i < words; ++i) {
    // Codes of 16 bits.
    Val codes = k.val(LLVM::LoadOp::create(k.b, k.loc, word, k.advance(from, 4 * i), /*alignment=*/2));
    LLVM::StoreOp::create(k.b, k.loc, codes, k.advance(first, i * shape.planeBytes()), /*alignment=*/4);
  }
}

void PlaneLine::pairLast(Val chunks, int64_t positions) {
  if (positions % 2 == 0)
    return;
  Val last = k.advance(chunks, (shape.chunks(positions) - 1) * shape.chunkBytes());
  Type word = k.b.getI32Type();
  k.loop(k.index(shape.planes()), [&](Val plane) {
    Val codes = k.advance(last, plane * shape.planeBytes());
    Val second = k.loadRaw(codes, word, k.index(0));
    Val first = k.loadRaw(k.advance(codes, shape.columnBytes() - shape.chunkBytes()), word, k.index(0));
    k.storeRaw(codes, word, k.index(0), first);
    k.storeRaw(codes, word, k.index(1), second);
  });
}
