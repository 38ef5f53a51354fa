// From the syntax of a scheme to what the quantizer takes.
#ifndef QCC_COMPILER_FRONTEND_SCHEMEBUILDER_H
#define QCC_COMPILER_FRONTEND_SCHEMEBUILDER_H

#include "compiler/frontend/Evaluator.h"
#include "compiler/frontend/Scheme.h"

namespace qcc::frontend {

/// Checks a scheme against the layers of `model`. `resolvePath` finds a file beside the model file, or fails
/// with an error.
mlir::FailureOr<QuantizeScheme>
buildScheme(const SchemeItem &item, const ModelContext &model, Evaluator &evaluator,
            llvm::function_ref<mlir::FailureOr<std::string>(Position, llvm::StringRef)> resolvePath);

} // namespace qcc::frontend

#endif // QCC_COMPILER_FRONTEND_SCHEMEBUILDER_H
