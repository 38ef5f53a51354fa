// What `qcc bench --profile` shows: each kernel of a model against what the machine can do.
#ifndef QCC_COMPILER_DRIVER_PROFILE_H
#define QCC_COMPILER_DRIVER_PROFILE_H

#include "compiler/driver/Backend.h"
#include "compiler/verify/CycleModel.h"
#include "compiler/verify/Peaks.h"

#include "llvm/Support/JSON.h"

namespace qcc::driver {

/// What a profile is held against.
struct Yardstick {
  std::vector<Peak> peaks; ///< of this machine, where times were taken
  /// With `--cycles-model`: whose pipeline is modelled, and the estimates for each kernel.
  std::string modelledCpu = {};
  std::vector<CycleModel::Estimate> cycles = {};
};

/// The attributes `kernels` and `peaks`. Of a kernel: `layer`, `op`, `kernel`, `macs`, `products` (their type, `int8`
/// or `f32`, if there are any), `bytes`; where times were taken `min_us`, `median_us`, `gmacs_per_second`,
/// `gbytes_per_second`, and `fraction_of_peak` if there is a peak; where instructions were counted `instructions` and
/// `instructions_per_mac`; `model_cycles` with estimates, and then `cycles_model` is the CPU.
void printProfileJson(llvm::json::OStream &json, const Execution &execution, const Yardstick &yardstick);

/// The same as an aligned table, in the order of execution, with a last row for the whole.
void printProfileTable(llvm::raw_ostream &stream, const Execution &execution, const Yardstick &yardstick);

} // namespace qcc::driver

#endif // QCC_COMPILER_DRIVER_PROFILE_H
