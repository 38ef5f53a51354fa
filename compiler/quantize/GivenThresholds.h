// Thresholds of activations that were trained with the network, and are given with it.
#ifndef QCC_COMPILER_QUANTIZE_GIVENTHRESHOLDS_H
#define QCC_COMPILER_QUANTIZE_GIVENTHRESHOLDS_H

#include "mlir/IR/Location.h"

#include <map>
#include <string>
#include <vector>

namespace qcc::quantize {

/// Code `k` stands for `scale * k` and begins at `numbers[k - 1]`, which never decrease.
struct GivenThresholds {
  std::vector<float> numbers;
  double scale = 1;
};

/// By the file and the layer.
using ThresholdFiles = std::map<std::pair<std::string, std::string>, GivenThresholds>;

/// The parameters of an N2UQ quantizer (Liu et al. 2022, section 3.2): where the first interval begins, the widths of
/// the intervals, one for each code but 0, and the scales of what it reads and of what it gives.
struct N2uqParameters {
  double start = 0;
  std::vector<double> widths;
  double inputScale = 1, outputScale = 1;
};

/// A code counts the thresholds T that `inputScale * x` exceeds: the first one is half a width behind the start, the
/// next ones half of both widths behind the one before. `n` widths give the numbers from 0 to `outputScale` in equal
/// steps. Errors at `location`: of thresholds out of order or scales that are not positive; `layer` is named.
mlir::FailureOr<GivenThresholds> thresholdsOf(const N2uqParameters &parameters, llvm::StringRef layer,
                                              mlir::Location location);

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_GIVENTHRESHOLDS_H
