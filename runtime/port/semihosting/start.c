/* From reset to main: what a C program expects of its memory. The linker script says where everything is. */
#include "semihosting.h"

#include <stdint.h>

/* Words of 32 bits, as every boundary is aligned to 8 bytes. */
extern uint32_t data_start[], data_end[], bss_start[], bss_end[];
extern const uint32_t data_load[];
typedef void (*constructor)(void);
extern const constructor constructors_start[], constructors_end[];

/* newlib's console opens its files here; programs without printf do not have it. */
__attribute__((weak)) void initialise_monitor_handles(void);

/* What exit of newlib calls last. */
void _fini(void);
void _fini(void) {}

int main(void);

void semihosting_start(void) {
  /* Volatile: the loops must not become calls of functions that need what is being set up. */
  volatile uint32_t *to = data_start;
  for (const uint32_t *from = data_load; to != from && to < data_end;)
    *to++ = *from++;
  for (to = bss_start; to < bss_end;)
    *to++ = 0;
  if (initialise_monitor_handles)
    initialise_monitor_handles();
  for (const constructor *next = constructors_start; next < constructors_end; ++next)
    (*next)();
  semihosting_exit(main());
}
