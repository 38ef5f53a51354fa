// From a model in LLVM IR to the files that are asked for.
#ifndef QCC_COMPILER_EMIT_EMITMODULE_H
#define QCC_COMPILER_EMIT_EMITMODULE_H

#include "compiler/emit/Compile.h"

namespace llvm {
class Module;
} // namespace llvm

namespace qcc {

class LargeConstants;
class ObjectWriter;

/// Fills `result`, whose report has what the plan fixed, with what `what` and `options` ask for of a module that is
/// optimized, and lacks `constants`. Gives up the module.
mlir::LogicalResult emitModule(mlir::Location loc, ObjectWriter &writer, llvm::Module &module,
                               const LargeConstants &constants, const CompileOptions &options, Emit what,
                               CompileResult &result);

} // namespace qcc

#endif // QCC_COMPILER_EMIT_EMITMODULE_H
