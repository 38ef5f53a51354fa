// One object for several targets of an architecture.
#ifndef QCC_COMPILER_EMIT_VERSIONS_H
#define QCC_COMPILER_EMIT_VERSIONS_H

#include "compiler/emit/Compile.h"
#include "compiler/target/Target.h"

namespace qcc {

/// The targets that options name several of (target::findVersions). An error at `loc` if there are others, or with a
/// request that is for a single target: of a CPU or its features.
mlir::LogicalResult findVersions(mlir::Location loc, const CompileOptions &options,
                                 llvm::SmallVectorImpl<const target::Target *> &versions);

/// Compiles a model for each of the targets and puts the versions into one object. Its
/// `<name>_run` asks `qcc_cpu_features` (qcc/runtime.h), which the application links, runs the last version that the
/// CPU has the instructions for, and returns QCC_ERROR_CPU if there is none. The arena is as large as the largest.
/// Each version has the blocks that the tuning file has for its machine; for those that it does not know, there is a
/// warning. Leaves the module as it is. An error of one version names it.
mlir::FailureOr<CompileResult> compileVersions(mlir::ModuleOp module, const CompileOptions &options, Emit what);

} // namespace qcc

#endif // QCC_COMPILER_EMIT_VERSIONS_H
