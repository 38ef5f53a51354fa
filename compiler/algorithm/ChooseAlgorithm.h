// Which convolutions are computed by which algorithm.
#ifndef QCC_COMPILER_ALGORITHM_CHOOSEALGORITHM_H
#define QCC_COMPILER_ALGORITHM_CHOOSEALGORITHM_H

#include "dialects/qnn/QnnDialect.h"

#include <string>

namespace qcc::algorithm {

/// The algorithm of the convolutions whose whole name matches a POSIX extended regular expression.
struct AlgorithmRule {
  std::string pattern;
  qnn::AlgorithmKind kind;
};

/// Reads `regex=winograd(f2,exact)` or `regex=direct`; the expression ends before the first `=`. Errors are reported at
/// `location`.
mlir::FailureOr<AlgorithmRule> parseAlgorithmRule(llvm::StringRef text, mlir::Location location);

} // namespace qcc::algorithm

#endif // QCC_COMPILER_ALGORITHM_CHOOSEALGORITHM_H
