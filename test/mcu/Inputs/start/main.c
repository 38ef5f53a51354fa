/* What main may expect of runtime/port: initialised, cleared and constructed memory, and a console. */
#include <stdio.h>

static volatile int initialised = 42, cleared[100], constructed;

__attribute__((constructor)) static void construct(void) { constructed = initialised + 1; }

int main(void) {
  int sum = 0;
  for (int i = 0; i < 100; ++i)
    sum |= cleared[i];
  printf("initialised %d, cleared %d, constructed %d\n", initialised, sum, constructed);
  return 7;
}
