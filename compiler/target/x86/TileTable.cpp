#include "compiler/target/x86/TileTable.h"

#include "compiler/target/VectorTile.h"
#include "compiler/target/generic/TileTable.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

namespace {

/// vpdpbusd: four products of unsigned codes and signed weights in each lane, added to it in 32 bits without
/// saturation.
class VnniTile : public VectorTile {
public:
  VnniTile(int64_t lanes, StringRef intrinsic, BlockCosts costs)
      : VectorTile(lanes, /*products=*/4, /*weightBytes=*/1, costs), intrinsic(intrinsic) {}

  Type stageFormat(MLIRContext *context) const override { return IntegerType::get(context, 8, IntegerType::Unsigned); }
  bool fits(int64_t smallestWeight, int64_t largestWeight) const override {
    return smallestWeight >= INT8_MIN && largestWeight <= INT8_MAX;
  }

  Type codesType(OpBuilder &b) const override { return b.getI32Type(); }
  VectorType weightsType(OpBuilder &b) const override { return VectorType::get({4 * lanes}, b.getI8Type()); }
  Val multiplyAdd(KernelBuilder &k, Val sum, Val lhs, Val rhs) const override {
    Val bytes = k.val(LLVM::BitcastOp::create(k.b, k.loc, rhs.type(), lhs));
    return k.intrinsic(intrinsic, sum.type(), {sum, bytes, rhs});
  }

private:
  StringRef intrinsic;
};

} // namespace

llvm::ArrayRef<TileInstruction> target::x86Tiles() {
  // Two multiply-adds and two loads a cycle, at the latencies of the cores that have the instructions.
  static const VnniTile vnni512(16, "llvm.x86.avx512.vpdpbusd.512", {32, 2, 2, 5});
  static const FloatVectorTile float512(16, {32, 2, 2, 4});
  static const FloatVectorTile float256(8, {16, 2, 2, 4});
  static const TileInstruction tiles[] = {
      blockInstruction("x86.avx512vnni", "avx512vnni", vnni512),
      blockInstruction("x86.avx512f", "avx512f", float512),
      blockInstruction("x86.fma", "fma", float256),
      genericTiles()[0],
      genericTiles()[1],
  };
  return tiles;
}
