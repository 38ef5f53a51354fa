/* Between the harness and its surroundings: the model's table, which the
 * runner generates, and what a port (semihosting, Linux, WebAssembly) provides. */
#ifndef QCC_PORT_H
#define QCC_PORT_H

#include "result.h"

#include <stddef.h>
#include <stdint.h>

/* `data` has the model's alignment and `guard` bytes before and after it that
 * belong to the harness. */
struct port_buffer {
  unsigned char *data;
  uint32_t bytes;
  uint32_t guard;
};

/* A further argument of models with state. */
#ifdef PORT_HAS_STATE
#define PORT_STATE(argument) , argument
#else
#define PORT_STATE(argument)
#endif

/* `<name>_run`: the structs of pointers in the generated header are the same
 * in memory as arrays of pointers. */
typedef int (*port_run)(const void *inputs, const void *outputs, void *arena PORT_STATE(void *state));

/* `<name>_run_profiled`, whose hook is called before (`begin` = 1) and after (`begin` = 0) each kernel. */
typedef void (*port_hook)(void *user, uint32_t kernel, int begin);
typedef int (*port_run_profiled)(const void *inputs, const void *outputs, void *arena PORT_STATE(void *state),
                                 port_hook hook, void *user);

#define PORT_MAX_MEMORIES 4 /* that an arena is divided into */

struct port_model {
  port_run run;
  port_run_profiled run_profiled; /* null if the kernels are not to be counted */
  void (*reset)(void *state);     /* null for a model without state */
  uint32_t samples, input_count, output_count, memory_count;
  const struct port_buffer *inputs, *outputs, *memories; /* the arena is one memory or several */
  const struct port_buffer *state;
  void *const *input_pointers, *const *output_pointers;
  void *arena; /* what a run gets: the arena, or the struct of its memories */
  const char *input_path, *output_path, *result_path;
};

extern const struct port_model port_model;

int port_main(void);

/* ---- What a port provides ---------------------------------------------- */

/* Opens a file for reading or writing; a handle, or -1. */
int port_open(const char *path, int writing);
/* All `bytes` or nothing: 0 if they were transferred. */
int port_read(int file, void *data, size_t bytes);
int port_write(int file, const void *data, size_t bytes);
int port_close(int file);

/* ---- Per architecture -------------------------------------------------- */

/* Marker instructions that no compiler emits: between them, qemu/icount.c
 * counts. PORT_ONE_PAGE keeps a function inside one of qemu's pages, because a
 * marker that ends a page would be missed. */
#if defined(__arm__)
#define PORT_MARK_START() __asm__ volatile(".inst.n 0x46db" ::: "memory") /* mov r11, r11 */
#define PORT_MARK_STOP() __asm__ volatile(".inst.n 0x46e4" ::: "memory")  /* mov r12, r12 */
#elif defined(__riscv)
#define PORT_MARK_START() __asm__ volatile(".word 0x00102013" ::: "memory") /* slti x0, x0, 1 */
#define PORT_MARK_STOP() __asm__ volatile(".word 0x00202013" ::: "memory")  /* slti x0, x0, 2 */
#elif defined(__aarch64__)
#define PORT_MARK_START() __asm__ volatile(".inst 0xaa1b03fb" ::: "memory") /* mov x27, x27 */
#define PORT_MARK_STOP() __asm__ volatile(".inst 0xaa1c03fc" ::: "memory")  /* mov x28, x28 */
#else
#define PORT_MARK_START() ((void)0)
#define PORT_MARK_STOP() ((void)0)
#endif

#if defined(__wasm__)
#define PORT_ONE_PAGE
#else
#define PORT_ONE_PAGE __attribute__((aligned(1024)))
#endif

static inline __attribute__((always_inline)) uintptr_t port_stack_pointer(void) {
  uintptr_t value;
#if defined(__riscv)
  __asm__ volatile("mv %0, sp" : "=r"(value));
#elif defined(__wasm__)
  __asm__ volatile(".globaltype __stack_pointer, i32\n\tglobal.get __stack_pointer\n\tlocal.set %0" : "=r"(value));
#else
  __asm__ volatile("mov %0, sp" : "=r"(value));
#endif
  return value;
}

#endif /* QCC_PORT_H */
