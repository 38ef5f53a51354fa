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

/// Floats times floats or integers. A weight of -1 or 1 changes the sign of a float, or does not; nothing is
/// multiplied.
static Val emitFloat(KernelBuilder &k, const TileOperand &lhs, const TileOperand &rhs, Val count, Val accumulator) {
  if (rhs.format.isFloat())
    return emitScalar(k, lhs, rhs, count, accumulator);
  return k.loop(count.constant(0), count, accumulator, [&](Val i, Val sum) {
    Val code = decoded(k, lhs, i), weight = decoded(k, rhs, i);
    if (rhs.format.getIntegerRange() != std::pair<int64_t, int64_t>(-1, 1) || rhs.format.getBits() > 1 || rhs.zero != 0)
      return sum + code * k.toFloat(weight);
    Val signedCode = k.bitcast(code, k.b.getI32Type()) ^ (weight & weight.constant(INT32_MIN));
    return sum + k.bitcast(signedCode, k.b.getF32Type());
  });
}

namespace {
/// Numbers of f32 one by one, which only Winograd's algorithm transforms; not fused, for that may be a call.
class TransformedFloatTile : public FloatVectorTile {
public:
  TransformedFloatTile(double cyclesPerOperation)
      : FloatVectorTile(/*lanes=*/1, {/*registers=*/8, 1 / cyclesPerOperation, 1 / cyclesPerOperation, /*latency=*/1}) {
  }
  bool isForTransformed() const override { return true; }
  Val multiplyAdd(KernelBuilder &, Val sum, Val lhs, Val rhs) const override { return sum + lhs * rhs; }
};
} // namespace

llvm::ArrayRef<TileInstruction> target::genericTiles() {
  static const ScalarTile transformed(/*weightBytes=*/2, /*registers=*/6, /*instructionsPerProduct=*/2,
                                      /*longestBody=*/16, /*depthwisePositions=*/1, /*instructions=*/nullptr,
                                      /*codeBytes=*/2);
  static const TransformedFloatTile transformedFloats(/*cyclesPerOperation=*/8);
  static const TileInstruction tiles[] = {
      {"generic.int", "", /*isFloat=*/false, emitScalar, nullptr},
      {"generic.float", "", /*isFloat=*/true, emitFloat, nullptr},
      blockInstruction("generic.transformed", "", transformed),
      blockInstruction("generic.transformed.float", "", transformedFloats),
  };
  return tiles;
}
