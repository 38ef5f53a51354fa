// The products of SMLAD in assembly, as loops need it: 8 sums, 2 pointers, and 4 registers for codes and weights are
// all there are.
#ifndef QCC_COMPILER_TARGET_ARM_M_DSPASSEMBLY_H
#define QCC_COMPILER_TARGET_ARM_M_DSPASSEMBLY_H

#include "compiler/codegen/Assembly.h"
#include "compiler/target/BlockTile.h"

namespace qcc::target {

struct DspRegisters {
  std::string lhs, rhs;
  llvm::SmallVector<std::string> sums; // [position][channel]
  llvm::SmallVector<std::string, 4> temporaries;
};

/// The products of a run, in units of equal instructions: a plane's taps, or one or two steps of a single position.
/// Both pointers move with each unit, so that no instruction depends on how many there are.
class DspProducts {
public:
  /// Of weights whose fields are half-words, pairs of bytes or nibbles.
  DspProducts(const BlockRun &run, const WeightFields &fields);
  static bool hasNibbles(const WeightFields &fields) { return fields.count == 4; }
  int64_t units() const { return unitsOf(run.steps); }
  int64_t unitsOf(int64_t steps) const { return steps / this->steps; }
  /// Bytes of weights of a unit.
  int64_t unitBytes() const { return steps * words() * wordBytes; }
  void emitUnit(codegen::AssemblyText &block, const DspRegisters &registers) const;
  /// Bytes of a unit's instructions.
  int64_t codeBytes() const;

private:
  int64_t words() const { return fields.packed(run.vectors); }
  bool hasPlanes() const { return run.planeBytes > 0; }
  void multiply(codegen::AssemblyText &block, const DspRegisters &registers, llvm::ArrayRef<std::string> codes) const;
  void multiplyWord(codegen::AssemblyText &block, const DspRegisters &registers, int64_t word,
                    const std::string &weights, const std::string &spare, llvm::ArrayRef<std::string> codes) const;

  static constexpr int64_t wordBytes = 4;
  const BlockRun &run;
  const WeightFields &fields;
  int64_t steps; // of a unit
};

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_ARM_M_DSPASSEMBLY_H
