// The C header of a compiled model.
#ifndef QCC_COMPILER_EMIT_HEADER_H
#define QCC_COMPILER_EMIT_HEADER_H

#include "compiler/pipeline/ModelReport.h"
#include "compiler/target/Target.h"

namespace qcc {

/// The inputs and outputs by their names in C: fields of `<name>_inputs` and `<name>_outputs`, and in capitals parts of
/// the macros.
struct PortNames {
  std::vector<std::string> inputs, outputs;
};
PortNames portNames(const ModelReport &report);

/// True for a name that C and C++ take as it is.
bool isVariableName(llvm::StringRef name);

/// Plain C99 (and C++): shapes, scales and zero points as macros, the arena's size, `<name>_run`, and with `profile`
/// `<name>_run_profiled` with the names of the layers.
std::string writeHeader(const ModelReport &report, const target::Target &target, llvm::StringRef hash, bool profile);

} // namespace qcc

#endif // QCC_COMPILER_EMIT_HEADER_H
