// Contractions one product at a time: loops over positions and channels, taps inside the image, the epilogue.
#include "compiler/codegen/Emitters.h"
#include "compiler/codegen/WindowLoops.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;

namespace {
/// The inner part of a contraction: one tap of one output channel.
class TapEmitter {
public:
  TapEmitter(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const target::TileInstruction &tile)
      : k(k), op(op), pointers(pointers), tile(tile), lhs(formatOf(op.getLhsFormat())),
        rhs(formatOf(op.getRhsFormat())), depth(k.index(op.getWindow().getChannels()[0])) {}

  /// What the sum is before the first tap.
  Val start() {
    Type sum = op.getEpilogue().getArgument(0).getType();
    return k.val(arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(sum)));
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
  loops.forEachPixel(op.getDescending(), [&](const WindowLoops::Position &at) {
    k.loop(groups, [&](Val g) {
      k.loop(breadth, [&](Val o) {
        Val channel = g * breadth + o;
        Val filter = at.n * k.index(strides[0]) + channel * k.index(strides[1]);
        Val sum =
            loops.forEachTap(loops.tapsInside(at), taps.start(), [&](Val ky, Val kx, Val pixel, ArrayRef<Val> carried) {
              Val left = (pixel * groups + g) * depth;
              Val right = filter + ky * k.index(strides[2]) + kx * k.index(strides[3]);
              Val row = (channel * k.index(kernel[0]) + ky) * k.index(kernel[1]) + kx;
              return SmallVector<Val>{taps.add(left, right, row, carried[0])};
            })[0];
        SmallVector<Value> arguments{sum};
        for (auto [param, pointer] : llvm::zip(op.getParams(), pointers.drop_front(2)))
          arguments.push_back(taps.loadParameter(param, pointer, channel));
        Val place = at.pixel * k.index(qk::outputChannels(op)) + channel;
        if (std::optional<Type> held = op.getInitFormat())
          arguments.push_back(k.load(pointers.back(), formatOf(*held), place));
        k.store(pointers.back(), formatOf(op.getOutFormat()), place, k.inlineRegion(op.getEpilogue(), arguments));
      });
    });
  });
}
