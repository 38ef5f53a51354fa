// Static memory allocation: offsets for buffers whose life spans are known.
#ifndef QCC_COMPILER_MEMORY_PLACER_H
#define QCC_COMPILER_MEMORY_PLACER_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace qcc::memory {

/// Steps of a program, `begin` to `end`, both included.
struct Life {
  int64_t begin, end;
};

/// `size` bytes at a multiple of `align` (at least 1, any number) that hold data from step `begin` to step `end`, both
/// included, and in the steps of `further`. In between the bytes are free. That is how a state lives that a loop
/// carries from one round to the next, in a loop over the steps 4 to 9: written in step 8, read in step 5 of the next
/// round, it has the lives [8, 9] and [4, 5].
struct Buffer {
  int64_t begin, end, size, align;
  llvm::SmallVector<Life, 0> further = {};
};

/// Two buffers that hold data in the same step and still may share bytes, because a kernel reads the one and writes the
/// other in an order that allows it: `second` begins at least `below` bytes before the begin of `first`, or at least
/// `above` bytes behind it. Neither is negative; a kernel that permits only one of the two ways gives the size of
/// `second` as `below`, or the size of `first` as `above`, which is what holds for buffers without an `Overlap`.
///
/// A convolution that goes upwards through its input `first` and its output `second`, and in all its steps writes at
/// least d bytes below what it has still to read if both begin at one address, has `below` = d. One that doubles the
/// channels of each pixel needs d = size(second) - size(first): its input is the output's last part. Going downwards
/// mirrors this: `above` = size(first) - size(second) + d. The answer to which of the two a plan uses is the sign of
/// offset(second) - offset(first).
///
/// A pair occurs once. Distances are rounded up to the alignment that all buffers have in common.
struct Overlap {
  size_t first, second;
  int64_t below, above;
};

struct PlaceOptions {
  /// An arena of this many bytes is small enough: the search ends when it has one.
  int64_t capacity = 0;
  /// Bound of the search in steps (placements of one buffer), 5 to 20 microseconds each. No clock is read: one input
  /// has one result.
  int64_t steps = 250'000;
};

struct Placement {
  std::vector<int64_t> offsets; // one per buffer
  int64_t total = 0;            // bytes of the arena
  int64_t lowerBound = 0;       // no placement takes less: the bytes live in one step, or what the search has proved
};

/// Most bytes that one step needs, counting alignment and what may overlap: no placement takes less. None if the sizes
/// and alignments do not add up to an int64_t.
std::optional<int64_t> liveBytes(llvm::ArrayRef<Buffer> buffers, llvm::ArrayRef<Overlap> overlaps = {});

/// Offsets such that buffers that hold data in one step share no byte, except as `overlaps` allows. First fit in
/// several orders, then an exact search (PlacementSearch.h), until the total is the lower bound or `options` is
/// satisfied. None if the sizes and alignments do not add up to an int64_t.
///
/// One call plans one memory; MemoryLayout.h divides buffers among several.
std::optional<Placement> place(llvm::ArrayRef<Buffer> buffers, llvm::ArrayRef<Overlap> overlaps = {},
                               const PlaceOptions &options = {});

/// The same for kernels that go upwards where that takes no more: two orders are two functions in an object.
std::optional<Placement> placeUpwards(llvm::ArrayRef<Buffer> buffers, llvm::ArrayRef<Overlap> overlaps);

} // namespace qcc::memory

#endif // QCC_COMPILER_MEMORY_PLACER_H
