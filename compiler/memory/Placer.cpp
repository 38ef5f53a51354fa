#include "compiler/memory/Placer.h"

#include "compiler/memory/PlacementSearch.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include <algorithm>
#include <numeric>

using namespace qcc::memory;

namespace {

/// The search keeps a table of all pairs that live together.
constexpr size_t maxSearchable = 2000;
/// More pairs than these make a step slower, in proportion: there are fewer then.
constexpr int64_t fastPairs = 65536;
/// Steps of an attempt; of those by a fixed order, the shortest.
constexpr int64_t failureSteps = 500, fixedSteps = 1000;
/// How many attempts by failures follow one by a fixed order.
constexpr uint64_t failureTurns = 8;

/// The lowest offset of `buffer` beside those that are placed (offset at least 0).
int64_t lowestFree(const PlacementProblem &problem, size_t buffer, llvm::ArrayRef<int64_t> offsets) {
  // Each neighbour forbids the offsets between two, which are allowed themselves.
  llvm::SmallVector<std::pair<int64_t, int64_t>> forbidden;
  for (size_t other = 0; other < problem.count(); ++other)
    if (offsets[other] >= 0 && problem[other].size > 0 && !problem.areFree(buffer, other))
      forbidden.push_back(
          {offsets[other] - problem.distance(buffer, other), offsets[other] + problem.distance(other, buffer)});
  llvm::sort(forbidden);
  int64_t offset = 0;
  for (auto [begin, end] : forbidden) {
    if (offset <= begin)
      break;
    if (offset < end)
      offset = llvm::alignTo(end, problem[buffer].align);
  }
  return offset;
}

class Placer {
public:
  Placer(const PlacementProblem &problem, const PlaceOptions &options)
      : problem(problem), options(options), steps(options.steps) {
    best.lowerBound = problem.lowerBound();
    best.total = std::numeric_limits<int64_t>::max();
  }
  Placement run();

private:
  bool isGoodEnough() const { return best.total <= std::max(options.capacity, best.lowerBound); }
  void firstFit(llvm::function_ref<double(const Buffer &)> key);
  void search();
  bool searchFor(PlacementSearch &search, int64_t capacity, int64_t share);
  void keepIfBetter(llvm::ArrayRef<int64_t> offsets);

  const PlacementProblem &problem;
  const PlaceOptions &options;
  int64_t steps; // left
  Placement best;
};

void Placer::keepIfBetter(llvm::ArrayRef<int64_t> offsets) {
  int64_t total = 0;
  for (size_t i = 0; i < problem.count(); ++i)
    total = std::max(total, offsets[i] + problem[i].size);
  if (total >= best.total)
    return;
  best.offsets = offsets.vec();
  best.total = total;
}

/// Places the buffers by falling key, each at its lowest free offset.
void Placer::firstFit(llvm::function_ref<double(const Buffer &)> key) {
  std::vector<std::pair<double, size_t>> order;
  for (size_t i = 0; i < problem.count(); ++i)
    order.push_back({-key(problem[i]), i});
  llvm::sort(order);
  std::vector<int64_t> offsets(problem.count(), -1);
  for (auto [rank, i] : order)
    offsets[i] = problem[i].size == 0 ? 0 : lowestFree(problem, i, offsets);
  keepIfBetter(offsets);
}

/// The i-th number, from 1, of 1 1 2 1 1 2 4 1 1 2 1 1 2 4 8: factors of restarts that are never far from the best
/// choice (Luby, Sinclair, Zuckerman, "Optimal Speedup of Las Vegas Algorithms", 1993).
int64_t lubyNumber(int64_t i) {
  int64_t power = llvm::NextPowerOf2(i); // the sequence up to power - 1 ends with power / 2
  return i == power - 1 ? power / 2 : lubyNumber(i - (power / 2 - 1));
}

/// Searches for a placement of at most `capacity` bytes, in many short attempts. One order or another often succeeds at
/// once where the next is lost for long. The fixed orders get ever more steps, so that small problems are decided;
/// those by failures learn from each other. Raises the lower bound if there is none.
bool Placer::searchFor(PlacementSearch &search, int64_t capacity, int64_t share) {
  constexpr SearchOrder::Key fixed[] = {SearchOrder::Neighbours, SearchOrder::Lifetime, SearchOrder::Area,
                                        SearchOrder::Steps};
  int64_t end = steps - share;
  for (uint64_t attempt = 0; steps > end; ++attempt) {
    uint64_t round = attempt / (failureTurns + 1);
    SearchOrder order = {SearchOrder::Failures, attempt};
    int64_t limit = failureSteps;
    if (attempt % (failureTurns + 1) == 0) {
      order = {fixed[round % std::size(fixed)], round / std::size(fixed)};
      limit = fixedSteps * lubyNumber(round + 1);
    }
    PlacementSearch::Result result = search.run(capacity, order, std::min(limit, steps - end));
    steps -= std::max<int64_t>(search.steps(), 1);
    if (result == PlacementSearch::Result::Found) {
      keepIfBetter(search.offsets());
      return true;
    }
    if (result == PlacementSearch::Result::Impossible) {
      best.lowerBound = std::max(best.lowerBound, capacity + 1);
      return false;
    }
  }
  return false;
}

/// First what would be enough, then bisection between that and the best.
void Placer::search() {
  PlacementSearch search(problem);
  if (search.pairs() > fastPairs)
    steps = steps / search.pairs() * fastPairs + steps % search.pairs() * fastPairs / search.pairs();
  int64_t tooLow = std::max(options.capacity, best.lowerBound);
  if (searchFor(search, tooLow, steps / 2))
    return;
  while (steps > 0 && !isGoodEnough()) {
    tooLow = std::max(tooLow, best.lowerBound - 1);
    int64_t middle = tooLow + (best.total - tooLow) / 2;
    if (middle == tooLow)
      return;
    if (!searchFor(search, middle, std::min(steps, steps / 4 + fixedSteps)))
      tooLow = middle;
  }
}

Placement Placer::run() {
  auto life = [](const Buffer &buffer) {
    double result = static_cast<double>(buffer.end) - static_cast<double>(buffer.begin) + 1;
    for (Life further : buffer.further)
      result += static_cast<double>(further.end) - static_cast<double>(further.begin) + 1;
    return result;
  };
  firstFit([](const Buffer &) { return 0; });
  if (!isGoodEnough())
    firstFit([](const Buffer &buffer) { return static_cast<double>(buffer.size); });
  if (!isGoodEnough())
    firstFit([&](const Buffer &buffer) { return static_cast<double>(buffer.size) * life(buffer); });
  if (!isGoodEnough() && problem.count() <= maxSearchable)
    search();
  return best;
}

} // namespace

std::optional<Placement> qcc::memory::place(llvm::ArrayRef<Buffer> buffers, llvm::ArrayRef<Overlap> overlaps,
                                            const PlaceOptions &options) {
  std::optional<PlacementProblem> problem = PlacementProblem::create(buffers, overlaps);
  return problem ? std::optional(Placer(*problem, options).run()) : std::nullopt;
}

std::optional<Placement> qcc::memory::placeUpwards(llvm::ArrayRef<Buffer> buffers, llvm::ArrayRef<Overlap> overlaps) {
  constexpr int64_t stepsPerTrial = 1000;
  std::optional<Placement> best = place(buffers, overlaps);
  if (!best)
    return std::nullopt;
  // Forbids whole ranges of kernels to descend; halves of them where that takes more.
  std::vector<Overlap> allowed = overlaps.vec();
  auto forbid = [&](auto &self, size_t begin, size_t end) -> void {
    if (begin == end)
      return;
    std::vector<Overlap> fewer = allowed;
    for (size_t i = begin; i < end; ++i)
      fewer[i].above = buffers[fewer[i].first].size;
    std::optional<Placement> placement = place(buffers, fewer, {.capacity = best->total, .steps = stepsPerTrial});
    if (placement && placement->total <= best->total) {
      allowed = std::move(fewer);
      placement->lowerBound = best->lowerBound;
      best = std::move(*placement);
    } else if (end - begin > 1) {
      size_t middle = begin + (end - begin) / 2;
      self(self, begin, middle);
      self(self, middle, end);
    }
  };
  forbid(forbid, 0, allowed.size());
  return best;
}
