// The arena: alignment, frames, regions, and sizes that would wrap around.
#include "catch2/catch.hpp"
#include "qcc/runtime.h"

#include <cstring>

namespace {

struct Arena {
  alignas(64) unsigned char memory[256] = {};
  qcc_arena arena;
  uint32_t region = 99;
  Arena() {
    REQUIRE(qcc_arena_init(&arena) == QCC_OK);
    REQUIRE(qcc_arena_add_region(&arena, memory, sizeof memory, &region) == QCC_OK);
  }
  qcc_status allocate(size_t size, size_t alignment, void **result) {
    return qcc_arena_allocate(&arena, region, size, alignment, result);
  }
};

} // namespace

TEST_CASE("allocations are aligned, disjoint and inside the region") {
  Arena a;
  void *first = nullptr, *second = nullptr, *third = nullptr;
  REQUIRE(a.allocate(3, 1, &first) == QCC_OK);
  REQUIRE(a.allocate(10, 16, &second) == QCC_OK);
  REQUIRE(a.allocate(1, 64, &third) == QCC_OK);
  CHECK(first == a.memory);
  CHECK(second == a.memory + 16);
  CHECK(third == a.memory + 64);
  CHECK(qcc_arena_available(&a.arena, a.region) == 256 - 65);
}

TEST_CASE("the address is aligned even if the region's base is not") {
  alignas(64) unsigned char memory[64];
  qcc_arena arena;
  uint32_t region = 0;
  void *result = nullptr;
  REQUIRE(qcc_arena_init(&arena) == QCC_OK);
  REQUIRE(qcc_arena_add_region(&arena, memory + 1, 63, &region) == QCC_OK);
  REQUIRE(qcc_arena_allocate(&arena, region, 32, 32, &result) == QCC_OK);
  CHECK(result == memory + 32);
  CHECK(qcc_arena_peak(&arena, region) == 63);
  CHECK(qcc_arena_allocate(&arena, region, 1, 1, &result) == QCC_ERROR_MEMORY);
}

TEST_CASE("a full region refuses and stays as it was") {
  Arena a;
  void *result = nullptr;
  REQUIRE(a.allocate(256, 1, &result) == QCC_OK);
  void *untouched = &a;
  CHECK(a.allocate(1, 1, &untouched) == QCC_ERROR_MEMORY);
  CHECK(untouched == &a);
  CHECK(a.allocate(0, 1, &result) == QCC_OK);
  CHECK(qcc_arena_peak(&a.arena, a.region) == 256);
}

TEST_CASE("sizes near the end of the address space do not wrap around") {
  Arena a;
  void *result = nullptr;
  REQUIRE(a.allocate(1, 1, &result) == QCC_OK);
  CHECK(a.allocate(SIZE_MAX, 1, &result) == QCC_ERROR_MEMORY);
  CHECK(a.allocate(SIZE_MAX - 14, 16, &result) == QCC_ERROR_MEMORY);
  CHECK(a.allocate(1, SIZE_MAX / 2 + 1, &result) == QCC_ERROR_MEMORY);
  CHECK(qcc_arena_add_region(&a.arena, a.memory, SIZE_MAX, nullptr) == QCC_ERROR_RANGE);
  CHECK(qcc_arena_peak(&a.arena, a.region) == 1);
}

TEST_CASE("frames nest, and the peak remembers") {
  Arena a;
  qcc_frame outer, inner;
  void *first = nullptr, *second = nullptr;
  REQUIRE(qcc_arena_mark(&a.arena, &outer) == QCC_OK);
  REQUIRE(a.allocate(100, 1, &first) == QCC_OK);
  REQUIRE(qcc_arena_mark(&a.arena, &inner) == QCC_OK);
  REQUIRE(a.allocate(100, 1, &second) == QCC_OK);
  REQUIRE(qcc_arena_release(&a.arena, &inner) == QCC_OK);
  CHECK(qcc_arena_available(&a.arena, a.region) == 156);
  REQUIRE(qcc_arena_release(&a.arena, &outer) == QCC_OK);
  CHECK(qcc_arena_release(&a.arena, &inner) == QCC_ERROR_FRAME);
  CHECK(qcc_arena_available(&a.arena, a.region) == 256);
  CHECK(qcc_arena_peak(&a.arena, a.region) == 200);
}

TEST_CASE("a frame covers all regions, also those added after it") {
  Arena a;
  unsigned char more[32];
  uint32_t second = 0;
  qcc_frame frame;
  void *result = nullptr;
  REQUIRE(qcc_arena_mark(&a.arena, &frame) == QCC_OK);
  REQUIRE(qcc_arena_add_region(&a.arena, more, sizeof more, &second) == QCC_OK);
  CHECK(second == 1);
  REQUIRE(qcc_arena_allocate(&a.arena, second, 20, 1, &result) == QCC_OK);
  CHECK(result == more);
  REQUIRE(qcc_arena_release(&a.arena, &frame) == QCC_OK);
  CHECK(qcc_arena_available(&a.arena, second) == 32);
  CHECK(qcc_arena_peak(&a.arena, second) == 20);
  CHECK(qcc_arena_peak(&a.arena, a.region) == 0);
}

TEST_CASE("regions must not overlap, and there are only so many") {
  Arena a;
  CHECK(qcc_arena_add_region(&a.arena, a.memory + 255, 1, nullptr) == QCC_ERROR_RANGE);
  unsigned char others[QCC_ARENA_MAX_REGIONS][8];
  for (uint32_t index = 1; index < QCC_ARENA_MAX_REGIONS; ++index)
    CHECK(qcc_arena_add_region(&a.arena, others[index], 8, nullptr) == QCC_OK);
  CHECK(qcc_arena_add_region(&a.arena, others[0], 8, nullptr) == QCC_ERROR_REGION);
}

TEST_CASE("wrong arguments are refused") {
  Arena a;
  void *result = nullptr;
  qcc_frame frame;
  CHECK(qcc_arena_init(nullptr) == QCC_ERROR_NULL);
  CHECK(qcc_arena_add_region(nullptr, a.memory, 1, nullptr) == QCC_ERROR_NULL);
  CHECK(qcc_arena_add_region(&a.arena, nullptr, 1, nullptr) == QCC_ERROR_NULL);
  CHECK(qcc_arena_allocate(nullptr, 0, 1, 1, &result) == QCC_ERROR_NULL);
  CHECK(a.allocate(1, 1, nullptr) == QCC_ERROR_NULL);
  CHECK(a.allocate(1, 0, &result) == QCC_ERROR_ALIGNMENT);
  CHECK(a.allocate(1, 24, &result) == QCC_ERROR_ALIGNMENT);
  CHECK(qcc_arena_allocate(&a.arena, 1, 1, 1, &result) == QCC_ERROR_REGION);
  CHECK(qcc_arena_mark(nullptr, &frame) == QCC_ERROR_NULL);
  CHECK(qcc_arena_mark(&a.arena, nullptr) == QCC_ERROR_NULL);
  CHECK(qcc_arena_release(nullptr, &frame) == QCC_ERROR_NULL);
  CHECK(qcc_arena_release(&a.arena, nullptr) == QCC_ERROR_NULL);
  CHECK(qcc_arena_peak(nullptr, 0) == 0);
  CHECK(qcc_arena_available(&a.arena, 1) == 0);
}

TEST_CASE("the serial loop covers its range once") {
  auto add = [](void *context, uint32_t begin, uint32_t end) {
    for (uint32_t index = begin; index < end; ++index)
      static_cast<int *>(context)[index]++;
  };
  int seen[8] = {};
  qcc_serial_for(nullptr, 8, 3, add, seen);
  qcc_serial_for(nullptr, 0, 3, add, nullptr);
  for (int count : seen)
    CHECK(count == 1);
}
