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

struct RescaleLine {
  int32_t offset = 0;
  qnn::Multiplier multiplier = {0, -1};
};

/// One channel's numbers: see `qnn.rescale`.
struct ChannelRescale {
  RescaleLine below, line; // of sums below the knee, and of all others
  int32_t knee = INT32_MIN;
  int32_t low = 0, high = 0;

  bool isBent() const { return knee > INT32_MIN; }
  int64_t apply(int64_t sum, int64_t fraction) const;
};

struct RescaleFit {
  int64_t fraction = 0;
  llvm::SmallVector<ChannelRescale> channels;
  /// For each channel of which some sum has another code, the first of these.
  struct Miss {
    int64_t channel, sum;
  };
  llvm::SmallVector<Miss> missed;

  bool isBent() const { return llvm::any_of(channels, std::mem_fn(&ChannelRescale::isBent)); }
};

/// Searches, for each channel, the line that keeps the largest distance from all steps between two codes, or, where
/// there is none, two such lines, and a number of fractional bits with which their fixed-point form gives the code of
/// each sum. Such a form need not exist.
RescaleFit fitRescale(llvm::ArrayRef<CodesOfSums> channels);

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_FITRESCALE_H
