#include "compiler/codegen/WindowLoops.h"

#include "dialects/qk/Queries.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;

void WindowLoops::forEachPixel(bool descends, llvm::function_ref<void(const Position &)> body) {
  Val height = k.index(window.getOutput()[0]), width = k.index(window.getOutput()[1]);
  if (k.pieces > 1) {
    assert(!descends && "rows in any order");
    return k.loopOverPiece(window.getBatch() * window.getOutput()[0], 1, [&](Val row) {
      Val n = k.unsignedDivide(row, height), y = row - n * height;
      k.loop(width, [&](Val x) { body({n, y, x, row * width + x}); });
    });
  }
  k.loopInOrder(window.getBatch(), descends, [&](Val n) {
    k.loopInOrder(window.getOutput()[0], descends, [&](Val y) {
      k.loopInOrder(window.getOutput()[1], descends, [&](Val x) { body({n, y, x, (n * height + y) * width + x}); });
    });
  });
}

/// Tap t reads input position `o * stride - pad + t * dilation`; the ones in [0, size) are
/// t >= ceil((pad - o * stride) / dilation) and t < ceil((size + pad - o * stride) / dilation). Kernels of scalars have
/// one form for all windows, which lets them share code.
WindowLoops::TapRange WindowLoops::tapsInside(int axis, Val o) {
  Val stride = k.index(window.getStrides()[axis]), kernel = k.index(window.getKernel()[axis]);
  if (k.vectorLanes > 1 && qk::staysInside(window, axis))
    return {k.index(0), kernel, o * stride};
  Val dilation = k.index(window.getDilations()[axis]);
  Val pad = k.index(window.getPads()[axis]), size = k.index(window.getInput()[axis]);
  Val origin = o * stride - pad;
  auto ceilDivide = [&](Val x) { return k.unsignedDivide(k.max(x, k.index(0)) + dilation - 1, dilation); };
  return {ceilDivide(-origin), k.min(kernel, ceilDivide(size - origin)), origin};
}

Val WindowLoops::count(const Taps &taps) {
  if (qk::staysInside(window, 0) && qk::staysInside(window, 1))
    return k.i32(qk::windowSize(window));
  return k.toI32((taps.rows.high - taps.rows.low) * (taps.columns.high - taps.columns.low));
}

SmallVector<Val> WindowLoops::forEachTap(const Taps &taps, ArrayRef<Val> init, TapBody body) {
  const TapRange &rows = taps.rows, &columns = taps.columns;
  Val height = k.index(window.getInput()[0]), width = k.index(window.getInput()[1]);
  return k.loop(rows.low, rows.high, init, [&](Val ky, ArrayRef<Val> carried) {
    Val y = rows.origin + ky * k.index(window.getDilations()[0]);
    Val row = (taps.at.n * height + y) * width;
    return k.loop(columns.low, columns.high, carried, [&](Val kx, ArrayRef<Val> inner) {
      Val x = columns.origin + kx * k.index(window.getDilations()[1]);
      return body(ky, kx, row + x, inner);
    });
  });
}
