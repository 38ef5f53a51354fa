#include "compiler/codegen/LineRing.h"

#include "compiler/codegen/PackedCodes.h"
#include "compiler/target/RowBuffers.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;

Val LineRing::stage(Val n, Val y, Val missing, Convert convert, Fill fill) const {
  Val first = y * window.getStrides()[0], last = first + lines;
  Val low = descends ? first : k.max(first, missing), high = descends ? k.min(last, missing) : last;
  k.loop(low, high, ArrayRef<Val>(), [&](Val r, ArrayRef<Val>) {
    Val inside = r - window.getPads()[0], height = k.index(window.getInput()[0]);
    // As an unsigned number, a row above the image is large, too.
    Val isInside = k.val(arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::ult, inside, height));
    k.ifThenElse(isInside, [&] { convert(n * height + inside, lineAt(r - first)); }, [&] { fill(lineAt(r - first)); });
    return SmallVector<Val>();
  });
  return descends ? first : last;
}

std::pair<Val, Val> LineRing::rowsOfPiece(int64_t together) const {
  int64_t rows = window.getOutput()[0];
  if (pieces == 1)
    return {k.index(0), k.index(rows)};
  assert(window.getBatch() == 1 && !descends && "rows of one image, in any order");
  return k.rangeOfPiece(rows, together);
}

void LineRing::forEachRow(Convert convert, Fill fill, llvm::function_ref<void(Val n, Val y)> body,
                          int64_t together) const {
  int64_t rows = window.getOutput()[0], stride = window.getStrides()[0];
  // The line of row 0 of the window, y * stride modulo the lines, goes one way or the other.
  int64_t firstTop = descends && lines ? (rows - 1) * stride % lines : 0, turn = lines ? stride % lines : 0;
  if (descends && turn)
    turn = lines - turn;
  Val none = k.index(descends ? rows * stride + lines : 0);
  auto [begin, end] = rowsOfPiece(together);
  Val top0 = pieces > 1 && lines ? k.unsignedRemainder(begin * stride, k.index(lines)) : k.index(firstTop);
  k.loopInOrder(window.getBatch(), descends, [&](Val n) {
    k.loop(begin, end, {none, top0}, [&](Val i, ArrayRef<Val> carried) {
      Val y = descends ? k.index(rows - 1) - i : i;
      top = carried[1];
      Val next = lines ? stage(n, y, carried[0], convert, fill) : carried[0];
      body(n, y);
      return SmallVector<Val>{next, lines ? wrap(top + turn) : top};
    });
  });
}

Val LineRing::rowAt(Val row) const {
  if (!unpacked)
    return k.advance(lhs, row * (rowCodes * format.getBits() / 8));
  unpackCodes(k, {lhs, format, row * rowCodes, rowCodes, rowCodes}, *unpacked);
  return *unpacked;
}

qnn::NumberFormat codegen::rowFormat(qk::ContractOp op, const target::BlockTile &tile) {
  return formatOf(target::unpacksRows(op, tile) ? target::bytesFormat(op.getLhsFormat()) : op.getLhsFormat());
}

void PlainLine::convertRow(Val row, Val line) {
  int64_t pixel = window.getGroups() * window.getChannels()[0], bytes = stage.getBits() / 8;
  int64_t left = std::min(window.getPads()[1] * pixel, codes);
  int64_t inside = std::min(codes - left, window.getInput()[1] * pixel);
  fill(line, left);
  convert(row, k.advance(line, left * bytes), inside);
  fill(k.advance(line, (left + inside) * bytes), codes - left - inside);
}

void PlainLine::fill(Val pointer, int64_t count) {
  int64_t pad = static_cast<int64_t>(op.getPadCode().value_or(0)) + offset;
  Val code = stage.isFloat() ? k.f32(0) : k.i32(pad);
  k.loop(k.index(count), [&](Val i) { k.store(pointer, stage, i, code); });
}

void PlainLine::convert(Val from, Val to, int64_t count) {
  int64_t fromBytes = source.getBits() / 8, toBytes = stage.getBits() / 8;
  // Many codes at a time; what is left, one by one.
  int64_t vector = tile.stagedAtOnce(toBytes);
  int64_t whole = vector > 1 ? count / vector : 0;
  k.loop(k.index(whole), [&](Val i) {
    Val at = k.advance(from, i * (vector * fromBytes)), destination = k.advance(to, i * (vector * toBytes));
    int64_t half = vector * toBytes / 2;
    if (fromBytes == 1 && tile.stage(k, at, destination, half, source.isSignedCode(), offset))
      return;
    Val stored = k.loadVector(at, source.getUnpackedType(), vector, vector);
    k.storeVector(destination, stageCodes(k, stored, source, stage, offset), vector);
  });
  // A code by itself is an i32 already.
  Val first = k.index(whole * vector);
  k.loop(k.index(count - whole * vector), [&](Val i) {
    Val code = k.load(from, source, first + i);
    k.store(to, stage, first + i, offset ? code + offset : code);
  });
}

Val codegen::stageCodes(KernelBuilder &k, Val codes, qnn::NumberFormat from, qnn::NumberFormat to, int64_t offset) {
  if (to.isFloat())
    return to.getBits() > from.getBits() ? k.extendCodes(codes, from) : codes;
  if (to.getBits() > from.getBits())
    codes = k.widen(codes, to.getUnpackedType(), from.isSignedCode());
  return offset ? codes + offset : codes;
}
