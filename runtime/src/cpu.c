/* Which instructions the CPU has: CPUID, and XGETBV for what the operating system saves (Intel SDM, volume 1, 14.3 and
 * 15.2). */
#include "cpu.h"

static int has(uint32_t value, uint32_t bits) { return (value & bits) == bits; }

uint32_t qcc_cpu_features_of(const qcc_cpu_questions *ask) {
  /* Leaf 1, ecx: FMA 12, MOVBE 22, OSXSAVE 27, AVX 28, F16C 29. Leaf 7, ebx: BMI1 3, AVX2 5, BMI2 8. Leaf 0x80000001,
   * ecx: LZCNT 5. */
  const uint32_t v3_in_1 = 1u << 12 | 1u << 22 | 1u << 27 | 1u << 28 | 1u << 29;
  const uint32_t v3_in_7 = 1u << 3 | 1u << 5 | 1u << 8;
  /* Leaf 7, ebx: AVX-512 F 16, DQ 17, CD 28, BW 30, VL 31. */
  const uint32_t v4_in_7 = 1u << 16 | 1u << 17 | 1u << 28 | 1u << 30 | 1u << 31;
  /* XCR0: SSE 1, AVX 2; masks 5, upper halves 6, registers 16 to 31 7. */
  const uint32_t ymm = 1u << 1 | 1u << 2, zmm = ymm | 1u << 5 | 1u << 6 | 1u << 7;
  /* Tiles: their configuration 17, their data 18. Leaf 7, edx: AMX-TILE 24, AMX-INT8 25. */
  const uint32_t tiles = 1u << 17 | 1u << 18, amx_in_7 = 1u << 24 | 1u << 25;
  uint32_t features = 0, saved;
  qcc_cpuid_result seven;

  if (ask->cpuid(0, 0).eax < 7 || ask->cpuid(0x80000000u, 0).eax < 0x80000001u || !has(ask->cpuid(1, 0).ecx, v3_in_1))
    return 0;
  saved = ask->saved_registers();
  seven = ask->cpuid(7, 0);
  if (!has(saved, ymm) || !has(seven.ebx, v3_in_7) || !has(ask->cpuid(0x80000001u, 0).ecx, 1u << 5))
    return 0;
  features |= QCC_CPU_X86_64_V3;
  if (seven.eax >= 1 && has(ask->cpuid(7, 1).eax, 1u << 4))
    features |= QCC_CPU_AVX_VNNI;
  if (has(saved, zmm) && has(seven.ebx, v4_in_7)) {
    features |= QCC_CPU_X86_64_V4;
    if (has(seven.ecx, 1u << 11))
      features |= QCC_CPU_AVX512_VNNI;
  }
  if (has(saved, tiles) && has(seven.edx, amx_in_7) && ask->may_use_tiles())
    features |= QCC_CPU_AMX_INT8;
  return features;
}

#if defined(__x86_64__) && defined(__GNUC__)

static qcc_cpuid_result cpuid(uint32_t leaf, uint32_t subleaf) {
  qcc_cpuid_result r;
  __asm__ volatile("cpuid" : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx) : "a"(leaf), "c"(subleaf));
  return r;
}

static uint32_t saved_registers(void) {
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}

/* Linux saves tiles for those who have asked: arch_prctl with ARCH_REQ_XCOMP_PERM, for the component XTILEDATA. */
static int may_use_tiles(void) {
#ifdef __linux__
  long result = 158; /* arch_prctl */
  __asm__ volatile("syscall" : "+a"(result) : "D"(0x1023L), "S"(18L) : "rcx", "r11", "memory");
  return result == 0;
#else
  return 0;
#endif
}

uint32_t qcc_cpu_features(void) {
  /* Threads that ask at the same time find the same. */
  static const uint32_t is_known = 1u << 31;
  static uint32_t known;
  static const qcc_cpu_questions ask = {cpuid, saved_registers, may_use_tiles};
  uint32_t features = __atomic_load_n(&known, __ATOMIC_RELAXED);

  if (features == 0) {
    features = qcc_cpu_features_of(&ask) | is_known;
    __atomic_store_n(&known, features, __ATOMIC_RELAXED);
  }
  return features & ~is_known;
}

#else

uint32_t qcc_cpu_features(void) { return 0; }

#endif
