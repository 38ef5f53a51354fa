// How far a kernel's destination has to begin from an operand that lies in the same memory.
#ifndef QCC_DIALECTS_QK_DISTANCES_H
#define QCC_DIALECTS_QK_DISTANCES_H

#include <cstdint>

namespace qcc::qk {

/// In bytes, neither negative: the destination begins at least `below` bytes before the begin of the operand, and the
/// kernel goes upwards; or at least `above` bytes behind it, and the kernel descends. A smaller distance in that order
/// would overwrite a code that is still to be read.
struct Distances {
  /// The kernel says nothing: the two have no byte in common.
  static constexpr int64_t apart = INT64_MAX;
  int64_t below = apart, above = apart;
};

} // namespace qcc::qk

#endif // QCC_DIALECTS_QK_DISTANCES_H
