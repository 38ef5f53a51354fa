// Static memory allocation: correct and optimal where all orders can be tried, tight on typical and on hard instances.
#include "compiler/memory/Placer.h"

#include "catch2/catch.hpp"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <algorithm>
#include <numeric>
#include <random>

using namespace qcc::memory;

namespace {

struct Instance {
  std::vector<Buffer> buffers;
  std::vector<Overlap> overlaps;
};

bool liveTogether(const Buffer &a, const Buffer &b) {
  auto lives = [](const Buffer &buffer) {
    std::vector<Life> result(buffer.further.begin(), buffer.further.end());
    result.push_back({buffer.begin, buffer.end});
    return result;
  };
  for (Life i : lives(a))
    for (Life j : lives(b))
      if (i.begin <= j.end && j.begin <= i.end)
        return true;
  return false;
}

/// Bytes from the begin of `low` to that of `high`, at least, if `high` does not lie below; 0 if they are independent.
int64_t distance(const Instance &instance, size_t low, size_t high) {
  const Buffer &a = instance.buffers[low], &b = instance.buffers[high];
  if (a.size == 0 || b.size == 0 || !liveTogether(a, b))
    return 0;
  for (const Overlap &overlap : instance.overlaps) {
    if (overlap.first == low && overlap.second == high)
      return std::min(overlap.above, a.size);
    if (overlap.first == high && overlap.second == low)
      return std::min(overlap.below, a.size);
  }
  return a.size;
}

/// What live together keep their distances; offsets are aligned, and the total is the end of the last.
void check(const Instance &instance, const Placement &placement) {
  const std::vector<Buffer> &buffers = instance.buffers;
  REQUIRE(placement.offsets.size() == buffers.size());
  int64_t end = 0;
  for (size_t i = 0; i < buffers.size(); ++i) {
    int64_t begin = placement.offsets[i];
    REQUIRE(begin >= 0);
    REQUIRE(begin % buffers[i].align == 0);
    end = std::max(end, begin + buffers[i].size);
    for (size_t j = 0; j < i; ++j) {
      int64_t other = placement.offsets[j];
      bool isAbove = begin - other >= distance(instance, j, i), isBelow = other - begin >= distance(instance, i, j);
      REQUIRE((isAbove || isBelow));
    }
  }
  REQUIRE(placement.total == end);
  REQUIRE(placement.total >= placement.lowerBound);
  REQUIRE(placement.lowerBound >= liveBytes(buffers, instance.overlaps).value());
}

Placement placed(const Instance &instance, const PlaceOptions &options = {}) {
  std::optional<Placement> placement = place(instance.buffers, instance.overlaps, options);
  REQUIRE(placement);
  check(instance, *placement);
  return *placement;
}

/// The least total of all: stacks the buffers in every order, each as low as those before it permit.
int64_t leastTotal(const Instance &instance) {
  std::vector<size_t> order(instance.buffers.size());
  std::iota(order.begin(), order.end(), 0);
  int64_t least = std::numeric_limits<int64_t>::max();
  do {
    std::vector<int64_t> offsets(order.size(), 0);
    int64_t total = 0;
    for (size_t i = 0; i < order.size(); ++i) {
      const Buffer &buffer = instance.buffers[order[i]];
      for (size_t j = 0; j < i; ++j)
        if (int64_t d = distance(instance, order[j], order[i]); d > 0 || distance(instance, order[i], order[j]) > 0)
          offsets[order[i]] = std::max<int64_t>(offsets[order[i]], llvm::alignTo(offsets[order[j]] + d, buffer.align));
      total = std::max(total, offsets[order[i]] + buffer.size);
    }
    least = std::min(least, total);
  } while (std::next_permutation(order.begin(), order.end()));
  return least;
}

Instance randomInstance(std::mt19937 &random, int count, int steps, int sizes, bool withOverlaps) {
  Instance result;
  bool isAligned = random() % 2 == 0;
  for (int i = 0; i < count; ++i) {
    int64_t begin = random() % steps, size = random() % 8 == 0 ? 0 : random() % sizes;
    Buffer buffer = {begin, begin + static_cast<int64_t>(random() % (steps / 2)), size,
                     isAligned ? 4 : int64_t(1) << random() % 4};
    if (random() % 8 == 0) { // a loop-carried state
      begin = random() % steps;
      buffer.further.push_back({begin, begin + static_cast<int64_t>(random() % 2)});
    }
    result.buffers.push_back(buffer);
  }
  for (int i = 0; withOverlaps && i + 1 < count; ++i)
    if (size_t first = i, second = i + 1; random() % 2 == 0) {
      if (random() % 2 == 0)
        std::swap(first, second);
      auto least = [&](size_t buffer) { return random() % 4 == 0 ? 0 : random() % (result.buffers[buffer].size + 1); };
      result.overlaps.push_back(
          {first, second, static_cast<int64_t>(least(second)), static_cast<int64_t>(least(first))});
    }
  return result;
}

} // namespace

TEST_CASE("nothing to place") {
  CHECK(placed({}).total == 0);
  CHECK(liveBytes({}) == 0);
  CHECK(placed({{{0, 0, 0, 1}}, {}}).total == 0);
  CHECK(placed({{{0, 5, 7, 4}}, {}}).total == 7);
}

TEST_CASE("the bytes that live in one step bound every placement") {
  CHECK(liveBytes({{0, 1, 10, 1}, {1, 2, 20, 1}, {2, 3, 5, 1}}) == 30);
  // A buffer's last step counts.
  CHECK(liveBytes({{0, 0, 10, 1}, {1, 1, 20, 1}}) == 20);
  // Of three that begin at multiples of 4 only the last one's padding is not needed; it is best the largest.
  CHECK(liveBytes({{0, 0, 5, 4}, {0, 0, 6, 4}, {0, 0, 7, 4}}) == 21);
}

TEST_CASE("buffers of one step lie side by side, of different steps in one place") {
  CHECK(placed({{{0, 0, 10, 1}, {0, 0, 10, 1}}, {}}).total == 20);
  CHECK(placed({{{0, 0, 10, 1}, {1, 1, 10, 1}}, {}}).offsets == std::vector<int64_t>{0, 0});
}

TEST_CASE("buffers without bytes take no room") {
  CHECK(placed({{{0, 9, 0, 4}, {0, 9, 12, 4}, {3, 4, 0, 4}, {0, 9, 8, 4}}, {}}).total == 20);
}

TEST_CASE("equal buffers, in any number") {
  Instance instance;
  instance.buffers.assign(300, {0, 1, 16, 16});
  CHECK(placed(instance).total == 300 * 16);
}

TEST_CASE("alignments of any size") {
  Instance huge = {{{0, 1, 3, int64_t(1) << 40}, {0, 1, 5, 1}, {1, 2, 4, int64_t(1) << 40}}, {}};
  huge.buffers[0].end = 0;
  CHECK(placed(huge).total == 9);
  huge.buffers[0].end = 1;
  CHECK(placed(huge).total == (int64_t(1) << 40) + 3);
  Instance odd = {{{0, 1, 10, 6}, {0, 1, 10, 10}, {0, 1, 10, 15}}, {}};
  CHECK(placed(odd).total == leastTotal(odd));
}

TEST_CASE("sums that do not fit are refused") {
  constexpr int64_t huge = std::numeric_limits<int64_t>::max();
  CHECK(!place({{0, 1, huge, 4}, {0, 1, huge, 4}}));
  CHECK(!place({{0, 1, 1, huge}, {0, 1, 1, huge}}));
  CHECK(!liveBytes({{0, 1, huge / 2, 1}, {0, 1, huge / 2 + 2, 1}}));
  CHECK(placed({{{-huge, huge, huge / 4, 1}, {0, 0, huge / 4, 1}}, {}}).total == huge / 4 * 2);
}

TEST_CASE("a kernel's input and output share bytes as far as it permits") {
  // A 3x3 convolution, 16 rows of 64 bytes: the output trails by a row and two pixels of 4 bytes.
  Instance same = {{{0, 1, 1024, 4}, {1, 2, 1024, 4}}, {{0, 1, 72, 1024}}};
  Placement placement = placed(same);
  CHECK(placement.total == 1024 + 72);
  CHECK(placement.lowerBound == 1024 + 72);
  CHECK(placement.offsets == std::vector<int64_t>{72, 0});
  // A 1x1 convolution that doubles the channels: the input is the output's last half.
  Instance doubled = {{{0, 1, 512, 4}, {1, 2, 1024, 4}}, {{0, 1, 512, 512}}};
  placement = placed(doubled);
  CHECK(placement.total == 1024);
  CHECK(placement.offsets == std::vector<int64_t>{512, 0});
  // Downwards: the input lies first.
  Instance down = {{{0, 1, 1024, 4}, {1, 2, 1024, 4}}, {{0, 1, 1024, 72}}};
  CHECK(placed(down).offsets == std::vector<int64_t>{0, 72});
  // Both ways, and a third buffer beside them.
  Instance both = {{{0, 1, 1024, 4}, {1, 2, 1024, 4}, {0, 2, 100, 4}}, {{0, 1, 72, 80}}};
  CHECK(placed(both).total == 1024 + 72 + 100);
  // Anywhere: one holds the other.
  Instance anywhere = {{{0, 1, 1000, 8}, {1, 2, 200, 8}}, {{0, 1, 0, 0}}};
  CHECK(placed(anywhere).total == 1000);
  // A chain of them moves downwards or alternates, beside a skip connection.
  auto chainOf = [](size_t count) {
    Instance chain = {{{2, 5, 1000, 4}}, {}};
    for (size_t i = 1; i <= count; ++i) {
      int64_t step = i;
      chain.buffers.push_back({step, step + 1, 4000, 4});
      if (i > 1)
        chain.overlaps.push_back({i - 1, i, 100, 4000});
    }
    return chain;
  };
  CHECK(placed(chainOf(6)).total == leastTotal(chainOf(6)));
  placement = placed(chainOf(20));
  CHECK(placement.total == placement.lowerBound);
}

TEST_CASE("a state that a loop carries leaves its bytes free in between") {
  // Steps 4 to 9 repeat. The state is written in step 8 and read in step 5 of the next round; what lives in steps 6 and
  // 7 takes its place.
  Instance loop = {{{8, 9, 64, 4, {{4, 5}}}, {6, 7, 64, 4}, {4, 9, 16, 4}}, {}};
  Placement placement = placed(loop);
  CHECK(placement.total == 80);
  CHECK(placement.offsets[0] == placement.offsets[1]);
  loop.buffers[1].end = 8;
  CHECK(placed(loop).total == 144);
}

TEST_CASE("two outputs live to the end") {
  // x -> a -> b, and a -> c; b and c are outputs.
  Instance outputs = {{{-1, 0, 100, 4}, {0, 2, 40, 4}, {1, 3, 60, 4}, {2, 3, 80, 4}}, {}};
  CHECK(placed(outputs).total == 180);
}

TEST_CASE("a capacity that is enough ends the search") {
  Instance instance = {{{0, 1, 30, 1}, {1, 2, 20, 1}, {2, 3, 30, 1}, {0, 3, 10, 1}}, {}};
  Placement placement = placed(instance, {.capacity = 1000});
  CHECK(placement.total <= 1000);
  CHECK(placement.lowerBound == 60);
}

TEST_CASE("small instances are placed in the least bytes, and the lower bound says so") {
  std::mt19937 random(5);
  for (int i = 0; i < 400; ++i) {
    Instance instance = randomInstance(random, 2 + i % 6, 8, i % 3 == 0 ? 12 : 40, i % 2 == 0);
    Placement placement = placed(instance);
    INFO("instance " << i);
    REQUIRE(placement.total == leastTotal(instance));
    REQUIRE(placement.lowerBound == placement.total);
  }
}

TEST_CASE("random instances are placed without conflict, equally every time") {
  std::mt19937 random(7);
  for (int i = 0; i < 60; ++i) {
    Instance instance = randomInstance(random, 1 + i, 50, 1000, i % 2 == 0);
    CHECK(placed(instance, {.steps = 3000}).offsets == placed(instance, {.steps = 3000}).offsets);
  }
}

TEST_CASE("stacks cut out of a rectangle fit again") {
  std::mt19937 random(11);
  for (int i = 0; i < 20; ++i) {
    // Splits one buffer again and again, in time or in size.
    std::vector<Buffer> buffers = {{0, 63, 1024, 1}};
    while (buffers.size() < 40) {
      Buffer &buffer = buffers[random() % buffers.size()], part = buffer;
      if (random() % 2 == 0 && buffer.end > buffer.begin) {
        buffer.end = buffer.begin + static_cast<int64_t>(random() % (buffer.end - buffer.begin));
        part.begin = buffer.end + 1;
        buffers.push_back(part);
      } else if (buffer.size > 1) {
        buffer.size = 1 + static_cast<int64_t>(random() % (buffer.size - 1));
        part.size -= buffer.size;
        buffers.push_back(part);
      }
    }
    CHECK(placed({buffers, {}}).total == 1024);
  }
}

TEST_CASE("chains, residual blocks and branches of a network meet the lower bound") {
  auto meetsBound = [](const std::vector<Buffer> &buffers) {
    Placement placement = placed({buffers, {}});
    CHECK(placement.total == placement.lowerBound);
  };
  // A chain: each tensor lives until the next layer has read it.
  std::vector<Buffer> chain;
  for (int64_t i = 0; i < 2000; ++i)
    chain.push_back({i, i + 1, 4 * (1000 + 37 * i % 400), 4});
  meetsBound(chain);
  // Residual blocks: an input that lives over two layers.
  std::vector<Buffer> residual;
  for (int64_t block = 0; block < 6; ++block) {
    int64_t step = 3 * block, size = 16384 >> (block / 2);
    residual.push_back({step, step + 2, size, 4});
    residual.push_back({step + 1, step + 2, size, 4});
    residual.push_back({step + 2, step + 3, size, 4});
  }
  meetsBound(residual);
  // Four branches that are concatenated.
  std::vector<Buffer> branches = {{0, 4, 4096, 4}};
  for (int64_t i = 1; i <= 4; ++i)
    branches.push_back({i, 5, 1024 * i, 4});
  branches.push_back({5, 6, 10240, 4});
  meetsBound(branches);
}

// Hard instances from the MiniMalloc paper, with a capacity that is known to be enough.
TEST_CASE("MiniMalloc's instances fit") {
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
    Instance instance;
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
      instance.buffers.push_back({numbers[0], numbers[1] - 1, numbers[2], 1});
    }
    INFO("instance " << name);
    CHECK(placed(instance, {.capacity = capacity, .steps = 1'000'000}).total <= capacity);
  }
}
