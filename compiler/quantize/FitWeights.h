// Weights that make up for what is rounded: in the layer itself and in all before it.
#ifndef QCC_COMPILER_QUANTIZE_FITWEIGHTS_H
#define QCC_COMPILER_QUANTIZE_FITWEIGHTS_H

#include "compiler/quantize/ObservableModel.h"
#include "compiler/quantize/WeightRounding.h"

namespace qcc::quantize {

struct FitOptions {
  WeightRounding rounding = WeightRounding::Gptq;
  /// The scales of weights are not changed: a filter has one for all channels.
  bool keepScales = false;
  /// What runs the models.
  PrepareModel prepare = prepareInterpreted;
  /// Called before each layer, with how many there are.
  llvm::function_ref<void(size_t layers)> onLayer = nullptr;
};

/// How many of `count` samples fitWeights should be given so that it needs about 1 GiB at most.
int64_t samplesToFit(mlir::func::FuncOp reference, mlir::func::FuncOp model, int64_t count);

/// Chooses the codes and scales of weights, and the biases, of the contractions of `model`, which `quantizeModel` made
/// of `reference`, one after the other: so that the sums of each are near those of the float model, though its inputs
/// have the errors of all earlier layers. Each sample has one tensor per input. A layer with rows of more than 6144
/// weights stays as it is. A remark on each layer says what its codes add in noise. Fails with a diagnostic.
mlir::LogicalResult fitWeights(mlir::func::FuncOp reference, mlir::func::FuncOp model,
                               std::vector<std::vector<HostTensor>> referenceSamples,
                               std::vector<std::vector<HostTensor>> modelSamples, const FitOptions &options);

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_FITWEIGHTS_H
