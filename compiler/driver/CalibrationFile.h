// What calibration found out about a float model, kept in a file.
//
// An .npz file. `model` has the digits of a checksum of the model and of how its channels were equalized. Tensor N of
// `quantize::valuesToCalibrate`, which a layer computes, has three arrays, `N.LAYER.summary`: the smallest and the
// largest value and the mean of the magnitudes; `N.LAYER.values` and `N.LAYER.counts`: how often which numbers occur,
// rounded as in `quantize::Histogram`.
#ifndef QCC_COMPILER_DRIVER_CALIBRATIONFILE_H
#define QCC_COMPILER_DRIVER_CALIBRATIONFILE_H

#include "compiler/driver/Driver.h"
#include "compiler/pipeline/ApplyScheme.h"

namespace qcc::driver {

/// A checksum of a float model as it was loaded, which tells whose calibration it is.
std::string calibrationKey(mlir::func::FuncOp model, quantize::Equalization equalization);

mlir::LogicalResult writeCalibration(Session &session, llvm::StringRef path, llvm::StringRef key,
                                     const Calibration &calibration);

/// Fails with a diagnostic if the file has another key, lacks an array, or has numbers that no calibration gives.
mlir::FailureOr<Calibration> readCalibration(Session &session, llvm::StringRef path, llvm::StringRef key);

} // namespace qcc::driver

#endif // QCC_COMPILER_DRIVER_CALIBRATIONFILE_H
