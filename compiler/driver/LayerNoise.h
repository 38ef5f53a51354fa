// How far the layers of a model are from those of another one.
#ifndef QCC_COMPILER_DRIVER_LAYERNOISE_H
#define QCC_COMPILER_DRIVER_LAYERNOISE_H

#include "compiler/pipeline/Samples.h"

namespace qcc::driver {

/// The power of a layer's results in the reference over that of what the model has otherwise, in dB; infinite where
/// they are the same.
struct LayerNoise {
  std::string layer;
  double signalToNoise;
};

/// Runs both models on samples of the first one's inputs, by the interpreter, and compares the real numbers that the
/// last operators of layers of the same name and shape give, in the reference's order. Fails, with a diagnostic, if the
/// inputs differ in number or shape, or no layer is in both.
mlir::FailureOr<std::vector<LayerNoise>> compareLayers(mlir::func::FuncOp model, mlir::func::FuncOp reference,
                                                       const Samples &samples);

} // namespace qcc::driver

#endif // QCC_COMPILER_DRIVER_LAYERNOISE_H
