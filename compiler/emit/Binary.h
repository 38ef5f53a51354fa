// From what the compiler made to what can be run.
#ifndef QCC_COMPILER_EMIT_BINARY_H
#define QCC_COMPILER_EMIT_BINARY_H

#include "compiler/emit/Compile.h"
#include "compiler/verify/Runner.h"

namespace qcc {

/// The object of `result`, which was compiled with `options` and must outlive the binary, with its interface.
ModelBinary makeBinary(const CompileResult &result, const CompileOptions &options);

} // namespace qcc

#endif // QCC_COMPILER_EMIT_BINARY_H
