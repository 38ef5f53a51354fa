#include "compiler/codegen/BitLine.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using target::BitPlanes;

void BitLine::convertRow(Val row, Val line) {
  int64_t pixelBytes = shape.groups * shape.depth * BitPlanes::wordBytes;
  int64_t left = std::min(shape.window.getPads()[1], columns());
  int64_t inside = std::min(columns() - left, shape.window.getInput()[1]);
  fill(line, left);
  Val to = k.advance(line, left * pixelBytes);
  if (shape.bits->lhs == 1 && channels % BitPlanes::wordBits == 0)
    copy(row, to, inside);
  else
    k.loop(k.index(inside * shape.groups), [&](Val i) {
      Val first = (row * (shape.window.getInput()[1] * shape.groups) + i) * channels;
      Val at = k.advance(to, i * (shape.depth * BitPlanes::wordBytes));
      // Whole words, then what is left.
      int64_t whole = channels / BitPlanes::wordBits, rest = channels % BitPlanes::wordBits;
      k.loop(k.index(whole), [&](Val word) {
        gather(first + word * BitPlanes::wordBits, k.advance(at, word * BitPlanes::wordBytes),
               k.index(BitPlanes::wordBits));
      });
      if (rest)
        gather(first + whole * BitPlanes::wordBits, k.advance(at, whole * BitPlanes::wordBytes), k.index(rest));
    });
  fill(k.advance(to, inside * pixelBytes), columns() - left - inside);
}

/// The border's code in `count` pixels; its bits behind the last channel are 0, as everywhere.
void BitLine::fill(Val line, int64_t count) {
  int64_t code = static_cast<int64_t>(op.getPadCode().value_or(0)) + shape.stageOffset;
  int64_t rest = channels % BitPlanes::wordBits, last = rest ? (int64_t(1) << rest) - 1 : -1;
  for (int64_t i = 0; count > 0 && i < shape.bits->lhs; ++i) {
    int64_t bits = code >> i & 1 ? -1 : 0;
    k.loop(k.index(count * shape.groups), [&](Val pixel) {
      Val at = k.advance(plane(line, i), pixel * (shape.depth * BitPlanes::wordBytes));
      k.loop(k.index(shape.depth - 1), [&](Val word) { k.storeRaw(at, k.b.getI32Type(), word, k.i32(bits)); });
      k.storeRaw(at, k.b.getI32Type(), k.index(shape.depth - 1), k.i32(bits & last));
    });
  }
}

/// Bits that are words as they lie.
void BitLine::copy(Val row, Val line, int64_t count) {
  int64_t words = shape.groups * shape.depth, lanes = k.vectorLanes;
  Val from = k.advance(lhs, row * (shape.window.getInput()[1] * words * BitPlanes::wordBytes));
  auto copyWords = [&](Val first, int64_t number) {
    Val at = first * BitPlanes::wordBytes;
    k.storeVector(k.advance(line, at), k.loadVector(k.advance(from, at), k.b.getI32Type(), number, number), number);
  };
  int64_t whole = lanes > 1 ? count * words / lanes : 0;
  k.loop(k.index(whole), [&](Val i) { copyWords(i * lanes, lanes); });
  k.loop(k.index(whole * lanes), k.index(count * words), ArrayRef<Val>(), [&](Val i, ArrayRef<Val>) {
    copyWords(i, 1);
    return SmallVector<Val>();
  });
}

/// A word of each plane from `count` codes, which begin with element `first` of the input.
void BitLine::gather(Val first, Val to, Val count) {
  SmallVector<Val> zeros(shape.bits->lhs, k.i32(0));
  SmallVector<Val> words = k.loop(k.index(0), count, zeros, [&](Val c, ArrayRef<Val> carried) {
    Val code = k.load(lhs, source, first + c) + shape.stageOffset;
    SmallVector<Val> next;
    for (auto [i, word] : llvm::enumerate(carried)) {
      Val bit = k.logicalShiftRight(code, code.constant(static_cast<int64_t>(i))) & 1;
      next.push_back(word | (bit << k.toI32(c)));
    }
    return next;
  });
  for (auto [i, word] : llvm::enumerate(words))
    k.storeRaw(plane(to, static_cast<int64_t>(i)), k.b.getI32Type(), k.index(0), word);
}
