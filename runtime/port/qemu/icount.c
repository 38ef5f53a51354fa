/* A plugin for qemu's code generator that counts the guest instructions between
 * two marker instructions (harness/port.h), exactly: every instruction counts
 * one when it executes, those of a not taken IT slot included. One line with
 * the count is written per pair of markers. With blocks=on, a line for each piece of straight code that
 * began between them follows: "block ADDRESS CODE EXECUTIONS", all but the last in hexadecimal.
 *
 * usage: qemu-system-arm -plugin libicount.so,out=counts.txt[,blocks=on] ...
 *
 * The declarations are those of qemu's plugin interface, version 1; they stand
 * here because distributions do not ship its header. */
#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

typedef uint64_t plugin_id;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
/* The leading fields of qemu_info_t: the ones that are read. */
struct plugin_info {
  const char *target_name;
};

typedef void (*on_translate)(plugin_id id, struct qemu_plugin_tb *block);
typedef void (*on_execute)(unsigned vcpu, void *user);
typedef void (*on_end)(plugin_id id, void *user);

void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id, on_translate callback);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, on_execute callback, int flags, void *user);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn, int op, void *counter, uint64_t value);
void qemu_plugin_register_atexit_cb(plugin_id id, on_end callback, void *user);
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *block, int op, void *counter, uint64_t value);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *block);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *block, size_t index);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);

enum { ADD_U64 = 0, NO_REGISTERS = 0 };

EXPORT int qemu_plugin_version = 1;

struct markers {
  const char *target;
  size_t bytes;
  uint32_t start, stop;
};

static const struct markers known[] = {
    {"arm", 2, 0x46db, 0x46e4},
    {"aarch64", 4, 0xaa1b03fb, 0xaa1c03fc},
    {"riscv32", 4, 0x00102013, 0x00202013},
    {"riscv64", 4, 0x00102013, 0x00202013},
};

static const struct markers *markers;
static FILE *output;
static uint64_t executed, started;

/* Code from a label or after a jump to the next jump; the same code may come several times. */
struct block {
  struct block *next;
  uint64_t address, executed, started;
  size_t bytes;
  unsigned char code[];
};

static int writes_blocks;
static struct block *blocks;

static void start(unsigned vcpu, void *user) {
  (void)vcpu, (void)user;
  started = executed;
  for (struct block *block = blocks; block; block = block->next)
    block->started = block->executed;
}

static void write_block(const struct block *block) {
  fprintf(output, "block %" PRIx64 " ", block->address);
  for (size_t index = 0; index < block->bytes; ++index)
    fprintf(output, "%02x", block->code[index]);
  fprintf(output, " %" PRIu64 "\n", block->executed - block->started);
}

static void stop(unsigned vcpu, void *user) {
  (void)vcpu, (void)user;
  fprintf(output, "%" PRIu64 "\n", executed - started);
  for (struct block *block = blocks; block; block = block->next)
    if (block->executed != block->started)
      write_block(block);
}

static void add_block(struct qemu_plugin_tb *translated) {
  size_t count = qemu_plugin_tb_n_insns(translated), bytes = 0;
  for (size_t index = 0; index < count; ++index)
    bytes += qemu_plugin_insn_size(qemu_plugin_tb_get_insn(translated, index));
  struct block *block = calloc(1, sizeof *block + bytes);
  if (!block)
    abort();
  block->address = qemu_plugin_tb_vaddr(translated);
  for (size_t index = 0; index < count; ++index) {
    struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(translated, index);
    memcpy(block->code + block->bytes, qemu_plugin_insn_data(insn), qemu_plugin_insn_size(insn));
    block->bytes += qemu_plugin_insn_size(insn);
  }
  block->next = blocks;
  blocks = block;
  qemu_plugin_register_vcpu_tb_exec_inline(translated, ADD_U64, &block->executed, 1);
}

static void translate(plugin_id id, struct qemu_plugin_tb *block) {
  (void)id;
  if (writes_blocks)
    add_block(block);
  size_t count = qemu_plugin_tb_n_insns(block);
  for (size_t index = 0; index < count; ++index) {
    struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(block, index);
    qemu_plugin_register_vcpu_insn_exec_inline(insn, ADD_U64, &executed, 1);
    if (qemu_plugin_insn_size(insn) != markers->bytes)
      continue;
    /* Guest and host are both little-endian. */
    uint32_t code = 0;
    memcpy(&code, qemu_plugin_insn_data(insn), markers->bytes);
    if (code == markers->start)
      qemu_plugin_register_vcpu_insn_exec_cb(insn, start, NO_REGISTERS, NULL);
    else if (code == markers->stop)
      qemu_plugin_register_vcpu_insn_exec_cb(insn, stop, NO_REGISTERS, NULL);
  }
}

static void finish(plugin_id id, void *user) {
  (void)id, (void)user;
  fclose(output);
}

EXPORT int qemu_plugin_install(plugin_id id, const struct plugin_info *info, int argc, char **argv) {
  for (size_t index = 0; index < sizeof known / sizeof known[0]; ++index)
    if (!strcmp(info->target_name, known[index].target))
      markers = &known[index];
  for (int index = 0; index < argc; ++index) {
    if (!strncmp(argv[index], "out=", 4))
      output = fopen(argv[index] + 4, "w");
    writes_blocks |= !strcmp(argv[index], "blocks=on");
  }
  if (!markers || !output) {
    fprintf(stderr, "icount: needs a known target and a writable out=<file>\n");
    return 1;
  }
  qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
  qemu_plugin_register_atexit_cb(id, finish, NULL);
  return 0;
}
