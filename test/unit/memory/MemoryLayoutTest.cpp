// Several memories: what is hot is in the first, everything has a place, and no memory holds more than it has.
#include "compiler/memory/MemoryLayout.h"

#include "catch2/catch.hpp"
#include <random>

using namespace qcc::memory;

namespace {

constexpr int64_t plenty = 1 << 20;

/// Nothing ends behind its memory, and what lives together in one memory shares no byte.
void check(llvm::ArrayRef<Buffer> buffers, const MemoryLayout &layout, llvm::ArrayRef<Memory> memories) {
  REQUIRE(layout.uses.size() == memories.size());
  for (size_t i = 0; i < buffers.size(); ++i) {
    size_t memory = layout.memories[i];
    REQUIRE(layout.offsets[i] % buffers[i].align == 0);
    REQUIRE(layout.offsets[i] + buffers[i].size <= layout.uses[memory].bytes);
    REQUIRE(layout.uses[memory].bytes <= memories[memory].bytes);
    for (size_t j = 0; j < i; ++j) {
      bool areTogether = buffers[i].begin <= buffers[j].end && buffers[j].begin <= buffers[i].end;
      bool areApart = layout.offsets[i] + buffers[i].size <= layout.offsets[j] ||
                      layout.offsets[j] + buffers[j].size <= layout.offsets[i];
      REQUIRE((memory != layout.memories[j] || !areTogether || areApart));
    }
  }
}

} // namespace

TEST_CASE("the hottest buffers are in the first memory") {
  std::vector<Buffer> buffers = {{0, 9, 64, 4}, {0, 9, 64, 4}, {0, 9, 64, 4}};
  std::vector<Heat> heats = {{1}, {3}, {2}};
  std::vector<Memory> memories = {{"fast", 128}, {"slow", 128}};
  std::optional<Assignment> assignment = assign(buffers, {}, heats, memories);
  REQUIRE(assignment);
  CHECK(assignment->memories == std::vector<size_t>{1, 0, 0});
  CHECK(assignment->dropped.empty());
  std::optional<MemoryLayout> layout = layOut(buffers, {}, assignment->memories, memories);
  REQUIRE(layout);
  check(buffers, *layout, memories);
  CHECK(layout->uses[0].bytes == 128);
  CHECK(layout->uses[1].bytes == 64);
}

TEST_CASE("a large buffer takes the place of hotter ones that fit elsewhere") {
  std::vector<Buffer> buffers = {{0, 9, 100, 4}, {0, 9, 40, 4}, {0, 9, 40, 4}};
  std::vector<Memory> memories = {{"fast", 100}, {"slow", 80}};
  std::optional<Assignment> assignment = assign(buffers, {}, std::vector<Heat>{{1}, {3}, {2}}, memories);
  REQUIRE(assignment);
  CHECK(assignment->memories == std::vector<size_t>{0, 1, 1});
}

TEST_CASE("copies are dropped before anything else moves") {
  std::vector<Buffer> buffers = {{0, 9, 64, 4}, {0, 9, 64, 4}};
  std::vector<Heat> heats = {{3}, {2, /*isOptional=*/true}};
  std::optional<Assignment> assignment =
      assign(buffers, {}, heats, std::vector<Memory>{{"fast", 100}, {"slow", plenty}});
  REQUIRE(assignment);
  CHECK(assignment->dropped == std::vector<size_t>{1});
}

TEST_CASE("overlaps count in one memory only") {
  std::vector<Buffer> buffers = {{0, 1, 64, 4}, {1, 2, 64, 4}};
  std::vector<Overlap> inPlace = {{0, 1, 0, 64}};
  std::vector<Heat> heats(2);
  std::optional<Assignment> together = assign(buffers, inPlace, heats, std::vector<Memory>{{"only", 64}});
  REQUIRE(together);
  CHECK_FALSE(assign(buffers, {}, heats, std::vector<Memory>{{"only", 64}}));
  std::optional<MemoryLayout> apart =
      layOut(buffers, inPlace, std::vector<size_t>{0, 1}, std::vector<Memory>{{"a", 64}, {"b", 64}});
  REQUIRE(apart);
  CHECK(apart->offsets == std::vector<int64_t>{0, 0});
}

TEST_CASE("random buffers fit in memories that they were divided among") {
  std::mt19937 random(7);
  auto draw = [&](int64_t low, int64_t high) { return low + static_cast<int64_t>(random() % (high - low + 1)); };
  int fitted = 0;
  for (int round = 0; round < 60; ++round) {
    std::vector<Buffer> buffers;
    std::vector<Heat> heats;
    for (int64_t i = 0, count = draw(1, 20); i < count; ++i) {
      int64_t begin = draw(0, 15);
      buffers.push_back({begin, begin + draw(0, 4), draw(0, 300), int64_t(1) << draw(0, 4)});
      heats.push_back({static_cast<double>(draw(0, 9))});
    }
    std::vector<Memory> memories = {{"a", draw(1, 500)}, {"b", draw(1, 1000)}, {"c", draw(300, 1500)}};
    std::optional<Assignment> assignment = assign(buffers, {}, heats, memories);
    if (!assignment)
      continue;
    std::optional<MemoryLayout> layout = layOut(buffers, {}, assignment->memories, memories);
    REQUIRE(layout);
    check(buffers, *layout, memories);
    ++fitted;
  }
  CHECK(fitted > 30);
}
