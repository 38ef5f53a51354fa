// Passes that change how a model is computed, and none of its results.
#ifndef QCC_COMPILER_ALGORITHM_PASSES_H
#define QCC_COMPILER_ALGORITHM_PASSES_H

#include "mlir/Pass/Pass.h"

namespace qcc::algorithm {

/// How a model that sees a window of frames is streamed.
struct StreamOptions {
  int64_t axis = 1; ///< of the input, along which frames follow each other
  int64_t hop = 1;  ///< new frames in each run
};

/// `qnn-stream-frames`: makes a model of one input, which sees a window of frames, one that gets the new frames only.
/// Each layer computes what the new frames add, and keeps the frames of its input that it needs for that as state; a
/// layer that cannot do so keeps all frames of its input and is computed as before. Once the window is full, the
/// outputs are those of the original model on the last frames, bit for bit; of an output that has frames itself, the
/// new ones. Remarks say what each layer keeps. Errors: state already, more than one input, an axis or a hop that the
/// input has not, frames whose format has channels.
std::unique_ptr<mlir::Pass> createStreamFramesPass(const StreamOptions &options);

/// `qnn-choose-algorithm`: sets `algorithm` of the convolutions that the rules name, as `parseAlgorithmRule` reads
/// them; the last rule wins. A remark for each convolution that cannot have what its rule says. Errors: a rule that is
/// none, whose pattern is no regular expression or matches no convolution, or none that can have the algorithm.
std::unique_ptr<mlir::Pass> createChooseAlgorithmPass(llvm::ArrayRef<std::string> rules);

void registerPasses();

} // namespace qcc::algorithm

#endif // QCC_COMPILER_ALGORITHM_PASSES_H
