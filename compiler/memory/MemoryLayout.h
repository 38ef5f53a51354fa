// Buffers in several memories: which lies in which, and where there.
#ifndef QCC_COMPILER_MEMORY_MEMORYLAYOUT_H
#define QCC_COMPILER_MEMORY_MEMORYLAYOUT_H

#include "compiler/memory/Memories.h"
#include "compiler/memory/Placer.h"

namespace qcc::memory {

/// What a memory holds in the end.
struct MemoryUse {
  int64_t bytes = 0, lowerBound = 0; ///< up to its last buffer, and what no placement of these goes below
};

/// A place for each buffer. One arena is one memory.
struct MemoryLayout {
  std::vector<size_t> memories; ///< the number of a buffer's memory
  std::vector<int64_t> offsets;
  std::vector<MemoryUse> uses; ///< of each memory
};

/// How much a buffer gains from a fast memory.
struct Heat {
  double accessesPerByte = 0;
  /// A copy of what can be read elsewhere: it is in the fastest memory, or not made.
  bool isOptional = false;
};

/// What `assign` could do.
struct Assignment {
  std::vector<size_t> memories; ///< one per buffer
  std::vector<size_t> dropped;  ///< optional buffers for which the fastest memory has no room
};

/// Divides buffers among memories, the hottest first: each goes to the fastest memory that has room beside those that
/// came before it, which `place` says exactly. A buffer that finds none goes before all others, and the division begins
/// again. None if that does not end well, or if sizes do not add up to an int64_t.
std::optional<Assignment> assign(llvm::ArrayRef<Buffer> buffers, llvm::ArrayRef<Overlap> overlaps,
                                 llvm::ArrayRef<Heat> heats, llvm::ArrayRef<Memory> memories);

/// Places each memory's buffers there, as `placeUpwards` does. Overlaps across memories mean nothing.
std::optional<MemoryLayout> layOut(llvm::ArrayRef<Buffer> buffers, llvm::ArrayRef<Overlap> overlaps,
                                   llvm::ArrayRef<size_t> memories, llvm::ArrayRef<Memory> sizes);

} // namespace qcc::memory

#endif // QCC_COMPILER_MEMORY_MEMORYLAYOUT_H
