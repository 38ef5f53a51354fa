/* How a bare-metal program ends. */
#ifndef QCC_SEMIHOSTING_H
#define QCC_SEMIHOSTING_H

/* Ends the emulator with this exit code. */
void semihosting_exit(int code) __attribute__((noreturn));
/* Where unexpected exceptions and traps go: says so and exits with 2. */
void semihosting_fault(void) __attribute__((noreturn));

#endif /* QCC_SEMIHOSTING_H */
