// What stands around the products of a block: the sums' first values, and the epilogue for all channels of a vector at
// once.
#include "compiler/codegen/Emitters.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;

/// The parameter that the epilogue adds to the sum before anything else, if both are integers and used for nothing
/// else.
static std::optional<unsigned> biasOf(qk::ContractOp op) {
  Value sum = op.getEpilogue().front().getArgument(0);
  auto add = sum.hasOneUse() ? llvm::dyn_cast<arith::AddIOp>(*sum.user_begin()) : nullptr;
  if (!add)
    return std::nullopt;
  auto other = llvm::dyn_cast<BlockArgument>(add.getLhs() == sum ? add.getRhs() : add.getLhs());
  if (!other || !other.hasOneUse())
    return std::nullopt;
  return other.getArgNumber() - 1;
}

Epilogue::Epilogue(KernelBuilder &k, qk::ContractOp op, Pointers pointers, Val firstChannel, int64_t channels,
                   int64_t lanes)
    : k(k), op(op), pointers(pointers), firstChannel(firstChannel), channels(channels), lanes(lanes),
      vectors(llvm::divideCeil(channels, lanes)), bias(biasOf(op)) {
  Val zero = formatOf(op.getLhsFormat()).isFloat() ? k.f32(0) : k.i32(0);
  for (int64_t j = 0; j < vectors; ++j)
    starts.push_back(bias ? load(*bias, j) : lanes == 1 ? zero : k.broadcast(zero, lanes));
}

Val Epilogue::load(unsigned param, int64_t vector) {
  Type element = llvm::cast<ShapedType>(op.getParams()[param].getType()).getElementType();
  Val at = k.advance(pointers[2 + param], (firstChannel + vector * lanes) * (element.getIntOrFloatBitWidth() / 8));
  return lanes == 1 ? k.loadRaw(at, element, k.index(0)) : k.loadVector(at, element, lanes, validLanes(vector));
}

void Epilogue::store(Val firstPixel, ArrayRef<Val> sums) {
  qnn::NumberFormat out = formatOf(op.getOutFormat());
  int64_t total = op.getWindow().getGroups() * op.getWindow().getChannels()[1], codeBytes = out.getBits() / 8;
  Val firstCode = firstPixel * total + firstChannel;
  for (int64_t j = 0; j < vectors; ++j) {
    SmallVector<Value> arguments(1);
    for (unsigned param = 0; param < op.getParams().size(); ++param)
      // The bias is in the sum already.
      arguments.push_back(param == bias ? starts[j].constant(0) : load(param, j));
    for (int64_t i = 0; i < static_cast<int64_t>(sums.size()) / vectors; ++i) {
      arguments[0] = sums[i * vectors + j];
      Val code = k.inlineRegion(op.getEpilogue(), arguments);
      Val at = k.advance(pointers.back(), (firstCode + (i * total + j * lanes)) * codeBytes);
      if (lanes == 1)
        k.store(at, out, k.index(0), code);
      else
        k.storeVector(at, k.narrow(code, out.getUnpackedType()), validLanes(j));
    }
  }
}
