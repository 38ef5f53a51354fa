// The C header of a compiled model.
#ifndef QCC_COMPILER_EMIT_HEADER_H
#define QCC_COMPILER_EMIT_HEADER_H

#include "compiler/pipeline/ModelReport.h"
#include "compiler/target/Target.h"

namespace qcc {

/// Plain C99 (and C++): shapes, scales and zero points as macros, the arena's size, `<name>_run`.
std::string writeHeader(const ModelReport &report, const target::Target &target, llvm::StringRef hash);

} // namespace qcc

#endif // QCC_COMPILER_EMIT_HEADER_H
