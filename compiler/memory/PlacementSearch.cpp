#include "compiler/memory/PlacementSearch.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include <algorithm>

using namespace qcc::memory;

namespace {
constexpr int64_t unlimited = std::numeric_limits<int64_t>::max();
/// Buffers above each other in one part: the search is recursive, a kilobyte or so each.
constexpr int maxDepth = 1000;
} // namespace

template <typename Visit> void PlacementSearch::forEachSection(int buffer, Visit visit) const {
  for (Span span : spans[buffer])
    for (int section = span.first; section <= span.last; ++section)
      visit(section);
}

// The problem.

PlacementSearch::PlacementSearch(const PlacementProblem &problem)
    : problem(problem), neighbours(problem.count()), spans(problem.count()), twinBefore(problem.count(), -1),
      canShareBegin(problem.count()), rank(problem.count()), rest(problem.count()), lowest(problem.count()),
      isPlaced(problem.count()), core(problem.count()), failures(problem.count()) {
  problem.forEachSection([&](llvm::ArrayRef<size_t> members) { sections.push_back(members.vec()); });
  floors.resize(sections.size());
  demands.resize(sections.size());
  for (size_t i = 0; i < problem.count(); ++i) {
    padded.push_back(problem.padded(i));
    align.push_back(problem[i].align == problem.grain() ? 1 : problem[i].align);
  }
  findSpans();
  findNeighbours();
}

void PlacementSearch::findSpans() {
  for (auto [section, members] : llvm::enumerate(sections))
    for (size_t i : members) {
      int index = section;
      if (spans[i].empty() || spans[i].back().last + 1 < index)
        spans[i].push_back({index, index});
      spans[i].back().last = index;
    }
  for (size_t i = 0; i < problem.count(); ++i)
    if (!spans[i].empty())
      all.push_back(i);
  llvm::sort(all,
             [&](int a, int b) { return std::pair(spans[a].front().first, a) < std::pair(spans[b].front().first, b); });
}

void PlacementSearch::findNeighbours() {
  neighbourSets.assign(problem.count(), llvm::BitVector(problem.count()));
  for (int i : all)
    for (int j : all) {
      if (i == j || problem.areFree(i, j))
        continue;
      int64_t above = problem.distance(i, j), below = problem.distance(j, i);
      neighbours[i].push_back({j, above, below});
      neighbourSets[i].set(j);
      canShareBegin[i] |= above == 0 || below == 0;
      if (j < i && areTwins(i, j))
        twinBefore[i] = std::max(twinBefore[i], j);
    }
}

int64_t PlacementSearch::pairs() const {
  int64_t result = 0;
  for (const std::vector<Neighbour> &its : neighbours)
    result += its.size();
  return result;
}

bool PlacementSearch::areTwins(int i, int j) const {
  auto isSame = [](Span a, Span b) { return a.first == b.first && a.last == b.last; };
  return problem[i].size == problem[j].size && problem[i].align == problem[j].align && problem.partners(i).empty() &&
         problem.partners(j).empty() && llvm::equal(spans[i], spans[j], isSame);
}

/// A number in [0, 1) for each buffer and seed.
static double noise(uint64_t buffer, uint64_t seed) {
  // Mixes the bits as splitmix64 does (Steele, Lea, Flood, 2014).
  uint64_t x = buffer * 0x9E3779B97F4A7C15 + seed * 0xD1342543DE82EF95;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return static_cast<double>((x ^ (x >> 31)) >> 11) * 0x1p-53;
}

void PlacementSearch::rankBuffers(SearchOrder order) {
  std::vector<std::tuple<double, double, int>> keys;
  for (int i : all) {
    double life = static_cast<double>(problem[i].end) - static_cast<double>(problem[i].begin) + 1;
    for (Life further : problem[i].further)
      life += static_cast<double>(further.end) - static_cast<double>(further.begin) + 1;
    double area = life * static_cast<double>(problem[i].size), key = 0, tie = area;
    switch (order.key) {
    case SearchOrder::Neighbours:
      key = static_cast<double>(neighbours[i].size());
      tie = life;
      break;
    case SearchOrder::Lifetime:
      key = life;
      break;
    case SearchOrder::Area:
      key = area;
      break;
    case SearchOrder::Steps:
      for (Span span : spans[i])
        key += span.last - span.first + 1;
      break;
    case SearchOrder::Failures:
      key = failures[i] * life;
      break;
    }
    // Every other seed changes the key, too.
    double change = order.seed == 0 ? 0 : noise(i, order.seed);
    if (order.seed % 2 == 0)
      key *= 1 + 0.3 * change;
    keys.push_back({-key, -tie * (1 + 0.3 * change), i});
  }
  llvm::sort(keys);
  for (auto [place, key] : llvm::enumerate(keys))
    rank[std::get<int>(key)] = place;
}

// The search.

PlacementSearch::Result PlacementSearch::run(int64_t capacity, SearchOrder order, int64_t limit) {
  this->capacity = capacity;
  this->limit = limit;
  key = order.key;
  paddedCapacity = llvm::alignTo(capacity, problem.grain());
  used = 0;
  depth = 0;
  oldOffsets.clear();
  oldSections.clear();
  std::fill(rest.begin(), rest.end(), 0);
  std::fill(lowest.begin(), lowest.end(), 0);
  std::fill(isPlaced.begin(), isPlaced.end(), 0);
  std::fill(floors.begin(), floors.end(), 0);
  for (auto [section, members] : llvm::enumerate(sections))
    demands[section] = problem.demand(members, isPlaced);
  for (int i : all)
    if (problem[i].size > capacity)
      return Result::Impossible;
  rankBuffers(order);
  if (solve(all, 0))
    return Result::Found;
  return used > limit ? Result::OutOfSteps : Result::Impossible;
}

/// Solves each part of the unplaced buffers that shares no section with the others. No offset is below `reached`.
bool PlacementSearch::solve(llvm::ArrayRef<int> unplaced, int64_t reached) {
  // `unplaced` is sorted by first section: a part ends before a buffer that begins behind all before it.
  llvm::SmallVector<llvm::ArrayRef<int>, 8> parts;
  size_t begin = 0;
  int reach = -1;
  for (size_t i = 0; i < unplaced.size(); ++i) {
    llvm::ArrayRef<Span> its = spans[unplaced[i]];
    if (i > begin && its.front().first > reach) {
      parts.push_back(unplaced.slice(begin, i - begin));
      begin = i;
    }
    reach = std::max(reach, its.back().last);
  }
  if (begin < unplaced.size())
    parts.push_back(unplaced.drop_front(begin));
  llvm::sort(parts, [](llvm::ArrayRef<int> a, llvm::ArrayRef<int> b) {
    return std::pair(a.size(), a.data()) < std::pair(b.size(), b.data());
  });
  return llvm::all_of(parts, [&](llvm::ArrayRef<int> part) { return explore(part, reached); });
}

struct PlacementSearch::Node {
  llvm::ArrayRef<int> unplaced;
  int64_t reached;                   // no offset is lower
  std::vector<int> others;           // `unplaced` without the candidate that is tried
  llvm::SmallVector<int> candidates; // in the order of their offsets
  llvm::SmallVector<char> isDone;
  /// The buffer that could end lowest, and that end: no other begins behind it.
  int first = -1;
  int64_t firstEnd = unlimited;
  /// With all offsets from here on nothing is left to try.
  int64_t horizon = unlimited;
  /// The highest candidate that is put aside.
  int64_t aside = -1;
  Mark before;          // when none was put aside
  llvm::BitVector core; // of the failures so far
};

void PlacementSearch::findCandidates(Node &node) const {
  for (int i : node.unplaced)
    if (rest[i] + padded[i] < node.firstEnd) {
      node.firstEnd = rest[i] + padded[i];
      node.first = i;
    }
  // By offset, then from the fullest sections.
  llvm::SmallVector<std::tuple<int64_t, int64_t, int, int>> keys;
  for (int i : node.unplaced) {
    if (rest[i] < lowest[i] || rest[i] >= node.firstEnd || (twinBefore[i] >= 0 && !isPlaced[twinBefore[i]]))
      continue;
    int64_t height = 0;
    forEachSection(i, [&](int section) { height = std::max(height, floors[section] + demands[section]); });
    keys.push_back({rest[i], -height, rank[i], i});
  }
  llvm::sort(keys);
  for (auto &key : keys)
    node.candidates.push_back(std::get<3>(key));
  node.isDone.assign(keys.size(), 0);
}

/// Tries the candidates of a part. The first is the lowest. Then only those of the core are, which may be one that was
/// skipped: it lies below candidates that have been tried, and those were tried without anything below them.
bool PlacementSearch::explore(llvm::ArrayRef<int> unplaced, int64_t reached) {
  if (!raiseBelow(unplaced, reached))
    return false;
  Node node;
  node.unplaced = unplaced;
  node.reached = reached;
  node.others.resize(unplaced.size() - 1);
  node.before = mark();
  findCandidates(node);
  if (node.candidates.empty()) {
    core.reset();
    for (int i : unplaced)
      core.set(i);
    return false;
  }
  node.core.resize(problem.count());
  node.core.set(node.candidates.front());
  while (true) {
    size_t index = 0;
    while (index < node.candidates.size() &&
           (node.isDone[index] || !node.core[node.candidates[index]] || rest[node.candidates[index]] >= node.horizon))
      ++index;
    if (index == node.candidates.size())
      break;
    int buffer = node.candidates[index];
    if (rest[buffer] >= node.aside || putAsideUpTo(node, rest[buffer])) {
      if (depth == maxDepth)
        used = limit;
      if (++used > limit)
        return false;
      node.isDone[index] = true;
      if (tryCandidate(node, buffer))
        return true;
      if (used > limit)
        return false;
      node.core |= core;
      if (rest[buffer] < node.horizon && !putAside(node, buffer))
        node.core |= core;
    } else {
      node.core |= core;
    }
    closeCore(node);
  }
  core = node.core;
  return false;
}

/// Places a candidate and solves the rest.
bool PlacementSearch::tryCandidate(Node &node, int buffer) {
  Mark before = mark();
  bool isPossible = place(buffer);
  size_t raised = oldOffsets.size();
  if (isPossible) {
    llvm::copy_if(node.unplaced, node.others.begin(), [&](int i) { return i != buffer; });
    ++depth;
    bool isSolved = solve(node.others, rest[buffer]);
    --depth;
    if (isSolved)
      return true;
  }
  bool isCause = core[buffer];
  for (size_t i = before.offsets; i < raised && !isCause; ++i)
    isCause = core[std::get<0>(oldOffsets[i])];
  undo(before);
  for (int i : node.unplaced) // also those of parts that were solved
    isPlaced[i] = false;
  // Without the candidate the core fits no better, from this offset on.
  if (isCause)
    core.set(buffer);
  else
    node.horizon = rest[buffer];
  return false;
}

/// All placements of `buffer` at its present offset have been tried: it rests on another that is still to come. False
/// if there is none.
bool PlacementSearch::putAside(Node &node, int buffer) {
  node.aside = std::max(node.aside, rest[buffer]);
  // At this offset it may have to follow one that begins there, too.
  if (canShareBegin[buffer])
    return true;
  int64_t support = supportOf(buffer, rest[buffer]), floor = lowest[buffer];
  bool isPossible = support >= 0 ? setOffsets(buffer, rest[buffer], std::max(floor, support)) : failWith(buffer);
  if (isPossible) {
    markStale(buffer, floor);
    isPossible = refreshStale(rest[buffer]);
  }
  if (!isPossible)
    node.horizon = std::min(node.horizon, rest[buffer]);
  return isPossible;
}

/// Puts aside again just the candidates that have been tried and lie no higher than `offset`.
bool PlacementSearch::putAsideUpTo(Node &node, int64_t offset) {
  undo(node.before);
  node.aside = -1;
  for (auto [isDone, buffer] : llvm::zip(node.isDone, node.candidates))
    if (isDone && rest[buffer] <= offset && !putAside(node, buffer))
      return false;
  return true;
}

/// Adds to the core what excludes its buffers from the candidates.
void PlacementSearch::closeCore(Node &node) const {
  for (bool hasGrown = true; hasGrown;) {
    hasGrown = false;
    auto add = [&](int buffer) {
      hasGrown |= !node.core[buffer];
      node.core.set(buffer);
    };
    for (int i : node.unplaced) {
      if (!node.core[i])
        continue;
      if (rest[i] >= node.firstEnd)
        add(node.first);
      if (rest[i] < std::max(lowest[i], node.reached) && neighbourSets[i].test(node.core)) {
        node.core |= neighbourSets[i];
        hasGrown = true;
      }
      if (twinBefore[i] >= 0 && !isPlaced[twinBefore[i]])
        add(twinBefore[i]);
    }
  }
}

// Offsets and sections.

int64_t PlacementSearch::alignFor(int buffer, int64_t offset) const {
  return align[buffer] == 1 ? offset : static_cast<int64_t>(llvm::alignTo(offset, align[buffer]));
}

/// Places a buffer. False if those beside it do not fit any more.
bool PlacementSearch::place(int buffer) {
  isPlaced[buffer] = true;
  bool hasPartners = !problem.partners(buffer).empty();
  forEachSection(buffer, [&](int section) {
    oldSections.push_back({section, floors[section], demands[section]});
    demands[section] = hasPartners ? problem.demand(sections[section], isPlaced) : demands[section] - padded[buffer];
  });
  markStale(buffer, lowest[buffer]);
  for (auto [other, above, below] : neighbours[buffer]) {
    if (isPlaced[other])
      continue;
    int64_t raised = alignFor(other, rest[buffer] + above), floor = lowest[other];
    if (raised <= rest[other])
      continue;
    if (!setOffsets(other, raised, std::max(floor, raised)))
      return false;
    if (raised > floor)
      markStale(other, floor);
  }
  return refreshStale(rest[buffer]);
}

/// Raises the buffers that cannot stay below `reached`. False if that makes the part impossible.
bool PlacementSearch::raiseBelow(llvm::ArrayRef<int> unplaced, int64_t reached) {
  for (int i : unplaced) {
    if (lowest[i] >= reached)
      continue;
    int64_t support = supportOf(i, reached), floor = lowest[i];
    if (support < 0)
      return failWith(i);
    if (!setOffsets(i, rest[i], std::max(floor, support)))
      return false;
    markStale(i, floor);
  }
  if (!refreshStale(reached))
    return false;
  int begin = spans[unplaced.front()].front().first, end = begin;
  for (int i : unplaced)
    end = std::max(end, spans[i].back().last);
  for (int section = begin; section <= end; ++section)
    if (!fits(section, reached))
      return false;
  return true;
}

/// The lowest offset of a buffer that rests on one that is still to come, which begins at `reached` or higher; or -1.
int64_t PlacementSearch::supportOf(int buffer, int64_t reached) const {
  int64_t support = unlimited;
  for (auto [other, above, below] : neighbours[buffer])
    if (!isPlaced[other])
      support = std::min(support, std::max(lowest[other], reached) + below);
  return support == unlimited ? -1 : alignFor(buffer, support);
}

/// Sets the offsets of an unplaced buffer. False if it does not fit there.
bool PlacementSearch::setOffsets(int buffer, int64_t newRest, int64_t newLowest) {
  oldOffsets.push_back({buffer, rest[buffer], lowest[buffer]});
  rest[buffer] = newRest;
  lowest[buffer] = newLowest;
  return newLowest + problem[buffer].size <= capacity || failWith(buffer);
}

/// A buffer was placed, or raised from `floor`: notes its sections that had this floor.
void PlacementSearch::markStale(int buffer, int64_t floor) {
  forEachSection(buffer, [&](int section) {
    if (floors[section] == floor) {
      oldSections.push_back({section, floors[section], demands[section]});
      floors[section] = -1;
      stale.push_back(section);
    }
  });
}

bool PlacementSearch::refreshStale(int64_t reached) {
  bool isPossible = true;
  for (int section : stale) {
    floors[section] = unlimited;
    for (size_t i : sections[section])
      if (!isPlaced[i])
        floors[section] = std::min(floors[section], lowest[i]);
    if (!fits(section, reached)) {
      isPossible = false;
      break;
    }
  }
  stale.clear();
  return isPossible;
}

bool PlacementSearch::fits(int section, int64_t reached) {
  if (demands[section] == 0 || std::max(floors[section], reached) + demands[section] <= paddedCapacity)
    return true;
  core.reset();
  for (size_t i : sections[section])
    if (!isPlaced[i])
      core.set(i);
  countFailure();
  // Members that are known to lie higher than they could do so because of the buffers that they must rest on.
  int64_t most = paddedCapacity - demands[section];
  for (size_t i : sections[section])
    if (!isPlaced[i] && std::max(rest[i], reached) <= most)
      core |= neighbourSets[i];
  return false;
}

/// Weighs up the buffers of the core, for later runs.
void PlacementSearch::countFailure() {
  // Those that other orders run into say little about this one.
  if (key != SearchOrder::Failures)
    return;
  for (unsigned i : core.set_bits())
    failures[i] += failureWeight;
  failureWeight *= 1.0005;
  if (failureWeight < 1e100)
    return;
  for (double &failure : failures)
    failure /= failureWeight;
  failureWeight = 1;
}

bool PlacementSearch::failWith(int buffer) {
  stale.clear();
  core.reset();
  core.set(buffer);
  if (rest[buffer] + problem[buffer].size <= capacity)
    core |= neighbourSets[buffer]; // it does not fit on any of those
  return false;
}

void PlacementSearch::undo(const Mark &mark) {
  for (; oldOffsets.size() > mark.offsets; oldOffsets.pop_back()) {
    auto [buffer, oldRest, oldLowest] = oldOffsets.back();
    rest[buffer] = oldRest;
    lowest[buffer] = oldLowest;
  }
  for (; oldSections.size() > mark.sections; oldSections.pop_back()) {
    auto [section, floor, demand] = oldSections.back();
    floors[section] = floor;
    demands[section] = demand;
  }
}
