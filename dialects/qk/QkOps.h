// The operators of the qk dialect.
#ifndef QCC_DIALECTS_QK_QKOPS_H
#define QCC_DIALECTS_QK_QKOPS_H

#include "dialects/qk/Distances.h"
#include "dialects/qk/QkDialect.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/qk/QkInterfaces.h.inc"

#define GET_OP_CLASSES
#include "dialects/qk/QkOps.h.inc"

namespace qcc::qk {

/// The largest right shift of a narrow `qk.requantize`.
constexpr int64_t narrowShifts = 22;

/// Of all elements of a buffer of static shape: a tensor or memref of elements of whole bytes.
int64_t bytesOf(mlir::Type buffer);
inline int64_t bytesOf(mlir::Value buffer) { return bytesOf(buffer.getType()); }

/// Strides of a row-major tensor, in elements.
llvm::SmallVector<int64_t> rowMajorStrides(llvm::ArrayRef<int64_t> shape);

/// What kernel_c1 and kernel_c2 say of any kernel.
mlir::LogicalResult verifyKernel(mlir::Operation *op);

void registerDialect(mlir::DialectRegistry &registry);

} // namespace qcc::qk

#endif // QCC_DIALECTS_QK_QKOPS_H
