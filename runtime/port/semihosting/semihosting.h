/* How a bare-metal program begins and ends. */
#ifndef QCC_SEMIHOSTING_H
#define QCC_SEMIHOSTING_H

/* With the stack set up: fills memory, calls main and ends the emulator with what it returns. */
void semihosting_start(void) __attribute__((noreturn));
/* Ends the emulator with this exit code. */
void semihosting_exit(int code) __attribute__((noreturn));
/* Where unexpected exceptions and traps go: says so and exits with 2. */
void semihosting_fault(void) __attribute__((noreturn));

#endif /* QCC_SEMIHOSTING_H */
