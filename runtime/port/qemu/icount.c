/* A plugin for qemu's code generator that counts the guest instructions between
 * two marker instructions (harness/port.h), exactly: every instruction counts
 * one when it executes, those of a not taken IT slot included. One line with
 * the count is written per pair of markers.
 *
 * usage: qemu-system-arm -plugin libicount.so,out=counts.txt ...
 *
 * The declarations are those of qemu's plugin interface, version 1; they stand
 * here because distributions do not ship its header. */
#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
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
typedef void (*on_exit)(plugin_id id, void *user);

void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id, on_translate callback);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, on_execute callback, int flags, void *user);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn, int op, void *counter, uint64_t value);
void qemu_plugin_register_atexit_cb(plugin_id id, on_exit callback, void *user);
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

static void start(unsigned vcpu, void *user) {
  (void)vcpu, (void)user;
  started = executed;
}

static void stop(unsigned vcpu, void *user) {
  (void)vcpu, (void)user;
  fprintf(output, "%" PRIu64 "\n", executed - started);
}

static void translate(plugin_id id, struct qemu_plugin_tb *block) {
  (void)id;
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
  for (int index = 0; index < argc; ++index)
    if (!strncmp(argv[index], "out=", 4))
      output = fopen(argv[index] + 4, "w");
  if (!markers || !output) {
    fprintf(stderr, "icount: needs a known target and a writable out=<file>\n");
    return 1;
  }
  qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
  qemu_plugin_register_atexit_cb(id, finish, NULL);
  return 0;
}
