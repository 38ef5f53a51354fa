// Channels between two layers of a float model, scaled so that few codes fit all of them.
#ifndef QCC_COMPILER_QUANTIZE_EQUALIZECHANNELS_H
#define QCC_COMPILER_QUANTIZE_EQUALIZECHANNELS_H

#include "compiler/quantize/Calibrate.h"

#include <optional>

namespace qcc::quantize {

/// What the ranges of channels are weighed against the next layer's weights for them by.
enum class Equalization {
  None,
  /// The ranges of the weights that make a channel (Nagel et al. 2019): for weights with one scale for all channels.
  Weights,
  /// The ranges of the channel's values on the samples (SmoothQuant, Xiao et al. 2022): for activations, which have one
  /// scale for all channels.
  Activations,
};

std::optional<Equalization> parseEqualization(llvm::StringRef name);

/// Divides each channel of a layer's results by a number of its own and multiplies the weights that the next layer has
/// for it. The number is sqrt(r1 / r2), where r2 is the largest magnitude of the next layer's weights for the channel
/// and r1 what `by` says; afterwards both are sqrt(r1 r2). Both layers have constant weights, and in between there is
/// only what commutes with the scaling of a channel by a positive number: relu, leaky relu, pools, means over
/// positions. In real arithmetic the model stays the same. Returns how many pairs of layers were scaled; fails with a
/// diagnostic.
mlir::FailureOr<int64_t> equalizeChannels(mlir::func::FuncOp model, Equalization by, SampleSource &samples,
                                          const PrepareModel &prepare);

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_EQUALIZECHANNELS_H
