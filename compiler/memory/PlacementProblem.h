// What the placer's heuristics and its search ask about buffers.
#ifndef QCC_COMPILER_MEMORY_PLACEMENTPROBLEM_H
#define QCC_COMPILER_MEMORY_PLACEMENTPROBLEM_H

#include "compiler/memory/Placer.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace qcc::memory {

/// Buffers and overlaps in checked, rounded form. All offsets are multiples of the greatest common divisor of the
/// alignments, so sizes and distances count as rounded up to it; only the last byte of the arena is exact.
class PlacementProblem {
public:
  /// None if the sizes and alignments do not add up to an int64_t.
  static std::optional<PlacementProblem> create(llvm::ArrayRef<Buffer> buffers, llvm::ArrayRef<Overlap> overlaps);

  size_t count() const { return buffers.size(); }
  const Buffer &operator[](size_t i) const { return buffers[i]; }
  int64_t grain() const { return common; }
  /// The size, rounded up to the grain.
  int64_t padded(size_t i) const { return paddedSizes[i]; }

  bool liveTogether(size_t i, size_t j) const;
  /// Bytes from the begin of `low` to the begin of `high` if `high` does not begin before `low`, for two buffers that
  /// are live together.
  int64_t distance(size_t low, size_t high) const;
  /// True if the buffers put no constraint on each other.
  bool areFree(size_t i, size_t j) const { return !liveTogether(i, j) || (!distance(i, j) && !distance(j, i)); }
  /// The buffers that may share bytes with `i` while both are live.
  llvm::ArrayRef<size_t> partners(size_t i) const { return partnersOf[i]; }

  /// Visits the sets of buffers that are live in one step, in the order of the steps, without those that are part of
  /// the next. Buffers without bytes are in none.
  void forEachSection(llvm::function_ref<void(llvm::ArrayRef<size_t> members)> visit) const;
  /// Bytes that the members of one section need that are not `isPlaced`, whatever their order.
  int64_t demand(llvm::ArrayRef<size_t> members, llvm::ArrayRef<char> isPlaced) const;
  /// Bytes of the fullest section; no placement takes less.
  int64_t lowerBound() const;

private:
  explicit PlacementProblem(llvm::ArrayRef<Buffer> buffers) : buffers(buffers) {}

  llvm::ArrayRef<Buffer> buffers;
  int64_t common = 1;
  std::vector<int64_t> paddedSizes;
  std::vector<std::vector<size_t>> partnersOf;
  llvm::DenseMap<std::pair<size_t, size_t>, int64_t> distances; // of the pairs that may overlap, in both orders
};

} // namespace qcc::memory

#endif // QCC_COMPILER_MEMORY_PLACEMENTPROBLEM_H
