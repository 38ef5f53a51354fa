// From what the compiler made to what can be run.
#ifndef QCC_COMPILER_EMIT_BINARY_H
#define QCC_COMPILER_EMIT_BINARY_H

#include "compiler/emit/Compile.h"
#include "compiler/verify/Runner.h"

namespace qcc {

/// The version of an object that runs where `qcc_cpu_features` (qcc/runtime.h) says `cpuFeatures`: the last that needs
/// no more. Null if there are no versions, or if each needs more.
const VersionReport *chooseVersion(const ModelReport &report, uint32_t cpuFeatures);

/// The object of `result`, which was compiled with `options` and must outlive the binary, with its interface.
ModelBinary makeBinary(const CompileResult &result, const CompileOptions &options);

} // namespace qcc

#endif // QCC_COMPILER_EMIT_BINARY_H
