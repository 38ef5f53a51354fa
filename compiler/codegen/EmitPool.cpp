// Pools: loops over positions and channels, codes of all taps inside the image combined in registers, the epilogue.
#include "compiler/codegen/Emitters.h"
#include "compiler/codegen/WindowLoops.h"
#include "dialects/qk/Queries.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;

namespace {

class PoolEmitter {
public:
  PoolEmitter(KernelBuilder &k, qk::PoolOp op, Pointers pointers);
  void emit();

private:
  /// Neighbouring channels that are computed at once, counted from the first of their block.
  struct Part {
    int64_t first, lanes, valid;
  };
  void emitBlock(const WindowLoops::Taps &taps, Val channel, ArrayRef<Part> parts);
  Val start(int64_t lanes);
  Val load(Val position, const Part &part);
  Val combine(Val a, Val b);
  Val finish(Val result, Val count, int64_t lanes);
  int64_t bitsTogether();

  KernelBuilder &k;
  qk::PoolOp op;
  Pointers pointers;
  qk::WindowAttr window;
  qnn::NumberFormat in, out;
  bool isMax;
  int64_t together; // channels whose bits are one number, for an or has the largest of each; 1 of other codes
  int64_t channels; // numbers of a pixel
  bool staysNarrow; // codes are compared as they are stored
  int64_t lanes;
  WindowLoops loops;
};

PoolEmitter::PoolEmitter(KernelBuilder &k, qk::PoolOp op, Pointers pointers)
    : k(k), op(op), pointers(pointers), window(op.getWindow()), in(formatOf(op.getInFormat())),
      out(formatOf(op.getOutFormat())), isMax(op.getKind() == qk::PoolKind::Max), together(bitsTogether()),
      channels(window.getGroups() / together), loops(k, window) {
  if (together > 1)
    in = out = formatOf(IntegerType::get(k.b.getContext(), together, IntegerType::Unsigned));
  bool isWhole = k.hasWholeCodes(in) && k.hasWholeCodes(out);
  lanes = isWhole ? k.vectorLanes : 1;
  staysNarrow = isMax && lanes > 1 && in.getBits() < 32 && !in.isFloat();
  if (staysNarrow)
    lanes *= 32 / in.getBits();
}

/// Whole words, or bytes, if a pixel has no other bits and nothing is left to be done with the largest code.
int64_t PoolEmitter::bitsTogether() {
  Block &epilogue = op.getEpilogue().front();
  bool isPlain = epilogue.getTerminator()->getOperand(0) == epilogue.getArgument(0);
  if (!isMax || in.getBits() != 1 || in.isSignedCode() || out.getBits() != 1 || !isPlain)
    return 1;
  return window.getGroups() % 32 == 0 ? 32 : window.getGroups() % 8 == 0 ? 8 : 1;
}

Val PoolEmitter::start(int64_t count) {
  if (together > 1 && !staysNarrow)
    return k.broadcast(k.i32(0), count);
  Val lowest = in.isFloat() ? k.f32(isMax ? -HUGE_VALF : 0) : k.i32(isMax ? INT32_MIN : 0);
  if (staysNarrow) {
    unsigned bits = in.getBits();
    lowest = k.val(arith::ConstantOp::create(
        k.b, k.loc,
        k.b.getIntegerAttr(in.getUnpackedType(), in.isSignedCode() ? APInt::getSignedMinValue(bits) : APInt(bits, 0))));
  }
  return count == 1 ? lowest : k.broadcast(lowest, count);
}

Val PoolEmitter::load(Val position, const Part &part) {
  if (staysNarrow && part.lanes == 1)
    return k.loadRaw(pointers[0], in.getUnpackedType(), position);
  if (staysNarrow)
    return k.loadStored(pointers[0], in, position, part.lanes, part.valid);
  return k.loadCodes(pointers[0], in, position, part.lanes, part.valid);
}

Val PoolEmitter::combine(Val a, Val b) {
  if (!isMax)
    return a + b;
  if (together > 1)
    return a | b;
  return k.max(a, b, /*areSigned=*/!staysNarrow || in.isSignedCode());
}

/// The code of the output for a result and the number of its elements.
Val PoolEmitter::finish(Val result, Val count, int64_t vectorLanes) {
  if (together > 1)
    return result;
  auto epilogue = [&](Val number) {
    Val repeated = vectorLanes == 1 ? number : k.broadcast(number, vectorLanes);
    return k.inlineRegion(op.getEpilogue(), ValueRange{result, repeated});
  };
  bool usesCount = !op.getEpilogue().getArgument(1).use_empty();
  bool isConstant = qk::staysInside(window, 0) && qk::staysInside(window, 1);
  if (vectorLanes == 1 || !usesCount || isConstant)
    return epilogue(count);
  // Machines divide no vectors: away from the border, the number is a constant and the division a multiplication.
  Val full = k.i32(qk::windowSize(window));
  return k.ifThenElse(
      count == full, result.typeOf(out.isFloat() ? Type(k.b.getF32Type()) : Type(k.b.getI32Type())),
      [&] { return epilogue(full); }, [&] { return epilogue(count); });
}

void PoolEmitter::emitBlock(const WindowLoops::Taps &taps, Val channel, ArrayRef<Part> parts) {
  SmallVector<Val> results;
  for (const Part &part : parts)
    results.push_back(start(part.lanes));
  results = loops.forEachTap(taps, results, [&](Val, Val, Val pixel, ArrayRef<Val> carried) {
    Val first = pixel * channels + channel;
    SmallVector<Val> next;
    for (auto [part, value] : llvm::zip(parts, carried))
      next.push_back(combine(value, load(first + part.first, part)));
    return next;
  });
  Val count = loops.count(taps), first = taps.at.pixel * channels + channel;
  for (auto [part, result] : llvm::zip(parts, results)) {
    Val code = staysNarrow ? k.extendCodes(result, in) : result;
    k.storeCodes(pointers[1], out, first + part.first, finish(code, count, part.lanes), part.valid);
  }
}

void PoolEmitter::emit() {
  // Enough vectors at a time that the loop over taps costs little.
  constexpr int64_t blockVectors = 4;
  int64_t perBlock = lanes == 1 ? 1 : blockVectors, block = perBlock * lanes;
  SmallVector<Part> full, rest;
  for (int64_t i = 0; i < perBlock; ++i)
    full.push_back({i * lanes, lanes, lanes});
  for (int64_t first = 0, left = channels % block; first < left; first += lanes) {
    int64_t valid = std::min(lanes, left - first);
    rest.push_back({first, static_cast<int64_t>(llvm::PowerOf2Ceil(valid)), valid});
  }
  loops.forEachPixel(/*descends=*/false, [&](const WindowLoops::Position &at) {
    WindowLoops::Taps taps = loops.tapsInside(at);
    if (channels >= block)
      k.loop(k.index(channels / block), [&](Val i) { emitBlock(taps, i * block, full); });
    if (!rest.empty())
      emitBlock(taps, k.index(channels / block * block), rest);
  });
}
} // namespace

void codegen::emitPool(KernelBuilder &k, qk::PoolOp op, Pointers pointers) { PoolEmitter(k, op, pointers).emit(); }
