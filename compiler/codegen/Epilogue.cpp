// What stands around the products of a block: the sums' first values, and the epilogue for all channels of a vector at
// once.
#include "compiler/codegen/Emitters.h"
#include "dialects/qk/Queries.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;

Epilogue::Epilogue(KernelBuilder &k, qk::ContractOp op, Pointers pointers, Val firstChannel, int64_t channels,
                   int64_t lanes)
    : k(k), op(op), pointers(pointers), firstChannel(firstChannel), channels(channels), lanes(lanes),
      vectors(llvm::divideCeil(channels, lanes)), bias(qk::biasParam(op)) {
  Val zero = formatOf(op.getLhsFormat()).isFloat() ? k.f32(0) : k.i32(0);
  for (int64_t j = 0; j < vectors; ++j)
    starts.push_back(bias ? load(*bias, j) : lanes == 1 ? zero : k.broadcast(zero, lanes));
}

Val Epilogue::load(unsigned param, int64_t vector) {
  Type element = llvm::cast<ShapedType>(op.getParams()[param].getType()).getElementType();
  Val at = k.advance(pointers[2 + param], (firstChannel + vector * lanes) * (element.getIntOrFloatBitWidth() / 8));
  return lanes == 1 ? k.loadRaw(at, element, k.index(0)) : k.loadVector(at, element, lanes, validLanes(vector));
}

/// The epilogue for one vector of sums; `arguments` are what its region takes beside the sum.
void Epilogue::storeVector(Val pixel, int64_t vector, Val sum, SmallVector<Value> arguments) {
  qnn::NumberFormat out = formatOf(op.getOutFormat());
  int64_t total = op.getWindow().getGroups() * op.getWindow().getChannels()[1];
  arguments[0] = sum;
  Val code = k.inlineRegion(op.getEpilogue(), arguments);
  k.storeCodes(pointers.back(), out, pixel * total + firstChannel + vector * lanes, code, validLanes(vector));
}

void Epilogue::store(Val firstPixel, ArrayRef<Val> sums) {
  // With many sums of vectors, they go through memory: a loop over positions instead of a copy of the epilogue for
  // each, which the compiler would take longer for than for the products.
  constexpr size_t mostCopies = 4;
  auto positions = static_cast<int64_t>(sums.size()) / vectors;
  bool isLoop = lanes > 1 && sums.size() > mostCopies;
  Type type = sums[0].type();
  Val buffer = isLoop ? k.stackBuffer(type, static_cast<int64_t>(sums.size())) : Val();
  auto slot = [&](int64_t vector, Val position) { return position + vector * positions; };
  for (int64_t j = 0; isLoop && j < vectors; ++j)
    for (int64_t i = 0; i < positions; ++i)
      k.storeRaw(buffer, type, slot(j, k.index(i)), sums[i * vectors + j]);
  for (int64_t j = 0; j < vectors; ++j) {
    SmallVector<Value> arguments(1);
    for (unsigned param = 0; param < op.getParams().size(); ++param)
      // The bias is in the sum already.
      arguments.push_back(param == bias ? starts[j].constant(0) : load(param, j));
    if (isLoop)
      k.loopAsIs(k.index(0), k.index(positions), {}, [&](Val i, ArrayRef<Val>) {
        storeVector(firstPixel + i, j, k.loadRaw(buffer, type, slot(j, i)), arguments);
        return SmallVector<Val>();
      });
    else
      for (int64_t i = 0; i < positions; ++i)
        storeVector(firstPixel + i, j, sums[i * vectors + j], arguments);
  }
}
