// A compiled model against other people's runtimes.
#ifndef QCC_COMPILER_VERIFY_PEERS_H
#define QCC_COMPILER_VERIFY_PEERS_H

#include "compiler/verify/Runner.h"

namespace qcc {

/// Times a host object and every other runtime that is installed (as a Python package) and reads the model file, in
/// turn, each with one thread on the same core, and returns a table, or a JSON object with `name`, `model`,
/// `runtimes` (of each `name`, `min_us`, `median_us` and `ratio`, its time in units of qcc's), `skipped` (reasons by
/// name) and `best_peer_ratio` (null if there is none). An ONNX twin of the model is a file beside it whose name
/// differs in the extension only; of a `.qm` file the others read the `.tflite` file beside it. With `isBfloat`,
/// OpenVINO rounds floats to bf16, as the model does. See runtime/port/peers.
mlir::FailureOr<std::string> compareWithPeers(mlir::Location loc, const ModelBinary &model, llvm::StringRef modelFile,
                                              llvm::ArrayRef<HostTensor> sample, bool isBfloat, bool json);

} // namespace qcc

#endif // QCC_COMPILER_VERIFY_PEERS_H
