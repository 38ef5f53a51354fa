// A model as code of this machine, with the values inside it shown.
#ifndef QCC_COMPILER_EMIT_OBSERVECOMPILED_H
#define QCC_COMPILER_EMIT_OBSERVECOMPILED_H

#include "compiler/quantize/ObservableModel.h"

namespace qcc {

/// Compiles a clone of the model that also returns the values. A model that cannot be compiled is run by the
/// interpreter instead, with a warning that says why.
mlir::FailureOr<std::unique_ptr<quantize::ObservableModel>> prepareCompiled(mlir::func::FuncOp model,
                                                                            llvm::ArrayRef<mlir::Value> values);

} // namespace qcc

#endif // QCC_COMPILER_EMIT_OBSERVECOMPILED_H
