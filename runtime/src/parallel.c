/* The parallel loop of a single core. */
#include "qcc/runtime.h"

void qcc_serial_for(void *user, uint32_t count, uint32_t grain, qcc_loop_body body, void *context) {
  (void)user;
  (void)grain;
  if (count > 0)
    body(context, 0, count);
}
