// bfloat16: the upper half of an f32.
#ifndef QCC_DIALECTS_QNN_BFLOAT_H
#define QCC_DIALECTS_QNN_BFLOAT_H

#include "llvm/ADT/bit.h"
#include <cmath>
#include <cstdint>

namespace qcc::qnn {

/// The bits of the bfloat16 nearest to a number, ties to even; a number beyond the largest becomes infinite, and what
/// is no number becomes a quiet one with its sign and the upper bits of its payload.
inline uint16_t bfloatBits(float value) {
  auto bits = llvm::bit_cast<uint32_t>(value);
  if (std::isnan(value))
    return static_cast<uint16_t>(bits >> 16 | 0x40);
  return static_cast<uint16_t>((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

/// The number that bits of a bfloat16 stand for.
inline float fromBfloatBits(int64_t bits) { return llvm::bit_cast<float>(static_cast<uint32_t>(bits) << 16); }

} // namespace qcc::qnn

#endif // QCC_DIALECTS_QNN_BFLOAT_H
