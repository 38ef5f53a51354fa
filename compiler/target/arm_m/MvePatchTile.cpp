#include "compiler/target/PatchTile.h"
#include "compiler/target/VectorTile.h"
#include "compiler/target/arm_m/MveTile.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

namespace {

/// Patches of bytes: vst4 puts four rows side by side, one gathering load makes a patch of four words, and each
/// position is a vmladav.
class MvePatchTile : public PatchTile {
public:
  MvePatchTile()
      : PatchTile(/*lanes=*/1, /*products=*/16, /*weightBytes=*/1,
                  {/*registers=*/8, /*multiplyAdds=*/1, /*loads=*/1, /*latency=*/1}) {}
  Type stageFormat(Type codes) const override { return IntegerType::get(codes.getContext(), 8, IntegerType::Signed); }
  bool fits(int64_t smallestWeight, int64_t largestWeight) const override {
    return smallestWeight >= INT8_MIN && largestWeight <= INT8_MAX;
  }
  int64_t gatheredSums() const override { return 4; }
  void storeApart(KernelBuilder &k, Val pointer, Val offsets, Val codes, Type element, int64_t count) const override {
    scatterMve(k, pointer, offsets, codes, element, count);
  }
  void interleave(KernelBuilder &k, Val to, ArrayRef<Val> rows) const override;
  Accumulators weights(KernelBuilder &k, Val packed, const PatchShape &shape) const override;
  Val places(KernelBuilder &k, Val pointer, const PatchShape &shape) const override;
  Val loadPatch(KernelBuilder &k, Val places, int64_t bytes) const override;
  Val multiplyAdd(KernelBuilder &k, Val sum, Val patch, Val weights) const override {
    return dotMve(k, sum, patch, weights);
  }
};

} // namespace

void MvePatchTile::interleave(KernelBuilder &k, Val to, ArrayRef<Val> rows) const {
  for (int64_t part = 0; part < 4; ++part) {
    SmallVector<Value> operands = {to, rows[0], rows[1], rows[2], rows[3], k.immediate(part)};
    LLVM::CallIntrinsicOp::create(k.b, k.loc, k.b.getStringAttr("llvm.arm.mve.vst4q.p0.v16i8"), operands);
  }
}

/// The taps of the first position, with zeros between them where a patch has more rows than the window.
static Val firstWeights(KernelBuilder &k, Val packed, const PatchShape &shape) {
  int64_t kernelRows = shape.window.getKernel()[0], kernelColumns = shape.window.getKernel()[1];
  Type byte = k.b.getI8Type();
  if (kernelRows == shape.rows || kernelColumns == 1)
    return loadBytesMve(k, packed, 0, shape.taps(), 1);
  SmallVector<int8_t> offsets(16, 0);
  SmallVector<bool> isTap(16, false);
  for (int64_t column = 0; column < kernelColumns; ++column)
    for (int64_t row = 0; row < kernelRows; ++row) {
      offsets[column * shape.rows + row] = static_cast<int8_t>(column * kernelRows + row);
      isTap[column * shape.rows + row] = true;
    }
  auto bytes = VectorType::get({16}, byte), bits = VectorType::get({16}, k.b.getI1Type());
  Val at = k.val(arith::ConstantOp::create(k.b, k.loc, DenseElementsAttr::get(bytes, ArrayRef<int8_t>(offsets))));
  Val mask = k.val(arith::ConstantOp::create(k.b, k.loc, DenseElementsAttr::get(bits, isTap)));
  return k.intrinsic("llvm.arm.mve.vldr.gather.offset.predicated.v16i8.p0.v16i8.v16i1", bytes,
                     {packed, at, k.immediate(8), k.immediate(0), k.immediate(1), mask});
}

/// The bytes of a vector of words `count` places further up, zeros behind them: vshlc moves at most four. `zero` is
/// what it shifts in, then what it has shifted out: there is nothing but zeros behind the taps.
static Val shiftUp(KernelBuilder &k, Val words, int64_t count, Val &zero) {
  auto pair = LLVM::LLVMStructType::getLiteral(k.b.getContext(), {k.b.getI32Type(), words.type()});
  for (; count > 0; count -= 4) {
    Val bits = k.immediate(8 * std::min<int64_t>(count, 4));
    Val shifted = k.intrinsic("llvm.arm.mve.vshlc.v4i32", pair, {words, zero, bits});
    zero = k.val(LLVM::ExtractValueOp::create(k.b, k.loc, shifted, 0));
    words = k.val(LLVM::ExtractValueOp::create(k.b, k.loc, shifted, 1));
  }
  return words;
}

Accumulators MvePatchTile::weights(KernelBuilder &k, Val packed, const PatchShape &shape) const {
  Accumulators result;
  Val words = asVectorOf(firstWeights(k, packed, shape), k.b.getI32Type());
  int64_t done = 0;
  Val zero = k.i32(0);
  for (int64_t column = 0; column < shape.columnsAtOnce; ++column)
    for (int64_t row = 0; row < shape.rowsAtOnce; ++row) {
      int64_t place = column * shape.window.getStrides()[1] * shape.rows + row * shape.window.getStrides()[0];
      words = shiftUp(k, words, place - done, zero);
      done = place;
      result.push_back(asVectorOf(words, k.b.getI8Type()));
    }
  return result;
}

/// Addresses of words. Those that a patch does not have are its first one again, and meet zeros.
Val MvePatchTile::places(KernelBuilder &k, Val pointer, const PatchShape &shape) const {
  int64_t groups = shape.rows / PatchShape::groupRows;
  SmallVector<int64_t> group(PatchShape::words, 0), column(PatchShape::words, 0);
  for (int64_t word = 0; word < groups * shape.columns; ++word) {
    group[word] = word % groups;
    column[word] = word / groups;
  }
  Val at = k.multiples(column, shape.chunk * PatchShape::groupRows);
  if (groups > 1)
    at = at + k.multiples(group, shape.groupBytes());
  Val first = k.val(LLVM::PtrToIntOp::create(k.b, k.loc, k.b.getI32Type(), pointer));
  return at + k.broadcast(first, PatchShape::words);
}

/// The instruction adds up to 127 words to all addresses.
Val MvePatchTile::loadPatch(KernelBuilder &k, Val places, int64_t bytes) const {
  constexpr int64_t reach = 127 * 4;
  if (bytes % 4 != 0 || bytes > reach)
    places = places + bytes, bytes = 0;
  Val words = k.intrinsic("llvm.arm.mve.vldr.gather.base.v4i32.v4i32", places.type(), {places, k.immediate(bytes)});
  return asVectorOf(words, k.b.getI8Type());
}

const BlockTile &target::mvePatchTile() {
  static const MvePatchTile tile;
  return tile;
}
