// Threads share out a loop: every iteration once, in pieces of the grain, loop after loop.
#include "qcc/pool.h"
#include "catch2/catch.hpp"

#include <atomic>
#include <memory>
#include <vector>

namespace {

/// How often each iteration was computed; the grain, if every piece keeps to it.
struct Counts {
  std::vector<std::atomic<int>> times;
  uint32_t grain;
  std::atomic<bool> keepsToGrain{true};
  Counts(uint32_t count, uint32_t grain) : times(count), grain(grain) {}

  static void body(void *context, uint32_t begin, uint32_t end) {
    auto &counts = *static_cast<Counts *>(context);
    if (begin % counts.grain != 0 || (end % counts.grain != 0 && end != counts.times.size()) || begin >= end)
      counts.keepsToGrain = false;
    for (uint32_t i = begin; i < end; ++i)
      ++counts.times[i];
  }
  bool areOne() const {
    for (const std::atomic<int> &count : times)
      if (count != 1)
        return false;
    return keepsToGrain;
  }
};

struct Pool {
  // Larger than a stack frame should be.
  std::unique_ptr<qcc_pool> pool = std::make_unique<qcc_pool>();
  explicit Pool(uint32_t threads) { REQUIRE(qcc_pool_start(pool.get(), threads) == QCC_OK); }
  ~Pool() { qcc_pool_stop(pool.get()); }
};

} // namespace

TEST_CASE("a pool computes every iteration once") {
  for (uint32_t threads : {1u, 2u, 3u, 8u}) {
    Pool pool(threads);
    for (uint32_t count : {0u, 1u, 2u, 7u, 64u, 1000u})
      for (uint32_t grain : {1u, 3u, 64u}) {
        INFO(threads << " threads, " << count << " by " << grain);
        Counts counts(count, grain);
        qcc_pool_for(pool.pool.get(), count, grain, Counts::body, &counts);
        CHECK(counts.areOne());
      }
  }
}

TEST_CASE("loops follow each other, at once and after the threads have gone to sleep") {
  Pool pool(4);
  int wrong = 0;
  for (int round = 0; round < 20000; ++round) {
    Counts counts(1 + round % 5, 1);
    qcc_pool_for(pool.pool.get(), 1 + round % 5, 1, Counts::body, &counts);
    wrong += !counts.areOne();
    if (round % 4000 == 0) {
      timespec pause = {0, 20'000'000};
      nanosleep(&pause, nullptr);
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("a pool starts again, and refuses what it cannot start with") {
  auto pool = std::make_unique<qcc_pool>();
  CHECK(qcc_pool_start(nullptr, 1) == QCC_ERROR_NULL);
  CHECK(qcc_pool_start(pool.get(), 0) == QCC_ERROR_RANGE);
  CHECK(qcc_pool_start(pool.get(), QCC_POOL_MAX_THREADS + 1) == QCC_ERROR_RANGE);
  for (int round = 0; round < 3; ++round) {
    REQUIRE(qcc_pool_start(pool.get(), 3) == QCC_OK);
    Counts counts(10, 1);
    qcc_pool_for(pool.get(), 10, 1, Counts::body, &counts);
    CHECK(counts.areOne());
    qcc_pool_stop(pool.get());
  }
}
