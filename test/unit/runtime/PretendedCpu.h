// The answers of a machine that is not there.
#ifndef QCC_TEST_UNIT_RUNTIME_PRETENDEDCPU_H
#define QCC_TEST_UNIT_RUNTIME_PRETENDEDCPU_H

#include "runtime/src/cpu.h"
#include "llvm/Support/FormatVariadic.h"

#include <set>

namespace qcc::test {

/// What CPUID, XGETBV and the operating system answer, and what they were asked. Bits as Intel's SDM has them.
struct PretendedCpu {
  // Bits of XCR0.
  static constexpr uint32_t sse = 1u << 1, avx = 1u << 2, masks = 1u << 5, upperHalves = 1u << 6,
                            upperRegisters = 1u << 7, tileConfiguration = 1u << 17, tileData = 1u << 18;
  /// BMI1, AVX2, BMI2 in ebx of leaf 7.
  static constexpr uint32_t v3InSeven = 1u << 3 | 1u << 5 | 1u << 8;

  uint32_t lastLeaf = 0, lastExtendedLeaf = 0, lastSubleaf = 0; ///< the last one of leaf 7
  uint32_t oneC = 0, sevenB = 0, sevenC = 0, sevenD = 0, sevenOneA = 0, extendedOneC = 0;
  uint32_t saved = 0;
  bool permits = true;

  std::set<std::string> questions = {};
  int permissions = 0; ///< how often the operating system was asked for tiles

  /// Leaves that there are not have all bits set here: any other leaf's answer.
  qcc_cpuid_result cpuid(uint32_t leaf, uint32_t subleaf) {
    questions.insert(llvm::formatv("cpuid {0:x-}.{1}", leaf, subleaf));
    if (leaf == 0)
      return {lastLeaf, 0, 0, 0};
    if (leaf == 0x80000000u)
      return {lastExtendedLeaf, 0, 0, 0};
    if (leaf == 1)
      return {0, 0, oneC, 0};
    if (leaf == 7 && leaf <= lastLeaf && subleaf == 0)
      return {lastSubleaf, sevenB, sevenC, sevenD};
    if (leaf == 7 && leaf <= lastLeaf && subleaf <= lastSubleaf)
      return {sevenOneA, 0, 0, 0};
    if (leaf == 0x80000001u && leaf <= lastExtendedLeaf)
      return {0, 0, extendedOneC, 0};
    return {~0u, ~0u, ~0u, ~0u};
  }
};

/// All that qcc asks for: Sapphire Rapids under a Linux that has tiles.
inline PretendedCpu sapphireRapids() {
  PretendedCpu cpu;
  cpu.lastLeaf = 0x20;
  cpu.lastExtendedLeaf = 0x80000008u;
  cpu.lastSubleaf = 1;
  cpu.oneC = 1u << 12 | 1u << 22 | 1u << 27 | 1u << 28 | 1u << 29; // FMA, MOVBE, OSXSAVE, AVX, F16C
  // AVX-512 F, DQ, CD, BW, VL.
  cpu.sevenB = PretendedCpu::v3InSeven | 1u << 16 | 1u << 17 | 1u << 28 | 1u << 30 | 1u << 31;
  cpu.sevenC = 1u << 11;                       // AVX-512 VNNI
  cpu.sevenD = 1u << 22 | 1u << 24 | 1u << 25; // AMX-BF16, AMX-TILE, AMX-INT8
  cpu.sevenOneA = 1u << 4;                     // AVX-VNNI
  cpu.extendedOneC = 1u << 5;                  // LZCNT
  cpu.saved = PretendedCpu::sse | PretendedCpu::avx | PretendedCpu::masks | PretendedCpu::upperHalves |
              PretendedCpu::upperRegisters | PretendedCpu::tileConfiguration | PretendedCpu::tileData;
  return cpu;
}

/// What the runtime concludes from the answers. One machine at a time.
inline uint32_t featuresOf(PretendedCpu &cpu) {
  static PretendedCpu *asked;
  asked = &cpu;
  static const qcc_cpu_questions ask = {[](uint32_t leaf, uint32_t subleaf) { return asked->cpuid(leaf, subleaf); },
                                        []() {
                                          asked->questions.insert("xgetbv");
                                          return asked->saved;
                                        },
                                        []() {
                                          ++asked->permissions;
                                          return asked->permits ? 1 : 0;
                                        }};
  return qcc_cpu_features_of(&ask);
}
inline uint32_t featuresOf(PretendedCpu &&cpu) { return featuresOf(cpu); }

} // namespace qcc::test

#endif // QCC_TEST_UNIT_RUNTIME_PRETENDEDCPU_H
