// A streamed model against the model that sees a whole window of frames.
#ifndef QCC_COMPILER_DRIVER_WINDOWS_H
#define QCC_COMPILER_DRIVER_WINDOWS_H

#include "compiler/driver/Backend.h"
#include "compiler/verify/Compare.h"

namespace qcc::driver {

/// What came of comparing.
struct WindowComparison {
  int64_t frames = 0;  ///< of a window
  int64_t skipped = 0; ///< runs before the first window was full
  Comparison comparison;
};

/// The original model on each window that `samples`, the runs of the streamed model, fill; its outputs, or their new
/// frames, are compared with `outputs`.
mlir::FailureOr<WindowComparison> compareWithWindows(mlir::func::FuncOp original,
                                                     const algorithm::StreamOptions &stream, const Samples &samples,
                                                     const Samples &outputs, double ulps);

} // namespace qcc::driver

#endif // QCC_COMPILER_DRIVER_WINDOWS_H
