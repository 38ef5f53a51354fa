// What follows the sums of a block: the epilogue, for all of a vector's channels at once.
#include "compiler/codegen/Emitters.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;

void codegen::storeSums(KernelBuilder &k, qk::ContractOp op, Pointers pointers, Val firstPixel, Val firstChannel,
                        int64_t channels, int64_t lanes, ArrayRef<Val> sums) {
  qnn::NumberFormat out = formatOf(op.getOutFormat());
  int64_t total = op.getWindow().getGroups() * op.getWindow().getChannels()[1], codeBytes = out.getBits() / 8;
  int64_t vectors = llvm::divideCeil(channels, lanes), positions = static_cast<int64_t>(sums.size()) / vectors;
  Val first = firstPixel * total + firstChannel;
  for (int64_t j = 0; j < vectors; ++j) {
    int64_t lane = j * lanes, valid = std::min(lanes, channels - lane);
    SmallVector<Value> arguments(1);
    for (auto [param, pointer] : llvm::zip(op.getParams(), pointers.drop_front(2))) {
      Type element = llvm::cast<ShapedType>(param.getType()).getElementType();
      Val at = k.advance(pointer, (firstChannel + lane) * (element.getIntOrFloatBitWidth() / 8));
      arguments.push_back(lanes == 1 ? k.loadRaw(at, element, k.index(0)) : k.loadVector(at, element, lanes, valid));
    }
    for (int64_t i = 0; i < positions; ++i) {
      arguments[0] = sums[i * vectors + j];
      Val code = k.inlineRegion(op.getEpilogue(), arguments);
      Val at = k.advance(pointers.back(), (first + (i * total + lane)) * codeBytes);
      if (lanes == 1)
        k.store(at, out, k.index(0), code);
      else
        k.storeVector(at, k.narrow(code, out.getUnpackedType()), valid);
    }
  }
}
