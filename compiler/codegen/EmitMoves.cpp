// Maps, tables and gathers.
#include "compiler/codegen/Emitters.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;

/// Adjacent dimensions over which every access moves by the same amount are one: a smaller box with the same points.
static void collapseBox(SmallVector<int64_t> &shape, SmallVector<SmallVector<int64_t>> &strides) {
  for (size_t i = shape.size(); i-- > 1;) {
    bool merges = llvm::all_of(strides, [&](ArrayRef<int64_t> s) { return s[i - 1] == s[i] * shape[i]; });
    if (!merges && shape[i] != 1 && shape[i - 1] != 1)
      continue;
    // A dimension of size 1 gives way to its neighbour.
    bool keepsInner = merges || shape[i - 1] == 1;
    for (SmallVector<int64_t> &s : strides)
      s.erase(s.begin() + (keepsInner ? i - 1 : i));
    shape[i - 1] *= shape[i];
    shape.erase(shape.begin() + i);
  }
}

void codegen::emitMap(KernelBuilder &k, qk::MapOp op, Pointers pointers) {
  SmallVector<int64_t> shape(op.getShape());
  SmallVector<qk::AccessAttr> accesses(op.getAccesses().getAsRange<qk::AccessAttr>());
  SmallVector<SmallVector<int64_t>> strides;
  for (qk::AccessAttr access : accesses)
    strides.emplace_back(access.getStrides());
  collapseBox(shape, strides);

  std::function<void(size_t, SmallVector<Val>)> emitDimension = [&](size_t dimension, SmallVector<Val> positions) {
    if (dimension < shape.size()) {
      k.loop(k.index(shape[dimension]), [&](Val i) {
        SmallVector<Val> inner;
        for (auto [position, stride] : llvm::zip(positions, strides))
          inner.push_back(position + i * k.index(stride[dimension]));
        emitDimension(dimension + 1, inner);
      });
      return;
    }
    SmallVector<Value> codes;
    for (size_t i = 0; i + 1 < accesses.size(); ++i)
      codes.push_back(k.load(pointers[i], formatOf(accesses[i].getFormat()), positions[i]));
    k.store(pointers.back(), formatOf(accesses.back().getFormat()), positions.back(),
            k.inlineRegion(op.getBody(), codes));
  };
  SmallVector<Val> offsets;
  for (qk::AccessAttr access : accesses)
    offsets.push_back(k.index(access.getOffset()));
  emitDimension(0, offsets);
}

void codegen::emitLookup(KernelBuilder &k, qk::LookupOp op, Pointers pointers) {
  qnn::NumberFormat in = formatOf(op.getInFormat()), out = formatOf(op.getOutFormat());
  int64_t mask = (int64_t(1) << in.getBits()) - 1;
  k.loop(k.index(op.getCount()), [&](Val i) {
    Val pattern = k.load(pointers[0], in, i) & mask;
    Type element = out.getUnpackedType();
    Val entry = k.loadRaw(pointers[1], element, k.toIndex(pattern));
    if (element.isInteger(8) || element.isInteger(16))
      entry = k.val(arith::ExtSIOp::create(k.b, k.loc, k.b.getI32Type(), entry));
    k.store(pointers[2], out, i, entry);
  });
}

void codegen::emitGather(KernelBuilder &k, qk::GatherOp op, Pointers pointers) {
  qnn::NumberFormat format = formatOf(op.getFormat());
  ArrayRef<int64_t> shape = op.getShape(), in = op.getInputShape();
  Val height = k.index(shape[1]), width = k.index(shape[2]), channels = k.index(shape[3]);
  k.loop(k.index(shape[0]), [&](Val n) {
    k.loop(height, [&](Val y) {
      Val row = n * k.index(in[0]) + k.toIndex(k.loadRaw(pointers[1], k.b.getI32Type(), y));
      k.loop(width, [&](Val x) {
        Val from = row * k.index(in[1]) + k.toIndex(k.loadRaw(pointers[2], k.b.getI32Type(), x));
        Val to = (n * height + y) * width + x;
        k.loop(channels, [&](Val c) {
          k.store(pointers[3], format, to * channels + c, k.load(pointers[0], format, from * channels + c));
        });
      });
    });
  });
}
