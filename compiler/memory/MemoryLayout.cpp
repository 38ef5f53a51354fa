#include "compiler/memory/MemoryLayout.h"

#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <numeric>

using namespace qcc::memory;

namespace {

/// Steps of the search whether a memory has room; that is asked for every buffer.
constexpr int64_t stepsPerTrial = 2000;

/// The buffers of one memory, and the overlaps among them.
struct Subset {
  std::vector<Buffer> buffers;
  std::vector<Overlap> overlaps;

  Subset(llvm::ArrayRef<Buffer> all, llvm::ArrayRef<Overlap> pairs, llvm::ArrayRef<size_t> members) {
    std::vector<size_t> numbers(all.size(), all.size());
    for (size_t member : members) {
      numbers[member] = buffers.size();
      buffers.push_back(all[member]);
    }
    for (auto [first, second, below, above] : pairs)
      if (numbers[first] < all.size() && numbers[second] < all.size())
        overlaps.push_back({numbers[first], numbers[second], below, above});
  }

  bool fits(int64_t bytes) const {
    int64_t sum = 0;
    for (const Buffer &buffer : buffers)
      sum += buffer.size + buffer.align - 1;
    if (sum <= bytes)
      return true;
    std::optional<int64_t> least = liveBytes(buffers, overlaps);
    if (!least || *least > bytes)
      return false;
    std::optional<Placement> placement = place(buffers, overlaps, {.capacity = bytes, .steps = stepsPerTrial});
    return placement && placement->total <= bytes;
  }
};

class Assigner {
public:
  Assigner(llvm::ArrayRef<Buffer> buffers, llvm::ArrayRef<Overlap> overlaps, llvm::ArrayRef<Heat> heats,
           llvm::ArrayRef<Memory> memories)
      : buffers(buffers), overlaps(overlaps), heats(heats), memories(memories) {}
  std::optional<Assignment> run();

private:
  std::optional<size_t> findMemory(size_t buffer);
  std::optional<size_t> tryOrder();

  llvm::ArrayRef<Buffer> buffers;
  llvm::ArrayRef<Overlap> overlaps;
  llvm::ArrayRef<Heat> heats;
  llvm::ArrayRef<Memory> memories;
  std::vector<size_t> order;
  std::vector<std::vector<size_t>> members; // of each memory
  Assignment result;
};

/// The fastest memory that has room for one more.
std::optional<size_t> Assigner::findMemory(size_t buffer) {
  size_t count = heats[buffer].isOptional ? 1 : memories.size();
  for (size_t memory = 0; memory < count; ++memory) {
    members[memory].push_back(buffer);
    if (Subset(buffers, overlaps, members[memory]).fits(memories[memory].bytes))
      return memory;
    members[memory].pop_back();
  }
  return std::nullopt;
}

/// The first buffer of the order that finds no memory.
std::optional<size_t> Assigner::tryOrder() {
  members.assign(memories.size(), {});
  result.memories.assign(buffers.size(), 0);
  result.dropped.clear();
  for (size_t buffer : order) {
    if (std::optional<size_t> memory = findMemory(buffer))
      result.memories[buffer] = *memory;
    else if (heats[buffer].isOptional)
      result.dropped.push_back(buffer);
    else
      return buffer;
  }
  return std::nullopt;
}

std::optional<Assignment> Assigner::run() {
  order.resize(buffers.size());
  std::iota(order.begin(), order.end(), 0);
  llvm::sort(order, [&](size_t a, size_t b) {
    return std::pair(-heats[a].accessesPerByte, a) < std::pair(-heats[b].accessesPerByte, b);
  });
  // Whoever comes first finds the emptiest memories; nobody need be first twice.
  std::vector<char> wasFirst(buffers.size(), 0);
  while (std::optional<size_t> failed = tryOrder()) {
    if (wasFirst[*failed])
      return std::nullopt;
    wasFirst[*failed] = 1;
    auto place = llvm::find(order, *failed);
    std::rotate(order.begin(), place, place + 1);
  }
  return std::move(result);
}
} // namespace

std::optional<Assignment> qcc::memory::assign(llvm::ArrayRef<Buffer> buffers, llvm::ArrayRef<Overlap> overlaps,
                                              llvm::ArrayRef<Heat> heats, llvm::ArrayRef<Memory> memories) {
  return Assigner(buffers, overlaps, heats, memories).run();
}

std::optional<MemoryLayout> qcc::memory::layOut(llvm::ArrayRef<Buffer> buffers, llvm::ArrayRef<Overlap> overlaps,
                                                llvm::ArrayRef<size_t> memories, llvm::ArrayRef<Memory> sizes) {
  MemoryLayout layout;
  layout.memories = memories.vec();
  layout.offsets.resize(buffers.size());
  for (auto [number, memory] : llvm::enumerate(sizes)) {
    std::vector<size_t> members;
    for (size_t buffer = 0; buffer < buffers.size(); ++buffer)
      if (memories[buffer] == number)
        members.push_back(buffer);
    Subset subset(buffers, overlaps, members);
    std::optional<Placement> placement = placeUpwards(subset.buffers, subset.overlaps);
    // A search for less may end with more than one that stops as soon as there is room.
    if (placement && placement->total > memory.bytes)
      placement = place(subset.buffers, subset.overlaps, {.capacity = memory.bytes, .steps = stepsPerTrial});
    if (!placement || placement->total > memory.bytes)
      return std::nullopt;
    layout.uses.push_back({placement->total, placement->lowerBound});
    for (auto [member, offset] : llvm::zip(members, placement->offsets))
      layout.offsets[member] = offset;
  }
  return layout;
}
