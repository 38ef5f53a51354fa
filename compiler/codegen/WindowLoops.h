// Walks the output positions of a window and, for one of them, the taps inside the input.
#ifndef QCC_COMPILER_CODEGEN_WINDOWLOOPS_H
#define QCC_COMPILER_CODEGEN_WINDOWLOOPS_H

#include "compiler/codegen/KernelBuilder.h"
#include "dialects/qk/QkOps.h"

namespace qcc::codegen {

class WindowLoops {
public:
  WindowLoops(KernelBuilder &k, qk::WindowAttr window) : k(k), window(window) {}

  struct Position {
    Val n, y, x;
    Val pixel; // number of the output pixel
  };
  /// The taps of one axis that lie inside the input, for one output position.
  struct TapRange {
    Val low, high, origin; // origin: input position of tap 0, possibly negative
  };
  /// The taps of a position that lie inside the input.
  struct Taps {
    Position at;
    TapRange rows, columns;
  };

  /// Row by row from left to right, or with `descends` in the reverse order. In a kernel for one piece, only its rows.
  void forEachPixel(bool descends, llvm::function_ref<void(const Position &)> body);

  Taps tapsInside(const Position &at) { return {at, tapsInside(0, at.y), tapsInside(1, at.x)}; }
  /// The number of these taps, as an i32.
  Val count(const Taps &taps);

  /// Carries values over the taps; `body` gets the tap and the number of its input pixel.
  using TapBody = llvm::function_ref<llvm::SmallVector<Val>(Val ky, Val kx, Val pixel, llvm::ArrayRef<Val>)>;
  llvm::SmallVector<Val> forEachTap(const Taps &taps, llvm::ArrayRef<Val> init, TapBody body);

private:
  TapRange tapsInside(int axis, Val o);

  KernelBuilder &k;
  qk::WindowAttr window;
};

} // namespace qcc::codegen

#endif // QCC_COMPILER_CODEGEN_WINDOWLOOPS_H
