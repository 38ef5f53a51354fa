// Blocks of single numbers, for cores without vectors: each code and each weight is loaded once for all products of a
// step.
#ifndef QCC_COMPILER_TARGET_GENERIC_SCALARTILE_H
#define QCC_COMPILER_TARGET_GENERIC_SCALARTILE_H

#include "compiler/target/VectorTile.h"

namespace qcc::target {

/// The instructions of an inner loop. {0}, {1}, ... stand for registers and numbers.
struct ScalarInstructions {
  const char *load8, *load16; // {0} = sign-extended code at {1} + {2}
  const char *multiplyAdd;    // {0} += {1} * {2}, where {3} may be changed
  const char *prefix;         // {0} = the lowest {2} bits of {1} with their sign, the others being {3}
  const char *lookUp;    // {0} = sign-extended code at {2} + the four bits of {1} from bit {3} on, behind {4} others
  const char *add;       // {0} += number {1}
  const char *loop;      // goes on with label 1 if {0} is not {1}
  int64_t largestOffset; // of a load
};

/// Signed codes of 8 bits, read where they lie or staged, times weights of `weightBytes`; or codes of 16 bits, which
/// only Winograd's algorithm makes.
class ScalarTile : public IntegerVectorTile {
public:
  /// Without instructions of its own, the inner loop is left to LLVM: on most cores it loads and multiplies far ahead,
  /// and spills the products.
  /// `registers` hold sums, weights and codes; a product takes so many instructions beside its loads, each of which
  /// takes `instructionsPerLoad`, and about `longestBody` of them in a row keep a loop's own work small. A field of
  /// `fields` but the last takes `instructionsPerPrefix`.
  ScalarTile(int64_t weightBytes, int64_t registers, double instructionsPerProduct, int64_t longestBody,
             int64_t depthwisePositions, const ScalarInstructions *instructions = nullptr, int64_t codeBytes = 1,
             double instructionsPerLoad = 1, WeightFields fields = {}, double instructionsPerPrefix = 0)
      : IntegerVectorTile(/*lanes=*/1, /*products=*/1, mlir::IntegerType::Signed, 8 * codeBytes, weightBytes,
                          {.registers = registers,
                           .multiplyAdds = 1 / instructionsPerProduct,
                           .loads = 1 / (1 + instructionsPerProduct),
                           .latency = 1,
                           .depthwisePositions = depthwisePositions,
                           .prefix = instructionsPerPrefix},
                          /*masksTail=*/false, std::move(fields)),
        longestBody(longestBody), codeBytes(codeBytes), instructions(instructions),
        instructionsPerLoad(instructionsPerLoad) {}
  bool isForTransformed() const override { return codeBytes > 1; }
  /// Sums come into a block of assembly in registers of their own, and LLVM needs some beside them to compute the last
  /// ones: of all registers taken, it finds none, and stops.
  bool holdsBlock(int64_t positions, int64_t vectors) const override {
    constexpr int64_t beside = 3;
    return IntegerVectorTile::holdsBlock(positions, vectors) &&
           (!instructions || positions * vectors + beside <= costs.registers);
  }
  double blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const override;
  int64_t rowLength(int64_t positions, int64_t) const override { return largestDivisor(positions, 64); }
  int64_t stepsAtOnce(const BlockRun &run) const override;
  Accumulators run(codegen::KernelBuilder &k, const BlockRun &run, Accumulators sums) const override;
  codegen::Val fieldOf(codegen::KernelBuilder &k, codegen::Val packed, int64_t field,
                       llvm::ArrayRef<int8_t> table) const override;
  codegen::Val multiplyAdd(codegen::KernelBuilder &k, codegen::Val sum, codegen::Val lhs,
                           codegen::Val rhs) const override;

private:
  int64_t longestBody, codeBytes;
  const ScalarInstructions *instructions;
  double instructionsPerLoad;
};

/// Instructions of a block, where they are done one by one: each step, the numbers of each channel, and the epilogue of
/// each sum.
double instructionsOfBlock(const BlockShape &shape, int64_t positions, int64_t vectors, double instructionsOfStep);

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_GENERIC_SCALARTILE_H
