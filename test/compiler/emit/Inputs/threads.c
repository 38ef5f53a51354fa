/* Runs a model in one thread, and shared among four: prints whether the results are equal. */
#include "net.h"
#include "qcc/pool.h"

#include <stdio.h>
#include <string.h>

static _Alignas(64) unsigned char arena[NET_ARENA_BYTES];
static int8_t image[NET_IMAGE_BYTES], alone[NET_SCORES_BYTES], shared[NET_SCORES_BYTES];

int main(void) {
  static qcc_pool pool;
  net_inputs in = {image};
  net_outputs one = {alone}, many = {shared};
  unsigned i;

  for (i = 0; i < sizeof image; ++i)
    image[i] = (int8_t)(i * 37 % 251);
  if (net_run(&in, &one, arena) != QCC_OK || qcc_pool_start(&pool, 4) != QCC_OK)
    return 1;
  if (net_run_parallel(&in, &many, arena, qcc_pool_for, &pool) != QCC_OK)
    return 1;
  qcc_pool_stop(&pool);
  puts(memcmp(alone, shared, sizeof alone) == 0 ? "equal" : "different");
  return 0;
}
