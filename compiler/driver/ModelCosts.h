// What a model takes on a target, by resource.
#ifndef QCC_COMPILER_DRIVER_MODELCOSTS_H
#define QCC_COMPILER_DRIVER_MODELCOSTS_H

#include "compiler/driver/Resources.h"
#include "compiler/emit/Compile.h"

namespace qcc::driver {

/// Of a quantized model, which stays as it is: `flash`, code and read-only data of the object, in bytes; `ram`, arena,
/// stack and state, in bytes; `time`, the cycles that the cost model has for the contractions, each by the fastest tile
/// instruction; `bops`, products of a run by the bits of both factors; `weights`, packed bytes of the constants.
mlir::FailureOr<Costs> measureCosts(mlir::ModuleOp module, CompileOptions options);

} // namespace qcc::driver

#endif // QCC_COMPILER_DRIVER_MODELCOSTS_H
