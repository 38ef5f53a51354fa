// Compares what a compiled model gives with what the reference interpreter gives.
#ifndef QCC_COMPILER_VERIFY_COMPARE_H
#define QCC_COMPILER_VERIFY_COMPARE_H

#include "compiler/support/HostTensor.h"

namespace qcc {

/// Where two sets of outputs differ.
struct Difference {
  size_t sample, output;
  int64_t element; ///< its row-major index
  std::string expected, got;
};

struct Comparison {
  int64_t identical = 0; ///< samples that agree
  std::optional<Difference> first;
};

/// Compares outputs, one vector per sample. Integers agree bit for bit; floats may differ by `ulps` units in the last
/// place of that output's largest magnitude in any sample: a sum that cancels has no more accuracy than its terms had.
/// Where a model rounds such sums to bf16, or an output is bf16, two of them that hardly differ may be one unit of bf16
/// apart, and so may floats then, of the same magnitude.
Comparison compareOutputs(llvm::ArrayRef<std::vector<HostTensor>> expected, llvm::ArrayRef<std::vector<HostTensor>> got,
                          double ulps, bool roundsToBfloat = false);

/// True if something is rounded to bf16 that machines may add up in different orders.
bool roundsToBfloat(mlir::func::FuncOp model);

} // namespace qcc

#endif // QCC_COMPILER_VERIFY_COMPARE_H
