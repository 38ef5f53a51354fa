#include "compiler/compress/ChannelSets.h"

#include <numeric>

using namespace mlir;
using namespace qcc;
using namespace qcc::compress;

int64_t compress::channelCount(Value value) {
  auto type = llvm::dyn_cast<RankedTensorType>(value.getType());
  if (!type)
    return 0;
  return type.getRank() == 0 ? 1 : type.getShape().back();
}

ChannelNumbers::ChannelNumbers(Block &block) {
  for (BlockArgument argument : block.getArguments())
    add(argument);
  for (Operation &op : block)
    for (Value result : op.getResults())
      add(result);
}

void ChannelNumbers::add(Value value) {
  first[value] = total;
  total += channelCount(value);
}

ChannelSets::ChannelSets(size_t channels) : parent(channels), required(channels) {
  std::iota(parent.begin(), parent.end(), 0);
}

size_t ChannelSets::find(size_t channel) {
  while (parent[channel] != channel)
    channel = parent[channel] = parent[parent[channel]];
  return channel;
}

void ChannelSets::unite(size_t a, size_t b) {
  a = find(a);
  b = find(b);
  required[b] = required[a] || required[b];
  parent[a] = b;
}

//===-- Links ---------------------------------------------------------------------------===//

static bool linkEqual(Value output, Value input, SeeLink see) {
  for (int64_t c = 0; c < channelCount(output); ++c)
    see(output, c, input, c);
  return true;
}

/// Row-major index i is channel i mod C. If one of the two counts divides the other, a channel of the tensor with
/// fewer is the union of whole channels of the other.
static bool linkReshape(qnn::ReshapeOp op, SeeLink see) {
  int64_t from = channelCount(op.getInput()), to = channelCount(op.getOutput());
  if (from == 0 || to == 0 || (from % to != 0 && to % from != 0))
    return false;
  for (int64_t c = 0; c < std::max(from, to); ++c)
    see(op.getOutput(), c % to, op.getInput(), c % from);
  return true;
}

/// The parts of a whole, one after the other along `axis`.
static bool linkParts(ValueRange parts, Value whole, int64_t axis,
                      llvm::function_ref<void(Value part, int64_t partChannel, int64_t wholeChannel)> see) {
  bool isChannelAxis = axis + 1 == static_cast<int64_t>(shapeOf(whole).size());
  int64_t offset = 0;
  for (Value part : parts) {
    for (int64_t c = 0; c < channelCount(part); ++c)
      see(part, c, offset + c);
    if (isChannelAxis)
      offset += channelCount(part);
  }
  return true;
}

/// Tensors that end in the same axis, whose elements are not chosen or extended.
static bool keepsLastAxis(Operation *op) {
  int64_t last = static_cast<int64_t>(shapeOf(op->getOperand(0)).size()) - 1;
  return last >= 0 && llvm::TypeSwitch<Operation *, bool>(op)
                          .Case([&](qnn::TransposeOp op) { return op.getPermutation()[last] == last; })
                          .Case([&](qnn::PadOp op) { return op.getLow()[last] == 0 && op.getHigh()[last] == 0; })
                          .Case([&](qnn::SliceOp op) {
                            return op.getStarts()[last] == 0 && op.getStrides()[last] == 1 &&
                                   channelCount(op.getInput()) == channelCount(op.getOutput());
                          })
                          .Case([&](qnn::MeanOp op) { return !llvm::is_contained(op.getAxes(), last); })
                          .Default(false);
}

bool compress::forEachLink(Operation *op, SeeLink see) {
  return llvm::TypeSwitch<Operation *, bool>(op)
      .Case<qnn::ReluOp, qnn::LeakyReluOp, qnn::LogisticOp, qnn::TanhOp, qnn::QuantizeOp, qnn::DequantizeOp,
            qnn::RequantizeOp, qnn::MaxPool2dOp, qnn::AvgPool2dOp, qnn::ResizeNearestOp>(
          [&](auto op) { return linkEqual(op.getOutput(), op.getInput(), see); })
      .Case<qnn::TransposeOp, qnn::PadOp, qnn::SliceOp, qnn::MeanOp>(
          [&](auto op) { return keepsLastAxis(op) && linkEqual(op.getOutput(), op.getInput(), see); })
      .Case([&](qnn::ReshapeOp op) { return linkReshape(op, see); })
      .Case([&](qnn::ConcatOp op) {
        return linkParts(op.getInputs(), op.getOutput(), op.getAxis(),
                         [&](Value part, int64_t c, int64_t whole) { see(op.getOutput(), whole, part, c); });
      })
      .Case([&](qnn::SplitOp op) {
        return linkParts(op.getOutputs(), op.getInput(), op.getAxis(),
                         [&](Value part, int64_t c, int64_t whole) { see(part, c, op.getInput(), whole); });
      })
      .Default(false);
}
