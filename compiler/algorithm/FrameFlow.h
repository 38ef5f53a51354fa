// Which values of a model are sequences of frames, and which of their frames a run has to compute.
#ifndef QCC_COMPILER_ALGORITHM_FRAMEFLOW_H
#define QCC_COMPILER_ALGORITHM_FRAMEFLOW_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <optional>

namespace qcc::algorithm {

/// A value whose `length` frames along `axis` move on by `fresh` in each run: the last `fresh` are new.
struct Frames {
  int64_t axis = 0, length = 0, fresh = 0;
};

/// The frames of an operand that frame `i` of a result depends on: `extent` of them, from `start + i * stride` on.
struct Reach {
  int64_t start = 0, stride = 1, extent = 1;
};

/// How an operator follows its operands' frames: the axis of its results' frames, and what they depend on; or why it
/// does not, and has to see all frames in each run.
struct Following {
  int64_t axis = 0;
  Reach reach;
  std::string whyNot;
};

/// The frames of all values of a model, from those of its input on.
class FrameFlow {
public:
  /// `model` has one block and one input, `frames.length` frames long.
  FrameFlow(mlir::func::FuncOp model, Frames input);

  /// Nothing for a value that has no frames, or all of whose frames are new in each run.
  std::optional<Frames> find(mlir::Value value) const;
  /// For an operator with operands that have frames.
  const Following &following(mlir::Operation *op) const { return followings.find(op)->second; }
  bool hasFrames(mlir::Operation *op) const { return followings.contains(op); }
  /// How many of the last frames of `operand` a run reads.
  int64_t framesRead(mlir::OpOperand &operand) const;

private:
  void visit(mlir::Operation *op);

  llvm::DenseMap<mlir::Value, Frames> frames;
  llvm::DenseMap<mlir::Operation *, Following> followings;
};

} // namespace qcc::algorithm

#endif // QCC_COMPILER_ALGORITHM_FRAMEFLOW_H
