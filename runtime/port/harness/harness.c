/* Runs a compiled model on samples from a file, on any target.
 *
 * The input file holds the samples one after another, each its inputs in order
 * as packed bytes; the output file gets the outputs in the same way. Around
 * every run the harness checks guard bytes and measures stack and arena. */
#include "port.h"

static struct port_result result;

static void fill(unsigned char *data, size_t bytes, unsigned char pattern) {
  for (size_t index = 0; index < bytes; ++index)
    data[index] = pattern;
}

static void fill_guards(const struct port_buffer *buffer, unsigned char pattern) {
  fill(buffer->data - buffer->guard, buffer->guard, pattern);
  fill(buffer->data + buffer->bytes, buffer->guard, pattern);
}

static int guards_hold(const struct port_buffer *buffer, unsigned char pattern) {
  for (uint32_t index = 0; index < buffer->guard; ++index)
    if (buffer->data[-(ptrdiff_t)(index + 1)] != pattern || buffer->data[buffer->bytes + index] != pattern)
      return 0;
  return 1;
}

/* ---- The measured call ------------------------------------------------- */

/* Paints the words below the stack pointer and returns the end of the painted
 * block. Inlined, so that no frame of its own lies in the way. The stack pointer
 * is read anew in the loop and a little more than what is watched is painted:
 * the compiler may still move the caller's own frame into place meanwhile. */
static inline __attribute__((always_inline)) uintptr_t paint_stack(uint32_t pattern) {
  const uintptr_t frame = 256;
  uintptr_t start = (port_stack_pointer() & ~(uintptr_t)3) - frame - PORT_STACK_BYTES;
  volatile uint32_t *word = (volatile uint32_t *)start;
  while ((uintptr_t)word + sizeof *word <= port_stack_pointer())
    *word++ = pattern;
  return (uintptr_t)word;
}

/* The lowest address in [top - PORT_STACK_BYTES, top) that was written to, or top. */
static inline __attribute__((always_inline)) uintptr_t lowest_written(uintptr_t top, uint32_t pattern) {
  const volatile uint32_t *word = (const volatile uint32_t *)(top - PORT_STACK_BYTES);
  while ((uintptr_t)word < top && *word == pattern)
    ++word;
  return (uintptr_t)word;
}

/* Calls `run` between the markers and returns its status. */
static __attribute__((noinline)) PORT_ONE_PAGE int measured_call(port_run run, uint32_t pattern) {
  void *arena = port_model.arena;
#ifdef PORT_HAS_STATE
  void *state = port_model.state->data;
#endif
  const void *inputs = port_model.input_pointers, *outputs = port_model.output_pointers;
  uintptr_t top = paint_stack(pattern);
  uintptr_t before = port_stack_pointer();
  PORT_MARK_START();
  int status = run(inputs, outputs, arena PORT_STATE(state));
  PORT_MARK_STOP();
  uintptr_t lowest = lowest_written(top, pattern);
  if (lowest < before && before - lowest > result.stack_bytes)
    result.stack_bytes = (uint32_t)(before - lowest);
  return status;
}

/* The plugin's zero: the same call of a function of two instructions. */
static __attribute__((noinline)) int return_zero(const void *inputs, const void *outputs,
                                                 void *arena PORT_STATE(void *state)) {
  (void)inputs, (void)outputs, (void)arena PORT_STATE((void)state);
  return 0;
}

static __attribute__((noinline)) void calibrate(void) {
  port_run volatile nothing = return_zero;
  measured_call(nothing, 0xA5A5A5A5u);
  result.stack_bytes = 0;
}

/* ---- Kernel by kernel -------------------------------------------------- */

static __attribute__((noinline)) PORT_ONE_PAGE void mark_kernel(void *user, uint32_t kernel, int begin) {
  (void)user, (void)kernel;
  if (begin)
    PORT_MARK_START();
  else
    PORT_MARK_STOP();
}

/* Has the plugin count each kernel of one more run, after a pair of calls with nothing between them. */
static int count_kernels(void) {
  port_hook volatile hook = mark_kernel;
  hook(NULL, 0, 1);
  hook(NULL, 0, 0);
  return port_model.run_profiled(port_model.input_pointers, port_model.output_pointers,
                                 port_model.arena PORT_STATE(port_model.state->data), mark_kernel, NULL);
}

/* ---- One sample -------------------------------------------------------- */

/* The sum over the memories. */
static void measure_arena(unsigned char pattern) {
  static uint32_t used[PORT_MAX_MEMORIES];
  result.arena_bytes = 0;
  for (uint32_t index = 0; index < port_model.memory_count; ++index) {
    const struct port_buffer *memory = &port_model.memories[index];
    uint32_t bytes = memory->bytes;
    while (bytes > used[index] && memory->data[bytes - 1] == pattern)
      --bytes;
    if (bytes > used[index])
      used[index] = bytes;
    result.arena_bytes += used[index];
  }
}

static enum port_error fail(enum port_error error, uint32_t detail) {
  result.detail = detail;
  return error;
}

static const struct port_buffer *buffer_at(uint32_t index) {
  if (index < port_model.input_count)
    return &port_model.inputs[index];
  index -= port_model.input_count;
  if (index < port_model.output_count)
    return &port_model.outputs[index];
  index -= port_model.output_count;
  return index < port_model.memory_count ? &port_model.memories[index] : port_model.state;
}

static enum port_error run_sample(int input, int output, uint32_t sample) {
  const uint32_t buffers = port_model.input_count + port_model.output_count + port_model.memory_count + 1;
  /* Another pattern every time: a model that reads what it has not written gives other results. */
  const unsigned char pattern = (unsigned char)(0xA5u + 0x3Bu * sample);

  for (uint32_t index = 0; index < buffers; ++index) {
    const struct port_buffer *buffer = buffer_at(index);
    fill_guards(buffer, pattern);
    if (buffer == port_model.state)
      continue; /* it lasts */
    if (index >= port_model.input_count)
      fill(buffer->data, buffer->bytes, pattern);
    else if (port_read(input, buffer->data, buffer->bytes))
      return fail(PORT_INPUT, index);
  }

  int status = measured_call(port_model.run, pattern * 0x01010101u);
  if (status)
    return fail(PORT_STATUS, (uint32_t)status);
  if (result.stack_bytes >= PORT_STACK_BYTES)
    return fail(PORT_STACK, result.stack_bytes);
  measure_arena(pattern);

  for (uint32_t index = 0; index < buffers; ++index)
    if (!guards_hold(buffer_at(index), pattern))
      return fail(PORT_GUARD, index);
  for (uint32_t index = 0; index < port_model.output_count; ++index)
    if (port_write(output, port_model.outputs[index].data, port_model.outputs[index].bytes))
      return fail(PORT_OUTPUT, index);
  return PORT_OK;
}

static enum port_error run_samples(void) {
  int input = port_open(port_model.input_path, 0);
  if (input < 0)
    return PORT_INPUT;
  int output = port_open(port_model.output_path, 1);
  if (output < 0)
    return PORT_OUTPUT;
  calibrate();
  if (port_model.reset)
    port_model.reset(port_model.state->data);
  enum port_error error = PORT_OK;
  while (result.samples < port_model.samples && !error) {
    error = run_sample(input, output, result.samples);
    if (!error)
      ++result.samples;
  }
  port_close(input);
  if (port_close(output) && !error)
    error = PORT_OUTPUT;
  int status = error || !port_model.run_profiled ? 0 : count_kernels();
  if (status)
    error = fail(PORT_STATUS, (uint32_t)status);
  return error;
}

/* 0 if the result could be written, whatever it says. */
int port_main(void) {
  result.error = run_samples();
  int file = port_open(port_model.result_path, 1);
  if (file < 0)
    return 1;
  int failed = port_write(file, &result, sizeof result);
  return port_close(file) || failed;
}

#if !defined(__wasm__) /* whose loader calls port_main */
int main(void) { return port_main(); }
#endif
