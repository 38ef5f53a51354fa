// One object for several targets of an architecture.
#ifndef QCC_COMPILER_EMIT_VERSIONS_H
#define QCC_COMPILER_EMIT_VERSIONS_H

#include "compiler/emit/Compile.h"

namespace qcc {

/// Compiles a model for each target of a list (target::findVersions) and puts the versions into one object. Its
/// `<name>_run` asks `qcc_cpu_features` (qcc/runtime.h), which the application links, runs the last version that the
/// CPU has the instructions for, and returns QCC_ERROR_CPU if there is none. The arena is as large as the largest.
/// Leaves the module as it is. Requests that are for a single target are an error: budgets, memories, profiles, CPUs.
mlir::FailureOr<CompileResult> compileVersions(mlir::ModuleOp module, const CompileOptions &options, Emit what);

} // namespace qcc

#endif // QCC_COMPILER_EMIT_VERSIONS_H
