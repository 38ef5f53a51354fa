#include "compiler/target/VectorTile.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

namespace {
/// Writes the products of one run.
class RunEmitter {
public:
  RunEmitter(KernelBuilder &k, const VectorTile &tile, const BlockRun &run)
      : k(k), tile(tile), run(run), codes(tile.codesType(k.b)), weights(tile.weightsType(k.b)),
        stepBytes(codes.getIntOrFloatBitWidth() / 8),
        vectorBytes(weights.getNumElements() * weights.getElementTypeBitWidth() / 8) {}

  Accumulators emit(Accumulators sums);
  Accumulators emitSliding(Accumulators sums);

private:
  using Step = llvm::function_ref<void(Val lhs, Val rhs, Accumulators &sums)>;
  Accumulators repeat(int64_t count, int64_t unroll, Accumulators sums, Step step);
  Val loadWeights(Val pointer) {
    return k.loadVector(pointer, weights.getElementType(), weights.getNumElements(), weights.getNumElements());
  }
  Val loadCodes(Val pointer) {
    return k.broadcast(k.val(LLVM::LoadOp::create(k.b, k.loc, codes, pointer, 1)), tile.lanes);
  }

  KernelBuilder &k;
  const VectorTile &tile;
  const BlockRun &run;
  Type codes;
  VectorType weights;
  int64_t stepBytes, vectorBytes;
};
} // namespace

/// `count` steps, `unroll` of them in one round of a loop.
Accumulators RunEmitter::repeat(int64_t count, int64_t unroll, Accumulators sums, Step step) {
  int64_t weightBytes = run.vectors * vectorBytes;
  auto steps = [&](Val lhs, Val rhs, Accumulators &in, int64_t steps) {
    for (int64_t s = 0; s < steps; ++s)
      step(k.advance(lhs, s * stepBytes), k.advance(rhs, s * weightBytes), in);
  };
  int64_t loops = count / unroll, done = loops * unroll;
  if (loops > 1)
    sums = k.loopAsIs(k.index(0), k.index(loops), sums, [&](Val i, ArrayRef<Val> carried) {
      Accumulators in(carried);
      steps(k.advance(run.lhs, i * (unroll * stepBytes)), k.advance(run.rhs, i * (unroll * weightBytes)), in, unroll);
      return in;
    });
  else
    done = 0;
  steps(k.advance(run.lhs, done * stepBytes), k.advance(run.rhs, done * weightBytes), sums, count - done);
  return sums;
}

// As many multiply-adds in a row as keep a loop's own work small.
static constexpr int64_t longestBody = 128;

Accumulators RunEmitter::emit(Accumulators sums) {
  int64_t unroll = std::clamp<int64_t>(longestBody / std::max<int64_t>(1, run.positions * run.vectors), 1, run.steps);
  // Not so many that one code belongs to two positions, for LLVM would then keep it in a register from one use to the
  // next.
  if (run.positions > 1)
    unroll = std::clamp<int64_t>(run.positionBytes / stepBytes, 1, unroll);
  return repeat(run.steps, unroll, sums, [&](Val lhs, Val rhs, Accumulators &in) {
    SmallVector<Val> w;
    for (int64_t j = 0; j < run.vectors; ++j)
      w.push_back(loadWeights(k.advance(rhs, j * vectorBytes)));
    for (int64_t i = 0; i < run.positions; ++i) {
      Val code = loadCodes(k.advance(lhs, i * run.positionBytes));
      for (int64_t j = 0; j < run.vectors; ++j) {
        Val &sum = in[i * run.vectors + j];
        sum = tile.multiplyAdd(k, sum, code, w[j]);
      }
    }
  });
}

/// One step of all taps at once: the codes of a column are loaded once, for every position whose window has it.
Accumulators RunEmitter::emitSliding(Accumulators sums) {
  int64_t tapSteps = run.steps / run.taps;
  int64_t unroll = std::clamp<int64_t>(longestBody / (run.positions * run.taps), 1, tapSteps);
  return repeat(tapSteps, unroll, sums, [&](Val lhs, Val rhs, Accumulators &in) {
    SmallVector<Val> w;
    for (int64_t t = 0; t < run.taps; ++t)
      w.push_back(loadWeights(k.advance(rhs, t * tapSteps * vectorBytes)));
    for (int64_t column = 0; column < run.positions + run.taps - 1; ++column) {
      Val code = loadCodes(k.advance(lhs, column * run.positionBytes));
      for (int64_t t = std::max<int64_t>(0, column - run.positions + 1); t < std::min(run.taps, column + 1); ++t)
        in[column - t] = tile.multiplyAdd(k, in[column - t], code, w[t]);
    }
  });
}

Accumulators VectorTile::run(KernelBuilder &k, const BlockRun &run, Accumulators sums) const {
  RunEmitter emitter(k, *this, run);
  bool fits = run.positions + run.taps + 1 <= costs.registers;
  return run.taps > 1 && run.vectors == 1 && fits ? emitter.emitSliding(sums) : emitter.emit(sums);
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

Val target::opaque(Val value, StringRef constraint) {
  auto copy = LLVM::InlineAsmOp::create(value.k->b, value.k->loc, value.type(), ValueRange{value}, /*asm_string=*/"",
                                        ("=" + constraint + ",0").str(), /*has_side_effects=*/false,
                                        /*is_align_stack=*/false, LLVM::tailcallkind::TailCallKind::None,
                                        LLVM::AsmDialectAttr(), ArrayAttr());
  return value.k->val(copy.getResult(0));
}

Type FloatVectorTile::stageFormat(MLIRContext *context) const { return Float32Type::get(context); }
Type FloatVectorTile::codesType(OpBuilder &b) const { return b.getF32Type(); }
VectorType FloatVectorTile::weightsType(OpBuilder &b) const { return VectorType::get({lanes}, b.getF32Type()); }

Val FloatVectorTile::multiplyAdd(KernelBuilder &k, Val sum, Val lhs, Val rhs) const {
  return k.val(LLVM::FMAOp::create(k.b, k.loc, sum.type(), lhs, rhs, sum));
}
