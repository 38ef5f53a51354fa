// Codes below 8 bits, as they lie in memory without gaps, to and from codes of a byte each: in vectors, or four in a
// word of 32 bits.
#ifndef QCC_COMPILER_CODEGEN_PACKEDCODES_H
#define QCC_COMPILER_CODEGEN_PACKEDCODES_H

#include "compiler/codegen/KernelBuilder.h"

namespace qcc::codegen {

/// `count` neighbouring codes of a format below 8 bits, from element `first` of `pointer` on. What is known of all such
/// places says how they are read and written.
struct PackedCodes {
  Val pointer;
  qnn::NumberFormat format;
  Val first;
  int64_t count;
  int64_t unit; // the number of the first code is a multiple of it
};

/// Writes the codes to `bytes`, extended by the format's signedness.
void unpackCodes(KernelBuilder &k, const PackedCodes &codes, Val bytes);
/// Writes the low bits of `bytes` to the codes' place.
void packCodes(KernelBuilder &k, Val bytes, const PackedCodes &codes);

/// Whether `lanes` codes are read and written as a vector: codes that divide a byte, and a word of them at least, or
/// bits that fill bytes.
bool hasPackedVectors(const KernelBuilder &k, qnn::NumberFormat format, int64_t lanes);
/// A vector of i32 of neighbouring codes, of which the first begins a byte.
Val loadPacked(KernelBuilder &k, Val pointer, qnn::NumberFormat format, Val position, int64_t lanes);
/// The same back from the low bits of i32.
void storePacked(KernelBuilder &k, Val pointer, qnn::NumberFormat format, Val position, Val codes);

} // namespace qcc::codegen

#endif // QCC_COMPILER_CODEGEN_PACKEDCODES_H
