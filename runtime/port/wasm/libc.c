/* The two functions that a compiled model may call, and the entry for timing;
 * with bulk memory each is one instruction. */
#include "port.h"

void *memcpy(void *to, const void *from, size_t bytes) { return __builtin_memcpy(to, from, bytes); }

void *memset(void *to, int value, size_t bytes) { return __builtin_memset(to, value, bytes); }

/* Runs the last sample again, for the loader to time. */
int port_repeat(uint32_t times) {
  int status = 0;
  while (times-- > 0)
    status |= port_model.run(port_model.input_pointers, port_model.output_pointers,
                             port_model.arena PORT_STATE(port_model.state->data));
  return status;
}
