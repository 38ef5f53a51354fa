// What the runtime says of this CPU is what LLVM says, and what it concludes of others from their answers.
#include "catch2/catch.hpp"
#include "compiler/target/Target.h"
#include "compiler/verify/Runner.h"
#include "test/unit/runtime/PretendedCpu.h"

using namespace qcc;
using namespace qcc::test;

TEST_CASE("the CPU has the features of exactly the targets that can be run") {
  uint32_t features = qcc_cpu_features();
  CHECK(features == qcc_cpu_features());
  for (const target::Target &target : target::allTargets()) {
    if (!target.cpuFeatures)
      continue;
    INFO(target.name.str());
    bool areThere = (features & *target.cpuFeatures) == *target.cpuFeatures;
    CHECK(areThere == !whyNotRunnable(target.name));
  }
}

static constexpr uint32_t v4Vnni = QCC_CPU_X86_64_V3 | QCC_CPU_X86_64_V4 | QCC_CPU_AVX512_VNNI;
static constexpr uint32_t all = v4Vnni | QCC_CPU_AVX_VNNI | QCC_CPU_AMX_INT8;

TEST_CASE("features are what the CPU has and the operating system saves the registers of") {
  CHECK(featuresOf(sapphireRapids()) == all);

  PretendedCpu cpu = sapphireRapids();
  cpu.saved &= ~PretendedCpu::upperHalves; // AVX-512 is all or nothing
  CHECK(featuresOf(cpu) == (QCC_CPU_X86_64_V3 | QCC_CPU_AVX_VNNI | QCC_CPU_AMX_INT8));

  cpu = sapphireRapids();
  cpu.saved = PretendedCpu::sse | PretendedCpu::avx;
  CHECK(featuresOf(cpu) == (QCC_CPU_X86_64_V3 | QCC_CPU_AVX_VNNI));
  CHECK(cpu.permissions == 0);
  cpu.saved = PretendedCpu::sse;
  CHECK(featuresOf(cpu) == 0);

  cpu = sapphireRapids();
  cpu.sevenB &= ~(1u << 30); // AVX-512 BW
  CHECK(featuresOf(cpu) == (QCC_CPU_X86_64_V3 | QCC_CPU_AVX_VNNI | QCC_CPU_AMX_INT8));
  cpu.sevenB &= ~(1u << 5); // AVX2
  CHECK(featuresOf(cpu) == 0);
}

TEST_CASE("tiles are asked for where the CPU and the operating system have them, and may be refused") {
  PretendedCpu cpu = sapphireRapids();
  CHECK(featuresOf(cpu) == all);
  CHECK(cpu.permissions == 1);

  cpu.permits = false;
  CHECK(featuresOf(cpu) == (all & ~QCC_CPU_AMX_INT8));
  CHECK(cpu.permissions == 2);

  cpu = sapphireRapids();
  cpu.saved &= ~PretendedCpu::tileData; // an older kernel
  CHECK(featuresOf(cpu) == (all & ~QCC_CPU_AMX_INT8));
  CHECK(cpu.permissions == 0);

  cpu = sapphireRapids();
  cpu.sevenD &= ~(1u << 25); // AMX-INT8
  CHECK(featuresOf(cpu) == (all & ~QCC_CPU_AMX_INT8));
  CHECK(cpu.permissions == 0);
}

TEST_CASE("VNNI of 256 bits and of 512 are different features") {
  PretendedCpu alderLake = sapphireRapids();
  alderLake.sevenB &= PretendedCpu::v3InSeven;
  alderLake.sevenC = alderLake.sevenD = 0;
  alderLake.saved = PretendedCpu::sse | PretendedCpu::avx;
  CHECK(featuresOf(alderLake) == (QCC_CPU_X86_64_V3 | QCC_CPU_AVX_VNNI));

  PretendedCpu iceLake = sapphireRapids();
  iceLake.lastSubleaf = 0; // what it has not, it does not answer for
  iceLake.sevenD = 0;
  CHECK(featuresOf(iceLake) == v4Vnni);
  iceLake.sevenC = 0;
  CHECK(featuresOf(iceLake) == (QCC_CPU_X86_64_V3 | QCC_CPU_X86_64_V4));
}

TEST_CASE("questions that a CPU has no answer to are not asked") {
  PretendedCpu cpu = sapphireRapids();
  cpu.oneC &= ~(1u << 27); // OSXSAVE: XGETBV would fault
  CHECK(featuresOf(cpu) == 0);
  CHECK(cpu.questions.count("xgetbv") == 0);

  cpu = sapphireRapids();
  cpu.lastLeaf = 6;
  CHECK(featuresOf(cpu) == 0);
  CHECK(cpu.questions.count("cpuid 7.0") == 0);

  cpu = sapphireRapids();
  cpu.lastExtendedLeaf = 0x80000000u;
  CHECK(featuresOf(cpu) == 0);
  CHECK(cpu.questions.count("cpuid 80000001.0") == 0);

  cpu = sapphireRapids();
  cpu.lastSubleaf = 0;
  featuresOf(cpu);
  CHECK(cpu.questions.count("cpuid 7.1") == 0);
}
