/* Preloaded into a process whose libraries have an int3 and a nop where cpuid was (avx2.py puts them there): executes
 * that cpuid, and hides what a processor with AVX2 alone does not have: all of AVX-512, AMX and AVX-VNNI, which are
 * features of leaf 7 (Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2A, CPUID), and the GFNI and
 * wide AES that came with them. */
#define _GNU_SOURCE
#include <cpuid.h>
#include <signal.h>
#include <stdint.h>
#include <ucontext.h>

enum { FEATURES_LEAF = 7, NOP = 0x90 };
#define BIT(n) (1u << (n))

/* avx512: f, dq, ifma, pf, er, cd, bw, vl */
static const uint32_t hidden_ebx = BIT(16) | BIT(17) | BIT(21) | BIT(26) | BIT(27) | BIT(28) | BIT(30) | BIT(31);
/* avx512: vbmi, vbmi2; gfni, vaes, vpclmulqdq; avx512: vnni, bitalg, vpopcntdq */
static const uint32_t hidden_ecx = BIT(1) | BIT(6) | BIT(8) | BIT(9) | BIT(10) | BIT(11) | BIT(12) | BIT(14);
/* avx512: 4vnniw, 4fmaps, vp2intersect; amx-bf16; avx512-fp16; amx-tile, amx-int8 */
static const uint32_t hidden_edx = BIT(2) | BIT(3) | BIT(8) | BIT(22) | BIT(23) | BIT(24) | BIT(25);

static void execute_cpuid(int signal_number, siginfo_t *info, void *context) {
  greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
  if (info->si_code <= 0 || *(const uint8_t *)registers[REG_RIP] != NOP) {
    signal(signal_number, SIG_DFL); /* somebody else's trap */
    raise(signal_number);
    return;
  }
  uint32_t leaf = registers[REG_RAX], subleaf = registers[REG_RCX], eax, ebx, ecx, edx;
  __cpuid_count(leaf, subleaf, eax, ebx, ecx, edx);
  if (leaf == FEATURES_LEAF && subleaf == 0) {
    ebx &= ~hidden_ebx;
    ecx &= ~hidden_ecx;
    edx &= ~hidden_edx;
  } else if (leaf == FEATURES_LEAF) {
    eax = ebx = ecx = edx = 0; /* avx-vnni, avx-ifma, avx-ne-convert, avx512-bf16, amx-fp16 and later ones */
  }
  registers[REG_RAX] = eax;
  registers[REG_RBX] = ebx;
  registers[REG_RCX] = ecx;
  registers[REG_RDX] = edx;
}

__attribute__((constructor)) static void install(void) {
  struct sigaction action = {.sa_sigaction = execute_cpuid, .sa_flags = SA_SIGINFO | SA_NODEFER};
  sigaction(SIGTRAP, &action, NULL);
}
