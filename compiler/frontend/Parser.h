// From text to syntax tree.
#ifndef QCC_COMPILER_FRONTEND_PARSER_H
#define QCC_COMPILER_FRONTEND_PARSER_H

#include "compiler/frontend/Ast.h"

namespace qcc::frontend {

/// Parses a whole file. The first error ends it.
mlir::FailureOr<File> parse(const Source &source);

/// Parses the whole source as one expression.
mlir::FailureOr<ExprPtr> parseExpression(const Source &source);

} // namespace qcc::frontend

#endif // QCC_COMPILER_FRONTEND_PARSER_H
