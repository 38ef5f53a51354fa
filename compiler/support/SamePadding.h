// The padding that TensorFlow calls SAME.
#ifndef QCC_COMPILER_SUPPORT_SAMEPADDING_H
#define QCC_COMPILER_SUPPORT_SAMEPADDING_H

#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace qcc {

/// Elements in front of and behind an axis of `input` elements so that ceil(input / stride) windows fit, the odd one
/// behind. `span` is what a window covers, (kernel - 1) * dilation + 1. All are positive and below 2^62.
inline std::pair<int64_t, int64_t> samePadding(int64_t input, int64_t span, int64_t stride) {
  int64_t windows = llvm::divideCeil(input, stride);
  int64_t total = std::max<int64_t>(0, (windows - 1) * stride + span - input);
  return {total / 2, total - total / 2};
}

} // namespace qcc

#endif // QCC_COMPILER_SUPPORT_SAMEPADDING_H
