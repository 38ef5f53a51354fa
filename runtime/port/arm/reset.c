/* Reset and vectors of a Cortex-M. */
#include "semihosting.h"

#include <stdint.h>

extern unsigned char stack_top[];

__attribute__((noreturn)) void reset(void) {
#if defined(__ARM_FP) || defined(__ARM_FEATURE_MVE)
  /* CPACR: full access to coprocessors 10 and 11 (FPU and MVE). */
  *(volatile uint32_t *)0xE000ED88 |= 0xFu << 20;
  __asm__ volatile("dsb\n\tisb" ::: "memory");
#endif
  semihosting_start();
}

typedef void (*handler)(void);

__attribute__((section(".vectors"), used)) static const handler vectors[16] = {
    (handler)stack_top, reset,
    /* NMI, hard, memory, bus, usage and secure fault, ... */
    semihosting_fault, semihosting_fault, semihosting_fault, semihosting_fault, semihosting_fault, semihosting_fault,
    semihosting_fault, semihosting_fault, semihosting_fault, semihosting_fault, semihosting_fault, semihosting_fault,
    semihosting_fault, semihosting_fault};
