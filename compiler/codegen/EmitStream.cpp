// Streams: rows go from stage to stage as soon as there are enough of them for the next one.
#include "compiler/codegen/Emitters.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;

namespace {

class StreamEmitter {
public:
  StreamEmitter(KernelBuilder &k, qk::StreamOp op, Pointers pointers, CallStage call)
      : k(k), op(op), input(pointers[0]), scratch(pointers[1]), init(pointers[2]), call(call), chain(op.kernels()) {}
  void emit();

private:
  /// Two counters of each stage, in memory: rows that it has, and rows of its output that are done.
  enum Counter { Filled, Done };
  Val address(size_t stage, Counter counter) {
    return k.advance(counters, static_cast<int64_t>(2 * stage + counter) * (k.indexBits / 8));
  }
  Val get(size_t stage, Counter counter) {
    return k.loadRaw(address(stage, counter), k.b.getIntegerType(k.indexBits), k.index(0));
  }
  void set(size_t stage, Counter counter, Val number) {
    k.storeRaw(address(stage, counter), number.type(), k.index(0), number);
  }
  /// Row `row` of those that a stage has.
  Val rowOf(size_t stage, Val row) {
    return k.advance(scratch, row * op.bytesOfInputRow(stage) + op.getOffsets()[stage]);
  }
  Val nextRowOf(size_t stage) { return rowOf(stage, op.passesRows(stage) ? k.index(0) : get(stage, Filled)); }
  void fillBorder(size_t stage, Val row);
  void copyRow(Val to, Val from, int64_t bytes);
  void feed(size_t stage, Val isLast);
  void addRows(size_t stage, Val count);
  void compute(size_t stage, Val rows);

  KernelBuilder &k;
  qk::StreamOp op;
  Val input, scratch, init, counters;
  CallStage call;
  SmallVector<qk::WindowKernel> chain;
};

void StreamEmitter::copyRow(Val to, Val from, int64_t bytes) {
  LLVM::MemcpyOp::create(k.b, k.loc, to, from, k.index(bytes), /*isVolatile=*/false);
}

void StreamEmitter::fillBorder(size_t stage, Val row) {
  qnn::NumberFormat format = formatOf(chain[stage].getImageFormat());
  int64_t pad = op.stage(stage).getPadCode();
  Val code = format.isFloat() ? k.f32(0) : k.i32(pad);
  k.loop(k.index(op.bytesOfInputRow(stage) * 8 / format.getBits()), [&](Val i) { k.store(row, format, i, code); });
}

/// Rows have come behind those that a stage has. After the last one there are rows of the border, one by one.
void StreamEmitter::feed(size_t stage, Val isLast) {
  int64_t below = op.rowsBelow(stage), coming = op.rowsComing(stage);
  if (below == 0)
    return addRows(stage, k.index(coming));
  k.loop(k.select(isLast, k.index(1 + below), k.index(1)), [&](Val i) {
    k.ifThen(i > 0, [&] { fillBorder(stage, nextRowOf(stage)); });
    addRows(stage, coming == 1 ? k.index(1) : k.select(i > 0, k.index(1), k.index(coming)));
  });
}

void StreamEmitter::addRows(size_t stage, Val count) {
  if (op.passesRows(stage))
    return compute(stage, rowOf(stage, k.index(0)));
  Val filled = get(stage, Filled) + count;
  set(stage, Filled, filled);
  k.ifThen(filled == op.rowsSeen(stage), [&] { compute(stage, rowOf(stage, k.index(0))); });
}

void StreamEmitter::compute(size_t stage, Val rows) {
  bool isEnd = stage + 1 == chain.size();
  int64_t together = op.rowsTogether(stage);
  Val done = get(stage, Done);
  Val to = isEnd ? k.advance(init, done * op.bytesOfOutputRow(stage)) : nextRowOf(stage + 1);
  size_t count = chain.size();
  call(chain[stage], rows, k.advance(scratch, op.getOffsets()[count + stage]), to);
  set(stage, Done, done + together);
  int64_t kept = op.rowsKept(stage), first = op.rowsSeen(stage) - kept;
  // Not in a loop, which LLVM would make a call of memmove.
  for (int64_t row = 0; row < kept; ++row)
    copyRow(rowOf(stage, k.index(row)), rowOf(stage, k.index(row + first)), op.bytesOfInputRow(stage));
  if (!op.passesRows(stage))
    set(stage, Filled, k.index(kept));
  if (!isEnd)
    feed(stage + 1, done == op.stage(stage).getRows() - together);
}

void StreamEmitter::emit() {
  size_t count = chain.size();
  counters = k.stackBuffer(k.b.getIntegerType(k.indexBits), static_cast<int64_t>(2 * count));
  for (size_t i = 0; i < count; ++i) {
    set(i, Filled, k.index(op.stage(i).getPad()));
    set(i, Done, k.index(0));
    k.loop(k.index(op.stage(i).getPad()), [&](Val row) { fillBorder(i, rowOf(i, row)); });
  }
  int64_t height = op.stage(0).getHeight(), rowBytes = op.bytesOfInputRow(0);
  k.loop(k.index(height), [&](Val row) {
    Val next = k.advance(input, row * rowBytes);
    if (op.readsInputInPlace())
      return compute(0, next);
    copyRow(nextRowOf(0), next, rowBytes);
    feed(0, row == height - 1);
  });
}
} // namespace

void codegen::emitStream(KernelBuilder &k, qk::StreamOp op, Pointers pointers, CallStage call) {
  StreamEmitter(k, op, pointers, call).emit();
}
