#include "compiler/target/generic/TileTable.h"

#include "compiler/target/generic/ScalarTile.h"

using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

/// The integer of one code, less the operand's zero point.
static Val decoded(KernelBuilder &k, const TileOperand &operand, Val i) {
  Val code = k.load(operand.pointer, operand.format, operand.position + i * operand.stride);
  if (operand.format.isFloat())
    return code;
  Val integer = k.integer(code, operand.format);
  return operand.zero ? integer - operand.zero : integer;
}

static Val emitScalar(KernelBuilder &k, const TileOperand &lhs, const TileOperand &rhs, Val count, Val accumulator) {
  return k.loop(count.constant(0), count, accumulator,
                [&](Val i, Val sum) { return sum + decoded(k, lhs, i) * decoded(k, rhs, i); });
}

llvm::ArrayRef<TileInstruction> target::genericTiles() {
  static const ScalarTile transformed(/*weightBytes=*/2, /*registers=*/6, /*instructionsPerProduct=*/2,
                                      /*longestBody=*/16, /*depthwisePositions=*/1, /*instructions=*/nullptr,
                                      /*codeBytes=*/2);
  static const TileInstruction tiles[] = {
      {"generic.int", "", /*isFloat=*/false, emitScalar, nullptr},
      {"generic.float", "", /*isFloat=*/true, emitScalar, nullptr},
      blockInstruction("generic.transformed", "", transformed),
  };
  return tiles;
}
