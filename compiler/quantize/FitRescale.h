// The numbers of `qnn.rescale` for known codes of all sums.
#ifndef QCC_COMPILER_QUANTIZE_FITRESCALE_H
#define QCC_COMPILER_QUANTIZE_FITRESCALE_H

#include "dialects/qnn/Rescale.h"

namespace qcc::quantize {

/// The code, less the zero point, of each integer sum of one channel. Codes never fall.
struct CodesOfSums {
  int64_t first = 0; // the smallest sum
  llvm::SmallVector<int32_t> codes;
};

/// One channel's numbers: see `qnn.rescale`.
struct RescaleLine {
  int32_t offset = 0;
  qnn::Multiplier multiplier = {0, -1};
  int32_t low = 0, high = 0;

  int64_t apply(int64_t sum, int64_t fraction) const;
};

struct RescaleFit {
  int64_t fraction = 0;
  llvm::SmallVector<RescaleLine> lines; // of each channel
  /// For each channel of which some sum has another code, the first of these.
  struct Miss {
    int64_t channel, sum;
  };
  llvm::SmallVector<Miss> missed;
};

/// Searches, for each channel, the line that keeps the largest distance from all steps between two codes, and a number
/// of fractional bits with which its fixed-point form gives the code of each sum. Such a form need not exist: codes
/// of rounded floats may lie on no line.
RescaleFit fitRescale(llvm::ArrayRef<CodesOfSums> channels);

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_FITRESCALE_H
