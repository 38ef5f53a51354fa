// The memories of a machine that a model may use.
#ifndef QCC_COMPILER_MEMORY_MEMORIES_H
#define QCC_COMPILER_MEMORY_MEMORIES_H

#include <cstdint>
#include <string>

namespace qcc::memory {

/// A block that the caller of a compiled model provides. In a list of memories, the fastest is the first.
struct Memory {
  std::string name; ///< an identifier in C
  int64_t bytes = 0;
};

/// As many as `qcc_arena` of the runtime has regions.
inline constexpr size_t maxMemories = 4;

} // namespace qcc::memory

#endif // QCC_COMPILER_MEMORY_MEMORIES_H
