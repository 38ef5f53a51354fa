/* As much of Arduino as the example of a package uses: one pass through loop(). */
#ifndef STUB_ARDUINO_H
#define STUB_ARDUINO_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct Console {
  void begin(long) {}
  void print(const char *text) { printf("%s", text); }
  void print(int number) { printf("%d", number); }
  void println(int number) { printf("%d\n", number); }
  void println(unsigned long number) { printf("%lu\n", number); }
  void println(double number) { printf("%g\n", number); }
};
static Console Serial;

static inline unsigned long micros() { return 0; }
static inline void delay(unsigned long) { exit(0); }

void setup();
void loop();

#endif
