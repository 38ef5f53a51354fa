#include "compiler/algorithm/FrameFlow.h"

#include "dialects/qnn/QnnOps.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::algorithm;

static Following whole(const Twine &why) { return {0, {}, why.str()}; }
static Following along(int64_t axis, Reach reach = {}) { return {axis, reach, ""}; }

//===-- Operators ---------------------------------------------------------------------------===//

/// A window over height and width, of which the frames are one. Without borders, output frame i sees the input frames
/// from i * stride on.
static Following followWindow(int64_t axis, ArrayRef<int64_t> kernel, ArrayRef<int64_t> strides,
                              ArrayRef<int64_t> dilations, ArrayRef<int64_t> pads) {
  if (axis != 1 && axis != 2)
    return axis == 0 ? along(axis) : whole("mixes frames, which are its channels");
  int64_t side = axis - 1, before = pads[2 * side], after = pads[2 * side + 1];
  if (before != 0 || after != 0)
    return whole("has borders: " + Twine(before) + " frames before the first, " + Twine(after) + " after the last");
  return along(axis, {0, strides[side], (kernel[side] - 1) * dilations[side] + 1});
}

/// Broadcasting: an operand that has no frames is the same for all of them.
static Following followElementwise(Operation *op, int64_t axis, const FrameFlow &flow) {
  int64_t fromEnd = llvm::cast<RankedTensorType>(op->getResult(0).getType()).getRank() - axis;
  for (Value operand : op->getOperands()) {
    ArrayRef<int64_t> shape = shapeOf(operand);
    auto rank = static_cast<int64_t>(shape.size());
    if (!flow.find(operand) && rank >= fromEnd && shape[rank - fromEnd] != 1)
      return whole("has an operand with a number of its own for each frame");
  }
  return along(axis);
}

/// Frames stay frames if the dimensions before them hold as many elements as before.
static Following followReshape(qnn::ReshapeOp op, int64_t axis) {
  ArrayRef<int64_t> from = shapeOf(op.getInput()), to = shapeOf(op.getOutput());
  for (auto [index, size] : llvm::enumerate(to))
    if (size == from[axis] &&
        ShapedType::getNumElements(to.take_front(index)) == ShapedType::getNumElements(from.take_front(axis)))
      return along(static_cast<int64_t>(index));
  return whole("puts frames and other dimensions together");
}

static Following followMean(qnn::MeanOp op, int64_t axis) {
  if (llvm::is_contained(op.getAxes(), axis))
    return whole("is a mean over all frames");
  auto removed = llvm::count_if(op.getAxes(), [&](int64_t other) { return other < axis; });
  return along(op.getKeepDims() ? axis : axis - removed);
}

static Following followPad(qnn::PadOp op, int64_t axis) {
  if (op.getLow()[axis] != 0 || op.getHigh()[axis] != 0)
    return whole("has borders: " + Twine(op.getLow()[axis]) + " frames before the first, " + Twine(op.getHigh()[axis]) +
                 " after the last");
  return along(axis);
}

/// `axis` is the dimension that an operator treats as one.
static Following followApart(int64_t axis, int64_t mixed, const Twine &why) {
  return axis == mixed ? whole(why) : along(axis);
}

/// An operator all of whose operands with frames have the same ones.
static Following follow(Operation *op, Frames frames, const FrameFlow &flow) {
  int64_t axis = frames.axis, last = llvm::cast<RankedTensorType>(op->getOperand(0).getType()).getRank() - 1;
  return llvm::TypeSwitch<Operation *, Following>(op)
      .Case<qnn::Conv2dOp, qnn::DepthwiseConv2dOp>([&](auto o) {
        if constexpr (std::is_same_v<decltype(o), qnn::Conv2dOp>)
          if (qnn::isTapwise(o.getAlgorithm()) && axis != 0)
            return whole("is computed in tiles of 4x4 outputs, whose results depend on where they begin");
        int64_t kernel[] = {shapeOf(o.getFilter())[1], shapeOf(o.getFilter())[2]};
        return followWindow(axis, kernel, o.getStrides(), o.getDilations(), o.getPads());
      })
      .Case<qnn::MaxPool2dOp, qnn::AvgPool2dOp>([&](auto o) {
        constexpr int64_t adjacent[] = {1, 1};
        return axis == 3 ? along(axis) : followWindow(axis, o.getKernel(), o.getStrides(), adjacent, o.getPads());
      })
      .Case<qnn::DenseOp, qnn::BatchNormOp, qnn::ThresholdOp, qnn::RescaleOp>(
          [&](auto) { return followApart(axis, last, "has frames as features"); })
      .Case<qnn::SoftmaxOp, qnn::LogSoftmaxOp>([&](auto) { return followApart(axis, last, "is over all frames"); })
      .Case<qnn::AddOp, qnn::SubOp, qnn::MulOp, qnn::CombineOp, qnn::SelectOp>(
          [&](auto) { return followElementwise(op, axis, flow); })
      .Case<qnn::ReluOp, qnn::LeakyReluOp, qnn::LogisticOp, qnn::TanhOp, qnn::ApplyOp, qnn::QuantizeOp,
            qnn::DequantizeOp, qnn::RequantizeOp>([&](auto) { return along(axis); })
      .Case([&](qnn::ArgmaxOp o) {
        int64_t over = o.getAxis();
        return over == axis ? whole("is over all frames") : along(over < axis ? axis - 1 : axis);
      })
      .Case([&](qnn::MeanOp o) { return followMean(o, axis); })
      .Case([&](qnn::ReshapeOp o) { return followReshape(o, axis); })
      .Case(
          [&](qnn::TransposeOp o) { return along(llvm::find(o.getPermutation(), axis) - o.getPermutation().begin()); })
      .Case([&](qnn::PadOp o) { return followPad(o, axis); })
      .Case([&](qnn::SliceOp o) { return along(axis, {o.getStarts()[axis], o.getStrides()[axis], 1}); })
      .Case<qnn::ConcatOp, qnn::SplitOp, qnn::GatherOp>(
          [&](auto o) { return followApart(axis, o.getAxis(), "puts frames together or apart"); })
      .Default([](Operation *) { return whole("sees all frames at once"); });
}

//===-- The walk -----------------------------------------------------------------------------===//

/// All operands with frames, if they agree in them, and those that may have none have none.
static Following followOperands(Operation *op, const FrameFlow &flow) {
  std::optional<Frames> first;
  for (Value operand : op->getOperands()) {
    std::optional<Frames> its = flow.find(operand);
    if (!its)
      continue;
    if (first && (its->axis != first->axis || its->length != first->length || its->fresh != first->fresh))
      return whole("has operands with other frames");
    first = its;
  }
  bool needsAll = llvm::isa<qnn::ConcatOp>(op);
  for (auto [index, operand] : llvm::enumerate(op->getOperands())) {
    bool mayHave = index == 0 || needsAll || llvm::isa<qnn::AddOp, qnn::SubOp, qnn::MulOp>(op);
    if (flow.find(operand) && !mayHave)
      return whole("has frames as weights");
    if (!flow.find(operand) && (needsAll || (index == 0 && !llvm::isa<qnn::AddOp, qnn::SubOp, qnn::MulOp>(op))))
      return whole("has an operand without frames");
  }
  return follow(op, *first, flow);
}

FrameFlow::FrameFlow(func::FuncOp model, Frames input) {
  frames[model.getArgument(0)] = input;
  for (Operation &op : model.front().without_terminator())
    visit(&op);
}

void FrameFlow::visit(Operation *op) {
  auto operand = llvm::find_if(op->getOperands(), [&](Value value) { return find(value).has_value(); });
  if (operand == op->operand_end())
    return;
  Following following = followOperands(op, *this);
  if (following.whyNot.empty()) {
    Frames in = *find(*operand);
    int64_t stride = following.reach.stride;
    // Of the results' frames, all have to move by whole frames, and fewer than there are.
    int64_t length = shapeOf(op->getResult(0))[following.axis];
    if (in.fresh % stride != 0)
      following = whole("goes on by " + Twine(stride) + " frames, but a run has " + Twine(in.fresh) + " new ones");
    else if (in.fresh / stride > length)
      following = whole("gives " + Twine(length) + " frames, fewer than are new in a run");
    else if (in.fresh / stride < length)
      for (Value result : op->getResults())
        frames[result] = {following.axis, length, in.fresh / stride};
  }
  followings[op] = std::move(following);
}

std::optional<Frames> FrameFlow::find(Value value) const {
  auto found = frames.find(value);
  return found == frames.end() ? std::nullopt : std::optional(found->second);
}

int64_t FrameFlow::framesRead(OpOperand &operand) const {
  Frames in = *find(operand.get());
  Operation *op = operand.getOwner();
  if (llvm::isa<func::ReturnOp>(op))
    return in.fresh;
  const Following &how = following(op);
  if (!how.whyNot.empty())
    return in.length;
  int64_t length = shapeOf(op->getResult(0))[how.axis], fresh = in.fresh / how.reach.stride;
  return in.length - (how.reach.start + (length - fresh) * how.reach.stride);
}
