// Passes that simplify a float model before it is calibrated and quantized.
#ifndef QCC_COMPILER_QUANTIZE_PASSES_H
#define QCC_COMPILER_QUANTIZE_PASSES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace qcc::quantize {

/// `qnn-fold-batch-norm`: a batch norm with constant parameters goes into the weights of the convolution or dense
/// layer before it, if that has no other use and no activation; another one becomes a multiplication and an addition.
std::unique_ptr<mlir::Pass> createFoldBatchNormPass();

/// `qnn-fuse-activation`: a relu goes into the operator before it, if that has no other use and no activation.
std::unique_ptr<mlir::Pass> createFuseActivationPass();

void registerQuantizePasses();

/// Runs both passes, in this order.
mlir::LogicalResult simplifyFloatModel(mlir::ModuleOp module);

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_PASSES_H
