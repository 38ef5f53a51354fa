// What budgets of memory are measured by, and what is done to meet them.
#ifndef QCC_COMPILER_EMIT_BUDGETS_H
#define QCC_COMPILER_EMIT_BUDGETS_H

#include "compiler/emit/Compile.h"

namespace qcc {

/// Code and read-only data of an object.
int64_t flashBytes(const ModelReport &report);

/// Arena, stack where it is known, and state.
int64_t ramBytes(const ModelReport &report);

/// An error at `loc` that names the budget and what the model takes.
mlir::InFlightDiagnostic ramError(mlir::Location loc, int64_t budget, const ModelReport &report);

/// The same for flash, which names the versions, too, and stands at the layer with most weights: it is the one to look
/// at.
mlir::InFlightDiagnostic flashError(mlir::ModuleOp module, int64_t budget, const ModelReport &report);

/// Has an object become smaller: made for size, and at last without what is faster for some more code. False where all
/// that is done already.
bool shrink(CompileOptions &options);

} // namespace qcc

#endif // QCC_COMPILER_EMIT_BUDGETS_H
