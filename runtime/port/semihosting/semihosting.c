/* Files through the debugger interface that Arm and RISC-V share: what qemu
 * answers when started with -semihosting-config enable=on. */
#include "semihosting.h"
#include "port.h"

enum {
  SYS_OPEN = 0x01,
  SYS_CLOSE = 0x02,
  SYS_WRITE0 = 0x04,
  SYS_WRITE = 0x05,
  SYS_READ = 0x06,
  SYS_EXIT_EXTENDED = 0x20
};

#if defined(__riscv)
/* The three instructions must be 4 bytes each and lie in one page. */
__asm__(".balign 16\n"
        "semihosting_call:\n"
        ".option push\n"
        ".option norvc\n"
        "slli x0, x0, 0x1f\n"
        "ebreak\n"
        "srai x0, x0, 7\n"
        ".option pop\n"
        "ret\n");
intptr_t semihosting_call(intptr_t operation, const void *arguments);
#else
static intptr_t semihosting_call(intptr_t operation, const void *arguments) {
  register intptr_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = arguments;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}
#endif

int port_open(const char *path, int writing) {
  size_t length = 0;
  while (path[length])
    ++length;
  enum { READ_BINARY = 1, WRITE_BINARY = 5 };
  uintptr_t arguments[] = {(uintptr_t)path, writing ? WRITE_BINARY : READ_BINARY, length};
  return (int)semihosting_call(SYS_OPEN, arguments);
}

/* SYS_READ and SYS_WRITE return the number of bytes that were not transferred. */
int port_read(int file, void *data, size_t bytes) {
  uintptr_t arguments[] = {(uintptr_t)file, (uintptr_t)data, bytes};
  return bytes && semihosting_call(SYS_READ, arguments) != 0;
}

int port_write(int file, const void *data, size_t bytes) {
  uintptr_t arguments[] = {(uintptr_t)file, (uintptr_t)data, bytes};
  return bytes && semihosting_call(SYS_WRITE, arguments) != 0;
}

int port_close(int file) {
  uintptr_t arguments[] = {(uintptr_t)file};
  return semihosting_call(SYS_CLOSE, arguments) != 0;
}

void semihosting_exit(int code) {
  enum { APPLICATION_EXIT = 0x20026 };
  uintptr_t arguments[] = {APPLICATION_EXIT, (uintptr_t)code};
  for (;;)
    semihosting_call(SYS_EXIT_EXTENDED, arguments);
}

void semihosting_fault(void) {
  semihosting_call(SYS_WRITE0, "the processor took a fault\n");
  semihosting_exit(2);
}
