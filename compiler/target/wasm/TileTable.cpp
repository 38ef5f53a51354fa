#include "compiler/target/wasm/TileTable.h"

#include "compiler/target/VectorTile.h"
#include "compiler/target/generic/TileTable.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

namespace {

/// i32x4.dot_i16x8_s: two products of 16 bits in each lane.
class DotTile : public IntegerVectorTile {
public:
  explicit DotTile(BlockCosts costs)
      : IntegerVectorTile(/*lanes=*/4, /*products=*/2, IntegerType::Signed, /*stageBits=*/16, /*weightBytes=*/2,
                          costs) {}
  Val multiplyAdd(KernelBuilder &k, Val sum, Val lhs, Val rhs) const override {
    return sum + k.intrinsic("llvm.wasm.dot", sum.type(), {asVectorOf(lhs, k.b.getI16Type()), rhs});
  }
};

/// f32x4.mul and f32x4.add: there is no fused form.
class MulAddTile : public FloatVectorTile {
public:
  using FloatVectorTile::FloatVectorTile;
  Val multiplyAdd(KernelBuilder &, Val sum, Val lhs, Val rhs) const override { return sum + lhs * rhs; }
};

} // namespace

llvm::ArrayRef<TileInstruction> target::wasmTiles() {
  // An engine on x86-64 has 16 registers, one of them for products before they are added.
  static const DotTile dot({15, 1.5, 2, 1});
  static const MulAddTile float128(4, {15, 1, 2, 4});
  static const BlockCosts ofSigns = {.registers = 7, .multiplyAdds = 0.4, .loads = 0.5, .latency = 2};
  static const SignedFloatTile signs(8, /*hasZeros=*/false, ofSigns), threes(8, /*hasZeros=*/true, ofSigns);
  static const TileInstruction tiles[] = {
      blockInstruction("wasm.dot", "simd128", dot),
      blockInstruction("wasm.float", "simd128", float128),
      blockInstruction("wasm.signs", "simd128", signs),
      blockInstruction("wasm.ternary", "simd128", threes),
      genericTiles()[0],
      genericTiles()[1],
  };
  return tiles;
}
