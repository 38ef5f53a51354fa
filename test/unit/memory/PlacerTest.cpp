// Static memory allocation: correct on random instances, tight on typical ones, and how it does on hard ones.
#include "compiler/memory/Placer.h"

#include "catch2/catch.hpp"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <random>

using namespace qcc::memory;

namespace {

/// Nothing that lives in the same step shares a byte; offsets are aligned, and the total is the end of the last.
void check(llvm::ArrayRef<Interval> intervals, const Placement &placement) {
  REQUIRE(placement.offsets.size() == intervals.size());
  int64_t end = 0;
  for (size_t i = 0; i < intervals.size(); ++i) {
    const Interval &a = intervals[i];
    int64_t begin = placement.offsets[i];
    REQUIRE(begin >= 0);
    REQUIRE(begin % a.align == 0);
    end = std::max(end, begin + a.size);
    for (size_t j = 0; j < i; ++j) {
      const Interval &b = intervals[j];
      bool shareStep = a.begin <= b.end && b.begin <= a.end;
      bool shareByte = begin < placement.offsets[j] + b.size && placement.offsets[j] < begin + a.size;
      REQUIRE(!(shareStep && shareByte && a.size > 0 && b.size > 0));
    }
  }
  REQUIRE(placement.total == end);
  REQUIRE(placement.total >= liveBytes(intervals));
}

std::vector<Interval> randomInstance(std::mt19937 &random, int count) {
  std::vector<Interval> result;
  for (int i = 0; i < count; ++i) {
    int64_t begin = random() % 50, size = random() % 8 == 0 ? 0 : random() % 1000;
    result.push_back({begin, begin + static_cast<int64_t>(random() % 12), size, int64_t(1) << random() % 6});
  }
  return result;
}

} // namespace

TEST_CASE("nothing to place") {
  CHECK(place({}).total == 0);
  CHECK(liveBytes({}) == 0);
}

TEST_CASE("the bytes that live in one step bound every placement") {
  CHECK(liveBytes({{0, 1, 10, 1}, {1, 2, 20, 1}, {2, 3, 5, 1}}) == 30);
  // A buffer's last step counts.
  CHECK(liveBytes({{0, 0, 10, 1}, {1, 1, 20, 1}}) == 20);
}

TEST_CASE("buffers of one step lie side by side, of different steps in one place") {
  CHECK(place({{0, 0, 10, 1}, {0, 0, 10, 1}}).total == 20);
  CHECK(place({{0, 0, 10, 1}, {1, 1, 10, 1}}).offsets == std::vector<int64_t>{0, 0});
}

TEST_CASE("buffers without bytes take no room") {
  std::vector<Interval> intervals = {{0, 9, 0, 4}, {0, 9, 12, 4}, {3, 4, 0, 4}, {0, 9, 8, 4}};
  Placement placement = place(intervals);
  check(intervals, placement);
  CHECK(placement.total == 20);
}

TEST_CASE("random instances are placed without overlap, equally every time") {
  std::mt19937 random(7);
  for (int instance = 0; instance < 60; ++instance) {
    std::vector<Interval> intervals = randomInstance(random, 1 + instance);
    Placement placement = place(intervals);
    check(intervals, placement);
    CHECK(place(intervals).offsets == placement.offsets);
  }
}

TEST_CASE("chains, residual blocks and branches of a network meet the lower bound") {
  auto meetsBound = [](const std::vector<Interval> &intervals) {
    Placement placement = place(intervals);
    check(intervals, placement);
    CHECK(placement.total == liveBytes(intervals));
  };
  // A chain: each tensor lives until the next layer has read it.
  std::vector<Interval> chain;
  for (int64_t i = 0; i < 30; ++i)
    chain.push_back({i, i + 1, 4 * (1000 + 37 * i % 400), 4});
  meetsBound(chain);
  // Residual blocks: an input that lives over two layers.
  std::vector<Interval> residual;
  for (int64_t block = 0; block < 6; ++block) {
    int64_t step = 3 * block, size = 16384 >> (block / 2);
    residual.push_back({step, step + 2, size, 4});
    residual.push_back({step + 1, step + 2, size, 4});
    residual.push_back({step + 2, step + 3, size, 4});
  }
  meetsBound(residual);
  // Four branches that are concatenated.
  std::vector<Interval> branches = {{0, 4, 4096, 4}};
  for (int64_t i = 1; i <= 4; ++i)
    branches.push_back({i, 5, 1024 * i, 4});
  branches.push_back({5, 6, 10240, 4});
  meetsBound(branches);
}

// Hard instances, of known optimum, from the MiniMalloc paper. How close the placement comes is informative.
TEST_CASE("MiniMalloc's instances") {
  llvm::SmallString<128> folder(QCC_ROOT);
  llvm::sys::path::append(folder, "..", "shared", "data", "minimalloc");
  if (!llvm::sys::fs::is_directory(folder)) {
    WARN("skipped: no ../shared/data/minimalloc beside the repository");
    return;
  }
  constexpr int64_t capacity = 1048576;
  for (char name = 'A'; name <= 'K'; ++name) {
    llvm::SmallString<128> path(folder);
    llvm::sys::path::append(path, llvm::Twine(name) + ".1048576.csv");
    auto file = llvm::MemoryBuffer::getFile(path);
    REQUIRE(file);
    std::vector<Interval> intervals;
    llvm::SmallVector<llvm::StringRef> lines;
    (*file)->getBuffer().split(lines, '\n', -1, /*KeepEmpty=*/false);
    for (llvm::StringRef line : llvm::ArrayRef(lines).drop_front()) {
      // id, lower, upper (exclusive), size
      llvm::SmallVector<llvm::StringRef> fields;
      line.trim().split(fields, ',');
      REQUIRE(fields.size() == 4);
      int64_t numbers[3];
      for (int i = 0; i < 3; ++i)
        REQUIRE(!fields[i + 1].getAsInteger(10, numbers[i]));
      intervals.push_back({numbers[0], numbers[1] - 1, numbers[2], 1});
    }
    Placement placement = place(intervals);
    check(intervals, placement);
    CHECK(liveBytes(intervals) <= capacity);
    WARN(name << ": " << intervals.size() << " buffers in " << placement.total << " bytes, "
              << 100 * placement.total / capacity << " % of the capacity that is enough");
  }
}
