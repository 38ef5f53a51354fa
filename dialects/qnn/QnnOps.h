// The operators of the qnn dialect.
#ifndef QCC_DIALECTS_QNN_QNNOPS_H
#define QCC_DIALECTS_QNN_QNNOPS_H

#include "dialects/qnn/QnnDialect.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#define GET_OP_CLASSES
#include "dialects/qnn/QnnOps.h.inc"

namespace qcc::qnn {

/// Output size along one axis of a window operator; negative if the window does not fit.
int64_t windowOutputSize(int64_t input, int64_t kernel, int64_t stride, int64_t dilation, int64_t padLow,
                         int64_t padHigh);

/// The NumPy broadcast of two shapes, or failure.
mlir::FailureOr<llvm::SmallVector<int64_t>> broadcastShapes(llvm::ArrayRef<int64_t> a, llvm::ArrayRef<int64_t> b);

} // namespace qcc::qnn

#endif // QCC_DIALECTS_QNN_QNNOPS_H
