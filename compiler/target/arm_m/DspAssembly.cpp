#include "compiler/target/arm_m/DspAssembly.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

DspProducts::DspProducts(const BlockRun &run, const WeightFields &fields) : run(run), fields(fields) {
  // Nibbles need a register where the codes of the second step would be.
  bool readsPairs = run.lhsAlign % 4 == 0 && run.steps % 2 == 0 && !hasNibbles(fields);
  steps = hasPlanes() ? run.taps : readsPairs ? 2 : 1;
}

/// Products with each prefix of the half-words; what a shift to the left brings from one half to the other is cleared.
void DspProducts::multiplyWord(AssemblyText &block, const DspRegisters &registers, int64_t word,
                               const std::string &weights, const std::string &spare,
                               ArrayRef<std::string> codes) const {
  int64_t first = word * fields.count, there = std::min(fields.count, run.vectors - first);
  auto multiply = [&](int64_t field, const std::string &prefix) {
    if (field < there)
      for (auto [i, code] : llvm::enumerate(codes)) {
        const std::string &sum = registers.sums[i * run.vectors + first + field];
        block.line("smlad {0}, {1}, {2}, {0}", sum, code, prefix);
      }
  };
  if (!hasNibbles(fields)) {
    multiply(1, weights);
    if (there > 1)
      block.line("sxtb16 {0}, {0}", weights);
    return multiply(0, weights);
  }
  multiply(3, weights);
  block.line("lsl {0}, {1}, #4", spare, weights);
  if (there > 1)
    block.line("sxtb16 {0}, {0}", weights);
  multiply(1, weights);
  block.line("bic {0}, {0}, #0x000f000f", spare);
  multiply(2, spare);
  block.line("sxtb16 {0}, {0}", spare);
  multiply(0, spare);
}

/// A step. Without a channel b, the half-words are those of channel a alone.
void DspProducts::multiply(AssemblyText &block, const DspRegisters &registers, ArrayRef<std::string> codes) const {
  const std::string &first = registers.temporaries[2], &second = registers.temporaries[3];
  const std::string &unused = registers.temporaries[1]; // by the codes of one position
  for (int64_t word = 0; word < words(); word += 2) {
    if (word + 1 == words()) {
      block.line("ldr {0}, [{1}], #4", first, registers.rhs);
      multiplyWord(block, registers, word, first, second, codes);
      continue;
    }
    block.line("ldrd {0}, {1}, [{2}], #8", first, second, registers.rhs);
    multiplyWord(block, registers, word, first, unused, codes);
    multiplyWord(block, registers, word + 1, second, unused, codes);
  }
}

/// In planes, the codes of two neighbours are in one load, and the first tap's load goes on to the next plane.
void DspProducts::emitUnit(AssemblyText &block, const DspRegisters &registers) const {
  const std::string &first = registers.temporaries[0], &second = registers.temporaries[1];
  for (int64_t tap = 0; hasPlanes() && tap < run.taps; ++tap) {
    if (tap == 0)
      block.line("ldrd {0}, {1}, [{2}], #{3}", first, second, registers.lhs, run.planeBytes);
    else
      block.line("ldrd {0}, {1}, [{2}, #{3}]", first, second, registers.lhs, run.tapBytes[tap] - run.planeBytes);
    multiply(block, registers, {first, second});
  }
  if (hasPlanes())
    return;
  block.line(steps == 2 ? "ldrd {0}, {1}, [{2}], #8" : "ldr {0}, [{2}], #4", first, second, registers.lhs);
  multiply(block, registers, first);
  if (steps == 2)
    multiply(block, registers, second);
}

int64_t DspProducts::codeBytes() const {
  DspRegisters any;
  any.sums.resize(run.positions * run.vectors);
  any.temporaries.resize(4);
  AssemblyText block;
  emitUnit(block, any);
  // Loads that move their pointer, loads of two words, and multiplications have 32 bits each.
  return 4 * block.lines();
}
