#include "compiler/target/VectorTile.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

Accumulators VectorTile::run(KernelBuilder &k, const BlockRun &run, Accumulators sums) const {
  Type codes = codesType(k.b);
  VectorType weights = weightsType(k.b);
  int64_t stepBytes = codes.getIntOrFloatBitWidth() / 8;
  int64_t vectorBytes = weights.getNumElements() * weights.getElementTypeBitWidth() / 8;
  auto step = [&](Val lhs, Val rhs, Accumulators in) {
    SmallVector<Val> w;
    for (int64_t j = 0; j < run.vectors; ++j)
      w.push_back(k.loadVector(k.advance(rhs, j * vectorBytes), weights.getElementType(), weights.getNumElements(),
                               weights.getNumElements()));
    for (int64_t i = 0; i < run.positions; ++i) {
      Val code = k.val(LLVM::LoadOp::create(k.b, k.loc, codes, k.advance(lhs, i * run.positionBytes), 1));
      Val repeated = k.broadcast(code, lanes);
      for (int64_t j = 0; j < run.vectors; ++j) {
        Val &sum = in[i * run.vectors + j];
        sum = multiplyAdd(k, sum, repeated, w[j]);
      }
    }
    return in;
  };
  // As many steps in a row as keep the loop's own work small; but not so many that one code belongs to two positions,
  // for LLVM would then keep it in a register from one use to the next.
  constexpr int64_t longestBody = 128;
  int64_t block = std::max<int64_t>(1, run.positions * run.vectors);
  int64_t unroll = std::clamp<int64_t>(longestBody / block, 1, run.steps);
  if (run.positions > 1)
    unroll = std::clamp<int64_t>(run.positionBytes / stepBytes, 1, unroll);
  auto steps = [&](Val lhs, Val rhs, Accumulators in, int64_t count) {
    for (int64_t s = 0; s < count; ++s)
      in = step(k.advance(lhs, s * stepBytes), k.advance(rhs, s * run.vectors * vectorBytes), in);
    return in;
  };
  int64_t loops = run.steps / unroll, rest = run.steps % unroll;
  if (loops == 1 && rest == 0)
    return steps(run.lhs, run.rhs, sums, run.steps);
  sums = k.loopAsIs(k.index(0), k.index(loops), sums, [&](Val i, ArrayRef<Val> carried) {
    return steps(k.advance(run.lhs, i * (unroll * stepBytes)),
                 k.advance(run.rhs, i * (unroll * run.vectors * vectorBytes)), Accumulators(carried), unroll);
  });
  int64_t done = loops * unroll;
  return steps(k.advance(run.lhs, done * stepBytes), k.advance(run.rhs, done * run.vectors * vectorBytes), sums, rest);
}

Type IntegerVectorTile::stageFormat(MLIRContext *context) const {
  return IntegerType::get(context, stageBits, signedness);
}
bool IntegerVectorTile::fits(int64_t smallestWeight, int64_t largestWeight) const {
  return llvm::isIntN(8 * weightBytes, smallestWeight) && llvm::isIntN(8 * weightBytes, largestWeight);
}
Type IntegerVectorTile::codesType(OpBuilder &b) const { return b.getIntegerType(stageBits * products); }
VectorType IntegerVectorTile::weightsType(OpBuilder &b) const {
  return VectorType::get({lanes * products}, b.getIntegerType(8 * weightBytes));
}

Val target::asVectorOf(Val vector, Type element) {
  auto type = llvm::cast<VectorType>(vector.type());
  int64_t bits = type.getNumElements() * type.getElementTypeBitWidth();
  auto other = VectorType::get({bits / element.getIntOrFloatBitWidth()}, element);
  return vector.k->val(LLVM::BitcastOp::create(vector.k->b, vector.k->loc, other, vector));
}

Type FloatVectorTile::stageFormat(MLIRContext *context) const { return Float32Type::get(context); }
Type FloatVectorTile::codesType(OpBuilder &b) const { return b.getF32Type(); }
VectorType FloatVectorTile::weightsType(OpBuilder &b) const { return VectorType::get({lanes}, b.getF32Type()); }

Val FloatVectorTile::multiplyAdd(KernelBuilder &k, Val sum, Val lhs, Val rhs) const {
  return k.val(LLVM::FMAOp::create(k.b, k.loc, sum.type(), lhs, rhs, sum));
}
