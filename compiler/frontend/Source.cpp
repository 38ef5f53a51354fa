#include "compiler/frontend/Source.h"

using namespace mlir;
using namespace qcc::frontend;

Source::Source(MLIRContext *context, StringRef path, StringRef text) : context(context), path(path.str()), text(text) {
  for (size_t at = text.find('\n'); at != StringRef::npos; at = text.find('\n', at + 1))
    lineStarts.push_back(static_cast<Position>(at + 1));
}

Location Source::getLocation(Position at) const {
  auto next = llvm::upper_bound(lineStarts, at);
  unsigned line = static_cast<unsigned>(next - lineStarts.begin());
  return FileLineColLoc::get(context, path, line, at - *std::prev(next) + 1);
}

/// True if two neighbouring letters are exchanged, which an edit distance counts as two changes.
static bool isTransposed(StringRef a, StringRef b) {
  if (a.size() != b.size())
    return false;
  size_t first = 0;
  while (first < a.size() && a[first] == b[first])
    ++first;
  return first + 1 < a.size() && a[first] == b[first + 1] && a[first + 1] == b[first] &&
         a.drop_front(first + 2) == b.drop_front(first + 2);
}

std::string qcc::frontend::didYouMean(StringRef name, ArrayRef<StringRef> candidates) {
  // A third of the letters may differ, and always one.
  unsigned best = std::max<unsigned>(1, name.size() / 3) + 1;
  StringRef nearest;
  constexpr size_t longestCompared = 256;
  for (StringRef candidate : candidates) {
    if (candidate.size() > longestCompared || name.size() > longestCompared)
      continue;
    unsigned distance =
        isTransposed(name, candidate) ? 1 : name.edit_distance(candidate, /*AllowReplacements=*/true, best);
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest.empty() ? "" : ("; did you mean '" + nearest + "'?").str();
}
