/* The runtime that goes with compiled models: status codes, a scratchpad arena
 * over the caller's memory, and the types of the optional hooks.
 *
 * Freestanding C99. Nothing here allocates, nothing has writable globals (but
 * for what a CPU can do, which is asked once): all state is in the objects
 * that the caller passes, so two threads with two arenas never meet. A
 * function that can fail returns a status and leaves its arguments as they
 * were when it does.
 */
#ifndef QCC_RUNTIME_H
#define QCC_RUNTIME_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Status ------------------------------------------------------------ */

/* What a model's `<name>_run` and the functions below return. */
typedef enum qcc_status {
  QCC_OK = 0,
  QCC_ERROR_NULL = 1,      /* a pointer that must not be null is null */
  QCC_ERROR_ALIGNMENT = 2, /* not a power of two, or a pointer that is not aligned to it */
  QCC_ERROR_MEMORY = 3,    /* the region has no room left for the request */
  QCC_ERROR_REGION = 4,    /* no such region, or one more than the arena can hold */
  QCC_ERROR_RANGE = 5,     /* memory that wraps around the address space or overlaps another region */
  QCC_ERROR_FRAME = 6,     /* a frame released out of order */
  QCC_ERROR_CPU = 7        /* no version of the model is for a CPU like this */
} qcc_status;

/* A short English text for a status, "unknown status" for any other value; never null. */
const char *qcc_status_string(qcc_status status);

/* ---- Arena ------------------------------------------------------------- */

#define QCC_ARENA_MAX_REGIONS 4u

/* One block of the caller's memory, used from its base upwards; in bytes. */
typedef struct qcc_region {
  unsigned char *base;
  size_t size;
  size_t used;
  size_t peak; /* the largest `used` so far */
} qcc_region;

/* A stack allocator over several regions, for example fast tightly coupled
 * memory and larger SRAM. Fields are for reading; change them through the
 * functions below. */
typedef struct qcc_arena {
  qcc_region regions[QCC_ARENA_MAX_REGIONS];
  uint32_t count;
} qcc_arena;

/* How full every region was when the frame was opened. */
typedef struct qcc_frame {
  size_t used[QCC_ARENA_MAX_REGIONS];
} qcc_frame;

/* Makes an arena without regions. */
qcc_status qcc_arena_init(qcc_arena *arena);

/* Adds `size` bytes at `base` and stores the region's number in `*region`
 * (unless `region` is null). Regions are numbered from 0 in the order of
 * adding. The memory stays the caller's and must outlive the arena. */
qcc_status qcc_arena_add_region(qcc_arena *arena, void *base, size_t size, uint32_t *region);

/* Takes `size` bytes, aligned to `alignment` (a power of two), from a region
 * and stores their address in `*memory`. The bytes are not cleared. An
 * allocation of 0 bytes succeeds and gives an address that must not be used. */
qcc_status qcc_arena_allocate(qcc_arena *arena, uint32_t region, size_t size, size_t alignment, void **memory);

/* Opens a frame: everything allocated from now on is freed by releasing it. */
qcc_status qcc_arena_mark(const qcc_arena *arena, qcc_frame *frame);

/* Frees everything that was allocated since `frame` was marked. Frames nest:
 * releasing an outer frame releases the inner ones, which must not be
 * released any more (QCC_ERROR_FRAME where that can be told). */
qcc_status qcc_arena_release(qcc_arena *arena, const qcc_frame *frame);

/* Bytes that a region still has, not counting alignment; 0 for no such region. */
size_t qcc_arena_available(const qcc_arena *arena, uint32_t region);

/* The most bytes that were ever in use in a region, alignment gaps included;
 * 0 for no such region. This is the size that the region needs. */
size_t qcc_arena_peak(const qcc_arena *arena, uint32_t region);

/* ---- The CPU ----------------------------------------------------------- */

/* What qcc_cpu_features may say: instructions that the CPU has and whose
 * registers the operating system saves. Each group stands for itself: an
 * object asks for all that it needs. */
#define QCC_CPU_X86_64_V3 1u   /* AVX, AVX2, BMI1, BMI2, F16C, FMA, LZCNT, MOVBE, and all before */
#define QCC_CPU_X86_64_V4 2u   /* AVX-512 F, BW, CD, DQ, VL */
#define QCC_CPU_AVX_VNNI 4u    /* vpdpbusd of 256 bits without AVX-512 */
#define QCC_CPU_AVX512_VNNI 8u /* vpdpbusd of 512 bits */
#define QCC_CPU_AMX_INT8 16u   /* tiles and their products of bytes, which this process may use */

/* The groups that this machine has, 0 on others than x86-64. Asked for once and
 * kept, as asking takes as long as a small model. Models that were compiled
 * for several targets call it to choose the version that they run. */
uint32_t qcc_cpu_features(void);

/* ---- Hooks ------------------------------------------------------------- */

/* Called before (`begin` = 1) and after (`begin` = 0) each layer of a model
 * that was compiled with profiling. `layer` counts from 0 in execution order,
 * as listed in the model's header; `user` is passed through. A hook must not
 * touch the model's arena. */
typedef void (*qcc_profile_hook)(void *user, uint32_t layer, int begin);

/* One piece of a parallel loop: the iterations [begin, end). */
typedef void (*qcc_loop_body)(void *context, uint32_t begin, uint32_t end);

/* Runs `body` over [0, count) in disjoint pieces that are multiples of `grain`
 * iterations (except the last) and returns when all of them are done. The
 * pieces may run at the same time and in any order. `user` is the pool, or
 * whatever the implementation needs. */
typedef void (*qcc_parallel_for)(void *user, uint32_t count, uint32_t grain, qcc_loop_body body, void *context);

/* The qcc_parallel_for of a single core: one call for the whole range, none if
 * it is empty. */
void qcc_serial_for(void *user, uint32_t count, uint32_t grain, qcc_loop_body body, void *context);

#ifdef __cplusplus
}
#endif

#endif /* QCC_RUNTIME_H */
