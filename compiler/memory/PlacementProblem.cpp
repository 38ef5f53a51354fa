#include "compiler/memory/PlacementProblem.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include <algorithm>
#include <numeric>

using namespace qcc::memory;

/// Calls `visit(Life)` for each life of a buffer.
template <typename Visit> static void forEachLife(const Buffer &buffer, Visit visit) {
  visit(Life{buffer.begin, buffer.end});
  for (Life life : buffer.further)
    visit(life);
}

std::optional<PlacementProblem> PlacementProblem::create(llvm::ArrayRef<Buffer> buffers,
                                                         llvm::ArrayRef<Overlap> overlaps) {
  PlacementProblem problem(buffers);
  // Whatever is stacked stays below the sum of all sizes, each with two gaps of its alignment.
  int64_t most = 0;
  for (const Buffer &buffer : buffers)
    if (llvm::AddOverflow(most, buffer.size, most) || llvm::AddOverflow(most, buffer.align, most) ||
        llvm::AddOverflow(most, buffer.align, most))
      return std::nullopt;
  problem.common = 0;
  for (const Buffer &buffer : buffers)
    problem.common = std::gcd(problem.common, buffer.align);
  problem.common = std::max<int64_t>(problem.common, 1);
  for (const Buffer &buffer : buffers)
    problem.paddedSizes.push_back(llvm::alignTo(buffer.size, problem.common));

  problem.partnersOf.resize(buffers.size());
  for (const Overlap &overlap : overlaps) {
    auto [first, second, below, above] = overlap;
    auto round = [&](int64_t distance, size_t low) {
      return std::min<int64_t>(llvm::alignTo(std::min(distance, buffers[low].size), problem.common),
                               problem.padded(low));
    };
    problem.distances[{second, first}] = round(below, second);
    problem.distances[{first, second}] = round(above, first);
    problem.partnersOf[first].push_back(second);
    problem.partnersOf[second].push_back(first);
  }
  return problem;
}

bool PlacementProblem::liveTogether(size_t i, size_t j) const {
  bool result = false;
  forEachLife(buffers[i], [&](Life a) {
    forEachLife(buffers[j], [&](Life b) { result |= a.begin <= b.end && b.begin <= a.end; });
  });
  return result;
}

int64_t PlacementProblem::distance(size_t low, size_t high) const {
  if (!partnersOf[low].empty())
    if (auto found = distances.find({low, high}); found != distances.end())
      return found->second;
  return paddedSizes[low];
}

void PlacementProblem::forEachSection(llvm::function_ref<void(llvm::ArrayRef<size_t>)> visit) const {
  struct Event {
    int64_t begin, end;
    size_t buffer;
  };
  std::vector<Event> events;
  for (auto [index, buffer] : llvm::enumerate(buffers))
    if (buffer.size > 0)
      forEachLife(buffer, [&](Life life) {
        if (life.begin <= life.end)
          events.push_back({life.begin, life.end, index});
      });
  llvm::sort(events, [](const Event &a, const Event &b) {
    return std::pair(a.begin, a.buffer) < std::pair(b.begin, b.buffer);
  });
  // The set of live buffers grows with every begin. It is part of the next set unless a life ends in between.
  std::vector<Event> live;
  std::vector<size_t> members;
  int64_t firstEnd = std::numeric_limits<int64_t>::max();
  auto visitLive = [&] {
    members.clear();
    for (const Event &event : live)
      members.push_back(event.buffer);
    llvm::sort(members);
    members.erase(llvm::unique(members), members.end());
    visit(members);
  };
  for (const Event &event : events) {
    if (firstEnd < event.begin) {
      visitLive();
      llvm::erase_if(live, [&](const Event &other) { return other.end < event.begin; });
      firstEnd = std::numeric_limits<int64_t>::max();
      for (const Event &other : live)
        firstEnd = std::min(firstEnd, other.end);
    }
    live.push_back(event);
    firstEnd = std::min(firstEnd, event.end);
  }
  if (!live.empty())
    visitLive();
}

int64_t PlacementProblem::demand(llvm::ArrayRef<size_t> members, llvm::ArrayRef<char> isPlaced) const {
  auto countedPartners = [&](size_t i) {
    llvm::SmallVector<size_t, 2> its;
    for (size_t partner : partners(i))
      if (!isPlaced[partner] && llvm::binary_search(members, partner))
        its.push_back(partner);
    return its;
  };
  int64_t result = 0;
  for (size_t i : members) {
    if (isPlaced[i])
      continue;
    int64_t least = padded(i);
    llvm::SmallVector<size_t, 2> its = countedPartners(i);
    if (its.size() == 1 && countedPartners(its.front()).size() == 1) {
      // Two that overlap only with each other: their union counts, once.
      size_t other = its.front();
      least = i > other ? 0
                        : std::min(std::max(distance(i, other) + padded(other), padded(i)),
                                   std::max(distance(other, i) + padded(i), padded(other)));
    } else {
      // In any stack, `i` takes the distance to the next above it.
      for (size_t partner : its)
        least = std::min(least, distance(i, partner));
    }
    result += least;
  }
  return result;
}

int64_t PlacementProblem::lowerBound() const {
  std::vector<char> nonePlaced(count(), 0);
  int64_t result = 0;
  forEachSection([&](llvm::ArrayRef<size_t> members) {
    // Only the last buffer of a stack does without its padding.
    int64_t padding = 0;
    for (size_t i : members) {
      padding = std::max(padding, padded(i) - buffers[i].size);
      result = std::max(result, buffers[i].size);
    }
    result = std::max(result, demand(members, nonePlaced) - padding);
  });
  return result;
}

std::optional<int64_t> qcc::memory::liveBytes(llvm::ArrayRef<Buffer> buffers, llvm::ArrayRef<Overlap> overlaps) {
  std::optional<PlacementProblem> problem = PlacementProblem::create(buffers, overlaps);
  return problem ? std::optional(problem->lowerBound()) : std::nullopt;
}
