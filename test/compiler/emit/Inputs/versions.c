/* Says itself what the CPU has: the number of its argument. Prints what the version that then runs tells the hook. */
#include "net.h"
#include "qcc/runtime.h"

#include <stdio.h>
#include <stdlib.h>

static uint32_t features;
static _Alignas(64) unsigned char arena[NET_ARENA_BYTES];
static int8_t image[NET_IMAGE_BYTES], rows[NET_ROWS_BYTES], pooled[NET_POOLED_BYTES];

uint32_t qcc_cpu_features(void) { return features; }

static void count(void *user, uint32_t kernel, int begin) {
  if (begin && kernel < NET_KERNELS)
    ++*(unsigned *)user;
}

int main(int argc, char **argv) {
  static const char *const plain[] = NET_X86_64_KERNEL_NAMES, *const v3[] = NET_X86_64_V3_KERNEL_NAMES;
  net_inputs in = {image};
  net_outputs out = {rows, pooled};
  unsigned kernels = 0;
  int isV3;

  features = argc > 1 ? (uint32_t)atoi(argv[1]) : 0;
  isV3 = (features & NET_X86_64_V3_CPU) == NET_X86_64_V3_CPU;
  if (net_run_profiled(&in, &out, arena, count, &kernels) != QCC_OK)
    return 1;
  printf("%s: %u of %u, the first is %s\n", isV3 ? "v3" : "plain", kernels,
         isV3 ? NET_X86_64_V3_KERNELS : NET_X86_64_KERNELS, isV3 ? v3[0] : plain[0]);
  return 0;
}
