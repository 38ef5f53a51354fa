// Passes that simplify a model: a float one before it is calibrated and quantized, or what is left of floats after it.
#ifndef QCC_COMPILER_QUANTIZE_PASSES_H
#define QCC_COMPILER_QUANTIZE_PASSES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace qcc::quantize {

/// `qnn-fold-batch-norm`: a batch norm with constant parameters goes into the weights of the convolution or dense
/// layer before it, if that has no other use and no activation; another one becomes a multiplication and an addition.
std::unique_ptr<mlir::Pass> createFoldBatchNormPass();

/// `qnn-fold-thresholds`: what follows the sums of an integer contraction up to a quantizer of at most 4 bits - bias,
/// scale, batch norm, activation, a max pool - becomes integer thresholds for each channel (`qnn.threshold`).
std::unique_ptr<mlir::Pass> createFoldThresholdsPass();

/// `qnn-fuse-activation`: a relu goes into the operator before it, if that has no other use and no activation.
std::unique_ptr<mlir::Pass> createFuseActivationPass();

/// `qnn-fuse-bias`: a constant for each channel that is added to a contraction of floats, and to it alone, becomes its
/// bias.
std::unique_ptr<mlir::Pass> createFuseBiasPass();

/// `qnn-matmul-to-dense`: a product with a constant matrix becomes a dense layer, whose weights have formats of their
/// own.
std::unique_ptr<mlir::Pass> createMatmulToDensePass();

/// `qnn-pool-to-mean`: an average pool of floats over all positions becomes a mean, which may have another format than
/// its input.
std::unique_ptr<mlir::Pass> createPoolToMeanPass();

void registerQuantizePasses();

/// Runs the passes for products, batch norms, biases, activations and pools, in this order.
mlir::LogicalResult simplifyFloatModel(mlir::ModuleOp module);

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_PASSES_H
