// Exact search for a placement within a capacity.
#ifndef QCC_COMPILER_MEMORY_PLACEMENTSEARCH_H
#define QCC_COMPILER_MEMORY_PLACEMENTSEARCH_H

#include "compiler/memory/PlacementProblem.h"
#include "llvm/ADT/BitVector.h"

namespace qcc::memory {

/// Which of several buffers with equal lowest offsets the search tries first. None is best for all problems: they take
/// turns, in variants that a seed makes.
struct SearchOrder {
  enum Key { Neighbours, Lifetime, Area, Steps, Failures } key; // most first
  uint64_t seed;                                                // 0: the key alone
};

/// Depth-first search for offsets within a capacity. From M. D. Moffitt, "MiniMalloc: A Lightweight Memory Allocator
/// for Hardware-Accelerated Machine Learning" (ASPLOS 2023), with distances between buffers in place of sizes:
///
/// - Only canonical placements are visited: buffers in the order of their offsets, each as low as those before permit.
/// - A buffer is no candidate if another could go wholly below it: moving that one down is never worse.
/// - Of equal buffers, the first comes first.
/// - A section (the buffers live in one step) fails if its lowest free offset and the bytes it still has to take exceed
///   the capacity.
/// - Parts of the unplaced buffers that share no step are solved one by one.
///
/// Not from there:
///
/// - One of the orders is by how often a buffer was in the core of a full section in earlier runs of this order, as in
///   F. Boussemart, F. Hemery, C. Lecoutre, L. Sais, "Boosting Systematic Search by Weighting Constraints" (ECAI 2004).
/// - A buffer that is below the offset reached, or that has been tried where it is, has to rest on one that is still to
///   come: its lowest offset rises, and with it those of its sections.
/// - Every failure comes with its core: buffers that do not fit even if there were no others. A placement that has to
/// do
///   with none of them is not to blame, so its alternatives are skipped; so are candidates outside of the cores of
///   their siblings. Decisions far from the conflict are not tried in all combinations.
class PlacementSearch {
public:
  enum class Result { Found, Impossible, OutOfSteps };

  /// `problem` must outlive the search.
  explicit PlacementSearch(const PlacementProblem &problem);

  /// Searches for offsets with all ends at most `capacity`; places at most `limit` buffers, and no more than 1,000 that
  /// are connected.
  Result run(int64_t capacity, SearchOrder order, int64_t limit);
  /// Ordered pairs of buffers that constrain each other.
  int64_t pairs() const;
  /// Buffers that the last run placed.
  int64_t steps() const { return used; }
  /// The offsets after `Found`; 0 for buffers without bytes.
  llvm::ArrayRef<int64_t> offsets() const { return rest; }

private:
  struct Neighbour {
    int index;
    int64_t above; // from this buffer's begin to the neighbour's, if that lies higher
    int64_t below; // the reverse
  };
  /// Sections `first` to `last`, both included.
  struct Span {
    int first, last;
  };
  /// How much of the trail there was.
  struct Mark {
    size_t offsets, sections;
  };
  struct Node;
  template <typename Visit> void forEachSection(int buffer, Visit visit) const;

  void findSpans();
  void findNeighbours();
  bool areTwins(int i, int j) const;
  void rankBuffers(SearchOrder order);

  bool solve(llvm::ArrayRef<int> unplaced, int64_t reached);
  bool explore(llvm::ArrayRef<int> unplaced, int64_t reached);
  void findCandidates(Node &node) const;
  bool tryCandidate(Node &node, int buffer);
  bool putAside(Node &node, int buffer);
  bool putAsideUpTo(Node &node, int64_t offset);
  void closeCore(Node &node) const;

  bool place(int buffer);
  bool raiseBelow(llvm::ArrayRef<int> unplaced, int64_t reached);
  int64_t supportOf(int buffer, int64_t reached) const;
  int64_t alignFor(int buffer, int64_t offset) const;
  bool setOffsets(int buffer, int64_t newRest, int64_t newLowest);
  void markStale(int buffer, int64_t floor);
  bool refreshStale(int64_t reached);
  bool fits(int section, int64_t reached);
  void countFailure();
  bool failWith(int buffer);
  Mark mark() const { return {oldOffsets.size(), oldSections.size()}; }
  void undo(const Mark &mark);

  // The problem, as the search reads it.
  const PlacementProblem &problem;
  std::vector<std::vector<size_t>> sections;
  std::vector<std::vector<Neighbour>> neighbours;
  std::vector<llvm::BitVector> neighbourSets;
  std::vector<llvm::SmallVector<Span, 1>> spans;
  std::vector<int> all;            // buffers with bytes, by their first section
  std::vector<int> twinBefore;     // the last buffer before that is equal, or -1
  std::vector<char> canShareBegin; // may begin where a neighbour begins
  std::vector<int64_t> padded;
  std::vector<int64_t> align; // 1 where distances are multiples of the alignment anyway
  std::vector<int> rank;
  int64_t capacity = 0, paddedCapacity = 0, limit = 0;
  SearchOrder::Key key = SearchOrder::Neighbours;

  // The state. The trail holds what `undo` restores: index and values before.
  std::vector<int64_t> rest;   // the offset if placed, else the lowest that the placed buffers permit
  std::vector<int64_t> lowest; // of the unplaced: the final offset is at least this, which may be more than `rest`
  std::vector<char> isPlaced;
  std::vector<int64_t> floors, demands; // of a section's unplaced members: least `lowest`, bytes they take
  std::vector<int> stale;               // sections whose floor is to be found again
  std::vector<std::tuple<int, int64_t, int64_t>> oldOffsets, oldSections;
  llvm::BitVector core; // of the last failure
  // How often a buffer was in the core of a full section, in runs by failures; those of long ago count less.
  std::vector<double> failures;
  double failureWeight = 1;
  int64_t used = 0;
  int depth = 0;
};

} // namespace qcc::memory

#endif // QCC_COMPILER_MEMORY_PLACEMENTSEARCH_H
