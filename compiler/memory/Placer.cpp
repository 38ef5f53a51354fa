#include "compiler/memory/Placer.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include <algorithm>
#include <map>
#include <numeric>
#include <random>

using namespace qcc::memory;

static bool overlapInTime(const Interval &a, const Interval &b) { return a.begin <= b.end && b.begin <= a.end; }

int64_t qcc::memory::liveBytes(llvm::ArrayRef<Interval> intervals) {
  std::map<int64_t, int64_t> changes;
  for (const Interval &interval : intervals) {
    changes[interval.begin] += interval.size;
    changes[interval.end + 1] -= interval.size;
  }
  int64_t live = 0, most = 0;
  for (auto [step, change] : changes)
    most = std::max(most, live += change);
  return most;
}

/// Places intervals in the given order, each at the lowest offset that is free for its whole life.
static Placement firstFit(llvm::ArrayRef<Interval> intervals, llvm::ArrayRef<size_t> order) {
  Placement result;
  result.offsets.assign(intervals.size(), -1);
  std::vector<size_t> byOffset; // placed intervals
  for (size_t index : order) {
    const Interval &interval = intervals[index];
    int64_t offset = 0;
    for (size_t other : byOffset) {
      if (!overlapInTime(interval, intervals[other]) || interval.size == 0)
        continue;
      int64_t start = result.offsets[other], end = start + intervals[other].size;
      if (offset + interval.size <= start)
        break;
      offset = std::max<int64_t>(offset, llvm::alignTo(end, interval.align));
    }
    result.offsets[index] = offset;
    result.total = std::max(result.total, offset + interval.size);
    auto position =
        llvm::upper_bound(byOffset, offset, [&](int64_t value, size_t other) { return value < result.offsets[other]; });
    byOffset.insert(position, index);
  }
  return result;
}

Placement qcc::memory::place(llvm::ArrayRef<Interval> intervals) {
  std::vector<size_t> order(intervals.size());
  std::iota(order.begin(), order.end(), 0);
  Placement best = firstFit(intervals, order);
  std::vector<size_t> bestOrder = order;
  int64_t bound = liveBytes(intervals);
  auto attempt = [&](const std::vector<size_t> &candidate) {
    Placement placement = firstFit(intervals, candidate);
    if (placement.total > best.total)
      return;
    best = std::move(placement);
    bestOrder = candidate;
  };
  auto lifeOf = [&](size_t i) { return intervals[i].end - intervals[i].begin + 1; };
  llvm::sort(order,
             [&](size_t a, size_t b) { return std::pair(-intervals[a].size, a) < std::pair(-intervals[b].size, b); });
  attempt(order);
  llvm::sort(order, [&](size_t a, size_t b) {
    return std::pair(-intervals[a].size * lifeOf(a), a) < std::pair(-intervals[b].size * lifeOf(b), b);
  });
  attempt(order);
  // A layer's tensor lives beside its neighbours only: those of even layers at the bottom, then those of odd layers.
  llvm::sort(order, [&](size_t a, size_t b) {
    return std::tuple(intervals[a].begin & 1, -intervals[a].size, a) <
           std::tuple(intervals[b].begin & 1, -intervals[b].size, b);
  });
  attempt(order);
  // Moves an interval to another place in the order; keeps what is no worse. Every second time it is one that reaches
  // the top, and comes earlier.
  std::mt19937 random(1);
  int rounds = intervals.size() < 2 ? 0 : intervals.size() < 400 ? 4000 : 200;
  for (int round = 0; round < rounds && best.total > bound; ++round) {
    std::vector<size_t> candidate = bestOrder;
    size_t from = random() % candidate.size(), to = random() % candidate.size();
    auto reachesTop = [&](size_t i) { return best.offsets[i] + intervals[i].size == best.total; };
    if (round % 2 == 0) {
      while (!reachesTop(candidate[from]))
        from = (from + 1) % candidate.size();
      to = random() % (from + 1);
    }
    size_t moved = candidate[from];
    candidate.erase(candidate.begin() + from);
    candidate.insert(candidate.begin() + to, moved);
    attempt(candidate);
  }
  return best;
}
