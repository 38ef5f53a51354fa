#include "compiler/target/RowBuffers.h"

#include "compiler/target/BlockTile.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::target;

static bool isPacked(Type codes) { return llvm::cast<qnn::NumberFormat>(codes).getBits() < 8; }

Type target::bytesFormat(Type codes) {
  bool isSigned = llvm::cast<qnn::NumberFormat>(codes).isSignedCode();
  return IntegerType::get(codes.getContext(), 8, isSigned ? IntegerType::Signed : IntegerType::Unsigned);
}

bool target::unpacksRows(qk::ContractOp op, const BlockTile &tile) {
  return isPacked(op.getLhsFormat()) && !tile.asBits();
}

bool target::packsRows(qk::ContractOp op, const BlockTile &tile) {
  bool isTransformed = op.getSchedule() && op.getSchedule()->getTiles() > 0; // outputs are not in the order of rows
  bool storesBits = tile.lanes > 1 && !DepthwiseShape::matches(op.getWindow()) &&
                    llvm::cast<qnn::NumberFormat>(op.getOutFormat()).getBits() == 1;
  return isPacked(op.getOutFormat()) && !tile.asBits() && !isTransformed && !storesBits;
}

Type target::storedFormat(qk::ContractOp op, const BlockTile &tile) {
  return packsRows(op, tile) ? bytesFormat(op.getOutFormat()) : op.getOutFormat();
}

RowBuffers::RowBuffers(qk::ContractOp op, const BlockTile &tile, qk::WindowAttr window, int64_t together) {
  constexpr int64_t alignment = 16;
  auto bytesOf = [&](int64_t codes) { return static_cast<int64_t>(llvm::alignTo(codes, alignment)); };
  int64_t groups = window.getGroups();
  input = unpacksRows(op, tile) ? bytesOf(window.getInput()[1] * groups * window.getChannels()[0]) : 0;
  output = packsRows(op, tile) ? bytesOf(together * window.getOutput()[1] * groups * window.getChannels()[1]) : 0;
}
