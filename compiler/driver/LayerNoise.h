// How far the layers of a model are from those of another one.
#ifndef QCC_COMPILER_DRIVER_LAYERNOISE_H
#define QCC_COMPILER_DRIVER_LAYERNOISE_H

#include "compiler/pipeline/Samples.h"
#include "compiler/quantize/Statistics.h"
#include "llvm/Support/JSON.h"

namespace qcc::driver {

/// The codes that a layer's results took, for formats of at most 16 bits.
struct CodeUse {
  int64_t codes = 0; ///< that the format has
  int64_t dead = 0;  ///< of them, those that no result took
  /// The share of results with the least or the greatest code for which the reference has a number beyond it, by more
  /// than half a step. Always 0 for codes that are no scale of integers, such as binary ones.
  double saturated = 0;
};

/// One layer, over all samples. A layer's results are those of its last operator, as real numbers.
struct LayerNoise {
  std::string layer;
  double signalToNoise = 0; ///< power in the reference over that of the difference, in dB; infinite if it is zero
  double cosine = 0;        ///< of the angle between both; 1 if both are zero
  /// What the layer adds to the noise that reaches it: its own power of noise over that of the signal, less the
  /// greatest such ratio of the layers and inputs that it is computed from. Unlike a fall in dB, which from 60 to 50 is
  /// as deep as from 20 to 10, this says which layers cost accuracy. Negative where a layer removes noise, as a maximum
  /// may.
  double addedNoise = 0;
  std::optional<CodeUse> codeUse; ///< of layers with integer results
  mlir::Operation *op = nullptr, *reference = nullptr;
  quantize::Statistics values; ///< of the results in the reference
};

struct ModelComparison {
  /// What was compared: both models, simplified alike if the reference is one of floats.
  mlir::OwningOpRef<mlir::ModuleOp> model, reference;
  std::vector<LayerNoise> layers; ///< in the reference's order
  int64_t samples = 0;
  int64_t unmatched = 0; ///< layers of the reference that the model has none for
};

/// Runs both models on samples of the first one's inputs, compiled for this machine, and compares the layers that have
/// the same name and shape in both. What is in memory are the reference's statistics and
/// the results of one sample. Fails, with a diagnostic, if a model has state, if the
/// inputs differ in number or shape, or if no layer is in both.
mlir::FailureOr<ModelComparison> compareLayers(mlir::ModuleOp model, mlir::ModuleOp reference, const Samples &samples);

/// The layers that add most noise, the worst first, but for softmax: as many as add, together, half of all that is
/// added, at most five.
std::vector<const LayerNoise *> findHurting(llvm::ArrayRef<LayerNoise> layers);

/// `layer`, `sqnr_db`, `cosine`, `added_noise` and, for integers, `saturated`, `codes` and `dead_codes`. What is not
/// finite is null.
llvm::json::Object toJson(const LayerNoise &layer);

/// The names of the layers that hurt.
llvm::json::Array hurtingToJson(llvm::ArrayRef<LayerNoise> layers);

} // namespace qcc::driver

#endif // QCC_COMPILER_DRIVER_LAYERNOISE_H
