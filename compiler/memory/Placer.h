// Static memory allocation: offsets for buffers whose life spans are known.
#ifndef QCC_COMPILER_MEMORY_PLACER_H
#define QCC_COMPILER_MEMORY_PLACER_H

#include "llvm/ADT/ArrayRef.h"
#include <cstdint>
#include <vector>

namespace qcc::memory {

/// A buffer of `size` bytes that is live from step `begin` to step `end`, both included.
struct Interval {
  int64_t begin, end, size, align;
};

struct Placement {
  std::vector<int64_t> offsets; // one per interval
  int64_t total = 0;            // bytes of the arena
};

/// The most bytes that are live in one step: no placement needs less.
int64_t liveBytes(llvm::ArrayRef<Interval> intervals);

/// Offsets such that intervals that share a step share no byte. First fit in several orders, then a
/// bounded local search over orders (deterministic) until the lower bound is met.
Placement place(llvm::ArrayRef<Interval> intervals);

} // namespace qcc::memory

#endif // QCC_COMPILER_MEMORY_PLACER_H
