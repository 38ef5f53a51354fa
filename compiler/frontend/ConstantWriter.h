// Constants of a module as arrays of a weight file.
#ifndef QCC_COMPILER_FRONTEND_CONSTANTWRITER_H
#define QCC_COMPILER_FRONTEND_CONSTANTWRITER_H

#include "compiler/import/weights/Arrays.h"
#include "dialects/qnn/QnnOps.h"

namespace qcc::frontend {

/// Appends a constant as the array `name`, with `<name>.scale` and `<name>.zero` if its format has scales. Returns
/// the format that a call must name to read it back, empty if the arrays say enough; `channelAxis` is the axis
/// of scales that the call implies, or -1. Fails with an error at the constant.
mlir::FailureOr<std::string> appendConstant(qnn::ConstantOp constant, llvm::StringRef name, int64_t channelAxis,
                                            std::vector<NamedArray> &arrays);

} // namespace qcc::frontend

#endif // QCC_COMPILER_FRONTEND_CONSTANTWRITER_H
