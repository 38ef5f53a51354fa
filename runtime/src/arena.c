/* The arena: a stack allocator per region. Sizes are compared by subtraction
 * from what is left, never by addition, so nothing can wrap around. */
#include "qcc/runtime.h"

qcc_status qcc_arena_init(qcc_arena *arena) {
  if (!arena)
    return QCC_ERROR_NULL;
  for (uint32_t index = 0; index < QCC_ARENA_MAX_REGIONS; ++index) {
    qcc_region empty = {NULL, 0, 0, 0};
    arena->regions[index] = empty;
  }
  arena->count = 0;
  return QCC_OK;
}

static int overlap(uintptr_t a, size_t a_size, uintptr_t b, size_t b_size) {
  return a < b ? b - a < a_size : a - b < b_size;
}

qcc_status qcc_arena_add_region(qcc_arena *arena, void *base, size_t size, uint32_t *region) {
  if (!arena || !base)
    return QCC_ERROR_NULL;
  if (arena->count >= QCC_ARENA_MAX_REGIONS)
    return QCC_ERROR_REGION;
  if (size > UINTPTR_MAX - (uintptr_t)base)
    return QCC_ERROR_RANGE;
  for (uint32_t index = 0; index < arena->count; ++index) {
    const qcc_region *other = &arena->regions[index];
    if (overlap((uintptr_t)base, size, (uintptr_t)other->base, other->size))
      return QCC_ERROR_RANGE;
  }
  qcc_region added = {base, size, 0, 0};
  arena->regions[arena->count] = added;
  if (region)
    *region = arena->count;
  ++arena->count;
  return QCC_OK;
}

qcc_status qcc_arena_allocate(qcc_arena *arena, uint32_t region, size_t size, size_t alignment, void **memory) {
  if (!arena || !memory)
    return QCC_ERROR_NULL;
  if (region >= arena->count)
    return QCC_ERROR_REGION;
  if (alignment == 0 || (alignment & (alignment - 1)) != 0)
    return QCC_ERROR_ALIGNMENT;
  qcc_region *from = &arena->regions[region];
  /* The address is aligned, not the offset: the caller's base may have any alignment.
   * gap = -address mod alignment */
  size_t gap = (size_t)(0u - ((uintptr_t)from->base + from->used)) & (alignment - 1);
  size_t left = from->size - from->used;
  if (gap > left || size > left - gap)
    return QCC_ERROR_MEMORY;
  *memory = from->base + from->used + gap;
  from->used += gap + size;
  if (from->used > from->peak)
    from->peak = from->used;
  return QCC_OK;
}

qcc_status qcc_arena_mark(const qcc_arena *arena, qcc_frame *frame) {
  if (!arena || !frame)
    return QCC_ERROR_NULL;
  /* Regions added later are empty now, so releasing this frame empties them, too. */
  for (uint32_t index = 0; index < QCC_ARENA_MAX_REGIONS; ++index)
    frame->used[index] = arena->regions[index].used;
  return QCC_OK;
}

qcc_status qcc_arena_release(qcc_arena *arena, const qcc_frame *frame) {
  if (!arena || !frame)
    return QCC_ERROR_NULL;
  for (uint32_t index = 0; index < QCC_ARENA_MAX_REGIONS; ++index)
    if (frame->used[index] > arena->regions[index].used)
      return QCC_ERROR_FRAME;
  for (uint32_t index = 0; index < QCC_ARENA_MAX_REGIONS; ++index)
    arena->regions[index].used = frame->used[index];
  return QCC_OK;
}

size_t qcc_arena_available(const qcc_arena *arena, uint32_t region) {
  if (!arena || region >= arena->count)
    return 0;
  return arena->regions[region].size - arena->regions[region].used;
}

size_t qcc_arena_peak(const qcc_arena *arena, uint32_t region) {
  if (!arena || region >= arena->count)
    return 0;
  return arena->regions[region].peak;
}
