#include "compiler/target/arm_m/DspAssembly.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

DspProducts::DspProducts(const BlockRun &run, bool hasHalves) : run(run), hasHalves(hasHalves) {
  bool readsPairs = run.lhsAlign % 4 == 0 && run.steps % 2 == 0;
  steps = hasPlanes() ? run.taps : readsPairs ? 2 : 1;
}

void DspProducts::multiplyWord(AssemblyText &block, const DspRegisters &registers, int64_t word,
                               const std::string &weights, ArrayRef<std::string> codes) const {
  auto multiply = [&](int64_t channel) {
    for (auto [i, code] : llvm::enumerate(codes)) {
      const std::string &sum = registers.sums[i * run.vectors + channel];
      block.line("smlad {0}, {1}, {2}, {0}", sum, code, weights);
    }
  };
  if (hasHalves)
    return multiply(word);
  if (2 * word + 1 < run.vectors) {
    multiply(2 * word + 1);
    block.line("sxtb16 {0}, {0}", weights);
  }
  multiply(2 * word);
}

/// A step. Without a channel b, the half-words are those of channel a alone.
void DspProducts::multiply(AssemblyText &block, const DspRegisters &registers, ArrayRef<std::string> codes) const {
  const std::string &first = registers.temporaries[2], &second = registers.temporaries[3];
  for (int64_t word = 0; word < words(); word += 2) {
    if (word + 1 == words()) {
      block.line("ldr {0}, [{1}], #4", first, registers.rhs);
      multiplyWord(block, registers, word, first, codes);
      continue;
    }
    block.line("ldrd {0}, {1}, [{2}], #8", first, second, registers.rhs);
    multiplyWord(block, registers, word, first, codes);
    multiplyWord(block, registers, word + 1, second, codes);
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
