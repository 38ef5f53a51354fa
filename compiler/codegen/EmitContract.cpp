// Contractions and pools: loops over positions and channels, taps inside the image, the epilogue.
#include "compiler/codegen/Emitters.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;

namespace {
/// The taps of one axis that lie inside the input, for one output position.
struct TapRange {
  Val low, high, origin; // origin: input position of tap 0, possibly negative
};
} // namespace

/// Tap t reads input position `o * stride - pad + t * dilation`; the ones in [0, size) are
/// t >= ceil((pad - o * stride) / dilation) and t < ceil((size + pad - o * stride) / dilation).
static TapRange tapsInside(KernelBuilder &k, qk::WindowAttr window, int axis, Val o) {
  Val stride = k.index(window.getStrides()[axis]), dilation = k.index(window.getDilations()[axis]);
  Val pad = k.index(window.getPads()[axis]), size = k.index(window.getInput()[axis]);
  Val kernel = k.index(window.getKernel()[axis]);
  Val origin = o * stride - pad;
  auto ceilDivide = [&](Val x) { return k.unsignedDivide(k.max(x, k.index(0)) + dilation - 1, dilation); };
  return {ceilDivide(-origin), k.min(kernel, ceilDivide(size - origin)), origin};
}

namespace {
/// Walks the output positions of a window and, for one of them, the taps inside the input.
class WindowLoops {
public:
  WindowLoops(KernelBuilder &k, qk::WindowAttr window) : k(k), window(window) {}

  struct Position {
    Val n, y, x;
    Val pixel; // number of the output pixel
  };

  void forEachPixel(llvm::function_ref<void(const Position &)> body) {
    Val height = k.index(window.getOutput()[0]), width = k.index(window.getOutput()[1]);
    k.loop(k.index(window.getBatch()), [&](Val n) {
      k.loop(height, [&](Val y) { k.loop(width, [&](Val x) { body({n, y, x, (n * height + y) * width + x}); }); });
    });
  }

  /// Carries values over the taps; `body` gets the tap and the number of its input pixel.
  using TapBody = llvm::function_ref<SmallVector<Val>(Val ky, Val kx, Val pixel, ArrayRef<Val>)>;
  SmallVector<Val> forEachTap(const Position &at, ArrayRef<Val> init, TapBody body) {
    TapRange rows = tapsInside(k, window, 0, at.y), columns = tapsInside(k, window, 1, at.x);
    Val height = k.index(window.getInput()[0]), width = k.index(window.getInput()[1]);
    return k.loop(rows.low, rows.high, init, [&](Val ky, ArrayRef<Val> carried) {
      Val y = rows.origin + ky * k.index(window.getDilations()[0]);
      Val row = (at.n * height + y) * width;
      return k.loop(columns.low, columns.high, carried, [&](Val kx, ArrayRef<Val> inner) {
        Val x = columns.origin + kx * k.index(window.getDilations()[1]);
        return body(ky, kx, row + x, inner);
      });
    });
  }

private:
  KernelBuilder &k;
  qk::WindowAttr window;
};
} // namespace

namespace {
/// The inner part of a contraction: one tap of one output channel.
class TapEmitter {
public:
  TapEmitter(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const target::TileInstruction &tile)
      : k(k), op(op), pointers(pointers), tile(tile), lhs(formatOf(op.getLhsFormat())),
        rhs(formatOf(op.getRhsFormat())), depth(k.index(op.getWindow().getChannels()[0])) {}

  /// What the sum is before the first tap.
  Val start() {
    if (op.getScaleGroup() > 0 && op.getCombine().getArgument(0).getType().isF64())
      return k.val(arith::ConstantOp::create(k.b, k.loc, k.b.getF64FloatAttr(0)));
    return zero();
  }

  /// Adds the products of one tap: codes from `left` on times codes from `right` on. `row` is the number of the tap
  /// among all rows of the filter.
  Val add(Val left, Val right, Val row, Val sum) {
    int64_t group = op.getScaleGroup();
    if (group == 0)
      return products(left, right, depth, sum);
    // Each group is summed by itself, then scaled into the total.
    Val blocks = k.index(llvm::divideCeil(op.getWindow().getChannels()[0], group)), size = k.index(group);
    return k.loop(k.index(0), blocks, sum, [&](Val block, Val total) {
      Val first = block * size, count = k.min(size, depth - first);
      Val part = products(left + first, right + first * k.index(op.getRhsStrides()[4]), count, zero());
      SmallVector<Value> arguments{total, part};
      Val index = row * blocks + block;
      size_t next = 2 + op.getParams().size();
      for (Value param : op.getGroupParams())
        arguments.push_back(loadParameter(param, pointers[next++], index));
      return k.inlineRegion(op.getCombine(), arguments);
    });
  }

  Val loadParameter(Value param, Val pointer, Val index) {
    return k.loadRaw(pointer, llvm::cast<ShapedType>(param.getType()).getElementType(), index);
  }

private:
  Val zero() { return lhs.isFloat() ? k.f32(0) : k.i32(0); }
  Val products(Val left, Val right, Val count, Val sum) {
    target::TileOperand a{pointers[0], lhs, left, depth.constant(1), static_cast<int64_t>(op.getLhsZero())};
    target::TileOperand w{pointers[1], rhs, right, k.index(op.getRhsStrides()[4]),
                          static_cast<int64_t>(op.getRhsZero())};
    return tile.emit(k, a, w, count, sum);
  }

  KernelBuilder &k;
  qk::ContractOp op;
  Pointers pointers;
  const target::TileInstruction &tile;
  qnn::NumberFormat lhs, rhs;
  Val depth;
};
} // namespace

void codegen::emitContract(KernelBuilder &k, qk::ContractOp op, Pointers pointers,
                           const target::TileInstruction &tile) {
  qk::WindowAttr window = op.getWindow();
  ArrayRef<int64_t> strides = op.getRhsStrides(), kernel = window.getKernel();
  Val groups = k.index(window.getGroups());
  Val depth = k.index(window.getChannels()[0]), breadth = k.index(window.getChannels()[1]);
  WindowLoops loops(k, window);
  TapEmitter taps(k, op, pointers, tile);
  loops.forEachPixel([&](const WindowLoops::Position &at) {
    k.loop(groups, [&](Val g) {
      k.loop(breadth, [&](Val o) {
        Val channel = g * breadth + o;
        Val filter = at.n * k.index(strides[0]) + channel * k.index(strides[1]);
        Val sum = loops.forEachTap(at, taps.start(), [&](Val ky, Val kx, Val pixel, ArrayRef<Val> carried) {
          Val left = (pixel * groups + g) * depth;
          Val right = filter + ky * k.index(strides[2]) + kx * k.index(strides[3]);
          Val row = (channel * k.index(kernel[0]) + ky) * k.index(kernel[1]) + kx;
          return SmallVector<Val>{taps.add(left, right, row, carried[0])};
        })[0];
        SmallVector<Value> arguments{sum};
        for (auto [param, pointer] : llvm::zip(op.getParams(), pointers.drop_front(2)))
          arguments.push_back(taps.loadParameter(param, pointer, channel));
        Val code = k.inlineRegion(op.getEpilogue(), arguments);
        k.store(pointers.back(), formatOf(op.getOutFormat()), at.pixel * groups * breadth + channel, code);
      });
    });
  });
}

void codegen::emitPool(KernelBuilder &k, qk::PoolOp op, Pointers pointers) {
  qk::WindowAttr window = op.getWindow();
  qnn::NumberFormat in = formatOf(op.getInFormat()), out = formatOf(op.getOutFormat());
  Val channels = k.index(window.getGroups());
  bool isMax = op.getKind() == qk::PoolKind::Max;
  WindowLoops loops(k, window);
  loops.forEachPixel([&](const WindowLoops::Position &at) {
    k.loop(channels, [&](Val c) {
      Val start = in.isFloat() ? k.f32(isMax ? -HUGE_VALF : 0) : k.i32(isMax ? INT32_MIN : 0);
      SmallVector<Val> result =
          loops.forEachTap(at, {start, k.i32(0)}, [&](Val, Val, Val pixel, ArrayRef<Val> carried) {
            Val code = k.load(pointers[0], in, pixel * channels + c);
            Val combined = isMax ? k.max(carried[0], code) : carried[0] + code;
            return SmallVector<Val>{combined, carried[1] + 1};
          });
      Val code = k.inlineRegion(op.getEpilogue(), ValueRange{result[0], result[1]});
      k.store(pointers[1], out, at.pixel * channels + c, code);
    });
  });
}
