// Questions about windows and epilogues that more than one room asks.
#ifndef QCC_DIALECTS_QK_QUERIES_H
#define QCC_DIALECTS_QK_QUERIES_H

#include "dialects/qk/Pieces.h"
#include "dialects/qnn/Winograd.h"

namespace qcc::qk {

/// True if no position of the window along this axis reaches outside the input.
inline bool staysInside(WindowAttr window, int axis) {
  return window.getPads()[axis] == 0 && window.seenBy(window.getOutput()[axis], axis) <= window.getInput()[axis];
}

/// Channels of the tensor that a contraction writes, of which its window's may be a part.
inline int64_t outputChannels(ContractOp op) {
  std::optional<PartAttr> part = op.getPart();
  return part ? part->getOf() : op.getWindow().getGroups() * op.getWindow().getChannels()[1];
}

/// Elements of the window in one channel.
inline int64_t windowSize(WindowAttr window) { return window.getKernel()[0] * window.getKernel()[1]; }

/// True if each position of the output sees only the position of the input at its own place.
inline bool seesOnePosition(WindowAttr window) {
  auto are = [](llvm::ArrayRef<int64_t> numbers, int64_t number) {
    return llvm::all_of(numbers, [&](int64_t n) { return n == number; });
  };
  return window.getInput() == window.getOutput() && are(window.getKernel(), 1) && are(window.getStrides(), 1) &&
         are(window.getPads(), 0);
}

/// The name that users read of an algorithm which a contraction may be computed by.
inline llvm::StringRef algorithmName(ContractOp op, qnn::AlgorithmKind kind) {
  switch (kind) {
  case qnn::AlgorithmKind::Direct:
    return "direct";
  case qnn::AlgorithmKind::WinogradF2:
    return "winograd(f2, exact)";
  case qnn::AlgorithmKind::WinogradF2Small:
    return "winograd(f2, exact, small)";
  case qnn::AlgorithmKind::WinogradF4Exact:
    return "winograd(f4, exact)";
  case qnn::AlgorithmKind::WinogradF4:
    return qnn::isTapwise(op.getAlgorithm()) ? "winograd(f4, tapwise)" : "winograd(f4, float)";
  }
  llvm_unreachable("no other algorithms");
}

/// The algorithm that a contraction is scheduled for; direct before it is.
inline qnn::AlgorithmKind scheduledAlgorithm(ContractOp op) {
  std::optional<ScheduleAttr> schedule = op.getSchedule();
  if (!schedule || schedule->getTiles() == 0)
    return qnn::AlgorithmKind::Direct;
  if (schedule->getSmallWeights())
    return qnn::AlgorithmKind::WinogradF2Small;
  if (qnn::isTapwise(op.getAlgorithm()) || llvm::cast<qnn::NumberFormat>(op.getLhsFormat()).isFloat())
    return qnn::AlgorithmKind::WinogradF4;
  llvm::ArrayRef<int64_t> kernel = op.getWindow().getKernel();
  return kernel[0] == kernel[1] ? qnn::AlgorithmKind::WinogradF2 : qnn::AlgorithmKind::WinogradF4Exact;
}

/// True if tiles of outputs of the window follow from transformed codes: along both axes, or along one.
inline bool hasWinogradWindow(WindowAttr window) {
  auto areOnes = [](llvm::ArrayRef<int64_t> numbers) {
    return llvm::all_of(numbers, [](int64_t n) { return n == 1; });
  };
  return qnn::winograd::isTransformable(window.getKernel()[0], window.getKernel()[1]) && areOnes(window.getStrides()) &&
         areOnes(window.getDilations());
}

/// A window whose positions see only themselves, over all of them as one image with rows of `width`, of which the last
/// may be no whole one.
inline WindowAttr inRows(WindowAttr window, int64_t width) {
  int64_t size[] = {window.getBatch() * window.getOutput()[0] * window.getOutput()[1], width};
  size[0] = llvm::divideCeilSigned(size[0], width);
  return WindowAttr::get(window.getContext(), 1, size, size, window.getKernel(), window.getStrides(),
                         window.getDilations(), window.getPads(), window.getGroups(), window.getChannels());
}

/// An image of one column, seen by windows of one column, as an image of one row: the codes lie as they did.
inline WindowAttr columnAsRow(WindowAttr window) {
  if (window.getInput()[1] != 1 || window.getOutput()[1] != 1 || window.getKernel()[1] != 1 || window.getPads()[1] != 0)
    return window;
  auto turn = [](llvm::ArrayRef<int64_t> axes) { return llvm::SmallVector<int64_t, 2>{axes[1], axes[0]}; };
  return WindowAttr::get(window.getContext(), window.getBatch(), turn(window.getInput()), turn(window.getOutput()),
                         turn(window.getKernel()), turn(window.getStrides()), turn(window.getDilations()),
                         turn(window.getPads()), window.getGroups(), window.getChannels());
}

/// True if a kernel is known to write all bits of its destination, which has codes of that format: none of its last
/// byte are left to be cleared before it.
bool fillsDestination(mlir::Operation *kernel, mlir::Type format);

/// For a map that copies codes of whole bytes, all to places at one distance: how many bytes what it reads lies behind
/// what it writes, both counted from the begins of input and destination. Nothing for other maps.
std::optional<int64_t> moveDistance(MapOp op);

/// The number of the parameter that the epilogue adds to the sum before anything else, if both are integers and used
/// for nothing else.
std::optional<unsigned> biasParam(ContractOp op);

/// Adds a parameter; what the epilogue receives for it.
mlir::BlockArgument addParam(ContractOp op, mlir::Value param);

/// The sum as the rest of the epilogue sees it: with the bias, if there is one.
mlir::Value biasedSum(ContractOp op);

/// The number that an integer value is, if it is a constant.
std::optional<int64_t> constantNumber(mlir::Value value);

/// The bounds that the epilogue clamps an integer to at last.
std::optional<std::pair<int64_t, int64_t>> clampOf(ContractOp op);

/// True if what the epilogue yields is known to be what is read back where it has been stored.
bool yieldsCodes(ContractOp op);

/// An epilogue that rescales the sum with its bias, adds a zero point, if any, and clamps; nothing for other ones.
struct ClampedRescaling {
  RequantizeOp requantize;
  std::optional<int64_t> zero;
  int64_t low, high;
};
std::optional<ClampedRescaling> clampedRescaling(ContractOp op);

/// An epilogue of totals of groups: they are rescaled to units of 1/256, a parameter is added, if there is that of a
/// bias, and what is left of them rounded to units, ties away from zero; then the same.
struct FractionalRescaling : ClampedRescaling {
  std::optional<unsigned> bias; // number of the parameter
};
std::optional<FractionalRescaling> fractionalRescaling(ContractOp op);

/// True if the sums of groups are multiplied by factors of 8 bits without a sign, and nothing else is done to them
/// before they are added up.
bool addsMultipliedSums(ContractOp op);

} // namespace qcc::qk

#endif // QCC_DIALECTS_QK_QUERIES_H
