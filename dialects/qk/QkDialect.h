// The qk dialect: kernels on stored codes.
#ifndef QCC_DIALECTS_QK_QKDIALECT_H
#define QCC_DIALECTS_QK_QKDIALECT_H

#include "dialects/qnn/QnnDialect.h"
#include "mlir/IR/Dialect.h"

#include "dialects/qk/QkDialect.h.inc"
#include "dialects/qk/QkEnums.h.inc"

namespace qcc::qk {
mlir::FailureOr<llvm::SmallVector<int64_t>> parseInts(mlir::AsmParser &parser);
void printInts(mlir::AsmPrinter &printer, llvm::ArrayRef<int64_t> values);
} // namespace qcc::qk

#define GET_ATTRDEF_CLASSES
#include "dialects/qk/QkAttrs.h.inc"

#endif // QCC_DIALECTS_QK_QKDIALECT_H
