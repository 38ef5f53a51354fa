/* What the harness tells the runner: shared by the C of the board and the C++ of
 * the compiler. */
#ifndef QCC_PORT_RESULT_H
#define QCC_PORT_RESULT_H

#include <stdint.h>

/* Bytes of stack that the harness watches; a model that needs more fails. */
#define PORT_STACK_BYTES 65536u

/* What the harness writes to `result_path`, little-endian. */
struct port_result {
  uint32_t samples; /* completed */
  uint32_t error;   /* enum port_error, of sample number `samples` */
  uint32_t detail;  /* the status of `run`, or the damaged buffer: inputs, outputs, memories, state */
  uint32_t stack_bytes;
  uint32_t arena_bytes; /* up to the last byte that was written */
};

enum port_error { PORT_OK = 0, PORT_STATUS, PORT_GUARD, PORT_STACK, PORT_INPUT, PORT_OUTPUT };

#endif /* QCC_PORT_RESULT_H */
