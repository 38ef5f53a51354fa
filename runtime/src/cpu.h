/* What qcc_cpu_features concludes from what a machine answers, apart from the instructions that ask it. */
#ifndef QCC_RUNTIME_CPU_H
#define QCC_RUNTIME_CPU_H

#include "qcc/runtime.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct qcc_cpuid_result {
  uint32_t eax, ebx, ecx, edx;
} qcc_cpuid_result;

/* The questions. Each is asked only where the answers before allow it: an old CPU faults at XGETBV, and answers for a
 * leaf that it does not have with those of another one. */
typedef struct qcc_cpu_questions {
  qcc_cpuid_result (*cpuid)(uint32_t leaf, uint32_t subleaf);
  /* The low half of XCR0: which registers the operating system saves. Needs OSXSAVE. */
  uint32_t (*saved_registers)(void);
  /* Asks the operating system to let this process use tiles; whether it does. Needs saved tiles. */
  int (*may_use_tiles)(void);
} qcc_cpu_questions;

/* The QCC_CPU_... groups of a machine with these answers. */
uint32_t qcc_cpu_features_of(const qcc_cpu_questions *ask);

#ifdef __cplusplus
}
#endif

#endif /* QCC_RUNTIME_CPU_H */
