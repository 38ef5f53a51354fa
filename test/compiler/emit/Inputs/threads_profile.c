/* Runs a model in all four ways: prints whether the results are equal, and how many kernels the hook has seen. */
#include "net.h"
#include "qcc/pool.h"

#include <stdio.h>
#include <string.h>

static _Alignas(64) unsigned char arena[NET_ARENA_BYTES];
static int8_t image[NET_IMAGE_BYTES], results[4][NET_SCORES_BYTES];

static void count(void *user, uint32_t kernel, int begin) {
  unsigned *calls = user;
  (void)kernel;
  if (*calls % 2 != (begin ? 0u : 1u))
    puts("out of order");
  ++*calls;
}

int main(void) {
  static qcc_pool pool;
  net_inputs in = {image};
  net_outputs out[4] = {{results[0]}, {results[1]}, {results[2]}, {results[3]}};
  unsigned alone = 0, shared = 0, i;
  int failures = 0, equal = 1;

  for (i = 0; i < sizeof image; ++i)
    image[i] = (int8_t)(i * 37 % 251);
  if (qcc_pool_start(&pool, 3) != QCC_OK)
    return 1;
  failures += net_run(&in, &out[0], arena) != QCC_OK;
  failures += net_run_parallel(&in, &out[1], arena, qcc_pool_for, &pool) != QCC_OK;
  failures += net_run_profiled(&in, &out[2], arena, count, &alone) != QCC_OK;
  failures += net_run_parallel_profiled(&in, &out[3], arena, qcc_pool_for, &pool, count, &shared) != QCC_OK;
  qcc_pool_stop(&pool);
  for (i = 1; i < 4; ++i)
    equal &= memcmp(results[0], results[i], sizeof results[0]) == 0;
  printf("%s, %u kernel\n", equal && alone == shared ? "equal" : "different", shared / 2);
  return failures;
}
