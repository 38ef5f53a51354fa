// What this machine can do at most, measured: products per second by instruction set, and memory bandwidth.
#ifndef QCC_COMPILER_VERIFY_PEAKS_H
#define QCC_COMPILER_VERIFY_PEAKS_H

#include "mlir/IR/Diagnostics.h"

namespace qcc {

/// The rate of one core in an endless loop of one instruction on random data, best of several short windows.
struct Peak {
  enum class Kind { Int8, Bfloat16, Float32, Bits, Memory };
  Kind kind;
  llvm::StringRef instructions; ///< the instruction set, as LLVM names it
  double perSecond;             ///< products of int8, of bf16, of f32 or of bits, or bytes read
};

/// A block that no cache holds.
constexpr int64_t memoryBlockBytes = int64_t(256) << 20;

/// Measures, with every instruction set that both this machine and the target (`host` or an x86 CPU name) have; takes
/// about a second. Memory is read in blocks of `blockBytes`, over and over. Empty where no loops are known: on machines
/// other than x86-64.
mlir::FailureOr<std::vector<Peak>> measurePeaks(mlir::Location loc, llvm::StringRef target,
                                                int64_t blockBytes = memoryBlockBytes);

/// `int8`, `bf16`, `f32`, `bits` or `memory`.
llvm::StringRef kindName(Peak::Kind kind);

/// The highest of a kind, or null.
const Peak *findPeak(llvm::ArrayRef<Peak> peaks, Peak::Kind kind);

} // namespace qcc

#endif // QCC_COMPILER_VERIFY_PEAKS_H
