/* Status texts. */
#include "qcc/runtime.h"

const char *qcc_status_string(qcc_status status) {
  /* A switch rather than a table: a table of pointers needs relocations in position-independent code. */
  switch (status) {
  case QCC_OK:
    return "ok";
  case QCC_ERROR_NULL:
    return "a required pointer is null";
  case QCC_ERROR_ALIGNMENT:
    return "wrong alignment";
  case QCC_ERROR_MEMORY:
    return "not enough memory in the region";
  case QCC_ERROR_REGION:
    return "no such memory region";
  case QCC_ERROR_RANGE:
    return "memory wraps around or overlaps another region";
  case QCC_ERROR_FRAME:
    return "frame released out of order";
  case QCC_ERROR_CPU:
    return "the model has no version for this CPU";
  }
  return "unknown status";
}
