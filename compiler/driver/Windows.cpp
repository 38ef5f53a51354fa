#include "compiler/driver/Windows.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;

/// The codes of frame `frame` along an axis, for each index of the dimensions before it one after the other.
static void appendFrame(std::vector<std::vector<int64_t>> &rows, const HostTensor &tensor, ArrayRef<int64_t> codes,
                        int64_t axis, int64_t frame) {
  ArrayRef<int64_t> shape = tensor.type.getShape();
  int64_t inner = ShapedType::getNumElements(shape.drop_front(axis + 1));
  for (auto [outer, row] : llvm::enumerate(rows))
    llvm::append_range(row, codes.slice((static_cast<int64_t>(outer) * shape[axis] + frame) * inner, inner));
}

static HostTensor join(RankedTensorType type, ArrayRef<std::vector<int64_t>> rows) {
  std::vector<int64_t> codes;
  for (const std::vector<int64_t> &row : rows)
    llvm::append_range(codes, row);
  return HostTensor(type, codes);
}

/// The frames from number `first` on of all that the samples brought.
static HostTensor windowAt(RankedTensorType type, const algorithm::StreamOptions &stream,
                           ArrayRef<std::vector<int64_t>> codes, const Samples &samples, int64_t first) {
  ArrayRef<int64_t> shape = type.getShape();
  std::vector<std::vector<int64_t>> rows(ShapedType::getNumElements(shape.take_front(stream.axis)));
  for (int64_t frame = first; frame < first + shape[stream.axis]; ++frame)
    appendFrame(rows, samples[frame / stream.hop].front(), codes[frame / stream.hop], stream.axis, frame % stream.hop);
  return join(type, rows);
}

/// The last frames of an output that has more of them than the streamed model gives.
static HostTensor newFrames(const HostTensor &whole, RankedTensorType type) {
  if (whole.type == type)
    return whole;
  auto axis = std::mismatch(type.getShape().begin(), type.getShape().end(), whole.type.getShape().begin()).first -
              type.getShape().begin();
  std::vector<std::vector<int64_t>> rows(ShapedType::getNumElements(type.getShape().take_front(axis)));
  std::vector<int64_t> codes = whole.codes();
  int64_t length = whole.type.getShape()[axis];
  for (int64_t frame = length - type.getShape()[axis]; frame < length; ++frame)
    appendFrame(rows, whole, codes, axis, frame);
  return join(type, rows);
}

FailureOr<WindowComparison> qcc::driver::compareWithWindows(func::FuncOp original,
                                                            const algorithm::StreamOptions &stream,
                                                            const Samples &samples, const Samples &outputs,
                                                            double ulps) {
  RankedTensorType input = modelInputs(original).front().type;
  WindowComparison result;
  result.frames = input.getShape()[stream.axis];
  result.skipped =
      std::min<int64_t>(samples.size(), llvm::divideCeil(static_cast<uint64_t>(result.frames), stream.hop) - 1);
  std::vector<std::vector<int64_t>> codes;
  for (const std::vector<HostTensor> &sample : samples)
    codes.push_back(sample.front().codes());
  Samples windows;
  for (auto run = result.skipped; run < static_cast<int64_t>(samples.size()); ++run)
    windows.push_back({windowAt(input, stream, codes, samples, (run + 1) * stream.hop - result.frames)});
  FailureOr<Samples> whole = runReference(original, windows, "verify");
  if (failed(whole))
    return failure();
  ArrayRef<std::vector<HostTensor>> got = ArrayRef(outputs).drop_front(result.skipped);
  for (auto [expected, output] : llvm::zip_equal(*whole, got))
    for (auto [tensor, streamed] : llvm::zip_equal(expected, output))
      tensor = newFrames(tensor, streamed.type);
  result.comparison = compareOutputs(*whole, got, ulps, roundsToBfloat(original));
  return result;
}
